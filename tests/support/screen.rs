//! The step screen as a user reads it: panels by their titles.

use vt100::Screen;

use super::{
    LOGITSCOPE,
    pty::{ESCAPE, Pty},
};

/// A screen that shows everything at once.
pub const WIDE: (u16, u16) = (120, 36);

/// A panel on the screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Panel {
    /// The row of its title.
    pub top: String,
    /// The rows inside, without the spaces around them.
    pub rows: Vec<String>,
    /// The row that closes it.
    pub bottom: String,
    /// Column of its left border and row of its title, from 0.
    pub place: (u16, u16),
}

/// The prompt of programs that [`start`] starts without another.
pub const PROMPT: &str = "Once upon a time";

/// The program with these arguments on a wide screen, its welcome closed, the first bars there.
pub fn start(args: &[&str]) -> Pty {
    let prompt: &[&str] = if args.contains(&"-p") { &[] } else { &["-p", PROMPT] };
    let mut pty = Pty::spawn(&[&[LOGITSCOPE], prompt, args].concat(), WIDE, &[]);
    close_welcome(&mut pty);
    pty
}

/// Waits for the first bars and closes the welcome that lies over them.
pub fn close_welcome(pty: &mut Pty) {
    pty.wait_for("the welcome over the first bars", |screen| {
        screen.contents().contains("Welcome to logitscope") && screen.contents().contains("▸")
    });
    pty.send_keys(ESCAPE);
    pty.wait_for("the whole step screen", |screen| {
        !screen.contents().contains("Welcome") && !candidates(screen).is_empty()
    });
}

/// The corners of panels, as they are drawn with and without the focus.
const CORNERS: [[&str; 3]; 2] = [["╭", "╮", "╰"], ["┏", "┓", "┗"]];

/// The panel with this title, if it is on the screen whole.
pub fn panel(screen: &Screen, title: &str) -> Option<Panel> {
    let (rows, columns) = screen.size();
    let cell = |x: u16, y: u16| screen.cell(y, x).map_or("", |cell| cell.contents());
    let row = |y: u16, from: u16, to: u16| -> String {
        // The second half of a wide character is an empty cell too.
        let is_second_half = |x: u16| screen.cell(y, x).is_some_and(vt100::Cell::is_wide_continuation);
        let cells = (from..to).filter(|&x| !is_second_half(x));
        cells.map(|x| if cell(x, y).is_empty() { " " } else { cell(x, y) }).collect()
    };
    let title = format!(" {title}");
    let ([_, top_right, bottom_left], (x, y)) = (0..rows.get())
        .flat_map(|y| (0..columns.get()).map(move |x| (x, y)))
        .filter_map(|(x, y)| Some((CORNERS.into_iter().find(|corners| corners[0] == cell(x, y))?, (x, y))))
        .find(|&(_, (x, y))| row(y, x + 1, columns.get()).starts_with(&title))?;
    let right = (x + 1..columns.get()).find(|&right| cell(right, y) == top_right)?;
    let bottom = (y + 1..rows.get()).find(|&bottom| cell(x, bottom) == bottom_left)?;
    Some(Panel {
        top: row(y, x, right + 1),
        rows: (y + 1..bottom).map(|y| row(y, x + 1, right).trim().to_owned()).collect(),
        bottom: row(bottom, x, right + 1),
        place: (x, y),
    })
}

/// Prompt and generated text with the caret, in one line; without the chart below.
pub fn text(screen: &Screen) -> String {
    let rows = panel(screen, "Text").map(|panel| panel.rows).unwrap_or_default();
    // Below the text comes the chart of the end token; a space of the text would be shown as a mark.
    rows.into_iter().take_while(|row| !row.starts_with("end ")).collect()
}

/// The rows of the candidates below their head, as long as the panel shows the next token.
pub fn candidates(screen: &Screen) -> Vec<String> {
    let rows = panel(screen, "Next token").map(|panel| panel.rows).unwrap_or_default();
    rows.into_iter().skip(1).filter(|row| !row.is_empty()).collect()
}

/// The number of generated tokens, as the text panel tells it.
pub fn generated(screen: &Screen) -> Option<usize> {
    let bottom = panel(screen, "Text")?.bottom;
    let words: Vec<&str> = bottom.split_whitespace().collect();
    let at = words.iter().rposition(|word| matches!(*word, "token" | "tokens"))?;
    words.get(at.checked_sub(1)?)?.replace(',', "").parse().ok()
}

/// Whether the panel with this title has `part` in it or on its border.
pub fn shows(screen: &Screen, title: &str, part: &str) -> bool {
    panel(screen, title).is_some_and(|panel| {
        panel.top.contains(part) || panel.bottom.contains(part) || panel.rows.join(" ").contains(part)
    })
}

/// Waits until the panel with this title has `part` in it or on its border.
pub fn wait_for_panel(pty: &Pty, title: &str, part: &str) {
    pty.wait_for(&format!("{part:?} in {title}"), |screen| shows(screen, title, part));
}

/// Leaves the program, which ends as it should.
pub fn quit(mut pty: Pty) {
    pty.send_keys("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
}
