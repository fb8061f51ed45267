//! Words as a POSIX shell reads them, without variables and globs, up to the end of the first command.

use super::PasteError;

/// Splits a command line into words. A backslash at the end of a line joins it with the next; a comment ends with its
/// line; what follows a pipe or another command is left out.
pub(super) fn words(text: &str) -> Result<Vec<String>, PasteError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => quoted(&mut chars, word.get_or_insert_default())?,
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    let mut rest = chars.clone();
                    if rest.next() == Some('\n') {
                        chars = rest;
                    }
                }
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '#' if word.is_none() => while chars.next().is_some_and(|c| c != '\n') {},
            '|' | '&' | ';' if word.is_none() && !words.is_empty() && ends_command(c, &chars) => break,
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Whether an operator stands by itself: `top_k;top_p` without quotes is read as one word.
fn ends_command(operator: char, after: &std::str::Chars<'_>) -> bool {
    let rest = after.as_str().trim_start_matches(operator);
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

fn quoted(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), PasteError> {
    for c in chars.by_ref() {
        if c == '\'' {
            return Ok(());
        }
        word.push(c);
    }
    Err(PasteError::OpenQuote('\''))
}

fn double_quoted(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), PasteError> {
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(()),
            '\\' => match chars.next() {
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some('\n') => {}
                Some(c) => word.extend(['\\', c]),
                None => break,
            },
            c => word.push(c),
        }
    }
    Err(PasteError::OpenQuote('"'))
}

/// A word so that a POSIX shell reads it back as it is.
#[must_use]
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+:,=@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
