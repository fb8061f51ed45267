//! What a user does with a session, step by step, on a script instead of a model.
//!
//! Each scenario is a list of lines: what is done, and what is on the screen then, the generated text and, after a bar,
//! why generation stopped. `play` steps until it does.

#[path = "support/scene.rs"]
mod scene;

use std::time::Duration;

use logitscope::{
    decode::StopRules,
    sampling::{SamplerKind, SamplingSettings, Trace},
    settings::{StopPattern, StopSettings},
    tree::Origin,
};
use scene::Scene;

fn stops(texts: &[&str]) -> StopRules {
    StopRules { stop_strings: texts.iter().map(|&text| text.to_owned()).collect(), ..StopRules::default() }
}

#[test]
fn step_and_back() {
    Scene::greedy().plays(&[
        ("step", "the "),
        ("step", "the cat "),
        ("back", "the "),
        ("step", "the cat "),
        ("step", "the cat sat "),
        ("back to 0", ""),
        ("back", ""),
        ("play", "the cat sat .</s> | eog"),
        ("step", "the cat sat .</s> | eog"),
        ("back", "the cat sat ."),
        ("step", "the cat sat .</s> | eog"),
        ("back to 9", "the cat sat .</s> | eog"),
    ]);
}

#[test]
fn another_token_by_hand() {
    let mut scene = Scene::greedy();
    scene.plays(&[
        ("step", "the "),
        ("take dog ", "the dog "),
        ("step", "the dog ran "),
        ("back to 1", "the "),
        ("step", "the cat "),
        ("back to 1", "the "),
        ("take dog ", "the dog "),
        ("play", "the dog ran .</s> | eog"),
        ("take cat ", "the dog ran .</s> | eog"),
    ]);
    // Both ways are in the tree, each with how it was chosen.
    let the = scene.session.path().nodes()[1];
    let tree = scene.session.tree();
    let children: Vec<_> = tree.children(the).map(|id| (scene.text_of(id), tree.node(id).origin)).collect();
    assert_eq!(children, [("dog ".to_owned(), Origin::Hand), ("cat ".to_owned(), Origin::Sampled)]);
    // The prefix before "ran " was evaluated the first time it was walked, and never again.
    assert_eq!(scene.script.evaluations, 5);
}

#[test]
fn a_token_that_the_chain_cut_can_be_taken() {
    let mut scene = Scene::greedy();
    scene.plays(&[("step", "the "), ("take dog ", "the dog ")]);
    let step = scene.last_step();
    assert_eq!((step.p_final.to_bits(), step.u, step.rank.at_best()), (0.0_f64.to_bits(), None, 2));
    assert!((step.p_raw - 0.3).abs() < 1e-3, "{}", step.p_raw);
}

#[test]
fn a_token_outside_the_vocabulary_is_not_taken() {
    Scene::greedy().plays(&[("step", "the "), ("take 99", "the "), ("step", "the cat ")]);
}

#[test]
fn rolling_again_leaves_what_was_written() {
    let mut scene = Scene::sampled(7);
    scene.does(&["step", "step", "step"]);
    let before = scene.words();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        scene.does(&["roll"]);
        assert_eq!(scene.words()[..2], before[..2]);
        assert_eq!(scene.words().len(), 3);
        seen.insert(scene.words()[2].clone());
    }
    assert!(seen.len() > 1, "only {seen:?} came");
    assert_eq!(scene.session.rolled(2), 40);
    scene.does(&["same seed"]);
    assert_eq!((scene.words(), scene.session.rolled(2)), (before, 0));
    Scene::sampled(7).plays(&[("roll", ""), ("same seed", "")]);
}

#[test]
fn a_roll_again_stays_when_one_goes_back_and_on() {
    let mut scene = Scene::sampled(3);
    scene.does(&["step", "step", "roll", "roll"]);
    let (rolled, u) = (scene.words(), scene.last_step().u);
    scene.does(&["back", "back", "step", "step"]);
    assert_eq!((scene.words(), scene.last_step().u), (rolled, u));
}

