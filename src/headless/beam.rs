//! `logitscope beam`: beam search, its best text beside greedy decoding and a sample.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use serde::Serialize;

use super::{
    RunError, Spent,
    compare::{StatisticsReport, StopReport, TokenReport, path_text, path_tokens, piece, play, rules},
    driver::Driver,
    html::{self, Page},
    json::{Model, write_line},
};
use crate::{
    decode::{
        StopRules,
        beam::{Beam, BeamCandidate, BeamSearch, BeamSettings, Contrast, Fate},
        lanes::{LaneSetup, Lanes, Which},
    },
    engine::{
        Evaluator, PromptText, Vocabulary,
        llama::{CacheLayout, LlamaEvaluator, LoadedModel, load, padded_context},
    },
    sampling::{SamplingOverrides, SamplingSettings},
    settings::Settings,
    text::{Shown, Utf8Stream},
    token::Token,
    tree::{NodeId, Tree},
};

/// A beam search.
#[derive(Clone, Debug)]
pub struct BeamJob {
    /// Everything that can be set.
    pub settings: Settings,
    /// The sampling settings that a person has set, for the sample beside.
    pub given: SamplingOverrides,
    /// The search.
    pub beam: BeamSettings,
    /// JSON, one object a line, in place of the text.
    pub json: bool,
    /// A page to be written as well.
    pub html: Option<PathBuf>,
    /// Write control tokens as their text.
    pub special: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start {
        model: Model,
        context: usize,
        width: usize,
        candidates: usize,
        length_penalty: f64,
        prompt_tokens: &'a [Token],
    },
    Round {
        round: usize,
        candidates: Vec<CandidateReport>,
    },
    Beam(&'a BeamReport),
    Beside(&'a BesideReport),
    Spent(&'a Spent),
}

/// A continuation that was looked at.
#[derive(Clone, Debug, Serialize)]
struct CandidateReport {
    beam: usize,
    id: Token,
    text: String,
    p: f64,
    log_probability: f64,
    score: f64,
    fate: &'static str,
}

/// A beam at the end of the search.
#[derive(Clone, Debug, Serialize)]
struct BeamReport {
    /// 0 the best.
    place: usize,
    score: f64,
    log_probability: f64,
    stop: StopReport,
    text: String,
    tokens: Vec<BeamToken>,
}

#[derive(Clone, Debug, Serialize)]
struct BeamToken {
    id: Token,
    text: String,
    p_raw: f64,
}

/// Greedy decoding or a sample, to be set beside the best beam.
#[derive(Clone, Debug, Serialize)]
struct BesideReport {
    name: String,
    /// By the formula of the beams.
    score: f64,
    text: String,
    statistics: StatisticsReport,
    stop: StopReport,
    /// Where it and the best text part, in a sentence.
    contrast: Option<String>,
    tokens: Vec<TokenReport>,
}

/// Searches: text or JSON to `out`. `interrupted` ends it after the current token.
pub fn beam(job: &BeamJob, out: &mut dyn Write, interrupted: &Arc<AtomicBool>) -> Result<(), RunError> {
    let text = job.settings.prompt.load()?.ok_or(RunError::NoPrompt)?;
    let flag = Arc::clone(interrupted);
    let loaded = load(&job.settings.model, move |_| !flag.load(std::sync::atomic::Ordering::Relaxed))?;
    beam_on(&loaded, job, text, out, interrupted)
}

/// [`beam`] on a model that is loaded already, for a prompt that is read already.
pub fn beam_on(
    loaded: &LoadedModel,
    job: &BeamJob,
    text: String,
    out: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let settings = &job.settings;
    let prompt = PromptText { text, chat: settings.prompt.chat, system: settings.prompt.system.clone() };
    let tokens = prompt.tokens(loaded.info.file.chat_template(), &loaded.vocabulary)?;
    let context = padded_context(loaded, &settings.model) as usize;
    let rules = StopRules { max_time: None, ..rules(&settings.stop) };
    let mut evaluator = evaluator(loaded, job, &tokens, &rules, context)?;
    let together = settings.model.batch_lanes;
    let mut driver = Driver::new(&mut evaluator, loaded.vocabulary.len(), together, interrupted);
    let mut run = Run {
        job,
        vocabulary: &loaded.vocabulary,
        sampling: loaded.info.sampling(&job.given),
        tree: Tree::new(settings.model.logits_budget_mib as usize * (1 << 20)),
        prompt: tokens,
        rules,
        context,
    };
    run.tree.set_limit((settings.model.tree_nodes as usize).max(context + 1));
    let start = Line::Start {
        model: Model::of(loaded),
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
            html::write(path, &run.page(&loaded.info.title, &prompt.text, &beams, &beside))?;
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
    loaded: &'m LoadedModel,
    job: &BeamJob,
    prompt: &[Token],
    rules: &StopRules,
    context: usize,
) -> Result<LlamaEvaluator<'m>, RunError> {
    job.beam.check()?;
    let mut settings = job.settings.model.clone();
    settings.sequences = job.beam.width as u32;
    let each = prompt.len().saturating_add(rules.max_tokens.unwrap_or(context)).min(context);
    let (layout, cells) = if settings.batch_lanes {
        (CacheLayout::Shared, context.max(each.saturating_mul(job.beam.width)))
    } else {
        (CacheLayout::Apart, each)
    };
    settings.ctx_size = u32::try_from(cells).unwrap_or(u32::MAX).max(1);
    Ok(LlamaEvaluator::with_layout(loaded, &settings, layout)?)
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
    fn search<E: Evaluator>(
        &mut self,
        out: &mut dyn Write,
        driver: &mut Driver<'_, E>,
    ) -> Result<BeamSearch, RunError> {
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
                let candidates = candidates.iter().map(|c| candidate(c, self.vocabulary)).collect();
                write_line(out, &Line::Round { round: search.done() - 1, candidates })?;
            }
        }
        Ok(search)
    }

    /// All beams that came to an end, or got as far as they could, the best first.
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
        let mut text = String::new();
        for &id in &beam.tokens {
            node = node.and_then(|node| self.tree.find_child(node, id));
            let p = node.and_then(|node| self.tree.node(node).log_probability).map_or(0.0, f64::exp);
            let piece = stream.push(self.vocabulary.piece(id));
            if self.job.special || !self.vocabulary.is_control(id) {
                text.push_str(&piece);
            }
            tokens.push(BeamToken { id, text: piece, p_raw: p });
        }
        BeamReport {
            place,
            score: beam.score,
            log_probability: beam.log_probability,
            stop: StopReport::of(beam.stopped.as_ref(), self.vocabulary),
            text,
            tokens,
        }
    }

