//! What stands below the sliders: the chain and what each stage left, settings without a slider, end tokens.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{Screen, State},
    keymap::Action,
    sampling::{Difference, SamplerKind, SamplingSettings, StageTrace},
    text::Shown,
    theme::Marks,
    ui::{
        numbers::thousands,
        rows::{fitting, flow, wrap_words},
        step_label,
        widgets::elide,
    },
};

/// Widths below this have no column for labels.
const ROOM_FOR_LABELS: usize = 26;
/// Cells of the column of labels.
const LABEL: usize = 7;
/// A setting longer than this is told on the X-ray screen alone.
const LONGEST_SETTING: usize = 6;
/// Between two stages.
const THEN: &str = " → ";

/// The notes in at most `height` rows of `width` cells, each whole or not there.
pub(super) fn notes(
    state: &State,
    changes: &[Difference],
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let theme = state.theme();
    let mut notes = Notes { width, height, dim: theme.dim(), lines: Vec::new() };
    if let Some(typing) = state.typing() {
        notes.add("type", &[&|room| owned(wrap_words(typing.knob.allowed(), room))], theme.key());
    }
    let wordings = chain_wordings(state);
    let chains: Vec<_> = wordings.iter().map(|parts| move |room| flow(parts, THEN, room)).collect();
    let chains: Vec<&dyn Fn(usize) -> Vec<String>> = chains.iter().map(|wording| wording as _).collect();
    notes.add("chain", &chains, theme.text());
    if let Some((label, stages)) = passed_over(state.settings_in_hand()) {
        notes.add(label, &[&|room| flow(&stages, ", ", room)], theme.warning());
    }
    let others = others(changes);
    notes.add(
        "also",
        &[&|room| flow(&others.iter().map(|text| elide(text, room)).collect::<Vec<_>>(), ", ", room)],
        theme.slider_changed(),
    );
    let (tokens, style) = end_tokens(state, width >= ROOM_FOR_LABELS);
    notes.add("end", &[&|room| vec![fitting(&tokens, room).to_owned()]], style);
    notes.lines
}

fn owned(lines: Vec<&str>) -> Vec<String> {
    lines.into_iter().map(str::to_owned).collect()
}

/// Notes as they are put together.
struct Notes {
    width: usize,
    height: usize,
    dim: Style,
    lines: Vec<Line<'static>>,
}

impl Notes {
    /// Adds a note in the first of these wordings that has room, each made for so many cells of width.
    fn add(&mut self, label: &str, wordings: &[&dyn Fn(usize) -> Vec<String>], style: Style) {
        let roomy = self.width >= ROOM_FOR_LABELS;
        let indent = if roomy { LABEL } else { 0 };
        let left = self.height.saturating_sub(self.lines.len());
        let room = self.width - indent;
        let fits = |text: &Vec<String>| text.len() <= left && text.iter().all(|line| line.width() <= room);
        let Some(text) = wordings.iter().map(|wording| wording(room)).find(fits) else {
            return;
        };
        for (index, line) in text.into_iter().filter(|line| !line.is_empty()).enumerate() {
            let head = if roomy && index == 0 { label } else { "" };
            let head = Span::styled(format!("{head:indent$}"), self.dim);
            self.lines.push(Line::from(vec![head, Span::styled(line, style)]));
        }
    }
}

/// The chain: every stage with its setting and what it left; those alone that cut; how many are left in the end.
fn chain_wordings(state: &State) -> Vec<Vec<String>> {
    let stages = state.stages();
    let follows_frame = matches!(state.screen(), Screen::Step | Screen::Xray);
    if stages.is_empty() {
        let instead = match state.frame().node {
            _ if !follows_frame => return Vec::new(),
            Some(_) => "empty: drawn as the model says",
            None if step_label::waits(state) => "waiting for the model",
            None => return Vec::new(),
        };
        return vec![vec![instead.to_owned()]];
    }
    let settings = state.settings_in_hand();
    let (all, cutting): (Vec<_>, Vec<_>) = told(stages, settings).into_iter().unzip();
    let cutting: Vec<String> = cutting.into_iter().flatten().collect();
    let left = stages.last().map_or(0, |stage| stage.kept);
    vec![all, cutting, vec![format!("{} left", thousands(left))]]
}

/// Each stage as it is told, and again where it cut: `top-p 0.95 · 17 left`.
fn told(stages: &[StageTrace], settings: &SamplingSettings) -> Vec<(String, Option<String>)> {
    let mut before = None;
    stages
        .iter()
        .map(|stage| {
            let cut = before.is_none_or(|before| stage.kept < before);
            before = Some(stage.kept);
            let setting = setting(stage.label, settings);
            // Not exactly what the whole vocabulary would give.
            let about = if stage.doubt.is_some() { format!(" {}", Marks::ABOUT) } else { String::new() };
            let name = format!("{}{setting}{about}", stage.label);
            if cut {
                let text = format!("{name} · {} left", thousands(stage.kept));
                (text.clone(), Some(text))
            } else {
                (name, None)
            }
        })
        .collect()
}

/// A stage's setting with a space before it, if it is a short one.
fn setting(label: &str, settings: &SamplingSettings) -> String {
    let kind = SamplerKind::ALL.into_iter().find(|kind| kind.label() == label);
    let text = kind.map_or_else(String::new, |kind| settings.text_of(kind.into()));
    if text.is_empty() || text.len() > LONGEST_SETTING { String::new() } else { format!(" {text}") }
}

/// The stages that a person has switched off, or those that act alone.
fn passed_over(settings: &SamplingSettings) -> Option<(&'static str, Vec<String>)> {
    let (label, stages) =
        if settings.soloed.is_empty() { ("off", &settings.muted) } else { ("only", &settings.soloed) };
    let labels: Vec<String> = stages.iter().map(|stage| stage.label().to_owned()).collect();
    (!labels.is_empty()).then_some((label, labels))
}

/// Settings without a slider that are not as the preset has them.
fn others(changes: &[Difference]) -> Vec<String> {
    const TOLD: [&str; 9] =
        ["temperature", "top_p", "top_k", "min_p", "repeat_penalty", "seed", "ignore_eos", "muted", "soloed"];
    changes
        .iter()
        .filter(|change| !TOLD.contains(&change.field))
        .map(|change| Shown::inline(&format!("{} {}", change.field, change.current)).as_str().to_owned())
        .collect()
}

/// Whether end tokens may be drawn, with the key that changes it; after the label `end`, or without one.
fn end_tokens(state: &State, labelled: bool) -> ([String; 3], Style) {
    let key = state.keymap().hints(state.context(), &[Action::ToggleIgnoreEos]).pop();
    let key = key.map_or_else(String::new, |hint| format!(" ({})", hint.key));
    let banned = state.settings_in_hand().ignore_eos;
    let style = if banned { state.theme().warning() } else { state.theme().text() };
    let word = if banned { "banned" } else { "allowed" };
    let end = if labelled { "" } else { "end " };
    ([format!("{end}tokens {word}{key}"), format!("{end}tokens {word}"), format!("{end}{word}")], style)
}
