//! Models by their names: listed, found in caches, and fetched from a hub on loopback, by the program itself.
#![cfg(unix)]

mod support;

use std::{fs, path::PathBuf};

use support::{
    LOGITSCOPE,
    hub::{COMMIT, FILE, Hub},
    program::{Program, Ran},
    pty::{ENTER, ESCAPE, Pty},
    screen::{WIDE, quit, start, wait_for_panel},
};

/// The model in the program, and its SHA-256.
const STORYTELLER: &[u8] = include_bytes!("../assets/models/storyteller-4.5m-q8_0.gguf");
const SHA256: &str = "8c8cc6bf5bfecf97b3ce8cf8441b9f174eb51a977107442568265cd454919f6d";

/// Runs with this hub.
fn run(program: &Program, hub: &Hub, args: &[&str]) -> Ran {
    let mut command = program.command(args);
    command.env("HF_ENDPOINT", hub.endpoint());
    command.output().expect("the program starts").into()
}

fn cached(program: &Program, path: &str) -> PathBuf {
    program.home().join(".cache/huggingface/hub/models--a--b").join(path)
}

const SHORT: [&str; 8] = ["-p", "Once upon a time", "-n", "4", "--seed", "1", "-t", "1"];

#[test]
fn a_repository_is_fetched_once_and_then_needs_no_network() {
    let (program, hub) = (Program::new(), Hub::new(STORYTELLER, SHA256));
    let offline = run(&program, &hub, &[&["run", "-hf", "a/b", "--offline"], &SHORT[..]].concat());
    let why = offline.complaint(1);
    assert!(why.starts_with("hf:a/b is not in the cache on this machine; without --offline"), "{why}");
    assert_eq!(hub.asked(), 0);

    let built_in = program.run(&[&["run"], &SHORT[..]].concat());
    let fetched = run(&program, &hub, &[&["run", "-hf", "a/b"], &SHORT[..]].concat());
    assert_eq!(fetched.status, Some(0), "{}", fetched.stderr);
    assert_eq!(fetched.stdout, built_in.stdout, "it is the same model");
    assert!(fetched.stderr.starts_with("fetching hf:a/b\n"), "{}", fetched.stderr);
    let file = cached(&program, &format!("snapshots/{COMMIT}/{FILE}"));
    assert_eq!(fs::read(&file).expect("in the cache"), STORYTELLER);
    assert_eq!(
        fs::canonicalize(&file).expect("a link"),
        fs::canonicalize(cached(&program, &format!("blobs/{SHA256}"))).expect("the blob")
    );
    assert_eq!(fs::read_to_string(cached(&program, "refs/main")).expect("noted"), COMMIT);

    let asked = hub.asked();
    for name in [&["-m", "hf:a/b:q8_0"][..], &["-hf", "a/b", "-hff", FILE, "--offline"]] {
        let again = run(&program, &hub, &[&["run"], name, &SHORT[..]].concat());
        assert_eq!((again.status, again.stdout == built_in.stdout), (Some(0), true), "{}", again.stderr);
    }
    assert_eq!(hub.asked(), asked, "nobody is asked for what is here");
}

#[test]
fn what_is_not_what_was_announced_is_never_loaded() {
    let (program, hub) = (Program::new(), Hub::new(STORYTELLER, &"0".repeat(64)));
    let wrong = run(&program, &hub, &[&["run", "-hf", "a/b"], &SHORT[..]].concat());
    assert_eq!(wrong.status, Some(1));
    assert!(
        wrong.stderr.contains("story-Q8_0.gguf: what came is not what the hub announced"),
        "{}",
        wrong.stderr
    );
    assert!(!cached(&program, "snapshots").exists());
}

