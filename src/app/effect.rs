//! What the program asks the world to do. [`super::update`] returns these; the runtime does them.

use std::path::PathBuf;

use super::{CanvasAsk, TreeExport};
use crate::{
    engine::{
        EngineId,
        worker::{Command, Ticket},
    },
    fetch::Reach,
    models::ModelName,
    sampling::SamplingSettings,
    settings::ModelSettings,
};

/// Something to be done outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a command to an engine; its answer has this ticket.
    Engine(EngineId, Ticket, Command),
    /// Have an engine give up what it does for this ticket.
    Cancel(EngineId, Ticket),
    /// Start a new engine in place of one that llama.cpp's failure took.
    RestartEngine(EngineId),
    /// Send a command to the thread of the diffusion model; its answer has this ticket.
    Canvas(Ticket, CanvasAsk),
    /// Have that thread give up what it was asked up to this ticket and has not begun.
    CancelCanvas(Ticket),
    /// Start a new thread in place of that one, which llama.cpp's failure took.
    RestartCanvas,
    /// Look for models: beside the loaded file and in the known places, or in a folder alone.
    FindModels {
        /// The file of the loaded model.
        loaded: Option<PathBuf>,
        /// The folder that a person has named.
        folder: Option<PathBuf>,
        /// Folders with models of one's own.
        own: Vec<PathBuf>,
    },
    /// Do not read the headers of any more models.
    StopReading,
    /// Read all that the file of a model says, which is to be run with these settings.
    ReadDetails(PathBuf, Box<ModelSettings>),
    /// Look a model up by its name, and fetch it if it is not here; the answers have this number.
    Fetch(u64, Box<ModelName>, Reach),
    /// Give the fetch up that is under way.
    StopFetch,
    /// Keep this model as the one loaded last for the next start.
    RememberModel(PathBuf),
    /// Keep this prompt for the next start.
    RememberPrompt(String),
    /// The welcome was seen; do not show it at the next start.
    WelcomeSeen,
    /// Save sampling settings under a name.
    SavePreset(String, Box<SamplingSettings>),
    /// Keep how far lessons have come, as this text.
    KeepProgress(String),
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
