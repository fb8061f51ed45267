//! The LoRA adapters of the model, each with a slider.
//!
//! ```text
//! ╭ LoRA adapters ─────────────────────────────╮
//! │ ▸ tuned.gguf           0.50 ━━━━━━●────── 1 │
//! │   style.gguf           1.00 ━━━━━━━━━━━━● 1 │
//! ╰ → more  ← less  esc close ─────────────────╯
//! ```

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, prose, row_mark, text_width};
use crate::{app::State, settings::LoraAdapter, text::Shown, ui::widgets::elide};

/// Cells of the slider's track.
const TRACK: usize = 21;

pub(super) fn sheet(state: &State, selected: usize, screen: Rect) -> Sheet<'static> {
    let theme = state.theme();
    let width = text_width(screen, 72);
    let about = "What tuning changed in the model's weights is added to them times this scale: at 0 the model is as before \
                 tuning, at 1 as it was tuned. The text begins anew with every change.";
    let mut foot = vec![Line::default()];
    foot.extend(prose(about, width, theme.key_label()));
    let adapters = state.adapters().iter().enumerate();
    Sheet {
        title: Line::styled("LoRA adapters", theme.title(true)),
        border: theme.border(true),
        width,
        rows: adapters.map(|(index, adapter)| row(state, adapter, index == selected, width)).collect(),
        selected: Some(selected),
        foot,
        ..Sheet::default()
    }
}

fn row(state: &State, adapter: &LoraAdapter, selected: bool, width: u16) -> Line<'static> {
    let theme = state.theme();
    let scale = adapter.scale.get();
    let name = usize::from(width).saturating_sub(TRACK + 12).max(4);
    // The track goes to 1, where the adapter counts as it was trained; a scale may lie beyond it.
    let at = (scale.clamp(0.0, 1.0) * (TRACK - 1) as f32).round() as usize;
    let own = elide(Shown::inline(&adapter.name()).as_str(), name);
    let room = " ".repeat(name.saturating_sub(own.width()));
    Line::from(vec![
        Span::styled(format!("{} {own}{room} ", row_mark(selected)), theme.key_label()),
        Span::styled(format!("{scale:>6.2} "), theme.strong()),
        Span::styled("━".repeat(at), theme.slider_filled(selected)),
        Span::styled("●", theme.slider_knob(selected)),
        Span::styled("─".repeat(TRACK - 1 - at), theme.slider_track()),
        Span::styled(" 1", theme.dim()),
    ])
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{Message, fixture::Fixture},
        settings::LoraAdapter,
        ui::testing::screen,
    };

    #[test]
    fn each_adapter_has_a_slider() {
        let names =
            ["/m/a-very-long-name-of-an-adapter-that-was-tuned-on-stories.gguf:0.33", "st\u{1b}yle.gguf:-2"];
        let mut fixture = Fixture::with(|setup| {
            setup.settings.model.lora = names.map(|text| LoraAdapter::given(text.as_ref())).into();
        });
        fixture.send(Message::Resize(80, 24));
        fixture.keys(&["ctrl-a"]);
        insta::assert_snapshot!(screen(&fixture).join("\n"));
    }
}
