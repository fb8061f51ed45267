//! Each stage against llama.cpp's sampler run alone, and the X-ray against the chain run as one: vocabularies of 2 to
//! 200,000 tokens, with ties and −∞.

use std::sync::Arc;

use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};
use proptest::prelude::*;

use super::tests::{any_settings, llama_chain};
use super::*;
use crate::token::Token;

fn model(n_vocab: usize) -> ChainModel {
    ChainModel { n_vocab, context_size: 512, ..ChainModel::default() }
}

fn array(logits: &[f32]) -> LlamaTokenDataArray {
    let data = (0..).zip(logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)).collect();
    LlamaTokenDataArray::new(data, false)
}

/// Logits of a made-up vocabulary: a spread of values, with ties (whole numbers) and −∞ where asked for.
fn logits(n_vocab: usize, seed: u64, ties: bool, infinite: bool) -> Arc<[f32]> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let mut all: Vec<f32> = (0..n_vocab)
        .map(|_| {
            let logit = 24.0 * next() - 12.0;
            let logit = if ties { logit.round() } else { logit };
            if infinite && next() < 0.2 { f32::NEG_INFINITY } else { logit }
        })
        .collect();
    // Something has to be left.
    all[n_vocab / 2] = 1.0;
    all.into()
}

/// The sampler of one stage alone, as llama.cpp's tools build it.
fn alone(kind: SamplerKind, s: &SamplingSettings, n_vocab: usize, history: &[Token]) -> Option<LlamaSampler> {
    let accepted = history.iter().map(|token| LlamaToken(token.to_llama()));
    Some(match kind {
        SamplerKind::Penalties => LlamaSampler::penalties(
            n_vocab as i32,
            s.repeat_last_n,
            s.repeat_penalty,
            s.frequency_penalty,
            s.presence_penalty,
        )
        .with_tokens(accepted),
        // It needs a model's vocabulary: tests/grammar.rs holds it to llama.cpp's, alone and in a chain.
        SamplerKind::Dry => return None,
        SamplerKind::TopNSigma => LlamaSampler::top_n_sigma(s.top_n_sigma),
        SamplerKind::TopK => LlamaSampler::top_k(s.top_k),
        SamplerKind::TypicalP => LlamaSampler::typical(s.typical_p, 0),
        SamplerKind::TopP => LlamaSampler::top_p(s.top_p, 0),
        SamplerKind::MinP => LlamaSampler::min_p(s.min_p, 0),
        SamplerKind::Xtc => LlamaSampler::xtc(s.xtc_probability, s.xtc_threshold, 0, 1),
        SamplerKind::Temperature => {
            LlamaSampler::temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent)
        }
    })
}

/// Each stage of `settings`, alone in a chain, leaves what llama.cpp's sampler leaves, in the same order.
fn stages_equal_llama_cpps(settings: &SamplingSettings, logits: &Arc<[f32]>, history: &[Token]) {
    for kind in SamplerKind::ALL {
        let Some(mut sampler) = alone(kind, settings, logits.len(), history) else { continue };
        let mut expected = array(logits);
        expected.apply_sampler(&mut sampler);
        let one = SamplingSettings { samplers: vec![kind], mirostat: Mirostat::Off, ..settings.clone() };
        let one = SamplingSettings { dry_multiplier: 0.0, ..one };
        let mut chain = Chain::new(&one, 1, &model(logits.len())).unwrap();
        let xray = chain.xray(logits, history, &SamplerState::default(), 0.5);
        let stage = xray.stages.iter().find(|stage| stage.kind == kind.into()).unwrap();
        let expected: Vec<(i32, u32)> = expected
            .data
            .iter()
            .filter(|c| c.logit() > f32::NEG_INFINITY)
            .map(|c| (c.id().0, c.logit().to_bits()))
            .collect();
        let ours: Vec<(i32, u32)> =
            stage.after.in_order().map(|c| (c.token.to_llama(), c.logit.to_bits())).collect();
        assert!(ours == expected, "{} of {}: {one:?}", kind.name(), logits.len());
        assert_eq!(stage.kept, expected.len());
    }
}

