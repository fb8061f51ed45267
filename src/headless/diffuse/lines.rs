//! A canvas as JSON lines: one `start`, one `step` a step, one `stop`. docs/json.md documents them.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use serde::Serialize;

use super::{DiffuseJob, DiffuseOutput, End, beside::Other};
use crate::{
    decode::diffusion::{Diffusion, DiffusionSettings, Guess, Joint, Look, Phase, StepKind},
    engine::{Vocabulary, llama::LoadedModel},
    headless::{
        diffuse::Measured,
        json::{ModelLine, write_line},
    },
    sampling::SamplingSettings,
    token::Token,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start(Box<StartLine<'a>>),
    Step(StepLine<'a>),
    Stop(Box<StopLine<'a>>),
}

#[derive(Serialize)]
struct StartLine<'a> {
    model: &'a ModelLine,
    diffusion: &'a DiffusionSettings,
    sampling: &'a SamplingSettings,
    mask: Token,
    canvas: &'a [Token],
    gaps: usize,
}

#[derive(Serialize)]
struct StepLine<'a> {
    step: usize,
    /// `pass`, or `second-look` where tokens are masked once more.
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    /// Masked positions before the step.
    masked: usize,
    opened: Vec<LookLine<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    masked_again: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waiting: Vec<LookLine<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    joint: Vec<JointLine<'a>>,
    passes: usize,
    ms: f64,
}

/// A masked position in a step.
#[derive(Serialize)]
struct LookLine<'a> {
    position: usize,
    id: Token,
    text: Cow<'a, str>,
    p: f64,
    p_final: Option<f64>,
    u: Option<f64>,
    entropy_bits: f64,
    margin: f64,
    score: Option<f64>,
    rank: Option<usize>,
    why: &'a str,
}

#[derive(Serialize)]
struct JointLine<'a> {
    position: usize,
    first: Word<'a>,
    second: Word<'a>,
    p_given: f64,
    independent: f64,
    sequential: f64,
    likeliest_given: Option<Word<'a>>,
}

#[derive(Serialize)]
struct Word<'a> {
    id: Token,
    text: Cow<'a, str>,
    p: f64,
}

#[derive(Serialize)]
struct StopLine<'a> {
    reason: &'a str,
    text: String,
    canvas: &'a [Token],
    end: Option<usize>,
    opened_at: Vec<Option<usize>>,
    tokens: usize,
    steps: usize,
    passes: usize,
    tokens_per_pass: f64,
    ms: f64,
    left_first: Option<f64>,
    beside: Option<&'a str>,
    measured: Option<Measured>,
    other: &'a Option<Other>,
}

pub(super) struct JsonOutput<'a> {
    out: &'a mut dyn Write,
    model: ModelLine,
    vocabulary: &'a Vocabulary,
    job: &'a DiffuseJob,
}

impl<'a> JsonOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, loaded: &'a LoadedModel, job: &'a DiffuseJob) -> Self {
        Self { out, model: ModelLine::of(loaded), vocabulary: &loaded.vocabulary, job }
    }

    fn text(&self, token: Token) -> Cow<'a, str> {
        String::from_utf8_lossy(self.vocabulary.piece(token))
    }

    fn word(&self, guess: Guess) -> Word<'a> {
        Word { id: guess.token, text: self.text(guess.token), p: guess.p }
    }

    fn position(&self, look: &Look) -> Option<LookLine<'a>> {
        let reading = &look.reading;
        let id = reading.token()?;
        Some(LookLine {
            position: reading.position,
            id,
            text: self.text(id),
            p: reading.drawn.map_or(reading.sure.p, |drawn| drawn.p),
            p_final: reading.drawn.map(|drawn| drawn.p_final),
            u: reading.drawn.map(|drawn| drawn.u),
            entropy_bits: reading.sure.entropy_bits,
            margin: reading.sure.margin,
            score: look.score,
            rank: look.rank,
            why: look.fate.name(),
        })
    }

    fn joint(&self, joint: &Joint) -> JointLine<'a> {
        JointLine {
            position: joint.position,
            first: self.word(joint.first),
            second: self.word(joint.second),
            p_given: joint.p_given,
            independent: joint.independent(),
            sequential: joint.sequential(),
            likeliest_given: joint.given.first().map(|&guess| self.word(guess)),
        }
    }
}

impl DiffuseOutput for JsonOutput<'_> {
    fn start(&mut self, diffusion: &Diffusion) -> io::Result<()> {
        let line = Line::Start(Box::new(StartLine {
            model: &self.model,
            diffusion: diffusion.settings(),
            sampling: diffusion.sampling(),
            mask: diffusion.mask(),
            canvas: diffusion.canvas(),
            gaps: diffusion.template().gaps(),
        }));
        write_line(self.out, &line)
    }

    fn step(&mut self, diffusion: &Diffusion, joints: &[Joint]) -> io::Result<()> {
        let number = diffusion.at() - 1;
        let step = &diffusion.steps()[number];
        let pass = step.pass();
        let looks = || pass.into_iter().flat_map(|pass| &pass.looks);
        let opened = looks().filter(|look| look.fate.opens()).filter_map(|look| self.position(look));
        let waiting = looks().filter(|look| self.job.request.guesses && !look.fate.opens());
        let again = step.changes.iter().filter(|change| change.after == diffusion.mask());
        let line = Line::Step(StepLine {
            step: number,
            kind: if matches!(step.kind, StepKind::SecondLook) { "second-look" } else { "pass" },
            phase: pass.map(|pass| pass.phase),
            masked: looks().count(),
            opened: opened.collect(),
            masked_again: again.map(|change| change.position).collect(),
            waiting: waiting.filter_map(|look| self.position(look)).collect(),
            joint: joints.iter().map(|joint| self.joint(joint)).collect(),
            passes: pass.map_or(0, |pass| pass.passes),
            ms: pass.map_or(0.0, |pass| pass.time.as_secs_f64() * 1e3),
        });
        write_line(self.out, &line)
    }

    fn finish(&mut self, diffusion: &Diffusion, end: &End<'_>) -> io::Result<()> {
        let (passes, time) = diffusion.spent();
        let order = diffusion.order();
        let tokens = order.opened.len();
        let line = Line::Stop(Box::new(StopLine {
            reason: if end.interrupted { "interrupted" } else { "written" },
            text: diffusion.text(self.vocabulary, self.job.request.special),
            canvas: diffusion.canvas(),
            end: diffusion.end(),
            opened_at: diffusion.opened_at(),
            tokens,
            steps: diffusion.at(),
            passes,
            tokens_per_pass: tokens as f64 / passes.max(1) as f64,
            ms: time.as_secs_f64() * 1e3,
            left_first: order.left_first,
            beside: end.name,
            measured: end.measured,
            other: &end.other,
        }));
        write_line(self.out, &line)
    }
}
