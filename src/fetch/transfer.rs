//! One file over the network: begun where an earlier attempt left off, tried again when the connection breaks, checked
//! before it gets its name.

use std::{
    fs::{self, File, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    time::Instant,
};

use sha2::{Digest, Sha256};

use super::{
    ATTEMPTS, FetchError, Patience, Stage,
    client::{Answer, Client},
    hub::Hub,
    plan::Part,
    stop_if,
};
use crate::models::Repository;

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;
/// Attempts altogether, however much each brings.
const MOST_ATTEMPTS: u32 = 100;
/// The longest time that a server may ask to wait, in seconds.
const LONGEST_PAUSE: u64 = 60;

/// Hears what is done, how many bytes of the file are there, and when.
type Tell<'a> = &'a mut dyn FnMut(Stage, u64, Instant);

/// What to fetch.
pub(super) struct Transfer<'a> {
    pub(super) client: &'a Client<'a>,
    /// Who knows what a refusal means.
    pub(super) hub: &'a Hub<'a>,
    pub(super) repository: &'a Repository,
    pub(super) url: &'a str,
    pub(super) part: &'a Part,
    pub(super) patience: Patience,
}

/// The file that is being written, and the hash of what it holds.
struct Begun {
    file: File,
    hash: Sha256,
    length: u64,
}

/// How an attempt failed that another may mend.
enum Broken {
    /// The connection, or the server, for now.
    Again(FetchError),
    /// What was begun does not fit what the server has.
    Anew,
}

