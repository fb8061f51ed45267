//! Checks of the default keymap, of looking up, and of a user's keymap.

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;

fn press(key: &str) -> KeyEvent {
    parse_key(key).expect("a key").into()
}

fn shown(keymap: &Keymap, context: Context, action: Action) -> Vec<String> {
    keymap.keys(context, action).into_iter().map(key_text).collect()
}

fn overlaid(text: &str) -> Keymap {
    Keymap::default().overlaid("keymap.toml", text).expect("valid")
}

#[test]
fn every_action_has_a_default_key() {
    let keymap = Keymap::default();
    for action in Action::ALL {
        let bound = Context::ALL.into_iter().any(|context| !keymap.keys(context, action).is_empty());
        assert!(bound, "{action:?}");
    }
}

#[test]
fn digits_show_the_screens() {
    let keymap = Keymap::default();
    let shown =
        |context, digit| keymap.action(context, KeyEvent::new(KeyCode::Char(digit), KeyModifiers::NONE));
    let screens = [
        Action::ShowStep,
        Action::ShowXray,
        Action::ShowCompare,
        Action::ShowTree,
        Action::ShowSeeds,
        Action::ShowBeam,
        Action::ShowDiffuse,
        Action::ShowSpeculate,
        Action::ShowCost,
        Action::ShowLearn,
    ];
    for (digit, screen) in ('1'..='9').chain(['0']).zip(screens) {
        for context in Context::ALL {
            let expected = (context != Context::Overlay).then_some(screen);
            assert_eq!(shown(context, digit), expected, "{context} {digit}");
        }
    }
}

#[test]
fn the_context_comes_before_global() {
    let keymap = Keymap::default();
    let cases = [
        (Context::Global, "right", Some(Action::Step)),
        (Context::Candidates, "right", Some(Action::Step)),
        (Context::Text, "right", Some(Action::Step)),
        (Context::Sampling, "right", Some(Action::Increase)),
        (Context::Sampling, "L", Some(Action::IncreaseCoarse)),
        (Context::Sampling, "delete", Some(Action::ResetSlider)),
        (Context::Text, "G", Some(Action::Last)),
        (Context::Text, "g", Some(Action::First)),
        (Context::Text, "space", Some(Action::PlayPause)),
        (Context::Candidates, "enter", Some(Action::TakeCandidate)),
        (Context::Global, "enter", None),
        (Context::Global, "r", Some(Action::Reroll)),
        (Context::Global, "R", Some(Action::Restart)),
        (Context::Global, "backtab", Some(Action::PreviousPanel)),
        (Context::Global, "ctrl-h", Some(Action::Back)),
        (Context::Global, "q", Some(Action::Quit)),
        (Context::Overlay, "q", Some(Action::Cancel)),
    ];
    for (context, key, expected) in cases {
        assert_eq!(keymap.action(context, press(key)), expected, "{key} in {context}");
    }
}

#[test]
fn an_overlay_lets_through_only_what_leaves_the_screen_beneath_alone() {
    let keymap = Keymap::default();
    assert_eq!(keymap.action(Context::Overlay, press("ctrl-c")), Some(Action::Quit));
    assert_eq!(keymap.action(Context::Overlay, press("ctrl-z")), Some(Action::Suspend));
    assert_eq!(keymap.action(Context::Overlay, press("t")), Some(Action::NextTheme));
    assert_eq!(keymap.action(Context::Overlay, press("r")), None);
    assert_eq!(keymap.action(Context::Overlay, press("space")), None);
    assert_eq!(shown(&keymap, Context::Overlay, Action::Quit), ["^C"]);
}

#[test]
fn keys_hidden_by_a_context_are_not_shown_there() {
    let keymap = Keymap::default();
    assert_eq!(shown(&keymap, Context::Global, Action::Step), ["→", "l", "n"]);
    assert_eq!(shown(&keymap, Context::Sampling, Action::Step), ["n"]);
    assert_eq!(shown(&keymap, Context::Sampling, Action::Increase), ["→", "l"]);
    // On the step screen the arrow steps, but where it moves a slider.
    assert_eq!(shown(&keymap, Context::Text, Action::Step), ["→", "l", "n"]);
}

