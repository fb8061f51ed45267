//! What the beam screen shows of its search, worked out before a frame.

use super::{
    super::{Desk, PanelId},
    text::{BeamText, SHOWN, SHOWN_BEFORE},
};
use crate::{
    decode::{
        StopReason,
        beam::{Beam, BeamCandidate, BeamSearch, Contrast, Fate},
        lanes::{Lane, Lanes},
    },
    engine::Vocabulary,
    text::{Shown, Spaces},
    token::Token,
    tree::{NodeId, Tree},
};

/// Tokens that are shown before the one at which two texts part, where they part further on than that.
const BEFORE: usize = 8;

/// A text among others that are ranked.
#[derive(Clone, Debug)]
pub struct BeamRow {
    /// Its number, 0 the best of those that go on; of finished ones 0 the first that finished.
    pub number: usize,
    /// The number that the beam before it had.
    pub from: Option<usize>,
    /// The node of its whole prefix.
    pub node: NodeId,
    /// Its end.
    pub text: BeamText,
    /// Generated tokens.
    pub tokens: usize,
    /// ln of its joint probability under the model.
    pub log_probability: f64,
    /// What it is ranked by.
    pub score: f64,
    /// Why it ended; None while it goes on.
    pub stopped: Option<StopReason>,
}

/// A continuation that was looked at.
#[derive(Clone, Debug)]
pub struct RoundRow {
    /// What the search says of it.
    pub candidate: BeamCandidate,
    /// Its token as shown.
    pub token: Shown<'static>,
    /// Its place among all of the round, 0 the best.
    pub rank: usize,
}

/// The best text, or one that it is held against.
#[derive(Clone, Debug)]
pub struct BeamBeside {
    /// What it is called.
    pub name: &'static str,
    /// The node at its end.
    pub node: NodeId,
    /// The stretch of it in which it parts from the best text, or its beginning.
    pub text: BeamText,
    /// Generated tokens.
    pub tokens: usize,
    /// ln of its joint probability under the model.
    pub log_probability: f64,
    /// What a beam of this text would be ranked by.
    pub score: f64,
    /// Why it ended; None while it goes on.
    pub stopped: Option<StopReason>,
    /// The generated token at which it parts from the best text, of the best text that at which greedy decoding does,
    /// and its probability, 0 to 1.
    pub parts: Option<(usize, f64)>,
    /// The two tokens in a sentence, or that the texts are the same.
    pub sentence: Option<String>,
}

/// What the beam screen shows.
#[derive(Clone, Debug, Default)]
pub struct BeamView {
    /// The round on view, 1 the first; 0 before it.
    pub round: usize,
    /// Rounds done.
    pub rounds: usize,
    /// How many candidates a server has named, where that is fewer than there are beams.
    pub named: Option<usize>,
    /// The beams after the round, the best first.
    pub beams: Vec<BeamRow>,
    /// The texts of the beams before the round, by their numbers.
    pub before: Vec<BeamText>,
    /// Every continuation that the round has looked at.
    pub candidates: Vec<RoundRow>,
    /// The beams finished by then, the best first.
    pub finished: Vec<BeamRow>,
    /// The best text so far, greedy decoding and the sample.
    pub beside: Vec<BeamBeside>,
    /// Whether the beams after the round were given up, as none of them could overtake the best text.
    pub given_up: bool,
}

impl BeamView {
    /// How many rows a panel has.
    #[must_use]
    pub fn rows(&self, panel: PanelId) -> usize {
        match panel {
            PanelId::Beam => self.beams.len(),
            PanelId::Round => self.candidates.len(),
            PanelId::Finished => self.finished.len(),
            PanelId::Winner => self.beside.len(),
            _ => 0,
        }
    }

    /// Puts the continuations the best first, or together with those of the same beam.
    pub(super) fn sort_candidates(&mut self, ranked: bool) {
        let beam = |row: &RoundRow| if ranked { 0 } else { row.candidate.beam };
        self.candidates.sort_by_key(|row| (beam(row), row.rank));
    }
}

impl super::Beam {
    /// Brings what is shown in line with the search.
    pub(in crate::app) fn prepare_beam(&mut self, desk: &mut Desk) {
        let (Some(session), Some(search)) = (&desk.walk.session, &self.search) else {
            self.view = BeamView::default();
            return;
        };
        let shown = Sight { tree: session.tree(), vocabulary: session.vocabulary(), search };
        let round = self.at.unwrap_or(search.done());
        let mut view = shown.round(round);
        view.sort_candidates(self.ranked);
        let prompt = session.path().nodes().get(session.path().prompt_len() - 1).copied();
        view.beside = prompt.map_or_else(Vec::new, |prompt| shown.beside(prompt, self.beside.as_ref()));
        if view.round != self.view.round {
            // Another round has other continuations.
            self.select_in_beam(PanelId::Round, 0);
        }
        self.view = view;
    }
}

/// What the rows are made from.
struct Sight<'a> {
    tree: &'a Tree,
    vocabulary: &'a Vocabulary,
    search: &'a BeamSearch,
}

