//! A panel that lies over the others.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::panel::Panel;

/// A framed, empty surface; its content is drawn into [`Panel::inner`] of the same area.
///
/// A wide character that would reach into the area from its left is blanked: terminals cannot show half of
/// one. That is the only cell outside the area it ever touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Popup<'a> {
    /// Frame and titles.
    pub panel: Panel<'a>,
    /// The surface: background and text.
    pub surface: Style,
}

/// An area of at most this size in the middle of the screen, and inside it.
#[must_use]
pub fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height));
    let x = screen.x + (screen.width - width) / 2;
    let y = screen.y + (screen.height - height) / 2;
    Rect { x, y, width, height }
}

impl Widget for &Popup<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        blank_wide_characters_left_of(area, buf);
        Clear.render(area, buf);
        buf.set_style(area, self.surface);
        self.panel.render(area, buf);
    }
}

fn blank_wide_characters_left_of(area: Rect, buf: &mut Buffer) {
    if area.x == buf.area.x {
        return;
    }
    for y in area.top()..area.bottom() {
        let cell = &mut buf[(area.x - 1, y)];
        if cell.symbol().width() > 1 {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn centred_by_hand() {
        assert_eq!(centred(Rect::new(0, 0, 80, 24), 40, 10), Rect::new(20, 7, 40, 10));
        assert_eq!(
            centred(Rect::new(0, 0, 5, 5), 2, 2),
            Rect::new(1, 1, 2, 2),
            "the odd cell is right and below"
        );
        assert_eq!(centred(Rect::new(3, 4, 10, 2), 40, 10), Rect::new(3, 4, 10, 2));
        assert_eq!(centred(Rect::ZERO, 40, 10), Rect::ZERO);
    }

    #[test]
    fn what_was_there_is_covered() {
        let mut buffer = Buffer::with_lines(["xxxxxxxx"; 4]);
        (&Popup { panel: Panel::new("Hi"), ..Popup::default() }).render(Rect::new(1, 1, 6, 2), &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["xxxxxxxx", "x╭ Hi ╮x", "x╰────╯x", "xxxxxxxx"]));
    }

    #[test]
    fn no_half_of_a_wide_character_is_left_at_the_edge() {
        let mut buffer = Buffer::with_lines(["猫猫猫猫"]);
        (&Popup::default()).render(Rect::new(3, 0, 2, 1), &mut buffer);
        let symbols: Vec<_> = [0, 2, 3, 4, 6].iter().map(|x| buffer[(*x, 0)].symbol()).collect();
        assert_eq!(symbols, ["猫", " ", "╭", "╮", "猫"]);
    }

    proptest! {
        #[test]
        fn centred_areas_are_on_the_screen(w in 0_u16..300, h in 0_u16..100, width: u16, height: u16) {
            let screen = Rect::new(2, 1, w, h);
            let area = centred(screen, width, height);
            prop_assert_eq!(area.intersection(screen), area);
        }
    }
}
