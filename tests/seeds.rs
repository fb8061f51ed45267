//! The seeds screen in a terminal, on the built-in model: what a user does and then sees.
#![cfg(unix)]

mod support;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use support::{
    program::Program,
    pty::{DOWN, ENTER, ESCAPE, F4, Pty},
    screen::{Panel, candidates, generated, panel, quit, start, wait_for_panel},
};

/// After it many tokens are about as likely.
const OPEN: &str = "One day, a little";

fn rows(pty: &Pty, title: &str) -> Vec<String> {
    let Panel { rows, .. } = panel(&pty.screen(), title).expect("the panel is there");
    // Below the head.
    rows.into_iter().skip(1).filter(|row| !row.is_empty()).collect()
}

/// The numbers of a row of the forest, from the right: raw, ±, share, p, seeds.
fn numbers(row: &str) -> Vec<f64> {
    let words = row.split_whitespace().rev();
    let numbers = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    numbers.take(5).filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn many_seeds_part_and_their_shares_stand_beside_the_probabilities() {
    let mut pty = start(&["-p", OPEN, "--seed", "3"]);
    pty.send_keys("5");
    wait_for_panel(&pty, "Seeds", "32 seeds, starting at 3");
    pty.send_keys("n");
    wait_for_panel(&pty, "Critical tokens", "token 1, 32 seeds");
    let all = rows(&pty, "Seeds");
    assert!(all[0].contains("little") && all[0].ends_with("32"), "{all:?}");
    let all: Vec<Vec<f64>> = all[1..].iter().map(|row| numbers(row)).collect();
    let sum = |column: usize| all.iter().map(|row| row[column]).sum::<f64>();
    assert!(all.len() > 2 && all.iter().all(|row| row.len() == 5), "{all:?}");
    assert!((sum(4) - 32.0).abs() < 1e-9, "all 32 went somewhere: {all:?}");
    // Three decimals of each are shown.
    assert!((sum(2) - 1.0).abs() < 0.001 * all.len() as f64, "shares add up to 1: {all:?}");
    assert!(sum(3) < 1.0 + 0.001 * all.len() as f64, "no more than all of the probability: {all:?}");
    for row in &all {
        let [raw, deviation, share, p, seeds] = row[..] else { panic!("{row:?}") };
        assert!((share - seeds / 32.0).abs() < 0.001 && (0.0..=1.0).contains(&raw), "{row:?}");
        assert!((deviation - (p * (1.0 - p) / 32.0).sqrt()).abs() < 0.002, "{row:?}");
    }
    quit(pty);
}

#[test]
fn seeds_play_to_their_ends_and_one_of_them_can_be_gone_to() {
    let mut pty = start(&["-p", OPEN, "--seed", "3", "-n", "12"]);
    pty.send_keys("5x");
    wait_for_panel(&pty, "Seeds", "16 seeds, starting at 3");
    // One token a frame.
    pty.send_keys("+++ ");
    wait_for_panel(&pty, "Endings", "16 of 16 seeds finished");
    pty.wait_for_text("■ stopped");
    // Below the rule stands the selected text whole.
    let mut endings = rows(&pty, "Endings");
    endings.truncate(endings.iter().position(|row| row.starts_with('─')).unwrap_or(endings.len()));
    let seeds = endings.iter().filter_map(|row| row.split_whitespace().next()?.parse::<usize>().ok());
    assert!(endings.len() > 1 && seeds.sum::<usize>() <= 16, "{endings:?}");
    assert!(
        endings.iter().all(|row| row.contains("token limit") || row.contains("end token")),
        "{endings:?}"
    );
    pty.send_keys("w");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    pty.wait_for("its text on the step screen", |screen| generated(screen) == Some(12));
    quit(pty);
}

/// A token's id, and the final probability it was drawn with.
type Drawn = (u64, Option<f64>);

/// Every path from the root of a tree to an end.
fn paths(tree: &Value) -> Vec<Vec<Drawn>> {
    let nodes = tree["nodes"].as_array().expect("a list");
    let id = |node: &Value| node["id"].as_u64().expect("an id");
    let by_id: HashMap<u64, &Value> = nodes.iter().map(|node| (id(node), node)).collect();
    let parents: HashSet<u64> = nodes.iter().filter_map(|node| node["parent"].as_u64()).collect();
    let path = |end: &Value| {
        let mut path = Vec::new();
        let mut at = Some(id(end));
        while let Some(node) = at.map(|id| by_id[&id]) {
            // The root has none.
            path.extend(node["token"].as_u64().map(|token| (token, node["p_final"].as_f64())));
            at = node["parent"].as_u64();
        }
        path.reverse();
        path
    };
    nodes.iter().filter(|node| !parents.contains(&id(node))).map(path).collect()
}

#[test]
fn each_seed_writes_what_a_run_of_it_alone_writes() {
    let mut pty = start(&["-p", OPEN, "--seed", "3", "-n", "48", "--speed", "0"]);
    pty.send_keys("5");
    wait_for_panel(&pty, "Seeds", "32 seeds, starting at 3");
    pty.send_keys(" ");
    wait_for_panel(&pty, "Endings", "32 of 32 seeds finished");
    pty.send_keys("4w");
    pty.wait_for_text("logitscope-tree");
    pty.send_keys(ENTER);
    pty.wait_for_text("Saved: ");
    let tree = std::fs::read(pty.home().join("logitscope-tree.json")).expect("it was written");
    let mut walked = paths(&serde_json::from_slice(&tree).expect("JSON"));
    quit(pty);
    let program = Program::new();
    let run = |seed: u32| {
        let ran = program.run(&["run", "--json", "-p", OPEN, "-n", "48", "--seed", &seed.to_string()]);
        let lines = ran.text().lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let prompt = |token: &Value| (token.as_u64().expect("an id"), None);
        let tokens = |line: Value| match line["type"].as_str() {
            Some("start") => line["prompt_tokens"].as_array().expect("a list").iter().map(prompt).collect(),
            Some("token") => vec![(line["id"].as_u64().expect("an id"), line["p_final"].as_f64())],
            _ => Vec::new(),
        };
        lines.flat_map(tokens).collect()
    };
    let mut alone: Vec<Vec<Drawn>> = (3..35).map(run).collect();
    for paths in [&mut walked, &mut alone] {
        paths.sort_unstable_by_key(|path| path.iter().map(|&(token, _)| token).collect::<Vec<_>>());
    }
    // To the last bit of each probability.
    assert_eq!(walked, alone);
}

#[test]
fn a_turned_slider_has_the_shares_follow() {
    let mut pty = start(&["-p", OPEN, "--seed", "3"]);
    pty.send_keys("5nnn");
    wait_for_panel(&pty, "Critical tokens", "token 1, 32 seeds");
    pty.send_keys(F4);
    pty.send_keys("HHHH");
    pty.wait_for_text("All seeds started over");
    wait_for_panel(&pty, "Endings", "1 text · 0 of 32 seeds finished");
    wait_for_panel(&pty, "Critical tokens", "All seeds have the same text so far.");
    pty.send_keys("LLLL");
    wait_for_panel(&pty, "Critical tokens", "token 1, 32 seeds");
    pty.send_keys(ESCAPE);
    pty.wait_for("the forest in focus", |screen| screen.contents().contains("a more seeds"));
    // Small, and back on the step screen.
    pty.resize(40, 12);
    pty.wait_for("one panel", |screen| {
        panel(screen, "Seeds").is_some() && panel(screen, "Endings").is_none()
    });
    pty.resize(120, 36);
    pty.send_keys("1");
    pty.wait_for("the step screen", |screen| !candidates(screen).is_empty());
    quit(pty);
}
