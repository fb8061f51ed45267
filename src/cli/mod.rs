//! The command line: llama.cpp's flags and environment variables, so that people can paste what they have, and ours.
//!
//! [`parse`] turns arguments and environment into an [`Action`], and [`resolve`] what an [`Invocation`] says and the
//! config file says into [`Settings`](crate::settings::Settings).
//!
//! Precedence: flags, then the environment, then the config file, then the model file's own defaults, then llama.cpp's.

mod args;
mod argv;
mod compare;
mod compat;
mod cost;
mod diffuse;
mod environment;
mod examples;
mod handout;
mod learn;
mod model_args;
mod models;
mod resolve;
mod sampling;
mod speculate;
mod values;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::PathBuf;

use clap::builder::Styles;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use args::{OutputArgs, PromptArgs, ScreenArgs, StopArgs};
use compat::CompatArgs;
use examples::{COMPARE_EXAMPLES, COST_EXAMPLES, DIFFUSE_EXAMPLES, EXAMPLES, SPECULATE_EXAMPLES};
use model_args::ModelArgs;
use sampling::SamplingArgs;

use crate::decode::speculative::SpeculativeSetup;
use crate::headless::{CostRequest, DiffuseRequest, SpeculateRequest};
use crate::score::Windows;
use crate::text::Shown;

pub use clap_complete::Shell;
pub use compare::{BeamOptions, CompareOptions, Form, resolve_lanes};
pub use handout::HandoutOptions;
pub use learn::{LearnOptions, LearnWhat};
pub use model_args::FileOfRepository;
pub use models::ModelsOptions;
pub use resolve::{ResolveError, Resolved, resolve};
pub use sampling::TextError;

/// The exit status of a wrong command line or config file.
pub const EXIT_USAGE: u8 = 2;

/// See every token a language model could have said: step through a GGUF model's generation.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "logitscope",
    version,
    after_help = EXAMPLES,
    args_override_self = true,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    draft: speculate::DraftArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Generate without a screen: the text goes to standard output, the stop reason to standard error.
    #[command(args_override_self = true, after_help = EXAMPLES)]
    Run(Box<Run>),
    /// Score a given text: how likely the model finds each token, perplexity, bits per byte, the most surprising tokens.
    #[command(args_override_self = true)]
    Score(Box<Score>),
    /// Softmax step by step: from logits to probabilities, with every number in between. Needs no model.
    Softmax {
        /// Logits, each with an optional word, as in "3.8 cat, 2.1 dog".
        #[arg(allow_hyphen_values = true)]
        logits: String,
        /// Temperature, 0 to 100; 0 always takes the largest logit.
        #[arg(long, visible_alias = "temperature", value_name = "T", default_value_t = 1.0, value_parser = values::bench_temperature, allow_negative_numbers = true)]
        temp: f64,
    },
    /// Compare settings side by side: lanes, a sweep, or many seeds. At most 128 tokens each, unless -n says otherwise.
    #[command(args_override_self = true, after_help = COMPARE_EXAMPLES)]
    Compare(Box<compare::Compare>),
    /// Search for the likeliest text with several beams, and compare it with greedy decoding and a sample. At most 128
    /// tokens, unless -n says otherwise. Beams and greedy decoding use only the model's own probabilities: sampling flags,
    /// biases, bans and grammars apply to the sample alone.
    #[command(args_override_self = true, after_help = COMPARE_EXAMPLES)]
    Beam(Box<compare::Beam>),
    /// Write with a diffusion model: all masked positions of a canvas are read together, and some open at each step. Without -m
    /// the built-in one writes, on canvases of up to 128 tokens.
    #[command(args_override_self = true, after_help = DIFFUSE_EXAMPLES)]
    Diffuse(Box<diffuse::Diffuse>),
    /// Tell what a token costs on this machine: with the KV cache and without, in batches, in other cache types; and what the
    /// model's shape says of memory. What is measured is timed several times, and the median counts.
    #[command(args_override_self = true, after_help = COST_EXAMPLES)]
    Cost(Box<cost::Cost>),
    /// List the models on this machine: what each is, whether it fits into memory, and what cannot be run and why. Asks no
    /// network.
    #[command(args_override_self = true)]
    Models(Box<models::Models>),
    /// Generate in rounds: a draft model, or the text itself, proposes some tokens, and the model verifies them in one batch.
    /// Without -m and -md the two built-in models do.
    #[command(args_override_self = true, after_help = SPECULATE_EXAMPLES)]
    Speculate(Box<speculate::Speculate>),
    /// Play lessons on the screen, list them, or check the files of your own.
    #[command(args_override_self = true)]
    Learn(Box<learn::Learn>),
    /// Write a chapter's lessons as a web page to print: questions with room to write, pictures of the screens, and the answers
    /// on the last page. The lessons are played on the built-in model for it.
    #[command(args_override_self = true)]
    Handout(Box<handout::Handout>),
    /// Print the completion script for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page.
    Man,
}

