//! The command `speculate`, and the flags of a draft: llama.cpp's `--spec-*`, and the older `--draft*`.

use std::path::PathBuf;

use clap::Args;

use super::Flags;
use super::values::{self, Threads};
use crate::decode::speculative::{LookupSettings, Rule, Sources, SpeculativeSettings, SpeculativeSetup};
use crate::headless::SpeculateRequest;
use crate::settings::{CacheType, DraftModelSettings, GpuLayers};

/// A text in rounds of drafted and verified tokens, as `speculate` takes it.
#[derive(Clone, Debug, Args)]
pub(super) struct Speculate {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    draft: DraftArgs,
    /// Measure against decoding without a draft, in turn with it, and compare the tokens: plain.
    #[arg(long, value_name = "WHAT", value_parser = ["plain"], help_heading = "Output")]
    against: Option<String>,
    /// Write one JSON object a round in place of the text.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// The draft, and how it is verified.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Speculative decoding")]
pub(super) struct DraftArgs {
    /// The GGUF file of the draft model (also -md) [default: for the built-in model a smaller one, built in, too].
    #[arg(
        hide_short_help = true,
        long = "model-draft",
        value_name = "FILE",
        visible_alias = "spec-draft-model"
    )]
    draft_model: Option<PathBuf>,
    /// Where drafts come from: draft-simple (the draft model), ngram-simple (the text so far), both with a comma (the text
    /// first), or none [default: the draft model; without one, the text].
    #[arg(hide_short_help = true, long, value_name = "TYPES", value_parser = sources)]
    spec_type: Option<Sources>,
    /// Tokens that the draft model proposes at most: γ [default: 3].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    spec_draft_n_max: Option<usize>,
    /// Throw away drafts of the model with fewer tokens [default: 0].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    spec_draft_n_min: Option<usize>,
    /// Stop drafting where the draft model's likeliest token has a smaller share than this among its ten likeliest [default: 0].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "P",
        alias = "draft-p-min",
        allow_negative_numbers = true
    )]
    spec_draft_p_min: Option<f64>,
    /// How drafts are verified: match (llama.cpp's greedy: the target draws, and drafted tokens survive while they are equal)
    /// or probabilistic (accept with min(1, p/q), else draw from what p has more than q) [default: match].
    #[arg(hide_short_help = true, long, value_name = "RULE", value_parser = rule)]
    spec_draft_sampling: Option<Rule>,
    /// Tokens at the end of the text that are looked for earlier in it [default: 12].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    spec_ngram_simple_size_n: Option<usize>,
    /// Tokens that are copied from there at most [default: 48].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    spec_ngram_simple_size_m: Option<usize>,
    /// Layers of the draft model to put on the GPU (also -ngld): a number, auto or all [default: auto].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        aliases = ["gpu-layers-draft", "n-gpu-layers-draft"],
        allow_negative_numbers = true
    )]
    spec_draft_ngl: Option<GpuLayers>,
    /// Data type of the keys in the draft model's KV cache (also -ctkd) [default: f16].
    #[arg(hide_short_help = true, long, value_name = "TYPE", alias = "cache-type-k-draft", value_parser = values::cache_type())]
    spec_draft_type_k: Option<CacheType>,
    /// Data type of the values in the draft model's KV cache (also -ctvd) [default: f16].
    #[arg(hide_short_help = true, long, value_name = "TYPE", alias = "cache-type-v-draft", value_parser = values::cache_type())]
    spec_draft_type_v: Option<CacheType>,
    /// Threads of the draft model (also -td) [default: chosen from the model's size].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        alias = "threads-draft",
        value_parser = values::threads,
        allow_negative_numbers = true
    )]
    spec_draft_threads: Option<Threads>,
    /// The older names, which llama.cpp's tools refuse by now.
    #[arg(hide = true, long, value_name = "N", aliases = ["draft-n", "draft"], allow_negative_numbers = true, conflicts_with = "spec_draft_n_max")]
    draft_max: Option<usize>,
    #[arg(
        hide = true,
        long,
        value_name = "N",
        alias = "draft-n-min",
        allow_negative_numbers = true,
        conflicts_with = "spec_draft_n_min"
    )]
    draft_min: Option<usize>,
}

impl Speculate {
    pub fn request(self) -> (Flags, SpeculateRequest) {
        let Self { flags, draft, against, json } = self;
        let (special, setup) = (flags.output.special, draft.setup());
        (flags, SpeculateRequest { setup, against_plain: against.is_some(), json, special })
    }
}

impl DraftArgs {
    pub fn setup(&self) -> SpeculativeSetup {
        let default = SpeculativeSettings::default();
        let lookup = LookupSettings {
            n: self.spec_ngram_simple_size_n.unwrap_or(default.lookup.n),
            length: self.spec_ngram_simple_size_m.unwrap_or(default.lookup.length),
        };
        let older = [
            (self.draft_max, "--draft-max", "--spec-draft-n-max"),
            (self.draft_min, "--draft-min", "--spec-draft-n-min"),
        ];
        let older = older.into_iter().filter(|(value, ..)| value.is_some());
        let notices = older.map(|(_, old, new)| {
            format!("{old} and its other spellings are older names, which llama.cpp's tools refuse by now: read as {new}")
        });
        SpeculativeSetup {
            settings: SpeculativeSettings {
                sources: self.spec_type.unwrap_or(default.sources),
                lookup,
                n_max: self.spec_draft_n_max.or(self.draft_max).unwrap_or(default.n_max),
                n_min: self.spec_draft_n_min.or(self.draft_min).unwrap_or(default.n_min),
                p_min: self.spec_draft_p_min.unwrap_or(default.p_min),
                rule: self.spec_draft_sampling.unwrap_or(default.rule),
            },
            sources: self.spec_type,
            draft: DraftModelSettings {
                path: self.draft_model.clone(),
                gpu_layers: self.spec_draft_ngl.unwrap_or(GpuLayers::Auto),
                threads: self.spec_draft_threads.and_then(|threads| threads.0),
                cache_type_k: self.spec_draft_type_k.unwrap_or(CacheType::F16),
                cache_type_v: self.spec_draft_type_v.unwrap_or(CacheType::F16),
            },
            notices: notices.collect(),
        }
    }
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::parse(text).ok_or_else(|| "expected match (or greedy) or probabilistic".to_owned())
}

/// llama.cpp's kinds of speculative decoding that are not here.
const OTHERS: [&str; 8] = [
    "draft-eagle3",
    "draft-mtp",
    "draft-dflash",
    "draft-dspark",
    "ngram-map-k",
    "ngram-map-k4v",
    "ngram-mod",
    "ngram-cache",
];

fn sources(text: &str) -> Result<Sources, String> {
    let mut sources = Sources { model: false, lookup: false };
    for name in text.split(',').map(str::trim) {
        match name {
            "none" => {}
            "draft-simple" => sources.model = true,
            "ngram-simple" => sources.lookup = true,
            name if OTHERS.contains(&name) => {
                return Err(format!("{name} is not here, only draft-simple and ngram-simple are"));
            }
            _ => return Err("expected draft-simple, ngram-simple, both with a comma, or none".to_owned()),
        }
    }
    Ok(sources)
}
