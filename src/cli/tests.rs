use std::path::Path;
use std::time::Duration;

use clap::error::ErrorKind;
use proptest::prelude::*;

use super::*;
use crate::config::Config;
use crate::sampling::{LogitBias, Mirostat, SamplerKind, SamplingOverrides};
use crate::settings::{CacheType, ColourBy, FlashAttention, GpuLayers, Settings};
use crate::token::Token;

fn no_variables(_: &str) -> Option<OsString> {
    None
}

fn action(line: &[&str]) -> Result<Action, clap::Error> {
    parse(
        std::iter::once("logitscope")
            .chain(line.iter().copied())
            .map(OsString::from),
        no_variables,
    )
}

fn resolved_with(
    line: &[&str],
    variables: &[(&str, &str)],
    config: &str,
) -> Result<Resolved, String> {
    let argv = std::iter::once("logitscope")
        .chain(line.iter().copied())
        .map(OsString::from);
    let variable = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| OsString::from(value))
    };
    let config = Config::parse(config, Path::new("config.toml")).expect("a valid config");
    match parse(argv, variable).map_err(|error| error.to_string())? {
        Action::Interactive(invocation) | Action::Run(invocation, _) => {
            resolve(&invocation, &config).map_err(|error| error.to_string())
        }
        other => panic!("no run: {other:?}"),
    }
}

fn settings(line: &[&str]) -> Settings {
    resolved_with(line, &[], "")
        .unwrap_or_else(|error| panic!("{line:?}: {error}"))
        .settings
}

fn refused(line: &[&str]) -> String {
    resolved_with(line, &[], "").expect_err("refused")
}

#[test]
fn the_command_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn nothing_said_is_the_defaults() {
    assert_eq!(settings(&[]), Settings::default());
    assert_eq!(settings(&["run"]), Settings::default());
}

