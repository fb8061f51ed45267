//! `logitscope beam`: beam search, with greedy decoding and a sample to compare it with.

mod report;

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use report::{BaselineReport, BeamReport, BeamToken, Line, candidate};

use super::{
    RunError, Spent,
    compare::{StopReport, TokenReport, path_text, path_tokens, play, rules},
    driver::Driver,
    html,
    json::{ModelLine, write_line},
};
use crate::{
    decode::{
        Cursor, StopRules,
        beam::{Beam, BeamSearch, BeamSettings, Contrast, beside},
        lanes::{Lane, Which},
    },
    engine::{Evaluator, Model, PromptText, Vocabulary, llama::CacheLayout},
    remote,
    sampling::{SamplingOverrides, SamplingSettings},
    settings::Settings,
    text::Utf8Stream,
    token::Token,
    tree::{NodeId, Tree},
};

/// A beam search.
#[derive(Clone, Debug)]
pub struct BeamJob {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings given, for the sample.
    pub given: SamplingOverrides,
    /// The search.
    pub beam: BeamSettings,
    /// JSON lines instead of text.
    pub json: bool,
    /// A web page to be written as well.
    pub html: Option<PathBuf>,
    /// Print control tokens as text.
    pub special: bool,
}

/// Searches: text or JSON to `out`. `interrupted` ends it after the current token.
pub fn beam(job: &BeamJob, out: &mut dyn Write, interrupted: &Arc<AtomicBool>) -> Result<(), RunError> {
    let text = job.settings.prompt.load()?.ok_or(RunError::NoPrompt)?;
    job.html.as_deref().map_or(Ok(()), html::check)?;
    let model = super::load_model(&job.settings.model, interrupted)?;
    beam_on(&*model, job, text, out, interrupted)
}

/// [`beam`] on a model that is loaded already, for a prompt that is read already.
pub fn beam_on(
    loaded: &dyn Model,
    job: &BeamJob,
    text: String,
    out: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let settings = &job.settings;
    let prompt = PromptText { text, chat: settings.prompt.chat, system: settings.prompt.system.clone() };
    let tokens = super::tokens_of(&prompt, loaded)?;
    let context = loaded.context(&settings.model);
    job.beam.check()?;
    // Before the search: what is laid beside its texts is written after it, and needs the room.
    Cursor::check_prompt(&tokens, context)?;
    let rules = rules(&settings.stop).of_the_text();
    let mut evaluator = evaluator(loaded, job, &tokens, &rules, context)?;
    let together = settings.model.batch_lanes;
    let mut driver =
        Driver::new(&mut *evaluator, loaded.vocabulary(), together || remote::is_remote(loaded), interrupted);
    let mut run = Run {
        job,
        vocabulary: loaded.vocabulary(),
        sampling: loaded.info().sampling(&job.given),
        tree: Tree::new(settings.model.logits_budget_mib as usize * (1 << 20)),
        prompt: tokens,
        rules,
        context,
    };
    run.tree.set_limit((settings.model.tree_nodes as usize).max(context + 1));
    let start = Line::Start {
        model: ModelLine::of(loaded),
        context,
        width: job.beam.width,
        candidates: job.beam.candidates,
        length_penalty: job.beam.length_penalty,
        prompt_tokens: &run.prompt.clone(),
    };
    let result = (|| {
        if job.json {
            write_line(out, &start)?;
        }
        let search = run.search(out, &mut driver)?;
        let beams = run.beams(&search);
        let beside = run.beside(&search, &mut driver)?;
        run.write_end(out, &beams, &beside, &driver.spent)?;
        if let Some(path) = &job.html {
            html::write(path, &run.page(&loaded.info().title, &prompt.text, &beams, &beside, &driver.spent))?;
        }
        Ok(())
    })();
    match result {
        Err(RunError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// A context with a path for each beam.
fn evaluator<'m>(
    loaded: &'m dyn Model,
    job: &BeamJob,
    prompt: &[Token],
    rules: &StopRules,
    context: usize,
) -> Result<Box<dyn Evaluator + 'm>, RunError> {
    let mut settings = job.settings.model.clone();
    settings.sequences = job.beam.width as u32;
    let each = prompt.len().saturating_add(rules.max_tokens.unwrap_or(context)).min(context);
    let (layout, cells) = if settings.batch_lanes {
        (CacheLayout::Shared, context.max(each.saturating_mul(job.beam.width)))
    } else {
        (CacheLayout::Apart, each)
    };
    settings.ctx_size = u32::try_from(cells).unwrap_or(u32::MAX).max(1);
    Ok(loaded.evaluator(&settings, Some(layout))?)
}

struct Run<'a> {
    job: &'a BeamJob,
    vocabulary: &'a Arc<Vocabulary>,
    sampling: SamplingSettings,
    tree: Tree,
    prompt: Vec<Token>,
    rules: StopRules,
    context: usize,
}

