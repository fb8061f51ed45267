//! One model with all that its header says.

use std::path::Path;

use super::{Card, Fit};
use crate::{
    gguf::{Details, Entry, EntryValue},
    text::{Shown, bytes},
};

/// Characters of a text that are shown.
const LONGEST: usize = 300;

/// The page, line by line; all foreign text in it is harmless.
#[must_use]
pub fn page(path: &Path, details: &Details, fit: Option<&Fit>) -> Vec<String> {
    let mut lines = vec![Shown::path(path).as_str().to_owned()];
    match &details.checked {
        Ok(file) => {
            let card = Card::from(file);
            let name = card.name.as_deref().unwrap_or("(no name)");
            let kind = if card.diffusion { ", written by diffusion (`logitscope diffuse`)" } else { "" };
            let quantisation = card.quantisation.unwrap_or("no quantisation named");
            lines.push(format!(
                "{}: {}, {} parameters, {quantisation}, {}{kind}",
                Shown::inline(name),
                Shown::inline(&card.architecture),
                card.parameters_text(),
                bytes(card.size as f64)
            ));
            let chat = if card.chat_template { "a chat template" } else { "no chat template" };
            lines.push(format!("trained with a context of {} tokens; {chat}", card.context_length));
        }
        Err(error) => lines.push(format!("cannot be run: {}", Shown::inline(&error.fault.to_string()))),
    }
    if let Some(fit) = fit {
        lines.push(format!(
            "memory: {} ({} of weights, {} of KV cache at a context of {} tokens{})",
            fit.in_words(),
            bytes(fit.weights as f64),
            bytes(fit.kv as f64),
            fit.context,
            fit.free.map_or_else(String::new, |free| format!("; {} are free", bytes(free as f64)))
        ));
    }
    lines.push(String::new());
    lines.push(format!("GGUF version {}, {} keys", details.version, details.metadata.len()));
    lines.extend(details.metadata.iter().map(entry));
    lines.push(String::new());
    lines.push("tensors".to_owned());
    for it in &details.tensors {
        lines.push(format!("  {}: {} tensors, {}", it.name, it.count, bytes(it.bytes as f64)));
    }
    lines
}

fn entry(entry: &Entry) -> String {
    let value = match &entry.value {
        EntryValue::Plain(text) => text.clone(),
        EntryValue::Text(text) => shortened(text),
        EntryValue::List { length, first } if first.is_empty() => format!("{length} elements"),
        EntryValue::List { length, first } => {
            let first: Vec<String> =
                first.iter().map(|text| Shown::inline(text).as_str().to_owned()).collect();
            let more = if *length > first.len() as u64 { ", …" } else { "" };
            format!("{length} elements: {}{more}", first.join(", "))
        }
    };
    format!("  {} ({}): {value}", Shown::inline(&entry.key), entry.kind)
}

fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= LONGEST {
        return Shown::inline(text).as_str().to_owned();
    }
    let begins: String = text.chars().take(LONGEST).collect();
    format!("{}… ({count} characters)", Shown::inline(&begins))
}
