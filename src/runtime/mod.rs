//! The program's footing: the terminal it borrows and gives back, and the signals it hears.

mod lease;
mod panic_hook;
pub mod signals;
pub mod terminal;
pub mod tty;
