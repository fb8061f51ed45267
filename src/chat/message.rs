//! Messages of a conversation, as llama.cpp's server takes them (`common_chat_msgs_parse_oaicompat` in its
//! common/chat.cpp).

use minijinja::Value;
use serde_json::Value as Json;

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Who says it: `system`, `user`, `assistant`, `tool`, or what a template knows besides.
    pub role: String,
    /// What is said.
    pub content: Content,
    /// What an assistant thought before.
    pub reasoning: Option<String>,
    /// The name of a tool that answers.
    pub name: Option<String>,
    /// The call that a tool answers.
    pub tool_call_id: Option<String>,
    /// Calls of tools.
    pub tool_calls: Vec<ToolCall>,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    /// What an answer names it by.
    pub id: Option<String>,
    /// The tool's name.
    pub name: String,
    /// Its arguments, in JSON.
    pub arguments: String,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(String),
    /// Several texts.
    Parts(Vec<String>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Content {
    /// All of it, a line for each part.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Parts(parts) => parts.join("\n"),
        }
    }

    /// As a template takes it.
    pub(super) fn value(&self, form: Form) -> Value {
        match (self, form) {
            (Self::Text(text), Form::AsItIs | Form::Text) => text.as_str().into(),
            (Self::Parts(_), Form::Text) => self.text().into(),
            (_, Form::Parts) | (Self::Parts(_), Form::AsItIs) => self.parts().into(),
        }
    }

    /// As a list of parts.
    pub(super) fn parts(&self) -> Vec<Value> {
        let part = |text: &str| map([("type", "text".into()), ("text", text.into())]);
        match self {
            Self::Text(text) => vec![part(text)],
            Self::Parts(parts) => parts.iter().map(|text| part(text)).collect(),
        }
    }
}

/// A map whose entries keep their order.
pub(super) fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::from_pairs(entries)
}

/// The form that a template takes contents in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Texts and lists of parts.
    AsItIs,
    /// Texts only.
    Text,
    /// Lists of parts only.
    Parts,
}

/// Why a text holds no messages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessagesError {
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    NoJson(String),
    /// It is something else.
    #[error("expected a list of messages, as in [{{\"role\": \"user\", \"content\": \"Hi\"}}]")]
    NoList,
    /// A message that cannot be used.
    #[error("message {number}: {what}")]
    Wrong {
        /// Which, from 1.
        number: usize,
        /// What is wrong.
        what: String,
    },
}

impl Message {
    /// A message of one text.
    #[must_use]
    pub fn new(role: &str, text: &str) -> Self {
        Self { role: role.to_owned(), content: Content::Text(text.to_owned()), ..Self::default() }
    }

    /// A system message, if its text is not empty, and what the user says.
    #[must_use]
    pub fn opening(system: Option<&str>, user: &str) -> Vec<Self> {
        let system = system.filter(|text| !text.is_empty()).map(|text| Self::new("system", text));
        system.into_iter().chain([Self::new("user", user)]).collect()
    }

    /// Reads a JSON list of messages, or a request body that holds one as `messages`.
    pub fn read_all(text: &str) -> Result<Vec<Self>, MessagesError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let json: Json =
            serde_json::from_str(text).map_err(|error| MessagesError::NoJson(error.to_string()))?;
        let list =
            json.as_array().or_else(|| json.get("messages")?.as_array()).ok_or(MessagesError::NoList)?;
        if list.is_empty() {
            return Err(MessagesError::NoList);
        }
        let read = |(index, message): (usize, &Json)| {
            Self::read(message).map_err(|what| MessagesError::Wrong { number: index + 1, what })
        };
        list.iter().enumerate().map(read).collect()
    }

    fn read(json: &Json) -> Result<Self, String> {
        let role = json["role"].as_str().ok_or("expected a text as its role")?.to_owned();
        let tool_calls =
            json.get("tool_calls").filter(|calls| !calls.is_null()).map(tool_calls).transpose()?;
        let content = match json.get("content") {
            Some(Json::String(text)) => Content::Text(text.clone()),
            Some(Json::Array(parts)) => Content::Parts(parts.iter().map(part).collect::<Result<_, _>>()?),
            Some(Json::Null) => Content::default(),
            None if tool_calls.is_some() => Content::default(),
            _ => return Err("expected a text, or a list of parts, as its content".to_owned()),
        };
        let text = |name: &str| match json.get(name) {
            Some(Json::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            None | Some(Json::Null) => Ok(None),
            Some(_) => Err(format!("expected a text as its {name}")),
        };
        Ok(Self {
            role,
            content,
            reasoning: text("reasoning_content")?,
            name: text("name")?,
            tool_call_id: text("tool_call_id")?,
            tool_calls: tool_calls.unwrap_or_default(),
        })
    }

    /// As a template takes it, with this content; `argument_maps` says whether arguments of tools are maps.
    pub(super) fn value(&self, content: Value, argument_maps: bool) -> Vec<(&'static str, Value)> {
        let mut entries = vec![("role", Value::from(self.role.as_str())), ("content", content)];
        let texts = [
            ("reasoning_content", &self.reasoning),
            ("name", &self.name),
            ("tool_call_id", &self.tool_call_id),
        ];
        entries.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?.into()))));
        if !self.tool_calls.is_empty() {
            let calls: Vec<Value> = self.tool_calls.iter().map(|call| call.value(argument_maps)).collect();
            entries.push(("tool_calls", calls.into()));
        }
        entries
    }
}

