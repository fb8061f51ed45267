//! Presets saved from the screen: one file each in the folder `presets`, beside the config file, which stays untouched.
//!
//! Such a file is a config file with the section `[sampling]` alone; its name is the preset's.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use super::{Config, ConfigError};
use crate::{
    sampling::{Preset, SamplingSettings},
    settings::Overrides,
};

/// Files read at most; a folder of more was not filled by this program.
const MAX_FILES: usize = 256;

/// The longest file that is read, in bytes: a grammar may be in it.
const MAX_LENGTH: u64 = 1024 * 1024;

/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// Why a preset could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The name would be no file name everywhere.
    #[error(
        "\"{0}\" is not a valid preset name: use at most 64 letters, digits, spaces and - _ . without a dot at the start"
    )]
    Name(String),
    /// The program has a preset of this name.
    #[error("\"{0}\" is a built-in preset: choose another name")]
    BuiltIn(String),
    /// The file could not be written.
    #[error("the preset could not be saved as {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Saves what differs from llama.cpp's defaults under a name in `folder`, which is made if need be; a preset has them for
/// the rest, whatever a model recommends. The seed is not saved: another roll of the dice is not another setting. The preset as it is read again, and its file.
pub fn save_preset(
    folder: &Path,
    name: &str,
    settings: &SamplingSettings,
) -> Result<(Preset, PathBuf), SaveError> {
    let name = name.trim();
    if !is_name(name) {
        return Err(SaveError::Name(name.to_owned()));
    }
    // Such a file would take the place of what the documentation tells of that name.
    if Preset::built_in().iter().any(|preset| preset.name == name) {
        return Err(SaveError::BuiltIn(name.to_owned()));
    }
    let path = folder.join(format!("{name}.toml"));
    let wrong = |source| SaveError::Write { path: path.clone(), source };
    let whole = toml::Table::from_iter([("sampling".to_owned(), toml::Value::Table(changed(settings)))]);
    let body = toml::to_string(&whole).map_err(|error| wrong(std::io::Error::other(error)))?;
    let text = format!(
        "# Saved by logitscope; --preset {name:?} loads it. Delete this file to remove the preset.\n{body}"
    );
    let read = parse(&text, &path, name).map_err(|error| wrong(std::io::Error::other(error)))?;
    std::fs::create_dir_all(folder).map_err(wrong)?;
    // A whole file or none: it takes the old one's place only when it is written.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(wrong)?;
    file.persist(&path).map_err(|error| wrong(error.error))?;
    Ok((read, path))
}

/// The presets in `folder`, by name; none where there is no such folder.
pub(super) fn load(folder: &Path) -> Result<Vec<Preset>, ConfigError> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let paths = entries.take(MAX_FILES).filter_map(|entry| Some(entry.ok()?.path()));
    let mut presets = Vec::new();
    for path in paths {
        let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| is_name(name));
        let toml = path.extension().is_some_and(|extension| extension == "toml");
        if let Some(name) = name.filter(|_| toml) {
            let mut text = String::new();
            let file = std::fs::File::open(&path);
            file.and_then(|file| file.take(MAX_LENGTH).read_to_string(&mut text))
                .map_err(|source| ConfigError::Read { path: path.clone(), source })?;
            presets.push(parse(&text, &path, name)?);
        }
    }
    presets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(presets)
}

fn parse(text: &str, path: &Path, name: &str) -> Result<Preset, ConfigError> {
    let Config { overrides, presets, .. } = Config::parse(text, path)?;
    let alone = Overrides { sampling: overrides.sampling.clone(), ..Overrides::default() };
    if overrides != alone || !presets.is_empty() {
        return Err(ConfigError::Content {
            path: path.to_owned(),
            line: 1,
            column: 1,
            key: None,
            what: "a preset file has one section, [sampling]".to_owned(),
        });
    }
    Ok(Preset { name: name.to_owned(), about: "Saved.".to_owned(), sampling: overrides.sampling })
}

/// Whether it can be a file name on every system.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " -_.".contains(c);
    !name.is_empty()
        && !name.starts_with('.')
        && name == name.trim()
        && name.chars().all(allowed)
        && name.chars().count() <= MAX_NAME
}

