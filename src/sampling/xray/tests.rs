//! The X-ray against numbers done by hand, and against the chain itself.

use std::sync::Arc;

use super::*;
use crate::sampling::{
    BiasCause, Chain, ChainModel, LogitBias, Mirostat, Off, SamplerKind, SamplerState, StageKind,
};
use crate::token::Token;

fn model(n_vocab: usize) -> ChainModel {
    ChainModel {
        n_vocab,
        context_size: 512,
        eog: vec![Token(0)],
        suppressed: vec![Token(3)],
        ..ChainModel::default()
    }
}

fn neutral() -> SamplingSettings {
    SamplingSettings { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0, ..SamplingSettings::default() }
}

/// Logits whose softmax are these probabilities.
fn logits(probabilities: &[f32]) -> Arc<[f32]> {
    probabilities.iter().map(|p| p.ln()).collect()
}

fn xray(settings: &SamplingSettings, logits: &Arc<[f32]>, history: &[Token], u: f64) -> Xray {
    let model = ChainModel { suppressed: Vec::new(), ..model(logits.len()) };
    let mut chain = Chain::new(settings, 1, &model).unwrap();
    chain.xray(logits, history, &SamplerState::default(), u)
}

fn stage(xray: &Xray, kind: SamplerKind) -> (usize, &StageXray) {
    xray.stages.iter().enumerate().find(|(_, stage)| stage.kind == kind.into()).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-5, "{a} is not {b}");
}

#[test]
fn masses_and_entropies_by_hand() {
    let settings = SamplingSettings { top_k: 4, top_p: 0.9, min_p: 0.4, ..neutral() };
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.125, 0.0625, 0.0625]), &[], 0.3);
    close(xray.raw.entropy_bits().low, 1.875);
    let (_, top_k) = stage(&xray, SamplerKind::TopK);
    assert_eq!((top_k.of, top_k.kept, top_k.moved), (5, 4, 0));
    close(top_k.removed_mass, 0.0625);
    let (_, top_p) = stage(&xray, SamplerKind::TopP);
    assert_eq!((top_p.of, top_p.kept), (4, 3));
    close(top_p.removed_mass, 0.0625 / 0.9375);
    // 0.5, 0.25, 0.125 of 0.875: 4/7, 2/7, 1/7
    close(top_p.entropy_after.low, 1.378_783);
    let (_, min_p) = stage(&xray, SamplerKind::MinP);
    assert_eq!((min_p.of, min_p.kept, min_p.setting.as_str()), (3, 2, "0.4"));
    close(min_p.removed_mass, 1.0 / 7.0);
    close(min_p.entropy_before.low, 1.378_783);
    let last: Vec<_> = xray.last().top(9).iter().map(|c| (c.token.0, c.p)).collect();
    assert_eq!(last.len(), 2);
    close(last[0].1, 2.0 / 3.0);
    assert_eq!(xray.outcome.chosen, Token(0));
}

#[test]
fn every_cut_says_how_far_it_missed() {
    let settings = SamplingSettings { top_k: 4, top_p: 0.9, min_p: 0.4, ..neutral() };
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.125, 0.0625, 0.0625]), &[], 0.3);
    let text = |id| {
        let (index, miss) = xray.cut(Token(id)).unwrap();
        format!("{} {miss}", xray.stages[index].label())
    };
    assert_eq!(xray.cut(Token(0)), None);
    assert_eq!(text(4), "top-k rank 5, top 4 kept");
    // (0.5 + 0.25 + 0.125) / 0.9375
    assert_eq!(text(3), "top-p mass before it 0.933, 0.0333 past 0.9");
    // 1/7 against 0.4 · 4/7
    assert_eq!(text(2), "min-p p 0.143, 0.0857 below min-p's 0.229");
}

