//! Which steps of a token's way are shown where, and in which words.

use std::cmp::Reverse;

use ratatui::layout::Rect;

use super::{LABEL, columns};
use crate::{
    app::State,
    sampling::{Fate, WalkStep},
    ui::{
        numbers::{PROBABILITY_WIDTH, probability, thousands},
        rows::wrap_words,
    },
};

/// From this height on a row tells what has no room. In a lower panel each row is for a step.
const ROOM_FOR_MORE: usize = 4;

/// One or more rows.
#[derive(Debug)]
pub(super) enum Entry<'a> {
    Step(Step<'a>),
    /// Stages that have no row.
    More {
        count: usize,
        /// Whether any of them changed a number of the token.
        changed: bool,
    },
}

/// A stage and the token after it.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub label: &'static str,
    pub after: &'a WalkStep,
    /// Whether it is the stage that is selected.
    pub selected: bool,
    /// Whether it is the model's own distribution.
    pub first: bool,
    /// What was done to the token, a row each.
    pub lines: Vec<String>,
    weight: Weight,
}

/// How much a step tells; what tells least gives way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Nothing shown is different from the step before.
    Idle,
    /// Probability or rank changed, since others were cut or moved.
    Changed,
    Moved,
    /// Where it begins, and how it ends.
    End,
    Cut,
}

impl Entry<'_> {
    pub(super) fn height(&self) -> u16 {
        match self {
            Self::Step(step) => step.lines.len() as u16,
            Self::More { .. } => 1,
        }
    }
}

impl Step<'_> {
    /// The cells beside or below its numbers, for its words; a token that is cut has no numbers.
    pub(super) fn words_in(&self, area: Rect) -> Rect {
        let (logit, rank) = columns(area.width);
        let gap = |cells: u16| cells + u16::from(cells > 0);
        let numbers = gap(logit) + gap(PROBABILITY_WIDTH) + gap(rank) + 1;
        let used = LABEL + 1 + if self.after.logit.is_some() { numbers } else { 0 };
        let used = used.min(area.width);
        Rect { x: area.x + used, width: area.width - used, ..area }
    }
}

/// What is shown in an area, from the top. Where rows are free, words go on over several of them.
pub(super) fn entries(state: &State, area: Rect) -> Vec<Entry<'_>> {
    let rows = usize::from(area.height);
    let mut entries = thinned(steps(state), rows);
    let mut spare = rows.saturating_sub(entries.len());
    let mut steps: Vec<_> = entries
        .iter_mut()
        .filter_map(|entry| match entry {
            Entry::Step(step) if !step.first => Some(step),
            _ => None,
        })
        .collect();
    // Spare rows go to what killed the token first.
    steps.sort_by_key(|step| Reverse(step.weight == Weight::Cut));
    for step in steps {
        let width = usize::from(step.words_in(area).width);
        step.lines = lines(&step.after.fate.wordings(), width, 1 + spare);
        spare -= step.lines.len() - 1;
    }
    entries
}

/// The first wording that fits into so many rows, else the shortest, to be cut.
fn lines(wordings: &[String], width: usize, rows: usize) -> Vec<String> {
    let wrapped = wordings.iter().map(|wording| wrap_words(wording, width)).find(|lines| lines.len() <= rows);
    match wrapped {
        Some(lines) => lines.into_iter().map(str::to_owned).collect(),
        None => vec![wordings.last().cloned().unwrap_or_default()],
    }
}

/// The steps of stages that act, up to the cut.
fn steps(state: &State) -> Vec<Step<'_>> {
    let (Some(xray), walk) = (&state.xray().xray, &state.xray().walk) else { return Vec::new() };
    let stages = xray.stages.iter().map(|stage| (stage.label(), stage.off.is_none()));
    let labels = std::iter::once(("model", true)).chain(stages);
    let shown =
        labels.zip(walk).enumerate().filter(|(_, ((_, acts), step))| *acts && step.fate != Fate::Gone);
    let mut steps: Vec<_> = shown
        .map(|(row, ((label, _), after))| Step {
            label,
            after,
            selected: row == state.xray().stage,
            first: row == 0,
            lines: vec![String::new()],
            weight: weight(after, row.checked_sub(1).map(|before| &walk[before])),
        })
        .collect();
    if let Some(last) = steps.last_mut() {
        last.weight = last.weight.max(Weight::End);
    }
    steps
}

