//! A state on a scripted model, for tests of the screen: no thread, no clock, no file but the header of the
//! model in the program.

mod canvas;
mod lessons;

use std::{collections::VecDeque, path::Path, sync::Arc, time::Duration};

use super::{Effect, Message, Room as _, Screen, Setup, State, start, update};
use crate::{
    decode::speculative::SpeculativeSetup,
    engine::{
        EngineId, Evaluator, Measured, PromptText, Request, ServerInfo,
        llama::{CacheLayout, KvLayout, Memory, ModelInfo},
        scripted::Scripted,
        scripted_canvas::ScriptedCanvas,
        worker::{Command, Evaluated, Event, Ready},
    },
    gguf::{self, SamplingDefaults},
    keymap::{Keymap, parse_key},
    sampling::{Preset, SamplingOverrides},
    settings::{CacheType, Settings},
    theme::{ColourDepth, ThemeStore},
    token::Token,
};

/// Words of the script, each with the space before it; more tokens follow so that the vocabulary has a long tail.
const WORDS: &str = "Once upon a time , there was little girl boy dog cat bird named Lily Tom . She He They \
    loved liked wanted to play run see eat in with outside and the big red ball park her his friend mom one day \
    very happy sad said went home for on at under it is all some ing ed s";
/// Tokens of the script's vocabulary.
pub(crate) const VOCABULARY: usize = 512;
/// The script's end token.
pub(crate) const END: &str = "</s>";
/// Cells of the script's context.
const CONTEXT: usize = 256;

/// A state whose effects a script answers.
pub(crate) struct Fixture {
    /// The state.
    pub state: State,
    script: Scripted,
    /// What drafts for it: it finds other words likely in some places.
    draft: Scripted,
    /// The script once more, decoded plainly beside itself.
    plain: Scripted,
    canvas: ScriptedCanvas,
    /// Effects that are none of the engine's, in order.
    pub other: Vec<Effect>,
    /// What was evaluated: the length of the prompt, and the paths.
    pub evaluated: Vec<(usize, Vec<Arc<[Token]>>)>,
    /// How the script says that its paths lie.
    pub layout: CacheLayout,
    /// What the header of the model's file recommends.
    recommended: SamplingDefaults,
    /// Effects that wait to be answered one by one; None where everything is answered at once.
    held: Option<VecDeque<Effect>>,
}