#[test]
fn a_way_through_the_stages() {
    let settings = SamplingSettings { top_k: 2, temperature: 0.5, ..neutral() };
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.25]), &[], 0.0);
    let walk = xray.walk(Token(1));
    assert_eq!(walk.len(), xray.stages.len() + 1);
    assert_eq!(walk[0].rank, Some(2));
    close(walk[0].p, 0.25);
    let (top_k, _) = stage(&xray, SamplerKind::TopK);
    close(walk[top_k + 1].p, 1.0 / 3.0);
    let (temperature, _) = stage(&xray, SamplerKind::Temperature);
    close(walk[temperature + 1].p, 0.2);
    assert_eq!(walk[temperature + 1].fate.to_string(), "moved by −1.39: divided by 0.5");
    let gone = xray.walk(Token(2));
    assert_eq!(gone[top_k + 1].fate.to_string(), "cut: rank 3, top 2 kept");
    assert_eq!((gone[temperature + 1].fate, gone[temperature + 1].rank), (Fate::Gone, None));
}

#[test]
fn a_tie_at_the_edge_of_top_k_is_called_one() {
    let xray = xray(&SamplingSettings { top_k: 2, ..neutral() }, &logits(&[0.25; 4]), &[], 0.0);
    let cut: Vec<String> = (0..4).filter_map(|id| Some(xray.cut(Token(id))?.1.to_string())).collect();
    assert_eq!(cut.len(), 2);
    let tie = |text: &String| text == "as likely as the last of 2 kept" || text.ends_with(", top 2 kept");
    assert!(cut.iter().all(tie), "{cut:?}");
}

#[test]
fn penalties_tell_how_often_a_token_was_seen() {
    let settings = SamplingSettings { repeat_penalty: 2.0, repeat_last_n: 4, ..neutral() };
    let history = [1, 2, 1, 0, 1].map(Token);
    let xray = xray(&settings, &Arc::from([2.0, -1.0, 2.0, 1.0]), &history, 0.0);
    let (index, penalties) = stage(&xray, SamplerKind::Penalties);
    assert_eq!(penalties.moved, 3);
    assert_eq!(
        xray.fate(index, Token(1)).unwrap().to_string(),
        "moved by −1: seen 2 times in the last 4 tokens"
    );
    assert_eq!(
        xray.fate(index, Token(0)).unwrap().to_string(),
        "moved by −1: seen once in the last 4 tokens"
    );
    assert_eq!(xray.fate(index, Token(3)), Some(Fate::Kept));
    assert_eq!(penalties.setting, "repeat 2, last 4");
}

#[test]
fn bans_are_distinguished() {
    let settings = SamplingSettings {
        ignore_eos: true,
        logit_bias: vec![
            LogitBias { token: Token(1), bias: -2.0 },
            LogitBias { token: Token(2), bias: f32::NEG_INFINITY },
        ],
        ..neutral()
    };
    let mut chain = Chain::new(&settings, 1, &model(5)).unwrap();
    let xray = chain.xray(&Arc::from([1.0; 5]), &[], &SamplerState::default(), 0.0);
    let miss = |id| xray.cut(Token(id)).map(|(_, miss)| miss);
    assert_eq!(miss(0), Some(Miss::Banned(BiasCause::IgnoreEos)));
    assert_eq!(miss(2), Some(Miss::Banned(BiasCause::Asked)));
    assert_eq!(miss(3), Some(Miss::Banned(BiasCause::Suppressed)));
    let bias = xray.fate(1, Token(1)).unwrap();
    assert_eq!(bias.to_string(), "moved by −2: bias −2");
    assert_eq!(xray.stages[1].setting, "1 biased, 1 banned, end tokens ignored");
    close(xray.stages[1].removed_mass, 0.6);
}

