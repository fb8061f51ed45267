use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    decode::StopRules,
    distribution::Summary,
    engine::{Evaluator, Request, Row, Vocabulary, VocabularyBuilder, scripted::Scripted},
    sampling::{Mirostat, SamplerKind},
    token::Token,
};

/// The model's own probabilities, nothing cut.
fn plain(seed: u32) -> SamplingSettings {
    SamplingSettings { samplers: Vec::new(), seed: Some(seed), ..SamplingSettings::default() }
}

fn script() -> Scripted {
    Scripted::new(&["a", "b", "c", "."], &["."], 32)
        .rule("a", &[("b", 0.75), ("c", 0.25)])
        .rule("ab", &[(".", 1.0)])
        .rule("ac", &[("b", 0.5), (".", 0.5)])
        .rule("acb", &[(".", 1.0)])
}

struct Run {
    tree: Tree,
    forest: Forest,
    evaluations: usize,
    /// The most bytes of logits that were kept at any time.
    peak: usize,
}

/// Grows a forest from "a" to its end.
fn grow(script: &mut Scripted, settings: SamplingSettings, seeds: usize, width: usize, budget: usize) -> Run {
    let mut run = planted(script, settings, seeds, width, budget);
    run.walk(script, 8);
    run
}

/// A forest at "a", before the first step.
fn planted(script: &Scripted, settings: SamplingSettings, seeds: usize, width: usize, budget: usize) -> Run {
    let vocabulary = script.vocabulary();
    let mut tree = Tree::new(budget);
    let prompt = vocabulary.tokenize("a");
    let rules = StopRules { max_tokens: Some(8), ..StopRules::default() };
    let cursor = Cursor::new(&mut tree, vocabulary, prompt, settings, rules, 32).expect("it starts");
    Run { tree, forest: Forest::new(cursor, seeds, width), evaluations: 0, peak: 0 }
}

impl Run {
    /// As many steps more for every seed.
    fn walk(&mut self, script: &mut Scripted, steps: usize) {
        self.forest.ask(steps);
        loop {
            let nodes = self.forest.wanted(&mut self.tree, 4).expect("finite logits");
            assert!(nodes.len() <= self.forest.width.min(4));
            if nodes.is_empty() {
                return;
            }
            self.answer(script, nodes);
        }
    }

    fn answer(&mut self, script: &mut Scripted, nodes: Vec<NodeId>) {
        for node in nodes {
            let path = self.tree.prefix(node);
            let mut found = None;
            let sink =
                &mut |_, row: Row<'_>| found = Some((Summary::of_row(row, 16, &[]), row.logits.into()));
            script
                .evaluate(&Request::after([path[..].into()], None), &mut |_| true, sink)
                .expect("a short path");
            let (summary, logits): (Summary, Arc<[f32]>) = found.expect("logits");
            let evaluation = Evaluation { summary, logits: Some(logits), time: Duration::ZERO };
            self.evaluations += 1;
            self.forest.absorb(&mut self.tree, node, evaluation).expect("finite logits");
            self.peak = self.peak.max(self.tree.logits_bytes());
        }
    }
}

fn text(vocabulary: &Vocabulary, path: &Path) -> String {
    path.generated_tokens().iter().map(|&t| String::from_utf8_lossy(vocabulary.piece(t))).collect()
}

#[test]
fn each_seed_walks_as_it_would_alone() {
    for width in [1, 3, 256] {
        let Run { forest, .. } = grow(&mut script(), plain(7), 40, width, 1 << 20);
        for index in 0..40 {
            let seed = forest.seed(index).expect("one of forty");
            assert_eq!(seed, 7 + index as u32);
            let alone = grow(&mut script(), plain(seed), 1, 1, 1 << 20).forest;
            assert_eq!(
                forest.path(index).map(Path::tokens),
                alone.path(0).map(Path::tokens),
                "seed {seed}, {width} at a time"
            );
            assert_eq!(forest.stopped(index), alone.stopped(0));
        }
    }
}

#[test]
fn xtc_and_mirostat_have_their_own_memory_for_each_seed() {
    let xtc = SamplingSettings {
        samplers: vec![SamplerKind::Xtc],
        xtc_probability: 0.5,
        xtc_threshold: 0.1,
        ..plain(100)
    };
    let mirostat = SamplingSettings { mirostat: Mirostat::V2, ..plain(100) };
    for settings in [xtc, mirostat] {
        let Run { forest, .. } = grow(&mut script(), settings.clone(), 24, 5, 1 << 20);
        for index in 0..24 {
            let own = SamplingSettings { seed: forest.seed(index), ..settings.clone() };
            let alone = grow(&mut script(), own, 1, 1, 1 << 20).forest;
            assert_eq!(forest.path(index).map(Path::tokens), alone.path(0).map(Path::tokens));
        }
    }
}

