//! What the selected stage worked with at this step, in its frame.

use super::super::{ranks, shown};
use crate::{
    app::State,
    sampling::Beside,
    ui::numbers::{probability, thousands},
};

/// Moved tokens named at most.
const NAMED: usize = 3;

/// From the fullest to the shortest: `looked back on 13 tokens; ␣on #1 → #4,096`. As many as fit of the tokens that the
/// stage moved are named, for they may be far down the list or beyond it.
pub(super) fn wordings(state: &State) -> Vec<String> {
    let xray = state.xray();
    let facts = xray.selected().map(|stage| stage.facts.wordings()).unwrap_or_default();
    let named: Vec<String> = xray.moved.iter().take(NAMED).map(|row| name(state, row)).collect();
    let first_ones = (1..=named.len()).rev().map(|count| named[..count].join(", "));
    let mut wordings: Vec<String> = match facts.first() {
        Some(facts) => first_ones.map(|named| format!("{facts}; {named}")).collect(),
        None => first_ones.collect(),
    };
    // Which token it moved says more than what it worked with.
    wordings.extend(named.into_iter().next());
    wordings.extend(facts);
    let certificate = certificate(state);
    // What could differ says more than what it worked with; where nothing could both are told, if there is room.
    if certificate.first().is_some_and(|first| first.starts_with("exact")) {
        let both = wordings.into_iter().map(|facts| format!("exact; {facts}"));
        return both.chain(certificate).collect();
    }
    if certificate.is_empty() { wordings } else { certificate }
}

/// Of a distribution with a tail, whether the selected stage is exact, and otherwise what could differ, from the fullest wording
/// to the shortest; none where every token has a logit, and for a stage that is off.
fn certificate(state: &State) -> Vec<String> {
    let Some(xray) = &state.xray().xray else { return Vec::new() };
    let unnamed = xray.raw.unnamed();
    match state.xray().selected() {
        None if unnamed > 0 => {
            let (named, mass) = (thousands(xray.raw.kept()), probability(xray.raw.unnamed_mass()));
            vec![
                format!("{named} named, the other {} have {mass}", thousands(unnamed)),
                format!("{named} named, others {mass}"),
            ]
        }
        Some(selected) if selected.off.is_none() => match selected.doubt {
            Some(doubt) => {
                let told = doubt.wordings().into_iter().map(|why| format!("not exact: {why}"));
                told.chain(["not exact".to_owned()]).collect()
            }
            None if unnamed > 0 => {
                vec!["exact: the same with every token named".to_owned(), "exact".to_owned()]
            }
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `␣on #1 → #4,096`.
fn name(state: &State, row: &Beside) -> String {
    let way = row.was.map_or_else(String::new, |was| ranks(was, row.rank));
    format!("{} {way}", shown(state, row.before.token).as_str())
}
