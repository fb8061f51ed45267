//! Well-known models by their published shapes: everything about them is computed.

use super::{kv::KvShape, projection::Projection};
use crate::gguf::BlockCache;

/// The shape of a model, as its makers publish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// Parameters, in millions.
    pub millions: u64,
    /// Width.
    pub width: u64,
    /// Tokens of the vocabulary.
    pub vocabulary: u64,
    /// Whether the output projection is the token embedding.
    pub tied: bool,
    /// Blocks.
    pub blocks: u32,
    /// What attention keeps of a token.
    pub attention: Attention,
    /// Tokens of context it was trained with.
    pub trained: u64,
}

/// What the blocks of a model keep of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Keys and values of so many heads of a size.
    Heads(u64, u64),
    /// The same; but only every so-manieth block looks back on everything, the others on a window.
    Windows {
        /// KV heads.
        heads: u64,
        /// Size of a head.
        size: u64,
        /// Every so-manieth block has no window.
        period: u32,
        /// Tokens of the window.
        window: u32,
    },
    /// One vector of so many elements for keys and values together (multi-head latent attention).
    Latent(u64),
}

/// The table.
pub const MODELS: [Known; 7] = [
    known("Llama-3-8B", 8_030, (4096, 128_256, false), 32, Attention::Heads(8, 128), 8_192),
    known("Llama-3-70B", 70_554, (8192, 128_256, false), 80, Attention::Heads(8, 128), 8_192),
    known("Qwen2.5-7B", 7_616, (3584, 152_064, false), 28, Attention::Heads(4, 128), 32_768),
    known("Qwen3-8B", 8_191, (4096, 151_936, false), 36, Attention::Heads(8, 128), 40_960),
    known("Qwen3-32B", 32_762, (5120, 151_936, false), 64, Attention::Heads(8, 128), 40_960),
    known(
        "Gemma-3-27B",
        27_009,
        (5376, 262_208, true),
        62,
        Attention::Windows { heads: 16, size: 128, period: 6, window: 1024 },
        131_072,
    ),
    known("DeepSeek-V3", 671_026, (7168, 129_280, false), 61, Attention::Latent(512 + 64), 163_840),
];

const fn known(
    name: &'static str,
    millions: u64,
    (width, vocabulary, tied): (u64, u64, bool),
    blocks: u32,
    attention: Attention,
    trained: u64,
) -> Known {
    Known { name, millions, width, vocabulary, tied, blocks, attention, trained }
}

impl Known {
    /// What its blocks keep of a text.
    #[must_use]
    pub fn kv(&self) -> KvShape {
        let block = |at: u32| match self.attention {
            Attention::Heads(heads, size) => block(heads * size, heads * size, None),
            Attention::Windows { heads, size, period, window } => {
                let windowed = at % period != period - 1;
                block(heads * size, heads * size, windowed.then_some(window))
            }
            Attention::Latent(size) => block(size, 0, None),
        };
        KvShape::new((0..self.blocks).map(block).collect())
    }

    /// Its output projection.
    #[must_use]
    pub fn projection(&self) -> Projection {
        Projection {
            width: self.width,
            vocabulary: self.vocabulary,
            tied: self.tied,
            parameters: self.millions * 1_000_000,
            bytes: None,
        }
    }

    /// Bytes of its weights at so many bits each.
    #[must_use]
    pub fn weights(&self, bits: f64) -> f64 {
        self.millions as f64 * 1e6 * bits / 8.0
    }
}

const fn block(keys: u64, values: u64, window: Option<u32>) -> BlockCache {
    BlockCache { keys, values, window, state: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::CacheType;

    const GIB: f64 = (1u64 << 30) as f64;

    fn of(name: &str) -> &'static Known {
        MODELS.iter().find(|known| known.name == name).unwrap()
    }

    #[test]
    fn a_text_of_131072_tokens_in_gibibytes_by_hand() {
        // Layers × KV heads × head size × 2 × 2 B × tokens: 32 × 8 × 128 × 2 × 2 × 2¹⁷ = 2³⁴.
        for (name, gib) in [
            ("Llama-3-8B", 16.0),
            ("Llama-3-70B", 40.0),
            ("Qwen2.5-7B", 7.0),
            ("Qwen3-8B", 18.0),
            ("Qwen3-32B", 32.0),
        ] {
            let bytes = of(name).kv().bytes(131_072, CacheType::F16);
            assert!((bytes.total() / GIB - gib).abs() < 1e-9, "{name}: {bytes:?}");
        }
    }

    #[test]
    fn windows_keep_what_they_look_back_on() {
        let gemma = of("Gemma-3-27B").kv();
        assert_eq!(gemma.counts(), (10, 52, 0));
        let bytes = gemma.bytes(131_072, CacheType::F16);
        assert!((bytes.full / GIB - 10.0).abs() < 1e-9, "{bytes:?}");
        // 52 layers × 1,024 tokens × 16 × 128 × 2 × 2 B.
        assert!((bytes.windowed - 52.0 * 1024.0 * 8192.0).abs() < 1e-6, "{bytes:?}");
        // Without windows all 62 would keep everything.
        let without: Vec<_> =
            gemma.blocks().iter().map(|block| BlockCache { window: None, ..*block }).collect();
        assert!((KvShape::new(without).bytes(131_072, CacheType::F16).total() / GIB - 62.0).abs() < 1e-9);
        // A text shorter than the window takes as much in every layer.
        assert!((gemma.bytes(1000, CacheType::F16).total() - 62.0 * 8192.0 * 1000.0).abs() < 1e-6);
    }

    #[test]
    fn latent_attention_keeps_one_vector() {
        let bytes = of("DeepSeek-V3").kv().bytes(131_072, CacheType::F16);
        assert!((bytes.total() - 61.0 * 576.0 * 2.0 * 131_072.0).abs() < 1e-6);
        assert!((bytes.total() / GIB - 8.58).abs() < 0.01);
    }

    #[test]
    fn other_types_take_their_blocks() {
        let llama = of("Llama-3-8B").kv();
        // 32 elements in 34 bytes, and in 18.
        assert!((llama.first_token(CacheType::F16) - 131_072.0).abs() < 1e-9);
        assert!((llama.first_token(CacheType::Q8_0) - 131_072.0 * 34.0 / 64.0).abs() < 1e-9);
        assert!((llama.first_token(CacheType::Q4_0) - 131_072.0 * 18.0 / 64.0).abs() < 1e-9);
        assert_eq!(llama.formula(CacheType::F16), "32 layers × 1024 × 2 (K, V) × 2 B");
    }

    #[test]
    fn the_share_of_the_output_projection() {
        // 4,096 × 128,256 of 8.03 thousand million.
        let share = of("Llama-3-8B").projection().share();
        assert!((share - 0.0654).abs() < 1e-4, "{share}");
    }
}
