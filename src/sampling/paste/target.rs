//! Where settings are taken to, and what is taken there for a setting that nobody says.

use crate::sampling::{SamplingOverrides, SamplingSettings};

/// A run of one of llama.cpp's tools.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its context size in tokens, which a window of −1 stands for.
    pub(super) context: usize,
    /// llama.cpp's defaults, and these with what the model's file recommends over them. A setting stays unsaid only where
    /// it is that of both: then it is what it is with this model, and with any that recommends nothing.
    unsaid: [SamplingSettings; 2],
}

impl Target {
    /// A context of so many tokens, on a model whose file recommends this (`general.sampling.*`).
    #[must_use]
    pub fn new(context: usize, recommended: &SamplingOverrides) -> Self {
        let mut model = SamplingSettings::default();
        recommended.apply(&mut model);
        Self { context, unsaid: [SamplingSettings::default(), model] }
    }

    /// Whether a setting has to be written: whether it `differs` from one that would be taken unsaid.
    pub(super) fn differs(&self, differs: impl Fn(&SamplingSettings) -> bool) -> bool {
        self.unsaid.iter().any(differs)
    }
}
