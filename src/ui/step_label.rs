//! What the panels call the step on view, so that all of them name the same one.

use super::numbers::thousands;
use crate::app::{OnView, State};

/// What the step is called that comes next.
const NEXT: &str = "next token";

/// `next token`, or, of a step that is not the newest, `token 43`, counted from the first of the prompt; None without a step.
pub(super) fn step(state: &State) -> Option<String> {
    let length = match state.frame().at() {
        OnView::Nothing => return None,
        OnView::Start => 0,
        OnView::Next(length) | OnView::Taken(length) | OnView::Waiting(length) => length,
    };
    let newest = state.session().is_some_and(|session| session.path().tokens().len() == length);
    Some(if newest { NEXT.to_owned() } else { format!("token {}", thousands(length + 1)) })
}

/// Whether the step on view is the one that comes next.
pub(super) fn is_next(state: &State) -> bool {
    step(state).is_some_and(|step| step == NEXT)
}

/// ` · token 43`, to stand after what belongs to a step that is not the newest; else nothing.
pub(super) fn suffix(state: &State) -> String {
    step(state).filter(|step| step != NEXT).map_or_else(String::new, |step| format!(" · {step}"))
}

/// Whether the step on view has no distribution yet.
pub(super) fn waits(state: &State) -> bool {
    matches!(state.frame().at(), OnView::Waiting(_))
}

/// What stands in place of numbers while the step on view has no distribution.
pub(super) fn waiting(state: &State) -> &'static str {
    let reads =
        state.session().is_some_and(|session| session.path().generated() == 0 && !state.gave_up_reading());
    if reads && state.prefill().is_none() {
        "The model is reading the prompt."
    } else {
        "Waiting for the model."
    }
}
