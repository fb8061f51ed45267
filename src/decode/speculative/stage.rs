//! A round before it is judged: what drafts it, and which rows it needs.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::{
    Ask, Copied, DraftEnd, DraftSource, Drafted, Masses, Role, Round, Rule, Speculation, look_up,
    numbers::Numbers, pick,
};
use crate::{
    decode::CursorError,
    engine::{Request, Rows},
    token::Token,
    tree::{Evaluation, NodeId, Origin, Tree},
};

/// A round under way.
pub(super) enum Stage {
    /// None is.
    Idle,
    /// The draft grows: the nodes of the head and of each drafted token.
    Drafting(Round, Vec<NodeId>),
    /// The target's rows are needed.
    Verifying(Round, Vec<NodeId>, VecDeque<Option<Evaluation>>),
}

impl Speculation {
    /// The prompt goes through the target as a whole, as it does without a draft.
    pub(super) fn prompt_to_read(&self, tree: &Tree) -> Option<Ask> {
        let head = self.cursor.path().head().filter(|&head| !tree.has_logits(head))?;
        if self.cursor.path().generated() > 0 || self.rounds.iter().any(|round| round.begin > 0) {
            return None;
        }
        let prompt: Arc<[Token]> = self.cursor.path().tokens().into();
        let length = prompt.len();
        Some(Ask { model: Role::Target, request: Request::after([prompt], Some(length)), nodes: vec![head] })
    }

    /// How many tokens a draft may have here: the last cell of the context stays free, and the last token of a limit is the
    /// target's own.
    pub(super) fn room(&self) -> usize {
        let path = self.cursor.path();
        let cells = self.cursor.context().saturating_sub(path.tokens().len() + 1);
        let tokens = self
            .cursor
            .rules()
            .max_tokens
            .map_or(usize::MAX, |most| most.saturating_sub(path.generated() + 1));
        cells.min(tokens)
    }

    /// Begins a round: the draft is copied, or the model is to be asked.
    pub(super) fn begin(&mut self, tree: &mut Tree) -> Result<Stage, CursorError> {
        let mut round = Round::new(self.arrivals.len());
        let mut nodes: Vec<NodeId> = self.cursor.path().head().into_iter().collect();
        let room = self.room();
        let alone = std::mem::take(&mut self.alone);
        let sources = self.settings.sources;
        if room == 0 {
            round.end = DraftEnd::NoRoom;
        } else if !alone {
            let text = self.cursor.path().tokens();
            let copied = sources.lookup.then(|| look_up(text, self.settings.lookup)).flatten();
            if let Some(copied) = copied {
                let tokens = copied.tokens.min(room);
                round.source = DraftSource::Lookup(Copied { tokens, ..copied });
                round.end = if tokens < copied.tokens { DraftEnd::NoRoom } else { DraftEnd::Full };
                let copy = copied.from..copied.from + tokens;
                for token in text[copy].iter().copied() {
                    Self::propose(tree, &mut round, &mut nodes, token, None)?;
                }
            } else if sources.model && self.draft_vocabulary.is_some() && self.settings.n_max > 0 {
                round.source = DraftSource::Model;
                return Ok(Stage::Drafting(round, nodes));
            }
        }
        Ok(Self::verify(tree, round, nodes))
    }

    pub(super) fn propose(
        tree: &mut Tree,
        round: &mut Round,
        nodes: &mut Vec<NodeId>,
        token: Token,
        q: Option<Masses>,
    ) -> Result<(), CursorError> {
        let at = *nodes.last().expect("a path has a prompt");
        nodes.push(tree.child(at, token, Origin::Drafted)?);
        round.drafted.push(Drafted::new(token, q));
        Ok(())
    }

    /// Lets the draft grow as far as the draft model's rows are known; the row that it needs next.
    pub(super) fn draft_on(
        &mut self,
        tree: &mut Tree,
        mut round: Round,
        mut nodes: Vec<NodeId>,
    ) -> Result<Option<Ask>, CursorError> {
        let room = self.room();
        let known = self.draft_vocabulary.unwrap_or(0);
        let rule = self.rule();
        let temperature = self.cursor.settings().temperature;
        let mut numbers = Numbers::of(self.seed(), round.begin);
        round.end = loop {
            let drafted = round.drafted.len();
            if drafted >= self.settings.n_max || drafted >= room {
                break if drafted >= self.settings.n_max { DraftEnd::Full } else { DraftEnd::NoRoom };
            }
            let at = *nodes.last().expect("a path has a prompt");
            let Some(row) = self.drafts.get(&at) else {
                let path: Arc<[Token]> = self.drafted_path(&round).into();
                if path.iter().any(|token| token.index() >= known) {
                    break DraftEnd::Unknown;
                }
                let request = Request { rows: vec![Rows::last(path)], ..Request::default() };
                self.stage = Stage::Drafting(round, nodes);
                return Ok(Some(Ask { model: Role::Draft, request, nodes: vec![at] }));
            };
            let q = row.q(rule, temperature);
            let Some(&(likeliest, share)) = q.first() else { break DraftEnd::Unknown };
            if share < self.settings.p_min {
                break DraftEnd::Unsure(share);
            }
            let token = match rule {
                Rule::Match => likeliest,
                Rule::Probabilistic => pick(&q, numbers.draft(drafted)).unwrap_or(likeliest),
            };
            Self::propose(tree, &mut round, &mut nodes, token, Some(q))?;
        };
        if round.drafted.len() < self.settings.n_min {
            round.thrown_away = round.drafted.len();
            round.drafted.clear();
            nodes.truncate(1);
        }
        self.stage = Self::verify(tree, round, nodes);
        Ok(None)
    }

    /// The draft is done. What the tree knows of its rows is held, too: it need not have room for all of them.
    pub(super) fn verify(tree: &mut Tree, round: Round, nodes: Vec<NodeId>) -> Stage {
        let mut known = |&node: &NodeId| {
            let logits = tree.logits(node)?;
            let summary = tree.summary(node)?.clone();
            Some(Evaluation { summary, logits: Some(logits), time: Duration::ZERO })
        };
        let held = nodes.iter().map(&mut known).collect();
        Stage::Verifying(round, nodes, held)
    }

    /// The text so far with what is drafted.
    pub(super) fn drafted_path(&self, round: &Round) -> Vec<Token> {
        let drafted = round.drafted.iter().map(|drafted| drafted.token);
        self.cursor.path().tokens().iter().copied().chain(drafted).collect()
    }

    /// The target's rows that are not known yet: those from the first one on, in one batch.
    pub(super) fn rows_to_read(
        tree: &Tree,
        nodes: &[NodeId],
        held: &VecDeque<Option<Evaluation>>,
    ) -> Option<Ask> {
        let first = held.iter().position(Option::is_none)?;
        let tokens: Arc<[Token]> = tree.prefix(*nodes.last()?).into();
        let from = tokens.len() - (nodes.len() - first);
        let request = Request { rows: vec![Rows { tokens, from }], ..Request::default() };
        Some(Ask { model: Role::Target, request, nodes: nodes[first..].to_vec() })
    }
}
