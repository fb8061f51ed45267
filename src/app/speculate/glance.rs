//! What lessons see of speculative decoding.

use minijinja::Value;

use super::{super::lesson::or_none, Speculate};
use crate::lesson::Part;

impl Speculate {
    pub(super) fn glance_at_rounds(&self) -> Option<Value> {
        let (walk, gains) = (self.walk()?, self.gains());
        // Where both texts are compared: how many tokens are the same as in plain decoding.
        let same = self.plain().map(crate::decode::speculative::Plain::same);
        Some(Part::value(
            "speculate",
            vec![
                ("rounds", Value::from(gains.rounds)),
                ("drafted", Value::from(gains.drafted)),
                ("looked_at", Value::from(gains.looked_at)),
                ("accepted", Value::from(gains.accepted)),
                ("acceptance", or_none(gains.acceptance())),
                ("tokens", Value::from(gains.tokens)),
                ("passes", Value::from(gains.target_passes)),
                ("draft_passes", Value::from(gains.draft_passes)),
                ("tokens_per_pass", or_none(gains.tokens_a_pass())),
                ("speedup", or_none(self.ratio())),
                ("rule", Value::from(walk.rule().name())),
                ("same_as_plain", or_none(same)),
            ],
        ))
    }
}
