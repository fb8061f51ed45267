//! Masked diffusion: a canvas of given and masked positions, all of which are read in one pass; some open, the rest stays
//! masked, and the next pass reads again.
//!
//! [`Diffusion`] asks and is answered: [`Diffusion::wanted`] names a [`Pass`], a [`Reader`] sends it through a canvas
//! evaluator, on whatever thread, and boils each row down to a [`Reading`], and [`Diffusion::absorb`] works out what opens
//! next. Nothing has opened then: [`Diffusion::forward`] opens it, so that what comes next can be looked at before. Every step
//! is kept, as what it read and what it changed; full logits are needed for a moment only.
//!
//! Scores, schedules and guidance are those of `LLaDA` (Nie et al. 2025, arXiv 2502.09992) and Dream (Ye et al. 2025, arXiv
//! 2508.15487) under llama.cpp's names. What differs from llama.cpp's example, and why, stands at the functions.

mod canvas_text;
mod choose;
mod elsewhere;
mod error;
mod fate;
mod forecast;
mod hand;
mod joint;
mod order;
mod pass;
mod reader;
mod run;
mod schedule;
mod settings;
mod step;
mod template;
#[cfg(test)]
mod tests;

pub use error::DiffusionError;
pub use fate::Fate;
pub use joint::Joint;
pub use order::Order;
pub use pass::{Answer, Ask, Drawn, Guess, Pass, Reading, Sureness};
pub use reader::Reader;
pub use run::Diffusion;
pub use schedule::Phase;
pub use settings::{DiffusionSettings, Pace, Score};
pub use step::{Change, Look, PassStep, Step, StepKind};
pub use template::Template;
