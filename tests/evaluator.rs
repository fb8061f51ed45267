//! Many paths at once on the built-in model: the logits are those of each path alone, however little room there is.

use std::sync::Arc;

use logitscope::{
    engine::{
        Cost, EvaluateError, Evaluator, Progress, Request, Rows,
        llama::{CacheLayout, LlamaEvaluator, LoadedModel, load, log},
    },
    gguf::Memory,
    settings::ModelSettings,
    token::Token,
};

/// Tokens of the prompt that all paths share.
const PROMPT: usize = 20;

fn model() -> LoadedModel {
    log::start(None).expect("nothing to write to");
    load(&ModelSettings { threads: Some(1), ..ModelSettings::default() }, |_| true)
        .expect("the built-in model loads")
}

/// A path of its own after the prompt, any tokens.
fn path(branch: u32, length: usize) -> Vec<Token> {
    let prompt = (0..PROMPT as u32).map(|i| 300 + 7 * i);
    let own = (0..).map(|i| 500 + 31 * branch + 3 * i);
    prompt.chain(own).take(PROMPT + length).map(Token).collect()
}

fn evaluator(model: &LoadedModel, sequences: u32, together: bool, layout: CacheLayout) -> LlamaEvaluator<'_> {
    let settings =
        ModelSettings { ctx_size: 256, sequences, batch_lanes: together, ..ModelSettings::default() };
    LlamaEvaluator::with_layout(model, &settings, layout).expect("a context")
}

fn evaluate(evaluator: &mut LlamaEvaluator<'_>, paths: &[Vec<Token>]) -> (Vec<Vec<f32>>, Cost) {
    evaluate_for(evaluator, paths, None)
}

/// The same where the paths begin with a prompt of so many tokens.
fn evaluate_for(
    evaluator: &mut LlamaEvaluator<'_>,
    paths: &[Vec<Token>],
    prompt: Option<usize>,
) -> (Vec<Vec<f32>>, Cost) {
    let mut found = vec![Vec::new(); paths.len()];
    let request = Request::after(paths.iter().map(|path| path[..].into()), prompt);
    let cost = evaluator
        .evaluate(&request, &mut |_| true, &mut |id, row| found[id.path] = row.logits.to_vec())
        .expect("each path fits the context");
    assert!(found.iter().all(|logits| logits.len() == 4096), "every path has logits");
    (found, cost)
}

/// The logits of a path alone in a context of its own: the prompt first, then token by token.
fn alone(model: &LoadedModel, path: &[Token]) -> Vec<f32> {
    let mut evaluator = evaluator(model, 1, false, CacheLayout::Shared);
    let mut logits = Vec::new();
    for end in PROMPT..=path.len() {
        logits = evaluate(&mut evaluator, &[path[..end].to_vec()]).0.remove(0);
    }
    logits
}

/// The largest difference between two distributions' logits.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn paths_in_cells_of_their_own_have_the_very_logits_of_each_alone() {
    let model = model();
    // Fewer sequences than paths: the longest unused one is evicted and its path evaluated again.
    let mut evaluator = evaluator(&model, 3, false, CacheLayout::Apart);
    for length in 1..4 {
        for branch in 0..5 {
            let path = path(branch, length);
            let (found, _) = evaluate_for(&mut evaluator, std::slice::from_ref(&path), Some(PROMPT));
            assert_eq!(found[0], alone(&model, &path), "branch {branch}, length {length}");
        }
    }
    assert_eq!(evaluator.kv_use().sequences, 3);
}

#[test]
fn paths_have_caches_of_their_own_as_far_as_the_budget_goes() {
    let model = model();
    let layout = |change: &dyn Fn(&mut ModelSettings)| {
        let mut settings = ModelSettings::default();
        change(&mut settings);
        LlamaEvaluator::new(&model, &settings).expect("a context").layout()
    };
    // 16 paths of 512 cells of 2,560 bytes take 20 MiB.
    assert_eq!(layout(&|_| {}), CacheLayout::Apart);
    assert_eq!(layout(&|settings| settings.kv_budget_mib = 10), CacheLayout::Apart, "eight of them");
    assert_eq!(layout(&|settings| settings.kv_budget_mib = 9), CacheLayout::Shared);
    assert_eq!(layout(&|settings| settings.batch_lanes = true), CacheLayout::Shared);
    let alone = |settings: &mut ModelSettings| (settings.sequences, settings.kv_budget_mib) = (1, 0);
    assert_eq!(layout(&alone), CacheLayout::Apart);
}

