//! The program in a terminal on the built-in model: what a user does and then sees.
#![cfg(unix)]

mod support;

use support::{
    LOGITSCOPE,
    model::{replace_string, storyteller},
    pty::{DELETE, DOWN, END, ENTER, ESCAPE, F2, F3, F4, HOME, LEFT, Pty, RIGHT, UP},
    screen::{WIDE, candidates, close_welcome, generated, panel, quit, shows, start, text, wait_for_panel},
};

const PROMPT: &str = "<|endoftext|>Once␣upon␣a␣time▏";
/// After it many tokens are about as likely.
const OPEN: &str = "One day, a little";

fn wait_for_generated(pty: &Pty, count: usize) {
    pty.wait_for(&format!("{count} generated tokens"), |screen| generated(screen) == Some(count));
}

fn wait_until_gone(pty: &Pty, text: &str) {
    pty.wait_for(&format!("screen without {text:?}"), |screen| !screen.contents().contains(text));
}

/// Presses Escape and waits until `text` is gone: keys sent at once would make it Alt with the first of them.
fn escape(pty: &mut Pty, text: &str) {
    pty.send_keys(ESCAPE);
    wait_until_gone(pty, text);
}

#[test]
fn the_welcome_is_shown_at_the_first_start_alone() {
    let mut first = Pty::spawn(&[LOGITSCOPE], WIDE, &[]);
    close_welcome(&mut first);
    assert_eq!(text(&first.screen()), "<|endoftext|>One␣day,␣a␣little▏");
    let home = first.shared_home();
    quit(first);
    let second = Pty::spawn_in(home, &[LOGITSCOPE], WIDE, &[]);
    second.wait_for("the first bars", |screen| !candidates(screen).is_empty());
    assert!(!second.screen_text().contains("Welcome"));
    quit(second);
}

#[test]
fn everything_is_on_a_wide_screen_and_the_main_things_on_a_small_one() {
    let mut pty = start(&["--seed", "42"]);
    for title in ["Text", "Next token", "Sampling", "Draw", "KV cache", "Stop conditions"] {
        assert!(panel(&pty.screen(), title).is_some(), "{title} is missing:\n{}", pty.screen_text());
    }
    pty.resize(80, 24);
    pty.wait_for("the small screen", |screen| {
        ["Text", "Next token", "Sampling", "Stop conditions"]
            .iter()
            .all(|title| panel(screen, title).is_some())
            && ["Draw", "KV cache"].iter().all(|title| panel(screen, title).is_none())
    });
    // The others are a key away.
    for title in ["Draw", "KV cache", "Stop conditions"] {
        pty.send_keys("w");
        pty.wait_for(title, |screen| panel(screen, title).is_some());
    }
    quit(pty);
}

#[test]
fn steps_forth_and_back_meet_the_same_tokens() {
    let mut pty = start(&["--seed", "42"]);
    let mut texts = vec![text(&pty.screen())];
    for count in 1..=4 {
        pty.send_keys(RIGHT);
        wait_for_generated(&pty, count);
        texts.push(text(&pty.screen()));
        let (before, after) = (texts[count - 1].trim_end_matches('▏'), &texts[count]);
        assert!(after.starts_with(before) && after.len() > before.len(), "{before} {after}");
    }
    wait_for_panel(&pty, "KV cache", "9 of 512 cells");
    for count in (0..4).rev() {
        pty.send_keys(LEFT);
        pty.wait_for("one token less", |screen| text(screen) == texts[count]);
    }
    pty.send_keys(LEFT);
    pty.wait_for_text("Nothing has been generated yet");
    // Two steps at once are two steps.
    pty.send_keys(&RIGHT.repeat(4));
    pty.wait_for("the same text", |screen| text(screen) == texts[4]);
    pty.send_keys("R");
    pty.wait_for("the prompt", |screen| text(screen) == texts[0]);
    quit(pty);
}

