//! The vocabulary, held against what llama.cpp asserts or throws when it loads or uses one.
//!
//! Follows llama-vocab.cpp. Some of it strikes only later, while a prompt is tokenized, where nothing could be caught.

use std::{borrow::Cow, collections::HashMap};

use super::{
    architecture::Refusal,
    error::{Fault, quoted},
    metadata::{Metadata, TOKEN_TYPES, TOKENS},
    value::{Array, Items, StringTable, ValueType},
};

/// `LLAMA_TOKEN_TYPE_BYTE`.
const BYTE_TYPE: i64 = 6;
/// Token ids are signed 32-bit numbers; this is a multiple of the largest vocabulary and keeps the checks quick.
const MOST_TOKENS: u64 = 1 << 22;

/// Special tokens that llama.cpp needs in place: the key and whether a wrong id is an error. Others it ignores when wrong.
const SPECIAL: [(&str, bool); 17] = [
    ("bos", true),
    ("eos", true),
    ("eot", true),
    ("eom", true),
    ("unknown", false),
    ("seperator", false),
    ("padding", false),
    ("mask", false),
    ("fim_pre", false),
    ("fim_suf", false),
    ("fim_mid", false),
    ("fim_pad", false),
    ("fim_rep", false),
    ("fim_sep", false),
    ("prefix", false),
    ("suffix", false),
    ("middle", false),
];

/// Pre-tokenizers that put a BOS before each prompt unless the metadata says otherwise.
const BOS_BY_DEFAULT: [&str; 12] = [
    "llama3",
    "llama-v3",
    "llama-bpe",
    "falcon3",
    "falcon-h1",
    "pixtral",
    "midm-2.0",
    "lfm2",
    "jina-v5-nano",
    "tekken",
    "chameleon",
    "gemma4",
];

/// Pre-tokenizers that have no BOS unless the metadata names one.
const NO_DEFAULT_BOS: [&str; 3] = ["chatglm-bpe", "glm4", "glm5"];

/// Ids of tokens by their text.
type Ids<'a> = HashMap<Cow<'a, [u8]>, usize>;

/// The kinds of tokenizer that generating models have (`llama_vocab_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tokenizer {
    /// `SentencePiece` with byte fallback.
    SentencePiece,
    /// Byte-pair encoding on bytes.
    BytePair,
    /// Gemma 4's byte-pair encoding on characters.
    Gemma4,
    /// RWKV's longest match.
    Rwkv,
    Plamo2,
}

/// Checks the vocabulary and returns its number of tokens.
pub(super) fn check(metadata: &Metadata) -> Result<u32, Fault> {
    let tokenizer = tokenizer(metadata)?;
    let pre = metadata.str("tokenizer.ggml.pre")?.unwrap_or_default();
    let tokens = tokens(metadata)?;
    let types = token_types(metadata, tokens.len())?;
    check_scores(metadata, tokens.len())?;
    check_merges(metadata, tokenizer, pre)?;
    let ids = ids_by_text(tokens)?;
    check_bytes(tokenizer, tokens, types, &ids)?;
    check_special(metadata, tokens.len())?;
    check_added(metadata, tokenizer, pre, tokens.len())?;
    Ok(tokens.len() as u32)
}

fn tokenizer(metadata: &Metadata) -> Result<Tokenizer, Fault> {
    let refused = |refusal| Err(Fault::Refused(refusal));
    match metadata.str("tokenizer.ggml.model")? {
        None | Some("no_vocab" | "none") => refused(Refusal::NoVocabulary),
        Some("llama") => Ok(Tokenizer::SentencePiece),
        Some("gpt2" | "hybriddna" | "whitespace") => Ok(Tokenizer::BytePair),
        Some("gemma4") => Ok(Tokenizer::Gemma4),
        Some("rwkv") => Ok(Tokenizer::Rwkv),
        Some("plamo2") => Ok(Tokenizer::Plamo2),
        Some(name @ ("bert" | "t5")) => refused(Refusal::EncoderTokenizer(name.to_owned())),
        Some(name) => Err(Fault::UnknownTokenizer { name: quoted(name) }),
    }
}

fn tokens(metadata: &Metadata) -> Result<&StringTable, Fault> {
    let array = metadata.array(TOKENS)?.ok_or_else(|| Fault::MissingKey { key: TOKENS.into() })?;
    let Items::Strings(tokens) = &array.items else {
        return Err(metadata.wrong_type(TOKENS, "arr[str]"));
    };
    match array.len {
        1..=MOST_TOKENS => Ok(tokens),
        found => Err(Fault::BadValue {
            key: TOKENS.into(),
            found: format!("a list of {found} tokens"),
            expected: format!("1 to {MOST_TOKENS} tokens"),
        }),
    }
}

