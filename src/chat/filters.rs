//! Filters, tests and methods where llama.cpp's templates have others than minijinja, or none.

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::{
    MAX_WIDTH, json,
    number::general,
    strings::{self, too_wide, wrong},
};

/// Methods of Python's texts that templates use as filters, too.
const TEXT_FILTERS: [&str; 12] = [
    "strip",
    "trim",
    "lstrip",
    "rstrip",
    "upper",
    "lower",
    "capitalize",
    "title",
    "split",
    "rsplit",
    "format",
    "removeprefix",
];

/// Puts them all into an environment.
pub(super) fn install(environment: &mut Environment<'static>) {
    for name in TEXT_FILTERS {
        environment.add_filter(name, move |value: &Value, args: Rest<Value>, named: Kwargs| {
            text_filter(name, value, &with_named(&args, &named))
        });
    }
    for name in ["startswith", "endswith", "keys", "values", "get"] {
        environment.add_filter(name, move |state: &mut State, value: &Value, args: Rest<Value>| {
            minijinja_contrib::pycompat::unknown_method_callback(state, value, name, &args)
        });
    }
    environment.add_filter("tojson", tojson);
    environment.add_filter("indent", indent);
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("length", length);
    environment.add_filter("count", length);
    environment.add_filter("int", int);
    environment.add_filter("sort", sort);
    environment.add_filter("dictsort", dictsort);
    environment.add_filter("python_percent", |text: &Value, args: Rest<Value>| match text.as_str() {
        Some(text) => strings::percent(text, &args),
        None => Err(wrong("% wants a text before it")),
    });
    environment.add_filter("wordcount", |value: &Value| minijinja_contrib::filters::wordcount(value));
    environment.add_filter("truncate", truncate);
    environment.add_filter("string", string);
    environment.add_test("sequence", is_sequence);
    environment.add_test("iterable", is_sequence);
    environment.add_test("callable", |value: &Value| {
        value.as_object().is_some() && value.kind() == ValueKind::Plain
    });
}

/// A method that minijinja does not know.
pub(super) fn method(state: &mut State, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    if let Some(result) = value.as_str().and_then(|text| strings::method(text, name, args)) {
        return result;
    }
    match minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args) {
        // What is a filter here is a method in llama.cpp, too.
        Err(error) if error.kind() == ErrorKind::UnknownMethod && is_method(name) => {
            let args: Vec<Value> = std::iter::once(value.clone()).chain(args.iter().cloned()).collect();
            state.apply_filter(name, &args)
        }
        result => result,
    }
}

/// Filters that llama.cpp lets templates call as methods.
fn is_method(name: &str) -> bool {
    [
        "default", "length", "first", "last", "list", "join", "string", "tojson", "map", "sort", "reverse",
        "min", "max",
    ]
    .contains(&name)
        || [
            "abs",
            "int",
            "float",
            "safe",
            "select",
            "selectattr",
            "reject",
            "rejectattr",
            "indent",
            "dictsort",
        ]
        .contains(&name)
}

/// A text is made of whatever is filtered; nothing stays of an undefined value.
fn text_filter(name: &str, value: &Value, args: &[Value]) -> Result<Value, Error> {
    if value.is_undefined() {
        return Ok(if name.ends_with("split") { Vec::<Value>::new().into() } else { "".into() });
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    strings::method(&text, name, args).unwrap_or_else(|| Err(wrong(name)))
}

/// Arguments by position with those by name behind them, as a method takes them.
fn with_named(args: &[Value], named: &Kwargs) -> Vec<Value> {
    let named = named.args().next().is_some().then(|| Value::from(named.clone()));
    args.iter().cloned().chain(named).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn tojson(value: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    json::dumps(value, &json::Style::of(&args, &named)?).map(Value::from)
}

/// An argument by name, else by position, else undefined.
fn argument(args: &[Value], named: &Kwargs, index: usize, name: &str) -> Result<Value, Error> {
    Ok(named.get::<Option<Value>>(name)?.or_else(|| args.get(index).cloned()).unwrap_or_default())
}

/// `indent(width, first, blank)`; the width is a number of spaces or the text of an indent.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn indent(text: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let argument = |index, name| argument(&args, &named, index, name);
    let (width, first, blank) = (argument(0, "width")?, argument(1, "first")?, argument(2, "blank")?);
    named.assert_all_used()?;
    let indent = match (width.as_str(), usize::try_from(width.clone())) {
        (Some(text), _) if text.len() <= MAX_WIDTH => text.to_owned(),
        (None, Ok(width)) if width <= MAX_WIDTH => " ".repeat(width),
        (None, Err(_)) if width.is_undefined() || width.is_none() => " ".repeat(4),
        _ => return Err(too_wide()),
    };
    let text = text.to_string();
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        // What follows the last newline is a line only where blank ones count.
        let ends = lines.peek().is_none() && index > 0 && line.is_empty();
        let indented =
            if index == 0 { first.is_true() } else { blank.is_true() || (!line.is_empty() && !ends) };
        if indented {
            out.push_str(&indent);
        }
        out.push_str(line);
        if lines.peek().is_some() {
            out.push('\n');
        }
    }
    Ok(out.into())
}

