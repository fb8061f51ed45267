mod shares;

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    decode::{Limits, LoopRule, StopReason, StopRules},
    distribution::Summary,
    engine::{Evaluator, scripted::Scripted},
    sampling::{LogitBias, Mirostat, SamplerKind},
};

const WORDS: [&str; 6] = ["a", "b", "c", "d", " ", "."];

/// The target: `a` and `b` almost even after anything, other things after `b` and `ca`; `.` ends.
fn target() -> Scripted {
    Scripted::new(&WORDS, &["."], 48)
        .rule("", &[("a", 0.4), ("b", 0.3), ("c", 0.15), ("d", 0.1), (" ", 0.04), (".", 0.01)])
        .rule("b", &[("c", 0.6), ("a", 0.3), (" ", 0.1)])
        .rule("ca", &[("a", 0.05), ("b", 0.7), ("d", 0.25)])
}

/// The draft: nearly the same, but it does not know `ca`.
fn draft() -> Scripted {
    Scripted::new(&WORDS, &["."], 48)
        .rule("", &[("a", 0.5), ("b", 0.3), ("c", 0.1), ("d", 0.05), (" ", 0.03), (".", 0.02)])
        .rule("b", &[("c", 0.8), ("a", 0.2)])
}

fn sampling(temperature: f32, seed: u32) -> SamplingSettings {
    SamplingSettings {
        temperature,
        seed: Some(seed),
        top_k: 0,
        top_p: 1.0,
        min_p: 0.0,
        ..SamplingSettings::default()
    }
}

fn limit(tokens: usize) -> StopRules {
    StopRules { max_tokens: Some(tokens), ..StopRules::default() }
}

fn probabilistic() -> SpeculativeSettings {
    SpeculativeSettings { rule: Rule::Probabilistic, ..SpeculativeSettings::default() }
}

/// Two scripts, and a walk on them.
struct Pair {
    target: Scripted,
    draft: Scripted,
    tree: Tree,
}

impl Pair {
    fn new(budget: usize) -> Self {
        Self { target: target(), draft: draft(), tree: Tree::new(budget) }
    }

    fn cursor(&mut self, prompt: &str, sampling: SamplingSettings, rules: StopRules) -> Cursor {
        let vocabulary = self.target.vocabulary();
        let (prompt, context) = (vocabulary.tokenize(prompt), self.target.context_size());
        Cursor::new(&mut self.tree, vocabulary, prompt, sampling, rules, context).expect("a cursor")
    }

    fn begin(
        &mut self,
        prompt: &str,
        sampling: SamplingSettings,
        rules: StopRules,
        settings: SpeculativeSettings,
    ) -> Speculation {
        let cursor = self.cursor(prompt, sampling, rules);
        Speculation::new(cursor, settings, Some(self.draft.vocabulary().len()))
    }

    fn rows(&mut self, ask: &Ask) -> (Vec<Evaluation>, Cost) {
        let model = match ask.model {
            Role::Target => &mut self.target,
            Role::Draft => &mut self.draft,
        };
        evaluate(model, &ask.request)
    }

    /// Evaluates until nothing is wanted.
    fn serve(&mut self, walk: &mut Speculation) -> Result<(), CursorError> {
        while let Some(ask) = walk.wanted(&mut self.tree)? {
            assert_eq!(
                walk.wanted(&mut self.tree)?.as_ref(),
                Some(&ask),
                "it asks again for what it did not get"
            );
            let (rows, cost) = self.rows(&ask);
            assert_eq!(rows.len(), ask.nodes.len());
            walk.absorb(&mut self.tree, (ask.model, &ask.nodes), rows, &cost);
        }
        Ok(())
    }

    /// Rounds to the end of the text.
    fn play(&mut self, walk: &mut Speculation) -> Result<(), CursorError> {
        while walk.cursor().stopped().is_none() {
            walk.ask(1);
            self.serve(walk)?;
        }
        Ok(())
    }
}

fn evaluate(model: &mut Scripted, request: &Request) -> (Vec<Evaluation>, Cost) {
    let mut rows = Vec::new();
    let eog = model.vocabulary().eog().to_vec();
    let cost = model.evaluate(request, &mut |_| true, &mut |_, row| {
        let summary = Summary::of_row(row, 256, &eog);
        rows.push(Evaluation { summary, logits: Some(row.logits.into()), time: Duration::ZERO });
    });
    (rows, cost.expect("a path that fits"))
}