impl Fixture {
    /// The step screen of 120×36 on "Once upon a time", loaded, its prompt read, nothing generated.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with something set differently.
    pub fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let (mut fixture, effects) = Self::loading(change);
        fixture.answer(effects);
        fixture
    }

    /// The same on a model whose file recommends these settings.
    pub fn recommending(recommended: SamplingDefaults) -> Self {
        let (mut fixture, effects) = Self::loading(|_| {});
        fixture.recommended = recommended;
        fixture.answer(effects);
        fixture
    }

    /// The state at start, while the model is being loaded, and the effects to be answered.
    pub fn loading(change: impl FnOnce(&mut Setup)) -> (Self, Vec<Effect>) {
        Self::loading_script(story(VOCABULARY), change)
    }

    /// The same with so many tokens in the vocabulary: as large as a model's, or with the words of the prompt and an end
    /// token alone.
    pub fn of_vocabulary(tokens: usize) -> Self {
        let script = if tokens == TINY { tiny() } else { story(tokens) };
        let (mut fixture, effects) = Self::loading_script(script, |_| {});
        fixture.answer(effects);
        fixture
    }

    /// The same on a server that names so many candidates, and at most `most` when asked for more.
    pub fn naming(candidates: usize, most: usize, change: impl FnOnce(&mut Setup)) -> Self {
        let script = story(VOCABULARY).naming(candidates, most);
        let (mut fixture, effects) = Self::loading_script(script, change);
        fixture.answer(effects);
        fixture
    }

    /// The same on another script, its prompt read.
    pub fn scripted(script: Scripted, prompt: &str, change: impl FnOnce(&mut Setup)) -> Self {
        let with_prompt = |setup: &mut Setup| {
            prompt.clone_into(&mut setup.prompt.text);
            change(setup);
        };
        let (mut fixture, effects) = Self::loading_script(script, with_prompt);
        fixture.answer(effects);
        fixture
    }

    fn loading_script(script: Scripted, change: impl FnOnce(&mut Setup)) -> (Self, Vec<Effect>) {
        let mut setup = setup();
        change(&mut setup);
        let (state, effects) = start(setup);
        (
            Self {
                state,
                draft: draft(&script),
                plain: script.clone(),
                script,
                canvas: canvas::script(&words().iter().map(String::as_str).collect::<Vec<_>>()),
                other: Vec::new(),
                evaluated: Vec::new(),
                layout: CacheLayout::Apart,
                recommended: SamplingDefaults::default(),
                held: None,
            },
            effects,
        )
    }

    /// How many prefixes the script has evaluated.
    pub fn evaluations(&self) -> usize {
        self.script.evaluations
    }

    /// Sends a message and answers what comes of it.
    pub fn send(&mut self, message: Message) {
        let effects = update(&mut self.state, message);
        self.answer(effects);
    }

    /// Presses keys, each written as in a keymap file.
    pub fn keys(&mut self, keys: &[&str]) {
        for key in keys {
            let combination = parse_key(key).unwrap_or_else(|| panic!("{key} is a key"));
            self.send(Message::Key(combination.into()));
        }
    }

    /// Takes a token by hand, wherever it ranks.
    pub fn take(&mut self, word: &str) {
        let token = self.script.vocabulary().tokenize(word)[0];
        self.state.desk.take(token);
        self.settle();
    }

    /// Does what an action says, whatever key it has.
    pub fn act(&mut self, action: crate::keymap::Action) {
        self.state.act(action);
        self.settle();
    }

    fn settle(&mut self) {
        self.state.settle();
        let effects = self.state.desk.take_effects();
        self.answer(effects);
    }

    /// From now on effects wait until [`Fixture::answer_next`]: a model that is slower than the screen.
    pub fn hold(&mut self) {
        self.held = Some(VecDeque::new());
    }

    /// From now on effects are answered at once again; those that wait never are.
    pub fn release(&mut self) {
        self.held = None;
    }

    /// Answers the effect that waits longest and leaves those that follow waiting; false if there is none.
    pub fn answer_next(&mut self) -> bool {
        let Some(effect) = self.held.as_mut().and_then(VecDeque::pop_front) else { return false };
        let follow = self.answer_one(effect);
        self.held.get_or_insert_default().extend(follow);
        self.state.prepare_frame();
        true
    }

    /// Answers effects, and those that follow, until nothing is left to do, or has them wait; then makes the next frame
    /// ready.
    pub fn answer(&mut self, effects: Vec<Effect>) {
        if let Some(held) = &mut self.held {
            held.extend(effects);
            self.state.prepare_frame();
            return;
        }
        let mut left = VecDeque::from(effects);
        while let Some(effect) = left.pop_front() {
            left.extend(self.answer_one(effect));
        }
        // Seeds walk on by themselves; what else takes several goes is looked at in between.
        let walks = self.state.screen() == Screen::Seeds && self.state.rooms.seeds.is_busy();
        if walks && !self.state.evaluating() {
            let effects = update(&mut self.state, Message::Tick(std::time::Instant::now()));
            self.answer(effects);
        }
        self.state.prepare_frame();
        // As the runtime does before it draws.
        let (width, height) = self.state.size();
        for (panel, end) in
            crate::ui::panel_ends(&self.state, ratatui::layout::Rect::new(0, 0, width, height))
        {
            self.state.bound_panel(panel, end);
        }
    }

    /// Answers one effect; what follows from the answer.
    fn answer_one(&mut self, effect: Effect) -> Vec<Effect> {
        let engine = match effect {
            Effect::Engine(engine, ..) => engine,
            _ => EngineId::MAIN,
        };
        let event = match effect {
            Effect::Engine(_, _, Command::Load(_)) => Event::Loaded(Arc::new(self.ready())),
            Effect::Engine(_, ticket, Command::Tokenize(prompt)) => {
                Event::Prompt(ticket, Ok(self.script.vocabulary().tokenize(&prompt.text)))
            }
            Effect::Engine(_, ticket, Command::Evaluate(request)) => {
                let paths = request.rows.iter().map(|rows| Arc::clone(&rows.tokens)).collect();
                self.evaluated.push((request.prompt.unwrap_or(0), paths));
                let script = match engine {
                    EngineId::DRAFT => &mut self.draft,
                    EngineId::PLAIN => &mut self.plain,
                    _ => &mut self.script,
                };
                Event::Evaluated(ticket, Box::new(evaluate(script, &request)))
            }
            Effect::Canvas(ticket, ask) => {
                let ready = self.ready();
                let event = canvas::answer(&mut self.canvas, ready, ticket, ask);
                return update(&mut self.state, Message::Canvas(event));
            }
            Effect::Engine(_, ticket, Command::Measure(Some(pass))) => {
                let vocabulary = self.script.vocabulary();
                let measured = Measured::of(&mut self.script, &pass, vocabulary.eog(), &mut |_| true);
                // A clock would make every test another one.
                let timeless = |measured| Measured { statistics: Duration::from_micros(20), ..measured };
                Event::Measured(ticket, measured.map(timeless).map(Box::new))
            }
            Effect::Cancel(..) | Effect::CancelCanvas(_) | Effect::Engine(_, _, Command::Measure(None)) => {
                return Vec::new();
            }
            effect => {
                self.other.push(effect);
                return Vec::new();
            }
        };
        update(&mut self.state, Message::Engine(engine, event))
    }

    /// A model in a file comes to be loaded.
    pub fn model_loads(&mut self, path: &Path) {
        let mut ready = self.ready();
        ready.info.path = Some(path.to_owned());
        self.send(Message::Engine(EngineId::MAIN, Event::Loaded(Arc::new(ready))));
    }

    /// A model on a server comes to be loaded; it takes its tokens from the script.
    pub fn server_loads(&mut self) {
        let mut ready = self.ready();
        let info = &mut ready.info;
        (info.file, info.path) = (None, Some("http://host:8080".into()));
        "llama-server at host:8080".clone_into(&mut info.device);
        info.server = Some(Arc::new(ServerInfo {
            kind: "llama-server",
            address: "http://host:8080".into(),
            trained_context: 512,
            parallel: 4,
            candidates: 3,
            tells_time: true,
            notes: vec!["It gives at most 3 candidates.".into()],
            ..ServerInfo::default()
        }));
        self.send(Message::Engine(EngineId::MAIN, Event::Loaded(Arc::new(ready))));
    }

    fn ready(&self) -> Ready {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
        let mut file = gguf::check(Path::new(file)).expect("the model in the program is valid");
        file.sampling = self.recommended.clone();
        let kv = KvLayout {
            heads_kv: file.head_count_kv.clone(),
            key_length: file.key_length,
            value_length: file.value_length,
            type_k: CacheType::F16,
            type_v: CacheType::F16,
        };
        let info = ModelInfo {
            chat: None,
            title: "storyteller 4.5M Q8_0".into(),
            name: "story.gguf".into(),
            path: None,
            file: Some(Arc::new(file)),
            server: None,
            device: "CPU, 2 threads".into(),
            kv,
            memory: vec![Memory { name: "memory".into(), total: 16 << 30 }],
            load_time: Duration::from_millis(12),
        };
        Ready {
            info,
            vocabulary: self.script.vocabulary(),
            context: self.script.context_size(),
            layout: self.layout,
        }
    }
}

