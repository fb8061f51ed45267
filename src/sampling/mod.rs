//! From logits to a drawn token: llama.cpp's samplers, one by one, with a trace of what each did.

mod chain;
mod draw;
mod mirostat;
mod names;
mod overrides;
mod presets;
mod settings;
mod stage;
#[cfg(test)]
mod tests;

pub use chain::{Chain, ChainError, ChainModel, Outcome, SamplerState, StageTrace};
pub use draw::Draws;
pub use overrides::{RANDOM_SEED, SamplingOverrides, seed_from_number};
pub use presets::{Difference, Preset, diff};
pub use settings::{LogitBias, Mirostat, SamplerKind, SamplingSettings};
