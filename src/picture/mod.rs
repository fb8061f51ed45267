//! Cells of a terminal as SVG: what the README's pictures and the hand-outs are made of.
//!
//! Blocks and lines become shapes that join without gaps, and text has a fixed length, so that columns are aligned in whatever
//! font the reader has.

mod buffer;
mod classes;
mod drawing;
mod glyphs;

pub use buffer::{Look, cells, element, file, rules};
pub use classes::Classes;
pub use drawing::draw;
pub use glyphs::{CELL_HEIGHT, CELL_WIDTH};

use crate::theme::Rgb;

/// The fonts of all pictures, as CSS has it.
pub const FONT: &str =
    "15px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// How a cell is painted, colours already resolved (inverse, dim, defaults).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "attributes of a cell, as terminals have them")]
pub struct Style {
    /// Colour of the text.
    pub ink: Rgb,
    /// Colour behind it.
    pub paper: Rgb,
    /// Bold text.
    pub bold: bool,
    /// Slanted text.
    pub italic: bool,
    /// A line under the text.
    pub underline: bool,
    /// A line through the text.
    pub struck: bool,
}

impl Style {
    /// Ordinary text of these colours.
    #[must_use]
    pub const fn plain(ink: Rgb, paper: Rgb) -> Self {
        Self { ink, paper, bold: false, italic: false, underline: false, struck: false }
    }
}

/// One grapheme in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The text, empty for a blank cell.
    pub text: String,
    /// Columns it takes, 1 or 2.
    pub width: u16,
    /// How it is painted.
    pub style: Style,
}

impl Cell {
    /// Whether nothing of it can be seen on a picture of this colour.
    #[must_use]
    pub fn is_blank(&self, paper: Rgb) -> bool {
        self.text.is_empty() && self.style.paper == paper && !self.style.underline && !self.style.struck
    }
}

/// A colour as CSS writes it, in three digits where that says the same.
#[must_use]
pub fn css(colour: Rgb) -> String {
    let Rgb { r, g, b } = colour;
    if [r, g, b].iter().all(|channel| channel % 17 == 0) {
        format!("#{:x}{:x}{:x}", r / 17, g / 17, b / 17)
    } else {
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// Text as HTML and XML take it: no markup, no control characters but line breaks.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            letter if letter.is_control() => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_written_as_short_as_they_can_be() {
        assert_eq!(css(Rgb::new(255, 0, 17)), "#f01");
        assert_eq!(css(Rgb::new(255, 0, 18)), "#ff0012");
    }

    #[test]
    fn markup_and_control_characters_are_harmless() {
        assert_eq!(escaped("<a href=\"x\">&\u{1b}\n"), "&lt;a href=&quot;x&quot;&gt;&amp;\u{fffd}\n");
    }
}
