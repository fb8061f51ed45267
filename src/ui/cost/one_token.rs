//! Where the time goes in one token of this program.

use super::lines::{Lines, not_yet, percent, timed};
use crate::app::State;

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    let costs = state.cost().costs().filter(|costs| !costs.around().statistics.is_empty());
    let Some(costs) = costs else {
        return not_yet(
            state,
            lines,
            "What a token takes: the model, the statistics of its distribution, the sampler chain, drawing the screen.",
        );
    };
    let (model, around) = (costs.on_off().token(), costs.around());
    let drawing = state.frame_times();
    let parts = [
        ("model", &model),
        ("statistics", &around.statistics),
        ("chain", &around.chain),
        ("drawing", &drawing),
    ];
    let all: f64 = parts.iter().filter_map(|(_, sample)| sample.median()).sum();
    let theme = lines.theme();
    for (name, sample) in parts {
        let Some(median) = sample.median() else { continue };
        let part = median / all.max(f64::MIN_POSITIVE);
        let [long, short] = timed(sample);
        let text = if lines.width() >= 64 { long } else { short };
        let style = if name == "model" { theme.bar_raw() } else { theme.bar_final() };
        lines.bar((name, 10), part, &format!("{:>5}  {text}", percent(part)), style);
    }
    lines.prose(
        "The model and the statistics are computed on the engine's thread, the chain and the drawing on the screen's. At full \
         speed not every token is drawn: at most sixty frames a second are.",
    );
}
