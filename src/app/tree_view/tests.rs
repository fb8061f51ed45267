//! What a person does on the tree screen, on the scripted evaluator.

use super::*;
use crate::{
    app::{Effect, Message, Screen, fixture::Fixture},
    tree::Origin,
};

/// The tree after eight tokens of the step screen and twelve of three lanes.
fn fixture() -> Fixture {
    let mut f = Fixture::new();
    f.keys(&["n"; 8]);
    f.keys(&["3"]);
    f.keys(&["n"; 12]);
    f.keys(&["4"]);
    f
}

/// The text of tokens that end at a node, from a row's first.
fn text(f: &Fixture, row: usize) -> String {
    let session = f.state.desk.walk.session.as_ref().expect("a session");
    let nodes = &f.state.rooms.tree.rows()[row].nodes;
    let tokens = nodes.iter().filter_map(|&node| session.tree().node(node).token);
    tokens.map(|token| String::from_utf8_lossy(session.vocabulary().piece(token)).into_owned()).collect()
}

#[test]
fn what_lies_between_two_forks_is_one_row() {
    let f = fixture();
    let rows = f.state.rooms.tree.rows();
    assert_eq!(
        (text(&f, 0).as_str(), rows[0].depth, rows[0].origin),
        ("Once upon a time", 0, Origin::Prompt)
    );
    assert_eq!((text(&f, 1).as_str(), rows[1].depth, rows[1].children), (", there was a", 1, 2));
    let joint: f64 = 0.93 * 0.81 * 0.97 * 0.88;
    assert!((rows[1].joint.exp() - joint).abs() < 1e-6, "{}", rows[1].joint.exp());
    assert!((rows[1].own.expect("generated").exp() - 0.93).abs() < 1e-6);
    let nodes: usize = rows.iter().map(|row| row.nodes.len()).sum();
    assert_eq!(nodes + 1, f.state.rooms.tree.usage().nodes, "all of them, and the root");
}

#[test]
fn a_folded_row_hides_what_is_below_it() {
    let mut f = fixture();
    let all = f.state.rooms.tree.rows().len();
    f.keys(&["home", "down", "left"]);
    assert_eq!((f.state.rooms.tree.rows().len(), f.state.rooms.tree.selected()), (2, 1));
    assert!(f.state.rooms.tree.rows()[1].folded);
    // Folded already: up to the row above.
    f.keys(&["left"]);
    assert_eq!(f.state.rooms.tree.selected(), 0);
    f.keys(&["down", "right"]);
    assert_eq!(f.state.rooms.tree.rows().len(), all);
}

#[test]
fn enter_goes_on_from_a_node_that_a_lane_has_walked() {
    let mut f = fixture();
    let rows = f.state.rooms.tree.rows();
    let leaf = rows.iter().rposition(|row| row.children == 0 && !row.on_path).expect("a lane parted");
    let node = *rows[leaf].nodes.last().expect("a token");
    f.keys(&["home"]);
    f.keys(&vec!["down"; leaf]);
    f.keys(&["enter"]);
    assert_eq!(f.state.desk.screen, Screen::Step);
    let path = f.state.desk.walk.session.as_ref().expect("a session").path();
    assert_eq!(path.head(), Some(node));
    let (step, origin) = path.steps().last().expect("generated");
    assert_eq!(*origin, Origin::Sampled, "it stays as the lane drew it");
    assert!(step.u.is_some());
    let length = path.generated();
    f.keys(&["n"]);
    assert_eq!(f.state.desk.walk.session.as_ref().expect("a session").path().generated(), length + 1);
}

