//! The stop conditions as a list to be changed: those of every text, or of a lane alone.

mod row;

use crossterm::event::KeyEvent;

pub use row::StopRow;

use super::{
    Overlay, Screen, State,
    input::{LineKey, line_key, take_place},
};
use crate::{decode::StopRules, settings::StopSettings};

/// The list of stop conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopList {
    /// The lane that they are of; None for those of every text that has none of its own.
    pub lane: Option<usize>,
    /// The selected row, an index into [`StopRow::ALL`].
    pub selected: usize,
    /// What is being typed into it; at first the value that it has.
    pub typing: Option<String>,
    /// Whether nothing was typed yet: the first character takes the place of the value.
    pub fresh: bool,
}

impl StopList {
    /// Characters that can be typed.
    const LONGEST: usize = 200;

    /// The list of a lane's conditions, or of those of every text, with the limit of tokens selected.
    pub(super) fn of(lane: Option<usize>) -> Self {
        let selected = StopRow::ALL.iter().position(|row| *row == StopRow::Tokens).unwrap_or(0);
        Self { lane, selected, ..Self::default() }
    }

    /// The selected row.
    #[must_use]
    pub fn row(&self) -> StopRow {
        StopRow::ALL[self.selected.min(StopRow::ALL.len() - 1)]
    }

    /// Adds to what is being typed.
    pub(super) fn insert(&mut self, text: &str) {
        let typed = self.typing.get_or_insert_default();
        take_place(typed, &mut self.fresh);
        let room = Self::LONGEST.saturating_sub(typed.chars().count());
        typed.extend(text.chars().take(room));
    }
}

impl State {
    /// The stop conditions of a lane, or those of every text.
    #[must_use]
    pub fn stops_of(&self, lane: Option<usize>) -> &StopSettings {
        let own = lane.and_then(|lane| self.rooms.compare.own(lane)).and_then(|own| own.stop.as_ref());
        own.unwrap_or(&self.desk.settings.stop)
    }

    fn stop_list(&mut self) -> Option<&mut StopList> {
        match self.desk.overlays.last_mut() {
            Some(Overlay::StopList(list)) => Some(list),
            _ => None,
        }
    }

    /// Moves the limit of the selected row.
    pub(super) fn step_stop(&mut self, by: i32) {
        let Some((lane, row)) = self.stop_list().map(|list| (list.lane, list.row())) else {
            return;
        };
        let mut stop = self.stops_of(lane).clone();
        row.step(&mut stop, by);
        self.set_stops(lane, stop);
    }

    /// Begins to type into the selected row.
    pub(super) fn begin_stop(&mut self) {
        let Some((lane, row)) = self.stop_list().map(|list| (list.lane, list.row())) else { return };
        let typed = row.typed(self.stops_of(lane));
        if let Some(list) = self.stop_list() {
            (list.typing, list.fresh) = (Some(typed), true);
        }
    }

    /// Takes a key for what is being typed.
    pub(super) fn type_stop(&mut self, key: KeyEvent) {
        let Some(list) = self.stop_list() else { return };
        let (lane, row) = (list.lane, list.row());
        let Some(typed) = &mut list.typing else { return };
        match line_key(key) {
            LineKey::Type(c) => list.insert(c.encode_utf8(&mut [0; 4])),
            LineKey::Clear => {
                list.fresh = false;
                typed.clear();
            }
            LineKey::Delete => {
                list.fresh = false;
                typed.pop();
            }
            LineKey::GiveUp => list.typing = None,
            LineKey::Accept => {
                let typed = typed.clone();
                match self.accept_stop(lane, row, &typed) {
                    Ok(()) => self.stop_list().into_iter().for_each(|list| list.typing = None),
                    Err(why) => self.desk.notice = Some(why),
                }
            }
            LineKey::Other => {}
        }
    }

    /// Sets a condition to what was typed; one that was not changed stays as it is.
    fn accept_stop(&mut self, lane: Option<usize>, row: StopRow, typed: &str) -> Result<(), String> {
        let mut stop = self.stops_of(lane).clone();
        if typed != row.typed(&stop) {
            row.accept(&mut stop, typed)?;
            self.set_stops(lane, stop);
            return Ok(());
        }
        if row.texts(&stop).len() > 1 {
            let them = if row == StopRow::Text { "stop texts" } else { "expressions" };
            self.desk.notice = Some(format!("The {them} stay; typing one replaces them."));
        }
        Ok(())
    }

    /// Sets the stop conditions of a lane, its own where they are not those of all, or of every text, and looks at the texts
    /// anew.
    fn set_stops(&mut self, lane: Option<usize>, stop: StopSettings) {
        match lane {
            Some(lane) => self.rooms.compare.set_own_stops(lane, stop, &mut self.desk),
            None => self.set_all_stops(stop),
        }
        self.desk.engines.resting = false;
        self.desk.stale = true;
    }

