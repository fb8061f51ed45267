//! A template and what is rendered with it.

use std::{collections::BTreeMap, sync::OnceLock, time::SystemTime};

use jiff::ZonedDateTime;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use super::{
    MAX_TEXT,
    caps::Caps,
    clock,
    environment::environment,
    error::{ChatError, broken},
    message::{Content, Message, map},
    source::Source,
};

/// What a vocabulary says about the tokens around a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The text of the token that begins a sequence; empty if the model has none.
    pub bos: String,
    /// The text of the token that ends a sequence; empty if the model has none.
    pub eos: String,
    /// Whether the tokenizer puts the former before every text: then a prompt is rendered without it.
    pub adds_bos: bool,
    /// Whether it puts the latter behind every text: then a prompt is rendered without it.
    pub adds_eos: bool,
}

/// A chat template that is written in Jinja.
#[derive(Clone, Debug)]
pub struct Template {
    /// What it is called in errors.
    name: String,
    source: Source,
    ends: Ends,
    variables: Map<String, Json>,
    caps: OnceLock<Caps>,
}

/// A prompt, ready to become tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The prompt, up to where the answer begins.
    pub text: String,
    /// What a user should know about it.
    pub notes: Vec<Note>,
}

/// What a user should know about a rendered prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// The template reads no system message.
    #[error("the chat template has no place for a system message: its text was put before the next message")]
    SystemMerged,
    /// The template reads no system message, and there was no other to put it into.
    #[error("the chat template has no place for a system message: it was left out")]
    SystemLeftOut,
    /// The template has tags that are not known.
    #[error("the chat template has tags that are not known, which were passed over: {0}")]
    PassedOver(String),
}

impl Template {
    /// A template of this text; `name` is what errors call it, as in "the model's chat template". It is checked when it is
    /// first rendered.
    #[must_use]
    pub fn new(name: &str, text: &str, ends: Ends) -> Self {
        Self {
            name: name.to_owned(),
            source: Source::of(text),
            ends,
            variables: Map::new(),
            caps: OnceLock::new(),
        }
    }

    /// With more variables for it (`--chat-template-kwargs`), which win over those it has anyway.
    #[must_use]
    pub fn with_variables(mut self, variables: Map<String, Json>) -> Self {
        self.variables = variables;
        self
    }

    /// Whether it reads system messages; where not, their text becomes part of the next message.
    #[must_use]
    pub fn takes_system(&self) -> bool {
        self.caps().system
    }

    /// The prompt for these messages, up to where the answer begins.
    pub fn render(&self, messages: &[Message]) -> Result<Rendered, ChatError> {
        self.render_at(messages, true, SystemTime::now())
    }

    /// [`render`](Self::render), with or without the beginning of an answer, and with `now` as the time it tells.
    pub fn render_at(
        &self,
        messages: &[Message],
        answer: bool,
        now: SystemTime,
    ) -> Result<Rendered, ChatError> {
        let mut notes = Vec::new();
        if !self.source.passed_over.is_empty() {
            notes.push(Note::PassedOver(self.source.passed_over.join(", ")));
        }
        let room =
            messages.iter().map(|message| message.content.text().len()).sum::<usize>().saturating_mul(4);
        let messages = self.prepared(messages, &mut notes);
        let now = clock::local(now);
        let mut variables = self.all_variables(&now);
        variables.insert("messages".to_owned(), messages.into());
        if answer {
            variables.insert("add_generation_prompt".to_owned(), true.into());
        }
        let text = self.run(variables, &now, MAX_TEXT.saturating_add(room))?;
        Ok(Rendered { text: self.without_ends(&text).to_owned(), notes })
    }

    /// The messages as this template takes them.
    fn prepared(&self, messages: &[Message], notes: &mut Vec<Note>) -> Vec<Value> {
        let caps = self.caps();
        let mut messages = messages.to_vec();
        for message in &mut messages {
            self.adapt(message);
        }
        if !caps.system && messages.first().is_some_and(|message| message.role == "system") {
            let system = messages.remove(0).content.text();
            notes.push(if let Some(next) = messages.first_mut() {
                next.content = Content::Text(format!("{system}\n{}", next.content.text()));
                Note::SystemMerged
            } else {
                Note::SystemLeftOut
            });
        }
        messages.iter().map(|message| self.value(message, caps)).collect()
    }

    /// What llama.cpp changes in messages for all templates, and for some.
    fn adapt(&self, message: &mut Message) {
        if message.role == "developer" && !self.has("<|channel|>") {
            "system".clone_into(&mut message.role);
        }
        if self.has("You have access to the following functions in JSONSchema format") {
            let trimmed = |text: &String| text.trim().to_owned();
            message.content = match &message.content {
                Content::Text(text) => Content::Text(trimmed(text)),
                Content::Parts(parts) => Content::Parts(parts.iter().map(trimmed).collect()),
            };
        }
    }

