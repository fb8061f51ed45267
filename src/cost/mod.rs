//! What a token costs: worked out from a model's shape, and measured on this machine.
//!
//! [`rows`], [`kv`], [`known`], [`weights`] and [`projection`] are formulas: everything from there is *computed*. [`measure`]
//! names the passes that are to be timed and takes their answers in: everything from there is *measured*. It asks and is
//! answered, like the strategies of decoding; whoever holds the evaluator goes through the passes.

pub mod known;
pub mod kv;
pub mod measure;
pub mod projection;
pub mod rows;
mod sample;
pub mod weights;

pub use kv::KvShape;
pub use measure::{Costs, Plan};
pub use projection::Projection;
pub use sample::Sample;
