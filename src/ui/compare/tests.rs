use ratatui::buffer::Buffer;

use super::*;
use crate::{
    app::{Message, fixture::Fixture},
    theme::Marks,
    ui::testing::{fits_everywhere, rows, screen},
};

/// The compare screen after so many steps and some keys, on a screen of this size.
fn fixture(width: u16, height: u16, steps: usize, keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["3"]);
    fixture.keys(&vec!["right"; steps]);
    fixture.keys(keys);
    fixture
}

#[test]
fn the_compare_screen_at_120x36() {
    insta::assert_snapshot!(screen(&fixture(120, 36, 12, &["tab"])).join("\n"));
}

#[test]
fn the_compare_screen_at_80x24() {
    insta::assert_snapshot!(screen(&fixture(80, 24, 12, &["tab"])).join("\n"));
}

#[test]
fn the_compare_screen_at_40x12() {
    insta::assert_snapshot!(screen(&fixture(40, 12, 12, &["tab"])).join("\n"));
}

#[test]
fn eight_lanes_are_rows_where_columns_would_be_too_narrow() {
    let fixture = fixture(120, 36, 3, &["S", "right", "right", "enter", "right", "right"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
    let wide = self::fixture(200, 50, 3, &["S", "right", "right", "enter"]);
    let top = &screen(&wide)[2];
    assert_eq!(top.matches('╭').count(), 8, "{top}");
}

#[test]
fn a_prompt_and_stop_conditions_of_its_own_are_told_in_the_lane() {
    let own = |fixture: &mut Fixture| {
        fixture.keys(&["O", "ctrl-a", "ctrl-k"]);
        fixture.send(Message::Paste("Once there was a dog".into()));
        fixture.keys(&["enter", "W", "right", "right", "right", "esc", "right", "right", "right", "right"]);
    };
    let mut columns = fixture(120, 36, 2, &["tab"]);
    own(&mut columns);
    let shown = screen(&columns).join("\n");
    for told in [
        "╭ 2 llama.cpp ¶ ─",
        "prompt “Once there was a dog”",
        "stops after 3 tokens",
        "different prompt from lane 1",
        "lane 1 has another prompt",
        "■ token limit",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(!shown.contains(" kept"), "nothing to compare: {shown}");
    let mut rows = fixture(80, 24, 2, &["tab"]);
    own(&mut rows);
    let table = screen(&rows);
    let row = table.iter().find(|row| row.contains("▸2 ¶ ")).expect("its row");
    assert!(row.contains(" prompt "), "{row}");
}

#[test]
fn a_loop_is_told_with_its_place_its_length_and_how_often() {
    let mut fixture = fixture(120, 36, 0, &[]);
    fixture.keys(&["right"; 120]);
    let shown = screen(&fixture).join("\n");
    let found = fixture.state.compare().view(0).and_then(|view| view.looped).expect("greedy loops");
    assert_eq!(found.period, 1, "after any word it does not know the script says the same");
    let told = format!("↻ loops from token {}: {} × 1 token ", found.start + 1, found.times());
    assert!(shown.contains(&told), "{told}: {shown}");
}

#[test]
fn a_changed_setting_is_told_in_its_lane() {
    let fixture = fixture(120, 36, 20, &["tab", "f4", "L", "L", "L", "L"]);
    let shown = screen(&fixture).join("\n");
    assert!(shown.contains("▹ new settings diverge at token "), "{shown}");
    assert!(shown.contains("Sampling of lane 2"), "{shown}");
    assert!(shown.contains("temperature 1.75"), "{shown}");
}

#[test]
fn on_a_low_screen_the_focus_says_which_part_is_shown() {
    let mut fixture = fixture(80, 14, 5, &[]);
    let shows = |fixture: &Fixture, text: &str| screen(fixture).iter().any(|row| row.contains(text));
    assert!(shows(&fixture, "tokens") && !shows(&fixture, "Lane 1 and lane 2"));
    fixture.keys(&["w"]);
    assert!(shows(&fixture, "Lane 1 and lane 2"));
    fixture.keys(&["w"]);
    assert!(shows(&fixture, "Sampling of lane 1"));
    fixture.keys(&["esc"]);
    assert!(!shows(&fixture, "Sampling of lane 1"));
}

#[test]
fn the_text_of_the_focused_lane_follows_what_is_written_after_it_has_parted() {
    for (width, height) in [(120, 36), (80, 24), (40, 12)] {
        let mut fixture = fixture(width, height, 120, &["tab"]);
        let caret = |fixture: &Fixture| screen(fixture).iter().any(|row| row.contains(Marks::CARET));
        let lane = fixture.state.compare().view(1).and_then(|view| view.parts).expect("it has parted");
        assert!(lane.index < 60 && caret(&fixture), "{width}: {}", screen(&fixture).join("\n"));
        fixture.keys(&["home"]);
        assert!(screen(&fixture).iter().any(|row| row.contains("Once")), "{width}");
        fixture.keys(&["end"]);
        assert!(caret(&fixture), "{width}");
    }
}

#[test]
fn a_click_focuses_a_lane_and_looks_at_a_token() {
    let mut fixture = fixture(120, 36, 12, &[]);
    let body = Rect::new(0, 1, 120, 34);
    let rows = screen(&fixture);
    let y = rows.iter().position(|row| row.contains("…,␣there")).expect("the text") as u16;
    let third = (0..120)
        .find(|&x| matches!(hit(&fixture.state, body, Position::new(x, y)), Some(Hit::Lane(2, Some(5)))));
    let at = Position::new(third.expect("its sixth token"), y);
    let found = hit(&fixture.state, body, at);
    fixture.send(Message::Mouse(crate::app::MouseMove::Press, found));
    assert_eq!(fixture.state.compare().focus(), 2);
    assert_eq!(fixture.state.compare().beside().map(|beside| beside.index), Some(1), "the prompt has four");
}

#[test]
fn the_table_has_a_row_for_each_lane_that_is_hit_and_the_focused_one_in_sight() {
    let mut fixture = fixture(60, 16, 2, &["S", "right", "right", "enter", "right"]);
    for lane in 0..8 {
        let body = Rect::new(0, 1, 60, 14);
        let hits: Vec<_> = (1..8).filter_map(|y| hit(&fixture.state, body, Position::new(3, y))).collect();
        assert!(hits.contains(&Hit::Lane(lane, None)), "{lane}: {hits:?}");
        fixture.keys(&["tab"]);
    }
}

#[test]
fn every_figure_of_a_lane_can_be_read_on_every_screen() {
    for (width, height) in [(120, 36), (80, 24), (40, 12)] {
        let mut fixture = fixture(width, height, 60, &["tab", "i"]);
        let mut seen = String::new();
        for _ in 0..40 {
            seen.push_str(&screen(&fixture).join("\n"));
            fixture.keys(&["down"]);
        }
        let view = fixture.state.compare().view(1).expect("the lane");
        for (label, value) in figures::sums(&fixture.state.compare().lanes()[1], view) {
            let row = seen.lines().find(|row| row.contains(&format!("{label} ")) && row.contains(&value));
            assert!(row.is_some(), "{width}: {label} {value}: {seen}");
        }
    }
}

#[test]
fn prompt_and_figures_are_folded_where_lanes_stand_side_by_side() {
    for (width, height, lanes) in [(120, 36, 3), (200, 60, 3), (200, 60, 8)] {
        let keys: &[&str] = if lanes == 8 { &["S", "right", "right", "enter"] } else { &[] };
        let mut fixture = fixture(width, height, 0, keys);
        fixture.keys(&["right"; 12]);
        let shown = screen(&fixture).join("\n");
        assert_eq!(shown.matches("Once␣upon␣a␣time").count(), 1, "the prompt once: {shown}");
        assert_eq!(shown.matches("ln P").count(), lanes, "the most telling figures: {shown}");
        for label in ["distinct-1", "distinct-3", "repeated", "shared"] {
            assert_eq!(shown.matches(label).count(), 0, "{label}: {shown}");
        }
    }
}

#[test]
fn each_lanes_text_stands_in_its_row() {
    for (width, height) in [(120, 36), (100, 30), (80, 24)] {
        let mut fixture = fixture(width, height, 0, &["S", "right", "right", "enter"]);
        fixture.keys(&["right"; 12]);
        let shown = screen(&fixture);
        for lane in 0..8 {
            let path = fixture.state.compare().lanes()[lane].cursor().path();
            let vocabulary = fixture.state.session().expect("a session").vocabulary();
            let last = vocabulary.piece(*path.generated_tokens().last().expect("tokens"));
            let end = String::from_utf8_lossy(last).replace(' ', "␣").replace('\n', "⏎");
            let number = format!("{} temp", lane + 1);
            let row = shown.iter().find(|row| row.contains(&number)).expect("its row");
            assert!(row.contains(&format!("{end}{}", Marks::CARET)), "{width}: {end}: {row}");
        }
    }
}

#[test]
fn a_finished_lane_keeps_the_seed_that_its_text_was_drawn_with() {
    let mut fixture = fixture(200, 60, 0, &["W", "right", "right", "esc"]);
    fixture.keys(&["right"; 4]);
    let settings = |fixture: &Fixture, lane| figures::settings(&fixture.state, lane, false).join(" ");
    assert!(!settings(&fixture, 0).contains("seed"), "the same in all");
    fixture.keys(&["u"]);
    let told: Vec<String> = (0..3).map(|lane| settings(&fixture, lane)).collect();
    // The first has ended, and greedy decoding draws nothing; the others go on with other numbers.
    assert!(told[1].ends_with("seed 42, next 43") && told[2].ends_with("seed 42, next 44"), "{told:?}");
    fixture.keys(&["right"]);
    assert!(settings(&fixture, 1).ends_with("seeds 42, 43"), "{}", settings(&fixture, 1));
    fixture.keys(&["tab", "W", "right", "right", "esc", "u", "u"]);
    assert!(settings(&fixture, 1).ends_with("seeds 42, 43"), "it has ended: {}", settings(&fixture, 1));
}

#[test]
fn titles_of_lanes_are_whole_beside_their_status_or_told_below() {
    for (width, height) in [(81, 24), (100, 30), (120, 36), (200, 60)] {
        for keys in [&[][..], &["."], &["S", "right", "right", "enter"]] {
            let mut fixture = fixture(width, height, 0, keys);
            fixture.keys(&["right"; 12]);
            for row in screen(&fixture).iter().filter(|row| row.starts_with('╭') || row.contains("╮╭"))
            {
                let lanes = row.split("╮").filter(|part| part.contains("paused") || part.contains('■'));
                assert!(lanes.clone().all(|part| !part.contains('…')), "{width}: {row}");
            }
        }
    }
}

#[test]
fn how_alike_two_lanes_are_is_told_in_both_ways_on_small_screens() {
    for (width, height) in [(80, 24), (40, 12)] {
        let fixture = fixture(width, height, 12, &["tab", "f3"]);
        let shown = screen(&fixture).join("\n");
        assert!(shown.contains(" kept by both") && shown.contains("KL "), "{shown}");
    }
}

#[test]
fn where_lanes_part_keeps_both_probabilities_in_narrow_columns() {
    let fixture = fixture(120, 36, 12, &["tab"]);
    for width in 20..40 {
        let lines = figures::parting(&fixture.state, 1, width);
        assert_eq!(lines.len(), 3);
        for (at, line) in lines.iter().enumerate() {
            let text = line.to_string();
            assert!(line.width() <= width, "{width}: {text}");
            assert_eq!(text.contains(" → "), at > 0, "{text}");
        }
    }
}

#[test]
fn a_table_that_shows_fewer_lanes_than_there_are_says_so() {
    let fixture = fixture(40, 12, 2, &["S", "right", "right", "enter", "tab", "tab"]);
    let top = &screen(&fixture)[1];
    assert!(top.contains("1–3 of 8 · "), "{top}");
}

#[test]
fn settings_of_a_lane_end_in_no_separator() {
    let mut fixture = fixture(120, 36, 2, &["tab", "O", "ctrl-a", "ctrl-k"]);
    fixture.send(Message::Paste("Once there was a dog named Tom".into()));
    fixture.keys(&["enter"]);
    let shown = screen(&fixture).join("\n");
    assert!(shown.contains("prompt “") && !shown.contains("· │"), "{shown}");
    assert!(!shown.lines().any(|row| row.split('│').any(|cell| cell.trim_end().ends_with('·'))), "{shown}");
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}

#[test]
fn bars_of_both_lanes_meet_at_the_token() {
    let fixture = fixture(120, 36, 12, &["tab"]);
    let area = Rect::new(0, 0, 80, 10);
    let mut buffer = Buffer::empty(area);
    beside::draw(&fixture.state, area, &mut buffer);
    let rows = rows(&buffer);
    assert!(rows[0].starts_with("╭ Lane 2 and lane 1 ─"), "{rows:?}");
    let row = rows.iter().find(|row| row.contains("1.00")).expect("greedy is sure");
    let (left, right) = row.split_once("1.00").expect("found");
    assert!(left.contains('█') && right.contains('█'), "{row}");
    assert!(rows[9].contains(" kept, ") && rows[9].contains("in common"), "{rows:?}");
}
