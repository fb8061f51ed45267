//! What a person does on the compare screen, on the scripted evaluator.

use std::time::{Duration, Instant};

use super::*;
use crate::{
    app::{Knob, Message, Overlay, PanelId, Screen, fixture::Fixture},
    decode::lanes::Verdict,
    token::Token,
};

/// The compare screen on "Once upon a time".
fn fixture() -> Fixture {
    let mut f = Fixture::new();
    f.keys(&["3"]);
    f
}

fn lengths(f: &Fixture) -> Vec<usize> {
    f.state.rooms.compare.lanes().iter().map(|lane| lane.cursor().path().generated()).collect()
}

fn temperatures(f: &Fixture) -> Vec<String> {
    let lanes = f.state.rooms.compare.lanes().iter();
    lanes.map(|lane| lane.cursor().settings().temperature.to_string()).collect()
}

fn seeds(f: &Fixture) -> Vec<u32> {
    f.state.rooms.compare.lanes().iter().filter_map(|lane| lane.cursor().settings().seed).collect()
}

fn tokens(f: &Fixture, lane: usize) -> Vec<Token> {
    f.state.rooms.compare.lanes()[lane].cursor().path().generated_tokens().to_vec()
}

/// The last token's candidates side by side.
fn beside(f: &Fixture) -> &Beside {
    f.state.rooms.compare.beside().expect("there is a choice to look at")
}

#[test]
fn three_lanes_stand_there_and_step_in_lockstep() {
    let mut f = fixture();
    assert_eq!(temperatures(&f), ["0", "0.8", "1.5"]);
    assert_eq!((lengths(&f), f.state.rooms.compare.focus()), (vec![0; 3], 0));
    f.keys(&["right"; 5]);
    assert_eq!(lengths(&f), [5; 3]);
    f.keys(&["left", "left"]);
    assert_eq!(lengths(&f), [3; 3]);
    f.keys(&["R"]);
    assert_eq!(lengths(&f), [0; 3]);
    f.keys(&["left"]);
    assert_eq!(lengths(&f), [0; 3]);
}

#[test]
fn a_lane_says_what_the_step_screen_says_under_its_settings() {
    let mut f = fixture();
    f.keys(&["right"; 20]);
    let lane = tokens(&f, 1);
    f.keys(&["1"]);
    assert_eq!(
        f.state.desk.walk.session.as_ref().expect("a session").path().generated(),
        0,
        "it stayed where it was"
    );
    f.keys(&["right"; 20]);
    assert_eq!(f.state.desk.walk.session.as_ref().expect("a session").path().generated_tokens(), lane);
}

#[test]
fn lanes_share_what_they_agree_on() {
    let mut f = fixture();
    f.keys(&["d", "d", "x", "x", "d"]);
    let alike = f.state.rooms.compare.lanes().len();
    f.keys(&["right"; 8]);
    let (paid, shared) = f.state.rooms.compare.passes();
    assert_eq!(paid + shared, 8 * alike, "every step is paid by somebody");
    let nodes: std::collections::HashSet<NodeId> = f
        .state
        .compare()
        .lanes()
        .iter()
        .flat_map(|lane| {
            let path = lane.cursor().path();
            path.nodes()[path.prompt_len()..path.nodes().len() - 1].to_vec()
        })
        .collect();
    // The prompt's end was evaluated for the step screen.
    assert_eq!(paid, nodes.len());
}

#[test]
fn playing_steps_all_when_it_is_due_and_ends_with_the_last_lane() {
    let mut f = Fixture::with(|setup| setup.settings.stop.predict = 6);
    let start = Instant::now();
    f.keys(&["3", "space"]);
    assert!(f.state.desk.play.playing());
    assert_eq!(lengths(&f), [1; 3]);
    for tick in 1..40 {
        f.send(Message::Tick(start + Duration::from_secs(tick)));
    }
    assert_eq!(lengths(&f), [6; 3]);
    assert!(!f.state.desk.play.playing() && !f.state.rooms.compare.running());
    f.keys(&["right"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("Every lane has stopped"))
    );
}

#[test]
fn at_full_speed_it_goes_on_where_everything_is_known_already() {
    let mut f = Fixture::with(|setup| {
        setup.settings.ui.speed = 0.0;
        setup.settings.stop.predict = 12;
    });
    let ticks = |f: &mut Fixture| {
        let mut ticks = 0;
        while let Some(now) = f.state.next_tick() {
            f.send(Message::Tick(now));
            ticks += 1;
        }
        ticks
    };
    // The prompt's end is known; after that each evaluation that comes brings the next step.
    f.keys(&["3", "space"]);
    ticks(&mut f);
    assert_eq!(lengths(&f), [12; 3]);
    f.keys(&["R", "space"]);
    assert_eq!(ticks(&mut f), 11, "nothing is evaluated, so every step needs a tick");
    assert_eq!(lengths(&f), [12; 3]);
}

