//! Lessons without a screen: listed, and played by machine.

mod check;
mod list;
mod machine;

pub use check::{Checked, check, check_all};
pub use list::list;