#[test]
fn every_recorded_llama_completion_line_parses() {
    let recorded = include_str!("../../tests/reference/llama-completion-runs.jsonl");
    let mut count = 0;
    for line in recorded.lines() {
        let run: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let args = run["args"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|arg| arg.as_str().expect("text"));
        let fixed = [
            "run",
            "-m",
            "m.gguf",
            "-no-cnv",
            "--no-display-prompt",
            "--no-warmup",
            "--special",
        ];
        let line: Vec<&str> = fixed.into_iter().chain(args.clone()).collect();
        let settings = settings(&line);
        let value_of = |flag: &str| args.clone().skip_while(|arg| *arg != flag).nth(1);
        assert_eq!(settings.prompt.text.as_deref(), value_of("-p"));
        assert_eq!(settings.stop.predict, 48);
        assert_eq!(
            (settings.model.threads, settings.model.ctx_size),
            (Some(1), 512)
        );
        let seed = value_of("--seed").map(|seed| seed.parse().expect("a number"));
        assert_eq!(settings.sampling.seed, seed);
        if let Some(temperature) = value_of("--temp") {
            assert_eq!(
                settings.sampling.temperature.to_string().parse::<f32>(),
                temperature.parse()
            );
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
        "--logits-budget-mib",
        "64",
    ])
    .model;
    assert_eq!(model.path.as_deref(), Some(Path::new("a.gguf")));
    assert_eq!(
        (model.ctx_size, model.batch_size, model.ubatch_size),
        (512, 256, 64)
    );
    assert_eq!(model.gpu_layers, GpuLayers::Count(99));
    assert_eq!((model.threads, model.threads_batch), (Some(4), Some(8)));
    assert_eq!(
        (model.cache_type_k, model.cache_type_v),
        (CacheType::Q8_0, CacheType::Iq4Nl)
    );
    assert_eq!(model.flash_attn, FlashAttention::On);
    assert_eq!((model.mmap, model.mlock), (false, true));
    assert_eq!((model.sequences, model.logits_budget_mib), (8, 64));
    assert_eq!(
        settings(&["-ngl=-1", "--n_gpu_layers", "all"])
            .model
            .gpu_layers,
        GpuLayers::All
    );
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
    assert_eq!(
        (sampling.temperature, sampling.top_k, sampling.top_p),
        (1.5, -1, 0.5)
    );
    assert_eq!(
        (sampling.min_p, sampling.typical_p, sampling.top_n_sigma),
        (0.0, 0.4, 2.0)
    );
    assert_eq!(
        (sampling.xtc_probability, sampling.xtc_threshold),
        (0.3, 0.2)
    );
    assert_eq!((sampling.repeat_penalty, sampling.repeat_last_n), (1.1, -1));
    assert_eq!(
        (sampling.presence_penalty, sampling.frequency_penalty),
        (-0.5, 0.25)
    );
    assert_eq!((sampling.dry_multiplier, sampling.dry_base), (0.8, 2.0));
    assert_eq!(
        (sampling.dry_allowed_length, sampling.dry_penalty_last_n),
        (3, 128)
    );
    assert_eq!(
        (sampling.dynatemp_range, sampling.dynatemp_exponent),
        (0.5, 1.25)
    );
    assert_eq!(
        (
            sampling.mirostat,
            sampling.mirostat_eta,
            sampling.mirostat_tau
        ),
        (Mirostat::V2, 0.2, 6.0)
    );
    let bias = |token, bias| LogitBias {
        token: Token(token),
        bias,
    };
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
    assert_eq!(
        settings(&["--samplers", "temp;top-p"]).sampling.samplers,
        [Temperature, TopP]
    );
    assert_eq!(
        settings(&["--sampling-seq", "kt"]).sampling.samplers,
        [TopK, Temperature]
    );
    let line = ["--samplers", "xtc", "--sampler-seq", "k"];
    assert_eq!(settings(&line).sampling.samplers, [TopK]);
    let line = ["--sampler-seq", "k", "--samplers", "xtc"];
    assert_eq!(settings(&line).sampling.samplers, [SamplerKind::Xtc]);
    assert_eq!(
        settings(&["--temp", "1", "--temp", "0.5"])
            .sampling
            .temperature,
        0.5
    );
    let prompt = settings(&["-p", "a", "-f", "b.txt"]).prompt;
    assert_eq!((prompt.text, prompt.file), (None, Some("b.txt".into())));
    let prompt = settings(&["-f", "b.txt", "-p", "a"]).prompt;
    assert_eq!((prompt.text, prompt.file), (Some("a".to_owned()), None));
}

#[test]
fn dry_breakers_replace_the_defaults() {
    let breakers = |line: &[&str]| settings(line).sampling.dry_sequence_breakers;
    assert_eq!(breakers(&[]), ["\n", ":", "\"", "*"]);
    assert_eq!(
        breakers(&[
            "--dry-sequence-breaker",
            "-",
            "--dry-sequence-breaker",
            r"\n"
        ]),
        ["-", "\n"]
    );
    assert!(breakers(&["--dry-sequence-breaker", "none"]).is_empty());
    let line = [
        "--dry-sequence-breaker",
        "a",
        "--dry-sequence-breaker",
        "none",
        "--dry-sequence-breaker",
        "b",
    ];
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
    let stop = settings(&[
        "--stop",
        r"\n6.",
        "-r",
        "User:",
        "--reverse-prompt",
        "-x",
        "--max-time",
        "1.5",
    ])
    .stop;
    assert_eq!(stop.strings, ["\n6.", "User:", "-x"]);
    assert_eq!(stop.max_time, Some(Duration::from_millis(1500)));
    let prompt = settings(&["-cnv", "-sys", r"Be\nkind"]).prompt;
    assert!(prompt.chat);
    assert_eq!(prompt.system.as_deref(), Some(r"Be\nkind"));
    assert!(!settings(&["--chat", "-no-cnv"]).prompt.chat);
    assert!(refused(&["-p", r"\xff"]).contains("not UTF-8"));
}

