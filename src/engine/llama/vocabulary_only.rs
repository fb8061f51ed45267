//! A vocabulary without its model: for texts that a server writes.

use std::{path::Path, sync::Arc};

use llama_cpp_2::model::{LlamaModel, params::LlamaModelParams};

use super::{
    embedded::BytesOnLoan,
    load::{LoadError, backend, cause},
    log,
};
use crate::{engine::Vocabulary, gguf};

/// A vocabulary, and what its file says besides.
pub struct OnlyVocabulary {
    /// The vocabulary, with llama.cpp's behind it.
    pub vocabulary: Arc<Vocabulary>,
    /// The file's chat template, if it has one.
    pub template: Option<String>,
    /// Tokens of context that the model was trained with; 0 where that is not said.
    pub context: usize,
}

/// Reads the vocabulary of a GGUF file, which may hold nothing else.
pub fn load_vocabulary(path: &Path) -> Result<OnlyVocabulary, LoadError> {
    let about = gguf::check_vocabulary(path)?;
    let name = path.display().to_string();
    let path = path.to_str().ok_or_else(|| LoadError::Path(path.to_owned()))?;
    load(path, &name, about)
}

/// The same of a file in memory.
pub fn load_vocabulary_bytes(bytes: &[u8]) -> Result<OnlyVocabulary, LoadError> {
    const NAME: &str = "the vocabulary of the server";
    let about = gguf::check_vocabulary_bytes(NAME.as_ref(), bytes)?;
    let loan = BytesOnLoan::new(bytes).map_err(LoadError::Embedded)?;
    let path = loan.path().to_str().ok_or_else(|| LoadError::Path(loan.path().to_owned()))?;
    load(path, NAME, about)
}

fn load(path: &str, name: &str, about: gguf::AboutVocabulary) -> Result<OnlyVocabulary, LoadError> {
    let _ = log::take_errors();
    let params = LlamaModelParams::default().with_vocab_only(true);
    let model = LlamaModel::load_from_file(backend(), path, &params)
        .map_err(|error| LoadError::Llama { name: name.to_owned(), cause: cause(&error.to_string()) })?;
    let vocabulary = Arc::new(Vocabulary::of_model(&Arc::new(model)));
    Ok(OnlyVocabulary { vocabulary, template: about.template, context: about.context })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ModelSettings;

    #[test]
    fn the_vocabulary_of_a_model_is_that_of_the_model() {
        let path =
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf"));
        let only = load_vocabulary(path).expect("a vocabulary");
        let whole = super::super::load(&ModelSettings::default(), |_| true).expect("the built-in model");
        let whole = whole.vocabulary;
        assert_eq!(only.vocabulary.len(), whole.len());
        assert_eq!(only.vocabulary.eog(), whole.eog());
        let text = "Once upon a time <there> was é";
        assert_eq!(only.vocabulary.tokenize(text), whole.tokenize(text));
        assert!(only.context > 0);
    }

    #[test]
    fn what_is_no_vocabulary_is_refused_before_llama_cpp_sees_it() {
        assert!(load_vocabulary_bytes(b"GGUF").is_err());
        assert!(load_vocabulary(Path::new("/no/such.gguf")).is_err());
    }
}
