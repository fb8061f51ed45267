//! The command `cost`.

use clap::Args;

use super::Flags;
use super::args::{OutputArgs, PromptArgs, ScreenArgs, StopArgs};
use super::compat::CompatArgs;
use super::model_args::ModelArgs;
use super::sampling::SamplingArgs;
use crate::cost::measure::Wish;
use crate::headless::CostRequest;

/// What is measured, as `cost` takes it.
#[derive(Clone, Debug, Args)]
pub(super) struct Cost {
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    prompt: PromptArgs,
    #[command(flatten)]
    sampling: SamplingArgs,
    #[command(flatten)]
    screen: ScreenArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    compat: CompatArgs,
    #[command(flatten)]
    measuring: MeasuringArgs,
    /// Write one JSON object a line in place of text.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Measuring")]
struct MeasuringArgs {
    /// Tokens that are written after the prompt, with the KV cache, without it, and in each cache type [default: 48].
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        visible_alias = "n-predict",
        value_parser = clap::value_parser!(u32).range(1..=65536)
    )]
    predict: Option<u32>,
    /// How often everything is timed; the median counts [default: 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeats: Option<u32>,
    /// The longest text at whose end single tokens are timed [default: 512].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=131072))]
    depth: Option<u32>,
    /// Measure nothing: only what follows from the model's shape.
    #[arg(long)]
    computed: bool,
}

impl Cost {
    pub fn request(self) -> (Flags, CostRequest) {
        let Self { model, prompt, sampling, screen, output, compat, measuring, json } = self;
        let default = Wish::default();
        let wish = Wish {
            tokens: measuring.predict.map_or(default.tokens, |n| n as usize),
            repeats: measuring.repeats.map_or(default.repeats, |n| n as usize),
            depth: measuring.depth.map_or(default.depth, |n| n as usize),
        };
        let request = CostRequest { wish, computed: measuring.computed, json };
        (Flags { model, prompt, sampling, stop: StopArgs::default(), screen, output, compat }, request)
    }
}
