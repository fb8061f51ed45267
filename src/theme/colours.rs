//! A palette as one terminal can show it.

use ratatui::style::Color;

use super::depth::ColourDepth;
use super::palette::{Palette, RAMP_STEPS, Role};

/// How much of the accent is mixed into the background of a selected row: enough to see, little enough to
/// read on.
const SELECTION_TINT: f64 = 0.22;

/// Every colour a style can need, in the terminal's own terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Colours {
    roles: [Color; Role::ALL.len()],
    /// From the least to the most likely token.
    pub ramp: [Color; RAMP_STEPS],
    /// Behind a selected row; `None` where the terminal has no colour between background and text.
    pub selection: Option<Color>,
    /// Behind every other token; `None` where it would look like the background.
    pub alternate: Option<Color>,
    /// Only 16 colours: the steps of the ramp fall together and need modifiers too.
    pub coarse: bool,
}

impl Colours {
    /// `None` on a terminal without colours.
    pub fn new(palette: &Palette, depth: ColourDepth) -> Option<Self> {
        if depth == ColourDepth::None {
            return None;
        }
        let background = depth.nearest(palette.get(Role::Background));
        let text = depth.nearest(palette.get(Role::Text));
        // With few colours a foreground may fall on the background's colour: better plain than unseen.
        let seen = |colour: Color| if colour == background { text } else { colour };
        let apart = |colour: Color| (colour != background && colour != text).then_some(colour);
        let coarse = depth == ColourDepth::Ansi16;
        let shade = |rgb| {
            if coarse { None } else { apart(depth.nearest(rgb)) }
        };
        let surface = palette.get(Role::Surface);
        Some(Self {
            roles: Role::ALL.map(|role| match role {
                Role::Background => background,
                Role::Surface => shade(surface).unwrap_or(background),
                _ => seen(depth.nearest(palette.get(role))),
            }),
            ramp: palette.ramp().map(|rgb| seen(depth.nearest(rgb))),
            selection: shade(surface.mix(palette.get(Role::Accent), SELECTION_TINT)),
            alternate: shade(surface),
            coarse,
        })
    }

    pub const fn get(&self, role: Role) -> Color {
        self.roles[role as usize]
    }
}
