//! Models found, read and fetched.

use crate::fetch::Reach;

/// What the program asks the world about models.
#[derive(Default)]
pub(crate) struct Obtaining {
    /// What models are fetched with.
    pub(in crate::app) reach: Reach,
    /// Fetches that were begun; the last one has this number.
    pub(in crate::app) fetches: u64,
    /// Whether the headers of models are being read for a list.
    pub(in crate::app) reading: bool,
}
