//! One stage of the chain: a sampler of llama.cpp and what it needs to know before it acts.

use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray, logit_bias::LlamaLogitBias},
};

use super::{ChainError, ChainModel, SamplerKind, SamplingSettings};
use crate::token::Token;

/// A stage: what it is called, and its sampler.
pub(super) struct Stage {
    pub(super) label: &'static str,
    sampler: Sampler,
}

enum Sampler {
    /// The result depends on the candidates alone.
    Plain { sampler: LlamaSampler, masks: bool },
    /// Looks back on the last tokens; `seen` is what it has been told so far.
    History { sampler: LlamaSampler, last_n: usize, seen: Vec<Token> },
    /// Draws from a generator of its own: `draws` numbers so far.
    Xtc { sampler: LlamaSampler, seed: u32, draws: u32, fresh: Box<dyn Fn(u32) -> LlamaSampler + Send> },
}

impl Stage {
    /// The stages that these settings switch on, in their order. A stage that would leave every
    /// candidate as it is has no place in the chain.
    pub(super) fn chain(
        settings: &SamplingSettings,
        seed: u32,
        model: &ChainModel,
    ) -> Result<Vec<Self>, ChainError> {
        let mut stages = Vec::new();
        stages.extend(Self::logit_bias(settings, model));
        for &kind in &settings.samplers {
            stages.extend(Self::of_kind(kind, settings, seed, model)?);
        }
        Ok(stages)
    }

    /// What mirostat keeps of the chain: logit bias and temperature.
    pub(super) fn before_mirostat(settings: &SamplingSettings, model: &ChainModel) -> Vec<Self> {
        let temperature = Self::plain("temperature", LlamaSampler::temp(settings.temperature), true);
        Self::logit_bias(settings, model).into_iter().chain([temperature]).collect()
    }

    /// The user's biases, the end tokens that `ignore_eos` bans and the tokens that the model's
    /// file asks to suppress.
    fn logit_bias(settings: &SamplingSettings, model: &ChainModel) -> Option<Self> {
        let banned = |token: &Token| LlamaLogitBias::new(LlamaToken(token.to_llama()), f32::NEG_INFINITY);
        let mut biases: Vec<LlamaLogitBias> = settings
            .logit_bias
            .iter()
            .filter(|bias| bias.token.index() < model.n_vocab)
            .map(|bias| LlamaLogitBias::new(LlamaToken(bias.token.to_llama()), bias.bias))
            .collect();
        if settings.ignore_eos {
            biases.extend(model.eog.iter().map(banned));
        }
        biases.extend(model.suppressed.iter().map(banned));
        (!biases.is_empty())
            .then(|| Self::plain("logit-bias", LlamaSampler::logit_bias(model.n_vocab as i32, &biases), true))
    }

