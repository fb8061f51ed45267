//! What a valid model file says about itself.

use super::{
    architecture::{self, Memory, Refusal},
    cache_shape::{self, BlockCache},
    diffusion::Masking,
    error::{Fault, quoted},
    file_type::file_type_name,
    ggml_type::F32_NAME,
    header::Header,
    hyperparameters::Hyperparameters,
    metadata::Metadata,
    sampling_defaults::SamplingDefaults,
    tensor::Tensor,
    value::Value,
    vocabulary,
    weights::Weights,
};

/// A model file that was checked: what can be shown before, or without, loading it.
///
/// Text comes from the file as it is: it may hold control characters.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFile {
    /// Bytes of all parts of the model.
    pub size: u64,
    /// Number of files the model comes in, 1 or more.
    pub parts: u32,
    /// GGUF version, 2 or 3.
    pub version: u32,
    /// llama.cpp's name of the architecture, such as `llama` or `qwen2`.
    pub architecture: String,
    /// The model's name, if its makers gave it one.
    pub name: Option<String>,
    /// The quantisation's name, such as `Q8_0`; `None` when the file names none or one that is not known.
    pub quantisation: Option<&'static str>,
    /// Number of blocks (layers), 1 to 512.
    pub block_count: u32,
    /// Tokens of context the model was trained with, 1 or more.
    pub context_length: u32,
    /// Width of the model, 1 or more.
    pub embedding_length: u32,
    /// Query heads of each block; 0 where a block has no attention.
    pub head_count: Vec<u32>,
    /// Key and value heads of each block; 0 where a block has no attention.
    pub head_count_kv: Vec<u32>,
    /// Elements of one head's key; 0 without attention.
    pub key_length: u32,
    /// Elements of one head's value; 0 without attention.
    pub value_length: u32,
    /// Tokens that windowed attention looks back on, where the model has a window.
    pub sliding_window: Option<u32>,
    /// Whether positions are rotated otherwise in a long context than in a short one.
    pub rotates_by_context: bool,
    /// Tokens in the vocabulary, 1 or more.
    pub vocabulary_size: u32,
    /// Number of parameters: elements of all tensors.
    pub parameters: u64,
    /// The chat templates, the default one first.
    pub chat_templates: Vec<ChatTemplate>,
    /// Sampling settings its makers recommend.
    pub sampling: SamplingDefaults,
    /// How it remembers the tokens before.
    pub memory: Memory,
    /// What each block keeps of them; empty for a diffusion model, which keeps nothing.
    pub cache: Vec<BlockCache>,
    /// Its tensors, and where the bytes of its files go.
    pub weights: Weights,
    /// How a diffusion model masks; None for one that generates a token at a time.
    pub masking: Option<Masking>,
}

/// A chat template in Jinja.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatTemplate {
    /// `None` for the default template, otherwise a name such as `tool_use`.
    pub name: Option<String>,
    /// The template's source.
    pub source: String,
}

impl ModelFile {
    /// The model's default chat template, if it has one.
    #[must_use]
    pub fn chat_template(&self) -> Option<&str> {
        self.chat_templates
            .iter()
            .find(|template| template.name.is_none())
            .map(|template| template.source.as_str())
    }

    /// Whether going back a token is more than cutting the KV cache: some blocks have a state instead.
    #[must_use]
    pub fn is_recurrent(&self) -> bool {
        matches!(self.memory, Memory::Hybrid | Memory::Recurrent)
    }

    /// Elements that the KV cache holds for one token: the sum over blocks of KV heads times key and value size.
    #[must_use]
    pub fn kv_elements_per_token(&self) -> u64 {
        let heads: u64 = self.head_count_kv.iter().copied().map(u64::from).sum();
        heads * (u64::from(self.key_length) + u64::from(self.value_length))
    }

