//! llama.cpp's log: into a file, and its last errors kept as the cause of a failed load.

use std::{
    fmt::Write as _,
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::{Mutex, Once},
};

use llama_cpp_2::{LogOptions, send_logs_to_tracing};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, filter::LevelFilter, layer::Context, layer::SubscriberExt};

/// A log larger than this starts over at the next start.
const MOST_BYTES: u64 = 4 << 20;
/// Error lines kept; a failed load ends with a handful.
const KEPT: usize = 8;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// Bytes of KV cache that were set aside since the last look.
static KV_BYTES: Mutex<Option<usize>> = Mutex::new(None);

/// Sends everything logged to `file` (appended; the directory is made) and takes llama.cpp's log
/// off the screen. Without a file only the last errors are kept. The first call wins.
pub fn start(file: Option<&Path>) -> io::Result<()> {
    static ONCE: Once = Once::new();
    let file = file.map(open).transpose()?;
    ONCE.call_once(|| {
        let to_file = file.map(|file| {
            tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(Mutex::new(file))
        });
        let subscriber =
            tracing_subscriber::registry().with(LevelFilter::INFO).with(to_file).with(KeepErrors);
        // Only fails when a host program has set its own: then the log goes there.
        let _ = tracing::subscriber::set_global_default(subscriber);
        send_logs_to_tracing(LogOptions::default());
    });
    Ok(())
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Kept from growing forever: only the log before this one is kept as well.
    if std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > MOST_BYTES) {
        let mut former = path.as_os_str().to_owned();
        former.push(".old");
        std::fs::rename(path, former)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

/// The errors logged since the last call, oldest first.
#[must_use]
pub fn take_errors() -> Vec<String> {
    std::mem::take(&mut *ERRORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Bytes of KV cache that llama.cpp has said it set aside since the last call; None if it said nothing.
pub(super) fn take_kv_bytes() -> Option<usize> {
    KV_BYTES.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
}

/// The bytes in a line such as `llama_kv_cache:        CPU KV buffer size =    11.25 MiB`.
fn kv_bytes(line: &str) -> Option<usize> {
    let (_, size) = line.split_once("KV buffer size =")?;
    let mib: f64 = size.trim().strip_suffix("MiB")?.trim().parse().ok()?;
    Some((mib * f64::from(1 << 20)).round() as usize)
}

struct KeepErrors;

impl<S: Subscriber> Layer<S> for KeepErrors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = *event.metadata().level();
        if level != Level::ERROR && level != Level::INFO {
            return;
        }
        let mut line = Line(String::new());
        event.record(&mut line);
        if let Some(bytes) = kv_bytes(&line.0) {
            // A cache in several places has a line for each.
            let mut sum = KV_BYTES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *sum = Some(sum.unwrap_or(0) + bytes);
        }
        if level != Level::ERROR {
            return;
        }
        let mut errors = ERRORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if errors.len() == KEPT {
            errors.remove(0);
        }
        errors.push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.push_str(value.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::kv_bytes;

    #[test]
    fn the_size_of_a_cache_is_read_from_its_line() {
        assert_eq!(kv_bytes("llama_kv_cache:        CPU KV buffer size =    11.25 MiB"), Some(11_796_480));
        assert_eq!(kv_bytes("llama_kv_cache: size =   11.25 MiB (   512 cells,  30 layers"), None);
        assert_eq!(kv_bytes("KV buffer size = many MiB"), None);
    }
}