#[test]
fn sentences_name_the_keys_as_they_are_bound() {
    let sentence = "Every seed has stopped. {restart} starts over, {back} goes back";
    let spelled = |keymap: &Keymap| keymap.spell(Context::Global, sentence);
    assert_eq!(spelled(&Keymap::default()), "Every seed has stopped. R starts over, ← goes back");
    let keymap = overlaid("[global]\nR = \"none\"\nleft = \"none\"\nx = \"back\"\n");
    assert_eq!(spelled(&keymap), "Every seed has stopped. restart starts over, x goes back");
}

#[test]
fn a_users_keys_come_first_and_take_the_place_of_the_default_ones() {
    let keymap = overlaid("[global]\nx = \"step\"\nr = \"restart\"\n");
    assert_eq!(shown(&keymap, Context::Global, Action::Step), ["x", "→", "l", "n"]);
    assert_eq!(shown(&keymap, Context::Global, Action::Restart), ["r", "R"]);
    assert_eq!(keymap.action(Context::Global, press("r")), Some(Action::Restart));
    assert!(shown(&keymap, Context::Global, Action::Reroll).is_empty());
}

#[test]
fn none_makes_a_key_do_nothing_in_its_context() {
    let keymap = overlaid("[global]\nq = \"none\"\n[text]\nspace = \"none\"\n");
    assert_eq!(keymap.action(Context::Global, press("q")), None);
    assert_eq!(keymap.action(Context::Text, press("space")), None);
    assert_eq!(keymap.action(Context::Sampling, press("space")), Some(Action::PlayPause));
    assert!(shown(&keymap, Context::Text, Action::PlayPause).is_empty());
}

#[test]
fn the_footer_shows_first_keys_and_leaves_out_what_has_none() {
    let keymap = overlaid("[global]\nr = \"none\"\n");
    let hints =
        keymap.hints(Context::Candidates, &[Action::PlayPause, Action::Reroll, Action::TakeCandidate]);
    let shown: Vec<_> = hints.iter().map(|hint| format!("{} {}", hint.key, hint.label)).collect();
    assert_eq!(shown, ["space play", "↵ take this token"]);
}

#[test]
fn help_lists_every_action_with_its_keys_and_panels() {
    let groups = Keymap::default().help_rows();
    assert_eq!(groups.iter().map(|group| group.group).collect::<Vec<_>>(), Group::ALL);
    let rows: Vec<_> = groups.into_iter().flat_map(|group| group.rows).collect();
    assert_eq!(rows.len(), Action::ALL.len());
    let row = |action| rows.iter().find(|row| row.action == action).expect("listed");
    assert_eq!(row(Action::Help).keys, ["?", "f1"]);
    assert_eq!(row(Action::Help).contexts, [Context::Global]);
    assert_eq!(row(Action::First).keys, ["home", "g"]);
    let others = [Context::Global, Context::Present, Context::Lesson];
    let lists = Context::ALL.into_iter().filter(|context| !others.contains(context));
    assert_eq!(row(Action::First).contexts, lists.collect::<Vec<_>>());
}

#[test]
fn what_is_unbound_leaves_help() {
    let keymap = overlaid("[overlay]\nenter = \"none\"\n");
    let rows = keymap.help_rows();
    assert!(!rows.iter().flat_map(|group| &group.rows).any(|row| row.action == Action::Confirm));
}

#[test]
fn a_keymap_file_is_read_or_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("keymap.toml");
    let error = Keymap::load(&path).expect_err("there is none").to_string();
    assert!(error.starts_with(&format!("the keymap {} cannot be read: ", path.display())), "{error}");
    std::fs::write(&path, "[global]\nx = \"quit\"\n").expect("writable");
    let keymap = Keymap::load(&path).expect("valid");
    assert_eq!(keymap.action(Context::Global, press("x")), Some(Action::Quit));
    std::fs::write(&path, "[global]\nx = \"quitt\"\n").expect("writable");
    let error = Keymap::load(&path).expect_err("no such action").to_string();
    assert!(error.starts_with(&format!("{}, line 2: ", path.display())), "{error}");
}