#[test]
fn one_moves_alone_until_all_move_again() {
    let mut f = fixture();
    f.keys(&["tab", ".", "right", "right"]);
    assert_eq!(lengths(&f), [0, 2, 0]);
    f.keys(&[".", "right"]);
    assert_eq!(lengths(&f), [1, 3, 1]);
    f.keys(&[".", "left", "left"]);
    assert_eq!(lengths(&f), [1, 1, 1]);
}

#[test]
fn lanes_are_added_copied_removed_and_no_more_than_fit() {
    let mut f = fixture();
    f.keys(&["tab", "right", "d"]);
    assert_eq!((lengths(&f), f.state.rooms.compare.focus()), (vec![1, 1, 1, 1], 2));
    f.keys(&["a"]);
    assert_eq!(
        (lengths(&f)[4], f.state.rooms.compare.focus()),
        (1, 4),
        "it stands beside the others at once"
    );
    f.keys(&["A", "down", "enter"]);
    assert_eq!(f.state.rooms.compare.lanes()[5].name(), f.state.desk.hand.presets[1].name);
    assert_eq!(f.state.rooms.compare.preset_of(5), Some(1));
    f.keys(&["a", "a"]);
    assert!(f.state.rooms.compare.lanes_are_full());
    f.keys(&["a"]);
    assert!(
        f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("there are already 8 lanes"))
    );
    f.keys(&["x"; 7]);
    assert_eq!(f.state.rooms.compare.lanes().len(), 1);
    f.keys(&["x"]);
    assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.starts_with("This is the only lane")));
    assert_eq!((f.state.rooms.compare.focus(), f.state.rooms.compare.other()), (0, None));
}

#[test]
fn a_lane_that_is_added_catches_up_at_once_and_goes_with_the_others() {
    let mut f = fixture();
    f.keys(&["right"; 8]);
    f.keys(&["a"]);
    assert_eq!(lengths(&f), [8; 4]);
    assert_eq!(tokens(&f, 3), tokens(&f, 1), "the settings of the step screen, from the tree");
    assert_eq!(f.state.rooms.compare.lanes()[3].paid(), 0);
    f.keys(&["right", "A", "down", "enter"]);
    assert_eq!(lengths(&f), [9; 5]);
}

#[test]
fn another_seed_is_told_of_what_is_drawn_with_it_alone() {
    let mut f = fixture();
    let drawn = |f: &Fixture, lane: usize| f.state.rooms.compare.lanes()[lane].cursor().path().seeds();
    f.keys(&["right"; 4]);
    f.keys(&["u"]);
    assert_eq!((seeds(&f), drawn(&f, 1), drawn(&f, 2)), (vec![42, 43, 44], vec![42], vec![42]));
    f.keys(&["right"]);
    assert_eq!((drawn(&f, 1), drawn(&f, 2)), (vec![42, 43], vec![42, 44]));
}

#[test]
fn drawing_again_names_the_token_and_before_the_first_takes_another_seed() {
    let mut f = fixture();
    f.keys(&["r"]);
    assert_eq!(seeds(&f), [43; 3]);
    let notice = |f: &Fixture| f.state.desk.notice.clone().unwrap_or_default();
    assert!(notice(&f).ends_with("token 1 will be drawn with seed 43."), "{}", notice(&f));
    f.keys(&["right", "right", "r"]);
    assert_eq!(notice(&f), "Token 2 is drawn again in 3 lanes.");
    f.keys(&[".", "r"]);
    assert_eq!(notice(&f), "Token 2 is drawn again.");
    assert_eq!(lengths(&f), [2; 3]);
}

#[test]
fn a_sweep_takes_the_place_of_the_lanes() {
    let mut f = fixture();
    f.keys(&["S", "left", "enter"]);
    assert_eq!(temperatures(&f), ["0", "0.5", "1", "1.5", "2"]);
    let fields: Vec<&str> =
        f.state.rooms.compare.differing().iter().map(|differing| differing.field).collect();
    assert_eq!(fields, ["temperature"]);
    f.keys(&["S", "end", "right", "right", "right", "enter"]);
    assert_eq!(seeds(&f), (42..50).collect::<Vec<u32>>(), "seeds count up from the present one");
    assert_eq!(f.state.rooms.compare.seeds(), Seeds::Own);
    f.keys(&["S", "esc"]);
    assert!(f.state.desk.overlays.is_empty());
}

