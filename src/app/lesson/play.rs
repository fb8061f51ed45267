//! Playing a lesson: it sets up, waits, asks, reveals, judges and says why, and goes back and forth.

use std::{collections::VecDeque, sync::Arc};

use super::{
    super::{Effect, ModelState, Overlay, Screen, State},
    player::{Before, Phase, Player, Said},
    task::{Task, tasks_of},
};
use crate::{
    keymap::Action,
    lesson::{Answer, Ask, Kind, Lesson, Mistake, Place, Prose, Scope},
};
use minijinja::{Value, value::ValueKind};

/// Tokens that are offered for a guess.
const OFFERED: usize = 8;
/// Things done between two messages at most; what waits for nothing is done at once.
const AT_ONCE: usize = 256;

impl State {
    /// The lesson that is on; None without one.
    #[must_use]
    pub fn player(&self) -> Option<&Player> {
        self.player.as_ref()
    }

    /// Begins a lesson at a step; one that is on is left.
    pub(in crate::app) fn begin_lesson(&mut self, lesson: Arc<Lesson>, step: usize, teacher: bool) {
        self.leave_lesson();
        let mut player = Player::new(lesson, teacher);
        player.before = Some(Before {
            prompt: self.desk.prompt.text.clone(),
            scored: self.desk.prompt.scored,
            sampling: self.desk.hand.sampling.clone(),
            changed: self.desk.hand.changed,
            stop: self.desk.settings.stop.clone(),
            model: self.desk.engines.main().loading.clone(),
        });
        self.player = Some(player);
        // Without a model nothing can be set up.
        if matches!(self.desk.engines.main().model, ModelState::Missing(_)) {
            self.load_beneath(None);
        }
        self.go_to_step(step);
    }

    /// Leaves the lesson: how far it has come is kept, and a person has again what was there before.
    pub(in crate::app) fn leave_lesson(&mut self) {
        let Some(mut player) = self.player.take() else { return };
        if let Some(speed) = player.speed.take() {
            self.desk.play = speed;
        }
        let Some(before) = player.before.take() else { return };
        self.desk.overlays.clear();
        self.show_screen(Screen::Learn);
        self.set_all_stops(before.stop);
        self.desk.set_sampling(before.sampling);
        self.desk.hand.changed = before.changed;
        self.desk.prompt.text = before.prompt;
        self.desk.prompt.scored = before.scored;
        if self.desk.engines.main().loading == before.model {
            self.desk.begin();
        } else {
            self.desk.play.pause();
            self.load(before.model);
        }
    }

    /// Sets a step up as it is when one comes to it from the beginning: what the steps before did is done again.
    pub(super) fn go_to_step(&mut self, step: usize) {
        let Some(player) = &mut self.player else { return };
        let last = player.lesson.steps.len() - 1;
        let step = step.min(last);
        let mut tasks = VecDeque::from([Task::Base]);
        for earlier in &player.lesson.steps[..step] {
            tasks.extend(tasks_of(&earlier.set));
            if let Some(wait) = &earlier.wait {
                tasks.extend(wait.play.iter().map(|&action| Task::Press(action)));
                tasks.extend(wait.set.iter().flat_map(tasks_of));
            }
            if let Some(ask) = &earlier.ask {
                tasks.extend(reveal(ask));
            }
        }
        (player.tasks, player.lit) = (tasks, None);
        self.set_up_step(step);
    }

    /// Goes on to a step from the one before.
    fn set_up_step(&mut self, step: usize) {
        let Some(player) = &mut self.player else { return };
        player.step = step;
        player.tasks.extend(tasks_of(&player.lesson.steps[step].set));
        player.tasks.push_back(Task::Open);
        (player.phase, player.said) = (Phase::SettingUp, Said::default());
        player.typed.clear();
        (player.verdict, player.trouble, player.has_keys) = (None, None, true);
        self.desk.overlays.retain(|overlay| matches!(overlay, Overlay::Error { .. }));
        self.keep_place();
    }

