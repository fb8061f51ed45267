//! Whatever a stage is called exact on a row with a tail has to be the whole row's.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::{
    distribution::{Row, Summary, cut},
    token::Token,
};

fn model(n_vocab: usize) -> ChainModel {
    ChainModel { n_vocab, context_size: 512, eog: vec![Token(0)], ..ChainModel::default() }
}

fn only(samplers: &[SamplerKind], change: impl FnOnce(&mut SamplingSettings)) -> SamplingSettings {
    let mut settings = SamplingSettings {
        samplers: samplers.to_vec(),
        temperature: 1.0,
        top_k: 0,
        top_p: 1.0,
        min_p: 0.0,
        repeat_penalty: 1.0,
        seed: Some(1),
        ..SamplingSettings::default()
    };
    change(&mut settings);
    settings
}

/// 1/2, 1/4, 1/8 … of 12 tokens, of which the first `k` are named.
fn halves(k: usize) -> (Arc<[f32]>, Arc<[f32]>, crate::distribution::Tail) {
    let mut p: Vec<f64> = (1..12).map(|power| 0.5_f64.powi(power)).collect();
    p.push(0.5_f64.powi(11));
    let whole: Vec<f32> = p.iter().map(|p| p.ln() as f32).collect();
    let (known, tail) = cut(&whole, k);
    (whole.into(), known.into(), tail)
}

/// What could differ in each stage that acts, and in the draw.
fn doubts(settings: &SamplingSettings, k: usize, history: &[Token]) -> (Vec<Option<Doubt>>, Option<Doubt>) {
    let (_, known, tail) = halves(k);
    let mut chain = Chain::new(settings, 1, &model(12)).expect("a chain");
    let row = Row { logits: &known, tail: Some(tail) };
    let outcome = chain.apply(row, history, &SamplerState::default(), 0.1, true);
    let stages = chain.stages().iter().map(|stage| stage.doubt).collect();
    let draw = chain.unnamed().expect("a tail").doubt;
    let xray = chain.xray_row((&known, Some(tail)), history, &SamplerState::default(), 0.1);
    assert_eq!((xray.outcome.chosen, xray.doubt), (outcome.chosen, draw));
    (stages, draw)
}

fn draw_is_exact(settings: &SamplingSettings, k: usize) -> bool {
    doubts(settings, k, &[]).1.is_none()
}

