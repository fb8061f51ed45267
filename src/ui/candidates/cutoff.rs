//! The line below which the chain has cut.

use crate::{
    app::State,
    sampling::{SamplerKind, SamplingSettings},
    ui::numbers::thousands,
};

/// Rows looked through for the last survivor. Further down nobody looks for the line.
const FAR: usize = 10_000;

/// Which stage draws the line, and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cutoff {
    /// Rows of the list above the line.
    pub above: usize,
    /// Raw probability of those rows together.
    pub mass: f64,
    /// `nucleus: top-p 0.95 keeps 9 of 40` and shorter.
    pub wordings: [String; 3],
}

impl Cutoff {
    /// The cutoff of the view: that of the nucleus (top-p), or of the last stage that cut something. None where
    /// nothing was cut, or while a search shows rows that do not follow on one another.
    pub(super) fn of(state: &State) -> Option<Self> {
        let (stages, list) = (state.frame().stages(), &state.frame().candidates);
        if !list.query().is_empty() {
            return None;
        }
        let kept_before = |index: usize| match index.checked_sub(1) {
            Some(previous) => stages[previous].kept,
            None => list.ranked_tokens(),
        };
        let cutting = || (0..stages.len()).rev().filter(|&index| stages[index].kept < kept_before(index));
        let nucleus = SamplerKind::TopP.label();
        let at = cutting().find(|&index| stages[index].label == nucleus).or_else(|| cutting().next())?;
        let (label, kept, before) = (stages[at].label, stages[at].kept, kept_before(at));
        let above = rows_above(state, at, kept)?;
        let mass = above.checked_sub(1).and_then(|row| list.row(row)).map_or(0.0, |row| row.cumulative);
        let (kept, of) = (thousands(kept), thousands(before));
        let of = if list.unnamed() > 0 { format!("{of} named") } else { of };
        let name = if label == nucleus { "nucleus: " } else { "" };
        let value = setting(label, state.sampling()).map_or(String::new(), |value| format!(" {value}"));
        Some(Self {
            above,
            mass,
            wordings: [
                format!("{name}{label}{value} keeps {kept} of {of}"),
                format!("{label} keeps {kept} of {of}"),
                format!("{label}: {kept}"),
            ],
        })
    }
}

/// Rows down to the last of the `kept` that are left after the stage `line`.
fn rows_above(state: &State, line: usize, kept: usize) -> Option<usize> {
    let stages = state.frame().stages();
    let survives = |cut_by: Option<&str>| {
        cut_by.is_none_or(|label| {
            stages.iter().position(|stage| stage.label == label).is_some_and(|at| at > line)
        })
    };
    let mut found = 0;
    (0..FAR.min(state.frame().candidates.len())).find_map(|index| {
        let row = state.frame().candidates.row(index)?;
        found += usize::from(survives(state.frame().fate(row.token).1));
        (found == kept).then_some(index + 1)
    })
}

/// The value of a stage's setting, where one number says it.
fn setting(label: &str, s: &SamplingSettings) -> Option<String> {
    let value = |x: f32| Some(format!("{x:.2}"));
    let kind = SamplerKind::ALL.into_iter().find(|kind| kind.label() == label)?;
    match kind {
        SamplerKind::TopK => Some(s.top_k.to_string()),
        SamplerKind::TopP => value(s.top_p),
        SamplerKind::MinP => value(s.min_p),
        SamplerKind::TypicalP => value(s.typical_p),
        SamplerKind::TopNSigma => value(s.top_n_sigma),
        SamplerKind::Xtc => value(s.xtc_threshold),
        SamplerKind::Temperature => value(s.temperature),
        SamplerKind::Penalties | SamplerKind::Dry => None,
    }
}
