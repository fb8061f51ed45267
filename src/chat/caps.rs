//! What a template can take, found out by trying it, as llama.cpp does (`caps_get` in its common/jinja/caps.cpp).

use minijinja::Value;

use super::{
    message::{Content, Form, Message, map},
    probe::Probe,
    template::Template,
};

/// A text that no template writes by itself.
const MARKER: &str = "STRING_MARKER";

/// What a template can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caps {
    /// The form that contents have to have.
    pub form: Form,
    /// Whether it reads what a system message says.
    pub system: bool,
    /// Whether arguments of a tool call have to be a map, not a text of JSON.
    pub argument_maps: bool,
}

impl Caps {
    /// Tries a template.
    pub fn of(template: &Template) -> Self {
        Self { form: form(template), system: system(template), argument_maps: argument_maps(template) }
    }
}

/// A text that comes out is enough; else a list of parts is tried.
fn form(template: &Template) -> Form {
    let shown = |content: Value| {
        let message = map([("role", "user".into()), ("content", content)]);
        template.tried(vec![message].into()).map(|out| out.contains(MARKER))
    };
    let as_text = shown(MARKER.into());
    let (parts, seen) = Probe::watching(Content::Text(MARKER.to_owned()).parts().into(), "");
    let as_parts = shown(parts).unwrap_or(false) && seen.looked_into();
    match (as_text, as_parts) {
        (Some(true), true) => Form::AsItIs,
        (_, false) => Form::Text,
        (_, true) => Form::Parts,
    }
}

/// Whether it asks for the content of a system message, whatever it then does.
fn system(template: &Template) -> bool {
    let (system, seen) = Probe::watching(plain("system", "System message"), "content");
    let _ = template.tried(vec![system, plain("user", "User message")].into());
    seen.used()
}

/// Whether it looks into the arguments of a tool call.
fn argument_maps(template: &Template) -> bool {
    let (arguments, seen) = Probe::watching(map([("arg", "value".into())]), "arg");
    let function = map([("name", "tool1".into()), ("arguments", arguments)]);
    let call = map([("id", "call00001".into()), ("type", "function".into()), ("function", function)]);
    let calls = Value::from(vec![call]);
    let calling = map([("role", "assistant".into()), ("content", "".into()), ("tool_calls", calls)]);
    let answer = map([
        ("role", "tool".into()),
        ("content", "Tool response".into()),
        ("tool_call_id", "call00001".into()),
    ]);
    let closing = plain("assistant", "The tool response was 'tool response'");
    let user = plain("user", "User message");
    template.tried(vec![user.clone(), calling, answer, closing, user].into()).is_some() && seen.used()
}

fn plain(role: &str, text: &str) -> Value {
    map(Message::new(role, text).value(text.into(), false))
}
