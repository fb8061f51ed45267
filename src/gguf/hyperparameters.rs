//! The numbers that give a model its shape, held against what llama.cpp asserts about them.
//!
//! The checks follow `load_hparams` of llama.cpp's llama-model.cpp and the assertions of its graphs.

use super::{
    architecture::{self, Memory},
    error::{Fault, quoted},
    experts,
    metadata::Metadata,
};

/// llama.cpp's `LLAMA_MAX_LAYERS`.
const MOST_LAYERS: u32 = 512;
/// Far above any model; keeps products of these numbers inside 63 bits.
const MOST_WIDTH: u32 = 1 << 20;
/// Likewise.
const MOST_HEADS: u32 = 1 << 16;
/// Positions are signed 32-bit numbers in llama.cpp.
const MOST_CONTEXT: u32 = i32::MAX as u32;

/// The shape of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hyperparameters {
    pub(super) block_count: u32,
    pub(super) context_length: u32,
    pub(super) embedding_length: u32,
    /// Query heads of each block; 0 where a block has no attention.
    pub(super) head_count: Vec<u32>,
    /// Key and value heads of each block.
    pub(super) head_count_kv: Vec<u32>,
    pub(super) key_length: u32,
    pub(super) value_length: u32,
    pub(super) sliding_window: Option<u32>,
}

impl Hyperparameters {
    /// Reads and checks what `metadata` says about a model of architecture `arch`.
    pub(super) fn read(metadata: &Metadata, arch: &str, memory: Memory) -> Result<Self, Fault> {
        let reader = Reader { metadata, arch };
        let block_count = reader.required("block_count", MOST_LAYERS)?;
        reader.check_draft_blocks(block_count)?;
        let embedding_length = reader.required("embedding_length", MOST_WIDTH)?;
        let context_length = reader.required("context_length", MOST_CONTEXT)?;
        experts::check(metadata, arch, block_count)?;
        let (head_count, head_count_kv) = reader.heads(block_count, memory)?;
        let (key_length, value_length) = reader.head_sizes(embedding_length, head_count[0])?;
        reader.check_rope(head_count[0], key_length)?;
        reader.check_norms()?;
        reader.check_state_space(embedding_length)?;
        metadata.per_layer(&reader.key("feed_forward_length"), block_count)?;
        metadata.u32(&reader.key("vocab_size"))?;
        let sliding_window =
            metadata.u32(&reader.key("attention.sliding_window"))?.filter(|&window| window > 0);
        Ok(Self {
            block_count,
            context_length,
            embedding_length,
            head_count,
            head_count_kv,
            key_length,
            value_length,
            sliding_window,
        })
    }
}

struct Reader<'a> {
    metadata: &'a Metadata,
    arch: &'a str,
}

