//! State, messages and what they do to it. No terminal, no llama.cpp: [`update`] takes a message and
//! returns effects, [`crate::ui`] draws the state, [`crate::runtime`] connects both to the world.

mod beam;
mod bench;
mod candidates;
mod compare;
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
mod save_preset;
mod score;
mod screen;
mod seeds;
mod sliders;
mod start;
mod stops;
#[cfg(test)]
mod tests;
mod transcript;
mod tree_view;
mod view;
mod walk;
mod xray;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

pub use beam::{Beam, BeamBeside, BeamRow, BeamText, BeamView, RoundRow};
pub use bench::{Bench, BenchSource};
pub use candidates::{Candidates, Row};
pub use compare::{Beside, BesideRow, Chance, Compare, LaneChooser, LaneView, Own, SweepRange, WhatIf};
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
pub use stops::{StopList, StopRow};
pub use transcript::{ShownToken, Transcript, wrap, wrap_marked};
pub use tree_view::{Growth, TreeExport, TreeInput, TreeRow, TreeView};
pub use view::View;
pub(crate) use xray::BARS as XRAY_BARS;
pub use xray::{Arrangement, XrayPanel, XrayView};

use crate::{
    decode::{Session, StopRules},
    engine::{
        Cost, KvUse, Progress, PromptText, Request, Rows,
        worker::{Ready, Ticket, bunch},
    },
    keymap::Keymap,
    sampling::{Preset, SamplingOverrides, SamplingSettings},
    settings::{ColourBy, EndChart, ModelSettings, Settings},
    theme::{ColourDepth, Theme, ThemeStore},
    token::Token,
    tree::NodeId,
};

/// Decode times kept for the sparkline.
const TIMES_KEPT: usize = 256;

/// The model behind the screen.
#[derive(Debug)]
pub enum ModelState {
    /// It is being loaded; 0 to 1.
    Loading(f32),
    /// It is ready.
    Ready(Arc<Ready>),
    /// There is none, and why.
    Missing(String),
}

/// An evaluation under way.
#[derive(Clone, Debug)]
struct Pending {
    ticket: Ticket,
    /// The nodes whose distributions it brings, in this order.
    nodes: Vec<NodeId>,
    /// The screen that it is made for.
    screen: Screen,
}

/// A value being typed into a slider.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Which.
    pub knob: Knob,
    /// What is typed so far.
    pub text: String,
}

/// Everything the screen shows.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct State {
    /// The screen that is shown.
    pub screen: Screen,
    /// The model.
    pub model: ModelState,
    /// The path through the tree; None until there is a model and a prompt.
    pub session: Option<Session>,
    /// The path's tokens as shown.
    pub transcript: Transcript,
    /// The step on view.
    pub view: View,
    /// What the X-ray screen shows of it.
    pub xray: XrayView,
    /// The token under the text cursor, a position of the path; None when it follows the newest.
    pub cursor: Option<usize>,
    /// The panel with the focus.
    pub focus: PanelId,
    /// The panel in the place that small screens share.
    pub small_panel: PanelId,
    /// The selected slider.
    pub knob: Knob,
    /// The slider that the mouse holds.
    pub dragged: Option<Knob>,
    /// What the mouse was pressed on last; None after a key.
    pressed: Option<Hit>,
    /// The step that is to be drawn again: which generated token, and what it was.
    again: Option<(usize, Token)>,
    /// The value being typed.
    pub typing: Option<Typing>,
    /// Whether a search text is being typed.
    pub searching: bool,
    /// What lies over the screen, the last on top.
    pub overlays: Vec<Overlay>,
    /// A sentence for the footer, until the next key.
    pub notice: Option<String>,
    /// Playing.
    pub play: Play,
    /// The sampling settings.
    pub sampling: SamplingSettings,
    /// Sampling settings by name.
    pub presets: Vec<Preset>,
    /// The preset that settings are compared with.
    pub preset: usize,
    /// The prompt.
    pub prompt: PromptText,
    /// What the colour of a token tells.
    pub colour_by: ColourBy,
    /// What of the end token is charted, and when.
    pub end_chart: EndChart,
    /// Whether it is shown how likely the prompt's tokens are.
    pub score_prompt: bool,
    /// The theme.
    pub theme: Theme,
    /// The keys.
    pub keymap: Keymap,
    /// What the prompt's evaluation cost.
    pub prefill: Option<Cost>,
    /// How far an evaluation of many tokens has come.
    pub progress: Option<Progress>,
    /// Milliseconds of the last decodes of one token, newest last.
    pub decode_ms: VecDeque<f64>,
    /// What the KV cache holds.
    pub kv: KvUse,
    /// Lanes side by side.
    pub compare: Compare,
    /// Many seeds of one setting.
    pub seeds: Seeds,
    /// Beam search.
    pub beam: Beam,
    /// The tree as it is looked at.
    pub tree_view: TreeView,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Where the log goes.
    pub log_file: Option<PathBuf>,
    settings: Settings,
    given: SamplingOverrides,
    /// Whether a sampling setting was changed on the screen.
    sampling_changed: bool,
    /// The file of the model that is loaded or being loaded.
    loading: ModelSettings,
    /// Whether it was said that the paths of this model share a cache.
    told_of_shared_cache: bool,
    themes: ThemeStore,
    depth: ColourDepth,
    history: Vec<String>,
    pending: Option<Pending>,
    prompt_ticket: Option<Ticket>,
    /// Whether the next evaluation is the first of a new text, which lies in the cache as in a run of it by itself.
    fresh: bool,
    last_ticket: Ticket,
    /// Steps asked for while the head was not evaluated.
    queued_steps: usize,
    /// The view has to be looked at again before the next frame.
    stale: bool,
    /// Counts changes that a frame would show.
    revision: u64,
}

