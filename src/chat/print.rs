//! What `{{ … }}` writes, as llama.cpp has it: nothing for none, undefined values and maps, and the items of a list one
//! after another.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, Output};

use super::{number::fixed, probe::Probe};

/// Lists in lists that are written at most.
const MAX_DEPTH: usize = 64;

/// Counts what a template prints, also into variables and macros, and ends it past a bound.
#[derive(Clone, Debug)]
pub(super) struct Printer {
    room: Arc<AtomicUsize>,
}

impl Printer {
    /// A printer with room for so many bytes.
    pub fn new(room: usize) -> Self {
        Self { room: Arc::new(AtomicUsize::new(room)) }
    }

    /// Writes a value.
    pub fn print(&self, out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
        self.write(out, value, 0)
    }

    fn write(&self, out: &mut Output<'_>, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(too_much());
        }
        if let Some(probe) = value.downcast_object_ref::<Probe>() {
            return self.write(out, probe.plain(), depth);
        }
        match value.kind() {
            ValueKind::String => self.text(out, value.as_str().unwrap_or_default()),
            ValueKind::Number if !value.is_integer() => self.text(out, &fixed(f64::try_from(value.clone())?)),
            ValueKind::Number | ValueKind::Bool => self.text(out, &value.to_string()),
            ValueKind::Seq | ValueKind::Iterable => {
                for item in value.try_iter()? {
                    // Empty lists take room as well: they may be many.
                    self.take(1)?;
                    self.write(out, &item, depth + 1)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn text(&self, out: &mut Output<'_>, text: &str) -> Result<(), Error> {
        self.take(text.len())?;
        out.write_str(text).map_err(|_| too_much())
    }

    fn take(&self, bytes: usize) -> Result<(), Error> {
        let left =
            self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(bytes));
        left.map(|_| ()).map_err(|_| too_much())
    }
}

fn too_much() -> Error {
    Error::from(ErrorKind::WriteFailure)
}
