//! Logits that are not numbers: nothing is sampled from them, whatever the chain, and their count is reported.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use proptest::prelude::*;

use super::{CursorError, Session, StopRules};
use crate::{
    distribution::Summary,
    engine::{Vocabulary, scripted::Scripted},
    sampling::{Mirostat, SamplerKind, SamplingSettings},
    token::Token,
};

/// Tokens of the vocabulary: more than one of the blocks in which statistics are made.
const TOKENS: usize = 1300;

static VOCABULARY: LazyLock<Arc<Vocabulary>> = LazyLock::new(|| {
    let words: Vec<String> = (0..TOKENS).map(|id| format!(" w{id}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Scripted::new(&words, &[], 16).vocabulary()
});

prop_compose! {
    /// A chain of any stages but DRY, which needs a model.
    fn any_chain()(
        samplers in prop::sample::subsequence(SamplerKind::ALL.to_vec(), 0..=9).prop_shuffle(),
        temperature in prop::sample::select(vec![0.0_f32, 0.7, 1.5]),
        top_k in prop::sample::select(vec![0, 1, 40]),
        top_n_sigma in prop::sample::select(vec![-1.0_f32, 1.0]),
        repeat_penalty in prop::sample::select(vec![1.0_f32, 1.3]),
        xtc_probability in prop::sample::select(vec![0.0_f32, 1.0]),
        mirostat in prop::sample::select(vec![Mirostat::Off, Mirostat::Off, Mirostat::V1, Mirostat::V2]),
    ) -> SamplingSettings {
        SamplingSettings {
            samplers, temperature, top_k, top_n_sigma, repeat_penalty, xtc_probability, mirostat, seed: Some(1),
            ..SamplingSettings::default()
        }
    }
}

/// A session whose prompt of two tokens is evaluated to these logits.
fn session(settings: SamplingSettings, logits: &[f32]) -> Session {
    let prompt = vec![Token(3), Token(9)];
    let mut session =
        Session::new(Arc::clone(&VOCABULARY), prompt, settings, StopRules::default(), 16, 1 << 20)
            .expect("the settings are fine");
    let head = session.wanted().expect("nothing is evaluated yet");
    session.absorb(head, Summary::of(logits, 8), logits.into(), Duration::ZERO);
    session
}

proptest! {
    #[test]
    fn no_chain_samples_from_what_is_no_number(
        settings in any_chain(),
        broken in prop::collection::btree_map(0..TOKENS, prop::sample::select(vec![f32::NAN, f32::INFINITY]), 1..5),
        banned in any::<bool>(),
    ) {
        let mut logits: Vec<f32> = (0..TOKENS).map(|id| ((id * 7919) % 97) as f32 / 8.0).collect();
        if banned {
            logits[1] = f32::NEG_INFINITY;
        }
        let mut whole = session(settings.clone(), &logits);
        prop_assert!(whole.step(true).expect("all are numbers, or bans").is_some());
        for (&index, &value) in &broken {
            logits[index] = value;
        }
        let mut session = session(settings, &logits);
        let refused = CursorError::NonFinite { count: broken.len() };
        for traced in [true, false] {
            prop_assert_eq!(session.step(traced), Err(refused.clone()));
        }
        prop_assert_eq!(session.take(Token(0)), Err(refused));
        prop_assert!(session.look(2, &mut crate::sampling::Trace::default()).is_none());
        prop_assert!(session.xray(2, &[0.5]).is_none());
        prop_assert_eq!(session.path().tokens(), &[Token(3), Token(9)]);
    }
}
