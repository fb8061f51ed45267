//! Flags about sampling, and the layer they make.

use clap::{ArgMatches, Args, parser::ValueSource};

use super::args::{all_processed, processed, switch};
use super::values::{self, Samplers, Seed};
use crate::sampling::{GrammarError, GrammarSource, LogitBias, Mirostat, SamplingOverrides};
use crate::settings::NotUtf8;
use crate::token::Token;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Sampling")]
pub(super) struct SamplingArgs {
    /// Named settings: llama.cpp, greedy, precise, balanced, creative, chaos, or your own. Other flags override it, and
    /// whatever it does not set is llama.cpp's default, not what the config file or the model recommends.
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Temperature; 0 is greedy [default: 0.8].
    #[arg(
        long,
        value_name = "T",
        visible_alias = "temperature",
        env = "LLAMA_ARG_TEMPERATURE",
        allow_negative_numbers = true
    )]
    temp: Option<f32>,
    /// Keep this many of the most likely tokens; 0 for off [default: 40].
    #[arg(long, value_name = "N", env = "LLAMA_ARG_TOP_K", allow_negative_numbers = true)]
    top_k: Option<i32>,
    /// Keep the most likely tokens that together reach this probability; 1 for off [default: 0.95].
    #[arg(long, value_name = "P", env = "LLAMA_ARG_TOP_P", allow_negative_numbers = true)]
    top_p: Option<f32>,
    /// Keep tokens at least this probable relative to the most likely one; 0 for off [default: 0.05].
    #[arg(long, value_name = "P", env = "LLAMA_ARG_MIN_P", allow_negative_numbers = true)]
    min_p: Option<f32>,
    /// Keep the most typical tokens that together reach this probability; 1 for off [default: 1].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "P",
        visible_alias = "typical-p",
        allow_negative_numbers = true
    )]
    typical: Option<f32>,
    /// Keep logits within this many standard deviations of the largest; 0 or less for off [default: -1].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        visible_alias = "top-n-sigma",
        allow_negative_numbers = true
    )]
    top_nsigma: Option<f32>,
    /// XTC: chance, at each step, of excluding the most likely tokens; 0 for off [default: 0].
    #[arg(hide_short_help = true, long, value_name = "P", allow_negative_numbers = true)]
    xtc_probability: Option<f32>,
    /// XTC: probability from which a token counts as likely; above 0.5 for off [default: 0.1].
    #[arg(hide_short_help = true, long, value_name = "P", allow_negative_numbers = true)]
    xtc_threshold: Option<f32>,
    /// Penalty on tokens that have occurred; 1 for off [default: 1].
    #[arg(long, value_name = "N", env = "LLAMA_ARG_REPEAT_PENALTY", allow_negative_numbers = true)]
    repeat_penalty: Option<f32>,
    /// How many tokens the penalties look back; 0 for off, -1 for the whole context [default: 64].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    repeat_last_n: Option<i32>,
    /// Subtracted once from the logit of a token that has occurred; 0 for off [default: 0].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        env = "LLAMA_ARG_PRESENCE_PENALTY",
        allow_negative_numbers = true
    )]
    presence_penalty: Option<f32>,
    /// Subtracted from a token's logit for each time it has occurred; 0 for off [default: 0].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        env = "LLAMA_ARG_FREQUENCY_PENALTY",
        allow_negative_numbers = true
    )]
    frequency_penalty: Option<f32>,
    /// DRY: strength of the penalty on repeating sequences; 0 for off [default: 0].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dry_multiplier: Option<f32>,
    /// DRY: growth of the penalty with each repeated token [default: 1.75].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dry_base: Option<f32>,
    /// DRY: length of the longest repeat that is not penalised [default: 2].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dry_allowed_length: Option<i32>,
    /// DRY: how many tokens it looks back; 0 for off, -1 for the whole context [default: 64].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dry_penalty_last_n: Option<i32>,
    /// DRY: text at which it starts over, replacing newline, ":", quote and "*"; can be given more than once; "none" for
    /// no such texts.
    #[arg(hide_short_help = true, long, value_name = "TEXT", allow_hyphen_values = true)]
    dry_sequence_breaker: Option<Vec<String>>,
    /// Dynamic temperature: how far above and below --temp it moves with the entropy; 0 for off [default: 0].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dynatemp_range: Option<f32>,
    /// Dynamic temperature: exponent of the entropy [default: 1].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    dynatemp_exp: Option<f32>,
    /// Mirostat instead of the chain: 0 (off), 1 or 2 [default: 0].
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = values::mirostat, allow_negative_numbers = true)]
    mirostat: Option<Mirostat>,
    /// Mirostat's learning rate [default: 0.1].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    mirostat_lr: Option<f32>,
    /// Mirostat's target surprisal, in bits [default: 5].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    mirostat_ent: Option<f32>,
    /// Add to one token's logit, as in 15043+1, 15043-1 or 15043-inf; can be given more than once.
    #[arg(hide_short_help = true, short, long, value_name = "TOKEN_ID(+/-)BIAS", value_parser = values::logit_bias)]
    logit_bias: Option<Vec<LogitBias>>,
    /// Ban a token by its id; can be given more than once.
    #[arg(hide_short_help = true, long, value_name = "TOKEN_ID")]
    ban_token: Option<Vec<u32>>,
    /// Ban a text: it is never completed; can be given more than once.
    #[arg(hide_short_help = true, long, value_name = "TEXT", allow_hyphen_values = true)]
    ban_string: Option<Vec<String>>,
    /// A grammar in GBNF that the text must match.
    #[arg(hide_short_help = true, long, value_name = "GBNF", value_parser = values::grammar,
        overrides_with_all = ["grammar_file", "json_schema", "json_schema_file", "choice"])]
    grammar: Option<GrammarSource>,
    /// Read the grammar from a file.
    #[arg(hide_short_help = true, long, value_name = "FILE", value_parser = values::grammar_file,
        overrides_with_all = ["grammar", "json_schema", "json_schema_file", "choice"])]
    grammar_file: Option<GrammarSource>,
    /// A JSON schema that the text must match; {} allows any JSON.
    #[arg(short = 'j', long, value_name = "SCHEMA", value_parser = values::json_schema,
        overrides_with_all = ["grammar", "grammar_file", "json_schema_file", "choice"])]
    json_schema: Option<GrammarSource>,
    /// Read the JSON schema from a file (also -jf).
    #[arg(hide_short_help = true, long, value_name = "FILE", value_parser = values::json_schema_file,
        overrides_with_all = ["grammar", "grammar_file", "json_schema", "choice"])]
    json_schema_file: Option<GrammarSource>,
    /// Allow only this text; given more than once, only these texts.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true,
        overrides_with_all = ["grammar", "grammar_file", "json_schema", "json_schema_file"])]
    choice: Option<Vec<String>>,
    /// The sampler chain: names separated by ";" [default: all of penalties, dry, top-n-sigma, top-k, typ-p, top-p, min-p, xtc,
    /// temperature].
    #[arg(
        long,
        value_name = "NAMES",
        value_parser = values::sampler_names,
        overrides_with = "sampling_seq"
    )]
    samplers: Option<Samplers>,
    /// The sampler chain as letters [default: edskypmxt].
    #[arg(hide_short_help = true, long,
        value_name = "LETTERS",
        visible_alias = "sampler-seq",
        value_parser = values::sampler_letters,
        overrides_with = "samplers"
    )]
    sampling_seq: Option<Samplers>,
    /// Random seed; -1 for a new one each time [default: -1].
    #[arg(short, long, value_name = "N", value_parser = values::seed, allow_negative_numbers = true)]
    seed: Option<Seed>,
    /// Ban every end token, so that generation goes on.
    #[arg(long, help_heading = "Stopping")]
    ignore_eos: bool,
}

