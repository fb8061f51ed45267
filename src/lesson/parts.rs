//! What a lesson is made of.

use super::{Expression, Prose};
use crate::{keymap::Action, sampling::SamplingOverrides, settings::StopOverrides};

/// A step of a lesson: it sets something up, has something done, asks, and says why.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonStep {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What is on the screen and where to look.
    pub say: Prose,
    /// What is set up when it begins.
    pub set: SetUp,
    /// What the player does first.
    pub wait: Option<Wait>,
    /// What is asked.
    pub ask: Option<Ask>,
    /// Why it is so.
    pub why: Option<Prose>,
    /// Help for who asks for it.
    pub hint: Option<Prose>,
    /// Notes for the teacher.
    pub teacher: Option<Prose>,
}

/// Which model a step wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelWanted {
    /// The one that is loaded.
    #[default]
    Present,
    /// The one in the program.
    BuiltIn,
}

/// What is set up on the live screen. What is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetUp {
    /// The line on which it stands; 0 where nothing is set up.
    pub line: usize,
    /// The model.
    pub model: ModelWanted,
    /// The action that shows the screen.
    pub screen: Option<Action>,
    /// The panel in the light, one of [`PANELS`](super::PANELS).
    pub panel: Option<&'static str>,
    /// A new text begins with this prompt.
    pub prompt: Option<String>,
    /// The sampling settings as the program starts with them, before the others.
    pub reset: bool,
    /// Sampling settings, the seed among them.
    pub sampling: SamplingOverrides,
    /// Stop conditions; those not named are as the program starts with them. None leaves them as they are.
    pub stop: Option<StopOverrides>,
    /// Actions, one after the other.
    pub actions: Vec<Action>,
    /// A text that is typed after them, and accepted.
    pub text: Option<String>,
}

/// What the player is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The line on which it stands.
    pub line: usize,
    /// What is done when this is true.
    pub until: Expression,
    /// What the player is told to do.
    pub say: Option<Prose>,
    /// What reaches it: actions.
    pub play: Vec<Action>,
    /// What reaches it: something set up.
    pub set: Option<SetUp>,
}

/// What kind of answer a question wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of several options.
    Choice,
    /// A number.
    Number,
    /// A token.
    Token,
    /// A place on the ruler from 0 to 1.
    Place,
    /// Options put in order.
    Order,
}

impl Kind {
    /// Every kind by its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("choice", Self::Choice),
        ("number", Self::Number),
        ("token", Self::Token),
        ("place", Self::Place),
        ("order", Self::Order),
    ];

    /// Whether it has options to choose from, written in the file.
    #[must_use]
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Order)
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The line on which it stands.
    pub line: usize,
    /// What kind of answer it wants.
    pub kind: Kind,
    /// The question.
    pub text: Prose,
    /// What there is to choose from or to put in order.
    pub options: Vec<Prose>,
    /// The right answer, worked out after the reveal.
    pub right: Expression,
    /// How far a number or a place may be off and still be right; None is a twentieth.
    pub tolerance: Option<f64>,
    /// What stands behind a number; with "%" a typed 34 means 0.34.
    pub unit: Option<String>,
    /// What is set up once an answer was given, before `reveal`.
    pub set: SetUp,
    /// Actions that reveal the answer.
    pub reveal: Vec<Action>,
    /// What is said of prediction and answer.
    pub compare: Option<Prose>,
}
