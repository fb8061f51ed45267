//! The command `diffuse`: llama.cpp's `--diffusion-*` flags, and ours.

use std::path::PathBuf;

use clap::Args;

use super::Flags;
use super::args::{OutputArgs, PromptArgs, ScreenArgs, StopArgs};
use super::compat::CompatArgs;
use super::model_args::ModelArgs;
use super::sampling::SamplingArgs;
use crate::decode::diffusion::{DiffusionSettings, Pace, Score};
use crate::headless::DiffuseRequest;

/// A canvas, as `diffuse` takes it.
#[derive(Clone, Debug, Args)]
pub(super) struct Diffuse {
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
    canvas: CanvasArgs,
    #[command(flatten)]
    diffusion: DiffusionArgs,
    #[command(flatten)]
    form: FormArgs,
}

/// What the canvas begins with.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Canvas")]
struct CanvasArgs {
    /// A text with gaps to fill in place of a prompt: ___ is one token, each underscore more is one more.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with_all = ["prompt", "file", "chat"])]
    infill: Option<String>,
    /// Positions of the canvas in all, the prompt's included; llama.cpp takes -ub for that, which does here, too [default: 48
    /// after the prompt].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    diffusion_length: Option<u32>,
    /// Positions after the prompt.
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        visible_alias = "n-predict",
        conflicts_with = "diffusion_length",
        value_parser = clap::value_parser!(u32).range(1..=65536)
    )]
    predict: Option<u32>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Diffusion")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct DiffusionArgs {
    /// Steps in all; fewer are taken where there are fewer masks [default: 128].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    diffusion_steps: Option<usize>,
    /// How many positions open at which step, without blocks: ε of the time that runs from 1 to it [default: 0.001].
    #[arg(long, value_name = "F", allow_negative_numbers = true, conflicts_with_all = ["diffusion_block_length", "diffusion_tokens", "diffusion_threshold"])]
    diffusion_eps: Option<f32>,
    /// Which positions open first: 0 origin (any), 1 entropy, 2 margin, 3 random, 4 confidence, or left-to-right [default:
    /// confidence].
    #[arg(long, value_name = "NAME", value_parser = score)]
    diffusion_algorithm: Option<Score>,
    /// Draw which positions open, with weights e^(score / F); 0 takes the best [default: 0].
    #[arg(
        long,
        value_name = "F",
        default_value_t = 0.0,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    diffusion_alg_temp: f64,
    /// Write in blocks of so many masked positions, left to right; 0 takes all together [default: 0].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    diffusion_block_length: Option<usize>,
    /// Classifier-free guidance, a second pass a step; 0 is off [default: 0].
    #[arg(
        long,
        value_name = "F",
        default_value_t = 0.0,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    diffusion_cfg_scale: f32,
    /// Open so many positions a step, in place of a number of steps.
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with_all = ["diffusion_steps", "diffusion_threshold"])]
    diffusion_tokens: Option<usize>,
    /// Open every position whose token has at least this probability (and one at least), in place of a number of steps.
    #[arg(long, value_name = "P", allow_negative_numbers = true, conflicts_with = "diffusion_steps")]
    diffusion_threshold: Option<f64>,
    /// When all is written, mask tokens that had less than this probability once more and write them anew; 0 is off [default:
    /// 0].
    #[arg(
        long,
        value_name = "P",
        default_value_t = 0.0,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    diffusion_remask: f64,
    /// Score what the sampler chain leaves of a distribution, as llama.cpp does, in place of the model's own.
    #[arg(long)]
    diffusion_score_after_chain: bool,
    /// Go on behind an end token, as llama.cpp does.
    #[arg(long)]
    diffusion_fill_after_end: bool,
    /// Measure neighbours that opened in one step: what opening the first alone would have given for the second.
    #[arg(long)]
    joint: bool,
    /// Write the text with each of these numbers of steps, as in 1,2,4,8,16, with its perplexity.
    #[arg(long, value_name = "LIST", value_parser = sweep, conflicts_with_all = ["diffusion_steps", "diffusion_tokens", "diffusion_threshold"])]
    sweep_steps: Option<Steps>,
    /// The model beside, which chooses one token after the other (also -md): its perplexity of the text, and its own text
    /// [default: the built-in storyteller].
    #[arg(long, value_name = "MODEL")]
    model_draft: Option<PathBuf>,
    /// Without a model beside.
    #[arg(long, conflicts_with = "model_draft")]
    no_beside: bool,
    /// What llama.cpp's flag changes: draws with Gumbel noise, which are those of the temperature in distribution.
    #[arg(long, hide = true, value_name = "F")]
    diffusion_add_gumbel_noise: Option<String>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
