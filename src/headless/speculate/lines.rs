//! Rounds as JSON lines: a `start`, a `round` for each, a `stop`. docs/json.md documents them.

use std::io::{self, Write};

use serde::Serialize;

use super::{End, Models, SpeculateOutput};
use crate::{
    decode::speculative::{Arrival, DraftEnd, DraftSource, Drafted, Pass, Role, Rule, Speculation, Trial},
    engine::Vocabulary,
    headless::json::{ModelLine, write_line},
    sampling::SamplingSettings,
    text::Utf8Stream,
    token::Token,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start(Box<Start<'a>>),
    Round(Box<RoundLine>),
    Stop(Box<Stop<'a>>),
}

#[derive(Serialize)]
struct Start<'a> {
    model: &'a ModelLine,
    draft_model: Option<&'a ModelLine>,
    sampling: &'a SamplingSettings,
    context: usize,
    prompt_tokens: &'a [Token],
    spec: Spec,
}

#[derive(Serialize)]
struct Spec {
    types: Vec<&'static str>,
    rule: &'static str,
    n_max: usize,
    n_min: usize,
    p_min: f64,
    ngram_size_n: usize,
    ngram_size_m: usize,
}

#[derive(Serialize)]
struct RoundLine {
    round: usize,
    begin: usize,
    source: &'static str,
    copied: Option<CopiedLine>,
    draft_end: &'static str,
    thrown_away: usize,
    drafted: Vec<DraftedLine>,
    tokens: Vec<TokenLine>,
    text: String,
    draft_passes: Vec<PassLine>,
    target_passes: Vec<PassLine>,
    rolled_back: Back,
}

#[derive(Serialize)]
struct CopiedLine {
    found: usize,
    from: usize,
    tokens: usize,
}

#[derive(Serialize)]
struct Back {
    target: usize,
    draft: usize,
}

#[derive(Serialize)]
struct DraftedLine {
    id: Token,
    text: String,
    q: Option<f64>,
    p: Option<f64>,
    overlap: Option<f64>,
    u: Option<f64>,
    drawn: Option<Token>,
    share: Option<(f64, f64)>,
    verdict: &'static str,
    residual: Option<Vec<Mass>>,
    residual_u: Option<f64>,
}

#[derive(Serialize)]
struct Mass {
    id: Token,
    text: String,
    p: f64,
}

#[derive(Serialize)]
struct TokenLine {
    id: Token,
    text: String,
    how: &'static str,
}

#[derive(Serialize)]
struct PassLine {
    rows: usize,
    ms: f64,
    replayed: bool,
}

#[derive(Serialize)]
struct Stop<'a> {
    reason: &'a str,
    detail: &'a str,
    tokens: usize,
    rounds: usize,
    drafted: usize,
    looked_at: usize,
    accepted: usize,
    by_position: &'a [(usize, usize)],
    tokens_a_pass: Option<f64>,
    tokens_a_pass_expected: Option<f64>,
    target_passes: usize,
    target_rows: usize,
    draft_passes: usize,
    draft_rows: usize,
    rolled_back: Back,
    replays: usize,
    reading: Vec<ReadingLine>,
    ms: f64,
    draft_ms: f64,
    target_ms: f64,
    price: Option<PriceLine>,
    against_plain: Option<AgainstLine>,
}

#[derive(Serialize)]
struct ReadingLine {
    model: &'static str,
    rows: usize,
    ms: f64,
}

#[derive(Serialize)]
struct PriceLine {
    one_row_ms: f64,
    rows: usize,
    c: f64,
    v: f64,
    speed_up_expected: Option<f64>,
}

#[derive(Serialize)]
struct AgainstLine {
    tokens: usize,
    ms: f64,
    speed_up: Option<f64>,
    why: Option<String>,
    same_tokens: Option<usize>,
    difference: Option<DifferenceLine>,
    largest_logit_difference: Option<f32>,
}

#[derive(Serialize)]
struct DifferenceLine {
    index: usize,
    plain: Token,
    speculative: Token,
    margin: Option<f64>,
}

pub(super) struct JsonOutput<'a> {
    out: &'a mut dyn Write,
    model: ModelLine,
    draft: Option<ModelLine>,
    stream: Utf8Stream,
}

impl<'a> JsonOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, models: &Models) -> Self {
        Self {
            out,
            model: ModelLine::of(&models.target),
            draft: models.draft.as_ref().map(|draft| ModelLine::of(draft)),
            stream: Utf8Stream::new(),
        }
    }
}

