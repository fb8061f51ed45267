//! String methods of Python as llama.cpp's templates have them, and those that it does not have.
//!
//! Where llama.cpp has a method, its reading holds: blanks and letters are those of ASCII, `split()` parts at single spaces.

use minijinja::value::{Kwargs, Value, from_args};
use minijinja::{Error, ErrorKind};

use super::MAX_WIDTH;

/// Calls a method of a text; None if there is no such method here.
pub(super) fn method(text: &str, name: &str, args: &[Value]) -> Option<Result<Value, Error>> {
    Some(match name {
        "strip" | "trim" => ends(text, args, true, true),
        "lstrip" => ends(text, args, true, false),
        "rstrip" => ends(text, args, false, true),
        "upper" => Ok(text.to_ascii_uppercase().into()),
        "lower" => Ok(text.to_ascii_lowercase().into()),
        "capitalize" => Ok(capitalized(text).into()),
        "title" => Ok(titled(text).into()),
        "split" => split(text, args, false),
        "rsplit" => split(text, args, true),
        "format" => format(text, args),
        "index" => find(text, args),
        "removeprefix" => one_text(args).map(|prefix| text.strip_prefix(&*prefix).unwrap_or(text).into()),
        "removesuffix" => one_text(args).map(|suffix| text.strip_suffix(&*suffix).unwrap_or(text).into()),
        "swapcase" => Ok(text.chars().map(swapped).collect::<String>().into()),
        "zfill" => width(args).map(|(width, _)| zero_filled(text, width).into()),
        "center" | "ljust" | "rjust" => {
            width(args).map(|(width, fill)| padded(text, name, width, fill).into())
        }
        "partition" | "rpartition" => partition(text, args, name == "rpartition"),
        _ => return None,
    })
}

/// Without the given characters, or blanks, at one end or both.
fn ends(text: &str, args: &[Value], left: bool, right: bool) -> Result<Value, Error> {
    let (positional, named): (Option<String>, Kwargs) = from_args(args)?;
    let chars = positional.or(named.get::<Option<String>>("chars")?);
    named.assert_all_used()?;
    let goes = |c: char| chars.as_ref().map_or_else(|| is_blank(c), |chars| chars.contains(c));
    let text = if left { text.trim_start_matches(goes) } else { text };
    Ok(if right { text.trim_end_matches(goes) } else { text }.into())
}

/// Blank to C's `isspace`.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

pub(super) fn capitalized(text: &str) -> String {
    let mut out = text.to_ascii_lowercase();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    out
}

pub(super) fn titled(text: &str) -> String {
    let mut starts = true;
    text.chars()
        .map(|c| {
            let first = std::mem::replace(&mut starts, is_blank(c));
            if first { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
        })
        .collect()
}

/// `split(separator, maxsplit)`; with none for a separator the words between blanks, as in Python.
fn split(text: &str, args: &[Value], from_right: bool) -> Result<Value, Error> {
    let words = args.first().is_some_and(Value::is_none);
    let (separator, limit, named): (Option<Value>, Option<i64>, Kwargs) = from_args(args)?;
    let limit = limit.or(named.get::<Option<i64>>("maxsplit")?);
    let separator = separator.or(named.get::<Option<Value>>("sep")?);
    named.assert_all_used()?;
    let parts = limit
        .and_then(|limit| usize::try_from(limit).ok())
        .map_or(usize::MAX, |limit| limit.saturating_add(1));
    let separator = separator.unwrap_or_else(|| " ".into());
    if words {
        return Ok(minijinja::filters::split(&text.into(), None, limit)?.try_iter()?.collect());
    }
    let separator = separator.to_string();
    if separator.is_empty() {
        return Err(wrong("split: the separator is empty"));
    }
    let mut found: Vec<Value> = if from_right {
        text.rsplitn(parts, &separator).map(Value::from).collect()
    } else {
        text.splitn(parts, &separator).map(Value::from).collect()
    };
    if from_right {
        found.reverse();
    }
    Ok(found.into())
}

/// Python's `str.format` where a field is more than `{}`, which llama.cpp has no other of.
fn format(text: &str, args: &[Value]) -> Result<Value, Error> {
    check_widths(text)?;
    if text.replace("{}", "").contains(['{', '}']) {
        let style = minijinja::formatting::FormatStyle::StrFormat;
        return minijinja::formatting::format(style, text, args).map(Value::from);
    }
    let mut args = args.iter();
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let value = args.next().ok_or_else(|| wrong("format: there are more {} than values"))?;
        out.push_str(&value.to_string());
        out.push_str(part);
    }
    Ok(out.into())
}