#[test]
fn lanes_play_side_by_side_and_part() {
    let mut pty = start(&["-p", OPEN, "--seed", "5"]);
    pty.send_keys("3");
    pty.wait_for("three lanes", |screen| {
        ["1 greedy", "2 llama.cpp", "3"].iter().all(|title| panel(screen, title).is_some())
    });
    for (lane, temperature) in [("1", "0"), ("2", "0.8"), ("3", "1.5")] {
        wait_for_panel(&pty, lane, &format!("temperature {temperature}"));
    }
    pty.send_keys(&RIGHT.repeat(12));
    wait_for_panel(&pty, "3", "diverges from lane 1 at token");
    wait_for_panel(&pty, "Lane 1 and lane 2", "KL ");
    let tokens = |lane: &str, count: usize| {
        let lane = lane.to_owned();
        move |screen: &vt100::Screen| {
            panel(screen, &lane).is_some_and(|panel| {
                let row = panel.rows.iter().find(|row| row.starts_with("tokens"));
                row.is_some_and(|row| row.split_whitespace().nth(1) == Some(&count.to_string()))
            })
        }
    };
    for lane in ["1 greedy", "2 llama.cpp", "3"] {
        pty.wait_for("twelve tokens", tokens(lane, 12));
    }
    let greedy = panel(&pty.screen(), "1 greedy").map(|panel| panel.rows);
    // One alone goes back, and forth again to what was there.
    pty.send_keys(".");
    pty.send_keys(LEFT);
    pty.wait_for("eleven tokens", tokens("1 greedy", 11));
    assert!(tokens("3", 12)(&pty.screen()));
    pty.send_keys(RIGHT);
    pty.wait_for("twelve tokens", tokens("1 greedy", 12));
    let again = panel(&pty.screen(), "1 greedy").map(|panel| panel.rows);
    let text = |rows: &Option<Vec<String>>| rows.as_ref().map(|rows| rows[..6].concat());
    assert_eq!(text(&again), text(&greedy));
    // A sweep does not fit side by side: it becomes a table.
    pty.send_keys("S");
    pty.wait_for_text("Sweep: 6 lanes");
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Lanes", "6 temp 2");
    pty.send_keys("1");
    pty.wait_for("the step screen", |screen| !candidates(screen).is_empty());
    quit(pty);
}

/// The knob of the slider with this label.
fn knob(pty: &Pty, label: &str) -> (u16, u16) {
    let screen = pty.screen();
    let (_, y) = pty.find(label).expect("the slider is there");
    let (_, columns) = screen.size();
    let x = (0..columns.get()).rfind(|&x| screen.cell(y, x).is_some_and(|cell| cell.contents() == "●"));
    (x.expect("it has a knob"), y)
}

#[test]
fn the_mouse_drags_a_slider_and_bars_follow_but_not_the_text() {
    let mut pty = start(&["-p", "One day, a", "--seed", "42"]);
    // The likeliest goes on to many.
    pty.send_keys(ENTER);
    pty.wait_for("the first candidate", |screen| text(screen).ends_with("✎␣little▏"));
    // Its bars are those of the step before until it is evaluated.
    wait_for_panel(&pty, "KV cache", "6 of 512 cells");
    wait_for_panel(&pty, "Sampling", "temperature  0.80 ");
    let (written, bars) = (text(&pty.screen()), candidates(&pty.screen()));

    let from = knob(&pty, "temperature");
    pty.drag(from, (from.0 + 60, from.1));
    wait_for_panel(&pty, "Sampling", "temperature  2.00*");
    pty.wait_for("other bars", |screen| candidates(screen) != bars);
    assert_eq!(text(&pty.screen()), written);
    assert!(knob(&pty, "temperature").0 > from.0 + 3);

    let at = knob(&pty, "temperature");
    pty.wheel(at.0, at.1, -1);
    wait_for_panel(&pty, "Sampling", "temperature  1.95*");
    // The slider is selected now; its keys are a key away.
    pty.send_keys(F4);
    pty.send_keys(DELETE);
    wait_for_panel(&pty, "Sampling", "temperature  0.80 ");
    pty.wait_for("the bars from before", |screen| candidates(screen) == bars);
    assert_eq!(text(&pty.screen()), written);
    quit(pty);
}

#[test]
fn sliders_move_by_keys_and_take_typed_values() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    pty.send_keys(F4);
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Sampling", "temperature  0.85*");
    pty.send_keys("H");
    wait_for_panel(&pty, "Sampling", "temperature  0.75*");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    pty.send_keys("7");
    pty.send_keys(ENTER);
    pty.wait_for_text("top-p cannot be \"7\": it takes a number from 0 to 1");
    pty.send_keys("\x7f0.5");
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Sampling", "top-p        0.50*");
    wait_for_panel(&pty, "Next token", "cut by top-p");
    pty.send_keys("D");
    wait_for_panel(&pty, "Sampling", "top-p        0.95 ");
    pty.send_keys("]");
    wait_for_panel(&pty, "Sampling", "temperature  0.00 ");
    assert!(panel(&pty.screen(), "Sampling").is_some_and(|panel| panel.top.contains("greedy")));
    quit(pty);
}

