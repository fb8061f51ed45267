//! Strategies on the tree: walking one path by sampling, and when to stop.

pub mod beam;
mod cursor;
mod expand;
pub mod forest;
pub mod lanes;
mod path;
mod session;
mod stop;

pub use cursor::{Cursor, CursorError};
pub use expand::{Breadth, ExpandError, Expansion};
pub use path::Path;
pub use session::Session;
pub use stop::{GeneratedText, StopInput, StopReason, StopRules};
