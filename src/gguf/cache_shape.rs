//! What each block of a model keeps of the tokens before: keys and values, of all tokens or of a window, or a state.
//!
//! The patterns are those of llama.cpp's `src/models/*.cpp`, in the version this program is built with.

use super::{architecture::Memory, error::Fault, hyperparameters::Hyperparameters, metadata::Metadata};

/// What one block keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockCache {
    /// Elements of the keys of one token; 0 where it keeps none.
    pub keys: u64,
    /// Elements of the values of one token; 0 where it keeps none, or reads them out of the keys (latent attention).
    pub values: u64,
    /// Tokens that it looks back on; None for all.
    pub window: Option<u32>,
    /// Elements (32-bit floats) of a recurrent state, whatever the text's length; 0 without one.
    pub state: u64,
}

/// Where windows lie when the file does not say: every `period`-th block looks back on everything.
struct Windows {
    period: u32,
    /// The first of each period looks back on everything, else the last.
    dense_first: bool,
    /// Where the file names no window.
    default: u32,
}

const fn windows(period: u32, dense_first: bool, default: u32) -> Windows {
    Windows { period, dense_first, default }
}

/// The windows of an architecture; None where llama.cpp minds none, whatever the file says.
fn windows_of(arch: &str, blocks: u32) -> Option<Windows> {
    Some(match arch {
        "gemma2" => windows(2, false, 4096),
        "gemma3" => windows(6, false, 0),
        "gemma3n" => windows(5, false, 0),
        "gpt-oss" => windows(2, false, 0),
        "plamo3" => windows(8, false, 0),
        "afmoe" | "cohere2" | "olmo2" | "mellum" | "muse-glimmer" => windows(4, false, 0),
        "exaone4" if blocks == 64 => windows(4, false, 4096),
        "exaone-moe" => windows(4, false, 128),
        "llama4" => windows(4, false, 8192),
        "cohere2moe" | "laguna" | "smallthinker" => windows(4, true, 0),
        // Every block with attention.
        "lfm2" => windows(0, false, 0),
        // The file lists the blocks.
        "gemma4" | "maple" | "mimo2" | "step35" | "spark2_5" | "granite_swa" | "dots3note" => {
            windows(1, false, 0)
        }
        _ => return None,
    })
}

/// What every block keeps.
pub(super) fn read(
    metadata: &Metadata,
    arch: &str,
    memory: Memory,
    shape: &Hyperparameters,
) -> Result<Vec<BlockCache>, Fault> {
    let reader = Reader { metadata, arch, shape };
    if memory == Memory::None {
        return Ok(Vec::new());
    }
    let latent = ["key_length_mla", "value_length_mla"]
        .iter()
        .all(|name| reader.number(&format!("attention.{name}")) > 0);
    let (windows, state, with_cache) = (reader.windows(), reader.state(), reader.with_cache());
    let recurrent = reader.recurrent(memory)?;
    let block = |at: usize| {
        let heads = u64::from(shape.head_count_kv[at]);
        // Falcon-H1 has both in every block.
        let both = arch == "falcon-h1";
        let attention = memory != Memory::Recurrent && (!recurrent[at] || both) && at < with_cache;
        let windowed = windows[at].is_some();
        let of = |name: &str, size: u32, kept: bool| match reader.number(name) {
            _ if !attention || !kept => 0,
            own if windowed && own > 0 => heads * own,
            _ => heads * u64::from(size),
        };
        BlockCache {
            keys: of("attention.key_length_swa", shape.key_length, true),
            values: of("attention.value_length_swa", shape.value_length, !latent),
            window: windows[at].filter(|_| attention),
            state: if recurrent[at] { state } else { 0 },
        }
    };
    Ok((0..shape.block_count as usize).map(block).collect())
}

struct Reader<'a> {
    metadata: &'a Metadata,
    arch: &'a str,
    shape: &'a Hyperparameters,
}

