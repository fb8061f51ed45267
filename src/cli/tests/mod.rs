#![expect(clippy::float_cmp, reason = "what was read is what was written, to the bit")]

mod constraints;
mod diffuse;
mod flags;
mod precedence;
mod speculate;
mod usage;

use std::path::Path;

use super::*;
use crate::config::Config;
use crate::settings::Settings;

fn no_variables(_: &str) -> Option<OsString> {
    None
}

fn action(line: &[&str]) -> Result<Action, clap::Error> {
    parse(std::iter::once("logitscope").chain(line.iter().copied()).map(OsString::from), no_variables)
}

fn resolved_with(line: &[&str], variables: &[(&str, &str)], config: &str) -> Result<Resolved, String> {
    let argv = std::iter::once("logitscope").chain(line.iter().copied()).map(OsString::from);
    let variable = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
    };
    let config = Config::parse(config, Path::new("config.toml")).expect("a valid config");
    match parse(argv, variable).map_err(|error| error.to_string())? {
        Action::Interactive(invocation)
        | Action::Run(invocation, _)
        | Action::Score(invocation, _)
        | Action::Compare(invocation, _)
        | Action::Beam(invocation, _)
        | Action::Diffuse(invocation, _)
        | Action::Speculate(invocation, _) => {
            resolve(&invocation, &config).map_err(|error| error.to_string())
        }
        other => panic!("no run: {other:?}"),
    }
}

fn settings(line: &[&str]) -> Settings {
    resolved_with(line, &[], "").unwrap_or_else(|error| panic!("{line:?}: {error}")).settings
}

fn refused(line: &[&str]) -> String {
    resolved_with(line, &[], "").expect_err("refused")
}

#[test]
fn the_command_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn nothing_said_is_the_defaults() {
    assert_eq!(settings(&[]), Settings::default());
    assert_eq!(settings(&["run"]), Settings::default());
}