#[derive(Clone, Debug, Args)]
struct Run {
    #[command(flatten)]
    flags: Flags,
    /// Write JSON lines instead of text.
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// With --json: how many candidates to list for each token.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(1..),
        help_heading = "Output"
    )]
    top: u32,
    /// With --chat: a JSON file of messages that takes the prompt's place, - for standard input: a list such as
    /// [{"role": "user", "content": "Hi"}], or a request body that holds one.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prompt", "file", "system"], help_heading = "Prompt")]
    messages: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
struct Score {
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    prompt: PromptArgs,
    #[command(flatten)]
    screen: ScreenArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    compat: CompatArgs,
    /// Score as `llama-perplexity -c N` does: in chunks of N tokens, of which the second half counts [default: the whole
    /// text, in windows that overlap by half if it is longer than the context].
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(Windows::LEAST_CHUNK as i64..),
        help_heading = "Scoring"
    )]
    chunk: Option<u32>,
    /// How many surprising tokens to list.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(..=10_000),
        help_heading = "Scoring"
    )]
    surprises: u32,
    /// Read special tokens in the text as tokens, not as plain text.
    #[arg(long, help_heading = "Scoring")]
    parse_special: bool,
    /// Write JSON lines instead of text.
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// With --json: how many candidates to list for each token.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 3,
        value_parser = clap::value_parser!(u32).range(1..),
        help_heading = "Output"
    )]
    top: u32,
}

/// Every flag that says something about a run, with a screen or without.
#[derive(Clone, Debug, Args)]
struct Flags {
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    prompt: PromptArgs,
    #[command(flatten)]
    sampling: SamplingArgs,
    #[command(flatten)]
    stop: StopArgs,
    #[command(flatten)]
    screen: ScreenArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    compat: CompatArgs,
}

/// What the program is asked to do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Step through generation on the screen.
    Interactive(Invocation),
    /// Generate without a screen.
    Run(Invocation, RunOptions),
    /// Score a given text.
    Score(Invocation, ScoreOptions),
    /// Print the softmax of these typed logits at this temperature.
    Softmax(String, f64),
    /// Compare settings without a screen.
    Compare(Invocation, CompareOptions),
    /// Search with beams without a screen.
    Beam(Invocation, BeamOptions),
    /// Write a canvas without a screen.
    Diffuse(Invocation, DiffuseRequest),
    /// Tell what a token costs.
    Cost(Invocation, CostRequest),
    /// List the models on this machine.
    Models(Invocation, ModelsOptions),
    /// Generate by speculative decoding without a screen.
    Speculate(Invocation, Box<SpeculateRequest>),
    /// Play, list or check lessons.
    Learn(Invocation, LearnOptions),
    /// Write a chapter's lessons as a page to print.
    Handout(Invocation, HandoutOptions),
    /// Print the completion script for this shell: [`write_completions`].
    Completions(Shell),
    /// Print the manual page: [`write_man`].
    Man,
}

/// What `run` answers, and how it writes what it generates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// A file of messages instead of the prompt.
    pub messages: Option<PathBuf>,
    /// JSON lines instead of text.
    pub json: bool,
    /// Candidates listed for each token in JSON, 1 and up.
    pub top: usize,
    /// Print control tokens as text.
    pub special: bool,
}

/// How `score` cuts the text and writes the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreOptions {
    /// How the text is cut.
    pub windows: Windows,
    /// Surprising tokens that are listed at most.
    pub surprises: usize,
    /// Special tokens in the text are recognised as such.
    pub special: bool,
    /// JSON lines.
    pub json: bool,
    /// Candidates listed for each token in JSON, 1 and up.
    pub top: usize,
}

/// What flags and environment say about a run, each by itself.
#[derive(Clone, Debug)]
pub struct Invocation {
    flags: Flags,
    environment: Flags,
    speculation: SpeculativeSetup,
}

