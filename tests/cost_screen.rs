//! The cost screen in a terminal, on the built-in model.
#![cfg(unix)]

mod support;

use support::{
    pty::{DOWN, RIGHT},
    screen::{generated, panel, quit, start, wait_for_panel},
};

#[test]
fn what_a_token_costs_is_measured_beside_the_text() {
    let mut pty = start(&["-p", "Once upon a time", "--seed", "3"]);
    pty.send_keys(RIGHT);
    pty.wait_for("a token", |screen| generated(screen) == Some(1));
    pty.send_keys("9");
    wait_for_panel(&pty, "KV cache on and off", "Not measured yet");
    wait_for_panel(&pty, "Vocabulary", "256 × 4,096");
    wait_for_panel(&pty, "Memory", "2,560 B");
    pty.send_keys(" ");
    pty.wait_for("measuring", |screen| {
        screen.contents().lines().next().is_some_and(|head| head.contains('⋯'))
    });
    // Stopped and gone on.
    pty.send_keys("\x1b");
    pty.wait_for_text("Stopped: what was measured until now stays");
    pty.send_keys(" ");
    wait_for_panel(&pty, "Prefill and decode", "tokens a second, by rows in a pass");
    // It goes on behind the step screen, where a token more can be generated.
    pty.send_keys("1");
    pty.send_keys(RIGHT);
    pty.wait_for("another token", |screen| generated(screen) == Some(2));
    pty.send_keys("9");
    pty.wait_for_text("✓ measured");
    wait_for_panel(&pty, "KV cache on and off", "rows = P + N − 1");
    wait_for_panel(&pty, "Cache types", "q8_0");
    wait_for_panel(&pty, "One token", "drawing");
    let first = panel(&pty.screen(), "KV cache on and off").map(|panel| panel.rows);
    pty.send_keys(DOWN);
    pty.wait_for("another part of the panel", |screen| {
        panel(screen, "KV cache on and off").map(|panel| panel.rows) != first
    });
    pty.resize(80, 24);
    pty.wait_for_text("1 of 6");
    pty.send_keys("\t");
    wait_for_panel(&pty, "Prefill and decode", "2 of 6");
    quit(pty);
}