    fn prompt_node(&self) -> Option<NodeId> {
        let root = self.tree.root();
        self.prompt.iter().try_fold(root, |node, &token| self.tree.find_child(node, token))
    }

    /// Greedy decoding and a sample with the settings given, over the same tree.
    fn beside<E: Evaluator>(
        &mut self,
        search: &BeamSearch,
        driver: &mut Driver<'_, E>,
    ) -> Result<Vec<BesideReport>, RunError> {
        let mut lanes = Lanes::new(Arc::clone(self.vocabulary), self.context);
        let greedy = SamplingSettings { samplers: Vec::new(), ..self.sampling.clone() };
        let greedy = SamplingSettings {
            samplers: vec![crate::sampling::SamplerKind::Temperature],
            temperature: 0.0,
            ..greedy
        };
        for (name, settings) in [("greedy", greedy), ("a sample", self.sampling.clone())] {
            let setup = LaneSetup {
                name: name.to_owned(),
                prompt: self.prompt.clone(),
                settings,
                rules: self.rules.clone(),
            };
            lanes.add(&mut self.tree, setup)?;
        }
        lanes.ask(Which::All, self.context);
        play(&mut lanes, &mut self.tree, driver)?;
        let best = search.best().map_or(&[][..], |beam| &beam.tokens);
        let start = self.prompt_node();
        let report = |lane: &crate::decode::lanes::Lane| {
            let cursor = lane.cursor();
            let statistics = lane.statistics();
            let other = cursor.path().generated_tokens();
            let contrast = start.and_then(|start| Contrast::of(&self.tree, start, best, other));
            BesideReport {
                name: lane.name().to_owned(),
                score: self.job.beam.score(statistics.log_probability, statistics.tokens),
                text: path_text(cursor.path(), cursor.stopped(), self.vocabulary, self.job.special),
                statistics: statistics.into(),
                stop: StopReport::of(cursor.stopped(), self.vocabulary),
                contrast: contrast.map(|contrast| contrast.sentence(lane.name(), self.vocabulary)),
                tokens: path_tokens(cursor),
            }
        };
        Ok(lanes.lanes().iter().map(report).collect())
    }

