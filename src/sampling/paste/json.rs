//! A JSON body as llama.cpp's server takes it, and `OpenAI`'s where it has the same, written and read.

use serde_json::{Map, Value, json};

use super::{MAX_PASTE, PasteError, Pasted, Target, effective, fields::FIELDS};
use crate::{
    sampling::{
        GrammarSource, LogitBias, Mirostat, SamplerKind, SamplingOverrides, SamplingSettings,
        seed_from_number,
    },
    token::Token,
};

/// The keys in addition to those of [`FIELDS`].
const OTHER_KEYS: [&str; 9] = [
    "samplers",
    "dry_sequence_breakers",
    "mirostat",
    "seed",
    "ignore_eos",
    "logit_bias",
    "grammar",
    "json_schema",
    "response_format",
];

/// The settings as the sampling keys of a request to llama.cpp's server (`/completion`, `/v1/completions`,
/// `/v1/chat/completions`) that make them on the target, indented.
///
/// Banned strings have no key there and are left out: [`without_flag`](super::without_flag) names them.
#[must_use]
pub fn json_body(settings: &SamplingSettings, target: &Target) -> String {
    let s = effective(settings);
    let mut body = Map::new();
    let mut add = |key: &str, value: Value| body.insert(key.to_owned(), value);
    if target.differs(|unsaid| unsaid.samplers != s.samplers) {
        add("samplers", s.samplers.iter().map(|kind| kind.name()).collect());
    }
    for field in &FIELDS {
        if let Some(number) = field.written(&s, target).and_then(|text| serde_json::from_str(&text).ok()) {
            add(field.name, number);
        }
    }
    if s.dry_sequence_breakers != SamplingSettings::default().dry_sequence_breakers {
        add("dry_sequence_breakers", s.dry_sequence_breakers.iter().map(String::as_str).collect());
    }
    if target.differs(|unsaid| unsaid.mirostat != s.mirostat) {
        add("mirostat", s.mirostat.number().into());
    }
    if !s.logit_bias.is_empty() {
        add("logit_bias", s.logit_bias.iter().copied().map(pair).collect());
    }
    if let Some(schema) = s.grammar.as_json_schema() {
        // It was read as JSON when it was set.
        add("json_schema", serde_json::from_str(schema).unwrap_or(Value::Null));
    } else if let Some(gbnf) = s.grammar.as_gbnf() {
        add("grammar", gbnf.into());
    }
    if s.ignore_eos {
        add("ignore_eos", true.into());
    }
    if let Some(seed) = s.seed {
        add("seed", seed.into());
    }
    format!("{:#}", Value::Object(body))
}

/// `[token, bias]`, with `false` for a ban.
fn pair(bias: LogitBias) -> Value {
    let number = serde_json::from_str::<Value>(&bias.bias.to_string());
    json!([bias.token.0, number.unwrap_or(Value::Bool(false))])
}

/// Reads a JSON body: llama.cpp's keys, `OpenAI`'s, and the usual other names.
pub fn from_json_body(text: &str) -> Result<Pasted, PasteError> {
    if text.len() > MAX_PASTE {
        return Err(PasteError::TooLong(text.len()));
    }
    let body: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| PasteError::NoJson(error.to_string()))?;
    let mut given = SamplingOverrides::default();
    let mut left_out = Vec::new();
    for (key, value) in &body {
        let known = read(&mut given, key, value).map_err(|what| wrong(key, value, &what))?;
        if !known {
            left_out.push(key.clone());
        }
    }
    Pasted::new(given, left_out)
}

/// Whether a text that is no JSON looks like a body with a setting in it: it begins as an object and has such a key.
pub(super) fn is_broken_body(text: &str) -> bool {
    let mut parts = text.split('"').peekable();
    let begins = parts.next().is_some_and(|start| start.trim() == "{");
    let mut found = false;
    while let Some(part) = parts.next() {
        let known = OTHER_KEYS.contains(&part)
            || FIELDS.iter().any(|field| field.name == part || field.aliases.contains(&part));
        found |= known && parts.peek().is_some_and(|after| after.trim_start().starts_with(':'));
    }
    begins && found
}

