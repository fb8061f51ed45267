//! State, messages and what they do to it. No terminal, no llama.cpp: [`update`] takes a message and
//! returns effects, [`crate::ui`] draws the state, [`crate::runtime`] connects both to the world.

mod adapters;
mod beam;
mod bench;
mod candidates;
mod compare;
mod cost;
mod desk;
mod diffuse;
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
mod learn;
mod lesson;
mod message;
mod model_list;
mod mouse;
mod overlay;
mod overlay_keys;
mod overlay_scroll;
mod panel;
mod picker;
mod play;
mod reading;
mod save_preset;
mod screen;
mod seeds;
mod served;
mod side_engines;
mod sliders;
mod speculate;
#[cfg(test)]
mod staged;
mod start;
mod step;
mod stops;
#[cfg(test)]
mod tests;
mod transcript;
mod tree_view;
mod xray;

use std::{sync::Arc, time::Instant};

pub use beam::{Beam, BeamBeside, BeamRow, BeamText, BeamView, RoundRow};
pub use bench::{Bench, BenchSource};
pub use candidates::{Candidates, Row};
pub use compare::{Beside, BesideRow, Chance, Compare, LaneChooser, LaneView, Own, SweepRange, WhatIf};
pub use cost::{Cost, Shape};
pub use desk::{ModelState, OnView, StepFrame, Typing};
pub use diffuse::{
    BesideCanvas, CanvasAnswer, CanvasAsk, CanvasCell, CanvasColour, CanvasKnob, CanvasModel, CanvasSetup,
    CanvasView, CellKind, Diffuse, JointRow, JudgedText, OnCanvas, StepSweep, SweepRow,
};
pub use editor::{Editor, Purpose};
pub use effect::Effect;
pub use exchange::{CopyFormat, PasteOffer};
pub use explanation::Explanation;
pub use learn::{Learn, LearnSetup};
pub use lesson::{Phase, Player, Said};
pub use message::{ByMachine, Hit, Message, MouseMove};
pub use model_list::{BUILT_IN, Fetching, ModelDetails, ModelList, ModelRow};
pub use overlay::{EXAMPLES, Example, Overlay, SurpriseList};
pub use panel::PanelId;
pub use play::Play;
pub use screen::Screen;
pub(crate) use screen::{Flow, Room, Rooms};
pub use seeds::Seeds;
pub use sliders::Knob;
pub use speculate::{Bonus, DraftKnob, DraftRow, Likely, RoundView, Speculate, Swept, Tried};
pub use start::{Setup, start};
pub use step::StepRoom;
pub use step::present::{AtValue, Guessing, KNOBS, Picture, Present, SHOWN, Spin, Verdict, said};
pub use stops::{StopList, StopRow};
pub use transcript::{ShownToken, Transcript, wrap, wrap_marked};
pub use tree_view::{ExportForm, Growth, TreeExport, TreeFormat, TreeInput, TreeRow, TreeView};
pub(crate) use xray::BARS as XRAY_BARS;
pub use xray::{Arrangement, XrayPanel, XrayView};

pub(crate) use desk::Desk;
use desk::{Asker, Crossing};

use crate::{
    engine::{
        EngineId, Request, Rows,
        worker::{Command, bunch},
    },
    settings::ModelSettings,
    tree::NodeId,
};

/// Everything the screen shows: what all screens share, and each screen's own.
pub struct State {
    pub(crate) desk: Desk,
    pub(crate) rooms: Rooms,
    /// The lesson that is on.
    pub(crate) player: Option<Player>,
}

/// Takes a message in and says what is to be done.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let depth = state.desk.overlays.len();
    let effects = take_in(state, message);
    if state.desk.overlays.len() != depth {
        // It was scrolled for another one.
        state.desk.overlay_offset = 0;
    }
    effects
}

