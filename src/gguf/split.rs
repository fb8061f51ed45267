//! Models that come in several files, of which llama.cpp is given the first and finds the others.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

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
    let Some(stem) = stem(first.file_name().unwrap_or_default(), &ending) else {
        return Err(Fault::PartName { parts: count, ending });
    };
    let path = |number| {
        let mut name = stem.clone();
        name.push(self::ending(number, count));
        first.with_file_name(name)
    };
    let paths: Vec<_> = (2..=count).map(path).collect();
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

/// A file's name without its ending. A name need not be text: it only has to end so.
#[cfg(unix)]
fn stem(name: &OsStr, ending: &str) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt as _;
    name.as_bytes().strip_suffix(ending.as_bytes()).map(|stem| OsStr::from_bytes(stem).to_owned())
}

/// A file's name without its ending.
#[cfg(not(unix))]
fn stem(name: &OsStr, ending: &str) -> Option<OsString> {
    name.to_str()?.strip_suffix(ending).map(OsString::from)
}

/// The name that part `number` of `count` of a model would have, whatever it is called.
pub(super) fn neutral_name(number: u32, count: u32) -> String {
    if count == 1 { "model.gguf".to_owned() } else { format!("model{}", ending(number, count)) }
}

fn ending(number: u32, count: u32) -> String {
    format!("-{number:05}-of-{count:05}.gguf")
}

/// A file's name for a message, without anything that a terminal would act on.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().map(|character| if character.is_control() { '\u{FFFD}' } else { character }).collect()
}
