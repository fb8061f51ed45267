use super::*;
use crate::{
    app::fixture::{Fixture, VOCABULARY},
    ui::testing::{drawn, never_panics, rows},
};

const AREA: Rect = Rect { x: 0, y: 0, width: 80, height: 16 };

fn draw_in(state: &State, area: Rect) -> Buffer {
    drawn(area.width, area.height, |area, buf| draw(state, area, buf))
}

fn text(state: &State) -> Vec<String> {
    rows(&draw_in(state, AREA))
}

#[test]
fn a_row_for_each_candidate_with_the_cutoff_between() {
    let rows = text(&Fixture::new().state);
    assert!(rows[0].starts_with("╭ Next token  i explains ─"), "{}", rows[0]);
    // −(0.93 log₂ 0.93 + 0.05 log₂ 0.05 + 0.01 log₂ 0.01 + 0.01 log₂ (0.01/509))
    assert!(rows[0].ends_with("─ entropy 0.54 bits ╮"), "{}", rows[0]);
    let heads: Vec<_> = rows[1].split_whitespace().collect();
    assert_eq!(
        heads,
        ["│", "#", "token", "id", "logit", "raw", "0", "1", "final", "0", "1", "Σ", "raw", "│"]
    );
    let cells = |row: &str| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let first = cells(&rows[2]);
    assert_eq!(first[..6], ["│▸", "1", ",", "4", "-0.07", ".930"], "{first:?}");
    assert!(rows[2].ends_with(" .930 │"), "{}", rows[2]);
    assert!(rows[4].starts_with("│──── nucleus: top-p 0.95 keeps 2 of 40 ───"), "{}", rows[4]);
    assert!(rows[4].ends_with("─ raw  .980 │"), "{}", rows[4]);
    assert!(
        rows[5].contains(" 3 .") && rows[5].contains("·") && rows[5].contains(" cut by top-p "),
        "{}",
        rows[5]
    );
    // Twelve rows less the cutoff, header and this one.
    let more: Vec<_> = cells(&rows[14]);
    assert_eq!(more[..4], ["│", "…", &(VOCABULARY - 11).to_string(), "more"], "{more:?}");
    assert_eq!(
        more[4..],
        [".010", "│"],
        "all survivors are shown: nothing is left to draw from; eight of the 509 equally unlikely ones are shown"
    );
    assert!(rows[15].starts_with("╰ ▸ the draw lands here ─"), "{}", rows[15]);
}

#[test]
fn the_bars_are_as_long_as_the_numbers_say() {
    let state = Fixture::new().state;
    let buffer = draw_in(&state, AREA);
    let inner = Panel::inner(AREA);
    let columns = Columns::of(inner.width, 11, VOCABULARY);
    let (final_p, _) = state.frame().fate(state.frame().candidates.row(0).unwrap().token);
    for (column, p) in [(columns.raw_bar, 0.93), (columns.chain_bar, final_p)] {
        let x = inner.x + column.start;
        let whole = (x..x + column.width).filter(|&x| buffer[(x, 2)].symbol() == "█").count();
        assert_eq!(whole, (p * f64::from(column.width)) as usize, "{p}");
    }
}

#[test]
fn the_line_is_that_of_the_last_cut_where_top_p_is_off() {
    let line = |change: fn(&mut crate::sampling::SamplingOverrides)| {
        let state = Fixture::with(|setup| change(&mut setup.given)).state;
        Cutoff::of(&state).map(|cutoff| cutoff.wordings[0].clone())
    };
    let min_p = line(|given| given.top_p = Some(1.0));
    assert_eq!(min_p.as_deref(), Some("min-p 0.05 keeps 2 of 40"));
    let top_k = line(|given| (given.top_p, given.min_p) = (Some(1.0), Some(0.0)));
    assert_eq!(top_k.as_deref(), Some("top-k 40 keeps 40 of 512"));
    let none = line(|given| (given.top_p, given.min_p, given.top_k) = (Some(1.0), Some(0.0), Some(0)));
    assert_eq!(none, None);
}

