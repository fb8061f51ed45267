//! The sentences of Present.

use ratatui::text::{Line, Span};

use super::{label, marked};
use crate::app::{Guessing, Knob, Present, State};

/// What is guessed and what came of it, or where the wheel stopped; from the longest wording to the shortest.
pub(super) fn status<'a>(state: &State, large: &Present) -> Vec<Line<'a>> {
    let theme = state.theme();
    let tally = large.tally().in_words();
    let with_tally = |told: Vec<Span<'a>>| -> Vec<Line<'a>> {
        let mut whole = told.clone();
        whole.extend(tally.clone().map(|tally| Span::styled(format!("   {tally}"), theme.dim())));
        vec![Line::from(whole), Line::from(told)]
    };
    if state.awaits_guess() {
        let asked = match large.guessing() {
            Guessing::Probability => "How likely, in percent? ",
            Guessing::Place => "Which token does u land on? ",
            _ => "Your guess for the next token: ",
        };
        return with_tally(vec![
            Span::styled(asked, theme.strong()),
            Span::styled(format!("{}▏", crate::text::Shown::inline(large.guess())), theme.key()),
        ]);
    }
    if let Some(verdict) = large.verdict(state.frame().length) {
        let style = if verdict.is_right() { theme.good() } else { theme.warning() };
        let shown = |told: &str| Span::styled(crate::text::Shown::inline(told).to_string(), style);
        let (whole, short) = (shown(&verdict.in_words()), shown(&verdict.in_short()));
        // The score stays rather than the whole sentence.
        let mut wordings = with_tally(vec![whole]);
        wordings.truncate(1);
        wordings.extend(with_tally(vec![short]));
        return wordings;
    }
    if large.spin().is_some() {
        return vec![Line::styled("The wheel turns…", theme.dim())];
    }
    let name = marked(state, large).map(|token| label(state, token));
    let told = match (name, state.frame().u) {
        (Some(token), Some(u)) => format!("The draw landed on “{token}” (u = {u:.2})."),
        (Some(token), None) => format!("“{token}” was taken."),
        _ => "Candidates for the next token".to_owned(),
    };
    with_tally(vec![Span::styled(told, theme.dim())])
}

/// What a slider does at its value, from the longest wording to the shortest.
pub(super) fn of_slider(knob: Knob, value: f64) -> Vec<String> {
    let told: [&str; 2] = match knob {
        Knob::Temperature if value <= 0.0 => {
            ["At 0 the likeliest token is always taken: greedy.", "0: always the likeliest."]
        }
        Knob::Temperature if value < 1.0 => [
            "Below 1 likely tokens become likelier and unlikely ones rarer. The order stays the same.",
            "Below 1: the likely become likelier.",
        ],
        Knob::Temperature if value > 1.0 => [
            "Above 1 the probabilities move closer together. The order stays the same, and so does the model.",
            "Above 1: probabilities move together.",
        ],
        Knob::Temperature => ["At 1 the model's own probabilities stand.", "1: the model's own."],
        Knob::TopP if value >= 1.0 => ["At 1 top-p cuts nothing.", "Cuts nothing."],
        Knob::TopP => [
            "The likeliest tokens are kept until together they reach this share; the one that crosses it is kept too.",
            "Keeps the likeliest up to this share.",
        ],
        Knob::TopK if value < 1.0 => ["At 0 top-k cuts nothing.", "Cuts nothing."],
        Knob::TopK => [
            "So many of the likeliest tokens are kept, however likely they are.",
            "Keeps so many of the likeliest.",
        ],
        Knob::MinP if value <= 0.0 => ["At 0 min-p cuts nothing.", "Cuts nothing."],
        _ => [
            "Tokens are kept that have at least this share of the likeliest one's probability.",
            "Keeps what is near the likeliest.",
        ],
    };
    told.map(str::to_owned).to_vec()
}
