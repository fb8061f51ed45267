//! What the program looks like, and its keys.

use std::{collections::VecDeque, path::PathBuf};

use crate::{
    keymap::Keymap,
    settings::{ColourBy, EndChart},
    theme::{ColourDepth, Theme, ThemeStore},
};

/// Frames whose times are kept.
pub(crate) const FRAMES_KEPT: usize = 64;

/// What the program looks like, and its keys.
pub(crate) struct Chrome {
    /// The theme.
    pub(in crate::app) theme: Theme,
    /// The themes to choose from.
    pub(in crate::app) themes: ThemeStore,
    /// How many colours the terminal has.
    pub(in crate::app) depth: ColourDepth,
    /// The keys.
    pub(in crate::app) keymap: Keymap,
    /// Columns and rows of the terminal.
    pub(in crate::app) size: (u16, u16),
    /// Where the log goes.
    pub(in crate::app) log_file: Option<PathBuf>,
    /// What the colour of a token tells.
    pub(in crate::app) colour_by: ColourBy,
    /// What of the end token is charted, and when.
    pub(in crate::app) end_chart: EndChart,
    /// Milliseconds that the last frames took to draw, newest last.
    pub(in crate::app) frame_ms: VecDeque<f64>,
}

impl Chrome {
    /// Columns of the text in the text panel: the whole screen less its frame and a cell beside it.
    pub(crate) fn text_width(&self) -> usize {
        usize::from(self.size.0).saturating_sub(4).max(1)
    }
}
