//! A model's chat template, rendered: what the prompt looks like to the model in a conversation.
//!
//! Templates are written for Hugging Face's Jinja (`apply_chat_template` in its transformers library), so blocks are
//! trimmed, Python's string methods work and `raise_exception`, `strftime_now` and `tojson` are there as they are in
//! it. A template comes with the model file and is not trusted: work and nesting are bounded.

mod clock;
mod json;

use std::time::SystemTime;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, StringInput, Value};
use minijinja::{Environment, Error, ErrorKind, context};

/// Instructions a template may take; real ones use some hundreds a message.
const FUEL: u64 = 1_000_000;

/// Nesting a template may reach, well within a thread's stack.
const RECURSION: usize = 100;

/// The longest width a format may ask for; more is only good for taking memory.
const MAX_WIDTH: usize = 1000;

/// Bytes of text a template may write besides the messages, and the JSON of one value.
const MAX_TEXT: usize = 1 << 20;

/// One user message, put through a chat template.
#[derive(Clone, Copy, Debug)]
pub struct Chat<'a> {
    /// The template's text, `tokenizer.chat_template` in the model file.
    pub template: &'a str,
    /// The text of the token that begins a sequence; empty if the model has none.
    pub bos: &'a str,
    /// The text of the token that ends a sequence; empty if the model has none.
    pub eos: &'a str,
    /// The system message.
    pub system: Option<&'a str>,
    /// The user's message.
    pub user: &'a str,
}

/// A chat template that cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// The template refuses these messages (`raise_exception`).
    #[error("the model's chat template refuses this conversation: {0}")]
    Refused(String),
    /// It takes too many steps, or writes too much.
    #[error("the model's chat template does too much{0}; it was stopped")]
    TooMuch(Line),
    /// It is wrong, or uses something not known here.
    #[error("the model's chat template does not work{line}: {what}")]
    Broken {
        /// Where.
        line: Line,
        /// What is wrong.
        what: String,
    },
}

/// A line of a template, 1 and up, if known. Shown as " in line 3", or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(pub Option<usize>);

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, " in line {line}"))
    }
}

/// Takes what a template writes, up to a bound.
struct Bounded {
    bytes: Vec<u8>,
    room: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.room {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.room -= bytes.len();
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins the detail of an error that the template itself raised, to tell it from others.
const RAISED: &str = "raised: ";

impl Chat<'_> {
    /// The prompt as the model's template has it, up to where the answer begins.
    pub fn render(&self) -> Result<String, ChatError> {
        self.render_at(SystemTime::now())
    }

    /// [`render`](Self::render) with `now` as the time `strftime_now` tells (in UTC).
    pub fn render_at(&self, now: SystemTime) -> Result<String, ChatError> {
        let mut environment = environment(now);
        environment.add_template("chat", self.template).map_err(|error| broken(&error))?;
        let message = |role: &str, content: &str| context! { role, content };
        let mut messages: Vec<Value> = self.system.map(|text| message("system", text)).into_iter().collect();
        messages.push(message("user", self.user));
        // Hugging Face passes `tools` and `documents` as None, and templates compare them with none.
        let context = context! {
            messages,
            add_generation_prompt => true,
            bos_token => self.bos,
            eos_token => self.eos,
            tools => (),
            documents => (),
        };
        let template = environment.get_template("chat").map_err(|error| broken(&error))?;
        let mut out = Bounded { bytes: Vec::new(), room: self.room() };
        template.render_captured_to(context, &mut out).map_err(|error| broken(&error))?;
        // Nothing but text was written.
        Ok(String::from_utf8_lossy(&out.bytes).into_owned())
    }

    /// Bytes the rendered prompt may take: the messages some times over, and what a template says besides.
    fn room(&self) -> usize {
        let messages = self.system.map_or(0, str::len) + self.user.len();
        MAX_TEXT.saturating_add(messages.saturating_mul(4))
    }
}

/// `prompt` without the beginning-of-sequence text that its template wrote, for a tokenizer that adds that token itself
/// (llama.cpp does the same, lest the token come twice).
#[must_use]
pub fn without_bos<'a>(prompt: &'a str, bos: &str) -> &'a str {
    if bos.is_empty() { prompt } else { prompt.strip_prefix(bos).unwrap_or(prompt) }
}

fn environment(now: SystemTime) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default delimiters are valid"));
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    environment.set_unknown_method_callback(|state, value, method, args| {
        if method == "format" {
            check_widths(value)?;
        }
        minijinja_contrib::pycompat::unknown_method_callback(state, value, method, args)
    });
    environment.add_filter("tojson", tojson);
    environment.add_filter("indent", indent);
    environment.add_filter("format", format);
    environment.add_function("raise_exception", |text: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, format!("{RAISED}{text}")))
    });
    environment.add_function("strftime_now", move |format: String| clock::strftime(&format, now));
    environment
}

/// Python's `json.dumps(value, ensure_ascii=False)`: not escaped for HTML, unlike Jinja's own filter.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn tojson(value: &Value, args: Kwargs) -> Result<Value, Error> {
    let indent: Option<usize> = args.get("indent")?;
    // Accepted for the sake of templates that name them; the values HF passes are what is done anyway.
    for name in ["ensure_ascii", "sort_keys", "separators"] {
        let _: Option<Value> = args.get(name)?;
    }
    args.assert_all_used()?;
    json::dumps(value, indent.map(|width| width.min(MAX_WIDTH))).map(Value::from)
}

/// minijinja's own filter, with a bound on the width.
fn indent(
    text: StringInput<'_>,
    width: Option<usize>,
    first: Option<bool>,
    blank: Option<bool>,
    named: Kwargs,
) -> Result<Value, Error> {
    let widest = width.max(named.peek("width").unwrap_or_default());
    if widest.is_some_and(|width| width > MAX_WIDTH) {
        return Err(too_wide());
    }
    minijinja::filters::indent(text, width, first, blank, named)
}

/// minijinja's own filter, with a bound on widths in the format.
#[expect(clippy::needless_pass_by_value, reason = "the form of a filter's arguments")]
fn format(text: &Value, args: Rest<Value>) -> Result<String, Error> {
    check_widths(text)?;
    let text = text.as_str().unwrap_or_default();
    minijinja::formatting::format(minijinja::formatting::FormatStyle::Printf, text, &args)
}

/// Refuses a format that holds a number above [`MAX_WIDTH`], or takes its width from an argument.
fn check_widths(format: &Value) -> Result<(), Error> {
    let text = format.as_str().unwrap_or_default();
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let wide = numbers
        .into_iter()
        .any(|digits| digits.parse().is_ok_and(|n: usize| n > MAX_WIDTH) || digits.len() > 9);
    if wide || text.contains('*') { Err(too_wide()) } else { Ok(()) }
}

fn too_wide() -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("a width above {MAX_WIDTH} characters"))
}

/// minijinja's error in our words.
fn broken(error: &Error) -> ChatError {
    let line = Line(error.line());
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match (error.kind(), detail.strip_prefix(RAISED)) {
        (_, Some(raised)) => ChatError::Refused(raised.to_owned()),
        (ErrorKind::OutOfFuel | ErrorKind::WriteFailure, _) => ChatError::TooMuch(line),
        _ => ChatError::Broken { line, what: detail },
    }
}

#[cfg(test)]
mod tests;