impl ToolCall {
    fn value(&self, argument_maps: bool) -> Value {
        let read = serde_json::from_str::<Value>(&self.arguments).ok().filter(|_| argument_maps);
        let arguments = read.unwrap_or_else(|| self.arguments.as_str().into());
        let function = map([("name", self.name.as_str().into()), ("arguments", arguments)]);
        let id = self.id.as_deref().map(|id| ("id", id.into()));
        map([("type", "function".into()), ("function", function)].into_iter().chain(id))
    }
}

/// The text of a part; pictures and sounds are for models that take them.
fn part(json: &Json) -> Result<String, String> {
    match json["type"].as_str() {
        Some("text") => {
            json["text"].as_str().map(str::to_owned).ok_or_else(|| "a part has no text".to_owned())
        }
        Some(other) => Err(format!("a part of the type {other} cannot be used: only text can")),
        None => Err("a part has no type".to_owned()),
    }
}

fn tool_calls(json: &Json) -> Result<Vec<ToolCall>, String> {
    let calls = json.as_array().ok_or("expected a list as its tool_calls")?;
    let read = |call: &Json| -> Result<ToolCall, String> {
        let function = &call["function"];
        let name = function["name"].as_str().ok_or("a tool call has no function with a name")?.to_owned();
        let arguments = match &function["arguments"] {
            Json::String(text) => text.clone(),
            Json::Null => return Err("a tool call has no arguments".to_owned()),
            other => other.to_string(),
        };
        let id = call["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
        Ok(ToolCall { id, name, arguments })
    };
    calls.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_or_a_request_body_is_read() {
        let list = r#"[{"role": "system", "content": "Be kind"}, {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]"#;
        let messages = Message::read_all(list).expect("two messages");
        assert_eq!(messages[0], Message::new("system", "Be kind"));
        assert_eq!(messages[1].content.text(), "a\nb");
        let body = format!("\u{feff}{{\"model\": \"x\", \"messages\": {list}}}");
        assert_eq!(Message::read_all(&body).expect("a body"), messages);
    }

    #[test]
    fn what_a_message_has_besides_is_kept_in_llama_cpps_order() {
        let text = r#"[{"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
            "function": {"arguments": {"x": 1}, "name": "f"}}], "reasoning_content": "hm"}]"#;
        let message = &Message::read_all(text).expect("one message")[0];
        let shown = |argument_maps| map(message.value("".into(), argument_maps)).to_string();
        assert_eq!(
            shown(false),
            r#"{'role': 'assistant', 'content': '', 'reasoning_content': 'hm', 'tool_calls': [{'type': 'function', 'function': {'name': 'f', 'arguments': '{"x":1}'}, 'id': 'c1'}]}"#
        );
        assert!(shown(true).contains("'arguments': {'x': 1}"), "{}", shown(true));
    }

    #[test]
    fn what_is_wrong_is_reported_with_its_number() {
        let wrong = |text: &str| Message::read_all(text).expect_err(text).to_string();
        assert!(wrong("[").starts_with("it is no JSON: EOF"));
        assert!(wrong("{}").starts_with("expected a list of messages, as in [{\"role\""));
        assert!(wrong("[]").starts_with("expected a list of messages"));
        let user = r#"{"role": "user", "content": "x"}"#;
        assert_eq!(wrong(&format!("[{user}, 3]")), "message 2: expected a text as its role");
        assert_eq!(
            wrong(r#"[{"role": "user"}]"#),
            "message 1: expected a text, or a list of parts, as its content"
        );
        assert_eq!(
            wrong(r#"[{"role": "user", "content": [{"type": "image_url"}]}]"#),
            "message 1: a part of the type image_url cannot be used: only text can"
        );
    }

    #[test]
    fn an_empty_system_text_is_no_message() {
        assert_eq!(Message::opening(Some(""), "Hi"), [Message::new("user", "Hi")]);
        assert_eq!(Message::opening(Some("S"), "Hi").len(), 2);
    }
}
