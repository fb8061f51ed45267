//! Where the columns of the candidates stand.

use crate::ui::numbers::PROBABILITY_WIDTH;

/// Bars shorter than this tell less than another column would.
const LEAST_BAR: u16 = 7;
/// Cells of a logit: `-12.34`, and one more for the hundreds.
const LOGIT_WIDTH: u16 = 6;

/// A column: its first cell, counted from the row's, and its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Column {
    pub start: u16,
    pub width: u16,
}

/// The columns of a row. What has no room is given up in this order: id, logit, cumulative sum, bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub rank: Column,
    pub token: Column,
    pub id: Option<Column>,
    pub logit: Option<Column>,
    pub raw: Column,
    pub raw_bar: Column,
    /// The probability after the chain, and its bar.
    pub chain: Column,
    pub chain_bar: Column,
    pub cumulative: Option<Column>,
}

impl Columns {
    /// The columns of a row of `width` cells, for ranks up to `last_rank` in a vocabulary of `n_vocab` tokens.
    pub(super) fn of(width: u16, last_rank: usize, n_vocab: usize) -> Self {
        let digits = |n: usize| (n.max(1).ilog10() as u16 + 1).max(2);
        Self::with(width, digits(last_rank), digits(n_vocab))
    }

    fn with(width: u16, rank_width: u16, id_width: u16) -> Self {
        let token_width = (width / 6).clamp(5, 24).max(least_token(width));
        let optional = [id_width + 1, LOGIT_WIDTH + 1, PROBABILITY_WIDTH + 1];
        // The mark, the fixed columns with a cell between them, and one at the right end.
        let fixed = 1 + rank_width + 1 + token_width + 2 * (1 + PROBABILITY_WIDTH) + 1;
        let least = |shown: &[u16]| fixed + shown.iter().sum::<u16>() + 2 * (LEAST_BAR + 1);
        let given_up =
            (0..optional.len()).find(|&from| least(&optional[from..]) <= width).unwrap_or(optional.len());
        let used = fixed + optional[given_up..].iter().sum::<u16>();
        let bar = (width.saturating_sub(used) / 2).saturating_sub(1);
        // Cells that the division left over go to the token.
        let spare = width.saturating_sub(used + if bar > 0 { 2 * (bar + 1) } else { 0 });
        let mut x = 1;
        let mut next = |width: u16| {
            let column = Column { start: x, width };
            x += width + u16::from(width > 0);
            column
        };
        let rank = next(rank_width);
        let token = next(token_width + spare.min(24));
        let id = (given_up < 1).then(|| next(id_width));
        let logit = (given_up < 2).then(|| next(LOGIT_WIDTH));
        let (raw, raw_bar) = (next(PROBABILITY_WIDTH), next(bar));
        let (chain, chain_bar) = (next(PROBABILITY_WIDTH), next(bar));
        let cumulative = (given_up < 3).then(|| next(PROBABILITY_WIDTH));
        Self { rank, token, id, logit, raw, raw_bar, chain, chain_bar, cumulative }
    }

    /// Where the mass above the cutoff is written: under the cumulative sums, if they are shown.
    pub(super) fn mass_column(&self) -> Column {
        self.cumulative.unwrap_or(self.chain)
    }
}

/// Cells that the token has at least.
const fn least_token(width: u16) -> u16 {
    match width {
        44.. => 10,
        40.. => 7,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(c: &Columns) -> Vec<Column> {
        let mut all = vec![c.rank, c.token];
        all.extend([c.id, c.logit].into_iter().flatten());
        all.extend([c.raw, c.raw_bar, c.chain, c.chain_bar]);
        all.extend(c.cumulative);
        all.retain(|column| column.width > 0);
        all
    }

    #[test]
    fn columns_do_not_overlap_and_fill_the_row() {
        for width in 25..=300 {
            let columns = all(&Columns::with(width, 2, 4));
            for pair in columns.windows(2) {
                assert!(pair[0].start + pair[0].width <= pair[1].start, "{width}: {pair:?}");
            }
            let last = columns.iter().max_by_key(|column| column.start).unwrap();
            assert!(last.start + last.width < width, "{width}: {last:?}");
            assert!(width - (last.start + last.width) <= 3, "{width}: {last:?}");
        }
    }

    #[test]
    fn what_is_given_up_first() {
        let shown = |width| {
            let c = Columns::with(width, 2, 4);
            (c.id.is_some(), c.logit.is_some(), c.cumulative.is_some(), c.raw_bar.width >= LEAST_BAR)
        };
        let steps: Vec<_> = (20..=90).map(shown).collect();
        let mut order = steps.clone();
        order.dedup();
        assert_eq!(
            order,
            [
                (false, false, false, false),
                (false, false, false, true),
                (false, false, true, true),
                (false, true, true, true),
                (true, true, true, true)
            ]
        );
    }
}
