//! Flags about prompt, stopping and screen, and the layers they make.

use std::path::PathBuf;

use clap::Args;

use super::values::{self, TimeLimit};
use crate::settings::{
    ColourBy, EndChart, NotUtf8, PromptOverrides, StopOverrides, StopPattern, UiOverrides, unescape,
};

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Prompt")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct PromptArgs {
    /// The prompt: the text to continue.
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true, overrides_with = "file")]
    prompt: Option<String>,
    /// Read the prompt from a file, or from standard input with -; one newline at the end is dropped.
    #[arg(short, long, value_name = "FILE", overrides_with = "prompt")]
    file: Option<PathBuf>,
    /// Apply the model's chat template to the prompt.
    #[arg(long, alias = "conversation", overrides_with = "no_chat")]
    chat: bool,
    /// Use the prompt as it is: the default.
    #[arg(long, hide = true, alias = "no-conversation", overrides_with = "chat")]
    no_chat: bool,
    /// The system message for --chat (also -sys).
    #[arg(long, value_name = "TEXT", alias = "system-prompt", allow_hyphen_values = true)]
    system: Option<String>,
    /// Process escapes such as \n, \t and \xHH in the prompt, stop texts and DRY breakers: the default.
    #[arg(hide_short_help = true, short, long, overrides_with = "no_escape")]
    escape: bool,
    /// Leave backslashes as they are.
    #[arg(hide_short_help = true, long, overrides_with = "escape")]
    no_escape: bool,
}

impl PromptArgs {
    /// Whether there is a prompt of either kind.
    pub fn is_given(&self) -> bool {
        self.prompt.is_some() || self.file.is_some()
    }

    /// Whether escapes are processed, if a flag says so.
    pub fn escape(&self) -> Option<bool> {
        switch(self.escape, self.no_escape)
    }

    /// The layer; `escape` says whether the prompt's escapes are processed.
    pub fn overrides(&self, escape: bool) -> Result<PromptOverrides, NotUtf8> {
        let text = self.prompt.as_deref().map(|text| processed(text, escape)).transpose()?;
        Ok(PromptOverrides {
            text: text.map(Some),
            file: self.file.clone().map(Some),
            chat: switch(self.chat, self.no_chat),
            // llama.cpp takes the system message as it is.
            system: self.system.clone().map(Some),
            escape: self.escape(),
        })
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Stopping")]
pub(super) struct StopArgs {
    /// Maximum number of tokens to generate; -1 for no limit, -2 to go on until the context is full [default: -1].
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        visible_alias = "n-predict",
        env = "LLAMA_ARG_N_PREDICT",
        allow_negative_numbers = true
    )]
    predict: Option<i32>,
    /// Stop when this text is generated; can be given more than once.
    #[arg(
        short = 'r',
        long,
        value_name = "TEXT",
        visible_alias = "reverse-prompt",
        allow_hyphen_values = true
    )]
    stop: Option<Vec<String>>,
    /// Stop after this many seconds; 0 for no limit [default: 0].
    #[arg(
        long,
        value_name = "SECONDS",
        value_parser = values::time_limit,
        allow_negative_numbers = true
    )]
    max_time: Option<TimeLimit>,
    /// Stop when the generated text matches this regular expression; can be given more than once.
    #[arg(
        long,
        value_name = "RE",
        value_parser = values::stop_pattern,
        allow_hyphen_values = true
    )]
    stop_regex: Option<Vec<StopPattern>>,
    /// Stop after this many sentences; 0 for no limit [default: 0].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    stop_sentences: Option<u32>,
    /// Stop after this many lines, not counting blank ones; 0 for no limit [default: 0].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    stop_lines: Option<u32>,
    /// Stop when the text loops: when the same tokens occur this many times in a row; 0 for never [default: 0].
    #[arg(long, value_name = "TIMES", allow_negative_numbers = true)]
    stop_loop: Option<u32>,
    /// Fewest tokens that count as one round of a loop [default: 4].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    stop_loop_tokens: Option<u32>,
    /// Stop before a token whose distribution has more entropy than this; 0 for no limit [default: 0].
    #[arg(hide_short_help = true, long, value_name = "BITS", allow_negative_numbers = true)]
    stop_entropy_above: Option<f64>,
    /// Stop before a token whose distribution has less entropy than this; 0 for no limit [default: 0].
    #[arg(hide_short_help = true, long, value_name = "BITS", allow_negative_numbers = true)]
    stop_entropy_below: Option<f64>,
    /// Stop before a token where the likeliest candidate is more probable than this; 0 for no limit [default: 0].
    #[arg(hide_short_help = true, long, value_name = "P", allow_negative_numbers = true)]
    stop_top_prob_above: Option<f64>,
    /// Stop before a token where the likeliest candidate is less probable than this; 0 for no limit [default: 0].
    #[arg(hide_short_help = true, long, value_name = "P", allow_negative_numbers = true)]
    stop_top_prob_below: Option<f64>,
}