#[test]
fn another_candidate_is_taken_by_key_and_by_mouse() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    // The third row, whichever of the first two the draw would take.
    let token = |screen: &vt100::Screen, row: usize| {
        candidates(screen)[row].split_whitespace().find(|word| word.starts_with('␣')).map(str::to_owned)
    };
    let third = token(&pty.screen(), 2).expect("a word");
    pty.send_keys(&DOWN.repeat(2));
    pty.send_keys(ENTER);
    pty.wait_for("the third candidate, marked", |screen| text(screen).ends_with(&format!("little✎{third}▏")));
    wait_for_panel(&pty, "Text", "picked by hand");
    pty.send_keys(RIGHT);
    wait_for_generated(&pty, 2);

    let row = pty.find("│  4 ").expect("a fourth row");
    let fourth = token(&pty.screen(), 3);
    // The first click selects, the second takes.
    pty.click(row.0 + 5, row.1);
    pty.click(row.0 + 5, row.1);
    wait_for_generated(&pty, 3);
    assert!(text(&pty.screen()).contains(&format!("✎{third}")), "the first pick is still there");
    assert!(fourth.is_none_or(|fourth| text(&pty.screen()).ends_with(&format!("✎{fourth}▏"))));
    quit(pty);
}

#[test]
fn the_text_cursor_shows_earlier_steps_and_goes_on_from_there() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    let (prompt, bars) = (text(&pty.screen()), candidates(&pty.screen()));
    pty.send_keys(&RIGHT.repeat(3));
    wait_for_generated(&pty, 3);
    pty.send_keys(F2);
    // Left and right walk the path; with shift they move the text cursor.
    pty.send_keys("HHH");
    // The distribution that the first generated token came from, which is the one of the prompt's end.
    let ids = |rows: &[String]| -> Vec<String> {
        rows.iter()
            .take(5)
            .map(|row| row.split_whitespace().filter(|word| word.parse::<u32>().is_ok()).collect())
            .collect()
    };
    pty.wait_for("the bars of the first step", |screen| {
        panel(screen, "Token 7").is_some_and(|panel| ids(&panel.rows[1..]) == ids(&bars))
    });
    wait_for_panel(&pty, "Text", "token 7 ");
    // One further back is the prompt.
    pty.send_keys("H");
    wait_for_panel(&pty, "Text", "prompt");
    pty.send_keys(ENTER);
    pty.wait_for("the prompt alone", |screen| text(screen) == prompt);
    quit(pty);
}

#[test]
fn rolling_again_draws_anew_and_the_seed_brings_the_token_back() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    pty.send_keys(RIGHT);
    wait_for_generated(&pty, 1);
    let written = text(&pty.screen());
    pty.send_keys(LEFT);
    wait_for_panel(&pty, "Draw", "seed 42, draw 1");
    pty.send_keys(RIGHT);
    pty.wait_for("the same token", |screen| text(screen) == written);
    // With a dozen likely tokens a few rolls give another one.
    pty.send_keys(&"r".repeat(8));
    pty.wait_for("another token", |screen| generated(screen) == Some(1) && text(screen) != written);
    pty.send_keys("s");
    pty.wait_for("the first token", |screen| text(screen) == written);
    quit(pty);
}

#[test]
fn it_plays_faster_and_pauses() {
    let mut pty = start(&["--seed", "42", "--ignore-eos", "-c", "16384", "--speed", "1"]);
    pty.send_keys(" ");
    pty.wait_for_text("▶ 1 tok/s");
    pty.send_keys("++");
    pty.wait_for_text("▶ 5 tok/s");
    pty.send_keys("+++++++");
    pty.wait_for_text("▶ full speed");
    pty.wait_for("twenty tokens", |screen| generated(screen) >= Some(20));
    pty.send_keys(" ");
    pty.wait_for_text("paused");
    // What was under way when the key came is shown by now: one more step is one more token.
    let count = generated(&pty.screen()).expect("tokens");
    pty.send_keys(RIGHT);
    wait_for_generated(&pty, count + 1);
    pty.send_keys(" ");
    pty.wait_for_text("▶ ");
    pty.send_keys(ESCAPE);
    pty.wait_for_text("paused");
    quit(pty);
}

