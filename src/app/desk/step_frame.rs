//! The step on view: the one step of the path that every panel of a frame shows.
//!
//! Which step that is, is decided once a frame ([`Desk::on_view`]), and everything a panel tells of it is worked out from
//! that choice alone and kept in one value. A panel has no other way to a step, so no two of them can show different ones.

use crate::app::{Candidates, Desk};
use crate::{
    decode::Session,
    distribution::{Bounds, Rank},
    sampling::{StageTrace, Trace, Unnamed},
    token::Token,
    tree::{NodeId, Origin, Step},
};

/// Up to so many candidates are all parts of the draw's ruler.
const RULER: usize = 64;
/// Where there are more, those below this probability, which are too narrow to be seen, are put together.
const NARROW: f64 = 1.0 / 256.0;

/// Which step a frame shows. Lengths are in tokens of the path before the step, at least 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnView {
    /// There is no path.
    #[default]
    Nothing,
    /// The first token of the prompt: no distribution comes before it.
    Start,
    /// The step that comes next: its token is still to be drawn.
    Next(usize),
    /// A step that was taken: its token is part of the path.
    Taken(usize),
    /// A step whose distribution is still to be evaluated.
    Waiting(usize),
}

impl OnView {
    /// Tokens before the step; None where no distribution belongs to it.
    #[must_use]
    pub fn length(self) -> Option<usize> {
        match self {
            Self::Nothing | Self::Start => None,
            Self::Next(length) | Self::Taken(length) | Self::Waiting(length) => Some(length),
        }
    }
}

/// One step: its distribution with the candidates, and the draw from it under the present settings. Made as a whole
/// before a frame; only the selection among the candidates and their search are changed in between.
#[derive(Debug, Default)]
pub struct StepFrame {
    at: OnView,
    /// The node whose next token this is; None without a distribution.
    pub node: Option<NodeId>,
    /// Tokens of the prefix.
    pub length: usize,
    /// The candidates.
    pub candidates: Candidates,
    /// Entropy in bits.
    pub entropy_bits: Bounds,
    /// The token that was chosen here; None at the head, where it is still to be drawn.
    pub taken: Option<Token>,
    /// How it was chosen.
    pub step: Option<(Step, Origin)>,
    /// The token that the present settings draw here with the step's u; None where they leave no token.
    pub drawn: Option<Token>,
    /// The random number; None where mirostat left one candidate.
    pub u: Option<f64>,
    /// How often this position was rolled again.
    pub rolled: u32,
    /// Candidates left: token and final probability, in the order the draw walks them. What lies side by side and is too
    /// narrow to be seen is one entry without a token.
    pub survivors: Vec<(Option<Token>, f64)>,
    /// How many are left in all.
    pub survivor_count: usize,
    /// Of a distribution with a tail, what the chain leaves of the tokens that were not named.
    pub unnamed: Option<Unnamed>,
    /// Whether the number lands among those: then nothing is drawn.
    pub in_tail: bool,
    /// The end token that is most likely here: token, rank, probability.
    pub eog: Option<(Token, Rank, Bounds)>,
    /// What the chain did to each token.
    trace: Trace,
}

impl StepFrame {
    /// Which step it is.
    #[must_use]
    pub fn at(&self) -> OnView {
        self.at
    }