#[test]
fn the_same_seed_gives_the_same_path() {
    for seed in 0..20 {
        let mut first = Scene::sampled(seed);
        let mut second = Scene::sampled(seed);
        first.does(&["play"]);
        second.does(&["step", "step", "back", "step", "back to 0", "play"]);
        assert_eq!(first.words(), second.words(), "seed {seed}");
    }
}

#[test]
fn a_branch_goes_on_with_the_draws_of_its_positions() {
    let mut scene = Scene::sampled(5);
    scene.does(&["play"]);
    let path = scene.words();
    scene.does(&["back to 1", "take dog ", "step", "back to 1", "step", "play"]);
    assert_eq!(scene.words(), path);
}

#[test]
fn settings_change_what_comes_and_not_what_is_there() {
    let mut scene = Scene::sampled(1);
    scene.does(&["step", "step"]);
    let written = scene.words();
    let u = scene.last_step().u;
    scene.set(|settings| settings.temperature = 0.0);
    assert_eq!(scene.words(), written);
    assert_eq!(scene.last_step().u, u);
    scene.does(&["back to 0"]);
    scene.plays(&[("play", "the cat sat .</s> | eog")]);
    scene.set(|settings| settings.temperature = 1.0);
    scene.does(&["back to 0", "step", "step"]);
    assert_eq!(scene.words(), written, "the settings of before give the path of before");
}

#[test]
fn another_seed_forgets_what_was_rolled_again() {
    let mut scene = Scene::sampled(1);
    scene.does(&["step", "step", "roll"]);
    scene.set(|settings| settings.seed = Some(2));
    assert_eq!(scene.session.rolled(1), 0);
    scene.does(&["back to 0", "play"]);
    let mut fresh = Scene::sampled(2);
    fresh.does(&["play"]);
    assert_eq!(scene.words(), fresh.words());
}

#[test]
fn samplers_with_a_memory_go_back_with_the_path() {
    for (name, set) in scene::MEMORIES {
        let mut straight = Scene::endless(11);
        straight.set(set);
        straight.does(&["step"; 12]);
        let mut wandering = Scene::endless(11);
        wandering.set(set);
        wandering.does(&["step"; 8]);
        wandering.does(&["back to 3", "take dog ", "step", "back to 3", "back", "step", "roll", "same seed"]);
        wandering.does(&["step"; 9]);
        assert_eq!(straight.words(), wandering.words(), "{name}");
    }
}

#[test]
fn every_sampler_can_be_rolled_again() {
    for (name, set) in scene::MEMORIES {
        let mut scene = Scene::endless(11);
        scene.set(set);
        scene.does(&["step", "step", "step"]);
        let words: std::collections::BTreeSet<_> = (0..60)
            .map(|_| {
                scene.does(&["roll"]);
                scene.words()[2].clone()
            })
            .collect();
        assert!(words.len() > 1, "{name}: only {words:?} came");
    }
}

#[test]
fn penalties_look_at_the_branch_that_was_taken() {
    let mut scene = Scene::endless(0);
    scene.set(|settings| {
        settings.temperature = 0.0;
        settings.presence_penalty = 50.0;
        settings.samplers = vec![SamplerKind::Penalties, SamplerKind::Temperature];
    });
    // Every word once before one comes again: the likeliest of those that are not there yet.
    scene.plays(&[
        ("step", "cat "),
        ("step", "cat dog "),
        ("back to 0", ""),
        ("take dog ", "dog "),
        ("step", "dog cat "),
    ]);
}

#[test]
fn an_end_token_ends() {
    let mut scene = Scene::greedy();
    scene.plays(&[("play", "the cat sat .</s> | eog")]);
    assert_eq!(scene.detail(), "the model chose its end token </s> (id 8)");
    // One picked by hand too.
    Scene::greedy().plays(&[("step", "the "), ("take </s>", "the </s> | eog"), ("back", "the ")]);
}

#[test]
fn ignore_eos_goes_on() {
    let mut scene = Scene::with(8, StopRules { max_tokens: Some(6), ..StopRules::default() });
    scene.set(|settings| {
        settings.temperature = 0.0;
        settings.ignore_eos = true;
    });
    scene.plays(&[("play", "the cat sat .the cat  | max-tokens")]);
}

