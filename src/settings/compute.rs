//! How a model is computed: layers on the GPU, types of the KV cache, fused attention.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many layers' weights go to the GPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GpuLayers {
    /// As many as there are: llama.cpp's −1.
    #[default]
    Auto,
    /// All of them: llama.cpp's −2 and below.
    All,
    /// This many at most.
    Count(u32),
}

impl GpuLayers {
    /// The most layers to offload; `None` is no limit.
    #[must_use]
    pub const fn limit(self) -> Option<u32> {
        match self {
            Self::Auto | Self::All => None,
            Self::Count(count) => Some(count),
        }
    }

    const fn from_number(number: i64) -> Option<Self> {
        match number {
            -1 => Some(Self::Auto),
            i64::MIN..=-2 => Some(Self::All),
            0..=0x7FFF_FFFF => Some(Self::Count(number as u32)),
            _ => None,
        }
    }
}

/// What [`GpuLayers`] can be read from.
const GPU_LAYERS: &str = "\"auto\", \"all\" or a whole number from 0 to 2147483647";

impl FromStr for GpuLayers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "all" => Ok(Self::All),
            _ => {
                text.parse().ok().and_then(Self::from_number).ok_or_else(|| format!("expected {GPU_LAYERS}"))
            }
        }
    }
}

impl fmt::Display for GpuLayers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::All => f.write_str("all"),
            Self::Count(count) => count.fmt(f),
        }
    }
}

impl Serialize for GpuLayers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_u32(*count),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for GpuLayers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrNumber {
            expected: GPU_LAYERS,
            word: |text| text.parse().ok(),
            number: Self::from_number,
        })
    }
}

/// A type the KV cache can hold, with ggml's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are ggml's and say it all")]
pub enum CacheType {
    F32,
    #[default]
    F16,
    Bf16,
    #[serde(rename = "q8_0")]
    Q8_0,
    #[serde(rename = "q4_0")]
    Q4_0,
    #[serde(rename = "q4_1")]
    Q4_1,
    #[serde(rename = "iq4_nl")]
    Iq4Nl,
    #[serde(rename = "q5_0")]
    Q5_0,
    #[serde(rename = "q5_1")]
    Q5_1,
}

impl CacheType {
    /// Every type llama.cpp's command line takes, in its order.
    pub const ALL: [Self; 9] = [
        Self::F32,
        Self::F16,
        Self::Bf16,
        Self::Q8_0,
        Self::Q4_0,
        Self::Q4_1,
        Self::Iq4Nl,
        Self::Q5_0,
        Self::Q5_1,
    ];

    /// Bytes an element takes, from ggml's block sizes (ggml-common.h): `q8_0` packs 32 elements into 34 bytes.
    #[must_use]
    pub fn bytes_per_element(self) -> f64 {
        match self {
            Self::F32 => 4.0,
            Self::F16 | Self::Bf16 => 2.0,
            Self::Q8_0 => 34.0 / 32.0,
            Self::Q4_0 | Self::Iq4Nl => 18.0 / 32.0,
            Self::Q4_1 => 20.0 / 32.0,
            Self::Q5_0 => 22.0 / 32.0,
            Self::Q5_1 => 24.0 / 32.0,
        }
    }

    /// ggml's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q8_0 => "q8_0",
            Self::Q4_0 => "q4_0",
            Self::Q4_1 => "q4_1",
            Self::Iq4Nl => "iq4_nl",
            Self::Q5_0 => "q5_0",
            Self::Q5_1 => "q5_1",
        }
    }
}

/// Whether attention is computed in one fused pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashAttention {
    /// Where the backend can.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

impl FromStr for FlashAttention {
    type Err = String;

    /// llama.cpp's words for yes, no and auto (`is_truthy`, `is_falsey`, `is_autoy` in its common/arg.cpp).
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" | "enabled" | "true" | "1" => Ok(Self::On),
            "off" | "disabled" | "false" | "0" => Ok(Self::Off),
            "auto" | "-1" => Ok(Self::Auto),
            _ => Err("expected on, off or auto".to_owned()),
        }
    }
}

/// Reads a value that is a word or a whole number.
pub(super) struct WordOrNumber<T> {
    pub(super) expected: &'static str,
    pub(super) word: fn(&str) -> Option<T>,
    pub(super) number: fn(i64) -> Option<T>,
}

impl<T> serde::de::Visitor<'_> for WordOrNumber<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.word)(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        (self.number)(number).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
