//! Moves of the step screen's path: back, drawn again, another token by hand.

use std::collections::VecDeque;

use crate::app::{Desk, Screen};
use crate::{
    keymap::Context,
    text::{Shown, Spaces},
    token::Token,
    tree::NodeId,
};

/// Steps that can wait to be taken.
const MOST_QUEUED: usize = 9_999;

impl Desk {
    /// Goes back by so many generated tokens.
    pub(in crate::app) fn back(&mut self, tokens: usize) {
        let Some(session) = &self.walk.session else { return self.say_no_path() };
        let generated = session.path().generated();
        if generated == 0 {
            self.say("Nothing has been generated yet: this is the end of the prompt.");
            return;
        }
        self.back_to(generated.saturating_sub(tokens));
    }

    pub(in crate::app) fn back_to(&mut self, generated: usize) {
        self.pause();
        self.walk.cursor = None;
        self.walk.again = None;
        self.walk.way.clear();
        if let Some(session) = &mut self.walk.session {
            session.back_to(generated);
        }
        self.path_changed();
    }

    pub(in crate::app) fn draw_again(&mut self, roll: bool) {
        let Some(session) = &mut self.walk.session else { return self.say_no_path() };
        if session.path().generated() == 0 {
            return self.begin_with_seed(roll);
        }
        self.play.pause();
        // The step on view: that of the token under the text cursor, else the newest.
        let prompt = session.path().prompt_len();
        let index = match self.walk.cursor.map(|position| position.checked_sub(prompt)) {
            Some(None) => {
                self.say("Prompt tokens are not drawn.");
                return;
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
            self.notice =
                Some(format!("Generation now stops before this step: {why}. The text is still in the tree."));
            self.walk.cursor = None;
            return self.path_changed();
        }
        self.walk.again = Some((index, before));
        self.stale = true;
        self.revision += 1;
        self.step();
    }

    /// Before the first token is drawn: to draw again is another seed.
    fn begin_with_seed(&mut self, other: bool) {
        if !other {
            return self.say("Nothing has been drawn yet.");
        }
        let settings = self.hand.sampling.with_next_seed();
        if self.set_sampling(settings)
            && let Some(seed) = self.hand.sampling.seed
        {
            // Numbered as in the text, from the first of the prompt.
            let number = self.session().map_or(1, |session| session.path().tokens().len() + 1);
            self.say(format!("Nothing has been drawn yet: token {number} will be drawn with seed {seed}."));
        }
    }

    /// Once a step that was to be drawn again is drawn, tells what came of it: the ruler shows the next draw already.
    pub(in crate::app) fn tell_of_new_draw(&mut self) {
        let Some((session, (index, before))) = self.walk.session.as_ref().zip(self.walk.again.take()) else {
            return;
        };
        let Some(&token) = session.path().generated_tokens().get(index) else { return };
        let u = session.path().steps().get(index).and_then(|(step, _)| step.u);
        let name = |token| {
            let text = String::from_utf8_lossy(session.vocabulary().piece(token));
            Shown::with_spaces(&text, Spaces::Marked).to_string()
        };
        let drawn = u.map_or_else(String::new, |u| format!("u {u:.4} "));
        // Numbered as in the text, from the first of the prompt.
        let number = session.path().prompt_len() + index + 1;
        self.notice = Some(if token == before {
            format!("Token {number} drawn again: {drawn}lands on {}, as before.", name(token))
        } else {
            format!(
                "Token {number} drawn again: {drawn}lands on {} instead of {}.",
                name(token),
                name(before)
            )
        });
    }

    pub(in crate::app) fn take_selected(&mut self) {
        let candidates = &self.walk.frame.candidates;
        match candidates.selected_row().map(|row| row.token) {
            Some(token) => self.take(token),
            None if self.walk.session.is_none() => self.say_no_path(),
            None if !candidates.query().is_empty() => self.say("No token matches the search."),
            None => self.say("There are no candidates here yet."),
        }
    }

    /// Takes a token by hand at the step on view: at an earlier one the path branches there.
    pub(in crate::app) fn take(&mut self, token: Token) {
        let length = self.walk.frame.length;
        let Some(session) = self.session() else { return };
        let Some(index) = length.checked_sub(session.path().prompt_len()) else {
            self.say_prompt_stays();
            return;
        };
        self.pause();
        self.walk.cursor = None;
        self.walk.again = None;
        let Some(session) = &mut self.walk.session else { return };
        session.back_to(index);
        match session.take(token) {
            Ok(Some(_)) => self.path_changed(),
            Ok(None) => {
                self.say("The model is still working; try again in a moment.");
                self.path_changed();
            }
            Err(error) => {
                self.fail("This token cannot be taken", error.to_string());
            }
        }
    }

    pub(in crate::app) fn go_on_here(&mut self) {
        let Some(session) = &self.walk.session else { return self.say_no_path() };
        let Some(cursor) = self.walk.cursor else {
            return self.say("This is the end of the text: step continues it.");
        };
        if let Some(generated) = (cursor + 1).checked_sub(session.path().prompt_len()) {
            self.back_to(generated);
        } else {
            self.say_prompt_stays();
        }
    }

    /// One step now, or as soon as the head is evaluated.
    pub(in crate::app) fn step(&mut self) {
        self.engines.resting = false;
        self.walk.cursor = None;
        let Some(session) = &self.walk.session else {
            return self.say_no_path();
        };
        if let Some(reason) = session.stopped() {
            let why = reason.detail(session.vocabulary());
            let ways = self.ways_on(Context::Candidates, session.path().generated() > 0, reason.is_limit());
            self.say(format!("Generation has stopped: {why}.{ways}"));
            self.play.pause();
            return;
        }
        let Some(session) = &mut self.walk.session else { return };
        if session.wanted().is_some() {
            self.walk.queue = (self.walk.queue + 1).min(MOST_QUEUED);
            self.stale = true;
            return;
        }
        match session.step(false) {
            // More candidates are wanted before it can be taken.
            Ok(None) if session.wanted().is_some() => {
                self.walk.queue = (self.walk.queue + 1).min(MOST_QUEUED);
            }
            Ok(_) => self.tell_of_new_draw(),
            Err(error) => self.fail("This step cannot be taken", error.to_string()),
        }
        self.path_changed();
    }

    /// Takes the next of the steps that were asked for, if the head is evaluated.
    pub(in crate::app) fn take_queued(&mut self) {
        let ready = self.walk.session.as_ref().is_some_and(|session| session.wanted().is_none());
        if self.walk.queue > 0 && ready {
            self.walk.queue -= 1;
            self.step();
        }
    }

    /// After the path has changed: what is shown follows.
    pub(in crate::app) fn path_changed(&mut self) {
        self.stale = true;
        self.revision += 1;
        self.engines.resting = false;
        if self.walk.session.as_ref().is_some_and(|session| session.stopped().is_some()) {
            self.pause();
        }
    }

    /// Puts the text cursor on a token; None lets it follow the newest.
    pub(in crate::app) fn set_cursor(&mut self, cursor: Option<usize>) {
        self.play.pause();
        self.walk.cursor = cursor;
        self.engines.resting = false;
        self.stale = true;
    }

    /// Makes a node the end of the path, and shows it on the step screen.
    pub(in crate::app) fn go_to(&mut self, node: NodeId) {
        let Some(session) = &self.walk.session else { return };
        let tree = session.tree();
        let up = |node: &NodeId| tree.get(*node).and_then(|node| node.parent);
        let mut way: VecDeque<NodeId> = std::iter::successors(Some(node), up).collect();
        // The root is no token.
        way.pop_back();
        way.make_contiguous().reverse();
        let prompt = session.path().prompt_len();
        let common = session.path().nodes().iter().zip(&way).take_while(|(a, b)| a == b).count();
        if common < prompt {
            self.say_prompt_stays();
            return;
        }
        self.show(Screen::Step);
        self.back_to(common - prompt);
        self.walk.way = way.split_off(common);
        self.walk_on();
        self.path_changed();
    }

    /// Walks on to the node that is gone to, as far as distributions are at hand.
    pub(in crate::app) fn walk_on(&mut self) {
        let Some(session) = &mut self.walk.session else { return };
        while let Some(&node) = self.walk.way.front() {
            match session.follow(node) {
                Ok(Some(_)) => drop(self.walk.way.pop_front()),
                Ok(None) if session.stopped().is_some() => {
                    self.walk.way.clear();
                    return self.say("A stop condition ends the text before this node.");
                }
                // The distribution is asked for; where it is there, the way is not from here any more.
                Ok(None) => {
                    if session.wanted().is_none() {
                        self.walk.way.clear();
                    }
                    return;
                }
                Err(error) => {
                    self.walk.way.clear();
                    return self.fail("Cannot go to this node", error.to_string());
                }
            }
        }
    }

    /// The node that the path needs next: its head, else that of the step on view.
    pub(in crate::app) fn wanted_by_path(&self) -> Option<NodeId> {
        let session = self.walk.session.as_ref()?;
        let viewed = self.on_view().length().and_then(|length| {
            let node = *session.path().nodes().get(length.checked_sub(1)?)?;
            (!session.has_logits(node)).then_some(node)
        });
        // Going through long text with the cursor looks at one step only: that one comes first.
        if self.walk.cursor.is_some() { viewed.or(session.wanted()) } else { session.wanted().or(viewed) }
    }
}
