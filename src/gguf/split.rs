//! Models that come in several files, of which llama.cpp is given the first and finds the others.

use std::path::{Path, PathBuf};

use super::{error::Fault, header::Header, metadata::Metadata};

const COUNT: &str = "split.count";
const NUMBER: &str = "split.no";
const TENSORS: &str = "split.tensors.count";

/// Where a file stands among the parts of its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// From 1.
    pub(super) number: u32,
    /// 1 for a model in one piece.
    pub(super) count: u32,
}

impl Part {
    /// What the metadata of a file says; a file that says nothing is the whole model.
    pub(super) fn read(metadata: &Metadata) -> Result<Self, Fault> {
        let count = u32::from(metadata.u16(COUNT)?.unwrap_or(0)).max(1);
        let number = match metadata.u16(NUMBER)? {
            Some(number) => u32::from(number) + 1,
            None if count == 1 => 1,
            None => return Err(Fault::MissingKey { key: NUMBER.into() }),
        };
        Ok(Self { number, count })
    }
}

/// The paths of the parts after the first one, which is `first`, a file of a model in `count` parts.
///
/// llama.cpp builds the names in the same way (`llama_split_path`): the number has at least five digits and counts from 1.
pub(super) fn other_parts(first: &Path, count: u32) -> Result<Vec<PathBuf>, Fault> {
    let ending = ending(1, count);
    let name = first.file_name().unwrap_or_default().to_string_lossy();
    let Some(stem) = name.strip_suffix(ending.as_str()) else {
        return Err(Fault::PartName { parts: count, ending });
    };
    let paths: Vec<_> = (2..=count)
        .map(|number| first.with_file_name(format!("{stem}{}", self::ending(number, count))))
        .collect();
    let missing: Vec<_> = paths.iter().filter(|path| !path.is_file()).map(|path| file_name(path)).collect();
    if missing.is_empty() { Ok(paths) } else { Err(Fault::MissingParts { parts: count, missing }) }
}

/// The fault of naming part `part` of a model at `path`.
pub(super) fn not_first(path: &Path, part: Part) -> Fault {
    let name = file_name(path);
    let first = name.strip_suffix(&ending(part.number, part.count)).map_or_else(
        || format!("the one whose name ends in {}", ending(1, part.count)),
        |stem| format!("{stem}{}", ending(1, part.count)),
    );
    Fault::NotFirstPart { part: part.number, parts: part.count, first }
}

/// Checks that `header` is that of part `number` of `count`.
pub(super) fn expect_part(header: &Header, number: u32, count: u32) -> Result<(), Fault> {
    let found = match header.metadata.u16(NUMBER)? {
        Some(found) if u32::from(found) + 1 == number => return Ok(()),
        Some(found) => format!("part {}", u32::from(found) + 1),
        None => "no part of a model".into(),
    };
    Err(Fault::WrongPart { expected: number, parts: count, found })
}

/// Checks that all parts together have the number of tensors that the first one promises.
pub(super) fn check_tensor_count(first: &Metadata, found: usize) -> Result<(), Fault> {
    let promised = first.i32(TENSORS)?.ok_or_else(|| Fault::MissingKey { key: TENSORS.into() })?;
    if usize::try_from(promised) == Ok(found) {
        return Ok(());
    }
    Err(Fault::PartTensors { promised: u64::from(promised.max(0).cast_unsigned()), found: found as u64 })
}

fn ending(number: u32, count: u32) -> String {
    format!("-{number:05}-of-{count:05}.gguf")
}

/// A file's name for a message, without anything that a terminal would act on.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().map(|character| if character.is_control() { '\u{FFFD}' } else { character }).collect()
}