#[test]
fn growing_adds_the_likeliest_continuations() {
    let mut f = Fixture::new();
    f.keys(&["4", "x"]);
    let added: Vec<String> = (1..f.state.rooms.tree.rows().len()).map(|row| text(&f, row)).collect();
    assert_eq!(added.len(), 4);
    assert_eq!(added[..3], [",", " there", "."]);
    assert!(f.state.rooms.tree.rows()[1..].iter().all(|row| row.origin == Origin::Expanded));
    assert_eq!(f.state.desk.notice.as_deref(), Some("4 nodes were added."));
    let before = f.state.rooms.tree.usage().nodes;
    f.keys(&["home", "down", "X", "enter"]);
    assert!(f.state.rooms.tree.usage().nodes > before && !f.state.rooms.tree.grows());
    f.keys(&["o"]);
    assert_eq!(f.state.rooms.tree.order(), Order::Probability);
}

#[test]
fn what_is_in_use_is_not_pruned_and_the_rest_is() {
    let mut f = Fixture::new();
    f.keys(&["n", "4", "home", "x"]);
    let before = f.state.rooms.tree.usage().nodes;
    f.keys(&["home", "d"]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("This branch is in use")));
    f.keys(&["end", "d"]);
    assert_eq!(f.state.desk.notice.as_deref(), Some("1 node was pruned."));
    assert_eq!(f.state.rooms.tree.usage().nodes, before - 1);
}

#[test]
fn a_search_goes_to_a_match_that_was_folded_away_and_a_name_stays() {
    let mut f = fixture();
    f.keys(&["home", "left", "/"]);
    f.keys(&["w", "a", "s", "enter"]);
    assert!(f.state.rooms.tree.matches() > 0);
    let selected = f.state.rooms.tree.selected();
    assert!(selected > 0 && f.state.rooms.tree.is_match(&f.state.rooms.tree.rows()[selected]));
    f.keys(&["N", "h", "i", "enter"]);
    let tree = f.state.desk.walk.session.as_ref().expect("a session").tree();
    let names = tree.walk(tree.root(), Order::Made).filter_map(|(id, _)| tree.name(id));
    assert_eq!(names.collect::<Vec<_>>(), ["hi"]);
    f.keys(&["/", "z", "z", "enter"]);
    assert_eq!(f.state.desk.notice.as_deref(), Some("No path contains \"zz\"."));
}

/// The text up to the selected token, from the first of its row.
fn selected_text(f: &Fixture) -> String {
    let session = f.state.desk.walk.session.as_ref().expect("a session");
    let view = &f.state.rooms.tree;
    let row = &view.rows()[view.selected()];
    let node = view.selected_token().expect("a token is selected");
    let end = row.nodes.iter().position(|&other| other == node).expect("in its row") + 1;
    let tokens = row.nodes[..end].iter().filter_map(|&node| session.tree().node(node).token);
    tokens.map(|token| String::from_utf8_lossy(session.vocabulary().piece(token)).into_owned()).collect()
}

#[test]
fn a_token_within_a_row_is_selected_and_gone_on_from() {
    let mut f = fixture();
    f.keys(&["home", "down"]);
    assert_eq!((text(&f, 1).as_str(), f.state.rooms.tree.selected_token()), (", there was a", None));
    f.keys(&["shift-left"]);
    assert_eq!(selected_text(&f), ", there was");
    f.keys(&["H", "H", "H", "H"]);
    assert_eq!(selected_text(&f), ",", "the row's first");
    f.keys(&["L"]);
    assert_eq!(selected_text(&f), ", there");
    let view = &f.state.rooms.tree;
    assert_eq!(view.selected(), 1);
    f.keys(&["x"]);
    assert_eq!((text(&f, 1).as_str(), f.state.rooms.tree.rows()[1].children), (", there", 4), "grown there");
    f.keys(&["esc"]);
    assert_eq!(f.state.rooms.tree.selected_token(), None);
    f.keys(&["H", "enter"]);
    assert_eq!(f.state.desk.walk.session.as_ref().expect("a session").path().generated(), 1);
}

