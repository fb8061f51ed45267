//! The table of keys in README.md is the keymap's own.
//!
//! `UPDATE_README=1 cargo test --test readme` writes it anew.

use std::{env, fmt::Write, fs, path::Path};

use logitscope::keymap::{Context, HelpRow, Keymap};

const BEGIN: &str = "<!-- keys: written by tests/readme.rs -->\n";
const END: &str = "<!-- end of keys -->";

#[test]
fn keys_in_the_readme_are_those_of_the_keymap() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md is there");
    let (before, rest) = readme.split_once(BEGIN).expect("README.md says where the keys begin");
    let (written, after) = rest.split_once(END).expect("README.md says where the keys end");
    let expected = table();
    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{expected}{END}{after}")).expect("README.md can be written");
        return;
    }
    assert_eq!(written, expected, "the keys have changed: UPDATE_README=1 cargo test --test readme");
}

fn table() -> String {
    let mut table = String::new();
    for group in Keymap::default().help_rows() {
        let _ = write!(table, "\n| {} | |\n|---|---|\n", group.group.title());
        for row in group.rows {
            let _ = writeln!(table, "| {} | {}{} |", keys(&row), row.about, place(&row));
        }
    }
    table.push('\n');
    table
}

/// Where the keys work, if not everywhere.
fn place(row: &HelpRow) -> String {
    if row.contexts.contains(&Context::Global) {
        return String::new();
    }
    let names: Vec<&str> = row.contexts.iter().map(|context| context.name()).collect();
    format!(" ({})", names.join(", "))
}

/// The keys as Markdown code; a bar would end the cell of the table.
fn keys(row: &HelpRow) -> String {
    let keys: Vec<String> = row.keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
    keys.join(" ")
}
