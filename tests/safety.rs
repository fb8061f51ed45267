//! The program gives the terminal back as it was, whatever ends it and whatever size it has, and nothing foreign gets
//! through to it.
#![cfg(unix)]

mod support;

use rustix::process::Signal;
use support::{
    LOGITSCOPE,
    model::{replace_string, storyteller},
    program::Program,
    pty::{CTRL_C, CTRL_Z, END, ENTER, ESCAPE, Pty, RIGHT},
    screen::{PROMPT, WIDE, candidates, close_welcome, generated, panel, start, text},
    written::{assert_given_back, controls},
};

/// Sets the clipboard, clears the screen, reverses the writing direction, hides text in tags, and ends a line.
const ATTACK: &str = "\x1b]52;c;AAAA\x07\x1b[2J\u{9b}31m\u{202e}\u{e0041}\u{2028}";

/// As fast as it goes, without an end.
const ENDLESS: [&str; 7] = ["-p", PROMPT, "--ignore-eos", "-c", "16384", "--speed", "0"];

/// The program in the midst of playing at full speed, and the line's settings from before.
fn playing() -> (Pty, String) {
    // The shell waits for a line, so that the settings can be read before the program starts.
    let script = ["sh", "-c", "read go && exec \"$0\" \"$@\"", LOGITSCOPE];
    let mut pty = Pty::spawn(&[&script[..], &ENDLESS].concat(), WIDE, &[]);
    let before = pty.stty();
    pty.send_keys("\n");
    close_welcome(&mut pty);
    assert_ne!(pty.stty(), before, "raw mode is on");
    pty.send_keys(" ");
    pty.wait_for("some tokens", |screen| generated(screen) > Some(10));
    (pty, before)
}

/// Waits for the end: the status, the terminal given back, and nothing left of what was drawn.
fn assert_ends(mut pty: Pty, before: &str, expected: u32) {
    let status = pty.wait_exit();
    assert_eq!((status.signal(), status.exit_code()), (None, expected), "{}", pty.screen_text());
    assert_given_back(&pty, before);
    controls(&pty.raw());
    assert!(!pty.screen_text().contains("logitscope"), "what was drawn is gone:\n{}", pty.screen_text());
}

#[test]
fn keys_that_end_it_in_the_midst_of_playing() {
    for key in ["q", CTRL_C] {
        let (mut pty, before) = playing();
        pty.send_keys(key);
        assert_ends(pty, &before, 0);
    }
}

#[test]
fn signals_that_end_it_in_the_midst_of_playing() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2)] {
        let (pty, before) = playing();
        pty.signal(signal);
        assert_ends(pty, &before, 128 + number);
    }
}

#[test]
fn it_can_be_ended_from_anything_that_lies_over_the_screen() {
    for (keys, sign) in [
        ("?", "Keys of the Step screen"),
        ("e", "Once upon a time "),
        ("m/", "esc whole list"),
        ("/x", "/ x"),
    ] {
        let mut pty = start(&[]);
        pty.send_keys(keys);
        pty.wait_for_text(sign);
        pty.send_keys(CTRL_C);
        assert_eq!(pty.wait_exit().exit_code(), 0, "{keys}");
    }
}

#[test]
fn suspended_and_continued_by_a_shell() {
    let mut pty = Pty::spawn(&["sh", "-i"], WIDE, &[("PS1", "shell> ")]);
    pty.wait_for_text("shell> ");
    let before = pty.stty();
    pty.send_keys(&format!("{LOGITSCOPE} --seed 42\n"));
    close_welcome(&mut pty);
    pty.send_keys(RIGHT);
    pty.wait_for("a token", |screen| generated(screen) == Some(1));
    let drawn = text(&pty.screen());
    pty.send_keys(CTRL_Z);
    pty.wait_for("the shell again", |screen| {
        !screen.alternate_screen() && screen.contents().contains("Stopped")
    });
    assert_given_back(&pty, &before);
    pty.send_keys("fg\n");
    pty.wait_for("the same screen", |screen| screen.alternate_screen() && text(screen) == drawn);
    pty.send_keys(RIGHT);
    pty.wait_for("one token more", |screen| generated(screen) == Some(2));
    pty.send_keys("q");
    pty.wait_for("the shell again", |screen| !screen.alternate_screen());
    pty.send_keys("echo status=$?; exit\n");
    pty.wait_exit();
    assert_given_back(&pty, &before);
    assert!(pty.screen_text().contains("status=0"), "{}", pty.screen_text());
}