/// Plain decoding on a tree of its own.
fn plain(
    prompt: &str,
    sampling: SamplingSettings,
    rules: StopRules,
) -> (Vec<Token>, Result<StopReason, CursorError>) {
    let mut pair = Pair::new(1 << 20);
    let mut cursor = pair.cursor(prompt, sampling, rules);
    loop {
        if let Some(reason) = cursor.stopped() {
            return (cursor.path().tokens().to_vec(), Ok(reason.clone()));
        }
        if let Some(node) = cursor.wanted(&pair.tree) {
            let (rows, _) =
                evaluate(&mut pair.target, &Request::after([cursor.path().tokens().into()], None));
            for row in rows {
                pair.tree.store(node, row);
            }
        }
        if let Err(error) = cursor.step(&mut pair.tree, false) {
            return (cursor.path().tokens().to_vec(), Err(error));
        }
    }
}

fn text(walk: &Speculation) -> String {
    String::from_utf8_lossy(walk.cursor().path().text().bytes()).into_owned()
}

fn any_sampling() -> impl Strategy<Value = SamplingSettings> {
    let numbers = (0.0_f32..1.6, 0_i32..6, 0.5_f32..=1.0, 0.0_f32..0.2, 0.5_f32..=1.0, any::<u16>());
    let others = (0.8_f32..1.5, 0.0_f32..0.6, 0.0_f32..0.4, 0_u8..6, any::<bool>(), 0_u8..3);
    (numbers, others).prop_map(|((temperature, top_k, top_p, min_p, typical_p, seed), others)| {
        let (repeat_penalty, xtc_probability, dynatemp_range, mirostat, ignore_eos, extra) = others;
        SamplingSettings {
            temperature: if temperature < 0.2 { 0.0 } else { temperature },
            top_k,
            top_p,
            min_p,
            typical_p,
            repeat_penalty,
            xtc_probability,
            xtc_threshold: 0.2,
            dynatemp_range,
            mirostat: match mirostat {
                0 => Mirostat::V1,
                1 => Mirostat::V2,
                _ => Mirostat::Off,
            },
            ignore_eos,
            seed: Some(u32::from(seed)),
            logit_bias: if extra == 1 { vec![LogitBias { token: Token(2), bias: 1.5 }] } else { Vec::new() },
            banned_strings: if extra == 2 { vec!["ab".to_owned()] } else { Vec::new() },
            samplers: SamplerKind::ALL.into_iter().filter(|kind| *kind != SamplerKind::Dry).collect(),
            ..SamplingSettings::default()
        }
    })
}

fn any_rules() -> impl Strategy<Value = StopRules> {
    (0_usize..30, 0_u8..6).prop_map(|(tokens, kind)| StopRules {
        max_tokens: (tokens < 24).then_some(tokens),
        stop_strings: if kind == 1 { vec!["ca".to_owned()] } else { Vec::new() },
        sentences: (kind == 2).then_some(1),
        loops: LoopRule { stop_at: (kind == 3).then_some(2), ..LoopRule::default() },
        entropy: Limits { below: (kind == 4).then_some(1.2), above: None },
        ..StopRules::default()
    })
}

fn any_settings(rule: Rule) -> impl Strategy<Value = SpeculativeSettings> {
    let lookup = (1_usize..4, 1_usize..8).prop_map(|(n, length)| LookupSettings { n, length });
    (any::<[bool; 2]>(), lookup, 0_usize..6, 0_usize..4, 0.0_f64..0.7).prop_map(
        move |([model, lookups], lookup, n_max, n_min, p_min)| SpeculativeSettings {
            sources: Sources { model, lookup: lookups },
            lookup,
            n_max,
            n_min,
            p_min,
            rule,
        },
    )
}

