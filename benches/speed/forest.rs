//! The largest forest over a large vocabulary, whose distributions cost nothing to speak of: the memory that it takes beside
//! the budget, and what looking at the tree that comes of it costs.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use logitscope::{
    decode::{Cursor, StopRules, forest::Forest},
    distribution::Summary,
    engine::{Vocabulary, VocabularyBuilder},
    sampling::SamplingSettings,
    token::Token,
    tree::{Evaluation, Tree, to_json},
};

use crate::{
    models::Models,
    programs::status_bytes,
    table::{Quantity, Table},
    timing::repeat,
};

/// As many words as Qwen's models have.
const VOCABULARY: usize = 151_936;
const SEEDS: usize = Forest::MOST;
const TOKENS: usize = 256;
/// Bytes of logits that the tree may keep: the default.
const BUDGET: usize = 256 << 20;
/// Megabytes that nodes, summaries and paths may take besides.
const REST: f64 = 128.0;
/// Milliseconds of a frame.
const FRAME: f64 = 16.0;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let before = status_bytes(std::process::id(), "VmRSS:");
    let Grown { tree, forest, vocabulary, highest, took } = grow()?;
    let what = format!("forest of {SEEDS} seeds × {TOKENS} tokens, {VOCABULARY} words");
    match (before, highest) {
        (Some(before), Some(highest)) => {
            let megabytes = (highest - before) as f64 / 1e6;
            let bound = BUDGET as f64 / 1e6 + REST;
            let note = format!("logits budget {:.0} MB, {took:.0} s", BUDGET as f64 / 1e6);
            table.bounded(&what, Quantity::mb(megabytes), bound, note);
        }
        _ => table.left_out(&what, "there is no /proc to read it from"),
    }
    let nodes = tree.len();
    let sample = repeat(10, || {
        drop((forest.stretches(&tree, &HashSet::new()), forest.forks(&tree), forest.endings()));
    });
    table.bounded("rows, forks and texts of its screen", Quantity::ms(sample.best), FRAME, sample.note());
    // What becomes of a copy is another thread's time.
    let mut copies = Vec::new();
    let sample = repeat(10, || copies.push(tree.bare()));
    drop(copies);
    let what = format!("copy of a tree of {nodes} nodes, to be written");
    table.bounded(&what, Quantity::ms(sample.best), FRAME, sample.note());
    let written = repeat(3, || drop(to_json(&tree, tree.root(), |token| vocabulary.piece(token))));
    let what = format!("tree of {nodes} nodes as JSON, on a thread of its own");
    table.bounded(&what, Quantity::ms(written.best), 1000.0, written.note());
    Ok(())
}

/// A forest that has come to its end.
struct Grown {
    tree: Tree,
    forest: Forest,
    vocabulary: Arc<Vocabulary>,
    /// The most bytes of memory that the program took meanwhile; None where that cannot be read.
    highest: Option<u64>,
    /// Seconds.
    took: f64,
}

/// What was grown, the most memory that the program took meanwhile, and the seconds.
fn grow() -> Result<Grown> {
    let vocabulary = vocabulary();
    let mut tree = Tree::new(BUDGET);
    let rules = StopRules { max_tokens: Some(TOKENS), ..StopRules::default() };
    let settings = SamplingSettings { seed: Some(1), ..SamplingSettings::default() };
    let prompt = vec![Token(5)];
    let cursor = Cursor::new(&mut tree, Arc::clone(&vocabulary), prompt, settings, rules, 512)?;
    let mut forest = Forest::new(cursor, SEEDS, SEEDS);
    forest.ask(TOKENS);
    let start = Instant::now();
    let mut logits = vec![-20.0; VOCABULARY];
    let mut highest = None;
    loop {
        let nodes = forest.wanted(&mut tree, 16)?;
        if nodes.is_empty() {
            break;
        }
        for node in nodes {
            let likely = likely(&tree.prefix(node));
            for (rank, &token) in (0_u8..).zip(&likely) {
                logits[token] = 1.0 - f32::from(rank) / 32.0;
            }
            let evaluation = Evaluation {
                summary: Summary::of(&logits, Summary::TOP),
                logits: Some(logits.as_slice().into()),
                time: Duration::ZERO,
            };
            for token in likely {
                logits[token] = -20.0;
            }
            forest.absorb(&mut tree, node, evaluation)?;
            ensure!(tree.logits_bytes() <= BUDGET, "{} bytes of logits", tree.logits_bytes());
        }
        highest = highest.max(status_bytes(std::process::id(), "VmRSS:"));
    }
    ensure!(forest.ended() == SEEDS, "every seed comes to its end");
    Ok(Grown { tree, forest, vocabulary, highest, took: start.elapsed().as_secs_f64() })
}

/// The tokens that are likely after a path: sixteen, other ones after every path.
fn likely(path: &[Token]) -> [usize; 16] {
    let mix = |hash: u64, token: &Token| (hash ^ u64::from(token.0)).wrapping_mul(0x0100_0000_01b3);
    let hash = path.iter().fold(0xcbf2_9ce4_8422_2325, mix);
    std::array::from_fn(|i| ((hash >> 16) as usize + i * 9973) % VOCABULARY)
}

fn vocabulary() -> Arc<Vocabulary> {
    let mut words = VocabularyBuilder::with_capacity(VOCABULARY);
    (0..VOCABULARY).for_each(|id| words.push(format!(" w{id}").as_bytes(), false, false));
    Arc::new(words.build())
}
