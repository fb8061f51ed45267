//! The models beside the main one: one drafts, one decodes plainly.

use super::{
    super::{Desk, ModelState, desk::Asker},
    SCREEN, Speculate,
};
use crate::{
    decode::speculative::Speculation,
    engine::{EngineId, check_pair},
    settings::ModelSettings,
};

/// Whether there is a model that drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Drafter {
    /// None is wanted, or there is none for this model.
    None,
    /// It is being loaded.
    Loading,
    /// It is ready; how many tokens its vocabulary has.
    Ready(usize),
    /// It cannot be used, and why.
    Refused(String),
}

impl Speculate {
    /// Has the models loaded that are wanted beside the main one.
    pub(super) fn load_models(&mut self, desk: &mut Desk) {
        let Some(ready) = desk.ready().cloned() else { return };
        let target = desk.engines.main().loading.clone();
        if self.setup.draft.is_there(&target) {
            let settings = ModelSettings { sequences: 1, ..self.setup.draft.model(&target, ready.context) };
            desk.engines.load_beside(EngineId::DRAFT, Asker::Room(SCREEN), settings);
        }
        let plain = ModelSettings { sequences: 1, ..target };
        desk.engines.load_beside(EngineId::PLAIN, Asker::Room(SCREEN), plain);
    }

    /// What of the draft model there is.
    pub(super) fn drafter(&self, desk: &Desk) -> Drafter {
        let target = &desk.engines.main().loading;
        let (true, Some(slot)) = (self.setup.draft.is_there(target), desk.engines.slot(EngineId::DRAFT))
        else {
            return Drafter::None;
        };
        match &slot.model {
            ModelState::Loading(_) => Drafter::Loading,
            ModelState::Missing(why) => Drafter::Refused(why.clone()),
            ModelState::Ready(draft) => {
                let Some(ready) = desk.ready() else { return Drafter::Loading };
                match check_pair(&ready.vocabulary, &draft.vocabulary) {
                    Ok(()) => Drafter::Ready(draft.vocabulary.len()),
                    Err(error) => Drafter::Refused(error.to_string()),
                }
            }
        }
    }

    /// Tells the walk of its draft model once it is there; whether it can go on.
    pub(super) fn drafter_is_there(&mut self, desk: &mut Desk) -> bool {
        let wanted = self.settings().sources.model;
        let Some(walk) = &self.walk else { return false };
        if !wanted || walk.has_draft_model() {
            return true;
        }
        match self.drafter(desk) {
            Drafter::Loading => false,
            Drafter::Ready(tokens) => {
                self.walk.as_mut().into_iter().for_each(|walk| walk.set_draft_model(Some(tokens)));
                true
            }
            Drafter::None | Drafter::Refused(_) => true,
        }
    }

    /// Why no draft model drafts though one is asked for, or what it waits for; None where all is well.
    pub(super) fn trouble(&self, desk: &Desk) -> Option<String> {
        if !self.settings().sources.model || self.walk.as_ref().is_some_and(Speculation::has_draft_model) {
            return None;
        }
        match self.drafter(desk) {
            Drafter::None => Some(
                "There is no draft model for this model: give one with -md FILE, or draft by lookup.".into(),
            ),
            Drafter::Loading => Some("The draft model is being loaded.".into()),
            Drafter::Refused(why) => Some(why),
            Drafter::Ready(_) => None,
        }
    }
}
