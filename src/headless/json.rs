//! A run as JSON lines: one `start`, one `token` a token, one `stop`. docs/json.md documents them.

use std::io::{self, Write};

use serde::Serialize;

use super::{Job, Output, Report};
use crate::{
    decode::{Hindsight, Session},
    distribution::{Bounds, Rank, Tail},
    engine::Model,
    sampling::{Chain, SamplingSettings},
    settings::StopSettings,
    text::Utf8Stream,
    token::Token,
    tree::NodeId,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start { model: &'a ModelLine, settings: Settings<'a>, prompt_tokens: &'a [Token] },
    Token(Box<TokenLine<'a>>),
    Stop(StopLine<'a>),
}

/// What was loaded.
#[derive(Serialize)]
pub(super) struct ModelLine {
    name: String,
    path: String,
    /// None where a server does not tell.
    architecture: Option<String>,
    parameters: Option<u64>,
    vocabulary: usize,
    device: String,
}

impl ModelLine {
    /// Of a loaded one.
    pub(super) fn of(loaded: &dyn Model) -> Self {
        let info = &loaded.info();
        Self {
            name: info.title.clone(),
            path: info.name.clone(),
            architecture: info.file.as_ref().map(|file| file.architecture.clone()),
            parameters: info.parameters(),
            vocabulary: loaded.vocabulary().len(),
            device: info.device.clone(),
        }
    }
}

/// Writes one JSON object and ends the line.
pub(super) fn write_line(out: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    let mut buffer = serde_json::to_vec(line)?;
    buffer.push(b'\n');
    out.write_all(&buffer)?;
    out.flush()
}

#[derive(Serialize)]
struct Settings<'a> {
    sampling: &'a SamplingSettings,
    stop: &'a StopSettings,
    context: usize,
}

#[derive(Serialize)]
struct TokenLine<'a> {
    index: usize,
    id: Token,
    /// Text that this token completes; bytes of a character that is not complete yet come with a later token.
    text: &'a str,
    bytes: &'a [u8],
    logit: f32,
    p_raw: f64,
    p_final: f64,
    rank: Rank,
    entropy_bits: Bounds,
    surprisal_bits: f64,
    p_eog: Bounds,
    eog_rank: Option<Rank>,
    u: Option<f64>,
    top: Vec<Candidate<'a>>,
    tail_mass: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<PartialLine>,
}

/// What a server left out, and what it means for the chain.
#[derive(Serialize)]
struct PartialLine {
    named: usize,
    unnamed_mass: f64,
    unnamed_bound: f64,
    /// Probability of the unnamed tokens together after the chain.
    unnamed_final: f64,
    exact: bool,
    not_exact: Vec<NotExact>,
}

#[derive(Serialize)]
struct NotExact {
    stage: &'static str,
    why: String,
}

impl PartialLine {
    fn of(tail: &Tail, chain: &Chain) -> Option<Self> {
        let left = chain.unnamed()?;
        let stages = chain.stages().iter().filter_map(|stage| Some((stage.label, stage.doubt?)));
        let draw = left.doubt.map(|doubt| ("draw", doubt));
        let not_exact = stages.chain(draw).map(|(stage, doubt)| NotExact { stage, why: doubt.to_string() });
        Some(Self {
            named: tail.known,
            unnamed_mass: tail.mass,
            unnamed_bound: tail.bound,
            unnamed_final: left.p,
            exact: left.doubt.is_none(),
            not_exact: not_exact.collect(),
        })
    }
}

#[derive(Serialize)]
struct Candidate<'a> {
    id: Token,
    text: std::borrow::Cow<'a, str>,
    logit: f32,
    p_raw: f64,
    p_final: f64,
    cut_by: Option<&'a str>,
}

#[derive(Serialize)]
struct StopLine<'a> {
    reason: &'a str,
    detail: &'a str,
    tokens: usize,
    would_have_stopped: &'a Hindsight,
    timings: Timings,
    kv: Kv,
}

#[derive(Serialize)]
struct Timings {
    load_ms: f64,
    prefill_ms: f64,
    prefill_tokens_per_second: f64,
    decode_ms: f64,
    decode_tokens_per_second: f64,
}

#[derive(Serialize)]
struct Kv {
    cells: usize,
    bytes: u64,
}

pub(super) struct JsonOutput<'a> {
    out: &'a mut dyn Write,
    model: ModelLine,
    job: &'a Job,
    stream: Utf8Stream,
    line: Vec<u8>,
}

