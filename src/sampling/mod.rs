//! From logits to a drawn token: llama.cpp's samplers, one by one, with a trace of what each did.

mod chain;
mod draw;
mod settings;
mod stage;
#[cfg(test)]
mod tests;

pub use chain::{Chain, ChainError, ChainModel, Outcome, SamplerState, StageTrace};
pub use draw::Draws;
pub use settings::{LogitBias, Mirostat, SamplerKind, SamplingSettings};
