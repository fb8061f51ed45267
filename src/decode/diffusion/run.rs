//! A canvas and its steps.

use std::{sync::Arc, time::Duration};

use super::{
    Answer, Ask, Change, DiffusionError, DiffusionSettings, Fate, Look, Order, Pace, Pass, PassStep, Phase,
    Reading, Score, Step, StepKind, Template, choose,
};
use crate::{
    engine::{CanvasError, CanvasShape, Vocabulary, canvas::Guidance},
    sampling::{Draws, Mirostat, SamplerState, SamplingSettings},
    token::Token,
};

/// What tells the random numbers that choose positions from those that draw tokens.
const CHOICE: u32 = 0x9e37_79b9;

/// A canvas that is written step by step. Steps that are known stay so while one goes back and forth.
pub struct Diffusion {
    vocabulary: Arc<Vocabulary>,
    shape: CanvasShape,
    template: Template,
    settings: DiffusionSettings,
    sampling: Arc<SamplingSettings>,
    steps: Vec<Step>,
    /// Steps that have been taken; one more may be known.
    at: usize,
    canvas: Vec<Token>,
    draws: Draws,
    choices: Draws,
}

impl Diffusion {
    /// A canvas that begins with `template`, for an evaluator of this shape. Without a seed in `sampling` it is 0.
    pub fn new(
        vocabulary: Arc<Vocabulary>,
        shape: CanvasShape,
        template: Template,
        settings: DiffusionSettings,
        sampling: SamplingSettings,
    ) -> Result<Self, DiffusionError> {
        let positions = template.tokens().len();
        if positions > shape.longest {
            return Err(CanvasError::TooLong { positions, longest: shape.longest }.into());
        }
        if template.gaps() == 0 {
            return Err(DiffusionError::NothingMasked);
        }
        check(&sampling)?;
        let seed = sampling.seed.unwrap_or(0);
        Ok(Self {
            vocabulary,
            shape,
            canvas: template.tokens().to_vec(),
            template,
            settings,
            sampling: Arc::new(sampling),
            steps: Vec::new(),
            at: 0,
            draws: Draws::new(seed),
            choices: Draws::new(seed ^ CHOICE),
        })
    }

    /// What was set.
    #[must_use]
    pub fn settings(&self) -> &DiffusionSettings {
        &self.settings
    }

    /// How tokens are drawn.
    #[must_use]
    pub fn sampling(&self) -> &SamplingSettings {
        &self.sampling
    }

    /// Goes on with other settings from here; what was known of later steps is forgotten.
    pub fn set(
        &mut self,
        settings: DiffusionSettings,
        sampling: SamplingSettings,
    ) -> Result<(), DiffusionError> {
        check(&sampling)?;
        let seed = sampling.seed.unwrap_or(0);
        if seed != self.draws.seed() {
            (self.draws, self.choices) = (Draws::new(seed), Draws::new(seed ^ CHOICE));
        }
        (self.settings, self.sampling) = (settings, Arc::new(sampling));
        self.steps.truncate(self.at);
        Ok(())
    }

    /// What it began with.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The canvas as it stands, masks where nothing is written.
    #[must_use]
    pub fn canvas(&self) -> &[Token] {
        &self.canvas
    }

    /// The mask.
    #[must_use]
    pub fn mask(&self) -> Token {
        self.shape.mask
    }

    pub(super) fn n_vocab(&self) -> usize {
        self.shape.n_vocab
    }

