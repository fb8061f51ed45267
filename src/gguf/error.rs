//! What can be wrong with a model file, in sentences that say what to do.

use std::path::{Path, PathBuf};

use super::{architecture::Refusal, foreign::Foreign};

/// A model file that must not reach llama.cpp: which one, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {fault}", printable_path(file))]
pub struct GgufError {
    /// The file at fault; a part of a split model is named itself.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

impl GgufError {
    pub(super) fn new(file: &Path, fault: Fault) -> Self {
        Self { file: file.to_owned(), fault }
    }
}

/// What is wrong with a file. The sentences are complete but for the file's name.
///
/// Text that comes from the file is escaped and shortened, so that it is harmless on a terminal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    // ---- not a file one can read -------------------------------------------------------------------------------
    /// Nothing at this path.
    #[error("there is no such file; check the path")]
    Missing,
    /// A directory where a file was expected.
    #[error("this is a directory; name a .gguf file in it")]
    Directory,
    /// A pipe, socket or device.
    #[error("this is not a regular file but a pipe, socket or device; name a .gguf file")]
    Special,
    /// The system refused to open or read it.
    #[error("the file cannot be read: {reason}")]
    Unreadable {
        /// The system's own words.
        reason: String,
    },
    /// Zero bytes.
    #[error("the file is empty; download it again")]
    Empty,
    /// Something else than GGUF, recognised or not.
    #[error("{0}")]
    Foreign(Foreign),

