//! The chain against numbers done by hand and against llama.cpp's own chain.

use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};
use proptest::prelude::*;

use super::*;
use crate::token::Token;

fn model(n_vocab: usize) -> ChainModel {
    ChainModel { n_vocab, context_size: 512, eog: vec![Token(0)], ..ChainModel::default() }
}

/// Settings whose every stage is off.
fn neutral() -> SamplingSettings {
    SamplingSettings { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0, ..SamplingSettings::default() }
}

fn apply(settings: &SamplingSettings, logits: &[f32], history: &[Token], u: f64) -> (Chain, Outcome) {
    let mut chain = Chain::new(settings, 1, &model(logits.len())).unwrap();
    let outcome = chain.apply(logits, history, &SamplerState::default(), u, true);
    (chain, outcome)
}

fn survivors(chain: &Chain) -> Vec<u32> {
    let mut ids: Vec<u32> = chain.survivors().map(|(token, _)| token.0).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn the_order_of_temperature_and_top_p_matters() {
    let last = SamplingSettings { top_p: 0.8, temperature: 0.5, ..neutral() };
    let (chain, _) = apply(&last, &[3.0, 2.0, 1.0], &[], 0.0);
    assert_eq!(survivors(&chain), [0, 1], "llama.cpp's order: the nucleus is taken at temperature 1");
    // e⁶ : e⁴ = 7.389 : 1
    assert!((chain.p_final(Token(0)) - 0.880_797).abs() < 1e-5);
    assert_eq!(chain.cut_by(Token(2)), Some("top-p"));

    let first = SamplingSettings { samplers: vec![SamplerKind::Temperature, SamplerKind::TopP], ..last };
    let (chain, _) = apply(&first, &[3.0, 2.0, 1.0], &[], 0.0);
    assert_eq!(survivors(&chain), [0], "at temperature 0.5 the first token alone has 0.867");
}

#[test]
fn every_cut_is_named_by_its_stage() {
    // p = 0.5, 0.25, 0.125, 0.0625, 0.0625
    let logits: Vec<f32> = [0.5_f32, 0.25, 0.125, 0.0625, 0.0625].iter().map(|p| p.ln()).collect();
    let settings = SamplingSettings { top_k: 4, top_p: 0.9, min_p: 0.4, ..neutral() };
    let (chain, _) = apply(&settings, &logits, &[], 0.0);
    // top-k keeps 4; of their mass 0.9375 the first three have 0.933 ≥ 0.9; min-p asks for 0.5·0.4 = 0.2.
    let cut: Vec<_> = (0..5).map(|id| chain.cut_by(Token(id))).collect();
    assert_eq!(cut, [None, None, Some("min-p"), Some("top-p"), Some("top-k")]);
    let kept: Vec<_> = chain.stages().iter().map(|stage| (stage.label, stage.kept)).collect();
    assert_eq!(kept, [("top-k", 4), ("top-p", 3), ("min-p", 2)]);
    assert!((chain.p_final(Token(0)) - 2.0 / 3.0).abs() < 1e-6);
    assert!(chain.p_final(Token(4)).abs() < f64::EPSILON);
}

#[test]
fn temperature_zero_is_greedy_whatever_u_is() {
    let settings = SamplingSettings { temperature: 0.0, ..neutral() };
    for u in [0.001, 0.5, 0.999_999] {
        let (chain, outcome) = apply(&settings, &[1.0, 4.0, 4.0, 2.0], &[], u);
        assert_eq!(outcome.chosen, Token(1), "the first of two equal logits");
        assert!((outcome.p_final - 1.0).abs() < 1e-9);
        assert_eq!(chain.cut_by(Token(2)), Some("temperature"));
    }
}

#[test]
fn ignoring_the_end_token_bans_it() {
    let settings = SamplingSettings { ignore_eos: true, temperature: 0.0, ..neutral() };
    let (chain, outcome) = apply(&settings, &[9.0, 1.0], &[], 0.5);
    assert_eq!(outcome.chosen, Token(1));
    assert_eq!(chain.cut_by(Token(0)), Some("logit-bias"));
}

#[test]
fn repeat_penalty_divides_positive_and_multiplies_negative_logits_of_seen_tokens() {
    let settings = SamplingSettings { repeat_penalty: 2.0, repeat_last_n: 2, ..neutral() };
    let history = [Token(2), Token(0), Token(1)];
    let (chain, _) = apply(&settings, &[2.0, -1.0, 2.0], &history, 0.0);
    // Token 2 left the window of two: logits become 1, −2, 2.
    let z = 1.0_f64.exp() + (-2.0_f64).exp() + 2.0_f64.exp();
    for (id, logit) in [(0, 1.0_f64), (1, -2.0), (2, 2.0)] {
        assert!((chain.p_final(Token(id)) - logit.exp() / z).abs() < 1e-6, "token {id}");
    }
}

#[test]
fn a_window_told_step_by_step_equals_one_told_at_once() {
    let settings =
        SamplingSettings { repeat_penalty: 1.3, frequency_penalty: 0.2, repeat_last_n: 4, ..neutral() };
    let logits = [1.0, 2.0, 3.0, 0.5, -1.0];
    let mut chain = Chain::new(&settings, 1, &model(5)).unwrap();
    let path: Vec<Token> = [4, 2, 2, 1, 0, 2, 3, 3].map(Token).to_vec();
    let lengths = [1, 2, 3, 5, 8, 4, 6];
    for length in lengths {
        let step = chain.apply(&logits, &path[..length], &SamplerState::default(), 0.3, true);
        let (fresh, at_once) = apply(&settings, &logits, &path[..length], 0.3);
        assert_eq!(step.chosen, at_once.chosen);
        for id in 0..5 {
            assert_eq!(
                chain.p_final(Token(id)).to_bits(),
                fresh.p_final(Token(id)).to_bits(),
                "length {length}"
            );
        }
    }
}

#[test]
fn dry_without_a_vocabulary_is_refused_with_the_setting_named() {
    let settings = SamplingSettings { dry_multiplier: 0.8, ..neutral() };
    let error = Chain::new(&settings, 1, &model(5)).err().unwrap();
    assert!(error.to_string().contains("dry_multiplier"));
}

/// llama.cpp's own chain for the settings that need no vocabulary, built as its tools build it.
pub(super) fn llama_chain(s: &SamplingSettings, seed: u32, n_vocab: usize) -> LlamaSampler {
    let mut samplers = Vec::new();
    match s.mirostat {
        Mirostat::Off => {
            for kind in &s.samplers {
                samplers.extend(match kind {
                    SamplerKind::Penalties => Some(LlamaSampler::penalties(
                        n_vocab as i32,
                        s.repeat_last_n,
                        s.repeat_penalty,
                        s.frequency_penalty,
                        s.presence_penalty,
                    )),
                    SamplerKind::Dry => None,
                    SamplerKind::TopNSigma => Some(LlamaSampler::top_n_sigma(s.top_n_sigma)),
                    SamplerKind::TopK => Some(LlamaSampler::top_k(s.top_k)),
                    SamplerKind::TypicalP => Some(LlamaSampler::typical(s.typical_p, 0)),
                    SamplerKind::TopP => Some(LlamaSampler::top_p(s.top_p, 0)),
                    SamplerKind::MinP => Some(LlamaSampler::min_p(s.min_p, 0)),
                    SamplerKind::Xtc => Some(LlamaSampler::xtc(s.xtc_probability, s.xtc_threshold, 0, seed)),
                    SamplerKind::Temperature => {
                        Some(LlamaSampler::temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent))
                    }
                });
            }
            samplers.push(LlamaSampler::dist(seed));
        }
        Mirostat::V1 => {
            samplers.push(LlamaSampler::temp(s.temperature));
            samplers.push(LlamaSampler::mirostat(n_vocab as i32, seed, s.mirostat_tau, s.mirostat_eta, 100));
        }
        Mirostat::V2 => {
            samplers.push(LlamaSampler::temp(s.temperature));
            samplers.push(LlamaSampler::mirostat_v2(seed, s.mirostat_tau, s.mirostat_eta));
        }
    }
    LlamaSampler::chain(samplers, true)
}

