//! How many colours the terminal has, and the nearest one it can show.

use ratatui::style::Color;

use super::rgb::Rgb;

/// The colours a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourDepth {
    /// 24 bits.
    True,
    /// The 256 of xterm: 16 named, a 6×6×6 cube and 24 greys.
    Ansi256,
    /// The 16 named ones.
    Ansi16,
    /// No colours: the terminal has none, or the user wants none.
    None,
}

impl ColourDepth {
    /// Reads the depth from environment variables; `variable` returns the value of the one it is asked for.
    ///
    /// `NO_COLOR` (set and not empty, <https://no-color.org>) wins, then `COLORTERM`, then `TERM`.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| variable(name).unwrap_or_default();
        let term = value("TERM");
        if !value("NO_COLOR").is_empty()
            || matches!(term.as_str(), "dumb" | "vt100" | "vt220")
            || term.ends_with("-mono")
        {
            return Self::None;
        }
        let truecolor = matches!(value("COLORTERM").to_ascii_lowercase().as_str(), "truecolor" | "24bit");
        // These show 24 bits always, also where ssh has dropped COLORTERM; Windows Terminal sets no TERM.
        let known = ["-direct", "-truecolor", "kitty", "ghostty", "alacritty", "wezterm", "foot"];
        if truecolor || known.iter().any(|name| term.contains(name)) || !value("WT_SESSION").is_empty() {
            Self::True
        } else if term.contains("256color") {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// The colour of this depth that looks most like `rgb`.
    #[must_use]
    pub fn nearest(self, rgb: Rgb) -> Color {
        match self {
            Self::True => Color::Rgb(rgb.r, rgb.g, rgb.b),
            Self::Ansi256 => {
                let choices = (16..=255).map(|index| (Color::Indexed(index), xterm_colour(index)));
                least_different(choices, |colour| rgb.difference(colour))
            }
            Self::Ansi16 => least_different(ANSI_16, |colour| rgb.vivid_difference(colour)),
            Self::None => Color::Reset,
        }
    }
}

fn least_different(
    choices: impl IntoIterator<Item = (Color, Rgb)>,
    difference: impl Fn(Rgb) -> f64,
) -> Color {
    choices
        .into_iter()
        .map(|(choice, colour)| (difference(colour), choice))
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map_or(Color::Reset, |(_, choice)| choice)
}

/// Colour 16 to 255 of xterm's palette. The first 16 are left out: users redefine them.
fn xterm_colour(index: u8) -> Rgb {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return Rgb::new(grey, grey, grey);
    }
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = index - 16;
    Rgb::new(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
}

/// The 16 named colours with xterm's default values.
const ANSI_16: [(Color, Rgb); 16] = [
    (Color::Black, Rgb::new(0, 0, 0)),
    (Color::Red, Rgb::new(205, 0, 0)),
    (Color::Green, Rgb::new(0, 205, 0)),
    (Color::Yellow, Rgb::new(205, 205, 0)),
    (Color::Blue, Rgb::new(0, 0, 238)),
    (Color::Magenta, Rgb::new(205, 0, 205)),
    (Color::Cyan, Rgb::new(0, 205, 205)),
    (Color::Gray, Rgb::new(229, 229, 229)),
    (Color::DarkGray, Rgb::new(127, 127, 127)),
    (Color::LightRed, Rgb::new(255, 0, 0)),
    (Color::LightGreen, Rgb::new(0, 255, 0)),
    (Color::LightYellow, Rgb::new(255, 255, 0)),
    (Color::LightBlue, Rgb::new(92, 92, 255)),
    (Color::LightMagenta, Rgb::new(255, 0, 255)),
    (Color::LightCyan, Rgb::new(0, 255, 255)),
    (Color::White, Rgb::new(255, 255, 255)),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(variables: &[(&str, &str)]) -> ColourDepth {
        ColourDepth::detect(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn depth_follows_the_environment() {
        let cases: [(&[(&str, &str)], ColourDepth); 14] = [
            (&[], ColourDepth::Ansi16),
            (&[("TERM", "xterm")], ColourDepth::Ansi16),
            (&[("TERM", "linux")], ColourDepth::Ansi16),
            (&[("TERM", "xterm-256color")], ColourDepth::Ansi256),
            (&[("TERM", "tmux-256color"), ("COLORTERM", "")], ColourDepth::Ansi256),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], ColourDepth::True),
            (&[("TERM", "xterm"), ("COLORTERM", "24bit")], ColourDepth::True),
            (&[("TERM", "xterm-kitty")], ColourDepth::True),
            (&[("TERM", "xterm-direct")], ColourDepth::True),
            (&[("WT_SESSION", "a-guid")], ColourDepth::True),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], ColourDepth::None),
            (&[("TERM", "vt100")], ColourDepth::None),
            (&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], ColourDepth::None),
            (&[("NO_COLOR", ""), ("TERM", "xterm-256color")], ColourDepth::Ansi256),
        ];
        for (variables, expected) in cases {
            assert_eq!(detect(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn nearest_colours_by_hand() {
        let orange = Rgb::new(255, 135, 0);
        assert_eq!(ColourDepth::True.nearest(orange), Color::Rgb(255, 135, 0));
        // 16 + 36·5 + 6·2 + 0 = 208 is exactly (255, 135, 0).
        assert_eq!(ColourDepth::Ansi256.nearest(orange), Color::Indexed(208));
        assert_eq!(ColourDepth::Ansi256.nearest(Rgb::new(0, 0, 0)), Color::Indexed(16));
        assert_eq!(ColourDepth::Ansi256.nearest(Rgb::new(255, 255, 255)), Color::Indexed(231));
        // The tenth grey: 8 + 10·9 = 98.
        assert_eq!(ColourDepth::Ansi256.nearest(Rgb::new(98, 98, 98)), Color::Indexed(241));
        assert_eq!(ColourDepth::Ansi16.nearest(Rgb::new(250, 10, 10)), Color::LightRed);
        assert_eq!(ColourDepth::Ansi16.nearest(Rgb::new(5, 5, 8)), Color::Black);
        assert_eq!(ColourDepth::Ansi16.nearest(Rgb::new(252, 250, 247)), Color::White);
        // Pastels keep their hue.
        assert_eq!(ColourDepth::Ansi16.nearest(Rgb::new(0xb9, 0xa0, 0xe8)), Color::LightMagenta);
        assert_eq!(ColourDepth::Ansi16.nearest(Rgb::new(0xf2, 0x86, 0x8c)), Color::LightRed);
        assert_eq!(ColourDepth::None.nearest(orange), Color::Reset);
    }

    #[test]
    fn every_colour_of_the_cube_maps_to_itself() {
        // Colour 16 and 231 are the cube's black and white; greys 232 to 255 differ from the cube's five
        // greys.
        for index in 16..=255 {
            let found = ColourDepth::Ansi256.nearest(xterm_colour(index));
            let Color::Indexed(found) = found else { panic!("{found:?} is not indexed") };
            assert_eq!(xterm_colour(found), xterm_colour(index), "colour {index}");
        }
    }
}
