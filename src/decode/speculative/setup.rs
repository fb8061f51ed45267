//! What a person asks of speculative decoding before the models are known.

use super::{Sources, SpeculativeSettings};
use crate::settings::{DraftModelSettings, ModelSettings};

/// What a person asks of speculative decoding before the models are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpeculativeSetup {
    /// How tokens are drafted and verified; where drafts come from only if `sources` says so.
    pub settings: SpeculativeSettings,
    /// Where drafts come from, if it is said.
    pub sources: Option<Sources>,
    /// The draft model.
    pub draft: DraftModelSettings,
    /// What to tell the person about what was asked.
    pub notices: Vec<String>,
}

impl SpeculativeSetup {
    /// The settings for `target`: where nobody says where drafts come from, from the draft model if there is one, else from the
    /// text.
    #[must_use]
    pub fn settings_for(&self, target: &ModelSettings) -> SpeculativeSettings {
        let model = self.draft.is_there(target);
        let sources = self.sources.unwrap_or(Sources { model, lookup: !model });
        SpeculativeSettings { sources, ..self.settings }
    }

    /// Whether a draft model is to be loaded for `target`.
    #[must_use]
    pub fn wants_model(&self, target: &ModelSettings) -> bool {
        self.settings_for(target).sources.model && self.draft.is_there(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_draft_model_drafts_from_the_text() {
        let file = ModelSettings { path: Some("m.gguf".into()), ..ModelSettings::default() };
        let setup = SpeculativeSetup::default();
        assert_eq!(
            setup.settings_for(&ModelSettings::default()).sources,
            Sources { model: true, lookup: false }
        );
        assert_eq!(setup.settings_for(&file).sources, Sources { model: false, lookup: true });
        assert!(setup.wants_model(&ModelSettings::default()) && !setup.wants_model(&file));
        let draft = DraftModelSettings { path: Some("d.gguf".into()), ..DraftModelSettings::default() };
        assert!(SpeculativeSetup { draft, ..setup }.wants_model(&file));
    }
}