impl SpeculateOutput for JsonOutput<'_> {
    fn start(&mut self, walk: &Speculation) -> io::Result<()> {
        let settings = walk.settings();
        let sources = [(settings.sources.lookup, "ngram-simple"), (settings.sources.model, "draft-simple")];
        let line = Line::Start(Box::new(Start {
            model: &self.model,
            draft_model: self.draft.as_ref(),
            sampling: walk.cursor().settings(),
            context: walk.cursor().context(),
            prompt_tokens: walk.cursor().path().prompt_tokens(),
            spec: Spec {
                types: sources.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name).collect(),
                rule: walk.rule().name(),
                n_max: settings.n_max,
                n_min: settings.n_min,
                p_min: settings.p_min,
                ngram_size_n: settings.lookup.n,
                ngram_size_m: settings.lookup.length,
            },
        }));
        write_line(self.out, &line)
    }

    fn round(&mut self, walk: &Speculation) -> io::Result<()> {
        let Some(round) = walk.rounds().last() else { return Ok(()) };
        let vocabulary = walk.cursor().vocabulary();
        let mut text = String::new();
        let mut token = |&(id, how): &(Token, Arrival)| {
            let piece = self.stream.push(vocabulary.piece(id));
            text.push_str(&piece);
            TokenLine { id, text: piece, how: how.name() }
        };
        let tokens = round.tokens.iter().map(&mut token).collect();
        let (source, copied) = match round.source {
            DraftSource::Model => ("model", None),
            DraftSource::Lookup(copied) => ("lookup", Some(copied)),
            DraftSource::Nothing => ("none", None),
        };
        let line = RoundLine {
            round: walk.rounds().len() - 1,
            begin: round.begin,
            source,
            copied: copied.map(|c| CopiedLine { found: c.found, from: c.from, tokens: c.tokens }),
            draft_end: end_name(round.end),
            thrown_away: round.thrown_away,
            drafted: round.drafted.iter().map(|drafted| drafted_line(drafted, vocabulary)).collect(),
            tokens,
            text,
            draft_passes: passes(&round.draft_passes),
            target_passes: passes(&round.target_passes),
            rolled_back: Back { target: round.target_back, draft: round.draft_back },
        };
        write_line(self.out, &Line::Round(Box::new(line)))
    }

    fn stop(&mut self, walk: &Speculation, end: &End<'_>) -> io::Result<()> {
        write_line(self.out, &Line::Stop(Box::new(stop_line(walk, end))))
    }
}

fn end_name(end: DraftEnd) -> &'static str {
    match end {
        DraftEnd::Full => "full",
        DraftEnd::Unsure(_) => "p-min",
        DraftEnd::NoRoom => "no-room",
        DraftEnd::None => "none",
        DraftEnd::Unknown => "unknown-token",
    }
}

fn text_of(vocabulary: &Vocabulary, token: Token) -> String {
    String::from_utf8_lossy(vocabulary.piece(token)).into_owned()
}

fn drafted_line(drafted: &Drafted, vocabulary: &Vocabulary) -> DraftedLine {
    let (u, drawn, share) = match drafted.trial {
        Some(Trial::Drawn { token, u, share }) => (u, Some(token), share),
        Some(Trial::Weighed { u }) => (Some(u), None, None),
        None => (None, None, None),
    };
    let mass = |&(id, p): &(Token, f64)| Mass { id, text: text_of(vocabulary, id), p };
    DraftedLine {
        id: drafted.token,
        text: text_of(vocabulary, drafted.token),
        q: drafted.q,
        p: drafted.p,
        overlap: drafted.overlap,
        u,
        drawn,
        share,
        verdict: drafted.verdict.name(),
        residual: drafted.residual.as_ref().map(|(masses, _)| masses.iter().map(mass).collect()),
        residual_u: drafted.residual.as_ref().map(|(_, u)| *u),
    }
}

fn passes(passes: &[Pass]) -> Vec<PassLine> {
    let line = |pass: &Pass| PassLine { rows: pass.rows, ms: ms(pass.time), replayed: pass.replayed };
    passes.iter().map(line).collect()
}

fn ms(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn stop_line<'a>(walk: &Speculation, end: &'a End<'_>) -> Stop<'a> {
    let gains = &end.gains;
    let reading = walk.reading().iter().map(|(model, pass)| ReadingLine {
        model: if *model == Role::Target { "target" } else { "draft" },
        rows: pass.rows,
        ms: ms(pass.time),
    });
    let price = end.price.map(|price| PriceLine {
        one_row_ms: ms(price.one),
        rows: price.rows,
        c: price.c,
        v: price.v,
        speed_up_expected: price.expected(gains),
    });
    let against = end.against.as_ref().map(|against| {
        let plain = Some(against.plain).filter(|_| walk.rule() == Rule::Match);
        AgainstLine {
            tokens: against.tokens,
            ms: ms(against.time),
            speed_up: end.ratio(),
            why: end.why(),
            same_tokens: plain.map(crate::decode::speculative::Plain::same),
            difference: plain.and_then(|plain| plain.difference()).map(|d| DifferenceLine {
                index: d.index,
                plain: d.plain,
                speculative: d.speculative,
                margin: d.margin,
            }),
            largest_logit_difference: plain.map(crate::decode::speculative::Plain::largest_difference),
        }
    });
    Stop {
        reason: end.reason.name(),
        detail: &end.detail,
        tokens: walk.cursor().path().generated(),
        rounds: gains.rounds,
        drafted: gains.drafted,
        looked_at: gains.looked_at,
        accepted: gains.accepted,
        by_position: &gains.by_position,
        tokens_a_pass: gains.tokens_a_pass(),
        tokens_a_pass_expected: gains.expected_tokens(),
        target_passes: gains.target_passes,
        target_rows: gains.target_rows,
        draft_passes: gains.draft_passes,
        draft_rows: gains.draft_rows,
        rolled_back: Back { target: gains.target_back, draft: gains.draft_back },
        replays: gains.replays,
        reading: reading.collect(),
        ms: ms(end.time),
        draft_ms: ms(gains.draft_time),
        target_ms: ms(gains.target_time),
        price,
        against_plain: against,
    }
}
