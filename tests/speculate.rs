//! `logitscope speculate` on the two built-in models: a match says what `run` says, and what it writes is what it did.
#![cfg(unix)]

#[path = "../benches/support/random_gguf.rs"]
#[allow(dead_code, reason = "the benchmarks use more of it")]
mod random_gguf;
mod support;

use std::{
    ffi::OsString,
    io::Write,
    sync::{Arc, atomic::AtomicBool},
};

use logitscope::{
    cli::{self, Action, Resolved},
    config::Config,
    headless::{self, Job, SpeculateJob},
};
use random_gguf::{Architecture, Shape, write};
use serde_json::Value;
use support::{
    documented::documented,
    model::{replace_string, storyteller},
    program::Program,
};

fn understood(args: &[&str]) -> Action {
    let words = std::iter::once("logitscope").chain(args.iter().copied()).map(OsString::from);
    cli::parse(words, |_| None).unwrap_or_else(|error| panic!("{args:?}: {error}"))
}

fn parsed(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).expect("JSON lines");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The lines of `run --json` with these arguments.
fn run(args: &[&str]) -> Vec<Value> {
    let Action::Run(invocation, options) = understood(&[&["run", "--json"], args].concat()) else {
        panic!("a run")
    };
    let Resolved { settings, given } = cli::resolve(&invocation, &Config::default()).expect("settings");
    let job = Job { settings, given, json: true, top: options.top, special: false, messages: None };
    let mut out = Vec::new();
    headless::run(&job, &mut out, &mut Vec::new(), &Arc::new(AtomicBool::new(false))).expect("a run");
    parsed(&out)
}

/// The lines of `speculate --json`, and the notes.
fn speculate(args: &[&str]) -> (Vec<Value>, String) {
    let Action::Speculate(invocation, request) = understood(&[&["speculate", "--json"], args].concat())
    else {
        panic!("a text")
    };
    let Resolved { settings, given } = cli::resolve(&invocation, &Config::default()).expect("settings");
    let job = SpeculateJob { settings, given, request: *request };
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    headless::speculate(&job, &mut out, &mut notes, &Arc::new(AtomicBool::new(false))).expect("a text");
    (parsed(&out), String::from_utf8(notes).expect("text"))
}

/// Tokens and end of a run.
fn plain(args: &[&str]) -> (Vec<u64>, Value) {
    let lines = run(args);
    let tokens = lines.iter().filter(|line| line["type"] == "token");
    (
        tokens.map(|line| line["id"].as_u64().expect("an id")).collect(),
        lines.last().expect("an end")["reason"].clone(),
    )
}

/// The same of rounds.
fn drafted(lines: &[Value]) -> (Vec<u64>, Value) {
    let rounds = lines.iter().filter(|line| line["type"] == "round");
    let tokens = rounds.flat_map(|round| round["tokens"].as_array().expect("tokens").clone());
    let ids = tokens.map(|token| token["id"].as_u64().expect("an id")).collect();
    (ids, lines.last().expect("an end")["reason"].clone())
}

const DRAFTS: [&[&str]; 4] = [
    &[],
    &["--spec-draft-n-max", "7", "--spec-draft-p-min", "0.3"],
    &["--spec-type", "ngram-simple", "--spec-ngram-simple-size-n", "2", "--spec-ngram-simple-size-m", "5"],
    &[
        "--spec-type",
        "ngram-simple,draft-simple",
        "--spec-ngram-simple-size-n",
        "1",
        "--spec-ngram-simple-size-m",
        "3",
    ],
];

