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
    assert!(matches!(GrammarSource::json_schema("3"), Err(GrammarError::NoJson(_))));
    let error = GrammarSource::json_schema(r#"{"type": "nonsense"}"#).expect_err("no such type");
    assert_eq!(error, GrammarError::Schema);
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    assert!(matches!(GrammarSource::json_schema(&deep), Err(GrammarError::NoJson(_))));
}

#[test]
fn files_are_read_and_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("g.gbnf");
    let missing = GrammarSource::gbnf_file(&path).expect_err("not there").to_string();
    assert!(missing.starts_with(&format!("{} cannot be read: ", path.display())), "{missing}");
    std::fs::write(&path, "root ::= \"a\"\n").expect("written");
    assert_eq!(GrammarSource::gbnf_file(&path).expect("fine").as_gbnf(), Some("root ::= \"a\"\n"));
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
