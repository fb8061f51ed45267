//! Where a grammar comes from, and what is said about one that cannot be used.

use proptest::prelude::*;

use super::*;

#[test]
fn choices_become_a_grammar() {
    let source = GrammarSource::choices(vec!["yes".into(), "no \"really\"\n".into()]).expect("two texts");
    assert_eq!(source.as_gbnf(), Some("root ::= \"yes\" | \"no \\\"really\\\"\\n\""));
    assert_eq!(source.short(), "2 choices");
    assert_eq!(GrammarSource::choices(vec![]), Ok(GrammarSource::NONE));
    assert_eq!(GrammarSource::choices(vec![String::new()]), Err(GrammarError::EmptyChoice));
}

#[test]
fn a_schema_becomes_a_grammar() {
    let schema = r#"{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}"#;
    let source = GrammarSource::json_schema(schema).expect("a plain schema");
    assert!(source.as_gbnf().expect("converted").contains("root ::= "), "{source:?}");
    assert_eq!(source.as_json_schema(), Some(schema));
}

#[test]
fn schemas_that_cannot_be_used_are_named() {
    let error = GrammarSource::json_schema("{\"type\": ").expect_err("cut short").to_string();
    assert!(error.starts_with("the JSON schema: EOF"), "{error}");
    let wrong = |schema: &str| GrammarSource::json_schema(schema).expect_err(schema).to_string();
    assert!(wrong("3").starts_with("the JSON schema: a schema is an object"));
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    assert!(wrong(&deep).starts_with("the JSON schema: recursion limit exceeded"));
    for empty in ["", " \n", "\u{feff}"] {
        assert_eq!(wrong(empty), "the JSON schema is empty: {} takes any JSON");
    }
    for (schema, fault) in [
        (r#"{"type": "nonsense"}"#, "JSON schema error at #: unrecognized type nonsense"),
        (
            r##"{"$ref": "#/$defs/x"}"##,
            "JSON schema error at #: cannot resolve $ref #/$defs/x, $defs not found",
        ),
        (r#"{"type": "string", "pattern": "^(a$"}"#, "Invalid pattern ^(a$"),
    ] {
        assert_eq!(wrong(schema), format!("llama.cpp cannot turn this JSON schema into a grammar: {fault}"));
    }
}

#[test]
fn what_the_converter_cannot_keep_is_reported() {
    let digits = GrammarSource::json_schema(r#"{"type": "string", "pattern": "\\d+"}"#).expect("converted");
    let warning = digits.warning().expect("the pattern is not kept");
    assert!(
        warning.contains("\\d+ is not supported") && warning.contains("accepting any string"),
        "{warning}"
    );
    assert_eq!(GrammarSource::json_schema("{}").expect("any JSON").warning(), None);
}

#[test]
fn a_mark_of_the_byte_order_is_no_part_of_it() {
    let marked = GrammarSource::json_schema("\u{feff}{\"type\": \"boolean\"}").expect("as without");
    assert_eq!(marked.as_json_schema(), Some("{\"type\": \"boolean\"}"));
    assert_eq!(
        GrammarSource::gbnf("\u{feff}root ::= \"a\"").expect("as without").as_gbnf(),
        Some("root ::= \"a\"")
    );
}

#[test]
fn a_large_maximum_is_none() {
    assert!(GrammarSource::json_schema(r#"{"type": "string", "maxLength": 2500}"#).is_ok());
}

#[test]
fn an_error_shows_its_line_after_the_reason() {
    let text = format!("root ::= item\nitem ::= {} other", "\"a\" ".repeat(100));
    let error = GrammarSource::gbnf(&text).expect_err("no rule other").in_full(&text);
    let (reason, line) = error.split_once('\n').expect("two lines");
    assert!(reason.ends_with("there is no rule named other"), "{error}");
    assert!(line.contains("other") && line.chars().count() < 90, "{error}");
    let schema = "{\n  \"type\": object\n}";
    let error = GrammarSource::json_schema(schema).expect_err("no JSON").in_full(schema);
    assert!(error.ends_with("\n    \"type\": object"), "{error}");
}

#[test]
fn files_are_read_and_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("g.gbnf");
    let missing = GrammarSource::gbnf_file(&path).expect_err("not there").to_string();
    assert!(missing.starts_with(&format!("{} cannot be read: ", path.display())), "{missing}");
    std::fs::write(&path, "root ::= \"a\"\n").expect("written");
    assert_eq!(GrammarSource::gbnf_file(&path).expect("fine").as_gbnf(), Some("root ::= \"a\"\n"));
    std::fs::write(&path, "\n").expect("written");
    let empty = GrammarSource::gbnf_file(&path).expect_err("empty").to_string();
    assert_eq!(empty, format!("{}: the grammar is empty", path.display()));
    let empty = GrammarSource::json_schema_file(&path).expect_err("empty").to_string();
    assert!(empty.contains("the JSON schema is empty"), "{empty}");
    std::fs::write(&path, b"\xff\xfer\0o\0").expect("written");
    assert!(GrammarSource::gbnf_file(&path).expect_err("UTF-16").to_string().contains("UTF-16"));
    std::fs::write(&path, "x".repeat(300_000)).expect("written");
    assert!(
        GrammarSource::gbnf_file(&path).expect_err("too long").to_string().contains("longer than 262144")
    );
}

#[test]
fn grammars_survive_writing_and_reading() {
    let sources = [
        GrammarSource::NONE,
        GrammarSource::gbnf("root ::= [a-z]+").expect("fine"),
        GrammarSource::json_schema("{\"type\": \"boolean\"}").expect("fine"),
        GrammarSource::choices(vec!["a".into(), "b".into()]).expect("fine"),
    ];
    for source in sources {
        let json = serde_json::to_string(&source).expect("plain data");
        assert_eq!(serde_json::from_str::<GrammarSource>(&json).expect("as written"), source, "{json}");
    }
    let two = serde_json::from_str::<GrammarSource>(r#"{"choices": ["a"], "json_schema": "{}"}"#);
    assert!(two.expect_err("two").to_string().contains("exactly one of"));
}

proptest! {
    /// Any choices give a grammar that the check accepts.
    #[test]
    fn any_choice_can_be_quoted(choice in "\\PC{1,12}|[\\x01-\\x7f]{1,8}") {
        prop_assert!(GrammarSource::choices(vec![choice]).is_ok());
    }
}
