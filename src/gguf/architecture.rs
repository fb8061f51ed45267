//! Which architectures generate text, a token at a time or a whole canvas together, and a sentence for those that do not.
//!
//! The lists are those of llama.cpp's llama-arch.cpp, in the version this program is built with.

use super::error::{Fault, quoted};

/// How an architecture remembers the tokens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Attention only: a KV cache, which can be cut back to any token.
    Attention,
    /// Some blocks have a recurrent state, which cannot be rewound.
    Hybrid,
    /// No attention: a recurrent state alone.
    Recurrent,
    /// None: each pass sees the whole text, whose masked positions it fills (diffusion).
    None,
}

/// Why a model that llama.cpp may well know is not for this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// BERT and its kin, and decoders made into embedders.
    #[error(
        "its architecture is {0}: it is an embedding model or encoder and generates no text; get a text generation model"
    )]
    Embedding(String),
    /// A model that generates, but was converted for embeddings or ranking.
    #[error(
        "{0} says that the model is for embeddings or ranking, not for generating text; get a text generation model"
    )]
    Pooling(String),
    /// T5 and its kin.
    #[error(
        "its architecture is {0}: an encoder-decoder model, and only decoder-only models can be stepped through here; get one of those"
    )]
    EncoderDecoder(String),
    /// Vocoders and speech models.
    #[error("its architecture is {0}: it generates audio, not text; get a text generation model")]
    Audio(String),
    /// An image or sound encoder that goes with another model.
    #[error(
        "this is the image or audio encoder of a multimodal model (mmproj), not the language model; name that file"
    )]
    Projector,
    /// A head that proposes tokens to another model and cannot run alone.
    #[error(
        "its architecture is {0}: a draft head, which works only with the model it was made for; name that model"
    )]
    DraftHead(String),
    /// Scores instead of tokens.
    #[error(
        "its architecture is {0}: it rates answers and does not generate text; get a text generation model"
    )]
    Classifier(String),
    /// A name llama.cpp has, without code to run it.
    #[error("its architecture is {0}, which llama.cpp names but cannot run; get another model")]
    NotImplemented(String),
    /// A `LoRA` or control vector.
    #[error("this is an adapter ({0}), not a model; name the model it was made for")]
    Adapter(String),
    /// Something else where a `LoRA` adapter is meant.
    #[error(
        "this is not a LoRA adapter; name a GGUF file that llama.cpp's convert_lora_to_gguf.py has written"
    )]
    NoAdapter,
    /// An adapter, but none that adds to the weights.
    #[error("this is an adapter of the type {0}, and only LoRA adapters can be used")]
    OtherAdapter(String),
    /// An adapter that was made for other models.
    #[error(
        "this LoRA adapter was made for {own} models, and this model is {models}; name the one it was made for with -m"
    )]
    AdapterOf {
        /// The architecture it was made for.
        own: String,
        /// The model's.
        models: String,
    },
    /// Statistics for quantising.
    #[error("this is an importance matrix for quantising a model, not a model; name the model")]
    ImportanceMatrix,
    /// A tokenizer without weights.
    #[error(
        "this file has a vocabulary but no weights (it is meant for testing tokenizers); get the whole model"
    )]
    VocabularyOnly,
    /// Weights without a tokenizer.
    #[error("this model has no vocabulary, so text cannot be tokenized; get a file that has one")]
    NoVocabulary,
    /// A tokenizer only encoders have.
    #[error("its tokenizer is {0}, which encoder models have; get a text generation model")]
    EncoderTokenizer(String),
}

