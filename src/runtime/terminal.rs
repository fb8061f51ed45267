//! The terminal, borrowed from the shell and given back whatever happens.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, kill_current_process_group};
use thiserror::Error;

use super::lease::{self, Output};
use super::{clipboard, panic_hook};

/// How long a stop signal may take to arrive at this process.
const STOP_DELAY: Duration = Duration::from_millis(100);

/// What went wrong with the terminal.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// It could not be set up, drawn on or measured.
    #[error("the terminal does not answer: {0}; if it was closed, start the program in another one")]
    Io(#[from] io::Error),
    /// A panic on another thread gave it back and said so; the program is to end with
    /// [`PANIC_EXIT_STATUS`](Self::PANIC_EXIT_STATUS) and without another word.
    #[error("the terminal was restored because another part of the program failed")]
    Lost,
}

impl TerminalError {
    /// The exit status after a panic on any thread: the one Rust has for a panic on the main thread.
    pub const PANIC_EXIT_STATUS: u8 = 101;
}

/// Has the terminal from [`enter`](Self::enter) until it is dropped: raw mode, alternate screen, mouse, bracketed paste,
/// hidden cursor. A panic on any thread, and a second signal, give it back first (see [`signals`](super::signals)).
///
/// There is one terminal a process, so there is to be one guard at a time.
#[derive(Debug)]
pub struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<Output>>,
    output: Output,
    /// The terminal may not show any more what was drawn.
    forgotten: bool,
}

impl TerminalGuard {
    /// Takes the terminal. From now on a panic on any thread gives it back and names `log_file`.
    pub fn enter(log_file: Option<&Path>) -> Result<Self, TerminalError> {
        panic_hook::install(log_file);
        lease::take()?;
        // Measures the terminal; if that fails, the guard that would give it back does not exist yet.
        let output = Output::default();
        let terminal = new_terminal(&output).inspect_err(|_| restore())?;
        Ok(Self { terminal, output, forgotten: false })
    }

    /// Draws one frame: what changed since the last one, in one write, shown at once where the terminal supports it.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> Result<(), TerminalError> {
        self.output.begin_frame()?;
        let drawn = self.clear_if_forgotten().and_then(|()| self.terminal.draw(render).map(drop));
        // Also after an error, so that the terminal is not left waiting for the end of the frame.
        let written = self.output.end_frame();
        drawn.and(written).map_err(|error| match error.kind() {
            io::ErrorKind::NotConnected => TerminalError::Lost,
            _ => error.into(),
        })
    }

    /// Asks the terminal to put a text into its clipboard.
    pub fn copy(&mut self, text: &str) -> Result<(), TerminalError> {
        self.output.write_all(clipboard::sequence(text).as_bytes())?;
        Ok(self.output.end_frame()?)
    }

    /// Has the next frame clear the screen and draw every cell: when its size changes, the terminal moves or drops what it
    /// shows, also where by now the size is the old one again.
    pub fn forget(&mut self) {
        self.forgotten = true;
    }

    fn clear_if_forgotten(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.forgotten) {
            let size = self.terminal.size()?;
            self.terminal.resize(Rect::from((Position::ORIGIN, size)))?;
        }
        Ok(())
    }

    /// Columns and rows, as the terminal reports them now.
    pub fn size(&self) -> Result<Size, TerminalError> {
        Ok(self.terminal.size()?)
    }

    /// Resolves to [`TerminalError::Lost`] when a panic on another thread has given the terminal back, also if that
    /// thread caught it: the program is to end. A loop that only draws when something happens would not learn of it
    /// otherwise.
    pub async fn lost(&self) -> TerminalError {
        panic_hook::TERMINAL_LOST.notified().await;
        TerminalError::Lost
    }

    /// Gives the terminal back and stops the job, as Ctrl-Z does for programs that do not read it as a key; returns when
    /// it is continued, with the terminal taken again and everything to be drawn anew.
    ///
    /// The whole process group is stopped: with `make run` or a pipeline, the shell waits for more than this process.
    /// Where nobody could continue it (no job control) the system ignores the request, and the program goes on.
    pub fn suspend(&mut self) -> Result<(), TerminalError> {
        let continued = Arc::new(AtomicBool::new(false));
        let listener = signal_hook::flag::register(signal_hook::consts::SIGCONT, Arc::clone(&continued))?;
        restore();
        let stopped = kill_current_process_group(Signal::TSTP);
        // The signal may take a moment to arrive; taking the terminal before that would leave it to the shell raw.
        let deadline = Instant::now() + STOP_DELAY;
        while stopped.is_ok() && !continued.load(Ordering::Relaxed) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        signal_hook::low_level::unregister(listener);
        self.resume()
    }

    /// Takes the terminal again and forgets what was drawn: after [`suspend`](Self::suspend), and on SIGCONT after a stop
    /// that could not be seen coming.
    pub fn resume(&mut self) -> Result<(), TerminalError> {
        lease::take()?;
        // Not `Terminal::clear`: it asks the terminal for its cursor and waits for the answer.
        self.terminal = new_terminal(&self.output)?;
        Ok(())
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
        panic_hook::wait_for_report();
    }
}

/// Gives the terminal back, from any thread and as often as one likes; for the last resort, before the process exits
/// without dropping its guard.
pub fn restore() {
    lease::give_back();
}

fn new_terminal(output: &Output) -> io::Result<Terminal<CrosstermBackend<Output>>> {
    Terminal::new(CrosstermBackend::new(output.clone()))
}
