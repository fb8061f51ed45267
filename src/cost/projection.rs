//! The output projection: from the last block's vector to a logit for every token of the vocabulary.

use crate::gguf::ModelFile;

/// The matrix that makes logits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Elements of the vector that comes in.
    pub width: u64,
    /// Logits that come out.
    pub vocabulary: u64,
    /// Whether it is the token embedding, used a second time.
    pub tied: bool,
    /// Parameters of the whole model.
    pub parameters: u64,
    /// Bytes of it in the file; None where there is no file.
    pub bytes: Option<u64>,
}

impl Projection {
    /// As the header of a model says: `output.weight`, or the token embedding where there is none.
    #[must_use]
    pub fn of(file: &ModelFile) -> Self {
        let own = file.weights.tensor("output.weight");
        let tensor = own.or_else(|| file.weights.tensor("token_embd.weight"));
        Self {
            width: file.embedding_length.into(),
            vocabulary: file.vocabulary_size.into(),
            tied: own.is_none(),
            parameters: file.parameters,
            bytes: tensor.map(|tensor| tensor.bytes),
        }
    }

    /// Its parameters.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.width.saturating_mul(self.vocabulary)
    }

    /// Its share of the model's parameters, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.elements() as f64 / self.parameters.max(1) as f64
    }

    /// Multiplications with an addition that a row of logits takes: one a parameter.
    #[must_use]
    pub fn multiply_adds(&self) -> u64 {
        self.elements()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::gguf;

    #[test]
    fn the_storytellers_is_its_embedding_a_quarter_of_it() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/storyteller-4.5m-q8_0.gguf");
        let projection = Projection::of(&gguf::check(&path).unwrap());
        assert_eq!((projection.width, projection.vocabulary, projection.tied), (256, 4096, true));
        assert_eq!(projection.multiply_adds(), 1_048_576);
        // 32 elements in 34 bytes.
        assert_eq!(projection.bytes, Some(1_048_576 * 34 / 32));
        assert!((projection.share() - 0.23).abs() < 0.01, "{}", projection.share());
    }
}
