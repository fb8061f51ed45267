//! Every hint does what it says when its key is pressed, or a notice says why not.

use crossterm::event::KeyEvent;
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::{Effect, Message, Overlay, fixture::Fixture},
    keymap::{Action, key_text, parse_key},
    ui::{
        cut_text::OVER,
        draw,
        hints::{Hint, hints},
        testing::kinds,
    },
};

/// The keys of inputs, which no keymap names.
const TYPING: [&str; 12] = [
    "enter",
    "alt-enter",
    "esc",
    "tab",
    "space",
    "up",
    "down",
    "ctrl-t",
    "ctrl-r",
    "ctrl-p",
    "ctrl-n",
    "ctrl-u",
];

/// What a person sees of a state, and what is done outside of it.
struct Seen {
    screen: Buffer,
    notice: Option<String>,
    overlays: usize,
    playing: bool,
    speed: String,
    queued: usize,
    tokens: usize,
    effects: Vec<Effect>,
}

impl Seen {
    fn of(fixture: &Fixture) -> Self {
        let state = &fixture.state;
        let (width, height) = state.size();
        let mut screen = Buffer::empty(Rect::new(0, 0, width, height));
        draw(state, screen.area, &mut screen);
        Self {
            screen,
            notice: state.notice().map(str::to_owned),
            overlays: state.overlays().len(),
            playing: state.play().playing(),
            speed: state.play().speed_text(),
            queued: state.queued(),
            tokens: state.session().map_or(0, |session| session.path().tokens().len()),
            effects: fixture.other.clone(),
        }
    }

    fn differs(&self, other: &Self) -> bool {
        self.screen != other.screen || self.effects != other.effects
    }
}

/// Whether a key did what its action is, or said why not.
fn has_done(action: Option<Action>, before: &Seen, after: &Seen, alone: bool) -> bool {
    use Action as A;
    if after.notice.is_some() {
        return true;
    }
    let did = match action {
        Some(A::PlayPause) => before.playing != after.playing || before.tokens < after.tokens,
        Some(A::Faster | A::Slower) => before.speed != after.speed,
        Some(A::Step | A::TakeCandidate) if alone => before.tokens < after.tokens,
        Some(A::Back | A::Restart) if alone => before.tokens > after.tokens,
        Some(A::EditPrompt | A::ExamplePrompts | A::LoadModel | A::Help | A::LanePrompt | A::SweepLanes) => {
            after.overlays == before.overlays + 1
        }
        Some(A::AddPreset | A::ExpandFar | A::ExportTree) => after.overlays == before.overlays + 1,
        Some(A::Cancel) if before.overlays > 0 => after.overlays + 1 == before.overlays,
        // Where it stops something, that stops.
        Some(A::Cancel) => after.queued == 0 && !after.playing,
        Some(A::Quit) => after.effects.contains(&Effect::Quit),
        _ => true,
    };
    did && before.differs(after)
}

/// The key of a hint.
fn key_of(fixture: &Fixture, hint: &Hint) -> KeyEvent {
    let bound = hint.action.map_or_else(Vec::new, |action| {
        let state = &fixture.state;
        state.keymap().keys(state.context(), action)
    });
    let fixed = TYPING.iter().filter_map(|key| parse_key(key));
    let mut keys = bound.into_iter().chain(fixed);
    let key = keys.find(|key| key_text(*key) == hint.key);
    key.unwrap_or_else(|| panic!("{hint:?} has a key")).into()
}

/// Keys that go to and fro: at an end one of the two has nowhere to go.
const PAIRS: [(Action, Action); 5] = [
    (Action::Up, Action::Down),
    (Action::PageUp, Action::PageDown),
    (Action::Left, Action::Right),
    (Action::PreviousToken, Action::NextToken),
    (Action::Decrease, Action::Increase),
];

/// Whether two hints go to and fro.
fn opposite(one: &Hint, other: &Hint) -> bool {
    let bound = |hint: &Hint| {
        hint.action.or(match hint.key.as_str() {
            "↑" => Some(Action::Up),
            "↓" => Some(Action::Down),
            _ => None,
        })
    };
    let pair = bound(one).zip(bound(other));
    pair.is_some_and(|(one, other)| PAIRS.contains(&(one, other)) || PAIRS.contains(&(other, one)))
}

/// A state by its name, and how it is made.
type Case = (String, Box<dyn Fn() -> Fixture>);

