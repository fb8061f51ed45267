//! Text in rows: drawn, wrapped, put side by side.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::widgets::elide_line;

/// Draws a line into a row of an area; what is wider is cut between two words. A row below the area is not drawn.
pub(super) fn draw_row(area: Rect, row: usize, line: &Line, buf: &mut Buffer) {
    if row < usize::from(area.height) {
        let line = elide_words(line, usize::from(area.width));
        buf.set_line(area.x, area.y + row as u16, &line, area.width);
    }
}

/// A line in at most `width` cells: where it is cut, `…` stands after its last whole word. A line without spaces, as a name
/// from elsewhere may be, is cut in that.
pub(super) fn elide_words<'a>(line: &Line<'a>, width: usize) -> Line<'a> {
    if line.width() <= width || width == 0 {
        return elide_line(line, width);
    }
    let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    let cut = if text.width() < width { text.len() } else { fitting_bytes(&text, width.saturating_sub(1)) };
    let in_word = |text: &str, at: usize| {
        let letter = |symbol: Option<char>| symbol.is_some_and(char::is_alphanumeric);
        letter(text[..at].chars().next_back()) && letter(text[at..].chars().next())
    };
    let cells = match text[..cut].rfind(' ').filter(|_| in_word(&text, cut)) {
        Some(space) if !text[..space].trim().is_empty() => text[..=space].width() + 1,
        _ => width,
    };
    elide_line(line, cells)
}

/// Draws lines from the top of an area on, as many as it has rows.
pub(super) fn draw_rows(area: Rect, lines: &[Line], buf: &mut Buffer) {
    for (row, line) in lines.iter().take(usize::from(area.height)).enumerate() {
        draw_row(area, row, line, buf);
    }
}

/// The first row of the page of `height` rows that the selected one is on.
pub(super) fn first_of_page(selected: usize, height: usize) -> usize {
    selected - selected.checked_rem(height).unwrap_or(selected)
}

/// The rows of a list that have room, a page with the selected one, and their places.
pub(super) fn page(rows: usize, selected: usize, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let first = first_of_page(selected, area.height.into());
    let height = if area.width == 0 { 0 } else { area.height };
    (first..rows).zip((0..height).map(move |row| Rect { y: area.y + row, height: 1, ..area }))
}

/// The lines of a text that is broken between words, and inside words that are wider than a line.
/// Every newline begins a line.
pub(super) fn wrap_words(text: &str, width: usize) -> Vec<&str> {
    text.split('\n').flat_map(|line| wrap_line(line, width.max(1))).collect()
}

fn wrap_line(mut rest: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    while rest.width() > width {
        let end = fitting_bytes(rest, width);
        // A space right after the last cell that fits ends a word as well.
        let space = rest[..end].rfind(' ').filter(|&at| at > 0 && !rest[end..].starts_with(' '));
        let cut = space.unwrap_or(end);
        lines.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start_matches(' ');
    }
    if lines.is_empty() || !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// Bytes of the graphemes that fit into `width` cells, of at least one grapheme.
fn fitting_bytes(text: &str, width: usize) -> usize {
    let mut used = 0;
    let mut graphemes = text.grapheme_indices(true);
    let first = graphemes.next().map_or(0, |(_, grapheme)| {
        used = grapheme.width();
        grapheme.len()
    });
    graphemes
        .take_while(|(_, grapheme)| {
            used += grapheme.width();
            used <= width
        })
        .last()
        .map_or(first, |(start, grapheme)| start + grapheme.len())
}

/// Puts parts side by side with a separator between them, as many on each line as fit; parts stay
/// whole, and a line that goes on ends with the separator.
pub(super) fn flow(parts: &[String], separator: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let after = if index + 1 < parts.len() { separator.trim_end().width() } else { 0 };
        match lines.last_mut() {
            Some(line) if line.width() + separator.width() + part.width() + after <= width => {
                line.push_str(separator);
                line.push_str(part);
            }
            last => {
                if let Some(line) = last {
                    line.push_str(separator.trim_end());
                }
                lines.push(part.clone());
            }
        }
    }
    lines
}

/// The first of several wordings, from the fullest to the shortest, that fits into `width` cells; nothing if none does.
pub(super) fn fitting(wordings: &[String], width: usize) -> &str {
    wordings.iter().find(|wording| wording.width() <= width).map_or("", String::as_str)
}

/// [`fitting`] for lines of several styles.
pub(super) fn fitting_line<'a>(wordings: Vec<Line<'a>>, width: usize) -> Line<'a> {
    wordings.into_iter().find(|wording| wording.width() <= width).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap_words("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap_words("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap_words("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(wrap_words("", 9), [""]);
    }

    #[test]
    fn a_row_is_cut_between_words() {
        let cut = |text: &'static str, width| elide_words(&Line::raw(text), width).to_string();
        assert_eq!(cut("top-k 40 · 40 left", 18), "top-k 40 · 40 left");
        assert_eq!(cut("top-k 40 · 40 left", 16), "top-k 40 · 40 …");
        assert_eq!(cut("storyteller", 6), "story…", "a name may be cut");
        assert_eq!(cut("ab cd", 3), "ab…", "between two words already");
    }

    #[test]
    fn words_wider_than_a_line_break_inside() {
        assert_eq!(wrap_words("abcdefgh ij", 5), ["abcde", "fgh", "ij"]);
        assert_eq!(wrap_words("猫猫猫", 5), ["猫猫", "猫"]);
        assert_eq!(wrap_words("猫猫", 1), ["猫", "猫"], "a grapheme at least, or it would never end");
        assert_eq!(wrap_words("ab", 0), ["a", "b"]);
    }

    #[test]
    fn parts_stay_whole() {
        let parts = ["top-k 40", "top-p 9", "temperature"].map(str::to_owned);
        assert_eq!(flow(&parts, " → ", 20), ["top-k 40 → top-p 9 →", "temperature"]);
        assert_eq!(flow(&parts, " → ", 19), ["top-k 40 →", "top-p 9 →", "temperature"]);
        assert_eq!(flow(&parts, " → ", 80), ["top-k 40 → top-p 9 → temperature"]);
        assert!(flow(&[], ", ", 10).is_empty());
    }

    #[test]
    fn the_fullest_wording_that_fits() {
        let wordings = ["of the context", "of context", "ctx"].map(str::to_owned);
        assert_eq!(fitting(&wordings, 20), "of the context");
        assert_eq!(fitting(&wordings, 10), "of context");
        assert_eq!(fitting(&wordings, 2), "", "whole or not at all");
        assert_eq!(fitting_line(vec!["ctx".into(), "c".into()], 2), Line::raw("c"));
        assert_eq!(fitting_line(vec!["ctx".into()], 2), Line::default());
        assert_eq!(fitting(&[], 1), "");
    }

    proptest! {
        #[test]
        fn wrapping_loses_no_letter(text in "[a-z猫 \n]{0,60}", width in 2_usize..20) {
            let lines = wrap_words(&text, width);
            prop_assert!(lines.iter().all(|line| line.width() <= width));
            let letters = |text: &str| text.replace([' ', '\n'], "");
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
