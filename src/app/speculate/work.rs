//! Asking the engines for what is needed next, and taking it in: one pass at a time, so that none slows another down.

use std::{sync::Arc, time::Duration};

use super::{
    super::{Desk, desk::Asker},
    SCREEN, Speculate, Stride,
    runs::{Job, Lap, SEED_TOKENS, SEEDS, SWEEP, SWEEP_TOKENS, why},
};
use crate::{
    decode::{
        Cursor, CursorError,
        speculative::{Ask, Plain, Role, Share, Shares, Speculation, SpeculativeSettings},
    },
    engine::{
        EngineId, Request,
        worker::{Command, Evaluated, Ticket},
    },
    keymap::Context,
    text::{Shown, Spaces},
    tree::{Evaluation, NodeId, Tree},
};

/// Whose pass it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The text's.
    Walk(Role),
    /// Plain decoding's beside it.
    Plain,
    /// That of what is measured on the side.
    Side(Role),
    /// Plain decoding's beside that.
    SidePlain,
}

/// A pass that is under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    ticket: Ticket,
    whose: Whose,
}

impl Speculate {
    /// Asks for the next pass, if none is under way.
    pub(super) fn work(&mut self, desk: &mut Desk) {
        if self.flight.is_some_and(|flight| desk.engines.awaits(flight.ticket)) {
            return;
        }
        self.flight = None;
        self.make(desk);
        if !self.drafter_is_there(desk) {
            return;
        }
        if self.runs.under_way() {
            return match self.next_of_run(desk) {
                Ok(()) => {}
                Err(error) => {
                    self.runs.end();
                    desk.say(why(&error));
                }
            };
        }
        if let Err(error) = self.next_of_walk(desk) {
            self.stride = None;
            desk.play.pause();
            self.walk.iter_mut().for_each(Speculation::give_up);
            desk.say(why(&error));
        }
    }

    /// The next pass of the text, or of plain decoding beside it.
    fn next_of_walk(&mut self, desk: &mut Desk) -> Result<(), CursorError> {
        let (Some(walk), Some(session)) = (&mut self.walk, &mut desk.walk.session) else { return Ok(()) };
        let tree = session.tree_mut();
        let before = walk.arrivals().len();
        let ask = walk.wanted(tree)?;
        // The prompt is read before anybody asks for a round.
        let unread = |walk: &Speculation, tree: &Tree| {
            let head = walk.cursor().path().head().filter(|&head| !tree.has_logits(head))?;
            let path: Arc<[_]> = walk.cursor().path().tokens().into();
            let length = path.len();
            (walk.arrivals().is_empty() && walk.cursor().stopped().is_none()).then(|| Ask {
                model: Role::Target,
                request: Request::after([path], Some(length)),
                nodes: vec![head],
            })
        };
        let ask = ask.or_else(|| unread(walk, tree));
        if walk.arrivals().len() != before || !walk.is_due() {
            self.show_more(desk);
        }
        let (Some(walk), Some(session)) = (&mut self.walk, &mut desk.walk.session) else { return Ok(()) };
        if let Some(ask) = ask {
            let Ask { model, request, nodes } = ask;
            self.send(desk, Whose::Walk(model), request, nodes);
            return Ok(());
        }
        let ready = desk.engines.slot(EngineId::PLAIN).is_some_and(|slot| slot.ready().is_some());
        if let Some(plain) = self.plain.as_mut().filter(|_| ready)
            && let Some((request, node)) = plain.wanted(walk, session.tree_mut())?
        {
            self.send(desk, Whose::Plain, request, vec![node]);
        }
        Ok(())
    }

    /// Shows what was asked for, once it is there.
    fn show_more(&mut self, desk: &mut Desk) {
        let Some(walk) = &self.walk else { return };
        let there = walk.arrivals().len();
        if self.shown < there {
            match self.stride.take() {
                Some(Stride::Token) => self.shown += 1,
                Some(Stride::Round) => self.shown = there,
                None => {}
            }
            self.place = usize::MAX;
        }
        if walk.cursor().stopped().is_some() && self.shown >= there {
            self.stride = None;
            desk.play.pause();
        }
        desk.stale = true;
    }

