//! `logitscope learn`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Flags;

#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Learn {
    /// List the lessons instead of showing the screen.
    #[arg(long, help_heading = "Lessons")]
    list: bool,
    /// Begin with this lesson: its name in the list, or its title.
    #[arg(long, value_name = "NAME", conflicts_with = "list", help_heading = "Lessons")]
    lesson: Option<String>,
    /// Show notes for the teacher, and answers where they are known before they are revealed.
    #[arg(long, help_heading = "Lessons")]
    teacher: bool,
    #[command(subcommand)]
    command: Option<LearnCommand>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Clone, Debug, Subcommand)]
enum LearnCommand {
    /// Play every lesson by machine on the built-in model, and name file and line of what is wrong. The exit status is 1 where
    /// something is.
    Check {
        /// A folder with lessons [default: the lessons in the program and your own].
        folder: Option<PathBuf>,
        /// Only the lesson of this name.
        #[arg(long, value_name = "NAME", help_heading = "Lessons")]
        lesson: Option<String>,
    },
}

/// What is to be done with lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnOptions {
    /// What.
    pub what: LearnWhat,
    /// Notes for the teacher are shown.
    pub teacher: bool,
}

/// What is to be done with lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LearnWhat {
    /// Show the screen, with a lesson by its name or with all of them.
    Play(Option<String>),
    /// List them.
    List,
    /// Check those of a folder, or all that there are; only the one of a name where there is one.
    Check(Option<PathBuf>, Option<String>),
}

impl Learn {
    pub fn options(self) -> (Flags, LearnOptions) {
        let Self { list, lesson, teacher, command, flags } = self;
        let what = match command {
            Some(LearnCommand::Check { folder, lesson }) => LearnWhat::Check(folder, lesson),
            None if list => LearnWhat::List,
            None => LearnWhat::Play(lesson),
        };
        (flags, LearnOptions { what, teacher })
    }
}
