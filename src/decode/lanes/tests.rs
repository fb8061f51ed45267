use std::{collections::HashSet, time::Duration};

use super::*;
use crate::{
    distribution::Summary,
    engine::{Evaluator, Request, scripted::Scripted},
};

/// A script over single letters: `a` and `b` almost even after anything, `.` ends.
fn script() -> Scripted {
    Scripted::new(&["a", "b", "c", "."], &["."], 64)
        .rule("", &[("a", 0.5), ("b", 0.3), ("c", 0.15), (".", 0.05)])
        .rule("b", &[("c", 0.6), ("a", 0.4)])
        .rule("c", &[("a", 0.9), (".", 0.1)])
}

fn settings(temperature: f32, seed: u32) -> SamplingSettings {
    SamplingSettings { temperature, seed: Some(seed), ..SamplingSettings::default() }
}

struct Bench {
    script: Scripted,
    tree: Tree,
    lanes: Lanes,
}

impl Bench {
    fn new(budget: usize) -> Self {
        let script = script();
        let lanes = Lanes::new(script.vocabulary(), script.context_size());
        Self { script, tree: Tree::new(budget), lanes }
    }

    fn add(&mut self, name: &str, settings: SamplingSettings, max_tokens: usize) -> usize {
        let prompt = self.script.vocabulary().tokenize("ab");
        let rules = StopRules { max_tokens: Some(max_tokens), ..StopRules::default() };
        let setup = LaneSetup { name: name.to_owned(), prompt, settings, rules };
        self.lanes.add(&mut self.tree, setup).expect("there is room")
    }

    fn evaluate(&mut self, node: NodeId) -> Evaluation {
        let path = self.tree.prefix(node);
        let mut found = None;
        self.script
            .evaluate(&Request::after([path[..].into()], None), &mut |_| true, &mut |_, row| {
                found = Some(Evaluation {
                    summary: Summary::of_row(row, 16, &[]),
                    logits: Some(row.logits.into()),
                    time: Duration::ZERO,
                });
            })
            .expect("a short path");
        found.expect("one distribution")
    }

    /// Asks for steps and evaluates until nothing is wanted.
    fn play(&mut self, which: Which, steps: usize, limit: usize) {
        self.lanes.ask(which, steps);
        loop {
            let nodes = self.lanes.wanted(&mut self.tree, limit).expect("finite logits");
            assert!(nodes.len() <= limit);
            if nodes.is_empty() {
                return;
            }
            for node in nodes {
                let evaluation = self.evaluate(node);
                self.lanes.absorb(&mut self.tree, node, evaluation).expect("finite logits");
            }
        }
    }

    fn text(&self, lane: usize) -> String {
        let path = self.lanes.lanes()[lane].cursor().path();
        String::from_utf8(path.text().bytes().to_vec()).expect("letters")
    }

    /// The same settings alone, on a tree of their own.
    fn alone(settings: SamplingSettings, max_tokens: usize) -> String {
        let mut alone = Self::new(1 << 20);
        alone.add("alone", settings, max_tokens);
        alone.play(Which::All, max_tokens, 1);
        alone.text(0)
    }
}

#[test]
fn a_lane_says_what_its_settings_say_alone() {
    let mut bench = Bench::new(1 << 20);
    for (seed, temperature) in [0.0, 0.4, 0.8, 1.2, 2.0].into_iter().enumerate() {
        bench.add("t", settings(temperature, seed as u32), 20);
    }
    bench.play(Which::All, 20, 3);
    for lane in 0..5 {
        let own = bench.lanes.lanes()[lane].cursor().settings().clone();
        assert_eq!(bench.text(lane), Bench::alone(own, 20));
    }
}

#[test]
fn lanes_that_agree_share_every_evaluation() {
    let mut bench = Bench::new(1 << 20);
    for seed in 0..8 {
        bench.add("greedy", settings(0.0, seed), 10);
    }
    bench.play(Which::All, 10, 8);
    let generated = bench.lanes.lanes()[0].cursor().path().generated();
    assert_eq!(bench.script.evaluations, generated);
    let counts: Vec<(usize, usize)> = bench.lanes.lanes().iter().map(|l| (l.paid(), l.shared())).collect();
    assert_eq!(counts[0], (generated, 0));
    assert!(counts[1..].iter().all(|&count| count == (0, generated)));
}

