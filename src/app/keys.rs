//! What each action does.

use super::{
    CopyFormat, Effect, Explanation, Flow, Knob, ModelList, Overlay, PanelId, Play, Screen, State, Typing,
};
use crate::{
    engine::{EngineId, llama::CacheLayout},
    keymap::{Action, Context},
    settings::{ColourBy, EndChart},
};

/// Rows a page key moves a list by.
pub(super) const PAGE: isize = 10;

/// The choice so many places after `present`, in a circle; from one that is not among them, as from the first.
pub(super) fn after<T: Copy + PartialEq>(all: &[T], present: T, by: isize) -> T {
    let at = all.iter().position(|choice| *choice == present).unwrap_or(0);
    all[(at as isize + by).rem_euclid(all.len() as isize) as usize]
}

impl State {
    /// The part of the keymap that counts now.
    #[must_use]
    pub fn context(&self) -> Context {
        if !self.desk.overlays.is_empty() {
            return Context::Overlay;
        }
        if self.lesson_has_keys() {
            return Context::Lesson;
        }
        if self.turns_sliders() {
            return Context::Sampling;
        }
        self.rooms.of(self.desk.screen).context(&self.desk)
    }

    /// Whether the keys are for the sliders.
    fn turns_sliders(&self) -> bool {
        let has_sliders = self.rooms.of(self.desk.screen).panels().contains(&PanelId::Sampling);
        has_sliders && self.desk.focus == PanelId::Sampling
    }

    /// Does what an action says, in the present context.
    pub(super) fn act(&mut self, action: Action) {
        if !self.desk.overlays.is_empty() && (!action.reaches_through_overlays() || action == Action::Cancel)
        {
            return self.overlay_action(action);
        }
        if action == Action::Cancel && self.stops() {
            return;
        }
        if self.lesson_action(action) == Flow::Done {
            return;
        }
        if self.turns_sliders() && self.sampling_action(action) == Flow::Done {
            return;
        }
        if self.rooms.of(self.desk.screen).ignores(action) {
            return self.desk.say(format!("“{}” means nothing on this screen.", action.label()));
        }
        if self.rooms.of_mut(self.desk.screen).act(action, &mut self.desk) == Flow::Pass {
            self.global_action(action);
        } else if action != Action::Cancel && !self.desk.screen.follows_path() {
            // Whoever does something where many paths are walked goes on with them.
            self.desk.engines.resting = false;
            // No path can be walked, folded or sorted where there is none.
            let silent = self.desk.notice.is_none() && self.desk.overlays.is_empty();
            if silent && !self.can_go_on() {
                self.desk.say_no_path();
            }
        }
    }

    /// Stops what goes on, before anything else that Escape means: what takes time has the first word.
    fn stops(&mut self) -> bool {
        if self.rooms.of_mut(self.desk.screen).end_run(&mut self.desk) {
            return true;
        }
        let moves = self.desk.play.playing() || self.queued() > 0;
        let works = self.desk.engines.main().progress.is_some_and(|progress| progress.total > 1)
            || matches!(self.desk.engines.main().model, super::ModelState::Loading(_));
        if moves {
            self.desk.pause_all();
            self.desk.stale = true;
        }
        if works {
            self.desk.engines.cancel_all(EngineId::MAIN);
            self.desk.say("Stopping…");
        }
        moves || works
    }

    /// Says once that the paths of this model are not those of runs alone to the last bit, where many are compared.
    pub(super) fn tell_of_shared_cache(&mut self) {
        let many = !self.desk.screen.follows_path();
        let shared = self.desk.ready().is_some_and(|ready| ready.layout == CacheLayout::Shared);
        // Who decodes paths together has been told what that gives up.
        if many && shared && !self.desk.engines.main().loading.batch_lanes && !self.desk.told_of_shared_cache
        {
            self.desk.told_of_shared_cache = true;
            self.desk.notice = Some(
                "Paths share a KV cache; tokens can differ from a run alone: see --kv-budget-mib.".into(),
            );
        }
    }

