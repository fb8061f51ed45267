//! The program's footing: the terminal it borrows and gives back, the signals it hears, and the loop
//! between them and the state.

mod clipboard;
mod engines;
pub mod event_loop;
mod export;
mod lease;
pub mod lessons;
pub mod memory;
mod models;
mod panic_hook;
pub mod signals;
pub mod terminal;
pub mod tty;

/// Ends the process without running exit handlers: those of llama.cpp take down what another thread may still be at work
/// in, and the process would end in a crash. Standard output is to be flushed before.
pub fn leave_at_once(status: u8) -> ! {
    signal_hook::low_level::exit(i32::from(status))
}
