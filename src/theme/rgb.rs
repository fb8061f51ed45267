//! Colours as numbers: parsing, luminance, contrast, and mixing as the eye sees it.

use std::str::FromStr;

/// Oklab chroma of the terminal's strong colours: yellow has 0.21, blue 0.31.
const VIVID_CHROMA: f64 = 0.25;

/// Below this Oklab chroma a colour passes for grey.
const GREY_CHROMA: f64 = 0.04;

/// An sRGB colour, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Rgb {
    /// A colour from its three channels.
    #[must_use]
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG's contrast ratio, 1 (none) to 21 (black on white); the order of the two does not matter.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour a part `t` (0 to 1) of the way to another, along a straight line in Oklab.
    #[must_use]
    pub fn mix(self, other: Self, t: f64) -> Self {
        let (from, to) = (self.oklab(), other.oklab());
        Self::from_oklab(std::array::from_fn(|i| from[i] + (to[i] - from[i]) * t.clamp(0.0, 1.0)))
    }

    /// How different two colours look: their squared distance in Oklab.
    #[must_use]
    pub fn difference(self, other: Self) -> f64 {
        squared_distance(self.oklab(), other.oklab())
    }

    /// How different `other` looks from a vivid form of this colour: same lightness and hue, chroma at least
    /// `VIVID_CHROMA`. Greys stay grey.
    ///
    /// Among few, strong colours a pastel is nearest to grey; this finds the one of its hue.
    #[must_use]
    pub fn vivid_difference(self, other: Self) -> f64 {
        let [lightness, a, b] = self.oklab();
        let chroma = a.hypot(b);
        let gain = if chroma < GREY_CHROMA { 1.0 } else { (VIVID_CHROMA / chroma).max(1.0) };
        squared_distance([lightness, a * gain, b * gain], other.oklab())
    }

    /// Lightness, a and b in Björn Ottosson's Oklab (<https://bottosson.github.io/posts/oklab/>), where equal
    /// steps look about equally large.
    #[must_use]
    pub fn oklab(self) -> [f64; 3] {
        let rgb = self.linear();
        let lms = multiply(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            rgb,
        );
        multiply(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            lms.map(f64::cbrt),
        )
    }

    fn from_oklab(lab: [f64; 3]) -> Self {
        let lms = multiply(
            [
                [1.0, 0.396_337_777_4, 0.215_803_757_3],
                [1.0, -0.105_561_345_8, -0.063_854_172_8],
                [1.0, -0.089_484_177_5, -1.291_485_548_0],
            ],
            lab,
        );
        let [r, g, b] = multiply(
            [
                [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
                [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
                [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
            ],
            lms.map(|x| x.powi(3)),
        )
        .map(gamma_encoded);
        Self { r, g, b }
    }

    fn linear(self) -> [f64; 3] {
        [self.r, self.g, self.b].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }
}

fn squared_distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum()
}

fn gamma_encoded(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let value = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0).round() as u8
}

fn multiply(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

/// The text is not `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAColour;

impl FromStr for Rgb {
    type Err = NotAColour;

    /// Six hexadecimal digits after a `#`, in either case.
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').ok_or(NotAColour)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| NotAColour)?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Self { r, g, b })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BLACK: Rgb = Rgb::new(0, 0, 0);
    const WHITE: Rgb = Rgb::new(255, 255, 255);

    #[test]
    fn black_on_white_has_the_greatest_contrast() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn grey_that_just_passes_on_white() {
        // The well-known edge of WCAG AA: #767676 passes 4.5 on white, #777777 does not.
        assert!(Rgb::new(0x76, 0x76, 0x76).contrast(WHITE) >= 4.5);
        assert!(Rgb::new(0x77, 0x77, 0x77).contrast(WHITE) < 4.5);
    }

    #[test]
    fn oklab_of_red_is_the_published_value() {
        let [l, a, b] = Rgb::new(255, 0, 0).oklab();
        assert!((l - 0.628).abs() < 1e-3 && (a - 0.225).abs() < 1e-3 && (b - 0.126).abs() < 1e-3);
    }

    #[test]
    fn mixing_ends_at_both_ends() {
        let (a, b) = (Rgb::new(12, 200, 99), Rgb::new(240, 17, 66));
        assert_eq!((a.mix(b, 0.0), a.mix(b, 1.0)), (a, b));
        assert_eq!((a.mix(b, -3.0), a.mix(b, 7.0)), (a, b));
    }

    #[test]
    fn hexadecimal_only() {
        assert_eq!("#0aFf80".parse(), Ok(Rgb::new(10, 255, 128)));
        for wrong in ["", "#", "0aff80", "#0aff8", "#0aff800", "#0aff8g", "#+aff80", "#éé0000", "red"] {
            assert_eq!(wrong.parse::<Rgb>(), Err(NotAColour), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_colour_or_refused(text in ".{0,9}") {
            let _ = text.parse::<Rgb>();
        }

        #[test]
        fn oklab_there_and_back(r: u8, g: u8, b: u8) {
            let colour = Rgb::new(r, g, b);
            prop_assert_eq!(Rgb::from_oklab(colour.oklab()), colour);
        }
    }
}
