//! Strategies on the tree: walking one path by sampling, and when to stop.

mod cursor;
mod ignored_end;
mod loops;
mod path;
mod session;
mod stop;

pub use cursor::{Cursor, CursorError};
pub use loops::{LoopRule, Loops, Repetition};
pub use path::Path;
pub use session::Session;
pub use stop::{
    End, Extreme, GeneratedText, Hindsight, Limits, Measure, Side, StopInput, StopReason, StopRules,
};
