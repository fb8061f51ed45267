use proptest::prelude::*;

use super::*;
use crate::{
    decode::Cursor,
    distribution::Summary,
    engine::{Evaluator, Request, Row, scripted::Scripted},
    sampling::SamplingSettings,
};

const CONTEXT: usize = 32;

/// Greedy takes "go" (0.5) and finds only poor ends; "make" (0.4) leads to a sure one.
fn short_sighted() -> Scripted {
    Scripted::new(&["?", "go", "make", "x", "y", "."], &["."], CONTEXT)
        .rule("?", &[("go", 0.5), ("make", 0.4), ("x", 0.1)])
        .rule("go", &[("x", 0.4), ("y", 0.35), ("make", 0.25)])
        .rule("make", &[("y", 0.9), ("x", 0.1)])
        .rule("x", &[(".", 0.6), ("y", 0.4)])
        .rule("y", &[(".", 1.0)])
}

fn evaluate(script: &mut Scripted, tree: &Tree, node: NodeId) -> Evaluation {
    let path = tree.prefix(node);
    let mut found = None;
    let sink = &mut |_, row: Row<'_>| found = Some((Summary::of_row(row, 64, &[]), row.logits.into()));
    script.evaluate(&Request::after([path[..].into()], None), &mut |_| true, sink).expect("short");
    let (summary, logits) = found.expect("logits");
    Evaluation { summary, logits: Some(logits), time: Duration::ZERO }
}

fn run(script: &mut Scripted, tree: &mut Tree, settings: BeamSettings, max_tokens: usize) -> BeamSearch {
    let vocabulary = script.vocabulary();
    let prompt = vocabulary.tokenize("?");
    let rules = StopRules { max_tokens: Some(max_tokens), ..StopRules::default() };
    let mut search = BeamSearch::new(tree, vocabulary, &prompt, settings, rules, CONTEXT).expect("it begins");
    search.ask(CONTEXT);
    loop {
        let nodes = search.wanted(tree, 3).expect("finite");
        assert!(nodes.len() <= 3);
        if nodes.is_empty() {
            assert!(search.is_over());
            return search;
        }
        for node in nodes {
            let evaluation = evaluate(script, tree, node);
            search.absorb(tree, node, evaluation);
        }
    }
}