proptest! {
    #[test]
    fn a_match_says_what_plain_decoding_says(
        sampling in any_sampling(),
        rules in any_rules(),
        settings in any_settings(Rule::Match),
        small in any::<bool>(),
    ) {
        let (tokens, end) = plain("ab", sampling.clone(), rules.clone());
        let mut pair = Pair::new(if small { 0 } else { 1 << 20 });
        let mut walk = pair.begin("ab", sampling, rules, settings);
        let played = pair.play(&mut walk);
        prop_assert_eq!(walk.cursor().path().tokens(), &tokens[..]);
        prop_assert_eq!(played.map(|()| walk.cursor().stopped().cloned().expect("an end")), end);
        let emitted: usize = walk.rounds().iter().map(|round| round.tokens.len()).sum();
        prop_assert_eq!(emitted, walk.arrivals().len());
        prop_assert_eq!(walk.arrivals().len(), walk.cursor().path().generated());
    }

    #[test]
    fn the_other_rule_ends_where_conditions_say(
        sampling in any_sampling(),
        rules in any_rules(),
        settings in any_settings(Rule::Probabilistic),
    ) {
        let mut pair = Pair::new(1 << 20);
        let mut walk = pair.begin("ab", sampling, rules.clone(), settings);
        // A chain can leave nothing to draw.
        if pair.play(&mut walk).is_ok() {
            let generated = walk.cursor().path().generated();
            prop_assert!(rules.max_tokens.is_none_or(|most| generated <= most));
            prop_assert!(walk.cursor().path().tokens().len() <= 48);
        }
    }

    #[test]
    fn going_back_and_on_says_the_same(seed in any::<u16>(), rounds in 1_usize..5, both in any::<bool>()) {
        let settings = if both { probabilistic() } else { SpeculativeSettings::default() };
        let mut pair = Pair::new(1 << 20);
        let mut walk = pair.begin("ab", sampling(1.0, u32::from(seed)), limit(24), settings);
        walk.ask(rounds);
        pair.serve(&mut walk)?;
        let (before, last) = (walk.cursor().path().tokens().to_vec(), walk.rounds().last().cloned());
        walk.back();
        walk.ask(1);
        pair.serve(&mut walk)?;
        prop_assert_eq!(walk.cursor().path().tokens(), &before[..]);
        let again = walk.rounds().last().cloned();
        let verdicts = |round: Option<Round>| round.map(|round| (round.drafted, round.tokens));
        prop_assert_eq!(verdicts(again), verdicts(last));
    }
}

#[test]
fn a_round_by_hand() {
    // At temperature 0 the target says c after b, b after ca, and a after c.
    let mut pair = Pair::new(1 << 20);
    let mut walk = pair.begin("ab", sampling(0.0, 1), limit(40), SpeculativeSettings::default());
    walk.ask(1);
    pair.serve(&mut walk).expect("a round");
    // The draft says c a a: c and a are what the target says, and then b stands in place of a.
    let round = &walk.rounds()[0];
    assert_eq!(text(&walk), "cab");
    let verdicts: Vec<_> = round.drafted.iter().map(|drafted| drafted.verdict).collect();
    assert_eq!(verdicts, [Verdict::Accepted, Verdict::Accepted, Verdict::Refused]);
    assert_eq!(walk.arrivals(), [Arrival::Drafted, Arrival::Drafted, Arrival::Corrected]);
    assert_eq!((round.source, round.end), (DraftSource::Model, DraftEnd::Full));
    // The target has read three drafted tokens, the draft model the first two of them.
    assert_eq!((round.target_back, round.draft_back), (1, 0));
    // Prompt known: three rows. The next round reads b, too.
    assert_eq!(round.target_passes[0].rows, 3);
    // q of c after b is 0.8 of the whole there; p of it 1, for greedy decoding keeps one.
    let first = &round.drafted[0];
    assert!((first.q.unwrap() - 0.8).abs() < 1e-6 && first.p == Some(1.0), "{first:?}");
    assert!((first.overlap.unwrap() - 0.8).abs() < 1e-6);
    assert!(matches!(first.trial, Some(Trial::Drawn { token: Token(2), share: Some((0.0, 1.0)), .. })));
    walk.ask(1);
    pair.serve(&mut walk).expect("a round");
    assert_eq!(walk.rounds()[1].target_passes[0].rows, 4);
}

