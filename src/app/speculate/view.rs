//! What the speculate screen shows of its rounds, worked out before a frame.

use super::{
    super::{Desk, Transcript},
    Speculate,
    runs::speed,
};
use crate::{
    decode::speculative::{Arrival, DraftSource, Drafted, Gains, Plain, Price, Round, Trial, Verdict},
    engine::Vocabulary,
    text::{Shown, Spaces},
    token::Token,
};

/// A drafted token of the round on view.
#[derive(Clone, Debug)]
pub struct DraftRow {
    /// As it is shown.
    pub text: String,
    /// What is known of it.
    pub drafted: Drafted,
    /// What stands in its place, where it was refused.
    pub instead: Option<String>,
    /// Whether its verdict is shown: the round is stepped through.
    pub decided: bool,
}

/// What came after a draft that was accepted whole, or without a draft.
#[derive(Clone, Debug)]
pub struct Bonus {
    /// As it is shown.
    pub text: String,
    /// How it came.
    pub how: Arrival,
}

/// The round on view.
#[derive(Clone, Debug)]
pub struct RoundView {
    /// Its number, 1 the first.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What was drafted.
    pub rows: Vec<DraftRow>,
    /// One more token.
    pub bonus: Option<Bonus>,
    /// Everything that is known of it.
    pub round: Round,
    /// Whether all its tokens are shown.
    pub whole: bool,
}

/// A token at the selected place.
#[derive(Clone, Debug, PartialEq)]
pub struct Likely {
    /// The token.
    pub token: Token,
    /// As it is shown.
    pub text: String,
    /// Under the draft.
    pub q: Option<f64>,
    /// Under the target, after its chain; None where it was not looked at.
    pub p: Option<f64>,
    /// In what was drawn from in its place.
    pub residual: Option<f64>,
    /// Whether it is the drafted one.
    pub drafted: bool,
    /// Whether it stands in the text.
    pub chosen: bool,
}

/// What is shown.
#[derive(Default)]
pub(super) struct View {
    pub round: Option<RoundView>,
    pub transcript: Transcript,
    pub likely: Vec<Likely>,
    pub gains: Gains,
    pub price: Option<Price>,
    pub ratio: Option<f64>,
    pub trouble: Option<String>,
}

impl View {
    /// Places of the round: the drafted tokens, and the one after them.
    pub fn places(&self) -> usize {
        self.round.as_ref().map_or(0, |round| round.rows.len() + usize::from(round.bonus.is_some()))
    }
}

impl Speculate {
    /// Brings what is shown in line with the walk.
    pub(super) fn look(&mut self, desk: &mut Desk) {
        self.view.trouble = self.trouble(desk);
        let Some(walk) = &self.walk else {
            self.view = View { trouble: self.view.trouble.take(), ..View::default() };
            return;
        };
        let (path, vocabulary) = (walk.cursor().path(), walk.cursor().vocabulary());
        self.view.transcript.follow(path, vocabulary);
        let rounds = walk.rounds();
        // The newest of which something is shown, or which is about to be.
        let newest = rounds.iter().rposition(|round| round.begin <= self.shown);
        let at = self.at.filter(|&at| at < rounds.len()).or(newest);
        self.view.round = at.and_then(|at| Some((at, rounds.get(at)?))).map(|(at, round)| {
            let decided = self.shown.saturating_sub(round.begin);
            round_view((at, rounds.len()), round, decided, vocabulary)
        });
        let place = self.selected(super::PanelId::Draft);
        // Stepping through a round, the place just decided is on view.
        if let Some(round) = self.view.round.as_ref().filter(|_| self.place == usize::MAX) {
            let decided = self.shown.saturating_sub(round.round.begin);
            self.place = decided.saturating_sub(1).min(self.view.places().saturating_sub(1));
        } else {
            self.place = place;
        }
        self.view.likely =
            self.view.round.as_ref().map_or_else(Vec::new, |round| likely(round, self.place, vocabulary));
        let shown =
            rounds.iter().skip(self.since).filter(|round| round.begin + round.tokens.len() <= self.shown);
        let shown: Vec<&Round> = shown.filter(|round| is_measured(round)).collect();
        self.view.gains = Gains::of(shown);
        let plain = self.plain.as_ref();
        self.view.price = Price::of(&self.view.gains, plain.and_then(Plain::pass));
        self.view.ratio = plain.and_then(|plain| speed(&self.view.gains, plain));
    }

