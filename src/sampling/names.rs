//! The names a user may write for samplers and mirostat: llama.cpp's, with its aliases and letters.

use super::{LogitBias, Mirostat, SamplerKind};
use crate::token::Token;

impl SamplerKind {
    /// The kind behind one of llama.cpp's names, in any case: `top_k`, `top-k`, `topk`, `nucleus`, `temp`, `typ`, …
    /// (`common_sampler_types_from_names` in its common/sampling.cpp; `typical` besides, the name of its flag).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        Some(match name.as_str() {
            "penalties" => Self::Penalties,
            "dry" => Self::Dry,
            "top_n_sigma" | "top-n-sigma" | "topnsigma" => Self::TopNSigma,
            "top_k" | "top-k" | "topk" => Self::TopK,
            "typ_p" | "typ-p" | "typp" | "typ" | "typical" => Self::TypicalP,
            "top_p" | "top-p" | "topp" | "nucleus" => Self::TopP,
            "min_p" | "min-p" | "minp" => Self::MinP,
            "xtc" => Self::Xtc,
            "temperature" | "temp" => Self::Temperature,
            _ => return None,
        })
    }

    /// The letter `--sampling-seq` takes for this kind; all nine in default order spell `edskypmxt`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Penalties => 'e',
            Self::Dry => 'd',
            Self::TopNSigma => 's',
            Self::TopK => 'k',
            Self::TypicalP => 'y',
            Self::TopP => 'p',
            Self::MinP => 'm',
            Self::Xtc => 'x',
            Self::Temperature => 't',
        }
    }

    /// A chain from names separated by `;`. No names at all is the empty chain: only the draw.
    ///
    /// llama.cpp warns about a name it does not know and goes on without it; here that is an error, because a chain
    /// that is not what was asked for shows other numbers.
    pub fn parse_names(text: &str) -> Result<Vec<Self>, String> {
        text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(Self::named).collect()
    }

    fn named(name: &str) -> Result<Self, String> {
        Self::parse(name).ok_or_else(|| {
            if matches!(name, "adaptive_p" | "adaptive-p") {
                return "llama.cpp's adaptive-p is not available here: the Rust binding does not offer it; leave it out"
                    .to_owned();
            }
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no sampler \"{name}\"; the samplers are {names}, separated by \";\"")
        })
    }

    /// A chain from letters, as in `edskypmxt`.
    pub fn parse_letters(text: &str) -> Result<Vec<Self>, String> {
        let kind = |letter| Self::ALL.into_iter().find(|kind| kind.letter() == letter);
        text.chars()
            .map(|letter| {
                kind(letter).ok_or_else(|| {
                    let letters = Self::ALL.map(|kind| format!("{} {}", kind.letter(), kind.name()));
                    format!("there is no sampler letter \"{letter}\"; the letters are {}", letters.join(", "))
                })
            })
            .collect()
    }
}

impl Mirostat {
    /// The algorithm behind llama.cpp's number: 0 off, 1, or 2.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::Off),
            1 => Some(Self::V1),
            2 => Some(Self::V2),
            _ => None,
        }
    }

    /// llama.cpp's number of the algorithm.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::Off => 0,
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }
}

impl LogitBias {
    /// A bias as `--logit-bias` takes it: `TOKEN_ID+BIAS` or `TOKEN_ID-BIAS`; `-inf` bans the token.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("\"{text}\" is not TOKEN_ID+BIAS or TOKEN_ID-BIAS, as in 15043+1, 15043-1 or 15043-inf")
        };
        let split = text.find(['+', '-']).ok_or_else(wrong)?;
        let (id, signed) = text.split_at(split);
        let (sign, magnitude) = signed.split_at(1);
        let id = id.trim().parse::<u32>().map_err(|_| wrong())?;
        let magnitude = magnitude.trim().parse::<f32>().map_err(|_| wrong())?;
        let bias = if sign == "-" { -magnitude } else { magnitude };
        Ok(Self { token: Token(id), bias })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_letter_finds_its_kind() {
        for kind in SamplerKind::ALL {
            assert_eq!(SamplerKind::parse(kind.name()), Some(kind));
            assert_eq!(SamplerKind::parse(kind.label()), Some(kind));
            assert_eq!(SamplerKind::parse(&kind.name().to_uppercase()), Some(kind));
        }
        assert_eq!(SamplerKind::parse_letters("edskypmxt"), Ok(SamplerKind::ALL.to_vec()));
    }

    #[test]
    fn aliases_and_lists() {
        use SamplerKind::{Temperature, TopP, TypicalP};
        assert_eq!(SamplerKind::parse_names("temp;nucleus; typ"), Ok(vec![Temperature, TopP, TypicalP]));
        assert_eq!(SamplerKind::parse_names(""), Ok(vec![]));
        let error = SamplerKind::parse_names("top_k;infill").expect_err("not one of ours");
        assert!(error.starts_with("there is no sampler \"infill\""), "{error}");
        let error = SamplerKind::parse_names("top_k;adaptive_p").expect_err("out of reach");
        assert!(error.starts_with("llama.cpp's adaptive-p is not available"), "{error}");
        let error = SamplerKind::parse_letters("kz").expect_err("no such letter");
        assert!(error.starts_with("there is no sampler letter \"z\""), "{error}");
    }

    #[test]
    fn biases() {
        let bias = |token, bias| Ok(LogitBias { token: Token(token), bias });
        assert_eq!(LogitBias::parse("300+3"), bias(300, 3.0));
        assert_eq!(LogitBias::parse("262-5.5"), bias(262, -5.5));
        assert_eq!(LogitBias::parse("2-inf"), bias(2, f32::NEG_INFINITY));
        assert_eq!(LogitBias::parse("7+1e-3"), bias(7, 0.001));
        for wrong in ["", "+", "300", "x+1", "-1+2", "3+", "3+y", "99999999999+1"] {
            assert!(LogitBias::parse(wrong).is_err(), "{wrong}");
        }
    }
}
