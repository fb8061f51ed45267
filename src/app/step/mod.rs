//! The step screen: one path, token by token. The path and the step on view are the desk's, for the X-ray shows the same
//! ones; what is here is what keys do with them.

pub(super) mod present;
#[cfg(test)]
mod tests;

use std::time::Instant;

use crossterm::event::KeyEvent;

use present::Present;

use super::{
    Desk, Flow, Hit, PanelId, Room, Screen,
    keys::{PAGE, after},
    wrap,
};
use crate::{
    keymap::{Action, Context},
    tree::NodeId,
};

/// The panels.
const ALL: [PanelId; 6] =
    [PanelId::Text, PanelId::Candidates, PanelId::Sampling, PanelId::Draw, PanelId::Cache, PanelId::Stop];
/// Those that can have the focus, in tab order.
const FOCUSABLE: [PanelId; 3] = [PanelId::Candidates, PanelId::Sampling, PanelId::Text];

/// What only the step screen has.
#[derive(Debug)]
pub struct StepRoom {
    /// The panel in the place that small screens share.
    small_panel: PanelId,
    /// The step shown large, in place of the panels.
    present: Option<Present>,
}

impl Default for StepRoom {
    fn default() -> Self {
        Self { small_panel: PanelId::Stop, present: None }
    }
}

impl StepRoom {
    /// The panels that share a place on a small screen.
    pub const SMALL: [PanelId; 3] = [PanelId::Draw, PanelId::Cache, PanelId::Stop];

    /// The step shown large; None where the panels are shown.
    #[must_use]
    pub fn present(&self) -> Option<&Present> {
        self.present.as_ref()
    }

    /// Shows the step large.
    pub(super) fn begin_present(&mut self, desk: &mut Desk) {
        self.present = Some(Present::new(desk.settings.ui.animation));
        desk.focus = PanelId::Present;
        desk.stale = true;
    }

    fn end_present(&mut self, desk: &mut Desk) {
        self.present = None;
        desk.focus = FOCUSABLE[0];
        desk.stale = true;
    }

    /// What an action means while the step is shown large.
    fn act_large(&mut self, action: Action, desk: &mut Desk) -> Flow {
        let Some(present) = &mut self.present else { return Flow::Pass };
        match action {
            Action::Present => self.end_present(desk),
            Action::Cancel if !desk.is_moving() && desk.engines.main().progress.is_none() => {
                self.end_present(desk);
            }
            Action::FocusText | Action::FocusCandidates | Action::FocusSampling => {
                self.end_present(desk);
                return Flow::Pass;
            }
            Action::Search | Action::NextPanel | Action::PreviousPanel | Action::ShowPanel => {}
            _ => return present.act(action, desk),
        }
        Flow::Done
    }

    /// The panel in the place that small screens share.
    #[must_use]
    pub fn small_panel(&self) -> PanelId {
        self.small_panel
    }
}

