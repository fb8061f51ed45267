//! What every overlay holds to, and what each of them shows.

use proptest::prelude::*;
use ratatui::layout::{Position, Rect};

use super::*;
use crate::{
    app::{EXAMPLES, Fetching, Message, ModelDetails, ModelList, PanelId, fixture::Fixture},
    fetch::Progress,
    models::{FoundModel, ListedModel, Place},
    ui::{LEAST, drawn, widgets::elide_line},
};

const SCREEN: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };
const SMALL: Rect = Rect { x: 0, y: 0, width: LEAST.0, height: LEAST.1 };

fn lines(state: &State, screen: Rect) -> Vec<String> {
    drawn::lines(screen, |buf| draw(state, screen, buf))
}

fn text(state: &State, screen: Rect) -> String {
    lines(state, screen).join("\n")
}

fn models() -> Overlay {
    let model = |name: &str, size, place| FoundModel {
        name: name.into(),
        path: "/m".into(),
        size,
        place,
        recent: None,
    };
    let found = vec![
        model("qwen\u{1b}[31m", 640 << 20, Place::CurrentFolder),
        model("llama3:8b", 4_900_000_000, Place::Ollama),
    ];
    let found = found.into_iter().map(|found| ListedModel { found, card: None }).collect();
    Overlay::Models(ModelList { found: Some(found), selected: 1, ..ModelList::default() })
}

/// Kinds of overlays, and states of them that look different.
const KINDS: usize = 29;

/// A state with one overlay of each kind, in turn.
fn each_overlay() -> Vec<Fixture> {
    (0..KINDS).map(overlay).collect()
}

/// A state with an overlay of this kind.
fn overlay(kind: usize) -> Fixture {
    let error =
        || Overlay::Error { title: "It failed".into(), text: "why\nand what to do ".repeat(30), scroll: 0 };
    let makers: [&dyn Fn(&mut Fixture); KINDS] = [
        &|fixture| fixture.state.overlays_mut().push(Overlay::Welcome),
        &|fixture| fixture.keys(&["?"]),
        &|fixture| fixture.keys(&["i"]),
        &|fixture| fixture.keys(&["e", "a", "alt-enter", "b"]),
        &|fixture| fixture.keys(&["p", "down"]),
        &|fixture| fixture.keys(&["W"]),
        &|fixture| fixture.keys(&["3", "tab", "O"]),
        &|fixture| fixture.keys(&["3", "W", "right"]),
        &|fixture| fixture.keys(&["4", "X"]),
        &|fixture| fixture.keys(&["u"]),
        &|fixture| fixture.keys(&["n", "n", "n", "u", "down"]),
        &|fixture| fixture.state.overlays_mut().push(models()),
        &|fixture| fixture.state.overlays_mut().push(error()),
        &|fixture| fixture.keys(&["W", "enter"]),
        &|fixture| fixture.keys(&["W", "enter", "enter"]),
        &|fixture| fixture.keys(&["3", "S"]),
        &|fixture| fixture.keys(&["3", "A"]),
        // The figures of eight lanes.
        &|fixture| fixture.keys(&["3", "S", "right", "right", "enter", "right", "right", "i"]),
        &|fixture| fixture.keys(&["5", "n", "n", "i"]),
        &|fixture| fixture.keys(&["P"]),
        &|fixture| fixture.keys(&["Y"]),
        &|fixture| fixture.keys(&["X", "enter"]),
        &|fixture| fixture.keys(&["2", "f"]),
        &|fixture| fixture.keys(&["4", "w"]),
        &|fixture| fixture.keys(&["m", "/"]),
        &|fixture| {
            fixture.state.overlays_mut().push(Overlay::Rendered {
                text: "a prompt as the model reads it ".repeat(20),
                tokens: 140,
                notes: vec!["The system message was put before the first one of the user.".into()],
                scroll: 0,
            });
        },
        &|fixture| {
            let progress = Progress::sample("m-Q8_0.gguf", 5 << 30, 40 << 30, Some(1e7));
            let (number, name) = (1, "hf:somebody/a-long-name-of-a-repository-GGUF:Q8_0".to_owned());
            let fetching = Fetching { number, name, progress: Some(progress) };
            fixture.state.overlays_mut().push(Overlay::Fetching(Box::new(fetching)));
        },
        &|fixture| {
            let lines =
                Some(vec!["  tokenizer.ggml.tokens (arr[str]): 49152 elements: a, b, c".to_owned(); 90]);
            let (name, path) = ("model.gguf".to_owned(), "/model.gguf".into());
            let details = ModelDetails { name, path, lines, scroll: 0 };
            fixture.state.overlays_mut().push(Overlay::ModelDetails(details));
        },
        &|fixture| fixture.send(Message::Paste("--temp 0.5 --top-k 3 --repeat-penalty 1.2".into())),
    ];
    let mut fixture = Fixture::new();
    makers[kind](&mut fixture);
    fixture
}

