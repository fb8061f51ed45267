//! Grammars that are fine, and what is said about those that are not.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::check::*;

fn verdict(text: &str) -> String {
    check(text).map_or_else(|error| error.to_string(), |()| "fine".to_owned())
}

#[test]
fn grammars_that_are_fine() {
    for text in [
        "root ::= \"yes\" | \"no\"",
        "# a comment\nroot ::= item+ # another\nitem ::= [a-z]+ \" \"? |\n  \"x\"{2,5}\n",
        "root ::= (\n  \"a\" |\n  ( \"b\" )* )\r\n",
        "root ::= <[42]> !<[7]> .*",
        "root ::= [^\\x00-\\x1F\\\"\\]\\u00e9-\\U0001F600-]{0,3}",
        "root ::= \"(\" root \")\" | \"\"",
        "root ::= [a-z]{0,2500} \"b\"{2,99999}",
        "root ::= \"é\" [äöü]",
        "",
    ] {
        let expected = if text.is_empty() { "line 1, column 1: there is no rule named root" } else { "fine" };
        assert!(verdict(text).ends_with(expected), "{text}: {}", verdict(text));
    }
}

#[test]
fn mistakes_are_reported_with_their_place() {
    for (text, expected) in [
        ("root = \"a\"", "line 1, column 6: expected ::= after the name root"),
        ("root ::= \"a\"\nitem ::= other", "line 2, column 10: there is no rule named other"),
        ("item ::= \"a\"", "line 1, column 1: there is no rule named root"),
        ("root ::= \"a", "line 1, column 10: this text has no closing quote"),
        ("root ::= [a-", "line 1, column 10: this range has no closing ]"),
        ("root ::= (\"a\"\n", "line 1, column 10: this group has no closing )"),
        ("root ::= \"a\" )", "line 1, column 14: expected the end of the line"),
        ("root ::= *", "line 1, column 10: there is nothing before this to repeat"),
        ("root ::= \"\\q\"", "line 1, column 11: there is no escape \\q"),
        ("root ::= \"\\x1\"", "line 1, column 11: \\x needs 2 hexadecimal digits"),
        ("root ::= \"a\"{3,1}", "line 1, column 13: the maximum of this repetition is below its minimum"),
        ("root ::= \"a\"{9999}", "line 1, column 13: more than 2000 repetitions"),
        ("root ::= \"a\"{2001,}", "line 1, column 13: more than 2000 repetitions"),
        (
            "root ::= \"a\"{0,99999999999999999999}",
            "line 1, column 13: this number of repetitions is too large",
        ),
        ("root ::= \"a\"{x}", "line 1, column 13: expected a repetition such as {2}, {2,} or {2,5}"),
        ("root ::= <think", "line 1, column 10: this token has no closing >"),
        ("root ::= <[x]>", "line 1, column 10: expected a token's number, as in <[42]>"),
        (
            "root ::= root \"a\" | \"b\"",
            "line 1, column 1: this rule is left-recursive: it leads back to itself before any text",
        ),
        (
            "root ::= empty root \"x\" | \"y\"\nempty ::= void\nvoid ::= \"\"",
            "line 1, column 1: this rule is left-recursive: it leads back to itself before any text",
        ),
        ("é ::= \"a\"", "line 1, column 1: expected the name of a rule"),
    ] {
        assert_eq!(verdict(text), format!("the grammar, {expected}"), "{text}");
    }
}

#[test]
fn what_would_exhaust_a_stack_is_refused() {
    let nested = format!("root ::= {}\"a\"{}", "(".repeat(101), ")".repeat(101));
    assert!(verdict(&nested).ends_with("groups are nested deeper than 100"), "{}", verdict(&nested));
    let mut chain = String::from("r3000 ::= \"a\"\nroot ::= r0\n");
    for n in 0..3000 {
        writeln!(chain, "r{n} ::= r{}", n + 1).expect("written to memory");
    }
    assert!(verdict(&chain).contains("more than 500 rules lead into one another"), "{}", verdict(&chain));
    let mut doubling = String::from("r20 ::= \"a\"\nroot ::= r0\n");
    for n in 0..20 {
        writeln!(doubling, "r{n} ::= r{0} \"a\" | r{0} \"b\"", n + 1).expect("written to memory");
    }
    assert!(verdict(&doubling).contains("can begin in more than 10000 ways"), "{}", verdict(&doubling));
    assert!(verdict(&"#".repeat(MAX_GRAMMAR + 1)).contains("262145 bytes"));
}

proptest! {
    #[test]
    fn no_text_panics(text in r#"(root|a| ::= |"|\[|\]|\(|\)|\{|\}|[*+?|.!<>^,#\\-]|[0-9]|\n|é| ){0,40}"#) {
        let _ = check(&text);
    }
}
