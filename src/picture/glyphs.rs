//! Block elements and box-drawing characters as shapes that join without gaps, whatever font the reader has.

/// Width of a cell in pixels.
pub const CELL_WIDTH: f32 = 9.0;
/// Height of a cell in pixels.
pub const CELL_HEIGHT: f32 = 19.0;
const MIDDLE_X: f32 = CELL_WIDTH / 2.0;
const MIDDLE_Y: f32 = CELL_HEIGHT / 2.0;
const CORNER_RADIUS: f32 = 4.0;

/// A filled rectangle, in pixels from the cell's or the row's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Rect {
    pub const fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right, bottom }
    }

    /// The same rectangle further right.
    pub fn moved(self, x: f32) -> Self {
        Self::new(self.left + x, self.top, self.right + x, self.bottom)
    }
}

/// What is drawn instead of a character.
#[derive(Debug, PartialEq)]
pub enum Shape {
    /// Rectangles in the colour of the text.
    Solid(Vec<Rect>),
    /// The whole cell in a mixture with this part (0 to 1) of the text's colour.
    Shade(f32),
    /// A line of one pixel round a corner, from the middle of two sides.
    Arc { right: bool, down: bool },
}

/// The shape of a character, or `None` for one that is left to the font.
pub fn shape(character: char) -> Option<Shape> {
    let eighths = |from: char| (character as u32 - from as u32 + 1) as f32 / 8.0;
    let rect = |left: f32, top: f32, right: f32, bottom: f32| {
        let (width, height) = (CELL_WIDTH, CELL_HEIGHT);
        Some(Shape::Solid(vec![Rect::new(left * width, top * height, right * width, bottom * height)]))
    };
    match character {
        '▀' => rect(0.0, 0.0, 1.0, 0.5),
        '▁'..='█' => rect(0.0, 1.0 - eighths('▁'), 1.0, 1.0),
        // Left blocks run from seven eighths down to one.
        '▉'..='▏' => rect(0.0, 0.0, 1.0 - eighths('▉'), 1.0),
        '▐' => rect(0.5, 0.0, 1.0, 1.0),
        '░' => Some(Shape::Shade(0.25)),
        '▒' => Some(Shape::Shade(0.5)),
        '▓' => Some(Shape::Shade(0.75)),
        '▔' => rect(0.0, 0.0, 1.0, 0.125),
        '▕' => rect(0.875, 0.0, 1.0, 1.0),
        '▖'..='▟' => Some(Shape::Solid(quadrants(character))),
        '╭' => Some(Shape::Arc { right: true, down: true }),
        '╮' => Some(Shape::Arc { right: false, down: true }),
        '╰' => Some(Shape::Arc { right: true, down: false }),
        '╯' => Some(Shape::Arc { right: false, down: false }),
        _ => arms(character).map(|arms| Shape::Solid(lines(arms))),
    }
}

/// Upper left, upper right, lower left and lower right quarter of the cell.
fn quadrants(character: char) -> Vec<Rect> {
    let filled = match character {
        '▖' => [false, false, true, false],
        '▗' => [false, false, false, true],
        '▘' => [true, false, false, false],
        '▙' => [true, false, true, true],
        '▚' => [true, false, false, true],
        '▛' => [true, true, true, false],
        '▜' => [true, true, false, true],
        '▝' => [false, true, false, false],
        '▞' => [false, true, true, false],
        _ => [false, true, true, true],
    };
    (0..4)
        .filter(|quarter| filled[*quarter])
        .map(|quarter| {
            let (left, top) = ((quarter % 2) as f32 * MIDDLE_X, (quarter / 2) as f32 * MIDDLE_Y);
            Rect::new(left, top, left + MIDDLE_X, top + MIDDLE_Y)
        })
        .collect()
}

/// How thick a line is that runs from the middle of a cell to one of its sides.
#[derive(Clone, Copy, PartialEq)]
enum Arm {
    None,
    Light,
    Heavy,
    Double,
}

/// The arms of a box-drawing character: left, right, up, down.
fn arms(character: char) -> Option<[Arm; 4]> {
    const FAMILIES: [(Arm, &str); 3] =
        [(Arm::Light, "─│┌┐└┘├┤┬┴┼╴╶╵╷"), (Arm::Heavy, "━┃┏┓┗┛┣┫┳┻╋╸╺╹╻"), (Arm::Double, "═║╔╗╚╝╠╣╦╩╬")];
    // Left, right, up, down of the characters above, in their order.
    const DIRECTIONS: [&str; 15] =
        ["lr", "ud", "rd", "ld", "ru", "lu", "rud", "lud", "lrd", "lru", "lrud", "l", "r", "u", "d"];
    FAMILIES.iter().find_map(|(arm, family)| {
        let place = family.chars().position(|member| member == character)?;
        Some(['l', 'r', 'u', 'd'].map(|side| if DIRECTIONS[place].contains(side) { *arm } else { Arm::None }))
    })
}