    /// What the chain did to each token.
    pub(in crate::app) fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What each stage of the chain kept here.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        self.trace.stages()
    }

    /// A token's probability after the chain, and the stage that cut it.
    #[must_use]
    pub fn fate(&self, token: Token) -> (f64, Option<&'static str>) {
        (self.trace.p_final(token), self.trace.cut_by(token))
    }

    /// The frame of a step. The frame before lends its buffers and, at the same step, the selection.
    fn of(session: &mut Session, at: OnView, before: Self) -> Self {
        let Self { node: node_before, candidates: candidates_before, mut trace, .. } = before;
        let known = matches!(at, OnView::Next(_) | OnView::Taken(_)).then_some(()).and(at.length());
        let seen = known.and_then(|length| Some((length, session.look(length, &mut trace)?)));
        let Some((length, outcome)) = seen else {
            let mut candidates = Candidates::default();
            candidates.inherit(&candidates_before, session.vocabulary());
            return Self { at, length: at.length().unwrap_or(0), candidates, ..Self::default() };
        };
        let logits = session.logits(length);
        let node = session.path().nodes()[length - 1];
        let summary = session.summary(node).expect("what was looked at is evaluated");
        let same = candidates_before.tail() == summary.tail && !candidates_before.is_empty();
        let candidates = if node_before == Some(node) && same {
            candidates_before
        } else {
            let mut list = Candidates::new(summary, logits.clone());
            list.inherit(&candidates_before, session.vocabulary());
            list
        };
        let eog = summary
            .end
            .zip(logits.as_deref())
            .map(|((end, rank), logits)| (end, rank, summary.probability_of(&[end], logits)));
        let next = session.path().nodes().get(length).copied();
        let index = length.checked_sub(session.path().prompt_len());
        let survivor_count = session.chain().survivors().count();
        // Where no token is left the outcome names one nevertheless.
        let draws = index.is_some() && !outcome.p_final.is_nan();
        let in_tail = draws && outcome.in_tail;
        let unnamed = trace.unnamed();
        let tail = unnamed.map(|unnamed| unnamed.p).filter(|p| *p > 0.0);
        let mut survivors = ruler(session.chain().survivors(), survivor_count, outcome.chosen);
        survivors.extend(tail.map(|p| (None, p)));
        Self {
            at,
            node: Some(node),
            length,
            candidates,
            entropy_bits: summary.entropy_bits,
            taken: next.and_then(|id| session.tree().node(id).token),
            step: session.path().step_at(length).copied(),
            drawn: Some(outcome.chosen).filter(|_| draws && !in_tail),
            u: outcome.u.filter(|_| draws),
            rolled: index.map_or(0, |index| session.rolled(index)),
            survivors,
            survivor_count,
            unnamed,
            in_tail,
            eog,
            trace,
        }
    }
}

/// The parts of the draw's ruler; the token that is drawn is one of them however narrow it is.
fn ruler(
    survivors: impl Iterator<Item = (Token, f64)>,
    count: usize,
    drawn: Token,
) -> Vec<(Option<Token>, f64)> {
    let mut parts: Vec<(Option<Token>, f64)> = Vec::new();
    for (token, p) in survivors {
        if count <= RULER || p >= NARROW || token == drawn {
            parts.push((Some(token), p));
        } else if let Some((None, together)) = parts.last_mut() {
            *together += p;
        } else {
            parts.push((None, p));
        }
    }
    parts
}

impl Desk {
    /// The step that a frame shows now.
    ///
    /// With the text cursor on a token, the step that token came from. While it plays, or steps wait to be taken, the
    /// step just taken: what comes next would be gone before it is seen, and is not evaluated yet where the model is
    /// slower than the screen. Otherwise the next step, and where the text has ended the last one.
    #[must_use]
    pub(in crate::app) fn on_view(&self) -> OnView {
        let Some(session) = &self.walk.session else { return OnView::Nothing };
        let path = session.path();
        let known = |length: usize| {
            length
                .checked_sub(1)
                .and_then(|i| path.nodes().get(i))
                .is_some_and(|&node| session.has_logits(node))
        };
        let taken = |length| if known(length) { OnView::Taken(length) } else { OnView::Waiting(length) };
        let length = path.tokens().len();
        match self.walk.cursor {
            Some(0) => OnView::Start,
            Some(position) => taken(position),
            None if self.is_moving() && path.generated() > 0 => taken(length - 1),
            None if known(length) => OnView::Next(length),
            None if path.generated() > 0 || (session.stopped().is_some() && length > 1) => taken(length - 1),
            None => OnView::Waiting(length),
        }
    }

