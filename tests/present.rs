//! Present in a terminal, on the built-in model.
#![cfg(unix)]

mod support;

use support::{
    pty::ENTER,
    screen::{quit, start},
};

#[test]
fn a_class_guesses_and_the_wheel_is_spun() {
    let mut pty = start(&["-p", "Once upon a", "--seed", "3"]);
    // F5
    pty.send_keys("\u{1b}[15~");
    pty.wait_for_text("everything else");
    pty.wait_for_text("Candidates for the next token");
    pty.send_keys(" ");
    pty.wait_for_text("The wheel turns");
    // It stops by itself, and the token is part of the text.
    pty.wait_for("the token", |screen| screen.contents().contains("Once upon a time"));
    pty.send_keys("a");
    pty.wait_for_text("The wheel does not turn.");
    pty.send_keys("g");
    pty.wait_for("nothing but names", |screen| {
        let shown = screen.contents();
        shown.contains("Your guess for the next token") && !shown.contains('%')
    });
    pty.send_keys("zebra");
    pty.send_keys(ENTER);
    pty.wait_for_text("Not this time");
    pty.wait_for_text("You: 0 of 1.");
    pty.send_keys(" ");
    pty.wait_for_text("Your guess for the next token");
    pty.send_keys("\u{1b}");
    pty.wait_for_text("everything else");
    pty.send_keys("v");
    pty.wait_for_text("temperature 2.00");
    quit(pty);
}
