//! What all screens share: the path and the step on view, the engines, the settings in hand, the prompt, the look of the
//! program, and what is asked of the world. A screen's room is handed the desk; it never sees another room.

mod chrome;
mod conversation;
mod engines;
mod hand;
mod moves;
mod obtaining;
mod prompting;
mod score;
mod step_frame;
mod walk;
mod ways_on;

use std::{collections::VecDeque, sync::Arc};

pub(crate) use chrome::{Chrome, FRAMES_KEPT};
pub use engines::ModelState;
pub(crate) use engines::{Asker, Engines, Slot};
pub(crate) use hand::Hand;
pub use hand::Typing;
pub(crate) use obtaining::Obtaining;
pub(crate) use prompting::Prompting;
pub use step_frame::{OnView, StepFrame};
pub(crate) use walk::Walk;

use super::{Effect, Explanation, Hit, Overlay, PanelId, Play, Screen, StopList};
use crate::{
    decode::{CursorError, Session, StopRules},
    engine::{
        EngineId, PromptText,
        worker::{Command, Ready, Ticket},
    },
    lesson::Lesson,
    sampling::SamplingSettings,
    settings::Settings,
    token::Token,
    tree::{Evaluation, NodeId},
};

/// What a room asks of the whole program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Crossing {
    /// Show a screen.
    Show(Screen),
    /// Take back the steps that were asked for on every screen.
    PauseAll,
    /// Prune the tree from this node on, unless what would go is in use on any screen.
    Prune(NodeId),
    /// Begin a lesson at a step, with what is for the teacher or without.
    Lesson(Arc<Lesson>, usize, bool),
}

/// What all screens share.
pub struct Desk {
    /// The path, and the step of it that is on view.
    pub(in crate::app) walk: Walk,
    /// The model, and what it is asked.
    pub(in crate::app) engines: Engines,
    /// The sampling settings, and the slider in hand.
    pub(in crate::app) hand: Hand,
    /// The prompt, and those before it.
    pub(in crate::app) prompt: Prompting,
    /// What the program looks like, and its keys.
    pub(in crate::app) chrome: Chrome,
    /// Playing.
    pub(in crate::app) play: Play,
    /// The screen that is shown.
    pub(in crate::app) screen: Screen,
    /// The panel with the focus.
    pub(in crate::app) focus: PanelId,
    /// What the mouse was pressed on last; None after a key.
    pub(in crate::app) pressed: Option<Hit>,
    /// Whether a search text is being typed.
    pub(in crate::app) searching: bool,
    /// What lies over the screen, the last on top.
    pub(in crate::app) overlays: Vec<Overlay>,
    /// Rows that the one on top is scrolled by beside its selection.
    pub(in crate::app) overlay_offset: isize,
    /// A sentence for the footer, until the next key.
    pub(in crate::app) notice: Option<String>,
    /// Everything that can be set, as at start.
    pub(in crate::app) settings: Settings,
    /// The file of a diffusion model that was to be loaded where it cannot be used.
    pub(in crate::app) offered: Option<std::path::PathBuf>,
    /// What is shown has to be made anew before the next frame.
    pub(in crate::app) stale: bool,
    /// Whether it was said that the paths of this model share a cache.
    pub(in crate::app) told_of_shared_cache: bool,
    /// Models found, read and fetched.
    pub(in crate::app) obtaining: Obtaining,
    /// Counts changes that a frame would show.
    pub(in crate::app) revision: u64,
    /// What is to be done outside of the state.
    pub(super) effects: Vec<Effect>,
    /// What rooms asked of the whole program.
    pub(super) crossings: VecDeque<Crossing>,
}

impl Desk {
    /// Says a sentence in the footer.
    pub(crate) fn say(&mut self, sentence: impl Into<String>) {
        self.notice = Some(sentence.into());
    }

    /// Shows what went wrong over the screen, and ends what goes on.
    pub(crate) fn fail(&mut self, title: &str, text: String) {
        tracing::error!("{title}: {text}");
        self.pause_all();
        self.overlays.push(Overlay::Error { title: title.to_owned(), text, scroll: 0 });
    }