    /// A message as this template takes it.
    fn value(&self, message: &Message, caps: Caps) -> Value {
        let mut entries = message.value(message.content.value(caps.form), caps.argument_maps);
        let thinking = message.reasoning.as_deref();
        if let Some(text) =
            thinking.filter(|_| ["<|channel|>", "List of tools: ["].iter().any(|text| self.has(text)))
        {
            entries.push(("thinking", text.into()));
        }
        // Templates of one family take what system and assistant say as a list of parts, and what users say as it is.
        let family = self.has("[SYSTEM_PROMPT]") && self.has("[TOOL_CALLS]") && self.has("[ARGS]");
        if family && !self.has("[CALL_ID]") && matches!(message.role.as_str(), "system" | "assistant") {
            let thinking = thinking.map(|text| map([("type", "thinking".into()), ("thinking", text.into())]));
            let parts: Vec<Value> = thinking.into_iter().chain(message.content.parts()).collect();
            entries.retain(|(name, _)| *name != "reasoning_content");
            entries[1].1 = parts.into();
        }
        map(entries)
    }

    fn has(&self, text: &str) -> bool {
        self.source.text.contains(text)
    }

    /// What a template is told besides the messages.
    fn all_variables(&self, now: &ZonedDateTime) -> BTreeMap<String, Value> {
        let mut all: BTreeMap<String, Value> = [
            ("bos_token", Value::from(self.ends.bos.as_str())),
            ("eos_token", self.ends.eos.as_str().into()),
            ("enable_thinking", true.into()),
            ("datetime", clock::date("%b %d %Y", now).into()),
            ("date_string", clock::date("%d %b %Y", now).into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let mut add = |name: &str, value: Value| all.insert(name.to_owned(), value);
        // llama.cpp's server keeps the thoughts of earlier answers unless told otherwise.
        let keep = self.variables.get("preserve_reasoning").cloned().unwrap_or(Json::Bool(true));
        if let Some(keep) = keep.as_bool() {
            add("preserve_thinking", keep.into());
            for opposite in ["clear_thinking", "truncate_history_thinking", "drop_thinking"] {
                add(opposite, (!keep).into());
            }
        }
        add("preserve_reasoning", foreign(&keep));
        if let Some(effort) = self.variables.get("reasoning_effort").and_then(Json::as_str) {
            add("reasoning_strength", effort.into());
        }
        for (name, value) in &self.variables {
            add(name, foreign(value));
        }
        all
    }

    /// llama.cpp's tokenizer adds these itself, and they are not to come twice.
    fn without_ends<'a>(&self, text: &'a str) -> &'a str {
        let Ends { bos, eos, adds_bos, adds_eos } = &self.ends;
        let text = text.strip_prefix(bos.as_str()).filter(|_| *adds_bos).unwrap_or(text);
        text.strip_suffix(eos.as_str()).filter(|_| *adds_eos).unwrap_or(text)
    }

    fn caps(&self) -> Caps {
        *self.caps.get_or_init(|| Caps::of(self))
    }

    /// What the template makes of these messages, to find out what it can take; None where it fails.
    pub(super) fn tried(&self, messages: Value) -> Option<String> {
        let variables = [
            ("messages", messages),
            ("tools", Vec::<Value>::new().into()),
            ("bos_token", "".into()),
            ("eos_token", "".into()),
            ("add_generation_prompt", true.into()),
        ];
        let now = clock::local(SystemTime::now());
        self.run(variables.map(|(name, value)| (name.to_owned(), value)).into(), &now, MAX_TEXT).ok()
    }

    fn run(
        &self,
        variables: BTreeMap<String, Value>,
        now: &ZonedDateTime,
        room: usize,
    ) -> Result<String, ChatError> {
        let Source { text, first_line, .. } = &self.source;
        let wrong = |error: minijinja::Error| broken(&error, &self.name, text, *first_line);
        let mut environment = environment(now, room);
        environment.add_template("chat", text).map_err(wrong)?;
        let template = environment.get_template("chat").map_err(wrong)?;
        let mut out = Bounded { bytes: Vec::new(), room };
        template.render_captured_to(Value::from(variables), &mut out).map_err(wrong)?;
        // Nothing but text was written.
        Ok(String::from_utf8_lossy(&out.bytes).into_owned())
    }
}

/// Plain data as a template's value.
fn foreign(data: impl serde::Serialize) -> Value {
    Value::from(minijinja::value::Serde(data))
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