#[test]
fn names_that_are_wrong_are_told_in_a_sentence() {
    let (program, hub) = (Program::new(), Hub::new(STORYTELLER, SHA256));
    for (args, expected) in [
        (&["-hf", "a/b:Q9"][..], "a/b has no Q9; it has Q8_0"),
        (&["-m", "hf:a/bb"], "127.0.0.1 has no repository a/bb; did you mean a/b?"),
        (&["-m", "ollama:llama3"], "ollama:llama3:latest: Ollama has no such model here; it has none"),
        (&["-m", "http://localhost:1"], "http://localhost:1 cannot be reached: nothing answers there"),
        (&["-m", "."], ".: there is no GGUF model in this folder"),
    ] {
        let ran = run(&program, &hub, &[&["run"], args, &SHORT[..]].concat());
        assert_eq!(ran.status, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn the_token_is_shown_nowhere() {
    let program = Program::new();
    let mut command = program.command(&[&["run", "-hf", "a/b", "-hft", "hf_topsecret"], &SHORT[..]].concat());
    command.env("HF_ENDPOINT", "http://127.0.0.1:1");
    let ran: Ran = command.output().expect("the program starts").into();
    assert!(ran.stderr.contains("127.0.0.1 cannot be reached"), "{}", ran.stderr);
    let log =
        fs::read_to_string(program.home().join(".local/state/logitscope/logitscope.log")).expect("a log");
    assert!(!ran.stderr.contains("hf_topsecret") && !log.contains("hf_topsecret"), "{log}");
}

#[test]
fn models_are_listed_and_one_is_shown_whole() {
    let (program, hub) = (Program::new(), Hub::new(STORYTELLER, SHA256));
    assert!(program.run(&["models"]).text().starts_with("There are no models in the known places"));
    program.write("broken.gguf", "no model");
    assert_eq!(run(&program, &hub, &[&["run", "-hf", "a/b"], &SHORT[..]].concat()).status, Some(0));
    let ran = program.run(&["models", "--sort", "name"]);
    let lines: Vec<&str> = ran.text().lines().collect();
    assert!(
        lines[1].starts_with("a/b story-Q8_0.gguf") && lines[1].ends_with("Hugging Face cache"),
        "{}",
        ran.text()
    );
    assert!(
        lines[2].starts_with("broken.gguf") && lines[3].starts_with("  cannot be run: "),
        "{}",
        ran.text()
    );
    let one = program.run(&["models", "story"]);
    assert!(one.text().contains("  general.architecture (str): llama"), "{}", one.text());
    let mut fields = support::documented::documented("## models", "model");
    fields.extend(["type", "path"].map(str::to_owned));
    let json: serde_json::Value =
        serde_json::from_str(program.run(&["models", "hf:a/b", "--json"]).text()).expect("a line");
    let names: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert!(names.iter().all(|name| fields.contains(name)), "{names:?} {fields:?}");
    assert!(program.run(&["models", "nobody"]).complaint(1).starts_with("no model here has \"nobody\""));
}

#[test]
fn the_picker_fetches_lists_and_shows_a_model() {
    let hub = Hub::new(STORYTELLER, SHA256);
    let mut pty = Pty::spawn(&[LOGITSCOPE, "--seed", "42"], WIDE, &[("HF_ENDPOINT", &hub.endpoint())]);
    support::screen::close_welcome(&mut pty);
    pty.send_keys("m");
    wait_for_panel(&pty, "Models", "No other models found");
    pty.send_keys("/");
    pty.wait_for_text("esc whole list");
    pty.paste("hf:a/nothing");
    pty.send_keys(ENTER);
    wait_for_panel(&pty, " ✗ The model could not be fetched", "has no repository a/nothing");
    pty.send_keys(ESCAPE);
    pty.wait_for("the list", |screen| !screen.contents().contains("could not be fetched"));
    pty.send_keys("\u{15}");
    pty.paste("hf:a/b");
    pty.send_keys(ENTER);
    // The fetch lies over the list while it goes on.
    pty.wait_for("the list closed", |screen| {
        !["Models, recent", "Fetching"].iter().any(|text| screen.contents().contains(text))
    });
    pty.send_keys("m");
    wait_for_panel(&pty, "Models", "▸✓story-Q8_0.gguf");
    wait_for_panel(&pty, "Models", "4.5M");
    pty.send_keys("i");
    pty.wait_for_text("general.architecture (str): llama");
    pty.send_keys(ESCAPE);
    pty.wait_for("the list", |screen| !screen.contents().contains("general.architecture"));
    quit_from_list(pty);
}

fn quit_from_list(mut pty: Pty) {
    pty.send_keys(ESCAPE);
    pty.wait_for("no list", |screen| !screen.contents().contains("recent first"));
    quit(pty);
}

#[test]
fn a_folder_with_one_model_starts_it() {
    let pty = start(&["--seed", "42"]);
    let home = pty.shared_home();
    quit(pty);
    fs::create_dir(home.path().join("only")).expect("made");
    fs::write(home.path().join("only/story.gguf"), STORYTELLER).expect("written");
    let pty = Pty::spawn_in(home, &[LOGITSCOPE, "-m", "only", "--seed", "42"], WIDE, &[]);
    pty.wait_for_text("Storyteller…");
    let home = pty.shared_home();
    quit(pty);
    fs::copy(home.path().join("only/story.gguf"), home.path().join("only/tale.gguf")).expect("copied");
    let pty = Pty::spawn_in(home, &[LOGITSCOPE, "-m", "only", "--seed", "42"], WIDE, &[]);
    wait_for_panel(&pty, "Models in only", "tale.gguf");
    quit_from_list(pty);
}
