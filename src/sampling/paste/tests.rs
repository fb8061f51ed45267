//! Settings written and read again, by hand and for any settings; and texts that are no settings.

use proptest::prelude::*;

use super::*;
use crate::sampling::{GrammarSource, LogitBias, Mirostat};
use crate::token::Token;

/// A context of 4,096 tokens on a model that recommends nothing.
fn target() -> Target {
    Target::new(4096, &SamplingOverrides::default())
}

/// Settings with something of every kind in them.
fn full() -> SamplingSettings {
    SamplingSettings {
        samplers: vec![SamplerKind::Temperature, SamplerKind::TopP, SamplerKind::Dry],
        temperature: 0.65,
        top_p: 0.9,
        repeat_penalty: 1.1,
        dry_sequence_breakers: vec!["\n".into(), "it's \\".into(), "none".into()],
        mirostat: Mirostat::V2,
        logit_bias: vec![
            LogitBias { token: Token(5), bias: -1.5 },
            LogitBias { token: Token(7), bias: f32::NEG_INFINITY },
        ],
        grammar: GrammarSource::gbnf("root ::= \"a\" | 'b'").unwrap_or_default(),
        ignore_eos: true,
        seed: Some(42),
        ..SamplingSettings::default()
    }
}

#[test]
fn only_what_differs_is_written() {
    let defaults = SamplingSettings::default();
    assert_eq!(command_line(&defaults, &target()), "");
    assert_eq!(json_body(&defaults, &target()), "{}");
    let some = SamplingSettings { temperature: 0.2, top_k: 0, seed: Some(7), ..defaults };
    assert_eq!(command_line(&some, &target()), "--temp 0.2 --top-k 0 --seed 7");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json_body(&some, &target())).expect("JSON"),
        serde_json::json!({ "temperature": 0.2, "top_k": 0, "seed": 7 })
    );
}

#[test]
fn a_command_line_by_hand() {
    assert_eq!(
        command_line(&full(), &target()),
        "--samplers 'temperature;top_p;dry' --temp 0.65 --top-p 0.9 --repeat-penalty 1.1 \
         --dry-sequence-breaker '\\n' --dry-sequence-breaker 'it'\\''s \\\\' \
         --dry-sequence-breaker '\\x6eone' --mirostat 2 --logit-bias 5-1.5 --logit-bias 7-inf \
         --seed 42 --ignore-eos"
    );
}

#[test]
fn what_is_muted_is_not_written() {
    let mut settings =
        SamplingSettings { top_k: 5, logit_bias: full().logit_bias, ..SamplingSettings::default() };
    settings.toggle_mute(StageKind::LogitBias);
    settings.toggle_mute(SamplerKind::Xtc.into());
    assert_eq!(
        command_line(&settings, &target()),
        "--samplers 'penalties;dry;top_n_sigma;top_k;typ_p;top_p;min_p;temperature' --top-k 5"
    );
}

#[test]
fn what_the_model_recommends_otherwise_is_written_at_llama_cpps_default_too() {
    let recommended = SamplingOverrides {
        temperature: Some(0.3),
        top_k: Some(40),
        samplers: Some(vec![SamplerKind::TopK]),
        mirostat: Some(Mirostat::V2),
        ..SamplingOverrides::default()
    };
    let target = Target::new(4096, &recommended);
    let text = command_line(&SamplingSettings::default(), &target);
    let chain = "penalties;dry;top_n_sigma;top_k;typ_p;top_p;min_p;xtc;temperature";
    assert_eq!(text, format!("--samplers '{chain}' --temp 0.8 --mirostat 0"));
    let body: serde_json::Value =
        serde_json::from_str(&json_body(&SamplingSettings::default(), &target)).expect("JSON");
    assert_eq!((&body["temperature"], &body["mirostat"]), (&serde_json::json!(0.8), &serde_json::json!(0)));
    // What it recommends is written too: without this model's file it would be llama.cpp's default.
    let as_recommended = SamplingSettings { temperature: 0.3, ..SamplingSettings::default() };
    assert!(command_line(&as_recommended, &target).contains("--temp 0.3"));
}