    fn send(&mut self, desk: &mut Desk, whose: Whose, request: Request, nodes: Vec<NodeId>) {
        let engine = match whose {
            Whose::Walk(Role::Target) | Whose::Side(Role::Target) => EngineId::MAIN,
            Whose::Walk(Role::Draft) | Whose::Side(Role::Draft) => EngineId::DRAFT,
            Whose::Plain | Whose::SidePlain => EngineId::PLAIN,
        };
        let ticket = desk.engines.ask_for(engine, Asker::Room(SCREEN), nodes, Command::Evaluate(request));
        self.flight = Some(Flight { ticket, whose });
    }

    /// Takes in what was asked for.
    pub(super) fn take_in(
        &mut self,
        (engine, ticket): (EngineId, Ticket),
        nodes: &[NodeId],
        evaluated: Evaluated,
        desk: &mut Desk,
    ) -> Option<Evaluated> {
        let Some(flight) = self.flight.take_if(|flight| flight.ticket == ticket) else {
            // The prompt's tokens are scored wherever one is; what another engine says of a text before is of no use.
            return Some(evaluated).filter(|_| engine == EngineId::MAIN);
        };
        let Evaluated { rows, cost, .. } = evaluated;
        let rows: Vec<Evaluation> = rows
            .into_iter()
            .filter_map(|row| row.distribution)
            .map(|row| Evaluation { summary: row.summary, logits: Some(row.logits), time: Duration::ZERO })
            .collect();
        if rows.len() != nodes.len() {
            return None;
        }
        match flight.whose {
            Whose::Walk(model) => {
                let (walk, session) = (self.walk.as_mut()?, desk.walk.session.as_mut()?);
                walk.add_time(cost.time);
                if model == Role::Target {
                    desk.engines.main_mut().prefill.get_or_insert(cost);
                }
                walk.absorb(session.tree_mut(), (model, nodes), rows, &cost);
            }
            Whose::Plain => {
                let plain = self.plain.as_mut()?;
                nodes.iter().zip(rows).for_each(|(&node, row)| plain.absorb(node, row, &cost));
            }
            Whose::Side(model) => match &mut self.runs.job {
                Job::Sweep(lap, _) => lap.walk.absorb(&mut lap.tree, (model, nodes), rows, &cost),
                Job::Seeds(seeds) => seeds.0.absorb(&mut seeds.1, (model, nodes), rows, &cost),
                Job::None => {}
            },
            Whose::SidePlain => {
                if let Job::Sweep(lap, _) = &mut self.runs.job {
                    nodes.iter().zip(rows).for_each(|(&node, row)| lap.plain.absorb(node, row, &cost));
                }
            }
        }
        None
    }

    /// Begins a sweep over γ.
    pub(super) fn begin_sweep(&mut self, desk: &mut Desk) {
        if self.walk.is_none() {
            return desk.say_no_path();
        }
        if self.walk.as_ref().is_some_and(|walk| !walk.settings().sources.model || !walk.has_draft_model()) {
            return desk.say(self.trouble(desk).unwrap_or_else(|| {
                desk.chrome.keymap.spell(
                    Context::Speculate,
                    "γ is the length of the draft model's drafts, and it does not draft: {draft-source} changes where drafts come from.",
                )
            }));
        }
        match self.lap(1, desk) {
            Ok(lap) => {
                self.runs.sweep(lap, (2..=SWEEP).collect());
                desk.say_with_keys(
                    Context::Speculate,
                    "Measuring drafts of 1 to 8 tokens against plain decoding; {cancel} stops.",
                );
            }
            Err(error) => desk.say(why(&error)),
        }
        desk.stale = true;
    }

    /// A text from the prompt with drafts of `gamma` tokens, on a tree of its own.
    fn lap(&self, gamma: usize, desk: &mut Desk) -> Result<Lap, CursorError> {
        let settings = SpeculativeSettings { n_max: gamma, n_min: 0, ..*self.settings() };
        let (walk, tree) = self.apart(settings, SWEEP_TOKENS, desk)?;
        let mut beside = Tree::new(0);
        let cursor = self.cursor_on(&mut beside, SWEEP_TOKENS, desk)?;
        Ok(Lap { gamma, tree, walk, plain: Plain::new(beside, cursor) })
    }