fn take_in(state: &mut State, message: Message) -> Vec<Effect> {
    let before = state.desk.revision;
    let played = state.desk.play.playing();
    state.desk.revision += 1;
    match message {
        Message::Key(key) => state.key(key),
        Message::Paste(text) => state.paste(&text),
        Message::Mouse(action, hit) => state.mouse(action, hit),
        Message::Resize(columns, rows) => state.desk.chrome.size = (columns, rows),
        Message::Engine(engine, event) => state.engine(engine, event),
        Message::Canvas(event) => state.canvas(event),
        Message::ModelsFound { folder, found } => state.models_found(folder.as_deref(), found),
        Message::CardsRead { folder, cards, free } => state.cards_read(folder.as_deref(), cards, free),
        Message::DetailsRead(path, lines) => state.details_read(&path, lines),
        Message::Fetching(number, progress) => state.fetching(number, *progress),
        Message::Fetched(number, result) => state.fetched(number, result),
        Message::PresetSaved(saved) => state.preset_saved(saved),
        Message::Exported(result) => state.rooms.tree.exported(result, &mut state.desk),
        Message::Machine(by) => state.play_by_machine(by),
        Message::Tick(now) => {
            // A tick that brings no token changes nothing on the screen.
            state.desk.revision = before;
            state.tick(now);
        }
    }
    // The first token comes at once.
    if state.desk.play.playing() && !played {
        state.tick(Instant::now());
    }
    state.stop_reading_unseen();
    state.settle();
    state.lesson_goes_on();
    state.desk.take_effects()
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
        if let Some(due) = self.rooms.of(self.desk.screen).due() {
            return Some(due);
        }
        let room = self.rooms.of(self.desk.screen);
        if room.waits(&self.desk) || !self.can_go_on() {
            return None;
        }
        if room.is_busy() {
            return Some(Instant::now());
        }
        // Between two tokens as fast as it goes, and after a change of speed, nothing is waited for.
        self.desk.play.playing().then(|| self.desk.play.due().unwrap_or_else(Instant::now))
    }

    /// Whether there is what the screen goes on with: a path, or something of its own.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        self.desk.walk.session.is_some() || self.rooms.of(self.desk.screen).stands_alone()
    }

    /// Does what rooms asked of the whole program, and asks for what is to be evaluated next.
    fn settle(&mut self) {
        self.cross();
        self.want();
        // What is wanted can fail, and that ends what goes on.
        self.cross();
        for &screen in Screen::ALL {
            self.rooms.of_mut(screen).background(&mut self.desk);
        }
    }

    fn cross(&mut self) {
        while let Some(crossing) = self.desk.next_crossing() {
            match crossing {
                Crossing::Show(screen) => self.show_screen(screen),
                Crossing::PauseAll => self.rooms.pause_all(),
                Crossing::Prune(node) => self.prune(node),
                Crossing::Lesson(lesson, step, teacher) => self.begin_lesson(lesson, step, teacher),
            }
        }
    }

    /// Shows a screen; what went on elsewhere is paused.
    fn show_screen(&mut self, screen: Screen) {
        if let Some(why) = self.no_server_can(screen) {
            return self.desk.say(why);
        }
        if screen != self.desk.screen {
            // At once: what is entered may ask for steps of its own.
            self.desk.pause();
            self.rooms.pause_all();
            self.rooms.of_mut(self.desk.screen).leave();
            self.desk.focus = self.rooms.of(screen).focusable()[0];
        }
        self.desk.screen = screen;
        self.desk.hand.typing = None;
        self.desk.searching = false;
        self.desk.engines.resting = false;
        self.desk.stale = true;
        self.rooms.of_mut(screen).enter(&mut self.desk);
        self.tell_of_shared_cache();
    }

    /// Prunes the tree from a node on, unless what would go is in use.
    fn prune(&mut self, node: NodeId) {
        let in_use = self.rooms.heads();
        let Some(session) = &mut self.desk.walk.session else { return };
        let in_use: Vec<NodeId> = session.path().head().into_iter().chain(in_use).collect();
        let told = match session.tree_mut().prune(node, &in_use) {
            Ok(1) => "1 node was pruned.".to_owned(),
            Ok(nodes) => format!("{nodes} nodes were pruned."),
            Err(error) => error.to_string(),
        };
        self.desk.say(told);
        self.desk.stale = true;
    }

    /// Loads a model in place of the present one.
    fn load(&mut self, settings: ModelSettings) {
        // A model that cannot be loaded leaves the present one, whose tokens are then still waited for.
        let prompt = self.desk.prompt.ticket();
        self.desk.engines.forget_all_but(EngineId::MAIN, |ticket, asked| {
            asked.nodes.is_empty() && (Some(ticket) == prompt || asked.by != Asker::Desk)
        });
        self.desk.engines.main_mut().loading = settings.clone();
        if self.desk.ready().is_none() {
            self.desk.engines.main_mut().model = ModelState::Loading(0.0);
        }
        self.desk.engines.ask(EngineId::MAIN, Asker::Desk, Command::Load(Box::new(settings)));
    }

    /// Asks for the evaluations that the present screen needs next, if none is under way.
    fn want(&mut self) {
        let Self { desk, rooms, .. } = self;
        if desk.evaluating() || desk.engines.resting || desk.prompt.awaits_tokens() {
            return;
        }
        let Some(limit) = desk.ready().map(|ready| bunch(ready.vocabulary.len())) else { return };
        let by = Asker::Room(desk.screen);
        let room = rooms.of_mut(desk.screen);
        let mut nodes = room.wants(desk, limit);
        let Some(session) = &desk.walk.session else { return };
        if let Some((node, prompt)) = desk.unscored_prompt(session) {
            desk.engines.main_mut().fresh = false;
            let rows = vec![Rows { tokens: prompt, from: 0 }];
            let request = Request { rows, fresh: true, ..Request::default() };
            desk.engines.ask_for(EngineId::MAIN, by, vec![node], Command::Evaluate(request));
            return;
        }
        let Some(&first) = nodes.first() else { return };
        // Each as in a run of its prompt by itself: those of another prompt come next.
        let prompt = room.prompt_length(first, desk);
        let reads_on = desk.engines.main().reads_on == Some(first);
        nodes.retain(|&node| if reads_on { node == first } else { room.prompt_length(node, desk) == prompt });
        let path = |&node: &NodeId| match session.path().head() {
            Some(head) if head == node => Arc::from(session.path().tokens()),
            _ => Arc::from(session.tree().prefix(node)),
        };
        let mut request = Request::after(nodes.iter().map(path), (!reads_on).then_some(prompt));
        request.fresh = std::mem::take(&mut desk.engines.main_mut().fresh);
        request.candidates = nodes.iter().filter_map(|&node| session.tree().candidates_wanted(node)).max();
        desk.engines.ask_for(EngineId::MAIN, by, nodes, Command::Evaluate(request));
    }

    /// Takes the next step if it is due.
    fn tick(&mut self, now: Instant) {
        if !self.can_go_on() {
            return;
        }
        let room = self.rooms.of_mut(self.desk.screen);
        if room.due().is_some_and(|due| due <= now) {
            room.tick(now, &mut self.desk);
            self.desk.revision += 1;
        }
        if self.rooms.of(self.desk.screen).is_busy() {
            // What needs no evaluation is gone on with when the next evaluations are asked for.
            self.desk.revision += 1;
            return;
        }
        // Before the next token what the present one needs has to be there.
        if self.desk.play.playing() {
            self.want();
        }
        if !self.rooms.of(self.desk.screen).waits(&self.desk) && self.desk.play.take_due(now) {
            self.rooms.of_mut(self.desk.screen).step(&mut self.desk);
        }
    }

    /// Brings what the screen shows in line with the tree and the settings. The runtime calls it before a frame, so that at
    /// full speed only drawn steps are looked at.
    pub fn prepare_frame(&mut self) {
        let hides = self.player.as_ref().is_some_and(Player::hides);
        self.desk.stale |= std::mem::replace(&mut self.desk.walk.hides_draw, hides) != hides;
        let follows = matches!(self.desk.screen, Screen::Step | Screen::Xray);
        let moved = follows && self.desk.on_view() != self.desk.frame().at();
        if std::mem::take(&mut self.desk.stale) || moved {
            self.rooms.of_mut(self.desk.screen).prepare(&mut self.desk);
        }
    }
}

impl Rooms {
    /// Takes back the steps that were asked for and not taken yet, on every screen.
    fn pause_all(&mut self) {
        for &screen in Screen::ALL {
            self.of_mut(screen).pause();
        }
    }

    /// Lets go of what is about a model that is gone.
    fn model_changed(&mut self) {
        for &screen in Screen::ALL {
            self.of_mut(screen).model_changed();
        }
    }

    /// Lets go of the tree on every screen.
    fn leave_tree(&mut self) {
        for &screen in Screen::ALL {
            self.of_mut(screen).leave_tree();
        }
    }

    /// Nodes that are in use on any screen.
    fn heads(&self) -> Vec<NodeId> {
        Screen::ALL.iter().flat_map(|&screen| self.of(screen).heads()).collect()
    }
}
