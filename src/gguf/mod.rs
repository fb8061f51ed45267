//! Checking a GGUF file before llama.cpp sees it.
//!
//! llama.cpp takes model files on trust: on a crafted or broken one it can abort the whole process. This module reads
//! the header (not the weights) with bounds on everything, and refuses with a sentence what llama.cpp would not
//! survive, what it would not load, and what is not a model that generates text. What it learns on the way is what the
//! program shows about a model.

mod adapter;
mod architecture;
mod cache_shape;
mod details;
mod diffusion;
mod error;
mod experts;
mod file_type;
mod foreign;
mod ggml_type;
mod header;
mod hyperparameters;
mod metadata;
mod model_file;
mod sampling_defaults;
mod source;
mod split;
mod tensor;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;
mod weights;

use std::{
    fs::{self, File},
    io::{Cursor, Read, Seek},
    path::{Path, PathBuf},
};

pub use self::{
    adapter::check_adapter,
    architecture::{Memory, Refusal},
    cache_shape::BlockCache,
    details::{Details, Entry, EntryValue, TensorType, details},
    diffusion::Masking,
    error::{Fault, GgufError},
    file_type::file_type_name,
    foreign::Foreign,
    model_file::{ChatTemplate, ModelFile},
    sampling_defaults::SamplingDefaults,
    weights::{TensorInfo, Weights},
};
use self::{header::Header, split::Part};

/// Checks the model at `path`, and the other parts of it if it comes in several.
///
/// Reads headers only: the time it takes grows with the vocabulary (well under a second for the largest), not with the
/// weights.
pub fn check(path: &Path) -> Result<ModelFile, GgufError> {
    let first = read_header(path)?;
    let at_path = |fault| GgufError::new(path, fault);
    let part = Part::read(&first.metadata).map_err(at_path)?;
    if part.number != 1 {
        return Err(at_path(split::not_first(path, part)));
    }
    let mut headers = vec![first];
    if part.count > 1 {
        let others = split::other_parts(path, part.count).map_err(at_path)?;
        for (other, number) in others.iter().zip(2..) {
            let header = read_header(other)?;
            split::expect_part(&header, number, part.count).map_err(|fault| GgufError::new(other, fault))?;
            headers.push(header);
        }
        let tensors = headers.iter().map(|header| header.tensors.len()).sum();
        split::check_tensor_count(&headers[0].metadata, tensors).map_err(at_path)?;
    }
    ModelFile::read(&headers).map_err(at_path)
}

/// The files of the model at `path` that comes in so many `parts`, the first one first.
pub fn files(path: &Path, parts: u32) -> Result<Vec<PathBuf>, GgufError> {
    let mut files = vec![path.to_owned()];
    if parts > 1 {
        files.extend(split::other_parts(path, parts).map_err(|fault| GgufError::new(path, fault))?);
    }
    Ok(files)
}

/// The name that a file of a model in `count` parts would have if it were called nothing in particular; `number` is from 1.
#[must_use]
pub fn neutral_name(number: u32, count: u32) -> String {
    split::neutral_name(number, count)
}

/// Checks a model that is in memory whole; `name` stands for the file in messages.
pub fn check_bytes(name: &Path, bytes: &[u8]) -> Result<ModelFile, GgufError> {
    check_reader(name, Cursor::new(bytes))
}

/// Checks a model in one piece that `reader` holds from its beginning; `name` stands for the file in messages.
pub fn check_reader<R: Read + Seek>(name: &Path, reader: R) -> Result<ModelFile, GgufError> {
    let at_name = |fault| GgufError::new(name, fault);
    let header = Header::read(reader).map_err(at_name)?;
    let part = Part::read(&header.metadata).map_err(at_name)?;
    if part.number != 1 {
        return Err(at_name(split::not_first(name, part)));
    }
    if part.count > 1 {
        // There is no folder to look for the other parts in.
        let missing = (2..=part.count).map(|number| format!("part {number}")).collect();
        return Err(at_name(Fault::MissingParts { parts: part.count, missing }));
    }
    ModelFile::read(&[header]).map_err(at_name)
}

/// What the file of a vocabulary says besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutVocabulary {
    /// The default chat template, if there is one.
    pub template: Option<String>,
    /// Tokens of context that its model was trained with; 0 where that is not said.
    pub context: usize,
}

/// Checks the vocabulary of a file, which may hold nothing else.
pub fn check_vocabulary(path: &Path) -> Result<AboutVocabulary, GgufError> {
    let header = read_header(path)?;
    about_vocabulary(&header).map_err(|fault| GgufError::new(path, fault))
}

/// The same of a file that is in memory whole; `name` stands for it in messages.
pub fn check_vocabulary_bytes(name: &Path, bytes: &[u8]) -> Result<AboutVocabulary, GgufError> {
    let header = Header::read(Cursor::new(bytes)).map_err(|fault| GgufError::new(name, fault))?;
    about_vocabulary(&header).map_err(|fault| GgufError::new(name, fault))
}

fn about_vocabulary(header: &Header) -> Result<AboutVocabulary, Fault> {
    let metadata = &header.metadata;
    vocabulary::check(metadata)?;
    let architecture = metadata.str("general.architecture")?.unwrap_or_default();
    // llama.cpp reads nothing else of it, but has to know the name.
    architecture::memory(architecture)?;
    let context = metadata.u32(&format!("{architecture}.context_length"))?;
    Ok(AboutVocabulary {
        template: metadata.str("tokenizer.chat_template")?.map(str::to_owned),
        context: context.unwrap_or(0) as usize,
    })
}

fn read_header(path: &Path) -> Result<Header, GgufError> {
    open(path).and_then(Header::read).map_err(|fault| GgufError::new(path, fault))
}

/// Opens a regular file. Its kind is asked first: opening a pipe would wait for somebody to write to it.
fn open(path: &Path) -> Result<File, Fault> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Fault::Directory);
    }
    if !metadata.is_file() {
        return Err(Fault::Special);
    }
    Ok(File::open(path)?)
}
