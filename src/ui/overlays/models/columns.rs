//! The columns of the list of models: as many as there is room for, the most telling first.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{super::sheet::row_mark, foot::elide_start};
use crate::{
    models::{Fit, ListedModel, fit},
    settings::ModelSettings,
    text::Shown,
    theme::{Marks, Theme},
    ui::{format::bytes, numbers::thousands, widgets::elide},
};

/// Cells that the names have at least.
const LEAST_NAME: usize = 26;
/// Cells between two columns.
const GAP: usize = 2;

/// A column beside the name.
struct Column {
    heading: &'static str,
    width: usize,
    /// Its cells end below each other: numbers.
    right: bool,
}

/// In the order in which they find room, which is also that on the screen.
const COLUMNS: [Column; 7] = [
    Column { heading: "memory", width: 10, right: false },
    Column { heading: "size", width: 8, right: true },
    Column { heading: "parameters", width: 10, right: true },
    Column { heading: "quantised", width: 9, right: false },
    Column { heading: "where", width: 18, right: false },
    Column { heading: "context", width: 9, right: true },
    Column { heading: "architecture", width: 12, right: false },
];
/// Whether a model brings a chat template: said with the architecture's column, behind it.
const CHAT: Column = Column { heading: "chat template", width: 13, right: false };

/// A row's cells.
pub(super) struct Cells {
    name: String,
    /// As [`COLUMNS`], then that of the chat template.
    others: [String; COLUMNS.len() + 1],
}

impl Cells {
    /// A row of which nothing but a name is told.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), others: Default::default() }
    }

    pub fn of(model: &ListedModel, settings: &ModelSettings, free: Option<u64>) -> Self {
        let card = model.runs();
        let of = |text: &dyn Fn(&crate::models::Card) -> String| card.map_or_else(String::new, text);
        let memory = match (&model.card, card) {
            (Some(Err(_)), _) => "cannot run".to_owned(),
            (_, Some(card)) => memory(&fit(card, settings, free)).to_owned(),
            (None, _) | (_, None) => String::new(),
        };
        let chat = of(&|card| if card.chat_template { "yes" } else { "no" }.to_owned());
        Self {
            name: model.found.name.clone(),
            others: [
                memory,
                bytes(model.found.size as f64),
                of(&|card| card.parameters_text()),
                of(&|card| card.quantisation.unwrap_or_default().to_owned()),
                model.found.place.label().to_owned(),
                of(&|card| thousands(card.context_length as usize)),
                of(&|card| Shown::inline(&card.architecture).as_str().to_owned()),
                chat,
            ],
        }
    }
}

/// Whether it fits, in ten cells; how much it needs stands below the list.
fn memory(fit: &Fit) -> &'static str {
    match (fit.fits(), fit.shorter) {
        (Some(true), _) => "fits",
        (Some(false), Some(_)) => "shorter -c",
        (Some(false), None) => "too large",
        (None, _) => "not known",
    }
}

/// The columns that there is room for.
pub(super) struct Columns {
    name: usize,
    shown: Vec<(usize, &'static Column)>,
}

impl Columns {
    pub fn of(width: u16) -> Self {
        let mut name = usize::from(width).saturating_sub(2);
        let mut shown = Vec::new();
        for (index, column) in COLUMNS.iter().chain([&CHAT]).enumerate() {
            let Some(left) = name.checked_sub(column.width + GAP).filter(|left| *left >= LEAST_NAME) else {
                break;
            };
            name = left;
            shown.push((index, column));
        }
        Self { name, shown }
    }

    pub fn head(&self, theme: &Theme) -> Line<'static> {
        let mut text = format!("  {:width$}", "name", width = self.name);
        for (_, column) in &self.shown {
            text.push_str(&padded(column.heading, column));
        }
        Line::styled(text, theme.dim())
    }

    /// `▸✓the model's name   fits   4.5 MiB …`: selected, and loaded.
    pub fn line(&self, cells: &Cells, (selected, loaded): (bool, bool), theme: &Theme) -> Line<'static> {
        let mark = if loaded { Marks::LOADED } else { " " };
        let shown = Shown::inline(&cells.name);
        // Of a repository and its file the file is more telling.
        let name = match shown.as_str() {
            name if name.contains(' ') => elide_start(name, self.name),
            name => elide(name, self.name),
        };
        let pad = " ".repeat(self.name.saturating_sub(name.width()));
        let mut spans = vec![Span::styled(format!("{}{mark}{name}{pad}", row_mark(selected)), theme.text())];
        for (index, column) in &self.shown {
            let style = if column.right { theme.text() } else { theme.key_label() };
            spans.push(Span::styled(padded(&cells.others[*index], column), style));
        }
        Line::from(spans)
    }
}

/// A cell with the gap before it.
fn padded(text: &str, column: &Column) -> String {
    let text = elide(text, column.width);
    let pad = " ".repeat(column.width.saturating_sub(text.width()));
    let gap = " ".repeat(GAP);
    if column.right { format!("{gap}{pad}{text}") } else { format!("{gap}{text}{pad}") }
}
