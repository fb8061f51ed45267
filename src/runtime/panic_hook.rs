//! A panic on any thread gives the terminal back before it says anything.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

use tokio::sync::Notify;

use super::lease;
use crate::text::Shown;

/// Rings when a panic took the terminal away; the loop that draws waits for it.
pub(super) static TERMINAL_LOST: Notify = Notify::const_new();

/// Held from before the terminal is given back until the panic was reported.
static REPORTING: Mutex<()> = Mutex::new(());

static INSTALLED: Once = Once::new();
static LOG_FILE: OnceLock<PathBuf> = OnceLock::new();

/// Replaces the panic hook for the rest of the process. `log_file` is named in the message.
pub(super) fn install(log_file: Option<&Path>) {
    if let Some(path) = log_file {
        // The first path stays: there is one log a process.
        let _ = LOG_FILE.set(path.to_owned());
    }
    INSTALLED.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let reporting = lock_report();
            let was_taken = lease::give_back();
            report(panic);
            drop(reporting);
            if was_taken {
                TERMINAL_LOST.notify_one();
            }
        }));
    });
}

/// Waits for the message of a panic that is being written on another thread: a process that ends before takes it along.
pub(super) fn wait_for_report() {
    drop(lock_report());
}

fn lock_report() -> MutexGuard<'static, ()> {
    REPORTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes what happened to standard error and to the log. Standard error may be closed, which is no reason to panic
/// again.
fn report(panic: &PanicHookInfo<'_>) {
    let backtrace = Backtrace::capture();
    let message = describe(panic);
    tracing::error!("{message}");
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{message}");
    if backtrace.status() == BacktraceStatus::Captured {
        let _ = writeln!(err, "{backtrace}");
    }
    if let Some(path) = LOG_FILE.get() {
        let _ = writeln!(err, "The log is in {}", Shown::path(path));
    }
}

/// The panic in one or more safe lines: its message may quote text of a model.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let name = Shown::inline(thread.name().unwrap_or("unnamed")).into_owned();
    let place = panic.location().map_or_else(String::new, |location| format!(" at {location}"));
    let payload = panic.payload();
    let literal = payload.downcast_ref::<&str>().copied();
    let message =
        literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let lines: Vec<String> = Shown::lines(message).map(String::from).collect();
    format!("logitscope crashed because of a bug: thread {name} panicked{place}:\n{}", lines.join("\n"))
}
