//! What actions are about.

/// What an action is about; the headings of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Going forth and back in the text.
    Play,
    /// Cursor and focus.
    Move,
    /// Sliders and presets.
    Sampling,
    /// How things are shown.
    View,
    /// Lanes.
    Compare,
    /// Many seeds.
    Seeds,
    /// The tree of paths.
    Tree,
    /// Beam search.
    Beam,
    /// Speculative decoding.
    Speculate,
    /// The step, large.
    Present,
    /// A canvas.
    Diffuse,
    /// Lessons.
    Learn,
    /// Prompt, model, program.
    Session,
}

impl Group {
    /// Every group, in the order of help.
    pub const ALL: [Self; 13] = [
        Self::Play,
        Self::Move,
        Self::Sampling,
        Self::View,
        Self::Compare,
        Self::Seeds,
        Self::Tree,
        Self::Beam,
        Self::Speculate,
        Self::Present,
        Self::Diffuse,
        Self::Learn,
        Self::Session,
    ];

    /// The heading in help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Play => "Play",
            Self::Move => "Move",
            Self::Sampling => "Sampling",
            Self::View => "View",
            Self::Compare => "Compare",
            Self::Seeds => "Seeds",
            Self::Tree => "Tree",
            Self::Beam => "Beam",
            Self::Speculate => "Speculate",
            Self::Present => "Present",
            Self::Diffuse => "Diffuse",
            Self::Learn => "Learn",
            Self::Session => "Session",
        }
    }
}