    // ---- GGUF, but not one llama.cpp reads ---------------------------------------------------------------------
    /// A GGUF version this llama.cpp does not read.
    #[error("this is GGUF version {version}; this build of llama.cpp reads versions 2 and 3; {}", version_advice(*.version))]
    Version {
        /// The version found.
        version: u32,
    },
    /// Written for the other byte order.
    #[error(
        "this GGUF is big-endian (made for s390x and the like) and cannot be read here; get the little-endian file of \
         the same model"
    )]
    BigEndian,
    /// The file ends before its header does.
    #[error(
        "the header is cut short or damaged: {what} at byte {position} needs {needed} bytes, the file has {size}; \
         download it again"
    )]
    HeaderCutShort {
        /// What was being read.
        what: String,
        /// Where it begins, in bytes from the start of the file.
        position: u64,
        /// How many bytes it needs from there.
        needed: u64,
        /// Size of the file in bytes.
        size: u64,
    },
    /// The tensors end after the file does: an unfinished download.
    #[error(
        "the file is cut short: the header promises {promised} bytes, the file has {found}; download it again"
    )]
    CutShort {
        /// Bytes the header speaks of.
        promised: u64,
        /// Bytes there are.
        found: u64,
    },
    /// More or longer things than any real model has.
    #[error(
        "the header is damaged: {what} is {found}, and no model needs more than {limit}; download the file again"
    )]
    Unbelievable {
        /// What is too large.
        what: String,
        /// The number found.
        found: u64,
        /// The largest number accepted.
        limit: u64,
    },
    /// A key that is empty or not plain text.
    #[error("the header is damaged: {key} is not a valid metadata key; download the file again")]
    BadKey {
        /// The key as found, quoted.
        key: String,
    },
    /// The same key twice.
    #[error("the metadata key {key} appears twice; the file was written wrongly, convert the model again")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A value type that GGUF does not have.
    #[error(
        "the header is damaged: {key} has value type {id}, and GGUF has types 0 to 12; download the file again"
    )]
    UnknownValueType {
        /// The key.
        key: String,
        /// The type's number.
        id: u32,
    },
    /// An array in an array: in the format, but llama.cpp does not read it.
    #[error("{key} is an array of arrays, which llama.cpp does not read; convert the model again without it")]
    NestedArray {
        /// The key.
        key: String,
    },
    /// An alignment that is not a power of two.
    #[error("general.alignment is {found}, and must be a power of two; convert the model again")]
    Alignment {
        /// The number found.
        found: u32,
    },

    // ---- tensors -----------------------------------------------------------------------------------------------
    /// A tensor whose name is too long, empty, or not plain text.
    #[error("the header is damaged: {name} is not a valid tensor name; download the file again")]
    BadTensorName {
        /// The name as found, quoted.
        name: String,
    },
    /// The same tensor twice.
    #[error("the tensor {name} appears twice; the file was written wrongly, convert the model again")]
    DuplicateTensor {
        /// The tensor.
        name: String,
    },
    /// A shape that is empty, too deep or too large.
    #[error("the header is damaged: tensor {name} has {what}; download the file again")]
    BadShape {
        /// The tensor.
        name: String,
        /// What is wrong with its shape.
        what: String,
    },
    /// A tensor type that this llama.cpp does not have.
    #[error(
        "tensor {name} is stored as ggml type {id}, which this build of llama.cpp does not know; get a file in another \
         quantisation, or a newer logitscope"
    )]
    UnknownTensorType {
        /// The tensor.
        name: String,
        /// The type's number.
        id: u32,
    },
    /// A row that does not fill whole blocks.
    #[error(
        "tensor {name} has rows of {row} elements, and {kind} is stored in blocks of {block}; convert the model again"
    )]
    RowLength {
        /// The tensor.
        name: String,
        /// Elements in a row.
        row: u64,
        /// Elements in a block.
        block: u64,
        /// ggml's name of the type.
        kind: &'static str,
    },
    /// A tensor that does not begin where the one before it ends.
    #[error(
        "the header is damaged: tensor {name} begins at byte {found} of the data, and its place is byte {expected}; \
         download the file again"
    )]
    Offset {
        /// The tensor.
        name: String,
        /// Offset found.
        found: u64,
        /// Offset that follows from the tensors before it.
        expected: u64,
    },
    /// A tensor whose type llama.cpp asserts on.
    #[error(
        "tensor {name} is stored as {found}, and llama.cpp needs {expected} there; convert the model again"
    )]
    TensorType {
        /// The tensor.
        name: String,
        /// The type found.
        found: &'static str,
        /// The type needed.
        expected: &'static str,
    },
    /// A tensor that no model can do without.
    #[error("the tensor {name} is missing; the model is incomplete, download it again")]
    MissingTensor {
        /// The tensor.
        name: &'static str,
    },
    /// An embedding whose shape does not fit width and vocabulary.
    #[error(
        "token_embd.weight is {columns} x {rows}, and the metadata says width {width} and {vocabulary} tokens; \
         convert the model again"
    )]
    EmbeddingShape {
        /// Elements in a row.
        columns: u64,
        /// Rows.
        rows: u64,
        /// The width by the metadata.
        width: u64,
        /// Tokens in the vocabulary.
        vocabulary: u64,
    },

    // ---- models in parts ---------------------------------------------------------------------------------------
    /// A part other than the first one was named.
    #[error(
        "this is part {part} of {parts} of a split model; name the first part, {first}: the others are found from it"
    )]
    NotFirstPart {
        /// Which part it is, from 1.
        part: u32,
        /// How many there are.
        parts: u32,
        /// File name of the first one.
        first: String,
    },
    /// Parts that are not in the folder of the first one.
    #[error("this model comes in {parts} parts, and {} missing beside it: {}; download them into the same folder", is_or_are(.missing), list(.missing))]
    MissingParts {
        /// How many parts there are.
        parts: u32,
        /// File names of those that are not there.
        missing: Vec<String>,
    },
    /// A part whose name does not follow the pattern llama.cpp builds the others' names from.
    #[error(
        "this is part 1 of {parts}, and llama.cpp finds the others only if its name ends in {ending}; rename the parts"
    )]
    PartName {
        /// How many parts there are.
        parts: u32,
        /// What the name has to end in.
        ending: String,
    },
    /// A part that belongs elsewhere.
    #[error(
        "this should be part {expected} of {parts} of the model, and says it is {found}; download it again"
    )]
    WrongPart {
        /// The part expected here, from 1.
        expected: u32,
        /// How many there are.
        parts: u32,
        /// What it says it is.
        found: String,
    },
    /// Parts that do not add up.
    #[error(
        "the parts together hold {found} tensors, and the first one promises {promised}; download them again"
    )]
    PartTensors {
        /// Tensors promised.
        promised: u64,
        /// Tensors there are.
        found: u64,
    },

    // ---- not a model that generates text -----------------------------------------------------------------------
    /// Something else than a text generating model.
    #[error("{0}")]
    Refused(Refusal),
    /// An architecture that is not in llama.cpp's list.
    #[error(
        "its architecture is {name}, which this build of llama.cpp does not know; get another model, or a newer \
         logitscope"
    )]
    UnknownArchitecture {
        /// The architecture, quoted.
        name: String,
    },

    // ---- values ------------------------------------------------------------------------------------------------
    /// A key that has to be there.
    #[error("the metadata key {key} is missing; the model is incomplete, convert it again")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of another type than llama.cpp reads there.
    #[error("{key} is of type {found}, and llama.cpp reads {expected} there; convert the model again")]
    WrongType {
        /// The key.
        key: String,
        /// The type found.
        found: String,
        /// The type expected.
        expected: String,
    },
    /// A value out of its range.
    #[error("{key} is {found}, and must be {expected}; the file is damaged or was converted wrongly")]
    BadValue {
        /// The key.
        key: String,
        /// The value found.
        found: String,
        /// What it must be.
        expected: String,
    },

    // ---- vocabulary --------------------------------------------------------------------------------------------
    /// A tokenizer this llama.cpp does not have.
    #[error(
        "its tokenizer is {name}, which this build of llama.cpp does not know; get another model, or a newer logitscope"
    )]
    UnknownTokenizer {
        /// `tokenizer.ggml.model`, quoted.
        name: String,
    },
    /// Two tokens with one text: llama.cpp asserts that there are none.
    #[error("tokens {first} and {second} are both {text}; the vocabulary is broken, convert the model again")]
    DuplicateToken {
        /// Id of the first.
        first: usize,
        /// Id of the second.
        second: usize,
        /// Their text, quoted.
        text: String,
    },
    /// A special token that is not in the vocabulary.
    #[error("{key} is {id}, and the vocabulary has {vocabulary} tokens; convert the model again")]
    TokenId {
        /// The key.
        key: String,
        /// The id found.
        id: u32,
        /// Tokens in the vocabulary.
        vocabulary: usize,
    },
    /// A vocabulary with which some text could not be tokenized, which ends llama.cpp.
    #[error(
        "the vocabulary has no token for the byte 0x{byte:02X}, and text containing it would crash llama.cpp; convert the model again"
    )]
    NoByteToken {
        /// The first byte without a token.
        byte: u8,
    },
    /// A byte token whose text does not say which byte.
    #[error("token {id} is a byte token but its text is {text}, not like <0x0A>; convert the model again")]
    BadByteToken {
        /// Its id.
        id: usize,
        /// Its text, quoted.
        text: String,
    },
    /// A token to be added at start or end that is not there: llama.cpp asserts that it is.
    #[error(
        "the vocabulary asks for {what} around every prompt and has none ({key}); convert the model again"
    )]
    NoAddedToken {
        /// Which token.
        what: &'static str,
        /// The key that would name it.
        key: &'static str,
    },
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable { reason: error.to_string() },
        }
    }
}

/// Text from a file for a message: quoted, escaped, and not longer than a line.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// A path as it may be printed: control characters could be escape sequences.
fn printable_path(path: &Path) -> String {
    path.display()
        .to_string()
        .chars()
        .map(|character| if character.is_control() { '\u{FFFD}' } else { character })
        .collect()
}

fn version_advice(version: u32) -> &'static str {
    match version {
        0 => "the file is damaged, download it again",
        1 => "version 1 was dropped in 2023, get a newer file of the model",
        _ => "get a newer logitscope",
    }
}

fn is_or_are(names: &[String]) -> &'static str {
    if names.len() == 1 { "one is" } else { "some are" }
}

/// The first few names; a model may have hundreds of parts.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