impl Reader<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.arch)
    }

    /// A number that has to be there, from 1 to `most`.
    fn required(&self, name: &str, most: u32) -> Result<u32, Fault> {
        self.optional(name, most)?.ok_or_else(|| Fault::MissingKey { key: self.key(name) })
    }

    /// A number from 1 to `most`, if it is there.
    fn optional(&self, name: &str, most: u32) -> Result<Option<u32>, Fault> {
        let key = self.key(name);
        match self.metadata.u32(&key)? {
            Some(found) if found == 0 || found > most => Err(bad(key, found, format!("1 to {most}"))),
            found => Ok(found),
        }
    }

    /// Blocks that only predict further tokens come out of the block count, and some must remain.
    fn check_draft_blocks(&self, block_count: u32) -> Result<(), Fault> {
        let key = self.key("nextn_predict_layers");
        match self.metadata.u32(&key)? {
            Some(found) if found >= block_count => {
                Err(bad(key, found, format!("less than {block_count}, the number of blocks")))
            }
            _ => Ok(()),
        }
    }

    /// Query heads and KV heads of each block.
    fn heads(&self, layers: u32, memory: Memory) -> Result<(Vec<u32>, Vec<u32>), Fault> {
        let query_key = self.key("attention.head_count");
        let kv_key = self.key("attention.head_count_kv");
        let query = self.metadata.per_layer(&query_key, layers)?.unwrap_or_else(|| vec![0; layers as usize]);
        if matches!(memory, Memory::Attention | Memory::None) && query.iter().all(|&heads| heads == 0) {
            return Err(bad(query_key, 0, "at least 1".into()));
        }
        let kv = self.metadata.per_layer(&kv_key, layers)?.unwrap_or_else(|| query.clone());
        for (&query, &kv) in query.iter().zip(&kv) {
            if query > MOST_HEADS {
                return Err(bad(query_key, query, format!("at most {MOST_HEADS}")));
            }
            if query > 0 && kv > 0 && query % kv != 0 {
                return Err(bad(kv_key, kv, format!("a divisor of {query}, the number of heads")));
            }
            if kv > MOST_HEADS {
                return Err(bad(kv_key, kv, format!("at most {MOST_HEADS}")));
            }
        }
        Ok((query, kv))
    }

    /// Elements of a key and of a value of one head; 0 without attention.
    fn head_sizes(&self, width: u32, heads: u32) -> Result<(u32, u32), Fault> {
        let key_length = self.optional("attention.key_length", MOST_WIDTH)?;
        let value_length = self.optional("attention.value_length", MOST_WIDTH)?;
        if heads == 0 {
            return Ok((key_length.unwrap_or(0), value_length.unwrap_or(0)));
        }
        if width < heads && (key_length.is_none() || value_length.is_none()) {
            return Err(bad(self.key("attention.head_count"), heads, format!("at most {width}, the width")));
        }
        let key_length = key_length.unwrap_or(width / heads);
        let value_length = value_length.unwrap_or(width / heads);
        if key_length != value_length && architecture::keys_like_values(self.arch) {
            let key = self.key("attention.value_length");
            return Err(bad(
                key,
                value_length,
                format!("{key_length}, the key length, in a {} model", self.arch),
            ));
        }
        Ok((key_length, value_length))
    }

    fn check_rope(&self, heads: u32, key_length: u32) -> Result<(), Fault> {
        let scaling_key = self.key("rope.scaling.type");
        if let Some(scaling) = self.metadata.str(&scaling_key)?
            && !["none", "linear", "yarn", "longrope"].contains(&scaling)
        {
            let expected = "none, linear, yarn or longrope".into();
            return Err(Fault::BadValue { key: scaling_key, found: quoted(scaling), expected });
        }
        for name in ["rope.freq_base", "rope.scaling.factor", "rope.scale_linear", "rope.scaling.attn_factor"]
        {
            self.real(name, "a finite number", f32::is_finite)?;
        }
        self.metadata.bool(&self.key("rope.scaling.finetuned"))?;
        self.metadata.u32(&self.key("rope.scaling.original_context_length"))?;
        let dimensions_key = self.key("rope.dimension_count");
        match self.metadata.u32(&dimensions_key)? {
            Some(found) if found != key_length && heads > 0 && architecture::whole_key_rotates(self.arch) => {
                Err(bad(
                    dimensions_key,
                    found,
                    format!("{key_length}, the key length, in a {} model", self.arch),
                ))
            }
            Some(found) if found > MOST_WIDTH => {
                Err(bad(dimensions_key, found, format!("at most {MOST_WIDTH}")))
            }
            _ => Ok(()),
        }
    }

    /// A number with a fraction, if it is there, of which `holds` must be true.
    fn real(&self, name: &str, expected: &str, holds: impl Fn(f32) -> bool) -> Result<(), Fault> {
        let key = self.key(name);
        match self.metadata.f32(&key)? {
            Some(found) if !holds(found) => {
                Err(Fault::BadValue { key, found: found.to_string(), expected: expected.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// ggml asserts that what norms add to a variance is not negative.
    fn check_norms(&self) -> Result<(), Fault> {
        for name in ["layer_norm_epsilon", "layer_norm_rms_epsilon", "group_norm_epsilon"] {
            let name = format!("attention.{name}");
            self.real(&name, "0 or more", |epsilon| epsilon.is_finite() && epsilon >= 0.0)?;
        }
        Ok(())
    }

    /// Two hybrid architectures assert that their inner width is twice the model's.
    fn check_state_space(&self, width: u32) -> Result<(), Fault> {
        let key = self.key("ssm.inner_size");
        let inner = self.metadata.u32(&key)?;
        if matches!(self.arch, "jamba" | "granitehybrid") && inner != Some(2 * width) {
            return Err(bad(key, inner.unwrap_or(0), format!("{}, twice the width", 2 * width)));
        }
        Ok(())
    }
}

fn bad(key: String, found: u32, expected: String) -> Fault {
    Fault::BadValue { key, found: found.to_string(), expected }
}
