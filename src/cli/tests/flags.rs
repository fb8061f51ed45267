//! Every flag, and what it sets.

use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::sampling::{LogitBias, Mirostat, SamplerKind};
use crate::settings::{CacheType, ColourBy, FlashAttention, GpuLayers};
use crate::token::Token;

#[test]
fn every_recorded_llama_completion_line_parses() {
    let recorded = include_str!("../../../tests/reference/llama-completion-runs.jsonl");
    let mut count = 0;
    for line in recorded.lines() {
        let run: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let args = run["args"].as_array().expect("a list").iter().map(|arg| arg.as_str().expect("text"));
        let fixed = ["run", "-m", "m.gguf", "-no-cnv", "--no-display-prompt", "--no-warmup", "--special"];
        let line: Vec<&str> = fixed.into_iter().chain(args.clone()).collect();
        let settings = settings(&line);
        let value_of = |flag: &str| args.clone().skip_while(|arg| *arg != flag).nth(1);
        assert_eq!(settings.prompt.text.as_deref(), value_of("-p"));
        assert_eq!(settings.stop.predict, 48);
        assert_eq!((settings.model.threads, settings.model.ctx_size), (Some(1), 512));
        let seed = value_of("--seed").map(|seed| seed.parse().expect("a number"));
        assert_eq!(settings.sampling.seed, seed);
        if let Some(temperature) = value_of("--temp") {
            assert_eq!(settings.sampling.temperature.to_string().parse::<f32>(), temperature.parse());
        }
        count += 1;
    }
    assert_eq!(count, 126);
}

#[test]
fn model_flags() {
    let model = settings(&[
        "-m",
        "a.gguf",
        "-c",
        "512",
        "-ngl",
        "99",
        "-t",
        "4",
        "-tb",
        "8",
        "-b",
        "256",
        "-ub",
        "64",
        "-ctk",
        "q8_0",
        "-ctv",
        "iq4_nl",
        "-fa",
        "on",
        "--no-mmap",
        "--mlock",
        "--sequences",
        "8",
        "--kv-budget-mib",
        "32",
        "--logits-budget-mib",
        "64",
    ])
    .model;
    assert_eq!(model.path.as_deref(), Some(Path::new("a.gguf")));
    assert_eq!((model.ctx_size, model.batch_size, model.ubatch_size), (512, 256, 64));
    assert_eq!(model.gpu_layers, GpuLayers::Count(99));
    assert_eq!((model.threads, model.threads_batch), (Some(4), Some(8)));
    assert_eq!((model.cache_type_k, model.cache_type_v), (CacheType::Q8_0, CacheType::Iq4Nl));
    assert_eq!(model.flash_attn, FlashAttention::On);
    assert_eq!((model.mmap, model.mlock), (false, true));
    assert_eq!((model.sequences, model.kv_budget_mib, model.logits_budget_mib), (8, 32, 64));
    assert_eq!(settings(&["-ngl=-1", "--n_gpu_layers", "all"]).model.gpu_layers, GpuLayers::All);
    let mode = settings(&["-lm", "mlock"]).model;
    assert_eq!((mode.mmap, mode.mlock), (false, true));
}