#[test]
fn sigma_and_typical_give_their_bounds() {
    // Mean 2, population σ √2: with n = 1 the bound is 4 − 1.414.
    let sigma = xray(
        &SamplingSettings { top_n_sigma: 1.0, ..neutral() },
        &Arc::from([4.0, 3.0, 2.0, 1.0, 0.0]),
        &[],
        0.0,
    );
    assert_eq!(sigma.cut(Token(2)).unwrap().1.to_string(), "logit 2, 0.586 below the cutoff 2.59");
    assert_eq!(sigma.last().kept(), 2);

    // Entropy 1.75 bits; surprises 1, 2, 3, 3: the nearest is 2, then 1.
    let settings = SamplingSettings { typical_p: 0.6, ..neutral() };
    let typical = xray(&settings, &logits(&[0.5, 0.25, 0.125, 0.125]), &[], 0.0);
    let kept: Vec<u32> = typical.last().in_order().map(|c| c.token.0).collect();
    assert_eq!(kept, [1, 0]);
    assert_eq!(
        typical.cut(Token(3)).unwrap().1.to_string(),
        "surprisal 3 bits is 1.25 from the mean 1.75; up to 0.75 is kept"
    );
}

#[test]
fn xtc_shows_its_own_dice() {
    let settings = SamplingSettings { xtc_probability: 1.0, xtc_threshold: 0.2, ..neutral() };
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.15, 0.1]), &[], 0.0);
    let (index, xtc) = stage(&xray, SamplerKind::Xtc);
    // The first number of mt19937 with seed 1 is 1791095845.
    let Facts::Xtc { drawn: Some(drawn), likely, .. } = xtc.facts else { panic!("{:?}", xtc.facts) };
    assert_eq!(drawn.to_bits(), (1_791_095_845_f32 / 4_294_967_296.0).to_bits());
    assert_eq!(likely, 2);
    assert!(matches!(xray.fate(index, Token(0)), Some(Fate::Cut(Miss::TooLikely { .. }))));
    assert_eq!(xray.fate(index, Token(1)), Some(Fate::Kept));
}

#[test]
fn dynamic_temperature_tells_the_one_in_effect() {
    // Four equal tokens: entropy is the largest possible, so the temperature is 1 + 0.5.
    let settings = SamplingSettings { temperature: 1.0, dynatemp_range: 0.5, ..neutral() };
    let xray = xray(&settings, &Arc::from([2.0; 4]), &[], 0.0);
    let (index, temperature) = stage(&xray, SamplerKind::Temperature);
    assert_eq!(temperature.facts.to_string(), "T 1.5 from entropy 1 of its maximum");
    assert_eq!(temperature.setting, "1 ± 0.5");
    let Some(Fate::Moved { to, cause: Cause::Temperature { t, .. }, .. }) = xray.fate(index, Token(3)) else {
        panic!("it is moved");
    };
    close(t, 1.5);
    close(to.into(), 2.0 / 1.5);
}

#[test]
fn greedy_names_the_largest() {
    let xray =
        xray(&SamplingSettings { temperature: 0.0, ..neutral() }, &Arc::from([1.0, 4.0, 2.0]), &[], 0.9);
    assert_eq!(xray.cut(Token(2)).unwrap().1.to_string(), "logit 2, the largest is 4");
    assert_eq!(xray.outcome.chosen, Token(1));
}

#[test]
fn mirostat_shows_its_state_and_what_it_replaces() {
    let settings =
        SamplingSettings { mirostat: Mirostat::V2, mirostat_tau: 1.0, mirostat_eta: 0.5, ..neutral() };
    // μ starts at 2 bits: what surprises more goes.
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.125, 0.125]), &[], 0.0);
    let mirostat = xray.stages.iter().find(|stage| stage.kind == StageKind::Mirostat).unwrap();
    assert_eq!(mirostat.kept, 2);
    assert_eq!(xray.cut(Token(2)).unwrap().1.to_string(), "surprisal 3 bits, 1 above μ 2");
    // The token drawn has 2/3 of what is left: 0.585 bits, 0.415 below τ.
    let Facts::Mirostat { mu, surprise, next_mu, .. } = mirostat.facts else {
        panic!("{:?}", mirostat.facts)
    };
    close(mu, 2.0);
    close(surprise, 0.584_962);
    close(next_mu, 2.0 + 0.5 * 0.415_037);
    let (_, top_k) = stage(&xray, SamplerKind::TopK);
    assert_eq!(top_k.off, Some(Off::Mirostat));
}

