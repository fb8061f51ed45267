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
    // Nothing else of the settings has a part in it: a stage that is muted, a bias or a grammar would make it another search.
    let greedy = SamplingSettings {
        samplers: vec![SamplerKind::Temperature],
        temperature: 0.0,
        seed: sampling.seed,
        ..SamplingSettings::default()
    };
    for (name, settings) in [("greedy", greedy), ("a sample", sampling.clone())] {
        let setup =
            LaneSetup { name: name.to_owned(), prompt: prompt.to_vec(), settings, rules: rules.clone() };
        lanes.add(tree, setup)?;
    }
    Ok(lanes)
}