#[test]
fn the_same_dice_or_dice_of_their_own() {
    let mut f = fixture();
    assert_eq!(seeds(&f), [42; 3]);
    f.keys(&["u"]);
    assert_eq!(seeds(&f), [42, 43, 44]);
    f.keys(&["u"]);
    assert_eq!(seeds(&f), [42; 3]);
    f.keys(&["tab", "f4"]);
    f.state.desk.hand.knob = Knob::Seed;
    f.keys(&["right"]);
    assert_eq!(seeds(&f), [43; 3], "the same dice stay the same");
}

#[test]
fn sliders_are_those_of_the_lane_in_focus() {
    let mut f = fixture();
    let own = f.state.desk.hand.sampling.clone();
    f.keys(&["tab", "tab", "f4"]);
    assert_eq!(f.state.desk.focus, PanelId::Sampling);
    f.keys(&["left"]);
    assert_eq!(temperatures(&f), ["0", "0.8", "1.45"]);
    assert_eq!(f.state.desk.hand.sampling, own, "the step screen keeps its own");
    f.keys(&["tab", "right"]);
    assert_eq!(temperatures(&f), ["0.05", "0.8", "1.45"]);
    f.keys(&["]"]);
    assert_eq!((f.state.preset().name.as_str(), f.state.rooms.compare.preset_of(0)), ("greedy", Some(1)));
    f.keys(&["esc", "1"]);
    assert_eq!(f.state.preset().name, "llama.cpp");
}

#[test]
fn two_lanes_are_seen_where_they_part() {
    let mut f = fixture();
    f.keys(&["right"; 12]);
    f.keys(&["tab", "tab"]);
    let parts = f.state.rooms.compare.view(2).and_then(|view| view.parts).expect("a wild lane parts");
    let seen = beside(&f);
    assert_eq!((seen.lane, seen.other, seen.index), (2, Some(0), parts.index));
    assert_eq!((seen.own.0, seen.taken_by_other), (Some(parts.lane.token), Some(parts.reference.token)));
    let overlap = seen.overlap.expect("the same prefix");
    assert_eq!(overlap.kept_other, 1, "greedy keeps one");
    let row = |token| seen.rows.iter().find(|row| row.token == token).expect("what was chosen is listed");
    assert!((row(parts.lane.token).own.p - parts.lane.p_final).abs() < 1e-9);
    let other = row(parts.reference.token).other.expect("there is another lane");
    assert!((other.p - 1.0).abs() < 1e-6);
    // One further they stand on prefixes of their own.
    f.keys(&["shift-right"]);
    assert_eq!((beside(&f).index, beside(&f).other, beside(&f).overlap), (parts.index + 1, None, None));
    f.keys(&["shift-left"]);
    assert_eq!(beside(&f).other, Some(0));
    f.keys(&["o"]);
    assert_ne!(f.state.rooms.compare.other(), Some(0));
}

#[test]
fn the_place_moves_over_what_is_written_and_not_beyond() {
    let mut f = fixture();
    f.keys(&["right"; 4]);
    f.keys(&["home"]);
    assert_eq!(beside(&f).index, 0);
    f.keys(&["shift-left"]);
    assert_eq!(beside(&f).index, 0);
    f.keys(&["shift-right"; 9]);
    assert_eq!(beside(&f).index, 3, "what comes after the last token is not known yet");
    f.keys(&["esc"]);
    assert!(f.state.rooms.compare.at.is_none());
}

#[test]
fn a_lane_whose_settings_were_changed_is_not_called_what_it_was_made_as() {
    let mut f = fixture();
    f.keys(&["tab", "tab"]);
    let name = |f: &Fixture| f.state.rooms.compare.lanes()[2].name().to_owned();
    assert_eq!((name(&f).as_str(), f.state.rooms.compare.lanes()[1].name()), ("wild", "own"));
    f.keys(&["f4", "end", "l"]);
    assert_eq!(
        (f.state.rooms.compare.settings().and_then(|s| s.seed), name(&f).as_str()),
        (Some(43), "wild"),
        "the dice"
    );
    f.keys(&["home", "L"]);
    assert_eq!(name(&f), "own");
}

