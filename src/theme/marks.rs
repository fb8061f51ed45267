//! Glyphs that say what a colour says.

/// Signs that go with the styles, one cell wide each, so that no distinction rests on colour.
#[derive(Clone, Copy, Debug)]
pub struct Marks;

impl Marks {
    /// Before the chosen candidate.
    pub const CHOSEN: &str = "▸";
    /// After a candidate that the lane to its right chose.
    pub const CHOSEN_RIGHT: &str = "◂";
    /// Before the candidate that the present settings would draw where another one was taken.
    pub const WOULD_BE_DRAWN: &str = "▹";
    /// Before a token that a user picked.
    pub const BY_HAND: &str = "✎";
    /// Where a loop says the same thing once more.
    pub const LOOP: &str = "↻";
    /// Where the next token will be written.
    pub const CARET: &str = "▏";
    /// Before the token at which a lane leaves the first one.
    pub const PARTS: &str = "◆";
    /// Before the best of several texts.
    pub const BEST: &str = "★";
    /// Beside a lane with a prompt of its own.
    pub const OWN_PROMPT: &str = "¶";
    /// Where generation stopped.
    pub const STOPPED: &str = "■";
    /// Where the final probability of a cut token would be.
    pub const CUT: &str = "·";
    /// Beside a logit that a stage moved up.
    pub const UP: &str = "↑";
    /// Beside a logit that a stage moved down.
    pub const DOWN: &str = "↓";
    /// Beside a value that differs from the preset.
    pub const CHANGED: &str = "*";
    /// Beside a warning.
    pub const WARNING: &str = "!";
    /// Beside an error.
    pub const ERROR: &str = "✗";
    /// Beside the model that is loaded.
    pub const LOADED: &str = "✓";
    /// Before a value that was computed, not measured.
    pub const COMPUTED: &str = "=";
    /// Before a number that need not be exact, as not every candidate was named.
    pub const ABOUT: &str = "≈";
    /// After text held back because it may begin a stop string.
    pub const WITHHELD: &str = "…";
    /// Between two tokens of the prompt, where boundaries are drawn.
    pub const PROMPT_BOUNDARY: &str = "┊";
    /// Between two generated tokens, where boundaries are drawn.
    pub const GENERATED_BOUNDARY: &str = "│";
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn every_mark_takes_one_cell() {
        for mark in [
            Marks::CHOSEN,
            Marks::CHOSEN_RIGHT,
            Marks::WOULD_BE_DRAWN,
            Marks::BY_HAND,
            Marks::CARET,
            Marks::LOOP,
            Marks::BEST,
            Marks::OWN_PROMPT,
            Marks::STOPPED,
            Marks::PARTS,
            Marks::CUT,
            Marks::UP,
            Marks::DOWN,
            Marks::CHANGED,
            Marks::WARNING,
            Marks::ERROR,
            Marks::LOADED,
            Marks::COMPUTED,
            Marks::WITHHELD,
            Marks::PROMPT_BOUNDARY,
            Marks::GENERATED_BOUNDARY,
        ] {
            assert_eq!(mark.width(), 1, "{mark}");
        }
    }
}