/// Attention architectures that generate text.
const ATTENTION: [&str; 105] = [
    "llama",
    "llama4",
    "deci",
    "falcon",
    "grok",
    "gpt2",
    "gptneox",
    "mpt",
    "baichuan",
    "starcoder",
    "refact",
    "bloom",
    "stablelm",
    "qwen",
    "qwen2",
    "qwen2moe",
    "qwen2vl",
    "qwen3",
    "qwen3moe",
    "qwen3vl",
    "qwen3vlmoe",
    "phi2",
    "phi3",
    "phimoe",
    "plamo",
    "plamo3",
    "codeshell",
    "orion",
    "internlm2",
    "minicpm",
    "minicpm3",
    "gemma",
    "gemma2",
    "gemma3",
    "gemma3n",
    "gemma4",
    "starcoder2",
    "maple",
    "xverse",
    "command-r",
    "cohere2",
    "cohere2moe",
    "dbrx",
    "olmo",
    "olmo2",
    "olmoe",
    "muse-glimmer",
    "openelm",
    "arctic",
    "deepseek",
    "deepseek2",
    "deepseek2-ocr",
    "deepseek32",
    "chatglm",
    "glm4",
    "glm4moe",
    "glm-dsa",
    "bitnet",
    "jais",
    "jais2",
    "nemotron",
    "exaone",
    "exaone4",
    "exaone-moe",
    "granite",
    "granitemoe",
    "graniteswitch",
    "granite_swa",
    "chameleon",
    "plm",
    "bailingmoe",
    "bailingmoe2",
    "dots1",
    "dots3note",
    "arcee",
    "afmoe",
    "laguna",
    "ernie4_5",
    "ernie4_5-moe",
    "hunyuan-moe",
    "hunyuan-dense",
    "hunyuan_vl",
    "hy_v3",
    "hy_v4",
    "smollm3",
    "gpt-oss",
    "smallthinker",
    "seed_oss",
    "grovemoe",
    "apertus",
    "hrm_text",
    "minimax-m2",
    "minimax-m3",
    "cogvlm",
    "pangu-embedded",
    "mistral3",
    "mistral4",
    "paddleocr",
    "mimo2",
    "step35",
    "spark2_5",
    "maincoder",
    "talkie",
    "mellum",
    "nanbeige",
];

/// `llm_arch_is_hybrid`.
const HYBRID: [&str; 18] = [
    "jamba",
    "falcon-h1",
    "plamo2",
    "granitehybrid",
    "lfm2",
    "lfm2moe",
    "nemotron_h",
    "nemotron_h_moe",
    "qwen3next",
    "kimi-linear",
    "bailingmoe3",
    "kimi-k3",
    "glm5-next",
    "qwen35",
    "qwen35moe",
    "qwen4exp",
    "deepseek4",
    "minimax-01",
];

/// `llm_arch_is_recurrent`.
const RECURRENT: [&str; 6] = ["mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"];

/// `llm_arch_is_diffusion`.
const DIFFUSION: [&str; 4] = ["dream", "llada", "llada-moe", "rnd1"];

/// Their graphs assert that keys and values have one size.
const KEYS_LIKE_VALUES: [&str; 28] = [
    "bailingmoe2",
    "bitnet",
    "bloom",
    "chatglm",
    "command-r",
    "glm4moe",
    "glm4",
    "gpt2",
    "gptneox",
    "granitehybrid",
    "jais",
    "minimax-01",
    "minimax-m2",
    "minimax-m3",
    "mpt",
    "nemotron_h_moe",
    "nemotron_h",
    "nemotron",
    "openelm",
    "phi2",
    "qwen",
    "qwen35",
    "qwen35moe",
    "qwen3next",
    "qwen4exp",
    "refact",
    "stablelm",
    "starcoder",
];

/// Their graphs assert that, and that positions rotate the whole key.
const WHOLE_KEY_ROTATES: [&str; 48] = [
    "apertus",
    "arcee",
    "arctic",
    "baichuan",
    "chameleon",
    "codeshell",
    "cogvlm",
    "dbrx",
    "deci",
    "deepseek",
    "dots1",
    "dream",
    "ernie4_5-moe",
    "ernie4_5",
    "exaone",
    "falcon",
    "graniteswitch",
    "granite",
    "grok",
    "grovemoe",
    "hunyuan-moe",
    "hunyuan_vl",
    "hy_v3",
    "internlm2",
    "jais2",
    "llada",
    "llada-moe",
    "llama",
    "maincoder",
    "mistral3",
    "olmo",
    "olmoe",
    "orion",
    "paddleocr",
    "pangu-embedded",
    "plamo",
    "qwen2",
    "qwen2moe",
    "qwen2vl",
    "qwen3",
    "qwen3moe",
    "qwen3vl",
    "qwen3vlmoe",
    "rnd1",
    "seed_oss",
    "smollm3",
    "starcoder2",
    "xverse",
];

