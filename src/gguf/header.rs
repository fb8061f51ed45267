//! The whole header: version, metadata, tensors, and that the file holds the data they speak of.
//!
//! Follows ggml's gguf.cpp, which is what llama.cpp reads headers with, and refuses all that it refuses.

use std::{
    collections::HashSet,
    io::{Read, Seek},
};

use super::{
    error::Fault,
    foreign::{Foreign, LOOKED_AT},
    metadata::Metadata,
    source::Source,
    tensor::Tensor,
};

const MAGIC: &[u8] = b"GGUF";
/// ggml's `GGUF_DEFAULT_ALIGNMENT`.
const DEFAULT_ALIGNMENT: u32 = 32;
/// A hundred times what models have.
const MOST_KEYS: u64 = 1 << 16;
/// Several times what the largest mixture of experts would have, one tensor an expert.
const MOST_TENSORS: u64 = 1 << 18;

/// A header that holds together.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// 2 or 3.
    pub(super) version: u32,
    pub(super) metadata: Metadata,
    pub(super) tensors: Vec<Tensor>,
    /// Bytes in the file.
    pub(super) size: u64,
    /// Where the data of the tensors begins.
    pub(super) start: u64,
}

impl Header {
    /// Reads a header from the beginning of `reader` and holds it against the size of what is there.
    pub(super) fn read<R: Read + Seek>(reader: R) -> Result<Self, Fault> {
        let mut source = Source::new(reader)?;
        expect_magic(&mut source)?;
        let version = read_version(&mut source)?;
        let tensor_count = read_count(&mut source, "the number of tensors", MOST_TENSORS)?;
        let key_count = read_count(&mut source, "the number of metadata keys", MOST_KEYS)?;
        let metadata = Metadata::read(&mut source, key_count)?;
        let tensors = read_tensors(&mut source, tensor_count)?;
        let header = Self { version, metadata, tensors, size: source.size(), start: 0 };
        let start = header.check_data(source.position())?;
        Ok(Self { start, ..header })
    }

    /// Checks that the tensors lie one after the other, and inside the file; where they begin. `end` is where the header ends.
    fn check_data(&self, end: u64) -> Result<u64, Fault> {
        let alignment = u64::from(self.alignment()?);
        let overflow = || Fault::CutShort { promised: u64::MAX, found: self.size };
        let start = end.checked_next_multiple_of(alignment).ok_or_else(overflow)?;
        let mut expected = 0_u64;
        let mut promised = start;
        for tensor in &self.tensors {
            if tensor.offset != expected {
                return Err(Fault::Offset { name: tensor.name.clone(), found: tensor.offset, expected });
            }
            let data_end =
                tensor.bytes().and_then(|bytes| expected.checked_add(bytes)).ok_or_else(overflow)?;
            promised = start.checked_add(data_end).ok_or_else(overflow)?;
            expected = data_end.checked_next_multiple_of(alignment).ok_or_else(overflow)?;
        }
        if !self.tensors.is_empty() && promised > self.size {
            return Err(Fault::CutShort { promised, found: self.size });
        }
        Ok(start.min(self.size))
    }

    fn alignment(&self) -> Result<u32, Fault> {
        let found = self.metadata.u32("general.alignment")?.unwrap_or(DEFAULT_ALIGNMENT);
        if found.is_power_of_two() { Ok(found) } else { Err(Fault::Alignment { found }) }
    }
}

fn expect_magic<R: Read + Seek>(source: &mut Source<R>) -> Result<(), Fault> {
    if source.size() == 0 {
        return Err(Fault::Empty);
    }
    let start = source.peek(LOOKED_AT)?;
    if !start.starts_with(MAGIC) {
        return Err(Fault::Foreign(Foreign::recognise(&start)));
    }
    source.skip(MAGIC.len() as u64, "the magic")
}

fn read_version<R: Read + Seek>(source: &mut Source<R>) -> Result<u32, Fault> {
    let version = source.u32("the version")?;
    match version {
        2 | 3 => Ok(version),
        // A small number read in the wrong byte order has its low half empty.
        _ if version != 0 && version.trailing_zeros() >= 16 => Err(Fault::BigEndian),
        _ => Err(Fault::Version { version }),
    }
}

fn read_count<R: Read + Seek>(source: &mut Source<R>, what: &str, limit: u64) -> Result<u64, Fault> {
    let found = source.u64(what)?;
    if found > limit {
        return Err(Fault::Unbelievable { what: what.to_owned(), found, limit });
    }
    Ok(found)
}

fn read_tensors<R: Read + Seek>(source: &mut Source<R>, count: u64) -> Result<Vec<Tensor>, Fault> {
    let mut names = HashSet::new();
    let mut tensors = Vec::new();
    for index in 0..count {
        let tensor = Tensor::read(source, index)?;
        if !names.insert(tensor.name.clone()) {
            return Err(Fault::DuplicateTensor { name: tensor.name });
        }
        tensors.push(tensor);
    }
    Ok(tensors)
}
