use std::time::Duration;

use super::*;

fn evaluation(value: f32) -> Evaluation {
    let logits: Arc<[f32]> = vec![value; 100].into();
    Evaluation {
        summary: Summary::of(&logits, Tree::KEPT_TOP + 25),
        logits: Some(logits),
        time: Duration::ZERO,
    }
}

#[test]
fn the_same_token_gives_the_same_child() {
    let mut tree = Tree::new(0);
    let a = tree.child(tree.root(), Token(1), Origin::Prompt).unwrap();
    let b = tree.child(tree.root(), Token(2), Origin::Prompt).unwrap();
    let c = tree.child(tree.root(), Token(3), Origin::Prompt).unwrap();
    assert_eq!(tree.child(tree.root(), Token(2), Origin::Sampled).unwrap(), b);
    assert_eq!(tree.children(tree.root()).collect::<Vec<_>>(), [a, b, c]);
}

#[test]
fn logits_least_recently_used_are_dropped_but_their_summary_stays() {
    // 100 logits of 4 bytes and 25 candidates of 8.
    let mut tree = Tree::new(2 * 600);
    let ids: Vec<NodeId> =
        (0..3).map(|t| tree.child(tree.root(), Token(t), Origin::Prompt).unwrap()).collect();
    tree.store(ids[0], evaluation(0.0));
    tree.store(ids[1], evaluation(1.0));
    assert!(tree.logits(ids[0]).is_some());
    tree.store(ids[2], evaluation(2.0));
    assert!(tree.logits(ids[1]).is_none());
    assert!(tree.logits(ids[0]).is_some() && tree.logits(ids[2]).is_some());
    assert_eq!(tree.logits_bytes(), 1200);
    let kept = &tree.node(ids[1]).evaluation.as_ref().unwrap().summary;
    assert_eq!((kept.top.len(), kept.n_vocab), (Tree::KEPT_TOP, 100));
}

#[test]
fn the_newest_logits_stay_whatever_the_budget() {
    let mut tree = Tree::new(0);
    let a = tree.child(tree.root(), Token(1), Origin::Prompt).unwrap();
    tree.store(a, evaluation(0.0));
    assert!(tree.logits(a).is_some());
}

/// The bytes of single-letter tokens, by their id.
fn letter(token: Token) -> &'static [u8] {
    const PIECES: [&[u8]; 8] = [b"a", b"b", b" c", b"\"", b"\\", b"\n", b"\xF0\x9F", b"*<"];
    PIECES[token.index()]
}

fn grow(tree: &mut Tree, parent: NodeId, token: u32, p: f64) -> NodeId {
    let id = tree.child(parent, Token(token), Origin::Sampled).unwrap();
    tree.set_log_probability(id, p.ln());
    id
}

/// a → (b 0.5 → c 0.5, c 0.25), with `a` as the prompt.
fn small() -> (Tree, [NodeId; 4]) {
    let mut tree = Tree::new(10_000);
    let a = tree.child(tree.root(), Token(0), Origin::Prompt).unwrap();
    let b = grow(&mut tree, a, 1, 0.5);
    let bc = grow(&mut tree, b, 2, 0.5);
    let c = grow(&mut tree, a, 2, 0.25);
    (tree, [a, b, bc, c])
}

#[test]
fn joint_log_probability_takes_the_prompt_as_given() {
    let (tree, [a, b, bc, c]) = small();
    let close = |id, p: f64| assert!((tree.log_probability(id) - p.ln()).abs() < 1e-12);
    close(a, 1.0);
    close(b, 0.5);
    close(bc, 0.25);
    close(c, 0.25);
}

#[test]
fn a_full_tree_says_so_and_still_finds_what_is_there() {
    let (mut tree, [a, b, ..]) = small();
    tree.set_limit(5);
    assert_eq!((tree.len(), tree.room()), (5, 0));
    assert_eq!(tree.child(a, Token(1), Origin::Hand), Ok(b));
    let error = tree.child(a, Token(3), Origin::Hand).unwrap_err();
    assert!(error.to_string().starts_with("the tree has reached its limit of 5 nodes"), "{error}");
}