#[test]
fn each_distinct_prefix_is_evaluated_once_while_memory_allows() {
    let mut bench = Bench::new(1 << 20);
    for seed in 0..8 {
        bench.add("hot", settings(1.5, seed), 12);
    }
    bench.play(Which::All, 12, 8);
    let prefixes: HashSet<NodeId> = bench
        .lanes
        .lanes()
        .iter()
        .flat_map(|lane| {
            let path = lane.cursor().path();
            path.nodes()[path.prompt_len() - 1..path.nodes().len() - 1].to_vec()
        })
        .collect();
    assert_eq!(bench.script.evaluations, prefixes.len());
    let paid: usize = bench.lanes.lanes().iter().map(Lane::paid).sum();
    assert_eq!(paid, prefixes.len());
}

#[test]
fn a_budget_for_no_logits_at_all_stops_nobody() {
    let mut bench = Bench::new(0);
    for seed in 0..4 {
        bench.add("hot", settings(1.5, seed), 12);
    }
    bench.play(Which::All, 12, 2);
    for lane in 0..4 {
        let own = bench.lanes.lanes()[lane].cursor().settings().clone();
        assert_eq!(bench.text(lane), Bench::alone(own, 12));
    }
}

#[test]
fn one_alone_and_all_together_forth_and_back() {
    let mut bench = Bench::new(1 << 20);
    bench.add("one", settings(1.0, 5), 30);
    bench.add("two", settings(1.0, 6), 30);
    bench.play(Which::One(1), 3, 8);
    let lengths = |bench: &Bench| -> Vec<usize> {
        bench.lanes.lanes().iter().map(|lane| lane.cursor().path().generated()).collect()
    };
    assert_eq!(lengths(&bench), [0, 3]);
    bench.play(Which::All, 2, 8);
    assert_eq!(lengths(&bench), [2, 5]);
    let texts = [bench.text(0), bench.text(1)];
    bench.lanes.back(Which::All, 2);
    assert_eq!(lengths(&bench), [0, 3]);
    bench.play(Which::All, 2, 8);
    assert_eq!([bench.text(0), bench.text(1)], texts);
    bench.lanes.back(Which::One(0), 99);
    assert_eq!(lengths(&bench), [0, 5]);
}

#[test]
fn a_lane_that_has_ended_waits_until_the_others_are_back_where_it_ended() {
    let mut bench = Bench::new(1 << 20);
    bench.add("short", settings(1.0, 5), 2);
    bench.add("long", settings(1.0, 6), 30);
    bench.play(Which::All, 5, 8);
    let lengths = |bench: &Bench| -> Vec<usize> {
        bench.lanes.lanes().iter().map(|lane| lane.cursor().path().generated()).collect()
    };
    assert_eq!(lengths(&bench), [2, 5]);
    bench.lanes.back(Which::All, 1);
    assert_eq!(lengths(&bench), [2, 4]);
    bench.play(Which::All, 1, 8);
    assert_eq!(lengths(&bench), [2, 5]);
    bench.lanes.back(Which::All, 4);
    assert_eq!(lengths(&bench), [1, 1]);
    bench.play(Which::All, 4, 8);
    bench.lanes.back(Which::One(0), 1);
    assert_eq!(lengths(&bench), [1, 5], "alone it goes back from where it is");
}

#[test]
fn where_a_lane_leaves_is_reported_with_both_probabilities() {
    let mut bench = Bench::new(1 << 20);
    bench.add("greedy", settings(0.0, 1), 6);
    let hot = SamplingSettings { top_k: 0, top_p: 1.0, min_p: 0.0, ..settings(1.5, 1) };
    bench.add("hot", hot, 6);
    bench.play(Which::All, 6, 8);
    let lanes = bench.lanes.lanes();
    let (greedy, hot) = (lanes[0].cursor().path(), lanes[1].cursor().path());
    let found = divergence(greedy, hot).expect("a hot lane leaves");
    let at = |path: &crate::decode::Path| path.tokens()[path.prompt_len() + found.index];
    assert_eq!((found.reference.token, found.lane.token), (at(greedy), at(hot)));
    assert_eq!(greedy.tokens()[..2 + found.index], hot.tokens()[..2 + found.index]);
    assert_ne!(at(greedy), at(hot));
    assert!((found.reference.p_final - 1.0).abs() < 1e-6, "greedy is sure");
    assert!(found.lane.p_raw < found.reference.p_raw);
    assert_eq!(divergence(greedy, greedy), None);
}

