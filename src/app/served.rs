//! What a model on a server cannot do.

use super::{Screen, State};

impl State {
    /// Why a screen cannot be shown for the present model; None where it can.
    pub(super) fn no_server_can(&self, screen: Screen) -> Option<String> {
        let server = self.desk.ready()?.info.server.as_ref()?;
        let why = match screen {
            Screen::Cost => "memory and single passes are measured on this machine",
            Screen::Speculate => {
                "drafts are verified in one pass, and a server takes one token after the other"
            }
            _ => return None,
        };
        Some(format!(
            "{} needs a model that runs here: {why}. This one is on {}.",
            screen.title(),
            server.address
        ))
    }

    /// A model on a server takes the place of one here while a screen is shown that it has nothing for.
    pub(super) fn leave_what_no_server_can(&mut self) {
        if let Some(why) = self.no_server_can(self.desk.screen) {
            self.show_screen(Screen::Step);
            self.desk.say(why);
        }
    }
}
