//! The evaluator of a canvas: a text with masked positions in, the logits of what each masked position could hold out, in
//! one pass through a diffusion model.

use std::time::Duration;

use crate::token::Token;

/// What can be said of a canvas evaluator before a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CanvasShape {
    /// Positions that a canvas can have at most.
    pub longest: usize,
    /// Tokens in the vocabulary: logits of each position.
    pub n_vocab: usize,
    /// The token that stands where nothing is written yet.
    pub mask: Token,
    /// Whether the row before a position predicts it, in place of its own.
    pub shift: bool,
}

impl CanvasShape {
    /// The row of a pass that predicts a position. Nothing stands before the first position: it has to do with its own row,
    /// as in llama.cpp and in Dream's own code.
    #[must_use]
    pub const fn row_of(&self, position: usize) -> usize {
        if self.shift { position.saturating_sub(1) } else { position }
    }
}

/// Why a canvas could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanvasError {
    /// A canvas without a position.
    #[error("the canvas is empty: give a prompt or a length")]
    Empty,
    /// More positions than the model takes.
    #[error(
        "the canvas has {positions} positions and the context {longest}: lower --diffusion-length, or shorten the text"
    )]
    TooLong {
        /// Positions of the canvas.
        positions: usize,
        /// The most there can be.
        longest: usize,
    },
    /// All rows of a pass come out together, so their logits cannot be had in portions.
    #[error(
        "a pass over {positions} positions of a vocabulary of {n_vocab} gives {needed_mib} MiB of logits, more than the \
         {budget_mib} MiB they may take: {}",
        advice(*.fit)
    )]
    Memory {
        /// Positions of the canvas.
        positions: usize,
        /// Tokens in the vocabulary.
        n_vocab: usize,
        /// What they need, in MiB, rounded up.
        needed_mib: usize,
        /// What they may take, in MiB.
        budget_mib: usize,
        /// Positions that would fit.
        fit: usize,
    },
    /// llama.cpp failed.
    #[error("llama.cpp could not evaluate the canvas: {0}")]
    Failed(String),
}

fn advice(fit: usize) -> String {
    match fit {
        0 => "raise --logits-budget-mib".to_owned(),
        fit => format!("lower --diffusion-length to {fit}, or raise --logits-budget-mib"),
    }
}

impl CanvasError {
    /// Fails where the logits of a pass would take more than `budget_mib`. With guidance a second set of rows is kept beside
    /// the first.
    pub fn check_memory(positions: usize, n_vocab: usize, guided: bool, budget_mib: u32) -> Result<(), Self> {
        const MIB: usize = 1 << 20;
        let row = n_vocab.saturating_mul(size_of::<f32>()).saturating_mul(1 + usize::from(guided)).max(1);
        let (needed, budget) = (row.saturating_mul(positions), (budget_mib as usize).saturating_mul(MIB));
        if needed <= budget {
            return Ok(());
        }
        let (needed_mib, budget_mib) = (needed.div_ceil(MIB), budget_mib as usize);
        Err(Self::Memory { positions, n_vocab, needed_mib, budget_mib, fit: budget / row })
    }
}

/// Evaluates canvases.
pub trait CanvasEvaluator {
    /// What kind of canvases these are.
    fn shape(&self) -> CanvasShape;

    /// Sends `canvas` (1 to [`CanvasShape::longest`] tokens, [`CanvasShape::mask`] where nothing is written) through the model
    /// in one pass, and hands the logits that predict each of `positions` (ascending, within the canvas) to `sink`, in their
    /// order.
    fn evaluate(
        &mut self,
        canvas: &[Token],
        positions: &[usize],
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Duration, CanvasError>;
}

/// Classifier-free guidance: a second pass without the prompt, and a step away from what comes out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Guidance {
    /// How far: the logits become without + (scale + 1) · (with − without). 0 changes nothing.
    pub scale: f32,
    /// The canvas whose prompt is masked.
    pub without: Vec<Token>,
}

/// [`CanvasEvaluator::evaluate`] with guidance, if any: two passes, whose rows for `positions` are kept until they are joined.
pub fn evaluate_guided(
    evaluator: &mut dyn CanvasEvaluator,
    canvas: &[Token],
    guidance: Option<&Guidance>,
    positions: &[usize],
    sink: &mut dyn FnMut(usize, &[f32]),
) -> Result<Duration, CanvasError> {
    let Some(guidance) = guidance else { return evaluator.evaluate(canvas, positions, sink) };
    let n_vocab = evaluator.shape().n_vocab;
    let mut with: Vec<f32> = Vec::with_capacity(n_vocab * positions.len());
    let first = evaluator.evaluate(canvas, positions, &mut |_, row| with.extend_from_slice(row))?;
    let mut rows = with.chunks_exact_mut(n_vocab.max(1));
    let second = evaluator.evaluate(&guidance.without, positions, &mut |position, without| {
        let Some(row) = rows.next() else { return };
        for (with, without) in row.iter_mut().zip(without) {
            *with = without + (guidance.scale + 1.0) * (*with - without);
        }
        sink(position, row);
    })?;
    Ok(first + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shifted_where_the_model_says_so() {
        let shape = CanvasShape { longest: 8, n_vocab: 4, mask: Token(3), shift: true };
        assert_eq!([0, 1, 5].map(|position| shape.row_of(position)), [0, 0, 4]);
        let own = CanvasShape { shift: false, ..shape };
        assert_eq!([0, 1, 5].map(|position| own.row_of(position)), [0, 1, 5]);
    }

    #[test]
    fn memory_is_bounded_with_a_sentence() {
        // 512 × 126,464 × 4 bytes are 247 MiB.
        assert_eq!(CanvasError::check_memory(512, 126_464, false, 247), Ok(()));
        let error = CanvasError::check_memory(512, 126_464, false, 246).expect_err("too much").to_string();
        assert!(error.contains("gives 247 MiB of logits, more than the 246 MiB"), "{error}");
        assert!(error.ends_with("lower --diffusion-length to 509, or raise --logits-budget-mib"), "{error}");
        let guided = CanvasError::check_memory(512, 126_464, true, 256).expect_err("twice as much");
        assert!(matches!(guided, CanvasError::Memory { needed_mib: 494, fit: 265, .. }), "{guided:?}");
        let none = CanvasError::check_memory(1, 1 << 20, false, 1).expect_err("not one row").to_string();
        assert!(none.ends_with("they may take: raise --logits-budget-mib"), "{none}");
        assert!(CanvasError::check_memory(usize::MAX, usize::MAX, true, u32::MAX).is_err());
    }
}