/// Everything as after a first start, with a seed that does not change.
fn setup() -> Setup {
    let themes = ThemeStore::new(None);
    let depth = ColourDepth::True;
    Setup {
        settings: Settings::default(),
        given: SamplingOverrides { seed: Some(Some(42)), ..SamplingOverrides::default() },
        prompt: PromptText { text: "Once upon a time".into(), ..PromptText::default() },
        presets: Preset::built_in(),
        preset: 0,
        keymap: Keymap::default(),
        theme: themes.load("dark", depth).expect("built in"),
        themes,
        depth,
        history: Vec::new(),
        first_start: false,
        reach: crate::fetch::Reach::default(),
        folder: None,
        log_file: None,
        speculation: SpeculativeSetup::default(),
        learn: lessons::setup(),
        size: (120, 36),
    }
}

/// A draft model with the script's words: it knows how the story goes, but for the girl's name and what she does.
fn draft(script: &Scripted) -> Scripted {
    let vocabulary = script.vocabulary();
    let words: Vec<String> = (0..vocabulary.len())
        .map(|id| String::from_utf8_lossy(vocabulary.piece(Token(id as u32))).into_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let draft = Scripted::new(&words, &[END], script.context_size());
    if words.len() < VOCABULARY {
        return draft;
    }
    let known = STORY.iter().filter(|(ending, _)| ![" little", " named", " to"].contains(ending));
    known.fold(draft, |draft, (ending, next)| draft.rule(ending, next))
}

fn evaluate(script: &mut Scripted, request: &Request) -> Evaluated {
    let vocabulary = script.vocabulary();
    Evaluated::of(script, request, vocabulary.eog(), &mut |_| true)
        .expect("the paths fit the script's context")
}

/// What may follow an ending of the text, with its probability.
type Rule = (&'static str, &'static [(&'static str, f32)]);

/// A little story: open in some places, certain in others. The empty ending is for all others.
const STORY: &[Rule] = &[
    (
        "",
        &[
            (" the", 0.18),
            (" a", 0.15),
            (".", 0.14),
            (" her", 0.11),
            (" and", 0.09),
            (" big", 0.07),
            (" red", 0.05),
            (" with", 0.04),
            (" in", 0.03),
            (" happy", 0.02),
            (" play", 0.015),
            (END, 0.004),
        ],
    ),
    (" time", &[(",", 0.93), (" there", 0.05), (".", 0.01)]),
    (",", &[(" there", 0.81), (" a", 0.07), (" in", 0.04), (" the", 0.04)]),
    (" there", &[(" was", 0.97), (" is", 0.02)]),
    (" was", &[(" a", 0.88), (" the", 0.03), (" very", 0.03), (" one", 0.02)]),
    (
        " a",
        &[(" little", 0.44), (" big", 0.21), (" girl", 0.09), (" boy", 0.08), (" red", 0.06), (" dog", 0.04)],
    ),
    (" little", &[(" girl", 0.47), (" boy", 0.31), (" dog", 0.08), (" bird", 0.06), (" cat", 0.03)]),
    (" girl", &[(" named", 0.74), (".", 0.08), (" loved", 0.05), (" and", 0.04), (" with", 0.03)]),
    (" boy", &[(" named", 0.71), (".", 0.09), (" liked", 0.06), (" and", 0.05)]),
    (" named", &[(" Lily", 0.52), (" Tom", 0.41)]),
    (" Lily", &[(".", 0.83), (" loved", 0.06), (" and", 0.05)]),
    (" Tom", &[(".", 0.81), (" liked", 0.07), (" and", 0.06)]),
    (".", &[(" She", 0.39), (" He", 0.21), ("\n", 0.12), (" They", 0.09), (" Lily", 0.07), (END, 0.06)]),
    (" She", &[(" loved", 0.46), (" liked", 0.19), (" wanted", 0.14), (" was", 0.09), (" went", 0.06)]),
    (" loved", &[(" to", 0.77), (" the", 0.08), (" her", 0.06)]),
    (" to", &[(" play", 0.412), (" run", 0.169), (" see", 0.126), (" eat", 0.08), (" the", 0.05)]),
    (
        " play",
        &[(" in", 0.412), (" with", 0.169), (" outside", 0.126), (".", 0.11), (" and", 0.05), ("ing", 0.02)],
    ),
];

/// Tokens of the smallest vocabulary.
pub(crate) const TINY: usize = 5;

fn tiny() -> Scripted {
    let next = [(" a", 0.45), (" time", 0.3), (" upon", 0.15), ("Once", 0.06), (END, 0.04)];
    Scripted::new(&["Once", " upon", " a", " time", END], &[END], CONTEXT).rule("", &next)
}

/// The words of both scripts.
fn words() -> Vec<String> {
    let bare = ["Once", ",", ".", "ing", "ed", "s"];
    let mut words: Vec<String> = WORDS
        .split_whitespace()
        .map(|word| if bare.contains(&word) { word.into() } else { format!(" {word}") })
        .collect();
    words.extend(["\n".into(), END.into()]);
    words
}

fn story(vocabulary: usize) -> Scripted {
    let mut words = words();
    words.extend((words.len()..vocabulary).map(|id| format!(" w{id}")));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let script = Scripted::new(&words, &[END], CONTEXT);
    STORY.iter().fold(script, |script, (ending, next)| script.rule(ending, next))
}

/// The file of a diffusion model.
pub(crate) const fn canvas_file() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-diffusion-4.5m-q5_0.gguf")
}
