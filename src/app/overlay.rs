//! What can lie over the screen, one on top of the other.

use super::{
    Bench, CopyFormat, Editor, Explanation, ExportForm, Fetching, Growth, LaneChooser, ModelDetails,
    ModelList, PanelId, PasteOffer, StopList,
};

/// Something that lies over the screen and takes the keys.
#[derive(Debug)]
pub enum Overlay {
    /// The first start's three things to try.
    Welcome,
    /// All keys; the first row shown.
    Help {
        /// Rows scrolled past.
        scroll: usize,
    },
    /// What a panel shows.
    Explain {
        /// Which.
        panel: PanelId,
        /// Rows scrolled past.
        scroll: usize,
    },
    /// A stage or setting with its formula.
    Formula {
        /// What is explained.
        explanation: Explanation,
        /// Rows scrolled past.
        scroll: usize,
    },
    /// The settings as a text to be copied.
    Copy {
        /// How they are written.
        format: CopyFormat,
        /// Rows scrolled past.
        scroll: usize,
    },
    /// Settings that were pasted.
    Pasted(Box<PasteOffer>),
    /// The softmax bench.
    Softmax(Box<Bench>),
    /// The prompt editor.
    Prompt(Box<Editor>),
    /// The example prompts.
    Examples {
        /// The selected row.
        selected: usize,
    },
    /// The LoRA adapters of the model.
    Adapters {
        /// The selected row.
        selected: usize,
        /// How many there are.
        count: usize,
    },
    /// The models found on this machine.
    Models(ModelList),
    /// All that the file of a model says.
    ModelDetails(ModelDetails),
    /// A model that is being looked up or fetched.
    Fetching(Box<Fetching>),
    /// Every stop condition at length; the first row shown.
    Stops {
        /// Rows scrolled past.
        scroll: usize,
    },
    /// The most surprising tokens of the text.
    Surprises(SurpriseList),
    /// The stop conditions, to be changed.
    StopList(StopList),
    /// How the tree is to be grown.
    Grow(Growth),
    /// The name and the formats of the files that the tree is to be written into.
    Export(ExportForm),
    /// What new lanes can be.
    Lanes(LaneChooser),
    /// The name under which the settings are to be saved.
    SavePreset {
        /// What is typed of it.
        name: String,
    },
    /// The prompt in the editor as the model reads it.
    Rendered {
        /// What the chat template makes of it.
        text: String,
        /// Tokens of it.
        tokens: usize,
        /// What a person should know of it.
        notes: Vec<String>,
        /// Rows scrolled past.
        scroll: usize,
    },
    /// Something failed.
    Error {
        /// What.
        title: String,
        /// Why, and what to do.
        text: String,
        /// Rows scrolled past.
        scroll: usize,
    },
}

impl Overlay {
    /// The rows scrolled past, of an overlay that is read; None for lists and the editor.
    pub fn scroll_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help { scroll }
            | Self::Stops { scroll }
            | Self::Explain { scroll, .. }
            | Self::Formula { scroll, .. }
            | Self::Copy { scroll, .. }
            | Self::Rendered { scroll, .. }
            | Self::Error { scroll, .. } => Some(scroll),
            Self::ModelDetails(details) => Some(&mut details.scroll),
            Self::Welcome
            | Self::SavePreset { .. }
            | Self::Softmax(_)
            | Self::Pasted(_)
            | Self::Prompt(_)
            | Self::Examples { .. }
            | Self::Adapters { .. }
            | Self::Models(_)
            | Self::Fetching(_)
            | Self::Lanes(_)
            | Self::Export(_)
            | Self::StopList(_)
            | Self::Grow(_)
            | Self::Surprises(_) => None,
        }
    }
}

/// The most surprising tokens of the text, the most surprising first.
#[derive(Clone, Debug, Default)]
pub struct SurpriseList {
    /// Their positions in the path, 0 the first of the prompt.
    pub rows: Vec<usize>,
    /// The selected row.
    pub selected: usize,
}

impl SurpriseList {
    /// Rows of the list at most.
    pub const LONGEST: usize = 100;
}

/// A prompt to try, and what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The prompt.
    pub text: &'static str,
    /// What to look at with the model in the program, on which it was measured; it can be false of others.
    pub about: &'static str,
    /// Whether it goes through the chat template.
    pub chat: bool,
}

/// Prompts that show something, the first of them at the first start.
pub const EXAMPLES: [Example; 8] = [
    Example {
        text: "One day, a little",
        about: "girl and boy, each a third: try temperature 0 and 1.5",
        chat: false,
    },
    Example {
        text: "The capital of France is",
        about: "a fact: one token takes nearly all; greedy then repeats the sentence",
        chat: false,
    },
    Example {
        text: "The cat sat on the",
        about: "several good answers: mat, chair, floor, bed",
        chat: false,
    },
    Example {
        text: "The quick brown fox",
        about: "a sentence known by heart: entropy below a quarter of a bit",
        chat: false,
    },
    Example {
        text: "Once upon a time",
        about: "a story: near certain words beside open ones, as names",
        chat: false,
    },
    Example {
        text: "List 5 programming languages:\n1.",
        about: "a list: numbers are certain, languages open; try --stop \"\\n6.\"",
        chat: false,
    },
    Example {
        text: "{\"name\": \"",
        about: "JSON: the name is open, the quote and comma after it are certain",
        chat: false,
    },
    Example { text: "Tell me a story about a cat.", about: "through the chat template", chat: true },
];
