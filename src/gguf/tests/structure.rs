//! Files whose bytes do not hold together.

use std::path::Path;

use super::{
    accepted, refused, sentence,
    writer::{Gguf, Val},
};
use crate::gguf::{Fault, check};

#[test]
fn the_minimal_file_is_accepted_in_both_versions() {
    let model = accepted(|_| ());
    assert_eq!((model.version, model.parts, model.parameters), (3, 1, 96));
    assert_eq!(accepted(|file| file.version = 2).version, 2);
}

#[test]
fn what_is_no_regular_file_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(check(folder.path()).unwrap_err().fault, Fault::Directory);
    let missing = check(&folder.path().join("a\u{1b}b.gguf")).unwrap_err();
    assert_eq!(missing.fault, Fault::Missing);
    assert!(missing.to_string().ends_with("/a\u{FFFD}b.gguf: there is no such file; check the path"));
}

#[cfg(unix)]
#[test]
fn a_socket_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    assert_eq!(check(&socket).unwrap_err().fault, Fault::Special);
}

#[test]
fn other_contents_are_named() {
    assert_eq!(sentence(b""), "the file is empty; download it again");
    assert!(sentence(b"<!DOCTYPE html><html>").starts_with("this is a web page, not a model"));
    assert!(sentence(b"version https://git-lfs.github.com/spec/v1").contains("run \"git lfs pull\""));
    assert!(
        sentence(b"\x7fELF").starts_with("this is not a GGUF file: it does not begin with the letters GGUF")
    );
}

#[test]
fn versions_llama_cpp_does_not_read() {
    const READS: &str = "this build of llama.cpp reads versions 2 and 3;";
    let at = |version: u32| move |file: &mut Gguf| file.version = version;
    refused(at(0), &format!("this is GGUF version 0; {READS} the file is damaged, download it again"));
    refused(
        at(1),
        &format!(
            "this is GGUF version 1; {READS} version 1 was dropped in 2023, get a newer file of the model"
        ),
    );
    refused(at(4), &format!("this is GGUF version 4; {READS} get a newer logitscope"));
    refused(
        at(3_u32.swap_bytes()),
        "this GGUF is big-endian (made for s390x and the like) and cannot be read here; get the little-endian file of \
         the same model",
    );
}

#[test]
fn a_file_that_ends_too_early() {
    let whole = Gguf::minimal().bytes();
    let header = Gguf::minimal().header().len();
    assert_eq!(
        sentence(&whole[..whole.len() - 1]),
        format!(
            "the file is cut short: the header promises {} bytes, the file has {}; download it again",
            whole.len(),
            whole.len() - 1
        )
    );
    assert_eq!(
        sentence(&whole[..6]),
        "the header is cut short or damaged: the version at byte 4 needs 4 bytes, the file has 6; download it again"
    );
    assert_eq!(
        sentence(&whole[..header - 1]),
        format!(
            "the header is cut short or damaged: token_embd.weight at byte {} needs 8 bytes, the file has {}; download \
             it again",
            header - 8,
            header - 1
        )
    );
}

#[test]
fn lengths_and_counts_are_held_against_the_file() {
    let string_of = |length: u64| Val::Raw(8, length.to_le_bytes().to_vec());
    let file = |value| {
        let mut file = Gguf::minimal();
        file.add(b"x", value);
        sentence(&file.bytes())
    };
    assert!(file(string_of(u64::MAX)).contains("needs 18446744073709551615 bytes"));
    let array_of = |kind: u32, len: u64| Val::Raw(9, [&kind.to_le_bytes()[..], &len.to_le_bytes()].concat());
    assert!(file(array_of(8, u64::MAX)).starts_with("the header is cut short or damaged: x at byte"));
    assert!(
        file(array_of(4, u64::MAX))
            .starts_with("the header is damaged: the length of x is 18446744073709551615")
    );
    assert!(file(array_of(0, 1 << 30)).starts_with("the header is cut short or damaged: x at byte"));
    refused(
        |file| file.counts = Some((u64::MAX, 9)),
        "the header is damaged: the number of tensors is 18446744073709551615, and no model needs more than 262144; \
         download the file again",
    );
    refused(
        |file| file.counts = Some((1, 1 << 40)),
        "the header is damaged: the number of metadata keys is 1099511627776, and no model needs more than 65536; \
         download the file again",
    );
}

#[test]
fn metadata_that_llama_cpp_does_not_read() {
    refused(
        |file| file.add(b"general.architecture", Val::Str("llama")),
        "the metadata key \"general.architecture\" appears twice; the file was written wrongly, convert the model again",
    );
    refused(
        |file| file.add(b"", Val::U32(1)),
        "the header is damaged: \"\" is not a valid metadata key; download the file again",
    );
    refused(
        |file| file.add(b"a\0b", Val::U32(1)),
        "the header is damaged: \"a\\0b\" is not a valid metadata key; download the file again",
    );
    refused(
        |file| file.add(b"a\xff", Val::U32(1)),
        "the header is damaged: \"a\u{FFFD}\" is not a valid metadata key; download the file again",
    );
    refused(
        |file| file.add(b"x", Val::Raw(13, vec![0; 8])),
        "the header is damaged: \"x\" has value type 13, and GGUF has types 0 to 12; download the file again",
    );
    refused(
        |file| file.add(b"x", Val::Raw(9, vec![9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])),
        "\"x\" is an array of arrays, which llama.cpp does not read; convert the model again without it",
    );
}