impl Room for StepRoom {
    fn panels(&self) -> &'static [PanelId] {
        if self.present.is_some() { &[PanelId::Present] } else { &ALL }
    }

    fn focusable(&self) -> &'static [PanelId] {
        if self.present.is_some() { self.panels() } else { &FOCUSABLE }
    }

    fn context(&self, desk: &Desk) -> Context {
        match desk.focus {
            _ if self.present.is_some() => Context::Present,
            PanelId::Text => Context::Text,
            PanelId::Sampling => Context::Sampling,
            _ => Context::Candidates,
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        if self.present.is_some() {
            return self.act_large(action, desk);
        }
        match action {
            Action::Present => self.begin_present(desk),
            Action::ShowPanel => self.small_panel = after(&Self::SMALL, self.small_panel, 1),
            Action::NextPanel => desk.focus = after(&FOCUSABLE, desk.focus, 1),
            Action::PreviousPanel => desk.focus = after(&FOCUSABLE, desk.focus, -1),
            _ => return in_panel(action, desk),
        }
        Flow::Done
    }

    fn press(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        if let Some(present) = &mut self.present {
            return present.press(hit, desk);
        }
        match hit {
            Hit::TextToken(position) => {
                // A second click on a token goes on from there.
                if desk.walk.cursor == Some(position) {
                    desk.go_on_here();
                } else {
                    desk.focus = PanelId::Text;
                    desk.set_cursor(Some(position));
                }
            }
            Hit::Candidate(row) => {
                desk.focus = PanelId::Candidates;
                let list = &mut desk.walk.frame.candidates;
                // A second click on a row takes it.
                if again && list.selected() == row {
                    desk.pressed = None;
                    desk.take_selected();
                } else {
                    list.select(row);
                }
            }
            Hit::RulerToken(token) if again => {
                desk.pressed = None;
                desk.take(token);
            }
            Hit::RulerToken(token) => desk.walk.frame.candidates.select_token(token),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Candidate(_) | Hit::Panel(PanelId::Candidates) => {
                desk.walk.frame.candidates.move_by(3 * rows);
            }
            Hit::TextToken(_) | Hit::Panel(PanelId::Text) => move_cursor_lines(rows.signum(), desk),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn wants(&mut self, desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        desk.wanted_by_path().into_iter().collect()
    }

    fn light(&mut self, panel: PanelId, desk: &mut Desk) {
        if panel == PanelId::Present {
            if self.present.is_none() {
                self.begin_present(desk);
            }
            return;
        }
        if self.present.is_some() {
            self.end_present(desk);
        }
        if Self::SMALL.contains(&panel) {
            self.small_panel = panel;
        } else {
            desk.focus = panel;
        }
    }

    fn typed(&mut self, key: KeyEvent, desk: &mut Desk) -> Flow {
        self.present.as_mut().map_or(Flow::Pass, |present| present.typed(key, desk))
    }

    fn is_typing(&self, desk: &Desk) -> bool {
        self.present.as_ref().is_some_and(|present| present.awaits_guess(desk))
    }

    fn due(&self) -> Option<Instant> {
        self.present.as_ref().and_then(Present::due)
    }

    fn tick(&mut self, now: Instant, desk: &mut Desk) {
        if let Some(present) = &mut self.present {
            present.tick(now, desk);
        }
    }

    fn prepare(&mut self, desk: &mut Desk) {
        desk.prepare_step();
        if let Some(present) = &mut self.present {
            present.prepare(desk);
        }
    }
}

/// What an action means in the panel with the focus.
fn in_panel(action: Action, desk: &mut Desk) -> Flow {
    if desk.focus == PanelId::Text { in_text(action, desk) } else { in_candidates(action, desk) }
}

/// What an action means where the text has the focus. Left and right walk the path, as everywhere on this screen.
fn in_text(action: Action, desk: &mut Desk) -> Flow {
    match action {
        Action::PreviousToken => move_cursor(-1, desk),
        Action::NextToken => move_cursor(1, desk),
        Action::Up => move_cursor_lines(-1, desk),
        Action::Down => move_cursor_lines(1, desk),
        Action::PageUp => move_cursor_lines(-5, desk),
        Action::PageDown => move_cursor_lines(5, desk),
        Action::First => desk.set_cursor(Some(0)),
        Action::Last => desk.set_cursor(None),
        Action::GoOnHere => desk.go_on_here(),
        _ => return Flow::Pass,
    }
    Flow::Done
}

fn move_cursor(by: isize, desk: &mut Desk) {
    let Some(session) = desk.session() else { return };
    let length = session.path().tokens().len();
    let at = desk.walk.cursor.unwrap_or(length).saturating_add_signed(by);
    desk.set_cursor((at < length).then_some(at));
}

/// Moves the text cursor to the same column of another line; below the last one it follows the newest token.
fn move_cursor_lines(by: isize, desk: &mut Desk) {
    let width = desk.chrome.text_width();
    let walk = &mut desk.walk;
    if let Some(session) = &walk.session {
        walk.transcript.follow(session.path(), session.vocabulary());
    }
    let lines = wrap(walk.transcript.tokens(), width);
    let length = walk.transcript.tokens().len();
    let at = walk.cursor.unwrap_or(length.saturating_sub(1));
    let line = lines.iter().rposition(|line| line.start <= at).unwrap_or(0);
    let offset = at - lines[line].start;
    let target = line.saturating_add_signed(by).min(lines.len() - 1);
    let beyond = by > 0 && target == line;
    let at = (lines[target].start + offset).min(lines[target].end.saturating_sub(1));
    desk.set_cursor((!beyond && at < length).then_some(at));
}

/// What an action means where the candidates have the focus.
fn in_candidates(action: Action, desk: &mut Desk) -> Flow {
    let list = &mut desk.walk.frame.candidates;
    match action {
        Action::Up => list.move_by(-1),
        Action::Down => list.move_by(1),
        Action::PageUp => list.move_by(-PAGE),
        Action::PageDown => list.move_by(PAGE),
        Action::First => list.select(0),
        Action::Last => list.select(usize::MAX),
        _ => return Flow::Pass,
    }
    Flow::Done
}

impl Desk {
    /// Begins to type a search among the candidates of the step on view.
    pub(super) fn begin_search(&mut self) {
        if self.screen == Screen::Step {
            self.focus = PanelId::Candidates;
        }
        self.searching = true;
    }

    /// Ends typing a search; `clear` shows all candidates again.
    pub(super) fn end_search(&mut self, clear: bool) {
        self.searching = false;
        if clear {
            self.search("");
        }
    }

    /// Shows the candidates that match.
    pub(super) fn search(&mut self, query: &str) {
        if let Some(session) = &self.walk.session {
            self.walk.frame.candidates.search(query, session.vocabulary());
        }
    }
}