#[test]
fn left_while_the_model_is_being_loaded() {
    for _ in 0..5 {
        let script = ["sh", "-c", "read go && exec \"$0\" \"$@\"", LOGITSCOPE];
        let mut pty = Pty::spawn(&script, WIDE, &[]);
        let before = pty.stty();
        pty.send_keys("\n");
        pty.wait_for("the screen", vt100::Screen::alternate_screen);
        pty.send_keys(CTRL_C);
        assert_ends(pty, &before, 0);
    }
}

#[test]
fn a_key_that_comes_together_with_a_new_size_is_heard() {
    let mut pty = start(&["--seed", "3"]);
    for step in 1..=20 {
        pty.resize(WIDE.0 - step % 2, WIDE.1);
        pty.send_keys(RIGHT);
        pty.wait_for("one token more", |screen| generated(screen) == Some(usize::from(step)));
    }
    pty.send_keys("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
}

#[test]
fn a_storm_of_sizes_leaves_no_trace() {
    let (mut pty, before) = playing();
    let mut number = 1_u32;
    let mut up_to = |most: u32| {
        // A linear congruential generator: the same sizes every time (Numerical Recipes' constants).
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u16::try_from((number >> 16) % most + 1).expect("a small number")
    };
    for _ in 0..60 {
        pty.resize(up_to(200), up_to(60));
    }
    pty.resize(1, 1);
    pty.resize(WIDE.0, WIDE.1);
    pty.wait_for("the whole screen, playing", |screen| {
        screen.contents().contains("▶ ") && panel(screen, "KV cache").is_some()
    });
    pty.send_keys(" ");
    pty.wait_for_text("paused");
    let count = generated(&pty.screen()).expect("tokens");
    pty.send_keys(RIGHT);
    pty.wait_for("one more", |screen| generated(screen) == Some(count + 1) && !candidates(screen).is_empty());
    pty.wait_for_text(&format!("{} of 16,384 cells", thousands(count + 6)));
    pty.wait_until_quiet();
    let seen = cells(&pty.screen());
    // Drawn anew from nothing it is the same, cell by cell.
    pty.resize(20, 5);
    pty.wait_for_text("needs");
    pty.resize(WIDE.0, WIDE.1);
    pty.wait_for("the same screen", |screen| cells(screen) == seen);
    let log = std::fs::read_to_string(pty.home().join(".local/state/logitscope/logitscope.log"));
    assert!(!log.expect("there is a log").contains("panicked"));
    pty.send_keys("q");
    assert_ends(pty, &before, 0);
}

/// Every cell as it looks: its character, colours and style.
fn cells(screen: &vt100::Screen) -> Vec<(String, vt100::Color, vt100::Color, [bool; 4])> {
    let (rows, columns) = screen.size();
    let places = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (y, x)));
    let cells = places.filter_map(|(y, x)| screen.cell(y, x));
    cells
        .map(|cell| {
            let style = [cell.bold(), cell.dim(), cell.underline(), cell.inverse()];
            (cell.contents().trim().to_owned(), cell.fgcolor(), cell.bgcolor(), style)
        })
        .collect()
}

fn thousands(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}

