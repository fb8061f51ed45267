//! The models as JSON lines: one `model` a model. docs/json.md documents them.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use serde_json::Value;

use super::Row;
use crate::{
    gguf::{Details, EntryValue},
    models::{Card, Fit},
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Model(ModelLine<'a>),
}

#[derive(Serialize)]
struct ModelLine<'a> {
    name: &'a str,
    path: String,
    #[serde(rename = "where")]
    place: Option<&'a str>,
    size: u64,
    architecture: Option<&'a str>,
    parameters: Option<u64>,
    quantisation: Option<&'a str>,
    context: Option<u32>,
    chat_template: Option<bool>,
    diffusion: Option<bool>,
    memory: Option<Memory>,
    /// Why it cannot be run.
    refused: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<BTreeMap<&'a str, Value>>,
}

/// What a model needs, in bytes and tokens.
#[derive(Serialize)]
struct Memory {
    weights: u64,
    kv: u64,
    context: u64,
    free: Option<u64>,
    fits: Option<bool>,
    largest_context: Option<u64>,
}

impl From<&Fit> for Memory {
    fn from(fit: &Fit) -> Self {
        Self {
            weights: fit.weights,
            kv: fit.kv,
            context: fit.context,
            free: fit.free,
            fits: fit.fits(),
            largest_context: fit.shorter,
        }
    }
}

pub(super) fn list(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    for Row { model, fit } in rows {
        let refused = model.card.as_ref().and_then(|card| card.as_ref().err());
        let line = ModelLine {
            place: Some(model.found.place.label()),
            size: model.found.size,
            refused: refused.map(String::as_str),
            ..of(&model.found.name, &model.found.path, model.runs(), fit.as_ref())
        };
        write(&Line::Model(line), out)?;
    }
    Ok(())
}

pub(super) fn one(path: &Path, details: &Details, fit: Option<&Fit>, out: &mut dyn Write) -> io::Result<()> {
    let card = details.checked.as_ref().ok().map(Card::from);
    let refused = details.checked.as_ref().err().map(|error| error.fault.to_string());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let metadata = details.metadata.iter().map(|entry| (entry.key.as_str(), value(&entry.value))).collect();
    let line = ModelLine {
        size: card.as_ref().map_or(details.size, |card| card.size),
        refused: refused.as_deref(),
        metadata: Some(metadata),
        ..of(&name, path, card.as_ref(), fit)
    };
    write(&Line::Model(line), out)
}

fn of<'a>(name: &'a str, path: &Path, card: Option<&'a Card>, fit: Option<&Fit>) -> ModelLine<'a> {
    ModelLine {
        name,
        path: path.to_string_lossy().into_owned(),
        place: None,
        size: 0,
        architecture: card.map(|card| card.architecture.as_str()),
        parameters: card.map(|card| card.parameters),
        quantisation: card.and_then(|card| card.quantisation),
        context: card.map(|card| card.context_length),
        chat_template: card.map(|card| card.chat_template),
        diffusion: card.map(|card| card.diffusion),
        memory: fit.map(Memory::from),
        refused: None,
        metadata: None,
    }
}

/// Numbers as numbers where JSON has them; a list as its length and first elements.
fn value(value: &EntryValue) -> Value {
    match value {
        EntryValue::Text(text) => Value::from(text.as_str()),
        EntryValue::Plain(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())),
        EntryValue::List { length, first } => serde_json::json!({ "length": length, "first": first }),
    }
}

fn write(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
