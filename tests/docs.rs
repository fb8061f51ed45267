//! README.md and docs/ hold what they say: keys and flags are the program's own, links lead somewhere, commands work.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the tables of keys and flags anew.

mod support;

use std::{
    collections::BTreeSet,
    env,
    ffi::OsString,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::Arg;
use logitscope::{
    cli,
    keymap::{Context, HelpRow, Keymap},
};
use support::{
    LOGITSCOPE,
    markdown::{Page, page, reference, root},
    program::{Program, Ran},
};

/// The longest that README.md may be: it is an introduction, and the rest belongs to docs/.
const README_LINES: usize = 150;

#[test]
fn keys_are_those_of_the_keymap() {
    hold("docs/keys.md", "keys", &keys());
}

#[test]
fn flags_are_those_of_the_command_line() {
    hold("docs/flags.md", "flags", &flags());
}

/// Checks that the page has this table between its marks, or puts it there.
fn hold(path: &str, what: &str, expected: &str) {
    let begin = format!("<!-- {what}: written by tests/docs.rs -->\n");
    let end = format!("<!-- end of {what} -->");
    let page = page(path);
    let (before, rest) = page.text.split_once(&begin).expect("the page says where the table begins");
    let (written, after) = rest.split_once(&end).expect("the page says where the table ends");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(path), format!("{before}{begin}{expected}{end}{after}"))
            .expect("it can be written");
        return;
    }
    assert_eq!(written, expected, "{path} is out of date: UPDATE_DOCS=1 cargo test --test docs");
}

fn keys() -> String {
    let mut table = String::new();
    for group in Keymap::default().help_rows() {
        let _ = write!(table, "\n| {} | |\n|---|---|\n", group.group.title());
        for row in group.rows {
            let keys: Vec<String> = row.keys.iter().map(|key| code(key)).collect();
            let _ = writeln!(table, "| {} | {}{} |", keys.join(" "), row.about, place(&row));
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

/// All flags by their headings, then those that subcommands have beside them.
fn flags() -> String {
    let command = cli::command();
    let shown = |arg: &&Arg| !arg.is_hide_set() && arg.get_long().is_some();
    let shared: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    let mut text = String::new();
    let mut headings: Vec<&str> = Vec::new();
    for heading in shared.iter().filter_map(|arg| arg.get_help_heading()) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        let of = shared.iter().copied().filter(|arg| arg.get_help_heading() == Some(heading));
        section(&mut text, heading, of);
    }
    let names: BTreeSet<_> = shared.iter().filter_map(|arg| arg.get_long()).collect();
    for subcommand in command.get_subcommands() {
        let own = |arg: &&Arg| shown(arg) && arg.get_long().is_some_and(|long| !names.contains(long));
        section(&mut text, subcommand.get_name(), subcommand.get_arguments().filter(own));
    }
    text.push('\n');
    text
}

fn section<'a>(text: &mut String, heading: &str, args: impl Iterator<Item = &'a Arg>) {
    let rows: Vec<String> = args.map(row).collect();
    if !rows.is_empty() {
        let _ = write!(text, "\n## {heading}\n\n| flag | | environment |\n|---|---|---|\n{}", rows.concat());
    }
}

fn row(arg: &Arg) -> String {
    let mut names: Vec<String> =
        arg.get_short().map(|short| code(&format!("-{short}"))).into_iter().collect();
    let values: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(|name| format!(" {name}")).collect();
    let values = if arg.get_action().takes_values() { values.concat() } else { String::new() };
    names.extend(arg.get_long().map(|long| code(&format!("--{long}{values}"))));
    names.extend(
        arg.get_visible_aliases().unwrap_or_default().iter().map(|alias| code(&format!("--{alias}"))),
    );
    let about = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let about =
        about.split_whitespace().collect::<Vec<_>>().join(" ").replace('*', "\\*").replace('|', "\\|");
    let possible: Vec<String> =
        arg.get_possible_values().iter().map(|value| code(value.get_name())).collect();
    let takes_value = arg.get_action().takes_values();
    let listed = takes_value && !possible.is_empty();
    let possible = if listed { format!(": {}", possible.join(", ")) } else { String::new() };
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let has_default = takes_value && !default.is_empty();
    let default = if has_default { format!(" [default: {}]", default.join(" ")) } else { String::new() };
    let environment = arg.get_env().map(|name| code(&name.to_string_lossy())).unwrap_or_default();
    format!("| {} | {about}{possible}{default} | {environment} |\n", names.join(" "))
}

/// Code in a cell of a table, which a bar would end.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

#[test]
fn the_readme_is_short_and_leads_to_every_page_and_every_page_back() {
    let readme = page("README.md");
    let lines = readme.text.lines().count();
    assert!(lines <= README_LINES, "README.md has {lines} lines: move some to docs/");
    let linked: Vec<PathBuf> = readme.links().iter().map(|link| readme.target(link).0).collect();
    for page in reference() {
        assert!(linked.contains(&page.path), "README.md does not lead to {:?}", page.path);
        let back = page.links().iter().any(|link| page.target(link).0 == Path::new("README.md"));
        assert!(back, "{:?} does not lead back to README.md", page.path);
    }
}

#[test]
fn links_lead_somewhere() {
    let others =
        ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "assets/models/README.md"];
    let mut pages = reference();
    pages.extend(others.map(page));
    let mut wrong = Vec::new();
    for from in &pages {
        for link in from.links() {
            let (path, anchor) = from.target(link);
            let there = root().join(&path).exists();
            let heading =
                anchor.is_none_or(|anchor| there && page(&path).anchors().iter().any(|a| a == anchor));
            if !there || !heading {
                wrong.push(format!("{:?}: {link}", from.path));
            }
        }
    }
    assert!(wrong.is_empty(), "these links lead nowhere:\n{}", wrong.join("\n"));
}