#[test]
fn all_accepted_bring_one_more() {
    let mut pair = Pair::new(1 << 20);
    let settings = SpeculativeSettings { n_max: 2, ..SpeculativeSettings::default() };
    let mut walk = pair.begin("ab", sampling(0.0, 1), limit(40), settings);
    walk.ask(1);
    pair.serve(&mut walk).expect("a round");
    assert_eq!(text(&walk), "cab");
    assert_eq!(walk.arrivals(), [Arrival::Drafted, Arrival::Drafted, Arrival::Bonus]);
    assert_eq!((walk.rounds()[0].target_back, walk.rounds()[0].draft_back), (0, 0));
}

#[test]
fn an_unsure_draft_ends_and_a_short_one_is_thrown_away() {
    let begin = |p_min: f64, n_min: usize| {
        let mut pair = Pair::new(1 << 20);
        let settings = SpeculativeSettings { n_min, p_min, ..SpeculativeSettings::default() };
        let mut walk = pair.begin("ab", sampling(0.0, 1), limit(40), settings);
        walk.ask(1);
        pair.serve(&mut walk).expect("a round");
        walk.rounds()[0].clone()
    };
    // c after b has 0.8; after it a has 0.5.
    let round = begin(0.6, 0);
    assert_eq!(round.drafted.len(), 1);
    assert!(matches!(round.end, DraftEnd::Unsure(share) if (share - 0.5).abs() < 1e-6));
    let round = begin(0.6, 2);
    assert_eq!((round.drafted.len(), round.thrown_away), (0, 1));
    assert_eq!(round.tokens, [(Token(2), Arrival::Plain)]);
    // The draft model has read what it drafted in vain, but c is what the target drew.
    assert_eq!(round.draft_back, 1);
}

#[test]
fn a_text_that_repeats_is_copied() {
    let mut pair = Pair::new(1 << 20);
    let settings = SpeculativeSettings {
        sources: Sources { model: true, lookup: true },
        lookup: LookupSettings { n: 2, length: 3 },
        ..SpeculativeSettings::default()
    };
    let mut walk = pair.begin("ddcabcabcab", sampling(0.0, 1), limit(40), settings);
    walk.ask(1);
    pair.serve(&mut walk).expect("a round");
    let round = &walk.rounds()[0];
    // The last ab before its end stands at 6, and cab follows it.
    assert_eq!(round.source, DraftSource::Lookup(Copied { found: 6, from: 8, tokens: 2 }));
    assert!(round.drafted.iter().all(|drafted| drafted.q.is_none() && drafted.verdict == Verdict::Accepted));
    assert!(round.draft_passes.is_empty());
    assert_eq!(text(&walk), "cab");
}

#[test]
fn ends_in_the_middle_of_a_draft() {
    let mut pair = Pair::new(1 << 20);
    pair.target = Scripted::new(&WORDS, &["."], 48)
        .rule("", &[("c", 1.0)])
        .rule("b", &[("c", 1.0)])
        .rule("c", &[(".", 1.0)])
        .rule("ac", &[("a", 1.0)]);
    pair.draft = Scripted::new(&WORDS, &["."], 48).rule("", &[("c", 1.0)]).rule("c", &[(".", 1.0)]);
    let mut walk = pair.begin("ab", sampling(0.0, 1), StopRules::default(), SpeculativeSettings::default());
    pair.play(&mut walk).expect("a text");
    // c and the end were drafted and accepted; what was drafted after the end was not looked at.
    assert_eq!(text(&walk), "c.");
    let verdicts: Vec<_> = walk.rounds()[0].drafted.iter().map(|drafted| drafted.verdict).collect();
    assert_eq!(verdicts, [Verdict::Accepted, Verdict::Accepted, Verdict::NotLookedAt]);
    assert!(matches!(walk.cursor().stopped(), Some(StopReason::Eog { .. })));
}

