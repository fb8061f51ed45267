//! The terminal is given back whatever ends the program: the guard's example in a pseudo-terminal.
//!
//! `cargo test` builds the example; for this file alone:
//! `cargo build --example terminal_guard && cargo test --test terminal`.

mod support;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use support::{
    pty::{CTRL_Z, Pty},
    written::assert_given_back,
};

/// The guard's example, next to the test binaries that cargo built with it.
fn example() -> PathBuf {
    let this = std::env::current_exe().expect("the path of this test");
    let folder = this.ancestors().nth(2).expect("deps has a parent").join("examples");
    let path = folder.join("terminal_guard");
    assert!(path.exists(), "{} is not built: cargo build --example terminal_guard", path.display());
    path
}

/// The example in a terminal, ready for keys, and the line's settings from before.
fn start() -> (Pty, String) {
    // The shell waits for a line, so that the settings can be read before the program starts.
    let script = "read go && exec \"$0\"";
    let program = example();
    let mut pty =
        Pty::spawn(&["sh".as_ref(), "-c".as_ref(), script.as_ref(), program.as_os_str()], (80, 24), &[]);
    let before = pty.stty();
    pty.send_keys("\n");
    pty.wait_for_text("ready");
    let screen = pty.screen();
    assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste());
    assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_ne!(pty.stty(), before, "raw mode is on");
    (pty, before)
}

/// Waits for the end and checks that the terminal is as it was; returns the exit status and what is on the screen.
fn end(mut pty: Pty, before: &str) -> (u32, String) {
    let status = pty.wait_exit();
    assert_eq!(status.signal(), None, "it ends by itself");
    assert_given_back(&pty, before);
    (status.exit_code(), pty.screen_text())
}

#[test]
fn a_normal_end() {
    let (mut pty, before) = start();
    pty.send_keys("x");
    pty.wait_for_text("key x");
    pty.send_keys("q");
    let (status, screen) = end(pty, &before);
    assert_eq!(status, 0);
    assert!(!screen.contains("key x"), "what was drawn is gone:\n{screen}");
}

#[test]
fn an_error() {
    let (mut pty, before) = start();
    pty.send_keys("e");
    let (status, screen) = end(pty, &before);
    assert_eq!(status, 1);
    assert!(screen.contains("the key e was pressed"), "{screen}");
}

#[test]
fn a_panic_on_the_main_thread() {
    let (mut pty, before) = start();
    pty.send_keys("p");
    let (status, screen) = end(pty, &before);
    assert_eq!(status, 101);
    assert!(screen.contains("thread main panicked at examples/terminal_guard.rs"), "{screen}");
    assert!(screen.contains("the key p was pressed"), "{screen}");
    assert!(screen.contains("terminal_guard.log"), "{screen}");
}

#[test]
fn a_panic_on_another_thread() {
    let (mut pty, before) = start();
    pty.send_keys("t");
    let (status, screen) = end(pty, &before);
    assert_eq!(status, 101);
    assert!(screen.contains("thread worker panicked"), "{screen}");
    assert!(screen.contains("said ␛[31mred"), "a panic's message may quote foreign text:\n{screen}");
}

#[test]
fn signals_that_end_it() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2)] {
        let (pty, before) = start();
        pty.signal(signal);
        assert_eq!(end(pty, &before).0, 128 + number, "{signal:?}");
    }
}

#[test]
fn a_second_signal_when_it_is_stuck() {
    let (mut pty, before) = start();
    pty.send_keys("s");
    pty.wait_for_text("stuck");
    pty.signal(Signal::TERM);
    pty.signal(Signal::INT);
    let (status, _) = end(pty, &before);
    // Both are pending when they are heard, and either may be heard first.
    assert!(matches!(status, 130 | 143), "{status}");
}

#[test]
fn suspended_and_continued_by_a_shell() {
    let program = example();
    let mut pty = Pty::spawn(&["sh", "-i"], (80, 24), &[("PS1", "shell> ")]);
    pty.wait_for_text("shell> ");
    let before = pty.stty();
    pty.send_keys(&format!("{}\n", program.display()));
    pty.wait_for_text("ready");
    pty.send_keys(CTRL_Z);
    pty.wait_for("the shell again", |screen| {
        !screen.alternate_screen() && screen.contents().contains("Stopped")
    });
    assert_given_back(&pty, &before);
    pty.send_keys("fg\n");
    pty.wait_for("the program again", vt100::Screen::alternate_screen);
    pty.wait_for_text("welcome back");
    pty.send_keys("x");
    pty.wait_for_text("key x");
    pty.send_keys("q");
    pty.wait_for("the shell again", |screen| !screen.alternate_screen());
    pty.send_keys("echo status=$?; exit\n");
    pty.wait_exit();
    assert_given_back(&pty, &before);
    assert!(pty.screen_text().contains("status=0"), "{}", pty.screen_text());
}

#[test]
fn stopped_from_outside_and_continued_it_draws_anew() {
    let program = example();
    let mut pty = Pty::spawn(&["sh", "-i"], (80, 24), &[("PS1", "shell> ")]);
    pty.wait_for_text("shell> ");
    let before = pty.stty();
    pty.send_keys(&format!("{}\n", program.display()));
    pty.wait_for_text("ready");
    pty.signal_foreground(Signal::STOP);
    // Nobody can give the terminal back after SIGSTOP: the shell writes into what was drawn.
    pty.wait_for_text("shell> ");
    pty.send_keys("fg\n");
    pty.wait_for("a clean screen", |screen| screen.contents().trim() == "ready");
    pty.send_keys("q");
    pty.wait_for("the shell again", |screen| !screen.alternate_screen());
    pty.send_keys("exit\n");
    pty.wait_exit();
    assert_given_back(&pty, &before);
}

#[test]
fn suspending_where_nobody_could_continue_it_goes_on() {
    let (mut pty, before) = start();
    pty.send_keys(CTRL_Z);
    pty.wait_for_text("welcome back");
    pty.send_keys("q");
    assert_eq!(end(pty, &before).0, 0);
}

#[test]
fn mouse_paste_and_size_arrive() {
    let (mut pty, before) = start();
    pty.click(4, 2);
    pty.wait_for_text("mouse Up(Left) 4 2");
    pty.wheel(0, 0, -1);
    pty.wait_for_text("mouse ScrollDown 0 0");
    pty.drag((1, 1), (3, 1));
    pty.wait_for_text("mouse Drag(Left) 2 1");
    pty.paste("two words");
    pty.wait_for_text("pasted two words");
    assert_eq!(pty.find("words"), Some((11, pty.find("pasted").expect("on the screen").1)));
    pty.resize(40, 10);
    pty.wait_for_text("size 40 10");
    pty.send_keys("q");
    assert_eq!(end(pty, &before).0, 0);
}

#[test]
fn a_dumb_terminal_gets_one_line_without_escapes() {
    let mut pty = Pty::spawn(&[example()], (80, 24), &[("TERM", "dumb")]);
    assert_eq!(pty.wait_exit().exit_code(), 2);
    let raw = String::from_utf8(pty.raw()).expect("plain text");
    assert!(raw.contains("logitscope run"), "{raw}");
    assert!(!raw.contains('\x1b') && raw.matches('\n').count() == 1, "{raw:?}");
}

#[test]
fn without_a_terminal_it_says_so_in_one_line() {
    let output = Command::new(example()).stdin(Stdio::null()).output().expect("the example runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8(output.stderr).expect("plain text");
    assert!(message.contains("not a terminal") && message.contains("logitscope run"), "{message}");
    assert!(!message.contains('\x1b') && message.lines().count() == 1, "{message:?}");
}