#[test]
fn a_limit_of_tokens_ends() {
    let mut scene = Scene::limited(StopRules { max_tokens: Some(2), ..StopRules::default() });
    scene.plays(&[
        ("play", "the cat  | max-tokens"),
        ("back", "the "),
        ("take dog ", "the dog  | max-tokens"),
    ]);
    scene.rules(StopRules { max_tokens: Some(3), ..StopRules::default() });
    scene.plays(&[("nothing", "the dog "), ("play", "the dog ran  | max-tokens")]);
    let mut none = Scene::limited(StopRules { max_tokens: Some(0), ..StopRules::default() });
    none.plays(&[("step", " | max-tokens")]);
    assert_eq!(none.script.evaluations, 0, "nothing to predict");
}

#[test]
fn a_stop_text_ends_where_it_is_complete() {
    let mut scene = Scene::limited(stops(&["at sat .", "t s"]));
    // Two stop texts, both over several tokens: the one that is complete first wins.
    scene.plays(&[("step", "the "), ("step", "the cat "), ("step", "the cat sat  | stop-string")]);
    assert_eq!(scene.detail(), "the stop text \"t s\" was generated (--stop)");
    scene.rules(stops(&["sat ."]));
    scene.plays(&[("play", "the cat sat . | stop-string"), ("back", "the cat sat ")]);
    // The prompt is not searched, and what stands there before the text was generated does not count.
    Scene::limited(stops(&["<s>"])).plays(&[("play", "the cat sat .</s> | eog")]);
    Scene::limited(stops(&["<s>the"])).plays(&[("play", "the cat sat .</s> | eog")]);
}

#[test]
fn a_stop_text_given_later_is_looked_for_in_what_is_written() {
    let mut scene = Scene::greedy();
    scene.does(&["step", "step", "step"]);
    scene.rules(stops(&["the cat"]));
    scene.plays(&[
        ("play", "the cat sat  | stop-string"),
        ("back", "the cat  | stop-string"),
        ("back", "the "),
        ("take dog ", "the dog "),
    ]);
}

fn stop(change: impl FnOnce(&mut StopSettings)) -> StopRules {
    let mut settings = StopSettings::default();
    change(&mut settings);
    StopRules::from(&settings)
}

#[test]
fn sentences_lines_and_expressions_end_it_and_going_back_undoes_them() {
    Scene::limited(stop(|stop| stop.sentences = 1)).plays(&[
        ("step", "the "),
        ("take .", "the ."),
        ("take \n", "the .\n | sentences"),
        ("back", "the ."),
        ("take the ", "the .the "),
    ]);
    Scene::limited(stop(|stop| stop.lines = 1)).plays(&[
        ("take \n", "\n"),
        ("take cat ", "\ncat "),
        ("take \n", "\ncat \n | lines"),
        ("back", "\ncat "),
    ]);
    let pattern = vec![StopPattern::new("c.t (s|r)").expect("valid")];
    let mut scene = Scene::limited(stop(|stop| stop.regex = pattern));
    scene.plays(&[("play", "the cat sat  | regex"), ("back", "the cat "), ("take dog ", "the cat dog ")]);
}

#[test]
fn a_loop_ends_it_and_is_undone_with_its_tokens() {
    let mut scene = Scene::limited(stop(|stop| (stop.loop_times, stop.loop_tokens) = (3, 2)));
    scene.does(&["step", "take dog ", "take the ", "take dog ", "take the "]);
    scene.plays(&[
        ("take dog ", "the dog the dog the dog  | loop"),
        ("back", "the dog the dog the "),
        ("take cat ", "the dog the dog the cat "),
    ]);
    assert!(scene.session.path().loops().found().is_empty());
    scene.does(&["back"]);
    scene.rules(stop(|stop| (stop.loop_times, stop.loop_tokens) = (2, 2)));
    assert_eq!(scene.screen(), "the dog the dog the  | loop");
    assert_eq!(scene.detail(), "the last 2 tokens occur 2 times in a row (--stop-loop 2)");
}

