//! The directions between modules that ARCHITECTURE.md draws.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A module and those it must not know.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "token",
        &["distribution", "sampling", "tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli"],
    ),
    (
        "distribution",
        &["sampling", "tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli", "settings"],
    ),
    (
        "tree",
        &["sampling", "decode", "engine", "score", "app", "ui", "runtime", "headless", "cli", "settings"],
    ),
    ("sampling", &["tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli"]),
    (
        "gguf",
        &["tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli", "settings", "sampling"],
    ),
    (
        "text",
        &["tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli", "settings", "sampling"],
    ),
    ("theme", &["decode", "engine", "app", "ui", "runtime", "headless", "cli"]),
    ("keymap", &["decode", "engine", "app", "ui", "runtime", "headless", "cli"]),
    ("decode", &["app", "ui", "runtime", "headless", "cli", "theme", "keymap"]),
    ("engine", &["decode", "score", "cost", "app", "ui", "runtime", "headless", "cli", "theme", "keymap"]),
    ("cost", &["decode", "app", "ui", "runtime", "headless", "cli", "theme", "keymap"]),
    ("score", &["app", "ui", "runtime", "headless", "cli", "theme", "keymap", "sampling"]),
    ("models", &["tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli", "sampling", "fetch"]),
    ("fetch", &["tree", "decode", "engine", "app", "ui", "runtime", "headless", "cli", "sampling"]),
    (
        "remote",
        &[
            "tree", "decode", "score", "cost", "app", "ui", "runtime", "headless", "cli", "theme", "keymap",
            "sampling",
        ],
    ),
    ("engine", &["remote"]),
    ("app", &["remote"]),
    ("ui", &["remote"]),
    (
        "lesson",
        &["tree", "decode", "engine", "distribution", "app", "ui", "runtime", "headless", "cli", "theme"],
    ),
    ("settings", &["decode", "engine", "app", "ui", "runtime", "headless", "cli"]),
    ("app", &["runtime", "headless", "cli"]),
    ("ui", &["runtime", "headless", "cli"]),
    ("headless", &["app", "ui", "theme", "keymap", "runtime"]),
    ("picture", &["decode", "engine", "app", "ui", "runtime", "headless", "cli", "settings", "sampling"]),
];

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("src can be read") {
            sources(&entry.expect("src can be read").path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        found.push(path.to_owned());
    }
}

/// The files of a module: its folder, or its one file. Test files may look around.
fn module(name: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in [src.join(name), src.join(format!("{name}.rs"))] {
        if path.exists() {
            sources(&path, &mut found);
        }
    }
    let test =
        |path: &PathBuf| path.components().any(|part| part.as_os_str().to_string_lossy().contains("test"));
    found.retain(|path| {
        !test(path.strip_prefix(&src).as_ref().map(|p| p.to_path_buf()).as_ref().unwrap_or(path))
    });
    assert!(!found.is_empty(), "there is a module {name}");
    found
}

/// The code of a file without its unit tests, which may look around, and without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file is text");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether the code names `crate::module`, alone or in a braced list.
fn names(code: &str, module: &str) -> bool {
    let word_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let direct = code.split("crate::").skip(1).any(|rest| rest.strip_prefix(module).is_some_and(word_end));
    let braced = code.split("use crate::{").skip(1).any(|list| {
        let list = list.split(';').next().unwrap_or_default();
        let mut depth = 0;
        let mut item = String::new();
        let mut items = Vec::new();
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth <= 0 => items.push(std::mem::take(&mut item)),
                _ if depth <= 0 => item.push(c),
                _ => {}
            }
        }
        items.push(item);
        items.iter().any(|item| item.trim().strip_prefix(module).is_some_and(word_end))
    });
    direct || braced
}

#[test]
fn modules_know_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    for (name, forbidden) in FORBIDDEN {
        for path in module(name) {
            let code = code(&path);
            wrong.extend(
                forbidden
                    .iter()
                    .filter(|other| names(&code, other))
                    .map(|other| format!("{}: {other}", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "these know too much:\n{}", wrong.join("\n"));
}

/// The rooms of the screens, in the state and on the drawing side.
const ROOMS: [(&str, &[&str]); 2] = [
    (
        "app",
        &["step", "xray", "compare", "tree_view", "seeds", "beam", "diffuse", "speculate", "cost", "learn"],
    ),
    ("ui", &["step", "xray", "compare", "tree", "seeds", "beam", "diffuse", "speculate", "cost", "learn"]),
];

/// Whether the code of a room names another one that lies beside it.
fn reaches_into(code: &str, side: &str, other: &str) -> bool {
    let paths = [format!("super::{other}"), format!("{side}::{other}"), format!("rooms.{other}")];
    let inside = |path: &String| {
        code.match_indices(path.as_str()).any(|(at, found)| {
            let rest = &code[at + found.len()..];
            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    // A braced list of what lies beside it.
    let listed = code.split("super::{").skip(1).any(|list| {
        let list = list.split(';').next().unwrap_or_default();
        let words = list.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        words
            .map(|word| word.trim_start_matches("super::"))
            .any(|word| word == other || word.strip_prefix(other).is_some_and(|rest| rest.starts_with("::")))
    });
    paths.iter().any(inside) || listed
}

#[test]
fn no_room_reaches_into_another() {
    let mut wrong = Vec::new();
    for (side, rooms) in ROOMS {
        for room in rooms {
            for path in module(&format!("{side}/{room}")) {
                let code = code(&path);
                let others = rooms.iter().filter(|other| *other != room);
                let reached = others.filter(|other| reaches_into(&code, side, other));
                wrong.extend(reached.map(|other| format!("{}: {other}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "these reach into another room:\n{}", wrong.join("\n"));
}

#[test]
fn every_screen_of_the_list_is_a_room() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/screen.rs");
    let text = fs::read_to_string(src).expect("the list of screens");
    let list = text.split("screens! {").nth(1).expect("the list").split('}').next().unwrap_or_default();
    let listed = list.lines().filter(|line| line.contains("=>")).count();
    for (side, rooms) in ROOMS {
        assert_eq!(listed, rooms.len(), "{side}: a room that is not looked at here");
    }
}

#[test]
fn unsafe_code_lives_in_one_folder() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.retain(|path| code(path).contains("unsafe ") || code(path).contains("unsafe_code"));
    let elsewhere: Vec<_> =
        found.iter().filter(|path| !path.to_string_lossy().contains("engine/llama/ffi/")).collect();
    assert!(elsewhere.is_empty() && found.len() > 1, "{elsewhere:?}");
}

#[test]
fn the_check_itself_sees_a_wrong_use() {
    assert!(names("use crate::{app::State, token::Token};", "app"));
    assert!(names("use crate::{token::{Token, X}, ui};", "ui"));
    assert!(names("let x = crate::ui::draw();", "ui"));
    assert!(reaches_into("use super::super::{Desk, seeds::Seeds};", "app", "seeds"));
    assert!(reaches_into("crate::app::seeds::X", "app", "seeds"));
    assert!(!reaches_into("use crate::decode::lanes::Seeds; use super::seeds_of;", "app", "seeds"));
    assert!(!names("use crate::{token::{app, X}, tree};", "app"));
    assert!(!names("use crate::application;", "app"));
}
