//! The LoRA adapters of the model, and how strongly each counts.

use super::{Overlay, State, desk::Asker};
use crate::{
    engine::{EngineId, worker::Command},
    settings::{LoraAdapter, LoraScale},
};

/// Steps of a scale, of 1: fine and coarse ones.
const STEP: (f64, f64) = (0.05, 0.25);

impl State {
    /// The adapters that are added to the model's weights.
    #[must_use]
    pub fn adapters(&self) -> &[LoraAdapter] {
        &self.desk.engines.main().loading.lora
    }

    /// Lists them.
    pub(super) fn list_adapters(&mut self) {
        if self.adapters().is_empty() || self.desk.ready().is_none() {
            return self.desk.say("No LoRA adapter is loaded: name one with --lora FILE.");
        }
        self.desk.overlays.push(Overlay::Adapters { selected: 0, count: self.adapters().len() });
    }

    /// Makes the selected one count more or less by so many steps. The weights are others then: the text begins anew.
    pub(super) fn scale_adapter(&mut self, steps: i32, coarse: bool) {
        let Some(Overlay::Adapters { selected, .. }) = self.desk.overlays.last() else { return };
        let selected = *selected;
        let lora = &mut self.desk.engines.main_mut().loading.lora;
        let Some(adapter) = lora.get_mut(selected) else { return };
        let step = if coarse { STEP.1 } else { STEP.0 };
        // The next multiple of the step, so that 0.33 and a step of 0.05 give 0.35.
        let place = f64::from(adapter.scale.get()) / step;
        let near = (place - place.round()).abs() < 1e-4;
        let from = if near {
            place.round()
        } else if steps > 0 {
            place.floor()
        } else {
            place.ceil()
        };
        let scale = (((from + f64::from(steps)) * step) * 1e6).round() / 1e6;
        let Some(scale) = LoraScale::new(scale as f32) else { return };
        adapter.scale = scale;
        let scales = lora.iter().map(|adapter| adapter.scale).collect();
        self.desk.play.pause();
        self.end_session();
        self.rooms.model_changed();
        let ticket = self.desk.engines.ask(EngineId::MAIN, Asker::Desk, Command::Adapt(scales));
        // Nothing comes of it that would have to be waited for.
        self.desk.engines.answered(EngineId::MAIN, ticket);
        self.desk.begin();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{Effect, Message, fixture::Fixture},
        engine::worker::Event,
    };

    /// With two adapters, the first of which does not count whole.
    fn fixture() -> Fixture {
        Fixture::with(|setup| {
            setup.settings.model.lora =
                ["a.gguf:0.33", "b.gguf"].map(|text| LoraAdapter::given(text.as_ref())).into();
        })
    }

    fn adapted(f: &Fixture) -> Vec<Vec<f32>> {
        let scales = |effect: &Effect| match effect {
            Effect::Engine(_, _, Command::Adapt(scales)) => {
                Some(scales.iter().map(|scale| scale.get()).collect())
            }
            _ => None,
        };
        f.other.iter().filter_map(scales).collect()
    }

    #[test]
    fn a_scale_moves_by_steps_and_the_text_begins_anew() {
        let mut f = fixture();
        f.keys(&["n", "n", "ctrl-a", "right", "down", "H"]);
        assert_eq!(adapted(&f), [[0.35, 1.0], [0.35, 0.75]]);
        assert_eq!(f.state.adapters()[1].to_string(), "b.gguf:0.75");
        let session = f.state.desk.session().expect("a text");
        assert_eq!(session.path().generated(), 0);
        f.keys(&["esc", "n"]);
        assert_eq!(f.state.desk.session().expect("a text").path().generated(), 1, "and goes on");
    }

    #[test]
    fn without_an_adapter_it_is_said_how_one_is_named() {
        let mut f = Fixture::new();
        f.keys(&["ctrl-a"]);
        assert!(f.state.overlays().is_empty());
        assert!(f.state.notice().is_some_and(|notice| notice.contains("--lora FILE")));
    }

    #[test]
    fn a_model_that_is_refused_takes_none_of_them_away() {
        let mut f = fixture();
        f.state.load_path(Some("bad.gguf".into()));
        let event = Event::LoadFailed { why: "no model".into(), kept: true };
        f.send(Message::Engine(EngineId::MAIN, event));
        assert_eq!(f.state.adapters().len(), 2);
    }

    #[test]
    fn another_model_has_none_of_them() {
        let mut f = fixture();
        f.state.load_path(Some("other.gguf".into()));
        assert!(f.state.adapters().is_empty());
    }
}