/// Takes a message in and says what is to be done.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let before = state.revision;
    state.revision += 1;
    match message {
        Message::Key(key) => state.key(key),
        Message::Paste(text) => state.paste(&text),
        Message::Mouse(action, hit) => state.mouse(action, hit),
        Message::Resize(columns, rows) => {
            state.size = (columns, rows);
            Vec::new()
        }
        Message::Engine(_, event) => state.engine(event),
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
            state.revision = before;
            state.tick(now)
        }
    }
}

impl State {
    /// Counts what a frame would show differently: a frame with the same number need not be drawn.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When the next [`Message::Tick`] is wanted; None when nothing waits for the time.
    #[must_use]
    pub fn next_tick(&self) -> Option<Instant> {
        if self.pending.is_some() || self.session.is_none() {
            return None;
        }
        if self.is_asking() || self.seeds_walk() {
            return Some(Instant::now());
        }
        // Between two tokens as fast as it goes, and after a change of speed, nothing is waited for.
        self.play.playing().then(|| self.play.due().unwrap_or_else(Instant::now))
    }

    /// The ready model.
    #[must_use]
    pub fn ready(&self) -> Option<&Arc<Ready>> {
        match &self.model {
            ModelState::Ready(ready) => Some(ready),
            ModelState::Loading(_) | ModelState::Missing(_) => None,
        }
    }

    /// Whether the model is at work on this path.
    #[must_use]
    pub fn evaluating(&self) -> bool {
        self.pending.is_some()
    }

    /// Columns of the text in the text panel: the whole screen less its frame and a cell beside it.
    #[must_use]
    pub fn text_width(&self) -> usize {
        usize::from(self.size.0).saturating_sub(4).max(1)
    }

    fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        self.last_ticket
    }

    fn load(&mut self, settings: ModelSettings) -> Vec<Effect> {
        let cancel = Effect::Cancel(self.last_ticket);
        let ticket = self.ticket();
        self.loading = settings.clone();
        if !matches!(self.model, ModelState::Ready(_)) {
            self.model = ModelState::Loading(0.0);
        }
        vec![cancel, Effect::Load(ticket, Box::new(settings))]
    }

    /// Makes what the present screen needs, if it is not there.
    fn make_ready(&mut self) {
        match self.screen {
            Screen::Compare => self.make_lanes(),
            Screen::Seeds => self.make_forest(),
            Screen::Beam => self.make_search(),
            Screen::Step | Screen::Xray | Screen::Tree => {}
        }
    }

    /// Takes back the steps that were asked for and not taken yet, on every screen that has paths of its own.
    fn pause_all(&mut self) {
        self.play.pause();
        self.queued_steps = 0;
        self.pause_lanes();
        self.seeds.pause();
        self.beam.pause();
    }

    /// Starts anew from the present prompt.
    fn begin(&mut self) -> Vec<Effect> {
        let cancel = Effect::Cancel(self.last_ticket);
        self.pending = None;
        self.again = None;
        self.progress = None;
        self.queued_steps = 0;
        let ticket = self.ticket();
        self.prompt_ticket = Some(ticket);
        vec![cancel, Effect::Prompt(ticket, self.prompt.clone())]
    }

    fn rules(&self) -> StopRules {
        StopRules::from(&self.settings.stop)
    }

    fn logits_budget(&self) -> usize {
        self.settings.model.logits_budget_mib as usize * (1 << 20)
    }

    /// Asks for the evaluations that the present screen needs next, if none is under way.
    fn want(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.ask_lane_prompt().into_iter().collect();
        if self.pending.is_some() {
            return effects;
        }
        let limit = self.ready().map_or(1, |ready| bunch(ready.vocabulary.len()));
        let mut nodes = match self.screen {
            Screen::Compare => self.wanted_by_lanes(limit),
            Screen::Tree => self.wanted_by_tree(limit),
            Screen::Seeds => self.wanted_by_seeds(limit),
            Screen::Beam => self.wanted_by_beam(limit),
            Screen::Step | Screen::Xray => self.wanted_by_step().into_iter().collect(),
        };
        let Some(session) = &self.session else { return effects };
        if let Some((node, prompt)) = self.unscored_prompt(session) {
            let ticket = self.ticket();
            self.pending = Some(Pending { ticket, nodes: vec![node], screen: self.screen });
            self.fresh = false;
            let rows = vec![Rows { tokens: prompt, from: 0 }];
            effects.push(Effect::Evaluate(ticket, Request { prompt: None, rows, fresh: true }));
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
        let mut request = Request::after(nodes.iter().map(path), Some(prompt));
        request.fresh = std::mem::take(&mut self.fresh);
        let ticket = self.ticket();
        self.pending = Some(Pending { ticket, nodes, screen: self.screen });
        effects.push(Effect::Evaluate(ticket, request));
        effects
    }

    /// The node that the step screen needs next: the head, else that of the step on view.
    fn wanted_by_step(&self) -> Option<NodeId> {
        let session = self.session.as_ref()?;
        let viewed = self.view_length().and_then(|length| {
            let node = *session.path().nodes().get(length.checked_sub(1)?)?;
            (!session.has_logits(node)).then_some(node)
        });
        // Going through long text with the cursor looks at one step only: that one comes first.
        if self.cursor.is_some() { viewed.or(session.wanted()) } else { session.wanted().or(viewed) }
    }

    /// One step now, or as soon as the head is evaluated.
    fn step(&mut self) -> Vec<Effect> {
        self.cursor = None;
        let Some(session) = &mut self.session else {
            return self.say_no_prompt();
        };
        if let Some(reason) = session.stopped() {
            self.notice = Some(format!(
                "Generation has ended: {}. Go back to go on.",
                reason.detail(session.vocabulary())
            ));
            self.play.pause();
            return Vec::new();
        }
        if session.wanted().is_some() {
            self.queued_steps = (self.queued_steps + 1).min(64);
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
        self.session.is_none() && self.prompt_ticket.is_none() && self.ready().is_some()
    }

    /// Whether reading the prompt was stopped before its end, and nothing goes on with it.
    #[must_use]
    pub fn gave_up_reading(&self) -> bool {
        self.session.is_some() && self.prefill.is_none() && self.pending.is_none()
    }

    /// Nothing can be generated before there is a prompt.
    fn say_no_prompt(&mut self) -> Vec<Effect> {
        if self.lacks_prompt() {
            self.notice = Some("There is no prompt to go on from: edit it, or choose an example.".into());
        }
        Vec::new()
    }

    /// After the path has changed: show it, and evaluate what is needed.
    fn path_changed(&mut self) -> Vec<Effect> {
        self.stale = true;
        self.revision += 1;
        if let Some(session) = &self.session
            && session.stopped().is_some()
        {
            self.play.pause();
            self.queued_steps = 0;
        }
        self.want()
    }

    fn tick(&mut self, now: Instant) -> Vec<Effect> {
        if self.pending.is_some() || self.session.is_none() {
            return Vec::new();
        }
        if self.is_asking() {
            self.go_on_asking();
            self.revision += 1;
            return self.want();
        }
        if self.seeds_walk() {
            self.revision += 1;
            return self.want();
        }
        // Before the next token what the present one needs has to be there.
        let effects = if self.play.playing() { self.want() } else { Vec::new() };
        if !effects.is_empty() || !self.play.take_due(now) {
            return effects;
        }
        match self.screen {
            Screen::Compare => self.step_lanes(1),
            Screen::Seeds => self.step_seeds(),
            Screen::Beam => self.step_beam(),
            Screen::Step | Screen::Xray | Screen::Tree => self.step(),
        }
    }

    fn fail(&mut self, title: &str, text: String) {
        tracing::error!("{title}: {text}");
        self.pause_all();
        self.overlays.push(Overlay::Error { title: title.to_owned(), text, scroll: 0 });
    }

    fn note_time(&mut self, time: Duration) {
        if self.decode_ms.len() == TIMES_KEPT {
            self.decode_ms.pop_front();
        }
        self.decode_ms.push_back(time.as_secs_f64() * 1e3);
    }
}
