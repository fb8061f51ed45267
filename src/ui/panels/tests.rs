//! What cache and stop panel show.

use proptest::prelude::*;
use ratatui::layout::{Position, Rect};

use super::{cache, stop};
use crate::{
    app::{Hit, PanelId, State, fixture::Fixture},
    ui::drawn,
};

const AREA: Rect = Rect { x: 0, y: 0, width: 42, height: 7 };
const NARROW_SCREEN: Rect = Rect { x: 0, y: 0, width: 80, height: 5 };

fn cache(state: &State, area: Rect) -> String {
    drawn::lines(area, |buf| cache::draw(state, area, buf)).join("\n")
}

fn stop(state: &State, area: Rect) -> String {
    drawn::lines(area, |buf| stop::draw(state, area, buf)).join("\n")
}

#[test]
fn the_cache_counts_cells_and_says_what_they_take() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right", "right"]);
    let text = cache(&fixture.state, AREA);
    // "Once upon a time" and two tokens; the model in the program takes 2,560 bytes a token.
    assert!(text.contains("6 of 256 cells"), "{text}");
    assert!(text.contains("= 15.0 KiB of 640 KiB"), "{text}");
    assert!(text.contains("a token   2,560 B = 5×4×32×2×2 B"), "{text}");
    assert!(text.contains("training  = 1.2 MiB for all 512 cells"), "{text}");
    assert!(text.contains("decode    0.10 ms  10,000 tok/s"), "{text}");
    assert!(text.contains("prefill 4 tok"), "{text}");
    assert!(!text.contains("measured"), "the script measures nothing: {text}");
}

#[test]
fn of_a_server_it_is_told_where_the_time_went() {
    let mut fixture = Fixture::new();
    fixture.server_loads();
    fixture.keys(&["right", "right"]);
    let text = cache(&fixture.state, AREA);
    assert!(text.contains("6 of 256 tokens"), "{text}");
    assert!(text.contains("server    llama-server at host:8080"), "{text}");
    assert!(text.contains("decode    0.10 ms  10,000 tok/s"), "{text}");
    assert!(text.contains("of that   0.10 ms in all"), "the script does not tell: {text}");
    assert!(text.contains("asked     3 of "), "{text}");
    assert!(!text.contains("KiB") && !text.contains("a token"), "memory is the server's affair: {text}");
    for (width, height) in [(0, 0), (5, 2), (20, 3), (78, 3), (120, 9)] {
        cache(&fixture.state, Rect { width, height, ..AREA });
    }
}

#[test]
fn prompt_and_generated_cells_look_different() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right", "right"]);
    let text = cache(&fixture.state, AREA);
    assert!(text.contains('▓') && text.contains('▒') && text.contains('░'), "{text}");
}

#[test]
fn measured_bytes_and_cells_of_other_paths_are_told_apart() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right", "right"]);
    fixture.state.kv_mut().state_bytes = 45_158;
    fixture.state.kv_mut().cells += 12;
    let text = cache(&fixture.state, AREA);
    assert!(text.contains("6 + 12 of 256 cells"), "{text}");
    assert!(text.contains("measured  44.1 KiB, this path's state"), "{text}");
    let wide = cache(&fixture.state, Rect { width: 72, ..AREA });
    assert!(wide.contains("6 + 12 of other paths, of 256 cells"), "{wide}");
    assert!(wide.contains("2,560 B = 5 layers × 4 KV heads × 32 × 2 (K, V) × 2 B"), "{wide}");
}

#[test]
fn where_each_path_has_a_cache_the_panel_tells_what_all_of_them_take() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right", "right"]);
    fixture.state.kv_mut().caches = 16;
    fixture.state.kv_mut().cells += 12;
    let wide = cache(&fixture.state, Rect { width: 72, ..AREA });
    assert!(wide.contains("6 of 256 cells · other paths 12"), "{wide}");
    assert!(wide.contains("15.0 KiB of 640 KiB × 16 paths"), "{wide}");
}

#[test]
fn what_was_measured_of_another_path_is_not_called_this_one() {
    let mut fixture = Fixture::new();
    fixture.keys(&["right", "right"]);
    fixture.state.kv_mut().state_bytes = 45_158;
    fixture.keys(&["left"]);
    let text = cache(&fixture.state, AREA);
    assert!(text.contains("measured  44.1 KiB, 6 cells before"), "{text}");
    let wide = cache(&fixture.state, Rect { width: 72, ..AREA });
    assert!(wide.contains("44.1 KiB, the state of the path evaluated last, 6 cells"), "{wide}");
}

