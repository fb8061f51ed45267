//! The commands that compare: `compare` and `beam`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, FromArgMatches, Parser};

use super::args::StopArgs;
use super::sampling::{self, SamplingArgs};
use super::{Flags, Invocation, ResolveError, Resolved, argv, without_environment};
use crate::config::Config;
use crate::decode::beam::{BeamSettings, EarlyStop};
use crate::decode::lanes::{Lanes, Sweep};
use crate::sampling::{SamplingOverrides, SamplingSettings};
use crate::settings::{LanePlan, LaneSpec, LanesFile, StopSettings};

/// Lanes named on the command line, as `compare` takes them.
#[derive(Clone, Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    pub flags: Flags,
    /// A file of lanes: [[lane]] tables with name, preset, prompt, and the sections sampling and stop of the config file.
    #[arg(value_name = "LANES.toml")]
    lanes_file: Option<PathBuf>,
    /// A lane: flags without their dashes, as in "temp=0.2 top-p=0.9 name=cool"; can be given more than once.
    #[arg(long, value_name = "SETTINGS", help_heading = "Lanes")]
    lane: Vec<String>,
    /// A lane for each value of a setting, as in temp=0:2:0.4 (from, to, step); given for two settings, a lane for each
    /// pair of values.
    #[arg(long, value_name = "NAME=FROM:TO:STEP", value_parser = sweep, help_heading = "Lanes")]
    sweep: Vec<Sweep>,
    /// Compare this many seeds (1 to 256) of one setting instead of lanes: where they diverge, and how they end.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=256),
        conflicts_with_all = ["lanes_file", "lane", "sweep"],
        id = "seed_count",
        help_heading = "Lanes"
    )]
    seeds: Option<u32>,
    /// Give each lane its own seed, counting up from the first, instead of the same random numbers for all.
    #[arg(long, help_heading = "Lanes")]
    own_seeds: bool,
    /// A file of prompts, one per line: every setting is run on every prompt.
    #[arg(long, value_name = "FILE", help_heading = "Lanes")]
    prompts: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
}

/// The form of what `compare` and `beam` write.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
struct FormArgs {
    /// Write JSON lines instead of text.
    #[arg(long)]
    json: bool,
    /// Also write a web page with the coloured texts and the figures, all in one file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Beam search, as `beam` takes it.
#[derive(Clone, Debug, Args)]
pub(super) struct Beam {
    #[command(flatten)]
    pub flags: Flags,
    /// Number of beams, 1 (greedy) to 16.
    #[arg(long, value_name = "N", default_value_t = 4, help_heading = "Beams")]
    width: usize,
    /// Continuations of each beam to consider, 1 to 16 [default: twice the width].
    #[arg(long, value_name = "N", help_heading = "Beams")]
    candidates: Option<usize>,
    /// α of the length penalty, 0 (none) to 5: ln P is divided by ((5 + tokens) / 6)^α.
    #[arg(
        long,
        value_name = "ALPHA",
        default_value_t = 0.6,
        allow_negative_numbers = true,
        help_heading = "Beams"
    )]
    length_penalty: f64,
    /// When to stop: when all beams have ended (never early), when no beam can become the best any more (certain), or when the
    /// first beam ends (first).
    #[arg(long, value_name = "WHEN", value_parser = early_stop, default_value = "certain", help_heading = "Beams")]
    early_stop: EarlyStop,
    #[command(flatten)]
    form: FormArgs,
}

/// How a comparison is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// JSON lines instead of text.
    pub json: bool,
    /// A web page to be written as well.
    pub html: Option<PathBuf>,
    /// Print control tokens as text.
    pub special: bool,
}

/// What `compare` is asked for.
#[derive(Clone, Debug)]
pub struct CompareOptions {
    file: Option<PathBuf>,
    lane: Vec<String>,
    /// A lane for each combination of their values.
    pub sweeps: Vec<Sweep>,
    /// A number of seeds of one setting, instead of lanes.
    pub seeds: Option<usize>,
    /// Each lane has its own seed.
    pub own_seeds: bool,
    /// A file of prompts.
    pub prompts: Option<PathBuf>,
    /// How it is written.
    pub form: Form,
}

/// What `beam` is asked for.
#[derive(Clone, Debug)]
pub struct BeamOptions {
    /// The search.
    pub beam: BeamSettings,
    /// How it is written.
    pub form: Form,
    /// The flags given that apply to the sample alone, not to the beams, with their dashes.
    pub beside_only: Vec<String>,
}