    fn global_action(&mut self, action: Action) {
        let shown = Screen::ALL.iter().find(|screen| screen.action() == action);
        if let Some(&screen) = shown {
            return self.desk.show(screen);
        }
        match action {
            Action::Step => self.desk.step(),
            Action::Back => self.desk.back(1),
            Action::PlayPause => self.play_pause(),
            Action::Faster => self.change_speed(Play::faster),
            Action::Slower => self.change_speed(Play::slower),
            Action::Restart => self.desk.back(usize::MAX),
            Action::Reroll => self.desk.draw_again(true),
            Action::SameSeed => self.desk.draw_again(false),
            Action::TakeCandidate => self.desk.take_selected(),
            Action::Present => {
                self.desk.show(Screen::Step);
                self.rooms.step.begin_present(&mut self.desk);
            }
            Action::FocusText => self.focus_on_panel(PanelId::Text),
            Action::FocusCandidates => self.focus_on_panel(PanelId::Candidates),
            Action::FocusSampling => self.focus_on_panel(PanelId::Sampling),
            Action::ResetSlider => self.reset_slider(),
            Action::ResetAll => self.use_preset(self.preset_index()),
            Action::NextPreset => self.next_preset(1),
            Action::PreviousPreset => self.next_preset(self.desk.hand.presets.len() - 1),
            Action::ColourBy => self.next_colour(),
            Action::Search => self.desk.begin_search(),
            Action::ExplainPanel => {
                self.desk.overlays.push(Overlay::Explain { panel: self.desk.focus, scroll: 0 });
            }
            Action::ShowStops => self.desk.overlays.push(Overlay::Stops { scroll: 0 }),
            Action::ShowSurprises => self.desk.show_surprises(),
            Action::EndChart => self.next_end_chart(),
            Action::Softmax => self.desk.open_bench(),
            Action::CopySettings => {
                self.desk.overlays.push(Overlay::Copy { format: CopyFormat::default(), scroll: 0 });
            }
            Action::Formula => {
                let explanation = Explanation::of_knob(self.desk.hand.knob, self.settings_in_hand());
                self.desk.explain(explanation);
            }
            Action::Help => self.desk.overlays.push(Overlay::Help { scroll: 0 }),
            Action::NextTheme => self.next_theme(),
            Action::EditPrompt => self.desk.edit_prompt(),
            Action::ScoreText => self.desk.edit_text_to_score(),
            Action::ExamplePrompts => self.desk.overlays.push(Overlay::Examples { selected: 0 }),
            Action::LoadModel => {
                let list = ModelList { file_loaded: self.loaded_file().is_some(), ..ModelList::default() };
                self.desk.overlays.push(Overlay::Models(list));
                self.find_models(None);
            }
            Action::Adapters => self.list_adapters(),
            Action::SavePreset => self.ask_preset_name(),
            Action::ToggleIgnoreEos => self.toggle_ignore_eos(),
            Action::LessonNext
            | Action::LessonBack
            | Action::LessonAgain
            | Action::LessonHint
            | Action::LessonDo
            | Action::LessonFocus
            | Action::LessonLeave => self.desk.say("No lesson is on: choose one on the Learn screen."),
            Action::Cancel => self.cancel(),
            Action::Suspend => self.desk.ask(Effect::Suspend),
            Action::Quit => self.desk.ask(Effect::Quit),
            _ => {}
        }
    }

    /// Gives a panel the focus, if it is one of the screen's.
    fn focus_on_panel(&mut self, panel: PanelId) {
        if self.rooms.of(self.desk.screen).focusable().contains(&panel) {
            self.desk.focus = panel;
        } else {
            self.desk.say(format!("This screen has no panel “{}”.", panel.title()));
        }
    }

    fn change_speed(&mut self, change: fn(&mut Play)) {
        change(&mut self.desk.play);
        self.desk.notice = Some(format!("Speed: {}", self.desk.play.speed_text()));
    }

    fn play_pause(&mut self) {
        if self.desk.play.playing() {
            return self.desk.play.pause();
        }
        if self.desk.session().is_some_and(|session| session.stopped().is_some()) {
            return self.desk.step();
        }
        self.desk.walk.cursor = None;
        self.desk.engines.resting = false;
        self.desk.stale = true;
        self.desk.play.start();
    }

    fn next_colour(&mut self) {
        self.desk.chrome.colour_by = after(&ColourBy::ALL, self.desk.chrome.colour_by, 1);
        self.desk.notice = Some(format!("Tokens are coloured by {}", self.desk.chrome.colour_by.name()));
    }

    fn next_end_chart(&mut self) {
        self.desk.chrome.end_chart = after(&EndChart::ALL, self.desk.chrome.end_chart, 1);
        self.desk.notice = Some(match self.desk.chrome.end_chart {
            EndChart::Auto => "The end token's probability is charted where there is room".into(),
            EndChart::On => "The end token's probability is charted".into(),
            EndChart::Rank => "The end token's rank is charted".into(),
            EndChart::Off => "The end token is not charted".into(),
        });
    }

