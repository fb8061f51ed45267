//! The stop conditions, to be changed: those of every text, or of a lane alone.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{
    app::{State, StopList, StopRow},
    settings::StopSettings,
    text::Shown,
    theme::Marks,
    ui::numbers::thousands,
};

/// Cells of a condition's name.
const NAME: usize = 23;

pub(super) fn sheet(state: &State, list: &StopList, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 60);
    let (own, shared) = (state.stops_of(list.lane), state.stops_of(None));
    let line = |(index, &row): (usize, &StopRow)| {
        let selected = index == list.selected;
        let mut spans =
            vec![Span::styled(format!("{} {:NAME$}", row_mark(selected), row.name()), theme.key_label())];
        match list.typing.as_ref().filter(|_| selected) {
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
    let (title, about) = match list.lane {
        Some(index) => (
            format!("Stop conditions of lane {}", index + 1),
            "In addition to an end token and a full context. * marks what differs from the shared conditions; ",
        ),
        None => (
            "Stop conditions".to_owned(),
            "In addition to an end token and a full context. Lanes can have their own conditions; the time limit applies \
             to the step screen and to lanes. ",
        ),
    };
    let about = format!("{about}\\n in a text means a new line.");
    let mut foot = vec![Line::default()];
    foot.extend(prose(&about, width, theme.key_label()));
    Sheet {
        title: Line::styled(title, theme.title(true)),
        border: theme.border(true),
        width,
        rows: StopRow::ALL.iter().enumerate().map(line).collect(),
        selected: Some(list.selected),
        foot,
        ..Sheet::default()
    }
}

/// A condition's value in words.
fn value(row: StopRow, stop: &StopSettings) -> String {
    let Some(limit) = row.limit(stop) else {
        let texts: Vec<String> =
            row.texts(stop).into_iter().map(|text| format!("“{}”", Shown::inline(text))).collect();
        return match row {
            StopRow::Text | StopRow::Regex if !texts.is_empty() => texts.join(" or "),
            StopRow::Text | StopRow::Regex => "none".to_owned(),
            _ => "no limit".to_owned(),
        };
    };
    match row {
        StopRow::Loop => {
            format!("{} or more tokens repeated {} times", stop.loop_tokens, thousands(limit as usize))
        }
        StopRow::Time => format!("{limit} s"),
        StopRow::EntropyAbove | StopRow::EntropyBelow => format!("{limit} bits"),
        StopRow::TopAbove | StopRow::TopBelow => limit.to_string(),
        _ => thousands(limit as usize),
    }
}
