//! The signals that end or continue the program, as messages for its loop.

use std::io;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::terminal;

/// A signal the program answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP: the terminal was closed.
    Hangup,
    /// SIGINT: Ctrl-C where the terminal is not raw, or `kill -INT`.
    Interrupt,
    /// SIGTERM: asked to end.
    Terminate,
    /// SIGCONT: goes on after a stop; the terminal may have been changed and is to be taken again.
    Continue,
}

impl Signal {
    /// The exit status of a program that ended because of this signal, 128 + its number; `None` if it is none to end on.
    #[must_use]
    pub const fn exit_status(self) -> Option<u8> {
        // The numbers are the same on every Unix (POSIX, `kill -l`).
        match self {
            Self::Hangup => Some(128 + 1),
            Self::Interrupt => Some(128 + 2),
            Self::Terminate => Some(128 + 15),
            Self::Continue => None,
        }
    }

    fn from_number(number: i32) -> Option<Self> {
        match number {
            SIGHUP => Some(Self::Hangup),
            SIGINT => Some(Self::Interrupt),
            SIGTERM => Some(Self::Terminate),
            SIGCONT => Some(Self::Continue),
            _ => None,
        }
    }
}

/// The signals as they come in.
///
/// They are heard on a thread of their own, so that a second request to end is obeyed at once even if the loop is stuck:
/// the terminal is given back and the process exits without another word.
#[derive(Debug)]
pub struct Signals {
    incoming: UnboundedReceiver<Signal>,
}

impl Signals {
    /// Listens from now until the process ends.
    pub fn listen() -> io::Result<Self> {
        let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM, SIGCONT])?;
        let (sender, incoming) = unbounded_channel();
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            let mut listener = Listener { sender, ending: false };
            signals.forever().filter_map(Signal::from_number).for_each(|signal| listener.hear(signal));
        })?;
        Ok(Self { incoming })
    }

    /// The next signal. Can be cancelled without losing one.
    pub async fn next(&mut self) -> Signal {
        match self.incoming.recv().await {
            Some(signal) => signal,
            // The listening thread lives as long as the process.
            None => std::future::pending().await,
        }
    }
}

/// The listening thread's side.
struct Listener {
    sender: UnboundedSender<Signal>,
    ending: bool,
}

impl Listener {
    fn hear(&mut self, signal: Signal) {
        if let (Some(status), true) = (signal.exit_status(), self.ending) {
            // A closed terminal sends SIGHUP twice, once from the kernel and once from the shell: no impatience.
            if signal != Signal::Hangup {
                terminal::restore();
                super::leave_at_once(status);
            }
        }
        self.ending |= signal.exit_status().is_some();
        // Nobody receives when the loop has ended and the program is tidying up.
        let _ = self.sender.send(signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_statuses_are_those_a_shell_shows() {
        assert_eq!(Signal::Hangup.exit_status(), Some(129));
        assert_eq!(Signal::Interrupt.exit_status(), Some(130));
        assert_eq!(Signal::Terminate.exit_status(), Some(143));
        assert_eq!(Signal::Continue.exit_status(), None);
    }

    #[test]
    fn two_hangups_do_not_cut_the_ending_short() {
        let (sender, mut incoming) = unbounded_channel();
        let mut listener = Listener { sender, ending: false };
        listener.hear(Signal::Continue);
        assert!(!listener.ending);
        listener.hear(Signal::Hangup);
        listener.hear(Signal::Hangup);
        assert!(listener.ending);
        drop(listener);
        let mut heard = Vec::new();
        while let Some(signal) = incoming.blocking_recv() {
            heard.push(signal);
        }
        assert_eq!(heard, [Signal::Continue, Signal::Hangup, Signal::Hangup]);
    }
}
