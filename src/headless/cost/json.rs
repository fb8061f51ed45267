//! What a token costs, as JSON lines: one object a subject. docs/json.md documents them.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Told,
    text::{LENGTHS, TYPES},
};
use crate::{
    cost::{Sample, known, rows, weights},
    headless::json::{ModelLine, write_line},
    settings::CacheType,
    token::Token,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Start {
        model: ModelLine,
        context: usize,
        trained: u32,
        interrupted: bool,
    },
    Weights {
        basis: &'static str,
        kinds: Vec<KindLine>,
        header: u64,
        padding: u64,
        file: u64,
    },
    Kv {
        basis: &'static str,
        formula: String,
        layers: usize,
        windowed_layers: usize,
        recurrent_layers: usize,
        sizes: Vec<SizeLine>,
        memory: Vec<MemoryLine<'a>>,
    },
    Projection {
        basis: &'static str,
        width: u64,
        vocabulary: u64,
        tied: bool,
        elements: u64,
        bytes: Option<u64>,
        share: f64,
        multiply_adds: u64,
    },
    Known {
        basis: &'static str,
        models: Vec<KnownLine>,
    },
    Cache(CacheLine<'a>),
    Depth {
        basis: &'static str,
        tokens: Vec<DepthLine>,
    },
    Batches {
        basis: &'static str,
        batches: Vec<BatchLine>,
        projection: Option<ProjectionLine>,
    },
    Types {
        basis: &'static str,
        types: Vec<TypeLine<'a>>,
    },
    Token {
        basis: &'static str,
        model_ms: SampleLine,
        statistics_ms: SampleLine,
        chain_ms: SampleLine,
    },
    Failed {
        subject: &'static str,
        why: &'a str,
    },
}

#[derive(Serialize)]
struct KindLine {
    kind: &'static str,
    tensors: usize,
    elements: u64,
    bytes: u64,
    stored: Vec<&'static str>,
}

#[derive(Serialize)]
struct SizeLine {
    tokens: u64,
    cache: &'static str,
    bytes: f64,
    windowed: f64,
    state: f64,
}

#[derive(Serialize)]
struct MemoryLine<'a> {
    name: &'a str,
    total: u64,
}

#[derive(Serialize)]
struct KnownLine {
    name: &'static str,
    parameters: u64,
    kv_bytes_a_token: f64,
    kv_bytes_at_8k: f64,
    kv_bytes_at_128k: f64,
    projection: u64,
    projection_share: f64,
}

#[derive(Serialize)]
struct SampleLine {
    median: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
    count: usize,
}

impl From<&Sample> for SampleLine {
    fn from(sample: &Sample) -> Self {
        let range = sample.range();
        Self {
            median: sample.median(),
            least: range.map(|range| range.0),
            most: range.map(|range| range.1),
            count: sample.len(),
        }
    }
}

#[derive(Serialize)]
struct CacheLine<'a> {
    basis: &'static str,
    prompt: usize,
    tokens: usize,
    repeats: usize,
    threads: u32,
    with: Vec<SampleLine>,
    without: Vec<SampleLine>,
    rows_with: usize,
    rows_without: usize,
    formula_rows_with: usize,
    formula_rows_without: usize,
    total_ms_with: f64,
    total_ms_without: f64,
    first_token_ms: Option<f64>,
    last_token_ms: Option<f64>,
    text: &'a [Token],
    text_without: &'a [Token],
    largest_logit_difference: f32,
    largest_kl_bits: f64,
    first_token_that_differs: Option<usize>,
}

#[derive(Serialize)]
struct DepthLine {
    before: usize,
    ms: SampleLine,
}

#[derive(Serialize)]
struct BatchLine {
    rows: usize,
    ms: SampleLine,
    tokens_a_second: Option<f64>,
}

#[derive(Serialize)]
struct ProjectionLine {
    rows: usize,
    one_row_ms: SampleLine,
    all_rows_ms: SampleLine,
    ms_a_row: f64,
    share: f64,
}

#[derive(Serialize)]
struct TypeLine<'a> {
    cache: &'static str,
    ms: SampleLine,
    allocated_bytes: Option<usize>,
    cells: Option<usize>,
    kl_bits: &'a [f64],
    kl_bits_mean: Option<f64>,
    first_token_that_differs: Option<usize>,
    failed: Option<&'a str>,
}

const COMPUTED: &str = "computed";
const MEASURED: &str = "measured";

pub(super) fn write(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = &told.loaded.file;
    write_line(
        out,
        &Line::Start {
            model: ModelLine::of(told.loaded),
            context: told.context,
            trained: file.context_length,
            interrupted: told.interrupted,
        },
    )?;
    computed(told, out)?;
    measured(told, out)
}