#[test]
fn a_low_cache_panel_takes_two_columns() {
    let fixture = Fixture::new();
    let text = cache(&fixture.state, NARROW_SCREEN);
    assert!(text.contains("a token") && text.contains("training") && text.contains("decode"), "{text}");
}

#[test]
fn while_it_can_go_on_every_condition_says_how_near_it_is() {
    let mut fixture = Fixture::with(|setup| {
        setup.settings.stop.predict = 9;
        setup.settings.stop.strings = vec![". She".into(), "zzz".into()];
        setup.settings.stop.max_time = Some(std::time::Duration::from_secs(10));
    });
    fixture.keys(&["right"]);
    let tall = Rect { height: AREA.height + 1, ..AREA };
    assert!(
        stop(&fixture.state, tall).contains("time      0.0 s of 10.0 s"),
        "{}",
        stop(&fixture.state, tall)
    );
    let text = stop(&fixture.state, AREA);
    assert!(text.contains("paused"), "{text}");
    assert!(text.contains("end token </s>"), "{text}");
    assert!(text.contains("tokens    1 of 9"), "{text}");
    assert!(text.contains("context   5 of 256"), "{text}");
    assert!(text.contains("stop text \". She\"  matched 0 of 5"), "{text}");
}

#[test]
fn the_stop_text_that_is_matched_furthest_comes_first() {
    let mut fixture = Fixture::with(|setup| {
        setup.settings.stop.strings = vec!["zzz".into(), ", the".into()];
        setup.settings.sampling.temperature = 0.0;
        setup.given.temperature = Some(0.0);
    });
    // Greedy: "Once upon a time" is followed by ",".
    fixture.keys(&["right"]);
    let text = stop(&fixture.state, AREA);
    assert!(text.contains("stop text \", the\"  matched 1 of 5"), "{text}");
}

#[test]
fn when_it_has_stopped_it_says_why() {
    let mut fixture = Fixture::with(|setup| setup.settings.stop.predict = 1);
    fixture.keys(&["right"]);
    let text = stop(&fixture.state, AREA);
    assert!(text.contains("stopped: token limit"), "{text}");
    assert!(text.contains("the limit of 1 token"), "{text}");
    assert!(text.lines().next().is_some_and(|title| title.contains("stopped")), "{text}");
}

#[test]
fn banned_end_tokens_and_no_limit_are_said() {
    let mut fixture = Fixture::new();
    fixture.keys(&["E"]);
    let text = stop(&fixture.state, AREA);
    assert!(text.contains("end token banned"), "{text}");
    assert!(text.contains("tokens    0, no limit"), "{text}");
}

