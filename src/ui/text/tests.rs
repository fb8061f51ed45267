use ratatui::style::Modifier;

use super::*;
use crate::{
    app::{Message, fixture::Fixture},
    engine::{EngineId, Progress, worker::Event},
    settings::ColourBy,
    theme::Theme,
    ui::testing::{drawn, never_panics, rows},
};

const AREA: Rect = Rect { x: 0, y: 0, width: 110, height: 7 };

/// A story without chance, so that its words can be told beforehand.
fn greedy(stop: &[&str], steps: usize) -> Fixture {
    let mut fixture = Fixture::with(|setup| {
        setup.given.temperature = Some(0.0);
        setup.settings.stop.strings = stop.iter().map(|text| (*text).to_owned()).collect();
        setup.size = (AREA.width, 30);
    });
    fixture.keys(&vec!["n"; steps]);
    fixture
}

fn draw_in(state: &State, area: Rect) -> Buffer {
    drawn(area.width, area.height, |area, buf| draw(state, area, buf))
}

/// The first cell of every token, as long as they stand in one line.
fn starts(state: &State) -> Vec<u16> {
    let widths = state.transcript().tokens().iter().map(|token| token.width);
    widths.scan(2, |x, width| Some(std::mem::replace(x, *x + width))).collect()
}

#[test]
fn the_text_so_far_with_a_caret_at_its_end() {
    let buffer = draw_in(&greedy(&[], 5).state, AREA);
    let rows = rows(&buffer);
    assert!(rows[0].starts_with("╭ Text ──"), "{}", rows[0]);
    assert!(rows[0].ends_with("─ colour: probability 0 ▁▂▃▄▅▆▇█ 1 ╮"), "{}", rows[0]);
    assert!(rows[1].starts_with("│ Once␣upon␣a␣time,␣there␣was␣a␣little▏ "), "{}", rows[1]);
    // The chain leaves one of them: its final probability is 1.
    let last = "╰ token 9 · ␣little · id 7 · p .440 → 1.00 · rank 1 · surprisal 1.18 bits ─";
    assert!(rows[6].starts_with(last), "{}", rows[6]);
    assert!(rows[6].ends_with(" perplexity 1.3 · 5 tokens ╯"), "{}", rows[6]);
}

#[test]
fn the_perplexity_is_that_down_to_the_cursor() {
    let mut fixture = greedy(&[], 5);
    let caption = |fixture: &Fixture| rows(&draw_in(&fixture.state, AREA))[6].clone();
    fixture.keys(&["f2", "H", "H", "H", "H", "H"]);
    // The first of them is ",", whose probability is 0.93.
    assert!(caption(&fixture).ends_with(" perplexity 1.1 · 1 token ╯"), "{}", caption(&fixture));
    fixture.keys(&["H"]);
    assert!(caption(&fixture).ends_with(" 4 prompt tokens ╯"), "{}", caption(&fixture));
}

#[test]
fn titles_give_way_where_there_is_less_room() {
    let rows = rows(&draw_in(&greedy(&[], 5).state, Rect { width: 56, ..AREA }));
    assert_eq!(rows[6], "╰ token 9 · ␣little ──────── perplexity 1.3 · 5 tokens ╯");
    assert_eq!(rows[0], "╭ Text ────────────── colour: probability 0 ▁▂▃▄▅▆▇█ 1 ╮");
}

type StyleOf = fn(&Theme, &crate::tree::Step) -> Style;

#[test]
fn tokens_have_the_colour_of_what_is_asked_for() {
    let mut state = greedy(&[], 5).state;
    let styles: [(ColourBy, StyleOf); 3] = [
        (ColourBy::Probability, |theme, step| theme.probability(step.p_raw)),
        (ColourBy::Entropy, |theme, step| theme.entropy(step.entropy_bits.middle())),
        (ColourBy::Rank, |theme, step| theme.rank(step.rank.at_best())),
    ];
    for (by, style) in styles {
        state.set_colour_by(by);
        let buffer = draw_in(&state, AREA);
        let session = state.session().unwrap();
        for (x, &node) in starts(&state).into_iter().zip(session.path().nodes()) {
            let expected = match &session.tree().node(node).step {
                Some(step) => style(state.theme(), step),
                None => state.theme().prompt_token(false),
            };
            assert_eq!(Some(buffer[(x, 1)].fg), expected.fg, "{by:?}, column {x}");
        }
    }
}

#[test]
fn every_other_token_stands_on_another_ground() {
    let mut state = greedy(&[], 4).state;
    let grounds = |state: &State| {
        let buffer = draw_in(state, AREA);
        let ground = |x: u16| (buffer[(x, 1)].bg, buffer[(x, 1)].modifier & Modifier::UNDERLINED);
        starts(state).into_iter().map(ground).collect::<Vec<_>>()
    };
    for theme in [state.theme().clone(), Theme::monochrome("none")] {
        state.draw_with(theme);
        let grounds = grounds(&state);
        assert!(grounds.windows(2).all(|pair| pair[0] != pair[1]), "{grounds:?}");
    }
}

