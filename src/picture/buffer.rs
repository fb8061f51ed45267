//! A drawn screen as a picture.

use std::fmt::Write as _;

use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier},
};
use unicode_width::UnicodeWidthStr as _;

use super::{CELL_HEIGHT, CELL_WIDTH, Cell, Classes, FONT, Style, css, draw, escaped};
use crate::theme::{Rgb, Theme};

/// Blank pixels round a picture.
const MARGIN: f32 = 10.0;

/// How much of a dimmed colour is the colour behind it.
const DIMMED: f64 = 0.45;

/// What a picture takes where the screen says nothing: a terminal's own colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Ordinary text.
    pub ink: Rgb,
    /// The background.
    pub paper: Rgb,
}

impl Look {
    /// Black on white, as for paper.
    pub const PRINT: Self = Self { ink: Rgb::new(0, 0, 0), paper: Rgb::new(255, 255, 255) };

    /// As a theme has it; black on white where it has no colours.
    #[must_use]
    pub fn of(theme: &Theme) -> Self {
        let (base, text) = (theme.base(), theme.text());
        let or = |colour: Option<Color>, default| colour.map_or(default, |colour| resolve(colour, default));
        Self { ink: or(text.fg, Self::PRINT.ink), paper: or(base.bg, Self::PRINT.paper) }
    }

    fn style(self, cell: &ratatui::buffer::Cell) -> Style {
        let mut ink = resolve(cell.fg, self.ink);
        let mut paper = resolve(cell.bg, self.paper);
        let has = |modifier| cell.modifier.contains(modifier);
        if has(Modifier::REVERSED) {
            std::mem::swap(&mut ink, &mut paper);
        }
        if has(Modifier::DIM) {
            ink = ink.mix(paper, DIMMED);
        }
        Style {
            ink,
            paper,
            bold: has(Modifier::BOLD),
            italic: has(Modifier::ITALIC),
            underline: has(Modifier::UNDERLINED),
            struck: has(Modifier::CROSSED_OUT),
        }
    }
}

/// The colour of a cell. Themes for 24 bits have no others than these two kinds.
const fn resolve(colour: Color, default: Rgb) -> Rgb {
    match colour {
        Color::Rgb(r, g, b) => Rgb::new(r, g, b),
        _ => default,
    }
}

/// The rows of a screen, cell by cell; what a wide one covers is left out.
#[must_use]
pub fn cells(buffer: &Buffer, look: Look) -> Vec<Vec<Cell>> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(|row| row_cells(row, look)).collect()
}

fn row_cells(row: &[ratatui::buffer::Cell], look: Look) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(row.len());
    let mut column = 0;
    while let Some(cell) = row.get(column) {
        let left = row.len() - column;
        let width = cell.symbol().width().clamp(1, 2.min(left));
        cells.push(Cell {
            text: cell.symbol().trim_end().to_owned(),
            width: width as u16,
            style: look.style(cell),
        });
        column += width;
    }
    cells
}

/// A screen as an SVG element for a page, which has the rules of its classes and of `svg.screen text`; `label` is what it
/// shows, for who cannot see it.
#[must_use]
pub fn element(buffer: &Buffer, look: Look, label: &str, classes: &mut Classes) -> String {
    let (width, height) = size(buffer);
    format!(
        "<svg class=\"screen\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {height}\" xml:space=\"preserve\">\n{}</svg>\n",
        escaped(label),
        body(buffer, look, classes)
    )
}

/// A screen as an SVG file of its own.
#[must_use]
pub fn file(buffer: &Buffer, look: Look, label: &str) -> String {
    let mut classes = Classes::default();
    let body = body(buffer, look, &mut classes);
    let (width, height) = size(buffer);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" xml:space=\"preserve\">\n<style>{}\n{}</style>\n{body}</svg>\n",
        escaped(label),
        rules("text"),
        classes.css()
    )
}

/// The rules that every picture needs, for the texts that the selector finds and the paths beside them.
#[must_use]
pub fn rules(texts: &str) -> String {
    let paths = texts.replace("text", "path");
    format!("{texts}{{font:{FONT};white-space:pre}}{paths}{{shape-rendering:crispEdges}}")
}

fn size(buffer: &Buffer) -> (f32, f32) {
    (
        f32::from(buffer.area.width) * CELL_WIDTH + 2.0 * MARGIN,
        f32::from(buffer.area.height) * CELL_HEIGHT + 2.0 * MARGIN,
    )
}

fn body(buffer: &Buffer, look: Look, classes: &mut Classes) -> String {
    let mut body = format!(
        "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n<g transform=\"translate({MARGIN} {MARGIN})\">\n",
        css(look.paper)
    );
    for (line, cells) in cells(buffer, look).iter().enumerate() {
        let drawn = draw(0, cells, look.paper, classes);
        if !drawn.is_empty() {
            let y = line as f32 * CELL_HEIGHT;
            let _ = writeln!(body, "<g transform=\"translate(0 {y})\">{drawn}</g>");
        }
    }
    body.push_str("</g>\n");
    body
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style as Painted};

    use super::*;

    fn buffer(lines: &[&str]) -> Buffer {
        let width = lines.iter().map(|line| line.width()).max().unwrap_or_default() as u16;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, lines.len() as u16));
        for (y, line) in lines.iter().enumerate() {
            buffer.set_string(0, y as u16, line, Painted::default());
        }
        buffer
    }

    #[test]
    fn a_cell_takes_as_many_columns_as_it_covers() {
        let rows = cells(&buffer(&["a中b"]), Look::PRINT);
        let found: Vec<(&str, u16)> = rows[0].iter().map(|cell| (cell.text.as_str(), cell.width)).collect();
        assert_eq!(found, [("a", 1), ("中", 2), ("b", 1)]);
    }

    #[test]
    fn modifiers_become_colours_and_lines() {
        let mut buffer = buffer(&["ab"]);
        let reversed = Painted::new().fg(Color::Rgb(200, 0, 0)).add_modifier(Modifier::REVERSED);
        buffer.set_style(Rect::new(0, 0, 1, 1), reversed);
        buffer.set_style(Rect::new(1, 0, 1, 1), Painted::new().add_modifier(Modifier::CROSSED_OUT));
        let rows = cells(&buffer, Look::PRINT);
        let style = rows[0][0].style;
        assert_eq!((style.ink, style.paper), (Look::PRINT.paper, Rgb::new(200, 0, 0)));
        assert!(rows[0][1].style.struck && !style.struck);
    }

    #[test]
    fn a_file_is_whole_and_its_text_is_escaped() {
        let picture = file(&buffer(&["<b>"]), Look::PRINT, "a \"screen\"");
        assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>\n"));
        assert!(picture.contains("&lt;b&gt;<") && picture.contains("a &quot;screen&quot;"), "{picture}");
        assert!(!picture.contains("<b>"));
    }

    #[test]
    fn pictures_on_one_page_share_their_classes() {
        let mut classes = Classes::default();
        let one = element(&buffer(&["one"]), Look::PRINT, "", &mut classes);
        let two = element(&buffer(&["two"]), Look::PRINT, "", &mut classes);
        assert_eq!(classes.css().lines().count(), 1, "{}", classes.css());
        assert!(one.contains("class=\"c0\"") && two.contains("class=\"c0\""));
    }

    #[test]
    fn an_empty_screen_is_a_picture_too() {
        let picture = file(&Buffer::empty(Rect::new(0, 0, 0, 0)), Look::PRINT, "");
        assert!(picture.contains("viewBox=\"0 0 20 20\""), "{picture}");
    }
}