    /// Brings the step on view in line with the path and the settings, if either has changed.
    pub(in crate::app) fn prepare_step(&mut self) {
        let at = self.on_view();
        let before = std::mem::take(&mut self.walk.frame);
        if let Some(session) = &mut self.walk.session {
            self.walk.transcript.follow(session.path(), session.vocabulary());
            self.walk.frame = StepFrame::of(session, at, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Message, fixture::Fixture},
        keymap::Action,
    };

    fn frame(f: &Fixture) -> &StepFrame {
        &f.state.desk.walk.frame
    }

    fn tokens(f: &Fixture) -> usize {
        f.state.desk.walk.session.as_ref().map_or(0, |session| session.path().tokens().len())
    }

    /// Everything that the frame tells, against the node that it says it is of.
    fn assert_is_one_step(f: &mut Fixture) {
        let length = f.state.desk.walk.frame.length;
        let session = f.state.desk.walk.session.as_mut().expect("a session");
        let node = session.path().nodes()[length - 1];
        let next = session.path().tokens().get(length).copied();
        let logits = session.logits(length).expect("it is evaluated");
        let summary = session.summary(node).expect("it is evaluated");
        let frame = &f.state.desk.walk.frame;
        assert_eq!((frame.node, frame.taken), (Some(node), next));
        assert_eq!(frame.entropy_bits, summary.entropy_bits);
        assert_eq!(frame.candidates.row(0).map(|row| row.token), Some(summary.top[0].token));
        assert_eq!(frame.eog.map(|(token, rank, _)| (token, rank)), summary.end);
        let (end, _, p) = frame.eog.expect("the script has an end token");
        assert_eq!(p, summary.probability_of(&[end], &logits));
        let total: f64 = frame.survivors.iter().map(|(_, p)| p).sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        for &(token, p) in &frame.survivors {
            let Some(token) = token else { continue };
            assert!((frame.fate(token).0 - p).abs() < 1e-9, "the trace is of the same step");
        }
    }

    #[test]
    fn the_ruler_has_all_of_a_few_candidates_and_of_many_those_that_can_be_seen() {
        let token = |id: usize, p| (Token(id as u32), p);
        let few = ruler((0..4).map(|id| token(id, 0.25)), 4, Token(0));
        assert_eq!(few.len(), 4);
        // 998 of 0.0005 around one of 0.5 and the one that is drawn.
        let many = (0..1000).map(|id| token(id, if id == 600 { 0.5 } else { 0.000_5 }));
        let parts = ruler(many, 1000, Token(700));
        let tokens: Vec<Option<u32>> = parts.iter().map(|(token, _)| token.map(|token| token.0)).collect();
        assert_eq!(tokens, [None, Some(600), None, Some(700), None]);
        assert!((parts[0].1 - 0.3).abs() < 1e-9 && (parts[2].1 - 0.049_5).abs() < 1e-9);
    }

    #[test]
    fn while_it_plays_faster_than_the_model_every_frame_is_of_the_token_just_taken() {
        let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
        f.hold();
        f.keys(&["space"]);
        assert_eq!(frame(&f).at(), OnView::Taken(tokens(&f) - 1), "the first token came at once");
        for _ in 0..12 {
            let before = tokens(&f);
            // Frames while the model works: a key that changes nothing, a new size.
            f.send(Message::Resize(100, 30));
            assert_is_one_step(&mut f);
            assert_eq!(frame(&f).drawn, frame(&f).taken, "these settings drew it");
            assert!(f.answer_next(), "the model is asked for the next step");
            if f.state.desk.play.playing() {
                assert_eq!(tokens(&f), before + 1);
                assert_eq!(frame(&f).at(), OnView::Taken(before));
                assert_is_one_step(&mut f);
            }
        }
    }

    #[test]
    fn paused_at_the_end_the_next_step_is_shown_once_it_is_evaluated() {
        let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
        f.hold();
        f.keys(&["space", "space"]);
        assert_eq!(frame(&f).at(), OnView::Taken(tokens(&f) - 1), "the model is still at work");
        while f.answer_next() {}
        assert_eq!(frame(&f).at(), OnView::Next(tokens(&f)));
        assert_is_one_step(&mut f);
        assert_eq!(frame(&f).taken, None);
    }

    #[test]
    fn a_candidate_taken_while_it_plays_branches_at_the_step_that_was_seen() {
        let mut f = Fixture::with(|setup| setup.settings.ui.speed = 0.0);
        f.hold();
        f.keys(&["space"]);
        (0..3).for_each(|_| assert!(f.answer_next()));
        let seen = frame(&f).length;
        let other = frame(&f).candidates.row(2).expect("there are more").token;
        f.keys(&["down", "down"]);
        f.act(Action::TakeCandidate);
        let path = f.state.desk.walk.session.as_ref().expect("a session").path();
        assert_eq!((path.tokens().len(), path.tokens().last()), (seen + 1, Some(&other)));
        assert!(!f.state.desk.play.playing());
    }

    #[test]
    fn a_step_that_is_not_evaluated_shows_none_rather_than_another() {
        let mut f = Fixture::new();
        f.hold();
        f.keys(&["right", "up"]);
        // A token of the prompt, whose distribution nobody asked for before.
        f.state.desk.set_cursor(Some(2));
        f.send(Message::Resize(120, 36));
        assert_eq!(frame(&f).at(), OnView::Waiting(2));
        assert_eq!((frame(&f).node, frame(&f).drawn, frame(&f).candidates.len()), (None, None, 0));
        f.state.desk.set_cursor(Some(0));
        f.send(Message::Resize(120, 36));
        assert_eq!(frame(&f).at(), OnView::Start);
    }
}
