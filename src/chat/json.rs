//! Python's `json.dumps` for template values.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::MAX_TEXT;

/// Nesting a value may have; templates build values, and building is bounded only by fuel.
const MAX_DEPTH: usize = 64;

/// `value` as Python's `json.dumps(value, ensure_ascii=False, indent=indent)` writes it: `", "` and `": "` between
/// items, or one item a line.
pub(super) fn dumps(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let mut out = String::new();
    write(&mut out, value, indent, 0)?;
    Ok(out)
}

fn write(out: &mut String, value: &Value, indent: Option<usize>, depth: usize) -> Result<(), Error> {
    // A list that holds another one twice, which holds another one twice, … is small until it is written out.
    if depth > MAX_DEPTH || out.len() > MAX_TEXT {
        let message = "tojson: the value is nested too deeply or too large";
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => out.push_str("null"),
        ValueKind::Bool | ValueKind::Number => out.push_str(&value.to_string().to_lowercase()),
        ValueKind::String => quote(out, value.as_str().unwrap_or_default()),
        ValueKind::Map => {
            let keys: Vec<Value> = value.try_iter()?.collect();
            list(out, ['{', '}'], &keys, indent, depth, |out, key| {
                quote(out, &key.to_string());
                out.push_str(": ");
                write(out, &value.get_item(key)?, indent, depth + 1)
            })?;
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Vec<Value> = value.try_iter()?.collect();
            list(out, ['[', ']'], &items, indent, depth, |out, item| write(out, item, indent, depth + 1))?;
        }
        other => {
            let message = format!("tojson: {other} has no JSON form");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    }
    Ok(())
}

fn list(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[Value],
    indent: Option<usize>,
    depth: usize,
    mut item: impl FnMut(&mut String, &Value) -> Result<(), Error>,
) -> Result<(), Error> {
    out.push(open);
    for (index, value) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(if indent.is_some() { "," } else { ", " });
        }
        new_line(out, indent, depth + 1);
        item(out, value)?;
    }
    if !items.is_empty() {
        new_line(out, indent, depth);
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
fn quote(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[test]
    fn as_python_writes_it() {
        let value = context! {
            name => "a<b>\n\"é\"",
            list => vec![Value::from(1), Value::from(2.5), Value::from(true), Value::from(())],
            empty => Vec::<Value>::new(),
        };
        assert_eq!(
            dumps(&value, None).expect("plain data"),
            r#"{"name": "a<b>\n\"é\"", "list": [1, 2.5, true, null], "empty": []}"#
        );
    }

    #[test]
    fn indented() {
        let value = context! { a => vec![1, 2] };
        assert_eq!(dumps(&value, Some(2)).expect("plain data"), "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
    }
}
