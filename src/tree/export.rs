//! A tree as a file: DOT for Graphviz, JSON, or an outline in Markdown.
//!
//! Token text is foreign: in DOT and Markdown it is shown safely and escaped, in JSON it is data.

use std::fmt::Write as _;

use serde::Serialize;

use super::{NodeId, Order, Origin, Tree};
use crate::{distribution::Bounds, text::Shown, token::Token};

/// The tree from `root` down as a Graphviz digraph. Tokens between two forks make one box, with how they were chosen, their
/// joint probability and the node's name; each arrow tells the probability of the box's first token. The prompt has a box
/// of its own.
#[must_use]
pub fn to_dot<'v>(tree: &Tree, root: NodeId, piece: impl Fn(Token) -> &'v [u8]) -> String {
    let mut out =
        String::from("digraph tree {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n");
    for Piece { run, parent, joint, .. } in pieces(tree, root, Order::Made) {
        let (first, last) = (run[0], run[run.len() - 1]);
        let mut label = dot_quoted(Shown::bytes(&text(tree, &run, &piece)).as_str());
        let _ = write!(label, "\\n{}", chosen(tree, &run));
        if !is_prompt(tree, first) {
            let _ = write!(label, "\\njoint p {}", probability(joint));
        }
        if let Some(name) = tree.name(last) {
            let _ = write!(label, "\\n{}", dot_quoted(Shown::inline(name).as_str()));
        }
        let _ = writeln!(out, "  n{} [label=\"{label}\"];", last.slot);
        if let Some(parent) = parent {
            let own = tree.node(first).log_probability;
            let own = own.map_or(String::new(), |own| format!(" [label=\"{}\"]", probability(own)));
            let _ = writeln!(out, "  n{} -> n{}{own};", parent.slot, last.slot);
        }
    }
    out.push_str("}\n");
    out
}

/// The tree from `root` down as nested lists, most likely first: a line for the tokens between two forks, with how they were
/// chosen, the probability of the first of them, and the joint probability of all up to there. The prompt has a line of its
/// own.
#[must_use]
pub fn to_markdown<'v>(tree: &Tree, root: NodeId, piece: impl Fn(Token) -> &'v [u8]) -> String {
    let mut out = String::new();
    for Piece { run, depth, joint, .. } in pieces(tree, root, Order::Probability) {
        let (first, last) = (run[0], run[run.len() - 1]);
        let text = markdown_escaped(Shown::bytes(&text(tree, &run, &piece)).as_str().trim());
        let text = if text.is_empty() { "·".to_owned() } else { text };
        let _ = write!(out, "{:indent$}- {text}", "", indent = 2 * depth);
        if let Some(name) = tree.name(last) {
            let _ = write!(out, " **{}**", markdown_escaped(Shown::inline(name).as_str().trim()));
        }
        let _ = write!(out, " — {}", chosen(tree, &run));
        if let Some(own) = tree.node(first).log_probability {
            let _ = write!(out, ", p {}", probability(own));
        }
        if !is_prompt(tree, first) {
            let _ = write!(out, " — joint p {}", probability(joint));
        }
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct JsonTree<'a> {
    root: u32,
    nodes: Vec<JsonNode<'a>>,
}

#[derive(Serialize)]
struct JsonNode<'a> {
    id: u32,
    parent: Option<u32>,
    token: Option<Token>,
    text: String,
    bytes: &'a [u8],
    origin: &'static str,
    name: Option<&'a str>,
    p_raw: Option<f64>,
    p_final: Option<f64>,
    u: Option<f64>,
    joint_log_probability: f64,
    entropy_bits: Option<Bounds>,
}

