//! The state at start.

use std::{collections::VecDeque, path::PathBuf};

use super::{
    Desk, Effect, Learn, LearnSetup, Overlay, PanelId, Play, Rooms, Screen, Speculate, State,
    desk::{Chrome, Engines, Hand, Obtaining, Prompting, Slot, Walk},
};
use crate::{
    decode::speculative::SpeculativeSetup,
    engine::PromptText,
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
    /// What models are fetched with.
    pub reach: crate::fetch::Reach,
    /// A folder of which a model is to be chosen.
    pub folder: Option<PathBuf>,
    /// Where the log goes.
    pub log_file: Option<PathBuf>,
    /// What is asked of speculative decoding.
    pub speculation: SpeculativeSetup,
    /// The lessons.
    pub learn: LearnSetup,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// The state at start and the first things to do: load the model.
#[must_use]
pub fn start(setup: Setup) -> (State, Vec<Effect>) {
    let Setup { settings, prompt, presets, .. } = setup;
    let desk = Desk {
        walk: Walk::default(),
        engines: Engines::new(Slot::new(settings.model.clone())),
        hand: Hand::new(settings.sampling.clone(), setup.given, presets, setup.preset),
        prompt: Prompting::new(prompt, setup.history, settings.ui.score_prompt),
        chrome: Chrome {
            theme: setup.theme,
            themes: setup.themes,
            depth: setup.depth,
            keymap: setup.keymap,
            size: setup.size,
            log_file: setup.log_file,
            colour_by: settings.ui.colour_by,
            end_chart: settings.ui.end_chart,
            frame_ms: std::collections::VecDeque::new(),
        },
        play: Play::new(settings.ui.speed),
        screen: Screen::default(),
        focus: PanelId::Candidates,
        pressed: None,
        searching: false,
        overlay_offset: 0,
        overlays: if setup.first_start { vec![Overlay::Welcome] } else { Vec::new() },
        notice: None,
        settings,
        offered: None,
        stale: false,
        told_of_shared_cache: false,
        obtaining: Obtaining { reach: setup.reach, ..Obtaining::default() },
        revision: 1,
        effects: Vec::new(),
        crossings: VecDeque::new(),
    };
    let mut state = State { desk, rooms: Rooms::default(), player: None };
    state.rooms.speculate = Speculate::new(setup.speculation);
    state.rooms.learn = Learn::new(&setup.learn);
    state.desk.notice = setup.learn.notice;
    state.load(state.desk.settings.model.clone());
    if setup.learn.shown || setup.learn.lesson.is_some() {
        state.show_screen(Screen::Learn);
        if let Some(lesson) = setup.learn.lesson.and_then(|name| state.rooms.learn.find(&name)) {
            let step = state.rooms.learn.place(&lesson.name).step;
            state.begin_lesson(lesson, step, setup.learn.teacher);
        }
    }
    if state.desk.settings.ui.present {
        state.rooms.step.begin_present(&mut state.desk);
    }
    if let Some(folder) = setup.folder {
        state.choose_from(folder);
    }
    let effects = state.desk.take_effects();
    (state, effects)
}
