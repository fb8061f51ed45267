//! The prompt editor: several lines, paste, history.

use ratatui::style::Style;
use ratatui_textarea::{CursorMove, Input, TextArea, WrapMode};

use crate::{decode::diffusion::Template, engine::PromptText};

/// What a text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To go on from, on every screen.
    Prompt,
    /// To be scored.
    Score,
    /// To be gone on from by this lane alone.
    Lane(usize),
    /// To be said next in a conversation.
    Turn,
    /// To be written on from, or filled, by a diffusion model.
    Canvas,
}

/// A prompt being written.
pub struct Editor {
    /// The text.
    pub area: TextArea<'static>,
    /// Whether the chat template is put around it.
    pub chat: bool,
    /// What the text is for.
    pub purpose: Purpose,
    system: Option<String>,
    /// Earlier prompts, newest last, and which of them is shown.
    history: Vec<String>,
    recalled: Option<usize>,
}

impl Editor {
    /// An editor that starts with `prompt`; `history` is offered with [`Editor::recall`], newest last.
    #[must_use]
    pub fn new(prompt: &PromptText, history: &[String]) -> Self {
        let mut editor = Self {
            area: TextArea::default(),
            chat: prompt.chat,
            purpose: Purpose::Prompt,
            system: prompt.system.clone(),
            history: history.to_vec(),
            recalled: None,
        };
        editor.set(&prompt.text);
        editor
    }

    /// An editor for a text that is to be scored as it is, without the chat template.
    #[must_use]
    pub fn to_score(prompt: &PromptText, history: &[String]) -> Self {
        Self { chat: false, purpose: Purpose::Score, ..Self::new(prompt, history) }
    }

    /// An editor for the prompt that a lane has of its own.
    #[must_use]
    pub fn of_lane(lane: usize, prompt: &PromptText, history: &[String]) -> Self {
        Self { purpose: Purpose::Lane(lane), ..Self::new(prompt, history) }
    }

    /// An editor for what a canvas begins with: a prompt, or a text with gaps.
    #[must_use]
    pub fn of_canvas(prompt: &PromptText, history: &[String]) -> Self {
        Self { purpose: Purpose::Canvas, ..Self::new(prompt, history) }
    }

    /// Writes a gap of one position.
    pub fn insert_gap(&mut self) {
        self.area.insert_str("_".repeat(Template::GAP));
    }

    /// An editor for what the user says next in a conversation.
    #[must_use]
    pub fn of_turn(prompt: &PromptText, history: &[String]) -> Self {
        let mut editor = Self { chat: true, purpose: Purpose::Turn, ..Self::new(prompt, history) };
        editor.set("");
        editor
    }

    /// Another text in place of the one there is.
    pub(super) fn set(&mut self, text: &str) {
        self.area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        self.area.set_wrap_mode(WrapMode::WordOrGlyph);
        // By default the cursor's whole line is underlined.
        self.area.set_cursor_line_style(Style::default());
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// A key for the text itself.
    pub fn input(&mut self, input: impl Into<Input>) {
        self.area.input(input);
    }

    /// Pasted text, as it is.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    /// Whether the chat template is put around the text, or not; the next turn of a conversation becomes a new prompt.
    pub fn toggle_chat(&mut self) {
        if self.purpose == Purpose::Turn {
            self.purpose = Purpose::Prompt;
        } else {
            self.chat = !self.chat;
        }
    }

    /// Shows an older (`-1`) or newer (`1`) prompt of the history.
    pub fn recall(&mut self, step: isize) {
        if let Some(at) = self.recallable(step) {
            self.recalled = Some(at);
            let text = self.history[at].clone();
            self.set(&text);
        }
    }

    /// Whether [`Editor::recall`] finds another prompt that way.
    #[must_use]
    pub fn can_recall(&self, step: isize) -> bool {
        self.recallable(step).is_some()
    }

    /// The next prompt of the history that way; what stands there already is passed over.
    fn recallable(&self, step: isize) -> Option<usize> {
        let shown = self.area.lines().join("\n");
        let mut at = self.recalled.unwrap_or(self.history.len());
        loop {
            at = at.checked_add_signed(step)?;
            if *self.history.get(at)? != shown {
                return Some(at);
            }
        }
    }

    /// The prompt as written.
    #[must_use]
    pub fn prompt(&self) -> PromptText {
        PromptText { text: self.area.lines().join("\n"), chat: self.chat, system: self.system.clone() }
    }
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").field("prompt", &self.prompt()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_goes_back_and_forth_and_ends() {
        let mut editor = Editor::new(&PromptText::default(), &["one".into(), "two\nlines".into()]);
        editor.recall(-1);
        assert_eq!(editor.prompt().text, "two\nlines");
        editor.recall(-1);
        editor.recall(-1);
        assert_eq!(editor.prompt().text, "one");
        editor.recall(1);
        assert_eq!(editor.prompt().text, "two\nlines");
    }

    #[test]
    fn history_passes_over_what_stands_there_already() {
        let prompt = PromptText { text: "two".into(), ..PromptText::default() };
        let mut editor = Editor::new(&prompt, &["one".into(), "two".into()]);
        assert!(editor.can_recall(-1) && !editor.can_recall(1));
        editor.recall(-1);
        assert_eq!(editor.prompt().text, "one");
        assert!(!editor.can_recall(-1) && editor.can_recall(1));
        assert!(!Editor::new(&prompt, &["two".into()]).can_recall(-1), "there is no other");
    }

    #[test]
    fn a_paste_keeps_its_lines() {
        let mut editor = Editor::new(&PromptText { text: "a".into(), ..PromptText::default() }, &[]);
        editor.paste("b\r\nc");
        assert_eq!(editor.prompt().text, "ab\nc");
    }
}