#[test]
fn prompts_are_written_pasted_chosen_and_remembered() {
    let mut pty = start(&["--seed", "42"]);
    pty.send_keys("e");
    pty.wait_for("the editor", |screen| shows(screen, "Prompt", "Once upon a time"));
    // To the line's beginning, away with the rest.
    pty.send_keys("\x01\x0bThe cat sat on the");
    wait_for_panel(&pty, "Prompt", "The cat sat on the");
    pty.send_keys(ENTER);
    pty.wait_for("the new prompt", |screen| text(screen) == "<|endoftext|>The␣cat␣sat␣on␣the▏");
    pty.wait_for("its bars", |screen| !candidates(screen).is_empty());

    pty.paste("List 5 fruits:\n1.");
    wait_for_panel(&pty, "Prompt", "2 lines");
    pty.send_keys(ENTER);
    pty.wait_for("the pasted prompt", |screen| text(screen) == "<|endoftext|>List␣5␣fruits:⏎1.▏");

    pty.send_keys("p");
    wait_for_panel(&pty, "Example prompts", "The capital of France is");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    pty.wait_for("the example", |screen| text(screen) == "<|endoftext|>The␣capital␣of␣France␣is▏");

    // The history is there, at the next start too.
    let home = pty.shared_home();
    quit(pty);
    let mut pty = Pty::spawn_in(home, &[LOGITSCOPE], WIDE, &[]);
    pty.wait_for("the first bars", |screen| !candidates(screen).is_empty());
    pty.send_keys("e");
    wait_for_panel(&pty, "Prompt", "One day, a little");
    pty.send_keys(UP);
    wait_for_panel(&pty, "Prompt", "List 5 fruits:");
    pty.send_keys("\x10");
    wait_for_panel(&pty, "Prompt", "The cat sat on the");
    escape(&mut pty, "The cat sat");
    assert_eq!(text(&pty.screen()), "<|endoftext|>One␣day,␣a␣little▏");
    quit(pty);
}

#[test]
fn a_chat_shows_the_template_as_tokens() {
    let args = ["--chat", "-p", "Hello", "--system", "Be brief.", "--end-chart", "off"];
    let pty = start(&args);
    let written = "<|endoftext|><|im_start|>system⏎Be␣brief.<|im_end|>⏎<|im_start|>user⏎Hello<|im_end|>⏎<|im_start|>assistant⏎▏";
    pty.wait_for("the rendered template", |screen| text(screen) == written);
    quit(pty);
}

#[test]
fn candidates_scroll_to_the_last_of_the_vocabulary_and_are_searched() {
    let mut pty = start(&["--seed", "42"]);
    pty.send_keys(F3);
    pty.send_keys(END);
    pty.wait_for("the last rank", |screen| candidates(screen).iter().any(|row| row.starts_with("4096 ")));
    pty.send_keys(HOME);
    pty.wait_for("the first rank", |screen| candidates(screen)[0].starts_with("▸ 1 "));
    pty.send_keys("/girl");
    wait_for_panel(&pty, "Next token", "/ girl");
    pty.wait_for("the tokens that match", |screen| {
        let rows = candidates(screen);
        rows.iter().any(|row| row.contains("␣girl ")) && !rows.iter().any(|row| row.contains("␣there"))
    });
    pty.send_keys(ENTER);
    pty.send_keys(ENTER);
    pty.wait_for("the match in the text", |screen| text(screen).contains("✎␣girl"));
    pty.send_keys(ESCAPE);
    pty.wait_for("all candidates", |screen| candidates(screen).len() > 10);
    // By id.
    pty.send_keys("/382");
    pty.wait_for("the token of that id", |screen| {
        candidates(screen).iter().any(|row| row.contains("␣there"))
    });
    escape(&mut pty, "/ 382");
    quit(pty);
}

#[test]
fn help_and_explanations_open_and_close() {
    let mut pty = start(&[]);
    pty.send_keys("?");
    wait_for_panel(&pty, "Keys of the Step screen", "space play");
    pty.send_keys("q");
    wait_until_gone(&pty, "Keys of the Step screen");
    let (x, y) = pty.find("? help").expect("the header names the key");
    pty.click(x, y);
    wait_for_panel(&pty, "Keys of the Step screen", "space play");
    pty.send_keys("?");
    wait_until_gone(&pty, "Keys of the Step screen");

    // By key for the panel with the focus, by a click on any title.
    pty.send_keys("i");
    pty.wait_for_text("esc close");
    escape(&mut pty, "esc close");
    let (x, y) = pty.find("KV cache").expect("the title is there");
    pty.click(x, y);
    pty.wait_for_text("esc close");
    escape(&mut pty, "esc close");
    quit(pty);
}

