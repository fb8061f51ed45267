//! What `logitscope compare` and `logitscope beam` print of a text, and which prompt they write on, on the built-in model.
#![cfg(unix)]

mod support;

use serde_json::Value;
use support::{
    json_lines::{alone, ids, lines, of_type},
    program::Program,
};

const PROMPT: &str = "Once upon a time";

#[test]
fn what_a_stop_condition_cuts_is_printed_nowhere() {
    let program = Program::new();
    let stop = ["-p", PROMPT, "-n", "40", "--temp", "0", "--stop-sentences", "1"];
    let cut = program.run(&[&["run"], &stop[..]].concat());
    assert!(cut.text().ends_with('.'), "{:?}", cut.text());
    let text = |lines: &[Value], kind: &str| of_type(lines, kind)[0]["text"].as_str().map(str::to_owned);
    let lanes = ["--lane", "stop-regex=girl", "--lane", "stop-sentences=1"];
    let found = lines(&program, &[&["compare", "--json"], &stop[..6], &lanes].concat());
    for lane in of_type(&found, "lane") {
        let own = lane["name"].as_str().expect("a name");
        let alone = program.run(&[&["run"], &stop[..6], &[&format!("--{own}")]].concat());
        assert_eq!(lane["text"], alone.text(), "{own}");
    }
    let found = lines(&program, &[&["compare", "--json", "--seeds", "1", "--seed", "1"], &stop[..]].concat());
    assert_eq!(of_type(&found, "forest")[0]["endings"][0]["text"], cut.text());
    let beam = ["beam", "--json", "--width", "1", "--seed", "1"];
    let found = lines(&program, &[&beam[..], &stop[..4], &stop[6..]].concat());
    assert_eq!(text(&found, "baseline").as_deref(), Some(cut.text()), "greedy");
    assert_eq!(text(&found, "beam").as_deref(), Some(cut.text()), "a beam of one");
}

#[test]
fn the_prompt_of_a_file_that_is_named_goes_before_the_config_files() {
    let program = Program::new();
    program.write(".config/logitscope/config.toml", "[prompt]\ntext = \"One day\"\n");
    program.write("lanes.toml", "prompt = \"Once upon a time\"\n[[lane]]\nname = \"a\"\n");
    let tokens = |args: &[&str]| {
        let args = [&["compare", "--json", "-n", "2", "--temp", "0"], args].concat();
        let found = lines(&program, &args);
        ids(&of_type(&found, "lane")[0]["tokens"])
    };
    let alone = |prompt: &str| alone(&program, prompt, &["-n", "2", "--temp", "0"]);
    let texts = ["One day", "Once upon a time", "The capital of France is"];
    assert!(alone(texts[0]) != alone(texts[1]) && alone(texts[1]) != alone(texts[2]));
    assert_eq!(tokens(&["--lane", "temp=0"]), alone(texts[0]), "the config file's");
    assert_eq!(tokens(&["lanes.toml"]), alone(texts[1]), "the lanes file's");
    assert_eq!(tokens(&["lanes.toml", "-p", texts[2]]), alone(texts[2]), "the flag's");
}

#[test]
fn a_prompt_that_is_too_long_for_a_search_is_refused_before_it() {
    let program = Program::new();
    let prompt = "one day ".repeat(300);
    let ran = program.run(&["beam", "-c", "256", "-p", &prompt, "-n", "4"]);
    assert!(ran.complaint(1).starts_with("the prompt has "), "{}", ran.stderr);
}