impl BeamOptions {
    /// One sentence about the flags given that the search does not use; None where there are none.
    #[must_use]
    pub fn about_beside_only(&self) -> Option<String> {
        let flags = self.beside_only.join(", ");
        let note = format!(
            "{flags}: not used by the search, which uses only the model's own probabilities; they apply to the sample alone"
        );
        (!flags.is_empty()).then_some(note)
    }
}

impl FormArgs {
    fn form(self, flags: &Flags) -> Form {
        Form { json: self.json, html: self.html, special: flags.output.special }
    }
}

impl Compare {
    pub fn options(self) -> (Flags, CompareOptions) {
        let options = CompareOptions {
            file: self.lanes_file,
            lane: self.lane,
            sweeps: self.sweep,
            seeds: self.seeds.map(|n| n as usize),
            own_seeds: self.own_seeds,
            prompts: self.prompts,
            form: self.form.form(&self.flags),
        };
        (self.flags, options)
    }
}

impl Beam {
    /// What the command line asks for, `matches` being what clap found there.
    pub fn options(self, matches: Option<&clap::ArgMatches>) -> (Flags, BeamOptions) {
        let beam = BeamSettings::of_width(self.width);
        let beam = BeamSettings {
            candidates: self.candidates.unwrap_or(beam.candidates),
            length_penalty: self.length_penalty,
            early_stop: self.early_stop,
            ..beam
        };
        let form = self.form.form(&self.flags);
        let beside_only = matches.map(sampling::given_flags).unwrap_or_default();
        (self.flags, BeamOptions { beam, form, beside_only })
    }
}

/// The lanes that `options` name, each with what `resolved` says for all below its own. The prompt of their file, which is named
/// on the command line, goes before the config file's and after a flag's: `resolved` has it then.
pub fn resolve_lanes(
    invocation: &Invocation,
    options: &CompareOptions,
    resolved: &mut Resolved,
    config: &Config,
) -> Result<Vec<LanePlan>, ResolveError> {
    let escape = invocation.flags.prompt.escape().or(config.overrides.prompt.escape).unwrap_or(true);
    let file = options.file.as_deref().map(LanesFile::read).transpose()?.unwrap_or_default();
    if let Some(prompt) = file.prompt.filter(|_| !invocation.flags.prompt.is_given()) {
        (resolved.settings.prompt.text, resolved.settings.prompt.file) = (Some(prompt), None);
    }
    let mut specs = file.lanes;
    for text in &options.lane {
        specs.push(spec(text, escape)?);
    }
    let flags = invocation.flags.sampling.overrides(escape)?;
    let mut plans = specs
        .into_iter()
        .enumerate()
        .map(|(index, spec)| plan(index, spec, &flags, resolved, config))
        .collect::<Result<Vec<_>, _>>()?;
    for (name, own) in grid(&options.sweeps)? {
        let spec = LaneSpec { name: Some(name), sampling: own, ..LaneSpec::default() };
        plans.push(plan(plans.len(), spec, &flags, resolved, config)?);
    }
    if plans.len() > Lanes::MOST {
        let told = format!("{} lanes were given; at most {} are allowed", plans.len(), Lanes::MOST);
        return Err(ResolveError::Lanes(told));
    }
    Ok(plans)
}

/// A lane for each combination of the sweeps' values: its name, and what it sets.
fn grid(sweeps: &[Sweep]) -> Result<Vec<(String, SamplingOverrides)>, ResolveError> {
    let Some((first, others)) = sweeps.split_first() else { return Ok(Vec::new()) };
    let twice = |(at, sweep): (usize, &Sweep)| sweeps[..at].iter().any(|other| other.field == sweep.field);
    if let Some((_, sweep)) = sweeps.iter().enumerate().find(|&sweep| twice(sweep)) {
        let told =
            format!("--sweep is given twice for {}; each setting can be swept once", sweep.field.name());
        return Err(ResolveError::Lanes(told));
    }
    let count = sweeps.iter().fold(1_usize, |count, sweep| count.saturating_mul(sweep.values.len()));
    if count > Lanes::MOST {
        let told =
            format!("the sweeps make {count} lanes; at most {} are allowed: use larger steps", Lanes::MOST);
        return Err(ResolveError::Lanes(told));
    }
    let mut lanes: Vec<_> = first.overrides().collect();
    for sweep in others {
        let all = lanes.iter().flat_map(|(name, above)| {
            let below = sweep.overrides();
            below.map(move |(own_name, own)| (format!("{name} {own_name}"), own.over(above.clone())))
        });
        lanes = all.collect();
    }
    Ok(lanes)
}

