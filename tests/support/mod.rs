//! What the integration tests share.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

pub mod documented;
pub mod hub;
pub mod json_lines;
pub mod lora;
pub mod markdown;
pub mod model;
pub mod program;
pub mod pty;
pub mod screen;
pub mod written;

/// The program that cargo built for this test.
pub const LOGITSCOPE: &str = env!("CARGO_BIN_EXE_logitscope");

/// The environment of a program under test, nothing else: its folders lie in `home`.
fn environment(home: &Path) -> Vec<(&'static str, OsString)> {
    let folder = |name: &str| home.join(name).into_os_string();
    vec![
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("HOME", home.into()),
        ("XDG_CONFIG_HOME", folder(".config")),
        ("XDG_CACHE_HOME", folder(".cache")),
        ("XDG_DATA_HOME", folder(".local/share")),
        ("XDG_STATE_HOME", folder(".local/state")),
        ("LANG", "C.UTF-8".into()),
    ]
}

/// The program's config file in `home`.
pub fn config_file(home: &Path) -> PathBuf {
    home.join(".config/logitscope/config.toml")
}