impl<'a> JsonOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, loaded: &dyn Model, job: &'a Job) -> Self {
        Self { out, model: ModelLine::of(loaded), job, stream: Utf8Stream::new(), line: Vec::new() }
    }

    fn write(out: &mut dyn Write, buffer: &mut Vec<u8>, line: &Line<'_>) -> io::Result<()> {
        buffer.clear();
        serde_json::to_writer(&mut *buffer, line)?;
        buffer.push(b'\n');
        out.write_all(buffer)?;
        out.flush()
    }
}

impl Output for JsonOutput<'_> {
    fn start(&mut self, session: &Session) -> io::Result<()> {
        let line = Line::Start {
            model: &self.model,
            settings: Settings {
                sampling: session.settings(),
                stop: &self.job.settings.stop,
                context: session.context(),
            },
            prompt_tokens: session.path().tokens(),
        };
        Self::write(self.out, &mut self.line, &line)
    }

    fn token(&mut self, session: &mut Session, node: NodeId) -> io::Result<()> {
        let tree = session.tree();
        let vocabulary = session.vocabulary();
        let (Some(token), Some(step)) = (tree.node(node).token, tree.node(node).step) else { return Ok(()) };
        let Some(parent) = tree.node(node).parent else { return Ok(()) };
        let Some(summary) = session.summary(parent) else { return Ok(()) };
        let chain = session.chain();
        let top: Vec<Candidate> = summary.top[..summary.top.len().min(self.job.top)]
            .iter()
            .map(|c| Candidate {
                id: c.token,
                text: String::from_utf8_lossy(vocabulary.piece(c.token)),
                logit: c.logit,
                p_raw: summary.probability(c.logit),
                p_final: chain.p_final(c.token),
                cut_by: chain.cut_by(c.token),
            })
            .collect();
        let bytes = vocabulary.piece(token);
        let text = self.stream.push(bytes);
        let tail_mass = (1.0 - top.iter().map(|c| c.p_raw).sum::<f64>()).max(0.0);
        let line = Line::Token(Box::new(TokenLine {
            index: session.path().generated() - 1,
            id: token,
            text: &text,
            bytes,
            logit: step.logit,
            p_raw: step.p_raw,
            p_final: step.p_final,
            rank: step.rank,
            entropy_bits: step.entropy_bits,
            surprisal_bits: step.surprisal_bits,
            p_eog: step.p_eog,
            eog_rank: step.eog_rank,
            u: step.u,
            top,
            tail_mass,
            partial: summary.tail.as_ref().and_then(|tail| PartialLine::of(tail, chain)),
        }));
        Self::write(self.out, &mut self.line, &line)
    }

    fn stop(&mut self, session: &Session, report: &Report<'_>) -> io::Result<()> {
        let t = &report.timings;
        let line = Line::Stop(StopLine {
            reason: report.reason.name(),
            detail: &report.detail,
            tokens: session.path().generated(),
            would_have_stopped: &session.hindsight(),
            timings: Timings {
                load_ms: t.load.as_secs_f64() * 1e3,
                prefill_ms: t.prefill.as_secs_f64() * 1e3,
                prefill_tokens_per_second: t.prefill_rate(),
                decode_ms: t.decode.as_secs_f64() * 1e3,
                decode_tokens_per_second: t.decode_rate(),
            },
            kv: Kv { cells: report.cells, bytes: report.bytes },
        });
        Self::write(self.out, &mut self.line, &line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        distribution::{Row, cut},
        sampling::{ChainModel, SamplerState},
    };

    #[test]
    fn what_was_not_named_is_told_by_the_documented_names() {
        let (known, tail) = cut(&[0.5_f32, 0.25, 0.125, 0.125].map(f32::ln), 2);
        let model = ChainModel { n_vocab: 4, context_size: 8, ..ChainModel::default() };
        let told = |settings: &SamplingSettings| {
            let mut chain = Chain::new(settings, 1, &model).expect("a chain");
            chain.apply(Row { logits: &known, tail: Some(tail) }, &[], &SamplerState::default(), 0.1, true);
            serde_json::to_value(PartialLine::of(&tail, &chain)).expect("plain data")
        };
        let line = told(&SamplingSettings::default());
        assert_eq!((&line["named"], &line["exact"]), (&2.into(), &false.into()));
        assert_eq!(line["not_exact"][0]["stage"], "top-k");
        let exact = told(&SamplingSettings { top_k: 2, ..SamplingSettings::default() });
        assert_eq!((&exact["exact"], &exact["unnamed_final"]), (&true.into(), &0.0.into()));
        let page = include_str!("../../docs/json.md");
        for name in line.as_object().expect("an object").keys() {
            assert!(page.contains(&format!("`{name}`")), "{name} is not documented");
        }
    }
}
