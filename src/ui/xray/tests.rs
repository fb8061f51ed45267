use proptest::{
    prop_assert_eq,
    test_runner::{Config, TestRunner},
};
use ratatui::layout::{Position, Rect};

use crate::{
    app::{Hit, Message, MouseMove, Screen, State, XrayPanel, fixture::Fixture, update},
    sampling::{LogitBias, Mirostat},
    token::Token,
    ui::{draw, drawn, hit, testing},
};

/// The X-ray screen of this size after these keys, line by line.
fn screen(width: u16, height: u16, keys: &[&str]) -> Vec<String> {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["right", "right", "right", "right", "right", "2"]);
    fixture.keys(keys);
    lines(&fixture.state)
}

fn lines(state: &State) -> Vec<String> {
    let area = Rect::new(0, 0, state.size().0, state.size().1);
    drawn::lines(area, |buf| draw(state, area, buf))
}

/// From the model to the first stage that is on; those before it are folded away.
const TO_TOP_K: [&str; 1] = ["down"];
/// The row of top-k where all stages stand in their places: after the model, grammar, banned strings, biases, penalties, DRY
/// and top-n-sigma.
const TOP_K: usize = 7;

#[test]
fn the_x_ray_at_120x36() {
    insta::assert_snapshot!(screen(120, 36, &TO_TOP_K).join("\n"));
}

#[test]
fn the_x_ray_at_80x24() {
    insta::assert_snapshot!(screen(80, 24, &TO_TOP_K).join("\n"));
}

#[test]
fn the_candidates_at_80x24() {
    insta::assert_snapshot!(screen(80, 24, &[TO_TOP_K.as_slice(), &["tab"]].concat()).join("\n"));
}

#[test]
fn the_x_ray_at_40x12() {
    insta::assert_snapshot!(screen(40, 12, &TO_TOP_K).join("\n"));
}

#[test]
fn the_way_of_a_cut_token_at_40x12() {
    insta::assert_snapshot!(screen(40, 12, &["/", "r", "e", "d", "enter", "tab"]).join("\n"));
}

#[test]
fn a_muted_stage_says_so() {
    let rows = screen(120, 36, &[TO_TOP_K.as_slice(), &["M"]].concat());
    let row = rows.iter().find(|row| row.contains("▸top-k")).expect("the stage stays listed");
    assert!(row.contains("skipped (40)"), "{row}");
}

#[test]
fn a_search_tells_what_becomes_of_each_match() {
    let rows = screen(120, 36, &["/", "w", "4", "1", "7"]);
    assert!(rows.iter().any(|row| row.contains("␣w417") && row.contains("cut by top-k")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("/ w417▏  1 of 512 match")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("cut: rank ") && row.contains(", top 40 kept")), "{rows:#?}");
}

#[test]
fn xtc_and_mirostat_tell_their_own_state() {
    let mut xtc = Fixture::with(|setup| setup.given.xtc_probability = Some(0.5));
    xtc.keys(&["2"]);
    let rows = lines(&xtc.state).join("\n");
    assert!(rows.contains("xtc: drew 0."), "{rows}");
    let mut mirostat = Fixture::with(|setup| setup.given.mirostat = Some(Mirostat::V2));
    mirostat.keys(&["2", "end", "enter"]);
    let rows = lines(&mirostat.state).join("\n");
    assert!(rows.contains("mirostat: μ 10, surprisal "), "{rows}");
    assert!(rows.contains("replaced by mirostat (40)"), "{rows}");
}

#[test]
fn a_logit_that_was_moved_is_marked_with_its_direction() {
    let mut fixture = Fixture::with(|setup| {
        setup.given.logit_bias =
            Some(vec![LogitBias { token: Token(4), bias: -1.5 }, LogitBias { token: Token(5), bias: 2.0 }]);
    });
    fixture.keys(&["2"]);
    while fixture.state.xray().selected().is_none_or(|stage| stage.label() != "logit-bias") {
        fixture.keys(&["down"]);
    }
    let rows = lines(&fixture.state);
    let row = |token: &str| rows.iter().find(|row| row.contains(token)).expect("listed").clone();
    // Tokens 4 and 5 are "," and " there".
    assert!(row(" , ").contains("↓"), "{rows:#?}");
    assert!(row("␣there").contains("↑"), "{rows:#?}");
    assert!(
        rows.iter().any(|row| row.contains("−1.5: bias −1.5") || row.contains("+2: bias +2")),
        "{rows:#?}"
    );
}

#[test]
fn what_is_under_the_mouse_is_what_is_drawn() {
    let mut fixture = Fixture::new();
    fixture.keys(&["2"]);
    let area = Rect::new(0, 0, 120, 36);
    let rows = lines(&fixture.state);
    let y = rows.iter().position(|row| row.starts_with("│ top-k")).expect("a stage") as u16;
    assert_eq!(hit(&fixture.state, area, Position::new(8, y)), Some(Hit::Stage(TOP_K)));
    let y = rows.iter().position(|row| row.contains("2 ␣there")).expect("a candidate") as u16;
    assert_eq!(hit(&fixture.state, area, Position::new(70, y)), Some(Hit::Trace(Token(5))));
    assert_eq!(hit(&fixture.state, area, Position::new(3, 2)), Some(Hit::ExplainXray(XrayPanel::Stages)));
    let y = rows.iter().position(|row| row.contains("├")).expect("the ruler") as u16;
    assert_eq!(hit(&fixture.state, area, Position::new(5, y)), Some(Hit::Trace(Token(4))));
}

