//! Writes models of any shape with random weights, so that speed can be measured without downloading anything.
//!
//! The weights are quantised to `Q8_0` and scaled so that activations stay around 1 and logits have a spread of
//! [`LOGIT_SPREAD`]: finite, and neither flat nor a spike. What such a model writes is noise; what it costs is what a
//! trained model of its shape costs.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// Standard deviation of the logits.
const LOGIT_SPREAD: f64 = 2.5;
/// Where tensors begin in the file: multiples of this.
const ALIGNMENT: u64 = 32;
/// Elements and bytes of a `Q8_0` block: a half-precision scale and 32 signed bytes.
const BLOCK: u64 = 32;
const BLOCK_BYTES: u64 = 2 + BLOCK;
/// Standard deviation of a byte that is uniform from −128 to 127.
const BYTE_SPREAD: f64 = 73.9;
/// The end token, after one token for each byte.
const END_TOKEN: &str = "<|endoftext|>";
/// A few merges, so that the tokenizer has something to merge; `Ġ` stands for a space.
const MERGES: [(&str, &str); 3] = [("t", "h"), ("th", "e"), ("Ġ", "the")];

/// The architectures that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Llama.
    Llama,
    /// Qwen2: like Llama, with biases on queries, keys and values.
    Qwen2,
    /// Mamba: a state in place of a KV cache. Of the shape, heads and feed-forward say nothing here.
    Mamba,
}

/// Values of a Mamba state for each of its channels, tokens that its convolution sees, and the rank of its step.
const STATE: u32 = 16;
const CONVOLUTION: u32 = 4;
const STEP_RANK: u32 = 32;

impl Architecture {
    const fn name(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Qwen2 => "qwen2",
            Self::Mamba => "mamba",
        }
    }
}

/// The shape of a model. Its output is tied to its embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Which architecture.
    pub architecture: Architecture,
    /// Number of blocks.
    pub blocks: u32,
    /// Width; a multiple of 32 and of `heads`.
    pub width: u32,
    /// Query heads; a multiple of `kv_heads`.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// Inner width of the feed-forward; a multiple of 32.
    pub feed_forward: u32,
    /// Tokens in the vocabulary, at least 260.
    pub vocabulary: u32,
    /// Tokens of context.
    pub context: u32,
}

impl Shape {
    /// The shape of Qwen2.5-0.5B; as `Q8_0` about 530 MB.
    pub const HALF_BILLION: Self = Self {
        architecture: Architecture::Qwen2,
        blocks: 24,
        width: 896,
        heads: 14,
        kv_heads: 2,
        feed_forward: 4864,
        vocabulary: 151_936,
        context: 32_768,
    };

    /// Number of weights and biases.
    pub fn parameters(&self) -> u64 {
        self.tensors().iter().map(Tensor::elements).sum()
    }

    fn check(&self) -> io::Result<()> {
        let fewest_tokens = (256 + 1 + MERGES.len()) as u32;
        let rules = [
            (self.blocks > 0 && self.context > 0, "blocks and context must be at least 1"),
            (self.heads > 0 && self.width.is_multiple_of(self.heads), "width must be a multiple of heads"),
            (
                self.heads > 0 && (self.width / self.heads).is_multiple_of(2),
                "the size of a head must be even",
            ),
            (
                self.kv_heads > 0 && self.heads.is_multiple_of(self.kv_heads),
                "heads must be a multiple of kv_heads",
            ),
            (self.width > 0 && self.width.is_multiple_of(32), "width must be a multiple of 32"),
            (
                self.feed_forward > 0 && self.feed_forward.is_multiple_of(32),
                "feed_forward must be a multiple of 32",
            ),
            (self.vocabulary >= fewest_tokens, "vocabulary must be at least 260"),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(io::Error::new(io::ErrorKind::InvalidInput, *rule)),
            None => Ok(()),
        }
    }

