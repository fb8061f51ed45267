//! What the program asks the world to do. [`super::update`] returns these; the runtime does them.

use std::{path::PathBuf, sync::Arc};

use super::TreeExport;
use crate::{
    engine::{PromptText, worker::Ticket},
    sampling::SamplingSettings,
    settings::ModelSettings,
    token::Token,
};

/// Something to be done outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Load a model.
    Load(Ticket, Box<ModelSettings>),
    /// Turn a prompt into tokens.
    Prompt(Ticket, PromptText),
    /// Turn a lane's prompt into tokens; those of the other prompt stay evaluated.
    Tokenize(Ticket, PromptText),
    /// What is evaluated next begins with a prompt of so many tokens.
    PromptLength(Ticket, usize),
    /// Evaluate prefixes, not more than [`crate::engine::worker::bunch`] of them.
    Evaluate(Ticket, Vec<Arc<[Token]>>),
    /// Evaluate a prompt, and tell how likely each token of it is.
    Score(Ticket, Arc<[Token]>),
    /// Give up every engine command up to this one.
    Cancel(Ticket),
    /// Start a new engine in place of one that llama.cpp's failure took.
    RestartEngine,
    /// Look for models: beside the loaded file and in the known places, or in a folder alone.
    FindModels {
        /// The file of the loaded model.
        loaded: Option<PathBuf>,
        /// The folder that a person has named.
        folder: Option<PathBuf>,
    },
    /// Keep this prompt for the next start.
    RememberPrompt(String),
    /// The welcome was seen; do not show it at the next start.
    WelcomeSeen,
    /// Save sampling settings under a name.
    SavePreset(String, Box<SamplingSettings>),
    /// Hand a text to the terminal's clipboard.
    Copy(String),
    /// Write the tree into files in the current folder, each whole or not at all, under this name; a number is added to it
    /// if a file has it already.
    Export(String, TreeExport),
    /// Hand the terminal back until the job is continued.
    Suspend,
    /// Leave the program.
    Quit,
}