#[test]
fn an_open_distribution_ends_it_before_a_token_is_drawn() {
    // 1.83 bits before the first token, 1.94 after "the ".
    let mut scene = Scene::limited(stop(|stop| stop.entropy_above = 1.9));
    scene.plays(&[
        ("step", "the "),
        ("step", "the  | entropy-above"),
        ("step", "the  | entropy-above"),
        ("back", ""),
        ("take cat ", "cat "),
        ("step", "cat sat "),
    ]);
    let mut certain = Scene::limited(stop(|stop| stop.top_prob_above = 0.85));
    certain.plays(&[("play", "the cat sat  | top-prob-above")]);
}

#[test]
fn hindsight_tells_where_others_would_have_ended_it() {
    let mut scene = Scene::with(64, StopRules { max_tokens: Some(9), ..StopRules::default() });
    scene.set(|settings| {
        settings.temperature = 0.0;
        settings.ignore_eos = true;
    });
    // The end token has .8 after each full stop.
    scene.plays(&[("play", "the cat sat .the cat sat .the  | max-tokens")]);
    let past = scene.session.hindsight();
    assert_eq!(past.ignored_ends, [4, 8]);
    assert!(past.sentences.is_empty() && past.lines.is_empty(), "no white space follows the full stops");
    let [lowest, highest] = past.entropy.expect("nine tokens");
    // .9 and eight tokens that share the rest, after "sat "; .5, .3, .1 and six that share the rest, after "the ".
    let bits = |parts: &[(f64, f64)]| parts.iter().map(|(count, p)| -count * p * p.log2()).sum::<f64>();
    assert!(
        (lowest.value - bits(&[(1.0, 0.9), (8.0, 0.0125)])).abs() < 1e-5 && lowest.token == 3,
        "{lowest:?}"
    );
    let open = bits(&[(1.0, 0.5), (1.0, 0.3), (1.0, 0.1), (6.0, 0.1 / 6.0)]);
    assert!((highest.value - open).abs() < 1e-5 && highest.token == 1, "{highest:?}");
    scene.does(&["back to 8"]);
    assert_eq!(scene.session.hindsight().ignored_ends, [4], "undone with its token");
    scene.does(&["take \n", "back to 4", "take the "]);
    assert!(scene.session.hindsight().ignored_ends.is_empty(), "a token picked by hand was not drawn");
}

#[test]
fn each_token_knows_the_end_tokens_chance_and_the_likeliest_token() {
    let mut scene = Scene::greedy();
    scene.does(&["step", "take dog ", "step", "step", "step"]);
    let steps: Vec<_> = scene.session.path().steps().iter().map(|(step, _)| *step).collect();
    assert_eq!(steps[4].eog_rank.map(logitscope::distribution::Rank::at_best), Some(1));
    assert!((steps[4].p_eog.low - 0.8).abs() < 1e-6 && (steps[4].p_top - 0.8).abs() < 1e-6);
    assert!((steps[1].p_top - 0.5).abs() < 1e-6 && (steps[1].p_raw - 0.3).abs() < 1e-6);
    let likeliest = scene.session.vocabulary().piece(steps[1].likeliest).to_vec();
    assert_eq!(likeliest, b"cat ");
}

#[test]
fn a_full_context_ends() {
    let mut scene = Scene::with(8, StopRules::default());
    scene.set(|settings| {
        settings.temperature = 0.0;
        settings.ignore_eos = true;
    });
    // One token of prompt and seven after it.
    scene.plays(&[("play", "the cat sat .the cat sat  | context-full"), ("back", "the cat sat .the cat ")]);
    assert!(
        Scene::start(4, StopRules::default(), SamplingSettings::default()).is_err(),
        "no room after the prompt"
    );
}

#[test]
fn the_time_ends_and_going_back_gives_it_anew() {
    let mut scene =
        Scene::limited(StopRules { max_time: Some(Duration::from_secs(5)), ..StopRules::default() });
    scene.plays(&[("step", "the "), ("seconds 4.9", "the "), ("step", "the cat ")]);
    scene.plays(&[("seconds 0.1", "the cat  | time"), ("step", "the cat  | time"), ("back", "the ")]);
    scene.plays(&[("step", "the cat "), ("seconds 4", "the cat "), ("play", "the cat sat .</s> | eog")]);
}

