//! One place of a draft: the likeliest tokens under the draft and under the model, and what was drawn from in place of a
//! refused one.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    cells::{left, right},
    of_frame, say,
};
use crate::{
    app::{Hit, Likely, PanelId, State},
    decode::speculative::Rule,
    theme::Marks,
    ui::{
        frame,
        numbers::probability,
        rows::{draw_row, fitting, page},
        widgets::{Panel, Shorter, bar_text},
    },
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    let likely = state.speculate().likely();
    if likely.is_empty() {
        let sentence = if state.speculate().round().is_some() {
            "Nothing was drafted at this place: the model's own chain drew the token. Select a drafted one above."
        } else {
            "The likeliest tokens at the selected place of a draft: under the draft, and under the model."
        };
        return say(state, sentence, frame::inner(area), buf);
    }
    let columns = Columns::of(inner.width.into(), likely.iter().any(|token| token.residual.is_some()));
    draw_row(inner, 0, &columns.head(state), buf);
    for (index, place) in places(state, inner) {
        draw_row(place, 0, &columns.line(state, &likely[index]), buf);
        if state.focus() == PanelId::Place && state.speculate().selected(PanelId::Place) == index {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let found = places(state, Panel::inner(area)).find(|(_, place)| place.contains(at));
    found.map_or_else(
        || of_frame(|| panel(state), PanelId::Place, area, at),
        |(row, _)| Hit::Row(PanelId::Place, row),
    )
}

fn places(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> + use<> {
    let list =
        Rect { y: inner.y + u16::from(inner.height > 0), height: inner.height.saturating_sub(1), ..inner };
    page(state.speculate().likely().len(), state.speculate().selected(PanelId::Place), list)
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let speculate = state.speculate();
    let row = speculate
        .round()
        .and_then(|round| Some((round, round.rows.get(speculate.selected(PanelId::Draft))?)));
    let Some((round, row)) = row else { return frame::frame(state, PanelId::Place) };
    let number = speculate.selected(PanelId::Draft) + 1;
    let drafted = &row.drafted;
    let overlap = drafted.overlap.filter(|_| row.decided);
    let overlap = overlap.map_or_else(String::new, |overlap| format!("Σ min {}", probability(overlap)));
    let chance = match (speculate.rule(), drafted.p.filter(|_| row.decided), &drafted.residual) {
        (Rule::Probabilistic, Some(_), Some((_, u))) if row.decided => {
            format!("u {} picks from the residual", probability(*u))
        }
        (Rule::Match, Some(p), _) => format!("a match happens with probability {}", probability(p)),
        _ => String::new(),
    };
    let title = format!("Place {number} of {}", round.rows.len());
    Panel {
        top_right: Line::styled(overlap, theme.key_label()),
        bottom_left: Line::styled(chance, theme.key_label()),
        shorter: Shorter {
            title: vec![Line::styled(
                format!("Place {number}"),
                theme.title(state.focus() == PanelId::Place),
            )],
            ..Shorter::default()
        },
        ..frame::titled(state, PanelId::Place, title)
    }
}

/// Cells of the columns.
struct Columns {
    token: usize,
    bar: usize,
    residual: bool,
}

/// A number, and the space before it.
const NUMBER: usize = 6;

impl Columns {
    fn of(width: usize, residual: bool) -> Self {
        let lists = if residual { 3 } else { 2 };
        let token = (width / 4).clamp(6, 18);
        let bar = width.saturating_sub(2 + token + lists * (NUMBER + 1)) / lists;
        Self { token, bar: bar.min(30), residual }
    }

    fn head<'a>(&self, state: &State) -> Line<'a> {
        let style = state.theme().dim();
        let mut spans = vec![Span::raw("  "), left("token", self.token, style)];
        for name in ["q", "p", "residual"].into_iter().take(if self.residual { 3 } else { 2 }) {
            // A name has the room of number and bar.
            let room = NUMBER + 1 + self.bar;
            let names =
                [format!("  {name}"), format!("  {}", if name == "residual" { "rest" } else { name })];
            spans.push(left(fitting(&names, room), room, style));
        }
        Line::from(spans)
    }

    fn line<'a>(&self, state: &State, token: &Likely) -> Line<'a> {
        let theme = state.theme();
        let mark = if token.chosen { Marks::CHOSEN } else { " " };
        let style = match (token.chosen, token.drafted) {
            (true, _) => theme.chosen(),
            (_, true) => theme.strong(),
            _ => theme.text(),
        };
        let drafted = if token.drafted { "d" } else { " " };
        let mut spans = vec![
            Span::styled(mark, theme.pointer()),
            Span::styled(drafted, theme.dim()),
            left(&token.text, self.token, style),
        ];
        let lists = [
            (token.q, theme.bar_raw()),
            (token.p, theme.bar_final()),
            (token.residual, theme.bar_observed()),
        ];
        for (value, bar) in lists.into_iter().take(if self.residual { 3 } else { 2 }) {
            let number = value.map_or_else(String::new, probability);
            spans.push(right(&number, NUMBER, theme.text()));
            spans.push(Span::raw(" "));
            spans.push(left(&bar_text(value.unwrap_or(0.0), self.bar), self.bar, bar));
        }
        Line::from(spans)
    }
}
