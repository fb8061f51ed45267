//! What is added to single logits before the chain, and on whose account.

use std::fmt;

use llama_cpp_2::token::{LlamaToken, logit_bias::LlamaLogitBias};

use super::{ChainModel, SamplingSettings};
use crate::token::Token;

/// Why a token's logit is changed before the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BiasCause {
    /// A user set it (`--logit-bias`).
    Asked,
    /// It ends generation, and end tokens are to be ignored (`--ignore-eos`).
    IgnoreEos,
    /// The model's file asks to suppress it.
    Suppressed,
}

impl fmt::Display for BiasCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "a logit bias",
            Self::IgnoreEos => "end tokens are ignored",
            Self::Suppressed => "the model's file suppresses it",
        })
    }
}

/// A bias with its cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bias {
    pub(super) token: Token,
    pub(super) added: f32,
    pub(super) cause: BiasCause,
}

impl Bias {
    fn ban(token: Token, cause: BiasCause) -> Self {
        Self { token, added: f32::NEG_INFINITY, cause }
    }

    pub(super) fn to_llama(self) -> LlamaLogitBias {
        LlamaLogitBias::new(LlamaToken(self.token.to_llama()), self.added)
    }
}

/// What to say of a bias or ban of a token that a vocabulary of `n_vocab` tokens does not have, the first of them: like
/// llama.cpp, the chain passes it over. None where there is none.
#[must_use]
pub fn without_effect(settings: &SamplingSettings, n_vocab: usize) -> Option<String> {
    let beyond = settings.logit_bias.iter().find(|bias| bias.token.index() >= n_vocab)?;
    let last = n_vocab.saturating_sub(1);
    Some(format!(
        "This model has no token {}, only 0 to {last}: its bias or ban has no effect.",
        beyond.token.0
    ))
}

/// Every bias: the user's, the end tokens that `ignore_eos` bans, and the tokens that the model's file asks to suppress.
pub(super) fn all<'a>(
    settings: &'a SamplingSettings,
    model: &'a ChainModel,
) -> impl Iterator<Item = Bias> + 'a {
    let asked = settings.logit_bias.iter().filter(|bias| bias.token.index() < model.n_vocab);
    let asked = asked.map(|bias| Bias { token: bias.token, added: bias.bias, cause: BiasCause::Asked });
    let eog = model.eog.iter().filter(|_| settings.ignore_eos);
    let eog = eog.map(|&token| Bias::ban(token, BiasCause::IgnoreEos));
    let suppressed = model.suppressed.iter().map(|&token| Bias::ban(token, BiasCause::Suppressed));
    asked.chain(eog).chain(suppressed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::LogitBias;

    #[test]
    fn a_bias_of_a_token_that_is_not_there_is_reported() {
        let bias = |token| LogitBias { token: Token(token), bias: 1.0 };
        let mut settings = SamplingSettings { logit_bias: vec![bias(3), bias(9)], ..Default::default() };
        let told = without_effect(&settings, 10);
        assert_eq!(told, None);
        settings.logit_bias.push(bias(10));
        let told = without_effect(&settings, 10);
        assert_eq!(
            told.as_deref(),
            Some("This model has no token 10, only 0 to 9: its bias or ban has no effect.")
        );
    }
}
