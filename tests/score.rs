//! `logitscope score` as a program: its numbers against `llama-perplexity`'s, what it writes, and how it ends.
#![cfg(unix)]

mod support;

use std::{io::Write, process::Stdio};

use logitscope::{
    engine::{
        Evaluator as _, Request, Rows,
        llama::{LlamaEvaluator, load, log},
    },
    settings::ModelSettings,
};
use serde_json::Value;
use support::{
    documented::documented,
    program::{Program, Ran},
};

const STORIES: &str = include_str!("reference/perplexity/stories.txt");
/// Runs of `llama-perplexity -f FILE -c CHUNK -b CHUNK -t 1 --no-escape` on the built-in model: llama.cpp as in
/// llama-cpp-python 0.3.36, x86-64 with AVX-512. `chunks` is the perplexity so far after each chunk.
const RECORDED: &str = include_str!("reference/perplexity/llama-perplexity-runs.jsonl");
/// Largest difference, as a part, that builds and the size of batches may make on the processor of the recording, and
/// that other processors may, which round activations to 8 bits in other ways: `odd.txt`, of which the model understands
/// nothing, comes out 0.6 % apart on AVX2.
const TOLERANCE: f64 = if cfg!(target_feature = "avx512vnni") { 2e-3 } else { 2e-2 };

/// A JSON run's lines.
struct Scored {
    start: Value,
    tokens: Vec<Value>,
    score: Value,
}

impl Scored {
    fn of(program: &Program, args: &[&str]) -> Self {
        let ran = program.run(&[&["score", "--json"], args].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        let mut lines: Vec<Value> =
            ran.text().lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        let score = lines.pop().expect("a last line");
        let start = lines.remove(0);
        assert_eq!([&start, &score].map(|line| line["type"].as_str()), [Some("start"), Some("score")]);
        assert!(lines.iter().all(|line| line["type"] == "token"));
        Self { start, tokens: lines, score }
    }

    fn bits(&self) -> Vec<f64> {
        self.tokens.iter().map(|token| number(&token["surprisal_bits"])).collect()
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found / expected - 1.0).abs() < TOLERANCE, "{what}: {found}, expected {expected}");
}

#[test]
fn perplexities_are_those_of_llama_perplexity_on_the_same_chunks() {
    let program = Program::new();
    program.write("stories.txt", STORIES);
    program.write("odd.txt", include_str!("reference/perplexity/odd.txt"));
    for line in RECORDED.lines() {
        let run: Value = serde_json::from_str(line).expect("JSON");
        let (file, chunk) = (run["file"].as_str().expect("a name"), run["chunk"].to_string());
        let scored = Scored::of(&program, &["-f", file, "--chunk", &chunk]);
        close(number(&scored.score["perplexity"]), number(&run["perplexity"]), line);
        close(number(&scored.score["perplexity_error"]), number(&run["error"]), line);
        let chunks = run["chunks"].as_array().expect("a list");
        let counted: Vec<f64> = scored
            .tokens
            .iter()
            .zip(scored.bits())
            .filter(|(token, _)| token["counted"] == true)
            .map(|(_, bits)| bits)
            .collect();
        let each = counted.len() / chunks.len();
        for (index, expected) in chunks.iter().enumerate() {
            let so_far = &counted[..each * (index + 1)];
            let perplexity = (so_far.iter().sum::<f64>() / so_far.len() as f64).exp2();
            close(perplexity, number(expected), &format!("{file}, chunk {index} of {chunk} tokens"));
        }
    }
}