#[test]
fn a_window_of_the_context_is_its_size() {
    let settings = SamplingSettings { repeat_last_n: -1, ..SamplingSettings::default() };
    assert_eq!(command_line(&settings, &target()), "--repeat-last-n 4096");
}

#[test]
fn a_whole_command_line_is_read() {
    let pasted = from_command_line(
        "./llama-cli -m model.gguf -ngl 99 --temp=0.7 --top_k 20 \\\n  -s 3 --sampler-seq kt -p \"a prompt with --temp 9\" \
         -l 5+2 --logit-bias 6-inf --dry-sequence-breaker none --dry-sequence-breaker '\\n' --json-schema '{}'",
    )
    .expect("every flag is fine");
    assert_eq!(pasted.left_out, ["-m", "-ngl", "-p"]);
    assert_eq!(
        pasted.about_left_out().as_deref(),
        Some("Ignored, since they are not about sampling: -m, -ngl, -p.")
    );
    let s = pasted.settings;
    assert_eq!((s.temperature.to_string().as_str(), s.top_k, s.seed), ("0.7", 20, Some(3)));
    assert_eq!(s.samplers, [SamplerKind::TopK, SamplerKind::Temperature]);
    assert_eq!(s.logit_bias.len(), 2);
    assert_eq!(s.dry_sequence_breakers, ["\n"]);
    assert_eq!(s.grammar.as_json_schema(), Some("{}"));
}

#[test]
fn values_of_other_flags_are_no_flags() {
    let pasted = from_command_line(
        "llama-cli -n -1 --temp 0.5 -p '- one' --stop-regex --top-k --lora a.gguf --color --foo -2 -sys '--seed 4' \
         --control-vector-layer-range -1 --min-p -r --ignore-eos",
    )
    .expect("every flag is fine");
    let names = [
        "-n",
        "-p",
        "--stop-regex",
        "--lora",
        "--color",
        "--foo",
        "-sys",
        "--control-vector-layer-range",
        "-r",
    ];
    assert_eq!(pasted.left_out, names);
    let given = SamplingOverrides { temperature: Some(0.5), ..SamplingOverrides::default() };
    assert_eq!(pasted.given, given);
}

#[test]
fn flags_of_this_program_alone_are_read() {
    let pasted = from_command_line(
        "logitscope run --preset creative --choice yes --choice no --top-k 9 --ban-token 5 -l 6+1 --ban-string 'a\\nb'",
    )
    .expect("every flag is fine");
    assert_eq!(pasted.left_out, [""; 0]);
    let s = pasted.settings;
    assert_eq!(s.grammar.as_choices(), Some(&["yes".to_owned(), "no".to_owned()][..]));
    assert_eq!((s.top_k, s.temperature.to_string().as_str()), (9, "1.1"), "the flag wins over the preset");
    assert_eq!(s.banned_strings, ["a\nb"]);
    assert_eq!(s.logit_bias.iter().map(|bias| bias.token).collect::<Vec<_>>(), [Token(5), Token(6)]);
    let last = from_command_line("--choice yes --json-schema '{}'").expect("fine").settings.grammar;
    assert_eq!((last.as_choices(), last.as_json_schema()), (None, Some("{}")));
    assert_eq!(from_command_line("--top-k 9 --preset poet").expect("fine").left_out, ["--preset"]);
}