#[test]
fn forks_tell_exact_probability_and_observed_share() {
    let mut script = script();
    let Run { tree, forest, evaluations, .. } = grow(&mut script, plain(1), 256, 256, 1 << 20);
    // a, ab, ac and acb, each once for all seeds.
    assert_eq!((evaluations, forest.evaluated()), (4, 4));
    assert_eq!(forest.ended(), 256);
    let steps: usize = (0..256).filter_map(|i| forest.path(i)).map(Path::generated).sum();
    assert_eq!(forest.shared() + forest.evaluated(), steps);

    let forks = forest.forks(&tree);
    assert_eq!(forks.len(), 2);
    let vocabulary = script.vocabulary();
    let first = &forks[0];
    assert_eq!((first.index, first.seeds, first.branches.len()), (0, 256, 2));
    let b = &first.branches[0];
    assert_eq!(vocabulary.piece(b.token), b"b");
    assert!((b.p_final - 0.75).abs() < 1e-6 && (b.p_raw - 0.75).abs() < 1e-6);
    // The standard deviation of the share of 256 draws is √(0.75·0.25/256) = 0.027.
    assert!((b.share - 0.75).abs() < 0.1, "{}", b.share);
    assert!((first.branches.iter().map(|branch| branch.share).sum::<f64>() - 1.0).abs() < 1e-12);

    // The splits add up to the entropy of the endings.
    let endings = forest.endings();
    assert_eq!(endings.len(), 3);
    let entropy: f64 = endings.iter().map(|ending| -ending.share * ending.share.log2()).sum();
    let splits: f64 = forks.iter().map(|fork| fork.split_bits).sum();
    assert!((entropy - splits).abs() < 1e-9, "{entropy} is not {splits}");
    assert!(forks[0].split_bits >= forks[1].split_bits);
}

#[test]
fn what_has_ended_stands_before_what_can_go_on() {
    let mut script = script();
    let vocabulary = script.vocabulary();
    let mut run = planted(&script, plain(1), 32, 8, 1 << 20);
    run.walk(&mut script, 2);
    let endings = run.forest.endings();
    let texts: Vec<(String, bool)> = endings
        .iter()
        .filter_map(|ending| {
            Some((text(&vocabulary, run.forest.path(ending.seeds[0])?), ending.stopped.is_some()))
        })
        .collect();
    assert_eq!(texts, [("b.".to_owned(), true), ("c.".to_owned(), true), ("cb".to_owned(), false)]);
    let parts: Vec<usize> = endings.iter().map(|ending| ending.parts).collect();
    assert_eq!(parts, [0, 1, 1], "\"c.\" and \"cb\" share a token, \"b.\" none with either");
}

#[test]
fn endings_are_counted_with_their_joint_probability() {
    let mut script = script();
    let Run { forest, .. } = grow(&mut script, plain(1), 64, 8, 1 << 20);
    let endings = forest.endings();
    assert_eq!(endings.iter().map(|ending| ending.seeds.len()).sum::<usize>(), 64);
    assert!(endings.windows(2).all(|pair| pair[0].seeds.len() >= pair[1].seeds.len()));
    for ending in &endings {
        let path = forest.path(ending.seeds[0]).expect("a seed");
        let expected: f64 = match text(&script.vocabulary(), path).as_str() {
            "b." => 0.75,
            "c." | "cb." => 0.125,
            other => panic!("{other} is no ending"),
        };
        assert!((ending.log_probability - expected.ln()).abs() < 1e-4);
        assert_eq!(ending.stopped, Some(StopReason::Eog { token: Token(3) }));
    }
}