impl Invocation {
    /// The config file that was asked for.
    #[must_use]
    pub fn config_file(&self) -> Option<&std::path::Path> {
        self.flags.output.config.as_deref()
    }

    /// What flags say of a draft, for the screen.
    #[must_use]
    pub fn speculation(&self) -> &SpeculativeSetup {
        &self.speculation
    }

    /// Whether a flag says that escapes are processed, or that they are not.
    #[must_use]
    pub fn escape(&self) -> Option<bool> {
        self.flags.prompt.escape()
    }

    /// The token for the hub that was given, by flag or `HF_TOKEN`.
    #[must_use]
    pub fn hf_token(&self) -> Option<crate::fetch::Secret> {
        self.flags.model.hf_token().or_else(|| self.environment.model.hf_token())
    }

    /// The log file that was asked for.
    #[must_use]
    pub fn log_file(&self) -> Option<PathBuf> {
        self.flags.output.log_file.clone().or_else(|| self.environment.output.log_file.clone())
    }
}

/// Reads the command line `argv` (with the program's name first) and the variables that `environment` finds, for which
/// `|name| std::env::var_os(name)` is the process's own.
///
/// The error is clap's: it also carries `--help` and `--version`, which print themselves ([`clap::Error::exit`]). A
/// complaint quotes arguments and variables as they are, so it is for [`complaint`] to show.
pub fn parse(
    argv: impl IntoIterator<Item = OsString>,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Action, clap::Error> {
    let command = without_environment(plain_command());
    let argv = argv::rewrite(argv.into_iter().collect(), &command).map_err(|flag| {
        let text = format!("there is no flag {flag} here; --help lists the flags");
        without_environment(plain_command()).error(clap::error::ErrorKind::UnknownArgument, text)
    })?;
    let matches = command.try_get_matches_from(&argv).map_err(|error| with_environment(error, &argv))?;
    let cli = Cli::from_arg_matches(&matches)?;
    let with = |flags: Flags| -> Result<Invocation, clap::Error> {
        let speculation = cli.draft.setup();
        Ok(Invocation { flags, environment: environment::flags(&environment)?, speculation })
    };
    Ok(match cli.command {
        None => Action::Interactive(with(cli.flags)?),
        Some(Command::Run(run)) => {
            let Run { flags, json, top, messages } = *run;
            let options = RunOptions { messages, json, top: top as usize, special: flags.output.special };
            Action::Run(with(flags)?, options)
        }
        Some(Command::Score(score)) => {
            let Score { model, prompt, screen, output, compat, chunk, surprises, parse_special, json, top } =
                *score;
            let windows = chunk.map_or(Windows::Whole, |chunk| Windows::Chunks(chunk as usize));
            let (surprises, top) = (surprises as usize, top as usize);
            let options = ScoreOptions { windows, surprises, special: parse_special, json, top };
            let (sampling, stop) = (SamplingArgs::default(), StopArgs::default());
            Action::Score(with(Flags { model, prompt, sampling, stop, screen, output, compat })?, options)
        }
        Some(Command::Softmax { logits, temp }) => Action::Softmax(logits, temp),
        Some(Command::Compare(compare)) => {
            let (flags, options) = compare.options();
            Action::Compare(with(flags)?, options)
        }
        Some(Command::Beam(beam)) => {
            let (flags, options) = beam.options(matches.subcommand_matches("beam"));
            Action::Beam(with(flags)?, options)
        }
        Some(Command::Diffuse(diffuse)) => {
            let (flags, request) = diffuse.request();
            Action::Diffuse(with(flags)?, request)
        }
        Some(Command::Cost(cost)) => {
            let (flags, request) = cost.request();
            Action::Cost(with(flags)?, request)
        }
        Some(Command::Models(models)) => {
            let (flags, options) = models.options();
            Action::Models(with(flags)?, options)
        }
        Some(Command::Speculate(speculate)) => {
            let (flags, request) = speculate.request();
            Action::Speculate(with(flags)?, Box::new(request))
        }
        Some(Command::Learn(learn)) => {
            let (flags, options) = learn.options();
            Action::Learn(with(flags)?, options)
        }
        Some(Command::Handout(handout)) => {
            let (flags, options) = handout.options();
            Action::Handout(with(flags)?, options)
        }
        Some(Command::Completions { shell }) => Action::Completions(shell),
        Some(Command::Man) => Action::Man,
    })
}

/// clap's message about a wrong command line or variable, without styles and made safe to print, line by line.
#[must_use]
pub fn complaint(error: &clap::Error) -> String {
    // Its plain text form would take escape sequences out of what it quotes, and with an unfinished one the rest too.
    let text = error.render().ansi().to_string();
    // Rust's words for what cannot be read as a number.
    let text = text.replace("invalid float literal", "expected a number");
    let text = text.replace("invalid digit found in string", "expected a whole number");
    let text = reason_first(error).unwrap_or(text);
    let lines: Vec<_> = Shown::lines(text.trim_end()).map(Shown::into_owned).collect();
    lines.iter().map(Shown::as_str).collect::<Vec<_>>().join("\n")
}

/// The most of a wrong argument that is shown before the reason, in characters.
const MAX_ARGUMENT: usize = 60;

/// A complaint about an argument that is too long to stand before its reason.
fn reason_first(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind::InvalidArg, ContextKind::InvalidValue, ContextValue::String as Text};
    let (Some(Text(argument)), Some(Text(value))) = (error.get(InvalidArg), error.get(InvalidValue)) else {
        return None;
    };
    if value.chars().count() <= MAX_ARGUMENT && !value.contains('\n') {
        return None;
    }
    let reason = std::error::Error::source(error)?.to_string();
    let begins: String = value.chars().take_while(|c| *c != '\n').take(MAX_ARGUMENT).collect();
    // A reason of two lines shows the place itself.
    let begins = if reason.contains('\n') { String::new() } else { format!("\n  {begins}…") };
    Some(format!("error: {argument}: {reason}{begins}\n\nFor more information, try '--help'."))
}