#[test]
fn too_small_a_screen_says_what_is_needed() {
    let mut pty = Pty::spawn(&[LOGITSCOPE], (20, 5), &[]);
    pty.wait_for_text("logitscope needs");
    pty.wait_for_text("20×5");
    pty.resize(1, 1);
    pty.wait_for("one cell", |screen| screen.contents() == "l");
    // It can be used and left all the same, and is there once there is room.
    pty.send_keys(ESCAPE);
    pty.resize(40, 12);
    pty.wait_for("the smallest screen", |screen| panel(screen, "Text").is_some());
    pty.resize(1, 200);
    pty.resize(200, 1);
    pty.wait_for_text("this is 200×1.");
    pty.send_keys("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    controls(&pty.raw());
}

#[test]
fn without_a_fit_terminal_it_says_what_works_in_one_plain_line() {
    for term in ["dumb", ""] {
        let mut pty = Pty::spawn(&[LOGITSCOPE], (80, 24), &[("TERM", term)]);
        assert_eq!(pty.wait_exit().exit_code(), 2);
        let written = String::from_utf8(pty.raw()).expect("plain text");
        assert!(written.contains("`logitscope run`") && written.contains("TERM"), "{written}");
        assert!(!written.contains('\x1b') && written.matches('\n').count() == 1, "{written:?}");
    }
    let ran = Program::new().run(&[] as &[&str]);
    assert!(ran.complaint(2).contains("not a terminal; to generate without a screen use `logitscope run`"));
}

#[test]
fn a_terminal_for_output_alone_is_not_enough() {
    let mut pty = Pty::spawn(&["sh", "-c", "exec \"$0\" < /dev/null", LOGITSCOPE], (80, 24), &[]);
    assert_eq!(pty.wait_exit().exit_code(), 2);
    let written = String::from_utf8(pty.raw()).expect("plain text");
    assert!(written.starts_with("logitscope: standard input is not a terminal"), "{written}");
    assert!(!written.contains('\x1b'));
}

/// What the colour parameters of all SGR sequences are: `4`, `38`, `97` and so on, without those of styles.
fn colours(raw: &[u8]) -> Vec<String> {
    let mut colours = Vec::new();
    for control in controls(raw).iter().filter(|control| control.action == 'm') {
        let mut parts = control.parameters.split(';');
        while let Some(part) = parts.next() {
            // 38 and 48: of 256, or of red, green and blue.
            let extended = matches!(part, "38" | "48" | "58");
            let kind = if extended { parts.next() } else { None };
            let skipped = match kind {
                Some("2") => 3,
                Some("5") => 1,
                _ => 0,
            };
            parts.by_ref().take(skipped).for_each(drop);
            let code: u16 = part.parse().unwrap_or(0);
            // 39, 49 and 59 say "no colour".
            if matches!(code, 30..=38 | 40..=48 | 58 | 90..=107) {
                colours.push(kind.map_or(part.to_owned(), |kind| format!("{part};{kind}")));
            }
        }
    }
    colours.sort();
    colours.dedup();
    colours
}

#[test]
fn colours_are_those_the_terminal_has() {
    let used = |environment: &[(&str, &str)]| {
        let mut pty = Pty::spawn(&[LOGITSCOPE], WIDE, environment);
        close_welcome(&mut pty);
        pty.send_keys(RIGHT);
        pty.wait_for("a token", |screen| generated(screen) == Some(1));
        // All themes, help, and a notice.
        for theme in ["light", "high-contrast", "monochrome", "dark"] {
            pty.send_keys("t");
            pty.wait_for_text(&format!("Theme: {theme}"));
        }
        pty.send_keys("?");
        pty.wait_for_text("Keys of the Step screen");
        pty.send_keys(CTRL_C);
        assert_eq!(pty.wait_exit().exit_code(), 0);
        colours(&pty.raw())
    };
    assert_eq!(used(&[("NO_COLOR", "1")]), [] as [&str; 0]);
    assert_eq!(used(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), [] as [&str; 0]);
    let indexed = used(&[]);
    assert!(indexed.contains(&"38;5".to_owned()) && !indexed.contains(&"38;2".to_owned()), "{indexed:?}");
    let full = used(&[("COLORTERM", "truecolor")]);
    assert!(full.contains(&"38;2".to_owned()), "{full:?}");
}

/// A model that is foreign text all over: its name, likely tokens, and the control tokens of its chat template.
fn evil_model() -> Vec<u8> {
    let mut model = storyteller();
    replace_string(&mut model, b"Storyteller 4.5M", b"\x1b]52;c;AAAA\x07Evil");
    // Byte-level vocabularies write byte 27 as U+011B and byte 7 as U+0107; control tokens are written as they are.
    for (old, new) in [("Ġthere", "ě]2;ć"), ("Ġlittle", "ě]0;Xć"), ("Ġwas", "ě[2J"), ("Ġlived", "ě[?12l")]
    {
        replace_string(&mut model, old.as_bytes(), new.as_bytes());
    }
    replace_string(&mut model, b"<|im_start|>", b"\x1b]52;c;AAAA\x07");
    model
}

#[test]
fn a_models_own_words_are_shown_and_never_sent() {
    let home = std::rc::Rc::new(tempfile::tempdir().expect("a temporary folder"));
    let name = format!("{}.gguf", ATTACK.replace('/', ""));
    std::fs::write(home.path().join(&name), evil_model()).expect("written");
    let args = [LOGITSCOPE, "-m", &name, "-p", "Once upon a time", "--temp", "0"];
    let mut pty = Pty::spawn_in(home, &args, WIDE, &[]);
    close_welcome(&mut pty);
    pty.wait_for_text("␛]52;c;AAA");
    pty.send_keys(&RIGHT.repeat(12));
    pty.wait_for("tokens", |screen| generated(screen) == Some(12));
    assert!(text(&pty.screen()).contains("␛]2;␇"), "{}", pty.screen_text());
    for keys in ["\x1bOR", END, "/\x1b[200~]2\x1b[201~", ENTER] {
        pty.send_keys(keys);
    }
    pty.wait_for("the search for it", |screen| candidates(screen).iter().any(|row| row.contains("␛]2;␇")));
    // The list of models has the file's name, the error window quotes it.
    pty.send_keys("m");
    pty.wait_for("the file's name", |screen| {
        panel(screen, "Models").is_some_and(|p| p.rows.concat().contains("␛]52;c;"))
    });
    std::fs::write(pty.home().join(&name), "no model any more, and far too short to be one")
        .expect("written");
    // The loaded one stands first.
    pty.send_keys(ENTER);
    pty.wait_for_text("could not be loaded");
    pty.send_keys(CTRL_C);
    assert_eq!(pty.wait_exit().exit_code(), 0);
    controls(&pty.raw());
}

#[test]
fn foreign_prompts_are_shown_and_never_sent() {
    let home = std::rc::Rc::new(tempfile::tempdir().expect("a temporary folder"));
    std::fs::write(home.path().join("evil.gguf"), evil_model()).expect("written");
    let args = [
        LOGITSCOPE,
        "-m",
        "evil.gguf",
        "--chat",
        "--no-escape",
        "-p",
        ATTACK,
        "--system",
        ATTACK,
        "--stop",
        ATTACK,
    ];
    let mut pty = Pty::spawn_in(home, &args, WIDE, &[]);
    close_welcome(&mut pty);
    pty.wait_for("the prompt", |screen| text(screen).contains("␛") && text(screen).contains("⟨U+202E⟩"));
    pty.send_keys("n");
    pty.wait_for("a token", |screen| generated(screen) == Some(1));
    // Pasted, into the editor, with what ends a paste taken out of it.
    pty.paste(&ATTACK.replace('\x1b', "\u{9b}"));
    pty.wait_for("the editor", |screen| panel(screen, "Prompt").is_some());
    pty.send_keys(ENTER);
    pty.wait_for("the pasted prompt", |screen| {
        panel(screen, "Prompt").is_none() && generated(screen).is_none_or(|n| n == 0)
    });
    // Remembered, and shown again from the history.
    pty.send_keys("e");
    pty.wait_for("the editor", |screen| panel(screen, "Prompt").is_some());
    pty.send_keys("\x10");
    pty.send_keys(CTRL_C);
    assert_eq!(pty.wait_exit().exit_code(), 0);
    controls(&pty.raw());
}

#[test]
fn text_written_to_a_terminal_is_made_harmless() {
    let home = std::rc::Rc::new(tempfile::tempdir().expect("a temporary folder"));
    std::fs::write(home.path().join("evil.gguf"), evil_model()).expect("written");
    let args = ["run", "-m", "evil.gguf", "-p", "Once upon a time", "--temp", "0", "-n", "24", "--special"];
    let mut pty = Pty::spawn_in(home, &[&[LOGITSCOPE], &args[..]].concat(), WIDE, &[]);
    assert_eq!(pty.wait_exit().exit_code(), 0);
    let written = controls(&pty.raw());
    assert!(written.is_empty(), "{written:?}");
    assert!(pty.screen_text().contains("␛]2;␇"), "{}", pty.screen_text());
}

#[test]
fn complaints_on_a_terminal_are_harmless_too() {
    for args in [
        &["--temp", ATTACK][..],
        &[ATTACK],
        &["--theme", ATTACK],
        &["--preset", ATTACK],
        &["--config", ATTACK],
        &["-f", ATTACK],
    ] {
        let mut pty = Pty::spawn(&[&[LOGITSCOPE], args].concat(), WIDE, &[]);
        assert_eq!(pty.wait_exit().exit_code(), 2, "{args:?}");
        let written = controls(&pty.raw());
        assert!(written.is_empty(), "{args:?}: {written:?}");
        assert!(!pty.screen_text().trim().is_empty());
    }
}

#[test]
fn standard_error_elsewhere_stays_empty() {
    let program = Program::new();
    let errors = program.home().join("errors");
    let script = "exec \"$0\" 2> errors";
    let mut pty = Pty::spawn(&["sh", "-c", script, LOGITSCOPE], WIDE, &[]);
    close_welcome(&mut pty);
    pty.send_keys(RIGHT);
    pty.wait_for("a token", |screen| generated(screen) == Some(1));
    pty.send_keys("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    let _ = errors;
    assert_eq!(std::fs::read(pty.home().join("errors")).expect("the shell made it"), b"");
}
