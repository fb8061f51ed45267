//! Strategies on the tree: walking one path by sampling, and when to stop.

mod cursor;
mod path;
mod session;
mod stop;

pub use cursor::{Cursor, CursorError};
pub use path::Path;
pub use session::Session;
pub use stop::{GeneratedText, StopInput, StopReason, StopRules};
