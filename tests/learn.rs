//! Lessons on the built-in model: every one is played through by machine, and two by hand in a terminal.
#![cfg(unix)]

mod support;

use std::{fs, process::Command, rc::Rc, sync::Arc};

use logitscope::{
    lesson::{Language, Shelf},
    runtime::lessons::check,
};
use support::{
    LOGITSCOPE,
    pty::{ENTER, ESCAPE, HOME, Pty, RIGHT},
    screen::{WIDE, quit},
};

#[test]
fn every_lesson_is_played_through_by_machine() {
    let shelf = Shelf::new(&[], &Language::default());
    assert!(!shelf.lessons().is_empty());
    let mut wrong = Vec::new();
    for lesson in shelf.lessons() {
        match check(&Arc::new(lesson.clone())) {
            Ok(checked) => {
                assert_eq!((checked.steps, checked.answers.len()), (lesson.steps.len(), lesson.questions()));
            }
            Err(fault) => wrong.push(fault.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn learn(folder: &tempfile::TempDir, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(LOGITSCOPE)
        .arg("learn")
        .args(args)
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_STATE_HOME", folder.path())
        .env("LANG", "C")
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

const HEAD: &str = "title = \"T\"\nchapter = 1\nminutes = 5\nable = \"You can.\"\n";

#[test]
fn mistakes_are_named_with_file_and_line_and_status_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let lessons = folder.path().join("mine");
    fs::create_dir(&lessons).expect("a folder");
    let write = |name: &str, text: &str| fs::write(lessons.join(name), text).expect("written");
    write(
        "a.toml",
        &format!("{HEAD}[[step]]\nsay = \"s\"\n[step.wait]\nuntil = \"generated == 3\"\nplay = [\"step\"]\n"),
    );
    write("b.toml", &format!("{HEAD}[[step]]\nsay = \"s\"\nsai = \"t\"\n"));
    write(
        "c.toml",
        &format!("{HEAD}[[step]]\nsay = \"s\"\n[step.ask]\nkind = \"place\"\ntext = \"q\"\nright = \"3\"\n"),
    );
    write(
        "d.toml",
        &format!("{HEAD}[[step]]\nsay = \"{{{{ prompt_tokens }}}}\"\n[step.set]\nprompt = \"One day\"\n"),
    );
    let path = lessons.to_string_lossy().into_owned();
    let (status, out, error) = learn(&folder, &["check", &path]);
    assert_eq!(status, 1, "{out}{error}");
    let has = |line: &str| out.lines().any(|told| told.starts_with(&format!("{path}/{line}")));
    assert!(has("a.toml, line 8: `generated == 3`: it is not true after"), "{out}");
    assert!(has("b.toml, line 7: a step has no `sai`; did you mean `say`?"), "{out}");
    assert!(has("c.toml, line 10: `3`: it is 3, expected a number from 0 to 1"), "{out}");
    assert!(out.lines().any(|told| told.starts_with("d: 1 step, ")), "{out}");
    let (status, out, _) = learn(&folder, &["check", &path, "--lesson", "d"]);
    assert_eq!((status, out.lines().count()), (0, 1), "{out}");
    let (status, out, _) = learn(&folder, &["check", &path, "--lesson", "e"]);
    assert_eq!((status, out.as_str()), (1, "There is no lesson to check.\n"));
}

#[test]
fn lessons_are_listed_the_users_own_among_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("logitscope/lessons");
    fs::create_dir_all(&own).expect("a folder");
    fs::write(own.join("mine.toml"), format!("{HEAD}[[step]]\nsay = \"s\"\n")).expect("written");
    fs::write(own.join("other.toml"), "title = 1\n").expect("written");
    let (status, out, _) = learn(&folder, &["--list"]);
    assert_eq!(status, 0);
    assert!(out.starts_with("1 The loop\n") && out.contains("2-05-draw"), "{out}");
    assert!(
        out.lines().any(|line| line.trim_start().starts_with("mine ") && line.ends_with("5 min  T")),
        "{out}"
    );
    assert!(out.contains("other.toml, line 1: `title` is a integer"), "{out}");
    let (status, _, error) = learn(&folder, &["--lesson", "nothing"]);
    assert!(status == 2 && error.contains("there is no lesson “nothing”"), "{status} {error}");
}

/// Page up and F8, as terminals send them.
const PAGE_UP: &str = "\x1b[5~";
const F8: &str = "\x1b[19~";

const DRAW: &str = r#"
title = "Where does this draw land?"
chapter = 1
minutes = 6
able = "You can tell from the bars which token a number u picks."
[[step]]
say = "All candidates lie side by side on a ruler."
[step.set]
screen = "step"
reset = true
seed = 42
sampling = { temperature = 1.5 }
prompt = "One day, a little"
[step.ask]
kind = "token"
text = "Which token will this u pick?"
right = "last.chosen.text"
reveal = ["step"]
[[step]]
say = "The token was taken back."
[step.set]
do = ["back"]
[step.ask]
kind = "token"
text = "Which token will be drawn here now?"
right = "last.chosen.text"
reveal = ["step"]
"#;

const LOOP: &str = r#"
title = "Why it is a loop"
chapter = 1
minutes = 5
able = "You can say why a model writes one token at a time."
[[step]]
say = "The model has read {{ prompt_tokens }} tokens."
[step.set]
prompt = "Once upon a time"
[step.ask]
kind = "number"
text = "How many new tokens does one pass give?"
right = "generated"
reveal = ["step"]
[[step]]
say = "Each press is a pass."
[step.wait]
until = "generated >= 5"
say = "Write five tokens."
play = ["step", "step", "step", "step"]
[step.ask]
kind = "number"
text = "How many tokens does the next pass look back on?"
right = "prompt_tokens + generated"
tolerance = 0
"#;

#[test]
fn two_lessons_are_played_in_a_terminal() {
    let home = Rc::new(tempfile::tempdir().expect("a folder"));
    let own = home.path().join(".config/logitscope/lessons");
    fs::create_dir_all(&own).expect("a folder");
    fs::write(own.join("1-00-loop.toml"), LOOP).expect("written");
    fs::write(own.join("1-01-draw.toml"), DRAW).expect("written");
    let shows = |pty: &Pty, text: &str| pty.wait_for_text(text);
    let mut pty = Pty::spawn_in(Rc::clone(&home), &[LOGITSCOPE, "learn", "--lesson", "1-01-draw"], WIDE, &[]);
    shows(&pty, "Which token will this u pick?");
    pty.send_keys("girl");
    shows(&pty, "Your answer: girl");
    pty.send_keys(ENTER);
    shows(&pty, "You said “girl”, it is “␣robot”.");
    pty.send_keys(ENTER);
    shows(&pty, "Which token will be drawn here now?");
    pty.send_keys(PAGE_UP);
    shows(&pty, "Which token will this u pick?");
    // Left in the middle, and another one played from the list.
    pty.send_keys(ESCAPE);
    shows(&pty, "2 steps, 2 questions, about");
    pty.send_keys(HOME);
    pty.send_keys(ENTER);
    shows(&pty, "How many new tokens does one pass give?");
    pty.send_keys("1");
    pty.send_keys(ENTER);
    shows(&pty, "Right: it is 1.");
    pty.send_keys(ENTER);
    shows(&pty, "Write five tokens.");
    // One by hand, the others by the lesson.
    pty.send_keys(RIGHT);
    pty.send_keys(F8);
    shows(&pty, "Done. ↵ goes on.");
    pty.send_keys(ENTER);
    shows(&pty, "How many tokens does the next pass look back on?");
    pty.send_keys("9");
    pty.send_keys(ENTER);
    shows(&pty, "You said 9, it is 11.");
    pty.send_keys(ENTER);
    shows(&pty, "1 of 2 predictions were right.");
    pty.send_keys(ENTER);
    shows(&pty, "Done: 1 of 2 predictions were right the last time.");
    quit(pty);
    // What was kept is there at the next start.
    let mut again = Pty::spawn_in(home, &[LOGITSCOPE, "learn"], WIDE, &[]);
    shows(&again, "1 of ");
    again.send_keys(HOME);
    shows(&again, "Done: 1 of 2 predictions were right the last time.");
    quit(again);
}
