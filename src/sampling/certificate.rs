//! Whether what a stage does to a row with a tail is what it would do to the whole row.
//!
//! Worked out from what is known of the tail alone: its mass, and that no token of it is likelier than the last of the named
//! ones. Where it says nothing against a stage, the named tokens that are left, their probabilities and the tail's are the
//! whole row's; tests hold it to that.

use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use super::{ChainModel, Doubt, Mirostat, SamplerKind, SamplingSettings, StageKind, bias, partial::Partial};
use crate::token::Token;

/// Two sums of floats may differ by so much, relative to the larger: what is closer is not decided.
const CLOSE: f64 = 1e-4;
/// Logits that have gone through an exponential function and back agree to this.
const ROUNDED: f64 = 1e-6;
/// The tail's mass is what is left of 1, so that the rounding of the named probabilities is in it. A temperature can make much of
/// that little.
const MASS: f64 = 5e-7;
/// Masses that differ by less than this part of all are the same on any screen.
const SAME: f64 = 5e-5;

/// What the stages act by, besides the candidates.
pub(super) struct Scene<'a> {
    pub settings: &'a SamplingSettings,
    pub model: &'a ChainModel,
    pub history: &'a [Token],
    pub partial: &'a Partial,
    /// The surprise in bits at which mirostat cuts; 0 where it is off.
    pub mu: f64,
}

/// The named candidates that are left, and how many others.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    /// Their logits, the largest first.
    logits: Vec<f64>,
    unnamed: usize,
    /// Whether their order in the array is that of the whole row: no two are equal, or none was moved.
    orderly: bool,
}

impl Left {
    pub(super) fn of(array: &LlamaTokenDataArray, partial: &Partial) -> Self {
        let alive = || array.data.iter().filter(|c| c.logit() > f32::NEG_INFINITY);
        let mut named: Vec<(f32, i32)> =
            alive().filter(|c| partial.names_in(c)).map(|c| (c.logit(), c.id().0)).collect();
        let unnamed = alive().count() - named.len();
        let unmoved = named.windows(2).all(|pair| pair[0].1 < pair[1].1);
        named.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let orderly = unmoved || named.windows(2).all(|pair| pair[0].0 > pair[1].0);
        Self { logits: named.iter().map(|(logit, _)| f64::from(*logit)).collect(), unnamed, orderly }
    }

    /// Σ exp(logit) of the named ones.
    fn sum(&self) -> f64 {
        self.logits.iter().map(|logit| logit.exp()).sum()
    }

    /// How many of the named ones are at least this likely, of a whole of `sum`.
    fn likely(&self, p: f64, sum: f64) -> usize {
        self.logits.iter().take_while(|logit| logit.exp() >= p * sum).count()
    }

    /// How many of the named ones it takes, the likeliest first, to reach this sum.
    fn reach(&self, target: f64) -> Option<usize> {
        let mut sum = 0.0;
        self.logits.iter().position(|logit| {
            sum += logit.exp();
            sum >= target
        })
    }

    /// Whether the candidate at `index` and the next are equal, so that a cut between them is a matter of order.
    fn ties(&self, index: usize) -> bool {
        self.logits.get(index + 1) == self.logits.get(index)
    }
}

/// The tokens of the tail that may be left.
#[derive(Clone, Copy, Debug)]
struct Rest {
    /// At most so many.
    count: usize,
    /// None has a larger logit.
    top: f64,
    /// Σ exp(logit) of them, at least and at most.
    low: f64,
    high: f64,
}

impl Rest {
    /// So many of them may have lost something, or all they had.
    fn lower(&mut self, tokens: usize) {
        self.low = (self.low - tokens as f64 * self.top.exp()).max(0.0);
    }

    /// So many of them are raised by as much as this.
    fn raise(&mut self, tokens: usize, by: f64) {
        self.high += tokens as f64 * (self.top.exp() * (by.exp() - 1.0)).max(0.0);
        self.top += by.max(0.0);
    }

    /// After a division of all logits by `t`, other than 1 and above 0.
    fn divide(&mut self, t: f64) {
        let (each, n) = (self.top.exp(), self.count.max(1) as f64);
        // In as few tokens as the bound allows, and in all of them alike.
        let few = |sum: f64| sum / each * (self.top / t).exp();
        let even = |sum: f64| if sum > 0.0 { n * ((sum / n).ln() / t).exp() } else { 0.0 };
        (self.low, self.high) =
            if t > 1.0 { (few(self.low), even(self.high)) } else { (even(self.low), few(self.high)) };
        self.top /= t;
    }
}

