//! What a lesson does by itself, one thing after the other, each when all is at rest.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::{ModelState, Overlay, PanelId, Play, Screen, State};
use crate::{
    keymap::Action,
    lesson::{ModelWanted, PANELS, SetUp},
    sampling::{SamplingOverrides, SamplingSettings},
    settings::{StopOverrides, StopSettings},
};

/// A thing to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Task {
    /// Everything as the program starts with it.
    Base,
    /// The model in the program in place of another one.
    BuiltIn,
    /// Sampling settings as the program starts with them.
    Reset,
    /// Sampling settings.
    Sampling(Box<SamplingOverrides>),
    /// Stop conditions.
    Stop(StopOverrides),
    /// A new text from this prompt.
    Prompt(String),
    /// A key.
    Press(Action),
    /// A panel into the light.
    Light(&'static str),
    /// A text that is typed and accepted.
    Type(String),
    /// The step's texts.
    Open,
    /// What came of the answer.
    Judge,
    /// Whether what was done for a person has reached what it should.
    Reached,
}

/// What a set-up comes to, in its order.
pub(super) fn tasks_of(set: &SetUp) -> Vec<Task> {
    let mut tasks = Vec::new();
    if set.model == ModelWanted::BuiltIn {
        tasks.push(Task::BuiltIn);
    }
    if set.reset {
        tasks.push(Task::Reset);
    }
    if !set.sampling.given().is_empty() {
        tasks.push(Task::Sampling(Box::new(set.sampling.clone())));
    }
    if let Some(stop) = &set.stop {
        tasks.push(Task::Stop(stop.clone()));
    }
    if let Some(prompt) = &set.prompt {
        tasks.push(Task::Prompt(prompt.clone()));
    }
    tasks.extend(set.screen.map(Task::Press));
    tasks.extend(set.panel.map(Task::Light));
    tasks.extend(set.actions.iter().map(|&action| Task::Press(action)));
    tasks.extend(set.text.clone().map(Task::Type));
    tasks
}

impl State {
    /// Whether nothing is under way: no answer is waited for, nothing plays, and nothing lies over the screen that says what
    /// went wrong.
    pub(super) fn is_at_rest(&self) -> bool {
        let desk = &self.desk;
        let room = self.rooms.of(desk.screen);
        let failed = matches!(desk.overlays.last(), Some(Overlay::Error { .. }));
        let ready = matches!(desk.engines.main().model, ModelState::Ready(_));
        let idle = !desk.engines.is_asked() && !desk.prompt.awaits_tokens();
        !failed && ready && idle && !desk.is_moving() && !desk.walk.goes_somewhere() && room.rests(desk)
    }

    /// Does one thing that needs no texts of the lesson.
    pub(super) fn do_task(&mut self, task: Task) {
        match task {
            Task::Base => {
                self.desk.overlays.clear();
                self.desk.notice = None;
                self.reset_sampling();
                self.show_screen(Screen::Step);
                self.set_all_stops(StopSettings::default());
            }
            Task::BuiltIn => {
                if self.loaded_file().is_some() {
                    self.load_beneath(None);
                }
            }
            Task::Reset => self.reset_sampling(),
            Task::Sampling(overrides) => {
                let mut settings = self.desk.hand.sampling.clone();
                overrides.apply(&mut settings);
                self.set_sampling_everywhere(settings);
            }
            Task::Stop(overrides) => {
                let mut settings = StopSettings::default();
                overrides.apply(&mut settings);
                self.set_all_stops(settings);
            }
            Task::Prompt(text) => {
                self.desk.pause_all();
                self.desk.prompt.text.text = text;
                self.desk.prompt.text.chat = false;
                self.desk.prompt.scored = false;
                self.desk.begin();
            }
            Task::Press(action) => {
                if action == Action::PlayPause && !self.desk.play.playing() {
                    // Nobody waits for a lesson to write at the speed of reading.
                    let usual = std::mem::replace(&mut self.desk.play, Play::new(0.0));
                    if let Some(player) = &mut self.player {
                        player.speed.get_or_insert(usual);
                    }
                }
                // As a person presses it: on what is shown by then.
                self.prepare_frame();
                self.act(action);
            }
            Task::Light(name) => {
                if let Some(panel) = panel(name) {
                    self.rooms.of_mut(self.desk.screen).light(panel, &mut self.desk);
                    self.desk.stale = true;
                    self.player.iter_mut().for_each(|player| player.lit = Some(panel));
                }
            }
            Task::Type(text) => {
                match self.desk.overlays.last_mut() {
                    // What the editor opens with is not the lesson's.
                    Some(Overlay::Prompt(editor)) => editor.set(&text),
                    _ => self.paste(&text),
                }
                self.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
            }
            Task::Open | Task::Judge | Task::Reached => {}
        }
    }

    fn reset_sampling(&mut self) {
        let settings = match self.desk.ready() {
            Some(ready) => ready.info.sampling(self.desk.hand.given()),
            None => SamplingSettings::default(),
        };
        self.set_sampling_everywhere(settings);
    }

    /// The settings of the step screen, and those of the screen on view where it has its own in hand.
    pub(super) fn set_sampling_everywhere(&mut self, settings: SamplingSettings) {
        if self.rooms.of(self.desk.screen).settings().is_some() {
            self.desk.set_sampling(settings.clone());
        }
        self.set_sampling(settings);
    }
}

/// The panel of a name.
pub(super) fn panel(name: &str) -> Option<PanelId> {
    let at = PANELS.iter().position(|known| *known == name)?;
    PanelId::ALL.get(at).copied()
}
