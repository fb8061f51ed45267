//! What a person can do once a text has stopped, in a sentence with the keys for it.

use crate::app::Desk;
use crate::keymap::{Action, Context};

impl Desk {
    /// ` ← goes back, W changes the limits.`, of these what makes sense: going back where a token was generated, and limits
    /// where one has stopped the text; with the keys of a context. Nothing where neither does.
    pub(in crate::app) fn ways_on(&self, context: Context, goes_back: bool, limit: bool) -> String {
        let key = |actions: &[Action]| {
            let hints = |action| self.chrome.keymap.hints(context, std::slice::from_ref(action));
            let mut keys = actions.iter().flat_map(hints);
            keys.next().map(|hint| hint.key)
        };
        let back = key(&[Action::Back]).filter(|_| goes_back).map(|key| format!("{key} goes back"));
        let limits = key(&[Action::LaneStops, Action::ShowStops]);
        let limits = limits.filter(|_| limit).map(|key| format!("{key} changes the limits"));
        let ways: Vec<String> = [back, limits].into_iter().flatten().collect();
        if ways.is_empty() { String::new() } else { format!(" {}.", ways.join(", ")) }
    }

    /// Says a sentence in which `{restart}` stands for the key of that action in a context.
    pub(in crate::app) fn say_with_keys(&mut self, context: Context, sentence: &str) {
        let sentence = self.chrome.keymap.spell(context, sentence);
        self.say(sentence);
    }

    /// Says that what stands in the prompt stays.
    pub(in crate::app) fn say_prompt_stays(&mut self) {
        self.say_with_keys(Context::Global, "The prompt cannot be changed here; {edit-prompt} edits it.");
    }
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::Fixture;

    fn notice(f: &Fixture) -> &str {
        f.state.desk.notice.as_deref().unwrap_or_default()
    }

    #[test]
    fn after_a_limit_both_ways_are_named_with_their_keys() {
        let mut f = Fixture::with(|setup| setup.settings.stop.predict = 2);
        f.keys(&["n"; 3]);
        assert!(notice(&f).starts_with("Generation has stopped: the limit of 2 tokens"), "{}", notice(&f));
        assert!(notice(&f).ends_with(" ← goes back, W changes the limits."), "{}", notice(&f));
    }

    #[test]
    fn at_the_first_token_nothing_is_said_of_going_back() {
        let mut f = Fixture::with(|setup| setup.settings.stop.predict = 0);
        f.keys(&["n"]);
        assert!(notice(&f).ends_with(" W changes the limits."), "{}", notice(&f));
        assert!(!notice(&f).contains("back"), "{}", notice(&f));
        f.keys(&["3", "right"]);
        assert_eq!(notice(&f), "Every lane has stopped. W changes the limits.");
    }

    #[test]
    fn an_end_token_is_no_limit() {
        let mut f = Fixture::with(|setup| setup.given.temperature = Some(1.5));
        for _ in 0..200 {
            f.keys(&["n"]);
        }
        let stopped = f.state.session().and_then(|session| session.stopped()).expect("an end token");
        assert!(!stopped.is_limit());
        assert!(notice(&f).ends_with("← goes back."), "{}", notice(&f));
    }
}
