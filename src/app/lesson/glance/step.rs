//! A step as expressions see it: the one on view, and the one just taken.

use std::sync::Arc;

use minijinja::{Error, ErrorKind, Value};

use super::{or_none, piece};
use crate::{
    app::{Candidates, Desk, Row},
    decode::Session,
    engine::Vocabulary,
    lesson::Part,
    sampling::{SamplingSettings, StageTrace, Trace},
    token::Token,
};

/// Candidates that are listed at most.
const LISTED: usize = 256;

/// What is known of a step.
struct Seen<'a> {
    candidates: &'a Candidates,
    trace: &'a Trace,
    survivors: usize,
    /// In bits; None where only some candidates are named.
    entropy: Option<f64>,
    chosen: Option<Token>,
    u: Option<f64>,
    lands: Option<Token>,
    /// Rank and probability of the likeliest end token, each where it is known.
    end: Option<(Option<usize>, Option<f64>)>,
}

/// The step on view; None where there is no distribution.
pub(super) fn on_view(desk: &mut Desk) -> Option<Value> {
    let frame = desk.frame();
    frame.node?;
    let seen = Seen {
        candidates: &frame.candidates,
        trace: frame.trace(),
        survivors: frame.survivor_count,
        entropy: frame.entropy_bits.exact(),
        chosen: frame.taken,
        u: frame.u,
        lands: frame.drawn,
        end: frame.eog.map(|(_, rank, p)| (rank.at(), p.exact())),
    };
    Some(part("step", &seen, desk.words()?))
}

/// The step that the text's last token came from; None where nothing was generated.
pub(super) fn last(desk: &mut Desk) -> Option<Value> {
    let session = desk.walk.session.as_mut()?;
    let length = session.path().tokens().len().checked_sub(1)?;
    if session.path().generated() == 0 {
        return None;
    }
    taken(session, length)
}

fn taken(session: &mut Session, length: usize) -> Option<Value> {
    let mut trace = Trace::default();
    let outcome = session.look(length, &mut trace)?;
    let survivors = session.chain().survivors().count();
    let logits = session.logits(length);
    let node = session.path().nodes()[length - 1];
    let step = session.path().step_at(length).map(|(step, _)| *step);
    let summary = session.summary(node)?;
    let end = summary.end.zip(logits.as_deref());
    let end = end.map(|((end, rank), logits)| {
        let probability = summary.probability(logits[end.index()]);
        (rank.at(), rank.at().map(|_| probability))
    });
    let seen = Seen {
        candidates: &Candidates::new(summary, logits.clone()),
        trace: &trace,
        survivors,
        entropy: summary.entropy_bits.exact(),
        chosen: session.path().tokens().get(length).copied(),
        u: step.and_then(|step| step.u),
        lands: Some(outcome.chosen),
        end,
    };
    Some(part("last", &seen, session.vocabulary()))
}

fn part(name: &'static str, seen: &Seen<'_>, vocabulary: &Vocabulary) -> Value {
    let mut list = seen.candidates.clone();
    list.search("", vocabulary);
    list.select(LISTED);
    let ranked = list.ranked();
    let candidate = |row: &Row| candidate(row, seen, vocabulary);
    let of_token = |token: Token| list.row_of(token).map(|row| candidate(&row));
    let mut so_far = 0.0;
    // The mass of the n likeliest, from none on.
    let masses: Vec<f64> = std::iter::once(0.0)
        .chain(ranked.iter().take(LISTED).map(|row| {
            so_far += seen.candidates.probability(row);
            so_far
        }))
        .collect();
    let rest = Value::from_function(move |n: usize| match masses.get(n) {
        Some(mass) => Ok((1.0 - mass).max(0.0)),
        None => Err(invalid(format!("rest takes a number from 0 to {}", masses.len() - 1))),
    });
    let end = seen.end.map(|(rank, probability)| {
        Part::value("end", vec![("rank", or_none(rank)), ("probability", or_none(probability))])
    });
    Part::value(
        name,
        vec![
            ("candidates", ranked.iter().take(LISTED).map(candidate).collect()),
            ("entropy", or_none(seen.entropy)),
            ("rest", rest),
            ("survivors", Value::from(seen.survivors)),
            ("chosen", or_none(seen.chosen.and_then(of_token))),
            ("u", or_none(seen.u)),
            ("lands", or_none(seen.lands.and_then(of_token))),
            ("end", or_none(end)),
        ],
    )
}

fn candidate(row: &Row, seen: &Seen<'_>, vocabulary: &Vocabulary) -> Value {
    let cut_by = seen.trace.cut_by(row.token);
    Part::value(
        "a candidate",
        vec![
            ("rank", Value::from(row.rank)),
            ("id", Value::from(row.token.0)),
            ("text", piece(vocabulary, row.token)),
            ("logit", Value::from(f64::from(row.logit))),
            ("raw", Value::from(seen.candidates.probability(row))),
            ("cumulative", Value::from(row.cumulative)),
            ("final", Value::from(seen.trace.p_final(row.token))),
            ("kept", Value::from(cut_by.is_none())),
            ("cut_by", or_none(cut_by)),
        ],
    )
}

/// A function: the model's own probability of a token of the step on view, by its text.
pub(super) fn probability_of(desk: &Desk) -> Option<Value> {
    let list = desk.frame().candidates.clone();
    by_text(desk, move |row| Value::from(list.probability(row)))
}

/// A function: the rank of a token of the step on view, by its text.
pub(super) fn rank_of(desk: &Desk) -> Option<Value> {
    by_text(desk, |row| Value::from(row.rank))
}

fn by_text(desk: &Desk, of: impl Fn(&Row) -> Value + Send + Sync + 'static) -> Option<Value> {
    desk.frame().node?;
    let vocabulary = Arc::clone(desk.session()?.vocabulary());
    let list = desk.frame().candidates.clone();
    Some(Value::from_function(move |text: String| {
        let ids = 0..vocabulary.len() as u32;
        let own = ids.map(Token).filter(|&token| vocabulary.piece(token) == text.as_bytes());
        let rows = own.filter_map(|token| list.row_of(token));
        match rows.min_by_key(|row| row.rank) {
            Some(row) => Ok(of(&row)),
            None => Err(invalid(format!("the vocabulary has no token “{text}”"))),
        }
    }))
}

/// The stages of the chain at the choice on view, with the setting of each.
pub(super) fn stages(stages: &[StageTrace], settings: &SamplingSettings) -> Value {
    let told = stages.iter().map(|stage| {
        let setting = match stage.label {
            "top-k" => Value::from(settings.top_k),
            "top-p" => Value::from(f64::from(settings.top_p)),
            "min-p" => Value::from(f64::from(settings.min_p)),
            "typical-p" => Value::from(f64::from(settings.typical_p)),
            "top-n-sigma" => Value::from(f64::from(settings.top_n_sigma)),
            "temperature" => Value::from(f64::from(settings.temperature)),
            _ => Value::from(()),
        };
        Part::value(
            "a stage",
            vec![
                ("name", Value::from(stage.label)),
                ("setting", setting),
                ("on", Value::from(true)),
                ("survivors", Value::from(stage.kept)),
            ],
        )
    });
    told.collect()
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