#[test]
fn a_step_at_a_time_comes_to_the_same() {
    let mut script = script();
    let whole = grow(&mut script, plain(3), 32, 4, 1 << 20);
    let vocabulary = script.vocabulary();
    let mut tree = Tree::new(1 << 20);
    let rules = StopRules { max_tokens: Some(8), ..StopRules::default() };
    let prompt = vocabulary.tokenize("a");
    let cursor = Cursor::new(&mut tree, vocabulary, prompt, plain(3), rules, 32).expect("it starts");
    let mut forest = Forest::new(cursor, 32, 4);
    for round in 0..9 {
        forest.ask(1);
        while let Some(&node) = forest.wanted(&mut tree, 1).expect("finite").first() {
            let path = tree.prefix(node);
            let mut found = None;
            let sink =
                &mut |_, row: Row<'_>| found = Some((Summary::of_row(row, 16, &[]), row.logits.into()));
            script
                .evaluate(&Request::after([path[..].into()], None), &mut |_| true, sink)
                .expect("a short path");
            let (summary, logits) = found.expect("logits");
            let evaluation = Evaluation { summary, logits: Some(logits), time: Duration::ZERO };
            forest.absorb(&mut tree, node, evaluation).expect("finite");
        }
        let longest = (0..32).filter_map(|i| forest.path(i)).map(Path::generated).max();
        assert!(longest <= Some(round + 1));
    }
    for index in 0..32 {
        assert_eq!(forest.path(index).map(Path::tokens), whole.forest.path(index).map(Path::tokens));
    }
}

/// An evaluator of a vocabulary as large as Qwen's, whose logits depend on the last token.
fn large() -> (Arc<Vocabulary>, impl Fn(&[Token]) -> Vec<f32>) {
    const SIZE: usize = 151_936;
    let mut builder = VocabularyBuilder::with_capacity(SIZE);
    (0..SIZE).for_each(|_| builder.push(b"x", false, false));
    let logits = |path: &[Token]| {
        let last = path.last().map_or(0, |token| token.index());
        let mut logits = vec![-20.0; SIZE];
        (0..8).for_each(|i| logits[(last * 31 + i * 977 + 1) % SIZE] = 1.0 - i as f32 / 8.0);
        logits
    };
    (Arc::new(builder.build()), logits)
}

#[test]
fn many_seeds_over_a_large_vocabulary_stay_within_the_budget() {
    const BUDGET: usize = 8 << 20;
    let (vocabulary, logits) = large();
    let mut tree = Tree::new(BUDGET);
    let rules = StopRules { max_tokens: Some(2), ..StopRules::default() };
    let settings = SamplingSettings { seed: Some(1), ..SamplingSettings::default() };
    let cursor = Cursor::new(&mut tree, vocabulary, vec![Token(5)], settings, rules, 64).expect("it starts");
    let mut forest = Forest::new(cursor, 256, 64);
    forest.ask(2);
    let mut evaluations = 0;
    loop {
        let nodes = forest.wanted(&mut tree, 16).expect("finite");
        if nodes.is_empty() {
            break;
        }
        for node in nodes {
            let logits: Arc<[f32]> = logits(&tree.prefix(node)).into();
            let summary = Summary::of(&logits, 256);
            let evaluation = Evaluation { summary, logits: Some(logits), time: Duration::ZERO };
            forest.absorb(&mut tree, node, evaluation).expect("finite");
            evaluations += 1;
            assert!(tree.logits_bytes() <= BUDGET);
        }
    }
    assert_eq!(forest.ended(), 256);
    // The first token and up to eight second ones: every prefix once, although no more than thirteen fit.
    assert!((2..=9).contains(&evaluations), "{evaluations}");
}

/// The rows as `depth text seeds/came`, with `■` where all have ended and `+` where what is below is hidden.
fn rows(run: &Run, vocabulary: &Vocabulary, folded: &HashSet<NodeId>) -> Vec<String> {
    let text = |nodes: &[NodeId]| -> String {
        let tokens = nodes.iter().filter_map(|&node| run.tree.node(node).token);
        tokens.map(|token| String::from_utf8_lossy(vocabulary.piece(token)).into_owned()).collect()
    };
    let rows = run.forest.stretches(&run.tree, folded).into_iter().map(|row| {
        let sign = match (row.ended == row.seeds, row.folded) {
            (true, _) => "■",
            (_, true) => "+",
            _ => "",
        };
        format!("{} {} {}/{}{sign}", row.depth, text(&row.nodes), row.seeds, row.came)
    });
    rows.collect()
}

