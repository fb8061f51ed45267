//! From logits to a drawn token: llama.cpp's samplers, one by one, with a trace of what each did.

mod about;
mod banned_text;
mod bias;
mod certificate;
#[cfg(test)]
mod certificate_tests;
mod chain;
mod doubt;
mod draw;
#[cfg(test)]
mod exactness_tests;
mod grammar;
mod kind;
mod mirostat;
mod names;
mod overrides;
mod partial;
mod paste;
mod pieces;
mod presets;
mod settings;
mod shortcut;
mod stage;
#[cfg(test)]
mod tests;
mod trace;
mod xray;

pub use banned_text::MAX_BANNED_STRING;
pub use bias::{BiasCause, without_effect};
pub use chain::{Chain, ChainError, ChainModel, Outcome, SamplerState};
pub use doubt::Doubt;
pub use draw::{Dice, Draws};
pub use grammar::{GrammarError, GrammarSource};
pub use kind::{Off, StageKind};
pub use overrides::{RANDOM_SEED, SamplingOverrides, seed_from_number};
pub use paste::{
    PasteError, Pasted, Target, command_line, from_command_line, from_json_body, from_pasted,
    from_pasted_for, json_body, shell_quote, without_flag,
};
pub use pieces::Pieces;
pub use presets::{Difference, Preset, diff};
pub use settings::{LogitBias, Mirostat, SamplerKind, SamplingSettings};
pub use trace::{StageTrace, Trace, Unnamed};
pub use xray::{
    AtTemperature, Beside, Biased, Cause, Facts, Fate, Kept, Miss, Repeat, STRIP, Snapshot, StageXray,
    WalkStep, Xray,
};
