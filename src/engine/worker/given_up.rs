//! Which of the commands that were sent are to be given up.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::Ticket;

/// A flag for each command that was sent and has not ended.
#[derive(Debug, Default)]
pub(super) struct GivenUp(Mutex<BTreeMap<Ticket, Arc<AtomicBool>>>);

impl GivenUp {
    fn flags(&self) -> MutexGuard<'_, BTreeMap<Ticket, Arc<AtomicBool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command is on its way.
    pub fn expect(&self, ticket: Ticket) {
        self.flags().entry(ticket).or_default();
    }

    /// The flag of a command; it is looked at while the command is under way.
    pub fn flag(&self, ticket: Ticket) -> Arc<AtomicBool> {
        Arc::clone(self.flags().entry(ticket).or_default())
    }

    /// A command has ended.
    pub fn end(&self, ticket: Ticket) {
        self.flags().remove(&ticket);
    }

    pub fn give_up(&self, ticket: Ticket) {
        if let Some(flag) = self.flags().get(&ticket) {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_given_up_alone_and_nothing_is_kept_of_those_that_ended() {
        let given_up = GivenUp::default();
        (1..=4).for_each(|ticket| given_up.expect(ticket));
        let flags: Vec<_> = (1..=4).map(|ticket| given_up.flag(ticket)).collect();
        let set = || flags.iter().map(|flag| flag.load(Ordering::Relaxed)).collect::<Vec<_>>();
        given_up.give_up(3);
        assert_eq!(set(), [false, false, true, false]);
        given_up.end(1);
        given_up.give_up(1);
        assert_eq!(set(), [false, false, true, false], "1 has ended");
        (2..=4).for_each(|ticket| given_up.end(ticket));
        given_up.give_up(2);
        assert!(given_up.flags().is_empty());
    }
}
