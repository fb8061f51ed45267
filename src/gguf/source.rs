//! Reading a header out of bytes that nobody vouches for.

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::error::Fault;

/// The most header text and array data that is kept, in bytes. The largest vocabularies need about a tenth.
const KEEP: u64 = 256 * 1024 * 1024;

/// The longest description of a thing in a message, in characters.
const LONGEST_WHAT: usize = 80;

/// A buffered, little-endian reader that knows how many bytes there are and hands out no more.
pub(super) struct Source<R> {
    inner: BufReader<R>,
    position: u64,
    size: u64,
    kept: u64,
}

impl<R: Read + Seek> Source<R> {
    /// Reads from the beginning of `inner`.
    pub(super) fn new(mut inner: R) -> Result<Self, Fault> {
        let size = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self { inner: BufReader::with_capacity(64 * 1024, inner), position: 0, size, kept: 0 })
    }

    /// Bytes in the whole file.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Bytes from the start of the file to what is read next.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    /// Up to `count` bytes from here, without moving on.
    pub(super) fn peek(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        let mut start = Vec::with_capacity(count);
        self.inner.by_ref().take(count as u64).read_to_end(&mut start)?;
        self.inner.seek_relative(-(start.len() as i64))?;
        Ok(start)
    }

    /// Refuses what would end after the file; `what` names it in the message.
    pub(super) fn require(&self, needed: u64, what: &str) -> Result<(), Fault> {
        if needed <= self.size - self.position {
            return Ok(());
        }
        // `what` can be a key from the file.
        let what = what.chars().take(LONGEST_WHAT).collect();
        Err(Fault::HeaderCutShort { what, position: self.position, needed, size: self.size })
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Fault> {
        self.require(N as u64, what)?;
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        self.position += N as u64;
        Ok(bytes)
    }

    pub(super) fn u8(&mut self, what: &str) -> Result<u8, Fault> {
        self.array(what).map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self, what: &str) -> Result<u16, Fault> {
        self.array(what).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, Fault> {
        self.array(what).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, Fault> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// The next `count` bytes. `count` may come from the file: it is held against the file's size and the budget
    /// before anything is allocated.
    pub(super) fn bytes(&mut self, count: u64, what: &str) -> Result<Vec<u8>, Fault> {
        self.require(count, what)?;
        self.keep(count)?;
        let mut bytes = vec![0; count as usize];
        self.inner.read_exact(&mut bytes)?;
        self.position += count;
        Ok(bytes)
    }

    /// Counts `bytes` against the budget for what stays in memory.
    pub(super) fn keep(&mut self, bytes: u64) -> Result<(), Fault> {
        self.kept = self.kept.saturating_add(bytes);
        if self.kept > KEEP {
            return Err(Fault::Unbelievable {
                what: "its size in bytes".into(),
                found: self.kept,
                limit: KEEP,
            });
        }
        Ok(())
    }

    /// Moves over `count` bytes.
    pub(super) fn skip(&mut self, count: u64, what: &str) -> Result<(), Fault> {
        self.require(count, what)?;
        // Within the file, whose size the system gives as a signed number.
        self.inner.seek_relative(count as i64)?;
        self.position += count;
        Ok(())
    }
}
