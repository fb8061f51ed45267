//! The perplexity of a cursor's path.

use super::Cursor;
use crate::tree::Step;

impl Cursor {
    /// 2 to the mean surprisal of the first `generated` generated tokens; None of none.
    #[must_use]
    pub fn perplexity(&self, generated: usize) -> Option<f64> {
        perplexity(self.path().steps().iter().take(generated).map(|(step, _)| step))
    }

    /// The same of the prompt's tokens, from the second on; None where they are not scored.
    #[must_use]
    pub fn prompt_perplexity(&self) -> Option<f64> {
        perplexity(self.prompt_steps().map(|(_, step)| step))
    }

    /// Bits of surprisal a byte of these tokens; None where they are not scored or have no byte.
    #[must_use]
    pub fn prompt_bits_per_byte(&self) -> Option<f64> {
        let tokens = self.path().tokens();
        let (bytes, bits) = self.prompt_steps().fold((0, 0.0), |(bytes, bits), (position, step)| {
            (bytes + self.vocabulary().piece(tokens[position]).len(), bits + step.surprisal_bits)
        });
        (bytes > 0).then(|| bits / bytes as f64)
    }

    /// The steps of the prompt's tokens, each with its position.
    fn prompt_steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.path().all_steps().take_while(|(position, _)| *position < self.path().prompt_len())
    }
}

fn perplexity<'a>(steps: impl Iterator<Item = &'a Step>) -> Option<f64> {
    let (count, bits) =
        steps.fold((0_usize, 0.0), |(count, bits), step| (count + 1, bits + step.surprisal_bits));
    (count > 0).then(|| (bits / count as f64).exp2())
}
