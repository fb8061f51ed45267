//! Measuring on a model: [`Costs::wanted`] names the next pass, [`Costs::absorb`] takes in what it told.
//!
//! Every number is the time of whole passes of llama.cpp, which ends when the last row of logits is there. What is compared is
//! timed in turn, several times, and the median counts. First passes of a kind are thrown away.

mod chain_clock;
mod plan;
mod results;
mod steps;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use chain_clock::ChainClock;
pub use plan::{Limits, Plan, Wish};
pub use results::{Around, Batches, OnOff, TypeRun};
pub use steps::Subject;

use self::steps::{Step, What, benches, steps};
use super::Sample;
use crate::{
    engine::{EvaluateError, Measured, Pass, Request, Rows, worker::Distribution},
    token::Token,
};

/// What was measured so far, and what is to be measured next.
pub struct Costs {
    plan: Plan,
    steps: Vec<Step>,
    at: usize,
    chain: Option<ChainClock>,
    eog: Vec<Token>,
    on_off: OnOff,
    depths: Vec<(usize, Sample)>,
    batches: Batches,
    types: Vec<TypeRun>,
    around: Around,
    failed: Vec<(Subject, String)>,
    threads: u32,
    /// The distribution that the next one is held against.
    before: Option<Distribution>,
}

impl Costs {
    /// Nothing measured yet. `chain` is timed beside the model where it is given; tokens of `eog` are not written.
    #[must_use]
    pub fn new(plan: Plan, chain: Option<ChainClock>, eog: &[Token]) -> Self {
        let steps = steps(&plan);
        let samples = |tokens| vec![Sample::default(); tokens];
        let on_off = OnOff { on: samples(plan.tokens), off: samples(plan.tokens), ..OnOff::default() };
        let with_samples = |sizes: &[usize]| sizes.iter().map(|&size| (size, Sample::default())).collect();
        let batches = Batches { passes: with_samples(&plan.batches), rows: plan.rows, ..Batches::default() };
        Self {
            steps,
            at: 0,
            chain,
            eog: eog.to_vec(),
            on_off,
            depths: with_samples(&plan.depths),
            batches,
            types: plan.types.iter().map(|&cache| TypeRun::new(cache)).collect(),
            around: Around::default(),
            failed: Vec::new(),
            threads: 0,
            before: None,
            plan,
        }
    }

    /// What is to be measured.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The text with the cache and without.
    #[must_use]
    pub fn on_off(&self) -> &OnOff {
        &self.on_off
    }

    /// Tokens of text, and the milliseconds of a token after them.
    #[must_use]
    pub fn depths(&self) -> &[(usize, Sample)] {
        &self.depths
    }

    /// Rows that went through the model together.
    #[must_use]
    pub fn batches(&self) -> &Batches {
        &self.batches
    }

    /// The text in each cache type.
    #[must_use]
    pub fn types(&self) -> &[TypeRun] {
        &self.types
    }

    /// What a token takes beside the model.
    #[must_use]
    pub fn around(&self) -> &Around {
        &self.around
    }

    /// What could not be measured, and why.
    #[must_use]
    pub fn failed(&self) -> &[(Subject, String)] {
        &self.failed
    }

    /// Threads that computed, the same number all the time; 0 if unknown.
    #[must_use]
    pub fn threads(&self) -> u32 {
        self.threads
    }

