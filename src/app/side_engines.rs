//! What the events of the engines beside the main one do: their models are loaded, or lost, without a word to the text.

use super::{ModelState, State};
use crate::engine::{EngineId, worker::Event};

impl State {
    /// Takes in an event of an engine beside the main one; what it answers is taken in as everywhere.
    pub(super) fn side_engine(&mut self, engine: EngineId, event: Event) -> Option<Event> {
        let model = match event {
            Event::Loading(progress) => ModelState::Loading(progress),
            Event::Loaded(ready) => ModelState::Ready(ready),
            Event::LoadFailed { why, .. } | Event::Diffusion { why, .. } => ModelState::Missing(why),
            Event::LoadCancelled => ModelState::Missing("loading was cancelled".into()),
            Event::Aborted(message) => {
                self.desk.engines.restart(engine);
                ModelState::Missing(format!("llama.cpp failed: {message}"))
            }
            Event::Progress(..) => return None,
            event => return Some(event),
        };
        if let Some(slot) = self.desk.engines.slot_mut(engine) {
            slot.model = model;
        }
        self.desk.stale = true;
        None
    }
}
