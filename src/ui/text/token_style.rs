//! What a token looks like.

use ratatui::style::Style;

use crate::{
    app::State,
    decode::{Path, Session},
    settings::ColourBy,
    theme::Theme,
    tree::{Origin, Step},
};

/// The style of the token at a position of the step screen's path.
pub(super) fn of(state: &State, session: &Session, position: usize) -> Style {
    if state.cursor() == Some(position) {
        return state.theme().cursor();
    }
    of_path(state.theme(), state.colour_by(), session.path(), position)
}

/// The style of the token at a position of any path.
pub(in crate::ui) fn of_path(theme: &Theme, by: ColourBy, path: &Path, position: usize) -> Style {
    // Every other token on another ground: where one ends, the next begins.
    let alternate = position % 2 == 1;
    let style = match path.step_at(position) {
        Some((step, Origin::Prompt)) => theme.prompt_token(alternate).patch(ramp(theme, by, step)),
        Some((step, _)) => theme.generated_token(alternate).patch(ramp(theme, by, step)),
        None => theme.prompt_token(alternate),
    };
    let looping = position.checked_sub(path.prompt_len()).is_some_and(|index| path.loops().contain(index));
    if looping { style.patch(theme.looping()) } else { style }
}

/// The colour that tells how a token was chosen.
pub(super) fn ramp(theme: &Theme, by: ColourBy, step: &Step) -> Style {
    match by {
        ColourBy::Probability => theme.probability(step.p_raw),
        ColourBy::Entropy => theme.entropy(step.entropy_bits.middle()),
        ColourBy::Rank => theme.rank(step.rank.at().unwrap_or(usize::MAX)),
        ColourBy::Surprisal => theme.surprisal(step.surprisal_bits),
    }
}
