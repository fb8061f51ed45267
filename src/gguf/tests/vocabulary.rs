//! Vocabularies that llama.cpp would not survive.

use super::{
    accepted, refused,
    writer::{Gguf, Val, WIDTH},
};

/// Gives the model these tokens, and an embedding to match.
fn tokens(file: &mut Gguf, tokens: Vec<Vec<u8>>) {
    let rows = tokens.len() as u64;
    file.set("tokenizer.ggml.tokens", Val::Strs(tokens));
    file.tensors.clear();
    file.tensor("token_embd.weight", &[WIDTH, rows], 0, WIDTH * rows * 4);
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The byte tokens of a `SentencePiece` vocabulary, after its three special ones.
fn sentence_piece() -> Vec<Vec<u8>> {
    let bytes = (0..=255_u8).map(|byte| format!("<0x{byte:02X}>").into_bytes());
    texts(&["<unk>", "<s>", "</s>"]).into_iter().chain(bytes).collect()
}

#[test]
fn tokenizers() {
    const NONE: &str = "this model has no vocabulary, so text cannot be tokenized; get a file that has one";
    refused(|file| file.remove("tokenizer.ggml.model"), NONE);
    refused(|file| file.set("tokenizer.ggml.model", Val::Str("no_vocab")), NONE);
    refused(
        |file| file.set("tokenizer.ggml.model", Val::Str("bert")),
        "its tokenizer is bert, which encoder models have; get a text generation model",
    );
    refused(
        |file| file.set("tokenizer.ggml.model", Val::Str("test")),
        "its tokenizer is \"test\", which this build of llama.cpp does not know; get another model, or a newer \
         logitscope",
    );
}

#[test]
fn tokens_are_there_and_unique() {
    refused(
        |file| file.remove("tokenizer.ggml.tokens"),
        "the metadata key tokenizer.ggml.tokens is missing; the model is incomplete, convert it again",
    );
    refused(
        |file| file.set("tokenizer.ggml.tokens", Val::Strs(Vec::new())),
        "tokenizer.ggml.tokens is a list of 0 tokens, and must be 1 to 4194304 tokens; the file is damaged or was \
         converted wrongly",
    );
    refused(
        |file| file.set("tokenizer.ggml.tokens", Val::I32s(vec![1, 2, 3])),
        "tokenizer.ggml.tokens is of type arr[i32], and llama.cpp reads arr[str] there; convert the model again",
    );
    refused(
        |file| tokens(file, texts(&["a", "\u{1b}", "c", "\u{1b}"])),
        "tokens 1 and 3 are both \"\\u{1b}\"; the vocabulary is broken, convert the model again",
    );
    // llama.cpp's strings end at a zero byte, and it names empty tokens itself.
    refused(
        |file| tokens(file, texts(&["a", "a\0b"])),
        "tokens 0 and 1 are both \"a\"; the vocabulary is broken, convert the model again",
    );
    refused(
        |file| tokens(file, texts(&["[EMPTY_1]", ""])),
        "tokens 0 and 1 are both \"[EMPTY_1]\"; the vocabulary is broken, convert the model again",
    );
    assert_eq!(accepted(|file| tokens(file, texts(&["", "\0", "a"]))).vocabulary_size, 3);
}

#[test]
fn lists_beside_the_tokens() {
    const PER_TOKEN: &str =
        "must be one entry for each of the 3 tokens; the file is damaged or was converted wrongly";
    refused(
        |file| file.set("tokenizer.ggml.scores", Val::I32s(vec![0; 2])),
        &format!("tokenizer.ggml.scores is a list of 2, and {PER_TOKEN}"),
    );
    refused(
        |file| file.set("tokenizer.ggml.token_type", Val::I32s(vec![1; 4])),
        &format!("tokenizer.ggml.token_type is a list of 4, and {PER_TOKEN}"),
    );
    refused(
        |file| file.set("tokenizer.ggml.token_type", Val::U32s(vec![1; 3])),
        "tokenizer.ggml.token_type is of type arr[u32], and llama.cpp reads arr[i32] there; convert the model again",
    );
    refused(
        |file| file.set("tokenizer.ggml.scores", Val::Strs(texts(&["a", "b", "c"]))),
        "tokenizer.ggml.scores is of type arr[str], and llama.cpp reads arr[f32] there; convert the model again",
    );
    refused(
        |file| file.remove("tokenizer.ggml.merges"),
        "the metadata key tokenizer.ggml.merges is missing; the model is incomplete, convert it again",
    );
    accepted(|file| {
        file.remove("tokenizer.ggml.merges");
        file.set("tokenizer.ggml.pre", Val::Str("kimi-k2"));
    });
}

#[test]
fn special_tokens() {
    const NO_BOS: &str = "the vocabulary asks for a first token around every prompt and has none \
                          (tokenizer.ggml.bos_token_id); convert the model again";
    refused(
        |file| file.set("tokenizer.ggml.eos_token_id", Val::U32(3)),
        "tokenizer.ggml.eos_token_id is 3, and the vocabulary has 3 tokens; convert the model again",
    );
    refused(
        |file| file.set("tokenizer.ggml.bos_token_id", Val::I32(1)),
        "tokenizer.ggml.bos_token_id is of type i32, and llama.cpp reads u32 there; convert the model again",
    );
    // llama.cpp goes on without a padding token.
    accepted(|file| file.set("tokenizer.ggml.padding_token_id", Val::U32(3)));
    // The default, 11, is not among the three tokens.
    refused(|file| file.set("tokenizer.ggml.add_bos_token", Val::Bool(true)), NO_BOS);
    refused(|file| file.set("tokenizer.ggml.pre", Val::Str("llama-bpe")), NO_BOS);
    refused(
        |file| file.set("tokenizer.ggml.add_eos_token", Val::Bool(true)),
        "the vocabulary asks for an end token around every prompt and has none (tokenizer.ggml.eos_token_id); convert \
         the model again",
    );
    accepted(|file| {
        file.set("tokenizer.ggml.add_bos_token", Val::Bool(true));
        file.set("tokenizer.ggml.bos_token_id", Val::U32(0));
    });
}

#[test]
fn sentence_piece_needs_every_byte() {
    let with = |pieces: Vec<Vec<u8>>| {
        move |file: &mut Gguf| {
            file.set("tokenizer.ggml.model", Val::Str("llama"));
            tokens(file, pieces);
        }
    };
    assert_eq!(accepted(with(sentence_piece())).vocabulary_size, 259);
    let mut pieces = sentence_piece();
    pieces[3 + 0xE2] = b"x".to_vec();
    refused(
        with(pieces.clone()),
        "the vocabulary has no token for the byte 0xE2, and text containing it would crash llama.cpp; convert the model again",
    );
    // The byte itself will do.
    pieces[3 + 0xE2] = vec![0xE2];
    accepted(with(pieces));
}

#[test]
fn byte_tokens_name_their_byte() {
    refused(
        |file| file.set("tokenizer.ggml.token_type", Val::I32s(vec![1, 6, 1])),
        "token 1 is a byte token but its text is \"b\", not like <0x0A>; convert the model again",
    );
}

#[test]
fn rwkv_must_find_an_end() {
    let with = |pieces: &'static [&str]| {
        move |file: &mut Gguf| {
            file.set("tokenizer.ggml.model", Val::Str("rwkv"));
            tokens(file, texts(pieces));
        }
    };
    accepted(with(&["<", "<s>", "\\n", "\\n\\n", "\\x80", "\\x80\\xff", "\\\\"]));
    refused(
        with(&["<", "<s>", "\\n\\n"]),
        "the vocabulary has no token for the byte 0x0A, and text containing it would crash llama.cpp; convert the model again",
    );
}
