//! A film as one SVG file that plays by CSS animation.
//!
//! Every distinct piece of a row is drawn once, in its place, and made visible while it is on the screen. Between two
//! frames of a terminal program little changes, so this is far smaller than a picture a frame.

use std::{collections::HashMap, fmt::Write, time::Duration};

use logitscope::picture::{CELL_HEIGHT, CELL_WIDTH, Cell, Classes, FONT, css, draw};

use crate::{
    palette,
    screen::{Film, Row},
};

const MARGIN: f32 = 14.0;
/// Blank cells that part what stands left and right of them.
const GAP: usize = 3;

/// The whole picture.
pub fn render(film: &Film) -> String {
    let mut classes = Classes::default();
    let mut animations = Animations::new(film.duration());
    let mut groups: Vec<Group> = Vec::new();
    for piece in pieces(film) {
        let animation = animations.class(&piece.times);
        let drawn = draw(piece.column, piece.cells, palette::PAPER, &mut classes);
        match groups.iter_mut().find(|group| group.animation == animation) {
            Some(group) => group.drawn.push((piece.line, drawn)),
            None => {
                groups.push(Group {
                    animation,
                    in_poster: piece.in_poster,
                    drawn: vec![(piece.line, drawn)],
                });
            }
        }
    }
    let body: String = groups.iter_mut().map(Group::render).collect();
    page(film, &format!("{}{}", classes.css(), animations.css), &body)
}

/// What comes and goes together.
struct Group {
    /// Class of the animation; empty for what is always there.
    animation: String,
    in_poster: bool,
    /// Lines and what is drawn on them.
    drawn: Vec<(usize, String)>,
}

impl Group {
    fn render(&mut self) -> String {
        self.drawn.sort_by_key(|(line, _)| *line);
        let mut lines = String::new();
        for line in self.drawn.chunk_by(|(a, _), (b, _)| a == b) {
            let y = line[0].0 as f32 * CELL_HEIGHT;
            let drawn: String = line.iter().map(|(_, drawn)| drawn.as_str()).collect();
            let _ = writeln!(lines, "<g transform=\"translate(0 {y})\">{drawn}</g>");
        }
        let class =
            if self.animation.is_empty() { String::new() } else { format!(" class=\"{}\"", self.animation) };
        let hidden = if self.in_poster { "" } else { " visibility=\"hidden\"" };
        format!("<g{class}{hidden}>\n{lines}</g>\n")
    }
}

fn page(film: &Film, rules: &str, body: &str) -> String {
    let rows = film.frames.first().map_or(&[][..], |(frame, _)| &frame.rows[..]);
    let columns: u16 = rows.first().map_or(0, |row| row.iter().map(|cell| cell.width).sum());
    let width = f32::from(columns) * CELL_WIDTH + 2.0 * MARGIN;
    let height = rows.len() as f32 * CELL_HEIGHT + 2.0 * MARGIN;
    let paper = css(palette::PAPER);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         xml:space=\"preserve\">\n<style>text{{font:{FONT};white-space:pre}}path{{shape-rendering:crispEdges}}\n{rules}\
         @media(prefers-reduced-motion:reduce){{g{{animation:none!important}}}}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{paper}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\">\n{body}</g>\n</svg>\n"
    )
}

/// A part of a row in one place, and when it is there.
struct Piece<'a> {
    line: usize,
    column: u16,
    cells: &'a [Cell],
    /// From and to, since the beginning; in order, and not touching one another.
    times: Vec<(Duration, Duration)>,
    in_poster: bool,
}

/// All distinct pieces of a film, in the order in which they come.
fn pieces(film: &Film) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut places: HashMap<(usize, u16, &[Cell]), usize> = HashMap::new();
    let mut start = Duration::ZERO;
    for (index, (frame, time)) in film.frames.iter().enumerate() {
        let end = start + *time;
        for (line, row) in frame.rows.iter().enumerate() {
            for (column, cells) in cut(row) {
                let place = *places.entry((line, column, cells)).or_insert(pieces.len());
                if place == pieces.len() {
                    pieces.push(Piece { line, column, cells, times: Vec::new(), in_poster: false });
                }
                let piece = &mut pieces[place];
                piece.in_poster |= index == film.poster;
                match piece.times.last_mut() {
                    Some((_, until)) if *until == start => *until = end,
                    _ if end > start => piece.times.push((start, end)),
                    _ => {}
                }
            }
        }
        start = end;
    }
    pieces
}

/// Cut a row into parts that are likely to change apart from one another: panels and tokens, which begin at an
/// upright line, and what stands between wide gaps. Gives the column of each; blanks at their ends are left out.
fn cut(row: &Row) -> Vec<(u16, &[Cell])> {
    let mut parts = Vec::new();
    let (mut first, mut blanks) = (0, 0);
    for (index, cell) in row.iter().enumerate() {
        if cell.text == "│" || (blanks >= GAP && !cell.is_blank(palette::PAPER)) {
            parts.push(first..index);
            first = index;
        }
        blanks = if cell.is_blank(palette::PAPER) { blanks + 1 } else { 0 };
    }
    parts.push(first..row.len());
    parts
        .into_iter()
        .filter_map(|part| {
            let cells = &row[part.clone()];
            let begin = cells.iter().position(|cell| !cell.is_blank(palette::PAPER))?;
            let end = cells.iter().rposition(|cell| !cell.is_blank(palette::PAPER))? + 1;
            let column = row[..part.start + begin].iter().map(|cell| cell.width).sum();
            Some((column, &cells[begin..end]))
        })
        .collect()
}

