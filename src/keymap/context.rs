//! Where the focus is decides what a key means.

use std::fmt;

/// A section of the keymap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere.
    Global,
    /// The text has the focus.
    Text,
    /// The candidates have the focus.
    Candidates,
    /// The sliders have the focus.
    Sampling,
    /// The sampler chain is shown, stage by stage.
    Xray,
    /// Lanes are compared.
    Compare,
    /// The tree is shown.
    Tree,
    /// Many seeds are shown.
    Seeds,
    /// Beam search is shown.
    Beam,
    /// Speculative decoding is shown.
    Speculate,
    /// The settings of its drafts have the focus.
    Drafts,
    /// One step is shown large.
    Present,
    /// A canvas is shown.
    Diffuse,
    /// What a token costs is shown.
    Cost,
    /// The lessons are listed.
    Learn,
    /// A lesson has the keys.
    Lesson,
    /// A list or help lies over the screen.
    Overlay,
}

impl Context {
    /// Every context, in the order of keymap.toml.
    pub const ALL: [Self; 17] = [
        Self::Global,
        Self::Text,
        Self::Candidates,
        Self::Sampling,
        Self::Xray,
        Self::Compare,
        Self::Tree,
        Self::Seeds,
        Self::Beam,
        Self::Speculate,
        Self::Drafts,
        Self::Present,
        Self::Diffuse,
        Self::Cost,
        Self::Learn,
        Self::Lesson,
        Self::Overlay,
    ];

    /// Whether it is a panel of the screen that shows one path, step by step.
    #[must_use]
    pub const fn is_of_the_path(self) -> bool {
        matches!(self, Self::Text | Self::Candidates | Self::Sampling)
    }

    /// Its section in keymap.toml.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Text => "text",
            Self::Candidates => "candidates",
            Self::Sampling => "sampling",
            Self::Xray => "x-ray",
            Self::Compare => "compare",
            Self::Tree => "tree",
            Self::Seeds => "seeds",
            Self::Beam => "beam",
            Self::Speculate => "speculate",
            Self::Drafts => "drafts",
            Self::Present => "present",
            Self::Diffuse => "diffuse",
            Self::Cost => "cost",
            Self::Learn => "learn",
            Self::Lesson => "lesson",
            Self::Overlay => "overlay",
        }
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
