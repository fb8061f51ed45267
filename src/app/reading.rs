//! What the state tells those who draw it. Everything here reads; what changes the state is a message.

use std::{collections::VecDeque, path::Path};

use super::{
    Beam, Compare, Knob, ModelState, Overlay, PanelId, Play, Screen, Seeds, State, StepFrame, Transcript,
    TreeView, Typing, XrayView,
};
use crate::{
    decode::Session,
    engine::{Cost, KvUse, Progress, PromptText},
    keymap::Keymap,
    sampling::{Preset, SamplingSettings},
    settings::{ColourBy, EndChart},
    theme::Theme,
};

impl State {
    /// The screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The panel with the focus.
    #[must_use]
    pub fn focus(&self) -> PanelId {
        self.focus
    }

    /// The panel in the place that small screens share.
    #[must_use]
    pub fn small_panel(&self) -> PanelId {
        self.small_panel
    }

    /// What lies over the screen, the last on top.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// A sentence for the footer, until the next key.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The keys.
    #[must_use]
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// Columns and rows of the terminal.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Where the log goes.
    #[must_use]
    pub fn log_file(&self) -> Option<&Path> {
        self.log_file.as_deref()
    }

    /// What the colour of a token tells.
    #[must_use]
    pub fn colour_by(&self) -> ColourBy {
        self.colour_by
    }

    /// What of the end token is charted, and when.
    #[must_use]
    pub fn end_chart(&self) -> EndChart {
        self.end_chart
    }

    /// The path through the tree; None until there is a model and a prompt.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The path's tokens as shown.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The step on view.
    #[must_use]
    pub fn frame(&self) -> &StepFrame {
        &self.frame
    }

    /// The token under the text cursor, a position of the path; None when it follows the newest.
    #[must_use]
    pub fn cursor(&self) -> Option<usize> {
        self.cursor
    }

    /// Playing.
    #[must_use]
    pub fn play(&self) -> &Play {
        &self.play
    }

    /// The prompt.
    #[must_use]
    pub fn prompt(&self) -> &PromptText {
        &self.prompt
    }

    /// The sampling settings of the step screen.
    #[must_use]
    pub fn sampling(&self) -> &SamplingSettings {
        &self.sampling
    }

    /// Sampling settings by name.
    #[must_use]
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }

    /// The selected slider.
    #[must_use]
    pub fn knob(&self) -> Knob {
        self.knob
    }

    /// The slider that the mouse holds.
    #[must_use]
    pub fn dragged(&self) -> Option<Knob> {
        self.dragged
    }

    /// The value being typed into a slider.
    #[must_use]
    pub fn typing(&self) -> Option<&Typing> {
        self.typing.as_ref()
    }

    /// Whether a search text is being typed.
    #[must_use]
    pub fn searching(&self) -> bool {
        self.searching
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &ModelState {
        &self.model
    }

    /// What the prompt's evaluation cost; None before it is done.
    #[must_use]
    pub fn prefill(&self) -> Option<Cost> {
        self.prefill
    }

    /// How far an evaluation of many tokens has come.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.progress
    }

    /// Milliseconds of the last decodes of one token, newest last.
    #[must_use]
    pub fn decode_ms(&self) -> &VecDeque<f64> {
        &self.decode_ms
    }

    /// What the KV cache holds.
    #[must_use]
    pub fn kv(&self) -> KvUse {
        self.kv
    }

    /// What the X-ray screen shows of the step on view.
    #[must_use]
    pub fn xray(&self) -> &XrayView {
        &self.xray
    }

    /// Lanes side by side.
    #[must_use]
    pub fn compare(&self) -> &Compare {
        &self.compare
    }

    /// The tree as it is looked at.
    #[must_use]
    pub fn tree_view(&self) -> &TreeView {
        &self.tree_view
    }

    /// Many seeds of one setting.
    #[must_use]
    pub fn seeds(&self) -> &Seeds {
        &self.seeds
    }

    /// Beam search.
    #[must_use]
    pub fn beam(&self) -> &Beam {
        &self.beam
    }
}
