//! What expressions of a lesson see of the live state. Each part is made only where an expression names it, from what the
//! screens show, and nothing of it is kept.

mod run;
mod step;

use std::collections::BTreeSet;

use minijinja::Value;

use super::super::{Desk, Screen, State};
use crate::{
    engine::Vocabulary,
    lesson::{Part, SCREENS, Scope},
    sampling::{SamplingOverrides, SamplingSettings},
    token::Token,
};

/// A value, or none where there is nothing.
pub(in crate::app) fn or_none(value: Option<impl Into<Value>>) -> Value {
    value.map_or_else(|| Value::from(()), Into::into)
}

/// The text of a token.
pub(in crate::app) fn piece(vocabulary: &Vocabulary, token: Token) -> Value {
    Value::from(String::from_utf8_lossy(vocabulary.piece(token)).into_owned())
}

/// The text of tokens.
pub(in crate::app) fn text_of(vocabulary: &Vocabulary, tokens: &[Token]) -> String {
    let bytes: Vec<u8> = tokens.iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why something ended, in a word; `none` while it goes on.
pub(in crate::app) fn reason(stopped: Option<&crate::decode::StopReason>) -> Value {
    Value::from(stopped.map_or("none", crate::decode::StopReason::name))
}

impl State {
    /// The values of these names, without those that there is nothing of now.
    pub(in crate::app) fn scope(&mut self, names: &BTreeSet<&'static str>) -> Scope {
        if !names.is_empty() {
            // As before a frame: what is shown is what is told.
            self.desk.stale = true;
            self.prepare_frame();
            self.desk.prepare_step();
        }
        names.iter().filter_map(|&name| Some((name, self.part(name)?))).collect()
    }

    fn part(&mut self, name: &'static str) -> Option<Value> {
        let settings = self.settings_in_hand();
        Some(match name {
            "screen" => Value::from(name_of(self.screen())),
            "temperature" => Value::from(f64::from(settings.temperature)),
            "top_k" => Value::from(settings.top_k),
            "top_p" => Value::from(f64::from(settings.top_p)),
            "min_p" => Value::from(f64::from(settings.min_p)),
            "seed" => or_none(settings.seed),
            "settings" => settings_part(settings),
            "compare" | "seeds" | "beam" | "tree" | "speculate" | "diffuse" | "cost" => self.of_room(name)?,
            "step" => step::on_view(&mut self.desk)?,
            "last" => step::last(&mut self.desk)?,
            "probability_of" => step::probability_of(&self.desk)?,
            "rank_of" => step::rank_of(&self.desk)?,
            "stages" => step::stages(self.stages(), settings),
            name => run::part(name, &self.desk)?,
        })
    }

    fn of_room(&self, name: &str) -> Option<Value> {
        let screen = Screen::ALL.iter().find(|&&screen| name_of(screen) == name)?;
        self.rooms.of(*screen).glance(&self.desk)
    }
}

/// What a screen is called in lessons.
fn name_of(screen: Screen) -> &'static str {
    SCREENS.iter().find(|(_, action)| *action == screen.action()).map_or("learn", |(name, _)| name)
}

fn settings_part(settings: &SamplingSettings) -> Value {
    let all = Value::from(minijinja::value::Serde(settings));
    let field = |name: &&'static str| (*name, all.get_attr(name).unwrap_or_default());
    Part::value("settings", SamplingOverrides::FIELDS.iter().map(field).collect())
}

impl Desk {
    /// The vocabulary of the path.
    pub(in crate::app) fn words(&self) -> Option<&Vocabulary> {
        self.session().map(|session| session.vocabulary().as_ref())
    }
}
