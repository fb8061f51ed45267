//! Rows of a panel: labelled numbers, bars, curves, sentences.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::State,
    cost::Sample,
    theme::Theme,
    ui::{
        format::milliseconds,
        rows::{fitting, wrap_words},
        widgets::{LineChart, bar_text},
    },
};

/// Cells of the column of labels.
const LABEL: usize = 10;

/// The rows of a panel, made for its width.
pub(super) struct Lines<'s, 'a> {
    state: &'s State,
    /// Columns and rows there are.
    inner: Rect,
    rows: Vec<Line<'a>>,
}

impl<'s, 'a> Lines<'s, 'a> {
    pub(super) fn new(state: &'s State, inner: Rect) -> Self {
        Self { state, inner, rows: Vec::new() }
    }

    pub(super) fn theme(&self) -> &'s Theme {
        self.state.theme()
    }

    pub(super) fn width(&self) -> usize {
        self.inner.width.into()
    }

    pub(super) fn height(&self) -> usize {
        self.inner.height.into()
    }

    pub(super) fn done(self) -> Vec<Line<'a>> {
        self.rows
    }

    /// A row of these spans.
    pub(super) fn push(&mut self, spans: Vec<Span<'a>>) {
        self.rows.push(Line::from(spans));
    }

    /// A row that says what the rows below it are.
    pub(super) fn head(&mut self, text: &str) {
        let style = self.theme().key_label();
        for line in wrap_words(text, self.width()) {
            self.rows.push(Line::styled(line.to_owned(), style));
        }
    }

    /// A sentence.
    pub(super) fn prose(&mut self, text: &str) {
        let style = self.theme().dim();
        for line in wrap_words(text, self.width()) {
            self.rows.push(Line::styled(line.to_owned(), style));
        }
    }

    /// A number below its label, in as many words as fit; where none do, on rows of its own.
    pub(super) fn row(&mut self, label: &str, wordings: &[String], style: Style) {
        let room = self.width().saturating_sub(LABEL);
        let head = Span::styled(format!("{label:LABEL$}"), self.theme().dim());
        let text = fitting(wordings, room);
        if !text.is_empty() {
            return self.push(vec![head, Span::styled(text.to_owned(), style)]);
        }
        let Some(shortest) = wordings.last() else { return };
        for (index, line) in wrap_words(shortest, room.max(1)).into_iter().enumerate() {
            let head = if index == 0 { head.clone() } else { Span::raw(" ".repeat(LABEL)) };
            self.push(vec![head, Span::styled(line.to_owned(), style)]);
        }
    }

    /// A label, a bar of a part of the whole, and a text after it.
    pub(super) fn bar(&mut self, label: (&str, usize), fraction: f64, text: &str, style: Style) {
        let width = self.width().saturating_sub(label.1 + 2 + text.width()).min(40);
        let bar = if width >= 4 { bar_text(fraction, width) } else { String::new() };
        let bar = if width >= 4 { format!("{bar:width$} ") } else { String::new() };
        let (name, cells) = (label.0, label.1);
        self.push(vec![
            Span::styled(format!("{name:<cells$} "), self.theme().dim()),
            Span::styled(bar, style),
            Span::styled(text.to_owned(), self.theme().text()),
        ]);
    }

    /// Curves over one another, from 0 to `most`, stretched to the width.
    pub(super) fn curves(&mut self, height: u16, most: f64, curves: &[(&[f64], Style)]) {
        let area = Rect::new(0, 0, self.inner.width, height);
        let mut buffer = Buffer::empty(area);
        for (values, style) in curves {
            let values = stretched(values, LineChart::capacity(area), most);
            (&LineChart { values: &values, style: *style, marked: None }).render(area, &mut buffer);
        }
        for y in 0..height {
            let cells = (0..area.width).map(|x| &buffer[(x, y)]);
            let spans = cells.map(|cell| Span::styled(cell.symbol().to_owned(), cell.style())).collect();
            self.push(spans);
        }
    }
}

/// A series over so many places, as parts of `most`.
fn stretched(values: &[f64], places: usize, most: f64) -> Vec<f64> {
    let most = if most > 0.0 { most } else { 1.0 };
    let count = values.len();
    if count == 0 {
        return Vec::new();
    }
    (0..places).map(|place| values[place * count / places.max(1)] / most).collect()
}

/// A median, and the range where it was measured several times; in fewer words, the median alone.
pub(super) fn timed(sample: &Sample) -> [String; 2] {
    let median = sample.median().map_or("–".to_owned(), milliseconds);
    let long = match sample.range() {
        Some((least, most)) if sample.len() > 1 => {
            format!("{median} ({} to {})", milliseconds(least), milliseconds(most))
        }
        _ => median.clone(),
    };
    [long, median]
}

/// A part of a whole in per cent.
pub(super) fn percent(part: f64) -> String {
    match part * 100.0 {
        p if p >= 9.95 => format!("{p:.0} %"),
        p => format!("{p:.1} %"),
    }
}

/// How often a thing was measured, of how often it will be.
pub(super) fn times(done: usize, all: usize) -> String {
    match (done, all) {
        (done, all) if done >= all => format!("medians of {all} times"),
        (done, all) => format!("medians of {done} of {all} times"),
    }
}

/// What stands where nothing is measured yet.
pub(super) fn not_yet(state: &State, lines: &mut Lines<'_, '_>, what: &str) {
    lines.prose(what);
    let key = state.keymap().hints(state.context(), &[crate::keymap::Action::PlayPause]).pop();
    let key = key.map_or("space".to_owned(), |hint| hint.key);
    lines.prose(&if state.cost().is_running() {
        "It is measured after what is being measured now.".to_owned()
    } else if state.cost().costs().is_none() {
        "It can be measured as soon as there is a prompt.".to_owned()
    } else {
        format!("Not measured yet: {key} begins.")
    });
}
