//! The panels of the X-ray screen, and which of them a screen has room for.

/// A panel of the X-ray screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum XrayPanel {
    /// The stages of the chain, in order.
    #[default]
    Stages,
    /// The candidates as the selected stage left them.
    Candidates,
    /// One token's way through the stages.
    Way,
    /// The draw from what is left.
    Draw,
}

/// How the panels share the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// All side by side.
    Wide,
    /// One of the first three over the draw.
    Narrow,
    /// One at a time.
    Tiny,
}

impl Arrangement {
    /// The one for a screen of so many columns and rows.
    #[must_use]
    pub const fn of((columns, rows): (u16, u16)) -> Self {
        match (columns, rows) {
            (100.., 30..) => Self::Wide,
            (60.., 18..) => Self::Narrow,
            _ => Self::Tiny,
        }
    }

    /// The panels that tab goes through: those that have keys of their own, and those that share a place.
    #[must_use]
    pub const fn panels(self) -> &'static [XrayPanel] {
        use XrayPanel::{Candidates, Draw, Stages, Way};
        match self {
            Self::Wide => &[Stages, Candidates],
            Self::Narrow => &[Stages, Candidates, Way],
            Self::Tiny => &[Stages, Candidates, Way, Draw],
        }
    }
}

impl XrayPanel {
    /// Every panel.
    pub const ALL: [Self; 4] = [Self::Stages, Self::Candidates, Self::Way, Self::Draw];

    /// The panel's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Stages => "Stages",
            Self::Candidates => "Candidates",
            Self::Way => "A token through the chain",
            Self::Draw => "Draw",
        }
    }

    /// What it shows, for somebody who sees it for the first time.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Stages => {
                "The stages between the model and the draw, from top to bottom: each one gets the candidates left \
                 by the one above. For each: its setting, how many candidates it kept, the probability it removed, \
                 the entropy in bits before and after, and a small bar chart of the likeliest tokens after it, always \
                 in the same order. One row stands for all stages that are off: Enter unfolds it. A stage that is skipped \
                 or not used stays in its place and says why."
            }
            Self::Candidates => {
                "The candidates as the selected stage left them: logit, and probability before and after. Tokens that \
                 it penalises, biases or keeps from repeating come first, with their rank before and after; ↑ and \
                 ↓ mark a logit that it changed. Below the line are the tokens it cut, and by how much each one missed. \
                 On the model's row: what happens to each token in the whole chain."
            }
            Self::Way => {
                "One token from the model to the draw: its logit, probability and rank after each active stage, and \
                 what the stage did to it. This is the token that is drawn, unless you choose another one from the \
                 candidates or by searching the vocabulary."
            }
            Self::Draw => {
                "The remaining candidates, side by side, each as wide as its probability; u is the random number between \
                 0 and 1 that picks one. Below: the token that the same u would pick at other temperatures, everything \
                 else unchanged. XTC and mirostat show their own random number or state here."
            }
        }
    }
}