    /// Has something done outside of the state.
    pub(crate) fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// What is to be done outside of the state.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        let mut effects = self.engines.take_out();
        effects.append(&mut self.effects);
        effects
    }

    /// Shows another screen, once the present room has done what it does.
    pub(crate) fn show(&mut self, screen: Screen) {
        self.crossings.push_back(Crossing::Show(screen));
    }

    /// Takes back the steps of the path that were asked for and not taken yet.
    pub(in crate::app) fn pause(&mut self) {
        self.play.pause();
        self.walk.queue = 0;
    }

    /// Gives a panel the focus back, as Escape does; false if it has it.
    pub(in crate::app) fn return_to(&mut self, panel: PanelId) -> bool {
        std::mem::replace(&mut self.focus, panel) != panel
    }

    /// Whether the path grows by itself: it plays, or steps that were asked for are still to be taken.
    pub(in crate::app) fn is_moving(&self) -> bool {
        self.play.playing() || self.walk.queue > 0
    }

    /// Takes back the steps that were asked for and not taken yet, on every screen.
    pub(crate) fn pause_all(&mut self) {
        self.pause();
        self.crossings.push_back(Crossing::PauseAll);
    }

    /// Prunes the tree from a node on, unless what would go is in use on any screen.
    pub(crate) fn prune(&mut self, node: NodeId) {
        self.crossings.push_back(Crossing::Prune(node));
    }

    /// Begins a lesson at a step.
    pub(crate) fn begin_lesson(&mut self, lesson: Arc<Lesson>, step: usize, teacher: bool) {
        self.crossings.push_back(Crossing::Lesson(lesson, step, teacher));
    }

    /// What rooms asked of the whole program, the earliest.
    pub(crate) fn next_crossing(&mut self) -> Option<Crossing> {
        self.crossings.pop_front()
    }

    /// Lists the stop conditions of a lane, or of every text, to be changed.
    pub(crate) fn list_stops(&mut self, lane: Option<usize>) {
        self.pause_all();
        self.overlays.push(Overlay::StopList(StopList::of(lane)));
    }

    /// Explains a setting, a stage or a panel with its formula.
    pub(crate) fn explain(&mut self, explanation: Explanation) {
        self.overlays.push(Overlay::Formula { explanation, scroll: 0 });
    }

    /// What lies on top.
    pub(crate) fn top_overlay(&mut self) -> Option<&mut Overlay> {
        self.overlays.last_mut()
    }

    /// The path through the tree; None until there is a model and a prompt.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.walk.session.as_ref()
    }

    /// The step on view.
    pub(crate) fn frame(&self) -> &StepFrame {
        &self.walk.frame
    }

    /// The model that writes the text, if it is ready.
    pub(crate) fn ready(&self) -> Option<&Arc<Ready>> {
        self.engines.main().ready()
    }

    /// Whether the model that writes the text is at work.
    pub(crate) fn evaluating(&self) -> bool {
        self.engines.evaluating(EngineId::MAIN).is_some()
    }

    /// The stop conditions of every text that has none of its own.
    pub(crate) fn rules(&self) -> StopRules {
        StopRules::from(&self.settings.stop)
    }

    /// Stores a node's distribution.
    pub(crate) fn store(&mut self, node: NodeId, evaluation: Evaluation) {
        if let Some(session) = &mut self.walk.session {
            session.tree_mut().store(node, evaluation);
        }
    }

    /// Tokens of the prompt that a node goes on from, or is a part of.
    pub(crate) fn prompt_length(&self, node: NodeId) -> usize {
        let Some(session) = &self.walk.session else { return 0 };
        let length = session.path().prompt_len();
        if session.path().nodes()[..length].contains(&node) {
            length
        } else {
            session.tree().prompt_len(node)
        }
    }

    /// Has the tokens of a prompt made for a room; the ticket names the answer.
    pub(crate) fn tokenize(&mut self, prompt: PromptText, screen: Screen) -> Ticket {
        self.engines.ask(EngineId::MAIN, Asker::Room(screen), Command::Tokenize(prompt))
    }

    /// Starts anew from the present prompt.
    pub(crate) fn begin(&mut self) {
        self.engines.forget(EngineId::MAIN);
        self.engines.main_mut().progress = None;
        self.engines.resting = false;
        self.walk.again = None;
        self.walk.queue = 0;
        let command = Command::Tokenize(self.prompt.text.clone());
        self.prompt.ticket = Some(self.engines.ask(EngineId::MAIN, Asker::Desk, command));
    }

    /// Has the editor offer a text again, as the newest.
    pub(crate) fn remember(&mut self, text: String) {
        self.prompt.history.retain(|earlier| *earlier != text);
        self.prompt.history.push(text);
    }

    /// Changes the settings of the step screen: the bars follow at once, what is written stays. False where they cannot be
    /// used, which is said.
    pub(crate) fn set_sampling(&mut self, settings: SamplingSettings) -> bool {
        if let Some(session) = &mut self.walk.session {
            if let Err(error) = session.set_settings(settings.clone()) {
                self.say(error.to_string());
                return false;
            }
            self.hand.sampling = session.settings().clone();
        } else {
            self.hand.sampling = settings;
        }
        self.hand.changed = true;
        self.stale = true;
        true
    }

    /// Whether the model waits for a prompt: there is none, and none is being read.
    pub(crate) fn lacks_prompt(&self) -> bool {
        self.walk.session.is_none() && self.prompt.ticket.is_none() && self.ready().is_some()
    }

    /// Says why nothing can be generated or changed while there is no path.
    pub(crate) fn say_no_path(&mut self) {
        self.say(match self.engines.main().model {
            ModelState::Missing(_) => "There is no model: load one first.",
            ModelState::Loading(_) => "The model is still being loaded.",
            ModelState::Ready(_) if self.lacks_prompt() => {
                "There is no prompt to go on from: edit it, or choose an example."
            }
            ModelState::Ready(_) => "The prompt is still being read.",
        });
    }

    /// Lets go of the path and what was measured on it.
    pub(crate) fn end_session(&mut self) {
        self.walk = Walk::default();
        self.engines.main_mut().forget_text();
    }

    /// Takes in the tokens of the prompt: a path of them, nothing evaluated yet.
    pub(crate) fn begin_session(&mut self, tokens: Vec<Token>) -> Result<(), String> {
        let Some(ready) = self.ready().cloned() else { return Ok(()) };
        let budget = self.settings.model.logits_budget_mib as usize * (1 << 20);
        let (vocabulary, sampling) = (Arc::clone(&ready.vocabulary), self.hand.sampling.clone());
        let mut session = Session::new(vocabulary, tokens, sampling, self.rules(), ready.context, budget)
            .map_err(|error| self.why_no_session(&error))?;
        let limit = self.settings.model.tree_nodes as usize;
        session.tree_mut().set_limit(limit.max(ready.context + 1));
        self.end_session();
        self.hand.sampling = session.settings().clone();
        self.walk.session = Some(session);
        Ok(())
    }

    /// A text that is to be scored can be longer than the context, but not on the screen.
    fn why_no_session(&self, error: &CursorError) -> String {
        match error {
            CursorError::PromptTooLong { .. } if self.prompt.scored => {
                format!("{error}. Without a screen a text of any length is scored: logitscope score -f FILE")
            }
            error => error.to_string(),
        }
    }
}
