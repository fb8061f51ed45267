//! What lessons see of many seeds.

use minijinja::Value;

use super::{
    super::{
        Desk,
        lesson::{or_none, piece, text_of},
    },
    Seeds,
};
use crate::{
    decode::{Session, forest::Forest},
    engine::Vocabulary,
    lesson::Part,
};

impl Seeds {
    pub(super) fn glance_at_seeds(&self, desk: &Desk) -> Option<Value> {
        let (forest, vocabulary, session) = (self.forest()?, desk.words()?, desk.session()?);
        let start = forest.cursor().path().prompt_len();
        let endings = forest.endings();
        // The shares of the first token: the fork right after the prompt, or the one token that all have.
        let forks = forest.forks(session.tree());
        let first = forks.iter().find(|fork| fork.index == 0);
        let shares = first.map_or_else(
            || same(forest, session, start, vocabulary),
            |fork| {
                fork.branches
                    .iter()
                    .map(|branch| {
                        share(piece(vocabulary, branch.token), branch.seeds, branch.share, branch.p_final)
                    })
                    .collect()
            },
        );
        let endings = endings.iter().map(|ending| {
            let text = text_of(vocabulary, &session.tree().prefix(ending.node)[start..]);
            Part::value(
                "an ending",
                vec![
                    ("text", Value::from(text)),
                    ("seeds", Value::from(ending.seeds.len())),
                    ("share", Value::from(ending.share)),
                    ("logprob", Value::from(ending.log_probability)),
                    ("stop", or_none(ending.stopped.as_ref().map(crate::decode::StopReason::name))),
                ],
            )
        });
        let endings: Vec<Value> = endings.collect();
        let critical = forks.iter().map(|fork| {
            let place = vec![("index", Value::from(fork.index)), ("bits", Value::from(fork.split_bits))];
            Part::value("a critical token", place)
        });
        let critical: Vec<Value> = critical.collect();
        Some(Part::value(
            "seeds",
            vec![
                ("total", Value::from(forest.len())),
                ("done", Value::from(forest.ended())),
                ("length", Value::from(forest.length())),
                ("texts", Value::from(endings.len())),
                ("forks", Value::from(forks.len())),
                ("critical", Value::from(critical)),
                ("shares", Value::from(shares)),
                ("endings", Value::from(endings)),
            ],
        ))
    }
}

fn share(text: Value, seeds: usize, share: f64, probability: f64) -> Value {
    Part::value(
        "a share",
        vec![
            ("text", text),
            ("seeds", Value::from(seeds)),
            ("share", Value::from(share)),
            ("probability", Value::from(probability)),
        ],
    )
}

/// The one token that all seeds drew first; nothing where they have drawn none.
fn same(forest: &Forest, session: &Session, start: usize, vocabulary: &Vocabulary) -> Vec<Value> {
    let endings = forest.endings();
    let prefix = endings.first().map(|ending| session.tree().prefix(ending.node)).unwrap_or_default();
    let token = prefix.get(start).copied();
    token.map(|token| share(piece(vocabulary, token), forest.len(), 1.0, 1.0)).into_iter().collect()
}
