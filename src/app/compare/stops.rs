//! The stop conditions of a lane as rows of a list: each moved by steps or typed.

use crossterm::event::KeyEvent;

use super::super::{
    Effect, Overlay, State,
    input::{LineKey, line_key},
};
use crate::{
    decode::StopRules,
    settings::{StopSettings, unescape},
};

/// What a lane's text can be ended by here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopRow {
    /// A number of tokens.
    Tokens,
    /// A text.
    Text,
    /// A number of sentences.
    Sentences,
    /// A number of lines.
    Lines,
    /// Repetitions in a row.
    Loop,
}

impl StopRow {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 5] = [Self::Tokens, Self::Text, Self::Sentences, Self::Lines, Self::Loop];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Text => "stop text",
            Self::Sentences => "sentences",
            Self::Lines => "lines",
            Self::Loop => "loop",
        }
    }

    /// Its limit; None where there is none, and for the text.
    #[must_use]
    pub fn limit(self, stop: &StopSettings) -> Option<u32> {
        let limit = match self {
            // Here 0 is a limit, and what is below it none.
            Self::Tokens => return u32::try_from(stop.predict).ok(),
            Self::Sentences => stop.sentences,
            Self::Lines => stop.lines,
            Self::Loop => stop.loop_times,
            Self::Text => 0,
        };
        (limit > 0).then_some(limit)
    }

    /// The least limit that means something.
    const fn least(self) -> u32 {
        if matches!(self, Self::Loop) { 2 } else { 1 }
    }

    /// Sets its limit; one below the least is none.
    fn set_limit(self, stop: &mut StopSettings, limit: u32) {
        let limit = if limit < self.least() { 0 } else { limit.min(i32::MAX as u32) };
        match self {
            Self::Tokens => stop.predict = if limit == 0 { -1 } else { limit.cast_signed() },
            Self::Sentences => stop.sentences = limit,
            Self::Lines => stop.lines = limit,
            Self::Loop => stop.loop_times = limit,
            Self::Text => {}
        }
    }

    /// Moves its limit by so many; from none to the least.
    fn step(self, stop: &mut StopSettings, by: i32) {
        let limit = match self.limit(stop) {
            Some(limit) => limit.saturating_add_signed(by),
            None if by > 0 => self.least().max(by.cast_unsigned()),
            None => 0,
        };
        self.set_limit(stop, limit);
    }

    /// What is typed to have it as it is; nothing where it cannot be typed, which are several texts.
    fn typed(self, stop: &StopSettings) -> String {
        match (self, &stop.strings[..]) {
            (Self::Text, [text]) => text.replace('\\', "\\\\").replace('\n', "\\n"),
            _ => self.limit(stop).map_or_else(String::new, |limit| limit.to_string()),
        }
    }

    /// Sets it to what was typed; nothing is no such condition.
    fn accept(self, stop: &mut StopSettings, typed: &str) -> Result<(), String> {
        if self == Self::Text {
            let text = unescape(typed).map_err(|error| error.to_string())?;
            stop.strings = if text.is_empty() { Vec::new() } else { vec![text] };
            return Ok(());
        }
        let limit = if typed.trim().is_empty() { Ok(0) } else { typed.trim().parse() };
        let limit = limit.map_err(|_| {
            let (name, least) = (self.name(), self.least());
            format!("{name} cannot be {typed:?}: it takes a number from {least}, or nothing for no limit")
        })?;
        self.set_limit(stop, limit);
        Ok(())
    }
}

/// The list of a lane's stop conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneStops {
    /// The lane.
    pub lane: usize,
    /// The selected row, an index into [`StopRow::ALL`].
    pub selected: usize,
    /// What is being typed into it.
    pub typing: Option<String>,
}

impl LaneStops {
    /// Characters that can be typed.
    const LONGEST: usize = 200;

    /// The selected row.
    #[must_use]
    pub fn row(&self) -> StopRow {
        StopRow::ALL[self.selected.min(StopRow::ALL.len() - 1)]
    }

    /// Adds to what is being typed.
    pub(in crate::app) fn insert(&mut self, text: &str) {
        let typed = self.typing.get_or_insert_default();
        let room = Self::LONGEST.saturating_sub(typed.chars().count());
        typed.extend(text.chars().take(room));
    }
}

