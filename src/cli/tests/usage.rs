//! Commands, help, and what is said about wrong usage.

use std::path::Path;

use clap::error::ErrorKind;

use super::*;

#[test]
fn run_and_the_other_commands() {
    let Ok(Action::Run(_, options)) = action(&["run", "--json", "--top", "3", "-sp"]) else {
        panic!("no run")
    };
    assert_eq!(options, RunOptions { messages: None, json: true, top: 3, special: true });
    let Ok(Action::Run(_, options)) = action(&["run"]) else { panic!("no run") };
    assert_eq!(options, RunOptions { messages: None, json: false, top: 10, special: false });
    assert!(matches!(action(&["completions", "fish"]), Ok(Action::Completions(Shell::Fish))));
    assert!(matches!(action(&["man"]), Ok(Action::Man)));
    let Ok(Action::Interactive(invocation)) = action(&["--config", "c.toml", "--log-file", "l"]) else {
        panic!("not the screen")
    };
    assert_eq!(invocation.config_file(), Some(Path::new("c.toml")));
    assert_eq!(invocation.log_file(), Some("l".into()));
}

#[test]
fn wrong_usage_names_flag_and_value_and_ends_with_status_2() {
    for (line, parts) in [
        (&["--top-k", "x"][..], ["--top-k", "'x'"]),
        (&["-c", "-5"], ["--ctx-size", "-5"]),
        (&["--mirostat", "3"], ["--mirostat", "expected 0 (off), 1 or 2"]),
        (&["-l", "nonsense"], ["--logit-bias", "TOKEN_ID+BIAS"]),
        (&["--samplers", "top_q"], ["--samplers", "there is no sampler \"top_q\""]),
        (&["-ctk", "q9"], ["--cache-type-k", "q8_0"]),
        (&["--seed", "-2"], ["--seed", "random"]),
        (&["run", "--top", "0"], ["--top", "1.."]),
        (&["--tempp", "1"], ["--tempp", "--temp"]),
        (&["-ngl", "most"], ["--gpu-layers", "\"auto\""]),
        (&["--max-time", "nan"], ["--max-time", "seconds"]),
    ] {
        let error = action(line).expect_err("wrong");
        assert_eq!(error.exit_code(), i32::from(EXIT_USAGE));
        for part in parts {
            assert!(error.to_string().contains(part), "{line:?}: {part} is missing in\n{error}");
        }
    }
}

#[test]
fn a_long_argument_is_reported_after_the_reason_with_its_place() {
    let grammar = format!("root ::= item\n{}item ::= \"a\" other\n", "# nothing\n".repeat(50));
    let told = complaint(&action(&["--grammar", &grammar]).expect_err("no rule other"));
    let lines: Vec<&str> = told.lines().collect();
    assert!(
        lines[0].ends_with("--grammar <GBNF>: the grammar, line 52, column 14: there is no rule named other"),
        "{told}"
    );
    assert_eq!(lines[1], "  item ::= \"a\" other");
    assert!(told.len() < 300, "{told}");
    let schema = format!("{{\"type\": \"object\", \"title\": \"{}\", oops}}", "x".repeat(5000));
    let told = complaint(&action(&["-j", &schema]).expect_err("no JSON"));
    assert!(told.starts_with("error: --json-schema <SCHEMA>: the JSON schema: "), "{told}");
    assert!(told.len() < 400, "{told}");
    let told = complaint(&action(&["--stop-regex", &format!("({}", "a".repeat(900))]).expect_err("open"));
    assert!(told.starts_with("error: --stop-regex <RE>: ") && told.contains("aaa…"), "{told}");
}

#[test]
fn a_system_message_wants_a_conversation() {
    let error = refused(&["run", "-p", "Hi", "--system", "Be kind"]);
    assert_eq!(error, "--system is for conversations: add --chat, or leave it out");
    assert_eq!(settings(&["--chat", "--system", "Be kind"]).prompt.system.as_deref(), Some("Be kind"));
    assert_eq!(settings(&["--system", ""]).prompt.system.as_deref(), Some(""));
    let held = resolved_with(&[], &[], "[prompt]\nsystem = \"Be kind\"").expect("for when it is wanted");
    assert!(!held.settings.prompt.chat);
}

