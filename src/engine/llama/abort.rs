//! What happens when llama.cpp finds a broken invariant and is about to abort the process: which engine is told.
//!
//! ggml has one callback for the whole process and calls it on the thread that failed. That is an engine's own thread, or one
//! that ggml computes on, which does not say whose it is: then every engine that is at work is told.

use std::{
    cell::Cell,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::ffi;
use crate::engine::EngineId;

/// Told of a failure, with llama.cpp's message.
type Tell = Box<dyn Fn(String) + Send>;

struct Watched {
    engine: EngineId,
    at_work: bool,
    tell: Tell,
}

static WATCHED: Mutex<Vec<Watched>> = Mutex::new(Vec::new());

thread_local! {
    /// The engine whose thread this is.
    static OWN: Cell<Option<EngineId>> = const { Cell::new(None) };
}

fn watched() -> MutexGuard<'static, Vec<Watched>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints llama.cpp's message and ends the process with status 1, unless an engine that is watched is concerned.
pub fn exit_on_abort() {
    ffi::catch_aborts();
}

/// When llama.cpp fails for `engine`, `tell` gets its message and the failing thread is parked for good, so that the rest of
/// the program lives. Takes the place of what was said for that engine before.
pub(in crate::engine) fn watch(engine: EngineId, tell: impl Fn(String) + Send + 'static) {
    let mut watched = watched();
    watched.retain(|other| other.engine != engine);
    watched.push(Watched { engine, at_work: false, tell: Box::new(tell) });
    drop(watched);
    ffi::catch_aborts();
}

/// Says that the calling thread is that of `engine`.
pub(in crate::engine) fn enter(engine: EngineId) {
    OWN.set(Some(engine));
}

/// Says whether the calling thread's engine is at work on a command.
pub(in crate::engine) fn set_at_work(at_work: bool) {
    let Some(own) = OWN.get() else { return };
    for engine in watched().iter_mut().filter(|engine| engine.engine == own) {
        engine.at_work = at_work;
    }
}

/// Tells of a failure on the calling thread; false where no engine is concerned.
pub(super) fn tell(message: &str) -> bool {
    let own = OWN.get();
    let mut told = false;
    for engine in &mut *watched() {
        if own.map_or(engine.at_work, |own| engine.engine == own) {
            // It never comes back from there.
            engine.at_work = false;
            (engine.tell)(message.to_owned());
            told = true;
        }
    }
    told
}

/// Held for reading by tests that have engines at work, for writing by those that make llama.cpp fail: where the failing
/// thread is nobody's own, every engine at work is told.
#[cfg(test)]
pub(in crate::engine) static FAILING: std::sync::RwLock<()> = std::sync::RwLock::new(());

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, time::Duration};

    use llama_cpp_2::{sampling::LlamaSampler, token::data_array::LlamaTokenDataArray};

    use super::*;

    /// llama.cpp asserts that a softmax has candidates.
    fn fail() {
        LlamaTokenDataArray::new(Vec::new(), false).apply_sampler(&mut LlamaSampler::top_p(0.5, 0));
    }

    #[test]
    fn a_failed_assertion_is_reported_to_its_engine_and_parks_its_thread() {
        let _alone = FAILING.write().expect("no test failed with it");
        let (sender, receiver) = channel();
        for id in [201, 202, 203] {
            let sender = sender.clone();
            watch(EngineId(id), move |message| drop(sender.send((id, message))));
        }
        let told = || receiver.recv_timeout(Duration::from_mins(1)).expect("the assertion is told");
        let own = std::thread::spawn(|| {
            enter(EngineId(202));
            fail();
        });
        let (id, message) = told();
        assert_eq!(id, 202);
        assert!(message.contains("GGML_ASSERT"), "{message}");
        // On a thread that ggml computes on the one at work is told.
        let (start, go) = channel();
        let working = std::thread::spawn(move || {
            enter(EngineId(203));
            set_at_work(true);
            start.send(std::thread::spawn(fail)).expect("somebody waits");
        });
        let computing = go.recv().expect("it computes");
        assert_eq!(told().0, 203);
        working.join().expect("it did not fail itself");
        assert!(receiver.try_recv().is_err(), "nobody else is told");
        assert!(!own.is_finished() && !computing.is_finished(), "the threads are parked, the process lives");
    }
}