#[test]
fn what_llama_cpp_has_no_flag_for_is_named_where_it_acts() {
    let mut settings =
        SamplingSettings { banned_strings: vec!["chair".into(), "\"".into()], ..SamplingSettings::default() };
    assert_eq!(without_flag(&settings), [r#"--ban-string "chair""#, r#"--ban-string "\"""#]);
    settings.toggle_mute(StageKind::BannedStrings);
    assert_eq!(without_flag(&settings), [""; 0]);
}

#[test]
fn a_broken_body_with_a_setting_is_about_settings() {
    for (text, about) in [
        ("{\"temperature\":0.5", true),
        (" {\n \"model\": \"x\", \"top_k\" : ", true),
        ("{\"temp\": 1,}", true),
        ("{\"name\": \"", false),
        ("{\"name\": \"the temperature", false),
        ("{ temperature: 0.5 }", false),
        ("{one} \"temperature\": 1", false),
    ] {
        let error = from_pasted(text).expect_err(text);
        assert_eq!(error.is_about_settings(text), about, "{text}");
    }
}

#[test]
fn bodies_of_other_makers_are_read() {
    let pasted = from_json_body(
        r#"{"model": "x", "messages": [], "temperature": 1, "top_k": 40.0, "repetition_penalty": 1.2, "max_tokens": 5,
            "logit_bias": {"50256": -100, "7": false}, "seed": -1, "top_p": null, "samplers": "kt",
            "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "boolean"}}}}"#,
    )
    .expect("every key is fine");
    let mut left_out = pasted.left_out;
    left_out.sort_unstable();
    assert_eq!(left_out, ["max_tokens", "messages", "model"]);
    let s = pasted.settings;
    assert_eq!((s.top_k, s.seed, s.repeat_penalty.to_string().as_str()), (40, None, "1.2"));
    let ban = LogitBias { token: Token(7), bias: f32::NEG_INFINITY };
    assert!(s.logit_bias.contains(&ban) && s.logit_bias.len() == 2, "{:?}", s.logit_bias);
    assert_eq!(s.grammar.as_json_schema(), Some(r#"{"type":"boolean"}"#));
}

#[test]
fn a_grammar_key_switches_the_schema_off() {
    let read = |body: &str| from_json_body(body).expect(body);
    let free = read(r#"{"temperature":0,"grammar":"","json_schema":{},"n_predict":5}"#);
    assert!(free.settings.grammar.is_none());
    assert_eq!(free.notes, ["Where grammar is given, json_schema does not count."]);
    let held = read(r#"{"json_schema": {}, "grammar": "root ::= \"a\""}"#);
    assert_eq!(held.settings.grammar.as_gbnf(), Some("root ::= \"a\""));
    assert!(read(r#"{"json_schema": {}}"#).settings.grammar.as_json_schema().is_some());
}

#[test]
fn what_cannot_be_taken_is_passed_over_and_named() {
    let pasted = from_json_body(
        r#"{"temperature": 0.5, "samplers": ["top_k", "tfs_z", "temperature"], "dry_sequence_breakers": "x",
            "json_schema": {"type": "string", "pattern": "\\d"}, "logit_bias": {"Hello": 100, "5": 1}}"#,
    )
    .expect("the rest is fine");
    assert_eq!(pasted.settings.samplers, [SamplerKind::TopK, SamplerKind::Temperature]);
    assert_eq!(pasted.settings.logit_bias, [LogitBias { token: Token(5), bias: 1.0 }]);
    let told = pasted.about_left_out().expect("something was passed over");
    for part in [
        "passed over: tfs_z.",
        "dry_sequence_breakers \"x\": expected a list",
        "is not supported",
        "\"Hello\"",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_bias_of_a_text_is_that_of_its_tokens() {
    let tokens = |text: &str| text.bytes().map(|byte| Token(u32::from(byte))).collect();
    let bias = |token, bias| LogitBias { token: Token(token), bias };
    for body in [r#"{"logit_bias": {"ab": 100}}"#, r#"{"logit_bias": [["ab", 100]]}"#] {
        let pasted = from_pasted_for(body, Some(&tokens)).expect(body);
        assert_eq!(pasted.settings.logit_bias, [bias(97, 100.0), bias(98, 100.0)]);
        assert_eq!(pasted.notes, [""; 0]);
    }
}

#[test]
fn a_body_may_begin_with_a_mark_or_be_curls() {
    for text in [
        "\u{feff}{\"top_k\": 7}",
        "curl http://127.0.0.1:8080/completion -H 'Content-Type: application/json' -d '{\"top_k\": 7}'",
        "curl -s --json='{\"top_k\": 7}' localhost:8080/completion | jq .content",
        "TOKEN=x /usr/bin/curl --data-raw '{\"top_k\": 7}' \\\n  https://example.com # a try",
    ] {
        assert_eq!(from_pasted(text).expect(text).settings.top_k, 7, "{text}");
    }
    for (text, expected) in [
        ("curl https://example.com", "there are no sampling settings in this text, only curl"),
        ("curl x -d @body.json", "the request's body stands in the file body.json: paste what is in it"),
        ("curl x -d '{\"prompt\": \"Hi\"}'", "there are no sampling settings in this text, only prompt"),
        ("curl x -d '{'", "this is not a JSON body: EOF"),
    ] {
        let error = from_pasted(text).expect_err(text);
        assert!(error.to_string().starts_with(expected), "{text}: {error}");
    }
    assert!(from_pasted("curl x").expect_err("no body").is_about_settings("curl x"));
}

#[test]
fn comments_and_further_commands_are_not_part_of_a_command_line() {
    for text in [
        "--temp 0.5 --top-k 7 # it's a comment with --top-p 2",
        "# first\nllama-cli --temp 0.5 \\\n  --top-k 7 | tee 'out.txt --top-k 9",
        "llama-cli --temp 0.5 --top-k 7 && echo \"it's done",
        "llama-cli --temp 0.5 --top-k 7 ; echo --top-k x",
    ] {
        let settings = from_pasted(text).expect(text).settings;
        assert_eq!((settings.temperature.to_string().as_str(), settings.top_k), ("0.5", 7), "{text}");
    }
    let chain =
        from_pasted("--samplers top_k;temperature -p a#b --seed 3").expect("no comment in a word").settings;
    assert_eq!((chain.samplers.len(), chain.seed), (2, Some(3)));
}

#[test]
fn what_is_wrong_is_reported_in_a_sentence() {
    for (text, expected) in [
        ("--temp hot", "--temp hot: expected a number"),
        ("--top-k 1.5", "--top-k 1.5: expected a whole number"),
        ("--temp", "--temp needs a value after it"),
        ("--temp 1e99", "--temp 1e99: expected a number of at most 3.4e38"),
        ("{\"temperature\": 1e99}", "temperature 1e"),
        ("--ban-token x", "--ban-token x: expected a token id"),
        ("--choice ''", "--choice : "),
        ("--top-p 1.5", "--top-p 1.5: expected a number from 0 to 1"),
        ("--samplers top_q", "--samplers top_q: there is no sampler \"top_q\""),
        ("--temp '0.5", "a quote ' is not closed"),
        ("-m x --color", "there are no sampling settings in this text, only -m, --color"),
        ("", "there are no sampling settings in this text"),
        ("{\"temperature\": \"hot\"}", "temperature \"hot\": expected a number"),
        ("{\"top_p\": 2}", "--top-p 2: expected a number from 0 to 1"),
        ("{\"logit_bias\": [1]}", "logit_bias [1]: expected token ids or texts with numbers"),
        ("{\"temperature\": ", "this is not a JSON body: EOF"),
        (
            "--grammar 'root ::= x'",
            "--grammar root ::= x: the grammar, line 1, column 10: there is no rule named x",
        ),
    ] {
        let error = from_pasted(text).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
}

prop_compose! {
    fn any_settings()(
        samplers in prop::sample::subsequence(SamplerKind::ALL.to_vec(), 0..=9).prop_shuffle(),
        temperature in 0.0_f32..3.0,
        top_k in -1..200,
        shares in prop::array::uniform6(0.0_f32..=1.0),
        penalties in prop::array::uniform3(-2.0_f32..2.0),
        repeat_penalty in 0.1_f32..3.0,
        windows in prop::array::uniform2(0..100_000),
        dry in (0.0_f32..5.0, 1.0_f32..4.0, 0..50),
        dry_sequence_breakers in prop::collection::vec("[^\0]{0,6}", 0..4),
        mirostat in prop_oneof![Just(Mirostat::Off), Just(Mirostat::V1), Just(Mirostat::V2)],
        mirostat_numbers in (0.0_f32..20.0, 0.0_f32..1.0),
        logit_bias in prop::collection::vec((0_u32..100_000, prop_oneof![Just(f32::NEG_INFINITY), -50.0_f32..50.0]), 0..4),
        grammar in prop_oneof![
            Just(GrammarSource::NONE),
            Just(GrammarSource::gbnf("root ::= \"it's\\n\" [a-z]*\n# ü").expect("fine")),
            Just(GrammarSource::json_schema("{\"type\":\"string\"}").expect("fine")),
        ],
        ignore_eos in any::<bool>(),
        seed in prop::option::of(0..u32::MAX),
    ) -> SamplingSettings {
        let [top_p, min_p, typical_p, xtc_probability, xtc_threshold, dynatemp_range] = shares;
        let [presence_penalty, frequency_penalty, top_n_sigma] = penalties;
        let biases = logit_bias.into_iter().map(|(token, bias)| LogitBias { token: Token(token), bias });
        SamplingSettings {
            samplers, temperature: if temperature < 0.01 { 0.0 } else { temperature }, top_k, top_p, min_p, typical_p,
            xtc_probability, xtc_threshold, dynatemp_range, presence_penalty, frequency_penalty, top_n_sigma,
            repeat_penalty, repeat_last_n: windows[0], dry_penalty_last_n: windows[1], dry_multiplier: dry.0,
            dry_base: dry.1, dry_allowed_length: dry.2, dry_sequence_breakers, mirostat,
            mirostat_tau: mirostat_numbers.0, mirostat_eta: mirostat_numbers.1, logit_bias: biases.collect(), grammar,
            ignore_eos, seed, ..SamplingSettings::default()
        }
    }
}

/// What a text that says nothing reads as.
fn or_defaults(read: Result<Pasted, PasteError>) -> Result<SamplingSettings, PasteError> {
    match read {
        Err(PasteError::Nothing(names)) if names.is_empty() => Ok(SamplingSettings::default()),
        read => read.map(|pasted| pasted.settings),
    }
}

proptest! {
    #[test]
    fn any_settings_come_back_from_a_command_line(settings in any_settings()) {
        let text = command_line(&settings, &target());
        prop_assert_eq!(or_defaults(from_command_line(&text)), Ok(settings), "{}", text);
    }

    #[test]
    fn any_settings_come_back_from_a_json_body(settings in any_settings()) {
        let text = json_body(&settings, &target());
        prop_assert_eq!(or_defaults(from_json_body(&text)), Ok(settings), "{}", text);
    }

    /// What is written makes the same settings on a model that recommends others, and on one that recommends nothing.
    #[test]
    fn any_settings_come_back_whatever_the_model_recommends(settings in any_settings(), model in any_settings()) {
        let recommended = SamplingOverrides {
            samplers: Some(model.samplers),
            temperature: Some(model.temperature),
            top_k: Some(model.top_k),
            top_p: Some(model.top_p),
            repeat_last_n: Some(model.repeat_last_n),
            mirostat: Some(model.mirostat),
            mirostat_tau: Some(model.mirostat_tau),
            ..SamplingOverrides::default()
        };
        let target = Target::new(4096, &recommended);
        for text in [command_line(&settings, &target), json_body(&settings, &target)] {
            let given = from_pasted(&text).expect("some of these differ").given;
            for unsaid in [recommended.clone(), SamplingOverrides::default()] {
                let mut there = SamplingSettings::default();
                given.clone().over(unsaid).apply(&mut there);
                prop_assert_eq!(&there, &settings, "{}", &text);
            }
        }
    }

    /// Any text gives settings that are allowed, or a sentence.
    #[test]
    fn any_text_gives_settings_or_a_sentence(
        text in r#"(--?(temp|top-k|samplers|logit-bias|grammar|json-schema|seed|l|j|m)[ =]?|[0-9.+-]{1,4}|'|"|\\|\{|\}|root ::= |nan|inf|\PC| |\n){0,16}"#,
    ) {
        match from_pasted(&text) {
            Ok(pasted) => prop_assert_eq!(pasted.settings.validate(), Ok(())),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn any_json_gives_settings_or_a_sentence(
        key in prop::sample::select(vec!["temperature", "top_k", "samplers", "logit_bias", "seed", "grammar", "response_format", "x"]),
        value in prop::sample::select(vec!["1", "-1e40", "\"x\"", "[]", "[[1,2]]", "[[1]]", "{}", "{\"type\":\"text\"}", "true", "null", "1e999"]),
    ) {
        if let Ok(pasted) = from_pasted(&format!("{{\"{key}\": {value}}}")) {
            prop_assert_eq!(pasted.settings.validate(), Ok(()));
        }
    }
}