/// The settings that are not llama.cpp's defaults, as the config file writes them.
fn changed(settings: &SamplingSettings) -> toml::Table {
    let settings = SamplingSettings { seed: None, ..settings.clone() };
    let (ours, defaults) = (fields(&settings), fields(&SamplingSettings::default()));
    ours.into_iter().filter(|(key, value)| defaults.get(key) != Some(value)).collect()
}

/// Every setting as TOML. Numbers go through their shortest text: 0.8 as a float of 32 bits is 0.800000011920929 as one
/// of 64.
fn fields(settings: &SamplingSettings) -> toml::Table {
    let json = serde_json::to_string(settings).unwrap_or_default();
    let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap_or_default();
    let mut table: toml::Table =
        json.into_iter().filter_map(|(key, value)| Some((key, toml_value(value)?))).collect();
    // A ban is −∞, which JSON cannot write.
    let biases = settings.logit_bias.iter().map(|bias| {
        let number = bias.bias.to_string().parse::<f64>().unwrap_or(f64::NEG_INFINITY);
        toml::Table::from_iter([
            ("token".to_owned(), toml::Value::Integer(bias.token.0.into())),
            ("bias".to_owned(), toml::Value::Float(number)),
        ])
    });
    table.insert("logit_bias".to_owned(), biases.map(toml::Value::Table).collect::<Vec<_>>().into());
    table
}

fn toml_value(value: serde_json::Value) -> Option<toml::Value> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::Bool(value) => value.into(),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        serde_json::Value::String(text) => text.into(),
        serde_json::Value::Array(list) => list.into_iter().filter_map(toml_value).collect::<Vec<_>>().into(),
        serde_json::Value::Object(map) => {
            let entries = map.into_iter().filter_map(|(key, value)| Some((key, toml_value(value)?)));
            toml::Value::Table(entries.collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Paths,
        sampling::{GrammarSource, LogitBias, Mirostat, SamplerKind, StageKind},
        token::Token,
    };

    fn settings() -> SamplingSettings {
        SamplingSettings {
            samplers: vec![SamplerKind::Temperature, SamplerKind::TopP],
            temperature: 0.65,
            top_p: 0.9,
            muted: vec![StageKind::LogitBias, SamplerKind::TopP.into()],
            mirostat: Mirostat::V2,
            dry_sequence_breakers: vec!["\n".into(), "\"é'".into()],
            banned_strings: vec!["the end".into()],
            logit_bias: vec![LogitBias { token: Token(3), bias: f32::NEG_INFINITY }],
            grammar: GrammarSource::json_schema("{\"type\": \"string\"}").expect("fine"),
            seed: Some(9),
            ..SamplingSettings::default()
        }
    }

    #[test]
    fn a_saved_preset_is_read_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::under(folder.path(), folder.path());
        let (saved, path) =
            save_preset(&paths.presets_folder(), " my chain ", &settings()).expect("it can be written");
        assert_eq!(path, paths.presets_folder().join("my chain.toml"));
        assert_eq!(saved.settings(), SamplingSettings { seed: None, ..settings() });
        let text = std::fs::read_to_string(&path).expect("written");
        assert!(text.contains("temperature = 0.65\n") && !text.contains("top_k"), "{text}");

        let config = Config::load(None, &paths).expect("no config file, one preset");
        assert_eq!(config.preset("my chain"), Some(saved));

        // Saved again it takes the old one's place.
        save_preset(&paths.presets_folder(), "my chain", &SamplingSettings::default()).expect("written");
        let config = Config::load(None, &paths).expect("one preset");
        assert_eq!(config.preset("my chain").expect("still there").settings(), SamplingSettings::default());
    }

    #[test]
    fn names_that_would_be_no_file_are_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["", " ", "../x", "a/b", ".hidden", "a\nb", &"x".repeat(65)] {
            let refused = save_preset(folder.path(), name, &SamplingSettings::default());
            assert!(matches!(refused, Err(SaveError::Name(_))), "{name:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_file_that_is_no_preset_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |text: &str| std::fs::write(folder.path().join("a.toml"), text).expect("written");
        write("[sampling]\ntop_p = 2\n");
        let error = load(folder.path()).expect_err("not allowed").to_string();
        assert!(error.contains("a.toml, line 2, column 9: sampling.top_p: found 2"), "{error}");
        write("[ui]\nmouse = false\n");
        let error = load(folder.path()).expect_err("another section").to_string();
        assert!(error.ends_with("a preset file has one section, [sampling]"), "{error}");
    }
}