#[test]
fn a_token_within_a_row_is_pruned_without_what_comes_before_it() {
    let mut f = fixture();
    let rows = f.state.rooms.tree.rows();
    let last = rows.iter().rposition(|row| row.children == 0 && !row.on_path && row.nodes.len() > 2);
    let last = last.expect("a lane parted");
    let (before, length) = (f.state.rooms.tree.usage().nodes, rows[last].nodes.len());
    f.keys(&["home"]);
    f.keys(&vec!["down"; last]);
    f.keys(&["shift-left", "d"]);
    // The lane stands there.
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("This branch is in use")));
    f.keys(&["3", "R", "4", "home"]);
    f.keys(&vec!["down"; last]);
    f.keys(&["shift-left", "d"]);
    assert_eq!(f.state.desk.notice.as_deref(), Some("2 nodes were pruned."));
    assert_eq!(f.state.rooms.tree.usage().nodes, before - 2);
    assert_eq!(f.state.rooms.tree.rows()[last].nodes.len(), length - 2);
}

#[test]
fn a_search_selects_the_very_token() {
    let mut f = fixture();
    f.keys(&["home", "/", "w", "a", "s", "enter"]);
    assert_eq!((f.state.rooms.tree.selected(), selected_text(&f).as_str()), (1, ", there was"));
}

/// Adds so many nodes to each of the newest level, level by level, below the prompt's end.
fn grow(f: &mut Fixture, levels: &[u32]) {
    let session = f.state.desk.walk.session.as_mut().expect("a session");
    let mut newest = vec![session.path().head().expect("the prompt's end")];
    for &count in levels {
        let tree = session.tree_mut();
        let below = |node| (0..count).map(move |token| (node, crate::token::Token(100 + token)));
        newest = newest
            .into_iter()
            .flat_map(below)
            .map(|(node, token)| tree.child(node, token, Origin::Expanded).expect("there is room"))
            .collect();
    }
    f.state.desk.stale = true;
    f.state.prepare_frame();
}

#[test]
fn thousands_of_rows_are_all_listed() {
    let mut f = Fixture::new();
    f.keys(&["4"]);
    grow(&mut f, &[18, 18, 18]);
    let view = &f.state.rooms.tree;
    assert_eq!((view.rows().len(), view.has_more()), (1 + 18 + 324 + 5_832, false));
    f.keys(&["end"]);
    let view = &f.state.rooms.tree;
    assert_eq!(view.selected() + 1, view.rows().len());
}

#[test]
fn a_match_beyond_the_listed_rows_is_told_and_nothing_else_selected() {
    let mut f = Fixture::new();
    f.keys(&["4"]);
    grow(&mut f, &[41, 41, 40]);
    let session = f.state.desk.walk.session.as_mut().expect("a session");
    let (tree, vocabulary) = (session.tree_mut(), crate::token::Token(5));
    let head = f.state.rooms.tree.rows()[0].nodes.last().copied().expect("the prompt");
    let last = tree.children(head).last().expect("the last branch");
    tree.child(last, vocabulary, Origin::Expanded).expect("there is room");
    f.keys(&["end", "down"]);
    let told = f.state.desk.notice.clone().unwrap_or_default();
    assert!(
        f.state.rooms.tree.has_more() && told.starts_with("The tree has more rows than the 65536"),
        "{told}"
    );
    let before = f.state.rooms.tree.selected();
    let piece = {
        let session = f.state.desk.walk.session.as_ref().expect("a session");
        String::from_utf8_lossy(session.vocabulary().piece(vocabulary)).trim().to_owned()
    };
    f.keys(&["/"]);
    f.keys(
        &piece.chars().map(String::from).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>(),
    );
    f.keys(&["enter"]);
    let told = f.state.desk.notice.clone().unwrap_or_default();
    assert!(told.contains("The match is below these"), "{piece}: {told}");
    assert_eq!(f.state.rooms.tree.selected(), before);
    // With a branch folded it is among them.
    f.keys(&["home", "down", "left", "down", "left", "down", "left", "."]);
    let view = &f.state.rooms.tree;
    assert_eq!(view.selected() + 1, view.rows().len());
}

