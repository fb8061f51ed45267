//! Backgrounds, shapes, underlines and text of one piece of a row, as SVG elements.

use std::fmt::Write;

use super::{
    Cell, Classes, Style, css, escaped,
    glyphs::{CELL_HEIGHT, CELL_WIDTH, Rect, Shape, arc_path, join, shape},
};
use crate::theme::Rgb;

const BASELINE: f32 = 14.0;

/// Draws cells that begin at a column, from the top left corner of their line, on a picture of this colour.
#[must_use]
pub fn draw(column: u16, cells: &[Cell], behind: Rgb, classes: &mut Classes) -> String {
    let mut paint = Paint::default();
    let mut texts = String::new();
    let mut run: Option<Run> = None;
    let mut x = f32::from(column) * CELL_WIDTH;
    for cell in cells {
        let (style, width) = (cell.style, f32::from(cell.width) * CELL_WIDTH);
        if style.paper != behind {
            paint.fill(style.paper, Layer::Background, Rect::new(x, 0.0, x + width, CELL_HEIGHT));
        }
        for (is_drawn, top) in [(style.underline, CELL_HEIGHT - 3.0), (style.struck, CELL_HEIGHT / 2.0)] {
            if is_drawn {
                paint.fill(style.ink, Layer::Shapes, Rect::new(x, top, x + width, top + 1.0));
            }
        }
        let mut letters = cell.text.chars();
        let drawn = match (letters.next(), letters.next()) {
            (Some(letter), None) => shape(letter),
            _ => None,
        };
        let is_blank = cell.text.is_empty();
        if let Some(shape) = drawn {
            paint.shape(shape, x, style);
        } else if !is_blank {
            match &mut run {
                Some(run) if run.takes(style, &cell.text) => run.push(&cell.text),
                _ => {
                    finish(run.replace(Run::new(x, width, style, &cell.text)), &mut texts, classes);
                }
            }
            x += width;
            continue;
        }
        // A single blank may stand inside a run; any other cell ends it.
        match &mut run {
            Some(open) if is_blank && open.takes(style, "") => open.push(" "),
            _ => finish(run.take(), &mut texts, classes),
        }
        x += width;
    }
    finish(run, &mut texts, classes);
    paint.draw(classes) + &texts
}

fn finish(run: Option<Run>, texts: &mut String, classes: &mut Classes) {
    if let Some(run) = run {
        run.draw(texts, classes);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Background,
    Shapes,
}

/// Filled shapes by layer and colour.
#[derive(Default)]
struct Paint {
    fills: Vec<(Layer, Rgb, Vec<Rect>)>,
    arcs: Vec<(Rgb, String)>,
}

impl Paint {
    fn fill(&mut self, color: Rgb, layer: Layer, rect: Rect) {
        match self
            .fills
            .iter_mut()
            .find(|(its_layer, its_color, _)| (*its_layer, *its_color) == (layer, color))
        {
            Some((_, _, rects)) => rects.push(rect),
            None => self.fills.push((layer, color, vec![rect])),
        }
    }

    fn shape(&mut self, shape: Shape, x: f32, style: Style) {
        match shape {
            Shape::Solid(rects) => {
                for rect in rects {
                    self.fill(style.ink, Layer::Shapes, rect.moved(x));
                }
            }
            Shape::Shade(part) => {
                let rect = Rect::new(x, 0.0, x + CELL_WIDTH, CELL_HEIGHT);
                self.fill(style.paper.mix(style.ink, f64::from(part)), Layer::Shapes, rect);
            }
            Shape::Arc { right, down } => {
                let path = arc_path(x, right, down);
                match self.arcs.iter_mut().find(|(color, _)| *color == style.ink) {
                    Some((_, paths)) => paths.push_str(&path),
                    None => self.arcs.push((style.ink, path)),
                }
            }
        }
    }

    fn draw(self, classes: &mut Classes) -> String {
        let mut drawn = String::new();
        for layer in [Layer::Background, Layer::Shapes] {
            for (_, color, rects) in self.fills.iter().filter(|(its_layer, ..)| *its_layer == layer) {
                let mut path = String::new();
                for rect in join(rects.clone()) {
                    let (width, height) = (rect.right - rect.left, rect.bottom - rect.top);
                    let _ = write!(path, "M{} {}h{width}v{height}h-{width}z", rect.left, rect.top);
                }
                let class = classes.name(format!("fill:{}", css(*color)));
                let _ = write!(drawn, "<path class=\"{class}\" d=\"{path}\"/>");
            }
        }
        for (color, path) in self.arcs {
            let class = classes.name(format!("fill:none;stroke:{};shape-rendering:auto", css(color)));
            let _ = write!(drawn, "<path class=\"{class}\" d=\"{path}\"/>");
        }
        drawn
    }
}

/// Text in one style. Its length is fixed, so that it ends where it should in any font; whatever a font may lack
/// stands alone, so that a substitute of another width moves nothing else.
struct Run {
    x: f32,
    style: Style,
    text: String,
    width: f32,
    is_ascii: bool,
}

impl Run {
    fn new(x: f32, width: f32, style: Style, text: &str) -> Self {
        Self { x, style, text: text.to_owned(), width, is_ascii: text.is_ascii() }
    }

    /// Whether a cell can go on this run; a blank one only after a letter.
    fn takes(&self, style: Style, text: &str) -> bool {
        let same_look =
            (style.ink, style.bold, style.italic) == (self.style.ink, self.style.bold, self.style.italic);
        if text.is_empty() {
            self.is_ascii && !self.text.ends_with(' ')
        } else {
            self.is_ascii && same_look && text.is_ascii()
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.width += CELL_WIDTH;
    }

    fn draw(mut self, texts: &mut String, classes: &mut Classes) {
        if self.text.ends_with(' ') {
            self.text.pop();
            self.width -= CELL_WIDTH;
        }
        let mut declarations = format!("fill:{}", css(self.style.ink));
        if self.style.bold {
            declarations.push_str(";font-weight:700");
        }
        if self.style.italic {
            declarations.push_str(";font-style:italic");
        }
        let class = classes.name(declarations);
        let adjust = if self.is_ascii { "" } else { " lengthAdjust=\"spacingAndGlyphs\"" };
        let _ = write!(
            texts,
            "<text class=\"{class}\" x=\"{}\" y=\"{BASELINE}\" textLength=\"{}\"{adjust}>{}</text>",
            self.x,
            self.width,
            escaped(&self.text)
        );
    }
}
