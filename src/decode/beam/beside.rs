//! What the best text is held against: greedy decoding, and a sample.

use std::sync::Arc;

use super::super::{
    StopRules,
    lanes::{LaneError, LaneSetup, Lanes},
};
use crate::{
    engine::Vocabulary,
    sampling::{SamplerKind, SamplingSettings},
    token::Token,
    tree::Tree,
};

/// Two lanes at the end of `prompt`, first one that always takes the likeliest token, then one that samples with these
/// settings. `context` is the model's context size in tokens.
pub fn beside(
    tree: &mut Tree,
    vocabulary: Arc<Vocabulary>,
    prompt: &[Token],
    sampling: &SamplingSettings,
    rules: &StopRules,
    context: usize,
) -> Result<Lanes, LaneError> {
    let mut lanes = Lanes::new(vocabulary, context);
    let greedy =
        SamplingSettings { samplers: vec![SamplerKind::Temperature], temperature: 0.0, ..sampling.clone() };
    for (name, settings) in [("greedy", greedy), ("a sample", sampling.clone())] {
        let setup =
            LaneSetup { name: name.to_owned(), prompt: prompt.to_vec(), settings, rules: rules.clone() };
        lanes.add(tree, setup)?;
    }
    Ok(lanes)
}