    /// All tensors in the order of the file.
    fn tensors(&self) -> Vec<Tensor> {
        let width = u64::from(self.width);
        let kv_width = u64::from(self.width / self.heads * self.kv_heads);
        let feed_forward = u64::from(self.feed_forward);
        let mut tensors = vec![
            // Tied: its rows, times a state of elements around 1, are the logits.
            Tensor {
                name: "token_embd.weight".into(),
                columns: width,
                rows: u64::from(self.vocabulary),
                fill: Fill::Quantised { spread: LOGIT_SPREAD / (width as f64).sqrt() },
            },
            Tensor::ones("output_norm.weight".into(), width),
        ];
        for block in 0..self.blocks {
            if self.architecture == Architecture::Mamba {
                tensors.extend(mamba_block(block, width));
                continue;
            }
            let name = |part: &str| format!("blk.{block}.{part}");
            tensors.push(Tensor::ones(name("attn_norm.weight"), width));
            for (part, rows) in [("attn_q", width), ("attn_k", kv_width), ("attn_v", kv_width)] {
                tensors.push(Tensor::matrix(name(&format!("{part}.weight")), width, rows));
                if self.architecture == Architecture::Qwen2 {
                    tensors.push(Tensor::bias(name(&format!("{part}.bias")), rows));
                }
            }
            tensors.push(Tensor::matrix(name("attn_output.weight"), width, width));
            tensors.push(Tensor::ones(name("ffn_norm.weight"), width));
            tensors.push(Tensor::matrix(name("ffn_gate.weight"), width, feed_forward));
            tensors.push(Tensor::matrix(name("ffn_up.weight"), width, feed_forward));
            tensors.push(Tensor::matrix(name("ffn_down.weight"), feed_forward, width));
        }
        tensors
    }
}

/// The tensors of a Mamba block with twice as many channels as the model is wide.
fn mamba_block(block: u32, width: u64) -> Vec<Tensor> {
    let name = |part: &str| format!("blk.{block}.{part}");
    let (inner, state, rank) = (2 * width, u64::from(STATE), u64::from(STEP_RANK));
    let floats = |part: &str, columns, rows, fill| Tensor { name: name(part), columns, rows, fill };
    vec![
        Tensor::ones(name("attn_norm.weight"), width),
        Tensor::matrix(name("ssm_in.weight"), width, 2 * inner),
        floats("ssm_conv1d.weight", u64::from(CONVOLUTION), inner, Fill::Bias),
        Tensor::bias(name("ssm_conv1d.bias"), inner),
        Tensor::matrix(name("ssm_x.weight"), inner, rank + 2 * state),
        Tensor::matrix(name("ssm_dt.weight"), rank, inner),
        Tensor::bias(name("ssm_dt.bias"), inner),
        floats("ssm_a", state, inner, Fill::Decay),
        Tensor::ones(name("ssm_d"), inner),
        Tensor::matrix(name("ssm_out.weight"), inner, width),
    ]
}

/// Writes a model of `shape` to `path` and returns the number of bytes. The same seed gives the same file.
pub fn write(path: &Path, shape: &Shape, seed: u64) -> io::Result<u64> {
    shape.check()?;
    let tensors = shape.tensors();
    let mut random = Random::new(seed);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut header = header(shape, &tensors);
    header.resize(header.len().next_multiple_of(ALIGNMENT as usize), 0);
    out.write_all(&header)?;
    let mut written = header.len() as u64;
    for tensor in &tensors {
        tensor.write_data(&mut out, &mut random)?;
        let padding = tensor.padded_bytes() - tensor.bytes();
        out.write_all(&[0; ALIGNMENT as usize][..padding as usize])?;
        written += tensor.padded_bytes();
    }
    out.flush()?;
    Ok(written)
}

fn header(shape: &Shape, tensors: &[Tensor]) -> Vec<u8> {
    let metadata = Metadata::of(shape);
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend(metadata.pairs.to_le_bytes());
    bytes.extend(metadata.bytes);
    let mut offset = 0;
    for tensor in tensors {
        string(&mut bytes, &tensor.name);
        let shape = if tensor.rows == 1 { vec![tensor.columns] } else { vec![tensor.columns, tensor.rows] };
        bytes.extend((shape.len() as u32).to_le_bytes());
        bytes.extend(shape.iter().flat_map(|length| length.to_le_bytes()));
        bytes.extend(tensor.fill.ggml_type().to_le_bytes());
        bytes.extend(u64::to_le_bytes(offset));
        offset += tensor.padded_bytes();
    }
    bytes
}

/// Key-value pairs, as they are written.
#[derive(Default)]
struct Metadata {
    pairs: u64,
    bytes: Vec<u8>,
}

