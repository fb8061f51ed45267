//! The diffuse screen in a terminal, on the diffusion model in the program.
#![cfg(unix)]

mod support;

use support::{
    pty::{DOWN, ENTER, ESCAPE, LEFT, Pty, RIGHT},
    screen::{panel, quit, shows, start, wait_for_panel},
};

/// The program on the diffuse screen, the first guesses there.
fn canvas(args: &[&str]) -> Pty {
    let mut pty = start(&[&["-p", "One day, a little", "--seed", "3", "--speed", "0"], args].concat());
    pty.send_keys("7");
    wait_for_panel(&pty, "Canvas", "after step 0 of 16");
    wait_for_panel(&pty, "Scores", "step 1 comes next");
    pty
}

/// The text of the canvas.
fn text(screen: &vt100::Screen) -> String {
    panel(screen, "Canvas").map(|panel| panel.rows.concat()).unwrap_or_default()
}

/// A figure of the table against left to right: that of the diffusion model, and that of the other.
fn figures(screen: &vt100::Screen, name: &str) -> Option<[String; 2]> {
    let rows = panel(screen, "Against left to right")?.rows;
    let row = rows.into_iter().find(|row| row.starts_with(name))?;
    let mut figures = row[name.len()..].split("  ").map(str::trim).filter(|part| !part.is_empty());
    Some([figures.next()?.to_owned(), figures.next()?.to_owned()])
}

#[test]
fn a_canvas_is_stepped_gone_back_through_and_played_to_its_end() {
    let mut pty = canvas(&[]);
    let screen = pty.screen();
    assert!(screen.contents().contains("Storyteller"), "{}", screen.contents());
    assert!(text(&screen).contains("One␣day,␣a␣little░"), "{}", text(&screen));
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Canvas", "after step 1 of 16");
    wait_for_panel(&pty, "Scores", "step 2 comes next");
    let first = text(&pty.screen());
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Scores", "step 3 comes next");
    pty.send_keys(LEFT);
    wait_for_panel(&pty, "Scores", "step 2 comes next");
    assert_eq!(text(&pty.screen()), first, "every step is kept");
    pty.send_keys(" ");
    wait_for_panel(&pty, "Canvas", "written in 16 steps");
    pty.wait_for("the end", |screen| screen.contents().contains("■ written"));
    // The other model has written, and judged both texts.
    pty.wait_for("both perplexities", |screen| {
        figures(screen, "perplexity").is_some_and(|both| both.iter().all(|figure| figure != "–"))
    });
    let screen = pty.screen();
    assert_eq!(figures(&screen, "passes").expect("passes")[0], "16");
    let [mine, own] = figures(&screen, "perplexity")
        .expect("perplexity")
        .map(|figure| figure.parse::<f64>().unwrap_or_else(|_| panic!("{figure} is a number")));
    assert!(mine > own && own > 1.0, "three tokens a pass are worse than one: {mine} {own}");
    assert!(!text(&screen).contains('░'), "{}", text(&screen));
    quit(pty);
}

#[test]
fn the_text_is_that_of_the_command_with_the_same_seed() {
    let arguments =
        ["diffuse", "-p", "One day, a little", "--seed", "3", "--diffusion-steps", "16", "--no-beside"];
    let run = std::process::Command::new(support::LOGITSCOPE).args(arguments).output().expect("it runs");
    let expected = String::from_utf8(run.stdout).expect("text");
    let mut pty = canvas(&[]);
    pty.send_keys(" ");
    wait_for_panel(&pty, "Canvas", "written in 16 steps");
    let shown = text(&pty.screen()).replace('␣', " ");
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    assert!(letters(&shown).ends_with(&letters(&expected)), "{shown}: {expected}");
    quit(pty);
}

#[test]
fn positions_are_opened_and_masked_by_hand() {
    let mut pty = canvas(&[]);
    wait_for_panel(&pty, "Position", "it waits");
    pty.send_keys("\t");
    pty.send_keys(DOWN);
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Position", "written by hand");
    pty.wait_for("the word", |screen| text(screen).contains("␣a␣little✎"));
    pty.send_keys("d");
    pty.wait_for("the mask again", |screen| {
        text(screen).contains("␣a␣little░") || text(screen).contains("␣a␣little▓")
    });
    quit(pty);
}

#[test]
fn gaps_are_filled_in_view_of_both_sides() {
    let mut pty = canvas(&[]);
    pty.send_keys("e");
    pty.wait_for_text("Prompt, or a text with gaps");
    pty.send_keys("\u{15}");
    pty.send_keys("The ___ sat on the ___.");
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Canvas", "0 of 2 positions");
    pty.send_keys(" ");
    pty.wait_for("both are filled", |screen| {
        shows(screen, "Canvas", "2 of 2 positions") && text(screen).contains("␣sat␣on␣the")
    });
    wait_for_panel(&pty, "Against left to right", "cannot fill gaps");
    quit(pty);
}

#[test]
fn a_sweep_shows_what_few_steps_cost() {
    let mut pty = canvas(&[]);
    pty.send_keys("S");
    wait_for_panel(&pty, "Sweep of steps", "7 of 7");
    pty.wait_for("the last perplexity", |screen| {
        let rows = panel(screen, "Sweep of steps").map(|panel| panel.rows).unwrap_or_default();
        rows.iter().any(|row| {
            row.starts_with("48 ") && row.split_whitespace().nth(4).is_some_and(|text| text != "–")
        })
    });
    pty.send_keys(ENTER);
    wait_for_panel(&pty, "Canvas", "written in 1 step");
    wait_for_panel(&pty, "Sweep of steps", "7 of 7");
    pty.send_keys("\u{1b}[Z");
    wait_for_panel(&pty, "Neighbours opened together", "do not go together");
    quit(pty);
}

#[test]
fn a_diffusion_model_is_offered_to_this_screen_and_a_causal_one_refused_on_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-diffusion-4.5m-q5_0.gguf");
    let causal = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
    let mut pty = start(&["-p", "Once upon a time"]);
    pty.send_keys("m");
    pty.wait_for_text("Models");
    pty.send_keys(&format!("/{file}"));
    pty.send_keys(ENTER);
    pty.wait_for_text("A diffusion model");
    pty.wait_for_text("press 7 (Diffuse) to load it there");
    pty.send_keys(ESCAPE);
    // Together with the key after it the terminal could take it for another one.
    pty.wait_for("the offer closed", |screen| !screen.contents().contains("A diffusion model"));
    pty.send_keys("7");
    wait_for_panel(&pty, "Canvas", "after step 0 of");
    pty.send_keys("m");
    pty.wait_for_text("Models");
    pty.send_keys(&format!("/{causal}"));
    pty.send_keys(ENTER);
    pty.wait_for_text("The model could not be loaded here");
    pty.wait_for_text("cannot fill masks");
    pty.send_keys(ESCAPE);
    pty.wait_for("the refusal closed", |screen| !screen.contents().contains("cannot fill masks"));
    pty.send_keys(RIGHT);
    wait_for_panel(&pty, "Canvas", "after step 1 of");
    pty.resize(80, 24);
    pty.wait_for("the small screen", |screen| panel(screen, "Settings").is_none());
    pty.resize(40, 12);
    pty.wait_for("one panel", |screen| panel(screen, "Position").is_none());
    quit(pty);
}