fn weight(after: &WalkStep, before: Option<&WalkStep>) -> Weight {
    let seen = |step: &WalkStep| (probability(step.p), step.rank);
    match (after.fate, before) {
        (Fate::Cut(_), _) => Weight::Cut,
        (_, None) => Weight::End,
        (Fate::Moved { .. }, _) => Weight::Moved,
        (_, Some(before)) if seen(before) != seen(after) => Weight::Changed,
        _ => Weight::Idle,
    }
}

/// As many steps as have a row each, and in place of the others a row that says so.
fn thinned(steps: Vec<Step<'_>>, rows: usize) -> Vec<Entry<'_>> {
    if steps.len() <= rows {
        return steps.into_iter().map(Entry::Step).collect();
    }
    let room = rows - usize::from(rows >= ROOM_FOR_MORE);
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|&index| (Reverse(steps[index].weight), index));
    let left_out = &order[room..];
    let more = Entry::More {
        count: left_out.len(),
        changed: left_out.iter().any(|&index| steps[index].weight > Weight::Idle),
    };
    let first = left_out.iter().copied().min();
    let mut more = (rows > room).then_some(more);
    let mut entries = Vec::with_capacity(rows);
    for (index, step) in steps.into_iter().enumerate() {
        if first == Some(index) {
            entries.extend(more.take());
        }
        if !left_out.contains(&index) {
            entries.push(Entry::Step(step));
        }
    }
    entries
}

/// What the row in place of steps says.
pub(super) fn more(count: usize, changed: bool) -> String {
    let stages = if count == 1 { "stage" } else { "stages" };
    let what = if changed { "" } else { " with no effect" };
    format!("… {} {stages} more{what}", thousands(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(fate: Fate) -> WalkStep {
        WalkStep { logit: Some(1.0), p: 0.5, rank: Some(1), fate }
    }

    fn step<'a>(after: &'a WalkStep, label: &'static str, weight: Weight) -> Step<'a> {
        Step { label, after, selected: false, first: false, lines: vec![String::new()], weight }
    }

    fn told(entries: &[Entry]) -> Vec<String> {
        let told = |entry: &Entry| match entry {
            Entry::Step(step) => step.label.to_owned(),
            Entry::More { count, changed } => more(*count, *changed),
        };
        entries.iter().map(told).collect()
    }

    #[test]
    fn what_changed_nothing_gives_way_first_and_is_counted() {
        use Weight::{Changed, Cut, End, Idle, Moved};
        let kept = after(Fate::Kept);
        let all = |rows| {
            let weights = [
                ("model", End),
                ("a", Moved),
                ("b", Idle),
                ("c", Changed),
                ("d", Idle),
                ("e", Changed),
                ("f", Cut),
            ];
            told(&thinned(weights.map(|(label, weight)| step(&kept, label, weight)).into(), rows))
        };
        assert_eq!(all(7), ["model", "a", "b", "c", "d", "e", "f"]);
        assert_eq!(all(6), ["model", "a", "… 2 stages more with no effect", "c", "e", "f"]);
        assert_eq!(all(5), ["model", "a", "… 3 stages more", "c", "f"]);
        assert_eq!(all(3), ["model", "a", "f"]);
        assert_eq!(all(1), ["f"], "what killed it");
        assert!(all(0).is_empty());
    }

    #[test]
    fn words_go_on_in_the_rows_below_or_are_shorter() {
        let wordings =
            ["seen 2 times in the last 13 tokens", "seen 2 times in 13", "seen 2×"].map(str::to_owned);
        assert_eq!(lines(&wordings, 22, 2), ["seen 2 times in the", "last 13 tokens"]);
        assert_eq!(lines(&wordings, 22, 1), ["seen 2 times in 13"]);
        assert_eq!(lines(&wordings, 4, 1), ["seen 2×"]);
    }
}
