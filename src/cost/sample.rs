//! Repeated measurements of one thing.

/// Measurements of one thing, of which the median counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// In the order of size.
    sorted: Vec<f64>,
}

impl Sample {
    /// Adds one, which is finite.
    pub fn add(&mut self, value: f64) {
        let at = self.sorted.partition_point(|&other| other < value);
        self.sorted.insert(at, value);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The middle one, or the mean of the two in the middle; None where there are none.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let middle = self.sorted.len() / 2;
        let upper = *self.sorted.get(middle)?;
        let odd = self.sorted.len() % 2 == 1;
        Some(if odd { upper } else { f64::midpoint(self.sorted[middle - 1], upper) })
    }

    /// The smallest and the largest; None where there are none.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        Some((*self.sorted.first()?, *self.sorted.last()?))
    }

    /// All together.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sorted.iter().sum()
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sample = Self::default();
        values.into_iter().for_each(|value| sample.add(value));
        sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one_or_the_mean_of_two() {
        let of = |values: &[f64]| values.iter().copied().collect::<Sample>();
        assert_eq!(of(&[5.0, 1.0, 3.0]).median(), Some(3.0));
        assert_eq!(of(&[4.0, 1.0, 3.0, 100.0]).median(), Some(3.5));
        assert_eq!(of(&[4.0, 1.0, 3.0, 100.0]).range(), Some((1.0, 100.0)));
        assert_eq!((of(&[]).median(), of(&[]).range()), (None, None));
    }
}
