//! The program's footing: the terminal it borrows and gives back, the signals it hears, and the loop
//! between them and the state.

pub mod event_loop;
mod lease;
pub mod memory;
mod panic_hook;
pub mod signals;
pub mod terminal;
pub mod tty;
