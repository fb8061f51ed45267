//! Flags about what the text has to fit and what it must not hold.

use super::*;
use crate::sampling::{LogitBias, SamplerKind};
use crate::token::Token;

/// Every flag of the sampling section of `llama-completion --help`, in each of its spellings.
#[test]
fn every_sampling_flag_of_llama_completion_parses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let grammar_file = file("g.gbnf", "root ::= \"a\"\n");
    let schema_file = file("s.json", "{}");
    for (flags, value) in [
        (&["--samplers"][..], "top_k;temperature"),
        (&["-s", "--seed"], "4"),
        (&["--sampler-seq", "--sampling-seq"], "edskypmxt"),
        (&["--temp", "--temperature"], "0.5"),
        (&["--top-k"], "5"),
        (&["--top-p"], "0.5"),
        (&["--min-p"], "0.1"),
        (&["--top-nsigma", "--top-n-sigma"], "1.5"),
        (&["--xtc-probability"], "0.5"),
        (&["--xtc-threshold"], "0.2"),
        (&["--typical", "--typical-p"], "0.9"),
        (&["--repeat-last-n"], "32"),
        (&["--repeat-penalty"], "1.1"),
        (&["--presence-penalty"], "0.1"),
        (&["--frequency-penalty"], "0.1"),
        (&["--dry-multiplier"], "0.8"),
        (&["--dry-base"], "1.5"),
        (&["--dry-allowed-length"], "3"),
        (&["--dry-penalty-last-n"], "100"),
        (&["--dry-sequence-breaker"], "none"),
        (&["--adaptive-target"], "-1"),
        (&["--adaptive-decay"], "0.9"),
        (&["--dynatemp-range"], "0.5"),
        (&["--dynatemp-exp"], "2"),
        (&["--mirostat"], "2"),
        (&["--mirostat-lr"], "0.2"),
        (&["--mirostat-ent"], "4"),
        (&["-l", "--logit-bias"], "15043+1"),
        (&["--grammar"], "root ::= \"a\""),
        (&["--grammar-file"], &grammar_file),
        (&["-j", "--json-schema"], "{\"type\": \"object\"}"),
        (&["-jf", "--json-schema-file"], &schema_file),
    ] {
        let all: Vec<_> = flags.iter().map(|flag| settings(&[flag, value])).collect();
        assert!(all.iter().all(|settings| *settings == all[0]), "{flags:?}");
        let without_effect = flags[0].starts_with("--adaptive") || value == "edskypmxt";
        assert_eq!(all[0] == Settings::default(), without_effect, "{flags:?}");
    }
    for flag in ["--ignore-eos", "-bs", "--backend-sampling"] {
        settings(&[flag]);
    }
}

#[test]
fn the_constraint_given_last_holds() {
    let grammar = |line: &[&str]| settings(line).sampling.grammar;
    let gbnf = "root ::= \"a\"";
    assert_eq!(grammar(&["--json-schema", "{}", "--grammar", gbnf]).as_gbnf(), Some(gbnf));
    assert_eq!(grammar(&["--grammar", gbnf, "-j", "{}"]).as_json_schema(), Some("{}"));
    let choices = grammar(&["--grammar", gbnf, "--choice", "yes", "--choice", "-no\\n"]);
    assert_eq!(choices.as_choices(), Some(&["yes".to_owned(), "-no\n".to_owned()][..]));
    let plain = grammar(&["--no-escape", "--choice", "a\\n"]);
    assert_eq!(plain.as_choices(), Some(&["a\\n".to_owned()][..]));
    let config = "[sampling]\ngrammar = { choices = [\"a\"] }\n";
    let above = resolved_with(&["--grammar", gbnf], &[], config).expect("both are fine");
    assert_eq!(above.settings.sampling.grammar.as_gbnf(), Some(gbnf));
    let below = resolved_with(&[], &[], config).expect("it is fine");
    assert_eq!(below.settings.sampling.grammar.short(), "1 choice");
}

#[test]
fn bans() {
    let sampling = settings(&["--ban-token", "7", "--logit-bias", "5+1", "--ban-token", "9"]).sampling;
    let ban = |token| LogitBias { token: Token(token), bias: f32::NEG_INFINITY };
    assert_eq!(sampling.logit_bias, [LogitBias { token: Token(5), bias: 1.0 }, ban(7), ban(9)]);
    let sampling = settings(&["--ban-string", "the end", "--ban-string", "\\n\\n"]).sampling;
    assert_eq!(sampling.banned_strings, ["the end", "\n\n"]);
    assert!(
        refused(&["--ban-string", ""]).starts_with("--ban-string \"\": expected a text of 1 to 256 bytes")
    );
}

#[test]
fn what_cannot_be_used_is_reported_with_its_flag() {
    for (line, parts) in [
        (
            &["--grammar", "root ::= \"a"][..],
            ["--grammar", "line 1, column 10: this text has no closing quote"],
        ),
        (&["--grammar-file", "/no/such"], ["--grammar-file", "/no/such cannot be read"]),
        (&["-j", "{"], ["--json-schema", "the JSON schema: EOF"]),
        (&["-jf", "/no/such"], ["--json-schema-file", "/no/such cannot be read"]),
        (&["--choice", ""], ["--choice", "a choice is empty"]),
        (&["--samplers", "top_k;adaptive_p"], ["--samplers", "adaptive-p is not available here"]),
    ] {
        let error = refused(line);
        assert!(parts.iter().all(|part| error.contains(part)), "{line:?}: {error}");
    }
}

#[test]
fn muted_stages_come_from_the_config_file() {
    let config = "[sampling]\nmuted = [\"top_k\", \"logit_bias\"]\nsoloed = [\"temp\"]\n";
    let sampling = resolved_with(&[], &[], config).expect("they exist").settings.sampling;
    assert_eq!(sampling.muted.len(), 2);
    assert_eq!(sampling.soloed, [SamplerKind::Temperature.into()]);
}