    /// Whether everything is measured.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.at >= self.steps.len()
    }

    /// What is measured now; None when everything is.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        self.steps.get(self.at).map(|step| step.subject)
    }

    /// Rows that went through the model, and rows of all passes.
    #[must_use]
    pub fn rows(&self) -> (usize, usize) {
        let rows = |steps: &[Step]| steps.iter().map(|step| step.rows).sum();
        (rows(&self.steps[..self.at]), rows(&self.steps))
    }

    /// The next pass; None when everything is measured.
    #[must_use]
    pub fn wanted(&self) -> Option<Pass> {
        let step = self.steps.get(self.at)?;
        // With the cache the prompt is read as in a run, and then every token alone; everywhere else what is missing is one
        // batch.
        let prompt = match step.what {
            What::On(_) | What::Type(..) => Some(self.plan.prompt.len()),
            _ => None,
        };
        let rows = Rows { tokens: self.path(step), from: step.from };
        Some(Pass {
            benches: benches(&self.plan, step.subject),
            bench: step.bench,
            request: Request { prompt, rows: vec![rows], fresh: step.fresh, candidates: None },
            keep: step.repeat == 0 && matches!(step.what, What::On(_) | What::Off(_) | What::Type(..)),
        })
    }

    /// The path of a pass: what was written with the cache or without, else any text of that length.
    fn path(&self, step: &Step) -> Arc<[Token]> {
        let text = match step.what {
            What::Off(_) => &self.on_off.text_without,
            _ => &self.on_off.text,
        };
        let written = self.plan.prompt.iter().chain(text).copied();
        let around = self.plan.prompt.iter().chain(&self.on_off.text).copied().cycle();
        written.chain(around).take(step.length).collect()
    }

    /// Takes in what the wanted pass told, or why it could not be done.
    pub fn absorb(&mut self, measured: Result<Measured, EvaluateError>) {
        let Some(&step) = self.steps.get(self.at) else { return };
        self.at += 1;
        if step.repeat > 0 || step.subject != Subject::Cache {
            // It holds on to the model.
            self.chain = None;
        }
        match measured {
            Ok(measured) => self.take_in(step, measured),
            Err(error) => self.give_up(step, &error.to_string()),
        }
    }

    fn take_in(&mut self, step: Step, measured: Measured) {
        let ms = measured.cost.time.as_secs_f64() * 1e3;
        self.threads = measured.cost.threads.present;
        match step.what {
            What::Warm | What::Read => {}
            What::On(drawn) => {
                self.on_off.on[drawn].add(ms);
                if step.repeat == 0 {
                    self.on_off.on_rows.push(measured.cost.decoded);
                    self.written(drawn, measured);
                }
            }
            What::Off(drawn) => {
                self.on_off.off[drawn].add(ms);
                if step.repeat == 0 {
                    self.on_off.off_rows.push(measured.cost.decoded);
                    self.written_without(drawn, measured.last);
                }
            }
            What::Depth(index) => self.depths[index].1.add(ms),
            What::Batch(index) => self.batches.passes[index].1.add(ms),
            What::OneRow => self.batches.one.add(ms),
            What::AllRows => self.batches.all.add(ms),
            What::Type(index, drawn) => self.in_type(index, drawn, ms, &measured),
        }
    }

    /// A token was written with the cache.
    fn written(&mut self, drawn: usize, measured: Measured) {
        self.around.statistics.add(measured.statistics.as_secs_f64() * 1e3);
        let Some(distribution) = measured.last else { return };
        if let Some(chain) = &mut self.chain {
            let history: Vec<Token> = self.plan.prompt.iter().chain(&self.on_off.text).copied().collect();
            self.around.chain.add(chain.time(&distribution, &history, drawn));
        }
        self.on_off.text.extend(likeliest(&distribution, &self.eog));
        self.before = Some(distribution);
    }

    /// The same token was written without.
    fn written_without(&mut self, drawn: usize, last: Option<Distribution>) {
        let Some(distribution) = last else { return };
        let with = self.before.take();
        if let Some(with) = with.filter(|_| self.on_off.parted.is_none()) {
            let pairs = with.logits.iter().zip(distribution.logits.iter());
            let largest = pairs.map(|(a, b)| (a - b).abs()).filter(|d| d.is_finite()).fold(0.0, f32::max);
            self.on_off.difference = self.on_off.difference.max(largest);
            let bits = divergence(&with.logits, &distribution.logits);
            self.on_off.divergence = self.on_off.divergence.max(bits);
        }
        self.on_off.text_without.extend(likeliest(&distribution, &self.eog));
        if self.on_off.parted.is_none() && self.on_off.text_without.last() != self.on_off.text.get(drawn) {
            self.on_off.parted = Some(drawn);
        }
    }

    fn in_type(&mut self, index: usize, drawn: usize, ms: f64, measured: &Measured) {
        let run = &mut self.types[index];
        if drawn > 0 {
            run.token.add(ms);
        }
        run.allocated = Some((measured.kv.allocated_bytes, measured.kv.room));
        let Some(distribution) = &measured.last else { return };
        if index == 0 {
            run.divergence.push(0.0);
            self.before = Some(distribution.clone());
            return;
        }
        let Some(first) = &self.before else { return };
        run.divergence.push(divergence(&first.logits, &distribution.logits));
        let best = |distribution: &Distribution| distribution.summary.top.first().map(|top| top.token);
        if run.parted.is_none() && best(first) != best(distribution) {
            run.parted = Some(drawn);
        }
    }

    /// Leaves out what cannot be measured: the type, else the whole subject.
    fn give_up(&mut self, step: Step, why: &str) {
        let done = self.steps.drain(..self.at).collect::<Vec<_>>();
        if let What::Type(index, _) = step.what
            && index > 0
        {
            self.types[index].failed = Some(why.to_owned());
            self.steps.retain(|other| !matches!(other.what, What::Type(same, _) if same == index));
        } else {
            self.failed.push((step.subject, why.to_owned()));
            self.steps.retain(|other| other.subject != step.subject);
        }
        self.steps.splice(0..0, done);
    }
}

/// The likeliest token that does not end generation; an end token where there is no other.
fn likeliest(distribution: &Distribution, eog: &[Token]) -> Option<Token> {
    let top = &distribution.summary.top;
    top.iter()
        .map(|candidate| candidate.token)
        .find(|token| !eog.contains(token))
        .or(Some(top.first()?.token))
}

/// KL divergence of the softmax of two rows of logits, in bits: what is lost by taking the second for the first. Tokens that the
/// first rules out do not count.
#[must_use]
pub fn divergence(first: &[f32], second: &[f32]) -> f64 {
    let normaliser = |logits: &[f32]| {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = logits.iter().map(|&logit| f64::from(logit - largest).exp()).sum();
        f64::from(largest) + sum.ln()
    };
    let (zp, zq) = (normaliser(first), normaliser(second));
    let of = |(&p, &q): (&f32, &f32)| {
        let (ln_p, ln_q) = (f64::from(p) - zp, f64::from(q) - zq);
        if ln_p == f64::NEG_INFINITY { 0.0 } else { ln_p.exp() * (ln_p - ln_q) }
    };
    let nats: f64 = first.iter().zip(second).map(of).sum();
    (nats / std::f64::consts::LN_2).max(0.0)
}