#[test]
fn overlap_is_only_told_on_the_same_prefix() {
    let mut bench = Bench::new(1 << 20);
    bench.add("narrow", SamplingSettings { top_k: 1, ..settings(1.0, 1) }, 6);
    bench.add("wide", SamplingSettings { top_k: 3, top_p: 1.0, min_p: 0.0, ..settings(1.0, 1) }, 6);
    bench.play(Which::All, 6, 8);
    let Bench { tree, lanes, .. } = &mut bench;
    let (a, b) = lanes.pair_mut(0, 1).expect("two lanes");
    // After "ab" the script knows c 0.6 and a 0.4; the rest is next to nothing.
    let found = overlap(tree, a, b, 2).expect("the prompt is shared");
    assert_eq!((found.kept, found.kept_other, found.both), (1, 3, 1));
    assert!((found.kl_bits - (1.0_f64 / 0.6).log2()).abs() < 1e-4);
    let parted = divergence(a.path(), b.path());
    if let Some(parted) = parted {
        assert_eq!(overlap(tree, a, b, 2 + parted.index + 1), None);
    }
    assert_eq!(overlap(tree, a, b, 0), None);
    assert_eq!(overlap(tree, a, b, 99), None);
    assert!(lanes.pair_mut(0, 0).is_none() && lanes.pair_mut(0, 9).is_none());
}

/// Walks a replay to its verdict; the number of distributions it had to ask for.
fn verdict(bench: &mut Bench, lane: usize, settings: &SamplingSettings) -> (Verdict, usize) {
    let mut replay = Replay::new(bench.lanes.lanes()[lane].cursor(), settings).expect("a chain");
    let mut asked = 0;
    while let Some(node) = replay.advance(&mut bench.tree).expect("finite logits") {
        let evaluation = bench.evaluate(node);
        bench.tree.store(node, evaluation);
        asked += 1;
    }
    (replay.verdict(), asked)
}

#[test]
fn a_replay_leaves_where_a_lane_of_that_setting_left() {
    let mut bench = Bench::new(1 << 20);
    for temperature in [0.0, 0.7, 1.5, 3.0] {
        let wide = SamplingSettings { top_k: 0, top_p: 1.0, min_p: 0.0, ..settings(temperature, 3) };
        bench.add("t", wide, 16);
    }
    bench.play(Which::All, 16, 8);
    for lane in 0..4 {
        for other in 0..4 {
            let settings = bench.lanes.lanes()[other].cursor().settings().clone();
            let (found, asked) = verdict(&mut bench, lane, &settings);
            assert_eq!(asked, 0, "everything on the path is at hand");
            let lanes = bench.lanes.lanes();
            let (path, there) = (lanes[lane].cursor().path(), lanes[other].cursor().path());
            match divergence(there, path) {
                Some(parted) => assert_eq!(
                    found,
                    Verdict::Leaves { index: parted.index, path: parted.lane, instead: parted.reference }
                ),
                None => assert_eq!(found, Verdict::Same),
            }
        }
    }
}

#[test]
fn a_replay_asks_for_what_was_dropped() {
    let mut bench = Bench::new(0);
    let index = bench.add("t", settings(1.0, 3), 8);
    bench.play(Which::All, 8, 8);
    let own = bench.lanes.lanes()[index].cursor().settings().clone();
    let (found, asked) = verdict(&mut bench, index, &own);
    assert_eq!(found, Verdict::Same);
    assert!(asked > 0);
}

#[test]
fn a_duplicate_goes_on_as_its_original_would() {
    let mut bench = Bench::new(1 << 20);
    bench.add("first", settings(1.3, 11), 16);
    bench.play(Which::All, 4, 8);
    let copy = bench.lanes.duplicate(0).expect("there is room").expect("there is a lane");
    assert_eq!((copy, bench.lanes.lanes()[1].name()), (1, "first copy"));
    bench.play(Which::All, 16, 8);
    assert_eq!(bench.text(0), bench.text(1));
    assert_eq!(bench.lanes.duplicate(7), Ok(None));
}

#[test]
fn seeds_are_the_same_or_counted_up() {
    let mut bench = Bench::new(0);
    for name in ["a", "b", "c"] {
        let unseeded =
            SamplingSettings { seed: if name == "a" { Some(40) } else { None }, ..settings(1.0, 0) };
        bench.add(name, unseeded, 4);
    }
    let seeds = |lanes: &Lanes| -> Vec<u32> {
        lanes.lanes().iter().filter_map(|lane| lane.cursor().settings().seed).collect()
    };
    assert_eq!(seeds(&bench.lanes), [40, 40, 40]);
    bench.lanes.set_seeds(Seeds::Own).expect("a chain");
    assert_eq!(seeds(&bench.lanes), [40, 41, 42]);
    bench.lanes.set_seeds(Seeds::Same).expect("a chain");
    assert_eq!(seeds(&bench.lanes), [40, 40, 40]);
}

