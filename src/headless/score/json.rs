//! Scores as JSON lines: one `start`, one `token` a token, one `score`. docs/json.md documents them.

use std::io::{self, Write};

use serde::Serialize;

use super::{ScoreJob, ScoreOutput};
use crate::{
    distribution::{Bounds, Rank},
    engine::{Model, Vocabulary},
    headless::json::ModelLine,
    score::{ScoredToken, Scores, Windows},
    text::Utf8Stream,
    token::Token,
    tree::Step,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start { model: &'a ModelLine, chunk: Option<usize>, tokens: &'a [Token] },
    Token(Box<TokenLine<'a>>),
    Score(ScoreLine<'a>),
}

#[derive(Serialize)]
struct TokenLine<'a> {
    index: usize,
    id: Token,
    /// Text that this token completes, as in a run.
    text: &'a str,
    bytes: &'a [u8],
    counted: bool,
    #[serde(flatten)]
    numbers: Numbers,
    top: Vec<Candidate<'a>>,
}

/// How likely a token was.
#[derive(Serialize)]
struct Numbers {
    logit: f32,
    p_raw: f64,
    rank: Rank,
    entropy_bits: Bounds,
    surprisal_bits: f64,
    p_eog: Bounds,
}

impl From<&Step> for Numbers {
    fn from(step: &Step) -> Self {
        Self {
            logit: step.logit,
            p_raw: step.p_raw,
            rank: step.rank,
            entropy_bits: step.entropy_bits,
            surprisal_bits: step.surprisal_bits,
            p_eog: step.p_eog,
        }
    }
}

#[derive(Serialize)]
struct Candidate<'a> {
    id: Token,
    text: std::borrow::Cow<'a, str>,
    p_raw: f64,
}

#[derive(Serialize)]
struct ScoreLine<'a> {
    complete: bool,
    counted: usize,
    bytes: usize,
    perplexity: Option<f64>,
    perplexity_error: Option<f64>,
    bits_per_token: Option<f64>,
    bits_per_byte: Option<f64>,
    surprises: Vec<SurpriseLine<'a>>,
}

#[derive(Serialize)]
struct SurpriseLine<'a> {
    index: usize,
    id: Token,
    text: std::borrow::Cow<'a, str>,
    p_raw: f64,
    rank: Rank,
    surprisal_bits: f64,
    likeliest: Candidate<'a>,
}

pub(super) struct JsonOutput<'a> {
    out: &'a mut dyn Write,
    model: ModelLine,
    chunk: Option<usize>,
    top: usize,
    stream: Utf8Stream,
    line: Vec<u8>,
}

impl<'a> JsonOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, loaded: &dyn Model, job: &ScoreJob) -> Self {
        let chunk = match job.windows {
            Windows::Whole => None,
            Windows::Chunks(chunk) => Some(chunk),
        };
        let model = ModelLine::of(loaded);
        Self { out, model, chunk, top: job.top, stream: Utf8Stream::new(), line: Vec::new() }
    }

    fn write(out: &mut dyn Write, buffer: &mut Vec<u8>, line: &Line<'_>) -> io::Result<()> {
        buffer.clear();
        serde_json::to_writer(&mut *buffer, line)?;
        buffer.push(b'\n');
        out.write_all(buffer)
    }
}

fn text(vocabulary: &Vocabulary, token: Token) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(vocabulary.piece(token))
}

impl ScoreOutput for JsonOutput<'_> {
    fn start(&mut self, tokens: &[Token], _: &Vocabulary) -> io::Result<()> {
        let line = Line::Start { model: &self.model, chunk: self.chunk, tokens };
        Self::write(self.out, &mut self.line, &line)
    }

    fn token(&mut self, scored: &ScoredToken<'_>, vocabulary: &Vocabulary) -> io::Result<()> {
        let summary = scored.summary;
        let top = summary.top[..summary.top.len().min(self.top)].iter().map(|candidate| Candidate {
            id: candidate.token,
            text: text(vocabulary, candidate.token),
            p_raw: summary.probability(candidate.logit),
        });
        let bytes = vocabulary.piece(scored.token);
        let completed = self.stream.push(bytes);
        let line = Line::Token(Box::new(TokenLine {
            index: scored.index,
            id: scored.token,
            text: &completed,
            bytes,
            counted: scored.counted,
            numbers: Numbers::from(&scored.step),
            top: top.collect(),
        }));
        Self::write(self.out, &mut self.line, &line)
    }

    fn finish(&mut self, scores: &Scores, vocabulary: &Vocabulary) -> io::Result<()> {
        let totals = &scores.totals;
        let surprises = totals.surprises().into_iter().map(|surprise| {
            let step = surprise.step;
            let likeliest =
                Candidate { id: step.likeliest, text: text(vocabulary, step.likeliest), p_raw: step.p_top };
            SurpriseLine {
                index: surprise.index,
                id: surprise.token,
                text: text(vocabulary, surprise.token),
                p_raw: step.p_raw,
                rank: step.rank,
                surprisal_bits: step.surprisal_bits,
                likeliest,
            }
        });
        let line = Line::Score(ScoreLine {
            complete: scores.complete,
            counted: totals.counted,
            bytes: totals.bytes,
            perplexity: totals.perplexity(),
            perplexity_error: totals.perplexity_error(),
            bits_per_token: totals.bits_per_token(),
            bits_per_byte: totals.bits_per_byte(),
            surprises: surprises.collect(),
        });
        Self::write(self.out, &mut self.line, &line)?;
        self.out.flush()
    }
}
