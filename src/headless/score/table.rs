//! Scores as a table, for files and pipes, and the lines below it, which coloured text has too.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::ScoreOutput;
use crate::{
    distribution::Rank,
    engine::Vocabulary,
    headless::output::counted,
    score::{ScoredToken, Scores},
    text::{Spaces, TokenText},
    token::Token,
    tree::Step,
};

/// Cells of a column of tokens; a longer one moves what follows it to the right.
const TOKEN: usize = 16;

pub(super) struct TableOutput<'a> {
    out: &'a mut dyn Write,
    /// What the tokens so far left incomplete.
    text: TokenText,
}

impl<'a> TableOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, text: TokenText::new() }
    }
}

impl ScoreOutput for TableOutput<'_> {
    fn start(&mut self, _: &[Token], _: &Vocabulary) -> io::Result<()> {
        writeln!(self.out, "{}", head())
    }

    fn token(&mut self, scored: &ScoredToken<'_>, vocabulary: &Vocabulary) -> io::Result<()> {
        let shown = self.text.peek(vocabulary.piece(scored.token), Spaces::Marked);
        let likeliest = self.text.peek(vocabulary.piece(scored.step.likeliest), Spaces::Marked);
        let _ = self.text.push(vocabulary.piece(scored.token), Spaces::Marked);
        let row = row(scored.index, shown.as_str(), likeliest.as_str(), &scored.step);
        writeln!(self.out, "{row}{}", if scored.counted { "" } else { "  not counted" })
    }

    fn finish(&mut self, scores: &Scores, vocabulary: &Vocabulary) -> io::Result<()> {
        totals(self.out, scores, vocabulary)
    }
}

fn head() -> String {
    format!(
        "{:>7} {} {:>9} {:>7} {:>7}  {} {:>9}",
        "index",
        padded("token"),
        "p",
        "rank",
        "bits",
        padded("likeliest"),
        "p"
    )
}

fn row(index: usize, token: &str, likeliest: &str, step: &Step) -> String {
    format!(
        "{index:>7} {} {:>9} {:>7} {:>7}  {} {:>9}",
        padded(token),
        p(step.p_raw),
        match step.rank {
            Rank::At(rank) => rank.to_string(),
            Rank::Beyond(before) => format!(">{before}"),
        },
        if step.surprisal_bits.is_nan() { "?".to_owned() } else { format!("{:.3}", step.surprisal_bits) },
        padded(likeliest),
        p(step.p_top),
    )
}

fn padded(text: &str) -> String {
    format!("{text}{}", " ".repeat(TOKEN.saturating_sub(text.width())))
}

/// A probability with four digits, or as a power of ten where these would show little.
fn p(p: f64) -> String {
    if p.is_nan() {
        return "?".to_owned();
    }
    if p >= 0.001 { format!("{p:.4}") } else { format!("{p:.2e}") }
}

/// The sums, and the most surprising tokens.
pub(super) fn totals(out: &mut dyn Write, scores: &Scores, vocabulary: &Vocabulary) -> io::Result<()> {
    let totals = &scores.totals;
    writeln!(out)?;
    if !scores.complete {
        writeln!(out, "interrupted: only the tokens before the interruption are scored")?;
    }
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
    if totals.unknown > 0 {
        writeln!(
            out,
            "not known: how likely {} were that the server did not name, so there are no sums",
            counted(totals.unknown, "token")
        )?;
    }
    writeln!(
        out,
        "perplexity {} ± {} · {} bits per token · {} bits per byte · {} counted, {}",
        number(totals.perplexity()),
        number(totals.perplexity_error()),
        number(totals.bits_per_token()),
        number(totals.bits_per_byte()),
        counted(totals.counted, "token"),
        counted(totals.bytes, "byte"),
    )?;
    let surprises = totals.surprises();
    if !surprises.is_empty() {
        writeln!(out, "\nmost surprising:\n{}", head())?;
    }
    let shown = |token| TokenText::new().peek(vocabulary.piece(token), Spaces::Marked).into_owned();
    for surprise in surprises {
        let (token, likeliest) = (shown(surprise.token), shown(surprise.step.likeliest));
        writeln!(out, "{}", row(surprise.index, token.as_str(), likeliest.as_str(), &surprise.step))?;
    }
    out.flush()
}