/// Whether the key is about sampling; what is wrong with its value.
fn read(given: &mut SamplingOverrides, key: &str, value: &Value) -> Result<bool, String> {
    // A key without a value says nothing.
    if value.is_null() {
        return Ok(true);
    }
    if let Some(field) = FIELDS.iter().find(|field| field.name == key || field.aliases.contains(&key)) {
        let number = value.as_number().ok_or("expected a number")?.to_string();
        // A whole number may be written with a point, as in 40.0.
        field.set(given, &number).or_else(|what| field.set(given, number.strip_suffix(".0").ok_or(what)?))?;
        return Ok(true);
    }
    match key {
        "samplers" => given.samplers = Some(samplers(value)?),
        "dry_sequence_breakers" => given.dry_sequence_breakers = Some(texts(value)?),
        "mirostat" => {
            let version = value.as_i64().and_then(|n| i32::try_from(n).ok()).and_then(Mirostat::from_number);
            given.mirostat = Some(version.ok_or("expected 0 (off), 1 or 2")?);
        }
        "seed" => {
            let seed = value.as_i64().and_then(seed_from_number);
            given.seed = Some(seed.ok_or("expected a whole number from 0 to 4294967295, or -1")?);
        }
        "ignore_eos" => given.ignore_eos = Some(value.as_bool().ok_or("expected true or false")?),
        "logit_bias" => given.logit_bias = Some(biases(value)?),
        "grammar" => {
            let gbnf = value.as_str().ok_or("expected a grammar in quotes")?;
            // The schema wins where both are given, as the server says.
            if given.grammar.as_ref().is_none_or(|grammar| grammar.as_json_schema().is_none()) {
                given.grammar = Some(GrammarSource::gbnf(gbnf).map_err(|error| error.to_string())?);
            }
        }
        "json_schema" => given.grammar = Some(schema(value)?),
        "response_format" => return response_format(given, value),
        _ => return Ok(false),
    }
    Ok(true)
}

fn samplers(value: &Value) -> Result<Vec<SamplerKind>, String> {
    match value {
        Value::String(letters) => SamplerKind::parse_letters(letters),
        other => SamplerKind::parse_names(&texts(other)?.join(";")),
    }
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let list = value.as_array().ok_or("expected a list of texts")?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    list.iter().map(text).collect::<Option<_>>().ok_or_else(|| "expected a list of texts".to_owned())
}

/// `[[token, bias], …]` or `{"token": bias, …}`, with `false` for a ban.
fn biases(value: &Value) -> Result<Vec<LogitBias>, String> {
    const EXPECTED: &str =
        "expected token ids with numbers, as in {\"15043\": -1} or [[15043, -1.0], [2, false]]";
    let one = |token: Option<u64>, bias: &Value| {
        let token = token.and_then(|token| u32::try_from(token).ok()).map(Token);
        let bias = match bias {
            Value::Bool(false) => Some(f32::NEG_INFINITY),
            other => other.as_f64().map(|bias| bias as f32),
        };
        Some(LogitBias { token: token?, bias: bias? })
    };
    let all: Option<Vec<_>> = match value {
        Value::Array(list) => list
            .iter()
            .map(|pair| match pair.as_array().map(Vec::as_slice) {
                Some([token, bias]) => one(token.as_u64(), bias),
                _ => None,
            })
            .collect(),
        Value::Object(map) => map.iter().map(|(token, bias)| one(token.parse().ok(), bias)).collect(),
        _ => None,
    };
    all.ok_or_else(|| EXPECTED.to_owned())
}

fn schema(value: &Value) -> Result<GrammarSource, String> {
    GrammarSource::json_schema(&value.to_string()).map_err(|error| error.to_string())
}

/// `OpenAI`'s `response_format`: a schema, any object, or plain text.
fn response_format(given: &mut SamplingOverrides, value: &Value) -> Result<bool, String> {
    match value["type"].as_str() {
        Some("text") => {}
        Some("json_object") => {
            let any = json!({ "type": "object" });
            given.grammar = Some(schema(value.get("schema").unwrap_or(&any))?);
        }
        Some("json_schema") => {
            let inner =
                value["json_schema"].get("schema").ok_or("expected a schema in json_schema.schema")?;
            given.grammar = Some(schema(inner)?);
        }
        _ => return Err("expected the type text, json_object or json_schema".to_owned()),
    }
    Ok(true)
}

/// A sentence about a value; long ones are cut short.
fn wrong(key: &str, value: &Value, what: &str) -> PasteError {
    let text = value.to_string();
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    PasteError::Value { name: key.to_owned(), value: shown, what: what.to_owned() }
}
