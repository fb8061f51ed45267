//! Moves of the step screen's path: back, drawn again, another token by hand.

use super::{Effect, State};
use crate::{
    text::{Shown, Spaces},
    token::Token,
};

impl State {
    /// Goes back by so many generated tokens.
    pub(super) fn back(&mut self, tokens: usize) -> Vec<Effect> {
        let generated = self.desk.walk.session.as_ref().map_or(0, |session| session.path().generated());
        if generated == 0 {
            self.desk.notice = Some("This is the prompt's end: nothing was generated yet.".into());
            return Vec::new();
        }
        self.back_to(generated.saturating_sub(tokens))
    }

    pub(super) fn back_to(&mut self, generated: usize) -> Vec<Effect> {
        self.desk.play.pause();
        self.desk.walk.queue = 0;
        self.desk.walk.cursor = None;
        self.desk.walk.again = None;
        self.rooms.tree.forget_way();
        if let Some(session) = &mut self.desk.walk.session {
            session.back_to(generated);
        }
        self.path_changed()
    }

    pub(super) fn draw_again(&mut self, roll: bool) -> Vec<Effect> {
        let Some(session) = &mut self.desk.walk.session else { return Vec::new() };
        if session.path().generated() == 0 {
            self.desk.notice = Some("Nothing was drawn yet: step first.".into());
            return Vec::new();
        }
        self.desk.play.pause();
        // The step on view: that of the token under the text cursor, else the newest.
        let prompt = session.path().prompt_len();
        let index = match self.desk.walk.cursor.map(|position| position.checked_sub(prompt)) {
            Some(None) => {
                self.desk.notice = Some("The prompt was not drawn.".into());
                return Vec::new();
            }
            Some(Some(index)) => index.min(session.path().generated() - 1),
            None => session.path().generated() - 1,
        };
        let before = session.path().generated_tokens()[index];
        session.back_to(index + 1);
        if roll {
            session.roll_again();
        } else {
            session.same_seed();
        }
        if let Some(reason) = session.stopped() {
            let why = reason.detail(session.vocabulary());
            self.desk.notice =
                Some(format!("Generation ends before this step: {why}. The text is still in the tree."));
            self.desk.walk.cursor = None;
            return self.path_changed();
        }
        self.desk.walk.again = Some((index, before));
        self.desk.stale = true;
        self.desk.revision += 1;
        self.step()
    }

    /// Once a step that was to be drawn again is drawn, tells what came of it: the ruler shows the next draw already.
    pub(super) fn tell_of_new_draw(&mut self) {
        let Some((session, (index, before))) =
            self.desk.walk.session.as_ref().zip(self.desk.walk.again.take())
        else {
            return;
        };
        let Some(&token) = session.path().generated_tokens().get(index) else { return };
        let u = session.path().steps().get(index).and_then(|(step, _)| step.u);
        let name = |token| {
            let text = String::from_utf8_lossy(session.vocabulary().piece(token));
            Shown::with_spaces(&text, Spaces::Marked).to_string()
        };
        let drawn = u.map_or_else(String::new, |u| format!("u {u:.4} "));
        self.desk.notice = Some(if token == before {
            format!("Drawn again: {drawn}lands in {}, as before.", name(token))
        } else {
            format!("Drawn again: {drawn}lands in {}, not {}.", name(token), name(before))
        });
    }

    pub(super) fn take_selected(&mut self) -> Vec<Effect> {
        match self.desk.walk.frame.candidates.selected_row().map(|row| row.token) {
            Some(token) => self.take(token),
            None => Vec::new(),
        }
    }

    /// Takes a token by hand at the step on view: at an earlier one the path branches there.
    pub(super) fn take(&mut self, token: Token) -> Vec<Effect> {
        let length = self.desk.walk.frame.length;
        let Some(session) = &mut self.desk.walk.session else { return Vec::new() };
        let Some(index) = length.checked_sub(session.path().prompt_len()) else {
            self.desk.notice = Some("The prompt stays as it is; edit it to change it.".into());
            return Vec::new();
        };
        self.desk.play.pause();
        self.desk.walk.queue = 0;
        self.desk.walk.cursor = None;
        self.desk.walk.again = None;
        session.back_to(index);
        match session.take(token) {
            Ok(Some(_)) => self.path_changed(),
            Ok(None) => {
                self.desk.notice = Some("The model is still at work; try again in a moment.".into());
                self.path_changed()
            }
            Err(error) => {
                self.fail("This token cannot be taken", error.to_string());
                Vec::new()
            }
        }
    }

    pub(super) fn go_on_here(&mut self) -> Vec<Effect> {
        let (Some(cursor), Some(session)) = (self.desk.walk.cursor, &self.desk.walk.session) else {
            return Vec::new();
        };
        if let Some(generated) = (cursor + 1).checked_sub(session.path().prompt_len()) {
            self.back_to(generated)
        } else {
            self.desk.notice = Some("The prompt stays as it is; edit it to change it.".into());
            Vec::new()
        }
    }
}
