//! A test over every screen: no word of ours is cut, at any width. What comes from elsewhere (tokens, prompts, names of
//! models and files) may be, and then ends in `…`.

use std::{collections::HashSet, fs, path::Path};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{draw, drawn, overlays, testing};
use crate::{
    app::{Message, Screen, State, fixture::Fixture, update},
    text::Shown,
};

/// Letters that may be one word.
fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|symbol: char| !symbol.is_alphabetic()).filter(|word| word.chars().count() > 1)
}

/// Every word that stands between quotes in a file of the source.
fn quoted(file: &str, into: &mut HashSet<String>) {
    for line in file.lines().filter(|line| !line.trim_start().starts_with("//")) {
        // A line may go on with a text that was begun above, and end it.
        let quotes = line.matches('"').count();
        let text = if quotes % 2 == 1 || quotes == 0 {
            line
        } else {
            line.split_once('"').map_or("", |(_, text)| text)
        };
        let text = text.replace("\\n", " ").replace("\\u", " ");
        into.extend(words(&text).map(str::to_owned));
    }
}

fn source(folder: &Path, into: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).expect("the source is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            source(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "toml") {
            quoted(&fs::read_to_string(&path).expect("readable"), into);
        }
    }
}

/// The words that are whole, and texts from elsewhere, which may be cut.
struct Known {
    words: HashSet<String>,
    foreign: Vec<String>,
}

impl Known {
    fn of(state: &State) -> Self {
        let mut words = HashSet::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        source(&root.join("src"), &mut words);
        source(&root.join("assets"), &mut words);
        let vocabulary = state.session().expect("a session").vocabulary();
        let mut foreign: Vec<String> = (0..vocabulary.len())
            .map(|id| Shown::bytes(vocabulary.piece(crate::token::Token(id as u32))).as_str().to_owned())
            .collect();
        foreign.extend(
            [
                "storyteller 4.5M Q8_0",
                "storyteller diffusion 4.5M Q5_0",
                "CPU, 2 threads",
                "Once upon a time",
            ]
            .map(str::to_owned),
        );
        foreign.extend(state.presets().iter().map(|preset| preset.name.clone()));
        foreign.extend(crate::app::EXAMPLES.iter().map(|example| Shown::inline(example.text).to_string()));
        for text in &foreign {
            words.extend(self::words(text).map(str::to_owned));
        }
        Self { words, foreign }
    }

    /// The first word of a row that was cut.
    fn cut(&self, row: &str) -> Option<String> {
        let broken = words(row).find(|word| {
            // A word of a text from elsewhere may end in `…`.
            let cut =
                || row.contains(&format!("{word}…")) && self.foreign.iter().any(|text| text.contains(word));
            !self.words.contains(*word) && !cut()
        });
        broken.map(str::to_owned).or_else(|| {
            row.match_indices('…').map(|(at, _)| &row[..at]).find_map(|before| {
                let start = before
                    .char_indices()
                    .rev()
                    .take_while(|(_, symbol)| symbol.is_alphabetic())
                    .last()
                    .map(|(start, _)| start)?;
                let begun = &before[start..];
                // After a whole word it tells that there is more.
                let foreign =
                    self.words.contains(begun) || self.foreign.iter().any(|text| text.contains(begun));
                (!foreign).then(|| format!("{begun}…"))
            })
        })
    }
}

/// What lies over a screen, as keys that open it.
pub(super) const OVER: [(&str, &[&str]); 19] = [
    ("help", &["?"]),
    ("explained text", &["f2", "i"]),
    ("explained sliders", &["f4", "i"]),
    ("formula", &["f4", "f"]),
    ("stops", &["W"]),
    ("stops to change", &["W", "enter"]),
    ("prompt", &["e"]),
    ("score", &["S"]),
    ("examples", &["p"]),
    ("models", &["m"]),
    ("a model's path", &["m", "/"]),
    ("preset's name", &["P"]),
    ("settings to copy", &["Y"]),
    ("softmax", &["X"]),
    ("softmax typed", &["X", "enter"]),
    ("surprises", &["n", "n", "u"]),
    ("lane's preset", &["3", "A"]),
    ("sweep", &["3", "S"]),
    ("growth", &["4", "X"]),
];

/// Draws at every width and tells what is cut, once for each word.
fn cuts(states: Vec<(&'static str, State)>, draw: fn(&State, Rect, &mut Buffer)) -> Vec<String> {
    let known = Known::of(&Fixture::new().state);
    let (mut cuts, mut told) = (Vec::new(), HashSet::new());
    for (index, (name, mut state)) in states.into_iter().enumerate() {
        // States share the widths: every third each, so that together they have them all.
        for width in (60..=200).skip(index % 3).step_by(3) {
            let height = [24, 36, 60][usize::from(width % 3)];
            update(&mut state, Message::Resize(width, height));
            state.prepare_frame();
            let area = Rect::new(0, 0, width, height);
            for row in drawn::lines(area, |buf| draw(&state, area, buf)) {
                if let Some(cut) = known.cut(&row).filter(|cut| told.insert(cut.clone())) {
                    cuts.push(format!("{name}, {width}×{height}: {cut} in {row}"));
                }
            }
        }
    }
    cuts
}

fn assert_whole(screens: &[Screen]) {
    let mut states = testing::all_kinds();
    states.retain(|(_, state)| screens.contains(&state.screen()));
    let cuts = cuts(states, draw);
    assert!(cuts.is_empty(), "{} cuts:\n{}", cuts.len(), cuts.join("\n"));
}

#[test]
fn no_word_is_cut_on_the_step_screen() {
    assert_whole(&[Screen::Step]);
}

#[test]
fn no_word_is_cut_where_many_paths_are_shown() {
    assert_whole(&[Screen::Xray, Screen::Compare, Screen::Tree]);
}

#[test]
fn no_word_is_cut_where_many_seeds_or_beams_are_shown() {
    assert_whole(&[Screen::Seeds, Screen::Beam]);
}

#[test]
fn no_word_is_cut_where_a_canvas_is_shown() {
    assert_whole(&[Screen::Diffuse]);
}

#[test]
fn no_word_is_cut_where_it_is_told_what_a_token_costs() {
    assert_whole(&[Screen::Cost]);
}

#[test]
fn no_word_is_cut_where_lessons_are_listed() {
    assert_whole(&[Screen::Learn]);
}

#[test]
fn no_word_is_cut_where_drafts_are_shown() {
    assert_whole(&[Screen::Speculate]);
}

#[test]
fn no_word_is_cut_in_what_lies_over_a_screen() {
    let opened = |(name, keys): (&'static str, &[&str])| {
        let mut fixture = Fixture::new();
        fixture.keys(keys);
        // What lies on top alone: the others are tested by themselves.
        let overlays = fixture.state.overlays_mut();
        overlays.drain(..overlays.len().saturating_sub(1));
        (name, fixture.state)
    };
    let mut states: Vec<_> = OVER.into_iter().map(opened).collect();
    states.push(("welcome", Fixture::loading(|setup| setup.first_start = true).0.state));
    let cuts = cuts(states, overlays::draw);
    assert!(cuts.is_empty(), "{} cuts:\n{}", cuts.len(), cuts.join("\n"));
}