    fn of_kind(
        kind: SamplerKind,
        s: &SamplingSettings,
        seed: u32,
        model: &ChainModel,
    ) -> Result<Option<Self>, ChainError> {
        let label = kind.label();
        Ok(match kind {
            SamplerKind::Penalties => Self::penalties(s, model),
            SamplerKind::Dry => Self::dry(s, model)?,
            SamplerKind::TopNSigma => (s.top_n_sigma > 0.0)
                .then(|| Self::plain(label, LlamaSampler::top_n_sigma(s.top_n_sigma), true)),
            SamplerKind::TopK => {
                (s.top_k > 0).then(|| Self::plain(label, LlamaSampler::top_k(s.top_k), false))
            }
            SamplerKind::TypicalP => {
                (s.typical_p < 1.0).then(|| Self::plain(label, LlamaSampler::typical(s.typical_p, 0), false))
            }
            SamplerKind::TopP => {
                (s.top_p < 1.0).then(|| Self::plain(label, LlamaSampler::top_p(s.top_p, 0), false))
            }
            SamplerKind::MinP => {
                (s.min_p > 0.0).then(|| Self::plain(label, LlamaSampler::min_p(s.min_p, 0), false))
            }
            SamplerKind::Xtc => Self::xtc(s, seed),
            SamplerKind::Temperature => {
                let sampler = LlamaSampler::temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent);
                let acts = (s.temperature - 1.0).abs() > 0.0 || s.dynatemp_range > 0.0;
                acts.then(|| Self::plain(label, sampler, true))
            }
        })
    }

    fn plain(label: &'static str, sampler: LlamaSampler, masks: bool) -> Self {
        Self { label, sampler: Sampler::Plain { sampler, masks } }
    }

    fn penalties(s: &SamplingSettings, model: &ChainModel) -> Option<Self> {
        let last_n = model.window(s.repeat_last_n);
        let acts = (s.repeat_penalty - 1.0).abs() > 0.0
            || s.frequency_penalty.abs() > 0.0
            || s.presence_penalty.abs() > 0.0;
        (acts && last_n > 0).then(|| {
            let sampler = LlamaSampler::penalties(
                model.n_vocab as i32,
                last_n as i32,
                s.repeat_penalty,
                s.frequency_penalty,
                s.presence_penalty,
            );
            let label = SamplerKind::Penalties.label();
            Self { label, sampler: Sampler::History { sampler, last_n, seen: Vec::new() } }
        })
    }

    fn dry(s: &SamplingSettings, model: &ChainModel) -> Result<Option<Self>, ChainError> {
        let last_n = model.window(s.dry_penalty_last_n);
        if s.dry_multiplier == 0.0 || s.dry_base < 1.0 || last_n == 0 {
            return Ok(None);
        }
        let llama = model.llama.as_ref().ok_or(ChainError::DryNeedsVocabulary)?;
        let breakers = s.dry_sequence_breakers.iter().filter(|b| !b.contains('\0'));
        let sampler = LlamaSampler::dry(
            llama,
            s.dry_multiplier,
            s.dry_base,
            s.dry_allowed_length,
            last_n as i32,
            breakers,
        );
        let label = SamplerKind::Dry.label();
        Ok(Some(Self { label, sampler: Sampler::History { sampler, last_n, seen: Vec::new() } }))
    }

    fn xtc(s: &SamplingSettings, seed: u32) -> Option<Self> {
        let (probability, threshold) = (s.xtc_probability, s.xtc_threshold);
        (probability > 0.0 && threshold <= 0.5).then(|| {
            let fresh = move |seed| LlamaSampler::xtc(probability, threshold, 0, seed);
            let sampler = Sampler::Xtc { sampler: fresh(seed), seed, draws: 0, fresh: Box::new(fresh) };
            Self { label: SamplerKind::Xtc.label(), sampler }
        })
    }

    /// Applies the sampler. `history` is the whole prefix; `xtc_draws` how many numbers XTC's
    /// generator has given before this step, counted up when it gives one.
    pub(super) fn apply(&mut self, array: &mut LlamaTokenDataArray, history: &[Token], xtc_draws: &mut u32) {
        match &mut self.sampler {
            Sampler::Plain { sampler, .. } => array.apply_sampler(sampler),
            Sampler::History { sampler, last_n, seen } => {
                tell(sampler, *last_n, seen, history);
                array.apply_sampler(sampler);
            }
            Sampler::Xtc { sampler, seed, draws, fresh } => {
                if *draws != *xtc_draws {
                    *sampler = fresh(*seed);
                    spin(sampler, *xtc_draws);
                    *draws = *xtc_draws;
                }
                if array.data.len() >= 2 {
                    *draws += 1;
                }
                array.apply_sampler(sampler);
                *xtc_draws = *draws;
            }
        }
    }

    /// Gives XTC's generator another seed; the other samplers have none.
    pub(super) fn set_seed(&mut self, new: u32) {
        if let Sampler::Xtc { sampler, seed, draws, fresh } = &mut self.sampler
            && *seed != new
        {
            *sampler = fresh(new);
            (*seed, *draws) = (new, 0);
        }
    }

    /// Whether it cuts by setting logits to −∞ instead of shortening the array.
    pub(super) fn masks(&self) -> bool {
        matches!(self.sampler, Sampler::Plain { masks: true, .. })
    }
}

/// Tells a sampler with a window what the prefix is: only what is new where the prefix goes on
/// from the last one, the last `last_n` tokens otherwise.
fn tell(sampler: &mut LlamaSampler, last_n: usize, seen: &mut Vec<Token>, history: &[Token]) {
    let known = if history.starts_with(seen) { seen.len() } else { 0 };
    if known == 0 {
        sampler.reset();
    }
    let from = known.max(history.len().saturating_sub(last_n));
    sampler.accept_many(history[from..].iter().map(|token| LlamaToken(token.to_llama())));
    if known == 0 {
        seen.clear();
    }
    seen.extend_from_slice(&history[known..]);
}

/// Brings XTC's generator to where it stands after `draws` numbers: with two candidates or more
/// every application draws exactly once.
fn spin(sampler: &mut LlamaSampler, draws: u32) {
    let two =
        || vec![LlamaTokenData::new(LlamaToken(0), 0.0, 0.0), LlamaTokenData::new(LlamaToken(1), 0.0, 0.0)];
    for _ in 0..draws {
        LlamaTokenDataArray::new(two(), false).apply_sampler(sampler);
    }
}