/// Presses the key of each hint, each on a state of its own, and tells which did nothing of what they say.
fn silent(name: &str, make: &dyn Fn() -> Fixture) -> Vec<String> {
    let offered = hints(&make().state);
    let does = |hint: &Hint| {
        let mut fixture = make();
        *fixture.state.notice_mut() = None;
        let before = Seen::of(&fixture);
        let alone = fixture.state.screen().follows_path() && before.overlays == 0;
        fixture.send(Message::Key(key_of(&fixture, hint)));
        has_done(hint.action, &before, &Seen::of(&fixture), alone)
    };
    let done: Vec<bool> = offered.iter().map(does).collect();
    let excused = |hint: &Hint| offered.iter().zip(&done).any(|(other, done)| *done && opposite(hint, other));
    let failed = offered.iter().zip(&done).filter(|(hint, done)| !**done && !excused(hint));
    failed.map(|(hint, _)| format!("{name}: {} {}", hint.key, hint.label)).collect()
}

fn assert_none_is_silent(cases: &[Case]) {
    let silent: Vec<String> = cases.iter().flat_map(|(name, make)| silent(name, &**make)).collect();
    assert!(silent.is_empty(), "{} hints do nothing:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn every_hint_of_a_screen_does_what_it_says() {
    let mut cases: Vec<Case> = Vec::new();
    for (name, change) in kinds() {
        cases.push((
            name.to_owned(),
            Box::new(move || {
                let mut fixture = Fixture::new();
                change(&mut fixture);
                fixture
            }),
        ));
    }
    // Each panel of each screen, small and while it plays.
    for (screen, panels) in [("1", 3), ("2", 4), ("3", 2), ("4", 1), ("5", 3), ("6", 3), ("7", 6)] {
        for panel in 0..panels {
            for playing in [false, true] {
                let make = move || {
                    let mut fixture = Fixture::new();
                    fixture.send(Message::Resize(80, 24));
                    fixture.keys(&["n", "n", "n", screen]);
                    (0..panel).for_each(|_| fixture.keys(&["tab"]));
                    if playing {
                        fixture.keys(&["space"]);
                    }
                    fixture
                };
                let name =
                    format!("screen {screen}, panel {panel}{}", if playing { ", playing" } else { "" });
                cases.push((name, Box::new(make)));
            }
        }
    }
    assert_none_is_silent(&cases);
}

#[test]
fn every_hint_does_what_it_says_where_nothing_can_go_on() {
    let mut cases: Vec<Case> = Vec::new();
    for screen in ["1", "2", "3", "4", "5", "6", "7"] {
        let stopped = move || {
            let mut fixture = Fixture::with(|setup| setup.settings.stop.predict = 2);
            fixture.keys(&[screen, "n", "n", "n"]);
            fixture
        };
        let without_prompt = move || {
            let mut fixture = Fixture::with(|setup| setup.prompt.text = "Once ".repeat(300));
            fixture.keys(&["esc", screen]);
            fixture
        };
        let loading = move || {
            let mut fixture = Fixture::loading(|_| {}).0;
            fixture.keys(&[screen]);
            fixture
        };
        cases.push((format!("screen {screen}, stopped"), Box::new(stopped)));
        cases.push((format!("screen {screen}, no prompt"), Box::new(without_prompt)));
        cases.push((format!("screen {screen}, loading"), Box::new(loading)));
    }
    assert_none_is_silent(&cases);
}

#[test]
fn every_hint_of_an_overlay_does_what_it_says() {
    let open = |(name, keys): (&'static str, &'static [&'static str])| {
        let make: Box<dyn Fn() -> Fixture> = Box::new(move || {
            let mut fixture = Fixture::new();
            fixture.send(Message::Resize(80, 24));
            fixture.keys(keys);
            fixture
        });
        (name.to_owned(), make)
    };
    let mut cases: Vec<_> = OVER.into_iter().map(open).collect();
    let more: [(&str, &[&str]); 11] = [
        ("tree's files", &["4", "w"]),
        ("tree's formats", &["4", "w", "down"]),
        ("search in the tree", &["4", "/"]),
        ("a node's name", &["4", "N"]),
        ("search in the x-ray", &["n", "2", "/", "e"]),
        ("sliders typed", &["f4", "enter"]),
        ("preset's name, typed", &["P", "a"]),
        ("a model's path, typed", &["m", "/", "a"]),
        ("prompt, one remembered", &["e", "x", "enter", "e"]),
        ("stop list, typed", &["W", "enter", "enter"]),
        ("softmax of few", &["X", "enter", "1", ",", "2", "enter"]),
    ];
    cases.extend(more.into_iter().map(open));
    let error = || {
        let mut fixture = Fixture::new();
        let (title, text) = ("It failed".to_owned(), "Why, and what to do.".to_owned());
        fixture.state.overlays_mut().push(Overlay::Error { title, text, scroll: 0 });
        fixture
    };
    cases.push(("an error".to_owned(), Box::new(error)));
    assert_none_is_silent(&cases);
}