#[test]
fn what_the_same_seeds_walked_is_one_row() {
    let mut script = script();
    let run = grow(&mut script, plain(1), 256, 256, 1 << 20);
    let vocabulary = script.vocabulary();
    let ends = |ending: &str| -> usize {
        let texts = (0..256).filter_map(|index| run.forest.path(index)).map(|path| text(&vocabulary, path));
        texts.filter(|text| text == ending).count()
    };
    let (b, stop, on) = (ends("b."), ends("c."), ends("cb."));
    assert_eq!(b + stop + on, 256);
    let c = stop + on;
    let mut last = [(on, format!("2 b. {on}/{c}■")), (stop, format!("2 . {stop}/{c}■"))];
    last.sort_by_key(|(seeds, _)| std::cmp::Reverse(*seeds));
    let [(_, more), (_, fewer)] = last;
    let all = ["0 a 256/256".to_owned(), format!("1 b. {b}/256■"), format!("1 c {c}/256"), more, fewer];
    let none = HashSet::new();
    assert_eq!(rows(&run, &vocabulary, &none), all);

    let stretches = run.forest.stretches(&run.tree, &none);
    assert_eq!(stretches[0].branch, None);
    let choice = stretches[2].branch.expect("generated");
    assert_eq!((stretches[2].index, stretches[3].index), (0, 1));
    assert!((choice.share - c as f64 / 256.0).abs() < 1e-12 && (choice.p_final - 0.25).abs() < 1e-6);
    // What is below a folded row is left out.
    let folded = HashSet::from([stretches[2].nodes[0]]);
    assert_eq!(rows(&run, &vocabulary, &folded)[..], [&all[..2], &[format!("1 c {c}/256+")]].concat()[..]);
}

#[test]
fn how_far_shares_are_from_probabilities_by_hand() {
    let tree = Tree::new(0);
    let branch = |seeds, share, p_final| Branch {
        node: tree.root(),
        token: Token(0),
        seeds,
        share,
        p_final,
        p_raw: p_final,
    };
    let fork = Fork {
        node: tree.root(),
        index: 0,
        seeds: 4,
        branches: vec![branch(3, 0.75, 0.5), branch(1, 0.25, 0.3)],
        entropy_bits: 0.0,
        split_bits: 0.0,
    };
    assert!((fork.p_missed() - 0.2).abs() < 1e-12);
    // ½ (|0.75 − 0.5| + |0.25 − 0.3| + 0.2)
    assert!((fork.distance() - 0.25).abs() < 1e-12);
}

#[test]
fn probabilities_are_exact_where_all_draw_from_the_same() {
    let exact = |settings: SamplingSettings| grow(&mut script(), settings, 2, 1, 1 << 20).forest.is_exact();
    assert!(exact(plain(1)) && exact(SamplingSettings { seed: Some(1), ..SamplingSettings::default() }));
    let xtc = SamplingSettings { samplers: vec![SamplerKind::Xtc], xtc_probability: 0.5, ..plain(1) };
    assert!(!exact(xtc));
    assert!(!exact(SamplingSettings { mirostat: Mirostat::V1, ..plain(1) }));
}

#[test]
fn going_back_is_as_if_the_steps_had_never_been_taken() {
    for settings in [plain(7), SamplingSettings { mirostat: Mirostat::V2, ..plain(7) }] {
        let (mut script, settings) = (script(), || settings.clone());
        let told = |run: &Run| {
            let forest = &run.forest;
            (forest.stretches(&run.tree, &HashSet::new()), forest.forks(&run.tree), forest.endings())
        };
        let mut run = planted(&script, settings(), 40, 256, 1 << 20);
        run.walk(&mut script, 1);
        let after_one = told(&run);
        run.walk(&mut script, 2);
        let after_three = told(&run);
        assert_ne!(after_one, after_three);
        let changes = run.forest.changes();
        run.forest.ask(5);
        run.forest.back_to(1);
        assert!(run.forest.changes() > changes && !run.forest.is_due());
        assert_eq!((told(&run), run.forest.length()), (after_one, 1));
        run.walk(&mut script, 2);
        assert_eq!(told(&run), after_three, "the same numbers come up");
        run.forest.back_to(0);
        assert_eq!((run.forest.length(), run.forest.ended()), (0, 0));
        assert_eq!(run.forest.forks(&run.tree), []);
    }
}