#[test]
fn stages_that_are_off_are_listed_with_the_reason() {
    let mut settings =
        SamplingSettings { samplers: vec![SamplerKind::TopP, SamplerKind::TopK], top_k: 2, ..neutral() };
    settings.toggle_mute(SamplerKind::TopK.into());
    let xray = xray(&settings, &logits(&[0.5, 0.25, 0.25]), &[], 0.0);
    let off: Vec<_> =
        xray.stages.iter().map(|stage| (stage.label(), stage.sampler_index, stage.off)).collect();
    assert_eq!(
        off[..5],
        [
            ("grammar", None, Some(Off::Neutral)),
            ("logit-bias", None, Some(Off::Neutral)),
            ("banned-text", None, Some(Off::Neutral)),
            ("top-p", Some(0), Some(Off::Neutral)),
            ("top-k", Some(1), Some(Off::Muted)),
        ]
    );
    assert_eq!(off.len(), 12);
    assert!(off[5..].iter().all(|(_, index, off)| index.is_none() && *off == Some(Off::NotInChain)));
    assert!(xray.stages.iter().all(|stage| Arc::ptr_eq(&stage.after, &xray.raw)), "nothing is copied");
}

#[test]
fn the_same_u_at_other_temperatures() {
    let settings = SamplingSettings { temperature: 1.0, ..neutral() };
    let mut chain = Chain::new(&settings, 1, &model(4)).unwrap();
    let logits = [3.0, 2.0, 1.0, 0.0];
    let state = SamplerState::default();
    for u in [0.1, 0.6, 0.8, 0.95] {
        let strip = chain.at_temperatures(&STRIP, &logits, &[], &state, u);
        for at in strip {
            let alone = SamplingSettings { temperature: at.temperature, ..settings.clone() };
            let mut other = Chain::new(&alone, 1, &model(4)).unwrap();
            let outcome = other.apply(&logits, &[], &state, u, false);
            assert_eq!((at.token, at.p.to_bits()), (outcome.chosen, outcome.p_final.to_bits()));
        }
        let after = chain.apply(&logits, &[], &state, u, false);
        let mut fresh = Chain::new(&settings, 1, &model(4)).unwrap();
        assert_eq!(
            after.chosen,
            fresh.apply(&logits, &[], &state, u, false).chosen,
            "the temperature is back"
        );
    }
}

#[test]
fn what_a_stage_left_beside_what_it_cut() {
    let settings = SamplingSettings { top_k: 4, top_p: 0.7, ..neutral() };
    let xray = xray(&settings, &logits(&[0.0625, 0.25, 0.125, 0.0625, 0.5]), &[], 0.3);
    let (top_k, _) = stage(&xray, SamplerKind::TopK);
    let (kept, cut) = xray.beside(top_k, 2);
    let ids = |rows: &[Beside]| rows.iter().map(|row| (row.before.token.0, row.rank)).collect::<Vec<_>>();
    assert_eq!((ids(&kept), ids(&cut)), (vec![(4, 1), (1, 2)], vec![(3, 5)]));
    close(kept[0].before.p, 0.5);
    close(kept[0].after.unwrap().p, 0.5 / 0.9375);
    assert_eq!((kept[0].fate, cut[0].after), (Fate::Kept, None));
    let (top_p, _) = stage(&xray, SamplerKind::TopP);
    let (kept, cut) = xray.beside(top_p, 9);
    assert_eq!((ids(&kept), ids(&cut)), (vec![(4, 1), (1, 2)], vec![(2, 3), (0, 4)]));
    for row in cut {
        let one_by_one = xray.fate(top_p, row.before.token).unwrap();
        let Fate::Cut(Miss::Nucleus { before, .. }) = row.fate else { panic!("{:?}", row.fate) };
        let Fate::Cut(Miss::Nucleus { before: alone, .. }) = one_by_one else { panic!("{one_by_one:?}") };
        close(before, alone);
    }
    assert_eq!(xray.beside(99, 9), (Vec::new(), Vec::new()));
}

