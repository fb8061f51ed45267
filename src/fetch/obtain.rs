//! From a name to a file: what is on this machine is used, and what is not is fetched, if that may be.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use super::{FetchError, Progress, Secret, Source, fetch};
use crate::models::{ModelName, NameError, NotHere, Places, locate};

/// What a name is looked up with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The network is never asked.
    pub offline: bool,
    /// Who asks.
    pub token: Option<Secret>,
}

/// Why there is no file of a name.
#[derive(Debug, thiserror::Error)]
pub enum ObtainError {
    /// It is no name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// It is not on this machine, and could not be anywhere else.
    #[error(transparent)]
    NotHere(#[from] NotHere),
    /// It is not on this machine, and the network may not be asked.
    #[error(
        "{0}; without --offline (LLAMA_ARG_OFFLINE, or offline in the configuration) it would be fetched"
    )]
    Offline(NotHere),
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl Reach {
    /// The file of a name, in the places and from the hub that the process's environment says. Blocks; `tell` and `cancelled`
    /// as for [`fetch`].
    ///
    /// # Errors
    ///
    /// There is none, or it was cancelled.
    pub fn obtain(
        &self,
        name: &ModelName,
        tell: &mut dyn FnMut(&Progress),
        cancelled: &AtomicBool,
    ) -> Result<PathBuf, ObtainError> {
        let get = |variable: &str| std::env::var(variable).ok();
        let home = std::env::home_dir();
        let missing = match locate(name, &Places::from_env(get, home.as_deref())) {
            Ok(path) => return Ok(path),
            Err(missing) => missing,
        };
        match name {
            ModelName::Hub(_) if self.offline => Err(ObtainError::Offline(missing)),
            ModelName::Hub(name) => {
                let source = Source::from_env(get, home.as_deref(), self.token.clone())?;
                Ok(fetch(name, &source, tell, cancelled)?)
            }
            _ => Err(missing.into()),
        }
    }
}