/// Their loading asserts, or throws unless, there are experts.
const NEED_EXPERTS: [&str; 7] =
    ["bailingmoe2", "glm4moe", "grovemoe", "lfm2moe", "llada-moe", "rnd1", "smallthinker"];

/// How the architecture `name` remembers, if it generates text.
pub(super) fn memory(name: &str) -> Result<Memory, Fault> {
    if ATTENTION.contains(&name) {
        return Ok(Memory::Attention);
    }
    if HYBRID.contains(&name) {
        return Ok(Memory::Hybrid);
    }
    if RECURRENT.contains(&name) {
        return Ok(Memory::Recurrent);
    }
    if DIFFUSION.contains(&name) {
        return Ok(Memory::None);
    }
    Err(refusal(name).map_or_else(|| Fault::UnknownArchitecture { name: quoted(name) }, Fault::Refused))
}

fn refusal(name: &str) -> Option<Refusal> {
    let owned = name.to_owned();
    Some(match name {
        "bert" | "modern-bert" | "nomic-bert" | "nomic-bert-moe" | "neo-bert" | "jina-bert-v2"
        | "jina-bert-v3" | "eurobert" | "gemma-embedding" | "llama-embed" | "t5encoder" => {
            Refusal::Embedding(owned)
        }
        "t5" => Refusal::EncoderDecoder(owned),
        "wavtokenizer-dec" | "qwen3tts" | "pockettts" => Refusal::Audio(owned),
        "clip" => Refusal::Projector,
        "eagle3" | "dflash" | "gemma4-assistant" => Refusal::DraftHead(owned),
        "clef" => Refusal::Classifier(owned),
        "gptj" => Refusal::NotImplemented(owned),
        _ => return None,
    })
}

/// Whether keys and values must have one size.
pub(super) fn keys_like_values(name: &str) -> bool {
    KEYS_LIKE_VALUES.contains(&name) || whole_key_rotates(name)
}

/// Whether positions must rotate the whole key.
pub(super) fn whole_key_rotates(name: &str) -> bool {
    WHOLE_KEY_ROTATES.contains(&name)
}

/// Whether the model must have experts.
pub(super) fn needs_experts(name: &str) -> bool {
    NEED_EXPERTS.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_architecture_is_listed_once() {
        let all: Vec<_> = ATTENTION.iter().chain(&HYBRID).chain(&RECURRENT).chain(&DIFFUSION).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(all.iter().all(|name| refusal(name).is_none()));
        let rules = KEYS_LIKE_VALUES.iter().chain(&WHOLE_KEY_ROTATES).chain(&NEED_EXPERTS);
        assert!(rules.into_iter().all(|name| memory(name).is_ok()));
    }

    #[test]
    fn refusals_say_what_the_model_is() {
        let sentence = |name: &str| memory(name).unwrap_err().to_string();
        assert!(
            sentence("nomic-bert")
                .starts_with("its architecture is nomic-bert: it is an embedding model or encoder")
        );
        assert!(sentence("t5").contains("an encoder-decoder model"));
        assert!(sentence("clip").contains("mmproj"));
        assert!(sentence("wavtokenizer-dec").contains("generates audio"));
        assert!(sentence("eagle3").contains("draft head"));
        assert!(
            sentence("zzz\u{1b}[2J").starts_with(r#"its architecture is "zzz\u{1b}[2J", which this build"#)
        );
    }
}
