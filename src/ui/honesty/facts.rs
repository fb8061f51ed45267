//! Numbers read from a screen, each under the name of what it is a number of.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use crate::{
    app::{OnView, Screen, State},
    ui::one_step::panel,
};

/// What a number is of, and how it is found: its first group.
type Pattern = (&'static str, Regex);

/// A number as it is printed: between which bounds it may lie, and where it stands.
struct Printed {
    least: f64,
    most: f64,
    at: String,
}

/// Numbers by what they are of.
#[derive(Default)]
pub(super) struct Facts(HashMap<&'static str, Vec<Printed>>);

impl Facts {
    /// Takes in what the state says.
    pub(super) fn know(&mut self, of: &'static str, value: f64) {
        let at = format!("the state: {value}");
        self.0.entry(of).or_default().push(Printed { least: value, most: value, at });
    }

    /// Reads the numbers in a text.
    pub(super) fn read(&mut self, patterns: &[Pattern], text: &str) {
        for (of, pattern) in patterns {
            for found in pattern.captures_iter(text) {
                let (least, most) = bounds(&found[1]);
                self.0.entry(of).or_default().push(Printed { least, most, at: found[0].trim().to_owned() });
            }
        }
    }

    /// Two numbers of the same thing that cannot both be right.
    pub(super) fn disagreement(&self) -> Option<String> {
        self.0.iter().find_map(|(of, numbers)| {
            let (first, rest) = numbers.split_first()?;
            let other = rest.iter().find(|other| other.least > first.most || other.most < first.least)?;
            Some(format!("{of}: {} but {}", first.at, other.at))
        })
    }

    /// What stands there more than once.
    pub(super) fn compared(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(|(_, numbers)| numbers.len() > 1).map(|(of, _)| *of)
    }
}

/// What a printed number can stand for: half of its last place more or less.
fn bounds(text: &str) -> (f64, f64) {
    let digits = text.replace(',', "").replace('−', "-");
    let value: f64 = digits.parse().unwrap_or_else(|_| panic!("{text} is a number"));
    let half = match (digits.split_once('e'), digits.split_once('.')) {
        (Some((_, power)), _) => 0.5 * 10_f64.powf(power.parse().unwrap_or(0.0)),
        (None, Some((_, places))) => 0.5 * 10_f64.powi(-(places.len() as i32)),
        (None, None) => 0.0,
    };
    // What is rounded in binary may be a little beside the half.
    let slack = half * 1.001;
    // All but one is written as one, in two places.
    (value - slack, value + slack)
}

fn patterns(list: &[(&'static str, &str)]) -> Vec<Pattern> {
    list.iter().map(|&(of, pattern)| (of, Regex::new(pattern).expect("it is written here"))).collect()
}

/// Of the panels of the step screen and the X-ray.
static PATH: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("u", r"\bu (0\.\d+)"),
        ("seed", r"\bseed +(\d+)"),
        ("entropy of the step", r"(?:entropy|─) (\d+\.\d+) bits"),
        ("entropy of the step", r"│.model +[\d,]+ +(\d+\.\d+) "),
        ("top-k", r"(?:[^·y] |▸|│)top-k +(\d+)"),
        ("top-p", r"(?:[^·y] |▸|│)top-p +(\d\.\d+)"),
        ("min-p", r"(?:[^·y] |▸|│)min-p +(\d\.\d+)"),
        ("temperature", r"temperature +(\d+(?:\.\d+)?)(?: |\*|$|─|│)"),
        ("kept by top-p", r"top-p [\d.]+ keeps ([\d,]+)"),
        ("kept by top-p", r"top-p [\d.]+ · ([\d,]+) left"),
        ("kept by top-p", r"top-p +[\d.]+ +([\d,]+)/"),
        ("kept by top-k", r"top-k \d+ · ([\d,]+) left"),
        ("kept by top-k", r"keeps [\d,]+ of ([\d,]+)"),
        ("kept by top-k", r"top-k +\d+ +([\d,]+)/"),
        ("vocabulary", r"top-k +\d+ +[\d,]+/([\d,]+)"),
        ("vocabulary", r"│.model +([\d,]+) "),
        ("rank of the end token", r"│.*rank +([\d,]+)  p [\d.e-]+(?: · token \d+)? *│$"),
        ("p of the end token", r"│.*rank +[\d,]+  p ([\d.e-]+)(?: · token \d+)? *│$"),
        ("generated", r"│ tokens +([\d,]+),"),
        ("cells of the path", r"context +([\d,]+) of"),
        ("cells of the context", r"context +[\d,]+ of ([\d,]+)"),
        ("cells of the context", r"[\d,]+ of ([\d,]+) cells"),
        ("cells in use", r"([\d,]+) of [\d,]+ cells"),
    ])
});

/// Of the compare screen.
static LANES: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("the lane in focus", r"Lane (\d+) and lane"),
        ("the lane in focus", r"Sampling of lane (\d+)"),
        ("kept in the lane", r"[╰┗] (\d+) and \d+ kept"),
        ("tokens of all lanes", r"evaluations for ([\d,]+) tokens"),
    ])
});

/// Of the seeds screen.
static SEEDS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("seeds", r"(\d+) seeds, starting"),
        ("seeds", r"of (\d+) seeds finished"),
        ("seeds", r"Once␣upon\S* +(\d+) *│$"),
        ("first seed", r"starting at (\d+)"),
        ("first seed", r"│ +seed +(\d+) "),
    ])
});

/// Of the beam screen.
static BEAMS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("round", r"after round (\d+)"),
        ("round", r"[╭┏] Round (\d+)"),
        ("beams", r"width (\d+) ·"),
        ("beams", r"candidates: (\d+) kept, 0 finished"),
        ("ln P of the best", r"│▸ 1 .* (−\d+\.\d+) +−\d+\.\d+ │$"),
        ("ln P of the best", r"best +.* (−\d+\.\d+) +−\d+\.\d+ │$"),
    ])
});