    /// A walk from the prompt on a tree of its own, to so many tokens.
    fn apart(
        &self,
        settings: SpeculativeSettings,
        tokens: usize,
        desk: &mut Desk,
    ) -> Result<(Speculation, Tree), CursorError> {
        let mut tree = Tree::new(desk.settings.model.logits_budget_mib as usize * (1 << 20));
        let cursor = self.cursor_on(&mut tree, tokens, desk)?;
        let drafts = self.walk.as_ref().and_then(Speculation::draft_model);
        Ok((Speculation::new(cursor, settings, drafts), tree))
    }

    fn cursor_on(&self, tree: &mut Tree, tokens: usize, desk: &mut Desk) -> Result<Cursor, CursorError> {
        let cursor = self.walk.as_ref().expect("who asks has looked").cursor();
        let mut rules = desk.rules();
        rules.max_tokens = Some(rules.max_tokens.map_or(tokens, |most| most.min(tokens)));
        let prompt = cursor.path().prompt_tokens().to_vec();
        Cursor::new(
            tree,
            Arc::clone(cursor.vocabulary()),
            prompt,
            cursor.settings().clone(),
            rules,
            cursor.context(),
        )
    }

    /// Begins to try many seeds.
    pub(super) fn begin_seeds(&mut self, desk: &mut Desk) {
        let Some(walk) = &self.walk else { return desk.say_no_path() };
        match self.apart(*walk.settings(), usize::MAX, desk) {
            Ok((walk, tree)) => {
                self.runs.try_seeds(Shares::new(walk, SEEDS, SEED_TOKENS), tree);
                desk.say_with_keys(
                    Context::Speculate,
                    "256 seeds write their first two tokens; {cancel} stops.",
                );
            }
            Err(error) => desk.say(why(&error)),
        }
        desk.stale = true;
    }

    /// The next pass of what is measured on the side.
    fn next_of_run(&mut self, desk: &mut Desk) -> Result<(), CursorError> {
        desk.stale = true;
        loop {
            match &mut self.runs.job {
                Job::None => return Ok(()),
                Job::Seeds(seeds) => {
                    let (shares, tree) = &mut **seeds;
                    let ask = shares.wanted(tree)?;
                    self.note_seeds();
                    let Some(Ask { model, request, nodes }) = ask else {
                        self.runs.end();
                        desk.say("256 seeds have their first two tokens.");
                        return Ok(());
                    };
                    self.send(desk, Whose::Side(model), request, nodes);
                    return Ok(());
                }
                Job::Sweep(lap, further) => {
                    if lap.walk.cursor().stopped().is_none() && !lap.walk.is_due() {
                        lap.walk.ask(1);
                    }
                    if let Some(Ask { model, request, nodes }) = lap.walk.wanted(&mut lap.tree)? {
                        self.send(desk, Whose::Side(model), request, nodes);
                        return Ok(());
                    }
                    if let Some((request, node)) = lap.plain.wanted(&lap.walk, &mut lap.tree)? {
                        self.send(desk, Whose::SidePlain, request, vec![node]);
                        return Ok(());
                    }
                    if lap.walk.cursor().stopped().is_some() {
                        let next = further.pop_front();
                        let Job::Sweep(lap, further) = std::mem::take(&mut self.runs.job) else {
                            return Ok(());
                        };
                        self.runs.note_lap(&lap);
                        if let Some(gamma) = next {
                            let lap = self.lap(gamma, desk)?;
                            self.runs.job = Job::Sweep(Box::new(lap), further);
                        } else {
                            desk.say("Drafts of 1 to 8 tokens are measured.");
                        }
                    }
                }
            }
        }
    }

    fn note_seeds(&mut self) {
        let Some(walk) = &self.walk else { return };
        let vocabulary = Arc::clone(walk.cursor().vocabulary());
        self.runs.note_seeds(|share: &Share| {
            let bytes: Vec<u8> =
                share.tokens.iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
            Shown::with_spaces(&String::from_utf8_lossy(&bytes), Spaces::Marked).to_string()
        });
    }
}