/// The numbers of an X-ray hang together: masses, counts and ways.
fn xray_is_sound(xray: &Xray, n_vocab: usize) {
    let mut of = xray.raw.kept();
    for (index, stage) in xray.stages.iter().enumerate() {
        assert_eq!(stage.of, of, "{}", stage.label());
        assert!(stage.kept <= of && stage.kept > 0);
        assert!((0.0..=1.0).contains(&stage.removed_mass), "{}: {}", stage.label(), stage.removed_mass);
        assert!(stage.kept < of || stage.removed_mass.abs() < f64::EPSILON);
        let mass: f64 = stage.after.in_order().map(|c| c.p).sum();
        assert!((mass - 1.0).abs() < 1e-4, "{}: {mass}", stage.label());
        let before = xray.before(index);
        let kept: f64 =
            before.in_order().filter(|c| stage.after.logit(c.token).is_some()).take(64).map(|c| c.p).sum();
        assert!(kept <= 1.0 - stage.removed_mass + 1e-4);
        of = stage.kept;
    }
    for id in [0, n_vocab / 3, n_vocab - 1] {
        let token = Token(id as u32);
        let walk = xray.walk(token);
        let last = walk.last().unwrap();
        assert_eq!(last.logit.is_none(), xray.cut(token).is_some() || xray.raw.logit(token).is_none());
        if let Some(rank) = last.rank {
            assert!(rank <= xray.last().kept());
            assert_eq!(xray.last().top(rank)[rank - 1].token, token, "rank and order agree");
        }
    }
}

/// The last stage of the X-ray is what llama.cpp's chain, run as one after the same text, draws from.
fn last_stage_equals_the_chain(
    settings: &SamplingSettings,
    logits: &Arc<[f32]>,
    seed: u32,
    history: &[Token],
) {
    let n_vocab = logits.len();
    let accepted = history.iter().map(|token| LlamaToken(token.to_llama()));
    let mut theirs = llama_chain(settings, seed, n_vocab).with_tokens(accepted);
    let mut expected = array(logits);
    expected.apply_sampler(&mut theirs);
    let mut chain = Chain::new(settings, seed, &model(n_vocab)).unwrap();
    let u = Draws::new(seed).u(0);
    let xray = chain.xray(logits, history, &SamplerState::default(), u);
    assert_eq!(Some(xray.outcome.chosen.to_llama()), expected.selected_token().map(|token| token.0));
    let expected: Vec<_> = expected.data.iter().filter(|c| c.logit() > f32::NEG_INFINITY).collect();
    let ours: Vec<_> = xray.last().in_order().collect();
    assert_eq!(ours.len(), expected.len());
    for (ours, expected) in ours.iter().zip(expected) {
        assert_eq!(ours.token.to_llama(), expected.id().0);
        assert_eq!(ours.logit.to_bits(), expected.logit().to_bits());
    }
    xray_is_sound(&xray, n_vocab);
}

/// A text in which tokens come again.
fn repeating(n_vocab: usize) -> Vec<Token> {
    [0, n_vocab - 1, 0, n_vocab / 2, n_vocab / 3, n_vocab - 1].map(|id| Token(id as u32)).to_vec()
}

#[test]
fn every_stage_at_every_size() {
    let settings = SamplingSettings {
        temperature: 0.7,
        dynatemp_range: 0.2,
        typical_p: 0.8,
        top_n_sigma: 1.5,
        xtc_probability: 0.9,
        xtc_threshold: 0.05,
        repeat_penalty: 1.3,
        frequency_penalty: 0.1,
        ..SamplingSettings::default()
    };
    for n_vocab in [2, 3, 1024, 1025, 32_000, 151_936, 200_000] {
        for (ties, infinite) in [(false, false), (true, false), (false, true), (true, true)] {
            let logits = logits(n_vocab, n_vocab as u64, ties, infinite);
            stages_equal_llama_cpps(&settings, &logits, &repeating(n_vocab));
        }
    }
}

