//! The stop conditions of a lane, to be changed.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{LaneStops, State, StopRow},
    settings::StopSettings,
    text::Shown,
    theme::Marks,
    ui::numbers::thousands,
};

/// Cells of a condition's name.
const NAME: usize = 11;

pub(super) fn sheet(state: &State, stops: &LaneStops, screen: Rect) -> Sheet<'static> {
    let theme = &state.theme;
    let width = text_width(screen, 60);
    let (own, shared) = (state.stops_of(stops.lane), state.shared_stops());
    let line = |(index, &row): (usize, &StopRow)| {
        let selected = index == stops.selected;
        let mut spans =
            vec![Span::styled(format!("{} {:NAME$}", row_mark(selected), row.name()), theme.key_label())];
        match stops.typing.as_ref().filter(|_| selected) {
            Some(typed) => {
                spans.push(Span::styled(Shown::inline(typed).as_str().to_owned(), theme.strong()));
                spans.push(Span::styled(Marks::CARET, theme.key()));
            }
            None => spans.push(Span::styled(value(row, own), theme.text())),
        }
        if value(row, own) != value(row, shared) {
            spans.push(Span::styled(format!(" {}", Marks::CHANGED), theme.slider_changed()));
        }
        Line::from(spans)
    };
    let about = "Besides the end token, the context and what else ends all lanes. * is not as for all; \\n in a text is a new \
                 line.";
    let mut foot = vec![Line::default()];
    foot.extend(prose(about, width, theme.key_label()));
    Sheet {
        title: Line::styled(format!("When lane {} stops", stops.lane + 1), theme.title(true)),
        border: theme.border(true),
        width,
        rows: StopRow::ALL.iter().enumerate().map(line).collect(),
        selected: Some(stops.selected),
        foot,
        ..Sheet::default()
    }
}

/// A condition's value in words.
fn value(row: StopRow, stop: &StopSettings) -> String {
    let Some(limit) = row.limit(stop) else {
        let texts: Vec<String> =
            stop.strings.iter().map(|text| format!("“{}”", Shown::inline(text))).collect();
        return match row {
            StopRow::Text if !texts.is_empty() => texts.join(" or "),
            StopRow::Text => "none".to_owned(),
            StopRow::Tokens | StopRow::Sentences | StopRow::Lines => "no limit".to_owned(),
            StopRow::Loop => "goes on".to_owned(),
        };
    };
    match row {
        StopRow::Loop => {
            format!("the same {} tokens or more, {} times", stop.loop_tokens, thousands(limit as usize))
        }
        _ => thousands(limit as usize),
    }
}
