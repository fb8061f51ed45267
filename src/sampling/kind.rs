//! The stages a chain can have, and why one may be off.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Mirostat, SamplerKind, SamplingSettings};

/// A stage of the chain, in the order in which they can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageKind {
    /// The grammar's mask: a grammar, a JSON schema or a choice list.
    Grammar,
    /// Biases and bans, before all samplers.
    LogitBias,
    /// Texts that must not be written.
    BannedStrings,
    /// One of llama.cpp's samplers.
    Sampler(SamplerKind),
    /// Mirostat, which cuts and draws.
    Mirostat,
}

impl StageKind {
    /// The name in the config file: llama.cpp's for a sampler.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grammar => "grammar",
            Self::LogitBias => "logit_bias",
            Self::BannedStrings => "banned_strings",
            Self::Sampler(kind) => kind.name(),
            Self::Mirostat => "mirostat",
        }
    }

    /// The name on the screen (`top-k`, `logit-bias`, …).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Grammar => "grammar",
            Self::LogitBias => "logit-bias",
            Self::BannedStrings => "banned-text",
            Self::Sampler(kind) => kind.label(),
            Self::Mirostat => "mirostat",
        }
    }

    /// The stage behind a name, in any of the spellings of [`SamplerKind::parse`].
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().replace('-', "_").as_str() {
            "grammar" => Some(Self::Grammar),
            "logit_bias" => Some(Self::LogitBias),
            "banned_strings" | "banned_text" => Some(Self::BannedStrings),
            "mirostat" => Some(Self::Mirostat),
            _ => SamplerKind::parse(name).map(Self::Sampler),
        }
    }

    /// Every stage that can be muted or soloed.
    fn switchable() -> impl Iterator<Item = Self> {
        [Self::Grammar, Self::LogitBias, Self::BannedStrings]
            .into_iter()
            .chain(SamplerKind::ALL.map(Self::Sampler))
    }
}

impl From<SamplerKind> for StageKind {
    fn from(kind: SamplerKind) -> Self {
        Self::Sampler(kind)
    }
}

impl Serialize for StageKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for StageKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::switchable().find(|kind| Self::parse(&name) == Some(*kind)).ok_or_else(|| {
            let names: Vec<_> = Self::switchable().map(Self::name).collect();
            D::Error::custom(format!("unknown stage {name}, expected one of {}", names.join(", ")))
        })
    }
}

/// Why a stage does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Its settings let everything pass.
    Neutral,
    /// The list of samplers leaves it out.
    NotInChain,
    /// It is muted.
    Muted,
    /// Another stage is soloed.
    NotSoloed,
    /// Mirostat takes the place of the chain.
    Mirostat,
    /// The text has left the grammar.
    Left,
}

impl fmt::Display for Off {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Neutral => "off",
            Self::NotInChain => "not in the chain",
            Self::Muted => "skipped",
            Self::NotSoloed => "another stage is soloed",
            Self::Mirostat => "replaced by mirostat",
            Self::Left => "the text no longer matches it",
        })
    }
}

impl SamplingSettings {
    /// Whether a stage is switched off by mute or solo, or by mirostat.
    #[must_use]
    pub fn switched_off(&self, stage: StageKind) -> Option<Off> {
        let replaced = match stage {
            StageKind::Sampler(kind) => kind != SamplerKind::Temperature,
            _ => false,
        };
        if replaced && self.mirostat != Mirostat::Off {
            Some(Off::Mirostat)
        } else if self.muted.contains(&stage) {
            Some(Off::Muted)
        } else if stage != StageKind::Mirostat && !self.soloed.is_empty() && !self.soloed.contains(&stage) {
            Some(Off::NotSoloed)
        } else {
            None
        }
    }

    /// Mutes a stage, or takes that back.
    pub fn toggle_mute(&mut self, stage: StageKind) {
        toggle(&mut self.muted, stage);
    }

    /// Lets only this stage (and others that are soloed) act, or takes that back.
    pub fn toggle_solo(&mut self, stage: StageKind) {
        toggle(&mut self.soloed, stage);
    }

    /// Moves the sampler at `index` of the chain by `by` places, as far as there is room. Its new index.
    pub fn move_sampler(&mut self, index: usize, by: isize) -> usize {
        if index >= self.samplers.len() {
            return index;
        }
        let to = index.saturating_add_signed(by).min(self.samplers.len() - 1);
        let kind = self.samplers.remove(index);
        self.samplers.insert(to, kind);
        to
    }

