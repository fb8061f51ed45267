//! Named sampling settings: the built-in ones, and how settings differ from one.

use super::{LogitBias, Mirostat, SamplingOverrides, SamplingSettings, StageKind};

/// Sampling settings under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// What it is called on the command line, in the config file and on the screen.
    pub name: String,
    /// What it does, in one sentence.
    pub about: String,
    /// What it sets; everything else is llama.cpp's default, but for [`Preset::layer`]'s exceptions.
    pub sampling: SamplingOverrides,
}

/// A setting that is not what a preset says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The setting's name, as the config file writes it.
    pub field: &'static str,
    /// The preset's value, as text.
    pub preset: String,
    /// The value at hand, as text.
    pub current: String,
}

/// The values every built-in preset sets: the five sliders.
struct Sliders {
    temperature: f32,
    top_k: i32,
    top_p: f32,
    min_p: f32,
}

impl Preset {
    /// The built-in presets, from the most certain to the wildest, llama.cpp's own defaults first.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        [
            (
                "llama.cpp",
                "llama.cpp's own defaults.",
                Sliders { temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.05 },
            ),
            (
                "greedy",
                "Always the most likely token: the same text every time.",
                Sliders { temperature: 0.0, top_k: 40, top_p: 0.95, min_p: 0.05 },
            ),
            (
                "precise",
                "Close to the most likely text, with a little room.",
                Sliders { temperature: 0.3, top_k: 40, top_p: 0.9, min_p: 0.1 },
            ),
            (
                "balanced",
                "Varied and still on topic.",
                Sliders { temperature: 0.7, top_k: 40, top_p: 0.9, min_p: 0.05 },
            ),
            (
                "creative",
                "A flatter distribution with only the far tail cut.",
                Sliders { temperature: 1.1, top_k: 100, top_p: 0.98, min_p: 0.02 },
            ),
            (
                "chaos",
                "A nearly flat distribution and no filter: any token can come up.",
                Sliders { temperature: 1.8, top_k: 0, top_p: 1.0, min_p: 0.0 },
            ),
        ]
        .map(|(name, about, sliders)| Self {
            name: name.to_owned(),
            about: about.to_owned(),
            sampling: sliders.into(),
        })
        .into()
    }

    /// The layer it makes over other settings, wherever it is chosen: what it sets, and llama.cpp's defaults for the rest,
    /// whatever the model's file recommends. Where the dice start, what is banned and what the text has to fit stay as
    /// they are unless it sets them.
    #[must_use]
    pub fn layer(&self) -> SamplingOverrides {
        let defaults = SamplingOverrides {
            logit_bias: None,
            banned_strings: None,
            grammar: None,
            ignore_eos: None,
            seed: None,
            ..SamplingSettings::default().into()
        };
        self.sampling.clone().over(defaults)
    }

    /// The settings of this preset alone: llama.cpp's defaults under what it sets.
    #[must_use]
    pub fn settings(&self) -> SamplingSettings {
        let mut settings = SamplingSettings::default();
        self.sampling.apply(&mut settings);
        settings
    }
}

impl From<Sliders> for SamplingOverrides {
    fn from(sliders: Sliders) -> Self {
        Self {
            temperature: Some(sliders.temperature),
            top_k: Some(sliders.top_k),
            top_p: Some(sliders.top_p),
            min_p: Some(sliders.min_p),
            repeat_penalty: Some(1.0),
            ..Self::default()
        }
    }
}

/// What in `settings` is not as `preset` has it, in the order of the settings.
///
/// The seed is left out unless the preset names one: another roll of the dice is not another setting.
#[must_use]
pub fn diff(settings: &SamplingSettings, preset: &Preset) -> Vec<Difference> {
    let wanted = preset.settings();
    SamplingOverrides::FIELDS
        .iter()
        .filter(|&&field| field != "seed" || preset.sampling.seed.is_some())
        .map(|&field| Difference { field, preset: shown(&wanted, field), current: shown(settings, field) })
        .filter(|difference| difference.preset != difference.current)
        .collect()
}

