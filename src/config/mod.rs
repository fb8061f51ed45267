//! The config file: TOML in, one layer of settings and the user's own presets out.
//!
//! An error names file, line, column, key, what was found and what was expected.

mod error;
mod paths;
mod places;
mod saved;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::sampling::{Preset, SamplingOverrides};
use crate::settings::{
    Invalid, ModelOverrides, Overrides, PromptOverrides, Settings, StopOverrides, UiOverrides,
};

pub use error::ConfigError;
pub use paths::Paths;
pub use saved::{SaveError, save_preset};

use places::Places;

/// The commented default config file, to be written where the user has none yet.
pub const DEFAULT_TEXT: &str = include_str!("../../assets/config.toml");

/// What a config file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file it was read from; `None` if there is none.
    pub file: Option<PathBuf>,
    /// The settings it gives.
    pub overrides: Overrides,
    /// The user's own presets, by name.
    pub presets: Vec<Preset>,
}

/// The file as TOML has it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    model: ModelOverrides,
    prompt: PromptOverrides,
    sampling: SamplingOverrides,
    stop: StopOverrides,
    ui: UiOverrides,
    presets: BTreeMap<String, SamplingOverrides>,
}

/// The sections of the file and the keys each may hold.
const SECTIONS: [(&str, &[&str]); 5] = [
    ("model", ModelOverrides::FIELDS),
    ("prompt", PromptOverrides::FIELDS),
    ("sampling", SamplingOverrides::FIELDS),
    ("stop", StopOverrides::FIELDS),
    ("ui", UiOverrides::FIELDS),
];

impl Config {
    /// Reads `given`, which must exist, or else the user's config file, if there is one; and the presets that were
    /// saved. A preset of the file takes the place of a saved one.
    pub fn load(given: Option<&Path>, paths: &Paths) -> Result<Self, ConfigError> {
        let mut config = Self::load_file(given, paths)?;
        let mut presets = saved::load(&paths.presets_folder())?;
        presets.retain(|preset| config.presets.iter().all(|own| own.name != preset.name));
        config.presets.extend(presets);
        Ok(config)
    }

    fn load_file(given: Option<&Path>, paths: &Paths) -> Result<Self, ConfigError> {
        let path = given.map_or_else(|| paths.config_file(), Path::to_owned);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if given.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(source) => Err(ConfigError::Read { path, source }),
        }
    }

    /// Reads `text`; `file` is what errors call it.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let places = Places::parse(text, file)?;
        places.check_keys(&SECTIONS)?;
        let File { model, prompt, sampling, stop, ui, presets } =
            toml::from_str(text).map_err(|error| places.wrong_value(&error))?;
        let overrides = Overrides { model, prompt, sampling, stop, ui };
        check(&overrides).map_err(|invalid| places.not_allowed(&invalid.key(), &invalid))?;
        for (name, sampling) in &presets {
            let alone = Overrides { sampling: sampling.clone(), ..Overrides::default() };
            check(&alone).map_err(|invalid| {
                places.not_allowed(&format!("presets.{name}.{}", invalid.field), &invalid)
            })?;
        }
        Ok(Self {
            file: Some(file.to_owned()),
            overrides,
            presets: presets.into_iter().map(own_preset).collect(),
        })
    }

    /// The preset of this name: the user's own before the built-in ones.
    #[must_use]
    pub fn preset(&self, name: &str) -> Option<Preset> {
        self.all_presets().into_iter().find(|preset| preset.name == name)
    }

    /// The built-in presets with the user's own after them; a name of one's own takes a built-in's place.
    #[must_use]
    pub fn all_presets(&self) -> Vec<Preset> {
        let mut all = Preset::built_in();
        all.retain(|preset| self.presets.iter().all(|own| own.name != preset.name));
        all.extend(self.presets.iter().cloned());
        all
    }
}

/// Whether what is given here is allowed, whatever the rest.
fn check(overrides: &Overrides) -> Result<(), Invalid> {
    let mut settings = Settings::default();
    overrides.apply(&mut settings);
    settings.validate()
}

fn own_preset((name, sampling): (String, SamplingOverrides)) -> Preset {
    Preset { name, about: "From the config file.".to_owned(), sampling }
}

#[cfg(test)]
mod tests;