    /// Checks what the headers of all parts of a model mean, the first part's first.
    pub(super) fn read(headers: &[Header]) -> Result<Self, Fault> {
        let [first, ..] = headers else {
            return Err(Fault::Empty);
        };
        let metadata = &first.metadata;
        let tensors = || headers.iter().flat_map(|header| &header.tensors);
        refuse_other_kinds(metadata, tensors().next().is_none())?;
        let architecture = metadata.str("general.architecture")?;
        let architecture =
            architecture.ok_or_else(|| Fault::MissingKey { key: "general.architecture".into() })?.to_owned();
        let memory = architecture::memory(&architecture)?;
        let diffusion = memory == Memory::None;
        if !diffusion {
            refuse_pooling(metadata, &architecture)?;
        }
        let vocabulary_size = vocabulary::check(metadata)?;
        let masking = diffusion.then(|| Masking::read(metadata, vocabulary_size)).transpose()?;
        let shape = Hyperparameters::read(metadata, &architecture, memory)?;
        check_embedding(tensors(), shape.embedding_length, vocabulary_size)?;
        check_rope_factors(tensors())?;
        let cache = cache_shape::read(metadata, &architecture, memory, &shape)?;
        Ok(Self {
            cache,
            weights: Weights::read(headers)?,
            size: headers.iter().map(|header| header.size).sum(),
            parts: headers.len() as u32,
            version: first.version,
            name: metadata.str("general.name")?.filter(|name| !name.is_empty()).map(str::to_owned),
            quantisation: metadata.u32("general.file_type")?.and_then(file_type_name),
            parameters: tensors().map(Tensor::elements).fold(0, u64::saturating_add),
            chat_templates: chat_templates(metadata),
            sampling: SamplingDefaults::read(metadata),
            architecture,
            block_count: shape.block_count,
            context_length: shape.context_length,
            embedding_length: shape.embedding_length,
            head_count: shape.head_count,
            head_count_kv: shape.head_count_kv,
            key_length: shape.key_length,
            value_length: shape.value_length,
            sliding_window: shape.sliding_window,
            rotates_by_context: tensors().any(|tensor| tensor.name.contains("rope_factors_long")),
            vocabulary_size,
            memory,
            masking,
        })
    }
}

/// Files that are GGUF and no model: adapters, importance matrices, projectors, bare vocabularies.
fn refuse_other_kinds(metadata: &Metadata, no_tensors: bool) -> Result<(), Fault> {
    let refused = |refusal| Err(Fault::Refused(refusal));
    let kind = metadata.str("general.type")?.unwrap_or("model");
    match kind {
        "imatrix" => return refused(Refusal::ImportanceMatrix),
        "mmproj" | "clip-vision" => return refused(Refusal::Projector),
        "adapter" => {
            let adapter = metadata.str("adapter.type")?.unwrap_or("adapter");
            return refused(Refusal::Adapter(quoted(adapter)));
        }
        _ => {}
    }
    if metadata.str("general.architecture")? == Some("controlvector") {
        return refused(Refusal::Adapter("a control vector".into()));
    }
    if no_tensors || kind == "vocab" {
        return refused(Refusal::VocabularyOnly);
    }
    Ok(())
}

/// A decoder whose metadata says that its outputs are pooled, or that it looks ahead, was made to embed or rank.
fn refuse_pooling(metadata: &Metadata, architecture: &str) -> Result<(), Fault> {
    let pooling = format!("{architecture}.pooling_type");
    if metadata.u32(&pooling)?.is_some_and(|kind| kind != 0) {
        return Err(Fault::Refused(Refusal::Pooling(pooling)));
    }
    let causal = format!("{architecture}.attention.causal");
    if metadata.bool(&causal)? == Some(false) {
        return Err(Fault::Refused(Refusal::Pooling(causal)));
    }
    Ok(())
}

fn check_embedding<'a>(
    mut tensors: impl Iterator<Item = &'a Tensor>,
    width: u32,
    vocabulary: u32,
) -> Result<(), Fault> {
    const NAME: &str = "token_embd.weight";
    let embedding = tensors.find(|tensor| tensor.name == NAME).ok_or(Fault::MissingTensor { name: NAME })?;
    let columns = embedding.shape[0];
    let rows = embedding.elements() / columns;
    if (columns, rows) == (u64::from(width), u64::from(vocabulary)) {
        return Ok(());
    }
    Err(Fault::EmbeddingShape { columns, rows, width: width.into(), vocabulary: vocabulary.into() })
}

/// llama.cpp asserts that tables of position frequencies are 32-bit floats.
fn check_rope_factors<'a>(mut tensors: impl Iterator<Item = &'a Tensor>) -> Result<(), Fault> {
    const TABLES: [&str; 3] = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"];
    let wrong = |tensor: &&Tensor| {
        TABLES.iter().any(|table| tensor.name.ends_with(table)) && tensor.kind.name != F32_NAME
    };
    tensors.find(wrong).map_or(Ok(()), |tensor| {
        Err(Fault::TensorType { name: tensor.name.clone(), found: tensor.kind.name, expected: F32_NAME })
    })
}

fn chat_templates(metadata: &Metadata) -> Vec<ChatTemplate> {
    const KEY: &str = "tokenizer.chat_template";
    let mut templates: Vec<_> = metadata
        .iter()
        .filter_map(|(key, value)| {
            let suffix = key.strip_prefix(KEY)?;
            let name = if suffix.is_empty() { None } else { Some(suffix.strip_prefix('.')?.to_owned()) };
            let Value::String(source) = value else {
                return None;
            };
            Some(ChatTemplate { name, source: source.clone() })
        })
        .collect();
    templates.sort_by(|left, right| left.name.cmp(&right.name));
    templates
}
