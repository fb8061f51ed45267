//! The lesson that is on. It goes on over the real screens: it presses their keys, waits until nothing is asked of the model
//! any more, and works its answers out from what the screens show. So it is a part of the state beside desk and rooms, and no
//! screen knows of it.

mod glance;
mod keys;
mod play;
mod player;
mod task;
#[cfg(test)]
mod tests;

pub(in crate::app) use glance::{or_none, piece, reason, text_of};
pub use player::{Phase, Player, Said};
