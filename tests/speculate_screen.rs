//! The speculate screen in a terminal, on the two built-in models.
#![cfg(unix)]

mod support;

use support::{
    pty::{LEFT, RIGHT},
    screen::{quit, start, wait_for_panel},
};

#[test]
fn rounds_are_stepped_played_and_measured() {
    let mut pty = start(&["-p", "Once upon a time", "--seed", "1", "-n", "24", "--speed", "0"]);
    pty.send_keys("8");
    wait_for_panel(&pty, "Rounds", "Each round drafts up to 3 tokens (draft model)");
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Round 1 of 1", "draft model · match");
    wait_for_panel(&pty, "Drafted text", "1 token in 1 round");
    pty.send_keys(".");
    wait_for_panel(&pty, "Round 1 of 1", "✓ accepted");
    pty.send_keys(".");
    wait_for_panel(&pty, "Round 2 of 2", "rows verified in");
    pty.send_keys(LEFT);
    pty.send_keys(" ");
    wait_for_panel(&pty, "Drafted text", "24 tokens in");
    wait_for_panel(&pty, "Drafted text", "the same 24 tokens as plain decoding");
    wait_for_panel(&pty, "Gains", "× plain");
    // The other rule starts over and says another text.
    pty.send_keys("v");
    pty.wait_for_text("Drafts are verified by the probabilistic rule");
    pty.send_keys(" ");
    wait_for_panel(&pty, "Drafted text", "another text than plain decoding's");
    pty.send_keys("b");
    wait_for_panel(&pty, "256 seeds", "256 seeds · probabilistic");
    quit(pty);
}

#[test]
fn drafts_are_copied_from_a_text_that_repeats() {
    let prompt = "one two three four five six. one two three four five six. one two three";
    let mut pty =
        start(&["-p", prompt, "--temp", "0", "-n", "24", "--speed", "0", "--spec-type", "ngram-simple"]);
    pty.send_keys("8");
    wait_for_panel(&pty, "Rounds", "(lookup)");
    pty.send_keys(".");
    wait_for_panel(&pty, "Round 1 of 1", "copied from token");
    quit(pty);
}
