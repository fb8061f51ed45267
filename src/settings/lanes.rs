//! Lanes as a user writes them: what each has of its own, besides what is said for all.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{StopOverrides, StopSettings};
use crate::sampling::SamplingOverrides;

/// What a lane has of its own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaneSpec {
    /// What it is called; else as its preset is, or by its number.
    pub name: Option<String>,
    /// Named settings that lie below its own.
    pub preset: Option<String>,
    /// A prompt of its own.
    pub prompt: Option<String>,
    /// Its sampling settings.
    pub sampling: SamplingOverrides,
    /// When it ends.
    pub stop: StopOverrides,
}

/// A lane with everything that was said for it and for all.
#[derive(Clone, Debug, PartialEq)]
pub struct LanePlan {
    /// Its name.
    pub name: String,
    /// A prompt of its own.
    pub prompt: Option<String>,
    /// The sampling settings given; the model file's own defaults lie below them.
    pub sampling: SamplingOverrides,
    /// When it ends.
    pub stop: StopSettings,
}

/// A file of lanes: `[[lane]]` tables, and a prompt for all of them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LanesFile {
    /// The prompt of all lanes that have none of their own.
    pub prompt: Option<String>,
    /// The lanes.
    #[serde(rename = "lane")]
    pub lanes: Vec<LaneSpec>,
}

/// A file of lanes that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LanesFileError {
    /// It cannot be read.
    #[error("the file of lanes {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{}, line {line}: {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What was found and what was expected.
        what: String,
    },
}

impl LanesFile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, LanesFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| LanesFileError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, LanesFileError> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            LanesFileError::Content {
                path: path.to_owned(),
                line: text.as_bytes()[..at].split(|&byte| byte == b'\n').count(),
                what: error.message().trim().replace('\n', ", "),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<LanesFile, String> {
        LanesFile::parse(text, Path::new("lanes.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn lanes_have_names_presets_prompts_sampling_and_stops() {
        let file = parse(
            "prompt = \"Once\"\n[[lane]]\nname = \"cool\"\nsampling = { temperature = 0.2 }\n\
             [[lane]]\npreset = \"creative\"\nprompt = \"Twice\"\n[lane.stop]\npredict = 9\n",
        )
        .expect("a file of lanes");
        assert_eq!(file.prompt.as_deref(), Some("Once"));
        assert_eq!(file.lanes.len(), 2);
        assert_eq!(file.lanes[0].sampling.temperature, Some(0.2));
        assert_eq!(
            (file.lanes[1].preset.as_deref(), file.lanes[1].stop.predict),
            (Some("creative"), Some(9))
        );
    }

    #[test]
    fn what_is_wrong_is_reported_with_its_line() {
        let error = parse("[[lane]]\nname = \"a\"\ntemperature = 1\n").expect_err("belongs in sampling");
        assert!(error.starts_with("lanes.toml, line 3: unknown field `temperature`"), "{error}");
        let error = parse("[[lane]]\nsampling = { temperature = \"hot\" }\n").expect_err("no number");
        assert!(error.starts_with("lanes.toml, line 2: "), "{error}");
        let error = parse("[[lane]\n").expect_err("no TOML");
        assert!(error.starts_with("lanes.toml, line 1: "), "{error}");
        let error = LanesFile::read(Path::new("/nowhere/lanes.toml")).expect_err("no file").to_string();
        assert!(error.starts_with("the file of lanes /nowhere/lanes.toml cannot be read:"), "{error}");
    }
}
