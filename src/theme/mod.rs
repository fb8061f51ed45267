//! How things look: a few named colours in, a style for every intent out.
//!
//! A widget asks for what it means ([`Theme::chosen`], [`Theme::warning`]), never for a colour. Every
//! distinction that matters is carried by a modifier or a glyph as well, so that nothing is told by colour
//! alone.

mod colours;
mod depth;
mod error;
mod file;
mod marks;
mod palette;
mod rgb;
mod store;
mod styles;
mod token_styles;

pub use depth::ColourDepth;
pub use error::ThemeError;
pub use marks::Marks;
pub use palette::{Palette, RAMP_STEPS, Role};
pub use rgb::Rgb;
pub use store::{BUILT_IN, ThemeStore};

use colours::Colours;

/// A style for everything on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    name: String,
    /// `None`: modifiers only.
    colours: Option<Colours>,
}

impl Theme {
    /// A theme of these colours, as near as a terminal of this depth can show them.
    #[must_use]
    pub fn new(name: impl Into<String>, palette: &Palette, depth: ColourDepth) -> Self {
        Self { name: name.into(), colours: Colours::new(palette, depth) }
    }

    /// A theme without colours.
    #[must_use]
    pub fn monochrome(name: impl Into<String>) -> Self {
        Self { name: name.into(), colours: None }
    }

    /// The name it was loaded by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has no colours, only modifiers.
    #[must_use]
    pub const fn is_monochrome(&self) -> bool {
        self.colours.is_none()
    }
}

#[cfg(test)]
mod tests;