#[test]
fn pruning_takes_a_subtree_and_leaves_the_other_ids_alone() {
    let (mut tree, [a, b, bc, c]) = small();
    tree.store(b, evaluation(0.0));
    tree.store(c, evaluation(1.0));
    tree.set_name(bc, "deep");
    assert_eq!(tree.prune(tree.root(), &[]), Err(PruneError::Root));
    assert_eq!(tree.prune(a, &[bc]), Err(PruneError::InUse));
    assert_eq!(tree.prune(b, &[c, a]), Ok(2));
    assert_eq!(tree.prune(b, &[]), Err(PruneError::Gone));
    assert_eq!(tree.children(a).collect::<Vec<_>>(), [c]);
    assert!(tree.has_logits(c) && tree.get(b).is_none() && tree.summary(b).is_none());
    assert_eq!(tree.names().count(), 0);
    assert_eq!((tree.len(), tree.usage().evaluated, tree.usage().with_logits), (3, 1, 1));

    // A new node may take the memory, never the id.
    let d = tree.child(a, Token(3), Origin::Hand).unwrap();
    assert_ne!(d, b);
    assert_eq!((tree.nodes.len(), tree.node(d).evaluation.is_some()), (5, false));
    tree.store(b, evaluation(2.0));
    assert!(!tree.has_logits(d), "what comes late for a pruned node goes nowhere");
    assert_eq!(tree.children(a).collect::<Vec<_>>(), [c, d]);
}

#[test]
fn what_is_evaluated_dropped_and_evaluated_again_is_counted() {
    let (mut tree, [a, b, ..]) = small();
    tree.budget = 600;
    tree.store(a, evaluation(0.0));
    tree.store(b, evaluation(0.0));
    tree.store(a, evaluation(0.0));
    let usage = tree.usage();
    assert_eq!((usage.nodes, usage.evaluated, usage.with_logits), (5, 2, 1));
    assert_eq!((usage.logits_bytes, usage.logits_budget, usage.dropped, usage.again), (600, 600, 2, 1));
    assert!(usage.node_bytes > 5 * size_of::<Node>());
}

#[test]
fn walks_go_by_time_or_by_probability() {
    let mut tree = Tree::new(0);
    let root = tree.root();
    let less = grow(&mut tree, root, 0, 0.1);
    let more = grow(&mut tree, root, 1, 0.6);
    let below = grow(&mut tree, less, 1, 0.6);
    let unknown = tree.child(tree.root(), Token(2), Origin::Prompt).unwrap();
    let walk = |order| tree.walk(tree.root(), order).map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(walk(Order::Made), [tree.root(), less, below, more, unknown]);
    assert_eq!(walk(Order::Probability), [tree.root(), more, less, below, unknown]);
    assert_eq!(tree.walk(below, Order::Made).collect::<Vec<_>>(), [(below, 0)]);
}

#[test]
fn text_is_found_where_it_is_complete_across_tokens() {
    let (tree, [a, b, bc, c]) = small();
    let find = |text: &str| search(&tree, tree.root(), text, 9, letter);
    assert_eq!(find("ab"), [b]);
    assert_eq!(find("B c"), [bc]);
    assert_eq!(find("C"), [bc, c]);
    assert_eq!(find("a"), [a]);
    assert_eq!(find("zz"), []);
    assert_eq!(find(""), []);
    assert_eq!(search(&tree, tree.root(), "c", 1, letter), [bc]);
}

#[test]
fn an_outline_in_markdown() {
    let (mut tree, [_, b, _, c]) = small();
    tree.set_name(b, "my *favourite*");
    let star = grow(&mut tree, c, 7, 0.5);
    grow(&mut tree, star, 5, 1.0);
    assert_eq!(
        to_markdown(&tree, tree.root(), letter),
        "- a — prompt\n  \
           - b **my \\*favourite\\*** — sampled, p 0.500 — joint p 0.500\n    \
             - c — sampled, p 0.500 — joint p 0.250\n  \
           - c\\*\\<⏎ — sampled, p 0.250 — joint p 0.125\n"
    );
}

