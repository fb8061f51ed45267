//! The sampler chain, traced and not, beside llama.cpp's chain of the same samplers run as one.

use std::{hint::black_box, sync::Arc};

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
    timing::{Sample, alternate},
};

const SEED: u32 = 42;

/// What a trace or an X-ray of the default chain may take, in milliseconds.
const TRACE_MS: f64 = 1.0;

/// How much longer than llama.cpp's chain alone a traced chain over the whole vocabulary may take.
const TRACED_RATIO: f64 = 1.5;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let defaults = SamplingSettings::default();
    let [traced, xrayed] = compare(table, "default chain", &defaults, 500, Wanted::Nothing)?;
    for (sample, how) in [(traced, "trace"), (xrayed, "X-ray")] {
        let what = format!("{how} of the default chain, 151,936 tokens");
        table.bounded(&what, Quantity::ms(sample.best), TRACE_MS, sample.note());
    }
    let wide = SamplingSettings { top_k: 0, ..defaults };
    compare(table, "chain without top-k", &wide, 30, Wanted::AtMost(TRACED_RATIO))?;
    Ok(())
}

/// Prints how long the chain takes untraced, traced and X-rayed, beside llama.cpp's. The last two.
fn compare(
    table: &mut Table,
    name: &str,
    settings: &SamplingSettings,
    repetitions: usize,
    wanted: Wanted,
) -> Result<[Sample; 2]> {
    let logits = random(LARGE_VOCABULARY, 2);
    let mut untraced = ours(&logits, settings, false)?;
    let mut traced = ours(&logits, settings, true)?;
    let mut xrayed = xrayed(&logits, settings)?;
    let mut theirs = theirs(&logits, settings);
    let works: [&mut dyn FnMut(); 4] = [&mut untraced, &mut traced, &mut xrayed, &mut theirs];
    let [untraced, traced, xrayed, theirs] = alternate(repetitions, works);
    let rows = [
        (untraced, "untraced", Wanted::Nothing),
        (traced, "traced", wanted),
        (xrayed, "X-rayed", Wanted::Nothing),
    ];
    for (sample, how, wanted) in rows {
        table.row(&Row {
            what: &format!("{name}, {how}, 151,936 tokens"),
            measured: Quantity::ms(sample.best),
            reference: (Quantity::ms(theirs.best), "llama.cpp as one"),
            wanted,
            note: sample.note(),
        });
    }
    Ok([traced, xrayed])
}

/// Everything the X-ray screen needs of one step.
fn xrayed(logits: &Arc<[f32]>, settings: &SamplingSettings) -> Result<impl FnMut()> {
    let model = ChainModel { n_vocab: logits.len(), context_size: 4096, ..ChainModel::default() };
    let mut chain = Chain::new(settings, SEED, &model)?;
    let state = SamplerState::default();
    Ok(move || {
        black_box(chain.xray(black_box(logits), &[], &state, 0.5));
    })
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
