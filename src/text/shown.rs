//! The one newtype through which foreign text reaches a screen, a log or an export.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation as _;

use super::writer::{Writer, grapheme_width};

/// How spaces are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Spaces {
    /// As spaces: for text that is read.
    #[default]
    Kept,
    /// Leading and trailing ones as `␣`, and every space that is not U+0020 by its code point: for tokens that are
    /// looked at one by one, where `in` and `␣in` differ.
    Marked,
}

/// Foreign text made safe and visible: one line that may be put into a span, a cell, a title, a log line or an export.
///
/// - Control characters are shown as pictures: ESC `␛`, newline `⏎`, tab `⇥`, NUL `␀`, DEL `␡`.
/// - What reorders or hides text, and what has no agreed form (direction controls, zero-width characters, tags, line
///   separators, private use, noncharacters) is spelled: `⟨U+202E⟩`. Joiners and selectors inside an emoji stay.
/// - Bytes that are not UTF-8 are shown as bytes: `⟨F0 9F⟩`.
/// - At most four combining marks in a row stay on a letter, and at most sixteen characters in a grapheme; `…` stands
///   for the rest. A mark without a letter sits on `◌`.
///
/// So no [control character](char::is_control), no direction control and no tag is ever inside, every grapheme takes at
/// least one column, and the width is the one ratatui counts. Showing what is already shown changes nothing.
///
/// Plain ASCII is borrowed, not copied.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Shown<'a>(Cow<'a, str>);

impl<'a> Shown<'a> {
    /// All of `text` in one line, newlines as `⏎`.
    #[must_use]
    pub fn inline(text: &'a str) -> Self {
        Self::with_spaces(text, Spaces::Kept)
    }

    /// All of `text` in one line, with spaces shown as asked.
    #[must_use]
    pub fn with_spaces(text: &'a str, spaces: Spaces) -> Self {
        if is_plain(text, spaces) {
            return Self(Cow::Borrowed(text));
        }
        let mut writer = Writer::new(spaces, text.len() + 8);
        writer.text(text);
        Self(Cow::Owned(mark_spaces(writer.finish(), spaces)))
    }

    /// All of `bytes` in one line; what is not UTF-8 is shown as bytes.
    #[must_use]
    pub fn bytes(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self::inline(text);
        }
        let mut writer = Writer::new(Spaces::Kept, 2 * bytes.len());
        for chunk in bytes.utf8_chunks() {
            writer.text(chunk.valid());
            writer.bytes(chunk.invalid());
        }
        Self::from_writer(writer, Spaces::Kept)
    }

    /// A file name or path as one line.
    #[must_use]
    pub fn path(path: &'a Path) -> Self {
        Self::bytes(path.as_os_str().as_encoded_bytes())
    }

    /// `text` as the lines it was written in: for error bodies, templates and whatever else is read as prose. Lines end
    /// at `\n` or `\r\n`, which are not shown; a text that ends with one has an empty last line.
    pub fn lines(text: &'a str) -> impl Iterator<Item = Self> {
        text.split('\n').map(|line| Self::inline(line.strip_suffix('\r').unwrap_or(line)))
    }

    /// What `writer` holds.
    pub(super) fn from_writer(writer: Writer, spaces: Spaces) -> Self {
        Self(Cow::Owned(mark_spaces(writer.finish(), spaces)))
    }

    /// The safe text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same text, borrowed from this one.
    #[must_use]
    pub fn borrowed(&self) -> Shown<'_> {
        Shown(Cow::Borrowed(&self.0))
    }

    /// The same text, owned.
    #[must_use]
    pub fn into_owned(self) -> Shown<'static> {
        Shown(Cow::Owned(self.0.into_owned()))
    }

    /// The columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.graphemes().map(|(_, width)| width).sum()
    }

    /// The graphemes with the columns each takes, at least one: for wrapping and for drawing cell by cell.
    #[must_use]
    pub fn graphemes(&self) -> impl DoubleEndedIterator<Item = (&str, usize)> {
        self.0.graphemes(true).map(|grapheme| (grapheme, grapheme_width(grapheme)))
    }

    /// The text cut after each `⏎`, so that a view can break the line where the text does.
    pub fn split_after_newlines(&self) -> impl Iterator<Item = Shown<'_>> {
        self.0.split_inclusive('⏎').map(|part| Shown(Cow::Borrowed(part)))
    }

    /// As much from the start as fits into `columns`, with `…` at the end if something was left out.
    #[must_use]
    pub fn truncate(&self, columns: usize) -> Shown<'_> {
        let mut used = 0;
        let mut kept = 0;
        for (grapheme, width) in self.graphemes() {
            used += width;
            if used > columns {
                return self.cut(kept, columns);
            }
            // What still leaves a column for the mark.
            if used < columns {
                kept += grapheme.len();
            }
        }
        self.borrowed()
    }

    /// The first `kept` bytes and the mark; nothing where not even the mark fits.
    fn cut(&self, kept: usize, columns: usize) -> Shown<'_> {
        if columns == 0 {
            return Shown::default();
        }
        let mut text = String::with_capacity(kept + '…'.len_utf8());
        text.push_str(&self.0[..kept]);
        text.push('…');
        Shown(Cow::Owned(text))
    }
}

/// Printable ASCII, which needs no change and no copy.
fn is_plain(text: &str, spaces: Spaces) -> bool {
    let edge = |byte: Option<&u8>| spaces == Spaces::Marked && byte == Some(&b' ');
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) && !edge(bytes.first()) && !edge(bytes.last())
}

/// Marks the spaces at both ends, if asked to.
fn mark_spaces(text: String, spaces: Spaces) -> String {
    let inner = text.trim_matches(' ');
    if spaces == Spaces::Kept || inner.len() == text.len() {
        return text;
    }
    let leading = text.len() - text.trim_start_matches(' ').len();
    let trailing = text.len() - leading - inner.len();
    ["␣".repeat(leading).as_str(), inner, &"␣".repeat(trailing)].concat()
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shown").field(&self.0).finish()
    }
}

impl AsRef<str> for Shown<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// For ratatui: `Span::raw(shown)`.
impl<'a> From<Shown<'a>> for Cow<'a, str> {
    fn from(shown: Shown<'a>) -> Self {
        shown.0
    }
}

impl From<Shown<'_>> for String {
    fn from(shown: Shown<'_>) -> Self {
        shown.0.into_owned()
    }
}

#[cfg(test)]
mod tests;