impl State {
    /// The stop conditions of a lane: its own, or those of all lanes.
    #[must_use]
    pub fn stops_of(&self, lane: usize) -> &StopSettings {
        let own = self.compare.own(lane).and_then(|own| own.stop.as_ref());
        own.unwrap_or(&self.settings.stop)
    }

    /// The stop conditions of all lanes that have none of their own.
    #[must_use]
    pub fn shared_stops(&self) -> &StopSettings {
        &self.settings.stop
    }

    /// Lists the stop conditions of the lane in focus.
    pub(super) fn list_lane_stops(&mut self) {
        if self.compare.lanes.is_some() {
            let lane = self.compare.focus();
            self.pause_lanes();
            self.overlays.push(Overlay::LaneStops(LaneStops { lane, ..LaneStops::default() }));
        }
    }

    fn lane_stops(&mut self) -> Option<&mut LaneStops> {
        match self.overlays.last_mut() {
            Some(Overlay::LaneStops(stops)) => Some(stops),
            _ => None,
        }
    }

    /// Moves the limit of the selected row.
    pub(in crate::app) fn step_lane_stop(&mut self, by: i32) {
        let Some((lane, row)) = self.lane_stops().map(|stops| (stops.lane, stops.row())) else { return };
        let mut stop = self.stops_of(lane).clone();
        row.step(&mut stop, by);
        self.set_lane_stop(lane, stop);
    }

    /// Begins to type into the selected row.
    pub(in crate::app) fn begin_lane_stop(&mut self) {
        let Some((lane, row)) = self.lane_stops().map(|stops| (stops.lane, stops.row())) else { return };
        let typed = row.typed(self.stops_of(lane));
        if let Some(stops) = self.lane_stops() {
            stops.typing = Some(typed);
        }
    }

    /// Takes a key for what is being typed.
    pub(in crate::app) fn type_lane_stop(&mut self, key: KeyEvent) -> Vec<Effect> {
        let Some(stops) = self.lane_stops() else { return Vec::new() };
        let (lane, row) = (stops.lane, stops.row());
        let Some(typed) = &mut stops.typing else { return Vec::new() };
        match line_key(key) {
            LineKey::Type(c) => stops.insert(c.encode_utf8(&mut [0; 4])),
            LineKey::Delete => drop(typed.pop()),
            LineKey::GiveUp => stops.typing = None,
            LineKey::Accept => {
                let typed = typed.clone();
                match self.accept_lane_stop(lane, row, &typed) {
                    Ok(()) => self.lane_stops().into_iter().for_each(|stops| stops.typing = None),
                    Err(why) => self.notice = Some(why),
                }
            }
            LineKey::Other => {}
        }
        Vec::new()
    }

    /// Sets a condition to what was typed; one that was not changed stays as it is.
    fn accept_lane_stop(&mut self, lane: usize, row: StopRow, typed: &str) -> Result<(), String> {
        let mut stop = self.stops_of(lane).clone();
        if typed != row.typed(&stop) {
            row.accept(&mut stop, typed)?;
            self.set_lane_stop(lane, stop);
        } else if row == StopRow::Text && stop.strings.len() > 1 {
            self.notice = Some("The stop texts stay; one that is typed takes their place.".into());
        }
        Ok(())
    }

    /// Gives a lane these stop conditions, its own where they are not those of all lanes, and looks at them anew.
    fn set_lane_stop(&mut self, lane: usize, stop: StopSettings) {
        let rules = StopRules::from(&stop);
        let Some(own) = self.compare.own.get_mut(lane) else { return };
        own.stop = (stop != self.settings.stop).then_some(stop);
        if let Some(lanes) = &mut self.compare.lanes {
            lanes.set_rules(lane, rules);
        }
        self.stale = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Message, fixture::Fixture};

    fn lengths(f: &Fixture) -> Vec<usize> {
        f.state.compare.lanes().iter().map(|lane| lane.cursor().path().generated()).collect()
    }

