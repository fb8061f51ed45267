//! Several paths at once: what lanes that agree cost, what decoding them together gains, beside llama.cpp's own
//! `llama-batched-bench`, and what is paid for once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use logitscope::{
    decode::{
        Cursor, StopRules,
        forest::Forest,
        lanes::{LaneSetup, Lanes, Which},
    },
    distribution::Summary,
    engine::{
        Evaluator, Request,
        llama::{CacheLayout, LlamaEvaluator, LoadedModel, load},
    },
    sampling::SamplingSettings,
    settings::ModelSettings,
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

use crate::{
    models::{Model, Models},
    programs::batched_bench,
    table::{Quantity, Row, Table, Wanted},
    timing::{alternate, median},
};

/// Lanes side by side.
const LANES: usize = 8;
/// Tokens of the lanes' prompt, and tokens that each generates with the clock running.
const PROMPT: usize = 64;
const TOKENS: usize = 24;
/// Logits that the trees may keep.
const BUDGET: usize = 256 << 20;

pub fn run(table: &mut Table, models: &Models) -> Result<()> {
    let large = models.half_billion()?;
    let loaded = loaded(large)?;
    agreeing(table, &loaded);
    diverged(table, &loaded, large)?;
    let small = self::loaded(&Model::embedded()?)?;
    forest(table, &small)?;
    switching(table, &small)
}

fn loaded(model: &Model) -> Result<LoadedModel> {
    let settings = ModelSettings {
        path: Some(model.path.clone()),
        threads: Some(model.threads),
        ..ModelSettings::default()
    };
    load(&settings, |_| true).context("the model cannot be loaded")
}

/// A prompt of any tokens.
fn prompt(tokens: usize) -> Vec<Token> {
    (0..tokens as u32).map(|i| Token(300 + i * 7 % 1000)).collect()
}

fn evaluator(loaded: &LoadedModel, paths: usize, together: bool) -> Result<LlamaEvaluator<'_>> {
    let cells = PROMPT + TOKENS + 2;
    let layout = if together { CacheLayout::Shared } else { CacheLayout::Apart };
    let settings = ModelSettings {
        ctx_size: if together { (PROMPT + paths * (TOKENS + 2)) as u32 } else { cells as u32 },
        sequences: paths as u32,
        batch_lanes: together,
        ..ModelSettings::default()
    };
    Ok(LlamaEvaluator::with_layout(loaded, &settings, layout)?)
}

fn evaluate(evaluator: &mut impl Evaluator, tree: &Tree, nodes: &[NodeId]) -> Vec<(Evaluation, usize)> {
    let paths = nodes.iter().map(|&node| tree.prefix(node).into());
    let request = Request::after(paths, Some(tree.prompt_len(nodes[0])));
    let mut found: Vec<Option<Evaluation>> = vec![None; nodes.len()];
    let cost = evaluator
        .evaluate(&request, &mut |_| true, &mut |id, row| {
            let summary = Summary::of(row.logits, Summary::TOP);
            found[id.path] =
                Some(Evaluation { summary, logits: Some(row.logits.into()), time: Duration::ZERO });
        })
        .expect("the paths fit the context");
    found.into_iter().flatten().map(|evaluation| (evaluation, cost.decoded)).collect()
}

/// Lanes on one evaluator.
struct Walk<'m> {
    evaluator: LlamaEvaluator<'m>,
    tree: Tree,
    lanes: Lanes,
    limit: usize,
}

impl<'m> Walk<'m> {
    /// Lanes with these settings, their first token drawn.
    fn begin(loaded: &'m LoadedModel, settings: &[SamplingSettings], together: bool) -> Result<Self> {
        let context = PROMPT + TOKENS + 8;
        let mut walk = Self {
            evaluator: evaluator(loaded, settings.len(), together)?,
            tree: Tree::new(BUDGET),
            lanes: Lanes::new(Arc::clone(&loaded.vocabulary), context),
            limit: if together { settings.len() } else { 1 },
        };
        for settings in settings {
            let setup = LaneSetup {
                name: String::new(),
                prompt: prompt(PROMPT),
                settings: settings.clone(),
                rules: StopRules::default(),
            };
            walk.lanes.add(&mut walk.tree, setup)?;
        }
        walk.play(1);
        Ok(walk)
    }

    fn play(&mut self, steps: usize) {
        self.lanes.ask(Which::All, steps);
        loop {
            let nodes = self.lanes.wanted(&mut self.tree, self.limit).expect("numbers");
            if nodes.is_empty() {
                return;
            }
            let evaluations = evaluate(&mut self.evaluator, &self.tree, &nodes);
            for (node, (evaluation, _)) in nodes.into_iter().zip(evaluations) {
                self.lanes.absorb(&mut self.tree, node, evaluation).expect("numbers");
            }
        }
    }
}

fn settings(seed: u32) -> SamplingSettings {
    SamplingSettings { temperature: 1.0, seed: Some(seed), ..SamplingSettings::default() }
}

/// Time to generate with the clock running, the prompt not counted.
fn time(loaded: &LoadedModel, settings: &[SamplingSettings], together: bool) -> f64 {
    let mut walk = Walk::begin(loaded, settings, together).expect("lanes");
    let start = Instant::now();
    walk.play(TOKENS);
    start.elapsed().as_secs_f64() * 1e3
}

