//! What a list tells of a model: what its header says, in short.

use std::path::Path;

use crate::gguf::{self, ModelFile};

/// A model in short. Its texts are foreign.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// llama.cpp's name of the architecture.
    pub architecture: String,
    /// The name that its makers gave it.
    pub name: Option<String>,
    /// Elements of all tensors.
    pub parameters: u64,
    /// The quantisation's name.
    pub quantisation: Option<&'static str>,
    /// Tokens of context the model was trained with.
    pub context_length: u32,
    /// Whether it brings a chat template.
    pub chat_template: bool,
    /// Whether it writes by diffusion, on a canvas.
    pub diffusion: bool,
    /// Bytes of all parts.
    pub size: u64,
    /// Elements of keys, and of values, that the KV cache holds for one token, all layers together.
    pub kv_elements: [u64; 2],
}

impl From<&ModelFile> for Card {
    fn from(file: &ModelFile) -> Self {
        let heads: u64 = file.head_count_kv.iter().copied().map(u64::from).sum();
        Self {
            architecture: file.architecture.clone(),
            name: file.name.clone(),
            parameters: file.parameters,
            quantisation: file.quantisation,
            context_length: file.context_length,
            chat_template: file.chat_template().is_some(),
            diffusion: file.masking.is_some(),
            size: file.size,
            // A diffusion model reads its whole canvas anew at every step.
            kv_elements: if file.masking.is_some() {
                [0, 0]
            } else {
                [file.key_length, file.value_length].map(|length| heads * u64::from(length))
            },
        }
    }
}

impl Card {
    /// The parameters as people call them: `4.5M`, `270M`, `1.2B`, `70B`.
    #[must_use]
    pub fn parameters_text(&self) -> String {
        let (amount, unit) = match self.parameters as f64 {
            n if n < 999.5e3 => (n / 1e3, "K"),
            n if n < 999.5e6 => (n / 1e6, "M"),
            n if n < 999.5e9 => (n / 1e9, "B"),
            n => (n / 1e12, "T"),
        };
        if amount < 9.95 { format!("{amount:.1}{unit}") } else { format!("{amount:.0}{unit}") }
    }
}

/// Reads the header of the model at `path`: its card, or why it cannot be run, in a sentence without the file's name.
///
/// # Errors
///
/// It cannot be run.
pub fn read_card(path: &Path) -> Result<Card, String> {
    gguf::check(path).map(|file| Card::from(&file)).map_err(|error| error.fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(name: &str) -> Card {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models");
        read_card(&folder.join(name)).expect(name)
    }

    #[test]
    fn the_models_in_the_program() {
        let card = card("storyteller-4.5m-q8_0.gguf");
        assert_eq!((card.architecture.as_str(), card.quantisation), ("llama", Some("Q8_0")));
        assert_eq!(card.parameters_text(), "4.5M");
        assert!(!card.diffusion && card.kv_elements[0] > 0);
    }

    #[test]
    fn parameters_as_people_call_them() {
        let of = |parameters| Card { parameters, ..card("storyteller-4.5m-q8_0.gguf") }.parameters_text();
        assert_eq!(of(800), "0.8K");
        assert_eq!([of(9_949_999), of(134_515_008), of(999_600_000)], ["9.9M", "135M", "1.0B"]);
        assert_eq!([of(7_241_732_096), of(70_553_706_496), of(1_026_000_000_000)], ["7.2B", "71B", "1.0T"]);
    }

    #[test]
    fn why_not_is_a_sentence_without_the_path() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let why = read_card(file.path()).expect_err("empty");
        assert!(!why.is_empty() && !why.contains(&*file.path().to_string_lossy()), "{why}");
    }
}
