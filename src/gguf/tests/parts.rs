//! Models in several files.

use std::{fs, path::Path};

use super::{
    sentence,
    writer::{Gguf, Val},
};
use crate::gguf::{GgufError, ModelFile, check};

fn part(number: u16, count: u16, tensors: i32) -> Gguf {
    let mut file = Gguf::minimal();
    if number > 0 {
        file.tensors.clear();
        file.tensor(&format!("blk.0.part{number}.weight"), &[32], 0, 128);
    }
    file.set("split.no", Val::U16(number));
    file.set("split.count", Val::U16(count));
    file.set("split.tensors.count", Val::I32(tensors));
    file
}

fn check_in(folder: &Path, files: &[(&str, Gguf)]) -> Result<ModelFile, GgufError> {
    for (name, file) in files {
        fs::write(folder.join(name), file.bytes()).unwrap();
    }
    check(&folder.join(files[0].0))
}

const NAMES: [&str; 3] = ["m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf"];

#[test]
fn all_parts_are_found_and_added_up() {
    let folder = tempfile::tempdir().unwrap();
    let files = [(NAMES[0], part(0, 3, 3)), (NAMES[1], part(1, 3, 3)), (NAMES[2], part(2, 3, 3))];
    let model = check_in(folder.path(), &files).unwrap();
    assert_eq!((model.parts, model.parameters), (3, 96 + 32 + 32));
    assert_eq!(model.size, files.iter().map(|(_, file)| file.bytes().len() as u64).sum::<u64>());
    let weights = &model.weights;
    assert_eq!((weights.tensors.len(), weights.bytes()), (3, 4 * (96 + 32 + 32)));
    assert_eq!(weights.bytes() + weights.header + weights.padding, model.size);
}

#[cfg(unix)]
#[test]
fn parts_whose_names_are_no_text_are_found() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let name = |number| {
        let name = [b"m\xff", format!("-{number:05}-of-00003.gguf").as_bytes()].concat();
        folder.path().join(std::ffi::OsStr::from_bytes(&name))
    };
    for number in 0..3 {
        fs::write(name(number + 1), part(number as u16, 3, 3).bytes()).unwrap();
    }
    assert_eq!(check(&name(1)).unwrap().parts, 3);
    assert_eq!(crate::gguf::files(&name(1), 3).unwrap(), [name(1), name(2), name(3)]);
}

#[test]
fn parts_that_are_missing_or_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let error = check_in(folder.path(), &[(NAMES[0], part(0, 3, 3))]).unwrap_err().to_string();
    assert!(error.ends_with(
        "m-00001-of-00003.gguf: this model comes in 3 parts, and some are missing beside it: m-00002-of-00003.gguf, \
         m-00003-of-00003.gguf; download them into the same folder"
    ));
    let error = check_in(folder.path(), &[(NAMES[0], part(0, 3, 3)), (NAMES[1], part(1, 3, 3))]).unwrap_err();
    assert!(error.to_string().contains("one is missing beside it: m-00003-of-00003.gguf;"));
    let files = [(NAMES[0], part(0, 3, 3)), (NAMES[1], part(2, 3, 3)), (NAMES[2], part(2, 3, 3))];
    let error = check_in(folder.path(), &files).unwrap_err().to_string();
    assert!(error.ends_with(
        "m-00002-of-00003.gguf: this should be part 2 of 3 of the model, and says it is part 3; download it again"
    ));
    let files = [(NAMES[0], part(0, 3, 9)), (NAMES[1], part(1, 3, 9)), (NAMES[2], part(2, 3, 9))];
    let error = check_in(folder.path(), &files).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "the parts together hold 3 tensors, and the first one promises 9; download them again"
        )
    );
}

#[test]
fn a_broken_part_is_named_itself() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m-00002-of-00002.gguf"), b"").unwrap();
    let error = check_in(folder.path(), &[("m-00001-of-00002.gguf", part(0, 2, 2))]).unwrap_err().to_string();
    assert!(error.ends_with("m-00002-of-00002.gguf: the file is empty; download it again"));
    let mut other = part(1, 2, 2);
    other.remove("split.no");
    fs::write(folder.path().join("m-00002-of-00002.gguf"), other.bytes()).unwrap();
    let error = check(&folder.path().join("m-00001-of-00002.gguf")).unwrap_err().to_string();
    assert!(error.contains("and says it is no part of a model;"));
}

#[test]
fn the_first_part_has_to_be_named_and_well() {
    let folder = tempfile::tempdir().unwrap();
    let error = check_in(folder.path(), &[(NAMES[1], part(1, 3, 3))]).unwrap_err().to_string();
    assert!(error.ends_with(
        "this is part 2 of 3 of a split model; name the first part, m-00001-of-00003.gguf: the others are found from it"
    ));
    let error = check_in(folder.path(), &[("renamed.gguf", part(0, 3, 3))]).unwrap_err().to_string();
    assert!(error.ends_with(
        "this is part 1 of 3, and llama.cpp finds the others only if its name ends in -00001-of-00003.gguf; rename the \
         parts"
    ));
}

#[test]
fn a_part_in_memory_has_no_neighbours() {
    assert!(
        sentence(&part(0, 5, 5).bytes()).contains("missing beside it: part 2, part 3, part 4 and 1 more;")
    );
    let mut file = part(0, 2, 2);
    file.remove("split.no");
    assert!(sentence(&file.bytes()).starts_with("the metadata key split.no is missing"));
    file.set("split.count", Val::U32(2));
    assert!(sentence(&file.bytes()).starts_with("split.count is of type u32, and llama.cpp reads u16 there"));
}