    fn write_end(
        &self,
        out: &mut dyn Write,
        beams: &[BeamReport],
        beside: &[BesideReport],
        spent: &Spent,
    ) -> io::Result<()> {
        if self.job.json {
            beams.iter().try_for_each(|beam| write_line(out, &Line::Beam(beam)))?;
            beside.iter().try_for_each(|beside| write_line(out, &Line::Beside(beside)))?;
            return write_line(out, &Line::Spent(spent));
        }
        for beam in beams {
            writeln!(out, "── beam {} ──", beam.place + 1)?;
            Shown::lines(&beam.text).try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(
                out,
                "   score {:.3} · ln P {:.2} · {} tokens · {}\n",
                beam.score,
                beam.log_probability,
                beam.tokens.len(),
                beam.stop.reason
            )?;
        }
        for beside in beside {
            writeln!(out, "── {} ──", Shown::inline(&beside.name))?;
            Shown::lines(&beside.text).try_for_each(|line| writeln!(out, "{line}"))?;
            let s = &beside.statistics;
            writeln!(
                out,
                "   score {:.3} · ln P {:.2} · {} tokens · {}",
                beside.score, s.log_probability, s.tokens, beside.stop.reason
            )?;
            match &beside.contrast {
                Some(contrast) => writeln!(out, "   {}\n", Shown::inline(contrast))?,
                None => writeln!(out, "   as far as both go, the same text as the best beam\n")?,
            }
        }
        writeln!(
            out,
            "{} evaluations · {} tokens through the model, {} from the KV cache · {:.0} ms in the model",
            spent.evaluations, spent.decoded_tokens, spent.reused_tokens, spent.model_ms
        )
    }

    fn page(&self, title: &str, prompt: &str, beams: &[BeamReport], beside: &[BesideReport]) -> String {
        let mut page = Page::new(&format!("logitscope beam · {title}"));
        let (width, alpha) = (self.job.beam.width, self.job.beam.length_penalty);
        page.note(&format!("{width} beams, score = ln P ÷ ((5 + tokens) ÷ 6)^{alpha}"));
        for beam in beams {
            page.subheading(&format!("Beam {}", beam.place + 1));
            page.plain_tokens(prompt, beam.tokens.iter().map(|token| (token.text.as_str(), token.p_raw)));
            page.note(&format!(
                "score {:.3} · ln P {:.2} · {} tokens · {}",
                beam.score,
                beam.log_probability,
                beam.tokens.len(),
                beam.stop.detail
            ));
        }
        for beside in beside {
            page.subheading(&beside.name);
            page.tokens(prompt, &beside.tokens, None);
            page.note(&format!("score {:.3} · ln P {:.2}", beside.score, beside.statistics.log_probability));
            if let Some(contrast) = &beside.contrast {
                page.note(contrast);
            }
        }
        page.finish()
    }
}

fn candidate(candidate: &BeamCandidate, vocabulary: &Vocabulary) -> CandidateReport {
    CandidateReport {
        beam: candidate.beam,
        id: candidate.token,
        text: piece(vocabulary, candidate.token),
        p: candidate.p,
        log_probability: candidate.log_probability,
        score: candidate.score,
        fate: match candidate.fate {
            Fate::Kept(_) => "kept",
            Fate::Finished(_) => "finished",
            Fate::Pruned => "pruned",
        },
    }
}