#[test]
fn whole_chains_at_every_size() {
    let all = SamplingSettings {
        typical_p: 0.9,
        top_n_sigma: 2.0,
        xtc_probability: 0.5,
        repeat_penalty: 1.1,
        frequency_penalty: 0.3,
        presence_penalty: -0.2,
        ..SamplingSettings::default()
    };
    let mut first = all.clone();
    first.swap_temperature();
    let wide = SamplingSettings { top_k: 0, ..SamplingSettings::default() };
    let mirostat = SamplingSettings { mirostat: Mirostat::V2, ..SamplingSettings::default() };
    for n_vocab in [2, 1025, 32_000, 200_000] {
        for settings in [&SamplingSettings::default(), &all, &first, &wide, &mirostat] {
            for seed in [1, 2] {
                let logits = logits(n_vocab, 7, seed == 2, false);
                last_stage_equals_the_chain(settings, &logits, seed, &repeating(n_vocab));
            }
        }
    }
}

proptest! {
    #[test]
    fn any_settings_on_any_logits(
        settings in any_settings(),
        n_vocab in 2_usize..600,
        ties in any::<bool>(),
        infinite in any::<bool>(),
        seed in 1_u64..u64::MAX,
        history in prop::collection::vec(0_u32..40, 0..20),
    ) {
        let logits = logits(n_vocab, seed, ties, infinite);
        let history: Vec<Token> = history.into_iter().map(|id| Token(id % n_vocab as u32)).collect();
        stages_equal_llama_cpps(&settings, &logits, &history);
        last_stage_equals_the_chain(&settings, &logits, seed as u32 % 1000, &history);
    }

    /// Any numbers a user can type are refused by a sentence, or make a chain that draws: a token of the vocabulary,
    /// with a probability unless nothing is left.
    #[test]
    fn any_numbers_give_a_sentence_or_a_draw(
        floats in prop::collection::vec(
                prop_oneof![1 => prop::num::f32::ANY, 20 => 0.0_f32..1.0, 1 => -3.0_f32..3.0, 3 => Just(0.0)], 13),
        whole in prop::collection::vec(prop_oneof![any::<i32>(), -2..100], 2),
        samplers in prop::collection::vec(prop::sample::select(SamplerKind::ALL.to_vec()), 0..12),
        mirostat in prop_oneof![3 => Just(Mirostat::Off), 1 => Just(Mirostat::V1), 1 => Just(Mirostat::V2)],
    ) {
        let samplers = samplers.into_iter().filter(|kind| *kind != SamplerKind::Dry).collect();
        let s = SamplingSettings {
            samplers, mirostat, temperature: floats[0], dynatemp_range: floats[1], dynatemp_exponent: floats[2],
            top_p: floats[3], min_p: floats[4], typical_p: floats[5], top_n_sigma: floats[6],
            xtc_probability: floats[7], xtc_threshold: floats[8], repeat_penalty: floats[9],
            presence_penalty: floats[10], frequency_penalty: floats[11], mirostat_tau: floats[12].abs(),
            top_k: whole[0], repeat_last_n: whole[1].min(1000), ..SamplingSettings::default()
        };
        if let Err(invalid) = s.validate() {
            prop_assert!(invalid.to_string().contains(": expected "));
        } else {
            let logits = logits(40, 5, true, true);
            let mut chain = Chain::new(&s, 1, &model(40)).unwrap();
            let outcome = chain.apply(&logits, &[1, 2, 1].map(Token), &SamplerState::default(), 0.5, true);
            prop_assert!(outcome.chosen.index() < 40);
            prop_assert!(outcome.p_final.is_nan() || (0.0..=1.0).contains(&outcome.p_final), "{:?}", s);
            let xray = chain.xray(&logits, &[1, 2, 1].map(Token), &SamplerState::default(), 0.5);
            prop_assert_eq!(xray.outcome.chosen, outcome.chosen);
            for id in 0..40 {
                for step in xray.walk(Token(id)) {
                    prop_assert!(!step.fate.to_string().is_empty());
                }
            }
        }
    }
}
