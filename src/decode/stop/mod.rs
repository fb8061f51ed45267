//! Stop conditions: what ends generation, how near each one is, and where each would have ended it.

mod hindsight;
mod reason;
mod rules;
mod scanner;
#[cfg(test)]
mod tests;
mod text;

pub use hindsight::{Extreme, Hindsight};
pub use reason::{Measure, Side, StopReason};
pub use rules::{Limits, StopInput, StopRules};
pub use scanner::End;
pub use text::GeneratedText;
