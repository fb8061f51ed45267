//! Speculative decoding against plain decoding of the same text, in turn: the built-in pair, a pair in the shape of half a
//! billion parameters, and lookup on a text that repeats.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result};
use logitscope::{
    decode::speculative::{LookupSettings, Rule, Sources, SpeculativeSettings, SpeculativeSetup},
    headless::{SpeculateJob, SpeculateRequest, speculate},
    sampling::SamplingOverrides,
    settings::{DraftModelSettings, Settings},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    models::Models,
    programs::speculative_simple,
    random_gguf::{Shape, write},
    table::{Quantity, Row, Table, Wanted},
    timing::median,
};

const PROMPT: &str = "Once upon a time";
const REPEATS: &str = "The cat sat on the mat and looked at the dog. The dog sat on the mat and looked at the cat. \
    The cat sat on the mat and looked at the dog. The dog sat on the mat and looked at the cat. The cat sat on";
const ROUNDS: usize = 5;

/// What is drafted for what.
struct Case<'a> {
    what: &'a str,
    model: Option<PathBuf>,
    draft: Option<PathBuf>,
    settings: SpeculativeSettings,
    sources: Option<Sources>,
    prompt: &'a str,
    tokens: usize,
    temperature: f32,
    threads: Option<u32>,
}

pub fn run(table: &mut Table, models: &Models) -> Result<()> {
    let pair = Case {
        what: "built-in pair, match, γ = 3",
        model: None,
        draft: None,
        settings: SpeculativeSettings::default(),
        sources: None,
        prompt: PROMPT,
        tokens: 96,
        temperature: 0.8,
        threads: None,
    };
    measure(table, &pair)?;
    let probabilistic = SpeculativeSettings { rule: Rule::Probabilistic, ..pair.settings };
    measure(
        table,
        &Case { what: "built-in pair, probabilistic, γ = 3", settings: probabilistic, ..clone(&pair) },
    )?;
    let unsure = SpeculativeSettings { n_max: 6, p_min: 0.6, ..pair.settings };
    measure(
        table,
        &Case { what: "built-in pair, match, γ = 6, p-min 0.6", settings: unsure, ..clone(&pair) },
    )?;
    beside_llama(table, &pair)?;
    let large = models.half_billion()?;
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).context("a folder for the draft model")?;
    let small = folder.path().join("random-draft-q8_0.gguf");
    let shape =
        Shape { blocks: 4, width: 256, heads: 4, kv_heads: 2, feed_forward: 1024, ..Shape::HALF_BILLION };
    write(&small, &shape, 2).context("the draft model cannot be written")?;
    let large_pair = Case {
        what: "0.5B pair of random weights, match, γ = 3",
        model: Some(large.path.clone()),
        draft: Some(small),
        tokens: 24,
        temperature: 0.0,
        threads: Some(large.threads),
        ..clone(&pair)
    };
    measure(table, &large_pair)?;
    let lookup = SpeculativeSettings { lookup: LookupSettings { n: 3, length: 8 }, ..pair.settings };
    let lookup = Case {
        what: "",
        settings: lookup,
        sources: Some(Sources { model: false, lookup: true }),
        prompt: REPEATS,
        tokens: 64,
        temperature: 0.0,
        ..clone(&pair)
    };
    if models.named.is_empty() {
        table
            .left_out("lookup on a text that repeats", "name a model: make bench ARGS='speculative -m FILE'");
    }
    for path in &models.named {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let what = format!("lookup, n = 3, {}", name.chars().take(28).collect::<String>());
        measure(table, &Case { what: &what, model: Some(path.clone()), ..clone(&lookup) })?;
    }
    Ok(())
}

fn clone<'a>(case: &Case<'a>) -> Case<'a> {
    Case { model: case.model.clone(), draft: case.draft.clone(), ..*case }
}

/// The last line of the text written once.
fn write_text(case: &Case<'_>, against_plain: bool) -> Result<Value> {
    let mut settings = Settings::default();
    settings.model.path.clone_from(&case.model);
    settings.model.threads = case.threads;
    settings.prompt.text = Some(case.prompt.to_owned());
    settings.stop.predict = case.tokens as i32;
    let draft = DraftModelSettings { path: case.draft.clone(), ..DraftModelSettings::default() };
    let setup =
        SpeculativeSetup { settings: case.settings, sources: case.sources, draft, notices: Vec::new() };
    let given = SamplingOverrides {
        temperature: Some(case.temperature),
        seed: Some(Some(1)),
        ignore_eos: Some(true),
        ..SamplingOverrides::default()
    };
    let request = SpeculateRequest { setup, against_plain, json: true, special: false };
    let job = SpeculateJob { settings, given, request };
    let mut out = Vec::new();
    speculate(&job, &mut out, &mut Vec::new(), &Arc::new(AtomicBool::new(false)))?;
    let text = String::from_utf8(out)?;
    Ok(serde_json::from_str(text.lines().last().context("a last line")?)?)
}

fn measure(table: &mut Table, case: &Case<'_>) -> Result<()> {
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    let mut last = Value::Null;
    for round in 0..=ROUNDS {
        last = write_text(case, true)?;
        let rate = |value: &Value| Some(case.tokens as f64 / value.as_f64()? * 1e3);
        if round > 0 {
            ours.extend(rate(&last["ms"]));
            plain.extend(rate(&last["against_plain"]["ms"]));
        }
    }
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let accepted = 100.0 * number(&last["accepted"]) / number(&last["looked_at"]);
    table.row(&Row {
        what: case.what,
        measured: Quantity::rate(median(ours)),
        reference: (Quantity::rate(median(plain)), "plain decoding"),
        wanted: Wanted::Nothing,
        note: format!(
            "accepted {accepted:.0} %, {:.2} tokens a pass, c {:.2}, v {:.2} ({} rows)",
            number(&last["tokens_a_pass"]),
            number(&last["price"]["c"]),
            number(&last["price"]["v"]),
            last["price"]["rows"],
        ),
    });
    Ok(())
}

/// What is drafted and accepted greedily, beside llama.cpp's own example.
fn beside_llama(table: &mut Table, pair: &Case<'_>) -> Result<()> {
    let what = "built-in pair, tokens accepted greedily";
    let Some(program) = std::env::var_os("LLAMA_SPECULATIVE_SIMPLE") else {
        table.left_out(
            what,
            "set LLAMA_SPECULATIVE_SIMPLE to the path of llama.cpp's llama-speculative-simple",
        );
        return Ok(());
    };
    let last = write_text(&Case { temperature: 0.0, ..clone(pair) }, false)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
    let files =
        ["storyteller-4.5m-q8_0.gguf", "storyteller-draft-0.6m-q8_0.gguf"].map(|name| folder.join(name));
    let (drafted, accepted) =
        speculative_simple(&program, [&files[0], &files[1]], pair.prompt, pair.tokens, pair.settings.n_max)?;
    table.row(&Row {
        what,
        measured: Quantity { value: last["accepted"].as_f64().unwrap_or(f64::NAN), unit: "tokens" },
        reference: (Quantity { value: accepted as f64, unit: "tokens" }, "llama-speculative-simple"),
        wanted: Wanted::Nothing,
        note: format!("drafted {} and {drafted}", last["drafted"]),
    });
    Ok(())
}
