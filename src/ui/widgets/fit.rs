//! Cutting text to a number of cells.

use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the text that was cut.
const ELLIPSIS: &str = "…";

/// The text in at most `width` cells; a cut text ends in `…`, which counts as one of them.
///
/// Graphemes are kept whole: where half a wide one would fit, the result is a cell narrower.
#[must_use]
pub fn elide(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let mut kept = prefix(text, width - 1).to_owned();
    kept.push_str(ELLIPSIS);
    kept
}

/// [`elide`] for a line of several styles; the `…` has the style of what it cuts.
#[must_use]
pub fn elide_line<'a>(line: &Line<'a>, width: usize) -> Line<'a> {
    if line.width() <= width {
        return line.clone();
    }
    let mut left = width;
    let mut spans = Vec::new();
    for span in &line.spans {
        let span_width = span.width();
        // The last cell is for the ellipsis, as something of this line does not fit.
        if span_width < left {
            left -= span_width;
            spans.push(span.clone());
        } else {
            let text = if left == 0 {
                String::new()
            } else {
                format!("{}{ELLIPSIS}", prefix(&span.content, left - 1))
            };
            spans.push(Span::styled(text, span.style));
            break;
        }
    }
    Line { spans, ..line.clone() }
}

/// The longest start of the text that takes at most `width` cells.
fn prefix(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text
        .grapheme_indices(true)
        .find(|(_, grapheme)| {
            used += grapheme.width();
            used > width
        })
        .map_or(text.len(), |(start, _)| start);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::{Style, Stylize};

    use super::*;

    #[test]
    fn what_fits_stays() {
        assert_eq!(elide("with", 4), "with");
        assert_eq!(elide("", 0), "");
        assert_eq!(elide("猫", 2), "猫");
    }

    #[test]
    fn what_does_not_fit_is_cut_at_a_grapheme() {
        assert_eq!(elide("outside", 4), "out…");
        assert_eq!(elide("outside", 1), "…");
        assert_eq!(elide("outside", 0), "");
        assert_eq!(elide("猫犬", 3), "猫…");
        assert_eq!(elide("猫犬", 2), "…", "half a wide character is none");
        assert_eq!(elide("e\u{301}tude", 3), "e\u{301}t…");
    }

    #[test]
    fn a_line_keeps_its_styles() {
        let line = Line::from(vec!["ab".bold(), "cde".italic(), "f".into()]);
        let cut = elide_line(&line, 4);
        assert_eq!(cut.spans, ["ab".bold(), "c…".italic()]);
        assert_eq!(elide_line(&line, 2).spans, ["a…".bold()], "the ellipsis takes the last cell");
        assert_eq!(elide_line(&line, 3).spans, ["ab".bold(), "…".italic()]);
        assert_eq!(elide_line(&line, 6), line);
        assert_eq!(elide_line(&line, 0).width(), 0);
    }

    proptest! {
        #[test]
        fn never_wider_than_asked(text in "\\PC{0,12}", width in 0_usize..12) {
            prop_assert!(elide(&text, width).width() <= width);
            let line = Line::from(vec![Span::raw(text.clone()), Span::styled(text.clone(), Style::new().bold())]);
            prop_assert!(elide_line(&line, width).width() <= width);
        }
    }
}