    /// Every step that is known: those taken, and perhaps later ones.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many steps have been taken.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The step that comes next, as far as it is known: its readings are the guesses under the masks.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.steps.get(self.at)
    }

    /// The position of the first end token, or padding, that was written: what comes after it is no text.
    #[must_use]
    pub fn end(&self) -> Option<usize> {
        let ends = |&(position, &token): &(usize, &Token)| {
            !self.template.is_given(position) && self.vocabulary.ends_text(token)
        };
        self.canvas.iter().enumerate().find(ends).map(|(position, _)| position)
    }

    /// The masked positions that are still to be written, ascending.
    pub fn masked(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.text_end()).filter(|&position| self.canvas[position] == self.mask())
    }

    /// Whether all is written, and nothing is to be looked at again.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.at == self.steps.len() && self.masked().next().is_none() && self.doubtful().is_empty()
    }

    /// For each position the step (0 the first) at which its token opened; None where it is given or masked.
    #[must_use]
    pub fn opened_at(&self) -> Vec<Option<usize>> {
        let mut opened = vec![None; self.canvas.len()];
        for (number, step) in self.steps[..self.at].iter().enumerate() {
            for change in &step.changes {
                opened[change.position] = (change.after != self.mask()).then_some(number);
            }
        }
        opened
    }

    /// The order in which the present tokens opened.
    #[must_use]
    pub fn order(&self) -> Order {
        Order::of(self)
    }

    /// What every known step read at a position: the step's number, and what it saw.
    pub fn history(&self, position: usize) -> impl Iterator<Item = (usize, &Look)> {
        self.steps.iter().enumerate().filter_map(move |(number, step)| Some((number, step.look(position)?)))
    }

    /// Whether the best guess at a position in a step is another than in the pass before it.
    #[must_use]
    pub fn changed_its_mind(&self, step: usize, position: usize) -> bool {
        let guess = |step: &Step| step.look(position)?.reading.best().map(|best| best.token);
        let Some(now) = self.steps.get(step).and_then(guess) else { return false };
        let before = self.steps[..step].iter().rev().find(|step| step.pass().is_some()).and_then(guess);
        before.is_some_and(|before| before != now)
    }

    /// Passes of the steps taken, and their time in the model.
    #[must_use]
    pub fn spent(&self) -> (usize, Duration) {
        let passes = self.steps[..self.at].iter().filter_map(Step::pass);
        passes.fold((0, Duration::ZERO), |(passes, time), pass| (passes + pass.passes, time + pass.time))
    }

    /// The pass that the next step needs; None where the next step is known, or all is written.
    #[must_use]
    pub fn wanted(&mut self) -> Option<Pass> {
        if self.at < self.steps.len() {
            return None;
        }
        let phase = self.phase();
        let Some(phase) = phase else {
            let changes = self.doubtful();
            if !changes.is_empty() {
                self.steps.push(Step { kind: StepKind::SecondLook, changes });
            }
            return None;
        };
        let mut number = self.taken().0;
        let masked: Vec<usize> = self.masked().collect();
        let block = self.block_of(&phase);
        let asks = masked.into_iter().map(|position| {
            let u = block.contains(&position).then(|| {
                number += 1;
                self.draws.u(number - 1)
            });
            Ask { position, u, about: None }
        });
        let asks = asks.collect();
        Some(self.pass_over(self.canvas.clone(), asks))
    }

    /// What is asked of a canvas that shares its settings with this one.
    pub(super) fn pass_over(&self, canvas: Vec<Token>, asks: Vec<Ask>) -> Pass {
        let scale = self.settings.guidance;
        let guidance = (scale > 0.0).then(|| {
            let without = |(position, &token)| {
                if self.template.is_given(position) { self.mask() } else { token }
            };
            Guidance { scale, without: canvas.iter().enumerate().map(without).collect() }
        });
        let given = (0..canvas.len()).rev().find(|&position| self.template.is_given(position));
        Pass {
            guidance,
            asks,
            canvas,
            sampling: Arc::clone(&self.sampling),
            state: self.state(),
            after_chain: self.settings.score_after_chain,
            no_end_before: given.unwrap_or(0),
        }
    }

    /// Works out the next step from the answer to what was [wanted](Self::wanted); it is not taken yet. An answer to another
    /// question is left aside.
    pub fn absorb(&mut self, answer: Answer) {
        let Some(phase) = self.phase().filter(|_| self.at == self.steps.len()) else { return };
        let positions = answer.readings.iter().map(|reading| reading.position);
        if !positions.eq(self.masked()) {
            return;
        }
        let (mut tokens, mut choices) = self.taken();
        tokens += answer.readings.iter().filter(|reading| reading.drawn.is_some()).count();
        let looks = self.looks(answer.readings, phase, &mut choices);
        let changes: Vec<Change> = looks
            .iter()
            .filter(|look| look.fate.opens())
            .filter_map(|look| {
                let position = look.reading.position;
                Some(Change { position, before: self.mask(), after: look.reading.token()? })
            })
            .collect();
        let pass = PassStep {
            open: changes.len(),
            looks,
            phase,
            time: answer.time,
            passes: answer.passes,
            taken: (tokens, choices),
            state: answer.state,
        };
        self.steps.push(Step { kind: StepKind::Pass(Box::new(pass)), changes });
    }

    /// Takes the next step, if it is known.
    pub fn forward(&mut self) -> bool {
        let Some(step) = self.steps.get(self.at) else { return false };
        for change in &step.changes {
            self.canvas[change.position] = change.after;
        }
        self.at += 1;
        true
    }

    /// Goes to where `taken` steps have been taken, back or forth as far as steps are known.
    pub fn go_to(&mut self, taken: usize) {
        while self.at > taken {
            self.at -= 1;
            for change in &self.steps[self.at].changes {
                self.canvas[change.position] = change.before;
            }
        }
        while self.at < taken && self.forward() {}
    }

    /// Takes a step that nobody asked the model about; later ones are forgotten.
    pub(super) fn take(&mut self, step: Step) {
        self.steps.truncate(self.at);
        self.steps.push(step);
        self.forward();
    }

    /// The canvas before a step.
    #[must_use]
    pub fn canvas_before(&self, step: usize) -> Vec<Token> {
        let mut canvas = self.template.tokens().to_vec();
        for change in self.steps.iter().take(step).flat_map(|step| &step.changes) {
            canvas[change.position] = change.after;
        }
        canvas
    }

    /// The newest pass among the steps taken.
    fn last_pass(&self) -> Option<&PassStep> {
        self.steps[..self.at].iter().rev().find_map(Step::pass)
    }

    /// Random numbers taken for tokens and for choices.
    fn taken(&self) -> (usize, usize) {
        self.last_pass().map_or((0, 0), |pass| pass.taken)
    }

    fn state(&self) -> SamplerState {
        self.last_pass().map_or_else(SamplerState::default, |pass| pass.state.clone())
    }

    /// Where in the schedule the next pass stands; None where nothing is masked.
    pub(super) fn phase(&self) -> Option<Phase> {
        let first = self.masked().next()?;
        let looks = self.steps[..self.at].iter().filter(|step| matches!(step.kind, StepKind::SecondLook));
        let round = looks.count();
        let length = self.settings.block_length;
        let block = self.ordinal(first).checked_div(length).unwrap_or(0);
        let last = self.last_pass().map(|pass| pass.phase);
        if let Some(last) = last.filter(|last| (last.round, last.block) == (round, block)) {
            return Some(Phase { step: last.step + 1, ..last });
        }
        let whole = self.settings.steps_of_block(block, self.template.gaps());
        let mut phase = Phase { round, block, step: 0, masks: 0, steps: whole };
        phase.masks = self.block_of(&phase).len();
        if round > 0 && matches!(self.settings.pace, Pace::Steps { .. }) {
            // A second look goes at the pace of the first.
            let each = self.template.gaps().div_ceil(whole.max(1));
            phase.steps = phase.masks.div_ceil(each.max(1)).max(1);
        }
        Some(phase)
    }

    /// A position's number among those that are to be written.
    fn ordinal(&self, position: usize) -> usize {
        (0..position).filter(|&before| !self.template.is_given(before)).count()
    }

    /// The masked positions of a block: all of them where there are no blocks.
    fn block_of(&self, phase: &Phase) -> Vec<usize> {
        let length = self.settings.block_length;
        let inside = |&position: &usize| length == 0 || self.ordinal(position) / length == phase.block;
        self.masked().filter(inside).collect()
    }

    /// What the readings come to: scores, ranks, and what opens.
    fn looks(&mut self, readings: Vec<Reading>, phase: Phase, choices: &mut usize) -> Vec<Look> {
        let settings = self.settings;
        let numbers = &mut self.choices;
        let mut dice = || {
            *choices += 1;
            numbers.u(*choices - 1)
        };
        let open: Vec<&Reading> = readings.iter().filter(|reading| reading.drawn.is_some()).collect();
        let scores: Vec<f64> = open.iter().map(|reading| score(settings.score, reading, &mut dice)).collect();
        let ranks = choose::ranks(&scores);
        let fates = match (settings.pace, settings.opening(phase, open.len())) {
            (Pace::Threshold(threshold), _) => {
                let likely: Vec<f64> = open.iter().map(|reading| reading.sure.p).collect();
                choose::likely(&likely, &ranks, threshold)
            }
            (_, count) => {
                let count = count.unwrap_or(1);
                if settings.score == Score::Origin {
                    choose::each_by_chance(open.len(), count, &mut dice)
                } else if settings.alg_temperature > 0.0 {
                    choose::by_chance(&scores, count, settings.alg_temperature, &mut dice)
                } else {
                    choose::best(&ranks, count)
                }
            }
        };
        let mut opening = scores.into_iter().zip(ranks).zip(fates);
        let look = |reading: Reading| match reading.drawn.and_then(|_| opening.next()) {
            Some(((score, rank), fate)) => Look { reading, score: Some(score), rank: Some(rank), fate },
            None => Look { reading, score: None, rank: None, fate: Fate::LaterBlock },
        };
        readings.into_iter().map(look).collect()
    }

    /// What a second look masks: tokens of the first round that were unlikely when they opened. None where it is off, was
    /// taken already, or something is masked.
    fn doubtful(&self) -> Vec<Change> {
        let below = self.settings.remask_below;
        let taken = &self.steps[..self.at];
        let looked = taken.iter().any(|step| matches!(step.kind, StepKind::SecondLook));
        if below <= 0.0 || looked || self.masked().next().is_some() {
            return Vec::new();
        }
        let opened = self.opened_at();
        let doubtful = |position: usize| {
            let look = taken[opened[position]?].look(position)?;
            let before = self.canvas[position];
            let p = look.reading.drawn.filter(|drawn| drawn.token == before)?.p;
            (p < below).then_some(Change { position, before, after: self.mask() })
        };
        (0..self.text_end()).filter_map(doubtful).collect()
    }
}

/// The score of a reading: the larger the sooner its position opens.
fn score(score: Score, reading: &Reading, dice: &mut dyn FnMut() -> f64) -> f64 {
    match score {
        // It has a part in nothing but the rank that is shown.
        Score::Origin | Score::Confidence => reading.sure.p,
        Score::Entropy => -reading.sure.entropy_bits * std::f64::consts::LN_2,
        Score::Margin => reading.sure.margin,
        Score::Random => dice(),
        Score::LeftToRight => -(reading.position as f64),
    }
}

/// Fails for settings that follow a text from left to right.
fn check(sampling: &SamplingSettings) -> Result<(), DiffusionError> {
    if sampling.mirostat != Mirostat::Off {
        return Err(DiffusionError::Setting { setting: "--mirostat" });
    }
    if !sampling.grammar.is_none() {
        return Err(DiffusionError::Setting { setting: "a grammar" });
    }
    Ok(())
}