impl Reader<'_> {
    /// A number; 0 where it is not there, or is of a type that llama.cpp would not read.
    fn number(&self, name: &str) -> u64 {
        let key = format!("{}.{name}", self.arch);
        self.metadata.u32(&key).ok().flatten().map_or(0, u64::from)
    }

    /// A flag for each block, if they are listed.
    fn flags(&self, name: &str) -> Option<Vec<bool>> {
        let listed = self.metadata.flags(&format!("{}.{name}", self.arch))?;
        (listed.len() == self.shape.block_count as usize).then_some(listed)
    }

    /// The window of each block.
    fn windows(&self) -> Vec<Option<u32>> {
        let blocks = self.shape.block_count;
        let none = vec![None; blocks as usize];
        let Some(rule) = windows_of(self.arch, blocks) else { return none };
        let window = self.shape.sliding_window.unwrap_or(rule.default);
        if window == 0 {
            return none;
        }
        if let Some(listed) = self.flags("attention.sliding_window_pattern") {
            return listed.into_iter().map(|windowed| windowed.then_some(window)).collect();
        }
        let period = self.metadata.u32(&format!("{}.attention.sliding_window_pattern", self.arch));
        let period = period.ok().flatten().unwrap_or(rule.period);
        let dense = |block: u32| match (period, rule.dense_first) {
            (0, _) => false,
            (period, true) => block.is_multiple_of(period),
            (period, false) => block % period == period - 1,
        };
        (0..blocks).map(|block| (!dense(block)).then_some(window)).collect()
    }

    /// Blocks that have keys and values of their own; those after them read what others keep.
    fn with_cache(&self) -> usize {
        let blocks = self.shape.block_count as usize;
        match self.arch {
            "gemma3n" => blocks.min(20),
            _ => blocks.saturating_sub(self.number("attention.shared_kv_layers") as usize),
        }
    }

    /// Whether each block has a recurrent state.
    fn recurrent(&self, memory: Memory) -> Result<Vec<bool>, Fault> {
        let blocks = self.shape.block_count as usize;
        if memory != Memory::Hybrid {
            return Ok(vec![memory == Memory::Recurrent; blocks]);
        }
        if self.arch == "falcon-h1" {
            return Ok(vec![true; blocks]);
        }
        if matches!(self.arch, "qwen3next" | "qwen35" | "qwen35moe" | "qwen4exp" | "minimax-01") {
            if let Some(listed) = self.flags("attention.recurrent_layers") {
                return Ok(listed);
            }
            let every = self.number("full_attention_interval") as usize;
            let every = if every == 0 { 4 } else { every };
            return Ok((1..=blocks).map(|block| block % every != 0).collect());
        }
        let feeds = self.metadata.per_layer(&format!("{}.feed_forward_length", self.arch), blocks as u32)?;
        let feeds = feeds.unwrap_or_else(|| vec![1; blocks]);
        // In Nemotron-H a block with neither attention nor a state is a feed-forward alone.
        let alone = self.arch.starts_with("nemotron_h");
        let recurrent = |at: usize| self.shape.head_count_kv[at] == 0 && !(alone && feeds[at] > 0);
        Ok((0..blocks).map(recurrent).collect())
    }

    /// Elements of the state of one recurrent block (`n_embd_r` and `n_embd_s` of llama-hparams.cpp).
    fn state(&self) -> u64 {
        let product = |factors: &[u64]| factors.iter().fold(1u64, |product, &by| product.saturating_mul(by));
        let width = u64::from(self.shape.embedding_length);
        let head_size = self.number("wkv.head_size");
        if head_size > 0 {
            let shifts = self.number("token_shift_count");
            return product(&[width, if shifts == 0 { 2 } else { shifts }.saturating_add(head_size)]);
        }
        let (kernel, short) = (self.number("ssm.conv_kernel"), self.number("shortconv.l_cache"));
        if short > 0 {
            return product(&[width, short - 1]);
        }
        let head = self.number("kda.head_dim");
        if head > 0 {
            let heads = u64::from(self.shape.head_count.iter().copied().max().unwrap_or(0));
            let before = if kernel == 0 { 3 } else { kernel - 1 };
            return product(&[3, before, heads, head]).saturating_add(product(&[head, head, heads]));
        }
        let (inner, state) = (self.number("ssm.inner_size"), self.number("ssm.state_size"));
        let channels = inner.saturating_add(product(&[2, self.number("ssm.group_count"), state]));
        product(&[kernel.saturating_sub(1), channels]).saturating_add(product(&[state, inner]))
    }
}