    pub(in crate::app) fn set_all_stops(&mut self, stop: StopSettings) {
        if let Some(session) = &mut self.desk.walk.session {
            session.set_rules(StopRules::from(&stop));
        }
        self.desk.settings.stop = stop;
        for &screen in Screen::ALL {
            self.rooms.of_mut(screen).stops_changed(&mut self.desk);
        }
        // Seeds and beams are made for their conditions: others begin anew and walk as far.
        self.rooms.of_mut(self.desk.screen).enter(&mut self.desk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Message, fixture::Fixture};

    fn lengths(f: &Fixture) -> Vec<usize> {
        f.state.rooms.compare.lanes().iter().map(|lane| lane.cursor().path().generated()).collect()
    }

    #[test]
    fn a_lane_ends_by_conditions_of_its_own_and_goes_on_without_them() {
        let mut f = Fixture::new();
        f.keys(&["3", "tab", "W", "right", "right", "right", "esc"]);
        assert_eq!(f.state.stops_of(Some(1)).predict, 3);
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [5, 3, 5]);
        // Copies have them, other lanes do not; on another prompt they are the same.
        f.keys(&["d"]);
        f.keys(&["e", "backspace", "backspace", "backspace", "backspace", "backspace", "enter"]);
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [5, 3, 3, 5]);
        f.keys(&["W", "left", "left", "left", "esc", "right"]);
        assert_eq!(
            f.state.rooms.compare.own(2).map(|own| own.stop.is_none()),
            Some(true),
            "as all are again"
        );
        assert_eq!(lengths(&f), [6, 3, 4, 6]);
    }

    #[test]
    fn values_are_typed_and_what_is_none_is_said() {
        let mut f = Fixture::new();
        f.keys(&["3", "W", "enter", "1", "2", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).predict, 12);
        // The field opens with the value; what is typed takes its place, unless it is edited.
        f.keys(&["enter", "7", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).predict, 7);
        f.keys(&["enter", "backspace", "1", "5", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).predict, 15);
        f.keys(&["enter", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).predict, 15, "it was left as it was");
        f.keys(&["up", "enter"]);
        f.send(Message::Paste(" was\\n".into()));
        f.keys(&["enter"]);
        assert_eq!(f.state.stops_of(Some(0)).strings, [" was\n"]);
        f.keys(&["down", "down", "down", "down", "enter", "x", "enter"]);
        let why = "sentences cannot be \"x\": expected a number from 1, or nothing for no limit";
        assert_eq!(f.state.desk.notice.as_deref(), Some(why));
        f.keys(&["backspace", "2", "enter", "down", "down", "H", "L"]);
        assert_eq!((f.state.stops_of(Some(0)).sentences, f.state.stops_of(Some(0)).loop_times), (2, 10));
        f.keys(&["home", "enter"]);
        let Some(Overlay::StopList(stops)) = f.state.desk.overlays.last() else { panic!("it is open") };
        assert_eq!(stops.typing.as_deref(), Some(" was\\n"), "as it was typed");
        f.keys(&["esc", "esc"]);
        assert!(f.state.desk.overlays.is_empty());
    }

    #[test]
    fn several_stop_texts_stay_until_one_is_typed_in_their_place() {
        let mut f = Fixture::with(|setup| setup.settings.stop.strings = vec![" dog".into(), " cat".into()]);
        f.keys(&["3", "W", "up", "enter", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).strings, [" dog", " cat"]);
        let notice = f.state.desk.notice.as_deref();
        assert_eq!(notice, Some("The stop texts stay; typing one replaces them."));
        f.keys(&["enter", "x", "enter"]);
        assert_eq!(f.state.stops_of(Some(0)).strings, ["x"]);
        // A single one is what the field opens with, and can be erased.
        f.keys(&["enter", "backspace", "enter"]);
        assert!(f.state.stops_of(Some(0)).strings.is_empty());
    }

    #[test]
    fn a_limit_of_no_token_is_one() {
        let mut f = Fixture::with(|setup| setup.settings.stop.predict = 0);
        f.keys(&["3", "W"]);
        assert_eq!(StopRow::Tokens.limit(f.state.stops_of(Some(0))), Some(0.0));
        f.keys(&["enter"]);
        let Some(Overlay::StopList(stops)) = f.state.desk.overlays.last() else { panic!("it is open") };
        assert_eq!(stops.typing.as_deref(), Some("0"));
        f.keys(&["enter", "esc", "right"]);
        assert_eq!((f.state.stops_of(Some(0)).predict, lengths(&f)), (0, vec![0; 3]), "it was left");
        f.keys(&["W", "right", "right", "esc", "right"]);
        assert_eq!((f.state.stops_of(Some(0)).predict, lengths(&f)), (2, vec![1, 0, 0]));
    }

    /// From the step screen, with this typed as the limit of tokens.
    fn limit_tokens(f: &mut Fixture, limit: &str) {
        f.keys(&["W", "enter", "enter"]);
        f.send(Message::Paste(limit.into()));
        f.keys(&["enter", "esc", "esc"]);
        assert!(f.state.desk.overlays.is_empty());
    }

    #[test]
    fn a_text_ends_by_conditions_that_are_set_while_it_is_written() {
        let mut f = Fixture::new();
        f.keys(&["n"; 2]);
        limit_tokens(&mut f, "4");
        f.keys(&["n"; 5]);
        let session = f.state.desk.walk.session.as_ref().expect("a session");
        assert_eq!(session.path().generated(), 4);
        assert_eq!(session.stopped(), Some(&crate::decode::StopReason::MaxTokens { limit: 4 }));
        // Below what is written it has ended already, above it goes on.
        f.keys(&["W", "enter", "left", "esc", "esc"]);
        let stopped = |f: &Fixture| f.state.desk.walk.session.as_ref().is_some_and(|s| s.stopped().is_some());
        assert!(stopped(&f));
        f.keys(&["W", "enter", "L"]);
        assert!(!stopped(&f));
        f.keys(&["esc", "esc", "n"]);
        assert_eq!(f.state.desk.walk.session.as_ref().map(|s| s.path().generated()), Some(5));
    }

    #[test]
    fn what_is_written_already_is_looked_through_for_a_new_text_or_expression() {
        for (rows, typed) in [(0, "little"), (3, "l.ttl")] {
            let mut f = Fixture::with(|setup| setup.given.temperature = Some(0.0));
            // , there was a little girl
            f.keys(&["n"; 6]);
            f.keys(&["W", "enter", "home"]);
            f.keys(&vec!["down"; rows]);
            f.keys(&["enter"]);
            f.send(Message::Paste(typed.into()));
            f.keys(&["enter", "esc", "esc"]);
            let stopped =
                |f: &Fixture| f.state.desk.walk.session.as_ref().is_some_and(|s| s.stopped().is_some());
            assert!(stopped(&f), "{typed}");
            // A step back is still behind it, two are before.
            f.keys(&["backspace"]);
            assert!(stopped(&f), "{typed}");
            f.keys(&["backspace"]);
            assert!(!stopped(&f), "{typed}");
        }
    }

    #[test]
    fn drawing_again_where_the_text_has_ended_before_says_so_and_shows_what_is_left() {
        let mut f = Fixture::new();
        f.keys(&["n"; 6]);
        limit_tokens(&mut f, "3");
        f.keys(&["r"]);
        let told = f.state.desk.notice.as_deref().unwrap_or_default();
        assert!(told.starts_with("Generation now stops before this step: the limit of 3 tokens"), "{told}");
        let session = f.state.desk.walk.session.as_ref().expect("a session");
        assert_eq!((session.path().generated(), f.state.desk.walk.transcript.tokens().len()), (5, 4 + 5));
    }

    #[test]
    fn lanes_without_conditions_of_their_own_have_those_of_all() {
        let mut f = Fixture::new();
        f.keys(&["3", "tab", "W", "right", "right", "right", "esc", "1"]);
        limit_tokens(&mut f, "2");
        f.keys(&["3"]);
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [2, 3, 2]);
        f.keys(&["1"]);
        // The limit of that lane has become that of all.
        f.keys(&["W", "enter", "right", "esc", "esc", "3"]);
        assert!(f.state.rooms.compare.own(1).is_some_and(|own| own.stop.is_none()));
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [3, 3, 3]);
    }

    #[test]
    fn seeds_and_beams_begin_anew_under_other_conditions_and_come_as_far() {
        let mut f = Fixture::new();
        f.keys(&["5"]);
        f.keys(&["n"; 5]);
        let lengths = |f: &Fixture| -> Vec<usize> {
            let forest = f.state.rooms.seeds.forest().expect("a forest");
            (0..forest.len()).map(|i| forest.path(i).expect("a path").generated()).collect()
        };
        assert_eq!(lengths(&f).iter().max(), Some(&5));
        f.keys(&["6"]);
        f.keys(&["n"; 5]);
        assert_eq!(f.state.rooms.beam.search().expect("a search").done(), 5);
        limit_tokens(&mut f, "3");
        let search = f.state.rooms.beam.search().expect("a search");
        assert_eq!((search.done(), search.live().len()), (3, 0), "none is longer");
        f.keys(&["5"]);
        assert_eq!(lengths(&f).iter().max(), Some(&3));
        limit_tokens(&mut f, "9");
        f.keys(&["n"]);
        assert_eq!(lengths(&f).iter().max(), Some(&4), "from as far as they came");
    }
}