fn lines(arms: [Arm; 4]) -> Vec<Rect> {
    let mut rects = Vec::new();
    for (side, arm) in arms.into_iter().enumerate() {
        // Distance of each stroke from the middle, and half its thickness.
        let (offsets, half): (&[f32], f32) = match arm {
            Arm::None => continue,
            Arm::Light => (&[0.0], 0.5),
            Arm::Heavy => (&[0.0], 1.5),
            Arm::Double => (&[-2.0, 2.0], 0.5),
        };
        // Strokes reach over the middle by as much as a crossing one is wide, so that corners are filled.
        let reach = half + offsets[0].abs();
        for offset in offsets {
            let (x, y) = (MIDDLE_X + offset, MIDDLE_Y + offset);
            rects.push(match side {
                0 => Rect::new(0.0, y - half, MIDDLE_X + reach, y + half),
                1 => Rect::new(MIDDLE_X - reach, y - half, CELL_WIDTH, y + half),
                2 => Rect::new(x - half, 0.0, x + half, MIDDLE_Y + reach),
                _ => Rect::new(x - half, MIDDLE_Y - reach, x + half, CELL_HEIGHT),
            });
        }
    }
    rects
}

/// The path of a rounded corner in a cell that begins at `x`.
pub fn arc_path(x: f32, right: bool, down: bool) -> String {
    let (side, radius_x) = if right { (CELL_WIDTH, CORNER_RADIUS) } else { (0.0, -CORNER_RADIUS) };
    let (end, radius_y) = if down { (CELL_HEIGHT, CORNER_RADIUS) } else { (0.0, -CORNER_RADIUS) };
    let (middle, side) = (x + MIDDLE_X, x + side);
    format!(
        "M{middle} {end}V{}Q{middle} {MIDDLE_Y} {} {MIDDLE_Y}H{side}",
        MIDDLE_Y + radius_y,
        middle + radius_x
    )
}

/// Join rectangles that touch or overlap side by side and have the same height.
pub fn join(mut rects: Vec<Rect>) -> Vec<Rect> {
    let by_height = |a: &Rect, b: &Rect| a.top.total_cmp(&b.top).then(a.bottom.total_cmp(&b.bottom));
    rects.sort_by(|a, b| by_height(a, b).then(a.left.total_cmp(&b.left)));
    let mut joined: Vec<Rect> = Vec::new();
    for rect in rects {
        match joined.last_mut() {
            Some(last) if by_height(last, &rect).is_eq() && rect.left <= last.right => {
                last.right = last.right.max(rect.right);
            }
            _ => joined.push(rect),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solid(character: char) -> Vec<Rect> {
        match shape(character) {
            Some(Shape::Solid(rects)) => rects,
            other => panic!("{character}: {other:?}"),
        }
    }

    #[test]
    fn eighth_blocks_grow_by_eighths() {
        for (count, character) in ('▉'..='▏').rev().enumerate() {
            let width = (count + 1) as f32 * CELL_WIDTH / 8.0;
            assert_eq!(solid(character), [Rect::new(0.0, 0.0, width, CELL_HEIGHT)]);
        }
        for (count, character) in ('▁'..='█').enumerate() {
            let top = CELL_HEIGHT - (count + 1) as f32 * CELL_HEIGHT / 8.0;
            assert_eq!(solid(character), [Rect::new(0.0, top, CELL_WIDTH, CELL_HEIGHT)]);
        }
    }

    #[test]
    fn lines_reach_the_sides_they_name() {
        for (character, sides) in
            [('─', "lr"), ('┤', "lud"), ('┼', "lrud"), ('┏', "rd"), ('╩', "lru"), ('╷', "d")]
        {
            let rects = solid(character);
            let reached = [
                ('l', rects.iter().any(|rect| rect.left <= 0.0)),
                ('r', rects.iter().any(|rect| rect.right >= CELL_WIDTH)),
                ('u', rects.iter().any(|rect| rect.top <= 0.0)),
                ('d', rects.iter().any(|rect| rect.bottom >= CELL_HEIGHT)),
            ];
            for (side, reaches) in reached {
                assert_eq!(reaches, sides.contains(side), "{character} {side}");
            }
        }
    }

    #[test]
    fn a_line_over_several_cells_is_one_rectangle() {
        let rects = (0..5)
            .flat_map(|cell| solid('─').into_iter().map(move |rect| rect.moved(cell as f32 * CELL_WIDTH)));
        assert_eq!(join(rects.collect()), [Rect::new(0.0, 9.0, 45.0, 10.0)]);
    }

    #[test]
    fn letters_are_left_to_the_font() {
        assert_eq!(shape('a'), None);
        assert_eq!(shape('→'), None);
    }
}