    /// What keeps the draft model from drafting.
    #[must_use]
    pub fn why_no_draft(&self) -> Option<&str> {
        self.view.trouble.as_deref()
    }

    /// The tokens that the round on view copied its draft from, positions of the whole text.
    #[must_use]
    pub fn copied(&self) -> Option<std::ops::Range<usize>> {
        match self.view.round.as_ref()?.round.source {
            DraftSource::Lookup(copied) => Some(copied.from..copied.from + copied.tokens),
            DraftSource::Model | DraftSource::Nothing => None,
        }
    }
}

/// Whether a round was read by the target, and nothing before it: on a way that was walked before all is known, and where a way
/// is left some of it has to be read anew.
fn is_measured(round: &Round) -> bool {
    let rows: usize = round.target_passes.iter().map(|pass| pass.rows).sum();
    (1..=round.drafted.len() + 1).contains(&rows)
}

fn shown(vocabulary: &Vocabulary, token: Token) -> String {
    let text = String::from_utf8_lossy(vocabulary.piece(token));
    Shown::with_spaces(&text, Spaces::Marked).to_string()
}

fn round_view((at, of): (usize, usize), round: &Round, decided: usize, vocabulary: &Vocabulary) -> RoundView {
    let rows = round.drafted.iter().enumerate().map(|(place, drafted)| {
        let instead = round.tokens.get(place).filter(|_| drafted.verdict == Verdict::Refused);
        DraftRow {
            text: shown(vocabulary, drafted.token),
            drafted: drafted.clone(),
            instead: instead.map(|(token, _)| shown(vocabulary, *token)),
            decided: place < decided || decided >= round.tokens.len(),
        }
    });
    let last = round.tokens.last().filter(|(_, how)| matches!(how, Arrival::Bonus | Arrival::Plain));
    let whole = decided >= round.tokens.len();
    RoundView {
        number: at + 1,
        of,
        rows: rows.collect(),
        bonus: last.filter(|_| whole).map(|&(token, how)| Bonus { text: shown(vocabulary, token), how }),
        round: round.clone(),
        whole,
    }
}

/// The likeliest tokens of both at a place, the drafted one and the one that stands there first.
fn likely(round: &RoundView, place: usize, vocabulary: &Vocabulary) -> Vec<Likely> {
    let Some(row) = round.rows.get(place) else { return Vec::new() };
    let drafted = &row.drafted;
    let chosen = round.round.tokens.get(place).map(|(token, _)| *token).filter(|_| row.decided);
    let known = drafted.p.is_some() && row.decided;
    let mut tokens: Vec<Token> = std::iter::once(drafted.token).chain(chosen).collect();
    let p_top = if known { &drafted.p_top[..] } else { &[] };
    let mut others: Vec<(Token, f64)> = p_top.iter().chain(&drafted.q_top).copied().collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (token, _) in others {
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    if tokens.get(1) == tokens.first() {
        tokens.dedup();
    }
    let find = |list: &[(Token, f64)], token| list.iter().find(|(other, _)| *other == token).map(|(_, p)| *p);
    let residual = drafted.residual.as_ref().filter(|_| row.decided);
    let likely = |token: Token| Likely {
        token,
        text: shown(vocabulary, token),
        q: drafted.q.map(|_| find(&drafted.q_top, token).unwrap_or(0.0)),
        p: known.then(|| find(&drafted.p_top, token).unwrap_or(0.0)),
        residual: residual.map(|(masses, _)| find(masses, token).unwrap_or(0.0)),
        drafted: token == drafted.token,
        chosen: chosen == Some(token),
    };
    tokens.into_iter().map(likely).collect()
}

impl DraftRow {
    /// The random number it was decided on, once that is shown.
    #[must_use]
    pub fn u(&self) -> Option<f64> {
        match self.drafted.trial.as_ref().filter(|_| self.decided)? {
            Trial::Drawn { u, .. } => *u,
            Trial::Weighed { u } => Some(*u),
        }
    }
}
