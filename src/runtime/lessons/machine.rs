//! A program without a terminal: the state of the screen with engines behind it, whose messages are taken in one by one.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

use crate::{
    app::{self, ByMachine, EXAMPLES, Effect, LearnSetup, Message, Setup, State},
    decode::speculative::SpeculativeSetup,
    engine::PromptText,
    keymap::Keymap,
    runtime::engines::{Engines, Teller},
    sampling::{Preset, SamplingOverrides},
    settings::Settings,
    theme::{ColourDepth, ThemeStore},
};

/// The longest time between two looks at the clock.
const LOOK: Duration = Duration::from_millis(200);

/// A running program without a terminal.
pub(super) struct Machine {
    pub state: State,
    engines: Engines,
    messages: Receiver<Message>,
}

/// As after a first start, on the model in the program: what a lesson is checked with is the same everywhere.
fn setup() -> Setup {
    let themes = ThemeStore::new(None);
    let depth = ColourDepth::True;
    Setup {
        settings: Settings::default(),
        given: SamplingOverrides::default(),
        prompt: PromptText { text: EXAMPLES[0].text.to_owned(), ..PromptText::default() },
        presets: Preset::built_in(),
        preset: 0,
        keymap: Keymap::default(),
        theme: themes.load("dark", depth).expect("it is in the program"),
        themes,
        depth,
        history: Vec::new(),
        first_start: false,
        reach: crate::fetch::Reach { offline: true, ..crate::fetch::Reach::default() },
        folder: None,
        log_file: None,
        speculation: SpeculativeSetup::default(),
        learn: LearnSetup::default(),
        size: (120, 36),
    }
}

impl Machine {
    /// Starts: the model begins to load.
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    /// The same with something set differently.
    pub fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let (sender, messages) = channel();
        let mut setup = setup();
        change(&mut setup);
        let (state, effects) = app::start(setup);
        // Nobody listens only once the machine is gone.
        let tell: Teller = Arc::new(move |message| drop(sender.send(message)));
        let mut machine = Self { state, engines: Engines::new(tell), messages };
        machine.perform(effects);
        machine
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        // What is none of the engines' (files, clipboard) is not done here.
        for effect in effects {
            drop(self.engines.perform(effect));
        }
    }

    /// Takes a message in.
    pub fn take(&mut self, message: Message) {
        let effects = app::update(&mut self.state, message);
        self.perform(effects);
    }

    /// Does something in place of keys.
    pub fn play(&mut self, by: ByMachine) {
        self.take(Message::Machine(by));
    }

    /// Goes on until `done`, or until so much time has gone by; whether it is.
    pub fn until(&mut self, limit: Duration, done: impl Fn(&State) -> bool) -> bool {
        let end = Instant::now() + limit;
        while !done(&self.state) {
            let now = Instant::now();
            if now >= end {
                return false;
            }
            self.state.prepare_frame();
            let due = self.state.next_tick().map_or(LOOK, |due| due.saturating_duration_since(now));
            match self.messages.recv_timeout(due.min(LOOK)) {
                Ok(message) => self.take(message),
                Err(_) => self.take(Message::Tick(Instant::now())),
            }
        }
        true
    }
}
