//! A vectorisable `exp` for arguments at or below zero: softmax spends its time here.

/// `e^x` for `x ≤ 0`, within a relative error of about 2·10⁻⁷; arguments below −87 give
/// values that round to zero next to any other term of a softmax.
///
/// Range reduction by powers of two and a degree-6 Taylor polynomial on |r| ≤ ln 2 / 2. Written
/// without branches so that a loop over it becomes SIMD code; libm's `expf` would not.
#[inline(always)]
#[allow(clippy::inline_always, reason = "the loop around it only vectorises when it is inlined")]
pub(super) fn exp_at_most_one(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts, so that n·ln 2 is subtracted without losing digits (Cody and Waite).
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Adding this rounds to the nearest integer, which then sits in the low bits.
    const ROUND: f32 = 12_582_912.0;

    let x = x.max(-87.0);
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let p = 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    p * power
}

#[cfg(test)]
mod tests {
    use super::exp_at_most_one;

    #[test]
    fn agrees_with_the_double_precision_exp() {
        let mut x = 0.0_f32;
        while x > -80.0 {
            let exact = f64::from(x).exp();
            let error = (f64::from(exp_at_most_one(x)) - exact).abs() / exact;
            assert!(error < 4e-7, "exp({x}): relative error {error}");
            x -= 0.001_7;
        }
    }

    #[test]
    fn zero_gives_one_and_minus_infinity_almost_nothing() {
        assert!((exp_at_most_one(0.0) - 1.0).abs() < f32::EPSILON);
        assert!(exp_at_most_one(f32::NEG_INFINITY) < 1e-37);
    }
}
