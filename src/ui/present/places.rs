//! Where things lie, a pure function of the size.

use ratatui::layout::Rect;

/// Bodies at least this wide and high have a ring beside the bars, others a strip below them.
const ROOM_FOR_RING: (u16, u16) = (110, 26);

/// Cells of the rows of bars beside a ring, at least.
const LEAST_BARS: u16 = 66;

/// The places of Present. What has no room is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub text: Rect,
    /// What is guessed, and what came of it.
    pub status: Rect,
    pub bars: Rect,
    pub ring: Rect,
    pub strip: Rect,
    pub slider: Rect,
    /// What the slider does.
    pub about: Rect,
}

impl Places {
    /// With a wheel, or without.
    pub fn of(body: Rect, wheel: bool) -> Self {
        // A cell free on both sides.
        let body = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
        let ring = wheel && body.width >= ROOM_FOR_RING.0 && body.height >= ROOM_FOR_RING.1;
        let strip = if wheel && !ring && body.height >= 16 { 3 } else { 0 };
        let text = (body.height / 6).clamp(2, 6).min(body.height);
        let mut top = Cut(body);
        let text = top.first(text);
        let status = top.first(1);
        let _ = top.first(u16::from(body.height >= 28));
        let about = top.last(1);
        let slider = top.last(1);
        let _ = top.last(u16::from(body.height >= 28));
        let strip = top.last(strip);
        let mut bars = top.0;
        let mut place = Rect::ZERO;
        if ring {
            // As high as it is wide: a cell is twice as high as wide.
            let width = (2 * bars.height).min(bars.width.saturating_sub(LEAST_BARS + 2));
            place = Rect { x: bars.right() - width, width, ..bars };
            bars.width -= width + 2;
        }
        Self { text, status, bars, ring: place, strip, slider, about }
    }
}

/// What is left of a place.
struct Cut(Rect);

impl Cut {
    fn first(&mut self, height: u16) -> Rect {
        let height = height.min(self.0.height);
        let first = Rect { height, ..self.0 };
        self.0 = Rect { y: self.0.y + height, height: self.0.height - height, ..self.0 };
        first
    }

    fn last(&mut self, height: u16) -> Rect {
        let height = height.min(self.0.height);
        self.0.height -= height;
        Rect { y: self.0.bottom(), height, ..self.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_never_meet_and_bars_have_forty_cells_on_a_projector() {
        for width in 38..=220 {
            for height in 1..=70 {
                for wheel in [true, false] {
                    let body = Rect::new(0, 1, width, height);
                    let p = Places::of(body, wheel);
                    let all = [p.text, p.status, p.bars, p.ring, p.strip, p.slider, p.about];
                    for (i, a) in all.iter().enumerate() {
                        assert_eq!(a.intersection(body).area(), a.area(), "{width}×{height}: outside");
                        assert!(all[i + 1..].iter().all(|b| !a.intersects(*b)), "{width}×{height}: {p:?}");
                    }
                    let label_and_percent = 26;
                    assert!(width < 80 || p.bars.width >= 40 + label_and_percent, "{width}×{height}: {p:?}");
                }
            }
        }
    }
}
