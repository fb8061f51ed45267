//! `logitscope handout`.

use std::path::PathBuf;

use clap::Args;

use super::{
    Flags,
    args::{OutputArgs, PromptArgs, ScreenArgs, StopArgs},
    compat::CompatArgs,
    model_args::ModelArgs,
    sampling::SamplingArgs,
};
use crate::lesson::{CHAPTERS, Language};

#[derive(Clone, Debug, Args)]
pub(super) struct Handout {
    /// The chapter: 1 the loop, 2 from logits to a choice, 3 paths, 4 stopping and using, 5 what it costs.
    #[arg(value_parser = clap::value_parser!(u32).range(1..=CHAPTERS.len() as i64))]
    chapter: u32,
    /// The HTML file; - for standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Lessons")]
    output: PathBuf,
    /// The language, as in de [default: that of the environment, else en].
    #[arg(long, value_name = "CODE", value_parser = language, help_heading = "Lessons")]
    lang: Option<Language>,
    #[command(flatten)]
    paths: OutputArgs,
}

/// Which chapter is handed out, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoutOptions {
    /// 1 and up.
    pub chapter: usize,
    /// The file; None for standard output.
    pub output: Option<PathBuf>,
    /// The language; None for that of the environment.
    pub lang: Option<Language>,
}

fn language(code: &str) -> Result<Language, String> {
    Language::of_code(code)
        .ok_or_else(|| "a language is a code of two or three letters, such as en or de".to_owned())
}

impl Handout {
    pub fn options(self) -> (Flags, HandoutOptions) {
        let Self { chapter, output, lang, paths } = self;
        let output = Some(output).filter(|file| file.as_os_str() != "-");
        let flags = Flags {
            model: ModelArgs::default(),
            prompt: PromptArgs::default(),
            sampling: SamplingArgs::default(),
            stop: StopArgs::default(),
            screen: ScreenArgs::default(),
            output: paths,
            compat: CompatArgs::default(),
        };
        (flags, HandoutOptions { chapter: chapter as usize, output, lang })
    }
}