#[test]
fn limits_and_screen() {
    assert_eq!(settings(&["-n", "-1"]).stop.predict, -1);
    assert_eq!(settings(&["--n-predict", "-2"]).stop.predict, -2);
    assert_eq!(settings(&["-n48"]).stop.predict, 48);
    let ui = settings(&[
        "--theme",
        "light",
        "--color-by",
        "rank",
        "--speed",
        "0",
        "--no-mouse",
    ])
    .ui;
    assert_eq!(
        (ui.theme.as_str(), ui.colour_by, ui.speed, ui.mouse),
        ("light", ColourBy::Rank, 0.0, false)
    );
}

#[test]
fn run_and_the_other_commands() {
    let Ok(Action::Run(_, options)) = action(&["run", "--json", "--top", "3"]) else {
        panic!("no run")
    };
    assert_eq!(options, RunOptions { json: true, top: 3 });
    let Ok(Action::Run(_, options)) = action(&["run"]) else {
        panic!("no run")
    };
    assert_eq!(
        options,
        RunOptions {
            json: false,
            top: 10
        }
    );
    assert!(matches!(
        action(&["completions", "fish"]),
        Ok(Action::Completions(Shell::Fish))
    ));
    assert!(matches!(action(&["man"]), Ok(Action::Man)));
    let Ok(Action::Interactive(invocation)) = action(&["--config", "c.toml", "--log-file", "l"])
    else {
        panic!("not the screen")
    };
    assert_eq!(invocation.config_file(), Some(Path::new("c.toml")));
    assert_eq!(invocation.log_file(), Some("l".into()));
}

#[test]
fn flags_beat_environment_beats_config_beats_defaults() {
    let config = "[sampling]\ntop_k = 1\ntop_p = 0.1\nmin_p = 0.1\n[stop]\nstrings = [\"a\"]\n[ui]\ntheme = \"light\"";
    let variables = [
        ("LLAMA_ARG_TOP_K", "2"),
        ("LLAMA_ARG_TOP_P", "0.2"),
        ("LLAMA_ARG_MODEL", ""),
    ];
    let line = ["--top-k", "3", "--stop", "b"];
    let Resolved { settings, given } = resolved_with(&line, &variables, config).expect("valid");
    assert_eq!(
        (
            settings.sampling.top_k,
            settings.sampling.top_p,
            settings.sampling.min_p
        ),
        (3, 0.2, 0.1)
    );
    assert_eq!(settings.sampling.temperature, 0.8);
    assert_eq!(settings.stop.strings, ["b"]);
    assert_eq!(settings.ui.theme, "light");
    assert_eq!(settings.model.path, None, "an empty variable says nothing");
    assert_eq!(given.given(), ["top_k", "top_p", "min_p"]);
}

#[test]
fn a_preset_lies_between_flags_and_environment() {
    let config = "[sampling]\ntemperature = 0.1\n[presets.poet]\ntemperature = 1.2\n";
    let variables = [("LLAMA_ARG_TEMPERATURE", "0.2"), ("LLAMA_ARG_TOP_K", "7")];
    let sampling = |line: &[&str]| {
        resolved_with(line, &variables, config)
            .expect("valid")
            .settings
            .sampling
    };
    assert_eq!(sampling(&[]).temperature, 0.2);
    assert_eq!(sampling(&["--preset", "poet"]).temperature, 1.2);
    assert_eq!(
        sampling(&["--preset", "poet"]).top_k,
        7,
        "what the preset does not set stays"
    );
    assert_eq!(
        sampling(&["--preset", "poet", "--temp", "0.9"]).temperature,
        0.9
    );
    assert_eq!(
        refused(&["--preset", "nobody"]),
        "--preset nobody: there is no such preset; there are llama.cpp, greedy, precise, balanced, creative, chaos"
    );
}

#[test]
fn a_prompt_flag_takes_the_place_of_the_configs_file() {
    let config = "[prompt]\nfile = \"p.txt\"\nescape = false\n";
    let prompt = resolved_with(&["-p", r"a\n"], &[], config)
        .expect("valid")
        .settings
        .prompt;
    assert_eq!((prompt.file, prompt.text.as_deref()), (None, Some(r"a\n")));
}

