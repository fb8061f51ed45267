//! What can happen to the program.

use std::{path::PathBuf, sync::Arc, time::Instant};

use crossterm::event::KeyEvent;

use super::{CanvasAnswer, PanelId, XrayPanel};
use crate::{
    engine::{EngineId, canvas_thread::CanvasEvent, worker::Event},
    keymap::Action,
    lesson::{Answer, Lesson},
    sampling::Preset,
    token::Token,
};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something on what lies there.
    Mouse(MouseMove, Option<Hit>),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// An engine tells.
    Engine(EngineId, Event),
    /// The thread of the diffusion model tells.
    Canvas(CanvasEvent<CanvasAnswer>),
    /// The models found on this machine.
    ModelsFound {
        /// The folder that was looked through; None for the known places.
        folder: Option<PathBuf>,
        /// The models.
        found: Vec<crate::models::FoundModel>,
    },
    /// What the headers of some of these models say.
    CardsRead {
        /// The folder that was looked through; None for the known places.
        folder: Option<PathBuf>,
        /// The models' files, and what their headers say or why they cannot be run.
        cards: Vec<(PathBuf, Result<crate::models::Card, String>)>,
        /// Bytes of memory that are free; None where nobody says.
        free: Option<u64>,
    },
    /// All that the file of a model says, line by line, or why it cannot be read.
    DetailsRead(PathBuf, Result<Vec<String>, String>),
    /// How far the fetch of this number is.
    Fetching(u64, Box<crate::fetch::Progress>),
    /// The fetch of this number has come to its end: the file, or why there is none.
    Fetched(u64, Result<PathBuf, String>),
    /// Files were written, and where, or why not.
    Exported(Result<String, String>),
    /// The preset that was saved and its file, or why it was not.
    PresetSaved(Result<(Box<Preset>, PathBuf), String>),
    /// A machine plays a lesson.
    Machine(ByMachine),
    /// It is this late: play goes on if it is due.
    Tick(Instant),
}

/// What a machine does that plays a lesson, in place of keys.
#[derive(Clone, Debug)]
pub enum ByMachine {
    /// Begin this lesson.
    Begin(Arc<Lesson>),
    /// What an action says.
    Act(Action),
    /// Answer the question.
    Answer(Answer),
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseMove {
    /// The left button went down.
    Press,
    /// It moves with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// What lies under the mouse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hit {
    /// The token at this position of the path, 0 the first of the prompt.
    TextToken(usize),
    /// A row of the candidates, counted from the first of the list.
    Candidate(usize),
    /// The draw's ruler over this token.
    RulerToken(Token),
    /// A slider, with the place on its track: 0 left end, 1 right end; None beside the track.
    Slider(usize, Option<f64>),
    /// Beside the slider that is held, at this column of the screen: each column moves it by its finest step.
    BesideSlider(usize, u16),
    /// A lane, and the token of its path that lies there, 0 the first of the prompt.
    Lane(usize, Option<usize>),
    /// A row of the tree.
    TreeRow(usize),
    /// A row of a panel that is a list.
    Row(PanelId, usize),
    /// A row of the list that lies on top.
    OverlayRow(usize),
    /// A hint in the footer.
    Hint(Action),
    /// The sign in a panel's title that explains it.
    Explain(PanelId),
    /// A row of the X-ray's stages, 0 the model's own.
    Stage(usize),
    /// A token whose way the X-ray can show.
    Trace(Token),
    /// The sign in a title of the X-ray that explains the panel.
    ExplainXray(XrayPanel),
    /// Elsewhere in a panel of the X-ray.
    XrayPanel(XrayPanel),
    /// Elsewhere in a panel.
    Panel(PanelId),
    /// An option of the lesson's question, from 0.
    LessonOption(usize),
    /// The ruler of the lesson's question at this place, 0 to 1.
    LessonRuler(f64),
    /// Elsewhere in the lesson.
    Lesson,
    /// The overlay that lies on top, beside its rows.
    Overlay,
}
