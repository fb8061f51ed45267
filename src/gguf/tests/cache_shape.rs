//! What each block keeps, of hand-made headers.

use super::{
    accepted,
    writer::{Gguf, Val},
};
use crate::gguf::BlockCache;

const fn block(keys: u64, values: u64, window: Option<u32>, state: u64) -> BlockCache {
    BlockCache { keys, values, window, state }
}

/// A model of so many blocks of this architecture, width 32, two heads of 16.
fn of(arch: &'static str, blocks: u32, change: impl FnOnce(&mut Gguf)) -> Vec<BlockCache> {
    let model = accepted(|file| {
        file.set("llama.block_count", Val::U32(blocks));
        file.architecture(arch);
        change(file);
    });
    model.cache
}

fn windows(cache: &[BlockCache]) -> Vec<bool> {
    cache.iter().map(|block| block.window.is_some()).collect()
}

#[test]
fn without_anything_special_every_block_keeps_everything() {
    assert_eq!(of("llama", 2, |_| {}), [block(32, 32, None, 0); 2]);
    // A window that llama.cpp does not mind for this architecture.
    let windowed = of("llama", 1, |file| file.set("llama.attention.sliding_window", Val::U32(8)));
    assert_eq!(windowed, [block(32, 32, None, 0)]);
    assert_eq!(
        of("llama", 1, |file| file.set("llama.attention.head_count_kv", Val::U32(1))),
        [block(16, 16, None, 0)]
    );
}

#[test]
fn every_sixth_block_of_gemma3_looks_back_on_everything() {
    let gemma = of("gemma3", 7, |file| file.set("gemma3.attention.sliding_window", Val::U32(8)));
    assert_eq!(windows(&gemma), [true, true, true, true, true, false, true]);
    assert_eq!((gemma[0], gemma[5]), (block(32, 32, Some(8), 0), block(32, 32, None, 0)));
    // Without a window in the file there is none.
    assert_eq!(windows(&of("gemma3", 7, |_| {})), [false; 7]);
    // The first of four, not the last.
    let small = of("smallthinker", 5, |file| {
        file.set("smallthinker.attention.sliding_window", Val::U32(8));
        file.set("smallthinker.expert_count", Val::U32(2));
        file.set("smallthinker.expert_used_count", Val::U32(1));
    });
    assert_eq!(windows(&small), [false, true, true, true, false]);
}

#[test]
fn a_listed_or_numbered_pattern_counts_before_the_usual_one() {
    let pattern = |value: Val| {
        of("gemma3", 3, |file| {
            file.set("gemma3.attention.sliding_window", Val::U32(8));
            file.set("gemma3.attention.sliding_window_pattern", value);
        })
    };
    // An array of three booleans.
    let listed = [&7u32.to_le_bytes()[..], &3u64.to_le_bytes(), &[0, 1, 0]].concat();
    assert_eq!(windows(&pattern(Val::Raw(9, listed))), [false, true, false]);
    assert_eq!(windows(&pattern(Val::U32(2))), [true, false, true]);
    // Of another length it means nothing.
    let short = [&7u32.to_le_bytes()[..], &2u64.to_le_bytes(), &[0, 1]].concat();
    assert_eq!(windows(&pattern(Val::Raw(9, short))), [true; 3]);
}

#[test]
fn latent_attention_reads_values_out_of_the_keys() {
    let latent = of("deepseek2", 2, |file| {
        for (key, value) in [
            ("attention.head_count_kv", 1),
            ("attention.key_length", 576),
            ("attention.value_length", 512),
            ("attention.key_length_mla", 192),
            ("attention.value_length_mla", 128),
        ] {
            file.set(&format!("deepseek2.{key}"), Val::U32(value));
        }
    });
    assert_eq!(latent, [block(576, 0, None, 0); 2]);
}

#[test]
fn a_recurrent_state_is_what_llama_cpp_keeps() {
    let mamba = of("mamba", 1, |file| {
        file.remove("mamba.attention.head_count");
        for (key, value) in [("conv_kernel", 4), ("inner_size", 64), ("state_size", 16)] {
            file.set(&format!("mamba.ssm.{key}"), Val::U32(value));
        }
    });
    // Three columns of the convolution, and a state of 16 for each of 64 channels.
    assert_eq!(mamba, [block(0, 0, None, 3 * 64 + 16 * 64)]);
    let rwkv = of("rwkv7", 1, |file| file.set("rwkv7.wkv.head_size", Val::U32(16)));
    assert_eq!(rwkv, [block(0, 0, None, 2 * 32 + 32 * 16)]);
    let hybrid = of("qwen3next", 4, |file| {
        for (key, value) in [("conv_kernel", 4), ("inner_size", 64), ("state_size", 16), ("group_count", 2)] {
            file.set(&format!("qwen3next.ssm.{key}"), Val::U32(value));
        }
    });
    let state = 3 * (64 + 2 * 2 * 16) + 16 * 64;
    assert_eq!(hybrid[..3], [block(0, 0, None, state); 3]);
    assert_eq!(hybrid[3], block(32, 32, None, 0));
}

#[test]
fn absurd_sizes_of_a_state_overflow_nothing() {
    let mamba = of("mamba", 1, |file| {
        file.remove("mamba.attention.head_count");
        for key in ["conv_kernel", "inner_size", "state_size", "group_count"] {
            file.set(&format!("mamba.ssm.{key}"), Val::U32(u32::MAX));
        }
    });
    assert_eq!(mamba[0].state, u64::MAX);
}