#[test]
fn a_token_picked_by_hand_is_marked() {
    let mut fixture = greedy(&[], 4);
    fixture.keys(&["down", "enter"]);
    let rows = rows(&draw_in(&fixture.state, AREA));
    assert!(rows[1].contains("␣was␣a✎␣big▏"), "{}", rows[1]);
    assert!(rows[6].contains("␣big · ✎ picked by hand · p .210 → 0 · rank 2"), "{}", rows[6]);
}

#[test]
fn a_loop_is_marked_where_it_says_the_same_thing_again() {
    let mut fixture = greedy(&[], 0);
    for word in [" in", " the", " big", " red"].iter().cycle().take(13) {
        fixture.take(word);
    }
    let text = rows(&draw_in(&fixture.state, AREA))[1..4].concat();
    let marked = "↻✎␣in✎␣the✎␣big✎␣red";
    assert!(text.contains(&format!("{}↻✎␣in▏", marked.repeat(3))), "{text}");
    let x = starts(&fixture.state)[6];
    let underlined = |state: &State| draw_in(state, AREA)[(x, 1)].modifier.contains(Modifier::UNDERLINED);
    assert!(underlined(&fixture.state), "and not by a mark alone");
    fixture.keys(&["left", "left"]);
    assert!(!rows(&draw_in(&fixture.state, AREA)).concat().contains('↻'), "eleven tokens are no loop");
}

#[test]
fn the_chart_stands_under_the_text_where_there_is_room() {
    let mut state = greedy(&[], 9).state;
    let high = Rect { height: 9, ..AREA };
    assert!(
        rows(&draw_in(&state, high))[6].starts_with("│ end token p 1 "),
        "{:?}",
        rows(&draw_in(&state, high))
    );
    assert!(
        rows(&draw_in(&state, AREA)).iter().all(|row| !row.starts_with("│ end token p 1 ")),
        "the text comes first"
    );
    state.show_end_chart(crate::settings::EndChart::Off);
    assert!(rows(&draw_in(&state, high)).iter().all(|row| !row.starts_with("│ end token p 1 ")));
}

#[test]
fn a_place_in_the_chart_is_the_token_that_is_charted_there() {
    let mut state = greedy(&[], 9).state;
    let area = Rect { height: 9, ..AREA };
    let first = state.session().unwrap().path().prompt_len();
    let scale = 2 + 14;
    for row in [6, 7] {
        let hits = |x: u16| hit(&state, area, Position::new(x, row));
        assert_eq!(hits(scale - 1), Some(Hit::Panel(PanelId::Text)), "the scale");
        for index in 0..9 {
            assert_eq!(hits(scale + index), Some(Hit::TextToken(first + usize::from(index))));
        }
        assert_eq!(hits(scale + 9), Some(Hit::Panel(PanelId::Text)), "no token yet");
    }
    state.put_cursor(first + 3);
    let buffer = draw_in(&state, area);
    let marked = |x: u16| Some(buffer[(x, 7)].bg) == state.theme().cursor().bg;
    assert_eq!([2, 3, 4].map(|index| marked(scale + index)), [false, true, false]);
}

#[test]
fn tokens_of_a_scored_prompt_have_the_colour_of_what_they_were_worth() {
    let mut fixture = Fixture::with(|setup| {
        setup.settings.ui.score_prompt = true;
        setup.prompt.text = "Once upon a time, there was".into();
    });
    fixture.keys(&["f2", "H"]);
    let state = &fixture.state;
    let buffer = draw_in(state, AREA);
    // After "," comes " there" with 0.81, after " there" " was" with 0.97.
    let theme = state.theme();
    let expected = [theme.probability(0.93), theme.probability(0.81)].map(|style| style.fg);
    let found = [4, 5].map(|position| Some(buffer[(starts(state)[position], 1)].fg));
    assert_eq!(found, expected);
    let caption = &rows(&buffer)[6];
    assert!(caption.contains("␣was · prompt · p .970 · rank 1"), "{caption}");
    assert!(caption.contains("perplexity ") && caption.ends_with("· 7 prompt tokens ╯"), "{caption}");
    let bits = state.session().and_then(|session| session.prompt_bits_per_byte()).expect("scored");
    assert!(caption.contains(&format!(" · {bits:.2} bits per byte · ")), "{caption}");
    let narrow = &rows(&draw_in(state, Rect { width: 60, ..AREA }))[6];
    assert!(narrow.contains("perplexity ") && !narrow.contains("bits per byte"), "{narrow}");
}