#[test]
fn a_path_knows_the_seeds_that_its_tokens_were_drawn_with() {
    let mut bench = Bench::new(1 << 20);
    bench.add("a", settings(1.0, 40), 6);
    bench.add("b", settings(1.0, 40), 6);
    let drawn = |lanes: &Lanes, lane: usize| lanes.lanes()[lane].cursor().path().seeds();
    assert!(drawn(&bench.lanes, 1).is_empty(), "nothing is drawn yet");
    bench.play(Which::All, 3, 8);
    bench.lanes.set_seeds(Seeds::Own).expect("a chain");
    assert_eq!(
        (drawn(&bench.lanes, 0), drawn(&bench.lanes, 1)),
        (vec![40], vec![40]),
        "what is written stays"
    );
    bench.play(Which::All, 1, 8);
    assert_eq!((drawn(&bench.lanes, 0), drawn(&bench.lanes, 1)), (vec![40], vec![40, 41]));
    bench.lanes.back(Which::All, 1);
    assert_eq!(drawn(&bench.lanes, 1), [40], "the token of the other seed is gone");
    bench.lanes.lane_mut(0).expect("a lane").cursor_mut().roll_again();
    bench.play(Which::One(0), 1, 8);
    assert_eq!(drawn(&bench.lanes, 0), [40, 41], "a number rolled again is that of the next seed");
    let token = bench.lanes.lanes()[0].cursor().path().generated_tokens()[0];
    bench.lanes.back(Which::All, 9);
    let cursor = bench.lanes.lane_mut(0).expect("a lane").cursor_mut();
    cursor.take(&mut bench.tree, token).expect("it is there");
    assert_eq!((cursor.path().generated(), cursor.path().seeds()), (1, Vec::<u32>::new()), "picked by hand");
}

#[test]
fn a_lane_catches_up_with_the_longest_of_the_others() {
    let mut bench = Bench::new(1 << 20);
    bench.add("a", settings(1.0, 40), 16);
    bench.add("b", settings(1.0, 40), 3);
    bench.play(Which::All, 8, 8);
    bench.add("c", settings(1.0, 40), 16);
    let before = bench.script.evaluations;
    bench.lanes.catch_up(2);
    bench.play(Which::One(2), 0, 8);
    assert_eq!(bench.text(2), bench.text(0));
    assert_eq!(bench.script.evaluations, before, "from the tree");
    bench.lanes.catch_up(1);
    assert_eq!(bench.lanes.wanted(&mut bench.tree, 8), Ok(Vec::new()), "it has ended");
    bench.lanes.catch_up(7);
}

#[test]
fn a_ninth_lane_and_a_prompt_too_long_are_refused_by_a_sentence() {
    let mut bench = Bench::new(0);
    for _ in 0..Lanes::MOST {
        bench.add("lane", settings(1.0, 0), 4);
    }
    let setup = |prompt: Vec<Token>| LaneSetup {
        name: "one more".into(),
        prompt,
        settings: settings(1.0, 0),
        rules: StopRules::default(),
    };
    let prompt = bench.script.vocabulary().tokenize("ab");
    let error = bench.lanes.add(&mut bench.tree, setup(prompt)).expect_err("eight is all");
    assert!(error.to_string().starts_with("there are already 8 lanes"), "{error}");
    bench.lanes.remove(7);
    bench.lanes.remove(99);
    let error = bench.lanes.add(&mut bench.tree, setup(vec![Token(0); 64])).expect_err("no room");
    assert!(error.to_string().starts_with("lane \"one more\": the prompt has 64 tokens"), "{error}");
}

#[test]
fn broken_logits_end_what_was_due_and_are_reported() {
    let mut bench = Bench::new(1 << 20);
    bench.add("one", settings(1.0, 0), 4);
    bench.lanes.ask(Which::All, 3);
    let node = bench.lanes.wanted(&mut bench.tree, 8).expect("nothing there yet")[0];
    let logits = [f32::NAN, 0.0, 0.0, 0.0];
    let evaluation = Evaluation {
        summary: Summary::of(&logits, 4),
        logits: Some(logits[..].into()),
        time: Duration::ZERO,
    };
    let error = bench.lanes.absorb(&mut bench.tree, node, evaluation).expect_err("NaN");
    assert!(error.to_string().contains("the model gave 1 logits that are not numbers"), "{error}");
    assert_eq!(bench.lanes.wanted(&mut bench.tree, 8), Ok(Vec::new()));
}