impl Transfer<'_> {
    /// Fetches into `partial`, checks it, and only then calls it `whole`.
    pub(super) fn run(&self, partial: &Path, whole: &Path, tell: Tell<'_>) -> Result<(), FetchError> {
        let mut begun = self.begin(partial, tell)?;
        let disk = |source| FetchError::Disk { path: partial.to_owned(), source };
        // A beginning from another time can be wrong, so one that turns out so is fetched once more.
        let mut trusted = begun.length == 0;
        loop {
            self.complete(&mut begun, partial, tell)?;
            if hex(&begun.hash.clone().finalize()) == self.part.sha256 {
                break;
            }
            begun.clear().map_err(disk)?;
            if trusted {
                drop(begun);
                let _ = fs::remove_file(partial);
                return Err(FetchError::WrongHash(self.part.path.clone()));
            }
            trusted = true;
        }
        begun.file.sync_all().map_err(disk)?;
        fs::rename(partial, whole).map_err(|source| FetchError::Disk { path: whole.to_owned(), source })
    }

    /// Opens what an earlier attempt has left, for this program alone, and reads it for its hash.
    fn begin(&self, partial: &Path, tell: Tell<'_>) -> Result<Begun, FetchError> {
        let disk = |source| FetchError::Disk { path: partial.to_owned(), source };
        fs::create_dir_all(partial.parent().unwrap_or(Path::new("."))).map_err(disk)?;
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(partial)
            .map_err(disk)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(FetchError::Busy(self.part.path.clone())),
            // Some network folders have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut begun = Begun { file, hash: Sha256::new(), length: 0 };
        if begun.file.metadata().map_err(disk)?.len() > self.part.size {
            begun.clear().map_err(disk)?;
        }
        let mut piece = vec![0; PIECE];
        loop {
            stop_if(self.client.cancelled)?;
            let length = begun.file.read(&mut piece).map_err(disk)?;
            if length == 0 {
                return Ok(begun);
            }
            begun.hash.update(&piece[..length]);
            begun.length += length as u64;
            tell(Stage::Checking, begun.length, Instant::now());
        }
    }

    /// Fetches what is missing, in as many attempts as that takes and are allowed.
    fn complete(&self, begun: &mut Begun, partial: &Path, tell: Tell<'_>) -> Result<(), FetchError> {
        let mut in_vain = 0;
        let mut last = None;
        for _ in 0..MOST_ATTEMPTS {
            if begun.length == self.part.size {
                return Ok(());
            }
            let before = begun.length;
            match self.attempt(begun, partial, tell)? {
                Ok(()) => continue,
                Err(Broken::Anew) => {
                    begun.clear().map_err(|source| FetchError::Disk { path: partial.to_owned(), source })?;
                    in_vain += 1;
                }
                Err(Broken::Again(error)) => {
                    in_vain = if begun.length > before { 0 } else { in_vain + 1 };
                    last = Some(error);
                }
            }
            if in_vain >= ATTEMPTS {
                break;
            }
            tell(Stage::Again, begun.length, Instant::now());
            self.pause(in_vain)?;
        }
        Err(last.unwrap_or_else(|| self.odd("lengths and places that do not fit")))
    }

    /// One request and its answer. The outer error ends it all.
    fn attempt(
        &self,
        begun: &mut Begun,
        partial: &Path,
        tell: Tell<'_>,
    ) -> Result<Result<(), Broken>, FetchError> {
        let answer = match self.client.get(self.url, begun.length) {
            Err(error @ FetchError::Network { .. }) => return Ok(Err(Broken::Again(error))),
            other => other?,
        };
        match (answer.status(), begun.length) {
            (206, _) if range_fits(&answer, begun.length, self.part.size) => {}
            (200, 0) => {}
            // It knows no ranges: all of it comes again.
            (200, _) => {
                begun.clear().map_err(|source| FetchError::Disk { path: partial.to_owned(), source })?;
            }
            (206 | 416, _) => return Ok(Err(Broken::Anew)),
            (status @ (408 | 429 | 500..=599), _) => {
                let error = FetchError::Status { host: answer.host.clone(), status };
                self.wait_as_asked(&answer)?;
                return Ok(Err(Broken::Again(error)));
            }
            // Some hubs show their lists to everybody, and refuse the files.
            (401 | 403, _) if answer.is_hub => return Err(self.hub.refusal(self.repository, &answer)),
            // The address that the hub sent us to holds for some time only.
            (status @ (401 | 403), _) => {
                return Ok(Err(Broken::Again(FetchError::Status { host: answer.host, status })));
            }
            (status, _) => return Err(FetchError::Status { host: answer.host, status }),
        }
        let missing = self.part.size - begun.length;
        let announced = answer.header("content-length").map(|text| text.trim().parse::<u64>().ok());
        if announced.is_some_and(|length| length != Some(missing)) {
            let what = "a length that the list of files does not have";
            return Ok(Err(Broken::Again(FetchError::Answer { host: answer.host, what: what.to_owned() })));
        }
        self.receive(answer, begun, partial, tell)
    }

    /// Writes what comes, never more than is missing.
    fn receive(
        &self,
        answer: Answer,
        begun: &mut Begun,
        partial: &Path,
        tell: Tell<'_>,
    ) -> Result<Result<(), Broken>, FetchError> {
        let disk = |source| FetchError::Disk { path: partial.to_owned(), source };
        let host = answer.host;
        let mut reader = answer.response.into_body().into_reader();
        let mut piece = vec![0; PIECE];
        while begun.length < self.part.size {
            stop_if(self.client.cancelled)?;
            let most = (self.part.size - begun.length).min(PIECE as u64) as usize;
            let broken = |why: String| Ok(Err(Broken::Again(FetchError::Broken { host: host.clone(), why })));
            match reader.read(&mut piece[..most]) {
                Ok(0) => return broken("the connection ended before the file did".to_owned()),
                Err(error) if timed_out(&error) => return broken("it did not go on in time".to_owned()),
                Err(error) => return broken(error.to_string()),
                Ok(length) => {
                    begun.file.write_all(&piece[..length]).map_err(disk)?;
                    begun.hash.update(&piece[..length]);
                    begun.length += length as u64;
                    tell(Stage::Fetching, begun.length, Instant::now());
                }
            }
        }
        Ok(Ok(()))
    }

    /// Waits before another attempt, longer after each one in vain.
    fn pause(&self, in_vain: u32) -> Result<(), FetchError> {
        let factor = 1 << in_vain.saturating_sub(1).min(4);
        self.wait(self.patience.pause * factor)
    }

    /// Waits as long as the server asks for, within reason.
    fn wait_as_asked(&self, answer: &Answer) -> Result<(), FetchError> {
        let seconds =
            answer.header("retry-after").and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(0);
        self.wait(std::time::Duration::from_secs(seconds.min(LONGEST_PAUSE)))
    }

    fn wait(&self, time: std::time::Duration) -> Result<(), FetchError> {
        let end = Instant::now() + time;
        loop {
            stop_if(self.client.cancelled)?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(std::time::Duration::from_millis(50)));
        }
    }

    fn odd(&self, what: &str) -> FetchError {
        FetchError::Answer { host: self.part.path.clone(), what: what.to_owned() }
    }
}

impl Begun {
    fn clear(&mut self) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        (self.hash, self.length) = (Sha256::new(), 0);
        Ok(())
    }
}

/// Whether a pause was too long. The library wraps its own error.
fn timed_out(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    error.kind() == std::io::ErrorKind::TimedOut || matches!(inner, Some(ureq::Error::Timeout(_)))
}

/// Whether a part of a file begins where it should and is of a file of this size: `bytes 5-9/10`.
fn range_fits(answer: &Answer, from: u64, size: u64) -> bool {
    let range = || {
        let (place, whole) = answer.header("content-range")?.strip_prefix("bytes ")?.split_once('/')?;
        let start: u64 = place.split_once('-')?.0.trim().parse().ok()?;
        let fits = whole.trim() == "*" || whole.trim().parse() == Ok(size);
        Some(start == from && fits)
    };
    range().unwrap_or(false)
}

/// Bytes in hexadecimal digits, small letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
