//! Speculative decoding: a small model, or the text itself, drafts some tokens, and the target reads them all in one batch and
//! decides how many of them stand.
//!
//! [`Speculation`] is a cursor on a tree, as every walk is, that goes on in rounds. It never evaluates: it says which rows of
//! which model it needs, and takes them in:
//!
//! ```text
//! speculation.ask(rounds);
//! while let Some(ask) = speculation.wanted(&mut tree)? { rows = evaluate(ask.model, &ask.request); speculation.absorb(…) }
//! ```
//!
//! The nodes of drafted tokens are made in the tree, and what the target's pass brought is stored there.

mod draft;
mod gains;
mod judge;
mod lookup;
mod mass;
mod numbers;
mod plain;
mod price;
mod round;
mod settings;
mod setup;
mod shares;
mod stage;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

pub use gains::{Gains, expected_tokens, speed_up};
pub use lookup::{Copied, look_up};
pub use mass::{Masses, accepts, mass, overlap, pick, residual};
pub use plain::{Difference, Plain};
pub use price::Price;
pub use round::{Arrival, DraftEnd, DraftSource, Drafted, Pass, Round, Trial, Verdict};
pub use settings::{LookupSettings, Rule, SettingsError, Sources, SpeculativeSettings};
pub use setup::SpeculativeSetup;
pub use shares::{Share, Shares};

use draft::DraftRow;
use numbers::Numbers;
use stage::Stage;

use super::{Cursor, CursorError};
use crate::{
    engine::{Cost, Request},
    sampling::{GrammarSource, Mirostat, SamplingSettings},
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// Which of the two models is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one whose text it is.
    Target,
    /// The one that drafts.
    Draft,
}

/// Rows that are needed to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whose.
    pub model: Role,
    /// One path with the rows.
    pub request: Request,
    /// The nodes that they are the distributions of, in their order.
    pub nodes: Vec<NodeId>,
}

/// A walk that goes on in rounds of drafted and verified tokens.
pub struct Speculation {
    cursor: Cursor,
    settings: SpeculativeSettings,
    /// Tokens of the draft model's vocabulary; None without a draft model.
    draft_vocabulary: Option<usize>,
    /// What the draft model makes of prefixes.
    drafts: BTreeMap<NodeId, DraftRow>,
    rounds: Vec<Round>,
    arrivals: Vec<Arrival>,
    stage: Stage,
    /// Rounds that are asked for and not begun.
    due: usize,
    /// The next round drafts nothing: its token is drawn anew, alone.
    alone: bool,
    /// The passes that read the prompt, the target's and the draft's.
    reading: Vec<(Role, Pass)>,
}

impl Speculation {
    /// A walk from where `cursor` is. `draft_vocabulary` is the number of tokens of the draft model, None where there is none.
    #[must_use]
    pub fn new(cursor: Cursor, settings: SpeculativeSettings, draft_vocabulary: Option<usize>) -> Self {
        let arrivals = vec![Arrival::Plain; cursor.path().generated()];
        Self {
            cursor,
            settings,
            draft_vocabulary,
            drafts: BTreeMap::new(),
            rounds: Vec::new(),
            arrivals,
            stage: Stage::Idle,
            due: 0,
            alone: false,
            reading: Vec::new(),
        }
    }

