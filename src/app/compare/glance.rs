//! What lessons see of lanes.

use minijinja::Value;

use super::{
    super::lesson::{or_none, reason, text_of},
    Compare,
};
use crate::lesson::Part;

impl Compare {
    pub(super) fn glance_at_lanes(&self) -> Option<Value> {
        let first = self.lanes().first()?.cursor().path();
        let lanes = self.lanes().iter().map(|lane| {
            let (cursor, statistics) = (lane.cursor(), lane.statistics());
            let parts = crate::decode::lanes::divergence(first, cursor.path());
            Part::value(
                "a lane",
                vec![
                    ("name", Value::from(lane.name())),
                    ("temperature", Value::from(f64::from(cursor.settings().temperature))),
                    ("text", Value::from(text_of(cursor.vocabulary(), cursor.path().generated_tokens()))),
                    ("tokens", Value::from(cursor.path().generated())),
                    ("diverged_at", or_none(parts.map(|parts| parts.index))),
                    ("stop", reason(cursor.stopped())),
                    ("perplexity", Value::from(statistics.perplexity)),
                    ("repetition", Value::from(statistics.repetition)),
                    ("probability", Value::from(statistics.log_probability.exp())),
                    ("logprob", Value::from(statistics.log_probability)),
                ],
            )
        });
        Some(Part::value("compare", vec![("lanes", lanes.collect())]))
    }
}
