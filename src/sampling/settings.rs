//! What a user can set about sampling: llama.cpp's names, defaults and order.

use serde::{Deserialize, Serialize};

use super::{GrammarSource, StageKind};
use crate::token::Token;

/// One of llama.cpp's samplers that a chain can hold, in the order of its default chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplerKind {
    /// Repeat, frequency and presence penalties over the last `repeat_last_n` tokens.
    Penalties,
    /// DRY: a penalty on what would go on repeating a sequence.
    Dry,
    /// Keep logits within `top_n_sigma` standard deviations of the largest.
    TopNSigma,
    /// Keep the `top_k` largest logits.
    TopK,
    /// Locally typical sampling.
    #[serde(rename = "typ_p")]
    TypicalP,
    /// The nucleus: the smallest set of most likely tokens whose mass reaches `top_p`.
    TopP,
    /// Keep tokens at least `min_p` times as likely as the most likely one.
    MinP,
    /// Exclude top choices: with some probability drop all but the least likely of the likely tokens.
    Xtc,
    /// Divide the logits by the temperature (or by an entropy-dependent one).
    Temperature,
}

impl SamplerKind {
    /// Every kind, in the order of llama.cpp's default chain.
    pub const ALL: [Self; 9] = [
        Self::Penalties,
        Self::Dry,
        Self::TopNSigma,
        Self::TopK,
        Self::TypicalP,
        Self::TopP,
        Self::MinP,
        Self::Xtc,
        Self::Temperature,
    ];

    /// llama.cpp's name, as `--samplers` takes it (`top_k`, `typ_p`, …).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Penalties => "penalties",
            Self::Dry => "dry",
            Self::TopNSigma => "top_n_sigma",
            Self::TopK => "top_k",
            Self::TypicalP => "typ_p",
            Self::TopP => "top_p",
            Self::MinP => "min_p",
            Self::Xtc => "xtc",
            Self::Temperature => "temperature",
        }
    }

    /// The name shown next to a token that this stage cut (`top-k`, `typical`, …).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Penalties => "penalties",
            Self::Dry => "dry",
            Self::TopNSigma => "top-n-sigma",
            Self::TopK => "top-k",
            Self::TypicalP => "typical",
            Self::TopP => "top-p",
            Self::MinP => "min-p",
            Self::Xtc => "xtc",
            Self::Temperature => "temperature",
        }
    }

    /// Whether it takes candidates away instead of moving their logits. (A temperature of 0 does, too.)
    #[must_use]
    pub const fn cuts(self) -> bool {
        !matches!(self, Self::Penalties | Self::Dry | Self::Temperature)
    }
}

/// Which of the two mirostat algorithms replaces the chain, if any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mirostat {
    /// The ordinary chain.
    #[default]
    Off,
    /// Mirostat 1.
    V1,
    /// Mirostat 2.
    V2,
}

/// Everything that decides how a token is drawn from logits. Defaults are llama.cpp's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SamplingSettings {
    /// The chain's stages, in order.
    pub samplers: Vec<SamplerKind>,
    /// Stages to skip; their settings stay.
    pub muted: Vec<StageKind>,
    /// Stages to use on their own: unless this is empty, all others are skipped.
    pub soloed: Vec<StageKind>,
    /// 0 and below: greedy. Otherwise logits are divided by it.
    pub temperature: f32,
    /// Dynamic temperature: half width of the range around `temperature`; 0 is off.
    pub dynatemp_range: f32,
    /// Dynatemp's exponent on the normalised entropy.
    pub dynatemp_exponent: f32,
    /// Candidates kept; 0 and below is off.
    pub top_k: i32,
    /// Nucleus mass, 0 to 1; 1 is off.
    pub top_p: f32,
    /// Least probability relative to the most likely token, 0 to 1; 0 is off.
    pub min_p: f32,
    /// Locally typical mass, 0 to 1; 1 is off.
    pub typical_p: f32,
    /// Standard deviations below the largest logit; 0 and below is off.
    pub top_n_sigma: f32,
    /// Probability that XTC acts at a step; 0 is off.
    pub xtc_probability: f32,
    /// Tokens at least this likely are what XTC removes; above 0.5 is off.
    pub xtc_threshold: f32,
    /// Above 0; 1 is off.
    pub repeat_penalty: f32,
    /// Tokens the penalties look back on, prompt included; 0 is off, −1 the context size.
    pub repeat_last_n: i32,
    /// Subtracted once from every token seen; 0 is off.
    pub presence_penalty: f32,
    /// Subtracted from a token for each time it was seen; 0 is off.
    pub frequency_penalty: f32,
    /// DRY's strength; 0 is off.
    pub dry_multiplier: f32,
    /// DRY's growth per repeated token.
    pub dry_base: f32,
    /// Longest repeat DRY does not punish.
    pub dry_allowed_length: i32,
    /// Tokens DRY looks back on; 0 is off, −1 the context size.
    pub dry_penalty_last_n: i32,
    /// Text at which DRY starts its match anew.
    pub dry_sequence_breakers: Vec<String>,
    /// Mirostat instead of the chain.
    pub mirostat: Mirostat,
    /// Mirostat's target surprise τ, in bits.
    pub mirostat_tau: f32,
    /// Mirostat's learning rate η.
    pub mirostat_eta: f32,
    /// Added to single logits before the chain.
    pub logit_bias: Vec<LogitBias>,
    /// Texts that must not be generated. Not a setting of llama.cpp's tools.
    pub banned_strings: Vec<String>,
    /// What the generated text has to fit.
    pub grammar: GrammarSource,
    /// Bans every end-of-generation token (a logit bias of −∞), as llama.cpp does.
    pub ignore_eos: bool,
    /// Seed of the draws; `None` takes a new one from the system at start.
    pub seed: Option<u32>,
}

/// `bias` is added to the logit of `token`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogitBias {
    /// The token.
    pub token: Token,
    /// What is added; −∞ bans the token.
    pub bias: f32,
}

impl Default for SamplingSettings {
    /// llama.cpp's defaults (`common_params_sampling` in its common/common.h).
    fn default() -> Self {
        Self {
            samplers: SamplerKind::ALL.to_vec(),
            muted: Vec::new(),
            soloed: Vec::new(),
            temperature: 0.8,
            dynatemp_range: 0.0,
            dynatemp_exponent: 1.0,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            typical_p: 1.0,
            top_n_sigma: -1.0,
            xtc_probability: 0.0,
            xtc_threshold: 0.1,
            repeat_penalty: 1.0,
            repeat_last_n: 64,
            presence_penalty: 0.0,
            frequency_penalty: 0.0,
            dry_multiplier: 0.0,
            dry_base: 1.75,
            dry_allowed_length: 2,
            dry_penalty_last_n: 64,
            dry_sequence_breakers: ["\n", ":", "\"", "*"].map(String::from).to_vec(),
            mirostat: Mirostat::Off,
            mirostat_tau: 5.0,
            mirostat_eta: 0.1,
            logit_bias: Vec::new(),
            banned_strings: Vec::new(),
            grammar: GrammarSource::NONE,
            ignore_eos: false,
            seed: None,
        }
    }
}