#[test]
fn no_size_is_too_small() {
    let states = std::cell::RefCell::new(testing::all_kinds());
    for (_, state) in states.borrow_mut().iter_mut() {
        state.look_at(Screen::Xray);
    }
    let look = |(width, height, panel, stage): (u16, u16, usize, usize)| {
        for (name, state) in states.borrow_mut().iter_mut() {
            update(state, Message::Resize(width, height));
            state.rooms.xray.panel = XrayPanel::ALL[panel];
            state.make_stale();
            state.prepare_frame();
            update(state, Message::Mouse(MouseMove::Press, Some(Hit::Stage(stage))));
            let area = Rect::new(0, 0, width, height);
            let rows = drawn::lines(area, |buf| draw(state, area, buf));
            prop_assert_eq!(rows.len(), if width == 0 { 0 } else { usize::from(height) }, "{}", name);
            for at in area.positions().step_by(499) {
                let _ = hit(state, area, at);
            }
        }
        Ok(())
    };
    let config = Config { failure_persistence: None, cases: 10, ..Config::default() };
    let sizes = (0_u16..230, 0_u16..70, 0_usize..4, 0_usize..14);
    TestRunner::new(config).run(&sizes, look).unwrap();
}

/// Selects the stage of this name.
fn select(fixture: &mut Fixture, label: &str) {
    fixture.keys(&["home"]);
    while fixture.state.xray().selected().is_none_or(|stage| stage.label() != label) {
        fixture.keys(&["down"]);
    }
}

#[test]
fn what_killed_a_token_is_told_in_full() {
    for (size, keys) in [((120, 36), &[][..]), ((80, 24), &["tab", "tab"]), ((40, 12), &["tab"])] {
        let mut fixture = Fixture::new();
        fixture.send(Message::Resize(size.0, size.1));
        fixture.keys(&["2", "/", "s", "h", "e", "enter", "esc"]);
        fixture.keys(keys);
        fixture.state.rooms.xray.panel = XrayPanel::Way;
        let rows = lines(&fixture.state);
        let words: Vec<&str> =
            rows.iter().flat_map(|row| row.split_whitespace()).filter(|word| *word != "│").collect();
        let words = words.join(" ");
        assert!(words.contains("cut: mass before it") || words.contains("cut: rank"), "{rows:#?}");
        assert!(!rows.iter().any(|row| row.contains("cut: ") && row.contains('…')), "{rows:#?}");
    }
}

#[test]
fn a_penalty_tells_the_whole_cause_and_names_what_it_moved() {
    let mut fixture = Fixture::with(|setup| {
        setup.given.repeat_penalty = Some(2.0);
        setup.given.repeat_last_n = Some(64);
    });
    fixture.keys(&["n", "n", "n", "n", "2"]);
    select(&mut fixture, "penalties");
    let moved = fixture.state.xray().moved[0].before.token;
    fixture.send(Message::Mouse(MouseMove::Press, Some(Hit::Trace(moved))));
    let rows = lines(&fixture.state);
    let text = rows.join("\n");
    let cause = rows.iter().position(|row| row.starts_with("│ penalties") && row.contains(": seen "));
    let cause = cause.unwrap_or_else(|| panic!("{text}"));
    assert!(rows[cause + 1].contains("last 8 tokens"), "{rows:#?}");
    assert!(text.contains("── changed by penalties: "), "{text}");
    assert!(text.contains("── the rest: "), "{text}");
    assert!(text.contains("looked back over 8 tokens; "), "{text}");
    assert!(
        rows.iter().any(|row| row.contains("↓") && (row.contains(" → #") || row.contains("still #"))),
        "{text}"
    );
}

#[test]
fn the_strip_shows_whole_entries_only() {
    let rows = screen(80, 24, &[]);
    let strip = rows.iter().find(|row| row.contains("at T 0.2")).expect("the strip");
    assert!(!strip.contains('…'), "{strip}");
    assert!(strip.contains("1.5"), "{strip}");
}

#[test]
fn no_draw_is_announced_where_no_token_is_left() {
    let ban = |id| LogitBias { token: Token(id), bias: f32::NEG_INFINITY };
    let all = (0..crate::app::fixture::VOCABULARY as u32).map(ban).collect();
    let mut fixture = Fixture::with(|setup| setup.given.logit_bias = Some(all));
    for screen in ["1", "2"] {
        fixture.keys(&[screen]);
        let text = lines(&fixture.state).join("\n");
        assert!(text.contains("No token is left: nothing can be"), "{text}");
        for claim in ["lands", "same u", "▲"] {
            assert!(!text.contains(claim), "{claim}: {text}");
        }
    }
}
