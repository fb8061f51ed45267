//! What the tree holds and what it may, in the words that fit into its frame.

use unicode_width::UnicodeWidthStr;

use crate::{
    app::State,
    ui::{format::bytes, numbers::thousands},
};

/// What the tree holds, and what it may: the fullest wordings of both that stand side by side in a frame of this width.
pub(super) fn figures(state: &State, width: u16) -> (String, String) {
    let usage = state.tree_view().usage();
    let counters = |again: &str| {
        let nodes = thousands(usage.nodes);
        let evaluated = thousands(usage.evaluated);
        let memory = bytes((usage.logits_bytes + usage.node_bytes) as f64);
        format!("{nodes} nodes · {evaluated} evaluated{again} · {memory}")
    };
    let again = |before: &str, after: &str| match usage.again {
        0 => String::new(),
        times => format!("{before}{}{after}", thousands(times)),
    };
    let full = counters(&again(" · ", " re-evaluated"));
    let short = counters(&again(" + ", ""));
    let (nodes, logits) = (thousands(usage.limit), bytes(usage.logits_budget as f64));
    let sequences = match state.kv().sequences {
        1 => "1 KV sequence".to_owned(),
        count => format!("{} KV sequences", thousands(count)),
    };
    let limits = [
        format!("room for {nodes} nodes and {logits} of logits · {sequences}"),
        format!("of {nodes} and {logits} · {sequences}"),
        format!("of {nodes}, {logits} · {} KV seq.", thousands(state.kv().sequences)),
        sequences,
    ];
    let [most, less, least, sequences] = limits;
    let pairs = [
        (&full, most),
        (&full, less.clone()),
        (&short, less),
        (&short, least),
        (&short, sequences),
        (&full, String::new()),
    ];
    let fits = |pair: &(&String, String)| pair.0.width() + pair.1.width() + 7 <= usize::from(width);
    let (counters, limits) = pairs.into_iter().find(fits).unwrap_or((&short, String::new()));
    (counters.clone(), limits)
}
