//! Whether a model fits into memory.

use super::Card;
use crate::settings::ModelSettings;

/// llama.cpp rounds the size of a context up to a multiple of this.
const CONTEXT_STEP: u64 = 256;

/// What a model needs, its weights and the KV cache of one path at the context that is set, against what is free. Buffers for
/// computing, which depend on the hardware, come on top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Bytes of the weights.
    pub weights: u64,
    /// Bytes of the KV cache.
    pub kv: u64,
    /// Tokens of the context.
    pub context: u64,
    /// Bytes that are free; None where nobody says.
    pub free: Option<u64>,
    /// The largest context that fits, if the present one does not and a shorter one does.
    pub shorter: Option<u64>,
}

impl Fit {
    /// All bytes that are needed.
    #[must_use]
    pub fn needed(&self) -> u64 {
        self.weights.saturating_add(self.kv)
    }

    /// `fits, 1.2 GiB`, `too large, 40 GiB`, `40 GiB; fits with -c 8192`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let needed = crate::text::bytes(self.needed() as f64);
        match (self.fits(), self.shorter) {
            (None, _) => needed,
            (Some(true), _) => format!("fits, {needed}"),
            (Some(false), Some(tokens)) => format!("{needed}; fits with -c {tokens}"),
            (Some(false), None) => format!("too large, {needed}"),
        }
    }

    /// Whether it fits; None where that is not known.
    #[must_use]
    pub fn fits(&self) -> Option<bool> {
        self.free.map(|free| self.needed() <= free)
    }
}

/// What the model of a card needs with these settings, where so many bytes are free.
#[must_use]
pub fn fit(card: &Card, settings: &ModelSettings, free: Option<u64>) -> Fit {
    let [keys, values] = card.kv_elements.map(|elements| elements as f64);
    let token =
        keys * settings.cache_type_k.bytes_per_element() + values * settings.cache_type_v.bytes_per_element();
    let tokens = if settings.ctx_size == 0 { card.context_length } else { settings.ctx_size };
    let context = u64::from(tokens).next_multiple_of(CONTEXT_STEP);
    let kv = (token * context as f64) as u64;
    let left = free.and_then(|free| free.checked_sub(card.size));
    let shorter =
        left.filter(|left| kv > *left).map(|left| (left as f64 / token) as u64 / CONTEXT_STEP * CONTEXT_STEP);
    Fit { weights: card.size, kv, context, free, shorter: shorter.filter(|tokens| *tokens > 0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::CacheType;

    /// 1 KiB of keys and values a token in f16, 1 MiB of weights.
    fn card() -> Card {
        Card {
            architecture: "llama".into(),
            name: None,
            parameters: 1 << 20,
            quantisation: None,
            context_length: 1000,
            chat_template: false,
            diffusion: false,
            size: 1 << 20,
            kv_elements: [256, 256],
        }
    }

    #[test]
    fn weights_and_cache_by_hand() {
        let settings = ModelSettings::default();
        let all = fit(&card(), &settings, Some(2 << 20));
        assert_eq!(
            (all.context, all.kv, all.needed()),
            (1024, 1 << 20, 2 << 20),
            "rounded up to 1,024 tokens"
        );
        assert_eq!((all.fits(), all.shorter), (Some(true), None));
        let less = fit(&card(), &settings, Some((2 << 20) - 1));
        assert_eq!((less.fits(), less.shorter), (Some(false), Some(768)));
        let none = fit(&card(), &settings, Some((1 << 20) + 1000));
        assert_eq!((none.fits(), none.shorter), (Some(false), None), "not even 256 tokens");
        assert_eq!(fit(&card(), &settings, Some(5)).shorter, None);
        assert_eq!(fit(&card(), &settings, None).fits(), None);
    }

    #[test]
    fn the_context_and_the_types_that_are_set_count() {
        let settings =
            ModelSettings { ctx_size: 512, cache_type_k: CacheType::Q8_0, ..ModelSettings::default() };
        // 256 keys in 8 blocks of 34 bytes, 256 values of 2 bytes.
        assert_eq!(fit(&card(), &settings, None).kv, 512 * (8 * 34 + 512));
        let diffusion = Card { kv_elements: [0, 0], ..card() };
        assert_eq!(fit(&diffusion, &settings, Some(1 << 20)).fits(), Some(true));
    }
}