#[test]
fn caches_grow_with_the_paths_and_nothing_is_read_again() {
    let model = model();
    // 8,192 cells: up to 1,024 for each of eight paths.
    let settings = ModelSettings { ctx_size: 2048, kv_budget_mib: 20, ..ModelSettings::default() };
    let mut evaluator = LlamaEvaluator::new(&model, &settings).expect("a context");
    let mut lanes = [path(0, 480), path(1, 480)];
    for lane in &lanes {
        evaluate_for(&mut evaluator, std::slice::from_ref(lane), Some(PROMPT + 480));
    }
    let before = evaluator.kv_use();
    assert_eq!((before.caches, before.room, evaluator.context_size()), (8, 4096, 2048));
    assert_eq!((before.used_bytes, before.allocated_bytes), (1000 * 2560, 10 << 20));
    for length in 481..500 {
        for lane in 0..2 {
            lanes[lane] = path(lane as u32, length);
            let (_, cost) = evaluate_for(&mut evaluator, &lanes[lane..=lane], Some(PROMPT + 480));
            assert_eq!(cost.decoded, 1, "lane {lane}, length {length}");
        }
    }
    let after = evaluator.kv_use();
    assert_eq!((after.caches, after.room, after.sequences), (8, 8192, 2));
    assert_eq!(evaluator.layout(), CacheLayout::Apart);
    // The same in a context that was large from the start.
    let large = ModelSettings { ctx_size: 2048, sequences: 1, ..settings };
    let mut large = LlamaEvaluator::new(&model, &large).expect("a context");
    let alone = (480..500).map(|length| evaluate(&mut large, &[path(1, length)]).0.remove(0)).last();
    let (found, _) = evaluate_for(&mut evaluator, &[path(1, 499)], Some(PROMPT + 480));
    assert!(alone == Some(found.into_iter().next().expect("one")), "to the bit");
    // Too long for eight caches: then all paths share one, of the whole context.
    evaluate_for(&mut evaluator, &[path(0, 1100)], Some(PROMPT + 480));
    assert_eq!((evaluator.layout(), evaluator.kv_use().room), (CacheLayout::Shared, 2048));
    let (_, cost) = evaluate_for(&mut evaluator, &[path(0, 1101)], Some(PROMPT + 480));
    assert_eq!(cost.decoded, 1, "there it goes on");
}

#[test]
fn caches_grow_as_far_as_the_budget_goes_and_lie_apart_again_for_another_text() {
    let model = model();
    // 6,144 cells: 768 for each of eight paths, where twice the first 512 are not to be had.
    let settings = ModelSettings { ctx_size: 2048, kv_budget_mib: 15, ..ModelSettings::default() };
    let mut evaluator = LlamaEvaluator::new(&model, &settings).expect("a context");
    let prompt = Some(PROMPT + 480);
    evaluate_for(&mut evaluator, &[path(0, 480)], prompt);
    for length in 481..500 {
        let (_, cost) = evaluate_for(&mut evaluator, &[path(0, length)], prompt);
        assert_eq!(cost.decoded, 1, "nothing is read again, length {length}");
    }
    assert_eq!((evaluator.layout(), evaluator.kv_use().room), (CacheLayout::Apart, 6144));
    evaluate_for(&mut evaluator, &[path(0, 800)], prompt);
    assert_eq!(evaluator.layout(), CacheLayout::Shared, "there is no more room for eight");
    // Another text that is too long shares the cache as well, and one that is short does not.
    let mut begin = |path: &[Token]| {
        let request = Request { fresh: true, ..Request::after([path.into()], Some(path.len())) };
        let mut found = Vec::new();
        let cost = evaluator.evaluate(&request, &mut |_| true, &mut |_, row| found = row.logits.to_vec());
        assert_eq!(cost.expect("it fits").decoded, path.len());
        (evaluator.layout(), evaluator.kv_use().room, found)
    };
    assert_eq!(begin(&path(1, 800)).0, CacheLayout::Shared);
    let (layout, room, found) = begin(&path(1, 0));
    assert_eq!((layout, room), (CacheLayout::Apart, 4096));
    assert!(found == alone(&model, &path(1, 0)), "to the bit");
}