#[test]
fn every_token_of_a_text_is_scored_and_the_sums_are_theirs() {
    let scored = Scored::of(&Program::new(), &["-p", "Once upon a time, there was a dragon.", "--top", "2"]);
    let ids = scored.start["tokens"].as_array().expect("a list");
    assert_eq!(scored.tokens.len(), ids.len() - 1, "nothing is said about the begin token");
    let mut sum = 0.0;
    for (token, index) in scored.tokens.iter().zip(1_usize..) {
        assert_eq!((&token["index"], &token["id"]), (&index.into(), &ids[index]));
        let (p, bits) = (number(&token["p_raw"]), number(&token["surprisal_bits"]));
        assert!((p.log2() + bits).abs() < 1e-9, "{token}");
        assert!(number(&token["entropy_bits"]) >= 0.0 && number(&token["p_eog"]) <= 1.0);
        let top = token["top"].as_array().expect("a list");
        assert_eq!((top.len(), token["rank"] == 1), (2, top[0]["id"] == token["id"]));
        sum += bits;
    }
    let score = &scored.score;
    let text: String = scored.tokens.iter().map(|token| token["text"].as_str().expect("text")).collect();
    assert_eq!(text, "Once upon a time, there was a dragon.");
    assert_eq!((&score["counted"], &score["bytes"]), (&scored.tokens.len().into(), &text.len().into()));
    assert!((number(&score["bits_per_byte"]) * text.len() as f64 - sum).abs() < 1e-9);
    assert!((number(&score["perplexity"]).log2() * scored.tokens.len() as f64 - sum).abs() < 1e-9);
    let worst = scored.bits().into_iter().fold(0.0, f64::max);
    assert!((number(&score["surprises"][0]["surprisal_bits"]) - worst).abs() < 1e-12);
}

#[test]
fn a_text_longer_than_the_context_goes_through_in_windows() {
    let program = Program::new();
    program.write("stories.txt", STORIES);
    let bits = |context: &str| Scored::of(&program, &["-f", "stories.txt", "-c", context]).bits();
    let (short, long) = (bits("256"), bits("4096"));
    assert_eq!(short.len(), long.len(), "each token once");
    // Until the first window ends both have read the same.
    for index in 0..255 {
        assert!(
            (short[index] - long[index]).abs() < 0.05,
            "token {}: {} and {}",
            index + 1,
            short[index],
            long[index]
        );
    }
    assert!(short[255..].iter().zip(&long[255..]).any(|(a, b)| (a - b).abs() > 0.05), "then less is known");
}

#[test]
fn small_batches_give_the_same_scores() {
    let program = Program::new();
    program.write("stories.txt", &STORIES[..2000]);
    let bits = |args: &[&str]| Scored::of(&program, &[&["-f", "stories.txt"], args].concat()).bits();
    let (one, many) = (bits(&[]), bits(&["-b", "16", "-ub", "16"]));
    assert_eq!(one.len(), many.len());
    // Other batches round otherwise: a token may differ by a little, their sum hardly.
    for (index, (one, many)) in one.iter().zip(&many).enumerate() {
        assert!((one - many).abs() < 0.5, "token {}: {one} and {many}", index + 1);
    }
    let sum = |bits: &[f64]| bits.iter().sum::<f64>();
    assert!((sum(&one) / sum(&many) - 1.0).abs() < 0.01, "{} and {}", sum(&one), sum(&many));
}

