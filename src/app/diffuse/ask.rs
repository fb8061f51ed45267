//! What the thread of the diffusion model is asked.

use std::sync::Arc;

use crate::{
    decode::diffusion::{Answer, DiffusionError, Pass},
    engine::{PromptText, Vocabulary, canvas_thread::CanvasCommand},
    settings::ModelSettings,
};

/// What a pass brought.
pub type CanvasAnswer = Result<Answer, DiffusionError>;

/// What the thread of the diffusion model is asked to do.
#[derive(Clone, Debug)]
pub enum CanvasAsk {
    /// Load a diffusion model in place of the present one; without a path the one in the program.
    Load(Box<ModelSettings>),
    /// Turn a prompt into tokens.
    Tokenize(PromptText),
    /// Evaluate a canvas and read its rows.
    Read {
        /// The model's vocabulary.
        vocabulary: Arc<Vocabulary>,
        /// The canvas, and what is to be read of it.
        pass: Box<Pass>,
    },
}

impl CanvasAsk {
    /// The same as a command for the thread.
    #[must_use]
    pub fn command(self) -> CanvasCommand<CanvasAnswer> {
        match self {
            Self::Load(settings) => CanvasCommand::Load(settings),
            Self::Tokenize(prompt) => CanvasCommand::Tokenize(prompt),
            Self::Read { vocabulary, pass } => CanvasCommand::Work {
                positions: pass.canvas.len(),
                guided: pass.guidance.is_some(),
                job: Box::new(pass.job(vocabulary)),
            },
        }
    }
}

impl PartialEq for CanvasAsk {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Load(a), Self::Load(b)) => a == b,
            (Self::Tokenize(a), Self::Tokenize(b)) => a == b,
            (Self::Read { pass: a, .. }, Self::Read { pass: b, .. }) => {
                a.canvas == b.canvas && a.guidance == b.guidance && a.asks == b.asks
            }
            _ => false,
        }
    }
}
