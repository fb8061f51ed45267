//! One token's way through the stages.

use super::{Biased, Cause, Facts, Fate, Miss, Snapshot, StageXray, Xray, beside::Ahead};
use crate::{
    distribution::Candidate,
    sampling::{BiasCause, SamplerKind, StageKind},
    token::Token,
};

/// A token after one stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkStep {
    /// Its logit; None from where it was cut.
    pub logit: Option<f32>,
    /// Its probability, 0 to 1.
    pub p: f64,
    /// Its rank, 1 for the most likely; None from where it was cut.
    pub rank: Option<usize>,
    /// What the stage did to it. [`Fate::Kept`] for the model's own distribution.
    pub fate: Fate,
}

impl Xray {
    /// A token's way: first in the model's own distribution, then after each of [`Xray::stages`].
    ///
    /// The time goes with the number of candidates and of stages; it is meant for the few tokens looked at.
    #[must_use]
    pub fn walk(&self, token: Token) -> Vec<WalkStep> {
        let mut steps = Vec::with_capacity(self.stages.len() + 1);
        steps.push(step(&self.raw, token, Fate::Kept));
        for (before, stage) in self.pairs() {
            let last = steps[steps.len() - 1];
            if last.logit.is_none() {
                steps.push(WalkStep { fate: Fate::Gone, ..last });
            } else if stage.changed() {
                steps.push(step(&stage.after, token, self.fate_between(before, stage, token)));
            } else {
                steps.push(WalkStep { fate: Fate::Kept, ..last });
            }
        }
        steps
    }

    /// What the stage at `index` of [`Xray::stages`] did to a token; None for no such stage.
    #[must_use]
    pub fn fate(&self, index: usize, token: Token) -> Option<Fate> {
        let (before, stage) = self.pairs().nth(index)?;
        Some(self.fate_between(before, stage, token))
    }

    /// The stage that cut a token: its index in [`Xray::stages`], and how far the token missed. None for a survivor.
    #[must_use]
    pub fn cut(&self, token: Token) -> Option<(usize, Miss)> {
        let last = self.stages.iter().position(|stage| stage.after.logit(token).is_none())?;
        match self.fate(last, token)? {
            Fate::Cut(miss) => Some((last, miss)),
            _ => None,
        }
    }

    /// Each stage with the candidates before it.
    fn pairs(&self) -> impl Iterator<Item = (&Snapshot, &StageXray)> {
        let before = std::iter::once(&self.raw).chain(self.stages.iter().map(|stage| &stage.after));
        before.map(std::convert::AsRef::as_ref).zip(&self.stages)
    }

    pub(super) fn fate_between(&self, before: &Snapshot, stage: &StageXray, token: Token) -> Fate {
        let Some(from) = before.logit(token) else { return Fate::Gone };
        match stage.after.logit(token) {
            None => Fate::Cut(self.miss(before, stage, Candidate { token, logit: from }, None)),
            Some(to) if to.to_bits() == from.to_bits() => Fate::Kept,
            Some(to) => Fate::Moved { from, to, cause: cause(stage, token, from, to) },
        }
    }

    /// How far a candidate missed. `ahead` is what ranks before it, where that is known already.
    pub(super) fn miss(
        &self,
        before: &Snapshot,
        stage: &StageXray,
        own: Candidate,
        ahead: Option<Ahead>,
    ) -> Miss {
        let s = &self.settings;
        let p = before.probability(own.logit);
        let surprise = -p.log2();
        match (stage.kind, &stage.facts) {
            (StageKind::Grammar, _) => Miss::Grammar,
            (StageKind::BannedStrings, _) => Miss::BannedText,
            (StageKind::LogitBias, Facts::Biases(biases)) => Miss::Banned(ban(biases, own.token)),
            (StageKind::LogitBias, _) => Miss::Banned(BiasCause::Asked),
            (StageKind::Mirostat, &Facts::Mirostat { mu, by_rank: false, .. }) => {
                Miss::Surprise { surprise, mu }
            }
            (StageKind::Sampler(SamplerKind::TopNSigma), &Facts::Sigma { floor, .. }) => {
                Miss::Sigma { logit: own.logit, floor }
            }
            (StageKind::Sampler(SamplerKind::TypicalP), &Facts::Typical { entropy, limit })
                if !entropy.is_nan() =>
            {
                Miss::Atypical { surprise, entropy, limit }
            }
            (StageKind::Sampler(SamplerKind::TopP), _) => {
                let mass = ahead.map_or_else(|| before.mass_before(own), |ahead| ahead.mass);
                Miss::Nucleus { before: mass, p: s.top_p.into() }
            }
            (StageKind::Sampler(SamplerKind::MinP), &Facts::MinP { threshold }) => {
                Miss::MinP { p, threshold }
            }
            (StageKind::Sampler(SamplerKind::Xtc), &Facts::Xtc { drawn: Some(drawn), probability, .. }) => {
                Miss::TooLikely { p, threshold: s.xtc_threshold.into(), drawn, probability }
            }
            (StageKind::Sampler(SamplerKind::Temperature), _) => {
                Miss::NotLargest { logit: own.logit, largest: before.max_logit() }
            }
            _ => {
                let rank = ahead.map_or_else(|| before.rank(own.token), |ahead| Some(ahead.count + 1));
                Miss::Rank { rank: rank.unwrap_or(before.kept()), k: stage.kept }
            }
        }
    }
}

fn step(snapshot: &Snapshot, token: Token, fate: Fate) -> WalkStep {
    let logit = snapshot.logit(token);
    WalkStep {
        logit,
        p: logit.map_or(0.0, |logit| snapshot.probability(logit)),
        rank: snapshot.rank(token),
        fate,
    }
}

pub(super) fn cause(stage: &StageXray, token: Token, from: f32, to: f32) -> Cause {
    match &stage.facts {
        Facts::Window(window) => {
            Cause::Seen { count: window.iter().filter(|seen| **seen == token).count(), window: window.len() }
        }
        Facts::Repeats(repeats) => match repeats.iter().find(|repeat| repeat.token == token) {
            Some(repeat) => Cause::Repeats { length: repeat.length, penalty: repeat.penalty },
            None => Cause::Repeats { length: None, penalty: from - to },
        },
        &Facts::Temperature { t, entropy_share } => Cause::Temperature { t, entropy_share },
        _ => Cause::Bias { bias: to - from },
    }
}

/// On whose account a token is banned.
fn ban(biases: &[Biased], token: Token) -> BiasCause {
    let of_token = |biased: &&Biased| biased.0.token == token && biased.0.added == f32::NEG_INFINITY;
    biases.iter().find(of_token).map_or(BiasCause::Asked, |biased| biased.0.cause)
}
