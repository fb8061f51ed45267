//! Where the columns of the candidates stand.

use crate::ui::numbers::PROBABILITY_WIDTH;

/// Cells of a logit: `-12.34`.
const LOGIT: u16 = 6;
/// Cells of the head over the probability before.
const BEFORE: u16 = 6;

/// The cells of the columns; 0 for one that has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub rank: u16,
    pub token: u16,
    pub logit: u16,
    pub before: u16,
    /// The bar, or why a token was cut.
    pub bar: u16,
}

impl Columns {
    /// In a row of `width` cells. The logit is given up first, then the probability before.
    pub(super) fn of(width: u16, n_vocab: usize) -> Self {
        let rank = (n_vocab.max(1).ilog10() as u16 + 1).max(2);
        let logit = if width >= 52 { LOGIT } else { 0 };
        let before = if width >= 44 { BEFORE } else { 0 };
        let gap = |cells: u16| cells + u16::from(cells > 0);
        let fixed = 2 + gap(rank) + gap(logit) + gap(before) + gap(PROBABILITY_WIDTH);
        let rest = width.saturating_sub(fixed);
        let token = (rest * 2 / 5).clamp(4, 24).min(rest);
        Self { rank, token, logit, before, bar: rest.saturating_sub(token + 2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_their_row() {
        for n_vocab in [2, 4096, 151_936] {
            for width in 24..=220 {
                let c = Columns::of(width, n_vocab);
                let columns = [c.rank, c.token, c.logit, c.before, PROBABILITY_WIDTH, c.bar];
                let used: u16 = columns.iter().map(|cells| cells + u16::from(*cells > 0)).sum();
                assert!(2 + used <= width + 1, "{width}: {c:?}");
            }
        }
    }
}
