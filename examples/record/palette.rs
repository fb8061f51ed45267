//! Colours of the recorded terminal.

use logitscope::theme::Rgb;

/// Default text.
pub const INK: Rgb = Rgb::new(0xd8, 0xde, 0xe9);
/// Default background.
pub const PAPER: Rgb = Rgb::new(0x12, 0x14, 0x1c);
/// The caption under the screen.
pub const CAPTION: Rgb = Rgb::new(0xe6, 0x9f, 0x00);

/// The sixteen named colours, in the order of ANSI: eight normal, eight bright.
const NAMED: [u32; 16] = [
    0x0020_2430,
    0x00cd_3131,
    0x000d_bc79,
    0x00e5_e510,
    0x0024_72c8,
    0x00bc_3fbc,
    0x0011_a8cd,
    0x00e5_e5e5,
    0x0066_6666,
    0x00f1_4c4c,
    0x0023_d18b,
    0x00f5_f543,
    0x003b_8eea,
    0x00d6_70d6,
    0x0029_b8db,
    0x00ff_ffff,
];

const fn from_hex(hex: u32) -> Rgb {
    Rgb::new((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The colour a terminal shows: xterm's 256 colours, 24-bit colours, or the default given.
pub fn resolve(color: vt100::Color, default: Rgb) -> Rgb {
    match color {
        vt100::Color::Default => default,
        vt100::Color::Rgb(red, green, blue) => Rgb::new(red, green, blue),
        vt100::Color::Idx(index @ 0..=15) => from_hex(NAMED[usize::from(index)]),
        vt100::Color::Idx(index @ 16..=231) => {
            // A cube of 6 × 6 × 6, whose steps are uneven: 0, 95, 135, 175, 215, 255.
            let channel = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            Rgb::new(channel(index / 36), channel(index / 6 % 6), channel(index % 6))
        }
        vt100::Color::Idx(index) => {
            let gray = 8 + 10 * (index - 232);
            Rgb::new(gray, gray, gray)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use logitscope::picture::css;

    #[test]
    fn indexed_colours_are_xterms() {
        for (index, expected) in
            [(16, "#000"), (196, "#f00"), (67, "#5f87af"), (231, "#fff"), (232, "#080808"), (255, "#eee")]
        {
            assert_eq!(css(resolve(vt100::Color::Idx(index), INK)), expected, "{index}");
        }
    }
}