#[test]
fn a_match_says_what_run_says_under_every_kind_of_setting() {
    let kinds: [&[&str]; 21] = [
        &["--temp", "0"],
        &["--temp", "1.2"],
        &["--top-k", "5"],
        &["--top-p", "0.6"],
        &["--min-p", "0.2"],
        &["--typical", "0.7"],
        &["--top-nsigma", "1"],
        &["--xtc-probability", "0.5"],
        &["--repeat-penalty", "1.3", "--frequency-penalty", "0.2"],
        &["--dry-multiplier", "0.8"],
        &["--dynatemp-range", "0.4"],
        &["--mirostat", "1"],
        &["--mirostat", "2"],
        &["--samplers", "temperature;top_k;min_p"],
        &["--grammar", "root ::= [a-z ,.]+"],
        &["--json-schema", "{}"],
        &["--logit-bias", "263-5"],
        &["--ignore-eos"],
        &["-r", "little"],
        &["--stop-sentences", "2"],
        &["--stop-regex", "[A-Z][a-z]+y"],
    ];
    for kind in kinds {
        let args = [&["-p", "Once upon a time", "-n", "40", "--seed", "7"], kind].concat();
        let expected = plain(&args);
        assert!(!expected.0.is_empty());
        for draft in DRAFTS {
            let (lines, _) = speculate(&[&args[..], draft].concat());
            assert_eq!(drafted(&lines), expected, "{kind:?} {draft:?}");
        }
    }
}

#[test]
fn a_recurrent_target_reads_again_what_it_cannot_take_back_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mamba.gguf");
    let shape = Shape {
        architecture: Architecture::Mamba,
        blocks: 2,
        width: 64,
        heads: 1,
        kv_heads: 1,
        feed_forward: 32,
        vocabulary: 300,
        context: 256,
    };
    write(&path, &shape, 1).expect("written");
    let model = path.to_str().expect("UTF-8");
    for sampling in [&["--temp", "0"][..], &["--temp", "0.3", "--seed", "5"]] {
        let args =
            [&["-m", model, "-p", "the the the the the", "-n", "40", "--ignore-eos"], sampling].concat();
        let lookup = [
            "--spec-type",
            "ngram-simple",
            "--spec-ngram-simple-size-n",
            "1",
            "--spec-ngram-simple-size-m",
            "4",
        ];
        let (lines, notes) = speculate(&[&args[..], &lookup].concat());
        assert_eq!(drafted(&lines).0, plain(&args).0, "{sampling:?}");
        let verdicts: Vec<_> =
            lines.iter().filter_map(|line| line["drafted"].as_array().cloned()).flatten().collect();
        assert!(!verdicts.is_empty(), "something was drafted");
        assert!(notes.contains("the target is recurrent"), "{notes}");
    }
}

#[test]
fn ends_are_those_of_run() {
    for args in [
        // The end token, the context, and a limit that a draft would pass.
        &["-p", "Once upon a time", "--seed", "3", "--temp", "0.5"][..],
        &["-p", "Once upon a time", "--seed", "3", "-c", "256", "--ignore-eos"],
        &["-p", "Once upon a time", "--seed", "3", "-n", "1"],
        &["-p", "Once upon a time", "--seed", "3", "-n", "0"],
    ] {
        let expected = plain(args);
        for draft in DRAFTS {
            let (lines, _) = speculate(&[args, draft].concat());
            assert_eq!(drafted(&lines), expected, "{args:?} {draft:?}");
        }
    }
}

#[test]
fn rounds_are_written_with_the_documented_names() {
    let args = ["-p", "Once upon a time", "-n", "24", "--seed", "1", "--against", "plain"];
    let (lines, _) = speculate(&args);
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    for line in [&lines[0], &lines[1], lines.last().expect("an end")] {
        let kind = line["type"].as_str().expect("a type");
        let found = sorted(line.as_object().expect("an object").keys().cloned().collect());
        let mut expected = documented("## speculate", kind);
        expected.push("type".into());
        assert_eq!(found, sorted(expected), "{kind}");
    }
    let stop = lines.last().expect("an end");
    let number = |name: &str| stop[name].as_u64().expect("a number") as usize;
    let rounds: Vec<&Value> = lines.iter().filter(|line| line["type"] == "round").collect();
    assert_eq!(rounds.len(), number("rounds"));
    let count =
        |name: &str| rounds.iter().map(|round| round[name].as_array().expect("a list").len()).sum::<usize>();
    assert_eq!((count("drafted"), count("tokens")), (number("drafted"), 24));
    assert_eq!(
        (count("draft_passes"), count("target_passes")),
        (number("draft_passes"), number("target_passes"))
    );
    let verdicts = rounds.iter().flat_map(|round| round["drafted"].as_array().expect("a list"));
    let accepted = verdicts.filter(|drafted| drafted["verdict"] == "accepted").count();
    assert_eq!(accepted, number("accepted"));
    let against = &stop["against_plain"];
    assert_eq!((&against["same_tokens"], &against["difference"]), (&Value::from(24), &Value::Null));
    assert!(against["speed_up"].as_f64().is_some_and(|ratio| ratio > 0.0));
    // The target reads the draft and the token before it, but for the first round, which knows what comes after the prompt.
    for round in &rounds[1..] {
        let rows = round["target_passes"][0]["rows"].as_u64().expect("rows") as usize;
        assert_eq!(rows, round["drafted"].as_array().expect("a list").len() + 1);
    }
}