#[test]
fn all_distributions_at_once_are_those_of_each_prefix_alone() {
    log::start(None).expect("nothing to open");
    let settings = ModelSettings { ctx_size: 256, sequences: 2, ..ModelSettings::default() };
    let loaded = load(&settings, |_| true).expect("the built-in model");
    let mut evaluator = LlamaEvaluator::new(&loaded, &settings).expect("a context");
    let path = loaded.vocabulary.tokenize("Once upon a time, there was a little girl named Lily.");
    let rows = |from| {
        let rows = vec![Rows { tokens: path[..].into(), from }];
        Request { prompt: None, rows, fresh: true, candidates: None }
    };
    let mut all = Vec::new();
    let cost = evaluator
        .evaluate(&rows(2), &mut |_| true, &mut |id, row| all.push((id.position, row.logits.to_vec())))
        .expect("it fits");
    assert_eq!((cost.decoded, cost.reused), (path.len(), 0));
    assert_eq!(
        all.iter().map(|(position, _)| *position).collect::<Vec<_>>(),
        (2..path.len()).collect::<Vec<_>>()
    );
    for (position, logits) in &all {
        let prefix = &path[..=*position];
        evaluator
            .evaluate(&Request::after([prefix.into()], None), &mut |_| true, &mut |_, alone| {
                let furthest =
                    alone.logits.iter().zip(logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(furthest < 0.1, "after token {position} a logit differs by {furthest}");
            })
            .expect("it fits");
    }
    // The cache holds the path afterwards: going on costs one token.
    let mut longer = path.clone();
    evaluator
        .evaluate(&rows(path.len()), &mut |_| true, &mut |_, _| panic!("none was wanted"))
        .expect("it fits");
    longer.push(path[1]);
    let longer = Request::after([longer.into()], None);
    let cost = evaluator.evaluate(&longer, &mut |_| true, &mut |_, _| {}).expect("it fits");
    assert_eq!((cost.decoded, cost.reused), (1, path.len()));
}

#[test]
fn a_text_can_come_through_a_pipe_and_is_taken_as_it_is() {
    let program = Program::new();
    let mut child =
        program.command(&["score", "--json", "-f", "-"]).stdin(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(b"a\\nb <|endoftext|>\n").expect("it reads");
    let ran: Ran = child.wait_with_output().expect("it ends").into();
    let text: String = ran
        .text()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter_map(|line| line["text"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(text, "a\\nb <|endoftext|>", "no escape, no special token, no newline at the end");
    let special = |args: &[&str]| {
        let scored = Scored::of(&program, &[&["-p", "a <|endoftext|>"], args].concat());
        scored.tokens.last().expect("tokens")["id"] == 0
    };
    assert!(special(&["--parse-special"]) && !special(&[]));
}

#[test]
fn a_pipe_gets_a_table_without_escape_sequences() {
    let ran = Program::new().run(&["score", "-p", "Once upon a\u{1b}[31m time", "--surprises", "1"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let text = ran.text();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].contains("token") && lines[0].contains("likeliest"), "{text}");
    assert!(lines[1].trim_start().starts_with("1 Once") && lines[2].contains("␣upon"), "{text}");
    assert!(text.contains("\nperplexity ") && text.contains(" bits per byte · "), "{text}");
    let listed = lines.iter().skip_while(|line| !line.starts_with("most surprising")).count();
    assert_eq!(listed, 3, "one row and its head: {text}");
}

#[test]
fn what_cannot_be_scored_is_said() {
    let program = Program::new();
    program.write("empty.txt", "");
    program.write("bytes.txt", b"a\xFF");
    let complaint = |args: &[&str], status| {
        let ran = program.run(&[&["score"], args].concat());
        ran.complaint(status).to_owned()
    };
    assert_eq!(complaint(&[], 2), "no prompt: give one with -p TEXT or -f FILE");
    assert!(
        complaint(&["-f", "empty.txt"], 1)
            .starts_with("there are too few tokens to score (1): nothing comes before the first one")
    );
    assert!(complaint(&["-f", "bytes.txt"], 1).contains("is not UTF-8 text (from byte 1)"));
    assert!(complaint(&["-f", "none.txt"], 1).contains("cannot be read"));
    assert!(complaint(&["-p", "a b c", "--chunk", "64"], 1).contains("fewer than a chunk of 64"));
    let long = "word ".repeat(600);
    let refused = complaint(&["-p", &long, "--chunk", "600", "-c", "512"], 1);
    assert!(refused.contains("a chunk of 600 tokens does not fit into a context of 512"), "{refused}");
    let ran = program.run(&["score", "-p", "a", "--chunk", "3"]);
    assert!(ran.status == Some(2) && ran.stderr.contains("--chunk"), "{}", ran.stderr);
}

#[test]
fn json_lines_have_the_documented_names() {
    let program = Program::new();
    let scored = Scored::of(&program, &["-p", "Once upon a time"]);
    for (kind, line) in [("start", &scored.start), ("token", &scored.tokens[0]), ("score", &scored.score)] {
        let documented = documented("## score", kind);
        let names: Vec<String> = keys(line).into_iter().filter(|name| name != "type").collect();
        assert!(names.iter().all(|name| documented.contains(name)), "{kind}: {names:?}, {documented:?}");
        assert_eq!(names.len(), documented.len(), "{kind}");
    }
    let page = include_str!("../docs/json.md");
    let table: Vec<String> = page.lines().filter(|line| line.starts_with('|')).flat_map(names).collect();
    for line in [&scored.score["surprises"][0], &scored.tokens[0]["top"][0]] {
        for name in keys(line) {
            assert!(table.contains(&name), "{name} is not documented");
        }
    }
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

/// The names in code in a row of a table.
fn names(row: &str) -> Vec<String> {
    row.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