prop_compose! {
    pub(super) fn any_settings()(
        temperature in prop_oneof![Just(0.0_f32), Just(1.0), 0.05_f32..2.5],
        dynatemp_range in prop_oneof![Just(0.0_f32), 0.0_f32..1.0],
        top_k in prop_oneof![Just(0), 1..60],
        top_p in prop_oneof![Just(1.0_f32), 0.0_f32..1.0],
        min_p in prop_oneof![Just(0.0_f32), 0.0_f32..1.0],
        typical_p in prop_oneof![Just(1.0_f32), 0.0_f32..1.0],
        top_n_sigma in prop_oneof![Just(-1.0_f32), 0.1_f32..4.0],
        xtc in prop_oneof![Just((0.0_f32, 0.1_f32)), (0.0_f32..1.0, 0.0_f32..0.6)],
        penalties in prop_oneof![Just((1.0_f32, 0.0_f32, 0.0_f32)), (0.5_f32..2.0, -1.0_f32..1.0, -1.0_f32..1.0)],
        mirostat in prop_oneof![4 => Just(Mirostat::Off), 1 => Just(Mirostat::V1), 1 => Just(Mirostat::V2)],
        samplers in Just(SamplerKind::ALL.to_vec()).prop_shuffle(),
    ) -> SamplingSettings {
        SamplingSettings {
            samplers, temperature, dynatemp_range, top_k, top_p, min_p, typical_p, top_n_sigma, mirostat,
            xtc_probability: xtc.0, xtc_threshold: xtc.1, repeat_penalty: penalties.0,
            frequency_penalty: penalties.1, presence_penalty: penalties.2, repeat_last_n: 8,
            ..SamplingSettings::default()
        }
    }
}

