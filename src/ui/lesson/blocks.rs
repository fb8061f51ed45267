//! The texts of a lesson's step as rows. Where not all have room what was read first gives way.

use std::ops::Range;

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{Phase, Player, State},
    keymap::Action,
    lesson::Kind,
    text::Shown,
    theme::{Marks, Theme},
    ui::rows::wrap_words,
};

/// Something in a row that can be clicked, in columns of the row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// An option.
    Option { index: usize, from: u16, width: u16 },
    /// The ruler from 0 to 1.
    Ruler { from: u16, width: u16 },
}

impl Part {
    pub(super) fn columns(&self) -> Range<u16> {
        let (Self::Option { from, width, .. } | Self::Ruler { from, width }) = self;
        *from..from + width
    }
}

/// A row, and what can be clicked in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub line: Line<'static>,
    pub parts: Vec<Part>,
}

/// Rows that belong together; of two blocks the one of the lower rank gives way.
struct Block {
    rank: u8,
    rows: Vec<Row>,
}

/// The rows that have room, from the top.
pub(super) fn rows(state: &State, player: &Player, inside: Rect) -> Vec<Row> {
    let width = usize::from(inside.width);
    if width == 0 || inside.height == 0 {
        return Vec::new();
    }
    let mut blocks = blocks(state, player, width);
    blocks.retain(|block| !block.rows.is_empty());
    let room = usize::from(inside.height);
    while blocks.iter().map(|block| block.rows.len()).sum::<usize>() > room {
        let over = blocks.iter().map(|block| block.rows.len()).sum::<usize>() - room;
        let Some(least) = (0..blocks.len()).min_by_key(|&at| blocks[at].rank) else { break };
        let block = &mut blocks[least];
        if block.rows.len() > over {
            block.rows.truncate(block.rows.len() - over);
            if let Some(last) = block.rows.last_mut() {
                last.line.push_span(Span::raw(" …"));
            }
        } else {
            blocks.remove(least);
        }
    }
    blocks.into_iter().flat_map(|block| block.rows).collect()
}

/// How many rows all texts take together.
pub(super) fn wanted(state: &State, player: &Player, width: usize) -> usize {
    if width == 0 {
        return 0;
    }
    blocks(state, player, width).iter().map(|block| block.rows.len()).sum()
}

fn blocks(state: &State, player: &Player, width: usize) -> Vec<Block> {
    let (theme, said) = (state.theme(), player.said());
    let mut blocks = Vec::new();
    let mut tell = |rank: u8, lead: &'static str, text: Option<&str>, style: Style| {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
        blocks.push(Block { rank, rows: prose(lead, text, style, theme, width) });
    };
    if let Some(fault) = player.trouble() {
        tell(9, Marks::ERROR, Some(&fault.to_string()), theme.error());
    }
    match player.phase() {
        Phase::SettingUp => tell(1, "⋯", Some("The screen is being set up."), theme.dim()),
        Phase::Finished => return finished(state, player, width),
        Phase::Told => tell(1, "", Some(&said.say), theme.dim()),
        _ => tell(2, "", Some(&said.say), theme.text()),
    }
    tell(1, "For the teacher:", said.teacher.as_deref(), theme.dim());
    match player.phase() {
        Phase::Waiting(false) => tell(7, "▸", said.task.as_deref(), theme.strong()),
        Phase::Waiting(true) => {
            let key = key(state, if player.has_keys() { Action::LessonNext } else { Action::LessonFocus });
            tell(8, "✓", Some(&format!("Done. {key} goes on.")), theme.good());
        }
        _ => {}
    }
    let question = if player.phase() == Phase::Told { theme.dim() } else { theme.strong() };
    tell(if player.phase() == Phase::Told { 3 } else { 6 }, "", said.question.as_deref(), question);
    if matches!(player.phase(), Phase::Asking | Phase::Revealing) {
        blocks.extend(answer(player, theme, width));
    }
    let mut tell = |rank: u8, lead: &'static str, text: Option<&str>, style: Style| {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return };
        blocks.push(Block { rank, rows: prose(lead, text, style, theme, width) });
    };
    tell(4, "Answer:", said.answer.as_deref().filter(|_| player.phase() == Phase::Asking), theme.dim());
    tell(5, "Hint:", said.hint.as_deref().filter(|_| player.phase() != Phase::Told), theme.text());
    if let Some(verdict) = player.verdict() {
        let (mark, style) = if verdict.right { ("✓", theme.good()) } else { ("▸", theme.warning()) };
        tell(7, mark, said.compare.as_deref(), style);
    }
    tell(6, "", said.why.as_deref(), theme.text());
    blocks
}