/// Of the speculate screen.
static SPECULATE: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("tokens shown", r"[─ ]([\d,]+) tokens in [\d,]+ round"),
        ("tokens shown", r"the same ([\d,]+) tokens as plain"),
        ("overlap of the place", r"Σ min ([\d.e-]+) "),
    ])
});

/// Of the diffuse screen.
static CANVAS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[
        ("the step on view", r"step (\d+)(?: comes)? next"),
        ("the step on view", r"Step (\d+): it (?:waits|opens):"),
        ("steps taken", r"after step (\d+)"),
        ("positions that open", r"(\d+) opens? next"),
        ("positions that open", r"it (?:waits|opens): .* for (\d+) places"),
        ("masked", r"(\d+) masked"),
        ("written", r"(\d+) of \d+ positions"),
        ("written", r" (\d+)/\d+ [╯┛]"),
        ("passes", r"· (\d+) pass"),
        ("passes", r"│ passes +(\d+)"),
        ("steps planned", r"[╰┗] (\d+) steps"),
        ("steps planned", r"│[▸ ] steps +(\d+)"),
        ("seed", r"seed (\d+)"),
    ])
});

/// Of the cost screen.
static COSTS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    patterns(&[("tokens written", r"\bN (\d+)\b"), ("tokens written", r"token (\d+) after")])
});

/// What stands on the screen.
pub(super) fn of_screen(state: &State, rows: &[String]) -> Facts {
    let mut facts = Facts::default();
    let patterns: &[Pattern] = match state.screen() {
        Screen::Step | Screen::Xray => &PATH,
        Screen::Compare => &LANES,
        Screen::Seeds => &SEEDS,
        Screen::Beam => &BEAMS,
        Screen::Speculate => &SPECULATE,
        Screen::Diffuse => &CANVAS,
        Screen::Cost => &COSTS,
        Screen::Tree | Screen::Learn => &[],
    };
    // Panel by panel: what stands beside each other on the screen does not belong together.
    for panel in panels(state, rows) {
        for row in panel.iter().filter(|row| !row.contains("same u at")) {
            facts.read(patterns, row);
        }
    }
    if state.screen() == Screen::Compare {
        lanes(state, rows, &mut facts);
    }
    if matches!(state.frame().at(), OnView::Taken(_)) && state.screen() == Screen::Step {
        chosen(rows, &mut facts);
    }
    facts
}

/// Titles that panels begin with. Those of one token's way through the chain and of its text have numbers of other things.
const TITLES: [&str; 28] = [
    "Next token",
    "Token",
    "Sampling",
    "Draw",
    "KV cache",
    "Stop conditions",
    "Stages",
    "After",
    "Lanes",
    "Lane",
    "Seeds",
    "Critical tokens",
    "Endings",
    "Beams",
    "Round",
    "Finished",
    "Best text",
    "Tree",
    "Canvas",
    "Scores",
    "Schedule",
    "Position",
    "Settings",
    "Against",
    "Neighbours",
    "Sweep",
    "KV cache on and off",
    "Prefill and decode",
];

fn panels(state: &State, rows: &[String]) -> Vec<Vec<String>> {
    if state.screen() == Screen::Compare {
        // Lanes are titled as they are named.
        return vec![rows.to_vec()];
    }
    TITLES.into_iter().filter_map(|title| panel(rows, title)).collect()
}

/// What the lanes have in all, and what the chain of the one in focus leaves.
fn lanes(state: &State, rows: &[String], facts: &mut Facts) {
    static LEFT: LazyLock<Vec<Pattern>> =
        LazyLock::new(|| patterns(&[("kept in the lane", r".* (\d+) left")]));
    facts.read(&LEFT, &panel(rows, "Sampling of lane").unwrap_or_default().join(" "));
    let lanes = state.compare().lanes();
    let generated: usize = lanes.iter().map(|lane| lane.cursor().path().generated()).sum();
    facts.know("tokens of all lanes", generated as f64);
}

/// The token that was chosen at the step on view: what its caption says of it, and its row among the candidates.
fn chosen(rows: &[String], facts: &mut Facts) {
    static CAPTION: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
        patterns(&[
            ("p of the chosen token", r"· p ([\d.e-]+)"),
            ("final p of the chosen token", r"· p [\d.e-]+ → ([\d.e-]+)"),
            ("rank of the chosen token", r"· rank ([\d,]+)"),
            ("p of the end token", r"· end ([\d.e-]+), rank"),
            ("rank of the end token", r"· end [\d.e-]+, rank ([\d,]+)"),
        ])
    });
    static ROW: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
        patterns(&[
            ("rank of the chosen token", r"^.▸ *([\d,]+) "),
            ("p of the chosen token", r"^.▸ *[\d,]+ \S+ .*? (\.\d+|1\.00|\de-\d+) "),
            (
                "final p of the chosen token",
                r"^.▸ *[\d,]+ \S+ .*? (?:\.\d+|1\.00|\de-\d+)[ ▏▎▍▌▋▊▉█]+(\.\d+|1\.00|\de-\d+) ",
            ),
        ])
    });
    let Some(text) = panel(rows, "Text") else { return };
    facts.read(&CAPTION, text.last().map_or("", String::as_str));
    let Some(list) = panel(rows, "Token") else { return };
    let taken =
        list.last().is_some_and(|frame| ["taken", "in the prompt"].iter().any(|word| frame.contains(word)));
    for row in list.iter().filter(|row| taken && row.chars().nth(1) == Some('▸')) {
        facts.read(&ROW, row);
    }
}