/// `flags` count for every lane: they lie between what a lane's preset sets and llama.cpp's defaults for the rest of it.
fn plan(
    index: usize,
    spec: LaneSpec,
    flags: &SamplingOverrides,
    resolved: &Resolved,
    config: &Config,
) -> Result<LanePlan, ResolveError> {
    let LaneSpec { name, preset, prompt, sampling, stop: own_stop } = spec;
    let name = name.or_else(|| preset.clone()).unwrap_or_else(|| format!("lane {}", index + 1));
    let refuse = |why: String| ResolveError::Lane { name: name.clone(), why };
    let mut below = resolved.given.clone();
    if let Some(preset) = preset {
        let preset =
            super::resolve::named_preset(&preset, config).map_err(|error| refuse(error.to_string()))?;
        let rest = preset.layer().over(below);
        below = preset.sampling.over(flags.clone()).over(rest);
    }
    let sampling = sampling.over(below);
    let mut settings = SamplingSettings::default();
    sampling.apply(&mut settings);
    settings.validate().map_err(|invalid| refuse(invalid.to_string()))?;
    let mut stop: StopSettings = resolved.settings.stop.clone();
    own_stop.apply(&mut stop);
    stop.validate().map_err(|invalid| refuse(invalid.to_string()))?;
    Ok(LanePlan { name, prompt, sampling, stop })
}

/// The flags that a lane can have.
#[derive(Clone, Debug, Parser)]
#[command(name = "--lane", no_binary_name = true, disable_help_flag = true, args_override_self = true)]
struct LaneFlags {
    #[command(flatten)]
    sampling: SamplingArgs,
    #[command(flatten)]
    stop: StopArgs,
    #[arg(long)]
    name: Option<String>,
}

/// Reads `temp=0.2 top-p=0.9 name=cool`: flags of the command line without their dashes, separated by spaces or commas.
fn spec(text: &str, escape: bool) -> Result<LaneSpec, ResolveError> {
    let refuse = |why: String| ResolveError::Lane { name: text.to_owned(), why };
    let command = without_environment(plain_lane_command());
    let words: Vec<&str> = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
    let names = |word: &&str, flags: [&str; 2]| {
        flags.contains(&word.trim_start_matches('-').split('=').next().unwrap_or_default())
    };
    if words.iter().any(|word| names(word, ["prompt", "p"])) {
        // Spaces and commas separate the settings here, and a prompt is full of them.
        return Err(refuse(
            "a lane's own prompt goes into a file of lanes: prompt = \"…\" under [[lane]]".into(),
        ));
    }
    let flags = words.iter().map(|word| {
        let name = word.split('=').next().unwrap_or_default();
        let dashes = if name.chars().count() == 1 { "-" } else { "--" };
        OsString::from(format!("{dashes}{}", word.trim_start_matches('-')))
    });
    // The rewriting leaves the program's name alone.
    let argv = argv::rewrite(std::iter::once("lane".into()).chain(flags).collect(), &command)
        .map_err(|flag| refuse(format!("there is no setting {}", flag.trim_start_matches('-'))))?;
    let matches = command.try_get_matches_from(&argv[1..]).map_err(|error| refuse(first_line(&error)))?;
    let flags = LaneFlags::from_arg_matches(&matches).map_err(|error| refuse(first_line(&error)))?;
    Ok(LaneSpec {
        // The text as written is the clearest name.
        name: flags.name.or_else(|| (!words.is_empty()).then(|| text.trim().to_owned())),
        preset: flags.sampling.preset.clone(),
        prompt: None,
        sampling: flags.sampling.overrides(escape)?,
        stop: flags.stop.overrides(escape)?,
    })
}

fn plain_lane_command() -> clap::Command {
    use clap::CommandFactory as _;
    LaneFlags::command().styles(clap::builder::Styles::plain())
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().ansi().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    text.lines().next().unwrap_or_default().to_owned()
}

fn sweep(text: &str) -> Result<Sweep, String> {
    Sweep::parse(text).map_err(|error| error.to_string())
}

fn early_stop(text: &str) -> Result<EarlyStop, String> {
    match text {
        "never" => Ok(EarlyStop::Never),
        "certain" => Ok(EarlyStop::Certain),
        "first" => Ok(EarlyStop::First),
        _ => Err("expected never, certain or first".to_owned()),
    }
}