/// Also none has a default, as in llama.cpp.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn default(value: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let other = named.get::<Option<Value>>("default_value")?.or_else(|| args.first().cloned());
    let lax = argument(&args, &named, 1, "boolean")?;
    named.assert_all_used()?;
    let missing = if lax.is_true() { !value.is_true() } else { value.is_undefined() || value.is_none() };
    Ok(if missing { other.unwrap_or_else(|| "".into()) } else { value.clone() })
}

fn length(value: &Value) -> Result<usize, Error> {
    if value.is_undefined() { Ok(0) } else { minijinja::filters::length(value) }
}

/// The number that a text begins with, as C reads it; the default, or 0, where there is none.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn int(value: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let other = named.get::<Option<Value>>("default")?.or_else(|| args.first().cloned());
    let base =
        named.get::<Option<u32>>("base")?.or_else(|| u32::try_from(args.get(1)?.clone()).ok()).unwrap_or(10);
    named.assert_all_used()?;
    if !(2..=36).contains(&base) {
        return Err(wrong("int: the base is a number from 2 to 36"));
    }
    let other = other.unwrap_or_else(|| 0.into());
    Ok(match value.kind() {
        ValueKind::Number if value.is_integer() => value.clone(),
        ValueKind::Number => (f64::try_from(value.clone())? as i64).into(),
        ValueKind::Bool => i64::from(value.is_true()).into(),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default().trim_start_matches(strings::is_blank);
            let sign = usize::from(text.starts_with(['-', '+']));
            let digits = text[sign..].find(|c: char| !c.is_digit(base)).unwrap_or(text.len() - sign);
            i32::from_str_radix(&text[..sign + digits], base).map_or(other, Value::from)
        }
        _ => other,
    })
}

/// Floats are written as in JSON, as llama.cpp has it.
fn string(value: &Value) -> Result<Value, Error> {
    if value.kind() == ValueKind::Number && !value.is_integer() {
        return Ok(general(f64::try_from(value.clone())?).into());
    }
    Ok(value.to_string().into())
}

/// Jinja's `truncate(length, killwords, end, leeway)`, whose arguments minijinja takes by name only.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn truncate(state: &mut State, value: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let mut given = Vec::new();
    for (index, name) in ["length", "killwords", "end", "leeway"].into_iter().enumerate() {
        let argument = argument(&args, &named, index, name)?;
        if !argument.is_undefined() {
            given.push((name, argument));
        }
    }
    named.assert_all_used()?;
    minijinja_contrib::filters::truncate(state, value, given.into_iter().collect())
}

/// Capital letters come first, as llama.cpp has it.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn sort(state: &State, value: Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let reverse = argument(&args, &named, 0, "reverse")?.is_true();
    let _ = argument(&args, &named, 1, "case_sensitive")?;
    let attribute = argument(&args, &named, 2, "attribute")?;
    named.assert_all_used()?;
    let mut given = vec![("reverse", Value::from(reverse)), ("case_sensitive", true.into())];
    if !attribute.is_undefined() {
        given.push(("attribute", attribute));
    }
    minijinja::filters::sort(state, value, given.into_iter().collect())
}

/// Capital letters come first here, too.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn dictsort(value: &Value, args: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let _ = argument(&args, &named, 0, "case_sensitive")?;
    let by = argument(&args, &named, 1, "by")?;
    let reverse = argument(&args, &named, 2, "reverse")?.is_true();
    named.assert_all_used()?;
    let by = if by.as_str() == Some("value") { "value" } else { "key" };
    let given = [("case_sensitive", Value::from(true)), ("reverse", reverse.into()), ("by", by.into())];
    minijinja::filters::dictsort(value, given.into_iter().collect())
}

/// Also texts and what is not defined can be walked through, as in llama.cpp.
fn is_sequence(value: &Value) -> bool {
    matches!(
        value.kind(),
        ValueKind::Undefined | ValueKind::String | ValueKind::Seq | ValueKind::Iterable | ValueKind::Map
    )
}
