//! State, messages and what they do to it. No terminal, no llama.cpp: [`update`] takes a message and
//! returns effects, [`crate::ui`] draws the state, [`crate::runtime`] connects both to the world.

mod beam;
mod bench;
mod candidates;
mod compare;
mod desk;
mod editor;
mod effect;
mod engine_events;
mod exchange;
mod explanation;
#[cfg(test)]
pub(crate) mod fixture;
mod in_hand;
mod input;
mod keys;
mod message;
mod mouse;
mod overlay;
mod overlay_keys;
mod panel;
mod play;
mod reading;
mod save_preset;
mod score;
mod screen;
mod seeds;
mod sliders;
mod start;
mod step_frame;
mod stops;
#[cfg(test)]
mod tests;
mod transcript;
mod tree_view;
mod walk;
mod xray;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

pub use beam::{Beam, BeamBeside, BeamRow, BeamText, BeamView, RoundRow};
pub use bench::{Bench, BenchSource};
pub use candidates::{Candidates, Row};
pub use compare::{Beside, BesideRow, Chance, Compare, LaneChooser, LaneView, Own, SweepRange, WhatIf};
pub use desk::{ModelState, Typing};
pub use editor::{Editor, Purpose};
pub use effect::Effect;
pub use exchange::{CopyFormat, PasteOffer};
pub use explanation::Explanation;
pub use message::{Hit, Message, MouseMove};
pub use overlay::{EXAMPLES, Example, ModelList, Overlay, SurpriseList};
pub use panel::PanelId;
pub use play::Play;
pub use screen::Screen;
pub use seeds::Seeds;
pub use sliders::Knob;
pub use start::{Setup, start};
pub use step_frame::{OnView, StepFrame};
pub use stops::{StopList, StopRow};
pub use transcript::{ShownToken, Transcript, wrap, wrap_marked};
pub use tree_view::{Growth, TreeExport, TreeInput, TreeRow, TreeView};
pub(crate) use xray::BARS as XRAY_BARS;
pub use xray::{Arrangement, XrayPanel, XrayView};

use desk::{Desk, Pending};

use crate::{
    decode::StopRules,
    engine::worker::{Ready, Ticket, bunch},
    settings::ModelSettings,
    tree::NodeId,
};

/// Decode times kept for the sparkline.
const TIMES_KEPT: usize = 256;

/// A screen's own: what only it shows and changes.
#[derive(Default)]
pub(crate) struct Rooms {
    /// What the X-ray screen shows of the step on view.
    pub(crate) xray: XrayView,
    /// Lanes side by side.
    pub(crate) compare: Compare,
    /// The tree as it is looked at.
    pub(crate) tree: TreeView,
    /// Many seeds of one setting.
    pub(crate) seeds: Seeds,
    /// Beam search.
    pub(crate) beam: Beam,
}

/// Everything the screen shows: what all screens share, and each screen's own.
pub struct State {
    pub(crate) desk: Desk,
    pub(crate) rooms: Rooms,
}

/// Takes a message in and says what is to be done.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let before = state.desk.revision;
    state.desk.revision += 1;
    match message {
        Message::Key(key) => state.key(key),
        Message::Paste(text) => state.paste(&text),
        Message::Mouse(action, hit) => state.mouse(action, hit),
        Message::Resize(columns, rows) => {
            state.desk.chrome.size = (columns, rows);
            Vec::new()
        }
        Message::Engine(event) => state.engine(event),
        Message::ModelsFound(found) => {
            state.models_found(found);
            Vec::new()
        }
        Message::PresetSaved(saved) => {
            state.preset_saved(saved);
            Vec::new()
        }
        Message::Exported(result) => {
            state.exported(result);
            Vec::new()
        }
        Message::Tick(now) => {
            // A tick that brings no token changes nothing on the screen.
            state.desk.revision = before;
            state.tick(now)
        }
    }
}

