//! A JSON body as llama.cpp's server takes it, and `OpenAI`'s where it has the same, written and read.

use serde_json::{Map, Value, json};

use super::{MAX_PASTE, PasteError, Pasted, Target, Tokens, effective, fields::FIELDS};
use crate::{
    sampling::{
        GrammarSource, LogitBias, Mirostat, SamplerKind, SamplingOverrides, SamplingSettings,
        seed_from_number,
    },
    text::without_mark,
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
    read_body(text, None)
}

pub(super) fn read_body(text: &str, tokens: Option<Tokens<'_>>) -> Result<Pasted, PasteError> {
    if text.len() > MAX_PASTE {
        return Err(PasteError::TooLong(text.len()));
    }
    let body: Map<String, Value> = serde_json::from_str(without_mark(text.trim_start()))
        .map_err(|error| PasteError::NoJson(error.to_string()))?;
    let mut reader = Reader { given: SamplingOverrides::default(), notes: Vec::new(), tokens };
    let mut left_out = Vec::new();
    for (key, value) in &body {
        // As llama.cpp's server has it: where there is a grammar, be it an empty one, the schema does not count.
        if body.contains_key("grammar") && ["json_schema", "response_format"].contains(&key.as_str()) {
            reader.notes.push(format!("Where grammar is given, {key} does not count."));
            continue;
        }
        let known = reader.read(key, value).map_err(|what| wrong(key, value, &what))?;
        if !known {
            left_out.push(key.clone());
        }
    }
    Pasted::new(reader.given, left_out, reader.notes)
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

struct Reader<'a> {
    given: SamplingOverrides,
    /// Sentences about what was not taken wholly.
    notes: Vec<String>,
    tokens: Option<Tokens<'a>>,
}

impl Reader<'_> {
    /// Whether the key is about sampling; what is wrong with its value.
    fn read(&mut self, key: &str, value: &Value) -> Result<bool, String> {
        // A key without a value says nothing.
        if value.is_null() {
            return Ok(true);
        }
        let given = &mut self.given;
        if let Some(field) = FIELDS.iter().find(|field| field.name == key || field.aliases.contains(&key)) {
            let number = value.as_number().ok_or("expected a number")?.to_string();
            // A whole number may be written with a point, as in 40.0.
            field
                .set(given, &number)
                .or_else(|what| field.set(given, number.strip_suffix(".0").ok_or(what)?))?;
            return Ok(true);
        }
        match key {
            "samplers" => self.samplers(value)?,
            "dry_sequence_breakers" => match texts(value) {
                Ok(breakers) => given.dry_sequence_breakers = Some(breakers),
                Err(what) => self.notes.push(format!("Passed over: {}.", sentence(key, value, &what))),
            },
            "mirostat" => {
                let version =
                    value.as_i64().and_then(|n| i32::try_from(n).ok()).and_then(Mirostat::from_number);
                given.mirostat = Some(version.ok_or("expected 0 (off), 1 or 2")?);
            }
            "seed" => {
                let seed = value.as_i64().and_then(seed_from_number);
                given.seed = Some(seed.ok_or("expected a whole number from 0 to 4294967295, or -1")?);
            }
            "ignore_eos" => given.ignore_eos = Some(value.as_bool().ok_or("expected true or false")?),
            "logit_bias" => self.biases(value)?,
            "grammar" => {
                let gbnf = value.as_str().ok_or("expected a grammar in quotes")?;
                given.grammar = Some(GrammarSource::gbnf(gbnf).map_err(|error| error.to_string())?);
            }
            "json_schema" => given.grammar = Some(schema(value)?),
            "response_format" => return response_format(given, value),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The samplers that are known here; the others are named.
    fn samplers(&mut self, value: &Value) -> Result<(), String> {
        if let Value::String(letters) = value {
            self.given.samplers = Some(SamplerKind::parse_letters(letters)?);
            return Ok(());
        }
        let (known, other): (Vec<String>, Vec<String>) =
            texts(value)?.into_iter().partition(|name| SamplerKind::parse_names(name).is_ok());
        self.given.samplers = Some(SamplerKind::parse_names(&known.join(";"))?);
        if !other.is_empty() {
            let names = super::short_list(&other);
            self.notes.push(format!("Samplers that are not known here, passed over: {names}."));
        }
        Ok(())
    }

    /// `[[token, bias], …]` or `{"token": bias, …}`, with `false` for a ban. A token is its number, or a text, of whose
    /// tokens each is meant.
    fn biases(&mut self, value: &Value) -> Result<(), String> {
        const EXPECTED: &str = "expected token ids or texts with numbers, as in {\"15043\": -1} or [[15043, -1.0], [\" no\", false]]";
        let pairs: Vec<(Value, &Value)> = match value {
            Value::Array(list) => list
                .iter()
                .map(|pair| match pair.as_array().map(Vec::as_slice) {
                    Some([token, bias]) => Some((token.clone(), bias)),
                    _ => None,
                })
                .collect::<Option<_>>()
                .ok_or(EXPECTED)?,
            Value::Object(map) => map
                .iter()
                .map(|(token, bias)| {
                    (token.parse().map_or_else(|_| token.as_str().into(), |id: u32| id.into()), bias)
                })
                .collect(),
            _ => return Err(EXPECTED.to_owned()),
        };
        let mut biases = Vec::new();
        for (token, bias) in pairs {
            let bias = match bias {
                Value::Bool(false) => f32::NEG_INFINITY,
                other => other.as_f64().ok_or(EXPECTED)? as f32,
            };
            biases.extend(self.meant(&token, EXPECTED)?.into_iter().map(|token| LogitBias { token, bias }));
        }
        self.given.logit_bias = Some(biases);
        Ok(())
    }

    fn meant(&mut self, token: &Value, expected: &str) -> Result<Vec<Token>, String> {
        let Value::String(text) = token else {
            let id = token.as_u64().and_then(|id| u32::try_from(id).ok());
            return id.map(|id| vec![Token(id)]).ok_or_else(|| expected.to_owned());
        };
        let Some(tokens) = self.tokens else {
            self.notes.push(format!("Passed over: the bias of {text:?}, whose tokens are those of a model."));
            return Ok(Vec::new());
        };
        Ok(tokens(text))
    }
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let list = value.as_array().ok_or("expected a list of texts")?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    list.iter().map(text).collect::<Option<_>>().ok_or_else(|| "expected a list of texts".to_owned())
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

fn wrong(key: &str, value: &Value, what: &str) -> PasteError {
    PasteError::Value { name: key.to_owned(), value: short(value), what: what.to_owned() }
}

fn sentence(key: &str, value: &Value, what: &str) -> String {
    format!("{key} {}: {what}", short(value))
}

/// A value as text; a long one is cut short.
fn short(value: &Value) -> String {
    let text = value.to_string();
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