#[test]
fn an_earlier_step_tells_what_was_taken_and_what_would_be_drawn() {
    let mut fixture = Fixture::new();
    fixture.keys(&["n"]);
    // " in" is third after a comma; the draw says " there".
    fixture.keys(&["down", "down", "enter", "f2", "H"]);
    let rows = text(&fixture.state);
    assert!(rows[0].starts_with("╭ Token 6: what could have been chosen instead of ␣in ─"), "{}", rows[0]);
    assert!(
        rows.iter().any(|row| row.starts_with("│▹  1 ␣there") || row.starts_with("│▹ 1 ␣there")),
        "{rows:?}"
    );
    assert!(rows.iter().any(|row| row.starts_with("│▸") && row.contains("␣in")), "{rows:?}");
    assert!(rows[15].starts_with("╰ ▸ taken  ▹ would be drawn now ─"), "{}", rows[15]);
}

#[test]
fn tokens_of_the_prompt_were_not_drawn() {
    let mut fixture = Fixture::new();
    fixture.keys(&["f2", "home", "L"]);
    let rows = text(&fixture.state);
    assert!(rows[0].starts_with("╭ Token 2, of the prompt"), "{}", rows[0]);
    assert!(rows[15].starts_with("╰ ▸ in the prompt ─"), "{}", rows[15]);
    fixture.keys(&["home"]);
    let rows = text(&fixture.state);
    assert!(rows[1].contains("Nothing comes before the first token: the model was not asked."), "{rows:?}");
}

#[test]
fn narrow_panels_give_up_columns() {
    let state = Fixture::new().state;
    let heads = |width: u16| rows(&draw_in(&state, Rect { width, ..AREA }))[1].replace(['│', ' '], "");
    assert_eq!(heads(72), "#tokenidlogitraw01final01Σraw");
    assert_eq!(heads(54), "#tokenraw01final01Σraw");
    assert_eq!(heads(45), "#tokenraw01final01");
    assert_eq!(heads(24), "#tokenrawfinal");
}

#[test]
fn what_is_not_shown_has_its_probability_after_the_chain_too() {
    let plain = |setup: &mut crate::app::Setup| {
        let given = &mut setup.given;
        (given.top_k, given.top_p, given.min_p) = (Some(0), Some(1.0), Some(0.0));
        given.temperature = Some(1.0);
    };
    let fixture = Fixture::with(plain);
    for width in 24..=140 {
        let rows = rows(&draw_in(&fixture.state, Rect { width, ..AREA }));
        let more: Vec<_> = rows[14].split_whitespace().collect();
        // Twelve candidates, the last nine of 509 that share 0.01: 500/509 of it is left, before and after the chain.
        assert_eq!(more[more.len() - 3..], [".010", ".010", "│"], "{width}: {}", rows[14]);
        let told = more[1..more.len() - 3].join(" ");
        assert!(["… 500 more", "… 500", "…"].contains(&&told[..]), "{width}: {told}");
    }
}

#[test]
fn raw_bars_stay_as_they_are_whatever_the_settings() {
    let bars = |settings: fn(&mut crate::sampling::SamplingOverrides)| {
        let fixture = Fixture::with(|setup| {
            settings(&mut setup.given);
            "Once upon a".clone_into(&mut setup.prompt.text);
        });
        let columns = Columns::of(78, 12, VOCABULARY);
        let (start, end) = (1 + columns.raw.start, 1 + columns.raw_bar.start + columns.raw_bar.width);
        let buffer = draw_in(&fixture.state, AREA);
        let row = |y: u16| (start..end).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        let raw: Vec<_> = (1..14).map(row).filter(|row| row.contains(['█', '▏', '▎'])).collect();
        assert!(raw.len() >= 4, "{raw:?}");
        raw
    };
    let usual = bars(|_| {});
    assert_eq!(usual, bars(|given| given.temperature = Some(0.1)), "a cold draw");
    assert_eq!(usual, bars(|given| given.temperature = Some(1.9)), "a warm one");
    assert_eq!(usual, bars(|given| given.top_k = Some(1)), "all but one are cut");
}