impl State {
    /// Counts what a frame would show differently: a frame with the same number need not be drawn.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.desk.revision
    }

    /// When the next [`Message::Tick`] is wanted; None when nothing waits for the time.
    #[must_use]
    pub fn next_tick(&self) -> Option<Instant> {
        if self.desk.engines.pending.is_some() || self.desk.walk.session.is_none() {
            return None;
        }
        if self.is_asking() || self.seeds_walk() {
            return Some(Instant::now());
        }
        // Between two tokens as fast as it goes, and after a change of speed, nothing is waited for.
        self.desk.play.playing().then(|| self.desk.play.due().unwrap_or_else(Instant::now))
    }

    /// The ready model.
    #[must_use]
    pub fn ready(&self) -> Option<&Arc<Ready>> {
        match &self.desk.engines.model {
            ModelState::Ready(ready) => Some(ready),
            ModelState::Loading(_) | ModelState::Missing(_) => None,
        }
    }

    /// Whether the model is at work on this path.
    #[must_use]
    pub fn evaluating(&self) -> bool {
        self.desk.engines.pending.is_some()
    }

    /// Columns of the text in the text panel: the whole screen less its frame and a cell beside it.
    #[must_use]
    pub fn text_width(&self) -> usize {
        usize::from(self.desk.chrome.size.0).saturating_sub(4).max(1)
    }

    fn ticket(&mut self) -> Ticket {
        self.desk.engines.last_ticket += 1;
        self.desk.engines.last_ticket
    }

    fn load(&mut self, settings: ModelSettings) -> Vec<Effect> {
        let cancel = Effect::Cancel(self.desk.engines.last_ticket);
        let ticket = self.ticket();
        self.desk.engines.loading = settings.clone();
        if !matches!(self.desk.engines.model, ModelState::Ready(_)) {
            self.desk.engines.model = ModelState::Loading(0.0);
        }
        vec![cancel, Effect::Load(ticket, Box::new(settings))]
    }

    /// Makes what the present screen needs, if it is not there.
    fn make_ready(&mut self) {
        match self.desk.screen {
            Screen::Compare => self.make_lanes(),
            Screen::Seeds => self.make_forest(),
            Screen::Beam => self.make_search(),
            Screen::Step | Screen::Xray | Screen::Tree => {}
        }
    }

    /// Takes back the steps that were asked for and not taken yet, on every screen that has paths of its own.
    fn pause_all(&mut self) {
        self.desk.play.pause();
        self.desk.walk.queue = 0;
        self.pause_lanes();
        self.rooms.seeds.pause();
        self.rooms.beam.pause();
    }

    /// Starts anew from the present prompt.
    fn begin(&mut self) -> Vec<Effect> {
        let cancel = Effect::Cancel(self.desk.engines.last_ticket);
        self.desk.engines.pending = None;
        self.desk.walk.again = None;
        self.desk.engines.progress = None;
        self.desk.walk.queue = 0;
        let ticket = self.ticket();
        self.desk.prompt.ticket = Some(ticket);
        vec![cancel, Effect::Prompt(ticket, self.desk.prompt.text.clone())]
    }

    fn rules(&self) -> StopRules {
        StopRules::from(&self.desk.settings.stop)
    }

    fn logits_budget(&self) -> usize {
        self.desk.settings.model.logits_budget_mib as usize * (1 << 20)
    }

    /// Asks for the evaluations that the present screen needs next, if none is under way.
    fn want(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.ask_lane_prompt().into_iter().collect();
        if self.desk.engines.pending.is_some() {
            return effects;
        }
        let limit = self.ready().map_or(1, |ready| bunch(ready.vocabulary.len()));
        let mut nodes = match self.desk.screen {
            Screen::Compare => self.wanted_by_lanes(limit),
            Screen::Tree => self.wanted_by_tree(limit),
            Screen::Seeds => self.wanted_by_seeds(limit),
            Screen::Beam => self.wanted_by_beam(limit),
            Screen::Step | Screen::Xray => self.wanted_by_step().into_iter().collect(),
        };
        let Some(session) = &self.desk.walk.session else { return effects };
        if let Some((node, prompt)) = self.unscored_prompt(session) {
            let ticket = self.ticket();
            self.desk.engines.pending = Some(Pending { ticket, nodes: vec![node], screen: self.desk.screen });
            effects.push(Effect::Score(ticket, prompt));
            return effects;
        }
        let Some(&first) = nodes.first() else { return effects };
        // Each as in a run of its prompt by itself: those of another prompt come next.
        let prompt = self.prompt_length(first);
        nodes.retain(|&node| self.prompt_length(node) == prompt);
        let path = |&node: &NodeId| match session.path().head() {
            Some(head) if head == node => Arc::from(session.path().tokens()),
            _ => Arc::from(session.tree().prefix(node)),
        };
        let paths = nodes.iter().map(path).collect();
        let ticket = self.ticket();
        if self.desk.engines.prompt_told.replace(prompt) != Some(prompt) {
            effects.push(Effect::PromptLength(ticket, prompt));
        }
        self.desk.engines.pending = Some(Pending { ticket, nodes, screen: self.desk.screen });
        effects.push(Effect::Evaluate(ticket, paths));
        effects
    }

    /// The node that the step screen needs next: the head, else that of the step on view.
    fn wanted_by_step(&self) -> Option<NodeId> {
        let session = self.desk.walk.session.as_ref()?;
        let viewed = self.on_view().length().and_then(|length| {
            let node = *session.path().nodes().get(length.checked_sub(1)?)?;
            (!session.has_logits(node)).then_some(node)
        });
        // Going through long text with the cursor looks at one step only: that one comes first.
        if self.desk.walk.cursor.is_some() {
            viewed.or(session.wanted())
        } else {
            session.wanted().or(viewed)
        }
    }

    /// One step now, or as soon as the head is evaluated.
    fn step(&mut self) -> Vec<Effect> {
        self.desk.walk.cursor = None;
        let Some(session) = &mut self.desk.walk.session else {
            return self.say_no_prompt();
        };
        if let Some(reason) = session.stopped() {
            self.desk.notice = Some(format!(
                "Generation has ended: {}. Go back to go on.",
                reason.detail(session.vocabulary())
            ));
            self.desk.play.pause();
            return Vec::new();
        }
        if session.wanted().is_some() {
            self.desk.walk.queue = (self.desk.walk.queue + 1).min(64);
            return self.want();
        }
        match session.step(false) {
            Ok(_) => self.tell_of_new_draw(),
            Err(error) => self.fail("This step cannot be taken", error.to_string()),
        }
        self.path_changed()
    }

    /// Whether the model waits for a prompt: there is none, and none is being read.
    #[must_use]
    pub fn lacks_prompt(&self) -> bool {
        self.desk.walk.session.is_none() && self.desk.prompt.ticket.is_none() && self.ready().is_some()
    }

    /// Whether reading the prompt was stopped before its end, and nothing goes on with it.
    #[must_use]
    pub fn gave_up_reading(&self) -> bool {
        self.desk.walk.session.is_some()
            && self.desk.engines.prefill.is_none()
            && self.desk.engines.pending.is_none()
    }

    /// Nothing can be generated before there is a prompt.
    fn say_no_prompt(&mut self) -> Vec<Effect> {
        if self.lacks_prompt() {
            self.desk.notice =
                Some("There is no prompt to go on from: edit it, or choose an example.".into());
        }
        Vec::new()
    }

    /// After the path has changed: show it, and evaluate what is needed.
    fn path_changed(&mut self) -> Vec<Effect> {
        self.desk.stale = true;
        self.desk.revision += 1;
        if let Some(session) = &self.desk.walk.session
            && session.stopped().is_some()
        {
            self.desk.play.pause();
            self.desk.walk.queue = 0;
        }
        self.want()
    }

    fn tick(&mut self, now: Instant) -> Vec<Effect> {
        if self.desk.engines.pending.is_some() || self.desk.walk.session.is_none() {
            return Vec::new();
        }
        if self.is_asking() {
            self.go_on_asking();
            self.desk.revision += 1;
            return self.want();
        }
        if self.seeds_walk() {
            self.desk.revision += 1;
            return self.want();
        }
        // Before the next token what the present one needs has to be there.
        let effects = if self.desk.play.playing() { self.want() } else { Vec::new() };
        if !effects.is_empty() || !self.desk.play.take_due(now) {
            return effects;
        }
        match self.desk.screen {
            Screen::Compare => self.step_lanes(1),
            Screen::Seeds => self.step_seeds(),
            Screen::Beam => self.step_beam(),
            Screen::Step | Screen::Xray | Screen::Tree => self.step(),
        }
    }

    fn fail(&mut self, title: &str, text: String) {
        tracing::error!("{title}: {text}");
        self.pause_all();
        self.desk.overlays.push(Overlay::Error { title: title.to_owned(), text, scroll: 0 });
    }

    fn note_time(&mut self, time: Duration) {
        if self.desk.engines.decode_ms.len() == TIMES_KEPT {
            self.desk.engines.decode_ms.pop_front();
        }
        self.desk.engines.decode_ms.push_back(time.as_secs_f64() * 1e3);
    }
}
