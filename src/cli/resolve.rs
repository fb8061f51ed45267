//! From flags, environment and files to the settings of a run.

use super::model_args::{FileOfRepository, ModelArgs};
use super::{Flags, Invocation, TextError, variable_of};
use crate::config::Config;
use crate::sampling::{Preset, SamplingOverrides};
use crate::settings::{Invalid, LanesFileError, NotUtf8, Overrides, Settings};

/// The settings of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// All of them, without the model file's own defaults: the file is not open yet.
    pub settings: Settings,
    /// The sampling settings that the user gave, wherever; the model file's own defaults
    /// lie below these and above llama.cpp's.
    pub given: SamplingOverrides,
}

/// Settings that were given but cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// A flag's value is not allowed.
    #[error("{0}")]
    Flag(Invalid),
    /// An environment variable's value is not allowed.
    #[error("the environment variable {variable}: found {}, expected {}", invalid.value, invalid.allowed)]
    Variable {
        /// The variable.
        variable: String,
        /// What is wrong with it.
        invalid: Invalid,
    },
    /// The escapes of a text are not valid UTF-8.
    #[error(transparent)]
    Escapes(#[from] NotUtf8),
    /// A text of the sampling flags cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The settings of a lane cannot be used.
    #[error("lane {name:?}: {why}")]
    Lane {
        /// The lane: its name, or what was written.
        name: String,
        /// Why not.
        why: String,
    },
    /// The lanes, or their file, cannot be used.
    #[error("{0}")]
    Lanes(String),
    /// A file of a repository without the repository, or no such file.
    #[error(transparent)]
    HubFile(#[from] FileOfRepository),
    /// A system message without a conversation.
    #[error("--system is for conversations: add --chat, or leave it out")]
    SystemWithoutChat,
    /// There is no such preset.
    #[error("--preset {name}: there is no such preset; there are {}", known.join(", "))]
    Preset {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}

impl From<LanesFileError> for ResolveError {
    fn from(error: LanesFileError) -> Self {
        Self::Lanes(error.to_string())
    }
}

/// The settings that flags, environment and config file make, in this order of precedence. A preset asked for by flag
/// lies below every other flag and above the environment; what it does not set is llama.cpp's default ([`Preset::layer`]).
///
/// What is given in `config` is allowed already: [`Config::parse`] has checked it.
pub fn resolve(invocation: &Invocation, config: &Config) -> Result<Resolved, ResolveError> {
    let Invocation { mut flags, mut environment, .. } = invocation.clone();
    flags.model.with_repository_of(&environment.model)?;
    if environment.model.has_repository() {
        environment.model.with_repository_of(&ModelArgs::default())?;
    }
    let (flags, environment) = (&flags, &environment);
    let escape = flags.prompt.escape().or(config.overrides.prompt.escape).unwrap_or(true);
    let environment = layer(environment, escape)?;
    let preset = preset(flags, config)?;
    let flags = layer(flags, escape)?;

    let mut settings = Settings::default();
    config.overrides.apply(&mut settings);
    environment.apply(&mut settings);
    settings.validate().map_err(|invalid| match variable_of(invalid.flag) {
        Some(variable) => ResolveError::Variable { variable, invalid },
        None => ResolveError::Flag(invalid),
    })?;
    preset.apply(&mut settings.sampling);
    flags.apply(&mut settings);
    settings.validate().map_err(ResolveError::Flag)?;
    // A config file may hold one for when it is wanted.
    let system = flags.prompt.system.flatten().filter(|text| !text.is_empty());
    if system.is_some() && !settings.prompt.chat {
        return Err(ResolveError::SystemWithoutChat);
    }

    let config = config.overrides.sampling.clone();
    let given = flags.sampling.over(preset).over(environment.sampling).over(config);
    Ok(Resolved { settings, given })
}

fn layer(flags: &Flags, escape: bool) -> Result<Overrides, ResolveError> {
    Ok(Overrides {
        model: flags.model.overrides(),
        prompt: flags.prompt.overrides(escape)?,
        sampling: flags.sampling.overrides(escape)?,
        stop: flags.stop.overrides(escape)?,
        ui: flags.screen.overrides(),
    })
}

fn preset(flags: &Flags, config: &Config) -> Result<SamplingOverrides, ResolveError> {
    match &flags.sampling.preset {
        Some(name) => Ok(named_preset(name, config)?.layer()),
        None => Ok(SamplingOverrides::default()),
    }
}

/// The preset of this name.
pub(super) fn named_preset(name: &str, config: &Config) -> Result<Preset, ResolveError> {
    config.preset(name).ok_or_else(|| ResolveError::Preset {
        name: name.to_owned(),
        known: config.all_presets().into_iter().map(|preset| preset.name).collect(),
    })
}
