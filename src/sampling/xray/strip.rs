//! The same roll of the dice at other temperatures.

use crate::sampling::{Chain, Dice, SamplerKind, SamplerState, StageKind, stage::Stage};
use crate::{distribution::Row, token::Token};

/// What would have been drawn at another temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtTemperature {
    /// The temperature; 0 is greedy.
    pub temperature: f32,
    /// The token that the same u lands on.
    pub token: Token,
    /// Its probability there, 0 to 1.
    pub p: f64,
    /// Whether the u lands on a token that was not named: then it is none of the above.
    pub in_tail: bool,
}

/// Temperatures that show what the dice would have done, from cool to hot.
pub const STRIP: [f32; 5] = [0.2, 0.5, 1.0, 1.5, 2.0];

impl Chain {
    /// What the same u draws at each of these temperatures, all else as it is. The arguments are those of
    /// [`Chain::apply`]. Where temperature is muted or not in the chain, all are the same token.
    pub fn at_temperatures<'r>(
        &mut self,
        temperatures: &[f32],
        row: impl Into<Row<'r>>,
        history: &[Token],
        state: &SamplerState,
        dice: impl Into<Dice>,
    ) -> Vec<AtTemperature> {
        let (row, dice) = (row.into(), dice.into());
        // What comes before the temperature is the same for all.
        let split = self.stages.iter().position(takes_temperature).unwrap_or(self.stages.len());
        self.fill(row);
        let mut at_split = state.clone();
        self.run(0..split, history, &mut at_split);
        let before = (self.array.data.clone(), self.array.sorted);
        let draw = |&temperature: &f32| {
            self.array.data.clone_from(&before.0);
            self.array.sorted = before.1;
            let mut next = at_split.clone();
            self.run_at(temperature, split..self.stages.len(), history, &mut next);
            let mut outcome = self.finish(dice.first, next);
            if !self.fits(&outcome, history) {
                self.fill(row);
                self.mask_array();
                let (u, mut next) = self.again(&outcome, dice);
                self.run_at(temperature, 0..self.stages.len(), history, &mut next);
                outcome = self.finish(u, next);
            }
            AtTemperature { temperature, token: outcome.chosen, p: outcome.p_final, in_tail: outcome.in_tail }
        };
        temperatures.iter().map(draw).collect()
    }

    /// Applies some stages with another temperature instead of the present one.
    fn run_at(
        &mut self,
        temperature: f32,
        stages: std::ops::Range<usize>,
        history: &[Token],
        next: &mut SamplerState,
    ) {
        let mut old = Vec::new();
        for index in stages.clone() {
            let stage = &mut self.stages[index];
            if takes_temperature(stage) {
                old.push((index, stage.set_temperature(&self.settings, temperature)));
            }
        }
        self.run(stages, history, next);
        for (index, sampler) in old {
            self.stages[index].restore(sampler);
        }
    }
}

/// Whether it is a temperature that acts, or that would at another value.
fn takes_temperature(stage: &Stage) -> bool {
    let switched_on = matches!(stage.off(), None | Some(crate::sampling::Off::Neutral));
    stage.kind == StageKind::Sampler(SamplerKind::Temperature) && switched_on
}
