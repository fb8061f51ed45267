//! Strategies on the tree: walking one path by sampling, and when to stop.

mod path;
mod session;
mod stop;

pub use path::Path;
pub use session::{Session, SessionError};
pub use stop::{GeneratedText, StopInput, StopReason, StopRules};
