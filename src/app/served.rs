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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Fixture;

    #[test]
    fn screens_that_need_a_model_here_say_so_for_one_on_a_server() {
        let mut f = Fixture::new();
        f.server_loads();
        f.keys(&["right", "right"]);
        assert_eq!(f.state.session().map(|session| session.path().generated()), Some(2));
        for (key, name) in [("9", "Cost"), ("8", "Speculate")] {
            f.keys(&[key]);
            assert_eq!(f.state.screen(), Screen::Step);
            let notice = f.state.notice().unwrap_or_default().to_owned();
            assert!(notice.starts_with(&format!("{name} needs a model that runs here")), "{notice}");
            assert!(notice.contains("http://host:8080"), "{notice}");
        }
        f.keys(&["5"]);
        assert_eq!(f.state.screen(), Screen::Seeds);
    }

    #[test]
    fn a_server_that_is_loaded_on_such_a_screen_leads_away_from_it() {
        let mut f = Fixture::new();
        f.keys(&["9"]);
        assert_eq!(f.state.screen(), Screen::Cost);
        f.server_loads();
        assert_eq!(f.state.screen(), Screen::Step);
        assert!(f.state.notice().is_some_and(|notice| notice.starts_with("Cost needs")));
    }
}