/// What is known of the whole row after the stages so far.
#[derive(Clone, Debug)]
pub(super) struct Knowledge {
    /// The named tokens that are left are those that would be, with their logits.
    sound: bool,
    rest: Option<Rest>,
    /// A stage has cut between equal candidates: those with this logit, and no others, may be other tokens than they would
    /// be.
    ties: Option<f64>,
}

impl Knowledge {
    /// Of a row before its first stage, or after a grammar's mask; `doubted` where it is not sure that it would be masked.
    pub(super) fn of(partial: &Partial, left: &Left, doubted: bool) -> Self {
        let tail = &partial.tail;
        let mut knowledge = Self { sound: !doubted, rest: None, ties: None };
        let count = partial.unnamed();
        if count > 0 {
            let low = (tail.mass - MASS).max(0.0);
            let high = (tail.mass + MASS).min(count as f64 * tail.bound);
            knowledge.rest = Some(Rest { count, top: tail.bound.ln(), low, high });
            knowledge.masked(count, left.unnamed);
        }
        knowledge
    }

    /// The logit that no token of the tail exceeds, or −∞ where none is left.
    pub(super) fn top(&self) -> f64 {
        self.rest.map_or(f64::NEG_INFINITY, |rest| rest.top)
    }

    /// Tokens of the tail were masked, by what they are. Whether any was.
    fn masked(&mut self, before: usize, after: usize) -> bool {
        let Some(rest) = &mut self.rest else { return false };
        let removed = before.saturating_sub(after);
        if removed > 0 {
            rest.lower(removed);
            rest.count = after;
            rest.high = rest.high.min(after as f64 * rest.top.exp());
        }
        if after == 0 {
            self.rest = None;
        }
        removed > 0
    }

    /// What could differ after a grammar's mask, before the first stage.
    pub(super) fn after_grammar(&self, left: &Left) -> Option<Doubt> {
        self.verdict(Some(Doubt::Single), left)
    }

    /// What could differ after a stage that acted; None where the result is that of the whole row.
    pub(super) fn after(
        &mut self,
        kind: StageKind,
        scene: &Scene<'_>,
        before: &Left,
        after: &Left,
    ) -> Option<Doubt> {
        let own = match kind {
            StageKind::Sampler(SamplerKind::Penalties) => self.penalties(scene),
            _ if self.rest.is_none() => None,
            StageKind::Grammar | StageKind::BannedStrings => {
                self.masked(before.unnamed, after.unnamed).then_some(Doubt::Single)
            }
            StageKind::LogitBias => self.biases(scene, before, after),
            StageKind::Mirostat => self.mirostat(scene, before),
            StageKind::Sampler(kind) => self.sampler(kind, scene, before),
        };
        self.follow_ties(kind, before, after);
        self.verdict(own, after)
    }

    /// What could differ in the draw from what is left.
    pub(super) fn of_draw(&self, left: &Left) -> Option<Doubt> {
        if !self.sound {
            return Some(Doubt::Earlier);
        }
        match self.rest {
            Some(_) if self.verdict(None, left).is_none() => Some(Doubt::Order),
            Some(_) => Some(Doubt::Earlier),
            None if self.ties.is_some() || !left.orderly => Some(Doubt::Ties),
            None => None,
        }
    }

    fn verdict(&self, own: Option<Doubt>, left: &Left) -> Option<Doubt> {
        // Of all that is left: a temperature makes every number of a sum small, not only the tail's.
        let closed = self.rest.is_none_or(|rest| rest.high - rest.low <= SAME * (left.sum() + rest.low));
        match self.ties {
            _ if !(self.sound && closed) => Some(own.unwrap_or(Doubt::Earlier)),
            Some(_) => Some(Doubt::Ties),
            None => None,
        }
    }

    /// Equal candidates of which some were cut: where they are after a stage, if any is left.
    fn follow_ties(&mut self, kind: StageKind, before: &Left, after: &Left) {
        let Some(ties) = self.ties else { return };
        if matches!(kind, StageKind::Sampler(SamplerKind::Penalties | SamplerKind::Dry)) {
            // It goes by which tokens they are.
            self.sound = false;
        }
        if kind == StageKind::Sampler(SamplerKind::Temperature) {
            let likelier = before.logits.iter().take_while(|logit| **logit > ties).count();
            self.ties = after.logits.get(likelier).copied();
        }
        self.ties = self.ties.filter(|ties| after.logits.last().is_some_and(|least| least <= ties));
    }

