//! LoRA adapters beside a model: what tuning changed in its weights.

use std::{ffi::OsStr, fmt, path::PathBuf, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How strongly an adapter counts: 1 as it was trained, 0 not at all; a finite number, also below 0 or above 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoraScale(f32);

// Never NaN.
impl Eq for LoraScale {}

impl LoraScale {
    /// As the adapter was trained.
    pub const WHOLE: Self = Self(1.0);
    /// The largest number, either way: beyond it nothing but noise is left of any model.
    pub const MOST: f32 = 100.0;

    /// None for what is not a number from −100 to 100.
    #[must_use]
    pub fn new(scale: f32) -> Option<Self> {
        (scale.abs() <= Self::MOST).then_some(Self(scale))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

impl FromStr for LoraScale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let scale = text.trim().replace(',', ".").parse().ok().and_then(Self::new);
        scale.ok_or_else(|| format!("expected a scale from -{0} to {0}", Self::MOST))
    }
}

impl fmt::Display for LoraScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An adapter's file and how strongly it counts. As text: `FILE`, or `FILE:SCALE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoraAdapter {
    /// The GGUF file.
    pub path: PathBuf,
    /// How strongly it counts.
    pub scale: LoraScale,
}

impl LoraAdapter {
    /// From `FILE` or `FILE:SCALE`. What follows the last colon is a part of the name where it is no number.
    #[must_use]
    pub fn given(text: &OsStr) -> Self {
        let parts = text.to_str().and_then(|text| text.rsplit_once(':'));
        let scaled = parts.and_then(|(path, scale)| {
            let scale = scale.parse().ok().and_then(LoraScale::new)?;
            (!path.is_empty()).then(|| Self { path: path.into(), scale })
        });
        scaled.unwrap_or_else(|| Self { path: text.into(), scale: LoraScale::WHOLE })
    }

    /// From `FILE:SCALE`, as `--lora-scaled` takes it.
    pub fn scaled(text: &str) -> Result<Self, String> {
        let (path, scale) =
            text.rsplit_once(':').filter(|(path, _)| !path.is_empty()).ok_or("expected FILE:SCALE")?;
        Ok(Self { path: path.into(), scale: scale.parse()? })
    }

    /// The file's name without its folder: foreign text.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }
}

impl fmt::Display for LoraAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.scale)
    }
}

impl Serialize for LoraAdapter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LoraAdapter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::given(String::deserialize(deserializer)?.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(path: &str, scale: f32) -> LoraAdapter {
        LoraAdapter { path: path.into(), scale: LoraScale::new(scale).expect("a scale") }
    }

    #[test]
    fn what_follows_the_last_colon_is_the_scale_where_it_is_a_number() {
        for (text, path, scale) in [
            ("a.gguf", "a.gguf", 1.0),
            ("a.gguf:0.5", "a.gguf", 0.5),
            ("a:b.gguf:-1", "a:b.gguf", -1.0),
            ("a:b.gguf", "a:b.gguf", 1.0),
            ("a.gguf:1000", "a.gguf:1000", 1.0),
            ("a.gguf:nan", "a.gguf:nan", 1.0),
            (":0.5", ":0.5", 1.0),
        ] {
            assert_eq!(LoraAdapter::given(text.as_ref()), adapter(path, scale), "{text}");
        }
        assert_eq!(LoraAdapter::given("a.gguf:0.5".as_ref()).to_string(), "a.gguf:0.5");
    }

    #[test]
    fn a_scale_that_has_to_be_there_is() {
        assert_eq!(LoraAdapter::scaled("a.gguf:2"), Ok(adapter("a.gguf", 2.0)));
        for bad in ["a.gguf", ":1", "a.gguf:", "a.gguf:much", "a.gguf:inf", "a.gguf:101"] {
            assert!(LoraAdapter::scaled(bad).is_err(), "{bad}");
        }
    }
}