/// The sampling flags that stand on the command line, with their dashes; the seed is none of them.
pub(super) fn given_flags(matches: &ArgMatches) -> Vec<String> {
    let given = |arg: &&clap::Arg| {
        let id = arg.get_id().as_str();
        id != "seed" && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let command = SamplingArgs::augment_args(clap::Command::new("sampling"));
    let flags = command.get_arguments().filter(given).filter_map(clap::Arg::get_long);
    flags.map(|flag| format!("--{flag}")).collect()
}

impl SamplingArgs {
    /// The layer; `escape` says whether escapes in DRY's breakers are processed.
    pub fn overrides(&self, escape: bool) -> Result<SamplingOverrides, TextError> {
        let samplers = self.samplers.clone().or_else(|| self.sampling_seq.clone());
        let breakers = self.dry_sequence_breaker.as_deref();
        Ok(SamplingOverrides {
            samplers: samplers.map(|samplers| samplers.0),
            muted: None,
            soloed: None,
            temperature: self.temp,
            dynatemp_range: self.dynatemp_range,
            dynatemp_exponent: self.dynatemp_exp,
            top_k: self.top_k,
            top_p: self.top_p,
            min_p: self.min_p,
            typical_p: self.typical,
            top_n_sigma: self.top_nsigma,
            xtc_probability: self.xtc_probability,
            xtc_threshold: self.xtc_threshold,
            repeat_penalty: self.repeat_penalty,
            repeat_last_n: self.repeat_last_n,
            presence_penalty: self.presence_penalty,
            frequency_penalty: self.frequency_penalty,
            dry_multiplier: self.dry_multiplier,
            dry_base: self.dry_base,
            dry_allowed_length: self.dry_allowed_length,
            dry_penalty_last_n: self.dry_penalty_last_n,
            dry_sequence_breakers: breakers.map(|given| sequence_breakers(given, escape)).transpose()?,
            mirostat: self.mirostat,
            mirostat_tau: self.mirostat_ent,
            mirostat_eta: self.mirostat_lr,
            logit_bias: self.biases(),
            banned_strings: all_processed(self.ban_string.as_deref(), escape)?,
            grammar: self.grammar(escape)?,
            ignore_eos: switch(self.ignore_eos, false),
            seed: self.seed.map(|seed| seed.0),
        })
    }

    /// Biases and bans, if any are given.
    fn biases(&self) -> Option<Vec<LogitBias>> {
        let banned = |&id| LogitBias { token: Token(id), bias: f32::NEG_INFINITY };
        let bans = self.ban_token.as_deref().map(|ids| ids.iter().map(banned));
        match (self.logit_bias.clone(), bans) {
            (biases, None) => biases,
            (biases, Some(bans)) => Some(biases.unwrap_or_default().into_iter().chain(bans).collect()),
        }
    }

    /// The grammar given last: clap lets each of these flags override the others.
    fn grammar(&self, escape: bool) -> Result<Option<GrammarSource>, TextError> {
        let given = [&self.grammar, &self.grammar_file, &self.json_schema, &self.json_schema_file];
        let given = given.into_iter().flatten().next().cloned();
        let choices = all_processed(self.choice.as_deref(), escape)?;
        Ok(given.or(choices.map(GrammarSource::choices).transpose()?))
    }
}

/// The flags were understood, but their escapes or choices are not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Escapes that are not valid UTF-8.
    #[error(transparent)]
    Escapes(#[from] NotUtf8),
    /// Choices that cannot be a grammar.
    #[error("--choice: {0}")]
    Choice(#[from] GrammarError),
}

/// The breakers given, in llama.cpp's way: the first clears the defaults, and `none` clears all that came before it.
fn sequence_breakers(given: &[String], escape: bool) -> Result<Vec<String>, NotUtf8> {
    let after_none = given.iter().rposition(|text| text == "none").map_or(0, |index| index + 1);
    given[after_none..].iter().map(|text| processed(text, escape)).collect()
}