#[test]
fn each_is_framed_and_tells_how_to_leave_even_on_the_smallest_screen() {
    for fixture in each_overlay() {
        for screen in [SMALL, SCREEN, Rect::new(0, 0, 200, 60)] {
            let text = text(&fixture.state, screen);
            assert!(text.contains('╭') && text.contains('╯'), "{text}");
            assert!(text.contains("esc "), "{text}");
        }
    }
}

#[test]
fn a_click_on_the_sheet_is_the_overlay_and_beside_it_nothing() {
    for fixture in each_overlay() {
        let sheet = top_sheet(&fixture.state, SCREEN).expect("it is open");
        let area = sheet.area(SCREEN);
        let hit = |x, y| hit(&fixture.state, SCREEN, Position::new(x, y));
        assert_eq!(hit(area.x, area.y), Some(Hit::Overlay));
        assert_eq!(hit(area.x.wrapping_sub(1), area.y), None);
        assert_eq!(hit(area.right(), area.y), None);
    }
}

#[test]
fn a_click_on_a_row_gives_the_row_that_is_drawn_there() {
    let mut fixture = Fixture::new();
    fixture.keys(&["p"]);
    for screen in [SCREEN, SMALL] {
        let rows = lines(&fixture.state, screen);
        for (y, row) in rows.iter().enumerate() {
            if let Some(Hit::OverlayRow(index)) = hit(&fixture.state, screen, Position::new(20, y as u16)) {
                let start: String = EXAMPLES[index].text.chars().take(8).collect();
                assert!(row.contains(&start), "{index} at {row}");
            }
        }
        let hits = (0..screen.height).filter(|&y| {
            matches!(hit(&fixture.state, screen, Position::new(20, y)), Some(Hit::OverlayRow(_)))
        });
        assert!(hits.count() >= 3);
    }
}

#[test]
fn a_click_on_a_key_is_its_action() {
    let mut fixture = Fixture::new();
    fixture.keys(&["i"]);
    let rows = lines(&fixture.state, SCREEN);
    let (y, row) = rows.iter().enumerate().find(|(_, row)| row.contains("esc close")).expect("the keys");
    let x = row.chars().take_while(|&symbol| symbol != 'e').count() as u16;
    let hit = hit(&fixture.state, SCREEN, Position::new(x, y as u16));
    assert_eq!(hit, Some(Hit::Hint(crate::keymap::Action::Cancel)));
}

#[test]
fn the_welcome_names_the_keys_of_the_keymap() {
    let mut fixture = Fixture::new();
    fixture.state.overlays_mut().push(Overlay::Welcome);
    let text = text(&fixture.state, SCREEN);
    assert!(text.contains("→        Step") && text.contains("↓ ↵") && text.contains("f4"), "{text}");
    assert!(text.contains("false"), "{text}");
}

#[test]
fn the_welcome_names_the_other_screens_from_twenty_rows_on() {
    let mut fixture = Fixture::new();
    fixture.state.overlays_mut().push(Overlay::Welcome);
    for (height, told) in [(12, false), (19, false), (20, true), (24, true), (36, true)] {
        let text = text(&fixture.state, Rect::new(0, 0, 80, height));
        // In as many rows as it takes.
        let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "│").collect();
        let words = words.join(" ");
        let all = crate::app::Screen::ALL[1..].iter().all(|screen| words.contains(screen.title()));
        assert_eq!(
            words.contains("Other screens: 2 X-ray, 3 Compare, 4 Tree,") && all,
            told,
            "{height}: {text}"
        );
        assert!(text.contains("m loads"), "whole at {height}: {text}");
    }
}