#[test]
fn sampling_flags() {
    let sampling = settings(&[
        "--temperature",
        "1.5",
        "--top-k",
        "-1",
        "--top-p",
        "0.5",
        "--min-p",
        "0",
        "--typical-p",
        "0.4",
        "--top-n-sigma",
        "2",
        "--xtc-probability",
        "0.3",
        "--xtc-threshold",
        "0.2",
        "--repeat-penalty",
        "1.1",
        "--repeat-last-n",
        "-1",
        "--presence-penalty",
        "-0.5",
        "--frequency-penalty",
        "0.25",
        "--dry-multiplier",
        "0.8",
        "--dry-base",
        "2",
        "--dry-allowed-length",
        "3",
        "--dry-penalty-last-n",
        "128",
        "--dynatemp-range",
        "0.5",
        "--dynatemp-exp",
        "1.25",
        "--mirostat",
        "2",
        "--mirostat-lr",
        "0.2",
        "--mirostat-ent",
        "6",
        "-l",
        "300+3",
        "-l",
        "262-5",
        "--ignore-eos",
        "-s",
        "42",
    ])
    .sampling;
    assert_eq!((sampling.temperature, sampling.top_k, sampling.top_p), (1.5, -1, 0.5));
    assert_eq!((sampling.min_p, sampling.typical_p, sampling.top_n_sigma), (0.0, 0.4, 2.0));
    assert_eq!((sampling.xtc_probability, sampling.xtc_threshold), (0.3, 0.2));
    assert_eq!((sampling.repeat_penalty, sampling.repeat_last_n), (1.1, -1));
    assert_eq!((sampling.presence_penalty, sampling.frequency_penalty), (-0.5, 0.25));
    assert_eq!((sampling.dry_multiplier, sampling.dry_base), (0.8, 2.0));
    assert_eq!((sampling.dry_allowed_length, sampling.dry_penalty_last_n), (3, 128));
    assert_eq!((sampling.dynatemp_range, sampling.dynatemp_exponent), (0.5, 1.25));
    assert_eq!((sampling.mirostat, sampling.mirostat_eta, sampling.mirostat_tau), (Mirostat::V2, 0.2, 6.0));
    let bias = |token, bias| LogitBias { token: Token(token), bias };
    assert_eq!(sampling.logit_bias, [bias(300, 3.0), bias(262, -5.0)]);
    assert!(sampling.ignore_eos);
    assert_eq!(sampling.seed, Some(42));
    for random in ["-1", "4294967295"] {
        assert_eq!(settings(&["--seed", random]).sampling.seed, None);
    }
}

#[test]
fn of_flags_for_the_same_thing_the_last_one_wins() {
    use SamplerKind::{Temperature, TopK, TopP};
    assert_eq!(settings(&["--samplers", "temp;top-p"]).sampling.samplers, [Temperature, TopP]);
    assert_eq!(settings(&["--sampling-seq", "kt"]).sampling.samplers, [TopK, Temperature]);
    let line = ["--samplers", "xtc", "--sampler-seq", "k"];
    assert_eq!(settings(&line).sampling.samplers, [TopK]);
    let line = ["--sampler-seq", "k", "--samplers", "xtc"];
    assert_eq!(settings(&line).sampling.samplers, [SamplerKind::Xtc]);
    assert_eq!(settings(&["--temp", "1", "--temp", "0.5"]).sampling.temperature, 0.5);
    let prompt = settings(&["-p", "a", "-f", "b.txt"]).prompt;
    assert_eq!((prompt.text, prompt.file), (None, Some("b.txt".into())));
    let prompt = settings(&["-f", "b.txt", "-p", "a"]).prompt;
    assert_eq!((prompt.text, prompt.file), (Some("a".to_owned()), None));
}

#[test]
fn dry_breakers_replace_the_defaults() {
    let breakers = |line: &[&str]| settings(line).sampling.dry_sequence_breakers;
    assert_eq!(breakers(&[]), ["\n", ":", "\"", "*"]);
    assert_eq!(breakers(&["--dry-sequence-breaker", "-", "--dry-sequence-breaker", r"\n"]), ["-", "\n"]);
    assert!(breakers(&["--dry-sequence-breaker", "none"]).is_empty());
    let line =
        ["--dry-sequence-breaker", "a", "--dry-sequence-breaker", "none", "--dry-sequence-breaker", "b"];
    assert_eq!(breakers(&line), ["b"]);
}

#[test]
fn prompts_and_stops_with_escapes() {
    let text = |line: &[&str]| settings(line).prompt.text.expect("given");
    assert_eq!(text(&["-p", r"List:\n1."]), "List:\n1.");
    assert_eq!(text(&["-e", "-p", r"a\tb"]), "a\tb");
    assert_eq!(text(&["--no-escape", "-p", r"a\tb"]), r"a\tb");
    assert_eq!(text(&["--no-escape", "-e", "-p", r"a\tb"]), "a\tb");
    assert_eq!(text(&["-p", "--temp"]), "--temp");
    assert_eq!(text(&["-p", ""]), "");
    let stop =
        settings(&["--stop", r"\n6.", "-r", "User:", "--reverse-prompt", "-x", "--max-time", "1.5"]).stop;
    assert_eq!(stop.strings, ["\n6.", "User:", "-x"]);
    assert_eq!(stop.max_time, Some(Duration::from_millis(1500)));
    let prompt = settings(&["-cnv", "-sys", r"Be\nkind"]).prompt;
    assert!(prompt.chat);
    assert_eq!(prompt.system.as_deref(), Some(r"Be\nkind"));
    assert!(!settings(&["--chat", "-no-cnv"]).prompt.chat);
    assert!(refused(&["-p", r"\xff"]).contains("not UTF-8"));
}

