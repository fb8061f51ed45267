//! The screens of the program: each looks at the same tree from another side.

use super::PanelId;
use crate::keymap::Action;

/// What fills the space between header and footer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Screen {
    /// One cursor, token by token.
    #[default]
    Step,
    /// One step of it, stage by stage through the sampler chain.
    Xray,
    /// Several cursors side by side.
    Compare,
    /// All paths walked.
    Tree,
    /// One setting, many seeds.
    Seeds,
    /// Beam search, round by round.
    Beam,
}

impl Screen {
    /// Every screen, in the order of their keys.
    pub const ALL: [Self; 6] = [Self::Step, Self::Xray, Self::Compare, Self::Tree, Self::Seeds, Self::Beam];

    /// Whether its steps are those of the one path that the step screen shows.
    #[must_use]
    pub const fn follows_path(self) -> bool {
        matches!(self, Self::Step | Self::Xray | Self::Tree)
    }

    /// The name in the header.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Step => "Step",
            Self::Xray => "X-ray",
            Self::Compare => "Compare",
            Self::Tree => "Tree",
            Self::Seeds => "Seeds",
            Self::Beam => "Beam",
        }
    }

    /// The panel that has the focus when it is shown.
    #[must_use]
    pub const fn first_panel(self) -> PanelId {
        match self {
            Self::Step | Self::Xray => PanelId::Candidates,
            Self::Tree => PanelId::Tree,
            Self::Seeds => PanelId::Seeds,
            Self::Beam => PanelId::Beam,
            Self::Compare => PanelId::Lanes,
        }
    }

    /// The action that shows it.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Step => Action::ShowStep,
            Self::Xray => Action::ShowXray,
            Self::Compare => Action::ShowCompare,
            Self::Tree => Action::ShowTree,
            Self::Seeds => Action::ShowSeeds,
            Self::Beam => Action::ShowBeam,
        }
    }
}