impl Sight<'_> {
    fn round(&self, round: usize) -> BeamView {
        let search = self.search;
        let kept = search.rounds().count();
        let index = (round + kept).checked_sub(search.done() + 1);
        let candidates = index.and_then(|index| search.rounds().nth(index)).unwrap_or_default();
        let mut view = BeamView {
            round,
            rounds: search.done(),
            named: search.named_too_few(),
            beams: self.beams(round, candidates),
            finished: self.finished(round),
            given_up: round > 0 && round == search.done() && search.is_over(),
            ..BeamView::default()
        };
        let mut states = Vec::new();
        for (rank, &candidate) in candidates.iter().enumerate() {
            while view.before.len() <= candidate.beam {
                let number = view.before.len();
                let node = candidates.iter().find(|other| other.beam == number).map(|other| other.parent);
                let text =
                    node.map(|node| BeamText::end(self.tree, self.vocabulary, node, round - 1, SHOWN_BEFORE));
                let (text, state) = text.unwrap_or_default();
                view.before.push(text);
                states.push(state);
            }
            let piece = self.vocabulary.piece(candidate.token);
            let token = states[candidate.beam].peek(piece, Spaces::Marked);
            view.candidates.push(RoundRow { candidate, token, rank });
        }
        view
    }

    /// The beams after a round; before the first the one that is empty.
    fn beams(&self, round: usize, candidates: &[BeamCandidate]) -> Vec<BeamRow> {
        if round == 0 {
            return self.search.live().iter().take(1).map(|beam| self.row(0, beam)).collect();
        }
        let row = |candidate: &BeamCandidate| {
            let Fate::Kept(number) = candidate.fate else { return None };
            self.tree.get(candidate.parent)?;
            let node = self.tree.find_child(candidate.parent, candidate.token)?;
            Some(BeamRow {
                number,
                from: Some(candidate.beam),
                node,
                text: BeamText::end(self.tree, self.vocabulary, node, round, SHOWN).0,
                tokens: round,
                log_probability: candidate.log_probability,
                score: candidate.score,
                stopped: None,
            })
        };
        candidates.iter().filter_map(row).collect()
    }

    /// The beams that had come to their end after so many rounds, the best first.
    fn finished(&self, round: usize) -> Vec<BeamRow> {
        let finished = self.search.finished().iter().enumerate();
        let row = |(number, beam): (usize, &Beam)| {
            let mut row = self.row(number, beam);
            if matches!(row.stopped, Some(StopReason::Eog { .. })) {
                // That it ended is told beside it.
                row.text.tokens.pop();
            }
            row
        };
        let mut rows: Vec<BeamRow> =
            finished.filter(|(_, beam)| beam.tokens.len() <= round).map(row).collect();
        rows.sort_by(|a, b| b.score.total_cmp(&a.score));
        rows
    }

    fn row(&self, number: usize, beam: &Beam) -> BeamRow {
        BeamRow {
            number,
            from: None,
            node: beam.node,
            text: BeamText::end(self.tree, self.vocabulary, beam.node, beam.tokens.len(), SHOWN).0,
            tokens: beam.tokens.len(),
            log_probability: beam.log_probability,
            score: beam.score,
            stopped: beam.stopped.clone(),
        }
    }

    /// The best text so far, and what it is held against.
    fn beside(&self, prompt: NodeId, lanes: Option<&Lanes>) -> Vec<BeamBeside> {
        let Some(best) = self.search.best() else { return Vec::new() };
        let lanes = lanes.map_or(&[][..], Lanes::lanes);
        let contrast = |other: &[Token]| Contrast::of(self.tree, prompt, &best.tokens, other);
        let of_lane = |lane: &Lane| contrast(lane.cursor().path().generated_tokens());
        let first = lanes.iter().find_map(of_lane);
        let mut rows = vec![BeamBeside {
            name: "best",
            node: best.node,
            text: self.around(best.node, best.tokens.len(), first.map(|contrast| contrast.index)),
            tokens: best.tokens.len(),
            log_probability: best.log_probability,
            score: best.score,
            stopped: best.stopped.clone(),
            parts: first.map(|contrast| (contrast.index, contrast.best.1)),
            sentence: None,
        }];
        for (name, lane) in ["greedy", "sample"].into_iter().zip(lanes) {
            let path = lane.cursor().path();
            let Some(node) = path.head() else { continue };
            let (tokens, contrast) = (path.generated(), of_lane(lane));
            // Not the tree's: there a token can belong to the prompt of another path.
            let log_probability = lane.statistics().log_probability;
            let stopped = lane.cursor().stopped().cloned();
            let same = stopped.is_some() && path.generated_tokens() == best.tokens;
            let score = self.search.settings().score(log_probability, tokens);
            // A search of any width can miss the best text, and then the others show it.
            let missed = stopped.is_some() && self.search.is_over() && score > best.score;
            let missed = if missed { "; its score is better, but the search had pruned it" } else { "" };
            let sentence = contrast.map(|contrast| contrast.sentence(lane.name(), self.vocabulary) + missed);
            rows.push(BeamBeside {
                name,
                node,
                text: self.around(node, tokens, contrast.map(|contrast| contrast.index)),
                tokens,
                log_probability,
                score,
                stopped,
                parts: contrast.map(|contrast| (contrast.index, contrast.other.1)),
                sentence: sentence.or(same.then(|| format!("{} found the best text too", lane.name()))),
            });
        }
        rows
    }

    /// The stretch of a text in which the token at which it parts from another can be seen.
    fn around(&self, node: NodeId, length: usize, parts: Option<usize>) -> BeamText {
        let start = parts.map_or(0, |index| index.saturating_sub(BEFORE));
        BeamText::of(self.tree, self.vocabulary, (node, length), start..start + SHOWN).0
    }
}
