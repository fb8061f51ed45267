//! How a model's conversations are written: by a template in Jinja, or by one of those built into llama.cpp.

use std::{fmt, sync::Arc};

use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};

use super::{ServedFormat, Vocabulary};
use crate::{
    chat::{ChatError, Conversation, Ends, Message, NextTurn, Rendered, Template},
    settings::{ChatTemplateText, ModelSettings},
};

/// How a model's conversations are written.
#[derive(Clone)]
pub struct ChatFormat(Kind);

#[derive(Clone)]
enum Kind {
    Template(Box<Template>),
    BuiltIn { name: String, model: Arc<LlamaModel> },
    Served(Arc<dyn ServedFormat>),
}

impl ChatFormat {
    /// What settings ask for, else the model's own template; None where there is neither.
    #[must_use]
    pub fn new(
        settings: &ModelSettings,
        own: Option<&str>,
        model: &Arc<LlamaModel>,
        vocabulary: &Vocabulary,
    ) -> Option<Self> {
        if let Some(name) = settings.chat_template.as_ref().and_then(ChatTemplateText::built_in) {
            return Some(Self(Kind::BuiltIn { name: name.to_owned(), model: Arc::clone(model) }));
        }
        Self::template(settings, own, vocabulary)
    }

    /// The same for a model on a server: a template in Jinja that settings ask for, else the server's own way. None where there is
    /// neither; llama.cpp's built-in templates need a model here.
    #[must_use]
    pub fn served(
        settings: &ModelSettings,
        own: Option<&str>,
        server: Option<Arc<dyn ServedFormat>>,
        vocabulary: &Vocabulary,
    ) -> Option<Self> {
        match &settings.chat_template {
            Some(given) if given.built_in().is_some() => None,
            Some(_) => Self::template(settings, None, vocabulary),
            None => {
                let served = server.map(|server| Self(Kind::Served(server)));
                served.or_else(|| Self::template(settings, own, vocabulary))
            }
        }
    }

    fn template(settings: &ModelSettings, own: Option<&str>, vocabulary: &Vocabulary) -> Option<Self> {
        let ends = Ends {
            bos: vocabulary.bos_text(),
            eos: vocabulary.eos_text(),
            adds_bos: vocabulary.adds_bos(),
            adds_eos: vocabulary.adds_eos(),
        };
        let template = |name: &str, text: &str| {
            let template = Template::new(name, text, ends).with_variables(settings.chat_variables());
            Self(Kind::Template(Box::new(template)))
        };
        let Some(given) = &settings.chat_template else {
            return Some(template("the model's chat template", own?));
        };
        Some(template(&given.called(), &given.text))
    }

    /// The prompt for these messages, up to where the answer begins.
    pub fn render(&self, messages: &[Message]) -> Result<Rendered, ChatError> {
        match &self.0 {
            Kind::Template(template) => template.render(messages),
            Kind::BuiltIn { name, model } => built_in(model, name, messages)
                .map(|text| Rendered { text, notes: Vec::new() })
                .map_err(|what| ChatError::BuiltIn { name: name.clone(), what }),
            Kind::Served(server) => {
                let text = server.render(messages).map_err(ChatError::Server)?;
                Ok(Rendered { text, notes: Vec::new() })
            }
        }
    }

    /// What to append for the next turn of the user; see [`Conversation::next_turn`].
    pub fn next_turn(
        &self,
        conversation: &Conversation,
        standing: &str,
        answer: &str,
        user: &str,
    ) -> Result<NextTurn, ChatError> {
        conversation.next_turn(standing, answer, user, |messages| self.render(messages))
    }

    /// Whether system messages are written as such; where not, their text becomes part of the next message.
    #[must_use]
    pub fn takes_system(&self) -> bool {
        match &self.0 {
            Kind::Template(template) => template.takes_system(),
            Kind::BuiltIn { .. } | Kind::Served(_) => true,
        }
    }
}

impl fmt::Debug for ChatFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Template(template) => template.fmt(f),
            Kind::BuiltIn { name, .. } => f.debug_tuple("BuiltIn").field(name).finish(),
            Kind::Served(_) => f.write_str("Served"),
        }
    }
}

/// The prompt as llama.cpp writes it without Jinja.
fn built_in(model: &LlamaModel, name: &str, messages: &[Message]) -> Result<String, String> {
    let template = LlamaChatTemplate::new(name).map_err(|error| error.to_string())?;
    let message = |message: &Message| LlamaChatMessage::new(message.role.clone(), message.content.text());
    let messages: Vec<_> =
        messages.iter().map(message).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    model.apply_chat_template(&template, &messages, true).map_err(|error| error.to_string())
}