impl Metadata {
    fn of(shape: &Shape) -> Self {
        let arch = shape.architecture.name();
        let key = |name: &str| format!("{arch}.{name}");
        let mut metadata = Self::default();
        metadata.text("general.architecture", arch);
        metadata.text("general.name", &format!("Random {arch} {}x{}", shape.blocks, shape.width));
        metadata.number("general.file_type", 7);
        metadata.number("general.quantization_version", 2);
        metadata.number(&key("block_count"), shape.blocks);
        metadata.number(&key("context_length"), shape.context);
        metadata.number(&key("embedding_length"), shape.width);
        metadata.number(&key("feed_forward_length"), shape.feed_forward);
        metadata.number(&key("attention.head_count"), shape.heads);
        metadata.number(&key("attention.head_count_kv"), shape.kv_heads);
        metadata.float(&key("attention.layer_norm_rms_epsilon"), 1e-6);
        metadata.float(&key("rope.freq_base"), 1e6);
        metadata.number(&key("rope.dimension_count"), shape.width / shape.heads);
        if shape.architecture == Architecture::Mamba {
            metadata.number(&key("ssm.conv_kernel"), CONVOLUTION);
            metadata.number(&key("ssm.inner_size"), 2 * shape.width);
            metadata.number(&key("ssm.state_size"), STATE);
            metadata.number(&key("ssm.time_step_rank"), STEP_RANK);
        }
        metadata.vocabulary(shape);
        metadata
    }

    fn vocabulary(&mut self, shape: &Shape) {
        let tokens = tokens(shape.vocabulary as usize);
        let end = tokens.iter().position(|token| token == END_TOKEN).unwrap_or_default() as u32;
        let pre = match shape.architecture {
            Architecture::Llama | Architecture::Mamba => "gpt-2",
            Architecture::Qwen2 => "qwen2",
        };
        self.text("tokenizer.ggml.model", "gpt2");
        self.text("tokenizer.ggml.pre", pre);
        self.array("tokenizer.ggml.tokens", 8, tokens.len());
        for token in &tokens {
            string(&mut self.bytes, token);
        }
        self.array("tokenizer.ggml.token_type", 5, tokens.len());
        for id in 0..shape.vocabulary {
            // Normal, or control.
            self.bytes.extend(if id == end { 3_i32 } else { 1 }.to_le_bytes());
        }
        self.array("tokenizer.ggml.merges", 8, MERGES.len());
        for (left, right) in MERGES {
            string(&mut self.bytes, &format!("{left} {right}"));
        }
        self.number("tokenizer.ggml.bos_token_id", end);
        self.number("tokenizer.ggml.eos_token_id", end);
        self.key("tokenizer.ggml.add_bos_token", 7);
        self.bytes.push(0);
    }

    fn key(&mut self, key: &str, kind: u32) {
        self.pairs += 1;
        string(&mut self.bytes, key);
        self.bytes.extend(kind.to_le_bytes());
    }

    fn number(&mut self, key: &str, value: u32) {
        self.key(key, 4);
        self.bytes.extend(value.to_le_bytes());
    }

    fn float(&mut self, key: &str, value: f32) {
        self.key(key, 6);
        self.bytes.extend(value.to_le_bytes());
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key, 8);
        string(&mut self.bytes, value);
    }

    /// The beginning of an array; the caller writes the elements.
    fn array(&mut self, key: &str, element: u32, len: usize) {
        self.key(key, 9);
        self.bytes.extend(element.to_le_bytes());
        self.bytes.extend((len as u64).to_le_bytes());
    }
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// `count` different tokens: the bytes, the end token, what the merges make, and made-up words of four or more letters.
fn tokens(count: usize) -> Vec<String> {
    let bytes = (0..=255).map(|byte| byte_character(byte).to_string());
    let merged = MERGES.iter().map(|(left, right)| format!("{left}{right}"));
    let words = (0..).map(|number| format!("Ġ{}", word(number)));
    bytes.chain([END_TOKEN.to_owned()]).chain(merged).chain(words).take(count).collect()
}

