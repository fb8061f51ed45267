//! Opening and masking positions by hand.

use super::{Change, Diffusion, DiffusionError, Step, StepKind};
use crate::token::Token;

impl Diffusion {
    /// Writes `token` at a position that is not given, masked or not. What was known of later steps is forgotten.
    pub fn open(&mut self, position: usize, token: Token) -> Result<(), DiffusionError> {
        if token == self.mask() || token.index() >= self.n_vocab() {
            return Err(DiffusionError::NoWord { token });
        }
        self.by_hand(position, token)
    }

    /// Masks a position that is not given. What was known of later steps is forgotten.
    pub fn mask_again(&mut self, position: usize) -> Result<(), DiffusionError> {
        self.by_hand(position, self.mask())
    }

    fn by_hand(&mut self, position: usize, after: Token) -> Result<(), DiffusionError> {
        let positions = self.canvas().len();
        let before =
            *self.canvas().get(position).ok_or(DiffusionError::NoPosition { position, positions })?;
        if self.template().is_given(position) {
            return Err(DiffusionError::Given { position });
        }
        if before != after {
            self.take(Step { kind: StepKind::ByHand, changes: vec![Change { position, before, after }] });
        }
        Ok(())
    }
}
