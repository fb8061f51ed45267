//! The sampler chain, traced and not, beside llama.cpp's chain of the same samplers run as one.

use std::hint::black_box;

use anyhow::Result;
use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};
use logitscope::sampling::{Chain, ChainModel, SamplerState, SamplingSettings};

use crate::{
    logits::{LARGE_VOCABULARY, random},
    models::Models,
    table::{Quantity, Row, Table, Wanted},
    timing::alternate,
};

const SEED: u32 = 42;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let defaults = SamplingSettings::default();
    compare(table, "default chain", &defaults, 500)?;
    compare(table, "chain without top-k", &SamplingSettings { top_k: 0, ..defaults }, 30)
}

fn compare(table: &mut Table, name: &str, settings: &SamplingSettings, repetitions: usize) -> Result<()> {
    let logits = random(LARGE_VOCABULARY, 2);
    let mut untraced = ours(&logits, settings, false)?;
    let mut traced = ours(&logits, settings, true)?;
    let mut theirs = theirs(&logits, settings);
    let [untraced, traced, theirs] = alternate(repetitions, [&mut untraced, &mut traced, &mut theirs]);
    for (sample, how) in [(untraced, "untraced"), (traced, "traced")] {
        table.row(&Row {
            what: &format!("{name}, {how}, 151,936 tokens"),
            measured: Quantity::ms(sample.best),
            reference: (Quantity::ms(theirs.best), "llama.cpp as one"),
            wanted: Wanted::Nothing,
            note: sample.note(),
        });
    }
    Ok(())
}

/// The program's chain, one stage at a time.
fn ours(logits: &[f32], settings: &SamplingSettings, traced: bool) -> Result<impl FnMut()> {
    let model = ChainModel { n_vocab: logits.len(), context_size: 4096, ..ChainModel::default() };
    let mut chain = Chain::new(settings, SEED, &model)?;
    let state = SamplerState::default();
    Ok(move || {
        black_box(chain.apply(black_box(logits), &[], &state, 0.5, traced));
    })
}

/// As llama.cpp's tools do for each token: fill the array, run the chain.
fn theirs(logits: &[f32], s: &SamplingSettings) -> impl FnMut() {
    let samplers = [
        LlamaSampler::top_k(s.top_k),
        LlamaSampler::typical(s.typical_p, 0),
        LlamaSampler::top_p(s.top_p, 0),
        LlamaSampler::min_p(s.min_p, 0),
        LlamaSampler::xtc(s.xtc_probability, s.xtc_threshold, 0, SEED),
        LlamaSampler::temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent),
        LlamaSampler::dist(SEED),
    ];
    let mut chain = LlamaSampler::chain(samplers, true);
    let mut array = LlamaTokenDataArray::new(Vec::with_capacity(logits.len()), false);
    move || {
        array.data.clear();
        array.data.extend((0..).zip(logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)));
        array.sorted = false;
        array.selected = None;
        array.apply_sampler(&mut chain);
        black_box(array.selected_token());
    }
}
