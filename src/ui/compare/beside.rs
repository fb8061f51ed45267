//! One choice in two lanes: the same logits, two settings, bars mirrored at the tokens.
//!
//! ```text
//! ╭ Lane 2 and lane 1 ⁱ ─────────────── token 7, where they diverge ╮
//! │                 lane 2   raw  token      lane 1                 │
//! │       ████████████ .511 .470  ␣girl   ▸  1.00 █████████████████ │
//! │         ▐█████████ .349 .310  ␣boy    ◂       cut by temperature│
//! │                  … 508 more                                     │
//! ╰ 5 and 1 kept, 1 of them in common (20 %) ─ KL .97, reverse ∞ ───╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::{Paragraph, Widget, Wrap},
};
use unicode_width::UnicodeWidthStr;

use super::figures;
use crate::{
    app::{Beside, BesideRow, Chance, Hit, PanelId, State},
    decode::lanes::Overlap,
    theme::Marks,
    ui::{
        columns::{Column, cells, put, put_right},
        frame,
        numbers::{PROBABILITY_WIDTH, probability, thousands},
        rows::fitting,
        widgets::{Bar, MirroredBar, Panel, elide, scale_head},
    },
};

/// Insides narrower than this have no raw probabilities.
const ROOM_FOR_RAW: u16 = 52;
/// Cells of a probability, with the space before it.
const NUMBER: u16 = PROBABILITY_WIDTH + 1;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let Some(beside) = state.compare().beside() else {
        frame::frame(state, PanelId::Beside).render(area, buf);
        let sentence = "What the settings do with the candidates, once the model has read the prompt.";
        let paragraph = Paragraph::new(sentence).style(state.theme().dim()).wrap(Wrap { trim: true });
        paragraph.render(frame::inner(area), buf);
        return;
    };
    panel(state, beside, area.width).render(area, buf);
    let inner = frame::inner(area);
    if inner.height < 2 {
        return;
    }
    let columns = Columns::of(beside, inner.width);
    header(state, beside, &columns, inner, buf);
    let rows = usize::from(inner.height) - 1;
    let shown = if beside.rows.len() < beside.n_vocab { rows.saturating_sub(1) } else { rows };
    let listed = listed(beside, shown);
    for (row, y) in listed.iter().zip(inner.y + 1..) {
        candidate(state, beside, row, &columns, Rect { y, height: 1, ..inner }, buf);
    }
    let below = inner.y + 1 + listed.len() as u16;
    if below < inner.bottom() && listed.len() < beside.n_vocab {
        let rest: f64 = 1.0 - listed.iter().map(|row| row.p_raw).sum::<f64>();
        let count = thousands(beside.n_vocab - listed.len());
        let row = Rect { y: below, height: 1, ..inner };
        let room = usize::from(inner.width.saturating_sub(columns.token.0));
        put(
            fitting(&[format!("… {count} more"), format!("… {count}")], room),
            (columns.token.0, inner.width),
            state.theme().dim(),
            row,
            buf,
        );
        if let Some(raw) = columns.raw {
            put_right(&probability(rest), raw, state.theme().dim(), row, buf);
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let panel = match state.compare().beside() {
        Some(beside) => panel(state, beside, area.width),
        None => frame::frame(state, PanelId::Beside),
    };
    frame::hit(&panel, PanelId::Beside, area, at)
}

/// The likeliest candidates, and in place of the last of them those that were chosen.
fn listed(beside: &Beside, rows: usize) -> Vec<BesideRow> {
    let chosen = |row: &BesideRow| {
        [beside.own.0, beside.own.1, beside.taken_by_other]
            .into_iter()
            .flatten()
            .any(|token| token == row.token)
    };
    let further: Vec<BesideRow> = beside.rows.iter().skip(rows).filter(|row| chosen(row)).copied().collect();
    let mut listed: Vec<BesideRow> =
        beside.rows.iter().take(rows.saturating_sub(further.len())).copied().collect();
    listed.extend(further.into_iter().take(rows - listed.len()));
    listed
}

fn panel<'a>(state: &State, beside: &Beside, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let own = beside.lane + 1;
    let title = match beside.other {
        Some(other) => format!("Lane {own} and lane {}", other + 1),
        None => format!("Lane {own}"),
    };
    let frame = frame::titled(state, PanelId::Beside, title);
    let room = usize::from(width.saturating_sub(4));
    // Behind the title with its sign, and a cell of the frame.
    let free = room.saturating_sub(frame.title.width() + frame.hint.width() + 4);
    let place = place(state, beside);
    let place = place.iter().find(|wording| wording.width() <= free).cloned().unwrap_or_default();
    let (kept, divergence) = beside.overlap.as_ref().map_or_else(Default::default, |found| told(found, room));
    Panel {
        top_right: Line::styled(place, theme.text()),
        bottom_left: Line::styled(kept, theme.text()),
        bottom_right: Line::styled(divergence, theme.text()),
        ..frame
    }
}

