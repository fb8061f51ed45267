use super::*;
use crate::{
    cost::rows,
    engine::{Evaluator, scripted::Scripted},
    settings::CacheType,
};

fn script() -> Scripted {
    Scripted::new(&["?", "a", "b", "."], &["."], 64)
        .rule("?", &[("a", 0.7)])
        .rule("a", &[(".", 0.6), ("b", 0.3)])
        .rule("b", &[("a", 0.9)])
}

fn costs(prompt: usize, wish: Wish) -> Costs {
    let limits = Limits { context: 64, micro_batch: 16, vocabulary: 4, cache: CacheType::F16 };
    Costs::new(Plan::new(&vec![Token(0); prompt], wish, limits), None, &[Token(3)])
}

/// Goes through all passes; the rows that each subject took.
fn run(costs: &mut Costs, script: &mut Scripted) -> usize {
    let mut rows = 0;
    while let Some(pass) = costs.wanted() {
        let measured = Measured::of(script, &pass, &[], &mut |_| true);
        rows += measured.as_ref().map_or(0, |measured| measured.cost.decoded);
        costs.absorb(measured);
    }
    rows
}

#[test]
fn rows_are_those_of_the_formula() {
    for (prompt, tokens, repeats) in [(4, 3, 1), (1, 1, 1), (7, 12, 3)] {
        let mut costs = costs(prompt, Wish { tokens, repeats, depth: 16 });
        let all = costs.rows().1;
        assert_eq!(run(&mut costs, &mut script()), all, "every pass takes the rows that were foreseen");
        let counted = costs.on_off().rows();
        assert_eq!(counted, (rows::with_cache(prompt, tokens), rows::without_cache(prompt, tokens)));
        assert_eq!(costs.rows(), (all, all));
        assert!(costs.is_done() && costs.failed().is_empty());
    }
}

#[test]
fn both_write_the_likeliest_tokens_and_no_end() {
    let mut costs = costs(2, Wish { tokens: 4, repeats: 2, depth: 16 });
    run(&mut costs, &mut script());
    let on_off = costs.on_off();
    assert_eq!(on_off.text, [1, 2, 1, 2].map(Token));
    assert_eq!((&on_off.text, on_off.parted, on_off.difference), (&on_off.text_without, None, 0.0));
    // A tenth of a millisecond a row: two rows, then one each; without the cache 2, 3, 4, 5.
    let medians =
        |samples: &[Sample]| samples.iter().map(|s| (s.median().unwrap() * 10.0).round()).collect::<Vec<_>>();
    assert_eq!(medians(&on_off.on), [2.0, 1.0, 1.0, 1.0]);
    assert_eq!(medians(&on_off.off), [2.0, 3.0, 4.0, 5.0]);
    assert!(on_off.on.iter().all(|sample| sample.len() == 2));
    let (first, last) = on_off.first_and_last().unwrap();
    assert!((first - 0.2).abs() < 1e-9 && (last - 0.5).abs() < 1e-9, "{first} {last}");
}

#[test]
fn everything_is_timed_as_often_as_was_asked_for() {
    let mut costs = costs(2, Wish { tokens: 4, repeats: 3, depth: 32 });
    run(&mut costs, &mut script());
    let batches = costs.batches();
    assert_eq!(batches.passes.iter().map(|pass| pass.0).collect::<Vec<_>>(), [1, 2, 4, 8, 16]);
    assert!(batches.passes.iter().all(|(_, sample)| sample.len() == 3));
    assert_eq!((batches.rows, batches.one.len(), batches.all.len()), (16, 3, 3));
    // A row takes as long with logits as without, here.
    assert_eq!(batches.projection(), Some((0.0, 0.0)));
    assert!((batches.rate(4).unwrap() - 10_000.0).abs() < 1e-6);
    let depths: Vec<_> = costs.depths().iter().map(|(depth, sample)| (*depth, sample.len())).collect();
    assert_eq!(depths, [(16, 9), (32, 9)]);
    for run in costs.types() {
        assert_eq!(
            (run.token.len(), run.parted, run.mean_divergence()),
            (9, None, Some(0.0)),
            "{:?}",
            run.cache
        );
        assert_eq!(run.divergence.len(), 4);
    }
    assert_eq!(costs.around().statistics.len(), 4);
}

#[test]
fn what_cannot_be_measured_is_left_out_and_the_rest_goes_on() {
    let mut costs = costs(2, Wish { tokens: 2, repeats: 2, depth: 16 });
    let mut script = script();
    while let Some(pass) = costs.wanted() {
        let q4 = pass.benches[pass.bench].cache == CacheType::Q4_0;
        let batches = costs.subject() == Some(Subject::Batches);
        if q4 || batches {
            costs.absorb(Err(EvaluateError::Failed("no".into())));
        } else {
            let measured = Measured::of(&mut script, &pass, &[], &mut |_| true);
            costs.absorb(measured);
        }
    }
    assert!(costs.is_done());
    assert_eq!(costs.failed(), [(Subject::Batches, "llama.cpp could not decode: no".to_owned())]);
    let failed: Vec<bool> = costs.types().iter().map(|run| run.failed.is_some()).collect();
    assert_eq!(failed, [false, false, true]);
    assert_eq!(costs.types()[1].token.len(), 2);
    assert_eq!(costs.depths()[0].1.len(), 6);
}

#[test]
fn the_contexts_of_a_measurement_leave_the_text_alone() {
    let mut script = script();
    let path: Arc<[Token]> = [Token(0), Token(1)].into();
    script.evaluate(&Request::after([path], Some(1)), &mut |_| true, &mut |_, _| {}).unwrap();
    let before = script.kv_use();
    run(&mut costs(3, Wish { tokens: 3, repeats: 1, depth: 16 }), &mut script);
    assert_eq!(script.kv_use(), before);
}

#[test]
fn divergence_by_hand() {
    // ½ and ½ against ¼ and ¾: ½ log₂ 2 + ½ log₂ ⅔.
    let (half, other) = ([0.0f32, 0.0], [0.0f32, 3f32.ln()]);
    let expected = 0.5 + 0.5 * (2.0f64 / 3.0).log2();
    assert!((divergence(&half, &other) - expected).abs() < 1e-6);
    assert!(divergence(&half, &half).abs() < 1e-12);
    assert!(divergence(&half, &[0.0, f32::NEG_INFINITY]).is_infinite());
    // What the first rules out does not count.
    assert!((divergence(&[0.0, f32::NEG_INFINITY], &half) - 1.0).abs() < 1e-9);
}
