//! Styles for tokens: how likely they were, and where one ends and the next begins.

use ratatui::style::{Modifier, Style};

use super::Theme;
use super::palette::{RAMP_STEPS, Role};

impl Theme {
    /// A token's style by its probability, 0 to 1, in eight steps of an eighth each. The more likely, the
    /// further from the background; without colours: dim italic, dim, plain, bold.
    ///
    /// Anything below 0, or not a number, counts as 0; anything above 1 as 1.
    #[must_use]
    pub fn probability(&self, p: f64) -> Style {
        // A cast from a float saturates and takes NaN to 0.
        self.ramp_step((p * RAMP_STEPS as f64) as usize)
    }

    /// A token's style by the entropy, in bits, of the distribution it was drawn from: a step less for each
    /// whole bit, so that 0 bits (certain) looks like probability 1 and 7 bits or more like probability 0.
    #[must_use]
    pub fn entropy(&self, bits: f64) -> Style {
        if bits.is_nan() {
            return self.ramp_step(0);
        }
        self.ramp_step((RAMP_STEPS - 1).saturating_sub(bits as usize))
    }

    /// A token's style by its rank, from 1: a step less for each doubling (1, 2, 3–4, 5–8, …, more than 64).
    #[must_use]
    pub fn rank(&self, rank: usize) -> Style {
        let doublings =
            rank.max(1).checked_next_power_of_two().map_or(usize::MAX, |power| power.ilog2() as usize);
        self.ramp_step((RAMP_STEPS - 1).saturating_sub(doublings))
    }

    /// A token's style by its surprisal, in bits: a step less for each whole bit, so that 0 bits (certain) looks like
    /// probability 1 and 7 bits or more like probability 0.
    #[must_use]
    pub fn surprisal(&self, bits: f64) -> Style {
        self.entropy(bits)
    }

    /// A step of the ramp, 0 (unlikely) to `RAMP_STEPS - 1` (likely); larger ones count as the last. For
    /// legends.
    #[must_use]
    pub fn ramp_step(&self, step: usize) -> Style {
        let step = step.min(RAMP_STEPS - 1);
        let style =
            self.colours.as_ref().map_or_else(Style::new, |colours| Style::new().fg(colours.ramp[step]));
        let colours_suffice = self.colours.as_ref().is_some_and(|colours| !colours.coarse);
        if colours_suffice { style } else { style.add_modifier(ramp_modifier(step)) }
    }

    /// A token of the prompt. `alternate` for every other token, so that boundaries show.
    #[must_use]
    pub fn prompt_token(&self, alternate: bool) -> Style {
        self.role(Role::Dim, Modifier::empty()).add_modifier(Modifier::ITALIC).patch(self.boundary(alternate))
    }

    /// A generated token. `alternate` for every other token, so that boundaries show.
    #[must_use]
    pub fn generated_token(&self, alternate: bool) -> Style {
        self.role(Role::Text, Modifier::empty()).patch(self.boundary(alternate))
    }

    /// Generated text that is held back because it may begin a stop string.
    #[must_use]
    pub fn withheld(&self) -> Style {
        self.role(Role::Warn, Modifier::DIM).add_modifier(Modifier::ITALIC)
    }

    /// Generated text from a stop string on, which is no part of the output.
    #[must_use]
    pub fn beyond_stop(&self) -> Style {
        self.role(Role::Dim, Modifier::DIM).add_modifier(Modifier::CROSSED_OUT)
    }

    /// Laid over a token of a loop; goes with [`Marks::LOOP`](super::Marks::LOOP), and does without where the
    /// terminal has no colours: underlines then tell where tokens end.
    #[must_use]
    pub fn looping(&self) -> Style {
        match &self.colours {
            Some(colours) => {
                Style::new().underline_color(colours.get(Role::Warn)).add_modifier(Modifier::UNDERLINED)
            }
            None => Style::new(),
        }
    }

    /// Laid over a token that a draft proposed and the model accepted.
    #[must_use]
    pub fn drafted(&self) -> Style {
        self.role(Role::Good, Modifier::DIM)
    }

    /// Laid over a token that stands in place of a refused one.
    #[must_use]
    pub fn corrected(&self) -> Style {
        self.role(Role::Warn, Modifier::ITALIC).add_modifier(Modifier::BOLD)
    }

    /// Laid over a token that came on top of a draft accepted whole.
    #[must_use]
    pub fn bonus(&self) -> Style {
        self.role(Role::Accent, Modifier::empty()).add_modifier(Modifier::BOLD)
    }

    /// The token under the text cursor.
    #[must_use]
    pub fn cursor(&self) -> Style {
        self.inverse(Role::Accent)
    }

    /// Every other token: another background, or underlined where the terminal has none to spare.
    fn boundary(&self, alternate: bool) -> Style {
        match (alternate, self.colours.as_ref().and_then(|colours| colours.alternate)) {
            (false, _) => Style::new(),
            (true, Some(colour)) => Style::new().bg(colour),
            (true, None) => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }
}

/// Four levels for the eight steps. Underline is not among them: it marks the boundaries.
const fn ramp_modifier(step: usize) -> Modifier {
    match step {
        0..=1 => Modifier::DIM.union(Modifier::ITALIC),
        2..=3 => Modifier::DIM,
        4..=5 => Modifier::empty(),
        _ => Modifier::BOLD,
    }
}
