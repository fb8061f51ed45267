//! Keys and pasted text: first to what is being typed, then through the keymap.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{Bench, Flow, Overlay, Purpose, State};

/// What the keys of a one-line input mean.
pub(super) enum LineKey {
    Type(char),
    Delete,
    /// All of it goes, as in a shell.
    Clear,
    Accept,
    GiveUp,
    Other,
}

pub(super) fn line_key(key: KeyEvent) -> LineKey {
    match key.code {
        KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
            LineKey::Type(c)
        }
        KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => LineKey::Clear,
        KeyCode::Backspace => LineKey::Delete,
        KeyCode::Enter => LineKey::Accept,
        KeyCode::Esc => LineKey::GiveUp,
        _ => LineKey::Other,
    }
}

/// What is typed first takes the place of the value that a field opens with.
pub(super) fn take_place(text: &mut String, fresh: &mut bool) {
    if std::mem::take(fresh) {
        text.clear();
    }
}

impl State {
    pub(super) fn key(&mut self, key: KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        self.desk.pressed = None;
        let quits = key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL;
        if !quits {
            self.desk.notice = None;
            if self.typed(key) == Flow::Done {
                return;
            }
        }
        if let Some(action) = self.desk.chrome.keymap.action(self.context(), key) {
            self.act(action);
        }
    }

    /// Keys for a text that is being typed. None when nothing is, or the key is not for it.
    fn typed(&mut self, key: KeyEvent) -> Flow {
        if self.type_answer(key) == Flow::Done {
            return Flow::Done;
        }
        if self.desk.hand.typing.is_some() {
            self.type_value(key);
            return Flow::Done;
        }
        if self.desk.searching {
            return self.type_search(key);
        }
        if self.types_line_in_overlay() && !self.searches_models() && self.scroll_while_typing(key) {
            return Flow::Done;
        }
        match self.desk.top_overlay() {
            None => return self.rooms.of_mut(self.desk.screen).typed(key, &mut self.desk),
            Some(Overlay::Prompt(_)) => self.edit_prompt(key),
            Some(Overlay::Models(list)) if list.path.is_some() => self.type_path(key),
            Some(Overlay::Softmax(bench)) if bench.typing.is_some() => self.type_logits(key),
            Some(Overlay::SavePreset { .. }) => self.type_preset_name(key),
            Some(Overlay::Export(_)) => return self.rooms.tree.type_export(key, &mut self.desk),
            Some(Overlay::StopList(list)) if list.typing.is_some() => self.type_stop(key),
            Some(_) => return Flow::Pass,
        }
        Flow::Done
    }

    /// Whether one line is typed into the overlay on top.
    fn types_line_in_overlay(&self) -> bool {
        match self.desk.overlays.last() {
            Some(Overlay::Models(list)) => list.path.is_some(),
            Some(Overlay::Softmax(bench)) => bench.typing.is_some(),
            Some(Overlay::StopList(list)) => list.typing.is_some(),
            Some(Overlay::SavePreset { .. }) => true,
            _ => false,
        }
    }

    fn type_value(&mut self, key: KeyEvent) {
        let Some(mut typing) = self.desk.hand.typing.take() else { return };
        match line_key(key) {
            LineKey::Type(c) => {
                take_place(&mut typing.text, &mut typing.fresh);
                typing.text.push(c);
            }
            LineKey::Delete => {
                typing.fresh = false;
                typing.text.pop();
            }
            LineKey::Clear => {
                typing.fresh = false;
                typing.text.clear();
            }
            LineKey::GiveUp => return,
            LineKey::Accept => match typing.knob.parse(&typing.text) {
                Ok(value) => return self.set_knob(typing.knob, value),
                Err(why) => self.desk.notice = Some(why),
            },
            LineKey::Other => {}
        }
        self.desk.hand.typing = Some(typing);
    }

