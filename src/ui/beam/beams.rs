//! The beams after the round on view, the best first, and how the search is set.
//!
//! ```text
//! ╭ Beams ⁱ ──────────────────────────────────────────────────────────────────────── after round 3 ╮
//! │    from  text                                                          p      ln P      score  │
//! │▸ 1    1  ␣was␣a␣little                                              .440     −2.10     −1.770  │
//! │  2    3  ␣lived␣a␣big                                               .210     −2.84     −2.390  │
//! ╰ width 4 · 8 candidates each · score = ln P ÷ ((5 + tokens) ÷ 6)^0.6 · early stop: … ───────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    hit_row, say, selected_fate,
    table::{Columns, left, log, right, score, tail},
    waiting,
    winner::draw_lines,
};
use crate::{
    app::{BeamRow, Hit, PanelId, State},
    decode::beam::{BeamSettings, EarlyStop, Fate},
    theme::Marks,
    ui::{
        frame,
        numbers::{probability, thousands},
        rows::{draw_row, fitting, page},
        widgets::Panel,
    },
};

/// Columns after the text, the most important first: joint probability, score, the last token's own probability.
const COLUMNS: &[(&str, usize)] = &[("ln P", 9), ("score", 10), ("p", 7)];
const ORDER: [usize; 3] = [2, 0, 1];
/// Cells that the text keeps.
const LEAST_TEXT: usize = 16;
/// Cells of the mark and the number, and of the number before.
const NUMBER: usize = 4;
const FROM: usize = 6;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state, area.width).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() {
        return;
    }
    if let Some(sentence) = waiting(state) {
        say(state, &sentence, frame::inner(area), buf);
        return;
    }
    let view = state.beam().view();
    if view.beams.is_empty() {
        draw_ended(state, frame::inner(area), buf);
        return;
    }
    let columns = Columns::of(COLUMNS, &ORDER, LEAST_TEXT, usize::from(inner.width).saturating_sub(1));
    if let Some(head) = head(inner) {
        let names = if from(&columns) { "    from  text" } else { "    text" };
        draw_row(head, 0, &columns.head(state.theme(), names), buf);
    }
    let marked = selected_fate(state);
    for (index, place) in rows(state, inner) {
        let Some(row) = view.beams.get(index) else { continue };
        let marked = marked == Some(Fate::Kept(row.number)) && view.round > 0;
        draw_row(place, 0, &line(state, row, &columns, marked), buf);
        if state.focus() == PanelId::Beam && index == state.beam().selected(PanelId::Beam) {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

/// No beam is left: the room is for the best text, or the finished one that is selected, as much of it as is shown.
fn draw_ended(state: &State, area: Rect, buf: &mut Buffer) {
    let finished = &state.beam().view().finished;
    let at = if state.focus() == PanelId::Finished { state.beam().selected(PanelId::Finished) } else { 0 };
    let pruned = state.beam().view().candidates.iter().any(|row| matches!(row.candidate.fate, Fate::Kept(_)));
    if pruned {
        say(state, "The beams of this round have been pruned from the tree.", area, buf);
        return;
    }
    let Some(row) = finished.get(at).filter(|_| area.height > 1) else {
        say(state, "Every beam has ended.", area, buf);
        return;
    };
    let which =
        if at == 0 { "The best text".to_owned() } else { format!("Finished text {}", row.number + 1) };
    say(state, &format!("Every beam has ended. {which}:"), Rect { height: 1, ..area }, buf);
    let text = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // The end token is not written.
    let tokens = row.text.skipped + row.text.tokens.len();
    draw_lines(state, &row.text, (tokens, row.stopped.is_some()), None, text, buf);
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let rows = rows(state, Panel::inner(area));
    hit_row(state, PanelId::Beam, rows, area, at, &panel(state, area.width))
}

fn head(inner: Rect) -> Option<Rect> {
    (inner.height >= 3).then_some(Rect { height: 1, ..inner })
}

fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let top = u16::from(head(inner).is_some());
    let list = Rect { y: inner.y + top, height: inner.height - top, ..inner };
    page(state.beam().view().beams.len(), state.beam().selected(PanelId::Beam), list)
}

/// Whether there is room to tell which beam each goes on from.
fn from(columns: &Columns) -> bool {
    columns.text >= LEAST_TEXT + NUMBER + FROM
}

fn line<'a>(state: &'a State, row: &'a BeamRow, columns: &Columns, marked: bool) -> Line<'a> {
    let theme = state.theme();
    let mark = if marked { Marks::CHOSEN } else { " " };
    let mut spans = vec![
        left(mark, 1, theme.pointer()),
        right(&(row.number + 1).to_string(), 2, theme.strong()),
        Span::raw(" "),
    ];
    let mut text = columns.text.saturating_sub(NUMBER);
    if from(columns) {
        let number = row.from.map_or(String::new(), |number| (number + 1).to_string());
        spans.push(right(&number, FROM - 2, theme.dim()));
        spans.push(Span::raw("  "));
        text -= FROM;
    }
    if row.tokens == 0 {
        spans.push(left("end of the prompt: step runs a round", text, theme.dim()));
        return Line::from(spans);
    }
    spans.extend(tail(theme, &row.text, text));
    let own = row.text.p.last().copied().unwrap_or(f64::NAN);
    spans.extend(columns.cells(theme.text(), |column| match column {
        0 => (log(row.log_probability), None),
        1 => (score(row.score), Some(theme.strong())),
        _ => (probability(own), None),
    }));
    Line::from(spans)
}

fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let settings = settings(state.beam().settings());
    let room = usize::from(width.saturating_sub(4));
    Panel {
        top_right: Line::styled(stage(state), theme.key_label()),
        bottom_left: Line::styled(fitting(&settings, room).to_owned(), theme.text()),
        ..frame::frame(state, PanelId::Beam)
    }
}

/// Where the search is, and whether it goes on.
fn stage(state: &State) -> String {
    let view = state.beam().view();
    let Some(search) = state.beam().search() else { return String::new() };
    let round = thousands(view.round);
    match search.settings().early_stop {
        _ if view.round == 0 && view.rounds == 0 => "before the first round".to_owned(),
        _ if view.round < view.rounds => format!("after round {round} of {}", thousands(view.rounds)),
        _ if !view.given_up => format!("after round {round}"),
        _ if view.beams.is_empty() => format!("over after round {round}"),
        EarlyStop::First => format!("over after round {round}: a text has finished"),
        EarlyStop::Certain | EarlyStop::Never => {
            format!("over after round {round}: no beam can beat the best")
        }
    }
}

/// How the search is set, from the fullest wording to the shortest.
fn settings(settings: &BeamSettings) -> [String; 4] {
    let BeamSettings { width, candidates, length_penalty, early_stop } = settings;
    let (long, short) = match early_stop {
        EarlyStop::Never => ("no early stop", "no early stop"),
        EarlyStop::Certain => ("stops when none can beat the best", "stops when certain"),
        EarlyStop::First => ("stops with the first finished text", "stops with the first"),
    };
    let alpha = format!("α {length_penalty:.1}");
    let formula = "score = ln P ÷ ((5 + tokens) ÷ 6)^α";
    [
        format!("width {width} · {candidates} candidates each · {formula}, {alpha} · {long}"),
        format!("width {width} × {candidates} · {formula}, {alpha} · {short}"),
        format!("width {width} × {candidates} · {alpha} · {short}"),
        format!("{width} × {candidates} · {alpha}"),
    ]
}
