//! The tree screen in a terminal on the built-in model: branches made, looked at, grown, named, pruned, written down
//! and gone on from; and a lane with a prompt of its own beside it.
#![cfg(unix)]

mod support;

use support::{
    pty::{DOWN, END, ENTER, HOME, LEFT, Pty, RIGHT},
    screen::{candidates, generated, panel, quit, shows, start, text},
};

/// After it many tokens are about as likely.
const OPEN: &str = "One day, a little";

/// The rows of the tree below their head: their text without the columns, folded or not.
fn rows(screen: &vt100::Screen) -> Vec<String> {
    let rows = panel(screen, "Tree").map(|panel| panel.rows).unwrap_or_default();
    rows.into_iter().skip(1).filter(|row| !row.is_empty()).collect()
}

/// The text of a row, behind the sign that tells whether there is more below it.
fn words(row: &str) -> &str {
    let text = row.trim_start_matches(['▾', '▸', '·', ' ']);
    text.split("  ").next().unwrap_or_default()
}

/// Waits for these rows: those of the first frame that has them.
fn wait_for_rows(pty: &Pty, what: &str, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    let mut shown = Vec::new();
    pty.wait_for(what, |screen| {
        shown = rows(screen);
        wanted(&shown)
    });
    shown
}

/// Two branches of three tokens each behind the prompt, the second begun by hand; the tree screen, and its rows.
fn branched() -> (Pty, Vec<String>) {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    pty.send_keys(&RIGHT.repeat(3));
    pty.wait_for("three tokens", |screen| generated(screen) == Some(3));
    pty.send_keys("R");
    pty.wait_for("the prompt", |screen| {
        text(screen).ends_with("a␣little▏") && !candidates(screen).is_empty()
    });
    // Some way that the draw has not gone.
    pty.send_keys(&DOWN.repeat(3));
    pty.send_keys(ENTER);
    pty.wait_for("a token by hand", |screen| text(screen).contains('✎'));
    pty.send_keys(&RIGHT.repeat(2));
    pty.wait_for("three tokens", |screen| generated(screen) == Some(3));
    pty.send_keys("4");
    let rows = wait_for_rows(&pty, "prompt and two branches", |rows| {
        rows.len() == 3 && rows[1].ends_with("sampled") && rows[2].ends_with("✎ by hand")
    });
    (pty, rows)
}

#[test]
fn branches_are_folded_and_gone_on_from() {
    let (mut pty, all) = branched();
    assert_eq!(words(&all[0]), "<|endoftext|>One␣day,␣a␣little");
    assert_eq!(words(&all[1]).matches('␣').count(), 3, "{all:?}");
    pty.send_keys(HOME);
    pty.send_keys(LEFT);
    let folded = wait_for_rows(&pty, "one folded row", |rows| rows.len() == 1);
    assert!(folded[0].starts_with('▸'), "{folded:?}");
    pty.send_keys(RIGHT);
    wait_for_rows(&pty, "all rows", |rows| *rows == all[..]);
    // The branch that was left: its end becomes the end of the path, and a step goes on from there.
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    let left = words(&all[1]).to_owned();
    pty.wait_for("the first branch", |screen| text(screen).ends_with(&format!("little{left}▏")));
    pty.send_keys(RIGHT);
    pty.wait_for("a fourth token", |screen| generated(screen) == Some(4));
    pty.send_keys("4");
    wait_for_rows(&pty, "a longer branch", |rows| rows.len() == 3 && words(&rows[1]).len() > left.len());
    quit(pty);
}

