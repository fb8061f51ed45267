//! What becomes of a draft once the target has read it.

use std::collections::VecDeque;

use super::{
    Arrival, DraftEnd, Drafted, Masses, Numbers, Round, Rule, Speculation, Trial, Verdict, accepts, mass,
    overlap, pick, residual,
};
use crate::{
    decode::CursorError,
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

impl Speculation {
    /// Ends a round: walks the rows, in order, until a drafted token is refused, the text ends, or all are accepted and one
    /// more token is drawn.
    pub(super) fn finish(
        &mut self,
        tree: &mut Tree,
        mut round: Round,
        nodes: &[NodeId],
        mut held: VecDeque<Option<Evaluation>>,
    ) -> Result<(), CursorError> {
        let rule = self.rule();
        let mut numbers = Numbers::of(self.seed(), round.begin);
        let mut refused = false;
        for (index, &node) in nodes.iter().enumerate() {
            // One at a time: the tree need not have room for the logits of all.
            if let Some(row) = held.pop_front().flatten().filter(|_| !tree.has_logits(node)) {
                tree.store(node, row);
            }
            let token = match round.drafted.get_mut(index) {
                Some(drafted) if rule == Rule::Probabilistic && drafted.q.is_some() => {
                    self.weigh(tree, drafted, index, &mut numbers)?
                }
                Some(drafted) => self.draw(tree, drafted)?,
                None => self.cursor.step(tree, false)?.and_then(|_| self.newest()),
            };
            let Some(token) = token else { break };
            let verdict = round.drafted.get(index).map(|drafted| drafted.verdict);
            let arrival = match verdict {
                Some(Verdict::Accepted) => Arrival::Drafted,
                Some(_) => Arrival::Corrected,
                None if round.drafted.is_empty() => Arrival::Plain,
                None => Arrival::Bonus,
            };
            round.tokens.push((token, arrival));
            self.arrivals.push(arrival);
            refused = arrival == Arrival::Corrected;
            if refused || self.cursor.stopped().is_some() {
                break;
            }
        }
        // What was not looked at is known all the same, and stays for who goes there.
        if refused {
            for (&node, row) in nodes.iter().rev().zip(held.into_iter().rev()) {
                if let Some(row) = row.filter(|_| !tree.has_logits(node)) {
                    tree.store(node, row);
                }
            }
        }
        note_rows(&mut round);
        if !round.tokens.is_empty() {
            self.rounds.push(round);
        }
        Ok(())
    }

    fn newest(&self) -> Option<Token> {
        self.cursor.path().generated_tokens().last().copied()
    }

    /// The target's chain draws; a drafted token survives if it is the one drawn.
    fn draw(&mut self, tree: &mut Tree, drafted: &mut Drafted) -> Result<Option<Token>, CursorError> {
        if self.cursor.step(tree, false)?.is_none() {
            return Ok(None);
        }
        let Some(token) = self.newest() else { return Ok(None) };
        let u = self.cursor.path().steps().last().and_then(|(step, _)| step.u);
        let p = self.cursor.survivors();
        let share = share_of(&p, drafted.token);
        note_p(drafted, &p);
        drafted.trial = Some(Trial::Drawn { token, u, share });
        drafted.verdict = if token == drafted.token { Verdict::Accepted } else { Verdict::Refused };
        Ok(Some(token))
    }

    /// A drafted token is accepted with min(1, p/q), else another is drawn from what p has more than q.
    fn weigh(
        &mut self,
        tree: &mut Tree,
        drafted: &mut Drafted,
        index: usize,
        numbers: &mut Numbers,
    ) -> Result<Option<Token>, CursorError> {
        let Some(weighed) = self.cursor.weigh(tree)? else { return Ok(None) };
        note_p(drafted, &weighed.masses);
        let (p, q) = (mass(&weighed.masses, drafted.token), drafted.q.unwrap_or(0.0));
        let u = numbers.accept(index);
        drafted.trial = Some(Trial::Weighed { u });
        let token = if accepts(p, q, u) {
            drafted.verdict = Verdict::Accepted;
            drafted.token
        } else {
            drafted.verdict = Verdict::Refused;
            let left = residual(&weighed.masses, &drafted.q_top);
            let u = numbers.residual(index);
            let Some(token) = pick(&left, u) else { return Err(CursorError::NothingLeft) };
            drafted.residual = Some((listed(left), u));
            token
        };
        Ok(self.cursor.settle(tree, token, &weighed)?.map(|_| token))
    }
}

/// Where a token lies on the ruler of a draw from `p`, which is walked in this order.
fn share_of(p: &[(Token, f64)], token: Token) -> Option<(f64, f64)> {
    let sum: f64 = p.iter().map(|(_, p)| p).sum();
    let at = p.iter().position(|(other, _)| *other == token)?;
    let before = p[..at].iter().fold(0.0, |sum, (_, p)| sum + p);
    Some((before / sum, (before + p[at].1) / sum))
}

fn note_p(drafted: &mut Drafted, p: &[(Token, f64)]) {
    drafted.p = Some(mass(p, drafted.token));
    if drafted.q.is_some() {
        drafted.overlap = Some(overlap(p, &drafted.q_top));
    }
    let mut top = p.to_vec();
    top.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    drafted.p_top = listed(top);
}

fn listed(mut masses: Masses) -> Masses {
    masses.truncate(Drafted::LISTED);
    masses
}

/// What both caches hold of the draft and do not keep. The target has read all of it, the draft all but its own last token, and
/// that, too, where it was unsure of the next.
fn note_rows(round: &mut Round) {
    let accepted = round.accepted();
    let drafted = round.drafted.len();
    if !round.target_passes.is_empty() {
        round.target_back = drafted - accepted;
    }
    if !round.draft_passes.is_empty() {
        let proposed = drafted + round.thrown_away;
        let read =
            if matches!(round.end, DraftEnd::Unsure(_)) { proposed } else { proposed.saturating_sub(1) };
        round.draft_back = read.saturating_sub(accepted);
    }
}
