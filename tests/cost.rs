//! `logitscope cost` on the embedded model: what is measured holds together, and as a program.

mod support;

use std::sync::atomic::AtomicBool;

use logitscope::{
    cost::{measure::Wish, rows},
    engine::llama::load,
    headless::{CostJob, CostRequest, cost_on},
    settings::ModelSettings,
};
use serde_json::Value;
use support::program::Program;

const PROMPT: &str = "Once upon a time, there was a little girl";

/// The JSON lines of a run, by type.
fn lines(wish: Wish, computed: bool) -> impl Fn(&str) -> Value {
    let settings = ModelSettings { threads: Some(1), ..ModelSettings::default() };
    let loaded = load(&settings, |_| true).expect("the model in the program loads");
    let request = CostRequest { wish, computed, json: true };
    let job = CostJob { request, ..CostJob::default() };
    let (mut out, mut report) = (Vec::new(), Vec::new());
    cost_on(&loaded, &job, PROMPT.into(), &mut out, &mut report, &AtomicBool::new(false)).expect("it runs");
    let text = String::from_utf8(out).expect("JSON is text");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON object")).collect();
    move |kind| lines.iter().find(|line| line["type"] == kind).cloned().unwrap_or(Value::Null)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is a number"))
}

#[test]
fn without_the_cache_the_tokens_are_the_same() {
    let line = lines(Wish { tokens: 24, repeats: 2, depth: 64 }, false);
    let cache = line("cache");
    assert_eq!(cache["text"], cache["text_without"]);
    assert_eq!(cache["text"].as_array().map(Vec::len), Some(24));
    assert_eq!(cache["first_token_that_differs"], Value::Null);
    // Rows that are evaluated together can differ from rows alone in their last bits, not more.
    assert!(number(&cache["largest_logit_difference"]) < 0.1, "{}", cache["largest_logit_difference"]);
    let prompt = cache["prompt"].as_u64().expect("a number") as usize;
    assert_eq!(cache["rows_with"], rows::with_cache(prompt, 24));
    assert_eq!(cache["rows_without"], rows::without_cache(prompt, 24));
    for side in ["with", "without"] {
        let samples = cache[side].as_array().expect("a list");
        assert!(samples.iter().all(|sample| sample["count"] == 2 && number(&sample["median"]) > 0.0));
    }
    assert_eq!(line("failed"), Value::Null);
}

#[test]
fn smaller_cache_types_take_less_and_say_almost_the_same() {
    let line = lines(Wish { tokens: 16, repeats: 1, depth: 32 }, false);
    let types = line("types");
    let types = types["types"].as_array().expect("a list");
    let names: Vec<&str> = types.iter().filter_map(|run| run["cache"].as_str()).collect();
    assert_eq!(names, ["f16", "q8_0", "q4_0"]);
    let bytes: Vec<f64> = types.iter().map(|run| number(&run["allocated_bytes"])).collect();
    // 32 elements in 34 bytes and in 18, of 64; llama.cpp tells its sizes in hundredths of a mebibyte.
    assert!(
        (bytes[1] / bytes[0] - 34.0 / 64.0).abs() < 0.03 && (bytes[2] / bytes[0] - 18.0 / 64.0).abs() < 0.03,
        "{bytes:?}"
    );
    let kl: Vec<f64> = types.iter().map(|run| number(&run["kl_bits_mean"])).collect();
    assert!(kl[0] == 0.0 && kl[1] > 0.0 && kl[1] < kl[2] && kl[2] < 1.0, "{kl:?}");
    let batches = line("batches");
    let rows: Vec<u64> =
        batches["batches"].as_array().expect("a list").iter().filter_map(|b| b["rows"].as_u64()).collect();
    assert_eq!(rows, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    let depths = line("depth");
    assert_eq!(depths["tokens"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_computed_adds_up_to_the_file() {
    let line = lines(Wish::default(), true);
    let weights = line("weights");
    let kinds = weights["kinds"].as_array().expect("a list");
    let bytes: u64 = kinds.iter().filter_map(|kind| kind["bytes"].as_u64()).sum();
    let rest = ["header", "padding"].map(|part| weights[part].as_u64().expect("a number"));
    assert_eq!(Some(bytes + rest[0] + rest[1]), weights["file"].as_u64());
    let kv = line("kv");
    let at_512 = kv["sizes"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|size| size["tokens"] == 512)
        .expect("trained with it");
    // 512 tokens of 2,560 bytes.
    assert_eq!((at_512["cache"].as_str(), number(&at_512["bytes"])), (Some("f16"), 1_310_720.0));
    assert_eq!(line("cache"), Value::Null, "nothing is measured");
}

#[test]
fn as_a_program_it_says_what_was_computed_and_what_was_measured() {
    let program = Program::new();
    let ran = program.run(&["cost", "-n", "4", "--repeats", "1", "--depth", "16"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for heading in [
        "Weights by kind of tensor (read from the file's header)",
        "Memory of the KV cache (computed)",
        "Output projection (computed)",
        "Well-known models (computed",
        "KV cache on and off (measured",
        "Prefill and decode: rows that go through the model together (measured)",
        "Cache types on the same text (measured",
        "Where the time goes in one token of this program (measured)",
        "the tokens are the same",
    ] {
        assert!(ran.text().contains(heading), "{heading}:\n{}", ran.text());
    }
    assert!(ran.stderr.contains("measuring KV cache on and off"), "{}", ran.stderr);
    let wrong = program.run(&["cost", "--repeats", "0"]);
    assert_eq!(wrong.status, Some(2), "{}", wrong.stderr);
}
