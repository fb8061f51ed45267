//! The sampling settings of the step screen, the presets, and the slider in hand.

use super::super::Knob;
use crate::sampling::{Preset, SamplingOverrides, SamplingSettings};

/// A value being typed into a slider.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Which.
    pub knob: Knob,
    /// What is typed so far; at first the value that it has.
    pub text: String,
    /// Whether nothing was typed yet: the first character takes the place of the value.
    pub fresh: bool,
}

/// The sampling settings, and the slider in hand.
pub(crate) struct Hand {
    /// The sampling settings.
    pub(crate) sampling: SamplingSettings,
    /// Those that a person has set before the start.
    pub(crate) given: SamplingOverrides,
    /// Whether one was changed on the screen.
    pub(crate) changed: bool,
    /// Sampling settings by name.
    pub(crate) presets: Vec<Preset>,
    /// The preset that settings are compared with.
    pub(crate) preset: usize,
    /// The selected slider.
    pub(crate) knob: Knob,
    /// The value being typed.
    pub(crate) typing: Option<Typing>,
    /// The slider that the mouse holds.
    pub(crate) dragged: Option<Knob>,
    /// Where a drag in finest steps began: the mouse's column, and the slider's value.
    pub(crate) dragged_from: Option<(u16, f64)>,
}
