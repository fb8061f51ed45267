//! What a stage worked with at one step, worked out from the candidates before and after it.

use std::collections::BTreeSet;

use rand_mt::Mt;

use super::{Biased, Facts, Repeat, Snapshot};
use crate::sampling::{ChainModel, Mirostat, SamplerKind, SamplingSettings, StageKind, bias, stage::Stage};
use crate::token::Token;

/// What the facts of a step are worked out from.
pub(super) struct Scene<'a> {
    pub settings: &'a SamplingSettings,
    pub model: &'a ChainModel,
    pub seed: u32,
    pub history: &'a [Token],
}

impl Scene<'_> {
    /// The facts about a stage that has just been applied. `earlier` is how many numbers it had drawn before from a
    /// generator of its own.
    pub fn facts(&self, stage: &mut Stage, before: &Snapshot, after: &Snapshot, earlier: u32) -> Facts {
        let s = self.settings;
        match stage.kind {
            StageKind::Grammar | StageKind::BannedStrings | StageKind::Mirostat => Facts::None,
            StageKind::LogitBias => Facts::Biases(bias::all(s, self.model).map(Biased).collect()),
            StageKind::Sampler(kind) => match kind {
                SamplerKind::Penalties => Facts::Window(self.window(s.repeat_last_n).into()),
                SamplerKind::Dry => Facts::Repeats(self.repeats(stage, before).into()),
                SamplerKind::TopNSigma => sigma(before, s.top_n_sigma),
                SamplerKind::TypicalP => typical(before, after),
                SamplerKind::MinP => {
                    Facts::MinP { threshold: before.probability(before.max_logit()) * f64::from(s.min_p) }
                }
                SamplerKind::Xtc => self.xtc(before, earlier),
                SamplerKind::Temperature => self.temperature(before),
                SamplerKind::TopK | SamplerKind::TopP => Facts::None,
            },
        }
    }

    /// The tokens that a window setting looks back on.
    fn window(&self, last_n: i32) -> &[Token] {
        let from = self.history.len().saturating_sub(self.model.window(last_n));
        &self.history[from..]
    }

    /// DRY can only punish what stands in its window: those tokens are tried on llama.cpp's own sampler.
    fn repeats(&self, stage: &mut Stage, before: &Snapshot) -> Vec<Repeat> {
        let s = self.settings;
        let seen: BTreeSet<Token> = self.window(s.dry_penalty_last_n).iter().copied().collect();
        let tokens = seen.into_iter().filter(|token| before.logit(*token).is_some());
        let taken = stage.taken_from_zero(tokens);
        let length = |penalty: f32| {
            // penalty = multiplier · base^(length − allowed)
            let growth = f64::from(s.dry_base).ln();
            let steps = (f64::from(penalty) / f64::from(s.dry_multiplier)).ln() / growth;
            (growth > 1e-6).then(|| (steps.round() as i32).saturating_add(s.dry_allowed_length).max(0) as u32)
        };
        taken
            .into_iter()
            .filter(|(_, penalty)| *penalty > 0.0)
            .map(|(token, penalty)| Repeat { token, length: length(penalty), penalty })
            .collect()
    }

    /// XTC's generator gives one 32-bit number a draw, as a float in [0, 1).
    fn xtc(&self, before: &Snapshot, earlier: u32) -> Facts {
        let s = self.settings;
        let drawn = (before.len() >= 2).then(|| {
            let mut generator = Mt::new(self.seed);
            for _ in 0..earlier {
                generator.next_u32();
            }
            (generator.next_u32() as f32 / 4_294_967_296.0).min(1.0_f32.next_down())
        });
        let threshold = f64::from(s.xtc_threshold);
        let likely = before.in_order().filter(|c| c.p >= threshold).count();
        Facts::Xtc { drawn, probability: s.xtc_probability, likely }
    }

    fn temperature(&self, before: &Snapshot) -> Facts {
        let s = self.settings;
        if s.dynatemp_range <= 0.0 || s.mirostat != Mirostat::Off {
            return Facts::Temperature { t: s.temperature.into(), entropy_share: None };
        }
        if before.len() <= 1 {
            return Facts::None;
        }
        let (t, range) = (f64::from(s.temperature), f64::from(s.dynatemp_range));
        let (low, high) = ((t - range).max(0.0), t + range);
        // Masked candidates count among the places: llama.cpp divides by the logarithm of the array's length.
        let share = before.entropy_bits().high / (before.len() as f64).log2();
        let t = low + (high - low) * share.powf(s.dynatemp_exponent.into());
        Facts::Temperature { t, entropy_share: Some(share) }
    }
}

/// The bound of top-n-sigma in llama.cpp's arithmetic: sums of floats, in the order of the array.
fn sigma(before: &Snapshot, n: f32) -> Facts {
    let finite = || before.all_logits();
    let count = finite().count().max(1) as f32;
    let mean = finite().fold(0.0_f32, |sum, logit| sum + logit) / count;
    let square = |logit: f32| f64::from(logit - mean).powi(2);
    let squares = finite().fold(0.0_f32, |sum, logit| (f64::from(sum) + square(logit)) as f32);
    let sigma = (squares / count).sqrt();
    Facts::Sigma { sigma: sigma.into(), floor: before.max_logit() - n * sigma }
}

/// Beside masked candidates llama.cpp's entropy is 0 · ln 0, no number: it then keeps tokens in their order.
fn typical(before: &Snapshot, after: &Snapshot) -> Facts {
    if before.len() > before.kept() + before.unnamed() {
        return Facts::Typical { entropy: f64::NAN, limit: f64::NAN };
    }
    let entropy = before.entropy_bits().high;
    let distance = |logit: f32| (-before.probability(logit).log2() - entropy).abs();
    let limit = after.candidates().map(|c| distance(c.logit)).fold(0.0, f64::max);
    Facts::Typical { entropy, limit }
}