    fn next_theme(&mut self) {
        let name = self.desk.chrome.themes.after(self.desk.chrome.theme.name());
        match self.desk.chrome.themes.load(&name, self.desk.chrome.depth) {
            Ok(theme) => {
                self.desk.notice = Some(format!("Theme: {name}"));
                self.desk.chrome.theme = theme;
            }
            Err(error) => self.desk.fail("The theme cannot be used", error.to_string()),
        }
    }

    /// The file of the loaded model; None for the one in the program, and without a model.
    pub(super) fn loaded_file(&self) -> Option<std::path::PathBuf> {
        self.model_info().and_then(|info| info.path.clone())
    }

    fn toggle_ignore_eos(&mut self) {
        let mut settings = self.settings_in_hand().clone();
        settings.ignore_eos = !settings.ignore_eos;
        self.desk.notice = Some(if settings.ignore_eos {
            "End tokens are banned (logit bias −∞): generation goes on.".into()
        } else {
            "End tokens may be drawn again.".into()
        });
        self.set_sampling(settings);
    }

    /// Ends what goes on, the nearest to a person first.
    fn cancel(&mut self) {
        if self.desk.searching || !self.desk.frame().candidates.query().is_empty() {
            self.desk.end_search(true);
        } else if self.desk.walk.cursor.is_some() {
            self.desk.walk.cursor = None;
            self.desk.stale = true;
        } else if self.desk.engines.main().progress.is_some() {
            self.desk.engines.cancel_all(EngineId::MAIN);
            self.desk.say("Stopping…");
        }
    }

    fn sampling_action(&mut self, action: Action) -> Flow {
        match action {
            Action::Up => self.move_knob(-1),
            Action::Down => self.move_knob(1),
            Action::First | Action::PageUp => self.desk.hand.knob = Knob::ALL[0],
            Action::Last | Action::PageDown => self.desk.hand.knob = Knob::ALL[Knob::ALL.len() - 1],
            Action::Increase => self.turn_knob(1, false),
            Action::Decrease => self.turn_knob(-1, false),
            Action::IncreaseCoarse => self.turn_knob(1, true),
            Action::DecreaseCoarse => self.turn_knob(-1, true),
            Action::TypeValue => {
                let knob = self.desk.hand.knob;
                let text = knob.value(self.settings_in_hand()).to_string();
                self.desk.hand.typing = Some(Typing { knob, text, fresh: true });
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn move_knob(&mut self, by: isize) {
        let at = Knob::ALL.iter().position(|&knob| knob == self.desk.hand.knob).unwrap_or(0);
        self.desk.hand.knob = Knob::ALL[at.saturating_add_signed(by).min(Knob::ALL.len() - 1)];
    }

    pub(super) fn turn_knob(&mut self, steps: i32, coarse: bool) {
        let value =
            self.desk.hand.knob.moved(self.desk.hand.knob.value(self.settings_in_hand()), steps, coarse);
        self.set_knob(self.desk.hand.knob, value);
    }

    /// Sets a slider's value.
    pub(super) fn set_knob(&mut self, knob: Knob, value: f64) {
        let mut settings = self.settings_in_hand().clone();
        knob.set(&mut settings, value);
        self.set_sampling(settings);
    }

    fn reset_slider(&mut self) {
        let knob = self.desk.hand.knob;
        if !knob.has_track() {
            return self.desk.say("A preset leaves the seed as it is.");
        }
        let value = knob.value(&self.preset().settings());
        if value.total_cmp(&knob.value(self.settings_in_hand())).is_eq() {
            return self.desk.say(format!("The {} is the preset's already.", knob.label()));
        }
        self.set_knob(knob, value);
    }

    fn use_preset(&mut self, index: usize) {
        self.set_preset_index(index);
        let (own, preset) = (self.settings_in_hand(), &self.desk.hand.presets[index]);
        let mut settings = own.clone();
        preset.layer().apply(&mut settings);
        self.desk.notice = Some(format!("{}: {}", preset.name, preset.about));
        self.set_sampling(settings);
    }

    fn next_preset(&mut self, by: usize) {
        self.use_preset((self.preset_index() + by) % self.desk.hand.presets.len());
    }
}
