//! The beam screen in a terminal, on the built-in model.
#![cfg(unix)]

mod support;

use support::{
    pty::{DOWN, ENTER, LEFT, RIGHT},
    screen::{panel, quit, shows, start, wait_for_panel},
};

/// A prompt after which greedy decoding and beam search soon part.
const OPEN: &str = "One day, a little";

/// The rows of a panel below its head.
fn rows(screen: &vt100::Screen, title: &str) -> Vec<String> {
    let rows = panel(screen, title).map(|panel| panel.rows).unwrap_or_default();
    rows.into_iter().skip(1).filter(|row| !row.is_empty()).collect()
}

/// ln P of a text beside others, from its row.
fn log_probability(screen: &vt100::Screen, name: &str) -> Option<f64> {
    let row = rows(screen, "Best text and others").into_iter().find(|row| row.starts_with(name))?;
    let mut figures = row.split_whitespace().rev().skip(1);
    figures.next()?.replace('−', "-").parse().ok()
}

#[test]
fn beams_are_stepped_played_to_their_end_and_gone_to() {
    let mut pty = start(&["-p", OPEN, "--seed", "3", "-n", "120", "--speed", "0"]);
    pty.send_keys("6");
    wait_for_panel(&pty, "Beams", "before the first round");
    wait_for_panel(&pty, "Beams", "width 4 · 8 candidates each");
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Round 1", "8 candidates: 4 kept, 0 finished, 4 pruned");
    assert_eq!(rows(&pty.screen(), "Beams").len(), 4);
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Round 2", "32 candidates: 4 kept");
    // The survivors have the numbers of the beams.
    for beam in 1..=4 {
        wait_for_panel(&pty, "Round 2", &format!("━━▶ {beam}"));
    }
    let beams = rows(&pty.screen(), "Beams");
    // Back and forth meets the same beams.
    pty.send_keys(LEFT);
    wait_for_panel(&pty, "Beams", "after round 1");
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Beams", "after round 2");
    assert_eq!(rows(&pty.screen(), "Beams"), beams);
    // With one beam less the same rounds are done again.
    pty.send_keys("[");
    pty.wait_for_text("3 beams, 6 candidates each: the search started over");
    wait_for_panel(&pty, "Beams", "after round 2");
    pty.wait_for("three beams", |screen| rows(screen, "Beams").len() == 3);
    pty.send_keys(" ");
    pty.wait_for("the end of the search", |screen| {
        shows(screen, "Beams", "over after round") && screen.contents().contains("■ stopped")
    });
    wait_for_panel(&pty, "Finished", "3 of 3");
    wait_for_panel(&pty, "Best text and others", "greedy took `");
    let screen = pty.screen();
    let [best, greedy, sample] =
        ["best", "greedy", "sample"].map(|name| log_probability(&screen, name).expect("its row"));
    assert!(best > greedy && best > sample, "{best} {greedy} {sample}");
    // A finished beam is gone on from on the step screen.
    pty.send_keys("\t\t");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Stop conditions", "■ stopped: token limit");
    quit(pty);
}

#[test]
fn a_small_screen_shows_the_beams_and_one_part_more() {
    let mut pty = start(&["-p", OPEN, "--seed", "3", "-n", "8", "--speed", "0"]);
    pty.resize(80, 24);
    pty.send_keys("6");
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Beams", "after round 1");
    wait_for_panel(&pty, "Round 1", "8 candidates");
    pty.send_keys("ww");
    pty.wait_for("the finished", |screen| panel(screen, "Finished").is_some());
    pty.send_keys("w");
    wait_for_panel(&pty, "Best text and others", "greedy");
    pty.resize(40, 12);
    pty.wait_for("one part", |screen| panel(screen, "Beams").is_none());
    quit(pty);
}