#[test]
fn the_last_stage_is_what_the_chain_draws_from() {
    // Ties, −∞ and a stage of each kind.
    let settings = SamplingSettings {
        repeat_penalty: 1.2,
        typical_p: 0.9,
        xtc_probability: 0.5,
        temperature: 0.7,
        dynatemp_range: 0.3,
        ..SamplingSettings::default()
    };
    let logits: Arc<[f32]> = (0..200).map(|id| [2.0, 1.0, 1.0, f32::NEG_INFINITY][id % 4]).collect();
    let history = [5, 9, 5].map(Token);
    let mut chain = Chain::new(&settings, 1, &ChainModel { n_vocab: 200, ..model(200) }).unwrap();
    let xray = chain.xray(&logits, &history, &SamplerState::default(), 0.4);
    let outcome = chain.apply(&logits, &history, &SamplerState::default(), 0.4, false);
    assert_eq!(xray.outcome.chosen, outcome.chosen);
    let walked: Vec<Token> = xray.last().in_order().map(|c| c.token).collect();
    let survivors: Vec<Token> = chain.survivors().map(|(token, _)| token).collect();
    assert_eq!(walked, survivors);
    for c in xray.last().in_order() {
        let p = chain.survivors().find(|(token, _)| *token == c.token).unwrap().1;
        close(p, c.p);
    }
}

#[test]
fn what_a_stage_moved_itself_is_found_however_far_it_went() {
    let settings = SamplingSettings { repeat_penalty: 10.0, repeat_last_n: 4, ..neutral() };
    let history = [0, 3, 0, 9].map(Token);
    let logits: Arc<[f32]> = Arc::from([8.0, 4.0, 3.0, 2.0, 1.0, 0.9]);
    let xray = xray(&settings, &logits, &history, 0.0);
    let (index, _) = stage(&xray, SamplerKind::Penalties);
    let moved = xray.moved(index, 9);
    let told: Vec<_> = moved.iter().map(|row| (row.before.token.0, row.was, row.rank)).collect();
    // 8 becomes 0.8 and 2 becomes 0.2; token 9 is beyond this vocabulary.
    assert_eq!(told, [(0, Some(1), 5), (3, Some(4), 6)]);
    for row in &moved {
        assert_eq!(row.fate, xray.fate(index, row.before.token).unwrap());
        assert_eq!(Some(row.rank), xray.walk(row.before.token)[index + 1].rank);
        close(row.after.unwrap().p, xray.walk(row.before.token)[index + 1].p);
    }
    assert_eq!(xray.moved(index, 1), moved[..1], "the one that changed most");
    let (temperature, _) = stage(&xray, SamplerKind::Temperature);
    assert!(xray.moved(temperature, 9).is_empty() && xray.moved(99, 9).is_empty());
}

#[test]
fn what_is_moved_after_a_cut_is_found_too() {
    let samplers = vec![SamplerKind::TopK, SamplerKind::Penalties];
    let settings =
        SamplingSettings { samplers, top_k: 3, repeat_penalty: 10.0, repeat_last_n: 4, ..neutral() };
    let history = [1, 4].map(Token);
    let xray = xray(&settings, &Arc::from([1.0, 4.0, 3.0, 2.0, 1.5]), &history, 0.0);
    let (index, _) = stage(&xray, SamplerKind::Penalties);
    let told: Vec<_> =
        xray.moved(index, 9).iter().map(|row| (row.before.token.0, row.was, row.rank)).collect();
    assert_eq!(told, [(1, Some(1), 3)], "token 4 was cut before");
}

#[test]
fn a_certain_token_surprises_by_nothing() {
    let settings = SamplingSettings { mirostat: Mirostat::V2, mirostat_tau: 0.1, ..neutral() };
    let xray = xray(&settings, &logits(&[1.0, 0.0]), &[], 0.0);
    let mirostat = xray.stages.iter().find(|stage| stage.kind == StageKind::Mirostat).unwrap();
    let told = mirostat.facts.to_string();
    assert!(told.contains("surprisal 0 bits"), "{told}");
}