struct FormArgs {
    /// Write one JSON object a line in place of the text.
    #[arg(long)]
    json: bool,
    /// With --json: list what the positions that wait would open with, too.
    #[arg(long)]
    guesses: bool,
    /// Write the canvas at every step to standard error.
    #[arg(long)]
    diffusion_visual: bool,
}

/// Numbers of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Steps(Vec<usize>);

impl Diffuse {
    pub fn request(self) -> (Flags, DiffuseRequest) {
        let Self { model, prompt, sampling, screen, output, compat, canvas, diffusion, form } = self;
        let length = canvas.diffusion_length.or(model.ubatch_size().filter(|_| canvas.predict.is_none()));
        let request = DiffuseRequest {
            length: length.map(|n| n as usize),
            predict: canvas.predict.map(|n| n as usize),
            infill: canvas.infill,
            diffusion: diffusion.settings(),
            sweep: diffusion.sweep_steps.map(|steps| steps.0).unwrap_or_default(),
            beside: diffusion.model_draft,
            alone: diffusion.no_beside,
            joint: diffusion.joint,
            visual: form.diffusion_visual,
            guesses: form.guesses,
            json: form.json,
            special: output.special,
        };
        (Flags { model, prompt, sampling, stop: StopArgs::default(), screen, output, compat }, request)
    }
}

impl DiffusionArgs {
    fn settings(&self) -> DiffusionSettings {
        let default = DiffusionSettings::default();
        let Pace::Steps { steps, eps } = default.pace else { return default };
        let pace = match (self.diffusion_tokens, self.diffusion_threshold) {
            (Some(tokens), _) => Pace::Tokens(tokens),
            (None, Some(threshold)) => Pace::Threshold(threshold),
            (None, None) => Pace::Steps {
                steps: self.diffusion_steps.unwrap_or(steps),
                eps: self.diffusion_eps.unwrap_or(eps),
            },
        };
        DiffusionSettings {
            score: self.diffusion_algorithm.unwrap_or_default(),
            pace,
            block_length: self.diffusion_block_length.unwrap_or(0),
            alg_temperature: self.diffusion_alg_temp,
            guidance: self.diffusion_cfg_scale,
            score_after_chain: self.diffusion_score_after_chain,
            remask_below: self.diffusion_remask,
            fill_after_end: self.diffusion_fill_after_end,
        }
    }
}

fn score(text: &str) -> Result<Score, String> {
    let names = || Score::ALL.map(Score::name).join(", ");
    Score::parse(text).ok_or_else(|| format!("expected a number from 0 to 4, or one of {}", names()))
}

fn sweep(text: &str) -> Result<Steps, String> {
    const MOST: usize = 64;
    let number = |part: &str| part.trim().parse().ok().filter(|n| (1..=DiffusionSettings::MOST).contains(n));
    let steps: Option<Vec<usize>> = text.split(',').map(number).collect();
    steps
        .filter(|steps| steps.len() <= MOST)
        .map(Steps)
        .ok_or_else(|| format!("expected at most {MOST} whole numbers from 1 to 65536, as in 1,2,4,8"))
}
