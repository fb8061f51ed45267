//! Whatever the bytes are, the check comes to an answer, in bounded time and memory.

use std::{
    io::{Cursor, Read, Result, Seek, SeekFrom},
    path::Path,
};

use proptest::prelude::*;

use super::writer::{Gguf, Val};
use crate::gguf::{check_bytes, check_reader};

/// A file with a bit of everything in its header.
fn rich() -> Vec<u8> {
    let mut file = Gguf::minimal();
    file.set("general.alignment", Val::U32(32));
    file.set("llama.attention.head_count_kv", Val::U32s(vec![1]));
    file.set("llama.expert_count", Val::U32(4));
    file.set("llama.expert_used_count", Val::U32(2));
    file.set("llama.rope.scaling.type", Val::Str("yarn"));
    file.set("tokenizer.ggml.token_type", Val::I32s(vec![1; 3]));
    file.set("tokenizer.chat_template", Val::Str("{{ messages }}"));
    file.set("general.sampling.temp", Val::F32(0.5));
    file.tensor("blk.0.attn_q.weight", &[32, 32], 8, 34 * 32);
    file.bytes()
}

/// Counts what is read, to show that work is bounded by the file's size.
struct Counting<'a> {
    inner: Cursor<&'a [u8]>,
    read: u64,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

impl Seek for Counting<'_> {
    fn seek(&mut self, position: SeekFrom) -> Result<u64> {
        self.inner.seek(position)
    }
}

/// Checks `bytes` and asserts that they were read about once.
fn answers(bytes: &[u8]) {
    let mut reader = Counting { inner: Cursor::new(bytes), read: 0 };
    let first = check_reader(Path::new("a.gguf"), &mut reader);
    // Once, and the bytes looked at first a second time.
    assert!(reader.read <= 2 * bytes.len() as u64, "{} bytes read of {}", reader.read, bytes.len());
    assert_eq!(first, check_bytes(Path::new("a.gguf"), bytes));
}

#[test]
fn every_shorter_file_is_refused() {
    let bytes = rich();
    assert!(check_bytes(Path::new("a.gguf"), &bytes).is_ok());
    for end in 0..bytes.len() {
        let error = check_bytes(Path::new("a.gguf"), &bytes[..end]).expect_err("a part of a file is no file");
        let sentence = error.to_string();
        let known = ["empty", "cut short", "text file", "not a GGUF"];
        assert!(known.iter().any(|words| sentence.contains(words)), "{end} bytes: {sentence}");
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        answers(&bytes);
    }

    #[test]
    fn any_bytes_after_a_magic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        answers(&[b"GGUF\x03\0\0\0", &bytes[..]].concat());
    }

    #[test]
    fn a_good_file_with_bytes_changed(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = rich();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        answers(&bytes);
    }

    #[test]
    fn a_good_file_with_a_number_changed(
        place in any::<prop::sample::Index>(),
        number in prop_oneof![Just(u64::MAX), Just(0), Just(1 << 63), Just(1 << 31), any::<u64>()],
    ) {
        let mut bytes = rich();
        let place = place.index(bytes.len() - 8);
        bytes[place..place + 8].copy_from_slice(&number.to_le_bytes());
        answers(&bytes);
    }
}