#[test]
fn what_the_draw_lands_on_is_pinned_into_sight_with_its_mark() {
    // Among 512 alike the draw lands far down.
    let mut fixture = Fixture::with(|setup| {
        let given = &mut setup.given;
        (given.top_k, given.top_p, given.min_p) = (Some(0), Some(1.0), Some(0.0));
        given.temperature = Some(90.0);
    });
    let drawn = fixture.state.frame().drawn.expect("a draw");
    let rank = fixture.state.frame().candidates.row_of(drawn).expect("its row").rank;
    assert!(rank > 12, "out of the first page: {rank}");
    let rows_now = text(&fixture.state);
    assert!(rows_now[14].starts_with(&format!("│▸{rank:>3} ")), "{rows_now:#?}");
    assert!(rows_now[13].contains(&format!("… {} more", VOCABULARY - 12)), "less itself: {}", rows_now[13]);
    assert!(rows_now[15].starts_with("╰ ▸ the draw lands here ─"), "{}", rows_now[15]);
    let under = hit(&fixture.state, AREA, Position::new(9, 14));
    assert_eq!(under, Some(Hit::Candidate(rank - 1)));
    // Past it in the list it stands above.
    fixture.keys(&["end"]);
    let last = text(&fixture.state);
    assert!(last[2].starts_with(&format!("│▸{rank:>3} ")), "{last:#?}");
    // A search shows what it finds, and explains no mark that is not there.
    fixture.keys(&["/", "O", "n", "c", "e"]);
    let found = text(&fixture.state);
    assert!(!found[15].contains('▸'), "{found:#?}");
}

#[test]
fn every_row_down_to_the_last_can_be_selected_and_hit() {
    let mut fixture = Fixture::new();
    fixture.keys(&["end"]);
    let state = &mut fixture.state;
    let last_page = text(state);
    assert!(last_page.iter().all(|row| !row.contains("more")), "{last_page:?}");
    for selected in (0..VOCABULARY).step_by(7).chain([VOCABULARY - 1]) {
        state.select_candidate(selected);
        let rows = text(state);
        let hits: Vec<_> = (0..AREA.height).map(|y| hit(state, AREA, Position::new(9, y))).collect();
        assert!(hits.contains(&Some(Hit::Candidate(selected))), "{selected}");
        for (row, hit) in rows.iter().zip(hits) {
            let Some(Hit::Candidate(index)) = hit else { continue };
            let rank = row.chars().skip(2).collect::<String>();
            assert_eq!(rank.split_whitespace().next(), Some((index + 1).to_string().as_str()), "{row}");
        }
    }
}

#[test]
fn the_selected_row_is_seen_when_the_panel_has_the_focus() {
    let mut fixture = Fixture::new();
    fixture.keys(&["down"]);
    let ground = |state: &State, y: u16| draw_in(state, AREA)[(30, y)].bg;
    let selection = fixture.state.theme().selected_row().bg;
    assert_eq!(Some(ground(&fixture.state, 3)), selection);
    assert_ne!(Some(ground(&fixture.state, 2)), selection);
    fixture.keys(&["f4"]);
    assert_ne!(Some(ground(&fixture.state, 3)), selection);
}

#[test]
fn a_search_shows_matches_with_their_ranks() {
    let mut fixture = Fixture::new();
    fixture.keys(&["/", "e", "r", "e"]);
    let rows_found = text(&fixture.state);
    // there (2nd), and the mark under what was found.
    assert!(rows_found[2].contains(" 2 ␣there"), "{rows_found:?}");
    assert!(rows_found[14].starts_with("│/ ere▏  1 of 512 match"), "{rows_found:?}");
    let buffer = draw_in(&fixture.state, AREA);
    let x = rows_found[2].chars().position(|c| c == '␣').unwrap() as u16;
    let found = fixture.state.theme().search_match().fg;
    let colours: Vec<_> = (x..x + 6).map(|x| Some(buffer[(x, 2)].fg) == found).collect();
    assert_eq!(colours, [false, false, false, true, true, true]);

    fixture.keys(&["x", "enter"]);
    let none = text(&fixture.state);
    assert!(none[14].starts_with("│/ erex  0 of 512 match"), "{none:?}");
}

#[test]
fn no_size_is_too_small() {
    never_panics(0..100, 0..9, draw, hit);
}
