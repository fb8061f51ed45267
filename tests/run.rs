//! `logitscope run` as a program: what it writes, how it ends, on the built-in model.
#![cfg(unix)]

mod support;

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Read, Write},
    process::Stdio,
    sync::atomic::AtomicBool,
};

use logitscope::{
    cli::{self, Action, Resolved},
    config::Config,
    engine::llama::{load, log},
    headless::{Job, run_on},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::{
    documented::documented,
    model::{replace_string, storyteller},
    program::{Program, Ran},
};

/// Arguments of a run that goes on until it is told to end: its context is far larger than what it can fill meanwhile.
const ENDLESS: [&str; 8] = ["run", "-p", "Once upon a time", "--seed", "1", "--ignore-eos", "-c", "16384"];

/// What stands on standard error after the notes: the context of an endless run is larger than its model's training.
fn without_notes(stderr: &str) -> &str {
    stderr.lines().find(|line| !line.starts_with("note: ")).unwrap_or_default()
}

/// A JSON run's lines.
struct Lines {
    start: Value,
    tokens: Vec<Value>,
    stop: Value,
}

impl Lines {
    /// Of a run with these arguments besides `run --json`.
    fn of(program: &Program, args: &[&str]) -> Self {
        let ran = program.run(&[&["run", "--json"], args].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        Self::parse(ran.text())
    }

    fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line is whole");
        let mut lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        let stop = lines.pop().expect("a last line");
        let start = lines.remove(0);
        let kinds = [&start, &stop].map(|line| line["type"].as_str());
        assert_eq!(kinds, [Some("start"), Some("stop")]);
        assert!(lines.iter().all(|line| line["type"] == "token"));
        Self { start, tokens: lines, stop }
    }

    /// The bytes of all tokens, without control tokens.
    fn bytes(&self) -> Vec<u8> {
        let is_control = |token: &&Value| token["text"].as_str().is_some_and(|text| text.starts_with("<|"));
        self.tokens.iter().filter(|token| !is_control(token)).flat_map(bytes).collect()
    }

    fn reason(&self) -> &str {
        self.stop["reason"].as_str().expect("a reason")
    }
}

fn bytes(token: &Value) -> Vec<u8> {
    serde_json::from_value(token["bytes"].clone()).expect("bytes")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn json_lines_have_the_documented_names() {
    let lines = Lines::of(&Program::new(), &["-p", "Once upon a time", "-n", "3", "--seed", "42"]);
    for line in [&lines.start, &lines.tokens[0], &lines.stop] {
        let kind = line["type"].as_str().expect("a type");
        let mut expected = documented("## run", kind);
        expected.push("type".into());
        expected.sort();
        let mut found = names(line);
        found.sort_unstable();
        assert_eq!(found, expected, "{kind}");
    }
    let candidate = &lines.tokens[0]["top"][0];
    assert_eq!(sorted(names(candidate)), ["cut_by", "id", "logit", "p_final", "p_raw", "text"]);
    assert_eq!(
        sorted(names(&lines.stop["timings"])),
        ["decode_ms", "decode_tokens_per_second", "load_ms", "prefill_ms", "prefill_tokens_per_second"]
    );
    assert_eq!(sorted(names(&lines.stop["kv"])), ["bytes", "cells"]);
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
fn json_start_and_stop_say_what_was_used() {
    let args = ["-p", "Once upon a time", "-n", "6", "--seed", "42", "--temp", "0.5", "-c", "300"];
    let Lines { start, tokens, stop } = Lines::of(&Program::new(), &args);
    assert_eq!(
        (&start["model"]["vocabulary"], &start["model"]["parameters"]),
        (&4096.into(), &4_492_032.into())
    );
    assert_eq!(start["model"]["architecture"], "llama");
    let settings = &start["settings"];
    assert_eq!(
        (number(&settings["sampling"]["temperature"]), &settings["sampling"]["seed"]),
        (0.5, &42.into())
    );
    // llama.cpp rounds a context up to a multiple of 256.
    assert_eq!((&settings["stop"]["predict"], &settings["context"]), (&6.into(), &512.into()));
    assert_eq!(start["prompt_tokens"], serde_json::json!([0, 577, 567, 263, 448]));

    assert_eq!((&stop["reason"], &stop["tokens"]), (&"max-tokens".into(), &tokens.len().into()));
    assert!(stop["detail"].as_str().expect("a sentence").contains("-n 6"));
    // The last token was chosen and never went through the model; a cell takes 2,560 bytes (5 layers × 4 heads × 32
    // numbers × keys and values × 2 bytes).
    assert_eq!((&stop["kv"]["cells"], &stop["kv"]["bytes"]), (&10.into(), &25_600.into()));
    let timings = &stop["timings"];
    for (count, phase) in [(5.0, "prefill"), (5.0, "decode")] {
        let ms = number(&timings[format!("{phase}_ms")]);
        let rate = number(&timings[format!("{phase}_tokens_per_second")]);
        assert!(ms > 0.0 && (rate * ms / 1e3 / count - 1.0).abs() < 1e-6, "{timings}");
    }
    assert!(number(&timings["load_ms"]) > 0.0);
}

#[test]
fn json_numbers_of_whole_distributions_hold_together() {
    let args = ["-p", "Once upon a time", "-n", "3", "--seed", "42", "--temp", "1.3", "--top", "4096"];
    for (index, token) in Lines::of(&Program::new(), &args).tokens.iter().enumerate() {
        assert_eq!(token["index"], index);
        let top = token["top"].as_array().expect("candidates");
        assert_eq!(top.len(), 4096);
        let sum = |name: &str| top.iter().map(|candidate| number(&candidate[name])).sum::<f64>();
        assert!((sum("p_raw") - 1.0).abs() < 1e-6 && (sum("p_final") - 1.0).abs() < 1e-5);
        assert!(number(&token["tail_mass"]).abs() < 1e-6);

        let entropy: f64 = top.iter().map(|c| number(&c["p_raw"])).map(|p| -p * p.max(1e-300).log2()).sum();
        assert!((number(&token["entropy_bits"]) - entropy).abs() < 1e-4, "{entropy}");
        let logits: Vec<f64> = top.iter().map(|candidate| number(&candidate["logit"])).collect();
        assert!(logits.is_sorted_by(|a, b| a >= b));
        // What no stage removed has a probability, and the other way round.
        let is_kept = |candidate: &Value| number(&candidate["p_final"]) > 0.0;
        assert!(top.iter().all(|candidate| is_kept(candidate) == candidate["cut_by"].is_null()));
        assert_eq!(top.iter().filter(|candidate| candidate["cut_by"] == "top-k").count(), 4096 - 40);

        let rank = token["rank"].as_u64().expect("a rank") as usize;
        let chosen = &top[rank - 1];
        for name in ["id", "logit", "p_raw", "p_final"] {
            assert_eq!(token[name], chosen[name], "{name}");
        }
        let surprisal = -number(&chosen["p_raw"]).log2();
        assert!((number(&token["surprisal_bits"]) - surprisal).abs() < 1e-6);
        assert!((0.0..1.0).contains(&number(&token["u"])));
        // The draw walks the candidates from the likeliest on, and u lies within the chosen one.
        let before: f64 = top[..rank - 1].iter().map(|candidate| number(&candidate["p_final"])).sum();
        let after = before + number(&chosen["p_final"]);
        assert!((before - 1e-5..=after + 1e-5).contains(&number(&token["u"])), "{before} {after}");
    }
}

#[test]
fn a_short_list_leaves_the_rest_as_tail() {
    let args = ["-p", "One day, a little", "-n", "8", "--seed", "3", "--top", "2"];
    for token in Lines::of(&Program::new(), &args).tokens {
        let top = token["top"].as_array().expect("candidates");
        let listed: f64 = top.iter().map(|candidate| number(&candidate["p_raw"])).sum();
        assert_eq!(top.len(), 2);
        assert!((listed + number(&token["tail_mass"]) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn text_is_what_the_json_lines_say() {
    let program = Program::new();
    for args in [
        &["-p", "Once upon a time", "--seed", "42"][..],
        &["-p", "Hello 🙂🙂", "-n", "12", "--seed", "3"],
        &["--chat", "-p", "Tell me a story about a cat.", "--system", "Be brief.", "--seed", "5"],
        &["-p", "The capital of France is", "--temp", "0", "-n", "40"],
        &["-p", "", "-n", "20", "--seed", "9"],
    ] {
        let lines = Lines::of(&program, args);
        let ran = program.run(&[&["run"], args].concat());
        assert_eq!(ran.status, Some(0));
        assert_eq!(ran.stdout, lines.bytes(), "{args:?}");
        assert_eq!(reported(&ran), lines.reason(), "{args:?}");
        // The bytes of an unfinished character are never text.
        let texts: String = lines.tokens.iter().filter_map(|token| token["text"].as_str()).collect();
        let all: Vec<u8> = lines.tokens.iter().flat_map(bytes).collect();
        assert!(String::from_utf8_lossy(&all).starts_with(&texts), "{args:?}");
    }
}

/// The reason that a text run gives on standard error.
fn reported(ran: &Ran) -> &str {
    let reason = ran.stderr.strip_prefix("\nstopped: ").and_then(|text| text.split(" — ").next());
    reason.unwrap_or_else(|| panic!("no reason: {}", ran.stderr))
}

#[test]
fn control_tokens_are_written_only_when_asked_for() {
    let program = Program::new();
    let args = ["run", "-p", "Once upon a time", "--seed", "42"];
    let (without, with) = (program.run(&args), program.run(&[&args[..], &["--special"]].concat()));
    assert_eq!(reported(&without), "eog");
    assert_eq!(format!("{}<|endoftext|>", without.text()), with.text());
}

#[test]
fn a_seed_gives_the_same_text_again() {
    let program = Program::new();
    let with_seed =
        |seed: &str| program.run(&["run", "-p", "One day, a little", "-n", "24", "--seed", seed]).stdout;
    assert_eq!(with_seed("7"), with_seed("7"));
    assert_ne!(with_seed("7"), with_seed("8"));
}

#[test]
fn every_stop_reason_with_status_0() {
    let program = Program::new();
    for (args, reason, detail) in [
        (&["--seed", "42"][..], "eog", "<|endoftext|> (id 0)"),
        (&["-n", "3"], "max-tokens", "-n 3"),
        (&["--seed", "42", "--stop", "young"], "stop-string", "\"young\""),
        (&["--ignore-eos", "-c", "256"], "context-full", "256 tokens"),
        (&["--ignore-eos", "--max-time", "0.01"], "time", "0.01 s"),
    ] {
        let args = [&["-p", "Once upon a time"], args].concat();
        let lines = Lines::of(&program, &args);
        assert_eq!(lines.reason(), reason);
        assert!(lines.stop["detail"].as_str().is_some_and(|text| text.contains(detail)), "{}", lines.stop);
        assert_eq!(lines.stop["tokens"], lines.tokens.len());
    }
}

#[test]
fn a_full_context_is_used_up_to_its_last_cell() {
    let args = ["-p", "Once upon a time", "--ignore-eos", "-c", "256", "--seed", "1"];
    let lines = Lines::of(&Program::new(), &args);
    assert_eq!((lines.tokens.len(), &lines.stop["kv"]["cells"]), (251, &255.into()));
}

#[test]
fn a_stop_text_is_not_written_and_what_comes_before_it_is() {
    let program = Program::new();
    let run = |more: &[&str]| {
        let ran = program.run(&[&["run", "-p", "Once upon a time", "--seed", "42"], more].concat());
        (ran.text().to_owned(), reported(&ran).to_owned())
    };
    let (whole, _) = run(&["-n", "12"]);
    let (before, rest) = whole.split_once(" named Anna").expect("what this seed says");
    assert_eq!(run(&["--stop", " named Anna"]), (before.to_owned(), "stop-string".to_owned()));
    // Inside a token.
    assert_eq!(run(&["-r", "nna"]).0, format!("{before} named A"));
    // Of two the first one met.
    assert_eq!(run(&["--stop", "nowhere", "--stop", "Anna"]).0, format!("{before} named "));
    // What may begin a stop text comes once it cannot: at the latest with the end.
    let first = rest.chars().next().expect("more text");
    assert_eq!(run(&["-n", "12", "--stop", &format!("Anna{first}≠")]).0, whole);
    let (undecided, reason) = run(&["-n", "8", "--stop", "named Annabel"]);
    assert_eq!((undecided, reason.as_str()), (format!("{before} named Anna"), "max-tokens"));
}

#[test]
fn escapes_in_stop_text_and_prompt_are_processed() {
    let program = Program::new();
    let args = ["run", "-p", r"List 5 programming languages:\n1.", "--seed", "2", "--stop", r"\n3."];
    let ran = program.run(&args);
    assert_eq!(reported(&ran), "stop-string");
    assert!(ran.text().contains("\n2.") && !ran.text().contains("\n3"), "{:?}", ran.text());
}

#[test]
fn prompts_from_files_and_templates() {
    let program = Program::new();
    let tokens =
        |args: &[&str]| Lines::of(&program, &[args, &["-n", "1"]].concat()).start["prompt_tokens"].clone();
    program.write("story.txt", "Once upon a time\n");
    assert_eq!(tokens(&["-f", "story.txt"]), tokens(&["-p", "Once upon a time"]));
    program.write("lines.txt", r"one\ntwo");
    assert_eq!(tokens(&["-f", "lines.txt"]), tokens(&["-p", "one\ntwo"]));
    assert_ne!(tokens(&["-f", "lines.txt", "--no-escape"]), tokens(&["-p", "one\ntwo"]));
    // ChatML, as the model's own template writes it.
    let written =
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n";
    assert_eq!(tokens(&["--chat", "-p", "Hello", "--system", "Be brief."]), tokens(&["-p", written]));
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_config_file() {
    let program = Program::new();
    program.write(".config/logitscope/config.toml", "[stop]\npredict = 5\n[sampling]\ntop_k = 7\n");
    let settings = |environment: &[(&str, &str)], flags: &[&str]| {
        let args = [&["run", "--json", "-p", "Hello"], flags].concat();
        let output = program.command(&args).envs(environment.iter().copied()).output().expect("it runs");
        let Lines { start, stop, .. } = Lines::parse(Ran::from(output).text());
        let sampling = &start["settings"]["sampling"];
        (stop["tokens"].as_u64(), sampling["top_k"].as_u64(), number(&sampling["temperature"]))
    };
    let environment =
        [("LLAMA_ARG_N_PREDICT", "4"), ("LLAMA_ARG_TOP_K", "8"), ("LLAMA_ARG_TEMPERATURE", "0")];
    assert_eq!(settings(&[], &["--temp", "0"]), (Some(5), Some(7), 0.0));
    assert_eq!(settings(&environment, &[]), (Some(4), Some(8), 0.0));
    assert_eq!(settings(&environment, &["-n", "3", "--temp", "0.25"]), (Some(3), Some(8), 0.25));
}

#[test]
fn bad_usage_is_a_sentence_and_status_2() {
    let program = Program::new();
    assert_eq!(program.run(&["run"]).complaint(2), "no prompt: give one with -p TEXT or -f FILE");
    let complaint =
        |args: &[&str]| program.run(&[&["run", "-p", "x"], args].concat()).complaint(2).to_owned();
    assert!(complaint(&["--top-p", "1.5"]).contains("--top-p 1.5"));
    assert!(complaint(&["--preset", "wild"]).contains("greedy"));
    let missing = complaint(&["--config", "nowhere.toml"]);
    assert_eq!(missing.matches("No such file").count(), 1, "said once: {missing}");
    for (args, part) in [(&["--top-k", "many"][..], "--top-k"), (&["--no-such-flag"], "--no-such-flag")] {
        let ran = program.run(&[&["run"], args].concat());
        assert!(
            ran.status == Some(2) && ran.stdout.is_empty() && ran.stderr.contains(part),
            "{}",
            ran.stderr
        );
    }
    program.write(".config/logitscope/config.toml", "[sampling]\ntop_k = 40\ntemprature = 1\n");
    let wrong = program.run(&["run", "-p", "x"]);
    assert_eq!(wrong.status, Some(2));
    for part in ["config.toml", "3", "temprature"] {
        assert!(wrong.stderr.contains(part), "{part} is missing: {}", wrong.stderr);
    }
}

#[test]
fn what_cannot_be_run_is_a_sentence_and_status_1() {
    let program = Program::new();
    let refused =
        |args: &[&str]| program.run(&[&["run", "-p", "Hello"], args].concat()).complaint(1).to_owned();
    assert!(refused(&["-m", "nowhere.gguf"]).contains("no such file"));
    assert!(refused(&["-m", "."]).contains('.'));
    assert!(refused(&["-f", "nowhere.txt"]).starts_with("the prompt file nowhere.txt cannot be read"));
    let mut long = "word ".repeat(600);
    long.insert_str(0, "long ");
    assert!(refused(&["-p", &long]).contains("room for"));

    let model = storyteller();
    for length in [0, 3, 20, 5_000, 100_000, model.len() / 2, model.len() - 1] {
        program.write("cut.gguf", &model[..length]);
        let complaint = refused(&["-m", "cut.gguf"]);
        assert!(complaint.starts_with("cut.gguf: "), "{length}: {complaint}");
    }
    program.write("text.gguf", "Once upon a time there was a file that was no model.");
    assert!(refused(&["-m", "text.gguf"]).contains("text file"));
    // The number of tensors, after magic and version: a file with a vocabulary alone.
    let mut vocabulary_only = model.clone();
    vocabulary_only[8..16].fill(0);
    program.write("vocabulary.gguf", vocabulary_only);
    assert!(refused(&["-m", "vocabulary.gguf"]).contains("vocabulary"));
    let mut unknown = model;
    replace_string(&mut unknown, b"llama", b"lllll");
    program.write("unknown.gguf", unknown);
    assert!(refused(&["-m", "unknown.gguf"]).contains("lllll"));
}

#[test]
fn a_model_from_a_file_writes_what_the_same_model_in_the_program_writes() {
    let program = Program::new();
    program.write("a model 模型.gguf", storyteller());
    let args = ["run", "-p", "Once upon a time", "--seed", "42"];
    let from_file = program.run(&[&args[..], &["-m", "a model 模型.gguf"]].concat());
    assert_eq!(from_file.status, Some(0), "{}", from_file.stderr);
    assert_eq!(from_file.stdout, program.run(&args).stdout);
}

#[test]
fn messages_show_escape_sequences_and_never_send_them() {
    const ATTACK: &str = "\x1b]52;c;AAAA\x07\x1b[2J\u{202e}";
    let program = Program::new();
    let mut renamed = storyteller();
    replace_string(&mut renamed, b"llama", b"\x1b]0;\x07");
    program.write("renamed.gguf", renamed);
    let attack_file = format!("{ATTACK}.txt");
    for args in [
        &["-m", ATTACK][..],
        &["-m", "renamed.gguf"],
        &["-f", &attack_file],
        &["--config", ATTACK],
        &["--preset", ATTACK],
        &["--temp", ATTACK],
        &["--samplers", ATTACK],
        &["--stop", ATTACK, "-n", "1"],
        &[ATTACK],
    ] {
        let ran = program.run(&[&["run", "-p", "x"], args].concat());
        let is_harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.stderr.contains(is_harmful), "{args:?}: {:?}", ran.stderr);
        // As a picture, quoted, or as what cannot be shown in a file's name.
        let is_told = ["␛", r"\u{1b}", "\u{fffd}"].iter().any(|mark| ran.stderr.contains(mark));
        assert!(ran.status == Some(0) || is_told, "{args:?}: {:?}", ran.stderr);
    }
}

#[test]
fn json_escapes_what_a_model_calls_itself_and_its_tokens() {
    let program = Program::new();
    let mut model = storyteller();
    replace_string(&mut model, b"Storyteller 4.5M", b"\x1b]52;c;AAAA\x07 4.5");
    // Byte-level vocabularies write byte 27 as U+011B and byte 7 as U+0107.
    replace_string(&mut model, "Ġthere".as_bytes(), "ě]2;ć".as_bytes());
    program.write("evil.gguf", model);
    let args = ["run", "--json", "-m", "evil.gguf", "-p", "Once upon a time", "-n", "2", "--temp", "0"];
    let ran = program.run(&args);
    assert!(!ran.text().contains(|c: char| c.is_control() && c != '\n'));
    let Lines { start, tokens, .. } = Lines::parse(ran.text());
    assert_eq!(start["model"]["name"], "\x1b]52;c;AAAA\x07 4.5 Q8_0");
    assert_eq!(tokens[1]["text"], "\x1b]2;\x07");
}

#[test]
fn a_reader_that_goes_away_ends_it_without_a_word() {
    let program = Program::new();
    for more in [&[][..], &["--json"]] {
        let mut child = program.command(&[&ENDLESS[..], more].concat()).spawn().expect("it starts");
        let mut stdout = child.stdout.take().expect("piped");
        stdout.read_exact(&mut [0; 10]).expect("it writes");
        drop(stdout);
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.status, without_notes(&ran.stderr)), (Some(0), ""), "{more:?}");
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it opens");
    let program = Program::new();
    let output = program.command(&["run", "-p", "x", "-n", "3"]).stdout(full).output().expect("it runs");
    let ran = Ran::from(output);
    assert_eq!(ran.complaint(1).matches("No space left").count(), 1, "{}", ran.stderr);
}

#[test]
fn signals_end_it_after_the_current_token() {
    let program = Program::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut child = program.command(&[&ENDLESS[..], &["--json"]].concat()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut text = String::new();
        // The start, then the first token: it generates.
        for _ in 0..2 {
            lines.read_line(&mut text).expect("it writes");
        }
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        lines.read_to_string(&mut text).expect("it writes to the end");
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.status, without_notes(&ran.stderr)), (Some(0), ""), "{signal:?}");
        let lines = Lines::parse(&text);
        assert_eq!((lines.reason(), &lines.stop["tokens"]), ("interrupted", &lines.tokens.len().into()));
    }
}

#[test]
fn a_ban_of_a_token_that_the_model_does_not_have_is_reported() {
    let program = Program::new();
    for form in [&[][..], &["--json"]] {
        let args = ["run", "-p", "One day", "-n", "1", "--ban-token", "4095", "--ban-token", "4096"];
        let ran = program.run(&[&args[..], form].concat());
        assert_eq!(ran.status, Some(0));
        let note = "note: This model has no token 4096, only 0 to 4095: its bias or ban has no effect.\n";
        assert!(ran.stderr.starts_with(note), "{}", ran.stderr);
    }
}

#[test]
fn what_went_through_the_model_is_reported_where_the_prompt_was_not_read_to_its_end() {
    log::start(None).expect("nothing to open");
    let argv =
        ["logitscope", "run", "-ub", "32", "-n", "3", "-p", &"a word ".repeat(100)].map(OsString::from);
    let Ok(Action::Run(invocation, _)) = cli::parse(argv, |_| None) else { panic!("a run was asked for") };
    let Resolved { settings, given } = cli::resolve(&invocation, &Config::default()).expect("allowed values");
    let model = load(&settings.model, |_| true).expect("the built-in model loads");
    let job = Job { settings, given, json: true, top: 1, special: false, messages: None };
    let mut out = Vec::new();
    run_on(&model, &job, &mut out, &mut std::io::sink(), &AtomicBool::new(true)).expect("it ends");
    let lines = Lines::parse(std::str::from_utf8(&out).expect("JSON is UTF-8"));
    assert_eq!((lines.reason(), &lines.stop["kv"]["cells"]), ("interrupted", &32.into()));
    let timings = &lines.stop["timings"];
    let tokens = number(&timings["prefill_tokens_per_second"]) * number(&timings["prefill_ms"]) / 1e3;
    assert!((tokens - 32.0).abs() < 0.01, "{tokens}");
}

#[test]
fn a_second_signal_ends_it_where_nobody_reads() {
    let program = Program::new();
    let mut child = program.command(&[&ENDLESS[..], &["--json"]].concat()).spawn().expect("it starts");
    // Something was written, the rest is left in the pipe until it is full and writing waits.
    let mut stdout = child.stdout.take().expect("piped");
    stdout.read_exact(&mut [0; 10]).expect("it writes");
    let id = Pid::from_child(&child);
    for signal in [Signal::INT, Signal::TERM] {
        kill_process(id, signal).expect("it runs");
    }
    let status = child.wait().expect("it ends").code();
    assert!(matches!(status, Some(0 | 130 | 143)), "{status:?}");
}

#[test]
fn help_completions_and_manual() {
    let program = Program::new();
    for (args, parts) in [
        (&["--help"][..], ["--temp", "LLAMA_ARG_N_PREDICT"]),
        (&["-h"], ["Usage: logitscope", "--seed"]),
        (&["run", "--help"], ["--json", "--top"]),
        (&["--version"], ["logitscope ", env!("CARGO_PKG_VERSION")]),
        (&["completions", "bash"], ["complete -F _logitscope", "--repeat-penalty"]),
        (&["completions", "zsh"], ["#compdef logitscope", "--json"]),
        (&["man"], [".SH \"LOGITSCOPE RUN\"", "\\-\\-json"]),
    ] {
        let ran = program.run(args);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
        assert!(!ran.text().contains('\x1b'), "{args:?}");
        for part in parts {
            assert!(ran.text().contains(part), "{args:?}: {part} is missing");
        }
    }
    let left = std::fs::read_dir(program.home()).expect("the home folder").count();
    assert_eq!(left, 0, "asking for help leaves no files");
}

#[test]
fn help_to_a_reader_that_goes_away_is_no_failure() {
    let program = Program::new();
    for args in [&["--help"][..], &["completions", "bash"], &["man"]] {
        let mut child = program.command(args).spawn().expect("it starts");
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn nothing_is_read_from_standard_input() {
    let program = Program::new();
    let mut child =
        program.command(&["run", "-p", "x", "-n", "1"]).stdin(Stdio::piped()).spawn().expect("it starts");
    // Open until the program has ended: one that read it would wait forever.
    let mut stdin = child.stdin.take().expect("piped");
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(stdin.write_all(b"x").is_err(), "nobody is there to read");
}

#[test]
fn only_log_and_state_are_written_to_the_home_folder() {
    let program = Program::new();
    program.run(&["run", "-p", "x", "-n", "1"]);
    let log = std::fs::read_to_string(program.home().join(".local/state/logitscope/logitscope.log"));
    assert!(log.expect("the log is there").contains("llama"));
    let files = std::fs::read_dir(program.home().join(".local/state/logitscope")).expect("the folder");
    assert_eq!(files.count(), 1);
    assert_eq!(std::fs::read_dir(program.home()).expect("the home folder").count(), 1);
}

#[test]
fn our_own_stop_rules_cut_the_output_where_they_say() {
    let program = Program::new();
    let line = ["run", "-p", "Once upon a time", "--seed", "3", "-n", "200"];
    let text = |rule: &[&str]| program.run(&[&line[..], rule].concat());
    let whole = text(&[]).text().to_owned();
    let one = text(&["--stop-sentences", "1"]);
    assert!(
        one.stderr.contains("stopped: sentences — 1 sentence is complete (--stop-sentences 1)"),
        "{}",
        one.stderr
    );
    assert!(
        one.text().ends_with('.') && whole.starts_with(one.text()) && !one.text()[1..].contains(". "),
        "{}",
        one.text()
    );
    let two = text(&["--stop-sentences", "2"]);
    assert!(two.text().len() > one.text().len() && whole.starts_with(two.text()), "{}", two.text());
    // The second sentence begins with a letter after a full stop and a space: an expression can find that too.
    let found = text(&["--stop-regex", r"\.\s[A-Z]"]);
    assert!(found.stderr.contains("stopped: regex"), "{}", found.stderr);
    assert_eq!(found.text().trim_end_matches('.'), one.text().trim_end_matches('.'));
}

#[test]
fn greedy_loops_are_found_and_can_end_it() {
    let line = ["-p", "The capital of France is", "--temp", "0", "-n", "60"];
    let free = Lines::of(&Program::new(), &line);
    let loops = free.stop["would_have_stopped"]["loops"].as_array().expect("a list").clone();
    assert_eq!(loops.len(), 1, "{}", free.stop);
    let (start, period) =
        (loops[0]["start"].as_u64().expect("a number"), loops[0]["period"].as_u64().expect("a number"));
    let ids: Vec<&Value> = free.tokens.iter().map(|token| &token["id"]).collect();
    let (start, period) = (start as usize, period as usize);
    assert_eq!(ids[start..start + period], ids[start + period..start + 2 * period]);
    let ended = Lines::of(&Program::new(), &[&line[..], &["--stop-loop", "2"]].concat());
    assert_eq!(ended.reason(), "loop");
    assert_eq!(ended.tokens.len(), start + 2 * period);
}

#[test]
fn an_end_that_was_ignored_is_reported_with_its_token() {
    let line = ["-p", "The capital of France is", "--temp", "0", "-n", "80"];
    let plain = Lines::of(&Program::new(), &line);
    assert_eq!(plain.reason(), "eog");
    let end = plain.tokens.len() - 1;
    let ignoring = Lines::of(&Program::new(), &[&line[..], &["--ignore-eos"]].concat());
    assert_eq!(ignoring.reason(), "max-tokens");
    let ignored = &ignoring.stop["would_have_stopped"]["ignored_ends"];
    assert_eq!(ignored[0], end, "where the same draws end without the ban");
    let p_eog: Vec<f64> = ignoring.tokens.iter().map(|token| number(&token["p_eog"])).collect();
    assert!(p_eog[end] > 0.3 && p_eog[..end].iter().all(|&p| p < p_eog[end]), "{p_eog:?}");
    assert_eq!(ignoring.tokens[end]["eog_rank"], 1);
    let ranks: Vec<u64> = ignoring.tokens.iter().filter_map(|token| token["eog_rank"].as_u64()).collect();
    assert_eq!(ranks.len(), ignoring.tokens.len(), "each is known");
    assert!(ranks.iter().any(|&rank| rank > 256), "far beyond the top candidates too: {ranks:?}");
}

#[test]
fn limits_of_a_distribution_end_it_before_the_token() {
    let lines = |rule: &[&str]| {
        Lines::of(&Program::new(), &[&["-p", "Once upon a time", "--seed", "3", "-n", "60"], rule].concat())
    };
    let free = lines(&[]);
    let entropy =
        |lines: &Lines| lines.tokens.iter().map(|token| number(&token["entropy_bits"])).collect::<Vec<_>>();
    let first_above = entropy(&free).iter().position(|&bits| bits > 4.0).expect("stories open somewhere");
    let ended = lines(&["--stop-entropy-above", "4"]);
    assert_eq!((ended.reason(), ended.tokens.len()), ("entropy-above", first_above));
    assert!(
        ended.stop["detail"].as_str().expect("a sentence").contains("is above 4 (--stop-entropy-above 4)")
    );
}

#[test]
fn softmax_needs_no_model_and_refuses_what_is_no_list() {
    let program = Program::new();
    let ran = program.run(&["softmax", "-2 cat, -2 dog", "--temp", "0.7"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let table = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(table.matches("0.500000").count(), 2, "{table}");
    for (args, sentence) in [
        (["softmax", "3 cat, dog", "--temp=1"], "\"dog\" has no logit"),
        (["softmax", "3 cat", "--temp=-1"], "expected a number from 0 to 100"),
    ] {
        let ran = program.run(&args);
        assert_eq!(ran.status, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(sentence), "{}", ran.stderr);
    }
}
