//! Lessons without a screen: listed, and played by machine.

mod check;
mod hand_out;
mod list;
mod machine;
mod play;

pub use check::{Checked, check, check_all};
pub use hand_out::hand_out;
pub use list::list;