#[test]
fn a_state_that_went_on_with_a_part_of_a_batch_is_not_gone_on_from() {
    let mut model = model();
    let mut file = (*model.file).clone();
    file.memory = Memory::Recurrent;
    model.file = Arc::new(file);
    let settings =
        ModelSettings { ctx_size: 4096, batch_size: 1536, ubatch_size: 1536, ..ModelSettings::default() };
    let mut evaluator = LlamaEvaluator::new(&model, &settings).expect("a context");
    let prompt: Arc<[Token]> = (0..4000).map(|i| Token(300 + 7 * i % 3000)).collect();
    let request = Request::after([Arc::clone(&prompt)], Some(prompt.len()));
    // Given up within the second batch.
    let mut told = Vec::new();
    let mut proceed = |progress: Progress| {
        told.push(progress.done);
        progress.done <= 1536
    };
    let given_up = evaluator.evaluate(&request, &mut proceed, &mut |_, _| ());
    assert_eq!(given_up, Err(EvaluateError::Cancelled));
    assert!(told.last().is_some_and(|&done| done > 1536 && done < 3072), "within a batch: {told:?}");
    let cost = evaluator.evaluate(&request, &mut |_| true, &mut |_, _| ()).expect("it is read");
    assert_eq!((cost.reused, cost.decoded), (0, prompt.len()));
}

#[test]
fn paths_that_do_not_fit_together_are_evaluated_all_the_same() {
    let model = model();
    for together in [false, true] {
        // Six paths of 60 tokens after 20 shared ones would take 380 of 256 cells.
        let mut evaluator = evaluator(&model, 8, together, CacheLayout::Shared);
        for length in [59, 60] {
            let paths: Vec<Vec<Token>> = (0..6).map(|branch| path(branch, length)).collect();
            let (found, _) = evaluate(&mut evaluator, &paths);
            assert!(evaluator.kv_use().cells <= 256);
            for (path, found) in paths.iter().zip(&found) {
                // The arithmetic differs by the batches: noise, where another path's logits would be far off.
                let expected = alone(&model, path);
                assert!(distance(found, &expected) < 0.5, "{}", distance(found, &expected));
                assert!(
                    distance(found, &expected) < distance(found, &alone(&model, &path[..path.len() - 1]))
                );
            }
        }
    }
}

#[test]
fn together_each_new_token_is_decoded_once_and_the_prompt_once() {
    let model = model();
    let mut evaluator = evaluator(&model, 8, true, CacheLayout::Shared);
    let paths = |length| (0..8).map(|branch| path(branch, length)).collect::<Vec<_>>();
    let (_, first) = evaluate_for(&mut evaluator, &[path(0, 0)], Some(PROMPT));
    assert_eq!((first.decoded, first.reused), (PROMPT, 0));
    for length in 1..4 {
        let (found, cost) = evaluate_for(&mut evaluator, &paths(length), Some(PROMPT));
        assert_eq!((cost.decoded, cost.reused), (8, 8 * (PROMPT + length - 1)));
        for (path, found) in paths(length).iter().zip(&found) {
            assert!(distance(found, &alone(&model, path)) < 0.5);
        }
    }
    assert_eq!(evaluator.kv_use().cells, PROMPT + 8 * 3);
}

#[test]
fn a_text_on_a_forgotten_cache_lies_as_if_it_were_the_first() {
    let model = model();
    let mut evaluator = evaluator(&model, 4, false, CacheLayout::Shared);
    for branch in 0..3 {
        for length in 0..4 {
            let path = path(branch, length);
            let mut request = Request::after([path[..].into()], Some(PROMPT));
            request.fresh = length == 0;
            let mut found = Vec::new();
            let cost = evaluator
                .evaluate(&request, &mut |_| true, &mut |_, row| found = row.logits.to_vec())
                .expect("it fits");
            assert_eq!(found, alone(&model, &path), "branch {branch}, length {length}");
            assert_eq!(cost.decoded, if length == 0 { PROMPT } else { 1 });
            assert_eq!(evaluator.kv_use().cells, PROMPT + length);
        }
        // A look into the middle of the prompt takes what is there.
        let (_, cost) = evaluate_for(&mut evaluator, &[path(branch, 0)[..7].to_vec()], Some(PROMPT));
        assert_eq!((cost.decoded, cost.reused), (1, 6));
    }
}

