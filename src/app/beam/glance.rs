//! What lessons see of beam search.

use minijinja::Value;

use super::{
    super::{
        Desk,
        lesson::{or_none, text_of},
    },
    Beam,
};
use crate::lesson::Part;

impl Beam {
    pub(super) fn glance_at_beams(&self, desk: &Desk) -> Option<Value> {
        let (search, session) = (self.search()?, desk.session()?);
        let start = session.path().prompt_len();
        let of = |node, log_probability: f64| {
            let tokens = session.tree().get(node).map(|_| session.tree().prefix(node)).unwrap_or_default();
            let written = tokens.get(start.min(tokens.len())..).unwrap_or_default();
            Part::value(
                "a text",
                vec![
                    ("text", Value::from(text_of(session.vocabulary(), written))),
                    ("tokens", Value::from(written.len())),
                    ("logprob", Value::from(log_probability)),
                ],
            )
        };
        let sample = self.view().beside.iter().find(|beside| beside.name.contains("sample"));
        let greedy = self.view().beside.iter().find(|beside| beside.name.starts_with("greedy"));
        Some(Part::value(
            "beam",
            vec![
                ("width", Value::from(search.settings().width)),
                ("rounds", Value::from(search.done())),
                ("live", Value::from(search.live().len())),
                ("finished", Value::from(search.finished().len())),
                ("done", Value::from(search.is_over())),
                ("best", or_none(search.best().map(|beam| of(beam.node, beam.log_probability)))),
                ("sample", or_none(sample.map(|sample| of(sample.node, sample.log_probability)))),
                ("greedy", or_none(greedy.map(|greedy| of(greedy.node, greedy.log_probability)))),
            ],
        ))
    }
}