#[test]
fn each_stage_by_hand() {
    use SamplerKind::{MinP, Penalties, Temperature, TopK, TopNSigma, TopP, TypicalP, Xtc};
    // Greedy needs one.
    assert!(draw_is_exact(&only(&[Temperature], |s| s.temperature = 0.0), 1));
    // Top-k as many as it keeps, and what follows is exact, too.
    for (k, exact) in [(3, false), (4, true), (5, true)] {
        assert_eq!(draw_is_exact(&only(&[TopK], |s| s.top_k = 4), k), exact, "{k} named");
    }
    let after = only(&[TopK, TypicalP, TopNSigma, Temperature], |s| {
        (s.top_k, s.typical_p, s.top_n_sigma, s.temperature, s.dynatemp_range) = (4, 0.5, 1.0, 1.7, 0.5);
    });
    assert_eq!(doubts(&after, 4, &[]), (vec![None; 4], None));
    // 1/2 + 1/4 + 1/8 reach 0.8, two do not.
    for (k, exact) in [(2, false), (3, true)] {
        assert_eq!(draw_is_exact(&only(&[TopP], |s| s.top_p = 0.8), k), exact, "{k} named");
    }
    // A tenth of a half: 1/16 is the least that stays, and the tail is below 1/32.
    for (k, exact) in [(4, false), (5, true)] {
        assert_eq!(draw_is_exact(&only(&[MinP], |s| s.min_p = 0.1), k), exact, "{k} named");
    }
    // XTC looks at what is above its threshold; the tail stays, so the draw goes by rank.
    let xtc = only(&[Xtc], |s| (s.xtc_probability, s.xtc_threshold) = (1.0, 0.2));
    assert_eq!(doubts(&xtc, 4, &[]), (vec![None], Some(Doubt::Order)));
    assert_eq!(doubts(&xtc, 1, &[]).0, [Some(Doubt::Bound)]);
    for (kind, why) in [(TopNSigma, Doubt::Shape), (TypicalP, Doubt::Shape), (Temperature, Doubt::Share)] {
        let settings = only(&[kind], |s| (s.top_n_sigma, s.typical_p, s.temperature) = (1.0, 0.9, 0.7));
        assert_eq!(doubts(&settings, 6, &[]), (vec![Some(why)], Some(Doubt::Earlier)), "{kind:?}");
    }
    // A temperature first leaves the order as it is: what top-k keeps is exact again.
    let hot = only(&[Temperature, TopK], |s| (s.temperature, s.top_k) = (1.5, 4));
    assert_eq!(doubts(&hot, 4, &[]), (vec![Some(Doubt::Share), None], None));
    // Penalties take away from named tokens; the fourth has fallen below what may be in the tail.
    let penal = |change: fn(&mut SamplingSettings)| only(&[Penalties, TopK], change);
    let presence = penal(|s| (s.presence_penalty, s.top_k) = (0.1, 3));
    assert_eq!(doubts(&presence, 4, &[Token(1)]), (vec![None, None], None));
    let heavy = penal(|s| (s.presence_penalty, s.top_k) = (5.0, 4));
    let too_few = Some(Doubt::TooFew { k: 4, named: 4 });
    assert_eq!(doubts(&heavy, 4, &[Token(1)]), (vec![None, too_few], Some(Doubt::Earlier)));
    assert_eq!(doubts(&presence, 4, &[Token(9)]), (vec![Some(Doubt::Single), None], None));
    let repeat = penal(|s| (s.repeat_penalty, s.top_k) = (1.1, 3));
    assert_eq!(doubts(&repeat, 4, &[Token(1)]).0, [Some(Doubt::Sign), Some(Doubt::Earlier)]);
    assert_eq!(doubts(&repeat, 4, &[]), (vec![None, None], None));
    // Banning the end, token 0, is exact when it was named.
    let ban = only(&[TopK], |s| (s.ignore_eos, s.top_k) = (true, 3));
    assert_eq!(doubts(&ban, 4, &[]), (vec![None, None], None));
    // Nothing at all: the probabilities are right, the order of the draw is not.
    assert_eq!(doubts(&only(&[], |_| {}), 4, &[]), (vec![], Some(Doubt::Order)));
    // μ is 2τ at first: 4 bits are the fifth token.
    let mirostat = |tau: f32| only(&[], |s| (s.mirostat, s.mirostat_tau) = (Mirostat::V2, tau));
    assert!(draw_is_exact(&mirostat(1.7), 4) && !draw_is_exact(&mirostat(2.6), 4));
}

#[test]
fn equal_candidates_at_a_cut_may_be_others_until_they_are_cut_too() {
    use SamplerKind::{Temperature, TopK, TopP};
    // 0.4, then three of 0.15, of which top-k keeps one; the rest has 0.15.
    let whole: Vec<f32> = [0.4_f32, 0.15, 0.15, 0.15, 0.05, 0.05, 0.05].map(f32::ln).to_vec();
    let (known, tail) = cut(&whole, 4);
    let row = Row { logits: &known, tail: Some(tail) };
    let doubts = |settings: &SamplingSettings| {
        let mut chain = Chain::new(settings, 1, &model(7)).expect("a chain");
        chain.apply(row, &[], &SamplerState::default(), 0.1, true);
        let stages: Vec<_> = chain.stages().iter().map(|stage| stage.doubt).collect();
        (stages, chain.unnamed().expect("a tail").doubt)
    };
    let two = only(&[TopK, Temperature], |s| (s.top_k, s.temperature) = (2, 0.5));
    assert_eq!(doubts(&two), (vec![Some(Doubt::Ties); 2], Some(Doubt::Ties)));
    // Top-p leaves the one that is certain.
    let one = only(&[TopK, Temperature, TopP], |s| (s.top_k, s.temperature, s.top_p) = (2, 0.5, 0.6));
    assert_eq!(doubts(&one), (vec![Some(Doubt::Ties), Some(Doubt::Ties), None], None));
    // All three are kept, in an order of the sampler's own.
    let four = only(&[TopK], |s| s.top_k = 4);
    assert_eq!(doubts(&four), (vec![None], Some(Doubt::Ties)));
}

