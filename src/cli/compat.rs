//! Flags of llama.cpp that change nothing here, accepted so that its command lines can be pasted.

use clap::Args;

/// Hidden and without effect: what they switch is either always on here, or concerns only llama.cpp's own output.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of llama.cpp's")]
pub(super) struct CompatArgs {
    /// The prompt is always shown on the screen, and never by `run`.
    #[arg(long, hide = true)]
    display_prompt: bool,
    #[arg(long, hide = true)]
    no_display_prompt: bool,
    /// The first step is timed separately.
    #[arg(long, hide = true)]
    warmup: bool,
    #[arg(long, hide = true)]
    no_warmup: bool,
    #[arg(long, hide = true)]
    simple_io: bool,
    #[arg(long, hide = true)]
    single_turn: bool,
    #[arg(long, hide = true)]
    verbose_prompt: bool,
    #[arg(long, hide = true, value_name = "WHEN", num_args = 0..=1)]
    color: Option<Vec<String>>,
    /// Chat templates are always rendered as Jinja.
    #[arg(long, hide = true)]
    jinja: bool,
    #[arg(long, hide = true)]
    no_jinja: bool,
    /// Timings are always taken.
    #[arg(long, hide = true)]
    perf: bool,
    #[arg(long, hide = true)]
    no_perf: bool,
    /// A full context always ends generation.
    #[arg(long, hide = true)]
    no_context_shift: bool,
    /// Tokens kept when the context shifts, which it does not.
    #[arg(long, hide = true, value_name = "N", allow_negative_numbers = true)]
    keep: Option<i32>,
    #[arg(long, hide = true)]
    kv_offload: bool,
    #[arg(long, hide = true)]
    no_kv_offload: bool,
    #[arg(long, hide = true, value_name = "WHEN")]
    fit: Option<String>,
    /// Sampling happens on the CPU, stage by stage.
    #[arg(long, hide = true)]
    backend_sampling: bool,
    /// Settings of adaptive-p, which acts only where `--samplers` names it; that is refused with a sentence.
    #[arg(long, hide = true, value_name = "N", allow_negative_numbers = true)]
    adaptive_target: Option<f32>,
    #[arg(long, hide = true, value_name = "N", allow_negative_numbers = true)]
    adaptive_decay: Option<f32>,
    #[arg(short = 'v', long, hide = true, alias = "log-verbose")]
    verbose: bool,
    #[arg(long, hide = true)]
    log_disable: bool,
    #[arg(long, hide = true)]
    log_prefix: bool,
    #[arg(long, hide = true)]
    no_log_prefix: bool,
    #[arg(long, hide = true)]
    log_timestamps: bool,
    #[arg(long, hide = true)]
    no_log_timestamps: bool,
    #[arg(long, hide = true, value_name = "WHEN")]
    log_colors: Option<String>,
    #[arg(long, hide = true, value_name = "N", alias = "verbosity", allow_negative_numbers = true)]
    log_verbosity: Option<i32>,
}
