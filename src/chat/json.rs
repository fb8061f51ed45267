//! JSON as llama.cpp's `tojson` writes template values, which is Python's `json.dumps(…, ensure_ascii=False)` but for
//! floats.

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::{MAX_TEXT, MAX_WIDTH, number::general, probe::Probe};

/// Nesting a value may have; templates build values, and building is bounded only by fuel.
const MAX_DEPTH: usize = 64;

/// How it is written.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// Spaces a level, with one item a line; None for all on one line.
    indent: Option<usize>,
    item_separator: String,
    key_separator: String,
    sort_keys: bool,
    ascii: bool,
}

impl Style {
    /// From the arguments of `tojson`, by position (`ensure_ascii`, `indent`, `separators`, `sort_keys`) or by name.
    pub fn of(positional: &[Value], named: &Kwargs) -> Result<Self, Error> {
        let argument = |index: usize, name: &str| -> Result<Value, Error> {
            let value: Option<Value> = named.get(name)?;
            Ok(value.or_else(|| positional.get(index).cloned()).unwrap_or_default())
        };
        let ascii = argument(0, "ensure_ascii")?.is_true();
        let indent = argument(1, "indent")?;
        let separators = argument(2, "separators")?;
        let sort_keys = argument(3, "sort_keys")?.is_true();
        named.assert_all_used()?;
        let indent = usize::try_from(indent).ok().map(|width| width.min(MAX_WIDTH));
        let separator = |index: usize, default: &str| match separators.get_item_by_index(index) {
            Ok(text) if !text.is_undefined() => text.to_string(),
            _ => default.to_owned(),
        };
        let item_separator = separator(0, if indent.is_some() { "," } else { ", " });
        Ok(Self { indent, item_separator, key_separator: separator(1, ": "), sort_keys, ascii })
    }
}

/// `value` as JSON.
pub(super) fn dumps(value: &Value, style: &Style) -> Result<String, Error> {
    let mut out = String::new();
    write(&mut out, value, style, 0)?;
    Ok(out)
}

fn write(out: &mut String, value: &Value, style: &Style, depth: usize) -> Result<(), Error> {
    // A list that holds another one twice, which holds another one twice, … is small until it is written out.
    if depth > MAX_DEPTH || out.len() > MAX_TEXT {
        let message = "tojson: the value is nested too deeply or too large";
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    if let Some(probe) = value.downcast_object_ref::<Probe>() {
        return write(out, probe.written(), style, depth);
    }
    match value.kind() {
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number if value.is_integer() => out.push_str(&value.to_string()),
        ValueKind::Number => out.push_str(&general(f64::try_from(value.clone())?)),
        ValueKind::String => quote(out, value.as_str().unwrap_or_default(), style.ascii),
        ValueKind::Map => {
            let mut keys: Vec<Value> = value.try_iter()?.collect();
            if style.sort_keys {
                keys.sort_by_key(ToString::to_string);
            }
            list(out, ['{', '}'], &keys, style, depth, |out, key| {
                quote(out, &key.to_string(), style.ascii);
                out.push_str(&style.key_separator);
                write(out, &value.get_item(key)?, style, depth + 1)
            })?;
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Vec<Value> = value.try_iter()?.collect();
            list(out, ['[', ']'], &items, style, depth, |out, item| write(out, item, style, depth + 1))?;
        }
        // Undefined, none, and what has no JSON form.
        _ => out.push_str("null"),
    }
    Ok(())
}

fn list(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[Value],
    style: &Style,
    depth: usize,
    mut item: impl FnMut(&mut String, &Value) -> Result<(), Error>,
) -> Result<(), Error> {
    out.push(open);
    for (index, value) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(&style.item_separator);
        }
        new_line(out, style.indent, depth + 1);
        item(out, value)?;
    }
    if !items.is_empty() {
        new_line(out, style.indent, depth);
    }
    out.push(close);
    Ok(())
}

fn new_line(out: &mut String, indent: Option<usize>, depth: usize) {
    if let Some(width) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * depth));
    }
}

/// A JSON string; serde's escapes are those of Python with `ensure_ascii=False`.
fn quote(out: &mut String, text: &str, ascii: bool) {
    let quoted = serde_json::Value::from(text).to_string();
    if !ascii {
        out.push_str(&quoted);
        return;
    }
    let mut units = [0; 2];
    for c in quoted.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    fn dumped(value: &Value, named: &[(&str, Value)]) -> String {
        let style = Style::of(&[], &named.iter().cloned().collect()).expect("arguments of tojson");
        dumps(value, &style).expect("plain data")
    }

    #[test]
    fn as_python_writes_it() {
        let value = context! {
            name => "a<b>\n\"é\"",
            list => vec![Value::from(1), Value::from(2.5), Value::from(true), Value::from(())],
            empty => Vec::<Value>::new(),
        };
        assert_eq!(
            dumped(&value, &[]),
            r#"{"name": "a<b>\n\"é\"", "list": [1, 2.5, true, null], "empty": []}"#
        );
    }

    #[test]
    fn arguments_change_the_form() {
        let value = context! { b => vec![1, 2], a => "é😀" };
        let separators = Value::from(vec![",", ":"]);
        assert_eq!(dumped(&value, &[("separators", separators)]), r#"{"b":[1,2],"a":"é😀"}"#);
        assert_eq!(dumped(&value, &[("sort_keys", true.into())]), r#"{"a": "é😀", "b": [1, 2]}"#);
        assert_eq!(
            dumped(&value, &[("ensure_ascii", true.into())]),
            r#"{"b": [1, 2], "a": "\u00e9\ud83d\ude00"}"#
        );
        assert_eq!(
            dumped(&value, &[("indent", 2.into())]),
            "{\n  \"b\": [\n    1,\n    2\n  ],\n  \"a\": \"é😀\"\n}"
        );
    }
}
