//! llama.cpp's environment variables, read as the flags they stand for.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use super::{Cli, Flags, plain_command, without_environment};

/// What the variables that `variable` finds say. An empty variable says nothing.
///
/// Each becomes its flag on a command line of their own, so that a variable means exactly what its flag means.
pub(super) fn flags(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Flags, clap::Error> {
    let full = Cli::command();
    let mut argv = vec![OsString::from("logitscope")];
    for arg in full.get_arguments() {
        let (Some(name), Some(long)) = (arg.get_env(), arg.get_long()) else {
            continue;
        };
        let name = name.to_string_lossy();
        let Some(value) = variable(&name).filter(|value| !value.is_empty()) else {
            continue;
        };
        let mut flag = OsString::from(format!("--{long}="));
        flag.push(&value);
        parse(&["logitscope".into(), flag.clone()]).map_err(|error| blame(&name, &error))?;
        argv.push(flag);
    }
    parse(&argv)
}

fn parse(argv: &[OsString]) -> Result<Flags, clap::Error> {
    let matches = without_environment(plain_command()).try_get_matches_from(argv)?;
    Ok(Cli::from_arg_matches(&matches)?.flags)
}

/// clap's error about a flag that nobody typed, with the name of the variable before it.
fn blame(variable: &str, error: &clap::Error) -> clap::Error {
    let text = error.render().ansi().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let first = text.lines().next().unwrap_or_default();
    let message = format!("the environment variable {variable}: {first}");
    plain_command().error(error.kind(), message)
}