    /// All tokens of the tail are cut, and between equal candidates those after `index`.
    fn cut_after(&mut self, index: usize, before: &Left) -> Option<Doubt> {
        if before.ties(index) {
            self.ties = before.logits.get(index).copied();
        }
        self.cut_all()
    }

    fn sampler(&mut self, kind: SamplerKind, scene: &Scene<'_>, before: &Left) -> Option<Doubt> {
        let s = scene.settings;
        match kind {
            SamplerKind::Dry => self.dry(scene),
            SamplerKind::TopK => self.top_k(usize::try_from(s.top_k).unwrap_or(0), before),
            SamplerKind::TopP => self.top_p(s.top_p, before),
            SamplerKind::MinP => self.min_p(s.min_p.into(), before),
            SamplerKind::Xtc => self.xtc(s.xtc_threshold.into(), before),
            SamplerKind::Temperature => self.temperature(s, before),
            SamplerKind::TopNSigma | SamplerKind::TypicalP => Some(self.unsound(Doubt::Shape)),
            SamplerKind::Penalties => None,
        }
    }

    fn unsound(&mut self, why: Doubt) -> Doubt {
        self.sound = false;
        why
    }

    /// All tokens of the tail are cut for certain.
    fn cut_all(&mut self) -> Option<Doubt> {
        self.rest = None;
        None
    }

    fn top_k(&mut self, k: usize, before: &Left) -> Option<Doubt> {
        let rest = self.rest.as_mut()?;
        let named = before.logits.len();
        let ranks = |index: usize| before.logits.get(index).is_some_and(|l| *l >= rest.top - ROUNDED);
        let too_few = Doubt::TooFew { k, named };
        if k > 0 && ranks(k - 1) {
            return self.cut_after(k - 1, before);
        }
        if k > named && (named == 0 || ranks(named - 1)) {
            rest.count = rest.count.min(k - named);
            rest.high = rest.high.min(rest.count as f64 * rest.top.exp());
            rest.low = 0.0;
            return Some(too_few);
        }
        Some(self.unsound(too_few))
    }

    fn top_p(&mut self, share: f32, before: &Left) -> Option<Doubt> {
        let rest = self.rest.as_mut()?;
        let (p, sum) = (f64::from(share), before.sum());
        let reach = |rest: f64, share: f64| before.reach(share * (sum + rest));
        let ranks = |index: usize| before.logits.get(index).is_some_and(|l| *l >= rest.top - ROUNDED);
        let not_reached = Doubt::NotReached { p: share, reached: sum / (sum + rest.high) };
        match (reach(rest.low, p * (1.0 - CLOSE)), reach(rest.high, p * (1.0 + CLOSE))) {
            (Some(a), Some(b)) if a == b && ranks(a) => self.cut_after(a, before),
            (None, None) if ranks(before.logits.len().wrapping_sub(1)) => {
                rest.low = 0.0;
                Some(not_reached)
            }
            (Some(_), Some(_)) => Some(self.unsound(Doubt::Bound)),
            _ => Some(self.unsound(not_reached)),
        }
    }

    fn min_p(&mut self, p: f64, before: &Left) -> Option<Doubt> {
        let rest = self.rest.as_mut()?;
        let Some(largest) = before.logits.first().filter(|largest| **largest >= rest.top - ROUNDED) else {
            return Some(self.unsound(Doubt::Bound));
        };
        if rest.top < largest + p.ln() - CLOSE {
            return self.cut_all();
        }
        rest.low = 0.0;
        Some(Doubt::Bound)
    }

    fn xtc(&mut self, threshold: f64, before: &Left) -> Option<Doubt> {
        let rest = self.rest?;
        let sum = before.sum();
        let unlikely = rest.top.exp() < threshold * (1.0 - CLOSE) * (sum + rest.low);
        let most = before.likely(threshold * (1.0 - CLOSE), sum + rest.low);
        let least = before.likely(threshold * (1.0 + CLOSE), sum + rest.high);
        if unlikely && most == least { None } else { Some(self.unsound(Doubt::Bound)) }
    }

