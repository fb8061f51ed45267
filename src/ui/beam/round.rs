//! The round on view: every beam fans out into its continuations, of which the best are kept.
//!
//! ```text
//! ╭ Round 3 ⁱ ───────────────────────────────────── 32 candidates: 4 kept, 0 finished, 28 pruned ╮
//! │    from beam       token           p                         ln P     score  becomes         │
//! │ 1 ␣was␣a ─────────┯━ ␣little      .440 ████████▊             −2.10    −1.770  ━━▶ 1          │
//! │                   ├─ ␣big         .210 ████▏                 −2.84    −2.390  · pruned       │
//! │                   └─ … 6 more     .350                                          · pruned     │
//! │ 2 ␣was␣very ──────┯━ ␣happy       .320 ██████▍               −2.51    −2.110  ━━▶ 2          │
//! ╰ by beam ─────────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    hit_row,
    listed::{Item, listed},
    say, selected_fate,
    table::{left, log, right, score, tail},
    waiting,
};
use crate::{
    app::{Hit, PanelId, RoundRow, State},
    decode::beam::Fate,
    theme::Marks,
    ui::{
        frame,
        numbers::{probability, thousands},
        rows::{draw_row, fitting, page},
        widgets::{Panel, bar_text},
    },
};

/// Cells of a probability, of ln P and of a score, with the space before them.
const P: usize = 6;
const LOG: usize = 9;
const SCORE: usize = 10;
/// The longest bar.
const BAR: usize = 90;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() {
        return;
    }
    let view = state.beam().view();
    if let Some(sentence) = waiting(state) {
        say(state, &sentence, frame::inner(area), buf);
        return;
    }
    if view.candidates.is_empty() {
        let settings = state.beam().settings();
        let sentence = format!(
            "In each round, every beam is continued with its {} likeliest tokens, and the {} best of all continuations \
             are kept.",
            settings.candidates, settings.width
        );
        say(state, &sentence, frame::inner(area), buf);
        return;
    }
    let columns = Columns::of(usize::from(inner.width).saturating_sub(1));
    if let Some(head) = head(inner) {
        draw_row(head, 0, &columns.head(state), buf);
    }
    let items = listed(state, list(inner).height.into());
    let marked = selected_fate(state);
    for (index, place) in places(state, &items, inner) {
        draw_row(place, 0, &line(state, &items, index, &columns, marked), buf);
        let selected = items[index].row() == Some(state.beam().selected(PanelId::Round));
        if state.focus() == PanelId::Round && selected {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let inner = Panel::inner(area);
    let items = listed(state, list(inner).height.into());
    let rows = places(state, &items, inner).filter_map(|(index, place)| Some((items[index].row()?, place)));
    hit_row(state, PanelId::Round, rows, area, at, &panel(state))
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let view = state.beam().view();
    let title = if view.round == 0 { "Round".to_owned() } else { format!("Round {}", thousands(view.round)) };
    let count =
        |fate: fn(&Fate) -> bool| view.candidates.iter().filter(|row| fate(&row.candidate.fate)).count();
    let kept = count(|fate| matches!(fate, Fate::Kept(_)));
    let finished = count(|fate| matches!(fate, Fate::Finished(_)));
    let all = view.candidates.len();
    let counts =
        format!("{all} candidates: {kept} kept, {finished} finished, {} pruned", all - kept - finished);
    let order = if state.beam().is_ranked() { "best first" } else { "by beam" };
    let few =
        view.named.map(|named| format!("only {named} candidates are named: others might be among the best"));
    let newest = if let Some(few) = few {
        few
    } else if view.round < view.rounds {
        format!("latest: round {}", thousands(view.rounds))
    } else {
        String::new()
    };
    Panel {
        top_right: Line::styled(if all == 0 { String::new() } else { counts }, theme.key_label()),
        bottom_left: Line::styled(if all == 0 { "" } else { order }, theme.dim()),
        bottom_right: Line::styled(newest, theme.warning()),
        ..frame::titled(state, PanelId::Round, title)
    }
}

fn head(inner: Rect) -> Option<Rect> {
    (inner.height >= 4).then_some(Rect { height: 1, ..inner })
}

fn list(inner: Rect) -> Rect {
    let top = u16::from(head(inner).is_some());
    Rect { y: inner.y + top, height: inner.height - top, ..inner }
}

fn places(state: &State, items: &[Item], inner: Rect) -> impl Iterator<Item = (usize, Rect)> + use<> {
    let selected = state.beam().selected(PanelId::Round);
    let at = items.iter().position(|item| item.row() == Some(selected)).unwrap_or(0);
    page(items.len(), at, list(inner))
}

/// Cells of the columns; 0 for one that has no room.
struct Columns {
    before: usize,
    token: usize,
    bar: usize,
    log: usize,
    score: usize,
    fate: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let fate = match width {
            90.. => 15,
            56.. => 10,
            _ => 6,
        };
        let log = if width >= 56 { LOG } else { 0 };
        let score = if width >= 70 { SCORE } else { 0 };
        let rest = width.saturating_sub(P + log + score + fate + 1);
        let before = (rest / 2).clamp(6, 44);
        let token = (rest / 4).clamp(6, 20);
        let bar = rest.saturating_sub(before + token + 1).min(BAR);
        // What the bar leaves is the text's.
        let before = (before + rest.saturating_sub(before + token + 1 + bar)).min(rest);
        Self { before, token, bar, log, score, fate }
    }

    fn head<'a>(&self, state: &State) -> Line<'a> {
        let style = state.theme().dim();
        let names = ["    from beam", "    beam", ""].map(str::to_owned);
        Line::from(vec![
            left(fitting(&names, self.before.saturating_sub(1)), self.before, style),
            left("token", self.token, style),
            right("p", P, style),
            Span::raw(" ".repeat(self.bar + 1)),
            right("ln P", self.log, style),
            right("score", self.score, style),
            left(if self.fate > 8 { "  becomes" } else { "" }, self.fate, style),
        ])
    }
}

