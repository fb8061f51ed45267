//! A request to a server as a command line of curl: its body.

use super::{PasteError, Pasted, Tokens, json::read_body};

/// Flags of curl that carry a body, alone or with `=`.
const BODIES: [&str; 5] = ["-d", "--data", "--data-raw", "--data-binary", "--json"];

/// Reads the body of a command line of curl; None where it is none.
pub(super) fn read(words: &[String], tokens: Option<Tokens<'_>>) -> Option<Result<Pasted, PasteError>> {
    let program = words.iter().find(|word| !is_assignment(word))?;
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    if !["curl", "curl.exe"].contains(&name) {
        return None;
    }
    let Some(body) = body(words) else {
        return Some(Err(PasteError::Nothing(vec!["curl".to_owned()])));
    };
    Some(match body.strip_prefix('@') {
        Some(file) => Err(PasteError::BodyInFile(file.to_owned())),
        None => read_body(body, tokens),
    })
}

fn body(words: &[String]) -> Option<&str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if BODIES.contains(&word.as_str()) {
            return words.next().map(String::as_str);
        }
        // `-d{…}` and `--data={…}`.
        let joined = BODIES[1..].iter().find_map(|flag| word.strip_prefix(flag)?.strip_prefix('='));
        if let Some(body) =
            joined.or_else(|| word.strip_prefix("-d").filter(|rest| rest.starts_with(['{', '@'])))
        {
            return Some(body);
        }
    }
    None
}

/// A variable that is set for one command.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}