#[test]
fn the_tree_is_grown_searched_named_pruned_and_written_down() {
    let (mut pty, _) = branched();
    pty.send_keys(HOME);
    // As broad as was chosen: the four likeliest, of which the two branches may be some.
    pty.send_keys("x");
    pty.wait_for_text("nodes were added");
    let broad = wait_for_rows(&pty, "four continuations and more", |rows| (5..=7).contains(&rows.len()));
    assert!(broad.iter().any(|row| row.ends_with("expanded")), "{broad:?}");
    // The last row, two of each and two far.
    pty.send_keys(END);
    pty.send_keys("X");
    pty.wait_for("what it comes to", |screen| {
        shows(screen, "Grow the tree", "At most 84 nodes, 21 evaluations")
    });
    pty.send_keys(&LEFT.repeat(2));
    pty.send_keys(DOWN);
    pty.send_keys(LEFT);
    pty.wait_for("what it comes to", |screen| {
        shows(screen, "Grow the tree", "At most 6 nodes, 3 evaluations")
    });
    pty.send_keys(ENTER);
    pty.wait_for_text("6 nodes were added.");
    let grown = wait_for_rows(&pty, "six more rows", |rows| rows.len() == broad.len() + 6);

    let wanted = words(&grown[1]).chars().skip(1).take_while(|c| c.is_alphabetic()).collect::<String>();
    pty.send_keys("/");
    pty.send_keys(&format!("{wanted}\r"));
    pty.wait_for_text(" match");
    pty.send_keys("N");
    pty.send_keys("here\r");
    let named = wait_for_rows(&pty, "a name", |rows| rows.iter().any(|row| row.contains("[here]")));
    assert!(words(named.iter().find(|row| row.contains("[here]")).expect("a row")).contains(&wanted));

    pty.send_keys(END);
    pty.send_keys("d");
    pty.wait_for_text("pruned.");
    pty.send_keys(HOME);
    pty.send_keys("d");
    pty.wait_for_text("This branch is in use");

    pty.send_keys("w");
    pty.wait_for_text("logitscope-tree");
    pty.send_keys(ENTER);
    pty.wait_for_text("Saved: logitscope-tree.md, logitscope-tree.dot, logitscope-tree.json");
    let file = |ending: &str| {
        let path = pty.home().join(format!("logitscope-tree.{ending}"));
        std::fs::read_to_string(path).expect("it was written")
    };
    let json: serde_json::Value = serde_json::from_str(&file("json")).expect("JSON");
    let nodes = json["nodes"].as_array().expect("a list");
    let name = nodes.iter().find(|node| node["name"] == "here").expect("the name");
    assert!(name["text"].as_str().is_some_and(|text| text.contains(&wanted)), "{name}");
    let origins = |origin: &str| nodes.iter().filter(|node| node["origin"] == origin).count();
    assert_eq!(origins("hand"), 1);
    assert!(origins("expanded") >= 6 && origins("sampled") >= 3);
    assert!(file("dot").starts_with("digraph tree {") && file("dot").ends_with("}\n"));
    assert!(file("md").contains("**here**"));
    quit(pty);
}

#[test]
fn a_lane_with_a_prompt_of_its_own_is_a_branch_of_the_tree_from_its_root() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    pty.send_keys("3");
    pty.wait_for("three lanes", |screen| panel(screen, "2 llama.cpp").is_some());
    pty.send_keys("\t");
    pty.send_keys("O");
    pty.wait_for("the editor", |screen| shows(screen, "Prompt of lane 2 only", OPEN));
    pty.send_keys("\x01\x0bThe cat sat on the");
    pty.wait_for("the text", |screen| shows(screen, "Prompt of lane 2 only", "The cat sat on the"));
    pty.send_keys(ENTER);
    pty.wait_for("its prompt", |screen| shows(screen, "2 llama.cpp ¶", "prompt “The cat sat on the”"));
    pty.send_keys(&RIGHT.repeat(4));
    for lane in ["1 greedy", "2 llama.cpp ¶", "3"] {
        pty.wait_for("four tokens", |screen| {
            let rows = panel(screen, lane).map(|panel| panel.rows).unwrap_or_default();
            rows.iter().any(|row| row.starts_with("tokens") && row.split_whitespace().nth(1) == Some("4"))
        });
    }
    pty.wait_for("nothing to part in", |screen| {
        shows(screen, "2 llama.cpp ¶", "different prompt from lane 1")
    });
    pty.wait_for("nothing to compare", |screen| shows(screen, "Lane 2", "lane 1 has another prompt"));
    pty.send_keys("4");
    let third = "The␣cat␣sat␣on␣the";
    let rows = wait_for_rows(&pty, "both prompts", |rows| rows.iter().any(|row| words(row) == third));
    let prompts: Vec<&str> =
        rows.iter().filter(|row| row.ends_with("prompt")).map(|row| words(row)).collect();
    assert_eq!(prompts, ["<|endoftext|>", "One␣day,␣a␣little", third]);
    quit(pty);
}
