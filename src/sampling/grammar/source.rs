//! Where a grammar comes from: GBNF, a JSON schema or a list of choices; checked when it is made.

use std::{fs::File, io::Read as _, path::Path, sync::Arc};

use super::{GrammarError, check, check::MAX_GRAMMAR, quiet::quietly, schema_fault};
use crate::text::{decode_data, without_mark};

/// What the generated text has to fit, if anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrammarSource(Option<Source>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Gbnf(Arc<str>),
    Schema { schema: Arc<str>, gbnf: Arc<str>, warning: Option<Arc<str>> },
    Choices { choices: Vec<String>, gbnf: Arc<str> },
}

impl GrammarSource {
    /// Nothing: any text.
    pub const NONE: Self = Self(None);

    /// A grammar in GBNF, llama.cpp's form of it; an empty text is none.
    pub fn gbnf(text: &str) -> Result<Self, GrammarError> {
        let text = without_mark(text);
        if text.trim().is_empty() {
            return Ok(Self::NONE);
        }
        check::check(text)?;
        Ok(Self(Some(Source::Gbnf(text.into()))))
    }

    /// A JSON schema, turned into a grammar by llama.cpp.
    pub fn json_schema(text: &str) -> Result<Self, GrammarError> {
        let text = without_mark(text);
        if text.trim().is_empty() {
            return Err(GrammarError::Empty("JSON schema", ": {} takes any JSON"));
        }
        if text.len() > MAX_GRAMMAR {
            return Err(GrammarError::TooLong { length: text.len(), limit: MAX_GRAMMAR });
        }
        // It also bounds how deep values may be nested.
        let schema: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| GrammarError::NoJson { what: error.to_string(), line: error.line() })?;
        if !schema.is_object() {
            let what = "a schema is an object, such as {\"type\": \"object\"}".to_owned();
            return Err(GrammarError::NoJson { what, line: 0 });
        }
        let convert = |text: &str| quietly(|| llama_cpp_2::json_schema_to_grammar(text));
        let (grammar, said) = convert(text);
        let gbnf = grammar.map_err(|_| {
            let converts = |schema: &serde_json::Value| convert(&schema.to_string()).0.is_ok();
            GrammarError::Schema(schema_fault::find(&schema, converts))
        })?;
        check::check(&gbnf)?;
        let warning = warning(&said);
        if let Some(warning) = &warning {
            tracing::warn!("{warning}");
        }
        Ok(Self(Some(Source::Schema { schema: text.into(), gbnf: gbnf.into(), warning })))
    }

    /// One of these texts; no text at all is none.
    pub fn choices(choices: Vec<String>) -> Result<Self, GrammarError> {
        if choices.is_empty() {
            return Ok(Self::NONE);
        }
        if choices.iter().any(String::is_empty) {
            return Err(GrammarError::EmptyChoice);
        }
        let quoted: Vec<String> = choices.iter().map(|choice| quoted(choice)).collect();
        let gbnf = format!("root ::= {}", quoted.join(" | "));
        check::check(&gbnf)?;
        Ok(Self(Some(Source::Choices { choices, gbnf: gbnf.into() })))
    }

    /// A grammar read from a file of GBNF.
    pub fn gbnf_file(path: &Path) -> Result<Self, GrammarError> {
        let source = Self::gbnf(&read(path)?).map_err(|error| error.in_file(path))?;
        if source.is_none() { Err(GrammarError::Empty("grammar", "").in_file(path)) } else { Ok(source) }
    }

    /// A JSON schema read from a file.
    pub fn json_schema_file(path: &Path) -> Result<Self, GrammarError> {
        Self::json_schema(&read(path)?).map_err(|error| error.in_file(path))
    }

    /// Whether any text fits.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The grammar as GBNF; None for none.
    #[must_use]
    pub fn as_gbnf(&self) -> Option<&str> {
        self.0.as_ref().map(|source| match source {
            Source::Gbnf(gbnf) | Source::Schema { gbnf, .. } | Source::Choices { gbnf, .. } => &**gbnf,
        })
    }

    /// The JSON schema, where it came from one.
    #[must_use]
    pub fn as_json_schema(&self) -> Option<&str> {
        match &self.0 {
            Some(Source::Schema { schema, .. }) => Some(schema),
            _ => None,
        }
    }

    /// What llama.cpp's converter says that it could not keep of the schema; None where it kept all.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        match &self.0 {
            Some(Source::Schema { warning, .. }) => warning.as_deref(),
            _ => None,
        }
    }

    /// The choices, where it came from some.
    #[must_use]
    pub fn as_choices(&self) -> Option<&[String]> {
        match &self.0 {
            Some(Source::Choices { choices, .. }) => Some(choices),
            _ => None,
        }
    }

    /// What it is, in a few words: `JSON schema`, `3 choices`; empty for none.
    #[must_use]
    pub fn short(&self) -> String {
        match &self.0 {
            None => String::new(),
            Some(Source::Gbnf(_)) => "GBNF".to_owned(),
            Some(Source::Schema { .. }) => "JSON schema".to_owned(),
            Some(Source::Choices { choices, .. }) if choices.len() == 1 => "1 choice".to_owned(),
            Some(Source::Choices { choices, .. }) => format!("{} choices", choices.len()),
        }
    }
}

/// The converter's warning in what it wrote to standard error.
fn warning(said: &str) -> Option<Arc<str>> {
    let said = said.trim();
    let said = said.strip_prefix("WARNING: ").unwrap_or(said);
    (!said.is_empty()).then(|| said.into())
}

/// A text as a GBNF literal.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text of a file, which must not be longer than a grammar may be.
fn read(path: &Path) -> Result<String, GrammarError> {
    let wrong = |what: String| GrammarError::File { path: path.display().to_string(), what };
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    let mut bytes = Vec::new();
    let length = file
        .take(MAX_GRAMMAR as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| wrong(error.to_string()))?;
    if length > MAX_GRAMMAR {
        return Err(wrong(format!("it is longer than {MAX_GRAMMAR} bytes")));
    }
    decode_data(bytes).map_err(|not_text| wrong(format!("it {not_text}")))
}
