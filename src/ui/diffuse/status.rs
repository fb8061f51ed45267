//! What the diffusion model is doing, for the header.

use ratatui::style::Style;

use crate::{
    app::{CanvasModel, State},
    theme::Marks,
};

/// What it is doing, from the longest wording to the shortest.
pub(in crate::ui) fn status(state: &State) -> (Vec<String>, Style) {
    let theme = state.theme();
    let said = |texts: &[&str], style| (texts.iter().map(|text| (*text).to_owned()).collect(), style);
    let diffuse = state.diffuse();
    match (diffuse.model(), diffuse.canvas()) {
        (CanvasModel::Unasked, _) => said(&["⋯ loading"], theme.text()),
        (CanvasModel::Loading(part), _) => {
            let percent = format!("{:.0} %", part * 100.0);
            (vec![format!("⋯ loading {percent}"), format!("⋯ {percent}")], theme.text())
        }
        (CanvasModel::Missing(_), _) => (vec![format!("{} no model", Marks::ERROR)], theme.warning()),
        _ if diffuse.trouble().is_some() => (
            vec![format!("{} cannot go on", Marks::ERROR), format!("{} stuck", Marks::ERROR)],
            theme.warning(),
        ),
        (CanvasModel::Ready(_), None) => said(&["⋯ reading the prompt", "⋯ reading"], theme.text()),
        _ if state.play().playing() => {
            let speed = state.play().speed_text().replace("tok/s", "steps/s");
            let short = state.play().speed_text();
            (
                vec![
                    format!("▶ playing {speed}"),
                    format!("▶ {speed}"),
                    format!("▶ {short}"),
                    "▶ playing".to_owned(),
                ],
                theme.good(),
            )
        }
        _ if diffuse.is_over() => said(&["■ written"], theme.stop_reason()),
        _ => said(&["❚❚ paused"], theme.text()),
    }
}