    /// Notes how far the lesson has come.
    fn keep_place(&mut self) {
        let Some(player) = &self.player else { return };
        let (right, asked) = player.tally();
        let name = player.lesson.name.clone();
        let done = self.rooms.learn.place(&name).done || player.phase == Phase::Finished;
        let step = if player.phase == Phase::Finished { 0 } else { player.step };
        if let Some(text) = self.rooms.learn.note(&name, Place { step, done, asked, right }) {
            self.desk.ask(Effect::KeepProgress(text));
        }
    }

    /// Does what the lesson does by itself, as long as all is at rest.
    pub(in crate::app) fn lesson_goes_on(&mut self) {
        for _ in 0..AT_ONCE {
            if self.player.is_none() || !self.is_at_rest() {
                self.note_failure();
                return;
            }
            let Some(task) = self.player.as_mut().and_then(|player| player.tasks.pop_front()) else { break };
            self.desk.revision += 1;
            match task {
                Task::Open => self.open(),
                Task::Judge => self.judge(),
                Task::Reached => self.look_whether_reached(true),
                task => self.do_task(task),
            }
            self.settle();
        }
        let Some(player) = &mut self.player else { return };
        if player.tasks.is_empty()
            && let Some(speed) = player.speed.take()
        {
            self.desk.play = speed;
        }
        if self.player.as_ref().is_some_and(|player| player.phase == Phase::Waiting(false)) {
            self.look_whether_reached(false);
        }
    }

    /// Something that the lesson did has failed, which lies over the screen: the rest of it is not done.
    fn note_failure(&mut self) {
        let Some(Overlay::Error { title, text, .. }) = self.desk.overlays.last() else { return };
        let what = format!("{title}: {}", text.replace('\n', " "));
        let Some(player) = &mut self.player else { return };
        if !player.tasks.is_empty() {
            player.tasks.clear();
            let written = player.written();
            let line = if written.set.line > 0 { written.set.line } else { written.line };
            player.trouble = Some(player.lesson.fault(line, what));
        }
    }

    fn scope_of(&mut self, texts: &[&Prose]) -> Scope {
        let names = texts.iter().flat_map(|text| text.names()).copied().collect();
        self.scope(&names)
    }

    /// A text with its expressions worked out; what cannot be is the lesson's trouble.
    fn told(&mut self, text: &Prose) -> String {
        let scope = self.scope_of(&[text]);
        let rendered = text.render(&scope);
        self.or_trouble(text.line(), rendered).unwrap_or_else(|| text.source().to_owned())
    }