/// Medians of measurements taken in turn, after one round that counts for nothing.
fn in_turn<const N: usize>(rounds: usize, works: [&dyn Fn() -> f64; N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for (work, times) in works.iter().zip(&mut times) {
            let took = work();
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.map(median)
}

/// Greedy lanes that keep different numbers of candidates say the same.
fn agreeing(table: &mut Table, loaded: &LoadedModel) {
    let greedy = |top_k: i32| SamplingSettings { temperature: 0.0, top_k, ..settings(1) };
    let eight: Vec<SamplingSettings> = (0..LANES as i32).map(|i| greedy(40 + i)).collect();
    let [all, one] = in_turn(3, [&|| time(loaded, &eight, false), &|| time(loaded, &eight[..1], false)]);
    table.row(&Row {
        what: &format!("0.5B model, {LANES} lanes that agree, {TOKENS} tokens"),
        measured: Quantity::ms(all),
        reference: (Quantity::ms(one), "one lane"),
        wanted: Wanted::AtMost(1.1),
        note: String::new(),
    });
}

/// Lanes of different seeds part at once.
fn diverged(table: &mut Table, loaded: &LoadedModel, model: &Model) -> Result<()> {
    let eight: Vec<SamplingSettings> = (0..LANES as u32).map(settings).collect();
    let each = || eight.iter().map(|one| time(loaded, std::slice::from_ref(one), false)).sum();
    let [together, separate] = in_turn(3, [&|| time(loaded, &eight, true), &each]);
    let what = format!("0.5B model, {LANES} lanes that differ, together");
    table.row(&Row {
        what: &what,
        measured: Quantity::ms(together),
        reference: (Quantity::ms(separate), "one after the other"),
        wanted: Wanted::AtMost(0.5),
        note: format!("threads: {}", model.threads),
    });
    let rate = (LANES * TOKENS) as f64 / together * 1e3;
    match std::env::var_os("LLAMA_BATCHED_BENCH") {
        None => {
            table.left_out(&what, "set LLAMA_BATCHED_BENCH to the path of llama.cpp's llama-batched-bench");
        }
        Some(program) => {
            let mut theirs = Vec::new();
            let mut ours = vec![rate];
            for _ in 0..3 {
                theirs.push(batched_bench(&program, model, PROMPT, TOKENS, LANES)?);
                ours.push((LANES * TOKENS) as f64 / time(loaded, &eight, true) * 1e3);
            }
            table.row(&Row {
                what: &what,
                measured: Quantity::rate(median(ours)),
                reference: (Quantity::rate(median(theirs)), "llama-batched-bench"),
                wanted: Wanted::AtLeast(0.9),
                note: "sampling and statistics included".into(),
            });
        }
    }
    Ok(())
}

/// Many seeds over a long prompt: every token of it goes through the model once.
fn forest(table: &mut Table, loaded: &LoadedModel) -> Result<()> {
    const SEEDS: usize = 64;
    const LONG: usize = 256;
    let model = ModelSettings { ctx_size: 512, sequences: 8, ..ModelSettings::default() };
    let mut evaluator = LlamaEvaluator::with_layout(loaded, &model, CacheLayout::Apart)?;
    let mut tree = Tree::new(BUDGET);
    let rules = StopRules { max_tokens: Some(16), ..StopRules::default() };
    let vocabulary = Arc::clone(&loaded.vocabulary);
    let cursor = Cursor::new(&mut tree, vocabulary, prompt(LONG), settings(1), rules, 512)?;
    let mut forest = Forest::new(cursor, SEEDS, 8);
    forest.ask(16);
    let mut decoded = 0;
    let start = Instant::now();
    while let Some(&node) = forest.wanted(&mut tree, 1)?.first() {
        for (evaluation, tokens) in evaluate(&mut evaluator, &tree, &[node]) {
            decoded += tokens;
            forest.absorb(&mut tree, node, evaluation)?;
        }
    }
    let needed = LONG + forest.evaluated() - 1;
    ensure!(forest.ended() == SEEDS, "every seed comes to its end");
    table.row(&Row {
        what: &format!("forest of {SEEDS} seeds on a prompt of {LONG}: tokens decoded"),
        measured: Quantity { value: decoded as f64, unit: "tok" },
        reference: (Quantity { value: needed as f64, unit: "tok" }, "the prompt once, each prefix"),
        wanted: Wanted::AtMost(1.05),
        note: format!("{:.0} ms", start.elapsed().as_secs_f64() * 1e3),
    });
    Ok(())
}

/// Going from branch to branch and on, beside going on along one.
fn switching(table: &mut Table, loaded: &LoadedModel) -> Result<()> {
    let mut evaluator =
        LlamaEvaluator::new(loaded, &ModelSettings { ctx_size: 512, ..ModelSettings::default() })?;
    let branches: Vec<Vec<Token>> = (0..2).map(|i| [prompt(200), vec![Token(50 + i)]].concat()).collect();
    let mut decoded = 0;
    let mut step = |path: &[Token]| {
        let request = Request::after([path.into()], None);
        let cost = evaluator.evaluate(&request, &mut |_| true, &mut |_, _| ()).expect("it fits the context");
        decoded = cost.decoded;
    };
    for branch in &branches {
        step(branch);
    }
    let branches = std::cell::RefCell::new((branches, step, 0_usize));
    let go = |switch: bool| {
        let (branches, step, turn) = &mut *branches.borrow_mut();
        *turn += usize::from(switch);
        let branch = &mut branches[*turn % 2];
        // Back to where the branches begin before the context is full.
        if branch.len() > 300 {
            branch.truncate(201);
        }
        branch.push(Token(400));
        step(branch);
    };
    let [switched, plain] = alternate(60, [&mut || go(true), &mut || go(false)]);
    drop(branches);
    table.row(&Row {
        what: "embedded model, a step on another branch",
        measured: Quantity::ms(switched.best),
        reference: (Quantity::ms(plain.best), "a step on the same one"),
        wanted: Wanted::AtMost(1.2),
        note: format!("{decoded} token decoded, {}", switched.note()),
    });
    Ok(())
}
