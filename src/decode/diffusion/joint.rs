//! Why writing in parallel errs: neighbours that open in one step are drawn independently of each other.

use super::{Answer, Ask, Diffusion, Guess, Pass};
use crate::token::Token;

/// Two neighbouring positions that opened in one step: what they were drawn from, against what opening the first alone would
/// have given for the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// The step.
    pub step: usize,
    /// The first position; the second is the next.
    pub position: usize,
    /// The first one's token, and its probability.
    pub first: Guess,
    /// The second one's token, and its probability in the same pass, which did not know the first.
    pub second: Guess,
    /// The second token's probability once the first is written.
    pub p_given: f64,
    /// What else the second position could have held, not knowing the first.
    pub alone: Box<[Guess]>,
    /// What it could have held, knowing the first.
    pub given: Box<[Guess]>,
}

impl Joint {
    /// The probability of both as they were drawn: independently.
    #[must_use]
    pub fn independent(&self) -> f64 {
        self.first.p * self.second.p
    }

    /// The probability of both, one after the other.
    #[must_use]
    pub fn sequential(&self) -> f64 {
        self.first.p * self.p_given
    }
}

impl Diffusion {
    /// Of a step, the first positions of neighbours that both opened in it.
    #[must_use]
    pub fn neighbours(&self, step: usize) -> Vec<usize> {
        let Some(step) = self.steps().get(step).filter(|step| step.pass().is_some()) else {
            return Vec::new();
        };
        let pairs = step.changes.windows(2).filter(|pair| pair[0].position + 1 == pair[1].position);
        pairs.map(|pair| pair[0].position).collect()
    }

    /// The pass that measures neighbours: the canvas before the step, with the first of them written. None where they did not
    /// open together.
    #[must_use]
    pub fn joint_pass(&self, step: usize, position: usize) -> Option<Pass> {
        let (first, second) = self.pair(step, position)?;
        let mut canvas = self.canvas_before(step);
        *canvas.get_mut(position)? = first;
        let ask = Ask { position: position + 1, u: None, about: Some(second) };
        Some(self.pass_over(canvas, vec![ask]))
    }

    /// What [`Diffusion::joint_pass`] measured.
    #[must_use]
    pub fn joint(&self, step: usize, position: usize, answer: &Answer) -> Option<Joint> {
        self.pair(step, position)?;
        let pass = self.steps().get(step)?.pass()?;
        let drawn = |position| {
            let drawn = pass.look(position)?.reading.drawn?;
            Some(Guess { token: drawn.token, p: drawn.p })
        };
        let given = answer.readings.first()?;
        Some(Joint {
            step,
            position,
            first: drawn(position)?,
            second: drawn(position + 1)?,
            p_given: given.about?,
            alone: pass.look(position + 1)?.reading.top.clone(),
            given: given.top.clone(),
        })
    }

    /// The tokens of neighbours that opened together.
    fn pair(&self, step: usize, position: usize) -> Option<(Token, Token)> {
        let step = self.steps().get(step).filter(|step| step.pass().is_some())?;
        let after = |position| step.changes.iter().find(|change| change.position == position);
        Some((after(position)?.after, after(position + 1)?.after))
    }
}