/// Which choice it is, from the fullest wording to the shortest.
fn place(state: &State, beside: &Beside) -> [String; 3] {
    let number = thousands(beside.index + 1);
    let which = format!("token {number}");
    let worded =
        |full: &str, short: &str| [format!("{which}{full}"), format!("{which}{short}"), which.clone()];
    let Some(own) = beside.own.0 else { return worded(", not drawn yet", ", not drawn") };
    let other = state.compare().other().filter(|_| beside.other.is_none());
    match (beside.taken_by_other, other) {
        (Some(taken), _) if taken != own => worded(", where they diverge", ": they diverge"),
        (_, Some(other)) if state.compare().prompts_differ(beside.lane, other) => {
            let other = other + 1;
            worded(&format!("; lane {other} has another prompt"), &format!("; {other}: other prompt"))
        }
        (_, Some(other)) => {
            let other = other + 1;
            worded(&format!("; lane {other} is on another path"), &format!("; {other}: other path"))
        }
        _ => worded("", ""),
    }
}

/// How alike the distributions are, the kept sets and the divergences, in the fullest words that have room for both.
fn told(overlap: &Overlap, room: usize) -> (String, String) {
    let [own, other, both] = [overlap.kept, overlap.kept_other, overlap.both].map(thousands);
    let share = 100.0 * overlap.jaccard();
    let union = thousands(overlap.kept + overlap.kept_other - overlap.both);
    let (kl, back) = (bits(overlap.kl_bits), bits(overlap.kl_other_bits));
    let pairs = [
        (
            format!("{own} and {other} kept, {both} of them in common ({share:.0} %)"),
            format!("KL {kl} bits, reverse {back}"),
        ),
        (format!("{both} of {union} kept by both"), format!("KL {kl} bits, reverse {back}")),
        (format!("{both} of {union} kept by both"), format!("KL {kl} bits")),
        (format!("{both} of {union} in common"), format!("KL {kl}")),
    ];
    let fits = |(kept, divergence): &(String, String)| kept.width() + divergence.width() + 3 <= room;
    pairs.into_iter().find(fits).unwrap_or_else(|| (String::new(), format!("KL {kl}")))
}

fn bits(bits: f64) -> String {
    match bits {
        bits if bits.is_nan() => "not known".to_owned(),
        bits if bits.is_finite() => format!("{bits:.2}"),
        _ => "∞".to_owned(),
    }
}

/// Where things stand: bar, probability, raw probability, token, probability, bar.
struct Columns {
    own_bar: Column,
    own: Column,
    raw: Option<Column>,
    token: Column,
    other: Option<(Column, Column)>,
}

impl Columns {
    fn of(beside: &Beside, width: u16) -> Self {
        let raw = if width >= ROOM_FOR_RAW { NUMBER } else { 0 };
        let token = (width / 5).clamp(6, 20);
        let sides = if beside.other.is_some() { 2 } else { 1 };
        let fixed = raw + token + 3 + sides * NUMBER;
        let bar = width.saturating_sub(fixed) / sides;
        let own = (bar, NUMBER);
        let raw_column = (raw > 0).then_some((bar + NUMBER, raw));
        let token_at = bar + NUMBER + raw + 2;
        let after = token_at + token + 1;
        let other = beside.other.map(|_| ((after, NUMBER), (after + NUMBER + 1, bar.saturating_sub(1))));
        Self { own_bar: (0, bar), own, raw: raw_column, token: (token_at, token), other }
    }
}