#[test]
fn our_own_conditions_say_how_near_they_are() {
    let mut fixture = Fixture::with(|setup| {
        setup.given.temperature = Some(0.0);
        let stop = &mut setup.settings.stop;
        (stop.sentences, stop.lines, stop.loop_times) = (4, 5, 6);
        stop.regex = vec![crate::settings::StopPattern::new("[0-9]+").expect("valid")];
        (stop.entropy_above, stop.top_prob_below) = (9.0, 0.01);
    });
    fixture.keys(&["right"]);
    let text = stop(&fixture.state, Rect { height: 14, ..AREA });
    for expected in [
        "regex     [0-9]+",
        "sentences 0 of 4",
        "lines     0 of 5",
        "loop      none, stops at 6",
        "bits, stops above 9",
        "likeliest .810, stops below 0.01",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn an_end_that_was_drawn_and_ignored_is_told_with_its_token() {
    let with_seed = |seed| {
        let mut fixture = Fixture::with(|setup| {
            setup.given.seed = Some(Some(seed));
            setup.given.ignore_eos = Some(true);
        });
        fixture.keys(&["right"; 40]);
        fixture
    };
    let ignored = |fixture: &Fixture| fixture.state.session().unwrap().path().ignored_ends().to_vec();
    // An end token has 0.06 after a full stop.
    let mut fixture =
        (1..50).map(with_seed).find(|fixture| !ignored(fixture).is_empty()).expect("one of many");
    // Four tokens of the prompt, and tokens are counted from one.
    let at = ignored(&fixture)[0] + 5;
    let wide = Rect { width: 76, height: 12, ..AREA };
    let told = format!("end token was drawn at token {at} and ignored");
    assert!(stop(&fixture.state, wide).contains(&told), "{}", stop(&fixture.state, wide));
    fixture.keys(&["E"]);
    let text = stop(&fixture.state, wide);
    assert!(text.contains(&told) && text.contains("end token </s>"), "told though the ban is lifted: {text}");
    fixture.keys(&["R"]);
    assert!(!stop(&fixture.state, wide).contains("ignored"), "undone with its token");
}

#[test]
fn a_loop_is_told_though_nothing_stops_there() {
    let mut fixture = Fixture::with(|setup| setup.given.temperature = Some(0.0));
    let looping = [" in", " the", " big", " red"];
    for word in looping.iter().cycle().take(13) {
        fixture.take(word);
    }
    let text = stop(&fixture.state, Rect { height: 12, ..AREA });
    assert!(text.contains("loop      4 tokens, 3 times"), "{text}");
    let wide = stop(&fixture.state, Rect { width: 60, height: 12, ..AREA });
    assert!(wide.contains("loop      4 tokens, 3 times, from token 5"), "{wide}");
    fixture.keys(&["R"]);
    assert!(
        !stop(&fixture.state, Rect { height: 12, ..AREA }).contains("loop"),
        "it is gone with its tokens"
    );
}

#[test]
fn five_conditions_fit_a_narrow_screen() {
    let fixture = Fixture::with(|setup| {
        setup.settings.stop.strings = vec!["zzz".into()];
        setup.settings.stop.max_time = Some(std::time::Duration::from_secs(10));
    });
    let text = stop(&fixture.state, NARROW_SCREEN);
    for label in ["end token", "tokens", "context", "time", "stop text"] {
        assert!(text.contains(label), "{label}: {text}");
    }
}

#[test]
fn a_click_on_the_title_explains() {
    let fixture = Fixture::new();
    for (panel, title) in [(PanelId::Cache, "KV cache"), (PanelId::Stop, "Stop conditions")] {
        let end = Position::new(1 + title.len() as u16, 0);
        assert_eq!(super::hit(&fixture.state, panel, AREA, end), Some(Hit::Explain(panel)));
        assert_eq!(super::hit(&fixture.state, panel, AREA, Position::new(5, 3)), Some(Hit::Panel(panel)));
    }
}

proptest! {
    #[test]
    fn any_size_can_be_drawn(area in drawn::areas(), ended: bool) {
        let mut fixture = Fixture::with(|setup| {
            setup.settings.stop.predict = if ended { 1 } else { -1 };
            setup.settings.stop.strings = vec!["\n6.".into()];
        });
        fixture.keys(&["right"]);
        cache(&fixture.state, area);
        stop(&fixture.state, area);
    }
}

#[test]
fn conditions_that_have_no_row_are_counted() {
    let fixture = Fixture::with(|setup| {
        setup.settings.stop.strings = ["aaa", "bbb", "ccc"].map(String::from).to_vec();
        setup.settings.stop.predict = 50;
    });
    let rows = |height| {
        let area = Rect::new(0, 0, 38, height);
        drawn::lines(area, |buf| super::draw(&fixture.state, PanelId::Stop, area, buf))
    };
    // End token, tokens, context and three texts: six.
    assert!(!rows(8).join("\n").contains("more"), "{:#?}", rows(8));
    let five = rows(7);
    assert!(five[6].ends_with("─ … 1 more: W ╯"), "{five:#?}");
}

#[test]
fn reading_the_prompt_has_a_row_where_there_is_room_and_loading_is_always_told() {
    let fixture = Fixture::new();
    let text = |height| {
        let area = Rect::new(0, 0, 40, height);
        drawn::lines(area, |buf| super::draw(&fixture.state, PanelId::Cache, area, buf)).join("\n")
    };
    let high = text(8);
    assert!(high.contains("│ prefill   4 tok 0.10 ms 40,000 tok/s │") && high.contains("╰ load "), "{high}");
    assert!(!text(7).contains("│ prefill") && text(7).contains("╰ prefill 4 tok"), "{}", text(7));
}

#[test]
fn a_context_longer_than_the_model_was_trained_on_is_marked() {
    use crate::engine::scripted::Scripted;
    // The header of the model in the program says 512.
    let with_context = |context| {
        let script = Scripted::new(&["Once", " upon", " a", " time", "</s>"], &["</s>"], context);
        Fixture::scripted(script, "Once upon a time", |_| {}).state
    };
    let (usual, long) = (with_context(256), with_context(1024));
    for width in [42, 60, 80] {
        let area = Rect { width, height: 8, ..AREA };
        for panel in [cache, stop] {
            assert!(!panel(&usual, area).contains('!'), "{}", panel(&usual, area));
            let told = panel(&long, area);
            assert!(told.contains('!') && told.contains("512"), "{width}: {told}");
        }
    }
}
