//! Mirostat: llama.cpp's cut, which follows the surprise of what was drawn, and the draw with a u that is known.

use llama_cpp_2::{
    sampling::LlamaSampler, token::data::LlamaTokenData, token::data_array::LlamaTokenDataArray,
};

use super::{Facts, Mirostat, SamplingSettings};

/// How many candidates mirostat 1 looks at for its estimate: llama.cpp's own value (common/sampling.cpp).
const M: i32 = 100;

/// Whether this platform's C++ library takes a random number for a choice of one: libstdc++ does not, libc++ does.
/// (`std::discrete_distribution`, with which llama.cpp draws here.)
const DRAWS_FOR_ONE: bool = cfg!(target_vendor = "apple");

/// What mirostat carries from token to token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// The surprise in bits at which it cuts.
    pub(super) mu: f32,
    /// Random numbers taken so far.
    pub(super) draws: u32,
}

/// One of the two mirostat algorithms.
pub(super) struct MirostatSampler {
    version: Mirostat,
    n_vocab: i32,
    tau: f32,
    eta: f32,
}

impl MirostatSampler {
    /// What the settings ask for; None where mirostat is off.
    pub(super) fn of(settings: &SamplingSettings, n_vocab: usize) -> Option<Self> {
        let (version, tau, eta) = (settings.mirostat, settings.mirostat_tau, settings.mirostat_eta);
        (version != Mirostat::Off).then_some(Self { version, n_vocab: n_vocab as i32, tau, eta })
    }

    /// What it carries before the first token.
    pub(super) fn fresh(&self) -> Memory {
        Memory { mu: 2.0 * self.tau, draws: 0 }
    }

    /// Cuts, and draws with `u` in [0, 1). What it carries on, and whether `u` was needed: it is not where one candidate
    /// is left.
    pub(super) fn pick(&self, array: &mut LlamaTokenDataArray, memory: Memory, u: f64) -> (Memory, bool) {
        array.apply_sampler(&mut self.cutting_at(memory.mu));
        let chosen = choose(&array.data, u);
        array.selected = Some(chosen);
        let surprise = -array.data[chosen].p().log2();
        let drawn = array.data.len() > 1 || DRAWS_FOR_ONE;
        let mu = memory.mu - self.eta * (surprise - self.tau);
        (Memory { mu, draws: memory.draws + u32::from(drawn) }, drawn)
    }

    /// What it did at a step at which it went from one memory to the next, and drew a token of probability `p`.
    pub(super) fn facts(&self, memory: Memory, next: Option<Memory>, p: f64) -> Facts {
        Facts::Mirostat {
            mu: memory.mu.into(),
            tau: self.tau.into(),
            surprise: -p.log2(),
            next_mu: next.unwrap_or(memory).mu.into(),
            by_rank: self.version == Mirostat::V1,
        }
    }

    /// llama.cpp's sampler where it has come to `mu`. Only its cut is used: it begins at twice its tau, and what it
    /// draws from its own generator is replaced.
    fn cutting_at(&self, mu: f32) -> LlamaSampler {
        match self.version {
            Mirostat::V1 => LlamaSampler::mirostat(self.n_vocab, 0, mu / 2.0, self.eta, M),
            Mirostat::V2 | Mirostat::Off => LlamaSampler::mirostat_v2(0, mu / 2.0, self.eta),
        }
    }
}

/// The first candidate at which the running sum of the probabilities reaches u, as `std::discrete_distribution` works it
/// out: every probability is divided by their sum, and the last takes what rounding leaves.
fn choose(data: &[LlamaTokenData], u: f64) -> usize {
    let sum: f64 = data.iter().map(|candidate| f64::from(candidate.p())).sum();
    let mut running = 0.0;
    data.iter()
        .position(|candidate| {
            running += f64::from(candidate.p()) / sum;
            running >= u
        })
        .unwrap_or(data.len().saturating_sub(1))
}
