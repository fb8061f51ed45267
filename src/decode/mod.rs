//! Strategies on the tree: walking one path by sampling, and when to stop.

mod cursor;
pub mod forest;
pub mod lanes;
mod path;
mod session;
mod stop;

pub use cursor::{Cursor, CursorError};
pub use path::Path;
pub use session::Session;
pub use stop::{GeneratedText, StopInput, StopReason, StopRules};
