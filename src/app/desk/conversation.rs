//! A conversation that goes on: the next turn of the user, put behind what stands there by the chat template, and the prompt
//! as the model reads it.

use crate::app::{Desk, Editor, Overlay};
use crate::{
    chat::{Conversation, Message, NextTurn},
    decode::StopReason,
    engine::PromptText,
    text::Shown,
    token::Token,
};

impl Desk {
    /// Whether an answer has ended and the user may speak next.
    pub(in crate::app) fn awaits_turn(&self) -> bool {
        let ended = self.session().is_some_and(|session| session.stopped().is_some());
        ended
            && self.prompt.conversation.is_some()
            && self.ready().is_some_and(|ready| ready.info.chat.is_some())
    }

    /// Opens the editor: for the next turn where an answer has ended, else for the prompt.
    pub(in crate::app) fn edit_prompt(&mut self) {
        self.pause_all();
        let editor = if self.awaits_turn() {
            Editor::of_turn(&self.prompt.text, &self.prompt.history)
        } else {
            Editor::new(&self.prompt.text, &self.prompt.history)
        };
        self.overlays.push(Overlay::Prompt(Box::new(editor)));
    }

    /// A conversation begins with the prompt, if the chat template was put around it.
    pub(in crate::app) fn begin_conversation(&mut self) {
        let PromptText { text, chat, system } = &self.prompt.text;
        self.prompt.conversation = chat.then(|| Conversation::new(Message::opening(system.as_deref(), text)));
    }

    /// What the user says next, behind what stands there: the tokens of all of it, and the turn, for [`Desk::take_turn`] once
    /// they are a path.
    pub(in crate::app) fn next_turn(&self, user: &str) -> Result<(Vec<Token>, NextTurn), String> {
        let turn = self.render_turn(user)?;
        let Some(session) = self.session() else {
            return Err("there is no conversation to go on with".into());
        };
        let mut tokens = session.path().tokens().to_vec();
        tokens.extend(session.vocabulary().tokenize_more(&turn.appended)?);
        Ok((tokens, turn))
    }

    /// A turn is part of the conversation from now on. What the template would write otherwise than it stands there is said.
    pub(in crate::app) fn take_turn(&mut self, turn: NextTurn) {
        self.say_notes(&turn);
        self.prompt.conversation = Some(turn.conversation);
    }

    fn render_turn(&self, user: &str) -> Result<NextTurn, String> {
        let missing = || "there is no conversation to go on with".to_owned();
        let (session, conversation) =
            self.session().zip(self.prompt.conversation.as_ref()).ok_or_else(missing)?;
        let chat = self.ready().and_then(|ready| ready.info.chat.as_deref()).ok_or_else(missing)?;
        let (path, vocabulary) = (session.path(), session.vocabulary());
        let text = |tokens: &[Token]| -> String {
            let bytes: Vec<u8> = tokens.iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut answer = path.generated_tokens();
        if let (Some(StopReason::Eog { .. }), Some((_, before))) = (session.stopped(), answer.split_last()) {
            answer = before;
        }
        let rendered = chat.render(conversation.messages()).map_err(|error| error.to_string())?.text;
        // Tokenizing may have put a token first that the template does not write.
        let first = vocabulary.bos().filter(|_| vocabulary.adds_bos());
        let added = first.is_some_and(|bos| {
            path.tokens().first() == Some(&bos) && !rendered.starts_with(&vocabulary.bos_text())
        });
        let standing = text(&path.tokens()[usize::from(added)..]);
        chat.next_turn(conversation, &standing, &text(answer), user).map_err(|error| error.to_string())
    }

    fn say_notes(&mut self, turn: &NextTurn) {
        let notes = turn.notes.iter().map(ToString::to_string);
        let told: Vec<String> = notes.chain(turn.difference.as_ref().map(ToString::to_string)).collect();
        if !told.is_empty() {
            tracing::warn!("{}", told.join(" "));
            self.say(Shown::inline(&told.join(" ")).as_str().to_owned());
        }
    }

    /// Shows the prompt in the editor as the model reads it: what the chat template makes of it, special tokens as they are
    /// written.
    pub(in crate::app) fn show_rendered(&mut self, editor_text: &PromptText, is_turn: bool) {
        let Some(ready) = self.ready().cloned() else { return self.say("There is no model to read it.") };
        let rendered = if is_turn {
            self.render_turn(&editor_text.text).map(|turn| (turn.whole, turn.notes))
        } else {
            let rendered = editor_text.rendered(ready.info.chat.as_deref());
            rendered.map(|rendered| (rendered.text, rendered.notes)).map_err(|error| error.to_string())
        };
        match rendered {
            Ok((text, notes)) => {
                let tokens = match ready.vocabulary.try_tokenize(&text) {
                    Ok(tokens) => tokens,
                    Err(why) => return self.fail("The prompt cannot be read", why),
                };
                let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
                self.overlays.push(Overlay::Rendered { text, tokens: tokens.len(), notes, scroll: 0 });
            }
            Err(why) => self.fail("The chat template cannot be used", why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Fixture;

    #[test]
    fn without_a_chat_template_e_edits_the_prompt() {
        let mut f = Fixture::with(|setup| setup.settings.stop.predict = 2);
        f.keys(&["n", "n", "n"]);
        assert!(f.state.session().is_some_and(|session| session.stopped().is_some()));
        assert!(!f.state.desk.awaits_turn(), "the script has no template");
        f.keys(&["e"]);
        let Some(Overlay::Prompt(editor)) = f.state.overlays().last() else { panic!("the editor is open") };
        assert_eq!(editor.prompt().text, "Once upon a time");
    }

    #[test]
    fn a_prompt_is_shown_as_the_model_reads_it() {
        let mut f = Fixture::new();
        f.keys(&["e", "ctrl-r"]);
        let Some(Overlay::Rendered { text, tokens, .. }) = f.state.overlays().last() else {
            panic!("it is shown")
        };
        assert_eq!((text.as_str(), *tokens), ("Once upon a time", 4));
        f.keys(&["esc"]);
        assert!(matches!(f.state.overlays().last(), Some(Overlay::Prompt(_))), "the editor is still there");
        // A template is asked for, and the model has none.
        f.keys(&["ctrl-t", "ctrl-r"]);
        assert!(
            matches!(f.state.overlays().last(), Some(Overlay::Error { text, .. }) if text.contains("no chat template"))
        );
    }
}
