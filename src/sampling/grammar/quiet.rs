//! Keeps what llama.cpp writes straight to standard error off the screen.
//!
//! Its grammar parser and its schema converter print their complaints with `fprintf(stderr, …)`, past its log.

use std::sync::Mutex;

/// One at a time: two that restore each other's standard error would lose it.
static TURN: Mutex<()> = Mutex::new(());

/// Runs `work` while standard error goes to a file that nobody sees; what was written there comes back, for the log.
#[cfg(unix)]
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> (T, String) {
    use std::io::{Read as _, Seek as _};

    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let sink = tempfile::tempfile().ok();
    let screen = rustix::io::dup(rustix::stdio::stderr()).ok();
    let (Some(mut sink), Some(screen)) = (sink, screen) else { return (work(), String::new()) };
    let moved = rustix::stdio::dup2_stderr(&sink).is_ok();
    let done = work();
    if moved {
        let _ = rustix::stdio::dup2_stderr(&screen);
    }
    let mut written = Vec::new();
    let _ = sink.rewind().and_then(|()| (&mut sink).take(4096).read_to_end(&mut written));
    (done, String::from_utf8_lossy(&written).into_owned())
}

/// As it is: there is no portable way to move standard error here.
#[cfg(not(unix))]
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> (T, String) {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    (work(), String::new())
}