#[test]
fn the_other_rule_accepts_more_and_tells_p_q_and_u() {
    let args =
        ["-p", "Once upon a time", "-n", "64", "--seed", "1", "--spec-draft-sampling", "probabilistic"];
    let (lines, _) = speculate(&args);
    let mut refused = 0;
    for round in lines.iter().filter(|line| line["type"] == "round") {
        for drafted in round["drafted"].as_array().expect("a list") {
            let number = |name: &str| drafted[name].as_f64();
            let (Some(p), Some(q), Some(u)) = (number("p"), number("q"), number("u")) else {
                assert_eq!(drafted["verdict"], "not looked at");
                continue;
            };
            assert_eq!(drafted["verdict"] == "accepted", p >= q || u < p / q, "{drafted}");
            if drafted["verdict"] == "refused" {
                refused += 1;
                let residual = drafted["residual"].as_array().expect("a residual");
                let sum: f64 = residual.iter().map(|mass| mass["p"].as_f64().expect("a number")).sum();
                // At most the 24 likeliest are listed.
                assert!((0.5..=1.000_001).contains(&sum), "{drafted}");
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn what_cannot_be_weighed_is_matched_and_said() {
    let args =
        ["-p", "Once upon a time", "-n", "16", "--seed", "5", "--spec-draft-sampling", "probabilistic"];
    for kind in
        [&["--mirostat", "2"][..], &["--grammar", "root ::= [a-z ,.]+"], &["--spec-type", "ngram-simple"]]
    {
        let args = [&args[..], kind].concat();
        let (lines, notes) = speculate(&args);
        assert!(notes.contains("drafts are verified by a match"), "{notes}");
        let without: Vec<&str> = args
            .iter()
            .copied()
            .filter(|arg| !arg.starts_with("--spec") && *arg != "probabilistic" && *arg != "ngram-simple")
            .collect();
        assert_eq!(drafted(&lines), plain(&without), "{kind:?}");
    }
}

#[test]
fn models_that_do_not_fit_are_refused_with_a_sentence() {
    let program = Program::new();
    // The built-in model with one word of its vocabulary written otherwise.
    let mut bytes = storyteller();
    replace_string(&mut bytes, "Ġlittle".as_bytes(), "Ġlittla".as_bytes());
    let mut other = tempfile::NamedTempFile::new().expect("a file");
    other.write_all(&bytes).expect("a file");
    let other = other.path().to_str().expect("a path");
    let ran = program.run(&["speculate", "-md", other, "-p", "Once"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("the draft model does not fit: token 399 is"), "{}", ran.stderr);
    let ran = program.run(&["speculate", "-m", other, "-p", "Once", "--spec-type", "draft-simple"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("give one with -md FILE"), "{}", ran.stderr);
    let ran = program.run(&["speculate", "-p", "Once", "-n", "3", "--seed", "1", "--draft-max", "2"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.stderr.contains("read as --spec-draft-n-max"), "{}", ran.stderr);
    let ran = program.run(&["speculate", "-p", "Once", "--spec-draft-n-max", "65"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("expected a whole number from 0 to 64"), "{}", ran.stderr);
}
