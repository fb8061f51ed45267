//! `--chat` and what belongs to it as a program: on the built-in model, whose template is that of `ChatML`, and on templates
//! that are given.
#![cfg(unix)]

mod support;

use std::{
    os::unix::ffi::OsStrExt as _,
    sync::{Arc, OnceLock},
};

use logitscope::{
    engine::{
        Vocabulary,
        llama::{load, log},
    },
    settings::ModelSettings,
    token::Token,
};
use support::{model::storyteller, program::Program};

/// The prompt's tokens of a run with these arguments besides `run --json -n 1`, as text; and what stands on standard error.
fn prompt(program: &Program, args: &[&str]) -> (String, String) {
    let ran = program.run(&[&["run", "--json", "-n", "1", "--temp", "0"], args].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let start: serde_json::Value =
        serde_json::from_str(ran.text().lines().next().expect("a first line")).expect("JSON");
    let tokens = start["prompt_tokens"].as_array().expect("tokens").iter();
    let bytes = tokens.flat_map(|token| {
        let id = token.as_u64().and_then(|id| u32::try_from(id).ok()).expect("a token's number");
        vocabulary().piece(Token(id)).to_vec()
    });
    (String::from_utf8(bytes.collect()).expect("text"), ran.stderr)
}

/// The vocabulary of the built-in model.
fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Arc<Vocabulary>> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        log::start(None).expect("nothing to open");
        load(&ModelSettings::default(), |_| true).expect("the built-in model loads").vocabulary
    })
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_the_models() {
    let program = Program::new();
    program.write("t.jinja", "{% for m in messages %}[{{ m.role }}: {{ m.content }}]{% endfor %}\n");
    let file = program.home().join("t.jinja");
    let (text, notes) = prompt(
        &program,
        &["--chat", "-p", "Hi", "--system", "Be kind", "--chat-template-file", file.to_str().expect("text")],
    );
    assert!(text.ends_with("[system: Be kind][user: Hi]"), "{text}");
    assert_eq!(notes, "");
    let (text, _) = prompt(&program, &["--chat", "-p", "Hi", "--chat-template", "zephyr"]);
    assert!(text.contains("<|user|>\nHi") && text.ends_with("<|assistant|>\n"), "{text}");
    let thinks = "{{ messages[0].content }}{{ ' yes' if enable_thinking else ' no' }}";
    let (text, _) =
        prompt(&program, &["--chat", "-p", "Hi", "--chat-template", thinks, "--reasoning-budget", "0"]);
    assert!(text.ends_with("Hi no"), "{text}");
}

#[test]
fn what_a_template_cannot_take_is_reported() {
    let program = Program::new();
    let users = "{% for m in messages if m.role == 'user' %}<{{ m.content }}>{% endfor %}";
    let args = ["--chat", "-p", "Hi", "--system", "Be kind", "--chat-template", users];
    let (text, notes) = prompt(&program, &args);
    assert!(text.ends_with("<Be kind\nHi>"), "{text}");
    assert_eq!(
        notes,
        "note: the chat template has no place for a system message: its text was put before the next message\n"
    );
    let ran =
        program.run(&["run", "--chat", "-p", "Hi", "--chat-template", "one\n{{ messages | nonsense }}"]);
    let error = ran.complaint(1);
    assert!(error.contains("in line 2: {{ messages | nonsense }}"), "{error}");
    assert!(error.contains("--chat-template-file"), "{error}");
}

#[test]
fn messages_come_from_a_file() {
    let program = Program::new();
    program.write(
        "m.json",
        r#"[{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Bye"}]"#,
    );
    let file = program.home().join("m.json");
    let file = file.to_str().expect("text");
    let (text, _) = prompt(&program, &["--chat", "--messages", file]);
    let turns: Vec<&str> = text.split("<|im_start|>").skip(1).collect();
    assert_eq!(
        turns,
        [
            "system\nBe kind<|im_end|>\n",
            "user\nHi<|im_end|>\n",
            "assistant\nHello.<|im_end|>\n",
            "user\nBye<|im_end|>\n",
            "assistant\n"
        ]
    );
    let ran = program.run(&["run", "--messages", file]);
    assert!(ran.complaint(2).contains("add --chat"), "{}", ran.stderr);
    program.write("m.json", r#"[{"role": "user"}]"#);
    let ran = program.run(&["run", "--chat", "--messages", file]);
    assert!(ran.complaint(1).contains("message 1: expected a text"), "{}", ran.stderr);
    let ran = program.run(&["run", "--chat", "--messages", file, "-p", "x"]);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_context_beyond_the_models_training_is_reported() {
    let program = Program::new();
    let ran = program.run(&["run", "-p", "One day", "-n", "1", "-c", "16384"]);
    assert!(
        ran.stderr.starts_with("note: the context of 16384 tokens is larger than the "),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_model_whose_name_is_no_text_loads() {
    let program = Program::new();
    let name = std::ffi::OsStr::from_bytes(b"m\xff.gguf");
    program.write(name, storyteller());
    let path = program.home().join(name);
    let args = [
        std::ffi::OsStr::new("run"),
        "-p".as_ref(),
        "One day".as_ref(),
        "-n".as_ref(),
        "1".as_ref(),
        "-m".as_ref(),
    ];
    let ran = program.run(&[&args[..], &[path.as_os_str()]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
}

#[test]
fn schemas_and_prompts_that_cannot_be_used_are_reported() {
    let program = Program::new();
    program.write("empty.json", "");
    program.write("wide.txt", b"\xff\xfeH\0i\0");
    let file = |name: &str| program.home().join(name).to_str().expect("text").to_owned();
    for schema in [["-jf", &file("empty.json")], ["-j", ""]] {
        let ran = program.run(&[&["run", "-p", "x"][..], &schema].concat());
        assert_eq!(ran.status, Some(2));
        assert!(ran.stderr.contains("the JSON schema is empty"), "{}", ran.stderr);
    }
    let ran = program.run(&["run", "-f", &file("wide.txt")]);
    assert!(ran.complaint(1).contains("is UTF-16 text"), "{}", ran.stderr);
    let pattern = r#"{"type": "string", "pattern": "\\d+"}"#;
    let ran = program.run(&["run", "-p", "x", "-n", "4", "-j", pattern]);
    assert!(ran.stderr.starts_with("note: JSON schema conversion was incomplete: pattern"), "{}", ran.stderr);
}