#[test]
fn the_models_own_defaults_lie_below_what_was_given() {
    let resolved =
        resolved_with(&["--top-k", "3"], &[], "[sampling]\nmin_p = 0.2\n").expect("valid");
    let model = SamplingOverrides {
        top_k: Some(9),
        min_p: Some(0.9),
        temperature: Some(0.6),
        ..Default::default()
    };
    let sampling = resolved.sampling_on(&model).expect("allowed");
    assert_eq!(
        (sampling.top_k, sampling.min_p, sampling.temperature),
        (3, 0.2, 0.6)
    );
    let broken = SamplingOverrides {
        top_p: Some(7.0),
        ..Default::default()
    };
    assert_eq!(
        resolved
            .sampling_on(&broken)
            .expect_err("not allowed")
            .field,
        "top_p"
    );
}

#[test]
fn environment_variables_are_llama_cpps() {
    let variables = [
        ("LLAMA_ARG_MODEL", "e.gguf"),
        ("LLAMA_ARG_CTX_SIZE", "128"),
        ("LLAMA_ARG_N_GPU_LAYERS", "-1"),
        ("LLAMA_ARG_THREADS", "3"),
        ("LLAMA_ARG_BATCH", "32"),
        ("LLAMA_ARG_UBATCH", "16"),
        ("LLAMA_ARG_CACHE_TYPE_K", "q4_0"),
        ("LLAMA_ARG_CACHE_TYPE_V", "q4_1"),
        ("LLAMA_ARG_FLASH_ATTN", "1"),
        ("LLAMA_ARG_LOAD_MODE", "none"),
        ("LLAMA_ARG_N_PREDICT", "-2"),
        ("LLAMA_ARG_TEMPERATURE", "0.3"),
        ("LLAMA_ARG_TOP_K", "4"),
        ("LLAMA_ARG_TOP_P", "0.5"),
        ("LLAMA_ARG_MIN_P", "0.6"),
        ("LLAMA_ARG_REPEAT_PENALTY", "1.2"),
        ("LLAMA_ARG_PRESENCE_PENALTY", "-0.1"),
        ("LLAMA_ARG_FREQUENCY_PENALTY", "0.7"),
    ];
    let settings = resolved_with(&[], &variables, "").expect("valid").settings;
    let model = settings.model;
    assert_eq!(model.path, Some("e.gguf".into()));
    assert_eq!(
        (
            model.ctx_size,
            model.threads,
            model.batch_size,
            model.ubatch_size
        ),
        (128, Some(3), 32, 16)
    );
    assert_eq!(
        (model.cache_type_k, model.cache_type_v),
        (CacheType::Q4_0, CacheType::Q4_1)
    );
    assert_eq!((model.flash_attn, model.mmap), (FlashAttention::On, false));
    assert_eq!(settings.stop.predict, -2);
    let sampling = settings.sampling;
    assert_eq!(
        (
            sampling.temperature,
            sampling.top_k,
            sampling.top_p,
            sampling.min_p
        ),
        (0.3, 4, 0.5, 0.6)
    );
    assert_eq!(
        (sampling.repeat_penalty, sampling.presence_penalty),
        (1.2, -0.1)
    );
    assert_eq!(sampling.frequency_penalty, 0.7);
    // Every variable the help names is in the list above, or only says where the log goes.
    let command = Cli::command();
    for name in command.get_arguments().filter_map(clap::Arg::get_env) {
        let tested = variables.iter().any(|(known, _)| name == *known);
        assert!(tested || name == "LLAMA_ARG_LOG_FILE", "{}", name.display());
    }
}

#[test]
fn wrong_variables_are_blamed_by_name() {
    let refused = |name, value| resolved_with(&[], &[(name, value)], "").expect_err("refused");
    let error = refused("LLAMA_ARG_TOP_K", "many");
    assert!(
        error.contains("the environment variable LLAMA_ARG_TOP_K: invalid value 'many'"),
        "{error}"
    );
    assert_eq!(
        refused("LLAMA_ARG_TOP_P", "2"),
        "the environment variable LLAMA_ARG_TOP_P: found 2, expected a number from 0 to 1"
    );
}