proptest! {
    /// Twelve tokens in a row are those of llama.cpp's chain run as one, for any settings and order.
    #[test]
    fn equals_llama_cpps_chain_run_as_one(
        settings in any_settings(),
        seed in 0_u32..1000,
        steps in prop::collection::vec(prop::collection::vec(-8.0_f32..8.0, 50), 12),
    ) {
        let mut theirs = llama_chain(&settings, seed, 50);
        let mut ours = Chain::new(&settings, seed, &model(50)).unwrap();
        let mut draws = Draws::new(seed);
        let mut state = SamplerState::default();
        let mut path = Vec::new();
        for (index, logits) in steps.iter().enumerate() {
            let data = (0..).zip(logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)).collect();
            let mut expected = LlamaTokenDataArray::new(data, false);
            expected.apply_sampler(&mut theirs);
            let expected = expected.selected_token().unwrap();
            theirs.accept(expected);
            let u = draws.u(ours.draw_index(index, &state));
            let outcome = ours.apply(logits, &path, &state, u, index % 2 == 0);
            prop_assert_eq!(outcome.chosen.to_llama(), expected.0, "step {}", index);
            state = outcome.state;
            path.push(outcome.chosen);
        }
    }

    /// Going back and forth over the steps changes nothing: the outcome depends on the path alone.
    #[test]
    fn a_step_done_again_gives_the_same_token(
        settings in any_settings(),
        logits in prop::collection::vec(-8.0_f32..8.0, 30),
    ) {
        let mut chain = Chain::new(&settings, 7, &model(30)).unwrap();
        let mut draws = Draws::new(7);
        let mut states = vec![SamplerState::default()];
        let mut path: Vec<Token> = Vec::new();
        for index in 0..6 {
            let outcome = chain.apply(&logits, &path, &states[index], draws.u(index), false);
            path.push(outcome.chosen);
            states.push(outcome.state);
        }
        for index in [3, 0, 5, 2] {
            let again = chain.apply(&logits, &path[..index], &states[index], draws.u(index), true);
            prop_assert_eq!(again.chosen, path[index]);
        }
    }

    #[test]
    fn the_most_likely_candidates_alone_give_the_same_outcome(
        settings in any_settings(),
        // Few values, so that equal logits occur too.
        logits in prop::collection::vec(prop_oneof![-40_i16..40, -4_i16..4], 2..120),
        seed in any::<u32>(),
        known in 0_usize..80,
        first in 0_usize..2,
    ) {
        // top-k before all others, or after what llama.cpp has before it.
        let begin = [SamplerKind::Penalties, SamplerKind::TopK];
        let mut samplers = begin[first..].to_vec();
        samplers.extend(settings.samplers.iter().filter(|kind| !begin[first..].contains(kind)));
        let settings = SamplingSettings { samplers, ..settings };
        let logits: Vec<f32> = logits.into_iter().map(|l| f32::from(l) / 7.0).collect();
        let top = crate::distribution::Summary::of(&logits, known).top;
        let mut whole = Chain::new(&settings, seed, &model(logits.len())).unwrap();
        let mut short = Chain::new(&settings, seed, &model(logits.len())).unwrap();
        let mut draws = Draws::new(seed);
        let (mut path, mut state) = (vec![Token(1)], [SamplerState::default(), SamplerState::default()]);
        for index in 0..8 {
            let u = draws.u(index);
            let expected = whole.apply(&logits, &path, &state[0], u, false);
            let found = short.apply_to_top(&logits, &top, &path, &state[1], u);
            prop_assert_eq!(found.chosen, expected.chosen);
            prop_assert_eq!(found.p_final.to_bits(), expected.p_final.to_bits());
            path.push(found.chosen);
            state = [expected.state, found.state];
        }
    }
}