#[test]
fn what_may_begin_a_stop_text_is_withheld() {
    let state = greedy(&["was not"], 3).state;
    let buffer = draw_in(&state, AREA);
    let row = &rows(&buffer)[1];
    assert!(row.contains("␣there␣was…▏"), "{row}");
    let x = starts(&state)[6];
    let colour = |x: u16| Some(buffer[(x, 1)].fg);
    let withheld = state.theme().withheld().fg;
    assert_ne!(colour(x), withheld, "the space before it is output");
    assert_eq!([colour(x + 1), colour(x + 3)], [withheld; 2]);
}

#[test]
fn what_a_stop_text_ends_is_struck_out_from_its_first_letter() {
    let state = greedy(&["a lit"], 9).state;
    let buffer = draw_in(&state, AREA);
    let row = &rows(&buffer)[1];
    assert!(row.contains("␣was␣a␣little■ stop text"), "{row}");
    let (was, a) = (starts(&state)[6], starts(&state)[7]);
    let struck = |x: u16| buffer[(x, 1)].modifier.contains(Modifier::CROSSED_OUT);
    assert_eq!([struck(was), struck(a), struck(a + 1), struck(a + 8)], [false, false, true, true]);
}

#[test]
fn why_it_stopped_is_said_whole_wherever_the_text_ends() {
    let fixture = greedy(&[" little"], 5);
    for width in 24..90 {
        let rows = rows(&draw_in(&fixture.state, Rect { width, ..AREA }));
        assert!(rows.iter().any(|row| row.contains("■ stop text ")), "{width}: {rows:#?}");
    }
}

#[test]
fn the_mouse_finds_every_token_where_it_is_drawn() {
    let mut fixture = greedy(&[], 150);
    fixture.send(Message::Resize(41, 30));
    let state = &mut fixture.state;
    let area = Rect::new(3, 2, 41, 6);
    for cursor in 0..state.transcript().tokens().len() {
        state.put_cursor(cursor);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 50, 10));
        draw(state, area, &mut buffer);
        let style = state.theme().cursor();
        let here: Vec<_> = area
            .positions()
            .filter(|at| (Some(buffer[*at].bg), Some(buffer[*at].fg)) == (style.bg, style.fg))
            .collect();
        assert_eq!(here.len(), usize::from(state.transcript().tokens()[cursor].width), "token {cursor}");
        for at in here {
            assert_eq!(hit(state, area, at), Some(Hit::TextToken(cursor)), "token {cursor} at {at}");
        }
    }
    for title in [area.x + 2, area.x + 5] {
        assert_eq!(hit(state, area, Position::new(title, area.y)), Some(Hit::Explain(PanelId::Text)));
    }
    assert_eq!(hit(state, area, Position::new(area.x + 8, area.y)), Some(Hit::Panel(PanelId::Text)));
    assert_eq!(hit(state, area, Position::new(area.right(), area.y)), None);
}

#[test]
fn a_long_text_follows_its_end() {
    let mut fixture = greedy(&[], 200);
    let followed = rows(&draw_in(&fixture.state, AREA));
    assert!(followed.iter().any(|row| row.contains('▏')), "{followed:?}");
    assert!(followed.iter().all(|row| !row.contains("Once")), "{followed:?}");
    fixture.keys(&["f2", "home"]);
    let first = rows(&draw_in(&fixture.state, AREA));
    assert!(first[1].starts_with("│ Once␣upon"), "{first:?}");
    assert!(first.iter().all(|row| !row.contains('▏')), "the text is not followed: {first:?}");
}

#[test]
fn without_text_it_says_what_is_going_on() {
    let (mut fixture, _) = Fixture::loading(|_| {});
    fixture.send(Message::Engine(EngineId::MAIN, Event::Loading(0.42)));
    let loading = rows(&draw_in(&fixture.state, AREA));
    assert!(loading[3].contains("loading the model ████████"), "{loading:?}");
    assert!(loading[3].contains(" 42 %  esc stops it"), "{loading:?}");

    let why = "no such file: \u{1b}[2J\nlook at the path".to_owned();
    fixture.send(Message::Engine(EngineId::MAIN, Event::LoadFailed { why, kept: false }));
    let missing = rows(&draw_in(&fixture.state, AREA));
    assert!(missing[1].starts_with("│ There is no model.  m "), "{missing:?}");
    assert!(
        missing[2].starts_with("│ no such file: ␛[2J") && missing[3].starts_with("│ look at"),
        "{missing:?}"
    );
}

#[test]
fn a_long_prompt_tells_how_far_it_is() {
    let mut state = Fixture::new().state;
    *state.prefill_mut() = None;
    *state.progress_mut() = Some(Progress { done: 512, total: 2000 });
    let reading = rows(&draw_in(&state, AREA));
    assert!(reading[5].starts_with("│ reading the prompt ██████████░"), "{reading:?}");
    assert!(reading[5].contains("░ 512 of 2,000 tokens  esc stops it"), "{reading:?}");
    assert!(reading[1].starts_with("│ Once␣upon␣a␣time▏"), "{reading:?}");
}

#[test]
fn no_size_is_too_small() {
    never_panics(0..60, 0..9, draw, hit);
}