#[test]
fn stop_rules() {
    let stop = settings(&[
        "--stop-regex",
        r"\d{3}",
        "--stop-regex",
        "-x",
        "--stop-sentences",
        "3",
        "--stop-lines",
        "4",
        "--stop-loop",
        "5",
        "--stop-loop-tokens",
        "6",
        "--stop-entropy-above",
        "7.5",
        "--stop-entropy-below",
        "0.5",
        "--stop-top-prob-above",
        "0.9",
        "--stop-top-prob-below",
        "0.1",
    ])
    .stop;
    let sources: Vec<_> = stop.regex.iter().map(crate::settings::StopPattern::source).collect();
    assert_eq!(sources, [r"\d{3}", "-x"], "an expression has escapes of its own");
    assert_eq!((stop.sentences, stop.lines, stop.loop_times, stop.loop_tokens), (3, 4, 5, 6));
    assert_eq!((stop.entropy_above, stop.entropy_below), (7.5, 0.5));
    assert_eq!((stop.top_prob_above, stop.top_prob_below), (0.9, 0.1));
    assert!(refused(&["--stop-regex", "a("]).contains("unclosed group"));
    for (line, allowed) in [
        (["--stop-loop", "1"], "from 2"),
        (["--stop-loop-tokens", "0"], "from 1 to 512"),
        (["--stop-entropy-above", "33"], "from 0 (no limit) to 32"),
        (["--stop-top-prob-below", "1.5"], "from 0 (no limit) to 1"),
        (["--stop-top-prob-above", "nan"], "from 0 (no limit) to 1"),
    ] {
        assert!(refused(&line).contains(allowed), "{line:?}: {}", refused(&line));
    }
}

#[test]
fn what_is_scored_and_how() {
    let scored = |line: &[&str]| match action(line).expect("it parses") {
        Action::Score(invocation, options) => (invocation, options),
        other => panic!("no score: {other:?}"),
    };
    let (_, options) = scored(&["score", "-p", "a"]);
    let expected =
        ScoreOptions { windows: Windows::Whole, surprises: 10, special: false, json: false, top: 3 };
    assert_eq!(options, expected);
    let line = ["score", "-f", "a.txt", "-c", "1024", "--chunk", "512", "--surprises", "0", "--json", "-e"];
    let (invocation, options) = scored(&line);
    assert_eq!((options.windows, options.surprises, options.json), (Windows::Chunks(512), 0, true));
    assert_eq!(invocation.escape(), Some(true));
    let settings = settings(&["score", "-m", "m.gguf", "-ngl", "5", "--colour-by", "surprisal"]);
    assert_eq!(
        (settings.model.gpu_layers, settings.ui.colour_by),
        (GpuLayers::Count(5), ColourBy::Surprisal)
    );
    assert!(action(&["score", "--temp", "1"]).is_err(), "nothing is sampled");
}

#[test]
fn limits_and_screen() {
    assert_eq!(settings(&["-n", "-1"]).stop.predict, -1);
    assert_eq!(settings(&["--n-predict", "-2"]).stop.predict, -2);
    assert_eq!(settings(&["-n48"]).stop.predict, 48);
    let ui = settings(&["--theme", "light", "--color-by", "rank", "--speed", "0", "--no-mouse"]).ui;
    assert_eq!((ui.theme.as_str(), ui.colour_by, ui.speed, ui.mouse), ("light", ColourBy::Rank, 0.0, false));
}

proptest! {
    #[test]
    fn no_prompt_is_read_as_flags(text in "[-a-z=_ ]{0,12}") {
        let settings = settings(&["-p", &text, "--no-escape", "-n", "5"]);
        prop_assert_eq!(settings.prompt.text.as_deref(), Some(text.as_str()));
        prop_assert_eq!(settings.stop.predict, 5);
    }

    #[test]
    fn no_command_line_panics(line in proptest::collection::vec("(-{0,2}(p|n|ngl|top_k|temp|l|s|samplers|run|e|r)(=.{0,3})?|.{0,4})", 0..6)) {
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let _ = action(&words);
    }
}