#[test]
fn colours_and_themes_change_and_the_words_stay() {
    let mut pty = start(&["--seed", "42"]);
    pty.send_keys(&RIGHT.repeat(3));
    wait_for_generated(&pty, 3);
    for meaning in ["entropy", "rank", "surprisal", "probability"] {
        pty.send_keys("c");
        wait_for_panel(&pty, "Text", &format!("colour: {meaning}"));
    }
    let words = text(&pty.screen());
    // The colours of all cells.
    let paint = |pty: &Pty| -> Vec<_> {
        let screen = pty.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (y, x)));
        cells.filter_map(|(y, x)| screen.cell(y, x)).map(|cell| (cell.fgcolor(), cell.bgcolor())).collect()
    };
    let mut paints = vec![paint(&pty)];
    for theme in ["light", "high-contrast", "monochrome"] {
        pty.send_keys("t");
        pty.wait_for_text(&format!("Theme: {theme}"));
        let new = paint(&pty);
        assert!(!paints.contains(&new), "{theme} looks like another");
        paints.push(new);
    }
    pty.send_keys("t");
    pty.wait_for_text("Theme: dark");
    assert_eq!(text(&pty.screen()), words);
    quit(pty);
}

/// Types the path of a model.
fn load(pty: &mut Pty, path: &str) {
    pty.send_keys("m");
    wait_for_panel(pty, "Models", "the small built-in model");
    pty.send_keys("/");
    pty.wait_for_text("esc whole list");
    pty.send_keys(path);
    pty.send_keys(ENTER);
}

#[test]
fn a_broken_model_is_refused_in_a_sentence_and_the_old_one_goes_on() {
    let mut pty = start(&["--seed", "42"]);
    pty.send_keys(RIGHT);
    wait_for_generated(&pty, 1);
    std::fs::write(pty.home().join("cut.gguf"), &storyteller()[..100_000]).expect("written");
    load(&mut pty, "cut.gguf");
    wait_for_panel(&pty, " ✗ The model could not be loaded", "cut.gguf: the header is cut short");
    escape(&mut pty, "could not be loaded");
    load(&mut pty, "~/nowhere.gguf");
    wait_for_panel(&pty, " ✗ The model could not be loaded", "there is no such file");
    escape(&mut pty, "could not be loaded");
    pty.send_keys("n");
    wait_for_generated(&pty, 2);
    quit(pty);
}

#[test]
fn a_model_llama_cpp_refuses_leaves_none_until_another_is_loaded() {
    let mut pty = start(&["--seed", "42"]);
    let mut nameless = storyteller();
    replace_string(&mut nameless, b"output_norm.weight", b"output_nrom.weight");
    std::fs::write(pty.home().join("nameless.gguf"), nameless).expect("written");
    load(&mut pty, "nameless.gguf");
    wait_for_panel(&pty, " ✗ The model could not be loaded", "'output_norm.weight' not found");
    escape(&mut pty, "could not be loaded");
    pty.wait_for_text("✗ no model");
    pty.send_keys("n");
    pty.send_keys("m");
    wait_for_panel(&pty, "Models", "the small built-in model");
    pty.send_keys(ENTER);
    pty.wait_for("the first bars again", |screen| !candidates(screen).is_empty() && text(screen) == PROMPT);
    quit(pty);
}

#[test]
fn another_model_takes_the_place_of_the_first() {
    let mut pty = start(&["--seed", "42"]);
    let mut other = storyteller();
    replace_string(&mut other, b"Storyteller 4.5M", b"Another Teller 2");
    std::fs::write(pty.home().join("other.gguf"), other).expect("written");
    pty.send_keys("m");
    // It lies in the folder the program runs in, so it is found.
    wait_for_panel(&pty, "Models", "other.gguf");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    pty.wait_for_text("Another …");
    pty.wait_for("its bars", |screen| !candidates(screen).is_empty());
    pty.send_keys(RIGHT);
    wait_for_generated(&pty, 1);
    quit(pty);
}