#[test]
fn the_user_ends_and_goes_on() {
    Scene::greedy().plays(&[
        ("step", "the "),
        ("interrupt", "the  | interrupted"),
        ("step", "the  | interrupted"),
        ("take dog ", "the  | interrupted"),
        ("resume", "the "),
        ("step", "the cat "),
        ("interrupt", "the cat  | interrupted"),
        ("back", "the "),
        ("play", "the cat sat .</s> | eog"),
        // It had ended by itself already.
        ("interrupt", "the cat sat .</s> | eog"),
        ("resume", "the cat sat .</s> | eog"),
    ]);
}

#[test]
fn dropped_logits_are_asked_for_again() {
    let mut scene = Scene::greedy();
    // Room for two distributions of nine words.
    scene.keep(2 * 9 * size_of::<f32>());
    scene.does(&["step", "step", "step"]);
    assert_eq!(scene.script.evaluations, 3);
    assert_eq!(scene.session.wanted(), scene.session.path().head());
    scene.plays(&[("back", "the cat ")]);
    assert_eq!(scene.session.wanted(), None, "evaluated just before");
    scene.plays(&[("back to 0", "")]);
    assert_eq!(scene.session.wanted(), scene.session.path().head(), "dropped");
    let head = scene.session.path().head().expect("the prompt");
    assert!(scene.session.summary(head).is_some(), "the summary stays");
    scene.plays(&[("step", "the "), ("step", "the cat "), ("play", "the cat sat .</s> | eog")]);
    assert!(scene.session.tree().logits_bytes() <= 2 * 9 * size_of::<f32>());
}

#[test]
fn looking_back_changes_nothing() {
    let mut scene = Scene::sampled(4);
    scene.does(&["step", "step", "step"]);
    let (words, len) = (scene.words(), scene.session.tree().len());
    for length in 0..=4 {
        let outcome = scene.session.look(length, &mut Trace::default());
        assert_eq!(
            outcome.is_some(),
            (1..4).contains(&length),
            "the head is not evaluated, the root never is"
        );
        if let Some(outcome) = outcome {
            assert_eq!(
                outcome.chosen,
                scene.session.path().tokens()[length],
                "the token that was chosen there"
            );
        }
    }
    assert_eq!((scene.words(), scene.session.tree().len()), (words, len));
}

#[test]
fn logits_that_are_no_numbers_are_refused() {
    for broken in [f32::NAN, f32::INFINITY] {
        let mut scene = Scene::greedy();
        scene.does(&["step"]);
        scene.absorb_with(|logits| logits[2] = broken);
        let error = scene.session.step(true).expect_err("nothing can be sampled").to_string();
        assert!(error.starts_with("the model gave 1 logits that are not numbers"), "{error}");
        assert!(scene.session.take(logitscope::token::Token(1)).is_err());
        let length = scene.session.path().tokens().len();
        assert!(scene.session.look(length, &mut Trace::default()).is_none());
        assert_eq!(scene.screen(), "the ");
        // What comes before is as good as it was.
        scene.plays(&[("back", ""), ("step", "the ")]);
    }
}

#[test]
fn perplexity_is_that_of_the_path() {
    let mut scene = Scene::greedy();
    assert_eq!(scene.session.perplexity(9), None);
    scene.does(&["step", "take dog "]);
    // Probabilities 0.6 and 0.3: the inverse of their geometric mean.
    let expected = (0.6_f64 * 0.3).powf(-0.5);
    let perplexity = scene.session.perplexity(2).expect("two tokens");
    assert!((perplexity - expected).abs() < 1e-3, "{perplexity} is not {expected}");
    assert!((scene.session.perplexity(1).expect("the first") - 1.0 / 0.6).abs() < 1e-3);
    scene.does(&["back"]);
    assert!((scene.session.perplexity(1).expect("one") - 1.0 / 0.6).abs() < 1e-3);
}