/// The value of `field` as a user would type it.
fn shown(settings: &SamplingSettings, field: &str) -> String {
    let s = settings;
    match field {
        "samplers" => s.samplers.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(";"),
        "muted" => stages(&s.muted),
        "soloed" => stages(&s.soloed),
        "temperature" => s.temperature.to_string(),
        "dynatemp_range" => s.dynatemp_range.to_string(),
        "dynatemp_exponent" => s.dynatemp_exponent.to_string(),
        "top_k" => s.top_k.to_string(),
        "top_p" => s.top_p.to_string(),
        "min_p" => s.min_p.to_string(),
        "typical_p" => s.typical_p.to_string(),
        "top_n_sigma" => s.top_n_sigma.to_string(),
        "xtc_probability" => s.xtc_probability.to_string(),
        "xtc_threshold" => s.xtc_threshold.to_string(),
        "repeat_penalty" => s.repeat_penalty.to_string(),
        "repeat_last_n" => s.repeat_last_n.to_string(),
        "presence_penalty" => s.presence_penalty.to_string(),
        "frequency_penalty" => s.frequency_penalty.to_string(),
        "dry_multiplier" => s.dry_multiplier.to_string(),
        "dry_base" => s.dry_base.to_string(),
        "dry_allowed_length" => s.dry_allowed_length.to_string(),
        "dry_penalty_last_n" => s.dry_penalty_last_n.to_string(),
        "dry_sequence_breakers" => format!("{:?}", s.dry_sequence_breakers),
        "mirostat" => mirostat(s.mirostat).to_owned(),
        "mirostat_tau" => s.mirostat_tau.to_string(),
        "mirostat_eta" => s.mirostat_eta.to_string(),
        "logit_bias" => biases(&s.logit_bias),
        "banned_strings" => format!("{:?}", s.banned_strings),
        "grammar" => s.grammar.as_gbnf().unwrap_or("none").replace('\n', " "),
        "ignore_eos" => s.ignore_eos.to_string(),
        "seed" => s.seed.map_or_else(|| "random".to_owned(), |seed| seed.to_string()),
        other => unreachable!("{other} is not a sampling setting"),
    }
}

fn stages(list: &[StageKind]) -> String {
    list.iter().map(|stage| stage.name()).collect::<Vec<_>>().join(" ")
}

const fn mirostat(version: Mirostat) -> &'static str {
    match version {
        Mirostat::Off => "off",
        Mirostat::V1 => "1",
        Mirostat::V2 => "2",
    }
}

fn biases(list: &[LogitBias]) -> String {
    let one = |bias: &LogitBias| format!("{}{:+}", bias.token, bias.bias);
    list.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Token;

    fn named(name: &str) -> Preset {
        Preset::built_in().into_iter().find(|preset| preset.name == name).expect("built in")
    }

    #[test]
    fn llama_cpp_is_the_defaults() {
        assert_eq!(named("llama.cpp").settings(), SamplingSettings::default());
    }

    #[test]
    fn a_layer_says_all_but_the_seed_the_bans_and_the_grammar() {
        let mut settings = SamplingSettings {
            top_k: 3,
            mirostat: Mirostat::V2,
            banned_strings: vec!["x".into()],
            ignore_eos: true,
            seed: Some(5),
            ..SamplingSettings::default()
        };
        let own = settings.clone();
        named("creative").layer().apply(&mut settings);
        let expected = SamplingSettings {
            banned_strings: own.banned_strings,
            ignore_eos: true,
            seed: Some(5),
            ..named("creative").settings()
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn names_are_unique_and_each_says_what_it_does() {
        let presets = Preset::built_in();
        for (index, preset) in presets.iter().enumerate() {
            assert!(preset.about.ends_with('.'), "{}", preset.name);
            assert!(presets[..index].iter().all(|other| other.name != preset.name));
        }
    }

    #[test]
    fn chaos_switches_every_filter_off() {
        let settings = named("chaos").settings();
        assert_eq!((settings.top_k, settings.top_p, settings.min_p), (0, 1.0, 0.0));
    }

    #[test]
    fn a_preset_does_not_differ_from_itself() {
        for preset in Preset::built_in() {
            let mut settings = preset.settings();
            settings.seed = Some(7);
            assert_eq!(diff(&settings, &preset), []);
        }
    }

    #[test]
    fn differences_name_the_setting_and_both_values() {
        let mut settings = named("greedy").settings();
        settings.temperature = 0.8;
        settings.logit_bias = vec![LogitBias { token: Token(300), bias: 3.0 }];
        let difference = |field, preset: &str, current: &str| Difference {
            field,
            preset: preset.to_owned(),
            current: current.to_owned(),
        };
        assert_eq!(
            diff(&settings, &named("greedy")),
            [difference("temperature", "0", "0.8"), difference("logit_bias", "", "300+3")]
        );
    }

    #[test]
    fn every_setting_can_be_told_apart() {
        let settings = SamplingSettings::default();
        for field in SamplingOverrides::FIELDS {
            shown(&settings, field);
        }
    }
}