#[test]
fn the_tree_is_written_in_three_forms() {
    let mut f = fixture();
    let before = f.state.rooms.tree.usage().nodes;
    f.keys(&["w"]);
    assert!(f.other.iter().all(|effect| !matches!(effect, Effect::Export(..))), "it is asked for first");
    f.keys(&["enter"]);
    let Some(Effect::Export(_, export)) = f.other.last().cloned() else { panic!("{:?}", f.other) };
    // What comes after the key is not in them.
    f.keys(&["home", "x"]);
    let files = export.files();
    let endings: Vec<&str> = files.iter().map(|(ending, _)| *ending).collect();
    assert_eq!(endings, ["md", "dot", "json"]);
    assert!(files[0].1.contains("Once upon a time") && files[1].1.starts_with("digraph"));
    let tree = f.state.desk.walk.session.as_ref().expect("a session").tree();
    let known = tree.walk(tree.root(), Order::Made).filter(|(id, _)| tree.summary(*id).is_some()).count();
    let entropies = files[2].1.matches("\"entropy_bits\":").count();
    assert_eq!(entropies - files[2].1.matches("\"entropy_bits\":null").count(), known);
    assert_eq!(entropies, before, "without the four that came later");
    f.send(Message::Exported(Ok("logitscope-tree.md".into())));
    assert_eq!(f.state.desk.notice.as_deref(), Some("Saved: logitscope-tree.md"));
}

#[test]
fn the_tree_is_written_once_at_a_time() {
    let mut f = fixture();
    let copies = |f: &Fixture| f.other.iter().filter(|effect| matches!(effect, Effect::Export(..))).count();
    f.keys(&["w", "enter", "w"]);
    assert_eq!(copies(&f), 1);
    assert_eq!(f.state.desk.notice.as_deref(), Some("The tree is still being saved."));
    // Also from the next tree, as long as nothing is told of the first.
    f.keys(&["e", "backspace", "enter", "w"]);
    assert_eq!(copies(&f), 1);
    f.send(Message::Exported(Ok("logitscope-tree.md".into())));
    f.keys(&["w", "enter"]);
    assert_eq!(copies(&f), 2);
    // What has failed can be tried again.
    f.send(Message::Exported(Err("the disk is full".into())));
    assert!(matches!(f.state.desk.overlays.last(), Some(crate::app::Overlay::Error { .. })));
    f.keys(&["esc", "w", "enter"]);
    assert_eq!(copies(&f), 3);
}

#[test]
fn name_and_formats_are_asked_for_and_remembered() {
    let mut f = fixture();
    f.keys(&["w", "m", "y", "down", "space", "down", "down", "enter"]);
    let Some(Effect::Export(name, export)) = f.other.last().cloned() else { panic!("{:?}", f.other) };
    let extensions = |export: &crate::app::TreeExport| -> Vec<&'static str> {
        export.files().into_iter().map(|(extension, _)| extension).collect()
    };
    assert_eq!((name.as_str(), extensions(&export)), ("my", vec!["dot", "json"]));
    f.send(Message::Exported(Ok("my.dot, my.json in /here".into())));
    assert_eq!(f.state.desk.notice.as_deref(), Some("Saved: my.dot, my.json in /here"));
    f.keys(&["w", "enter"]);
    let Some(Effect::Export(name, export)) = f.other.last().cloned() else { panic!("{:?}", f.other) };
    assert_eq!((name.as_str(), extensions(&export)), ("my", vec!["dot", "json"]));
    f.send(Message::Exported(Ok("my.dot".into())));
    // Nothing is written without a name or a format, or after esc.
    let before = f.other.len();
    f.keys(&["w", "ctrl-u", "enter"]);
    assert_eq!(f.state.desk.notice.as_deref(), Some("Enter a name and choose at least one format."));
    f.keys(&["x", "down", "down", "space", "down", "space", "enter", "esc"]);
    assert!(f.state.desk.overlays.is_empty() && f.other.len() == before, "{:?}", f.other);
}

#[test]
fn without_a_prompt_there_is_nothing_to_do() {
    let (mut f, _) = Fixture::loading(|_| {});
    f.keys(&["4", "x", "X", "d", "o", "w", "enter", "left", "right", "end", "."]);
    assert!(f.state.rooms.tree.rows().is_empty());
}