#[test]
fn each_stop_reason_is_said_and_going_back_goes_on() {
    for (args, reason, detail) in [
        (&["--seed", "42"][..], "end token", "<|endoftext|> (id 0)"),
        (&["-n", "3"], "token limit", "the limit of 3 tokens"),
        (&["--stop", "e"], "stop text", "the stop text \"e\" was generated"),
        (&["--ignore-eos", "-c", "256"], "context full", "the context of 256 tokens is full"),
        (&["--ignore-eos", "-c", "16384", "--max-time", "0.01"], "time limit", "0.01 s"),
    ] {
        let mut pty = start(&[args, &["--speed", "0"]].concat());
        wait_for_panel(&pty, "Stop conditions", "paused");
        pty.send_keys(" ");
        wait_for_panel(&pty, "Stop conditions", &format!("■ stopped: {reason}"));
        wait_for_panel(&pty, "Stop conditions", detail);
        wait_for_panel(&pty, "Text", "■ ");
        let count = generated(&pty.screen()).expect("tokens");
        pty.send_keys(RIGHT);
        pty.wait_for_text("Generation has stopped");
        pty.send_keys(LEFT);
        wait_for_generated(&pty, count - 1);
        wait_for_panel(&pty, "Stop conditions", "paused");
        quit(pty);
    }
}

#[test]
fn what_is_near_is_reported_while_it_runs() {
    let mut pty = start(&["--seed", "42", "-n", "20", "--stop", "there are", "--max-time", "100"]);
    pty.send_keys(&RIGHT.repeat(2));
    wait_for_generated(&pty, 2);
    for part in ["2 of 20", "7 of 512", "\"there are\"", "of 100", "end token"] {
        wait_for_panel(&pty, "Stop conditions", part);
    }
    pty.send_keys("E");
    wait_for_panel(&pty, "Stop conditions", "banned");
    quit(pty);
}

/// The row of a stage on the X-ray screen.
fn stage(screen: &vt100::Screen, label: &str) -> Option<String> {
    let rows = panel(screen, "Stages")?.rows;
    rows.into_iter().find(|row| row.trim_start_matches(['▸', ' ']).starts_with(label))
}

#[test]
fn the_x_ray_tells_what_each_stage_cut_and_why() {
    let mut pty = start(&["-p", OPEN, "--seed", "42"]);
    pty.send_keys("2");
    pty.wait_for("the stages", |screen| stage(screen, "top-k").is_some_and(|row| row.contains("40/4,096")));
    // Past the model; the stages that are off are one row below the others.
    pty.send_keys(DOWN);
    pty.wait_for("top-k selected", |screen| {
        stage(screen, "top-k").is_some_and(|row| row.starts_with('▸'))
            && shows(screen, "After top-k", "rank 41, top 40 kept")
    });
    // Any token can be followed.
    pty.send_keys("/ dragon\r");
    wait_for_panel(&pty, "␣dragon through the chain", "cut: mass before it");
    wait_for_panel(&pty, "␣dragon through the chain", "cannot be drawn");
    escape(&mut pty, "1 of 4,096 match");
    pty.send_keys("\tM");
    pty.wait_for("top-k muted", |screen| {
        stage(screen, "top-k").is_some_and(|row| row.contains("skipped (40)"))
            && stage(screen, "top-p").is_some_and(|row| row.contains("/4,096"))
    });
    pty.send_keys("o");
    pty.wait_for_text("Temperature first, as in textbooks");
    wait_for_panel(&pty, "Stages", "temperature");
    pty.wait_for("the other order", |screen| {
        panel(screen, "Stages").is_some_and(|panel| panel.top.contains("temperature first"))
    });
    pty.send_keys("1");
    wait_for_panel(&pty, "Sampling", "off    top-k");
    quit(pty);
}

#[test]
fn settings_are_copied_to_the_terminal_and_pasted_from_it() {
    let mut pty = start(&["--seed", "42", "--top-k", "7"]);
    pty.send_keys("Y");
    pty.wait_for_text("--top-k 7");
    pty.send_keys(ENTER);
    pty.wait_for_text("Copied the llama.cpp command line");
    escape(&mut pty, "Copy these settings");
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    // "--" in base64: the flags.
    assert!(raw.contains("\u{1b}]52;c;LS"), "the terminal is asked to take the text");
    pty.paste("llama-cli -m x.gguf --top-k 3 --temp 0.25");
    pty.wait_for_text("Use these settings");
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Sampling", "temperature  0.25*");
    pty.wait_for_text("Ignored, since they are not about sampling: -m");
    quit(pty);
}

#[test]
fn softmax_is_worked_out_on_a_step_and_on_typed_logits() {
    let mut pty = start(&["--seed", "42"]);
    pty.send_keys("X");
    pty.wait_for_text("divide by the sum");
    pty.send_keys("\r2 a, 2 b\r");
    pty.wait_for("two rows of a half", |screen| screen.contents().matches("0.5000").count() >= 3);
    escape(&mut pty, "Softmax step by step");
    quit(pty);
}