/// The token types, if there are any.
fn token_types(metadata: &Metadata, vocabulary: usize) -> Result<Option<&[i64]>, Fault> {
    let Some(array) = metadata.array(TOKEN_TYPES)? else {
        return Ok(None);
    };
    check_length(TOKEN_TYPES, array, vocabulary)?;
    match &array.items {
        Items::Integers(types) if array.element == ValueType::I32 => Ok(Some(types)),
        _ => Err(metadata.wrong_type(TOKEN_TYPES, "arr[i32]")),
    }
}

fn check_scores(metadata: &Metadata, vocabulary: usize) -> Result<(), Fault> {
    const KEY: &str = "tokenizer.ggml.scores";
    let Some(array) = metadata.array(KEY)? else {
        return Ok(());
    };
    if !matches!(array.element, ValueType::F32 | ValueType::I32) {
        return Err(metadata.wrong_type(KEY, "arr[f32]"));
    }
    check_length(KEY, array, vocabulary)
}

/// llama.cpp reads as many elements as there are tokens.
fn check_length(key: &str, array: &Array, vocabulary: usize) -> Result<(), Fault> {
    if array.len == vocabulary as u64 {
        return Ok(());
    }
    Err(Fault::BadValue {
        key: key.to_owned(),
        found: format!("a list of {}", array.len),
        expected: format!("one entry for each of the {vocabulary} tokens"),
    })
}

fn check_merges(metadata: &Metadata, tokenizer: Tokenizer, pre: &str) -> Result<(), Fault> {
    const KEY: &str = "tokenizer.ggml.merges";
    if !matches!(tokenizer, Tokenizer::BytePair | Tokenizer::Gemma4) {
        return Ok(());
    }
    match metadata.array(KEY)? {
        None if pre == "kimi-k2" => Ok(()),
        None => Err(Fault::MissingKey { key: KEY.into() }),
        Some(array) if array.element == ValueType::String => Ok(()),
        Some(_) => Err(metadata.wrong_type(KEY, "arr[str]")),
    }
}

/// Each token's id by its text, which must be unique as llama.cpp sees it: up to a zero byte, and with a stand-in for
/// an empty one.
fn ids_by_text(tokens: &StringTable) -> Result<Ids<'_>, Fault> {
    let mut ids = Ids::with_capacity(tokens.len());
    for (second, token) in tokens.iter().enumerate() {
        let text = match as_c_string(token) {
            b"" => Cow::Owned(format!("[EMPTY_{second}]").into_bytes()),
            text => Cow::Borrowed(text),
        };
        if let Some(&first) = ids.get(&text) {
            let text = quoted(&String::from_utf8_lossy(&text));
            return Err(Fault::DuplicateToken { first, second, text });
        }
        ids.insert(text, second);
    }
    Ok(ids)
}

