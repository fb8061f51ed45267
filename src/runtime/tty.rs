//! Whether there is a terminal to draw on.

use std::ffi::OsStr;
use std::io::{IsTerminal as _, stdin, stdout};

use thiserror::Error;

/// Why the screen cannot be shown; each message is one line that says what works without a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoTerminal {
    /// Keys cannot be read.
    #[error("standard input is not a terminal; to generate without a screen use `logitscope run`")]
    Input,
    /// Nothing can be drawn.
    #[error("standard output is not a terminal; to generate without a screen use `logitscope run`")]
    Output,
    /// The terminal says of itself that it cannot move its cursor.
    #[error("TERM=dumb names a terminal that cannot draw; to generate without a screen use `logitscope run`")]
    Dumb,
    /// Nobody says what the terminal can do.
    #[error("TERM is not set, so the terminal is unknown; to generate without a screen use `logitscope run`")]
    Unknown,
}

impl NoTerminal {
    /// The exit status of a program that needs a terminal and has none.
    pub const EXIT_STATUS: u8 = 2;
}

/// Checks that keys can be read and a screen drawn. Writes nothing.
pub fn check_tty() -> Result<(), NoTerminal> {
    check(stdin().is_terminal(), stdout().is_terminal(), std::env::var_os("TERM").as_deref())
}

fn check(input: bool, output: bool, term: Option<&OsStr>) -> Result<(), NoTerminal> {
    match term {
        _ if !output => Err(NoTerminal::Output),
        _ if !input => Err(NoTerminal::Input),
        None => Err(NoTerminal::Unknown),
        Some(term) if term.is_empty() => Err(NoTerminal::Unknown),
        Some(term) if term == "dumb" => Err(NoTerminal::Dumb),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_missing_in_one_line_that_names_the_other_way() {
        let xterm = Some(OsStr::new("xterm"));
        assert_eq!(check(true, true, xterm), Ok(()));
        for (found, missing) in [
            (check(false, true, xterm), NoTerminal::Input),
            (check(true, false, xterm), NoTerminal::Output),
            (check(false, false, None), NoTerminal::Output),
            (check(true, true, Some(OsStr::new("dumb"))), NoTerminal::Dumb),
            (check(true, true, Some(OsStr::new(""))), NoTerminal::Unknown),
            (check(true, true, None), NoTerminal::Unknown),
        ] {
            assert_eq!(found, Err(missing));
            let message = missing.to_string();
            assert!(message.contains("logitscope run"), "{message}");
            assert!(!message.contains(char::is_control), "{message}");
        }
    }
}