    fn temperature(&mut self, s: &SamplingSettings, before: &Left) -> Option<Doubt> {
        let rest = self.rest.as_mut()?;
        if s.dynatemp_range > 0.0 && s.mirostat == Mirostat::Off {
            return Some(self.unsound(Doubt::Shape));
        }
        let t = f64::from(s.temperature);
        if t > 0.0 {
            rest.divide(t);
            return Some(Doubt::Share);
        }
        let largest = before.logits.first().is_some_and(|largest| *largest >= rest.top - ROUNDED);
        if largest { self.cut_after(0, before) } else { Some(self.unsound(Doubt::Bound)) }
    }

    fn mirostat(&mut self, scene: &Scene<'_>, before: &Left) -> Option<Doubt> {
        let rest = self.rest?;
        if scene.settings.mirostat != Mirostat::V2 {
            return Some(self.unsound(Doubt::Shape));
        }
        let (sum, least) = (before.sum(), (-scene.mu).exp2());
        let cut = rest.top.exp() < least * (1.0 - CLOSE) * (sum + rest.low);
        let most = before.likely(least * (1.0 - CLOSE), sum + rest.low).max(1);
        let fewest = before.likely(least * (1.0 + CLOSE), sum + rest.high).max(1);
        let first = before.logits.first().is_some_and(|largest| *largest >= rest.top - ROUNDED);
        if cut && first && most == fewest { self.cut_all() } else { Some(self.unsound(Doubt::Bound)) }
    }

    fn penalties(&mut self, scene: &Scene<'_>) -> Option<Doubt> {
        let s = scene.settings;
        let window = scene.window(s.repeat_last_n);
        let (named, unnamed): (Vec<Token>, Vec<Token>) =
            distinct(window).into_iter().partition(|&token| scene.partial.names(token));
        let by_sign = (s.repeat_penalty - 1.0).abs() > 0.0;
        if by_sign && !named.is_empty() {
            return Some(self.unsound(Doubt::Sign));
        }
        let rest = self.rest.as_mut()?;
        if unnamed.is_empty() {
            return None;
        }
        if by_sign && s.repeat_penalty < 1.0 {
            return Some(self.unsound(Doubt::Sign));
        }
        // What a token gains where a penalty is negative, at most.
        let times = |token: &Token| window.iter().filter(|seen| *seen == token).count() as f64;
        let gain = |token| -(times(token) * f64::from(s.frequency_penalty) + f64::from(s.presence_penalty));
        let most = unnamed.iter().map(gain).fold(0.0, f64::max);
        rest.lower(unnamed.len());
        if most > 0.0 {
            rest.raise(unnamed.len(), most);
        }
        Some(Doubt::Single)
    }

    fn dry(&mut self, scene: &Scene<'_>) -> Option<Doubt> {
        let s = scene.settings;
        let rest = self.rest.as_mut()?;
        let seen = distinct(scene.window(s.dry_penalty_last_n));
        let unnamed = seen.into_iter().filter(|&token| !scene.partial.names(token)).count();
        if s.dry_multiplier < 0.0 {
            return Some(self.unsound(Doubt::Single));
        }
        rest.lower(unnamed);
        (unnamed > 0).then_some(Doubt::Single)
    }

    fn biases(&mut self, scene: &Scene<'_>, before: &Left, after: &Left) -> Option<Doubt> {
        let added: Vec<f64> = bias::all(scene.settings, scene.model)
            .filter(|bias| !scene.partial.names(bias.token))
            .map(|bias| f64::from(bias.added))
            .collect();
        let rest = self.rest.as_mut()?;
        rest.lower(added.iter().filter(|added| added.is_finite()).count());
        // One token can have several.
        let most: f64 = added.iter().filter(|added| **added > 0.0).sum();
        if most > 0.0 {
            rest.raise(added.len(), most);
        }
        self.masked(before.unnamed, after.unnamed);
        (!added.is_empty()).then_some(Doubt::Single)
    }
}

impl Scene<'_> {
    /// The tokens that a window setting looks back on.
    fn window(&self, last_n: i32) -> &[Token] {
        &self.history[self.history.len().saturating_sub(self.model.window(last_n))..]
    }
}

fn distinct(tokens: &[Token]) -> Vec<Token> {
    let mut tokens = tokens.to_vec();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