#[test]
fn chat_templates_and_what_they_are_reported() {
    let model = settings(&["--chat-template", "llama3", "--chat-template-kwargs", "{\"x\": [1]}"]).model;
    assert_eq!(model.chat_template.as_ref().and_then(|template| template.built_in()), Some("llama3"));
    assert_eq!(model.chat_variables()["x"][0], 1);
    let off = |line: &[&str]| settings(line).model.chat_variables().get("enable_thinking").cloned();
    assert_eq!(off(&["--reasoning-budget", "0"]), Some(false.into()));
    assert_eq!(off(&["-rea", "off"]), Some(false.into()));
    assert_eq!(off(&["--reasoning-budget", "0", "--reasoning", "on"]), Some(true.into()));
    assert_eq!(off(&["--reasoning-budget", "-1"]), None);
    assert_eq!(
        off(&["--chat-template-kwargs", "{\"enable_thinking\": true}", "--reasoning", "off"]),
        Some(true.into())
    );
    for (line, part) in [
        (["--chat-template", "lama3"], "neither a template in Jinja nor the name"),
        (["--chat-template-file", "/nowhere/t.jinja"], "cannot be read"),
        (["--chat-template-kwargs", "3"], "expected a JSON object"),
        (["--reasoning-budget", "100"], "expected 0 (no thoughts) or -1"),
        (["--reasoning", "maybe"], "expected on, off or auto"),
    ] {
        let error = complaint(&action(&line).expect_err("wrong"));
        assert!(error.contains(part), "{line:?}: {error}");
    }
}

#[test]
fn values_out_of_range_are_sentences() {
    assert_eq!(refused(&["--top-p", "1.5"]), "--top-p 1.5: expected a number from 0 to 1");
    assert_eq!(
        refused(&["--temp", "nan"]),
        "--temp NaN: expected 0 or less (greedy), or a finite number from 0.000001"
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
    assert_eq!((error.kind(), error.exit_code()), (ErrorKind::DisplayHelp, 0));
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
    assert!(action(&["run", "--help"]).expect_err("help").to_string().contains("--json"));
}

#[test]
fn completions_and_manual_page_know_the_flags() {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let mut out = Vec::new();
        write_completions(shell, &mut out);
        assert!(String::from_utf8(out).expect("text").contains("repeat-penalty"), "{shell}");
    }
    let mut out = Vec::new();
    write_man(&mut out).expect("written to memory");
    let page = String::from_utf8(out).expect("text");
    for part in ["repeat\\-penalty", "Examples", "LLAMA_ARG_MODEL", "Flash attention"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[test]
fn complaints_show_what_they_quote_and_stay_whole() {
    let attack = "\x1b]0;title";
    for line in [&["--temp", attack][..], &["--samplers", attack], &[attack], &["run", "--nothing", attack]] {
        let said = complaint(&action(line).expect_err("wrong"));
        assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
        assert!(said.starts_with("error: ") && said.contains("--help"), "{said}");
        assert!(said.contains("␛]0;title") || line.contains(&"--nothing"), "{said}");
    }
    let variable = |name: &str| (name == "LLAMA_ARG_TOP_K").then(|| OsString::from(attack));
    let said = complaint(&parse(["logitscope".into()], variable).expect_err("wrong"));
    assert!(said.starts_with("error: the environment variable LLAMA_ARG_TOP_K: "), "{said}");
    assert!(said.contains("␛]0;title"), "{said}");
}

#[test]
fn values_of_every_flag_are_passed_over_in_a_pasted_line() {
    fn all(command: &clap::Command) -> Vec<&clap::Arg> {
        command.get_arguments().chain(command.get_subcommands().flat_map(all)).collect()
    }
    let command = Cli::command();
    for arg in all(&command) {
        let takes_value =
            arg.get_action().takes_values() && arg.get_num_args().is_none_or(|n| n.min_values() > 0);
        let names = arg.get_long_and_visible_aliases().unwrap_or_default();
        // Their values never begin with a dash, and earlier versions of llama.cpp had them without one.
        let known = ["flash-attn", "log-colors"];
        for name in names.into_iter().filter(|name| takes_value && !known.contains(name)) {
            let line = format!("--{name} --ignore-eos --top-k 3");
            match crate::sampling::from_command_line(&line) {
                Ok(pasted) => {
                    assert_eq!((pasted.settings.ignore_eos, pasted.settings.top_k), (false, 3), "{name}");
                }
                Err(error) => assert!(error.to_string().contains("--ignore-eos"), "{name}: {error}"),
            }
        }
    }
}