#[test]
fn wrong_usage_names_flag_and_value_and_ends_with_status_2() {
    for (line, parts) in [
        (&["--top-k", "x"][..], ["--top-k", "'x'"]),
        (&["-c", "-5"], ["--ctx-size", "-5"]),
        (
            &["--mirostat", "3"],
            ["--mirostat", "expected 0 (off), 1 or 2"],
        ),
        (&["-l", "nonsense"], ["--logit-bias", "TOKEN_ID+BIAS"]),
        (
            &["--samplers", "top_q"],
            ["--samplers", "there is no sampler \"top_q\""],
        ),
        (&["-ctk", "q9"], ["--cache-type-k", "q8_0"]),
        (&["--seed", "-2"], ["--seed", "random"]),
        (&["--tempp", "1"], ["--tempp", "--temp"]),
        (&["-ngl", "most"], ["--gpu-layers", "\"auto\""]),
        (&["--max-time", "nan"], ["--max-time", "seconds"]),
    ] {
        let error = action(line).expect_err("wrong");
        assert_eq!(error.exit_code(), i32::from(EXIT_USAGE));
        for part in parts {
            assert!(
                error.to_string().contains(part),
                "{line:?}: {part} is missing in\n{error}"
            );
        }
    }
}

#[test]
fn values_out_of_range_are_sentences() {
    assert_eq!(
        refused(&["--top-p", "1.5"]),
        "--top-p 1.5: allowed is a number from 0 to 1"
    );
    assert_eq!(
        refused(&["--temp", "nan"]),
        "--temp NaN: allowed is 0 and below (greedy), or a finite number from 0.000001"
    );
    assert!(refused(&["--repeat-penalty", "0"]).starts_with("--repeat-penalty 0: "));
    assert!(refused(&["-n", "-3"]).starts_with("--predict -3: "));
    assert!(refused(&["-t", "1000"]).starts_with("--threads 1000: "));
}

#[test]
fn a_run_of_flags_that_change_nothing_here_is_accepted() {
    let line = [
        "-no-cnv",
        "--no-display-prompt",
        "--no-warmup",
        "--special",
        "--simple-io",
        "-st",
        "--color",
        "on",
        "--no-perf",
        "--keep",
        "-1",
        "--no-context-shift",
        "--jinja",
        "--log-disable",
        "-lv",
        "0",
        "-fit",
        "off",
        "-v",
    ];
    assert_eq!(settings(&line), {
        let mut settings = Settings::default();
        settings.prompt.chat = false;
        settings
    });
}

#[test]
fn help_is_in_groups_with_variables_and_examples() {
    let error = action(&["--help"]).expect_err("help");
    assert_eq!(
        (error.kind(), error.exit_code()),
        (ErrorKind::DisplayHelp, 0)
    );
    let help = error.to_string();
    for part in [
        "Model:",
        "Prompt:",
        "Sampling:",
        "Stopping:",
        "Screen:",
        "Output:",
        "Examples:",
        "LLAMA_ARG_TOP_K",
        "--no-escape",
    ] {
        assert!(help.contains(part), "{part}");
    }
    assert!(!help.contains("no-warmup"), "hidden flags are shown");
    let short = action(&["-h"]).expect_err("help").to_string();
    assert!(short.contains("--top-k"), "{short}");
    assert!(
        action(&["run", "--help"])
            .expect_err("help")
            .to_string()
            .contains("--json")
    );
}

#[test]
fn completions_and_manual_page_know_the_flags() {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let mut out = Vec::new();
        write_completions(shell, &mut out);
        assert!(
            String::from_utf8(out)
                .expect("text")
                .contains("repeat-penalty"),
            "{shell}"
        );
    }
    let mut out = Vec::new();
    write_man(&mut out).expect("written to memory");
    let page = String::from_utf8(out).expect("text");
    assert!(
        page.contains("repeat\\-penalty") && page.contains("Examples"),
        "{page}"
    );
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
