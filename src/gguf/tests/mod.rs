//! Hand-made files, each with one thing wrong, and the sentence that says so.

mod cache_shape;
mod embedded;
mod fuzz;
mod meaning;
mod parts;
mod structure;
mod vocabulary;
mod writer;

use std::path::Path;

use self::writer::Gguf;

/// The sentence about `bytes`, without the file's name.
fn sentence(bytes: &[u8]) -> String {
    let error = super::check_bytes(Path::new("a.gguf"), bytes).expect_err("this file should be refused");
    let sentence = error.to_string();
    sentence.strip_prefix("a.gguf: ").expect("the file is named first").to_owned()
}

/// Asserts that the minimal model after `change` is refused with `expected`.
#[track_caller]
fn refused(change: impl FnOnce(&mut Gguf), expected: &str) {
    let mut file = Gguf::minimal();
    change(&mut file);
    assert_eq!(sentence(&file.bytes()), expected);
}

/// Asserts that the minimal model after `change` is accepted.
#[track_caller]
fn accepted(change: impl FnOnce(&mut Gguf)) -> super::ModelFile {
    let mut file = Gguf::minimal();
    change(&mut file);
    super::check_bytes(Path::new("a.gguf"), &file.bytes()).expect("this file should be accepted")
}
