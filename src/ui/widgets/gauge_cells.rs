//! The KV cache as a strip of cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// How many of the cache's cells are used, and by what, filling the area row by row.
///
/// ```text
/// ▓▓▒▒▒░░░░░░░░░░░
/// ```
///
/// Each part gets its share of the area, rounded to the nearest cell; a part that is not empty gets at least
/// one cell as long as the area has one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellGauge {
    /// Cells of the prompt: `▓`.
    pub prompt: usize,
    /// Cells of generated tokens: `▒`.
    pub generated: usize,
    /// All cells there are; the rest is free: `░`. Raised to what is used where it is less.
    pub capacity: usize,
    /// Style of the prompt's cells.
    pub prompt_style: Style,
    /// Style of the generated tokens' cells.
    pub generated_style: Style,
    /// Style of free cells.
    pub free_style: Style,
}

impl CellGauge {
    /// How many of `room` cells on the screen prompt, generated and free get; together all of them, or none
    /// when the cache has no cells.
    fn shares(&self, room: usize) -> [usize; 3] {
        let used = self.prompt.saturating_add(self.generated);
        let parts = [self.prompt, self.generated, self.capacity.saturating_sub(used)];
        let total: u128 = parts.iter().map(|part| *part as u128).sum();
        if total == 0 {
            return [0; 3];
        }
        // Shares by rounding the running sum, so that they add up to the whole.
        let mut sum = 0;
        let mut shown = 0;
        let mut shares = parts.map(|part| {
            sum += part as u128;
            let end = ((2 * sum * room as u128 + total) / (2 * total)) as usize;
            let share = end - shown;
            shown = end;
            share
        });
        raise_empty_shares(parts, &mut shares);
        shares
    }
}

/// Gives a part that rounding left without a cell one of the largest share's.
fn raise_empty_shares(parts: [usize; 3], shares: &mut [usize; 3]) {
    for index in 0..parts.len() {
        let largest =
            if shares[0] >= shares[1].max(shares[2]) { 0 } else { 1 + usize::from(shares[2] >= shares[1]) };
        if parts[index] > 0 && shares[index] == 0 && shares[largest] > 1 {
            shares[largest] -= 1;
            shares[index] = 1;
        }
    }
}

impl Widget for &CellGauge {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let room = usize::from(area.width) * usize::from(area.height);
        let looks = [("▓", self.prompt_style), ("▒", self.generated_style), ("░", self.free_style)];
        let cells = looks
            .into_iter()
            .zip(self.shares(room))
            .flat_map(|(look, share)| std::iter::repeat_n(look, share));
        for (position, (symbol, style)) in area.positions().zip(cells) {
            buf[position].set_symbol(symbol).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gauge(prompt: usize, generated: usize, capacity: usize) -> CellGauge {
        let style = Style::new();
        CellGauge {
            prompt,
            generated,
            capacity,
            prompt_style: style,
            generated_style: style,
            free_style: style,
        }
    }

    #[test]
    fn shares_by_hand() {
        assert_eq!(gauge(4, 4, 16).shares(8), [2, 2, 4]);
        assert_eq!(gauge(0, 0, 16).shares(8), [0, 0, 8]);
        assert_eq!(gauge(16, 0, 16).shares(8), [8, 0, 0]);
        assert_eq!(gauge(0, 0, 0).shares(8), [0, 0, 0]);
    }

    #[test]
    fn a_small_part_is_seen_while_there_is_room() {
        assert_eq!(gauge(1, 1, 1000).shares(10), [1, 1, 8]);
        assert_eq!(gauge(999, 0, 1000).shares(10), [9, 0, 1]);
        assert_eq!(gauge(1, 1, 1000).shares(3), [1, 1, 1]);
        assert_eq!(gauge(1, 1, 1000).shares(2), [1, 0, 1]);
        assert_eq!(gauge(1, 1, 1000).shares(1), [0, 0, 1]);
        assert_eq!(gauge(1, 1, 1000).shares(0), [0, 0, 0]);
    }

    #[test]
    fn more_used_than_there_is_counts_as_full() {
        assert_eq!(gauge(3, 3, 2).shares(4), [2, 2, 0]);
        assert_eq!(gauge(usize::MAX, usize::MAX, 1).shares(4), [2, 2, 0]);
    }

    #[test]
    fn the_strip_runs_on_in_the_next_row() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
        (&gauge(3, 2, 8)).render(buffer.area, &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["▓▓▓▒", "▒░░░"]));
    }

    proptest! {
        #[test]
        fn every_part_is_seen_and_the_room_is_filled(prompt: usize, generated: usize, capacity in 1_usize.., room in 3_usize..300) {
            let gauge = gauge(prompt, generated, capacity);
            let shares = gauge.shares(room);
            prop_assert_eq!(shares.iter().sum::<usize>(), room);
            let free = capacity.saturating_sub(prompt.saturating_add(generated));
            for (part, share) in [prompt, generated, free].into_iter().zip(shares) {
                prop_assert_eq!(part > 0, share > 0);
            }
        }
    }
}
