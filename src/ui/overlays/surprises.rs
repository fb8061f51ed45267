//! The tokens that the model found least likely, with what it would have said there.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{State, SurpriseList},
    decode::Session,
    ui::{
        numbers::{PROBABILITY_WIDTH, bits, perplexity, probability, ranked_short, thousands},
        rows::fitting,
        widgets::elide,
    },
};

/// Cells of the sheet's text at most.
const WIDTH: u16 = 76;
/// Cells of the columns of position, rank and bits, with the space before them.
const POSITION: usize = 8;
const RANK: usize = 9;
const BITS: usize = 7;
/// Cells of a column of probabilities.
const P: usize = PROBABILITY_WIDTH as usize + 1;
/// Below this width the ranks are left out.
const ROOM_FOR_RANKS: u16 = 60;

/// ```text
/// ╭ Most surprising tokens ───────────────────────────── 1–12 of 40 ╮
/// │   token              p  rank  bits  model's choice              │
/// │ ▸    17 ␣dragon   .001   112  9.97  ␣girl    .471               │
/// │ prompt: perplexity 3.2 · 0.41 bits per byte                      │
/// ╰ ↵ go there   esc close ─────────────────────────────────────────╯
/// ```
pub(super) fn sheet(state: &State, list: &SurpriseList, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, WIDTH);
    let columns = Columns::of(width);
    let rows = state.session().map_or_else(Vec::new, |session| {
        let row = |(index, &position): (usize, &usize)| {
            row(state, session, columns, position, index == list.selected)
        };
        list.rows.iter().enumerate().map(row).collect()
    });
    let Columns { text, rank } = columns;
    let head = format!(
        "{:>POSITION$} {:text$}{:>P$}{:>rank$}{:>BITS$}  {:text$}{:>P$}",
        "token",
        "",
        "p",
        if rank > 0 { "rank" } else { "" },
        "bits",
        fitting(&["model's choice", "likeliest", ""].map(str::to_owned), text),
        "p"
    );
    let mut sheet = Sheet {
        title: Line::styled("Most surprising tokens", theme.title(true)),
        border: theme.border(true),
        width,
        head: vec![Line::styled(head, theme.dim())],
        rows,
        selected: Some(list.selected),
        foot: state.session().map_or_else(Vec::new, |session| of_prompt(state, session, width)),
        ..Sheet::default()
    };
    if sheet.rows.is_empty() {
        sheet.selected = None;
        sheet.head.clear();
        let why = "Nothing to list yet: generate some tokens, or score a text.";
        sheet.rows = prose(why, width, theme.text());
    }
    sheet
}

/// What the scores of the prompt come to, where it is scored.
fn of_prompt(state: &State, session: &Session, width: u16) -> Vec<Line<'static>> {
    let Some((found, bits)) = session.prompt_perplexity().zip(session.prompt_bits_per_byte()) else {
        return Vec::new();
    };
    let text = format!("prompt: perplexity {} · {bits:.4} bits per byte", perplexity(found));
    prose(&text, width, state.theme().text())
}

/// Cells of the columns that give way.
#[derive(Clone, Copy)]
struct Columns {
    text: usize,
    rank: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let rank = if width >= ROOM_FOR_RANKS { RANK } else { 0 };
        let fixed = POSITION + 1 + P + rank + BITS + 2 + P;
        Self { text: usize::from(width).saturating_sub(fixed) / 2, rank }
    }
}

fn row(state: &State, session: &Session, columns: Columns, position: usize, selected: bool) -> Line<'static> {
    let theme = state.theme();
    let path = session.path();
    let (Some((step, _)), Some(&token)) = (path.step_at(position), path.tokens().get(position)) else {
        return Line::default();
    };
    let shown = |token| {
        let text = state.transcript().peek(position, token, session.vocabulary());
        let text = elide(text.as_str(), columns.text);
        format!("{text}{}", " ".repeat(columns.text.saturating_sub(text.width())))
    };
    let rank = if columns.rank > 0 { ranked_short(step.rank) } else { String::new() };
    let number = thousands(position + 1);
    Line::from(vec![
        Span::styled(format!("{} {number:>1$} ", row_mark(selected), POSITION - 2), theme.dim()),
        Span::styled(shown(token), theme.probability(step.p_raw)),
        Span::styled(format!("{:>P$}", probability(step.p_raw)), theme.text()),
        Span::styled(format!("{rank:>0$}", columns.rank), theme.dim()),
        Span::styled(format!("{:>BITS$}  ", bits(step.surprisal_bits)), theme.text()),
        Span::styled(shown(step.likeliest), theme.text()),
        Span::styled(format!("{:>P$}", probability(step.p_top)), theme.text()),
    ])
}