#[test]
fn a_number_beyond_the_named_tokens_draws_none() {
    let (_, known, tail) = halves(2);
    let mut chain = Chain::new(&only(&[], |_| {}), 1, &model(12)).expect("a chain");
    let row = Row { logits: &known, tail: Some(tail) };
    for (u, token) in [(0.1, Some(0)), (0.49, Some(0)), (0.6, Some(1)), (0.76, None), (0.99, None)] {
        let outcome = chain.apply(row, &[], &SamplerState::default(), u, true);
        assert_eq!((!outcome.in_tail).then_some(outcome.chosen.0), token, "{u}");
        let p = token.map_or(0.25, |id| [0.5, 0.25][id as usize]);
        assert!((outcome.p_final - p).abs() < 1e-5, "{u}: {}", outcome.p_final);
    }
    let unnamed = chain.unnamed().expect("a tail");
    assert_eq!(unnamed.count, 10);
    assert!((unnamed.p - 0.25).abs() < 1e-5 && chain.p_final(Token(7)).is_nan());
    assert_eq!(chain.survivors().map(|(token, _)| token.0).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn where_everything_is_banned_nothing_is_drawn_from_the_tail() {
    let whole = [-0.3_f32, -1.3];
    let (known, tail) = cut(&whole, 1);
    let settings = only(&[], |s| {
        s.ignore_eos = true;
        s.logit_bias = vec![LogitBias { token: Token(1), bias: f32::NEG_INFINITY }];
    });
    let mut chain = Chain::new(&settings, 1, &model(2)).expect("a chain");
    let row = Row { logits: &known, tail: Some(tail) };
    let outcome = chain.apply(row, &[], &SamplerState::default(), 0.0, true);
    assert!(!outcome.in_tail && outcome.p_final.is_nan(), "{outcome:?}");
}

fn stage() -> impl Strategy<Value = SamplerKind> {
    prop::sample::select(
        SamplerKind::ALL.into_iter().filter(|kind| *kind != SamplerKind::Dry).collect::<Vec<_>>(),
    )
}

prop_compose! {
    fn settings()(
        samplers in prop::collection::vec(stage(), 0..5),
        (top_k, top_p, min_p) in (0_i32..30, 0.05_f32..1.0, 0.0_f32..0.3),
        (typical_p, top_n_sigma) in (0.2_f32..1.2, -1.0_f32..3.0),
        (temperature, dynatemp_range) in (prop::sample::select(vec![0.0_f32, 0.4, 0.8, 1.0, 1.0, 1.5]), prop::sample::select(vec![0.0_f32, 0.0, 0.0, 0.3])),
        (xtc_probability, xtc_threshold) in (prop::sample::select(vec![0.0_f32, 0.5, 1.0]), 0.02_f32..0.5),
        (repeat, presence_penalty, frequency_penalty) in (prop::bool::weighted(0.2), prop::sample::select(vec![0.0_f32, 0.3, -0.4]), prop::sample::select(vec![0.0_f32, 0.2])),
        (mirostat, tau) in (prop::sample::select(vec![0, 0, 0, 0, 1, 2]), 0.5_f32..4.0),
        ignore_eos in any::<bool>(),
        bias in prop::option::of((0_u32..60, prop::sample::select(vec![f32::NEG_INFINITY, -1.0, 1.0]))),
    ) -> SamplingSettings {
        SamplingSettings {
            samplers, top_k, top_p, min_p, typical_p, top_n_sigma, temperature, dynatemp_range, xtc_probability,
            xtc_threshold, presence_penalty, frequency_penalty, ignore_eos,
            repeat_penalty: if repeat { 1.2 } else { 1.0 },
            mirostat: [Mirostat::Off, Mirostat::V1, Mirostat::V2][mirostat],
            mirostat_tau: tau,
            logit_bias: bias.into_iter().map(|(id, bias)| LogitBias { token: Token(id), bias }).collect(),
            seed: Some(3),
            ..SamplingSettings::default()
        }
    }
}

/// Whether what one stage left is the same, for the named tokens one by one and for the others together.
fn same(whole: &Snapshot, part: &Snapshot, known: &[f32]) -> Result<(), TestCaseError> {
    let mut mass = 0.0;
    for c in whole.in_order() {
        if known[c.token.index()] > f32::NEG_INFINITY {
            let logit = part.logit(c.token);
            prop_assert!(logit.is_some(), "{:?} is missing", c.token);
            let p = part.probability(logit.unwrap_or(0.0));
            prop_assert!((p - c.p).abs() < 2e-4, "{:?}: {p}, not {}", c.token, c.p);
        } else {
            mass += c.p;
        }
    }
    for c in part.in_order() {
        prop_assert!(whole.logit(c.token).is_some(), "{:?} is too much", c.token);
    }
    prop_assert!((part.unnamed_mass() - mass).abs() < 2e-4, "the rest: {}, not {mass}", part.unnamed_mass());
    let entropy = part.entropy_bits();
    let truth = whole.entropy_bits().low;
    prop_assert!(entropy.low - 5e-3 <= truth && truth <= entropy.high + 5e-3, "{entropy:?}, {truth}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_is_called_exact_is_that_of_the_whole_row(
        settings in settings(),
        raw in prop::collection::vec(0.0_f32..8.0, 2..60),
        steep in prop::sample::select(vec![0.3_f32, 1.0, 3.0]),
        k in 1_usize..30,
        u in 0.0_f64..1.0,
        history in prop::collection::vec(0_u32..60, 0..6),
    ) {
        let n = raw.len();
        let logits: Vec<f32> = raw.iter().map(|l| l * steep).collect();
        let lse = Summary::of(&logits, 1).log_sum_exp;
        // The whole row as a server that names every token would tell it.
        let whole: Arc<[f32]> = logits.iter().map(|l| (f64::from(*l) - lse) as f32).collect();
        let (known, tail) = cut(&whole, k.min(n - 1));
        let known: Arc<[f32]> = known.into();
        let history: Vec<Token> = history.into_iter().map(|id| Token(id % n as u32)).collect();
        let state = SamplerState::default();
        // A repetition penalty has logits to go by here.
        let shifted: Arc<[f32]> = logits.clone().into();
        let mut chain = Chain::new(&settings, 3, &model(n)).unwrap();
        let all = chain.xray(&shifted, &history, &state, u);
        let part = chain.xray_row((&known, Some(tail)), &history, &state, u);
        for (of_whole, of_part) in all.stages.iter().zip(&part.stages) {
            prop_assert_eq!(of_whole.kind, of_part.kind);
            if of_part.off.is_none() && of_part.doubt.is_none() {
                same(&of_whole.after, &of_part.after, &known)?;
            }
        }
        if part.doubt.is_none() {
            same(all.last(), part.last(), &known)?;
            prop_assert!(!part.outcome.in_tail);
            let edge = edge(all.last(), u);
            prop_assert!(
                edge < 2e-4 || part.outcome.chosen == all.outcome.chosen || all.outcome.p_final.is_nan(),
                "{:?}, not {:?}", part.outcome, all.outcome
            );
        }
        // The trace says the same.
        let outcome = chain.apply(Row { logits: &known, tail: Some(tail) }, &history, &state, u, true);
        prop_assert_eq!(outcome.chosen, part.outcome.chosen);
        prop_assert_eq!(chain.unnamed().unwrap().doubt, part.doubt);
        let acting: Vec<_> = part.stages.iter().filter(|stage| stage.off.is_none()).collect();
        let acting = acting.iter().filter(|stage| stage.kind != StageKind::Grammar);
        let (told, xrayed): (Vec<_>, Vec<_>) = (
            chain.stages().iter().map(|stage| (stage.kept, stage.doubt)).collect(),
            acting.map(|stage| (stage.kept, stage.doubt)).collect(),
        );
        prop_assert_eq!(told, xrayed);
        // And without a trace the same token is drawn.
        let top = Summary::of_row(Row { logits: &known, tail: Some(tail) }, 256, &[]).top;
        let untraced = chain.apply_to_top(Row { logits: &known, tail: Some(tail) }, &top, &history, &state, u);
        prop_assert_eq!((untraced.chosen, untraced.in_tail), (outcome.chosen, outcome.in_tail));
    }
}

#[test]
fn much_is_called_exact() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut draws, mut stages, mut all) = (0, 0, 0);
    for _ in 0..400 {
        let settings = settings().new_tree(&mut runner).expect("a value").current();
        let (_, known, tail) = halves(8);
        let mut chain = Chain::new(&settings, 3, &model(12)).expect("a chain");
        chain.apply(
            Row { logits: &known, tail: Some(tail) },
            &[Token(3)],
            &SamplerState::default(),
            0.3,
            true,
        );
        draws += usize::from(chain.unnamed().expect("a tail").doubt.is_none());
        stages += chain.stages().iter().filter(|stage| stage.doubt.is_none()).count();
        all += chain.stages().len();
    }
    assert!(draws > 100 && draws < 390, "{draws} of 400 draws");
    assert!(stages * 3 > all && stages < all, "{stages} of {all} stages");
}

/// How far u lies from the nearest end of a token's share, which rounding may move.
fn edge(last: &Snapshot, u: f64) -> f64 {
    let mut sum = 0.0;
    last.in_order().fold(u.min(1.0 - u), |edge, c| {
        sum += c.p;
        edge.min((u - sum).abs())
    })
}
