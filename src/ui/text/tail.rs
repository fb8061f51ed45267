//! The end of the generated text that is not, or not yet, part of the output.

use ratatui::style::Style;

use crate::{decode::Session, theme::Theme};

/// From where on the text is no output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// It may begin a stop string; `at` in bytes of the generated text.
    Withheld { at: usize },
    /// A stop condition ends the output at this byte of the generated text.
    Cut { at: usize },
}

impl Tail {
    /// The tail of a session's text.
    pub(super) fn of(session: &Session) -> Option<Self> {
        if let Some(reason) = session.stopped() {
            // Where the whole text is output, so is what was held back.
            return reason.output_end().map(|at| Self::Cut { at });
        }
        let text = session.path().text();
        let (bytes, _) = session.rules().withheld(text)?;
        Some(Self::Withheld { at: text.bytes().len() - bytes })
    }

    pub(super) fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Withheld { .. } => theme.withheld(),
            Self::Cut { .. } => theme.beyond_stop(),
        }
    }

    /// Where in the shown text of the token at `position` of the path the tail begins, in bytes: its length
    /// for a token before the tail, 0 for one inside.
    pub(super) fn split(self, session: &Session, position: usize, shown: &str) -> usize {
        let (Self::Withheld { at } | Self::Cut { at }) = self;
        let path = session.path();
        let Some(index) = position.checked_sub(path.prompt_len()).filter(|i| *i < path.text().tokens())
        else {
            return shown.len();
        };
        let range = path.text().range(index);
        if range.end <= at {
            return shown.len();
        }
        let before = at.saturating_sub(range.start);
        shown_bytes(&path.text().bytes()[range], before, shown)
    }
}

/// The bytes of `shown` that stand for the first `before` bytes of a token. Where characters are not shown one
/// by one, the whole token counts as after.
fn shown_bytes(piece: &[u8], before: usize, shown: &str) -> usize {
    let Ok(text) = std::str::from_utf8(piece) else { return 0 };
    let one_by_one = text.chars().count() == shown.chars().count();
    match text.get(..before) {
        Some(head) if one_by_one => shown.chars().take(head.chars().count()).map(char::len_utf8).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_split_where_its_characters_are_shown_one_by_one() {
        assert_eq!(shown_bytes(b" a.\n", 2, "␣a.⏎"), "␣a".len());
        assert_eq!(shown_bytes(b" a.\n", 0, "␣a.⏎"), 0);
        assert_eq!(shown_bytes("é.".as_bytes(), 2, "é."), 2);
        assert_eq!(shown_bytes(b"\xFFx", 1, "⟨FF⟩x"), 0, "bytes are not text");
        assert_eq!(shown_bytes("é.".as_bytes(), 1, "é."), 0, "inside a character");
    }
}