#[test]
fn every_plain_type_is_read() {
    let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
    let model = accepted(|file| {
        for (kind, size) in (0..).zip(sizes).filter(|&(_, size)| size > 0) {
            file.add(format!("plain.{kind}").as_bytes(), Val::Raw(kind, vec![1; size]));
            let array = [&kind.to_le_bytes()[..], &2_u64.to_le_bytes(), &vec![1; 2 * size]].concat();
            file.add(format!("array.{kind}").as_bytes(), Val::Raw(9, array));
        }
    });
    assert_eq!(model.parameters, 96);
}

#[test]
fn alignment_is_a_power_of_two_and_is_used() {
    refused(
        |file| file.set("general.alignment", Val::U32(24)),
        "general.alignment is 24, and must be a power of two; convert the model again",
    );
    refused(
        |file| file.set("general.alignment", Val::I32(32)),
        "general.alignment is of type i32, and llama.cpp reads u32 there; convert the model again",
    );
    let model = accepted(|file| {
        file.alignment = 4096;
        file.set("general.alignment", Val::U32(4096));
        file.tensor("output_norm.weight", &[32], 0, 128);
    });
    assert_eq!(model.size % 4096, 128);
    refused(
        |file| {
            file.set("general.alignment", Val::U32(1 << 31));
        },
        &format!(
            "the file is cut short: the header promises {} bytes, the file has {}; download it again",
            (1_u64 << 31) + 384,
            {
                let mut file = Gguf::minimal();
                file.set("general.alignment", Val::U32(1 << 31));
                file.bytes().len()
            }
        ),
    );
}

#[test]
fn tensor_names() {
    let named = |name: &'static str| move |file: &mut Gguf| file.tensor(name, &[32], 0, 128);
    refused(
        named("token_embd.weight"),
        "the tensor token_embd.weight appears twice; the file was written wrongly, convert the model again",
    );
    refused(
        named("a\nb"),
        "the header is damaged: \"a\\nb\" is not a valid tensor name; download the file again",
    );
    refused(
        named(""),
        "the header is damaged: a name of 0 bytes is not a valid tensor name; download the file again",
    );
    let long: &'static str = Box::leak("x".repeat(64).into_boxed_str());
    refused(
        named(long),
        "the header is damaged: a name of 64 bytes is not a valid tensor name; download the file again",
    );
    accepted(named(&long[..63]));
}

#[test]
fn tensor_shapes() {
    let shaped = |shape: &'static [u64]| move |file: &mut Gguf| file.tensor("x", shape, 0, 0);
    let wrong = |what: &str| format!("the header is damaged: tensor x has {what}; download the file again");
    refused(shaped(&[]), &wrong("0 dimensions instead of 1 to 4"));
    refused(shaped(&[1; 5]), &wrong("5 dimensions instead of 1 to 4"));
    refused(shaped(&[32, 0]), &wrong("a dimension of length 0"));
    refused(shaped(&[1 << 32, 1 << 31]), &wrong("an impossible shape, [4294967296, 2147483648]"));
    refused(shaped(&[1 << 32, 1 << 32]), &wrong("an impossible shape, [4294967296, 4294967296]"));
}

#[test]
fn tensor_types_and_places() {
    refused(
        |file| file.tensor("x", &[32], 4, 0),
        "tensor x is stored as ggml type 4, which this build of llama.cpp does not know; get a file in another \
         quantisation, or a newer logitscope",
    );
    refused(
        |file| file.tensor("x", &[48], 8, 51),
        "tensor x has rows of 48 elements, and Q8_0 is stored in blocks of 32; convert the model again",
    );
    refused(
        |file| {
            file.tensor("x", &[32], 0, 128);
            file.tensors[1].offset += 32;
        },
        "the header is damaged: tensor x begins at byte 416 of the data, and its place is byte 384; download the file \
         again",
    );
    refused(
        |file| file.tensors[0].offset = 1,
        "the header is damaged: tensor token_embd.weight begins at byte 1 of the data, and its place is byte 0; \
         download the file again",
    );
    // 2^62 elements of 8 bytes are more bytes than can be counted.
    let mut file = Gguf::minimal();
    file.tensor("x", &[1 << 62], 28, 0);
    assert!(
        sentence(&file.bytes())
            .starts_with("the file is cut short: the header promises 18446744073709551615 bytes")
    );
}

#[test]
fn the_file_is_named_first() {
    let error = crate::gguf::check_bytes(Path::new("models/broken.gguf"), b"").unwrap_err();
    assert_eq!(error.to_string(), "models/broken.gguf: the file is empty; download it again");
    assert_eq!(error.fault, Fault::Empty);
}
