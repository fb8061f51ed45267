//! What the state tells those who draw it. Everything here reads; what changes the state is a message.

use std::{collections::VecDeque, path::Path, sync::Arc};

use super::{
    Beam, CanvasModel, Compare, Diffuse, Knob, ModelState, Overlay, PanelId, Play, Present, Screen, Seeds,
    Speculate, State, StepFrame, Transcript, TreeView, Typing, XrayView,
};
use crate::{
    decode::Session,
    engine::{Cost, KvUse, Progress, PromptText, llama::ModelInfo, worker::Ready},
    keymap::{Action, Context, Keymap},
    lesson::Kind,
    sampling::{Preset, SamplingSettings, StageTrace},
    settings::{ColourBy, EndChart},
    theme::Theme,
    token::Token,
};

impl State {
    /// The screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.desk.screen
    }

    /// Where keys can have a meaning of their own on the screen that is shown, that of the present focus first.
    #[must_use]
    pub fn contexts(&self) -> Vec<Context> {
        let room = self.rooms.of(self.desk.screen);
        let mut contexts = vec![room.context(&self.desk)];
        let panels = room.focusable().iter().filter_map(|panel| match panel {
            PanelId::Candidates => Some(Context::Candidates),
            PanelId::Text => Some(Context::Text),
            PanelId::Sampling => Some(Context::Sampling),
            _ => None,
        });
        // Other screens have keys of their own for panels of these names; sliders are the same everywhere.
        let own = |context: &Context| *context == Context::Sampling || contexts[0].is_of_the_path();
        let panels: Vec<Context> = panels.filter(own).collect();
        for context in panels {
            if !contexts.contains(&context) {
                contexts.push(context);
            }
        }
        contexts
    }

    /// Whether an action means nothing on this screen though its key is one of everywhere.
    #[must_use]
    pub fn ignores(&self, action: Action) -> bool {
        self.rooms.of(self.desk.screen).ignores(action)
    }

    /// Whether a letter is written into a text now, and is not a key.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        let room = self.rooms.of(self.desk.screen);
        self.desk.searching || self.desk.hand.typing.is_some() || room.is_typing(&self.desk)
    }

    /// The panel with the focus.
    #[must_use]
    pub fn focus(&self) -> PanelId {
        self.desk.focus
    }

    /// The panel in the place that small screens share.
    #[must_use]
    pub fn small_panel(&self) -> PanelId {
        self.rooms.step.small_panel()
    }

    /// The step shown large; None where panels are shown.
    #[must_use]
    pub fn present(&self) -> Option<&Present> {
        self.rooms.step.present().filter(|_| self.desk.screen == Screen::Step)
    }

    /// Whether a guess is waited for where the step is shown large.
    #[must_use]
    pub fn awaits_guess(&self) -> bool {
        self.present().is_some_and(|present| present.awaits_guess(&self.desk))
    }

    /// The tokens that can be picked for a guess, in the order in which they are listed.
    #[must_use]
    pub fn choices(&self) -> Vec<Token> {
        self.present().map_or_else(Vec::new, |present| present.choices(&self.desk))
    }

    /// The panels of the screen that are explained.
    #[must_use]
    pub fn panels(&self) -> &'static [PanelId] {
        self.rooms.of(self.desk.screen).panels()
    }

    /// What lies over the screen, the last on top.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.desk.overlays
    }

    /// A sentence for the footer, until the next key.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.desk.notice.as_deref()
    }

    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.desk.chrome.theme
    }

    /// The keys.
    #[must_use]
    pub fn keymap(&self) -> &Keymap {
        &self.desk.chrome.keymap
    }

    /// Columns and rows of the terminal.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.desk.chrome.size
    }

    /// Where the log goes.
    #[must_use]
    pub fn log_file(&self) -> Option<&Path> {
        self.desk.chrome.log_file.as_deref()
    }

    /// What the colour of a token tells.
    #[must_use]
    pub fn colour_by(&self) -> ColourBy {
        self.desk.chrome.colour_by
    }

    /// What of the end token is charted, and when.
    #[must_use]
    pub fn end_chart(&self) -> EndChart {
        self.desk.chrome.end_chart
    }

    /// The path through the tree; None until there is a model and a prompt.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.desk.walk.session.as_ref()
    }

    /// The path's tokens as shown.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.desk.walk.transcript
    }

    /// The step on view.
    #[must_use]
    pub fn frame(&self) -> &StepFrame {
        &self.desk.walk.frame
    }

    /// The token under the text cursor, a position of the path; None when it follows the newest.
    #[must_use]
    pub fn cursor(&self) -> Option<usize> {
        self.desk.walk.cursor
    }

    /// Playing.
    #[must_use]
    pub fn play(&self) -> &Play {
        &self.desk.play
    }

    /// The prompt.
    #[must_use]
    pub fn prompt(&self) -> &PromptText {
        &self.desk.prompt.text
    }

    /// The sampling settings of the step screen.
    #[must_use]
    pub fn sampling(&self) -> &SamplingSettings {
        &self.desk.hand.sampling
    }

    /// Sampling settings by name.
    #[must_use]
    pub fn presets(&self) -> &[Preset] {
        &self.desk.hand.presets
    }

    /// The selected slider.
    #[must_use]
    pub fn knob(&self) -> Knob {
        self.desk.hand.knob
    }

    /// The slider that the mouse holds.
    #[must_use]
    pub fn dragged(&self) -> Option<Knob> {
        self.desk.hand.dragged
    }

    /// The value being typed into a slider.
    #[must_use]
    pub fn typing(&self) -> Option<&Typing> {
        self.desk.hand.typing.as_ref()
    }

    /// Whether a search text is being typed.
    #[must_use]
    pub fn searching(&self) -> bool {
        self.desk.searching
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &ModelState {
        &self.desk.engines.main().model
    }

    /// What the prompt's evaluation cost; None before it is done.
    #[must_use]
    pub fn prefill(&self) -> Option<Cost> {
        self.desk.engines.main().prefill
    }

    /// How far an evaluation of many tokens has come.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.desk.engines.main().progress
    }

    /// Milliseconds of the last decodes of one token, newest last.
    #[must_use]
    pub fn decode_ms(&self) -> &VecDeque<f64> {
        &self.desk.engines.main().decode_ms
    }

    /// What the KV cache holds.
    #[must_use]
    pub fn kv(&self) -> KvUse {
        self.desk.engines.main().kv
    }

    /// What the X-ray screen shows of the step on view.
    #[must_use]
    pub fn xray(&self) -> &XrayView {
        &self.rooms.xray
    }

    /// Lanes side by side.
    #[must_use]
    pub fn compare(&self) -> &Compare {
        &self.rooms.compare
    }

    /// The tree as it is looked at.
    #[must_use]
    pub fn tree_view(&self) -> &TreeView {
        &self.rooms.tree
    }

    /// Many seeds of one setting.
    #[must_use]
    pub fn seeds(&self) -> &Seeds {
        &self.rooms.seeds
    }

    /// Beam search.
    #[must_use]
    pub fn beam(&self) -> &Beam {
        &self.rooms.beam
    }

    /// The model of the screen that is shown, once it is ready.
    #[must_use]
    pub fn model_info(&self) -> Option<&ModelInfo> {
        match (self.screen(), self.diffuse().model()) {
            (Screen::Diffuse, CanvasModel::Ready(ready)) => Some(&ready.info),
            (Screen::Diffuse, _) => None,
            _ => self.ready().map(|ready| &ready.info),
        }
    }

    /// The diffuse screen.
    #[must_use]
    pub fn diffuse(&self) -> &Diffuse {
        &self.rooms.diffuse
    }

    /// Speculative decoding.
    #[must_use]
    pub fn speculate(&self) -> &Speculate {
        &self.rooms.speculate
    }

    /// The lessons.
    #[must_use]
    pub fn learn(&self) -> &super::Learn {
        &self.rooms.learn
    }

    /// The token that the draw of the step on view lands on; None where there is no draw, and where a lesson asks what it
    /// will be.
    #[must_use]
    pub fn landing(&self) -> Option<Token> {
        self.frame().drawn.filter(|_| !self.hides_draw())
    }

    /// Whether a lesson asks what will happen, so that the screen does not tell where the next draw lands.
    #[must_use]
    pub fn hides_draw(&self) -> bool {
        self.frame().taken.is_none() && self.desk.walk.hides_draw
    }

    /// Whether it asks for a place on the ruler, so that the number is not told either.
    #[must_use]
    pub fn hides_number(&self) -> bool {
        self.hides_draw()
            && self.player().and_then(super::Player::ask).is_some_and(|ask| ask.kind == Kind::Place)
    }

    /// The panel that a lesson has brought into the light.
    #[must_use]
    pub fn lit(&self) -> Option<PanelId> {
        self.player().and_then(super::Player::lit)
    }

    /// What a token costs.
    #[must_use]
    pub fn cost(&self) -> &super::Cost {
        &self.rooms.cost
    }

    /// Bounds how far a panel of the cost screen can be scrolled.
    pub fn bound_panel(&mut self, panel: PanelId, end: usize) {
        self.rooms.cost.bound(panel, end);
    }

    /// Milliseconds that the last frames of a text took to draw; those of the cost screen itself do not count.
    #[must_use]
    pub fn frame_times(&self) -> crate::cost::Sample {
        self.desk.chrome.frame_ms.iter().copied().collect()
    }

    /// Notes how long a frame took to draw.
    pub fn note_frame(&mut self, time: std::time::Duration) {
        if self.session().is_none() || self.screen() == Screen::Cost {
            return;
        }
        let times = &mut self.desk.chrome.frame_ms;
        if times.len() == super::desk::FRAMES_KEPT {
            times.pop_front();
        }
        times.push_back(time.as_secs_f64() * 1e3);
    }

    /// The ready model.
    #[must_use]
    pub fn ready(&self) -> Option<&Arc<Ready>> {
        self.desk.ready()
    }

    /// Whether the model is at work.
    #[must_use]
    pub fn evaluating(&self) -> bool {
        self.desk.evaluating()
    }

    /// Steps that were asked for and are still to be taken.
    #[must_use]
    pub fn queued(&self) -> usize {
        // While it plays a room has a step due all the time.
        let own = if self.desk.play.playing() { 0 } else { self.rooms.of(self.desk.screen).queued() };
        self.desk.walk.queued() + own
    }

    /// Columns of the text in the text panel: the whole screen less its frame and a cell beside it.
    #[must_use]
    pub fn text_width(&self) -> usize {
        self.desk.chrome.text_width()
    }

    /// Whether the model waits for a prompt: there is none, and none is being read.
    #[must_use]
    pub fn lacks_prompt(&self) -> bool {
        self.desk.lacks_prompt()
    }

    /// Whether reading the prompt was stopped before its end, and nothing goes on with it.
    #[must_use]
    pub fn gave_up_reading(&self) -> bool {
        self.session().is_some() && self.prefill().is_none() && !self.evaluating()
    }

    /// What each stage of the chain kept at the choice on view; empty where there is no single one.
    #[must_use]
    pub fn stages(&self) -> &[StageTrace] {
        self.rooms.of(self.desk.screen).stages(&self.desk)
    }

    /// Whether what the screen shows has come to its end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.rooms.of(self.desk.screen).has_ended(&self.desk)
    }

    /// Whether Escape stops something that takes its time: loading, reading a long text, steps that are still to come.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        let own = self.screen() == Screen::Diffuse;
        if own {
            return self.rooms.diffuse.sweep().is_some_and(|sweep| !sweep.is_done());
        }
        let loads = matches!(self.model(), ModelState::Loading(_));
        loads || self.queued() > 0 || self.progress().is_some_and(|progress| progress.total > 1)
    }

    /// Whether an answer has ended and the user may speak next.
    #[must_use]
    pub fn awaits_turn(&self) -> bool {
        self.desk.awaits_turn()
    }

    /// What the last evaluation cost, of whichever nodes.
    #[must_use]
    pub fn last_cost(&self) -> Option<crate::engine::Cost> {
        self.desk.engines.main().last
    }

    /// Why fewer threads compute than on an idle machine; None where they do not.
    #[must_use]
    pub fn threads_note(&self) -> Option<String> {
        self.desk.engines.main().threads.note()
    }
}