/// What is said at the end.
fn finished(state: &State, player: &Player, width: usize) -> Vec<Block> {
    let theme = state.theme();
    let (right, asked) = player.tally();
    let score = match asked {
        0 => String::new(),
        1 => format!("{right} of 1 prediction was right. What surprises is what one keeps."),
        _ => format!("{right} of {asked} predictions were right. What surprises is what one keeps."),
    };
    let key = key(state, Action::LessonNext);
    let texts = [
        (3, "✓", player.lesson().able.clone(), theme.good()),
        (2, "", score, theme.text()),
        (
            1,
            "",
            format!("{key} leads back to the lessons; your own prompt and settings are back then."),
            theme.dim(),
        ),
    ];
    let block = |(rank, lead, text, style): (u8, &'static str, String, Style)| Block {
        rank,
        rows: prose(lead, &text, style, theme, width),
    };
    texts.into_iter().filter(|(_, _, text, _)| !text.is_empty()).map(block).collect()
}

/// A text between words, behind a word or a sign.
fn prose(lead: &'static str, text: &str, style: Style, theme: &Theme, width: usize) -> Vec<Row> {
    let clean: Vec<String> = Shown::lines(text).map(|line| line.as_str().to_owned()).collect();
    let text = if lead.is_empty() { clean.join("\n") } else { format!("{lead} {}", clean.join("\n")) };
    let rows = wrap_words(&text, width).into_iter().enumerate().map(|(at, line)| {
        let spans = match line.strip_prefix(lead).filter(|_| at == 0 && !lead.is_empty()) {
            Some(rest) => {
                let lead_style = if lead.width() > 1 { theme.key_label() } else { style };
                vec![Span::styled(lead, lead_style), Span::styled(rest.to_owned(), style)]
            }
            None => vec![Span::styled(line.to_owned(), style)],
        };
        Row { line: Line::from(spans), parts: Vec::new() }
    });
    rows.collect()
}

/// What can be chosen, and what is typed or marked.
fn answer(player: &Player, theme: &Theme, width: usize) -> Vec<Block> {
    let Some(ask) = player.ask() else { return Vec::new() };
    let mut blocks = vec![Block { rank: 7, rows: options(player, theme, width) }];
    let unit =
        ask.unit.as_deref().map_or_else(String::new, |unit| format!(" {}", Shown::inline(unit).as_str()));
    let typed = Shown::inline(player.typed()).as_str().to_owned();
    let mut rows = Vec::new();
    if ask.kind == Kind::Place {
        rows.extend(ruler(player, theme, width));
    }
    if ask.kind != Kind::Choice {
        let what = match ask.kind {
            Kind::Order => "Your order: ",
            _ => "Your answer: ",
        };
        let spans = vec![
            Span::styled(what, theme.key_label()),
            Span::styled(format!("{typed}▏"), theme.key()),
            Span::styled(unit, theme.text()),
        ];
        rows.push(Row { line: Line::from(spans), parts: Vec::new() });
    }
    blocks.push(Block { rank: 8, rows });
    blocks
}

/// The options side by side, as many in a row as have room.
fn options(player: &Player, theme: &Theme, width: usize) -> Vec<Row> {
    let kind = player.ask().map(|ask| ask.kind);
    let mut rows: Vec<Row> = Vec::new();
    let mut used = 0;
    for (index, option) in player.said().options.iter().enumerate() {
        let picked = player.picked() == Some(index);
        let digit = if kind == Some(Kind::Token) { String::new() } else { format!("{} ", index + 1) };
        let mark = if picked { "▸" } else { " " };
        let text =
            Shown::inline(option).truncate(width.saturating_sub(digit.width() + 2)).as_str().to_owned();
        let cells = mark.width() + digit.width() + text.width();
        if rows.is_empty() || used + 2 + cells > width {
            rows.push(Row::default());
            used = 0;
        }
        let Some(row) = rows.last_mut() else { continue };
        if used > 0 {
            row.line.push_span(Span::raw("  "));
            used += 2;
        }
        row.parts.push(Part::Option { index, from: used as u16, width: cells as u16 });
        let style = if picked { theme.chosen() } else { theme.text() };
        row.line.push_span(Span::styled(mark, style));
        row.line.push_span(Span::styled(digit, theme.key()));
        row.line.push_span(Span::styled(text, style));
        used += cells;
    }
    rows
}

/// The ruler from 0 to 1, and the mark on it.
fn ruler(player: &Player, theme: &Theme, width: usize) -> Option<Row> {
    let track = width.saturating_sub(4).min(100);
    if track < 10 {
        return None;
    }
    let at = player.marked().map(|place| (place * (track - 1) as f64).round() as usize);
    let mut line = Line::from(Span::styled("0 ", theme.dim()));
    for cell in 0..track {
        let (symbol, style) = match at {
            Some(at) if at == cell => ("▲", theme.pointer()),
            _ if cell % (track / 10).max(1) == 0 => ("┼", theme.ruler()),
            _ => ("─", theme.ruler()),
        };
        line.push_span(Span::styled(symbol, style));
    }
    line.push_span(Span::styled(" 1", theme.dim()));
    Some(Row { line, parts: vec![Part::Ruler { from: 2, width: track as u16 }] })
}

fn key(state: &State, action: Action) -> String {
    let hint = state.keymap().hints(crate::keymap::Context::Lesson, &[action]).pop();
    hint.map_or_else(|| "a click here".to_owned(), |hint| hint.key)
}
