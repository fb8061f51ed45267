//! One stage of the chain: a sampler of llama.cpp and what it needs to know before it acts.

use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};

use super::{
    ChainError, ChainModel, Off, SamplerKind, SamplingSettings, StageKind, banned_text::BannedText, bias,
};
use crate::token::Token;

/// A stage: which one it is, and its sampler.
pub(super) struct Stage {
    pub(super) kind: StageKind,
    sampler: Sampler,
}

/// Makes a sampler whose generator starts from a seed.
type Fresh = Box<dyn Fn(u32) -> LlamaSampler + Send>;

enum Sampler {
    /// It does nothing, and why.
    Off(Off),
    /// The result depends on the candidates alone.
    Plain { sampler: LlamaSampler, masks: bool },
    /// Looks back over the last tokens; `seen` is what it has been given so far.
    History { sampler: LlamaSampler, last_n: usize, seen: Vec<Token> },
    /// Looks for banned strings.
    Text(BannedText),
    /// Draws from a generator of its own: `draws` numbers so far. `index` is its number among the XTC stages.
    Xtc { sampler: LlamaSampler, seed: u32, index: usize, draws: u32, fresh: Fresh },
}

impl Stage {
    /// The stages of these settings in their order, with those that are off.
    pub(super) fn chain(
        settings: &SamplingSettings,
        seed: u32,
        model: &ChainModel,
    ) -> Result<Vec<Self>, ChainError> {
        let mut stages = Self::bans(settings, model);
        for (at, &kind) in settings.samplers.iter().enumerate() {
            let same = settings.samplers[..at].iter().filter(|other| **other == kind).count();
            stages.push(Self::of_kind(kind, same, settings, seed, model)?);
        }
        Ok(stages)
    }

    /// What mirostat keeps of the chain: logit bias and temperature.
    pub(super) fn before_mirostat(settings: &SamplingSettings, model: &ChainModel) -> Vec<Self> {
        let kind = StageKind::Sampler(SamplerKind::Temperature);
        let temperature = match settings.switched_off(kind) {
            Some(off) => Self { kind, sampler: Sampler::Off(off) },
            None => Self::plain(kind, LlamaSampler::temp(settings.temperature), true),
        };
        let mut stages = Self::bans(settings, model);
        stages.push(temperature);
        stages
    }

    /// What comes before every sampler.
    fn bans(settings: &SamplingSettings, model: &ChainModel) -> Vec<Self> {
        vec![Self::logit_bias(settings, model), Self::banned_text(settings, model)]
    }

    fn banned_text(settings: &SamplingSettings, model: &ChainModel) -> Self {
        let kind = StageKind::BannedStrings;
        let sampler = match (settings.switched_off(kind), &model.pieces) {
            (Some(off), _) => Sampler::Off(off),
            (None, Some(pieces)) => BannedText::new(&settings.banned_strings, pieces)
                .map_or(Sampler::Off(Off::Neutral), Sampler::Text),
            (None, None) => Sampler::Off(Off::Neutral),
        };
        Self { kind, sampler }
    }

    fn logit_bias(settings: &SamplingSettings, model: &ChainModel) -> Self {
        let kind = StageKind::LogitBias;
        let off = |off| Self { kind, sampler: Sampler::Off(off) };
        if let Some(why) = settings.switched_off(kind) {
            return off(why);
        }
        let biases: Vec<_> = bias::all(settings, model).map(bias::Bias::to_llama).collect();
        if biases.is_empty() {
            return off(Off::Neutral);
        }
        Self::plain(kind, LlamaSampler::logit_bias(model.n_vocab as i32, &biases), true)
    }

    /// `same` is how many stages of the same kind come before it.
    fn of_kind(
        kind: SamplerKind,
        same: usize,
        s: &SamplingSettings,
        seed: u32,
        model: &ChainModel,
    ) -> Result<Self, ChainError> {
        let stage = StageKind::Sampler(kind);
        if let Some(off) = s.switched_off(stage) {
            return Ok(Self { kind: stage, sampler: Sampler::Off(off) });
        }
        let plain = |acts: bool, masks: bool, sampler: &dyn Fn() -> LlamaSampler| {
            acts.then(|| Sampler::Plain { sampler: sampler(), masks })
        };
        let sampler = match kind {
            SamplerKind::Penalties => penalties(s, model),
            SamplerKind::Dry => dry(s, model)?,
            SamplerKind::TopNSigma => {
                plain(s.top_n_sigma > 0.0, true, &|| LlamaSampler::top_n_sigma(s.top_n_sigma))
            }
            SamplerKind::TopK => plain(s.top_k > 0, false, &|| LlamaSampler::top_k(s.top_k)),
            SamplerKind::TypicalP => {
                plain(s.typical_p < 1.0, false, &|| LlamaSampler::typical(s.typical_p, 0))
            }
            SamplerKind::TopP => plain(s.top_p < 1.0, false, &|| LlamaSampler::top_p(s.top_p, 0)),
            SamplerKind::MinP => plain(s.min_p > 0.0, false, &|| LlamaSampler::min_p(s.min_p, 0)),
            SamplerKind::Xtc => xtc(s, seed, same),
            SamplerKind::Temperature => {
                let acts = (s.temperature - 1.0).abs() > 0.0 || s.dynatemp_range > 0.0;
                plain(acts, true, &|| temperature(s, s.temperature))
            }
        };
        Ok(Self { kind: stage, sampler: sampler.unwrap_or(Sampler::Off(Off::Neutral)) })
    }

