//! A given text on the screen: every token of the prompt is scored, and the most surprising ones are listed.

use std::sync::Arc;

use crate::app::{Desk, Editor, Overlay, PanelId, Screen, SurpriseList};
use crate::{decode::Session, token::Token, tree::NodeId};

impl Desk {
    /// Opens the editor for a text to be scored, with the present prompt in it.
    pub(in crate::app) fn edit_text_to_score(&mut self) {
        self.pause_all();
        let editor = Editor::to_score(&self.prompt.text, &self.prompt.history);
        self.overlays.push(Overlay::Prompt(Box::new(editor)));
    }

    /// The prompt and its last node, if it is to be scored and is not.
    pub(in crate::app) fn unscored_prompt(&self, session: &Session) -> Option<(NodeId, Arc<[Token]>)> {
        let path = session.path();
        let length = path.prompt_len();
        if !self.prompt.scored || path.is_scored() || length < 2 {
            return None;
        }
        Some((path.nodes()[length - 1], Arc::from(&path.tokens()[..length])))
    }

    /// Lists the tokens that were least likely, the most surprising first.
    pub(in crate::app) fn show_surprises(&mut self) {
        let Some(session) = &self.walk.session else { return };
        let mut steps: Vec<_> = session.path().all_steps().collect();
        steps.sort_by(|(_, a), (_, b)| b.surprisal_bits.total_cmp(&a.surprisal_bits));
        let rows = steps.iter().map(|(position, _)| *position).take(SurpriseList::LONGEST).collect();
        self.overlays.push(Overlay::Surprises(SurpriseList { rows, selected: 0 }));
    }

    /// Puts the text cursor on the selected token.
    pub(in crate::app) fn go_to_surprise(&mut self, list: &SurpriseList) {
        self.show(Screen::Step);
        self.focus = PanelId::Text;
        // Another prompt may have come while the list was open.
        let length = self.walk.session.as_ref().map_or(0, |session| session.path().tokens().len());
        let chosen = list.rows.get(list.selected).copied().filter(|&position| position < length);
        self.set_cursor(chosen.or(self.walk.cursor));
    }
}