#[test]
fn the_welcome_is_whole_on_the_smallest_screen() {
    let mut fixture = Fixture::new();
    fixture.state.overlays_mut().push(Overlay::Welcome);
    let text = text(&fixture.state, SMALL);
    for part in ["step", "temperature", "another token", "false", "loads another"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn every_explanation_is_whole_on_the_smallest_screen() {
    for panel in PanelId::ALL {
        let mut fixture = Fixture::new();
        fixture.state.overlays_mut().push(Overlay::Explain { panel, scroll: 0 });
        let last = panel.about().split(' ').next_back().expect("words");
        let room = scroll_bounds(&fixture.state, SMALL).map_or(0, |bounds| bounds.end().unsigned_abs());
        let mut text = text(&fixture.state, SMALL);
        if room > 0 {
            fixture.state.overlays_mut().clear();
            fixture.state.overlays_mut().push(Overlay::Explain { panel, scroll: room });
            text.push_str(&self::text(&fixture.state, SMALL));
        }
        assert!(text.contains(last), "{last}: {text}");
    }
}

#[test]
fn help_lists_every_action_and_scrolls() {
    let mut fixture = Fixture::with(|setup| setup.log_file = Some("/tmp/the.log".into()));
    fixture.keys(&["?"]);
    let whole = sheet(&fixture.state, &fixture.state.overlays()[0], Rect::new(0, 0, 90, 40));
    let tall = whole.rows.iter().map(|row| row.to_string() + "\n").collect::<String>();
    for group in fixture.state.keymap().help_rows() {
        for row in group.rows {
            let start: String = row.about.chars().take(30).collect();
            assert!(tall.contains(&start), "{start}");
        }
    }
    assert!(tall.contains("/tmp/the.log") && tall.contains("keymap.toml"), "{tall}");
    assert!(tall.contains("end chart; Compare: remove lane; Tree: expand; Seeds: fewer seeds"), "{tall}");
    let top = text(&fixture.state, SCREEN);
    assert!(top.contains("Keys of the Step screen") && top.contains("space play"), "{top}");
    assert!(top.contains("1–"), "where one is: {top}");
    fixture.keys(&["end"]);
    assert!(text(&fixture.state, SCREEN).contains("/tmp/the.log"), "the end can be reached");
}

#[test]
fn models_are_listed_with_size_and_place_and_harmless_names() {
    let mut fixture = Fixture::new();
    fixture.state.overlays_mut().push(models());
    let text = text(&fixture.state, SCREEN);
    assert!(text.contains("the small built-in model"), "{text}");
    assert!(text.contains("▸ qwen␛[31m"), "{text}");
    assert!(text.contains("640 MiB") && text.contains("4.6 GiB"), "{text}");
}

#[test]
fn a_path_being_typed_keeps_its_end_in_sight() {
    let mut fixture = Fixture::new();
    fixture.keys(&["m", "/"]);
    fixture.send(Message::Paste("/a/very/long/path/that/goes/on/and/on/model.gguf".into()));
    let text = text(&fixture.state, SMALL);
    assert!(text.contains("model.gguf▏"), "{text}");
}

#[test]
fn while_models_are_looked_for_it_says_so() {
    let mut fixture = Fixture::new();
    fixture.keys(&["m"]);
    assert!(text(&fixture.state, SCREEN).contains("Looking for models"));
    fixture.send(Message::ModelsFound { folder: None, found: Vec::new() });
    assert!(text(&fixture.state, SCREEN).contains("No other models found"));
}

#[test]
fn the_editor_counts_lines_and_says_whether_the_template_is_on() {
    let mut fixture = Fixture::new();
    fixture.keys(&["e", "alt-enter", "x"]);
    let before = text(&fixture.state, SCREEN);
    assert!(
        before.contains("2 lines · chat template off") && before.contains("Once upon a time"),
        "{before}"
    );
    fixture.keys(&["ctrl-t"]);
    assert!(text(&fixture.state, SCREEN).contains("chat template on"));
}

#[test]
fn pasted_text_cannot_reach_the_terminal_as_it_is() {
    let mut fixture = Fixture::new();
    fixture.keys(&["e"]);
    fixture.send(Message::Paste("a\u{202e}b\u{1b}[31mc".into()));
    let text = text(&fixture.state, SCREEN);
    assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn an_error_says_what_why_and_where_the_log_is() {
    let mut fixture = Fixture::with(|setup| setup.log_file = Some("/tmp/the.log".into()));
    let (title, why) = ("No model".to_owned(), "the file\u{7} is broken".to_owned());
    fixture.state.overlays_mut().push(Overlay::Error { title, text: why, scroll: 0 });
    let text = text(&fixture.state, SCREEN);
    assert!(text.contains("✗ No model") && text.contains("the file␇ is broken"), "{text}");
    assert!(text.contains("More in the log: /tmp/the.log"), "{text}");
}

#[test]
fn the_one_on_top_lies_over_the_others() {
    let mut fixture = Fixture::new();
    fixture.keys(&["i"]);
    fixture.state.overlays_mut().push(Overlay::Explain { panel: PanelId::Stop, scroll: 0 });
    assert!(text(&fixture.state, SCREEN).contains("Stop conditions"));
}

proptest! {
    #[test]
    fn any_size_can_be_drawn_and_hit(screen in drawn::areas(), kind in 0..KINDS, x in 0_u16..220, y in 0_u16..80) {
        let fixture = overlay(kind);
        lines(&fixture.state, screen);
        hit(&fixture.state, screen, Position::new(x, y));
    }
}

#[test]
fn every_stop_condition_is_listed_whether_it_is_on_or_off() {
    let mut fixture = Fixture::with(|setup| {
        setup.given.temperature = Some(0.0);
        setup.settings.stop.sentences = 3;
        setup.settings.stop.strings = vec![", zz".into()];
        setup.settings.stop.entropy_above = 9.0;
    });
    // , there was a little girl named Lily . She loved to play in
    fixture.keys(&["n"; 14]);
    fixture.keys(&["W"]);
    let text = text(&fixture.state, Rect::new(0, 0, 120, 36));
    for expected in [
        "end token  </s>",
        "tokens     14, no limit",
        "stop text  \", zz\"  matched 0 of 4",
        "sentences  1 of 3",
        "bits, stops above 9",
        "likeliest  ",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_most_surprising_tokens_come_first() {
    let mut fixture = Fixture::new();
    // The likeliest token is ","; " there" has a probability of 0.05, its 4.32 bits are the most.
    fixture.keys(&["down", "enter", "n", "n", "u"]);
    let text = text(&fixture.state, SCREEN);
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("␣there")).collect();
    assert!(rows[0].contains("▸") && rows[0].contains("4.32") && rows[0].contains(".050"), "{text}");
    assert!(rows[0].contains(", ") && rows[0].contains(".930"), "what the model would have said: {text}");
}

#[test]
fn surprises_of_a_scored_text_come_with_its_bits_a_byte() {
    let mut fixture = Fixture::new();
    fixture.keys(&["S", "enter", "u"]);
    let bits = fixture.state.session().and_then(|session| session.prompt_bits_per_byte());
    let expected = format!("{:.4} bits per byte", bits.expect("scored"));
    for screen in [SCREEN, SMALL] {
        let text = text(&fixture.state, screen).replace("│\n│", " ");
        let first = expected.split(' ').next().unwrap();
        assert!(text.contains(first) && text.contains("byte"), "{expected}: {text}");
    }
}

/// Presses a key as often as it shows something else, and all that was to be seen.
fn seen_with(fixture: &mut Fixture, screen: Rect, key: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for _ in 0..400 {
        if let Some(bounds) = scroll_bounds(&fixture.state, screen) {
            fixture.state.bound_scroll(&bounds);
        }
        let before = lines(&fixture.state, screen);
        fixture.keys(&[key]);
        if let Some(bounds) = scroll_bounds(&fixture.state, screen) {
            fixture.state.bound_scroll(&bounds);
        }
        let same = lines(&fixture.state, screen) == before;
        seen.extend(before);
        if same {
            break;
        }
    }
    seen
}

#[test]
fn every_line_of_every_overlay_can_be_read_at_every_size() {
    for kind in 0..KINDS {
        for (width, height) in [(40, 12), (50, 13), (64, 16), (80, 24), (120, 14), (120, 36)] {
            let screen = Rect::new(0, 0, width, height);
            let mut fixture = overlay(kind);
            let editor = matches!(fixture.state.overlays().last(), Some(Overlay::Prompt(_)));
            fixture.send(Message::Resize(width, height));
            // The editor scrolls by its caret.
            if editor {
                continue;
            }
            let mut seen = seen_with(&mut fixture, screen, "down");
            seen.extend(seen_with(&mut fixture, screen, "up"));
            let sheet = sheet(&fixture.state, fixture.state.overlays().last().expect("it is open"), screen);
            for line in sheet.head.iter().chain(&sheet.rows).chain(&sheet.foot) {
                // A list's row is told by what stands behind the mark of the selected one; no line is wider than its sheet.
                let inside = usize::from(sheet.body(screen).width);
                let text = elide_line(line, inside).to_string();
                // Of a line that is cut, the words that are whole.
                let cut = text.strip_suffix('…').and_then(|text| Some(text.rsplit_once(' ')?.0));
                let whole = cut.unwrap_or(&text).trim_start_matches([' ', '▸']).trim_end();
                assert!(
                    seen.iter().any(|row| row.contains(whole)),
                    "{kind} at {width}x{height}: {text:?}: {seen:#?}"
                );
            }
        }
    }
}

#[test]
fn what_was_scrolled_comes_back_by_the_other_key() {
    for kind in 0..KINDS {
        let screen = SMALL;
        let mut fixture = overlay(kind);
        if matches!(fixture.state.overlays().last(), Some(Overlay::Prompt(_))) {
            continue;
        }
        fixture.send(Message::Resize(screen.width, screen.height));
        seen_with(&mut fixture, screen, "up");
        let first = lines(&fixture.state, screen);
        seen_with(&mut fixture, screen, "down");
        seen_with(&mut fixture, screen, "up");
        assert_eq!(lines(&fixture.state, screen), first, "{kind}");
    }
}

#[test]
fn stop_conditions_scroll_to_their_end_on_the_smallest_screen() {
    let mut fixture = Fixture::with(|setup| {
        setup.settings.stop.strings = (0..30).map(|i| format!("a long stop text, number {i}")).collect();
    });
    fixture.keys(&["n", "n", "W"]);
    let first = text(&fixture.state, SMALL);
    assert!(first.contains("end token") && !first.contains("prompt."), "{first}");
    fixture.keys(&["end"]);
    let last = text(&fixture.state, SMALL);
    assert!(!last.contains("end token  ") && last.contains("prompt."), "{last}");
    fixture.keys(&["home"]);
    assert_eq!(text(&fixture.state, SMALL), first);
}

#[test]
fn the_benchs_rows_in_sight_and_the_rest_add_up_to_the_sums() {
    for (width, height) in [(120, 36), (80, 24), (40, 12)] {
        let screen = Rect { width, height, ..SCREEN };
        let mut fixture = Fixture::new();
        fixture.keys(&["X"]);
        for keys in [&[][..], &["down", "down", "right"], &["end"]] {
            fixture.keys(keys);
            let lines = lines(&fixture.state, screen);
            let numbers = |line: &String| -> Vec<f64> {
                line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
            };
            let at = |part: &str| lines.iter().position(|line| line.contains(part)).expect(part);
            let (first, rest) = (at("÷ Σ = p") + 1, at(" more "));
            assert_eq!(at("Σ  "), rest + 1, "{lines:#?}");
            let p = |line: &String| *numbers(line).last().expect("a probability");
            let all: f64 = lines[first..=rest].iter().map(p).sum();
            assert!((all - 1.0).abs() < 1e-3 && (p(&lines[rest + 1]) - 1.0).abs() < 1e-9, "{lines:#?}");
            let count = 512 - (rest - first);
            assert!(lines[rest].contains(&format!("… {count} more")), "{lines:#?}");
        }
        // Typed logits that are all in sight leave nothing.
        fixture.keys(&["enter", "1", "enter"]);
        let text = text(&fixture.state, screen);
        assert!(text.contains("Σ  ") && !text.contains(" more "), "{text}");
    }
}