/// The tree from `root` down as one JSON object: `root`, and `nodes` as a flat list in which each names its `parent`, so
/// that a text of any length nests no deeper.
#[must_use]
pub fn to_json<'v>(tree: &Tree, root: NodeId, piece: impl Fn(Token) -> &'v [u8]) -> String {
    // ln of the joint probability of the present node and of each above it.
    let mut joint: Vec<f64> = Vec::new();
    let node = |(id, depth): (NodeId, usize)| {
        let node = tree.node(id);
        let bytes = node.token.map_or(&[][..], &piece);
        joint.truncate(depth);
        let above = joint.last().copied();
        joint.push(above.map_or_else(|| tree.log_probability(id), |above| above + own(tree, id)));
        JsonNode {
            id: id.slot,
            parent: node.parent.filter(|_| depth > 0).map(|parent| parent.slot),
            token: node.token,
            text: String::from_utf8_lossy(bytes).into_owned(),
            bytes,
            origin: origin(node.origin),
            name: tree.name(id),
            p_raw: node.log_probability.map(f64::exp),
            p_final: node.step.map(|step| step.p_final),
            u: node.step.and_then(|step| step.u),
            joint_log_probability: joint[depth],
            entropy_bits: tree.entropy_bits(id),
        }
    };
    let nodes = tree.walk(root, Order::Made).map(node).collect();
    serde_json::to_string(&JsonTree { root: root.slot, nodes }).expect("plain data")
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Prompt => "prompt",
        Origin::Sampled => "sampled",
        Origin::Hand => "hand",
        Origin::Expanded => "expanded",
        Origin::Drafted => "drafted",
        Origin::Beam => "beam",
    }
}

fn is_prompt(tree: &Tree, id: NodeId) -> bool {
    tree.node(id).origin == Origin::Prompt
}

/// How the tokens of a run were chosen: each way once, in the order in which they came.
fn chosen(tree: &Tree, run: &[NodeId]) -> String {
    let mut ways: Vec<&str> = Vec::new();
    for way in run.iter().map(|&id| origin(tree.node(id).origin)) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.join(" and ")
}

/// The nodes between two forks; a prompt is kept apart from what was said after it.
struct Piece {
    run: Vec<NodeId>,
    /// The last node of the piece above.
    parent: Option<NodeId>,
    /// Pieces above.
    depth: usize,
    /// ln of the joint probability of its last node.
    joint: f64,
}

/// The tree cut at its forks, each piece before those below it.
fn pieces(tree: &Tree, root: NodeId, order: Order) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut left: Vec<(NodeId, Option<NodeId>, usize, f64)> = Vec::new();
    if tree.get(root).is_some() {
        left.push((root, None, 0, tree.log_probability(root) - own(tree, root)));
    }
    while let Some((id, parent, depth, above)) = left.pop() {
        let mut run = tree.run(id);
        let prompt = run.iter().take_while(|&&id| is_prompt(tree, id)).count();
        run.truncate(if prompt > 0 { prompt } else { run.len() });
        let last = run[run.len() - 1];
        let joint = above + run.iter().map(|&id| own(tree, id)).sum::<f64>();
        let children = tree.children_by(last, order);
        left.extend(children.into_iter().rev().map(|child| (child, Some(last), depth + 1, joint)));
        pieces.push(Piece { run, parent, depth, joint });
    }
    pieces
}

/// ln of a node's own probability; 0 where it is taken as given.
fn own(tree: &Tree, id: NodeId) -> f64 {
    tree.node(id).log_probability.unwrap_or(0.0)
}

fn text<'v>(tree: &Tree, run: &[NodeId], piece: &impl Fn(Token) -> &'v [u8]) -> Vec<u8> {
    run.iter().filter_map(|&id| tree.node(id).token).flat_map(|token| piece(token).iter().copied()).collect()
}

/// A probability from its ln, with as many digits as tell something.
fn probability(log_probability: f64) -> String {
    let p = log_probability.exp();
    if p.is_nan() {
        return "?".to_owned();
    }
    if p >= 0.001 { format!("{p:.3}") } else { format!("{p:.1e}") }
}

/// Inside DOT's double quotes: a backslash would begin an escape there, a quote would end the text.
fn dot_quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// What Markdown (GitHub's, too) would take as a mark, behind a backslash: some marks anywhere, some at the start only,
/// where a number with a full stop begins a list, too.
fn markdown_escaped(text: &str) -> String {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let anywhere = r"\`*_[]<>&~$|".contains(c);
        let at_start = at == 0 && "#+-=".contains(c);
        let ends = text[at..].chars().nth(1).is_none_or(char::is_whitespace);
        let of_list = at == number && number > 0 && ends && ".)".contains(c);
        if anywhere || at_start || of_list {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
