//! The order in which positions opened, against left to right.

use super::Diffusion;

/// How positions opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// The positions that were written, ascending, each with the step (0 the first) at which its token opened.
    pub opened: Vec<(usize, usize)>,
    /// Of all pairs that opened in different steps, the part in which the left one opened first: 1 is left to right, ½ is no
    /// order. None where there is no such pair.
    pub left_first: Option<f64>,
}

impl Order {
    pub(super) fn of(diffusion: &Diffusion) -> Self {
        let at = diffusion.opened_at();
        let opened: Vec<(usize, usize)> =
            at.iter().enumerate().filter_map(|(position, step)| Some((position, (*step)?))).collect();
        let (mut pairs, mut left) = (0_usize, 0_usize);
        for (index, &(_, first)) in opened.iter().enumerate() {
            for &(_, second) in &opened[index + 1..] {
                pairs += usize::from(first != second);
                left += usize::from(first < second);
            }
        }
        Self { opened, left_first: (pairs > 0).then(|| left as f64 / pairs as f64) }
    }
}
