//! `logitscope models`.

use clap::Args;

use super::{
    Flags,
    args::{OutputArgs, PromptArgs, ScreenArgs, StopArgs},
    compat::CompatArgs,
    model_args::ModelArgs,
    sampling::SamplingArgs,
    values,
};
use crate::models::ModelSort;

#[derive(Clone, Debug, Args)]
pub(super) struct Models {
    /// Words that the models' names have; or one model by its name or path. A single one is shown with all its metadata.
    #[arg(value_name = "MODEL")]
    search: Vec<String>,
    /// The order.
    #[arg(long, value_name = "BY", value_parser = values::model_sort(), default_value = "recent", help_heading = "Output")]
    sort: ModelSort,
    /// Write JSON lines instead of a table.
    #[arg(long, help_heading = "Output")]
    json: bool,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What `models` lists, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelsOptions {
    /// Words to look for, or a model's name.
    pub search: String,
    /// The order.
    pub sort: ModelSort,
    /// JSON lines.
    pub json: bool,
}

impl Models {
    pub fn options(self) -> (Flags, ModelsOptions) {
        let Self { search, sort, json, model, output } = self;
        let options = ModelsOptions { search: search.join(" "), sort, json };
        let flags = Flags {
            model,
            prompt: PromptArgs::default(),
            sampling: SamplingArgs::default(),
            stop: StopArgs::default(),
            screen: ScreenArgs::default(),
            output,
            compat: CompatArgs::default(),
        };
        (flags, options)
    }
}