impl StopArgs {
    /// The layer; `escape` says whether escapes in stop texts are processed.
    pub fn overrides(&self, escape: bool) -> Result<StopOverrides, NotUtf8> {
        Ok(StopOverrides {
            predict: self.predict,
            strings: all_processed(self.stop.as_deref(), escape)?,
            max_time: self.max_time.map(|limit| limit.0),
            regex: self.stop_regex.clone(),
            sentences: self.stop_sentences,
            lines: self.stop_lines,
            loop_times: self.stop_loop,
            loop_tokens: self.stop_loop_tokens,
            entropy_above: self.stop_entropy_above,
            entropy_below: self.stop_entropy_below,
            top_prob_above: self.stop_top_prob_above,
            top_prob_below: self.stop_top_prob_below,
        })
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Screen")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct ScreenArgs {
    /// The theme: a built-in one, or one of your own [default: dark].
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// What the colour of a token in the text shows [default: probability].
    #[arg(hide_short_help = true, long,
        value_name = "WHAT",
        alias = "color-by",
        value_parser = values::colour_by()
    )]
    colour_by: Option<ColourBy>,
    /// Tokens per second while playing, 0.1 to 1000; 0 for as fast as possible [default: 8].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    speed: Option<f32>,
    /// Do not capture the mouse.
    #[arg(hide_short_help = true, long)]
    no_mouse: bool,
    /// The chart of the end token under the text: its probability where there is room (auto) or always (on), its rank, or
    /// none (off) [default: auto].
    #[arg(hide_short_help = true, long, value_name = "WHEN", value_parser = values::end_chart())]
    end_chart: Option<EndChart>,
    /// Show how likely the model finds each token of the prompt.
    #[arg(hide_short_help = true, long)]
    score_prompt: bool,
    /// Show the step large from the start, for a projector (F5 does the same).
    #[arg(hide_short_help = true, long)]
    present: bool,
    /// The wheel of the large picture does not turn: it shows at once where it stops.
    #[arg(hide_short_help = true, long)]
    no_animation: bool,
}

impl ScreenArgs {
    pub fn overrides(&self) -> UiOverrides {
        UiOverrides {
            theme: self.theme.clone(),
            colour_by: self.colour_by,
            speed: self.speed,
            mouse: switch(false, self.no_mouse),
            end_chart: self.end_chart,
            score_prompt: switch(self.score_prompt, false),
            present: switch(self.present, false),
            animation: switch(false, self.no_animation),
        }
    }
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// The config file [default: logitscope/config.toml in the XDG config folder].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The log file, which also has llama.cpp's messages [default: logitscope/logitscope.log in the XDG state folder].
    #[arg(long, value_name = "FILE", env = "LLAMA_ARG_LOG_FILE")]
    pub log_file: Option<PathBuf>,
    /// Print control tokens as text (also -sp).
    #[arg(hide_short_help = true, long)]
    pub special: bool,
}

/// The value of a pair of flags (on, off), if one of them was given.
pub(super) const fn switch(on: bool, off: bool) -> Option<bool> {
    match (on, off) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

pub(super) fn processed(text: &str, escape: bool) -> Result<String, NotUtf8> {
    if escape { unescape(text) } else { Ok(text.to_owned()) }
}

pub(super) fn all_processed(texts: Option<&[String]>, escape: bool) -> Result<Option<Vec<String>>, NotUtf8> {
    texts.map(|texts| texts.iter().map(|text| processed(text, escape)).collect()).transpose()
}