fn header(state: &State, beside: &Beside, columns: &Columns, inner: Rect, buf: &mut Buffer) {
    let style = state.theme().dim();
    let row = Rect { height: 1, ..inner };
    let both = (columns.own_bar.0, columns.own_bar.1 + columns.own.1);
    // The bars go from the tokens outwards: 0 is beside the numbers.
    let scale: String = scale_head(columns.own_bar.1.saturating_sub(1)).chars().rev().collect();
    put(&scale, columns.own_bar, style, row, buf);
    let name = (both.0 + columns.own_bar.1, columns.own.1);
    put_right(fitting(&lane_name(beside.lane), name.1.into()), name, style, row, buf);
    if let Some(raw) = columns.raw {
        put_right("raw", raw, style, row, buf);
    }
    put("token", columns.token, style, row, buf);
    if let (Some((number, bar)), Some(other)) = (columns.other, beside.other) {
        put_right(fitting(&lane_name(other), number.1.into()), number, style, row, buf);
        put(&scale_head(bar.1), bar, style, row, buf);
    }
}

fn lane_name(lane: usize) -> [String; 2] {
    [format!("lane {}", lane + 1), (lane + 1).to_string()]
}

fn candidate(
    state: &State,
    beside: &Beside,
    row: &BesideRow,
    columns: &Columns,
    place: Rect,
    buf: &mut Buffer,
) {
    let theme = state.theme();
    let token = Some(row.token);
    let shown = figures::shown(state, beside.lane, beside.index, row.token);
    let cut = row.own.cut_by.is_some() && row.other.is_none_or(|other| other.cut_by.is_some());
    let style = if cut { theme.cut() } else { theme.text() };
    if let Some(raw) = columns.raw {
        put_right(&probability(row.p_raw), raw, style, place, buf);
    }
    let chosen = beside.own.0 == token || beside.taken_by_other == token;
    put(
        &elide(&shown, columns.token.1.into()),
        columns.token,
        if chosen { theme.chosen() } else { style },
        place,
        buf,
    );
    // The marks point away from the bars to the token, each on its lane's side.
    let mark = match beside.own {
        (Some(own), _) if own == row.token => Marks::CHOSEN,
        (_, Some(drawn)) if drawn == row.token => Marks::WOULD_BE_DRAWN,
        _ => " ",
    };
    put(mark, (columns.token.0 - 1, 1), theme.chosen(), place, buf);
    if beside.taken_by_other == token && beside.other.is_some() {
        put(Marks::CHOSEN_RIGHT, (columns.token.0 + columns.token.1, 1), theme.chosen(), place, buf);
    }
    own_side(state, row.own, columns, place, buf);
    if let (Some(chance), Some((number, bar))) = (row.other, columns.other) {
        other_side(state, chance, number, bar, place, buf);
    }
}

fn own_side(state: &State, chance: Chance, columns: &Columns, place: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    if let Some(stage) = chance.cut_by {
        let both = (columns.own_bar.0, columns.own_bar.1 + columns.own.1);
        put_right(&cut_text(stage, both.1), both, theme.cut_label(), place, buf);
        return;
    }
    put_right(&probability(chance.p), columns.own, theme.strong(), place, buf);
    if seen(chance.p, columns.own_bar.1) {
        (&MirroredBar { fraction: chance.p, style: theme.bar_final() })
            .render(cells(columns.own_bar, place), buf);
    }
}

fn other_side(state: &State, chance: Chance, number: Column, bar: Column, place: Rect, buf: &mut Buffer) {
    let theme = state.theme();
    if let Some(stage) = chance.cut_by {
        let both = (number.0 + 1, number.1 + bar.1);
        put(&cut_text(stage, both.1), both, theme.cut_label(), place, buf);
        return;
    }
    put_right(&probability(chance.p), number, theme.strong(), place, buf);
    if seen(chance.p, bar.1) {
        (&Bar { fraction: chance.p, style: theme.bar_raw() }).render(cells(bar, place), buf);
    }
}

/// Whether a bar is at least half an eighth of a cell long: others would be a row of slivers all the way down.
fn seen(p: f64, width: u16) -> bool {
    p * f64::from(width) * 16.0 >= 1.0
}

/// `cut by top-p`, or as much of it as there is room for.
fn cut_text(stage: &str, width: u16) -> String {
    fitting(&[format!("cut by {stage}"), stage.to_owned(), "cut".to_owned()], width.into()).to_owned()
}
