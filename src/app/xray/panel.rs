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
            Self::Way => "Way of a token",
            Self::Draw => "Draw",
        }
    }

    /// What it shows, for somebody who sees it for the first time.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Stages => {
                "What lies between the model and the draw, from top to bottom: each stage takes the candidates that the one above left. For each: its setting, how many candidates it kept of how many, the probability that it took away, the entropy in bits before and after, and a picture of the likeliest tokens after it, always in the same places. Stages that are off are dim and say why."
            }
            Self::Candidates => {
                "The candidates as the selected stage left them: logit, probability before and after it. Tokens that it penalises, biases or keeps from repeating come first, with their rank before it and after; ↑ and ↓ mark a logit that it moved. Below the line is what it cut, with how far each missed. On the row of the model: what becomes of each token in the whole chain."
            }
            Self::Way => {
                "One token from the model to the draw: its logit, probability and rank after each stage that acts, and what was done to it. It is the token that is drawn, until you choose another one from the candidates or by a search of the whole vocabulary."
            }
            Self::Draw => {
                "The candidates that are left lie side by side, each as wide as its probability; u is the random number between 0 and 1 that picks one. Below: the token that the same u would pick at other temperatures, all else as it is. XTC and mirostat tell their own dice and state here."
            }
        }
    }
}