/// The character that GPT-2's vocabulary writes a byte with: itself where it is visible, else the next free one from
/// U+0100 on (so a space is `Ġ`).
fn byte_character(byte: u8) -> char {
    let is_visible = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if is_visible(byte) {
        return char::from(byte);
    }
    let hidden_before = (0..byte).filter(|&before| !is_visible(before)).count();
    char::from_u32(0x100 + hidden_before as u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `number` in letters, at least four of them.
fn word(mut number: u32) -> String {
    let mut letters = Vec::new();
    while number > 0 || letters.len() < 4 {
        letters.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    letters.into_iter().rev().collect()
}

/// How a tensor is filled, which also says how it is stored.
#[derive(Clone, Copy)]
enum Fill {
    /// 32-bit floats, all 1: the weights of norms.
    Ones,
    /// 32-bit floats, all −1: what a state keeps of itself.
    Decay,
    /// 32-bit floats, uniform between −0.1 and 0.1.
    Bias,
    /// `Q8_0` with this standard deviation.
    Quantised { spread: f64 },
}

impl Fill {
    /// The type's number in ggml.h.
    const fn ggml_type(self) -> u32 {
        match self {
            Self::Ones | Self::Decay | Self::Bias => 0,
            Self::Quantised { .. } => 8,
        }
    }
}

struct Tensor {
    name: String,
    columns: u64,
    rows: u64,
    fill: Fill,
}

impl Tensor {
    fn ones(name: String, columns: u64) -> Self {
        Self { name, columns, rows: 1, fill: Fill::Ones }
    }

    fn bias(name: String, columns: u64) -> Self {
        Self { name, columns, rows: 1, fill: Fill::Bias }
    }

    /// A matrix that keeps the spread of what it is applied to.
    fn matrix(name: String, columns: u64, rows: u64) -> Self {
        let spread = 1.0 / (columns as f64).sqrt();
        Self { name, columns, rows, fill: Fill::Quantised { spread } }
    }

    const fn elements(&self) -> u64 {
        self.columns * self.rows
    }

    const fn bytes(&self) -> u64 {
        match self.fill {
            Fill::Ones | Fill::Decay | Fill::Bias => self.elements() * 4,
            Fill::Quantised { .. } => self.elements() / BLOCK * BLOCK_BYTES,
        }
    }

    const fn padded_bytes(&self) -> u64 {
        self.bytes().next_multiple_of(ALIGNMENT)
    }

    fn write_data(&self, out: &mut impl Write, random: &mut Random) -> io::Result<()> {
        match self.fill {
            Fill::Ones => (0..self.elements()).try_for_each(|_| out.write_all(&1_f32.to_le_bytes())),
            Fill::Decay => (0..self.elements()).try_for_each(|_| out.write_all(&(-1_f32).to_le_bytes())),
            Fill::Bias => (0..self.elements()).try_for_each(|_| {
                let uniform = (random.next() >> 40) as f32 / (1_u64 << 24) as f32;
                out.write_all(&(0.2 * uniform - 0.1).to_le_bytes())
            }),
            Fill::Quantised { spread } => {
                let mut block = [0; BLOCK_BYTES as usize];
                block[..2].copy_from_slice(&half((spread / BYTE_SPREAD) as f32).to_le_bytes());
                for _ in 0..self.elements() / BLOCK {
                    for weights in block[2..].chunks_exact_mut(8) {
                        weights.copy_from_slice(&random.next().to_le_bytes());
                    }
                    out.write_all(&block)?;
                }
                Ok(())
            }
        }
    }
}

/// The bits of `value`, from 0 to 1, as a half-precision float, rounded to the nearest.
fn half(value: f32) -> u16 {
    const SMALLEST_NORMAL: f32 = 1.0 / 16_384.0;
    if value < SMALLEST_NORMAL {
        // Multiples of 2^-24.
        return (value * 16_777_216.0).round() as u16;
    }
    // The exponent's bias is 15 instead of 127, and 10 bits of the fraction remain; a carry goes into the exponent.
    let bits = value.to_bits() + (1 << 12);
    ((bits >> 13) - ((127 - 15) << 10)) as u16
}

/// The xorshift64* generator: fast, and random enough for weights.
struct Random {
    state: u64,
}

impl Random {
    /// Any seed is good: it goes through one step of `SplitMix64` first.
    fn new(seed: u64) -> Self {
        let mut state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self { state: (state ^ (state >> 31)).max(1) }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn halves_are_those_of_ieee_754() {
        assert_eq!(half(1.0), 0x3C00);
        assert_eq!(half(0.5), 0x3800);
        assert_eq!(half(1.0 / 3.0), 0x3555);
        assert_eq!(half(1.0 / 16_384.0), 0x0400);
        assert_eq!(half(1.0 / 32_768.0), 0x0200);
        assert_eq!(half(0.0), 0);
    }

    #[test]
    fn tokens_are_unique_and_hold_all_bytes() {
        let tokens = tokens(1000);
        assert_eq!(tokens.len(), 1000);
        assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 1000);
        assert_eq!((tokens[usize::from(b' ')].as_str(), tokens[0].as_str()), ("Ġ", "Ā"));
        assert_eq!((tokens[0xAD].as_str(), tokens[0xFF].as_str()), ("Ń", "ÿ"));
        assert_eq!(&tokens[256..261], [END_TOKEN, "th", "the", "Ġthe", "Ġaaaa"]);
        assert_eq!(word(26 * 26 * 26 * 26), "baaaa");
    }

    #[test]
    fn the_half_billion_has_the_parameters_of_its_model() {
        assert_eq!(Shape::HALF_BILLION.parameters(), 494_032_768);
    }
}
