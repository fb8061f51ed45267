//! What each action does.

use super::{
    CopyFormat, Editor, Effect, Explanation, Knob, ModelList, Overlay, PanelId, Play, Screen, State, Typing,
    wrap,
};
use crate::{
    engine::llama::CacheLayout,
    keymap::{Action, Context},
    settings::{ColourBy, EndChart},
};

/// Rows a page key moves a list by.
pub(super) const PAGE: isize = 10;

/// The choice after `present`, in a circle.
fn after<T: Copy + PartialEq>(all: &[T], present: T) -> T {
    let at = all.iter().position(|choice| *choice == present).unwrap_or(0);
    all[(at + 1) % all.len()]
}

impl State {
    /// The part of the keymap that counts now.
    #[must_use]
    pub fn context(&self) -> Context {
        if !self.desk.overlays.is_empty() {
            return Context::Overlay;
        }
        match self.desk.screen {
            Screen::Xray => return Context::Xray,
            Screen::Compare if self.desk.focus != PanelId::Sampling => return Context::Compare,
            Screen::Tree => return Context::Tree,
            Screen::Seeds if self.desk.focus != PanelId::Sampling => return Context::Seeds,
            Screen::Beam => return Context::Beam,
            Screen::Step | Screen::Compare | Screen::Seeds => {}
        }
        match self.desk.focus {
            PanelId::Text => Context::Text,
            PanelId::Sampling => Context::Sampling,
            _ => Context::Candidates,
        }
    }

