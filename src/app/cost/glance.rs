//! What lessons see of what a token costs.

use minijinja::Value;

use super::{super::lesson::or_none, Cost};
use crate::{cost::Sample, lesson::Part};

impl Cost {
    pub(super) fn glance_at_costs(&self) -> Option<Value> {
        let (costs, shape) = (self.costs()?, self.shape()?);
        let (on, off) = (costs.on_off(), costs.plan());
        let ((rows, rows_without), (ms, ms_without)) = (on.rows(), on.totals());
        let sample = |samples: &[Sample]| or_none(samples.last().and_then(Sample::median));
        let batches = costs.batches().passes.iter().enumerate().map(|(place, (rows, sample))| {
            Part::value(
                "a batch",
                vec![
                    ("rows", Value::from(*rows)),
                    ("ms", or_none(sample.median())),
                    ("tokens_per_second", or_none(costs.batches().rate(place))),
                ],
            )
        });
        let depths = costs.depths().iter().map(|(tokens, sample)| {
            Part::value("a depth", vec![("tokens", Value::from(*tokens)), ("ms", or_none(sample.median()))])
        });
        Some(Part::value(
            "cost",
            vec![
                ("done", Value::from(costs.is_done())),
                ("prompt_tokens", Value::from(off.prompt.len())),
                ("tokens", Value::from(off.tokens)),
                ("rows_with_cache", Value::from(rows)),
                ("rows_without_cache", Value::from(rows_without)),
                ("token_model_ms", or_none(on.token().median())),
                ("token_chain_ms", or_none(costs.around().chain.median())),
                ("ms_with_cache", Value::from(ms)),
                ("ms_without_cache", Value::from(ms_without)),
                ("last_token_ms_with_cache", sample(&on.on)),
                ("last_token_ms_without_cache", sample(&on.off)),
                ("batches", batches.collect()),
                ("depths", depths.collect()),
                ("projection_share", Value::from(shape.projection.share())),
                ("projection_parameters", Value::from(shape.projection.elements())),
                ("projection_ms_share", or_none(costs.batches().projection().map(|(_, share)| share))),
                ("kv_bytes_per_token", Value::from(shape.kv.later_token(off.cache))),
            ],
        ))
    }
}