/// Writes the completion script for `shell`.
pub fn write_completions(shell: Shell, out: &mut dyn Write) {
    clap_complete::generate(shell, &mut command(), "logitscope", out);
}

/// Writes the manual page, in roff.
pub fn write_man(out: &mut dyn Write) -> std::io::Result<()> {
    // Without this, what only the short help leaves out would be missing from the manual.
    let command = command().mut_args(|arg| arg.hide_short_help(false));
    clap_mangen::Man::new(command.clone()).render(out)?;
    command.get_subcommands().try_for_each(|subcommand| write_own_flags(&command, subcommand, out))
}

/// The manual's section on the flags that a subcommand has beside those of the program itself.
fn write_own_flags(
    command: &clap::Command,
    subcommand: &clap::Command,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let shared: Vec<&clap::Id> = command.get_arguments().map(clap::Arg::get_id).collect();
    let is_own = |arg: &clap::Arg| arg.get_long().is_some() && !shared.contains(&arg.get_id());
    if !subcommand.get_arguments().any(is_own) {
        return Ok(());
    }
    let name = format!("{} {}", command.get_name(), subcommand.get_name());
    let hidden = subcommand.clone().mut_args(|arg| if is_own(&arg) { arg } else { arg.hide(true) });
    let mut options = Vec::new();
    clap_mangen::Man::new(hidden).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options).replace(".SH ", ".SS ");
    writeln!(out, ".SH \"{}\"\n{options}", name.to_uppercase())
}

/// The command as help, completions, manual page and docs/flags.md show it: with the names of the variables, without their
/// values.
#[must_use]
pub fn command() -> clap::Command {
    fn without_values(command: clap::Command) -> clap::Command {
        command.mut_args(|arg| arg.hide_env_values(true)).mut_subcommands(without_values)
    }
    without_values(Cli::command())
}

/// The command whose errors are text without styles.
fn plain_command() -> clap::Command {
    Cli::command().styles(Styles::plain())
}

/// The command reading no environment variables: they are a layer of their own, below the flags.
fn without_environment(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| arg.env(clap::builder::Resettable::<clap::builder::OsStr>::Reset))
        .mut_subcommands(without_environment)
}

/// Help is asked for through clap's errors; shown from the full command, it also names the variables.
fn with_environment(error: clap::Error, argv: &[OsString]) -> clap::Error {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand};
    if !matches!(error.kind(), DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand) {
        return error;
    }
    command().try_get_matches_from(argv).err().unwrap_or(error)
}

/// The environment variable behind a flag's long name (with its dashes), if llama.cpp has one.
fn variable_of(flag: &str) -> Option<String> {
    let long = flag.trim_start_matches('-');
    Cli::command()
        .get_arguments()
        .find(|arg| arg.get_long() == Some(long))
        .and_then(clap::Arg::get_env)
        .map(OsStr::to_string_lossy)
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests;
