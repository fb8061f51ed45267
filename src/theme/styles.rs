//! Styles for everything but tokens.
//!
//! Only backgrounds are set where something lies on another surface; all else leaves the background as it is,
//! so that styles can be laid over rows and overlays.

use ratatui::style::{Modifier, Style};
use ratatui::widgets::BorderType;

use super::Theme;
use super::palette::Role;

impl Theme {
    /// The whole screen before anything is drawn.
    #[must_use]
    pub fn base(&self) -> Style {
        self.on(Role::Background)
    }

    /// Ordinary text.
    #[must_use]
    pub fn text(&self) -> Style {
        self.role(Role::Text, Modifier::empty())
    }

    /// Text that stands out: the number a panel is about.
    #[must_use]
    pub fn strong(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// Labels, units, what matters less.
    #[must_use]
    pub fn dim(&self) -> Style {
        self.role(Role::Dim, Modifier::DIM)
    }

    /// A number that was computed, among others that were measured.
    #[must_use]
    pub fn computed(&self) -> Style {
        self.role(Role::Dim, Modifier::empty()).add_modifier(Modifier::ITALIC)
    }

    /// A panel's title.
    #[must_use]
    pub fn title(&self, focused: bool) -> Style {
        if focused { self.emphasis(Role::Accent) } else { self.text() }
    }

    /// A panel's frame.
    #[must_use]
    pub fn border(&self, focused: bool) -> Style {
        if focused { self.role(Role::Accent, Modifier::BOLD) } else { self.dim() }
    }

    /// The lines of a panel's frame: rounded, but heavy for the focused one where colour cannot tell it.
    #[must_use]
    pub const fn border_type(&self, focused: bool) -> BorderType {
        if focused && self.is_monochrome() { BorderType::Thick } else { BorderType::Rounded }
    }

    /// The name of a screen in the top row.
    #[must_use]
    pub fn tab(&self, active: bool) -> Style {
        if active { self.emphasis(Role::Accent).add_modifier(Modifier::UNDERLINED) } else { self.dim() }
    }

    /// The bar of a raw probability (softmax of the logits).
    #[must_use]
    pub fn bar_raw(&self) -> Style {
        self.role(Role::Second, Modifier::empty())
    }

    /// The bar of a final probability (after the chain).
    #[must_use]
    pub fn bar_final(&self) -> Style {
        self.role(Role::Accent, Modifier::BOLD)
    }

    /// The bar of an observed share, next to that of a probability.
    #[must_use]
    pub fn bar_observed(&self) -> Style {
        self.role(Role::Good, Modifier::empty())
    }

    /// The bar of a token that the chain cut.
    #[must_use]
    pub fn bar_cut(&self) -> Style {
        self.dim()
    }

    /// The text of a candidate that the chain cut.
    #[must_use]
    pub fn cut(&self) -> Style {
        self.dim()
    }

    /// The stage that cut a candidate.
    #[must_use]
    pub fn cut_label(&self) -> Style {
        self.role(Role::Bad, Modifier::ITALIC)
    }

    /// The chosen candidate.
    #[must_use]
    pub fn chosen(&self) -> Style {
        self.emphasis(Role::Accent)
    }

    /// The line between the nucleus and the rest.
    #[must_use]
    pub fn nucleus_line(&self) -> Style {
        self.role(Role::Warn, Modifier::BOLD)
    }

    /// The cumulative ruler's line and separators.
    #[must_use]
    pub fn ruler(&self) -> Style {
        self.dim()
    }

    /// The pointer at the draw on the ruler.
    #[must_use]
    pub fn pointer(&self) -> Style {
        self.emphasis(Role::Accent)
    }

    /// All is well.
    #[must_use]
    pub fn good(&self) -> Style {
        self.role(Role::Good, Modifier::empty())
    }

    /// A warning; goes with [`Marks::WARNING`](super::Marks::WARNING).
    #[must_use]
    pub fn warning(&self) -> Style {
        self.emphasis(Role::Warn)
    }

    /// An error; goes with [`Marks::ERROR`](super::Marks::ERROR).
    #[must_use]
    pub fn error(&self) -> Style {
        self.role(Role::Bad, Modifier::REVERSED).add_modifier(Modifier::BOLD)
    }

    /// Why generation stopped.
    #[must_use]
    pub fn stop_reason(&self) -> Style {
        self.emphasis(Role::Warn)
    }

    /// A key in the footer and in help.
    #[must_use]
    pub fn key(&self) -> Style {
        self.emphasis(Role::Accent)
    }

    /// What a key does.
    #[must_use]
    pub fn key_label(&self) -> Style {
        self.role(Role::Dim, Modifier::empty())
    }

    /// A slider's track to the right of its knob.
    #[must_use]
    pub fn slider_track(&self) -> Style {
        self.dim()
    }

    /// A slider's track to the left of its knob.
    #[must_use]
    pub fn slider_filled(&self, focused: bool) -> Style {
        if focused {
            self.role(Role::Accent, Modifier::BOLD)
        } else {
            self.role(Role::Dim, Modifier::empty())
        }
    }

    /// A slider's knob.
    #[must_use]
    pub fn slider_knob(&self, focused: bool) -> Style {
        if focused { self.emphasis(Role::Accent) } else { self.text() }
    }

    /// A value that differs from the preset; goes with [`Marks::CHANGED`](super::Marks::CHANGED).
    #[must_use]
    pub fn slider_changed(&self) -> Style {
        self.emphasis(Role::Warn)
    }

    /// KV cells of the prompt.
    #[must_use]
    pub fn kv_prompt(&self) -> Style {
        self.role(Role::Second, Modifier::BOLD)
    }

    /// KV cells of generated tokens.
    #[must_use]
    pub fn kv_generated(&self) -> Style {
        self.role(Role::Accent, Modifier::empty())
    }

    /// Free KV cells.
    #[must_use]
    pub fn kv_free(&self) -> Style {
        self.dim()
    }

    /// A sparkline.
    #[must_use]
    pub fn sparkline(&self) -> Style {
        self.role(Role::Accent, Modifier::empty())
    }

    /// Laid over the row that is selected in a list or table.
    #[must_use]
    pub fn selected_row(&self) -> Style {
        match self.colours.as_ref().and_then(|colours| colours.selection) {
            Some(colour) => Style::new().bg(colour).add_modifier(Modifier::BOLD),
            None => Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    /// Where a search found its text.
    #[must_use]
    pub fn search_match(&self) -> Style {
        self.emphasis(Role::Warn).add_modifier(Modifier::UNDERLINED)
    }

    /// An overlay's surface.
    #[must_use]
    pub fn overlay(&self) -> Style {
        self.on(Role::Surface)
    }

    /// Text on one of the two surfaces.
    fn on(&self, surface: Role) -> Style {
        self.colours.as_ref().map_or_else(Style::new, |colours| {
            Style::new().fg(colours.get(Role::Text)).bg(colours.get(surface))
        })
    }

    /// A role's colour, or modifiers where there are no colours.
    pub(super) fn role(&self, role: Role, without_colours: Modifier) -> Style {
        self.colours.as_ref().map_or_else(
            || Style::new().add_modifier(without_colours),
            |colours| Style::new().fg(colours.get(role)),
        )
    }

    /// A role's colour in bold; bold alone where there are no colours.
    fn emphasis(&self, role: Role) -> Style {
        self.role(role, Modifier::empty()).add_modifier(Modifier::BOLD)
    }

    /// The background's colour on a role's; reversed where there are no colours.
    pub(super) fn inverse(&self, role: Role) -> Style {
        self.colours.as_ref().map_or_else(
            || Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            |colours| {
                let style = Style::new().fg(colours.get(Role::Background)).bg(colours.get(role));
                style.add_modifier(Modifier::BOLD)
            },
        )
    }
}