    /// The target's cursor.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The target's cursor, to look with.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        &mut self.cursor
    }

    /// How tokens are drafted and verified.
    #[must_use]
    pub fn settings(&self) -> &SpeculativeSettings {
        &self.settings
    }

    /// Changes it, from the next round on.
    pub fn set_settings(&mut self, settings: SpeculativeSettings) {
        self.settings = settings;
    }

    /// Whether there is a draft model.
    #[must_use]
    pub fn has_draft_model(&self) -> bool {
        self.draft_vocabulary.is_some()
    }

    /// The number of tokens of the draft model; None where there is none.
    #[must_use]
    pub fn draft_model(&self) -> Option<usize> {
        self.draft_vocabulary
    }

    /// Tells it of a draft model of so many tokens, or that there is none, from the next round on.
    pub fn set_draft_model(&mut self, tokens: Option<usize>) {
        self.draft_vocabulary = tokens;
        self.drafts.clear();
    }

    /// The rounds that are done and whose first token still stands, the first first.
    #[must_use]
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// How each generated token came to be there.
    #[must_use]
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// The passes that read the prompt.
    #[must_use]
    pub fn reading(&self) -> &[(Role, Pass)] {
        &self.reading
    }

    /// How drafted tokens are verified: by a match where the sampling settings leave the other rule no p.
    #[must_use]
    pub fn rule(&self) -> Rule {
        if self.why_match().is_some() { Rule::Match } else { self.settings.rule }
    }

    /// Why drafts are verified by a match though the other rule is set; None where they are not.
    #[must_use]
    pub fn why_match(&self) -> Option<&'static str> {
        let sampling = self.cursor.settings();
        if self.settings.rule == Rule::Match {
            None
        } else if sampling.mirostat != Mirostat::Off {
            Some("mirostat has no distribution before it draws: drafts are verified by a match")
        } else if sampling.grammar != GrammarSource::NONE {
            Some("a grammar is minded after the draw: drafts are verified by a match")
        } else if !(self.settings.sources.model && self.has_draft_model()) {
            Some("copied tokens have no q: drafts are verified by a match")
        } else {
            None
        }
    }

    /// Asks for so many rounds more.
    pub fn ask(&mut self, rounds: usize) {
        if self.cursor.stopped().is_none() {
            self.due = self.due.saturating_add(rounds).min(self.cursor.context());
        }
    }

    /// Forgets the rounds that were asked for and not begun; one under way is ended.
    pub fn pause(&mut self) {
        self.due = 0;
    }

    /// Gives up the round under way, and those asked for.
    pub fn give_up(&mut self) {
        self.due = 0;
        self.stage = Stage::Idle;
    }

    /// Whether there is a round to go on with.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let under_way = !matches!(self.stage, Stage::Idle);
        under_way || (self.due > 0 && self.cursor.stopped().is_none())
    }

    /// Adds to the time that counts against the time limit.
    pub fn add_time(&mut self, time: Duration) {
        self.cursor.add_time(time);
    }

    /// Goes on as far as it can, and names the rows it needs then; None when nothing is due.
    pub fn wanted(&mut self, tree: &mut Tree) -> Result<Option<Ask>, CursorError> {
        loop {
            match std::mem::replace(&mut self.stage, Stage::Idle) {
                Stage::Idle => {
                    if self.due == 0 || self.cursor.stopped().is_some() {
                        self.due = 0;
                        return Ok(None);
                    }
                    if let Some(ask) = self.prompt_to_read(tree) {
                        return Ok(Some(ask));
                    }
                    self.due -= 1;
                    self.stage = self.begin(tree)?;
                }
                Stage::Drafting(round, nodes) => {
                    if let Some(ask) = self.draft_on(tree, round, nodes)? {
                        return Ok(Some(ask));
                    }
                }
                Stage::Verifying(round, nodes, held) => {
                    if let Some(ask) = Self::rows_to_read(tree, &nodes, &held) {
                        self.stage = Stage::Verifying(round, nodes, held);
                        return Ok(Some(ask));
                    }
                    self.finish(tree, round, &nodes, held)?;
                }
            }
        }
    }

    /// Takes rows in that were asked for: `rows` in the order of `nodes`.
    pub fn absorb(
        &mut self,
        tree: &mut Tree,
        (model, nodes): (Role, &[NodeId]),
        rows: Vec<Evaluation>,
        cost: &Cost,
    ) {
        let pass = Pass::from(cost);
        match (model, &mut self.stage) {
            (Role::Draft, stage) => {
                let n_vocab = self.cursor.vocabulary().len();
                for (&node, row) in nodes.iter().zip(&rows) {
                    self.drafts.insert(node, DraftRow::of(&row.summary, n_vocab));
                }
                let first = !self.reading.iter().any(|(model, _)| *model == Role::Draft);
                match stage {
                    // The first pass reads the prompt as well.
                    Stage::Drafting(..) if first => self.reading.push((model, pass)),
                    Stage::Drafting(round, _) => round.draft_passes.push(pass),
                    _ => {}
                }
            }
            (Role::Target, Stage::Verifying(round, path, held))
                if nodes.iter().all(|node| path.contains(node)) =>
            {
                for (node, row) in nodes.iter().zip(rows) {
                    if let Some(at) = path.iter().position(|other| other == node) {
                        held[at] = Some(row);
                    }
                }
                round.target_passes.push(pass);
            }
            (Role::Target, _) => {
                self.reading.push((model, pass));
                for (&node, row) in nodes.iter().zip(rows) {
                    tree.store(node, row);
                }
            }
        }
    }

    /// Goes back to the first `generated` generated tokens. A round that began before stays as it went.
    pub fn back_to(&mut self, generated: usize) {
        self.give_up();
        self.alone = false;
        self.cursor.back_to(generated);
        self.arrivals.truncate(generated);
        while self.rounds.last().is_some_and(|round| round.begin >= generated) {
            self.rounds.pop();
        }
    }

    /// Goes back by a round; the tokens that are gone.
    pub fn back(&mut self) -> usize {
        let before = self.arrivals.len();
        let to = match self.rounds.last() {
            Some(round) if round.begin + round.tokens.len() >= before => round.begin,
            _ => before.saturating_sub(1),
        };
        self.back_to(to);
        before - self.arrivals.len()
    }

    /// Draws the newest token again with a new random number: the target alone does, in a round of its own that is asked for.
    pub fn roll_again(&mut self) {
        if let Some(index) = self.arrivals.len().checked_sub(1) {
            self.cursor.roll_again();
            self.back_to(index);
            self.alone = true;
            self.ask(1);
        }
    }

    /// Moves to a token picked by hand, where the head is evaluated; whether it did.
    pub fn take(&mut self, tree: &mut Tree, token: Token) -> Result<bool, CursorError> {
        self.give_up();
        let moved = self.cursor.take(tree, token)?.is_some();
        if moved {
            self.arrivals.push(Arrival::Hand);
        }
        Ok(moved)
    }

    /// Changes the sampling settings, from the next round on.
    pub fn set_sampling(&mut self, settings: SamplingSettings) -> Result<(), CursorError> {
        self.cursor.set_settings(settings)
    }

    /// Goes back to the first `generated` tokens and on from there with the numbers of another seed. What the models are known
    /// to say stays known.
    fn restart(&mut self, generated: usize, seed: u32) {
        self.back_to(generated);
        self.rounds.clear();
        self.reading.clear();
        let mut place = self.cursor.place(seed);
        self.cursor.exchange(&mut place);
    }

    /// The seed that all random numbers come from.
    fn seed(&self) -> u32 {
        self.cursor.seed()
    }
}
