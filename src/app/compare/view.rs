//! What the compare screen shows of its lanes, worked out before a frame.

use super::{
    super::{Desk, Transcript},
    Compare,
};
use crate::{
    decode::{
        Cursor, Path, Repetition,
        lanes::{Divergence, Lane, Overlap, Statistics, Verdict, divergence, overlap},
    },
    distribution::Bounds,
    sampling::StageTrace,
    token::Token,
    tree::{NodeId, Tree},
};

/// Candidates kept of a choice: more than a tall screen shows.
const ROWS: usize = 64;

/// The figures of a lane.
#[derive(Clone, Debug, Default)]
pub struct LaneView {
    /// Sums over its text.
    pub statistics: Statistics,
    /// The first lane on its prompt, which it is compared with; None if that is this one.
    pub reference: Option<usize>,
    /// Where it first leaves that lane; None while they agree.
    pub parts: Option<Divergence>,
    /// The loop that takes the most of its tokens.
    pub looped: Option<Repetition>,
    /// The node that these are of.
    head: Option<NodeId>,
}

/// What a lane's settings make of a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chance {
    /// Probability after the lane's chain, 0 to 1.
    pub p: f64,
    /// The stage that cut it.
    pub cut_by: Option<&'static str>,
}

/// A candidate in both lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BesideRow {
    /// The token.
    pub token: Token,
    /// Softmax of the logits, 0 to 1, the same for both.
    pub p_raw: f64,
    /// What the lane in focus makes of it.
    pub own: Chance,
    /// What the other lane makes of it; None where there is none, or it is elsewhere.
    pub other: Option<Chance>,
}

/// The same choice in two lanes.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The lane in focus.
    pub lane: usize,
    /// The lane beside it, if both stand on this prefix.
    pub other: Option<usize>,
    /// Which generated token is chosen here, 0 the first.
    pub index: usize,
    /// Tokens of the prefix.
    pub length: usize,
    /// The likeliest candidates, and those that were chosen, by their rank.
    pub rows: Vec<BesideRow>,
    /// Probability of the candidates that are not listed, 0 to 1.
    pub rest: f64,
    /// Candidates in all.
    pub n_vocab: usize,
    /// Entropy of the distribution before the chains, in bits.
    pub entropy_bits: Bounds,
    /// What the lane in focus has there, and what its settings say there now.
    pub own: (Option<Token>, Option<Token>),
    /// What the other lane has there.
    pub taken_by_other: Option<Token>,
    /// How alike the two final distributions are.
    pub overlap: Option<Overlap>,
    /// The random number of the lane in focus.
    pub u: Option<f64>,
    /// The stages of the chain of the lane in focus.
    pub stages: Vec<StageTrace>,
}

/// Generated tokens that two paths have in common, from the prompt on; None where their prompts differ.
fn common(a: &Path, b: &Path) -> Option<usize> {
    let generated = a.generated_tokens().iter().zip(b.generated_tokens());
    (a.prompt_tokens() == b.prompt_tokens()).then(|| generated.take_while(|(a, b)| a == b).count())
}

impl Compare {
    /// Generated tokens before the choice that is looked at, in the lane in focus: where a person looks, else where its
    /// changed settings would have left the text, else where it parts from the lane beside it, else its last.
    pub(super) fn place(&self) -> Option<usize> {
        let own = self.lanes().get(self.focus())?.cursor().path();
        let last = own.generated().saturating_sub(1);
        if let Some(at) = self.at {
            return Some(at.min(own.generated()));
        }
        if let Some(Verdict::Leaves { index, .. }) = self.what_if().map(super::WhatIf::verdict) {
            return Some(index.min(last));
        }
        if let Some(parting) = self.parting() {
            return Some(parting);
        }
        let other = self.other().map(|other| self.lanes()[other].cursor().path());
        let other = other.filter(|other| other.prompt_tokens() == own.prompt_tokens());
        Some(other.map_or(last, |other| last.min(other.generated().saturating_sub(1))))
    }

    /// Generated tokens before the choice at which the lane in focus parts from the one beside it; None while they agree.
    fn parting(&self) -> Option<usize> {
        let path = |lane: usize| self.lanes().get(lane).map(|lane| lane.cursor().path());
        let (own, other) = (path(self.focus())?, path(self.other()?)?);
        common(own, other).filter(|&common| common < own.generated().min(other.generated()))
    }

    /// Whether the lane in focus shows the place that is looked at: where a person looks, or where changed settings would
    /// have left the text. Otherwise its text follows what is written, wherever lanes have parted.
    #[must_use]
    pub fn text_stays_at_place(&self) -> bool {
        let leaves = |what_if: &super::WhatIf| matches!(what_if.verdict(), Verdict::Leaves { .. });
        self.at.is_some() || self.what_if().is_some_and(leaves)
    }

    /// The node whose distribution is looked at.
    fn node_at_sight(&self) -> Option<NodeId> {
        let path = self.lanes().get(self.focus())?.cursor().path();
        path.nodes().get((path.prompt_len() + self.place()?).checked_sub(1)?).copied()
    }

    /// The node whose distribution is looked at, if its logits are not at hand.
    pub(super) fn missing_at_sight(&self, desk: &Desk) -> Option<NodeId> {
        let tree = desk.walk.session.as_ref()?.tree();
        self.node_at_sight().filter(|&node| !tree.has_logits(node))
    }