    /// These settings with the seed after theirs, whose random numbers are others.
    #[must_use]
    pub fn with_next_seed(&self) -> Self {
        // The last number is llama.cpp's word for a random seed.
        let next = self.seed.map_or(0, |seed| seed.wrapping_add(1) % u32::MAX);
        Self { seed: Some(next), ..self.clone() }
    }

    /// Whether temperature comes before every stage that cuts.
    #[must_use]
    pub fn is_temperature_first(&self) -> bool {
        let temperature = self.samplers.iter().position(|kind| *kind == SamplerKind::Temperature);
        let cut = self.samplers.iter().position(|kind| kind.cuts());
        matches!((temperature, cut), (Some(temperature), Some(cut)) if temperature < cut)
    }

    /// The other of the two common orders: temperature before every stage that cuts, as in the papers and in Hugging
    /// Face's transformers, or last, as in llama.cpp. The other stages keep their order. False, and nothing changes, where
    /// temperature is not in the chain.
    pub fn swap_temperature(&mut self) -> bool {
        if !self.samplers.contains(&SamplerKind::Temperature) {
            return false;
        }
        let first = self.is_temperature_first();
        self.samplers.retain(|kind| *kind != SamplerKind::Temperature);
        let cut = self.samplers.iter().position(|kind| kind.cuts());
        let at = if first { None } else { cut }.unwrap_or(self.samplers.len());
        self.samplers.insert(at, SamplerKind::Temperature);
        true
    }
}

fn toggle(list: &mut Vec<StageKind>, stage: StageKind) {
    match list.iter().position(|other| *other == stage) {
        Some(index) => {
            list.remove(index);
        }
        None => list.push(stage),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_survives_writing_and_reading() {
        for stage in StageKind::switchable() {
            let text = serde_json::to_string(&stage).expect("a text");
            assert_eq!(serde_json::from_str::<StageKind>(&text).expect("as written"), stage);
        }
        let error = serde_json::from_str::<StageKind>("\"dist\"").expect_err("always on").to_string();
        assert!(
            error.contains(
                "unknown stage dist, expected one of grammar, logit_bias, banned_strings, penalties"
            ),
            "{error}"
        );
    }

    #[test]
    fn mute_and_solo() {
        let top_k = StageKind::Sampler(SamplerKind::TopK);
        let top_p = StageKind::Sampler(SamplerKind::TopP);
        let mut settings = SamplingSettings::default();
        assert_eq!(settings.switched_off(top_k), None);
        settings.toggle_solo(top_k);
        assert_eq!(settings.switched_off(top_k), None);
        assert_eq!(settings.switched_off(top_p), Some(Off::NotSoloed));
        settings.toggle_mute(top_k);
        assert_eq!(settings.switched_off(top_k), Some(Off::Muted), "mute is stronger");
        settings.toggle_solo(top_k);
        settings.toggle_mute(top_k);
        assert_eq!((settings.muted.len(), settings.soloed.len()), (0, 0));
        settings.mirostat = Mirostat::V2;
        assert_eq!(settings.switched_off(top_k), Some(Off::Mirostat));
        assert_eq!(settings.switched_off(SamplerKind::Temperature.into()), None);
    }

    #[test]
    fn temperature_goes_first_and_back() {
        use SamplerKind::{MinP, Penalties, Temperature, TopK, TopP};
        let order = |samplers: &[SamplerKind]| SamplingSettings {
            samplers: samplers.to_vec(),
            ..SamplingSettings::default()
        };
        let mut settings = order(&[Penalties, TopK, MinP, Temperature]);
        assert!(settings.swap_temperature());
        assert_eq!(settings.samplers, [Penalties, Temperature, TopK, MinP]);
        assert!(settings.is_temperature_first());
        settings.swap_temperature();
        assert_eq!(settings.samplers, [Penalties, TopK, MinP, Temperature]);

        let mut settings = order(&[TopK, TopP]);
        assert!(!settings.swap_temperature(), "there is none to move");
        assert_eq!(settings.samplers, [TopK, TopP]);

        let mut default = SamplingSettings::default();
        default.swap_temperature();
        default.swap_temperature();
        assert_eq!(default.samplers, SamplerKind::ALL);
    }

    #[test]
    fn samplers_move_within_the_chain() {
        let mut settings = SamplingSettings::default();
        assert_eq!(settings.move_sampler(3, -2), 1);
        assert_eq!(settings.samplers[1], SamplerKind::TopK);
        assert_eq!(settings.move_sampler(1, -5), 0);
        assert_eq!(settings.move_sampler(8, 3), 8);
        assert_eq!(settings.move_sampler(20, 1), 20);
        assert_eq!(settings.samplers.len(), 9);
    }
}