#[test]
fn steps_at_hand_can_be_taken_a_few_at_a_time() {
    let mut script = script();
    let mut run = grow(&mut script, plain(1), 32, 32, 1 << 20);
    let vocabulary = script.vocabulary();
    let all: Vec<String> =
        (0..32).filter_map(|index| run.forest.path(index)).map(|path| text(&vocabulary, path)).collect();
    let steps: usize =
        (0..32).filter_map(|index| run.forest.path(index)).map(crate::decode::Path::generated).sum();
    // The same seeds once more, on a tree in which everything is known.
    let prompt = vocabulary.tokenize("a");
    let cursor =
        Cursor::new(&mut run.tree, Arc::clone(&vocabulary), prompt, plain(1), StopRules::default(), 32);
    let mut again = Forest::new(cursor.expect("it starts"), 32, 32);
    again.ask(32);
    let mut calls = 1;
    while again.advance_known(&mut run.tree, 5).expect("finite") {
        calls += 1;
    }
    assert!(calls >= steps / 5, "{calls} calls for {steps} steps");
    assert_eq!(again.wanted(&mut run.tree, 32).expect("finite"), []);
    let texts = (0..32).filter_map(|index| again.path(index)).map(|path| text(&vocabulary, path));
    assert_eq!(texts.collect::<Vec<_>>(), all);
}

#[test]
fn an_evaluation_is_counted_by_the_forest_that_asked_for_it() {
    let mut script = script();
    let vocabulary = script.vocabulary();
    let mut tree = Tree::new(1 << 20);
    let mut evaluation = |tree: &Tree, node| {
        let path = tree.prefix(node);
        let mut found = None;
        let sink = &mut |_, row: Row<'_>| found = Some((Summary::of_row(row, 16, &[]), row.logits.into()));
        script.evaluate(&Request::after([path[..].into()], None), &mut |_| true, sink).expect("a short path");
        let (summary, logits) = found.expect("logits");
        Evaluation { summary, logits: Some(logits), time: Duration::ZERO }
    };
    let forest = |tree: &mut Tree| {
        let (vocabulary, prompt) = (Arc::clone(&vocabulary), vocabulary.tokenize("a"));
        let cursor = Cursor::new(tree, vocabulary, prompt, plain(1), StopRules::default(), 32);
        Forest::new(cursor.expect("it starts"), 4, 4)
    };
    let mut first = forest(&mut tree);
    first.ask(1);
    let asked = first.wanted(&mut tree, 4).expect("finite");
    assert_eq!(asked.len(), 1);
    // Given up before it comes: it is paid all the same, and those who step from there later share it.
    first.pause();
    assert!(!first.is_due());
    let found = evaluation(&tree, asked[0]);
    first.absorb(&mut tree, asked[0], found).expect("finite");
    assert_eq!((first.evaluated(), first.shared()), (1, 0));
    first.ask(1);
    first.wanted(&mut tree, 4).expect("finite");
    assert_eq!((first.evaluated(), first.shared()), (1, 3));
    // Another forest on the same tree pays nothing for it.
    let mut second = forest(&mut tree);
    second.ask(1);
    let found = evaluation(&tree, asked[0]);
    second.absorb(&mut tree, asked[0], found).expect("finite");
    assert_eq!((second.evaluated(), second.shared()), (0, 4));
}

#[test]
fn seeds_that_part_pay_each_prefix_once_although_few_distributions_fit() {
    // Three distributions of 151,936 logits, and their candidates, fit.
    const BUDGET: usize = 2 << 20;
    let (vocabulary, logits) = large();
    let mut tree = Tree::new(BUDGET);
    let rules = StopRules { max_tokens: Some(8), ..StopRules::default() };
    let settings = SamplingSettings { seed: Some(1), ..SamplingSettings::default() };
    let cursor = Cursor::new(&mut tree, vocabulary, vec![Token(5)], settings, rules, 64).expect("it starts");
    let mut forest = Forest::new(cursor, 24, 24);
    forest.ask(8);
    while let Some(&node) = forest.wanted(&mut tree, 1).expect("finite").first() {
        let logits: Arc<[f32]> = logits(&tree.prefix(node)).into();
        let summary = Summary::of(&logits, 256);
        let evaluation = Evaluation { summary, logits: Some(logits), time: Duration::ZERO };
        forest.absorb(&mut tree, node, evaluation).expect("finite");
        assert!(tree.logits_bytes() <= BUDGET);
    }
    let usage = tree.usage();
    assert_eq!((forest.ended(), usage.again, forest.evaluated()), (24, 0, usage.evaluated));
    assert!(usage.evaluated > 100, "they part early: {}", usage.evaluated);
    assert_eq!(usage.dropped, usage.evaluated - usage.with_logits);
    // What stays of a distribution once its logits are gone is a few hundred bytes.
    assert!(usage.node_bytes < 512 * usage.nodes, "{usage:?}");
}
