//! From logits to a drawn token: llama.cpp's samplers, one by one, with a trace of what each did.

mod about;
mod bias;
mod chain;
mod draw;
mod kind;
mod mirostat;
mod names;
mod overrides;
mod presets;
mod settings;
mod stage;
#[cfg(test)]
mod tests;
mod xray;

pub use bias::BiasCause;
pub use chain::{Chain, ChainError, ChainModel, Outcome, SamplerState, StageTrace};
pub use draw::Draws;
pub use kind::{Off, StageKind};
pub use overrides::{RANDOM_SEED, SamplingOverrides, seed_from_number};
pub use presets::{Difference, Preset, diff};
pub use settings::{LogitBias, Mirostat, SamplerKind, SamplingSettings};
pub use xray::{
    AtTemperature, Beside, Biased, Cause, Facts, Fate, Kept, Miss, Repeat, STRIP, Snapshot, StageXray,
    WalkStep, Xray,
};
