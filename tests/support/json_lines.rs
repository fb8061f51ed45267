//! JSON lines that the program prints.

use serde_json::Value;

use super::program::Program;

/// What the program prints, a JSON object a line; nothing may go wrong, and nothing be told.
pub fn lines(program: &Program, args: &[&str]) -> Vec<Value> {
    let ran = program.run(args);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
    ran.text().lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The lines of a type.
pub fn of_type<'l>(lines: &'l [Value], kind: &str) -> Vec<&'l Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// The ids in a list of tokens.
pub fn ids(tokens: &Value) -> Vec<u64> {
    let tokens = tokens.as_array().expect("a list");
    tokens.iter().map(|token| token["id"].as_u64().expect("an id")).collect()
}

/// The ids that `run` generates with these flags.
pub fn alone(program: &Program, prompt: &str, flags: &[&str]) -> Vec<u64> {
    let lines = lines(program, &[&["run", "--json", "-p", prompt], flags].concat());
    of_type(&lines, "token").iter().map(|token| token["id"].as_u64().expect("an id")).collect()
}