impl Run<'_> {
    /// The search to its end; JSON gets each round as it is done.
    fn search(&mut self, out: &mut dyn Write, driver: &mut Driver<'_>) -> Result<BeamSearch, RunError> {
        let vocabulary = Arc::clone(self.vocabulary);
        let (rules, context) = (self.rules.clone(), self.context);
        let mut search =
            BeamSearch::new(&mut self.tree, vocabulary, &self.prompt, self.job.beam, rules, context)?;
        while !search.is_over() && !driver.interrupted() {
            search.ask(1);
            loop {
                let nodes = search.wanted(&mut self.tree, driver.limit())?;
                if nodes.is_empty() {
                    break;
                }
                let Some(evaluations) = driver.evaluate(&self.tree, &nodes)? else { return Ok(search) };
                for (node, evaluation) in nodes.into_iter().zip(evaluations) {
                    search.absorb(&mut self.tree, node, evaluation);
                }
            }
            if let Some(candidates) = search.rounds().next_back().filter(|_| self.job.json) {
                let named_too_few = search.named_too_few();
                let candidates = candidates.iter().map(|c| candidate(c, self.vocabulary)).collect();
                write_line(out, &Line::Round { round: search.done() - 1, named_too_few, candidates })?;
            }
        }
        Ok(search)
    }

    /// All beams that ended, or as far as they got, the best first.
    fn beams(&self, search: &BeamSearch) -> Vec<BeamReport> {
        let mut beams: Vec<&Beam> = search.finished().iter().collect();
        if beams.is_empty() {
            beams.extend(search.live());
        }
        beams.sort_by(|a, b| b.score.total_cmp(&a.score));
        beams.into_iter().enumerate().map(|(place, beam)| self.beam(place, beam)).collect()
    }

    fn beam(&self, place: usize, beam: &Beam) -> BeamReport {
        let mut stream = Utf8Stream::new();
        let mut node = self.prompt_node();
        let mut tokens = Vec::with_capacity(beam.tokens.len());
        for &id in &beam.tokens {
            node = node.and_then(|node| self.tree.find_child(node, id));
            let p = node.and_then(|node| self.tree.node(node).log_probability).map_or(0.0, f64::exp);
            tokens.push(BeamToken { id, text: stream.push(self.vocabulary.piece(id)), p_raw: p });
        }
        BeamReport {
            place,
            score: beam.score,
            log_probability: beam.log_probability,
            stop: StopReport::of(beam.stopped.as_ref(), self.vocabulary),
            text: path_text(&beam.tokens, beam.stopped.as_ref(), self.vocabulary, self.job.special),
            tokens,
        }
    }

    fn prompt_node(&self) -> Option<NodeId> {
        let root = self.tree.root();
        self.prompt.iter().try_fold(root, |node, &token| self.tree.find_child(node, token))
    }

    /// Greedy decoding and a sample with the settings given, over the same tree.
    fn beside(
        &mut self,
        search: &BeamSearch,
        driver: &mut Driver<'_>,
    ) -> Result<Vec<BaselineReport>, RunError> {
        let vocabulary = Arc::clone(self.vocabulary);
        let (sampling, rules) = (&self.sampling, &self.rules);
        let mut lanes = beside(&mut self.tree, vocabulary, &self.prompt, sampling, rules, self.context)?;
        lanes.ask(Which::All, self.context);
        play(&mut lanes, &mut self.tree, driver)?;
        let best = search.best().map_or(&[][..], |beam| &beam.tokens);
        let start = self.prompt_node();
        let report = |lane: &Lane| {
            let cursor = lane.cursor();
            let statistics = lane.statistics();
            let other = cursor.path().generated_tokens();
            let contrast = start.and_then(|start| Contrast::of(&self.tree, start, best, other));
            BaselineReport {
                name: lane.name().to_owned(),
                seed: cursor.settings().seed,
                score: self.job.beam.score(statistics.log_probability, statistics.tokens),
                text: path_text(other, cursor.stopped(), self.vocabulary, self.job.special),
                statistics,
                stop: StopReport::of(cursor.stopped(), self.vocabulary),
                contrast: contrast.map(|contrast| contrast.sentence(lane.name(), self.vocabulary)),
                tokens: path_tokens(cursor),
            }
        };
        Ok(lanes.lanes().iter().map(report).collect())
    }
}
