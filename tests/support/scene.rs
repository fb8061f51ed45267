//! A session on a script, told what to do in words.

use std::{sync::Arc, time::Duration};

use logitscope::{
    decode::{CursorError, Session, StopRules},
    distribution::Summary,
    engine::{Evaluator as _, Request, scripted::Scripted},
    sampling::{Mirostat, SamplerKind, SamplingSettings},
    token::Token,
    tree::{NodeId, Step},
};

const WORDS: [&str; 9] = ["<s>", "the ", "cat ", "dog ", "sat ", "ran ", ".", "\n", "</s>"];

/// Settings to be changed, with a name.
type Named = (&'static str, fn(&mut SamplingSettings));

/// Settings under which samplers carry something from token to token.
pub const MEMORIES: [Named; 5] = [
    ("none", |_| {}),
    ("xtc", |settings| {
        settings.samplers = vec![SamplerKind::Xtc, SamplerKind::Temperature];
        settings.xtc_probability = 0.5;
    }),
    ("penalties", |settings| {
        settings.repeat_penalty = 1.5;
        settings.repeat_last_n = 3;
    }),
    ("mirostat 1", |settings| {
        settings.mirostat = Mirostat::V1;
        settings.mirostat_tau = 2.5;
    }),
    ("mirostat 2", |settings| {
        settings.mirostat = Mirostat::V2;
        settings.mirostat_tau = 2.5;
    }),
];

/// A session, and the script that evaluates for it.
pub struct Scene {
    pub session: Session,
    pub script: Scripted,
    rules: StopRules,
    context: usize,
}

impl Scene {
    /// Always the most likely word: `the cat sat .</s>`, or, after `dog `, `ran .</s>`.
    pub fn greedy() -> Self {
        Self::limited(StopRules::default())
    }

    /// The same with stop conditions.
    pub fn limited(rules: StopRules) -> Self {
        Self::with(64, rules)
    }

    /// The same in a context of so many tokens.
    pub fn with(context: usize, rules: StopRules) -> Self {
        let settings = SamplingSettings { temperature: 0.0, seed: Some(1), ..SamplingSettings::default() };
        Self::start(context, rules, settings).expect("a prompt of one token")
    }

    /// Words drawn at temperature 1 with this seed.
    pub fn sampled(seed: u32) -> Self {
        let settings = SamplingSettings { temperature: 1.0, seed: Some(seed), ..SamplingSettings::default() };
        Self::start(64, StopRules::default(), settings).expect("a prompt of one token")
    }

    /// After every word the same distribution, without an end.
    pub fn endless(seed: u32) -> Self {
        let mut scene = Self::sampled(seed);
        let next =
            [("cat ", 0.3), ("dog ", 0.25), ("sat ", 0.2), ("ran ", 0.15), (".", 0.0999), ("</s>", 1e-9)];
        scene.script = Scripted::new(&WORDS, &["</s>"], 64).rule("", &next);
        scene
    }

    /// A session at its beginning; the prompt is the one token `<s>`.
    pub fn start(context: usize, rules: StopRules, settings: SamplingSettings) -> Result<Self, CursorError> {
        let script = Scripted::new(&WORDS, &["</s>"], context)
            .rule("", &[("the ", 0.6), ("cat ", 0.2), ("\n", 0.1)])
            .rule("the ", &[("cat ", 0.5), ("dog ", 0.3), (".", 0.1)])
            .rule("cat ", &[("sat ", 0.7), ("ran ", 0.2)])
            .rule("dog ", &[("ran ", 0.7), ("sat ", 0.2)])
            .rule("sat ", &[(".", 0.9)])
            .rule("ran ", &[(".", 0.9)])
            .rule(".", &[("</s>", 0.8), ("the ", 0.15)])
            .rule("</s>", &[("the ", 0.9)]);
        let vocabulary = script.vocabulary();
        let prompt = vocabulary.tokenize("<s>");
        let session = Session::new(vocabulary, prompt, settings, rules.clone(), context, usize::MAX)?;
        Ok(Self { session, script, rules, context })
    }

    /// The same session with so many bytes for logits.
    pub fn keep(&mut self, bytes: usize) {
        let settings = self.session.settings().clone();
        let vocabulary = self.script.vocabulary();
        let prompt = vocabulary.tokenize("<s>");
        let rules = self.rules.clone();
        self.session =
            Session::new(vocabulary, prompt, settings, rules, self.context, bytes).expect("as before");
    }

    pub fn set(&mut self, change: fn(&mut SamplingSettings)) {
        let mut settings = self.session.settings().clone();
        change(&mut settings);
        self.session.set_settings(settings).expect("a chain");
    }

    pub fn rules(&mut self, rules: StopRules) {
        self.session.set_rules(rules);
    }

    /// Does what each line says and compares what is on the screen then.
    pub fn plays(&mut self, lines: &[(&str, &str)]) {
        for (number, (action, screen)) in lines.iter().enumerate() {
            self.act(action);
            assert_eq!(self.screen(), *screen, "line {} of {lines:#?}", number + 1);
        }
    }

    pub fn does(&mut self, actions: &[&str]) {
        for action in actions {
            self.act(action);
        }
    }

    fn act(&mut self, action: &str) {
        if let Some(word) = action.strip_prefix("take ") {
            return self.take(word);
        }
        match action.split_once(' ') {
            Some(("back", to)) => {
                return self.session.back_to(to.trim_start_matches("to ").parse().expect("a number"));
            }
            Some(("seconds", n)) => {
                self.session.add_time(Duration::from_secs_f64(n.parse().expect("seconds")));
                return self.session.resume();
            }
            _ => {}
        }
        match action {
            "nothing" => {}
            "step" => self.step(),
            "play" => {
                while self.session.stopped().is_none() {
                    self.step();
                }
            }
            "back" => {
                let generated = self.session.path().generated();
                self.session.back_to(generated.saturating_sub(1));
            }
            "roll" | "same seed" if self.session.path().generated() == 0 => self.anew(action),
            "roll" | "same seed" => {
                self.anew(action);
                self.step();
            }
            "interrupt" => self.session.interrupt(),
            "resume" => self.session.resume(),
            unknown => panic!("nobody knows how to {unknown:?}"),
        }
    }

    /// Takes the newest token back, for the next step to draw it again; before the first there is none.
    fn anew(&mut self, action: &str) {
        if action == "roll" { self.session.roll_again() } else { self.session.same_seed() }
    }

    fn step(&mut self) {
        self.evaluate(|_| {});
        self.session.step(true).expect("the logits are numbers");
    }

    fn take(&mut self, word: &str) {
        self.evaluate(|_| {});
        let token = match word.parse() {
            Ok(id) => Token(id),
            Err(_) => self.script.vocabulary().tokenize(word)[0],
        };
        self.session.take(token).expect("the logits are numbers");
    }

    /// Hands the head's logits over with something changed in them.
    pub fn absorb_with(&mut self, change: impl Fn(&mut [f32])) {
        self.evaluate(change);
    }

    fn evaluate(&mut self, change: impl Fn(&mut [f32])) {
        let Some(head) = self.session.wanted() else { return };
        let path = self.session.tree().prefix(head);
        let mut logits = Vec::new();
        let cost = self
            .script
            .evaluate(&Request::after([path[..].into()], None), &mut |_| true, &mut |_, row| {
                logits = row.logits.to_vec();
            })
            .expect("within the context");
        change(&mut logits);
        let summary = Summary::with_end(&logits, Summary::TOP, self.session.vocabulary().eog());
        self.session.absorb(head, summary, Arc::from(logits), cost.time);
    }

    /// The generated text; after a bar, why generation stopped.
    pub fn screen(&self) -> String {
        let text = self.words().concat();
        match self.session.stopped() {
            Some(reason) => format!("{text} | {}", reason.name()),
            None => text,
        }
    }

    pub fn words(&self) -> Vec<String> {
        let path = self.session.path();
        path.nodes()[path.prompt_len()..].iter().map(|&id| self.text_of(id)).collect()
    }

    pub fn text_of(&self, id: NodeId) -> String {
        let token = self.session.tree().node(id).token.expect("not the root");
        String::from_utf8_lossy(self.session.vocabulary().piece(token)).into_owned()
    }

    pub fn last_step(&self) -> Step {
        let head = self.session.path().head().expect("there is a prompt");
        self.session.tree().node(head).step.expect("generated")
    }

    pub fn detail(&self) -> String {
        self.session.stopped().expect("it has stopped").detail(self.session.vocabulary())
    }
}
