//! What lessons see of many seeds.

use minijinja::Value;

use super::{
    super::{
        Desk,
        lesson::{or_none, piece, text_of},
    },
    Seeds,
};
use crate::lesson::Part;

impl Seeds {
    pub(super) fn glance_at_seeds(&self, desk: &Desk) -> Option<Value> {
        let (forest, vocabulary, session) = (self.forest()?, desk.words()?, desk.session()?);
        let start = forest.cursor().path().prompt_len();
        let endings = forest.endings();
        // The shares of the first token: the fork right after the prompt, or the one token that all have.
        let forks = forest.forks(session.tree());
        let first = forks.iter().find(|fork| fork.index == 0);
        let shares = first.map_or_else(Vec::new, |fork| {
            fork.branches
                .iter()
                .map(|branch| {
                    share(piece(vocabulary, branch.token), branch.seeds, branch.share, branch.p_final)
                })
                .collect()
        });
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
        Some(Part::value(
            "seeds",
            vec![
                ("total", Value::from(forest.len())),
                ("done", Value::from(forest.ended())),
                ("length", Value::from(forest.length())),
                ("texts", Value::from(endings.len())),
                ("forks", Value::from(forks.len())),
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