/// Python's `text % values`.
pub(super) fn percent(text: &str, args: &[Value]) -> Result<Value, Error> {
    check_widths(text)?;
    minijinja::formatting::format(minijinja::formatting::FormatStyle::Printf, text, args).map(Value::from)
}

/// Refuses a format that holds a number above [`MAX_WIDTH`], or takes its width from an argument.
fn check_widths(text: &str) -> Result<(), Error> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let wide = numbers
        .into_iter()
        .any(|digits| digits.len() > 9 || digits.parse().is_ok_and(|number: usize| number > MAX_WIDTH));
    if wide || text.contains('*') { Err(too_wide()) } else { Ok(()) }
}

pub(super) fn too_wide() -> Error {
    wrong(&format!("a width above {MAX_WIDTH} characters"))
}

fn find(text: &str, args: &[Value]) -> Result<Value, Error> {
    let what = one_text(args)?;
    let at = text.find(&*what).ok_or_else(|| wrong("index: the text is not in there"))?;
    Ok(text[..at].chars().count().into())
}

fn partition(text: &str, args: &[Value], from_right: bool) -> Result<Value, Error> {
    let separator = one_text(args)?;
    let found = if from_right { text.rsplit_once(&*separator) } else { text.split_once(&*separator) };
    let parts = match found {
        Some((before, after)) => [before, &*separator, after],
        None if from_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(parts.map(Value::from).to_vec().into())
}

fn swapped(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

fn zero_filled(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['-', '+'])));
    format!("{sign}{}{digits}", "0".repeat(missing))
}

fn padded(text: &str, side: &str, width: usize, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    // Python's rule for an odd number of blanks around a text.
    let left = match side {
        "center" => missing / 2 + (missing & width & 1),
        "rjust" => missing,
        _ => 0,
    };
    let blanks = |count: usize| fill.to_string().repeat(count);
    format!("{}{text}{}", blanks(left), blanks(missing - left))
}

/// A width within bounds, and what fills it.
fn width(args: &[Value]) -> Result<(usize, char), Error> {
    let (width, fill): (usize, Option<char>) = from_args(args)?;
    if width > MAX_WIDTH { Err(too_wide()) } else { Ok((width, fill.unwrap_or(' '))) }
}

fn one_text(args: &[Value]) -> Result<String, Error> {
    let (text,): (String,) = from_args(args)?;
    Ok(text)
}

pub(super) fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(text: &str, name: &str, args: &[Value]) -> String {
        method(text, name, args).expect("a method").expect("arguments that fit").to_string()
    }

    #[test]
    fn as_llama_cpp_reads_them() {
        assert_eq!(called("a b  c", "split", &[]), "['a', 'b', '', 'c']");
        assert_eq!(called("a b  c", "split", &[().into()]), "['a', 'b', 'c']");
        assert_eq!(called("a-b-c", "rsplit", &["-".into(), 1.into()]), "['a-b', 'c']");
        assert_eq!(called("\u{a0} x\t", "strip", &[]), "\u{a0} x");
        assert_eq!(called("éa ÉB", "upper", &[]), "éA ÉB");
        assert_eq!(called("hello wORLD", "title", &[]), "Hello World");
        assert_eq!(called("{}-{}", "format", &[1.into(), "x".into()]), "1-x");
    }

    #[test]
    fn as_python_has_them() {
        assert_eq!(called("-7", "zfill", &[4.into()]), "-007");
        assert_eq!(called("ab", "center", &[5.into(), "*".into()]), "**ab*");
        assert_eq!(called("a", "center", &[4.into()]), " a  ");
        assert_eq!(called("prefix", "removeprefix", &["pre".into()]), "fix");
        assert_eq!(called("a=b=c", "rpartition", &["=".into()]), "['a=b', '=', 'c']");
        assert_eq!(called("éb", "index", &["b".into()]), "1");
        assert_eq!(percent("%s is %d%%", &["x".into(), 5.into()]).expect("fits").to_string(), "x is 5%");
        assert!(method("a", "index", &["z".into()]).expect("a method").is_err());
        assert!(method("a", "zfill", &[100_000.into()]).expect("a method").is_err());
    }
}
