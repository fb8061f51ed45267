//! Where the panels lie. A pure function of the screen's size, so that drawing and the mouse agree.

use ratatui::layout::{Constraint, Layout, Rect};

/// The smallest screen on which anything useful fits.
pub const LEAST: (u16, u16) = (40, 12);

/// The places of the step screen. A panel without room has an empty area.
///
/// ```text
/// wide (100 columns and 30 rows up)          narrow
/// ┌───────────────header──────────────┐      ┌──────header──────┐
/// │               text                │      │       text       │
/// ├───────────────────────┬───────────┤      ├──────────┬───────┤
/// │      candidates       │ sampling  │      │candidates│sampl. │
/// ├───────────┬───────────┼───────────┤      ├──────────┴───────┤
/// │   draw    │   cache   │   stop    │      │   one of three   │
/// └───────────────footer──────────────┘      └──────footer──────┘
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Title row: model, device, play state.
    pub header: Rect,
    /// Everything between header and footer, for the other screens.
    pub body: Rect,
    /// The text.
    pub text: Rect,
    /// The candidates.
    pub candidates: Rect,
    /// The sliders.
    pub sampling: Rect,
    /// The draw, on a narrow screen the panel that is shown of the three.
    pub draw: Rect,
    /// KV cache and timings; empty on a narrow screen.
    pub cache: Rect,
    /// The stop conditions; empty on a narrow screen.
    pub stop: Rect,
    /// Keys and notices.
    pub footer: Rect,
    /// Whether the three lower panels share one place.
    pub shared: bool,
}

impl Places {
    /// The places on a screen of this size.
    #[must_use]
    pub fn of(screen: Rect) -> Self {
        let wide = screen.width >= 100 && screen.height >= 28;
        let lower = match (wide, screen.height) {
            (false, _) => 5,
            (true, ..34) => 7,
            (true, _) => 8,
        };
        let text = text_height(screen.height, lower);
        let [header, text, middle, bottom, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(text),
            Constraint::Min(3),
            Constraint::Length(lower),
            Constraint::Length(1),
        ])
        .areas(screen);
        let sliders =
            if wide { (screen.width * 3 / 8).clamp(40, 56) } else { (screen.width * 9 / 20).clamp(18, 36) };
        let [candidates, sampling] =
            Layout::horizontal([Constraint::Min(20), Constraint::Length(sliders)]).areas(middle);
        let (draw, cache, stop) = if wide {
            let [draw, cache, stop] =
                Layout::horizontal([Constraint::Fill(10), Constraint::Fill(10), Constraint::Fill(10)])
                    .areas(bottom);
            (draw, cache, stop)
        } else {
            (bottom, Rect::default(), Rect::default())
        };
        let body = Rect { y: header.bottom(), height: footer.y.saturating_sub(header.bottom()), ..screen };
        Self { header, body, text, candidates, sampling, draw, cache, stop, footer, shared: !wide }
    }
}

/// A quarter of the screen for the text, less where the candidates need it.
fn text_height(screen: u16, lower: u16) -> u16 {
    let least_candidates = 8;
    let spare = screen.saturating_sub(2 + lower + least_candidates);
    (screen / 4).clamp(3, 14).min(spare.max(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_cover_the_screen_without_overlap_at_every_size() {
        for width in (1..=220).step_by(7) {
            for height in 1..=70 {
                let screen = Rect::new(0, 0, width, height);
                let p = Places::of(screen);
                let all = [p.header, p.text, p.candidates, p.sampling, p.draw, p.cache, p.stop, p.footer];
                for (i, a) in all.iter().enumerate() {
                    assert_eq!(a.intersection(screen), *a, "{width}x{height}: outside");
                    for b in &all[i + 1..] {
                        assert!(!a.intersects(*b), "{width}x{height}: {a} meets {b}");
                    }
                }
            }
        }
    }
}
