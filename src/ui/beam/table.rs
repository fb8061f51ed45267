//! What the rows of the beam screen are put together from: cells of a fixed width, and texts that fill what is left.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{BeamText, ShownToken},
    theme::Theme,
    ui::{numbers::minus, widgets::elide},
};

/// What stands for the part of a text that is not shown.
const MORE: &str = "…";

/// A text at the left end of a cell.
pub(super) fn left<'a>(text: &str, width: usize, style: Style) -> Span<'a> {
    let text = elide(text, width);
    let pad = width.saturating_sub(text.width());
    Span::styled(format!("{text}{}", " ".repeat(pad)), style)
}

/// A text at the right end of a cell.
pub(super) fn right<'a>(text: &str, width: usize, style: Style) -> Span<'a> {
    let text = elide(text, width);
    let pad = width.saturating_sub(text.width());
    Span::styled(format!("{}{text}", " ".repeat(pad)), style)
}

/// ln of a probability.
pub(super) fn log(log_probability: f64) -> String {
    minus(&format!("{log_probability:.2}"))
}

/// What a text is ranked by.
pub(super) fn score(score: f64) -> String {
    minus(&format!("{score:.3}"))
}

/// The style of a token of a text.
pub(super) fn token_style(theme: &Theme, text: &BeamText, at: usize) -> Style {
    // Every other token on another ground: where one ends, the next begins.
    let alternate = (text.skipped + at) % 2 == 1;
    theme.generated_token(alternate).patch(theme.probability(text.p.get(at).copied().unwrap_or_default()))
}

/// The end of a text in exactly `width` cells, its tokens coloured by their probabilities; the last span is the space
/// that is left.
pub(super) fn tail<'a>(theme: &Theme, text: &'a BeamText, width: usize) -> Vec<Span<'a>> {
    let columns = |token: &ShownToken| usize::from(token.width);
    let whole: usize = text.tokens.iter().map(columns).sum();
    let mut first = 0;
    let mut used = whole;
    if whole > width || text.skipped > 0 {
        let room = width.saturating_sub(MORE.width());
        while used > room {
            used -= text.tokens.get(first).map_or(used, columns);
            first += 1;
        }
    }
    let mut spans = Vec::new();
    if first > 0 || text.skipped > 0 {
        spans.push(Span::styled(elide(MORE, width), theme.dim()));
        used += MORE.width();
    }
    let token = |(at, token): (usize, &'a ShownToken)| {
        Span::styled(token.text.as_str(), token_style(theme, text, at))
    };
    spans.extend(text.tokens.iter().enumerate().skip(first).map(token));
    spans.push(Span::raw(" ".repeat(width.saturating_sub(used))));
    spans
}

/// Columns that stand behind each other at the right end of a row, as long as they leave the text its room: their names
/// and cells, the most important first.
pub(super) struct Columns {
    /// Indices of those that are shown, in the order in which they stand.
    pub shown: Vec<usize>,
    /// Cells of the text.
    pub text: usize,
    all: &'static [(&'static str, usize)],
}

impl Columns {
    /// Those of `all` that fit beside a text of `least` cells in `width`; `order` is how they stand.
    pub(super) fn of(
        all: &'static [(&'static str, usize)],
        order: &[usize],
        least: usize,
        width: usize,
    ) -> Self {
        let mut spare = width.saturating_sub(least);
        let fits = |(_, cells): &&(&str, usize)| {
            let fits = *cells <= spare;
            spare = spare.saturating_sub(*cells);
            fits
        };
        let count = all.iter().take_while(fits).count();
        let shown: Vec<usize> = order.iter().copied().filter(|&column| column < count).collect();
        let taken: usize = shown.iter().map(|&column| all[column].1).sum();
        Self { shown, text: width.saturating_sub(taken), all }
    }

    /// The cells of a row, each at the right end of its column.
    pub(super) fn cells<'a>(
        &self,
        style: Style,
        cell: impl Fn(usize) -> (String, Option<Style>),
    ) -> Vec<Span<'a>> {
        let span = |&column: &usize| {
            let (text, own) = cell(column);
            right(&text, self.all[column].1, own.unwrap_or(style))
        };
        self.shown.iter().map(span).collect()
    }

    /// The names of the columns behind what stands above the text.
    pub(super) fn head<'a>(&self, theme: &Theme, text: &str) -> Line<'a> {
        let mut spans = vec![left(text, self.text, theme.dim())];
        spans.extend(self.cells(theme.dim(), |column| (self.all[column].0.to_owned(), None)));
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        text::Shown,
        theme::{ColourDepth, ThemeStore},
    };

    fn text(words: &[String]) -> BeamText {
        let token = |word: &String| {
            let text = Shown::inline(word).into_owned();
            ShownToken { width: text.width() as u16, text, by_hand: false, repeats: false, breaks: false }
        };
        BeamText { skipped: 0, tokens: words.iter().map(token).collect(), p: vec![0.5; words.len()] }
    }

    #[test]
    fn numbers_below_zero_have_a_minus_sign_and_zero_has_none() {
        assert_eq!([log(-1.234), log(-0.001), log(0.0)], ["−1.23", "0.00", "0.00"]);
        assert_eq!(score(-0.5), "−0.500");
    }

    #[test]
    fn columns_give_way_from_the_last_and_keep_their_order() {
        const ALL: &[(&str, usize)] = &[("a", 4), ("b", 6), ("c", 5)];
        let shown = |width| {
            let columns = Columns::of(ALL, &[2, 0, 1], 10, width);
            (columns.shown, columns.text)
        };
        assert_eq!(shown(30), (vec![2, 0, 1], 15));
        assert_eq!(shown(24), (vec![0, 1], 14));
        assert_eq!(shown(13), (vec![], 13));
    }

    proptest! {
        #[test]
        fn a_text_takes_its_cells_and_shows_its_end(words in prop::collection::vec("[a-z猫]{1,6}", 0..12), width in 0_usize..40) {
            let theme = ThemeStore::new(None).load("dark", ColourDepth::True).expect("built in");
            let text = text(&words);
            let line = Line::from(tail(&theme, &text, width));
            prop_assert_eq!(line.width(), width);
            let shown = line.to_string();
            let whole = words.concat();
            prop_assert!(whole.ends_with(shown.trim_end().trim_start_matches(MORE)), "{shown} of {whole}");
            prop_assert!(whole.width() > width || shown.trim_end() == whole);
        }
    }
}