#[test]
fn markdown_is_escaped_where_it_would_be_read_and_a_prompt_stands_apart() {
    let mut tree = Tree::new(0);
    let pieces: [&[u8]; 8] = [b"One", b" day", b", (a) day.", b"1. x", b"# y", b"10) z-#", b"3.5", b" w_[v]"];
    let piece = |token: Token| pieces[token.index()];
    let prompt = tree.child(tree.root(), Token(0), Origin::Prompt).unwrap();
    let prompt = tree.child(prompt, Token(1), Origin::Prompt).unwrap();
    let own = grow(&mut tree, prompt, 2, 0.5);
    let hand = tree.child(own, Token(7), Origin::Hand).unwrap();
    tree.set_log_probability(hand, 0.5_f64.ln());
    assert_eq!(
        to_markdown(&tree, tree.root(), piece),
        "- One day — prompt\n  - , (a) day. w\\_\\[v\\] — sampled and hand, p 0.500 — joint p 0.250\n"
    );
    for token in 3..7 {
        grow(&mut tree, hand, token, 0.1);
    }
    let outline = to_markdown(&tree, tree.root(), piece);
    for text in ["- 1\\. x —", "- \\# y —", "- 10\\) z-# —", "- 3.5 —"] {
        assert!(outline.contains(text), "{text}: {outline}");
    }
}

#[test]
fn a_graph_in_dot() {
    let (mut tree, [_, _, _, c]) = small();
    let quote = grow(&mut tree, c, 3, 0.5);
    grow(&mut tree, quote, 4, 4e-6);
    assert_eq!(
        to_dot(&tree, tree.root(), letter),
        "digraph tree {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n  \
         n1 [label=\"a\\nprompt\"];\n  \
         n3 [label=\"b c\\nsampled\\njoint p 0.250\"];\n  \
         n1 -> n3 [label=\"0.500\"];\n  \
         n6 [label=\" c\\\"\\\\\\nsampled\\njoint p 5.0e-7\"];\n  \
         n1 -> n6 [label=\"0.250\"];\n}\n"
    );
}

#[test]
fn a_path_of_any_length_is_exported_and_pruned_without_recursion() {
    let mut tree = Tree::new(0);
    let mut head = tree.root();
    for _ in 0..50_000 {
        head = tree.child(head, Token(0), Origin::Sampled).unwrap();
    }
    let json: serde_json::Value = serde_json::from_str(&to_json(&tree, tree.root(), letter)).unwrap();
    assert_eq!(json["nodes"].as_array().unwrap().len(), 50_001);
    assert_eq!(to_markdown(&tree, tree.root(), letter).lines().count(), 2);
    assert_eq!(to_dot(&tree, tree.root(), letter).lines().count(), 7);
    assert_eq!(search(&tree, tree.root(), "aaa", usize::MAX, letter).len(), 49_998);
    let first = tree.children(tree.root()).next().unwrap();
    assert_eq!(tree.prune(first, &[]), Ok(50_000));
    assert!(tree.is_empty());
}

/// Trees of any shape: each number is the parent (among the nodes so far) and the token of a new node.
fn any_tree(shape: &[(usize, u32)]) -> (Tree, Vec<NodeId>) {
    let mut tree = Tree::new(0);
    let mut ids = vec![tree.root()];
    for &(parent, token) in shape {
        let id = grow(&mut tree, ids[parent % ids.len()], token % 8, 0.5);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    (tree, ids)
}

/// Whether every quoted text of a DOT file is closed, and nothing else is quoted.
fn dot_is_sound(dot: &str) -> bool {
    let mut quoted = false;
    let mut chars = dot.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => {
                if chars.next().is_none() {
                    return false;
                }
            }
            '"' => quoted = !quoted,
            c if quoted => {
                if c.is_control() {
                    return false;
                }
            }
            c => {
                if !(c.is_ascii_alphanumeric() || " \n{}[]=;,->".contains(c)) {
                    return false;
                }
            }
        }
    }
    !quoted
}

#[test]
fn a_prompt_ends_with_the_first_token_that_was_chosen() {
    let mut tree = Tree::new(0);
    let mut head = tree.root();
    let mut lengths = vec![tree.prompt_len(head)];
    for origin in [Origin::Prompt, Origin::Prompt, Origin::Sampled, Origin::Prompt, Origin::Hand] {
        head = tree.child(head, Token(0), origin).unwrap();
        lengths.push(tree.prompt_len(head));
    }
    assert_eq!(lengths, [0, 1, 2, 2, 2, 2]);
}