/// Animations of visibility; rows that come and go together share one.
struct Animations {
    duration: Duration,
    names: HashMap<String, String>,
    css: String,
}

impl Animations {
    fn new(duration: Duration) -> Self {
        Self { duration, names: HashMap::new(), css: String::new() }
    }

    /// The class of what is visible at these times; empty for what is always visible.
    fn class(&mut self, times: &[(Duration, Duration)]) -> String {
        let duration = self.duration.as_secs_f64();
        let percent = |time: Duration| format!("{}%", (time.as_secs_f64() / duration * 1e5).round() / 1e3);
        let begins: Vec<String> = times.iter().map(|(from, _)| percent(*from)).collect();
        let mut ends: Vec<String> =
            times.iter().map(|(_, to)| percent(*to)).filter(|end| end != "100%").collect();
        if times.first().is_none_or(|(from, _)| !from.is_zero()) {
            ends.insert(0, "0%".to_owned());
        }
        if ends.is_empty() {
            return String::new();
        }
        let mut frames = String::new();
        for (stops, visibility) in [(ends, "hidden"), (begins, "visible")] {
            if !stops.is_empty() {
                let _ = write!(frames, "{}{{visibility:{visibility}}}", stops.join(","));
            }
        }
        let (next, css) = (self.names.len(), &mut self.css);
        let name = self.names.entry(frames).or_insert_with_key(|frames| {
            let name = format!("a{next}");
            let _ = writeln!(
                css,
                "@keyframes {name}{{{frames}}}.{name}{{animation:{name} {duration:.3}s step-end infinite}}"
            );
            name
        });
        name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::{Frame, row};

    fn film(frames: &[&[&str]]) -> Film {
        let mut film = Film::default();
        for lines in frames {
            let rows = lines.iter().map(|line| row(line)).collect();
            film.show(Frame { rows }, Duration::from_secs(1));
        }
        film
    }

    /// The line that begins the animated group with a text.
    fn group_of<'a>(picture: &'a str, text: &str) -> &'a str {
        let before = &picture[..picture.find(text).unwrap()];
        before
            .lines()
            .rfind(|line| line.starts_with("<g") && line.ends_with('>') && !line.contains("transform"))
            .unwrap()
    }

    #[test]
    fn a_row_is_cut_at_upright_lines_and_gaps() {
        let row = row("  a b│ c    d │");
        let parts: Vec<(u16, usize)> =
            cut(&row).into_iter().map(|(column, cells)| (column, cells.len())).collect();
        assert_eq!(parts, [(2, 3), (5, 3), (12, 1), (14, 1)]);
    }

    #[test]
    fn a_row_that_stays_is_drawn_once_and_not_animated() {
        let picture = render(&film(&[&["stays", "one"], &["stays", "two"]]));
        assert_eq!(picture.matches(">stays<").count(), 1);
        let line = picture.lines().find(|line| line.contains(">stays<")).unwrap();
        assert!(!line.contains("class=\"a"), "{line}");
    }

    #[test]
    fn a_row_is_visible_while_it_is_on_the_screen() {
        let picture = render(&film(&[&["a"], &["b"], &["a"], &["b"]]));
        assert!(picture.contains("{25%,75%{visibility:hidden}0%,50%{visibility:visible}}"), "{picture}");
        assert!(picture.contains("{0%,50%{visibility:hidden}25%,75%{visibility:visible}}"), "{picture}");
    }

    #[test]
    fn without_animation_the_poster_shows() {
        let mut film = film(&[&["a"], &["b"], &["c"]]);
        film.poster = 1;
        let picture = render(&film);
        let is_hidden = |text: &str| group_of(&picture, text).contains("visibility=\"hidden\"");
        assert_eq!([">a<", ">b<", ">c<"].map(is_hidden), [true, false, true]);
    }

    #[test]
    fn text_is_cut_at_gaps_and_at_what_a_font_may_lack() {
        let picture = render(&film(&[&["ab c  d→e"]]));
        for expected in [
            "x=\"0\" y=\"14\" textLength=\"36\">ab c<",
            "x=\"54\" y=\"14\" textLength=\"9\">d<",
            "x=\"63\" y=\"14\" textLength=\"9\" lengthAdjust=\"spacingAndGlyphs\">→<",
            "x=\"72\" y=\"14\" textLength=\"9\">e<",
        ] {
            assert!(picture.contains(expected), "{expected} in {picture}");
        }
    }

    #[test]
    fn markup_in_the_text_is_harmless() {
        let picture = render(&film(&[&["<b>&"]]));
        assert!(picture.contains(">&lt;b&gt;&amp;<"), "{picture}");
    }
}