    fn plain(kind: StageKind, sampler: LlamaSampler, masks: bool) -> Self {
        Self { kind, sampler: Sampler::Plain { sampler, masks } }
    }

    /// Why it does nothing; None for a stage that acts.
    pub(super) fn off(&self) -> Option<Off> {
        match self.sampler {
            Sampler::Off(off) => Some(off),
            _ => None,
        }
    }

    /// Applies the sampler. `history` is the whole prefix; `xtc_draws` how many numbers the generators of the XTC stages
    /// have given before this step, counted up when one gives one.
    pub(super) fn apply(
        &mut self,
        array: &mut LlamaTokenDataArray,
        history: &[Token],
        xtc_draws: &mut Vec<u32>,
    ) {
        match &mut self.sampler {
            Sampler::Off(_) => {}
            Sampler::Plain { sampler, .. } => array.apply_sampler(sampler),
            Sampler::History { sampler, last_n, seen } => {
                tell(sampler, *last_n, seen, history);
                array.apply_sampler(sampler);
            }
            Sampler::Text(text) => text.apply(array, history),
            Sampler::Xtc { sampler, seed, index, draws, fresh } => {
                if xtc_draws.len() <= *index {
                    xtc_draws.resize(*index + 1, 0);
                }
                let drawn = &mut xtc_draws[*index];
                if *draws != *drawn {
                    *sampler = fresh(*seed);
                    spin(sampler, *drawn);
                    *draws = *drawn;
                }
                if array.data.len() >= 2 {
                    *draws += 1;
                }
                array.apply_sampler(sampler);
                *drawn = *draws;
            }
        }
    }

    /// Gives XTC's generator another seed; the other samplers have none.
    pub(super) fn set_seed(&mut self, new: u32) {
        if let Sampler::Xtc { sampler, seed, draws, fresh, .. } = &mut self.sampler
            && *seed != new
        {
            *sampler = fresh(new);
            (*seed, *draws) = (new, 0);
        }
    }

    /// Whether it cuts by setting logits to −∞ instead of shortening the array.
    pub(super) fn masks(&self) -> bool {
        matches!(self.sampler, Sampler::Plain { masks: true, .. } | Sampler::Text(_))
    }

    /// How many numbers it has drawn from a generator of its own on a path whose state is `xtc_draws`.
    pub(super) fn draws(&self, xtc_draws: &[u32]) -> u32 {
        match self.sampler {
            Sampler::Xtc { index, .. } => xtc_draws.get(index).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// What the sampler as it stands takes from the logits of `tokens`, each of which is 0 before: DRY's penalties, which
    /// do not depend on the logit.
    pub(super) fn taken_from_zero(&mut self, tokens: impl Iterator<Item = Token>) -> Vec<(Token, f32)> {
        let Sampler::History { sampler, .. } = &mut self.sampler else { return Vec::new() };
        let data = tokens.map(|token| LlamaTokenData::new(LlamaToken(token.to_llama()), 0.0, 0.0)).collect();
        let mut array = LlamaTokenDataArray::new(data, false);
        if array.data.is_empty() {
            return Vec::new();
        }
        array.apply_sampler(sampler);
        array.data.iter().map(|c| (Token(c.id().0.cast_unsigned()), -c.logit())).collect()
    }

    /// Replaces the temperature; the old sampler comes back for [`Stage::restore`].
    pub(super) fn set_temperature(&mut self, s: &SamplingSettings, t: f32) -> Restore {
        let sampler = Sampler::Plain { sampler: temperature(s, t), masks: true };
        Restore(std::mem::replace(&mut self.sampler, sampler))
    }

    /// Takes a [`Stage::set_temperature`] back.
    pub(super) fn restore(&mut self, old: Restore) {
        self.sampler = old.0;
    }
}

/// A sampler taken out of its stage.
pub(super) struct Restore(Sampler);

/// The sampler that llama.cpp's tool takes for a temperature: mirostat knows no dynamic one.
fn temperature(s: &SamplingSettings, t: f32) -> LlamaSampler {
    match s.mirostat {
        super::Mirostat::Off => LlamaSampler::temp_ext(t, s.dynatemp_range, s.dynatemp_exponent),
        _ => LlamaSampler::temp(t),
    }
}

fn penalties(s: &SamplingSettings, model: &ChainModel) -> Option<Sampler> {
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
        Sampler::History { sampler, last_n, seen: Vec::new() }
    })
}

fn dry(s: &SamplingSettings, model: &ChainModel) -> Result<Option<Sampler>, ChainError> {
    let last_n = model.window(s.dry_penalty_last_n);
    if s.dry_multiplier == 0.0 || s.dry_base < 1.0 || last_n == 0 {
        return Ok(None);
    }
    let llama = model.llama.as_ref().ok_or(ChainError::DryNeedsVocabulary)?;
    let breakers = s.dry_sequence_breakers.iter().filter(|b| !b.contains('\0'));
    let sampler =
        LlamaSampler::dry(llama, s.dry_multiplier, s.dry_base, s.dry_allowed_length, last_n as i32, breakers);
    Ok(Some(Sampler::History { sampler, last_n, seen: Vec::new() }))
}

fn xtc(s: &SamplingSettings, seed: u32, index: usize) -> Option<Sampler> {
    let (probability, threshold) = (s.xtc_probability, s.xtc_threshold);
    (probability > 0.0 && threshold <= 0.5).then(|| {
        let fresh = move |seed| LlamaSampler::xtc(probability, threshold, 0, seed);
        Sampler::Xtc { sampler: fresh(seed), seed, index, draws: 0, fresh: Box::new(fresh) }
    })
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
