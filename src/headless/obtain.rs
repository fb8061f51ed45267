//! The model of a run, by its name, with the progress of fetching it on standard error.

use std::{
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use crate::{
    fetch::{ObtainError, Progress, Reach},
    models::ModelName,
    text::Shown,
};

/// Between two lines of progress on a terminal, and where they are written one below the other.
const REFRESH: Duration = Duration::from_millis(200);
const LINES: Duration = Duration::from_secs(10);

/// The file that a model's name means, fetched if it is not on this machine. What is done is told on standard error, once
/// it takes asking the network. A path of a file is left as it is: loading it tells what is wrong with it.
///
/// # Errors
///
/// The name is none, or nothing can be had by it.
pub fn obtain(name: &Path, reach: &Reach) -> Result<PathBuf, ObtainError> {
    let name = ModelName::parse(name.as_os_str())?;
    if let ModelName::File(path) = &name
        && !path.is_dir()
    {
        return Ok(path.clone());
    }
    let mut told = Told { terminal: io::stderr().is_terminal(), name: name.to_string(), last: None };
    // An interrupt ends the program here, and the next run goes on from where this one was.
    let result = reach.obtain(&name, &mut |progress| told.tell(progress), &AtomicBool::new(false));
    told.end();
    result
}

struct Told {
    terminal: bool,
    name: String,
    /// When something was written last.
    last: Option<Instant>,
}

impl Told {
    fn tell(&mut self, progress: &Progress) {
        let mut error = io::stderr().lock();
        if self.last.is_none() {
            // Nobody reads it where it cannot be written.
            let _ = writeln!(error, "fetching {}", Shown::inline(&self.name));
        }
        let interval = if self.terminal { REFRESH } else { LINES };
        let whole = progress.total > 0 && progress.done == progress.total;
        if self.last.is_some_and(|last| last.elapsed() < interval) && !(whole && self.terminal) {
            return;
        }
        self.last = Some(Instant::now());
        let line = progress.line();
        let _ = if self.terminal {
            // The line is cleared first: the one before may be longer.
            write!(error, "\r\x1b[K{line}").and_then(|()| error.flush())
        } else {
            writeln!(error, "{line}")
        };
    }

    fn end(&self) {
        if self.terminal && self.last.is_some() {
            let _ = writeln!(io::stderr());
        }
    }
}
