//! What each stage does: a sentence, its formula, and its settings as text.

use super::{Mirostat, SamplerKind, SamplingSettings, StageKind};

impl StageKind {
    /// What the stage does, in one sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Grammar => {
                "Allows only tokens that the grammar accepts next: the drawn token is checked, and if it does not fit, every token that does not fit is masked and another is drawn."
            }
            Self::LogitBias => {
                "Adds a number to the logits of individual tokens before anything else; −inf bans a token."
            }
            Self::BannedStrings => {
                "Masks any token that would complete a banned string; the tokens leading up to it stay allowed."
            }
            Self::Mirostat => {
                "Replaces the filters: cuts tokens whose surprisal is too high, and adjusts the cutoff after each token so that the average surprisal approaches τ."
            }
            Self::Sampler(kind) => kind.about(),
        }
    }

    /// What the stage computes, in one line.
    #[must_use]
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Grammar => "ℓ ← −∞ for tokens the grammar does not accept next",
            Self::LogitBias => "ℓ ← ℓ + bias",
            Self::BannedStrings => "ℓ ← −∞ for tokens that would complete a banned string",
            Self::Mirostat => "cut where −log₂ p > μ; after each token μ ← μ − η·(−log₂ p − τ), from μ = 2τ",
            Self::Sampler(kind) => kind.formula(),
        }
    }
}

impl SamplerKind {
    /// What the sampler does, in one sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Penalties => {
                "Makes tokens that occurred recently less likely, once or for each time they occurred."
            }
            Self::Dry => {
                "Makes tokens that would continue a repeated sequence less likely; the longer the sequence, the stronger the penalty."
            }
            Self::TopNSigma => "Keeps tokens whose logit is within n standard deviations of the largest.",
            Self::TopK => "Keeps the k most likely tokens.",
            Self::TypicalP => {
                "Keeps the tokens whose surprisal is closest to the entropy, until their total probability exceeds p."
            }
            Self::TopP => {
                "Keeps the most likely tokens until their total probability reaches p: the nucleus."
            }
            Self::MinP => "Keeps tokens with at least min-p times the probability of the most likely one.",
            Self::Xtc => {
                "At some steps, chosen at random, drops all likely tokens except the least likely of them, for variety."
            }
            Self::Temperature => {
                "Divides the logits by T: below 1, likely tokens gain; above 1, unlikely ones do; 0 always picks the most likely."
            }
        }
    }

    /// What the sampler computes, in one line.
    #[must_use]
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Penalties => {
                "ℓ ← (ℓ > 0 ? ℓ / repeat : ℓ · repeat) − count · frequency − presence, for tokens with count > 0"
            }
            Self::Dry => "ℓ ← ℓ − multiplier · base^(length − allowed), for length ≥ allowed",
            Self::TopNSigma => "keep ℓ ≥ max ℓ − n · σ, σ the standard deviation of all finite logits",
            Self::TopK => "keep rank ≤ k",
            Self::TypicalP => "sort by |−ln p − H|, keep until Σ p > typical-p",
            Self::TopP => "sort by p, keep until Σ p ≥ top-p",
            Self::MinP => "keep p ≥ min-p · max p",
            Self::Xtc => {
                "with probability xtc-probability: of the tokens with p ≥ threshold (if two or more) keep the last"
            }
            Self::Temperature => {
                "ℓ ← ℓ / T; dynamic: T = T₀ − range … T₀ + range, by (H / ln n)^exponent, not below 0"
            }
        }
    }
}

impl SamplingSettings {
    /// A stage's settings as short text: `40`, `0.95`, `repeat 1.1, last 64`.
    #[must_use]
    pub fn text_of(&self, stage: StageKind) -> String {
        match stage {
            StageKind::Grammar => self.grammar.short(),
            StageKind::BannedStrings => match self.banned_strings.len() {
                0 => String::new(),
                1 => "1 text".to_owned(),
                n => format!("{n} texts"),
            },
            StageKind::LogitBias => self.bias_text(),
            StageKind::Mirostat => match self.mirostat {
                Mirostat::Off => "off".to_owned(),
                Mirostat::V1 => format!("1, τ {}, η {}", self.mirostat_tau, self.mirostat_eta),
                Mirostat::V2 => format!("2, τ {}, η {}", self.mirostat_tau, self.mirostat_eta),
            },
            StageKind::Sampler(kind) => self.sampler_text(kind),
        }
    }

    fn bias_text(&self) -> String {
        let banned = self.logit_bias.iter().filter(|bias| bias.bias == f32::NEG_INFINITY).count();
        let parts = [
            (self.logit_bias.len() - banned, "biased"),
            (banned, "banned"),
            (usize::from(self.ignore_eos), "end tokens ignored"),
        ];
        let one = |&(count, what): &(usize, &str)| match what {
            "end tokens ignored" => what.to_owned(),
            _ => format!("{count} {what}"),
        };
        parts.iter().filter(|(count, _)| *count > 0).map(one).collect::<Vec<_>>().join(", ")
    }

    fn sampler_text(&self, kind: SamplerKind) -> String {
        match kind {
            SamplerKind::Penalties => self.penalties_text(),
            SamplerKind::Dry => format!(
                "{} · {}^(length − {}), last {}",
                self.dry_multiplier,
                self.dry_base,
                self.dry_allowed_length,
                window(self.dry_penalty_last_n)
            ),
            SamplerKind::TopNSigma => self.top_n_sigma.to_string(),
            SamplerKind::TopK => self.top_k.to_string(),
            SamplerKind::TypicalP => self.typical_p.to_string(),
            SamplerKind::TopP => self.top_p.to_string(),
            SamplerKind::MinP => self.min_p.to_string(),
            SamplerKind::Xtc => format!("{} from p {}", self.xtc_probability, self.xtc_threshold),
            SamplerKind::Temperature if self.dynatemp_range > 0.0 => {
                format!("{} ± {}", self.temperature, self.dynatemp_range)
            }
            SamplerKind::Temperature => self.temperature.to_string(),
        }
    }

    fn penalties_text(&self) -> String {
        let mut parts = vec![format!("repeat {}", self.repeat_penalty)];
        if self.frequency_penalty.abs() > 0.0 {
            parts.push(format!("frequency {}", self.frequency_penalty));
        }
        if self.presence_penalty.abs() > 0.0 {
            parts.push(format!("presence {}", self.presence_penalty));
        }
        parts.push(format!("last {}", window(self.repeat_last_n)));
        parts.join(", ")
    }
}

fn window(last_n: i32) -> String {
    if last_n < 0 { "of the context".to_owned() } else { last_n.to_string() }
}
