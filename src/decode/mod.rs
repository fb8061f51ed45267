//! Strategies on the tree: walking one path by sampling, and when to stop.

pub mod beam;
#[cfg(test)]
mod broken_logits_tests;
mod cursor;
mod cursor_error;
pub mod diffusion;
mod expand;
pub mod forest;
mod ignored_end;
pub mod lanes;
mod loops;
mod path;
mod perplexity;
mod session;
pub mod speculative;
mod stop;

pub use cursor::{Cursor, random_seed};
pub use cursor_error::CursorError;
pub use expand::{Breadth, ExpandError, Expansion};
pub use loops::{LoopRule, Loops, Repetition};
pub use path::Path;
pub use session::Session;
pub use stop::{
    End, Extreme, GeneratedText, Hindsight, Limits, Measure, Side, StopInput, StopReason, StopRules,
};
