//! What measured passes told.

use crate::{cost::Sample, settings::CacheType, token::Token};

/// The same text with the KV cache and without.
#[derive(Clone, Debug, Default)]
pub struct OnOff {
    /// Milliseconds of each token's pass with the cache; the first reads the prompt.
    pub on: Vec<Sample>,
    /// The same without.
    pub off: Vec<Sample>,
    /// Rows that went through the model for each token, with the cache.
    pub on_rows: Vec<usize>,
    /// The same without.
    pub off_rows: Vec<usize>,
    /// The tokens that were written with the cache, always the likeliest.
    pub text: Vec<Token>,
    /// The same without.
    pub text_without: Vec<Token>,
    /// The largest difference of two logits after the same text.
    pub difference: f32,
    /// The largest KL divergence of the two distributions after the same text, in bits.
    pub divergence: f64,
    /// The first token in which the texts differ.
    pub parted: Option<usize>,
}

impl OnOff {
    /// Milliseconds of all tokens together, with the cache and without: sums of the medians.
    #[must_use]
    pub fn totals(&self) -> (f64, f64) {
        let sum = |samples: &[Sample]| samples.iter().filter_map(Sample::median).sum();
        (sum(&self.on), sum(&self.off))
    }

    /// Rows of all tokens together, with the cache and without.
    #[must_use]
    pub fn rows(&self) -> (usize, usize) {
        (self.on_rows.iter().sum(), self.off_rows.iter().sum())
    }

    /// How close the logits of both are after the same text, in words; in fewer words.
    #[must_use]
    pub fn closeness(&self) -> [String; 2] {
        if self.difference == 0.0 {
            return ["all logits agree to the bit".to_owned(), "logits, too".to_owned()];
        }
        let difference = match self.difference {
            large if large >= 0.01 => format!("{large:.2}"),
            small => format!("{small:.0e}"),
        };
        let bits = self.divergence;
        [
            format!("logits differ by {difference} at most, KL {bits:.0e} bits"),
            format!("logits within {difference}"),
        ]
    }

    /// Milliseconds until the first token of an answer is there, and until the last is.
    #[must_use]
    pub fn first_and_last(&self) -> Option<(f64, f64)> {
        let first = self.on.first()?.median()?;
        Some((first, self.totals().0))
    }

    /// Milliseconds of a token after the first, with the cache: those of all tokens together.
    #[must_use]
    pub fn token(&self) -> Sample {
        self.on.iter().skip(1).filter_map(Sample::median).collect()
    }
}

/// Rows that go through the model together, and what the output projection takes of them.
#[derive(Clone, Debug, Default)]
pub struct Batches {
    /// How many rows, and the milliseconds of the pass.
    pub passes: Vec<(usize, Sample)>,
    /// Rows of the two passes below; 0 where there were none.
    pub rows: usize,
    /// Milliseconds with logits of the last row only.
    pub one: Sample,
    /// Milliseconds with logits of every row.
    pub all: Sample,
}

impl Batches {
    /// Tokens a second in batches of this place in [`Batches::passes`].
    #[must_use]
    pub fn rate(&self, place: usize) -> Option<f64> {
        let (rows, sample) = self.passes.get(place)?;
        sample.median().filter(|&ms| ms > 0.0).map(|ms| *rows as f64 / ms * 1e3)
    }

    /// Milliseconds that the output projection takes a row, and its share of a pass in which every row has logits.
    #[must_use]
    pub fn projection(&self) -> Option<(f64, f64)> {
        let (one, all) = (self.one.median()?, self.all.median()?);
        let row = ((all - one) / self.rows.saturating_sub(1).max(1) as f64).max(0.0);
        Some((row, if all > 0.0 { (row * self.rows as f64 / all).min(1.0) } else { 0.0 }))
    }
}

/// The same text with keys and values in one type.
#[derive(Clone, Debug)]
pub struct TypeRun {
    /// The type.
    pub cache: CacheType,
    /// Milliseconds of the tokens after the first.
    pub token: Sample,
    /// Bytes that llama.cpp set aside for the cache, and for how many cells.
    pub allocated: Option<(usize, usize)>,
    /// KL divergence from the first type's distribution, in bits, token by token.
    pub divergence: Vec<f64>,
    /// The first token whose likeliest candidate differs from the first type's.
    pub parted: Option<usize>,
    /// Why it could not be measured.
    pub failed: Option<String>,
}

impl TypeRun {
    pub(super) fn new(cache: CacheType) -> Self {
        Self {
            cache,
            token: Sample::default(),
            allocated: None,
            divergence: Vec::new(),
            parted: None,
            failed: None,
        }
    }

    /// The mean of the divergences; None where there are none.
    #[must_use]
    pub fn mean_divergence(&self) -> Option<f64> {
        let count = self.divergence.len();
        (count > 0).then(|| self.divergence.iter().sum::<f64>() / count as f64)
    }
}

/// What a token takes of this program beside the model, in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Statistics of the distribution.
    pub statistics: Sample,
    /// The sampler chain and the draw.
    pub chain: Sample,
}
