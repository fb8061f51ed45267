//! Builds shown text: decides for each grapheme what of it is printed as it is.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::danger::{
    Fate, JOINER, fate, is_emoji_selector, is_keycap_base, is_pictograph, is_regional_indicator, is_skin_tone,
};
use super::shown::Spaces;

/// Combining marks in a row on one letter; Vietnamese and Hebrew stay below it, piles of accents ("Zalgo") do not.
const MOST_MARKS: usize = 4;
/// Characters in one grapheme; the longest emoji in use, a kiss with two skin tones, has ten.
const MOST_CHARACTERS: usize = 16;
/// Stands where something was left out.
const LEFT_OUT: char = '…';
/// Carries a combining mark that has no letter of its own.
const MARK_CARRIER: char = '◌';

/// The columns `grapheme` takes, counted as ratatui counts them when it fills a buffer.
///
/// unicode-width gives the halfwidth voiced sound marks (U+FF9E, U+FF9F) no width of their own; terminals give them a
/// column, and so does ratatui.
pub(super) fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width() + grapheme.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count()
}

/// Appends the shown form of text and bytes to a string.
#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    spaces: Spaces,
}

impl Writer {
    /// An empty text with room for `capacity` bytes.
    pub(super) fn new(spaces: Spaces, capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), spaces }
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Appends `text`, one grapheme after the other.
    pub(super) fn text(&mut self, text: &str) {
        for grapheme in text.graphemes(true) {
            self.grapheme(grapheme);
        }
    }

    /// Appends bytes that are no text: `⟨F0 9F⟩`.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        for (index, byte) in bytes.iter().enumerate() {
            self.out.push(if index == 0 { '⟨' } else { ' ' });
            // Writing to a String cannot fail.
            let _ = write!(self.out, "{byte:02X}");
        }
        if !bytes.is_empty() {
            self.out.push('⟩');
        }
    }

    /// Appends one grapheme.
    fn grapheme(&mut self, grapheme: &str) {
        let mut run = Run::starting_at(self.out.len());
        let mut left = MOST_CHARACTERS;
        let mut rest = grapheme.chars();
        while let Some(c) = rest.next() {
            if left == 0 || run.is_one_mark_too_many(c) {
                run.close(self);
                self.out.push(LEFT_OUT);
                return;
            }
            left -= 1;
            self.character(c, rest.clone().next(), &mut run);
        }
        run.close(self);
    }

    /// Appends the character `c`, which `next` follows in the same grapheme.
    fn character(&mut self, c: char, next: Option<char>, run: &mut Run) {
        let fate = match self.fate(c) {
            Fate::Spelled if run.belongs_to_emoji(c, next) => Fate::Kept,
            Fate::Kept if run.is_lone_half_of_an_emoji(c, next) => Fate::Spelled,
            fate => fate,
        };
        if fate == Fate::Kept {
            return run.keep(self, c);
        }
        run.close(self);
        match fate {
            Fate::Pictured(picture) => self.out.push(picture),
            _ => self.spell(c),
        }
        *run = Run::starting_at(self.out.len());
    }

    fn spell(&mut self, c: char) {
        let _ = write!(self.out, "⟨U+{:04X}⟩", u32::from(c));
    }

    /// Where tokens are looked at one by one, a no-break space must not pass for a space.
    fn fate(&self, c: char) -> Fate {
        match fate(c) {
            Fate::Kept if self.spaces == Spaces::Marked && c != ' ' && c.is_whitespace() => Fate::Spelled,
            fate => fate,
        }
    }
}

/// The characters of one grapheme that are kept side by side; what is replaced ends a run.
#[derive(Debug)]
struct Run {
    /// Where it begins in the output.
    start: usize,
    /// The last character that was kept.
    previous: Option<char>,
    /// Zero-width characters since the last one with a width.
    marks: usize,
}

impl Run {
    const fn starting_at(start: usize) -> Self {
        Self { start, previous: None, marks: 0 }
    }

    fn keep(&mut self, writer: &mut Writer, c: char) {
        if self.previous.is_none() && is_attaching(c) {
            writer.out.push(MARK_CARRIER);
        }
        writer.out.push(c);
        self.marks = if is_mark(c) { self.marks + 1 } else { 0 };
        self.previous = Some(c);
    }

    /// Ends the run. One that would take no column is spelled, or ratatui would drop it without a word.
    fn close(&self, writer: &mut Writer) {
        if grapheme_width(&writer.out[self.start..]) == 0 {
            let unseen = writer.out.split_off(self.start);
            unseen.chars().for_each(|c| writer.spell(c));
        }
    }

    fn is_one_mark_too_many(&self, c: char) -> bool {
        self.marks >= MOST_MARKS && is_mark(c)
    }

    /// A joiner between two pictographs, or the selector of one.
    fn belongs_to_emoji(&self, c: char, next: Option<char>) -> bool {
        let Some(previous) = self.previous else {
            return false;
        };
        if c == JOINER {
            let joins = is_pictograph(previous) || is_emoji_selector(previous) || is_skin_tone(previous);
            return joins && next.is_some_and(is_pictograph);
        }
        is_emoji_selector(c) && (is_pictograph(previous) || is_keycap_base(previous))
    }

    /// One regional indicator, or a skin tone without a face: alone in its cell it would melt into the cell beside it
    /// and take its columns along.
    fn is_lone_half_of_an_emoji(&self, c: char, next: Option<char>) -> bool {
        if is_regional_indicator(c) {
            let pairs = |other: Option<char>| other.is_some_and(is_regional_indicator);
            return !pairs(self.previous) && !pairs(next);
        }
        is_skin_tone(c) && !self.previous.is_some_and(|c| is_pictograph(c) || is_emoji_selector(c))
    }
}

/// Takes no column of its own.
fn is_mark(c: char) -> bool {
    grapheme_width(c.encode_utf8(&mut [0; 4])) == 0
}

/// Whether `c` would attach to the character before it, whatever that is.
fn is_attaching(c: char) -> bool {
    let mut buffer = [0; 8];
    let carrier = MARK_CARRIER.encode_utf8(&mut buffer).len();
    let length = carrier + c.encode_utf8(&mut buffer[carrier..]).len();
    std::str::from_utf8(&buffer[..length]).is_ok_and(|pair| pair.graphemes(true).count() == 1)
}
