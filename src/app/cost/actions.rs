//! What keys do on the cost screen.

use super::super::{
    Desk, Flow, PanelId,
    keys::{PAGE, after},
};
use super::{Cost, place};
use crate::{
    cost::measure::Wish,
    engine::{EngineId, worker::Command},
    keymap::{Action, Context},
};

impl Cost {
    /// What an action means here, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::PlayPause if self.running => self.stop(desk),
            Action::PlayPause | Action::Step => self.start(desk),
            Action::Restart => self.again(desk),
            Action::Increase => self.wish_for(Wish { tokens: self.wish.tokens * 2, ..self.wish }, desk),
            Action::Decrease => self.wish_for(Wish { tokens: self.wish.tokens / 2, ..self.wish }, desk),
            Action::IncreaseCoarse => self.wish_for(Wish { depth: self.wish.depth * 2, ..self.wish }, desk),
            Action::DecreaseCoarse => self.wish_for(Wish { depth: self.wish.depth / 2, ..self.wish }, desk),
            Action::Cancel if desk.return_to(Self::PANELS[0]) => {}
            Action::Up => self.scroll(desk.focus, -1),
            Action::Down => self.scroll(desk.focus, 1),
            Action::PageUp => self.scroll(desk.focus, -PAGE),
            Action::PageDown => self.scroll(desk.focus, PAGE),
            Action::First => self.scroll(desk.focus, isize::MIN / 2),
            Action::Last => self.scroll(desk.focus, isize::MAX / 2),
            Action::NextPanel | Action::ShowPanel => desk.focus = after(&Self::PANELS, desk.focus, 1),
            Action::PreviousPanel => desk.focus = after(&Self::PANELS, desk.focus, -1),
            // Nothing is selected here that could be taken.
            Action::TakeCandidate | Action::GoOnHere => {}
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    /// Begins to measure, or goes on.
    pub(super) fn start(&mut self, desk: &mut Desk) {
        self.plan(desk);
        match &self.costs {
            None => desk.say_no_path(),
            Some(costs) if costs.is_done() => {
                desk.say_with_keys(
                    Context::Cost,
                    "Everything is measured already; {restart} measures it again.",
                );
            }
            Some(_) if self.running => {}
            Some(_) => {
                desk.say_with_keys(
                    Context::Cost,
                    "Measuring: other screens can be used meanwhile, at a price. {cancel} stops.",
                );
                self.running = true;
            }
        }
    }

    /// Plans with another number of tokens, or of those before the last; what was measured with the one before is given up.
    fn wish_for(&mut self, wish: Wish, desk: &mut Desk) {
        let (tokens, depth) = (wish.tokens.clamp(6, 768), wish.depth.clamp(64, 16_384));
        if self.running {
            let sentence = "First the measurement has to end: {cancel} stops it.";
            return desk.say_with_keys(Context::Cost, sentence);
        }
        self.wish = Wish { tokens, depth, ..wish };
        self.costs = None;
        self.plan(desk);
        let sentence = format!(
            "{tokens} tokens are written after the prompt, and one is timed after up to {depth}: {{play-pause}} measures."
        );
        desk.say_with_keys(Context::Cost, &sentence);
    }

    /// Stops measuring; what was measured stays.
    pub(super) fn stop(&mut self, desk: &mut Desk) {
        self.running = false;
        if let Some(ticket) = self.ticket.take() {
            desk.engines.give_up(ticket);
        }
        desk.say_with_keys(
            Context::Cost,
            "Stopped: what was measured until now stays, and {play-pause} goes on.",
        );
    }

    /// Measures everything again, on the present prompt.
    fn again(&mut self, desk: &mut Desk) {
        if self.costs.is_none() {
            return desk.say_no_path();
        }
        if let Some(ticket) = self.ticket.take() {
            desk.engines.give_up(ticket);
        }
        self.running = false;
        self.costs = None;
        // The contexts are made anew, too.
        let by = super::Asker::Room(super::Screen::Cost);
        let ticket = desk.engines.ask(EngineId::MAIN, by, Command::Measure(None));
        desk.engines.answered(EngineId::MAIN, ticket);
        self.start(desk);
    }

    /// Scrolls a panel.
    pub(super) fn scroll(&mut self, panel: PanelId, by: isize) {
        if let Some(place) = place(panel) {
            self.scrolled[place] = self.scrolled[place].saturating_add_signed(by).min(self.ends[place]);
        }
    }
}
