//! Who has the terminal: the program or the shell. One place for the whole process, because a terminal is one per
//! process, and because a panic or a signal on any thread must be able to give it back.
//!
//! Everything the program draws goes through [`Output`], which asks this place first: once the terminal is given back
//! nothing more is drawn on it, also when another thread gave it back in the middle of a frame.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{ExecutableCommand as _, QueueableCommand as _};

/// Mouse buttons, drags and the wheel, with coordinates in decimal. Crossterm's own command asks for every movement as
/// well, which would wake the program whenever the mouse crosses the window.
const CAPTURE_MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// How long giving back waits for a frame that is being written: a terminal that no longer takes bytes must not keep
/// the program from ending.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether the program has the terminal. Held while bytes are written, so that frames and restoring never mix.
static TAKEN: Mutex<bool> = Mutex::new(false);

/// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste, no cursor. Taking it again sets everything
/// anew, for when a shell may have changed it.
pub(super) fn take() -> io::Result<()> {
    let mut taken = lock();
    if *taken {
        // Crossterm does not enable what it believes to be enabled.
        disable_raw_mode()?;
    }
    enable_raw_mode()?;
    *taken = true;
    let entered = enter(&mut io::stdout());
    if entered.is_err() {
        *taken = false;
        leave(&mut io::stdout());
    }
    entered
}

/// Gives the terminal back as it was found; does nothing if the program does not have it. Errors are not reported: the
/// terminal may be gone, and there is nothing left to try. Returns whether the program had it.
pub(super) fn give_back() -> bool {
    let Some(mut taken) = lock_patiently() else {
        // The thread that draws is stuck in a write. Standard output is its own; the settings of the line are not.
        let _ = disable_raw_mode();
        return true;
    };
    if !*taken {
        return false;
    }
    *taken = false;
    leave(&mut io::stdout());
    true
}

fn enter(out: &mut impl Write) -> io::Result<()> {
    // Entering the alternate screen twice does not clear it.
    out.queue(EnterAlternateScreen)?
        .queue(Clear(ClearType::All))?
        .queue(MoveTo(0, 0))?
        .queue(Print(CAPTURE_MOUSE))?
        .queue(EnableBracketedPaste)?
        .queue(Hide)?
        .flush()
}

/// The reverse of entering. Each command by itself: one that fails does not keep the others from being tried.
fn leave(out: &mut impl Write) {
    // A frame that was cut off by an error may have left these two on.
    let _ = out.execute(EndSynchronizedUpdate);
    let _ = out.execute(ResetColor);
    let _ = out.execute(DisableBracketedPaste);
    let _ = out.execute(DisableMouseCapture);
    let _ = out.execute(LeaveAlternateScreen);
    let _ = out.execute(Show);
    let _ = disable_raw_mode();
}

fn lock() -> MutexGuard<'static, bool> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock, unless a writer holds it for longer than [`PATIENCE`].
fn lock_patiently() -> Option<MutexGuard<'static, bool>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TAKEN.try_lock() {
            Ok(taken) => return Some(taken),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Where ratatui writes: the bytes of one frame, which reach standard output in one write and only while the program has
/// the terminal. Clones share the frame; one is ratatui's, which flushes several times a frame, and one the guard's.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    frame: Rc<RefCell<Vec<u8>>>,
}

impl Output {
    /// Begins a frame that the terminal is to show all at once.
    pub(super) fn begin_frame(&mut self) -> io::Result<()> {
        self.queue(BeginSynchronizedUpdate).map(drop)
    }

    /// Writes the frame. The error of kind [`io::ErrorKind::NotConnected`] says that the terminal was given back.
    pub(super) fn end_frame(&mut self) -> io::Result<()> {
        self.queue(EndSynchronizedUpdate)?;
        let mut frame = self.frame.borrow_mut();
        let taken = lock();
        let written = if *taken { write_all(&frame) } else { Err(io::ErrorKind::NotConnected.into()) };
        drop(taken);
        frame.clear();
        written
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}
