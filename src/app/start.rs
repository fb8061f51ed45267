//! The state at start.

use std::{collections::VecDeque, path::PathBuf};

use super::{
    Beam, Compare, Effect, ModelState, Overlay, PanelId, Play, Screen, Seeds, State, TIMES_KEPT, Transcript,
    TreeView, View, XrayView, sliders::Knob,
};
use crate::{
    engine::{KvUse, PromptText},
    keymap::Keymap,
    sampling::{Preset, SamplingOverrides},
    settings::Settings,
    theme::{ColourDepth, Theme, ThemeStore},
};

/// What the program starts with.
pub struct Setup {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings a person has set.
    pub given: SamplingOverrides,
    /// The prompt to start from.
    pub prompt: PromptText,
    /// Sampling settings by name.
    pub presets: Vec<Preset>,
    /// The preset that settings are compared with, an index into `presets`.
    pub preset: usize,
    /// The keys.
    pub keymap: Keymap,
    /// The themes, and the one to start with.
    pub themes: ThemeStore,
    /// The theme to start with.
    pub theme: Theme,
    /// How many colours the terminal has.
    pub depth: ColourDepth,
    /// Earlier prompts, newest last.
    pub history: Vec<String>,
    /// Whether this is the first start ever.
    pub first_start: bool,
    /// Where the log goes.
    pub log_file: Option<PathBuf>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// The state at start and the first things to do: load the model.
#[must_use]
pub fn start(setup: Setup) -> (State, Vec<Effect>) {
    let mut state = State {
        screen: Screen::default(),
        model: ModelState::Loading(0.0),
        session: None,
        transcript: Transcript::default(),
        view: View::default(),
        xray: XrayView::default(),
        cursor: None,
        focus: PanelId::Candidates,
        small_panel: PanelId::Stop,
        dragged: None,
        pressed: None,
        again: None,
        knob: Knob::Temperature,
        typing: None,
        searching: false,
        overlays: if setup.first_start { vec![Overlay::Welcome] } else { Vec::new() },
        notice: None,
        play: Play::new(setup.settings.ui.speed),
        sampling: setup.settings.sampling.clone(),
        preset: setup.preset.min(setup.presets.len().saturating_sub(1)),
        presets: setup.presets,
        prompt: setup.prompt,
        colour_by: setup.settings.ui.colour_by,
        end_chart: setup.settings.ui.end_chart,
        score_prompt: setup.settings.ui.score_prompt,
        theme: setup.theme,
        keymap: setup.keymap,
        prefill: None,
        progress: None,
        decode_ms: VecDeque::with_capacity(TIMES_KEPT),
        kv: KvUse::default(),
        compare: Compare::default(),
        seeds: Seeds::default(),
        beam: Beam::default(),
        tree_view: TreeView::default(),
        size: setup.size,
        log_file: setup.log_file,
        loading: setup.settings.model.clone(),
        told_of_shared_cache: false,
        settings: setup.settings,
        given: setup.given,
        sampling_changed: false,
        themes: setup.themes,
        depth: setup.depth,
        history: setup.history,
        pending: None,
        prompt_ticket: None,
        fresh: true,
        last_ticket: 0,
        queued_steps: 0,
        stale: false,
        revision: 1,
    };
    let effects = state.load(state.loading.clone());
    (state, effects)
}