/// The commands of the pages and of the program's own help that run logitscope.
fn commands() -> Vec<String> {
    let mut pages = reference();
    pages.push(page("README.md"));
    let mut lines: Vec<String> = pages.iter().flat_map(|page| page.code("sh")).collect();
    for command in std::iter::once(&cli::command()).chain(cli::command().get_subcommands()) {
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        lines.extend(examples.lines().map(|line| line.trim().to_owned()));
    }
    lines.retain(|line| {
        line.split_whitespace().any(|word| word == "logitscope")
            && !line.starts_with("cp ")
            && !line.starts_with("make ")
    });
    lines.sort();
    lines.dedup();
    lines
}

/// The arguments that a shell gives to the program in this command.
fn arguments(command: &str) -> Vec<OsString> {
    let script = format!(
        "logitscope() {{ for word; do printf '%s\\n' \"$word\" >&2; done; cat >/dev/null; }}\n{command}"
    );
    let output = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().expect("sh starts");
    let arguments = String::from_utf8(output.stderr).expect("UTF-8");
    std::iter::once("logitscope").chain(arguments.lines()).map(OsString::from).collect()
}

#[test]
fn commands_are_understood() {
    let commands = commands();
    assert!(commands.len() > 20, "the pages have commands: {commands:?}");
    let folder = Program::new();
    folder.write("story.txt", "Once upon a time");
    env::set_current_dir(folder.home()).expect("the folder is there");
    for command in commands {
        if let Err(error) = cli::parse(arguments(&command), |_| None) {
            panic!("{command}\n{error}");
        }
    }
}

#[test]
fn commands_for_the_embedded_model_work() {
    let program = Program::new();
    program.write("story.txt", "Once upon a time there was a little girl. ".repeat(80));
    program.write("prompts.txt", "Once upon a time\nThe cat\n");
    program.write("lanes.toml", page("docs/command-line.md").code("toml").join("\n"));
    let bin = program.home().join("bin");
    fs::create_dir(&bin).expect("a folder");
    std::os::unix::fs::symlink(LOGITSCOPE, bin.join("logitscope")).expect("a link");
    let path = format!("{}:{}", bin.display(), env::var("PATH").unwrap_or_default());
    let headless = ["run", "score", "compare", "beam", "softmax"].map(|name| format!("logitscope {name} "));
    for command in commands().iter().filter(|command| headless.iter().any(|name| command.contains(name))) {
        let mut sh = Command::new("sh");
        sh.args(["-c", command]).env("PATH", &path).env("HOME", program.home());
        sh.env("XDG_CONFIG_HOME", program.home().join(".config"))
            .current_dir(program.home())
            .stdin(Stdio::null());
        let ran: Ran = sh.output().expect("sh starts").into();
        assert_eq!(ran.status, Some(0), "{command}\n{}", ran.stderr);
    }
    let html = fs::read_to_string(program.home().join("report.html")).expect("the report is written");
    assert!(html.ends_with("</html>\n"));
}

#[test]
fn make_commands_are_those_of_the_makefile() {
    let makefile = fs::read_to_string(root().join("Makefile")).expect("the Makefile can be read");
    let mut pages: Vec<Page> = reference();
    pages.extend(["README.md", "CONTRIBUTING.md"].map(page));
    for page in pages {
        let of_blocks = page.code("sh");
        let blocks = of_blocks.iter().filter_map(|line| line.strip_prefix("make "));
        let inline = page.text.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("make "));
        for target in blocks.chain(inline).filter_map(|rest| rest.split_whitespace().next()) {
            assert!(makefile.contains(&format!("\n{target}:")), "{:?}: make {target}", page.path);
        }
    }
}
