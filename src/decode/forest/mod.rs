//! A forest of seeds: one prompt, one setting, many seeds over the shared prefix, so that sampling can be seen to
//! converge to the probabilities it draws from.
//!
//! All seeds stand on one tree and share one chain. Every seed that waits at a node moves when that node's distribution
//! comes, so full logits are needed for a moment only and memory does not grow with the seeds.

mod forks;
mod stretches;
#[cfg(test)]
mod tests;

pub use forks::{Branch, Fork};
pub use stretches::Stretch;

use forks::Crossings;

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{Cursor, CursorError, Path, StopReason, cursor::Place};
use crate::{
    sampling::{Mirostat, SamplerKind, SamplingSettings},
    tree::{Evaluation, NodeId, Tree},
};

/// One seed's walk.
struct Seedling {
    place: Place,
    /// Steps asked for and not taken yet.
    due: usize,
}

impl Seedling {
    fn is_due(&self) -> bool {
        self.due > 0 && self.place.stopped.is_none()
    }
}

/// Seeds that ended at the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// The node of the whole path.
    pub node: NodeId,
    /// The seeds that walked it, by their index, first to last.
    pub seeds: Vec<usize>,
    /// Generated tokens that it has in common with the text most like it: there the two diverge. 0 for the only one.
    pub parts: usize,
    /// Their part of all seeds, 0 to 1.
    pub share: f64,
    /// Joint log-probability of what was generated, under the model itself: Σ ln p.
    pub log_probability: f64,
    /// Why it ended; None while it can go on.
    pub stopped: Option<StopReason>,
}

/// Many seeds of one setting over one tree, which the caller owns and hands in, always the same one.
pub struct Forest {
    /// Settings, stop conditions and the chain for all of them.
    cursor: Cursor,
    seedlings: Vec<Seedling>,
    /// Seeds that walk at the same time.
    width: usize,
    crossings: Crossings,
    start: usize,
    /// The nodes that were named last.
    asked: Vec<NodeId>,
    /// Nodes that were evaluated for it and not stepped from yet.
    fresh: Vec<NodeId>,
    evaluated: usize,
    shared: usize,
    changes: usize,
}

impl Forest {
    /// How many seeds there can be.
    pub const MOST: usize = 256;

    /// A forest of `seeds` seeds (1 to [`Forest::MOST`]), from the cursor's own upwards, that begins where the cursor
    /// is. At most `width` seeds walk at the same time, so that each keeps its path in the KV cache: as many as the
    /// evaluator has sequences.
    #[must_use]
    pub fn new(cursor: Cursor, seeds: usize, width: usize) -> Self {
        let first = cursor.settings().seed.unwrap_or_default();
        let seedling = |i: usize| Seedling { place: cursor.place(first.wrapping_add(i as u32)), due: 0 };
        let seedlings = (0..seeds.clamp(1, Self::MOST)).map(seedling).collect();
        let start = cursor.path().generated();
        Self {
            cursor,
            seedlings,
            width: width.max(1),
            crossings: Crossings::default(),
            start,
            asked: Vec::new(),
            fresh: Vec::new(),
            evaluated: 0,
            shared: 0,
            changes: 0,
        }
    }

