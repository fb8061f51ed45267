//! The program without terminal and engine: messages in, state out, with distributions from stock.

use std::{collections::VecDeque, sync::Arc};

use anyhow::{Context, Result};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use logitscope::{
    app::{self, CanvasAnswer, CanvasAsk, Effect, Message, Setup, State},
    distribution::Summary,
    engine::{
        Cost, EngineId, KvUse, PromptText, RowId, Rows,
        canvas_thread::CanvasEvent,
        worker::{Command, Distribution, Evaluated, EvaluatedRow, Event, Ready, Ticket},
    },
    keymap::Keymap,
    sampling::{Preset, SamplingOverrides},
    settings::Settings,
    theme::{ColourDepth, ThemeStore},
    token::Token,
};

/// A distribution that an evaluation can answer with.
pub type Stocked = (Summary, Arc<[f32]>);

/// What answers for the thread of a diffusion model.
pub type Canvas = Box<dyn FnMut(&State, Ticket, CanvasAsk) -> CanvasEvent<CanvasAnswer>>;

/// The state, and what stands in for the engine.
pub struct Desk {
    /// What the screen shows.
    pub state: State,
    ready: Arc<Ready>,
    stock: Vec<Stocked>,
    /// Answers for the diffusion model; nothing is answered any more once its canvas is written.
    pub canvas: Option<Canvas>,
}

impl Desk {
    /// The program on a screen of `size`, its model loaded and its prompt evaluated. Evaluations are
    /// answered at once, in turn with the distributions in `stock`.
    pub fn new(ready: Ready, stock: Vec<Stocked>, size: (u16, u16)) -> Result<Self> {
        let (state, effects) = app::start(setup(size)?);
        let mut desk = Self { state, ready: Arc::new(ready), stock, canvas: None };
        desk.perform(effects);
        desk.state.prepare_frame();
        Ok(desk)
    }

    /// Takes a message in and does what follows from it, until nothing does.
    pub fn take(&mut self, message: Message) {
        let effects = app::update(&mut self.state, message);
        self.perform(effects);
    }

    /// Presses a key.
    pub fn press(&mut self, key: char) {
        self.take(Message::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            if let (Effect::Canvas(ticket, ask), Some(canvas)) = (&effect, &mut self.canvas) {
                if self.state.diffuse().is_over() {
                    return;
                }
                self.state.prepare_frame();
                let event = canvas(&self.state, *ticket, ask.clone());
                waiting.extend(app::update(&mut self.state, Message::Canvas(event)));
                continue;
            }
            if let Some(event) = self.answer(effect) {
                waiting.extend(app::update(&mut self.state, Message::Engine(EngineId::MAIN, event)));
            }
        }
    }

    fn distribution(&self, path: &[Token]) -> Distribution {
        let (summary, logits) = &self.stock[path.len() % self.stock.len()];
        // A copy, as an evaluation makes one.
        Distribution { summary: summary.clone(), logits: Arc::from(&logits[..]) }
    }

    fn answer(&self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Engine(_, _, Command::Load(_)) => Some(Event::Loaded(Arc::clone(&self.ready))),
            Effect::Engine(_, ticket, Command::Tokenize(_)) => {
                Some(Event::Prompt(ticket, Ok((1..20).map(Token).collect())))
            }
            Effect::Engine(_, ticket, Command::Evaluate(request)) => {
                let longest = request.rows.iter().map(|rows| rows.tokens.len()).max()?;
                let row = |(path, rows): (usize, &Rows)| EvaluatedRow {
                    id: RowId { path, position: rows.from },
                    next: None,
                    distribution: Some(self.distribution(&rows.tokens)),
                };
                let evaluated = Evaluated {
                    rows: request.rows.iter().enumerate().map(row).collect(),
                    cost: Cost { decoded: request.rows.len(), reused: longest - 1, ..Cost::default() },
                    kv: KvUse {
                        caches: 1,
                        cells: longest,
                        sequences: 1,
                        newest: longest,
                        ..KvUse::default()
                    },
                };
                Some(Event::Evaluated(ticket, Box::new(evaluated)))
            }
            _ => None,
        }
    }
}

fn setup(size: (u16, u16)) -> Result<Setup> {
    let mut settings = Settings::default();
    // As fast as it goes.
    settings.ui.speed = 0.0;
    let themes = ThemeStore::new(None);
    let depth = ColourDepth::True;
    let theme = themes.load("dark", depth).context("the dark theme")?;
    Ok(Setup {
        settings,
        given: SamplingOverrides {
            ignore_eos: Some(true),
            seed: Some(Some(1)),
            ..SamplingOverrides::default()
        },
        prompt: PromptText { text: String::new(), chat: false, system: None },
        presets: Preset::built_in(),
        preset: 0,
        keymap: Keymap::default(),
        themes,
        theme,
        depth,
        history: Vec::new(),
        first_start: false,
        reach: logitscope::fetch::Reach::default(),
        folder: None,
        log_file: None,
        learn: logitscope::app::LearnSetup::default(),
        speculation: logitscope::decode::speculative::SpeculativeSetup::default(),
        size,
    })
}