    fn or_trouble<T>(&mut self, line: usize, result: Result<T, Mistake>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(mistake) => {
                let player = self.player.as_mut()?;
                let fault = player.lesson.fault(line, mistake.to_string());
                tracing::warn!("{fault}");
                player.trouble.get_or_insert(fault);
                None
            }
        }
    }

    /// The step is set up: its texts.
    fn open(&mut self) {
        // What the keys that the lesson pressed have said is not news to anybody.
        let again = self.player.as_mut().is_some_and(|player| std::mem::take(&mut player.again));
        self.desk.notice = again.then(|| "The step is set up again, as it was.".to_owned());
        let Some(written) = self.player.as_ref().map(|player| player.written().clone()) else { return };
        let say = self.told(&written.say);
        let task = written.wait.as_ref().and_then(|wait| wait.say.clone()).map(|text| self.told(&text));
        let teacher = self.player.as_ref().is_some_and(Player::for_teacher);
        let notes = written.teacher.as_ref().filter(|_| teacher).map(|text| self.told(text));
        let Some(player) = &mut self.player else { return };
        (player.said.say, player.said.task, player.said.teacher) = (say, task, notes);
        if written.wait.is_some() {
            player.phase = Phase::Waiting(false);
            // What is to be done is done on the screen.
            player.has_keys = false;
        } else {
            self.put_question();
        }
    }

    /// What is asked, if anything is.
    fn put_question(&mut self) {
        let Some(written) = self.player.as_ref().map(|player| player.written().clone()) else { return };
        let Some(ask) = written.ask else { return self.tell_why() };
        let question = self.told(&ask.text);
        let options = match ask.kind {
            Kind::Token => self.likeliest(),
            _ => ask.options.iter().map(|option| self.told(option)).collect(),
        };
        let early = self.player.as_ref().is_some_and(|player| player.teacher && reveal(&ask).is_empty());
        let answer =
            if early { self.right_answer().map(|right| ask.in_words(&right, &options)) } else { None };
        let Some(player) = &mut self.player else { return };
        (player.said.question, player.said.options, player.said.answer) = (Some(question), options, answer);
        player.phase = Phase::Asking;
        player.has_keys = true;
        player.typed = match ask.kind {
            Kind::Choice => "1".to_owned(),
            _ => String::new(),
        };
    }

    /// The likeliest tokens of the step on view, in the order of their letters, which tells nothing of how likely they are.
    fn likeliest(&mut self) -> Vec<String> {
        self.prepare_frame();
        let Some(session) = self.desk.session() else { return Vec::new() };
        let frame = self.desk.frame();
        let rows = frame.candidates.ranked().iter().take(OFFERED);
        let mut words: Vec<String> = rows
            .map(|row| {
                self.transcript().peek(frame.length, row.token, session.vocabulary()).as_str().to_owned()
            })
            .collect();
        words.sort_by_cached_key(|word| word.trim_start_matches('␣').to_lowercase());
        words.dedup();
        words
    }

    /// Whether what was to be done is done; `asked` where the lesson itself has done it.
    fn look_whether_reached(&mut self, asked: bool) {
        let wait = self.player.as_ref().and_then(|player| player.written().wait.clone());
        let Some(wait) = wait else { return };
        let scope = self.scope(wait.until.names());
        let holds = match wait.until.holds(&scope) {
            Ok(holds) => holds,
            Err(mistake) if asked => {
                self.or_trouble(wait.line, Err::<(), _>(mistake));
                return;
            }
            // What it names comes only with what is to be done.
            Err(_) => false,
        };
        let Some(player) = &mut self.player else { return };
        if holds {
            player.phase = Phase::Waiting(true);
            self.desk.revision += 1;
        } else if asked {
            let mistake = wait.until.mistake("it is not true after what `play` and `set` do");
            self.or_trouble(wait.until.line(), Err::<(), _>(mistake));
        }
    }

    /// Does for a person what is to be done.
    pub(super) fn do_it_for_me(&mut self) {
        let Some(player) = self.player.as_mut().filter(|player| player.can_do()) else { return };
        let Some(wait) = &player.written().wait else { return };
        let mut tasks: VecDeque<Task> = wait.play.iter().map(|&action| Task::Press(action)).collect();
        tasks.extend(wait.set.iter().flat_map(tasks_of));
        tasks.push_back(Task::Reached);
        player.tasks = tasks;
        player.has_keys = true;
    }

    /// Takes what is typed for the answer, and reveals the right one.
    pub(super) fn answer(&mut self) {
        let Some(player) = &mut self.player else { return };
        let Some(ask) = player.ask().cloned() else { return };
        if let Err(why) = ask.read(&player.typed) {
            // A teacher sees the answer without a guess.
            if !player.teacher || !player.typed.trim().is_empty() {
                return self.desk.say(why);
            }
        }
        player.phase = Phase::Revealing;
        player.tasks.extend(reveal(&ask));
        player.tasks.push_back(Task::Judge);
    }

    /// The right answer, from what the screens show now.
    fn right_answer(&mut self) -> Option<Answer> {
        let (ask, options) = {
            let player = self.player.as_ref()?;
            (player.ask()?.clone(), player.said.options.clone())
        };
        let scope = self.scope(ask.right.names());
        let value = ask.right.value(&scope);
        let value = self.or_trouble(ask.right.line(), value)?;
        let value = if ask.kind == Kind::Token { self.as_text(value) } else { value };
        let truth = ask.truth(&value, &options).map_err(|why| ask.right.mistake(why));
        self.or_trouble(ask.right.line(), truth)
    }

    /// A token's text where a value is its id.
    fn as_text(&self, value: Value) -> Value {
        let id = (value.kind() == ValueKind::Number).then(|| u32::try_from(value.clone()).ok()).flatten();
        let words = self.desk.words();
        match id.zip(words).filter(|(id, words)| (*id as usize) < words.len()) {
            Some((id, words)) => super::piece(words, crate::token::Token(id)),
            None => value,
        }
    }

    /// All is revealed: what came of the answer, and why.
    fn judge(&mut self) {
        self.desk.notice = None;
        let truth = self.right_answer();
        let Some(player) = &self.player else { return };
        let (Some(ask), options) = (player.ask().cloned(), player.said.options.clone()) else { return };
        let said = ask.read(&player.typed).ok();
        let verdict = truth.as_ref().map(|truth| match &said {
            Some(said) => ask.judge(said, truth, &options),
            None => crate::lesson::Verdict {
                right: true,
                said: String::new(),
                truth: ask.in_words(truth, &options),
            },
        });
        let step = player.step;
        let Some(player) = &mut self.player else { return };
        player.verdict = verdict;
        if let (Some(verdict), true) = (&player.verdict, said.is_some()) {
            let right = verdict.right;
            player.answered.entry(step).or_insert(right);
        }
        self.tell_why();
        self.keep_place();
    }

    fn tell_why(&mut self) {
        let Some(player) = &self.player else { return };
        let (written, verdict) = (player.written().clone(), player.verdict.clone());
        let own = written.ask.as_ref().and_then(|ask| ask.compare.clone());
        let own = own.map(|text| self.after_answer(&text, verdict.as_ref()));
        let compare = own.or_else(|| verdict.as_ref().map(in_words));
        let why = written.why.as_ref().map(|text| self.after_answer(text, verdict.as_ref()));
        let Some(player) = &mut self.player else { return };
        (player.said.compare, player.said.why) = (compare, why);
        player.phase = Phase::Told;
        player.has_keys = true;
    }

    /// A text that can name the answer.
    fn after_answer(&mut self, text: &Prose, verdict: Option<&crate::lesson::Verdict>) -> String {
        let mut scope = self.scope_of(&[text]);
        if let Some(verdict) = verdict {
            scope.insert("answer", Value::from(verdict.said.clone()));
            scope.insert("right", Value::from(verdict.truth.clone()));
            scope.insert("correct", Value::from(verdict.right));
        }
        let rendered = text.render(&scope);
        self.or_trouble(text.line(), rendered).unwrap_or_default()
    }

    /// Shows the hint.
    pub(super) fn show_lesson_hint(&mut self) {
        let hint = self.player.as_ref().and_then(|player| player.written().hint.clone());
        let Some(hint) = hint else { return self.desk.say("This step has no hint.") };
        let text = self.told(&hint);
        if let Some(player) = &mut self.player {
            player.said.hint = Some(text);
        }
    }

    /// Goes on: to what is asked, to the answer, to the next step, to the list of lessons.
    pub(super) fn lesson_next(&mut self) {
        let Some(player) = &self.player else { return };
        if !player.tasks.is_empty() {
            return self.desk.say("The screen is still being set up.");
        }
        match player.phase {
            Phase::SettingUp => self.go_to_step(player.step),
            Phase::Waiting(false) => {
                let key = self.key_for(Action::LessonDo);
                self.desk.say(format!("That is still to be done on the screen; {key} does it for you."));
            }
            Phase::Waiting(true) => self.put_question(),
            Phase::Asking => self.answer(),
            Phase::Revealing => {}
            Phase::Told if player.step + 1 < player.lesson.steps.len() => self.set_up_step(player.step + 1),
            Phase::Told => self.finish(),
            Phase::Finished => self.leave_lesson(),
        }
    }

    fn finish(&mut self) {
        if let Some(player) = &mut self.player {
            player.phase = Phase::Finished;
        }
        self.keep_place();
    }
}

/// What reveals an answer.
fn reveal(ask: &Ask) -> Vec<Task> {
    let mut tasks = tasks_of(&ask.set);
    tasks.extend(ask.reveal.iter().map(|&action| Task::Press(action)));
    tasks
}

/// What came of an answer, where the lesson has no words of its own.
fn in_words(verdict: &crate::lesson::Verdict) -> String {
    match verdict {
        verdict if verdict.said.is_empty() => format!("It is {}.", verdict.truth),
        verdict if verdict.right && verdict.said == verdict.truth => {
            format!("Right: it is {}.", verdict.truth)
        }
        verdict if verdict.right => format!("Close: you said {}, it is {}.", verdict.said, verdict.truth),
        verdict => format!("You said {}, it is {}.", verdict.said, verdict.truth),
    }
}