fn as_c_string(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Checks that every byte a prompt may hold leads to a token.
fn check_bytes(
    tokenizer: Tokenizer,
    tokens: &StringTable,
    types: Option<&[i64]>,
    ids: &Ids<'_>,
) -> Result<(), Fault> {
    if tokenizer != Tokenizer::Rwkv {
        check_byte_texts(tokens, types)?;
    }
    match tokenizer {
        Tokenizer::BytePair | Tokenizer::Gemma4 => Ok(()),
        // Without them the tokenizer throws through C code that cannot carry it, and the program ends.
        Tokenizer::SentencePiece => require_bytes(|byte| {
            ids.contains_key(hex_token(byte).as_slice()) || ids.contains_key([byte].as_slice())
        }),
        Tokenizer::Plamo2 => require_bytes(|byte| ids.contains_key(hex_token(byte).as_slice())),
        Tokenizer::Rwkv => check_rwkv(tokens),
    }
}

fn hex_token(byte: u8) -> Vec<u8> {
    format!("<0x{byte:02X}>").into_bytes()
}

fn require_bytes(has_token: impl Fn(u8) -> bool) -> Result<(), Fault> {
    // The zero byte ends the strings that llama.cpp compares, but not the names of byte tokens.
    (0..=u8::MAX).find(|&byte| !has_token(byte)).map_or(Ok(()), |byte| Err(Fault::NoByteToken { byte }))
}

/// llama.cpp takes the third and following characters of a byte token's text for the byte.
fn check_byte_texts(tokens: &StringTable, types: Option<&[i64]>) -> Result<(), Fault> {
    const SHORTEST: usize = "<0x".len();
    let byte_tokens = tokens.iter().zip(types.unwrap_or_default()).enumerate();
    for (id, (text, &kind)) in byte_tokens {
        if kind == BYTE_TYPE && as_c_string(text).len() < SHORTEST {
            return Err(Fault::BadByteToken { id, text: quoted(&String::from_utf8_lossy(text)) });
        }
    }
    Ok(())
}

/// RWKV's tokenizer never comes to an end on a byte that begins some token and is none itself.
fn check_rwkv(tokens: &StringTable) -> Result<(), Fault> {
    let mut begins = [false; 256];
    let mut is_token = [false; 256];
    for text in tokens.iter() {
        let bytes = unescape_rwkv(as_c_string(text));
        if let Some(&first) = bytes.first() {
            begins[usize::from(first)] = true;
            is_token[usize::from(first)] |= bytes.len() == 1;
        }
    }
    require_bytes(|byte| !begins[usize::from(byte)] || is_token[usize::from(byte)])
}

/// The bytes behind the Python notation that RWKV's tokens are written in; two bytes are enough here.
fn unescape_rwkv(text: &[u8]) -> Vec<u8> {
    const ENOUGH: usize = 2;
    let mut bytes = Vec::with_capacity(ENOUGH);
    let mut rest = text.iter().copied();
    while let (true, Some(byte)) = (bytes.len() < ENOUGH, rest.next()) {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b't') => bytes.push(b'\t'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b'x') => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
                if let (Some(high), Some(low)) = (digit(), digit()) {
                    bytes.push((high * 16 + low) as u8);
                }
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    bytes
}

fn check_special(metadata: &Metadata, vocabulary: usize) -> Result<(), Fault> {
    for (name, needed) in SPECIAL {
        let key = id_key(name);
        match metadata.u32(&key)? {
            Some(id) if needed && id as usize >= vocabulary => {
                return Err(Fault::TokenId { key, id, vocabulary });
            }
            _ => {}
        }
    }
    Ok(())
}

fn id_key(name: &str) -> String {
    format!("tokenizer.ggml.{name}_token_id")
}

/// llama.cpp asserts that a token it has to put around each prompt exists.
fn check_added(metadata: &Metadata, tokenizer: Tokenizer, pre: &str, vocabulary: usize) -> Result<(), Fault> {
    let first = metadata.bool("tokenizer.ggml.add_bos_token")?;
    let last = metadata.bool("tokenizer.ggml.add_eos_token")?;
    metadata.bool("tokenizer.ggml.add_space_prefix")?;
    metadata.bool("tokenizer.ggml.remove_extra_whitespaces")?;
    // RWKV's tokenizer adds nothing, whatever these keys say.
    if tokenizer == Tokenizer::Rwkv {
        return Ok(());
    }
    let defaults = Added::by_default(tokenizer, pre);
    let exists = |name: &str, default: Option<usize>| -> Result<bool, Fault> {
        let named = metadata.u32(&id_key(name))?.is_some();
        Ok(named || default.is_some_and(|id| id < vocabulary))
    };
    // llama.cpp insists on Gemma 4's first token even against the metadata.
    let first = tokenizer == Tokenizer::Gemma4 || first.unwrap_or(defaults.first);
    if first && !exists("bos", defaults.bos)? {
        return Err(Fault::NoAddedToken { what: "a first token", key: "tokenizer.ggml.bos_token_id" });
    }
    if last.unwrap_or(false) && !exists("eos", defaults.eos)? {
        return Err(Fault::NoAddedToken { what: "an end token", key: "tokenizer.ggml.eos_token_id" });
    }
    Ok(())
}

/// What llama.cpp takes for granted where the metadata says nothing.
struct Added {
    /// Whether a BOS goes before each prompt.
    first: bool,
    /// Its id.
    bos: Option<usize>,
    /// The end token's id.
    eos: Option<usize>,
}

impl Added {
    fn by_default(tokenizer: Tokenizer, pre: &str) -> Self {
        match tokenizer {
            Tokenizer::SentencePiece => Self { first: true, bos: Some(1), eos: Some(2) },
            Tokenizer::Plamo2 => Self { first: false, bos: Some(1), eos: Some(2) },
            Tokenizer::BytePair => Self {
                first: BOS_BY_DEFAULT.contains(&pre),
                bos: (!NO_DEFAULT_BOS.contains(&pre)).then_some(11),
                eos: Some(11),
            },
            Tokenizer::Gemma4 | Tokenizer::Rwkv => Self { first: false, bos: None, eos: None },
        }
    }
}