fn line<'a>(
    state: &'a State,
    items: &[Item],
    index: usize,
    columns: &Columns,
    marked: Option<Fate>,
) -> Line<'a> {
    let view = state.beam().view();
    let theme = state.theme();
    let item = items[index];
    let same = |other: Option<&Item>| other.is_some_and(|other| other.beam(view) == item.beam(view));
    let grouped = !state.beam().is_ranked();
    let first = !grouped || index == 0 || !same(items.get(index - 1));
    let last = !grouped || !same(items.get(index + 1));
    let row = item.row().map(|row| &view.candidates[row]);
    let lives = row.is_some_and(|row| row.candidate.fate != Fate::Pruned);
    let marked = row.is_some_and(|row| marked == Some(row.candidate.fate));
    let mut spans = vec![left(if marked { Marks::CHOSEN } else { " " }, 1, theme.pointer())];
    spans.extend(before(state, item.beam(view), first, columns.before.saturating_sub(4)));
    let branch = match (first, last, lives) {
        (true, true, true) => "━━ ",
        (true, true, false) => "── ",
        (true, false, true) => "┯━ ",
        (true, false, false) => "┬─ ",
        (false, true, true) => "┕━ ",
        (false, true, false) => "└─ ",
        (false, false, true) => "┝━ ",
        (false, false, false) => "├─ ",
    };
    spans.push(Span::styled(branch, if lives { theme.chosen() } else { theme.dim() }));
    match (item, row) {
        (Item::Row(_), Some(row)) => spans.extend(continuation(state, row, columns)),
        (Item::More { count, p, .. }, _) => {
            let more = [format!("… {count} more"), format!("… {count}")];
            spans.push(left(fitting(&more, columns.token), columns.token, theme.cut()));
            spans.push(right(&probability(p), P, theme.cut()));
            let gap = 1 + columns.bar + columns.log + columns.score;
            spans.push(Span::raw(" ".repeat(gap)));
            spans.push(left(&fate(state, Fate::Pruned, columns.fate).0, columns.fate, theme.cut()));
        }
        (Item::Row(_), None) => {}
    }
    Line::from(spans)
}

/// The beam that a continuation goes on from, and the line that leads from it, in so many cells.
fn before(state: &State, beam: usize, first: bool, width: usize) -> Vec<Span<'_>> {
    let theme = state.theme();
    if !first {
        return vec![Span::raw(" ".repeat(width))];
    }
    let mut spans = vec![
        right(&(beam + 1).to_string(), width.min(2), theme.strong()),
        Span::raw(if width > 2 { " " } else { "" }),
    ];
    let room = width.saturating_sub(3);
    let Some(text) = state.beam().view().before.get(beam) else { return spans };
    let shown: usize = text.tokens.iter().map(|token| usize::from(token.width)).sum();
    // The text, a space, and a line at least.
    let text_room = shown.min(room.saturating_sub(2));
    if text_room > 2 {
        let mut text = tail(theme, text, text_room);
        // Where a token had no room whole, the line is longer.
        let pad = text.pop().map_or(0, |pad| pad.width());
        spans.extend(text);
        spans.push(Span::raw(" "));
        spans.push(Span::styled("─".repeat(room - text_room - 1 + pad), theme.dim()));
    } else {
        spans.push(Span::styled("─".repeat(room), theme.dim()));
    }
    spans
}

fn continuation<'a>(state: &'a State, row: &'a RoundRow, columns: &Columns) -> Vec<Span<'a>> {
    let theme = state.theme();
    let candidate = &row.candidate;
    let lives = candidate.fate != Fate::Pruned;
    let (text, number, bar) = if lives {
        (theme.strong(), theme.text(), theme.bar_final())
    } else {
        (theme.cut(), theme.cut(), theme.bar_cut())
    };
    let (fate, style) = fate(state, candidate.fate, columns.fate);
    vec![
        left(row.token.as_str(), columns.token, text),
        right(&probability(candidate.p), P, number),
        Span::raw(" "),
        left(&shown_bar(candidate.p, columns.bar), columns.bar, bar),
        right(&log(candidate.log_probability), columns.log, number),
        right(&score(candidate.score), columns.score, number),
        left(&fate, columns.fate, style),
    ]
}

/// A bar, if it is at least half an eighth of a cell long: others would be a row of slivers all the way down.
fn shown_bar(p: f64, width: usize) -> String {
    if p * width as f64 * 16.0 >= 1.0 { bar_text(p, width) } else { String::new() }
}

/// What became of a continuation, in the words that fit.
pub(super) fn fate(state: &State, fate: Fate, width: usize) -> (String, Style) {
    let theme = state.theme();
    match fate {
        Fate::Kept(number) if width > 8 => (format!("  ━━▶ {}", number + 1), theme.chosen()),
        Fate::Kept(number) => (format!(" ━▶{:>2}", number + 1), theme.chosen()),
        Fate::Finished(number) => {
            let number = number + 1;
            let wordings = [
                format!("  {} finished {number}", Marks::STOPPED),
                format!("  {}{number:>2}", Marks::STOPPED),
            ];
            (fitting(&wordings, width).to_owned(), theme.stop_reason())
        }
        Fate::Pruned if width > 8 => (format!("  {} pruned", Marks::CUT), theme.cut()),
        Fate::Pruned => (format!("  {}", Marks::CUT), theme.cut()),
    }
}
