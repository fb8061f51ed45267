//! The dice: the stream of random numbers of a seed, and where one of them lands.

use llama_cpp_2::token::data_array::LlamaTokenDataArray;
use rand_mt::Mt;

/// The numbers u ∈ [0, 1) that llama.cpp's `dist` sampler draws for a seed: one a token.
///
/// The generator is mt19937 and u is C++'s `uniform_real_distribution<double>`, that is two
/// 32-bit outputs as low and high half of a 64-bit fraction. Drawn numbers are kept, so going
/// back in the text and forward again meets the same ones.
#[derive(Clone)]
pub struct Draws {
    seed: u32,
    generator: Mt,
    drawn: Vec<f64>,
}

impl Draws {
    /// The stream of this seed, from its first number.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { seed, generator: Mt::new(seed), drawn: Vec::new() }
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u32 {
        self.seed
    }

    /// The u of generated token `index` (0 is the first token after the prompt).
    pub fn u(&mut self, index: usize) -> f64 {
        while self.drawn.len() <= index {
            let low = f64::from(self.generator.next_u32());
            let high = f64::from(self.generator.next_u32());
            let u = (low + high * 4_294_967_296.0) / 18_446_744_073_709_551_616.0;
            // Rounding can reach 1; C++ libraries answer with the number just below it.
            self.drawn.push(if u < 1.0 { u } else { 1.0_f64.next_down() });
        }
        self.drawn[index]
    }

    /// The number at `index` and the one after it.
    pub fn dice(&mut self, index: usize) -> Dice {
        Dice { first: self.u(index), second: self.u(index + 1) }
    }
}

/// The random numbers in [0, 1) for one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dice {
    /// The one that picks.
    pub first: f64,
    /// The one that picks where the grammar refuses the token that the first has picked.
    pub second: f64,
}

impl From<f64> for Dice {
    /// One number, for a chain without a grammar.
    fn from(u: f64) -> Self {
        Self { first: u, second: u }
    }
}

impl std::fmt::Debug for Draws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draws")
            .field("seed", &self.seed)
            .field("drawn", &self.drawn.len())
            .finish_non_exhaustive()
    }
}

/// Softmax over the survivors and the first one at which the running mass reaches u: the same
/// arithmetic, in the same order and precision, as llama.cpp's `dist` sampler (llama-sampler.cpp).
///
/// Fills every `p` and `selected`. Returns nothing when there is no candidate.
pub(super) fn draw(array: &mut LlamaTokenDataArray, u: f64) {
    let data = &mut array.data;
    if data.is_empty() {
        array.selected = None;
        return;
    }
    let largest = if array.sorted {
        data[0].logit()
    } else {
        data.iter().map(llama_cpp_2::token::data::LlamaTokenData::logit).fold(f32::NEG_INFINITY, f32::max)
    };
    let mut sum = 0.0_f64;
    for candidate in data.iter_mut() {
        let p = (candidate.logit() - largest).exp();
        candidate.set_p(p);
        sum += f64::from(p);
    }
    let target = sum * u;
    let mut running = 0.0_f64;
    let mut selected = None;
    for (i, candidate) in data.iter_mut().enumerate() {
        if selected.is_none() {
            running += f64::from(candidate.p());
            if running >= target {
                selected = Some(i);
            }
        }
        candidate.set_p((f64::from(candidate.p()) / sum) as f32);
    }
    array.selected = selected.or(Some(data.len() - 1));
}

#[cfg(test)]
mod tests {
    use llama_cpp_2::{
        sampling::LlamaSampler,
        token::{LlamaToken, data::LlamaTokenData},
    };
    use proptest::prelude::*;

    use super::*;

    fn array(logits: &[f32], sorted: bool) -> LlamaTokenDataArray {
        let data =
            (0..).zip(logits).map(|(id, &logit)| LlamaTokenData::new(LlamaToken(id), logit, 0.0)).collect();
        LlamaTokenDataArray::new(data, sorted)
    }

    #[test]
    fn u_lands_where_the_running_mass_reaches_it() {
        // Probabilities 0.5, 0.25, 0.25.
        let logits = [2.0_f32.ln(), 0.0, 0.0];
        for (u, expected) in [(0.0, 0), (0.49, 0), (0.51, 1), (0.74, 1), (0.76, 2), (0.999, 2)] {
            let mut a = array(&logits, true);
            draw(&mut a, u);
            assert_eq!(a.selected, Some(expected), "u = {u}");
        }
    }

    #[test]
    fn drawn_numbers_stay_when_one_goes_back() {
        let mut draws = Draws::new(42);
        let first: Vec<f64> = (0..5).map(|i| draws.u(i)).collect();
        assert_eq!(first[2].to_bits(), draws.u(2).to_bits());
        assert!(first.iter().all(|u| (0.0..1.0).contains(u)));
    }

    proptest! {
        #[test]
        fn equals_llama_cpps_dist_step_after_step(
            seed in any::<u32>().prop_filter("the random seed", |&s| s != u32::MAX),
            logits in prop::collection::vec(-20.0_f32..20.0, 1..60),
        ) {
            let mut theirs = LlamaSampler::dist(seed);
            let mut draws = Draws::new(seed);
            for step in 0..20 {
                let mut expected = array(&logits, false);
                expected.apply_sampler(&mut theirs);
                let mut ours = array(&logits, false);
                draw(&mut ours, draws.u(step));
                prop_assert_eq!(expected.selected, ours.selected);
                for (a, b) in expected.data.iter().zip(&ours.data) {
                    prop_assert_eq!(a.p().to_bits(), b.p().to_bits());
                }
            }
        }
    }
}