    fn type_search(&mut self, key: KeyEvent) -> Flow {
        let mut query = self.desk.walk.frame.candidates.query().to_owned();
        match line_key(key) {
            LineKey::Type(c) => query.push(c),
            LineKey::Delete => drop(query.pop()),
            LineKey::Clear => query.clear(),
            LineKey::GiveUp => {
                self.desk.end_search(true);
                return Flow::Done;
            }
            LineKey::Accept => {
                self.desk.end_search(false);
                return Flow::Done;
            }
            // Arrows go through the matches while the text is typed.
            LineKey::Other => return Flow::Pass,
        }
        self.search(&query);
        Flow::Done
    }

    fn edit_prompt(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        let Some(Overlay::Prompt(editor)) = self.desk.overlays.last_mut() else { return };
        match key.code {
            KeyCode::Esc => drop(self.desk.overlays.pop()),
            KeyCode::Enter if alt || control || shift => editor.area.insert_newline(),
            KeyCode::Char('j') if control => editor.area.insert_newline(),
            KeyCode::Enter => self.confirm(),
            // As in a shell; the text area itself would undo.
            KeyCode::Char('u') if control => drop(editor.area.delete_line_by_head()),
            KeyCode::Char('t') if control => editor.toggle_chat(),
            KeyCode::Char('r') if control => {
                let (prompt, is_turn) = (editor.prompt(), editor.purpose == Purpose::Turn);
                self.desk.show_rendered(&prompt, is_turn);
            }
            KeyCode::Char('g') if control && editor.purpose == Purpose::Canvas => editor.insert_gap(),
            KeyCode::Char('p') if control => editor.recall(-1),
            KeyCode::Char('n') if control => editor.recall(1),
            KeyCode::Up if editor.area.cursor().0 == 0 => editor.recall(-1),
            KeyCode::Down if editor.area.cursor().0 + 1 == editor.area.lines().len() => editor.recall(1),
            _ => editor.input(key),
        }
    }

    fn type_logits(&mut self, key: KeyEvent) {
        let Some(bench) = self.desk.bench() else { return };
        let Some(text) = &mut bench.typing else { return };
        match line_key(key) {
            LineKey::Type(c) if text.len() < Bench::LONGEST => text.push(c),
            LineKey::Delete => drop(text.pop()),
            LineKey::Clear => text.clear(),
            LineKey::GiveUp => bench.typing = None,
            LineKey::Accept => self.desk.accept_logits(),
            LineKey::Type(_) | LineKey::Other => {}
        }
    }

    /// Shows the candidates that match, and has the room know of it.
    fn search(&mut self, query: &str) {
        self.desk.search(query);
        self.rooms.of_mut(self.desk.screen).searched(&mut self.desk);
    }

    pub(super) fn paste(&mut self, text: &str) {
        let line = text.lines().next().unwrap_or("").trim();
        if let Some(typing) = &mut self.desk.hand.typing {
            take_place(&mut typing.text, &mut typing.fresh);
            typing.text.push_str(line);
        } else if self.desk.searching {
            let query = format!("{}{line}", self.desk.walk.frame.candidates.query());
            self.search(&query);
        } else if self.desk.overlays.is_empty()
            && self.rooms.of_mut(self.desk.screen).pasted(line, &mut self.desk) == Flow::Done
        {
            // It was for a text that is typed in one of the screen's panels.
        } else {
            match self.desk.top_overlay() {
                Some(Overlay::Prompt(editor)) => editor.paste(text),
                Some(Overlay::Models(list)) => {
                    list.path.get_or_insert_default().push_str(line);
                    list.typed();
                }
                Some(Overlay::Softmax(bench)) => {
                    let room =
                        Bench::LONGEST - bench.typing.as_ref().map_or(0, String::len).min(Bench::LONGEST);
                    let text: String = text.chars().take(room).collect();
                    // Lines are parts of the list like any other.
                    bench.typing.get_or_insert_default().push_str(&text.replace(['\r', '\n'], ", "));
                }
                // Spaces at its ends can belong to a stop text.
                Some(Overlay::StopList(list)) => list.insert(text.lines().next().unwrap_or_default()),
                Some(Overlay::SavePreset { name }) => name.push_str(line),
                Some(Overlay::Export(export)) => export.name.push_str(line),
                Some(Overlay::Copy { .. }) | None => self.paste_onto_screen(text),
                Some(_) => {}
            }
        }
    }
}