#[test]
fn a_bare_copy_is_written_as_the_tree_is_and_holds_no_logits() {
    let mut tree = Tree::new(1 << 20);
    let root = tree.root();
    let a = grow(&mut tree, root, 0, 0.5);
    let gone = grow(&mut tree, a, 1, 0.25);
    tree.prune(gone, &[]).unwrap();
    let b = grow(&mut tree, a, 2, 0.25);
    let logits: Vec<f32> = (0..64).map(|i| i as f32).collect();
    let summary = Summary::of(&logits, 32);
    tree.store(b, Evaluation { summary, logits: Some(logits.into()), time: Duration::ZERO });
    tree.set_name(b, "here");
    let mut bare = tree.bare();
    assert!(to_json(&tree, root, letter).contains("\"here\""));
    assert_eq!(to_json(&bare, root, letter), to_json(&tree, root, letter));
    assert_eq!(to_dot(&bare, root, letter), to_dot(&tree, root, letter));
    assert_eq!(to_markdown(&bare, root, letter), to_markdown(&tree, root, letter));
    assert!(tree.logits_bytes() > 0 && bare.logits_bytes() == 0 && bare.logits(b).is_none());
    assert_eq!((bare.len(), bare.get(gone).is_none()), (tree.len(), true));
    bare.child(b, Token(3), Origin::Hand).unwrap();
    assert_eq!(tree.children(b).count(), 0, "each is its own");
}

proptest::proptest! {
    #[test]
    fn exports_are_sound_whatever_the_tree(
        shape in proptest::collection::vec((0_usize..50, 0_u32..8), 0..50),
        name in ".{0,12}",
        named in 0_usize..50,
    ) {
        let (mut tree, ids) = any_tree(&shape);
        let named = ids[named % ids.len()];
        tree.set_name(named, &name);
        let root = tree.root();
        proptest::prop_assert!(dot_is_sound(&to_dot(&tree, root, letter)));

        let json: serde_json::Value = serde_json::from_str(&to_json(&tree, root, letter)).unwrap();
        let nodes = json["nodes"].as_array().unwrap();
        proptest::prop_assert_eq!(nodes.len(), tree.len());
        for (node, (id, _)) in nodes.iter().zip(tree.walk(root, Order::Made)) {
            proptest::prop_assert_eq!(&node["id"], id.slot);
            proptest::prop_assert_eq!(node["name"].as_str(), tree.name(id));
            let bytes: Vec<u8> = serde_json::from_value(node["bytes"].clone()).unwrap();
            let own = tree.node(id).token.map_or(&b""[..], letter);
            proptest::prop_assert_eq!(&bytes[..], own);
        }
        for line in to_markdown(&tree, root, letter).lines() {
            let line = line.trim_start().strip_prefix("- ").unwrap();
            let text = line.strip_suffix(" — prompt").unwrap_or_else(|| line.rsplit_once(" — sampled").unwrap().0);
            let text = text.replace("**", "");
            let mut escaped = false;
            for c in text.chars() {
                proptest::prop_assert!(escaped || !"`*_[]<>&~$|".contains(c), "{line}");
                escaped = c == '\\' && !escaped;
            }
        }
    }

    #[test]
    fn a_tree_stays_whole_whatever_is_pruned(
        shape in proptest::collection::vec((0_usize..50, 0_u32..8), 1..50),
        pruned in proptest::collection::vec(0_usize..50, 1..8),
    ) {
        let (mut tree, ids) = any_tree(&shape);
        for index in pruned {
            let before = tree.len();
            let id = ids[index % ids.len()];
            let gone: Vec<NodeId> = tree.walk(id, Order::Made).map(|(id, _)| id).collect();
            if let Ok(count) = tree.prune(id, &[]) {
                proptest::prop_assert_eq!((count, tree.len()), (gone.len(), before - count));
                proptest::prop_assert!(gone.iter().all(|&id| tree.get(id).is_none()));
            }
            let reached: Vec<NodeId> = tree.walk(tree.root(), Order::Made).map(|(id, _)| id).collect();
            proptest::prop_assert_eq!(reached.len(), tree.len());
            tree.child(tree.root(), Token(7), Origin::Hand).unwrap();
        }
    }
}