#[test]
fn proposed_tokens_are_verified_in_one_batch_and_given_up_in_place() {
    let model = model();
    let mut evaluator = evaluator(&model, 4, false, CacheLayout::Apart);
    evaluate_for(&mut evaluator, &[path(0, 0)], Some(PROMPT));
    // Four proposed tokens after the prompt: the distribution after its end is wanted again, and one after each of them.
    let proposal = path(0, 4);
    let mut verify = |path: &[Token], from: usize| {
        let rows = vec![Rows { tokens: path.into(), from }];
        let request = Request { rows, ..Request::default() };
        let (mut found, mut batches) = (Vec::new(), 0);
        let mut proceed = |_| {
            batches += 1;
            true
        };
        let cost = evaluator
            .evaluate(&request, &mut proceed, &mut |id, row| found.push((id.position, row.logits.to_vec())))
            .expect("it fits");
        for (position, logits) in &found {
            let expected = alone(&model, &path[..=*position]);
            assert!(distance(logits, &expected) < 0.5, "after token {position}");
        }
        let positions: Vec<_> = found.iter().map(|(position, _)| *position).collect();
        (positions, cost.decoded, batches, evaluator.kv_use().sequences)
    };
    assert_eq!(verify(&proposal, PROMPT - 1), ((PROMPT - 1..PROMPT + 4).collect(), 5, 1, 1));
    // The third of them was refused; another one takes its place, and no path is copied for it.
    let other = [&proposal[..PROMPT + 2], &[Token(77)]].concat();
    assert_eq!(verify(&other, PROMPT + 2), (vec![PROMPT + 2], 1, 1, 1));
    assert_eq!(verify(&proposal, PROMPT + 1), ((PROMPT + 1..PROMPT + 4).collect(), 3, 1, 1));
}

#[test]
fn a_prompt_given_up_is_read_on_and_its_logits_are_those_of_one_reading() {
    let model = model();
    let prompt: Arc<[Token]> = path(0, 480).into();
    let request = Request::after([Arc::clone(&prompt)], Some(prompt.len()));
    let read = |evaluator: &mut LlamaEvaluator<'_>, proceed: &mut dyn FnMut(Progress) -> bool| {
        let mut found = Vec::new();
        let cost = evaluator.evaluate(&request, proceed, &mut |_, row| found = row.logits.to_vec());
        cost.map(|cost| (found, cost))
    };
    // In chunks of 64 tokens, and as one chunk.
    for ubatch_size in [64, 512] {
        let settings = ModelSettings { ctx_size: 512, sequences: 2, ubatch_size, ..ModelSettings::default() };
        let new = || LlamaEvaluator::with_layout(&model, &settings, CacheLayout::Apart).expect("a context");
        let (expected, _) = read(&mut new(), &mut |_| true).expect("it fits");
        let mut evaluator = new();
        // Nobody wants it from the third chunk on, or from the first moment on that one is asked within the only one.
        let result = read(&mut evaluator, &mut |progress| ubatch_size == 64 && progress.done < 130);
        if ubatch_size == 64 {
            assert_eq!(result, Err(EvaluateError::Cancelled));
        }
        let (found, cost) = read(&mut evaluator, &mut |_| true).expect("it fits");
        assert_eq!(found, expected, "chunks of {ubatch_size}");
        assert_eq!(cost.decoded + cost.reused, prompt.len());
        if ubatch_size == 64 {
            assert!(cost.reused >= 128 && cost.reused % 64 == 0, "what was read stays read: {cost:?}");
        }
    }
}

#[test]
fn what_cannot_be_evaluated_is_reported() {
    let model = model();
    let mut evaluator = evaluator(&model, 4, true, CacheLayout::Shared);
    let mut run = |paths: &[&[Token]], proceed: bool| {
        let request = Request::after(paths.iter().map(|&path| path.into()), None);
        evaluator.evaluate(&request, &mut |_| proceed, &mut |_, _| ()).expect_err("refused")
    };
    assert_eq!(run(&[&[]], true), EvaluateError::Empty);
    assert_eq!(run(&[&[Token(1); 257]], true), EvaluateError::ContextFull { tokens: 257, context: 256 });
    let (a, b) = (path(0, 200), path(1, 3));
    assert_eq!(run(&[&a, &b], false), EvaluateError::Cancelled);
}
