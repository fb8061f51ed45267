//! From logits to a drawn token: llama.cpp's samplers, one by one, with a trace of what each did.

mod settings;

pub use settings::{LogitBias, Mirostat, SamplerKind, SamplingSettings};