fn computed(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = &told.loaded.file;
    let kinds = weights::groups(file).into_iter().map(|group| KindLine {
        kind: group.kind.name(),
        tensors: group.tensors,
        elements: group.elements,
        bytes: group.bytes,
        stored: group.stored,
    });
    let (header, padding) = (file.weights.header, file.weights.padding);
    write_line(
        out,
        &Line::Weights { basis: "header", kinds: kinds.collect(), header, padding, file: file.size },
    )?;
    let (full, windowed_layers, recurrent_layers) = told.kv.counts();
    let mut lengths: Vec<u64> = LENGTHS.to_vec();
    lengths.push(file.context_length.into());
    lengths.sort_unstable();
    lengths.dedup();
    let size = |tokens: u64, cache: CacheType| {
        let bytes = told.kv.bytes(tokens, cache);
        let (windowed, state) = (bytes.windowed, bytes.state);
        SizeLine { tokens, cache: cache.name(), bytes: bytes.total(), windowed, state }
    };
    let sizes = lengths.iter().flat_map(|&tokens| TYPES.map(|cache| size(tokens, cache))).collect();
    let memory =
        told.loaded.info.memory.iter().map(|memory| MemoryLine { name: &memory.name, total: memory.total });
    write_line(
        out,
        &Line::Kv {
            basis: COMPUTED,
            formula: told.kv.formula(CacheType::F16),
            layers: full,
            windowed_layers,
            recurrent_layers,
            sizes,
            memory: memory.collect(),
        },
    )?;
    let projection = &told.projection;
    write_line(
        out,
        &Line::Projection {
            basis: COMPUTED,
            width: projection.width,
            vocabulary: projection.vocabulary,
            tied: projection.tied,
            elements: projection.elements(),
            bytes: projection.bytes,
            share: projection.share(),
            multiply_adds: projection.multiply_adds(),
        },
    )?;
    let models = known::MODELS.iter().map(|model| {
        let (kv, projection) = (model.kv(), model.projection());
        KnownLine {
            name: model.name,
            parameters: projection.parameters,
            kv_bytes_a_token: kv.first_token(CacheType::F16),
            kv_bytes_at_8k: kv.bytes(8192, CacheType::F16).total(),
            kv_bytes_at_128k: kv.bytes(131_072, CacheType::F16).total(),
            projection: projection.elements(),
            projection_share: projection.share(),
        }
    });
    write_line(out, &Line::Known { basis: COMPUTED, models: models.collect() })
}

fn measured(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(costs) = told.costs else { return Ok(()) };
    let (plan, on_off) = (costs.plan(), costs.on_off());
    let samples = |samples: &[Sample]| samples.iter().map(SampleLine::from).collect();
    let (totals, counted, answer) = (on_off.totals(), on_off.rows(), on_off.first_and_last());
    write_line(
        out,
        &Line::Cache(CacheLine {
            basis: MEASURED,
            prompt: plan.prompt.len(),
            tokens: plan.tokens,
            repeats: plan.repeats,
            threads: costs.threads(),
            with: samples(&on_off.on),
            without: samples(&on_off.off),
            rows_with: counted.0,
            rows_without: counted.1,
            formula_rows_with: rows::with_cache(plan.prompt.len(), plan.tokens),
            formula_rows_without: rows::without_cache(plan.prompt.len(), plan.tokens),
            total_ms_with: totals.0,
            total_ms_without: totals.1,
            first_token_ms: answer.map(|answer| answer.0),
            last_token_ms: answer.map(|answer| answer.1),
            text: &on_off.text,
            text_without: &on_off.text_without,
            largest_logit_difference: on_off.difference,
            largest_kl_bits: on_off.divergence,
            first_token_that_differs: on_off.parted,
        }),
    )?;
    let tokens =
        costs.depths().iter().map(|(before, sample)| DepthLine { before: *before, ms: sample.into() });
    write_line(out, &Line::Depth { basis: MEASURED, tokens: tokens.collect() })?;
    let batches = costs.batches();
    let lines = batches.passes.iter().enumerate().map(|(place, (rows, sample))| BatchLine {
        rows: *rows,
        ms: sample.into(),
        tokens_a_second: batches.rate(place),
    });
    let projection = batches.projection().map(|(ms_a_row, share)| ProjectionLine {
        rows: batches.rows,
        one_row_ms: (&batches.one).into(),
        all_rows_ms: (&batches.all).into(),
        ms_a_row,
        share,
    });
    write_line(out, &Line::Batches { basis: MEASURED, batches: lines.collect(), projection })?;
    let types = costs.types().iter().map(|run| TypeLine {
        cache: run.cache.name(),
        ms: (&run.token).into(),
        allocated_bytes: run.allocated.map(|allocated| allocated.0),
        cells: run.allocated.map(|allocated| allocated.1),
        kl_bits: &run.divergence,
        kl_bits_mean: run.mean_divergence(),
        first_token_that_differs: run.parted,
        failed: run.failed.as_deref(),
    });
    write_line(out, &Line::Types { basis: MEASURED, types: types.collect() })?;
    let around = costs.around();
    let token = Line::Token {
        basis: MEASURED,
        model_ms: (&on_off.token()).into(),
        statistics_ms: (&around.statistics).into(),
        chain_ms: (&around.chain).into(),
    };
    write_line(out, &token)?;
    costs
        .failed()
        .iter()
        .try_for_each(|(subject, why)| write_line(out, &Line::Failed { subject: subject.title(), why }))
}