    /// Moves the place that is looked at along the focused lane. Beyond its last choice only what is known can be seen.
    pub(super) fn move_place(&mut self, by: isize, desk: &mut Desk) {
        let path = self.lanes().get(self.focus()).map(|lane| lane.cursor().path());
        let (Some(place), Some(path)) = (self.place(), path) else { return desk.say_no_path() };
        let known = |node| desk.walk.session.as_ref().is_some_and(|session| session.has_logits(node));
        let last = path.generated().saturating_sub(usize::from(!path.head().is_some_and(known)));
        if last == 0 && place == 0 {
            return desk.say("There is only one step to look at yet.");
        }
        desk.play.pause();
        self.at = Some(place.saturating_add_signed(by).min(last));
        desk.stale = true;
    }

    /// Looks at a token of the focused lane's path, if it was generated.
    pub(in crate::app) fn look_at_lane_token(&mut self, position: usize, desk: &mut Desk) {
        let path = self.lanes().get(self.focus()).map(|lane| lane.cursor().path());
        let index = path.and_then(|path| position.checked_sub(path.prompt_len()));
        if index.is_some() {
            desk.play.pause();
        }
        self.at = index;
        desk.stale = true;
    }

    /// Looks no more at a place chosen by hand: first goes back to where the lanes part, then lets the text follow what is
    /// written.
    pub(super) fn leave_place(&mut self, desk: &mut Desk) {
        let parting = self.parting().filter(|_| self.what_if.is_none());
        match parting.filter(|&parting| self.at != Some(parting)) {
            Some(parting) => self.at = Some(parting),
            None => self.forget_sight(),
        }
        desk.stale = true;
    }

    /// Brings everything that is shown of the lanes in line with them.
    pub(in crate::app) fn prepare_lanes(&mut self, desk: &mut Desk) {
        let place = self.place();
        let (focus, other) = (self.focus(), self.other());
        let (Some(session), Some(lanes)) = (&mut desk.walk.session, &mut self.lanes) else { return };
        self.transcripts.resize_with(lanes.lanes().len(), Transcript::default);
        for (lane, transcript) in lanes.lanes().iter().zip(&mut self.transcripts) {
            transcript.follow(lane.cursor().path(), lane.cursor().vocabulary());
        }
        follow(&mut self.views, lanes.lanes());
        let Some(place) = place else { return };
        let other = other.filter(|&other| {
            let path = |lane: usize| lanes.lanes()[lane].cursor().path();
            common(path(focus), path(other)).is_some_and(|common| place <= common)
        });
        let tree = session.tree_mut();
        self.beside = match other {
            Some(other) => lanes
                .pair_mut(focus, other)
                .and_then(|(a, b)| Beside::of(tree, (focus, a), Some((other, b)), place)),
            None => lanes
                .lane_mut(focus)
                .and_then(|lane| Beside::of(tree, (focus, lane.cursor_mut()), None, place)),
        };
    }
}

/// Brings the figures in line with the lanes; what has not moved stays.
fn follow(views: &mut Vec<LaneView>, lanes: &[Lane]) {
    views.resize_with(lanes.len(), LaneView::default);
    for (index, (lane, view)) in lanes.iter().zip(views).enumerate() {
        let path = lane.cursor().path();
        if view.head != path.head() || view.statistics.tokens != path.generated() {
            view.statistics = lane.statistics();
            view.head = path.head();
        }
        view.looped = path.loops().longest().copied();
        let on_prompt = |lane: &Lane| lane.cursor().path().prompt_tokens() == path.prompt_tokens();
        view.reference = lanes[..index].iter().position(on_prompt);
        view.parts = view.reference.and_then(|first| divergence(lanes[first].cursor().path(), path));
    }
}

impl Beside {
    /// The choice after the first `place` generated tokens; None where its logits are not at hand.
    fn of(
        tree: &mut Tree,
        (lane, own): (usize, &mut Cursor),
        mut other: Option<(usize, &mut Cursor)>,
        place: usize,
    ) -> Option<Self> {
        let length = own.path().prompt_len() + place;
        let node = *own.path().nodes().get(length.checked_sub(1)?)?;
        let overlap = other.as_mut().and_then(|(_, other)| overlap(tree, own, other, length));
        let outcome = own.look(tree, length)?;
        let logits = tree.logits(node)?;
        let summary = tree.summary(node)?;
        let taken = |cursor: &Cursor| cursor.path().tokens().get(length).copied();
        let (own_token, other_token) = (taken(own), other.as_ref().and_then(|(_, other)| taken(other)));
        let mut tokens: Vec<Token> = summary.top.iter().take(ROWS).map(|c| c.token).collect();
        // What was chosen is shown however unlikely it was.
        let drawn = Some(outcome.chosen).filter(|_| !outcome.in_tail);
        for token in [own_token, other_token, drawn].into_iter().flatten() {
            let named = logits.get(token.index()).is_some_and(|&logit| !summary.is_unknown(logit));
            if named && !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        let chance = |cursor: &Cursor, token| Chance {
            p: cursor.chain().p_final(token),
            cut_by: cursor.chain().cut_by(token),
        };
        let other = other.filter(|_| overlap.is_some());
        let row = |token: Token| BesideRow {
            token,
            p_raw: summary.probability(logits[token.index()]),
            own: chance(own, token),
            other: other.as_ref().map(|(_, other)| chance(other, token)),
        };
        let mut rows: Vec<BesideRow> = tokens.into_iter().map(row).collect();
        rows.sort_by(|a, b| b.p_raw.total_cmp(&a.p_raw));
        let listed: f64 = rows.iter().map(|row| row.p_raw).sum();
        Some(Self {
            lane,
            other: other.map(|(index, _)| index),
            index: place,
            length,
            rows,
            rest: (1.0 - listed).max(0.0),
            n_vocab: summary.n_vocab,
            entropy_bits: summary.entropy_bits,
            own: (own_token, drawn),
            taken_by_other: other_token,
            overlap,
            u: outcome.u,
            stages: own.chain().stages().to_vec(),
        })
    }
}