#[test]
fn limits_and_a_full_context_shorten_the_draft() {
    let mut pair = Pair::new(1 << 20);
    let mut walk = pair.begin("ab", sampling(0.0, 1), limit(2), SpeculativeSettings::default());
    pair.play(&mut walk).expect("a text");
    assert_eq!((walk.rounds().len(), walk.rounds()[0].drafted.len()), (1, 1));
    assert_eq!((walk.rounds()[0].end, walk.arrivals().len()), (DraftEnd::NoRoom, 2));
    let bans = SamplingSettings { ignore_eos: true, ..sampling(1.0, 3) };
    let mut pair = Pair::new(1 << 20);
    let mut walk =
        pair.begin("ab", bans, StopRules::default(), SpeculativeSettings { n_max: 5, ..probabilistic() });
    pair.play(&mut walk).expect("a text");
    assert!(matches!(walk.cursor().stopped(), Some(StopReason::ContextFull { .. })));
    assert_eq!(walk.cursor().path().tokens().len(), 48);
}

#[test]
fn rolling_again_and_picking_by_hand_go_on_from_there() {
    let mut pair = Pair::new(1 << 20);
    let mut walk = pair.begin("ab", sampling(1.0, 1), limit(40), SpeculativeSettings::default());
    walk.ask(2);
    pair.serve(&mut walk).expect("rounds");
    let generated = walk.arrivals().len();
    walk.roll_again();
    pair.serve(&mut walk).expect("a token");
    assert_eq!((walk.arrivals().len(), walk.arrivals().last()), (generated, Some(&Arrival::Plain)));
    walk.back_to(1);
    assert!(walk.take(&mut pair.tree, Token(3)).expect("a token"));
    assert_eq!(walk.arrivals().last(), Some(&Arrival::Hand));
    walk.ask(1);
    pair.serve(&mut walk).expect("a round");
    assert!(walk.rounds().last().is_some_and(|round| round.begin == 2));
}

#[test]
fn where_p_is_not_known_before_the_draw_drafts_are_matched() {
    let mut pair = Pair::new(1 << 20);
    let with = |sampling: SamplingSettings, pair: &mut Pair| {
        let walk = pair.begin("ab", sampling, limit(4), probabilistic());
        (walk.rule(), walk.why_match().is_some())
    };
    assert_eq!(with(sampling(1.0, 1), &mut pair), (Rule::Probabilistic, false));
    let mirostat = SamplingSettings { mirostat: Mirostat::V2, ..sampling(1.0, 1) };
    assert_eq!(with(mirostat, &mut pair), (Rule::Match, true));
}

#[test]
fn plain_decoding_beside_says_the_same() {
    let mut pair = Pair::new(1 << 20);
    let mut walk = pair.begin("ab", sampling(1.0, 5), limit(30), SpeculativeSettings::default());
    let mut other = Pair::new(1 << 20);
    let cursor = other.cursor("ab", sampling(1.0, 5), limit(30));
    let mut beside = Plain::new(std::mem::replace(&mut other.tree, Tree::new(0)), cursor);
    while walk.cursor().stopped().is_none() {
        walk.ask(1);
        pair.serve(&mut walk).expect("a round");
        while let Some((request, node)) = beside.wanted(&walk, &mut pair.tree).expect("numbers") {
            let (rows, cost) = evaluate(&mut other.target, &request);
            for row in rows {
                beside.absorb(node, row, &cost);
            }
        }
        assert_eq!(beside.same(), walk.arrivals().len());
    }
    assert_eq!((beside.difference(), beside.largest_difference()), (None, 0.0));
    assert_eq!(beside.passes().len() + 1, walk.arrivals().len());
    assert_eq!(beside.cursor().stopped(), walk.cursor().stopped());
    beside.back_to(2);
    assert_eq!((beside.same(), beside.cursor().path().generated()), (2, 2));
}

#[test]
fn gains_add_rounds_up() {
    let mut pair = Pair::new(1 << 20);
    let mut walk = pair.begin("ab", sampling(0.0, 1), limit(40), SpeculativeSettings::default());
    walk.ask(2);
    pair.serve(&mut walk).expect("rounds");
    let gains = Gains::of(walk.rounds());
    assert_eq!((gains.rounds, gains.drafted, gains.by_position.len()), (2, 6, 3));
    assert_eq!(gains.tokens, walk.arrivals().len());
    assert_eq!(gains.by_position[0].0, 2);
    assert_eq!((gains.target_passes, gains.target_rows), (2, 7));
    assert_eq!(gains.usual_rows(), Some(4));
    assert!(gains.target_pass(4).is_some() && gains.target_pass(1).is_none());
}