#[test]
fn end_goes_to_the_newest_choice_and_escape_back_to_the_parting() {
    let mut f = fixture();
    f.keys(&["tab"]);
    f.keys(&["right"; 30]);
    let parting = beside(&f).index;
    assert!(parting < 25, "{parting}");
    assert!(!f.state.rooms.compare.text_stays_at_place(), "the text follows what is written");
    f.keys(&["end"]);
    assert!(beside(&f).index >= 29 && f.state.rooms.compare.text_stays_at_place());
    f.keys(&["esc"]);
    assert!(beside(&f).index == parting && f.state.rooms.compare.text_stays_at_place());
    f.keys(&["esc"]);
    assert!(beside(&f).index == parting && !f.state.rooms.compare.text_stays_at_place());
}

#[test]
fn a_changed_setting_tells_where_it_would_have_left_and_goes_on_there() {
    let mut f = fixture();
    f.keys(&["tab", "S", "end", "enter", "backtab"]);
    assert_eq!(f.state.rooms.compare.focus(), 0);
    f.keys(&["right"; 30]);
    f.keys(&["f4", "H", "H", "H", "H"]);
    let Some(Verdict::Leaves { index, path, instead }) = f.state.rooms.compare.what_if().map(WhatIf::verdict)
    else {
        panic!("a text of 30 tokens at 0.8 is not greedy's");
    };
    assert_eq!(f.state.rooms.compare.lanes()[0].cursor().settings().temperature.to_bits(), 0.0_f32.to_bits());
    let before = tokens(&f, 0);
    assert_eq!((before.len(), before[index]), (30, path.token), "what is written stays");
    assert_eq!((beside(&f).index, beside(&f).own), (index, (Some(path.token), Some(instead.token))));
    f.keys(&["esc", "esc"]);
    assert!(f.state.rooms.compare.what_if().is_none());
    // The same question again, and yes.
    f.keys(&["f4", "right", "left"]);
    f.keys(&["f2", "enter"]);
    let after = tokens(&f, 0);
    assert_eq!((after.len(), after[index]), (index + 1, instead.token));
    assert_eq!(after[..index], before[..index]);
    assert_eq!(lengths(&f)[1..], [30; 5], "the others stay where they are");
}

#[test]
fn a_long_text_is_asked_about_in_several_goes() {
    let mut f = Fixture::with(|setup| setup.given.ignore_eos = Some(true));
    f.keys(&["3"]);
    f.keys(&["right"; 100]);
    f.keys(&["f4"]);
    // What a repeat penalty of 1 says is what is there.
    f.state.desk.hand.knob = Knob::RepeatPenalty;
    f.keys(&["enter", "1", "enter"]);
    assert_eq!(f.state.rooms.compare.what_if().map(WhatIf::verdict), Some(Verdict::Walking(64)));
    let now = f.state.next_tick().expect("there is more to do");
    f.send(Message::Tick(now));
    assert_eq!(f.state.rooms.compare.what_if().map(WhatIf::verdict), Some(Verdict::Same));
    assert_eq!(f.state.next_tick(), None);
}

#[test]
fn a_new_prompt_has_the_same_lanes_again() {
    let mut f = fixture();
    f.keys(&["S", "enter", "right", "right", "e", "backspace", "backspace"]);
    f.keys(&["enter"]);
    assert_eq!(f.state.desk.screen, Screen::Compare);
    assert_eq!((temperatures(&f).len(), lengths(&f)), (6, vec![0; 6]));
    f.keys(&["right"]);
    assert_eq!(lengths(&f), [1; 6]);
}

#[test]
fn rolling_again_draws_the_newest_token_of_all_lanes_anew() {
    let mut f = fixture();
    f.keys(&["right", "right", "r"]);
    assert_eq!(lengths(&f), [2; 3]);
    let rolled: Vec<u32> = f.state.rooms.compare.lanes().iter().map(|lane| lane.cursor().rolled(1)).collect();
    assert_eq!(rolled, [1; 3]);
    f.keys(&["s"]);
    assert_eq!(f.state.rooms.compare.lanes()[0].cursor().rolled(1), 0);
}

#[test]
fn choosers_are_for_lanes_that_are_there() {
    let (mut f, _) = Fixture::loading(|_| {});
    f.keys(&["3", "S", "A", "d", "x", "u", "o", ".", "tab", "right", "space", "f4", "right", "enter"]);
    assert!(!f.state.desk.overlays.iter().any(|overlay| matches!(overlay, Overlay::Lanes(_))));
    assert!(f.state.rooms.compare.lanes().is_empty() && f.state.rooms.compare.beside().is_none());
}