fn text(script: &Scripted, tokens: &[Token]) -> String {
    let vocabulary = script.vocabulary();
    let word = |&token: &Token| String::from_utf8_lossy(vocabulary.piece(token)).into_owned();
    tokens.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The tokens greedy decoding generates.
fn greedy(script: &mut Scripted, tree: &mut Tree, max_tokens: usize) -> Vec<Token> {
    let vocabulary = script.vocabulary();
    let prompt = vocabulary.tokenize("?");
    let rules = StopRules { max_tokens: Some(max_tokens), ..StopRules::default() };
    let settings = SamplingSettings { temperature: 0.0, seed: Some(0), ..SamplingSettings::default() };
    let mut cursor = Cursor::new(tree, vocabulary, prompt, settings, rules, CONTEXT).expect("it starts");
    while cursor.stopped().is_none() {
        if let Some(node) = cursor.wanted(tree) {
            let evaluation = evaluate(script, tree, node);
            tree.store(node, evaluation);
        }
        cursor.step(tree, false).expect("finite");
    }
    cursor.path().generated_tokens().to_vec()
}

#[test]
fn it_sees_further_than_greedy() {
    let mut script = short_sighted();
    let mut tree = Tree::new(1 << 20);
    let settings = BeamSettings { length_penalty: 0.0, ..BeamSettings::of_width(3) };
    let search = run(&mut script, &mut tree, settings, 8);
    let best = search.best().expect("one at least");
    assert_eq!(text(&script, &best.tokens), "make y .");
    assert!((best.log_probability - 0.36_f64.ln()).abs() < 1e-5);
    assert!(matches!(best.stopped, Some(StopReason::Eog { .. })));

    let greedy = greedy(&mut script, &mut tree, 8);
    assert_eq!(text(&script, &greedy), "go x .");
    let prompt = tree.children(tree.root()).next().expect("the prompt");
    let contrast = Contrast::of(&tree, prompt, &best.tokens, &greedy).expect("they part");
    assert_eq!(
        contrast.sentence("greedy", &script.vocabulary()),
        "greedy took `go` with .50; the best text began with `make`, .40"
    );
    assert_eq!(Contrast::of(&tree, prompt, &greedy, &greedy), None);
}

#[test]
fn every_continuation_tells_its_score_and_fate() {
    let mut script = short_sighted();
    let mut tree = Tree::new(1 << 20);
    let settings = BeamSettings { candidates: 3, length_penalty: 1.0, ..BeamSettings::of_width(2) };
    let search = run(&mut script, &mut tree, settings, 8);
    let rounds: Vec<&[BeamCandidate]> = search.rounds().collect();
    assert_eq!(rounds.len(), search.done());
    // go .5 and make .4 are kept, x .1 is not.
    let first: Vec<(String, Fate)> = rounds[0].iter().map(|c| (text(&script, &[c.token]), c.fate)).collect();
    assert_eq!(
        first,
        [("go".into(), Fate::Kept(0)), ("make".into(), Fate::Kept(1)), ("x".into(), Fate::Pruned)]
    );
    // make y .36, go x .2, then go y .175, go make .125, make x .04 and what make cannot be followed by.
    assert_eq!(rounds[1].len(), 6);
    assert_eq!((rounds[1][0].beam, rounds[1][0].fate), (1, Fate::Kept(0)));
    assert!((rounds[1][0].log_probability - 0.36_f64.ln()).abs() < 1e-5);
    // ln 0.36 ÷ ((5 + 2) / 6).
    assert!((rounds[1][0].score - 0.36_f64.ln() / (7.0 / 6.0)).abs() < 1e-5);
    assert!(rounds[1].windows(2).all(|pair| pair[0].score >= pair[1].score));
}

#[test]
fn early_stopping_is_never_certain_or_at_once() {
    let rounds = |early_stop, length_penalty| {
        let mut script = short_sighted();
        let mut tree = Tree::new(1 << 20);
        let settings = BeamSettings { length_penalty, early_stop, ..BeamSettings::of_width(4) };
        let search = run(&mut script, &mut tree, settings, 8);
        assert_eq!(text(&script, &search.best().expect("one").tokens), "make y .");
        search.done()
    };
    // Three of four end with the third token, "make y ." (0.36) among them; "go make y" (0.1125) goes on.
    assert_eq!(rounds(EarlyStop::Never, 0.0), 4);
    assert_eq!(rounds(EarlyStop::Certain, 0.0), 3);
    // ln 0.1125 ÷ (13/6)² = −0.47 could still overtake ln 0.36 ÷ (8/6)² = −0.57, were its tokens up to the eighth sure.
    assert_eq!(rounds(EarlyStop::Certain, 2.0), 4);
    assert_eq!(rounds(EarlyStop::First, 2.0), 3);
}

#[test]
fn limits_end_beams_and_stop_strings_do() {
    let mut script = short_sighted();
    let mut tree = Tree::new(1 << 20);
    let search = run(&mut script, &mut tree, BeamSettings::of_width(2), 1);
    assert!(search.finished().iter().all(|b| b.stopped == Some(StopReason::MaxTokens { limit: 1 })));
    assert_eq!(search.finished().len(), 2);

    let vocabulary = script.vocabulary();
    let prompt = vocabulary.tokenize("?");
    let rules = StopRules { max_tokens: Some(0), ..StopRules::default() };
    let search = BeamSearch::new(
        &mut tree,
        Arc::clone(&vocabulary),
        &prompt,
        BeamSettings::of_width(2),
        rules,
        CONTEXT,
    )
    .expect("it begins");
    assert!(search.is_over() && search.best().is_some_and(|beam| beam.tokens.is_empty()));

    let wrong =
        BeamSearch::new(&mut tree, vocabulary, &[], BeamSettings::of_width(2), StopRules::default(), CONTEXT);
    assert_eq!(wrong.err(), Some(BeamError::EmptyPrompt));
}

/// A script in which every prefix of one or two words has probabilities of its own.
fn random_script(weights: &[Vec<u32>]) -> Scripted {
    let words = ["?", "a", "b", "."];
    let mut script = Scripted::new(&words, &["."], CONTEXT);
    let endings = ["", "?", "a", "b", "?a", "?b", "aa", "ab", "ba", "bb"];
    for (ending, weights) in endings.iter().zip(weights) {
        let total = f64::from(weights.iter().sum::<u32>());
        let next: Vec<(&str, f32)> =
            words[1..].iter().zip(weights).map(|(&w, &n)| (w, (f64::from(n) / total) as f32)).collect();
        script = script.rule(ending, &next);
    }
    script
}

/// The best score of all texts of at most `left` more tokens, by trying each.
fn brute_force(
    script: &mut Scripted,
    path: &mut Vec<Token>,
    log_p: f64,
    left: usize,
    settings: &BeamSettings,
) -> f64 {
    if left == 0 || path.last() == Some(&Token(3)) {
        return settings.score(log_p, path.len() - 1);
    }
    let mut logits = Vec::new();
    script
        .evaluate(&Request::after([path[..].into()], None), &mut |_| true, &mut |_, row| {
            logits = row.logits.to_vec();
        })
        .expect("short");
    let summary = Summary::of(&logits, 4);
    let mut best = f64::NEG_INFINITY;
    for (id, &logit) in (0..).zip(&logits) {
        path.push(Token(id));
        let log_p = log_p + f64::from(logit) - summary.log_sum_exp;
        best = best.max(brute_force(script, path, log_p, left - 1, settings));
        path.pop();
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_width_of_one_is_greedy(
        weights in prop::collection::vec(prop::collection::vec(1_u32..1000, 3), 10),
        alpha in 0.0_f64..2.0,
    ) {
        // Of equally likely tokens greedy decoding takes any.
        prop_assume!(weights.iter().all(|w| w[0] != w[1] && w[1] != w[2] && w[0] != w[2]));
        let mut script = random_script(&weights);
        let mut tree = Tree::new(1 << 20);
        let settings = BeamSettings { length_penalty: alpha, ..BeamSettings::of_width(1) };
        let search = run(&mut script, &mut tree, settings, 10);
        let greedy = greedy(&mut script, &mut tree, 10);
        prop_assert_eq!(&search.best().expect("one").tokens, &greedy);
    }

    #[test]
    fn a_width_that_covers_every_path_finds_the_best_text_there_is(
        weights in prop::collection::vec(prop::collection::vec(1_u32..1000, 3), 10),
        alpha in 0.0_f64..2.0,
        certain in any::<bool>(),
    ) {
        // Two words and an end after each of three places: 1 + 2 + 4·3 = 15 texts of weight.
        let mut script = random_script(&weights);
        let mut tree = Tree::new(1 << 20);
        let early_stop = if certain { EarlyStop::Certain } else { EarlyStop::Never };
        let settings =
            BeamSettings { length_penalty: alpha, early_stop, candidates: 3, ..BeamSettings::of_width(16) };
        let search = run(&mut script, &mut tree, settings, 3);
        let expected = brute_force(&mut script, &mut vec![Token(0)], 0.0, 3, &settings);
        let found = search.best().expect("one").score;
        prop_assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
}

#[test]
fn a_round_without_room_in_the_tree_is_done_whole_when_there_is_some() {
    let mut script = Scripted::new(&["?", "go", "."], &["."], CONTEXT).rule("?", &[(".", 0.6), ("go", 0.4)]);
    let mut tree = Tree::new(1 << 20);
    let vocabulary = script.vocabulary();
    let prompt = vocabulary.tokenize("?");
    let settings = BeamSettings { early_stop: EarlyStop::Never, ..BeamSettings::of_width(2) };
    let rules = StopRules { max_tokens: Some(4), ..StopRules::default() };
    let mut search =
        BeamSearch::new(&mut tree, vocabulary, &prompt, settings, rules, CONTEXT).expect("it begins");
    search.ask(1);
    let nodes = search.wanted(&mut tree, 3).expect("finite");
    let evaluation = evaluate(&mut script, &tree, nodes[0]);
    search.absorb(&mut tree, nodes[0], evaluation);
    // Root, prompt, and one of the two continuations.
    tree.set_limit(3);
    assert!(matches!(search.wanted(&mut tree, 3), Err(BeamError::Full(_))));
    assert_eq!((search.done(), search.finished().len(), search.live().len()), (0, 0, 1));
    tree.set_limit(100);
    search.wanted(&mut tree, 3).expect("room");
    assert_eq!((search.done(), search.finished().len(), search.live().len()), (1, 1, 1));
}

#[test]
fn with_fewer_candidates_than_beams_more_are_asked_for() {
    let settings = BeamSettings { width: 3, candidates: 6, ..BeamSettings::default() };
    let texts = |mut script: Scripted| {
        let mut tree = Tree::new(0);
        let vocabulary = script.vocabulary();
        let prompt = vocabulary.tokenize("?");
        let rules = StopRules { max_tokens: Some(4), ..StopRules::default() };
        let mut search =
            BeamSearch::new(&mut tree, vocabulary, &prompt, settings, rules, CONTEXT).expect("it begins");
        search.ask(CONTEXT);
        loop {
            let nodes = search.wanted(&mut tree, 3).expect("finite");
            if nodes.is_empty() {
                break;
            }
            for node in nodes {
                let path = tree.prefix(node);
                let mut found = None;
                let sink = &mut |_, row: Row<'_>| found = Some(Summary::of_row(row, 64, &[]));
                let mut request = Request::after([path[..].into()], None);
                request.candidates = tree.candidates_wanted(node);
                script.evaluate(&request, &mut |_| true, sink).expect("short");
                let summary = found.expect("logits");
                search.absorb(&mut tree, node, Evaluation { summary, logits: None, time: Duration::ZERO });
            }
        }
        let texts: Vec<_> = search.finished().iter().map(|beam| beam.tokens.clone()).collect();
        (texts, search.named_too_few())
    };
    let whole = texts(short_sighted());
    assert_eq!((whole.0.len(), whole.1), (3, None));
    assert_eq!(texts(short_sighted().naming(1, usize::MAX)), whole, "what is asked for is named");
    assert_eq!(texts(short_sighted().naming(1, 2)).1, Some(2), "no more than two are named");
}