    #[test]
    fn a_lane_ends_by_conditions_of_its_own_and_goes_on_without_them() {
        let mut f = Fixture::new();
        f.keys(&["3", "tab", "W", "right", "right", "right", "esc"]);
        assert_eq!(f.state.stops_of(1).predict, 3);
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [5, 3, 5]);
        // Copies have them, other lanes do not; on another prompt they are the same.
        f.keys(&["d"]);
        f.keys(&["e", "backspace", "backspace", "backspace", "backspace", "backspace", "enter"]);
        f.keys(&["right"; 5]);
        assert_eq!(lengths(&f), [5, 3, 3, 5]);
        f.keys(&["W", "left", "left", "left", "esc", "right"]);
        assert_eq!(f.state.compare.own(2).map(|own| own.stop.is_none()), Some(true), "as all are again");
        assert_eq!(lengths(&f), [6, 3, 4, 6]);
    }

    #[test]
    fn values_are_typed_and_what_is_none_is_said() {
        let mut f = Fixture::new();
        f.keys(&["3", "W", "enter", "1", "2", "enter"]);
        assert_eq!(f.state.stops_of(0).predict, 12);
        f.keys(&["down", "enter"]);
        f.send(Message::Paste(" was\\n".into()));
        f.keys(&["enter"]);
        assert_eq!(f.state.stops_of(0).strings, [" was\n"]);
        f.keys(&["down", "enter", "x", "enter"]);
        let why = "sentences cannot be \"x\": it takes a number from 1, or nothing for no limit";
        assert_eq!(f.state.notice.as_deref(), Some(why));
        f.keys(&["backspace", "2", "enter", "down", "down", "H", "L"]);
        assert_eq!((f.state.stops_of(0).sentences, f.state.stops_of(0).loop_times), (2, 10));
        f.keys(&["up", "up", "up", "enter"]);
        let Some(Overlay::LaneStops(stops)) = f.state.overlays.last() else { panic!("it is open") };
        assert_eq!(stops.typing.as_deref(), Some(" was\\n"), "as it was typed");
        f.keys(&["esc", "esc"]);
        assert!(f.state.overlays.is_empty());
    }

    #[test]
    fn several_stop_texts_stay_until_one_is_typed_in_their_place() {
        let mut f = Fixture::with(|setup| setup.settings.stop.strings = vec![" dog".into(), " cat".into()]);
        f.keys(&["3", "W", "down", "enter", "enter"]);
        assert_eq!(f.state.stops_of(0).strings, [" dog", " cat"]);
        let notice = f.state.notice.as_deref();
        assert_eq!(notice, Some("The stop texts stay; one that is typed takes their place."));
        f.keys(&["enter", "x", "enter"]);
        assert_eq!(f.state.stops_of(0).strings, ["x"]);
        // A single one is what the field opens with, and can be erased.
        f.keys(&["enter", "backspace", "enter"]);
        assert!(f.state.stops_of(0).strings.is_empty());
    }

    #[test]
    fn a_limit_of_no_token_is_one() {
        let mut f = Fixture::with(|setup| setup.settings.stop.predict = 0);
        f.keys(&["3", "W"]);
        assert_eq!(StopRow::Tokens.limit(f.state.stops_of(0)), Some(0));
        f.keys(&["enter"]);
        let Some(Overlay::LaneStops(stops)) = f.state.overlays.last() else { panic!("it is open") };
        assert_eq!(stops.typing.as_deref(), Some("0"));
        f.keys(&["enter", "esc", "right"]);
        assert_eq!((f.state.stops_of(0).predict, lengths(&f)), (0, vec![0; 3]), "it was left");
        f.keys(&["W", "right", "right", "esc", "right"]);
        assert_eq!((f.state.stops_of(0).predict, lengths(&f)), (2, vec![1, 0, 0]));
    }

    #[test]
    fn limits_move_from_none_to_the_least_and_back() {
        let mut stop = StopSettings::default();
        let mut seen = Vec::new();
        for by in [-1, 1, 1, -1, -1, -1] {
            StopRow::Loop.step(&mut stop, by);
            seen.push(StopRow::Loop.limit(&stop));
        }
        assert_eq!(seen, [None, Some(2), Some(3), Some(2), None, None]);
        StopRow::Tokens.step(&mut stop, 10);
        StopRow::Tokens.step(&mut stop, -10);
        assert_eq!((stop.predict, stop.validate()), (-1, Ok(())));
        StopRow::Tokens.accept(&mut stop, "4294967295").expect("a number");
        assert_eq!(stop.predict, i32::MAX);
        assert!(StopRow::Tokens.accept(&mut stop, "-3").is_err());
    }
}