    /// Does what an action says, in the present context.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        if self.desk.overlays.is_empty() || action.reaches_through_overlays() {
            if !self.desk.overlays.is_empty() && action == Action::Cancel {
                return self.overlay_action(action);
            }
            self.screen_action(action).unwrap_or_else(|| self.global_action(action))
        } else {
            self.overlay_action(action)
        }
    }

    /// What an action means on the present screen, where that is more than it means everywhere.
    fn screen_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match self.desk.screen {
            Screen::Step => match self.desk.focus {
                PanelId::Text => self.text_action(action),
                PanelId::Sampling => self.sampling_action(action),
                _ => self.candidates_action(action),
            },
            Screen::Xray => self.xray_action(action),
            Screen::Compare => self.compare_action(action),
            Screen::Tree => self.tree_action(action),
            Screen::Seeds => self.seeds_action(action),
            Screen::Beam => self.beam_action(action),
        }
    }

    pub(super) fn show_screen(&mut self, screen: Screen) -> Vec<Effect> {
        if screen != self.desk.screen {
            self.desk.play.pause();
            self.pause_all();
            self.desk.focus = screen.first_panel();
        }
        self.desk.screen = screen;
        self.desk.hand.typing = None;
        self.desk.searching = false;
        self.rooms.tree.leave_input();
        self.desk.stale = true;
        self.make_ready();
        self.tell_of_shared_cache();
        self.want()
    }

    /// Says once that the paths of this model are not those of runs alone to the last bit, where many are compared.
    pub(super) fn tell_of_shared_cache(&mut self) {
        let many = matches!(self.desk.screen, Screen::Compare | Screen::Seeds | Screen::Beam);
        let shared = self.ready().is_some_and(|ready| ready.layout == CacheLayout::Shared);
        // Who decodes paths together has been told what that gives up.
        if many && shared && !self.desk.engines.loading.batch_lanes && !self.desk.engines.told_of_shared_cache
        {
            self.desk.engines.told_of_shared_cache = true;
            self.desk.notice = Some(
                "Paths share a KV cache; tokens can differ from a run alone: see --kv-budget-mib.".into(),
            );
        }
    }

    fn global_action(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::ShowStep => return self.show_screen(Screen::Step),
            Action::ShowXray => return self.show_screen(Screen::Xray),
            Action::ShowCompare => return self.show_screen(Screen::Compare),
            Action::ShowTree => return self.show_screen(Screen::Tree),
            Action::ShowSeeds => return self.show_screen(Screen::Seeds),
            Action::ShowBeam => return self.show_screen(Screen::Beam),
            Action::Step => return self.step(),
            Action::Back => return self.back(1),
            Action::PlayPause => return self.play_pause(),
            Action::Faster => self.change_speed(Play::faster),
            Action::Slower => self.change_speed(Play::slower),
            Action::Restart => return self.back_to(0),
            Action::Reroll => return self.draw_again(true),
            Action::SameSeed => return self.draw_again(false),
            Action::TakeCandidate => return self.take_selected(),
            Action::NextPanel => self.move_focus(1),
            Action::PreviousPanel => self.move_focus(-1),
            Action::FocusText => self.desk.focus = PanelId::Text,
            Action::FocusCandidates => self.desk.focus = PanelId::Candidates,
            Action::FocusSampling => self.desk.focus = PanelId::Sampling,
            Action::ShowPanel => self.next_small_panel(),
            Action::ResetSlider => return self.reset_slider(),
            Action::ResetAll => return self.use_preset(self.preset_index()),
            Action::NextPreset => {
                return self.use_preset((self.preset_index() + 1) % self.desk.hand.presets.len());
            }
            Action::PreviousPreset => {
                return self.use_preset(
                    (self.preset_index() + self.desk.hand.presets.len() - 1) % self.desk.hand.presets.len(),
                );
            }
            Action::ColourBy => self.next_colour(),
            Action::Search => self.begin_search(),
            Action::ExplainPanel => {
                self.desk.overlays.push(Overlay::Explain { panel: self.desk.focus, scroll: 0 })
            }
            Action::ShowStops => self.desk.overlays.push(Overlay::Stops { scroll: 0 }),
            Action::ShowSurprises => self.show_surprises(),
            Action::EndChart => self.next_end_chart(),
            Action::Softmax => self.open_bench(),
            Action::CopySettings => {
                self.desk.overlays.push(Overlay::Copy { format: CopyFormat::default(), scroll: 0 });
            }
            Action::Formula => {
                self.explain(Explanation::of_knob(self.desk.hand.knob, self.settings_in_hand()))
            }
            Action::Help => self.desk.overlays.push(Overlay::Help { scroll: 0 }),
            Action::NextTheme => self.next_theme(),
            Action::EditPrompt => {
                self.pause_all();
                let editor = Editor::new(&self.desk.prompt.text, &self.desk.prompt.history);
                self.desk.overlays.push(Overlay::Prompt(Box::new(editor)));
            }
            Action::ScoreText => self.edit_text_to_score(),
            Action::ExamplePrompts => self.desk.overlays.push(Overlay::Examples { selected: 0 }),
            Action::LoadModel => {
                self.desk.overlays.push(Overlay::Models(ModelList::default()));
                return vec![Effect::FindModels];
            }
            Action::SavePreset => self.ask_preset_name(),
            Action::ToggleIgnoreEos => return self.toggle_ignore_eos(),
            Action::Cancel => return self.cancel(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Quit => return vec![Effect::Quit],
            _ => {}
        }
        Vec::new()
    }

    fn change_speed(&mut self, change: fn(&mut Play)) {
        change(&mut self.desk.play);
        self.desk.notice = Some(format!("Speed: {}", self.desk.play.speed_text()));
    }

    fn play_pause(&mut self) -> Vec<Effect> {
        if self.desk.play.playing() {
            self.desk.play.pause();
            return Vec::new();
        }
        if self.desk.walk.session.as_ref().is_some_and(|session| session.stopped().is_some()) {
            return self.step();
        }
        self.desk.walk.cursor = None;
        self.desk.stale = true;
        self.desk.play.start();
        self.tick(std::time::Instant::now())
    }

    fn move_focus(&mut self, by: isize) {
        let order = PanelId::FOCUSABLE;
        let at = order.iter().position(|&panel| panel == self.desk.focus).unwrap_or(0);
        let next = (at as isize + by).rem_euclid(order.len() as isize);
        self.desk.focus = order[next as usize];
    }

    fn next_small_panel(&mut self) {
        let order = PanelId::SMALL;
        let at = order.iter().position(|&panel| panel == self.desk.small_panel).unwrap_or(0);
        self.desk.small_panel = order[(at + 1) % order.len()];
    }

    fn next_colour(&mut self) {
        self.desk.chrome.colour_by = after(&ColourBy::ALL, self.desk.chrome.colour_by);
        self.desk.notice = Some(format!("Tokens are coloured by {}", self.desk.chrome.colour_by.name()));
    }

    fn next_end_chart(&mut self) {
        self.desk.chrome.end_chart = after(&EndChart::ALL, self.desk.chrome.end_chart);
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
            Err(error) => self.fail("The theme cannot be used", error.to_string()),
        }
    }

    fn toggle_ignore_eos(&mut self) -> Vec<Effect> {
        let mut settings = self.settings_in_hand().clone();
        settings.ignore_eos = !settings.ignore_eos;
        self.desk.notice = Some(if settings.ignore_eos {
            "End tokens are banned (logit bias −∞): generation goes on.".into()
        } else {
            "End tokens may be drawn again.".into()
        });
        self.set_sampling(settings)
    }

    fn cancel(&mut self) -> Vec<Effect> {
        if self.desk.searching || !self.desk.walk.frame.candidates.query().is_empty() {
            self.end_search(true);
        } else if self.desk.play.playing() {
            self.desk.play.pause();
        } else if self.desk.walk.cursor.is_some() {
            self.desk.walk.cursor = None;
            self.desk.stale = true;
        } else if self.desk.engines.progress.is_some()
            || matches!(self.desk.engines.model, super::ModelState::Loading(_))
        {
            return vec![Effect::Cancel(self.desk.engines.last_ticket)];
        }
        Vec::new()
    }

    fn text_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::Left => self.move_cursor(-1),
            Action::Right => self.move_cursor(1),
            Action::Up => self.move_cursor_lines(-1),
            Action::Down => self.move_cursor_lines(1),
            Action::PageUp => self.move_cursor_lines(-5),
            Action::PageDown => self.move_cursor_lines(5),
            Action::First => self.set_cursor(Some(0)),
            Action::Last => self.set_cursor(None),
            Action::GoOnHere => return Some(self.go_on_here()),
            _ => return None,
        }
        Some(self.want())
    }

    fn move_cursor(&mut self, by: isize) {
        let Some(session) = &self.desk.walk.session else { return };
        let length = session.path().tokens().len();
        let at = self.desk.walk.cursor.unwrap_or(length).saturating_add_signed(by);
        self.set_cursor((at < length).then_some(at));
    }

    fn move_cursor_lines(&mut self, by: isize) {
        self.transcript_in_step();
        let lines = wrap(self.desk.walk.transcript.tokens(), self.text_width());
        let length = self.desk.walk.transcript.tokens().len();
        let at = self.desk.walk.cursor.unwrap_or(length.saturating_sub(1));
        let line = lines.iter().rposition(|line| line.start <= at).unwrap_or(0);
        let offset = at - lines[line].start;
        let target = line.saturating_add_signed(by).min(lines.len() - 1);
        let beyond = by > 0 && target == line;
        let at = (lines[target].start + offset).min(lines[target].end.saturating_sub(1));
        self.set_cursor((!beyond && at < length).then_some(at));
    }

    fn transcript_in_step(&mut self) {
        if let Some(session) = &self.desk.walk.session {
            self.desk.walk.transcript.follow(session.path(), session.vocabulary());
        }
    }

    pub(super) fn set_cursor(&mut self, cursor: Option<usize>) {
        self.desk.play.pause();
        self.desk.walk.cursor = cursor;
        self.desk.stale = true;
    }

    /// Goes on from the token under the cursor: it becomes the last of the path.
    fn candidates_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        let list = &mut self.desk.walk.frame.candidates;
        match action {
            Action::Up => list.move_by(-1),
            Action::Down => list.move_by(1),
            Action::PageUp => list.move_by(-PAGE),
            Action::PageDown => list.move_by(PAGE),
            Action::First => list.select(0),
            Action::Last => list.select(usize::MAX),
            _ => return None,
        }
        Some(Vec::new())
    }

    pub(super) fn sampling_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::Up => self.move_knob(-1),
            Action::Down => self.move_knob(1),
            Action::First | Action::PageUp => self.desk.hand.knob = Knob::ALL[0],
            Action::Last | Action::PageDown => self.desk.hand.knob = Knob::ALL[Knob::ALL.len() - 1],
            Action::Increase => return Some(self.turn_knob(1, false)),
            Action::Decrease => return Some(self.turn_knob(-1, false)),
            Action::IncreaseCoarse => return Some(self.turn_knob(1, true)),
            Action::DecreaseCoarse => return Some(self.turn_knob(-1, true)),
            Action::TypeValue => {
                self.desk.hand.typing = Some(Typing { knob: self.desk.hand.knob, text: String::new() })
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    fn move_knob(&mut self, by: isize) {
        let at = Knob::ALL.iter().position(|&knob| knob == self.desk.hand.knob).unwrap_or(0);
        self.desk.hand.knob = Knob::ALL[at.saturating_add_signed(by).min(Knob::ALL.len() - 1)];
    }

    pub(super) fn turn_knob(&mut self, steps: i32, coarse: bool) -> Vec<Effect> {
        let value =
            self.desk.hand.knob.moved(self.desk.hand.knob.value(self.settings_in_hand()), steps, coarse);
        self.set_knob(self.desk.hand.knob, value)
    }

    /// Sets a slider's value.
    pub(super) fn set_knob(&mut self, knob: Knob, value: f64) -> Vec<Effect> {
        let mut settings = self.settings_in_hand().clone();
        knob.set(&mut settings, value);
        self.set_sampling(settings)
    }

    fn reset_slider(&mut self) -> Vec<Effect> {
        if !self.desk.hand.knob.has_track() {
            return Vec::new();
        }
        let value = self.desk.hand.knob.value(&self.preset().settings());
        self.set_knob(self.desk.hand.knob, value)
    }

    fn use_preset(&mut self, index: usize) -> Vec<Effect> {
        self.set_preset_index(index);
        let (own, preset) = (self.settings_in_hand(), &self.desk.hand.presets[index]);
        let mut settings = own.clone();
        preset.layer().apply(&mut settings);
        self.desk.notice = Some(format!("{}: {}", preset.name, preset.about));
        self.set_sampling(settings)
    }

    fn begin_search(&mut self) {
        self.desk.focus = PanelId::Candidates;
        self.desk.searching = true;
    }

    /// Ends typing a search; `clear` shows all candidates again.
    pub(super) fn end_search(&mut self, clear: bool) {
        self.desk.searching = false;
        if clear {
            self.search("");
        }
    }

    pub(super) fn search(&mut self, query: &str) {
        if let Some(session) = &self.desk.walk.session {
            self.desk.walk.frame.candidates.search(query, session.vocabulary());
        }
        if self.desk.screen == Screen::Xray && !query.is_empty() {
            self.trace_match();
        }
    }
}