    /// Number of seeds.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.seedlings.len()
    }

    /// The settings of all; the seed is the first one's.
    #[must_use]
    pub fn settings(&self) -> &SamplingSettings {
        self.cursor.settings()
    }

    /// The cursor all began from, with the stop conditions and the vocabulary.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The seed of walk `index`.
    #[must_use]
    pub fn seed(&self, index: usize) -> Option<u32> {
        Some(self.seedlings.get(index)?.place.seed())
    }

    /// The path of walk `index`.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<&Path> {
        Some(&self.seedlings.get(index)?.place.path)
    }

    /// Why walk `index` ended; None while it can go on.
    #[must_use]
    pub fn stopped(&self, index: usize) -> Option<&StopReason> {
        self.seedlings.get(index)?.place.stopped.as_ref()
    }

    /// How many seeds have ended.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.seedlings.iter().filter(|seedling| seedling.place.stopped.is_some()).count()
    }

    /// Evaluations made for the forest.
    #[must_use]
    pub fn evaluated(&self) -> usize {
        self.evaluated
    }

    /// Steps that needed no evaluation of their own: another seed had asked for it, or an earlier walk.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.shared
    }

    /// How often a path has changed: as long as this stays the same, so does everything reported about them.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Generated tokens of the longest walk, from where the forest begins.
    #[must_use]
    pub fn length(&self) -> usize {
        let walked = self.seedlings.iter().map(|seedling| seedling.place.path.generated() - self.start);
        walked.max().unwrap_or(0)
    }

    /// Whether seeds are on their way: steps were asked for and not taken yet.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.due() > 0
    }

    /// Steps that the walk with the most of them is still to take.
    #[must_use]
    pub fn due(&self) -> usize {
        let due = self.seedlings.iter().filter(|seedling| seedling.is_due()).map(|seedling| seedling.due);
        due.max().unwrap_or(0)
    }

    /// Whether all seeds that come to a node draw from one and the same distribution there, so that the probabilities of
    /// a fork are exact. XTC and mirostat have a memory of their own for each seed, and a grammar has some draw a second
    /// time.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        let settings = self.settings();
        let xtc = settings.samplers.contains(&SamplerKind::Xtc) && settings.xtc_probability > 0.0;
        settings.mirostat == Mirostat::Off && !xtc && settings.grammar.is_none()
    }

    /// Changes how many seeds walk at the same time, 1 and above.
    pub fn set_width(&mut self, width: usize) {
        self.width = width.max(1);
    }

    /// Asks for `steps` more tokens of every seed, as far as the stop conditions let it.
    pub fn ask(&mut self, steps: usize) {
        let most = self.cursor.context();
        for seedling in &mut self.seedlings {
            seedling.due = seedling.due.saturating_add(steps).min(most);
        }
    }

    /// Forgets the steps that were asked for and not taken.
    pub fn pause(&mut self) {
        self.seedlings.iter_mut().for_each(|seedling| seedling.due = 0);
    }

    /// Takes every walk back to its first `length` tokens, as far as it is longer; nothing is due afterwards. What was
    /// walked stays in the tree.
    pub fn back_to(&mut self, length: usize) {
        self.pause();
        self.crossings = Crossings::default();
        self.changes += 1;
        for Seedling { place, .. } in &mut self.seedlings {
            if place.path.generated() > self.start + length {
                self.cursor.exchange(place);
                self.cursor.back_to(self.start + length);
                self.cursor.exchange(place);
            }
            let path = &place.path;
            let nodes = &path.nodes()[path.prompt_len() + self.start - 1..];
            for (at, (pair, (step, _))) in nodes.windows(2).zip(&path.steps()[self.start..]).enumerate() {
                self.crossings.add(pair[0], pair[1], self.start + at, step);
            }
        }
    }

    /// Takes at most `most` of the steps that are due where logits are available. Whether there are more of these.
    pub fn advance_known(&mut self, tree: &mut Tree, most: usize) -> Result<bool, CursorError> {
        let mut left = most;
        for index in 0..self.len() {
            let Seedling { place, .. } = &self.seedlings[index];
            let known = place.path.head().is_some_and(|head| tree.has_logits(head));
            if known && self.seedlings[index].is_due() {
                if left == 0 {
                    return Ok(true);
                }
                self.advance(tree, index, &mut left)?;
            }
        }
        // The last of them may have been held up.
        Ok(left == 0)
    }

    /// Takes the steps that are due where logits are available, and names the nodes whose distributions are needed next:
    /// each once, at most `limit` and as many as walk at the same time.
    ///
    /// Those furthest from the prompt come first. So a path is walked to its end before the last fork before it is taken
    /// up again, and what leads there is still in the KV cache.
    pub fn wanted(&mut self, tree: &mut Tree, limit: usize) -> Result<Vec<NodeId>, CursorError> {
        self.advance_known(tree, usize::MAX)?;
        let due = self.seedlings.iter().filter(|seedling| seedling.is_due());
        let mut heads: Vec<(usize, NodeId)> = due
            .filter_map(|seedling| Some((seedling.place.path.generated(), seedling.place.path.head()?)))
            .collect();
        // Stable: equally far ones in the order of the seeds.
        heads.sort_by_key(|&(generated, _)| Reverse(generated));
        let mut nodes = Vec::new();
        for (_, head) in heads {
            if nodes.len() == limit.clamp(1, self.width) {
                break;
            }
            if !nodes.contains(&head) {
                nodes.push(head);
            }
        }
        self.asked.clone_from(&nodes);
        Ok(nodes)
    }

    /// Stores a node's distribution and moves every seed that waited for it, before others can push it out of memory.
    pub fn absorb(
        &mut self,
        tree: &mut Tree,
        node: NodeId,
        evaluation: Evaluation,
    ) -> Result<(), CursorError> {
        tree.store(node, evaluation);
        // What another forest on the same tree has asked for is not paid by this one.
        if let Some(at) = self.asked.iter().position(|&asked| asked == node) {
            self.asked.swap_remove(at);
            self.evaluated += 1;
            self.fresh.push(node);
        }
        let mut left = usize::MAX;
        for index in 0..self.len() {
            if self.seedlings[index].place.path.head() == Some(node) && self.seedlings[index].is_due() {
                self.advance(tree, index, &mut left)?;
            }
        }
        Ok(())
    }

    /// Takes the steps that are due as far as logits are available, at most `left`, which they are taken from. An error ends
    /// what was due of it.
    fn advance(&mut self, tree: &mut Tree, index: usize, left: &mut usize) -> Result<(), CursorError> {
        let Seedling { place, due } = &mut self.seedlings[index];
        self.cursor.exchange(place);
        let mut result = Ok(());
        while *due > 0 && *left > 0 && self.cursor.stopped().is_none() {
            let from = self.cursor.path().head();
            match self.cursor.step(tree, false) {
                Ok(None) => break,
                Ok(Some(to)) => {
                    *due -= 1;
                    *left -= 1;
                    self.changes += 1;
                    // The first to step from there has paid.
                    let paid = self.fresh.iter().position(|&fresh| Some(fresh) == from);
                    match paid {
                        Some(at) => drop(self.fresh.swap_remove(at)),
                        None => self.shared += 1,
                    }
                    if let (Some(from), Some((step, _))) = (from, self.cursor.path().steps().last()) {
                        self.crossings.add(from, to, self.cursor.path().generated() - 1, step);
                    }
                }
                Err(error) => {
                    *due = 0;
                    *left = left.saturating_sub(1);
                    result = Err(error);
                }
            }
        }
        self.cursor.exchange(place);
        result
    }

    /// The heads of the walks: what may not be pruned.
    pub fn heads(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.seedlings.iter().filter_map(|seedling| seedling.place.path.head())
    }

    /// The fork table: every node at which seeds chose different tokens, the most critical first
    /// ([`Fork::split_bits`]).
    #[must_use]
    pub fn forks(&self, tree: &Tree) -> Vec<Fork> {
        self.crossings.forks(tree, self.len())
    }

    /// What the seeds walked, row by row, each before those below it: the prompt, and every stretch between two places at
    /// which they part. What is below a stretch whose last node is in `folded` is left out.
    #[must_use]
    pub fn stretches(&self, tree: &Tree, folded: &HashSet<NodeId>) -> Vec<Stretch> {
        let mut ended: HashMap<NodeId, usize> = HashMap::new();
        for seedling in self.seedlings.iter().filter(|seedling| seedling.place.stopped.is_some()) {
            if let Some(head) = seedling.place.path.head() {
                *ended.entry(head).or_default() += 1;
            }
        }
        self.crossings.stretches(tree, self.cursor.path(), self.len(), &ended, folded)
    }

    /// Different endings: those that ended before those that can go on, and of each those of most seeds first.
    /// Two paths whose texts are equal but not their tokens count as two.
    #[must_use]
    pub fn endings(&self) -> Vec<Ending> {
        let mut endings: Vec<Ending> = Vec::new();
        for (index, seedling) in self.seedlings.iter().enumerate() {
            let path = &seedling.place.path;
            let Some(node) = path.head() else { continue };
            if let Some(ending) = endings.iter_mut().find(|ending| ending.node == node) {
                ending.seeds.push(index);
                continue;
            }
            let bits: f64 = path.steps()[self.start..].iter().map(|(step, _)| step.surprisal_bits).sum();
            endings.push(Ending {
                node,
                seeds: vec![index],
                parts: 0,
                share: 0.0,
                log_probability: 0.0 - bits * std::f64::consts::LN_2,
                stopped: seedling.place.stopped.clone(),
            });
        }
        for ending in &mut endings {
            ending.share = ending.seeds.len() as f64 / self.len() as f64;
        }
        self.note_where_they_part(&mut endings);
        endings.sort_by(|a, b| {
            let ended = b.stopped.is_some().cmp(&a.stopped.is_some());
            let seeds = b.seeds.len().cmp(&a.seeds.len());
            ended.then(seeds).then(b.log_probability.total_cmp(&a.log_probability))
        });
        endings
    }

    /// Notes of each text where it diverges from the one that is most like it: in their order as texts that is a neighbour.
    fn note_where_they_part(&self, endings: &mut [Ending]) {
        let written = |ending: &Ending| {
            let seed = ending.seeds.first().copied().unwrap_or_default();
            self.seedlings[seed].place.path.generated_tokens()
        };
        let mut order: Vec<usize> = (0..endings.len()).collect();
        order.sort_by(|&a, &b| written(&endings[a]).cmp(written(&endings[b])));
        let common = |pair: &[usize]| {
            let (a, b) = (written(&endings[pair[0]]), written(&endings[pair[1]]));
            a.iter().zip(b).take_while(|(a, b)| a == b).count()
        };
        let shared: Vec<usize> = order.windows(2).map(common).collect();
        for (at, &ending) in order.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| shared.get(before));
            endings[ending].parts = before.into_iter().chain(shared.get(at)).copied().max().unwrap_or(0);
        }
    }
}
