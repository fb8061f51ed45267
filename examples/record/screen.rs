//! What is on the screen: rows of styled cells, and the film they make.

use std::time::Duration;

use logitscope::picture::{Cell, Style};

use crate::palette;

/// Default text on the default background.
pub const PLAIN: Style = Style::plain(palette::INK, palette::PAPER);

fn style_of(cell: &vt100::Cell, is_cursor: bool) -> Style {
    let mut ink = palette::resolve(cell.fgcolor(), palette::INK);
    let mut paper = palette::resolve(cell.bgcolor(), palette::PAPER);
    if cell.inverse() != is_cursor {
        std::mem::swap(&mut ink, &mut paper);
    }
    if cell.dim() {
        ink = ink.mix(paper, 0.45);
    }
    Style {
        bold: cell.bold(),
        italic: cell.italic(),
        underline: cell.underline(),
        ..Style::plain(ink, paper)
    }
}

/// A row of cells; their widths add up to the width of the screen.
pub type Row = Vec<Cell>;

/// Everything on the screen at one moment, the caption as the last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub rows: Vec<Row>,
}

impl Frame {
    /// Copy a terminal's screen and put a caption under it.
    pub fn capture(screen: &vt100::Screen, caption: &str) -> Self {
        let (height, width) = screen.size();
        let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
        let mut rows: Vec<Row> =
            (0..height.get()).map(|row| capture_row(screen, row, width.get(), cursor)).collect();
        rows.push(caption_row(caption, width.get()));
        Self { rows }
    }
}

fn capture_row(screen: &vt100::Screen, row: u16, width: u16, cursor: Option<(u16, u16)>) -> Row {
    (0..width)
        .filter_map(|column| screen.cell(row, column).map(|cell| (column, cell)))
        .filter(|(_, cell)| !cell.is_wide_continuation())
        .map(|(column, cell)| Cell {
            text: cell.contents().trim_end().to_owned(),
            width: if cell.is_wide() { 2 } else { 1 },
            style: style_of(cell, cursor == Some((row, column))),
        })
        .collect()
}

fn caption_row(caption: &str, width: u16) -> Row {
    let style = Style { ink: palette::CAPTION, bold: true, ..PLAIN };
    let mut letters = caption.chars();
    (0..width)
        .map(|_| Cell {
            text: letters.next().filter(|letter| *letter != ' ').map(String::from).unwrap_or_default(),
            width: 1,
            style,
        })
        .collect()
}

/// The frames of a recording, each with the time it is shown.
#[derive(Debug, Default)]
pub struct Film {
    pub frames: Vec<(Frame, Duration)>,
    /// The frame to show where animation is off.
    pub poster: usize,
}

impl Film {
    /// Show a frame for so long; the same frame again lasts longer.
    pub fn show(&mut self, frame: Frame, time: Duration) {
        match self.frames.last_mut() {
            Some((last, shown)) if *last == frame => *shown += time,
            _ => self.frames.push((frame, time)),
        }
        self.poster = self.frames.len() - 1;
    }

    /// Show the last frame for so much longer.
    pub fn lengthen(&mut self, time: Duration) {
        if let Some((_, shown)) = self.frames.last_mut() {
            *shown += time;
        }
    }

    /// How long all of it takes.
    pub fn duration(&self) -> Duration {
        self.frames.iter().map(|(_, time)| *time).sum()
    }
}

#[cfg(test)]
pub fn row(text: &str) -> Row {
    text.chars()
        .map(|letter| Cell { text: letter.to_string().trim_end().to_owned(), width: 1, style: PLAIN })
        .collect()
}

#[cfg(test)]
mod tests {
    use logitscope::theme::Rgb;

    use super::*;

    fn screen(bytes: &[u8]) -> vt100::Parser {
        let mut parser = vt100::Parser::new(2.try_into().unwrap(), 4.try_into().unwrap(), 0);
        parser.process(bytes);
        parser
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let frame = Frame::capture(screen("\x1b[?25l中a".as_bytes()).screen(), "");
        let widths: Vec<(&str, u16)> =
            frame.rows[0].iter().map(|cell| (cell.text.as_str(), cell.width)).collect();
        assert_eq!(widths, [("中", 2), ("a", 1), ("", 1)]);
    }

    #[test]
    fn inverse_and_the_cursor_swap_the_colours() {
        let frame = Frame::capture(screen(b"\x1b[7mx\x1b[m").screen(), "");
        let styles: Vec<(Rgb, Rgb)> =
            frame.rows[0].iter().map(|cell| (cell.style.ink, cell.style.paper)).collect();
        let swapped = (palette::PAPER, palette::INK);
        assert_eq!(styles[..3], [swapped, swapped, (palette::INK, palette::PAPER)]);
    }

    #[test]
    fn the_same_frame_again_is_one_frame() {
        let frame = |text| Frame { rows: vec![row(text)] };
        let mut film = Film::default();
        film.show(frame("a"), Duration::from_millis(10));
        film.show(frame("a"), Duration::from_millis(20));
        film.show(frame("b"), Duration::from_millis(5));
        assert_eq!(film.frames.len(), 2);
        assert_eq!(film.frames[0].1, Duration::from_millis(30));
        assert_eq!(film.duration(), Duration::from_millis(35));
    }
}
