//! The titles in the text panel's frame.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::token_style;
use crate::{
    app::{PanelId, State},
    decode::Session,
    settings::ColourBy,
    theme::{Marks, RAMP_STEPS},
    tree::{Origin, Step},
    ui::{
        frame,
        numbers::{bits, perplexity, probability, ranked, share, thousands},
        widgets::{Panel, elide},
    },
};

/// The steps of the ramp, the least likely first.
const RAMP: [&str; RAMP_STEPS] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Cells of a token in its title.
const LONGEST_TOKEN: usize = 16;

/// Cells that the token's title has before bits per byte are left out, and at least.
const LEAST_TOKEN: usize = 28;

/// The panel's frame, `width` cells wide.
pub(super) fn panel<'a>(state: &State, width: u16) -> Panel<'a> {
    let frame = frame::frame(state, PanelId::Text);
    let Some(session) = state.session() else { return frame };
    let room = usize::from(width.saturating_sub(4));
    // Beside the title, its hint, and what sets two titles off from one another.
    let beside_title = room.saturating_sub(PanelId::Text.title().len() + 2 + 3);
    let with_bits = totals(state, session, true);
    let fits = with_bits.width() + 3 + LEAST_TOKEN <= room;
    let totals = if fits { with_bits } else { totals(state, session, false) };
    let beside_totals = room.saturating_sub(totals.width() + 3);
    Panel {
        top_right: legend(state, beside_title),
        bottom_left: token(state, session, beside_totals.max(room.min(LEAST_TOKEN))),
        bottom_right: totals,
        ..frame
    }
}

/// What the colours tell: `colour: probability 0 ▁▂▃▄▅▆▇█ 1`, without the ramp where there is no room.
fn legend<'a>(state: &State, room: usize) -> Line<'a> {
    let theme = state.theme();
    // Unlikely to likely is low to high for probabilities, and high to low for the others.
    let (from, to, falls) = match state.colour_by() {
        ColourBy::Probability => ("0", "1", false),
        ColourBy::Entropy | ColourBy::Surprisal => ("0", "7 bits", true),
        ColourBy::Rank => ("1", "65", true),
    };
    let mut spans =
        vec![Span::styled("colour: ", theme.dim()), Span::styled(state.colour_by().name(), theme.text())];
    let name = Line::from(spans.clone());
    spans.push(Span::styled(format!(" {from} "), theme.dim()));
    for place in 0..RAMP_STEPS {
        let step = if falls { RAMP_STEPS - 1 - place } else { place };
        spans.push(Span::styled(RAMP[step], theme.ramp_step(step)));
    }
    spans.push(Span::styled(format!(" {to}"), theme.dim()));
    let line = Line::from(spans);
    if line.width() <= room { line } else { name }
}

/// `perplexity 3.2 · 12 tokens`, down to the token under the cursor; of a scored text `perplexity 3.2 · 0.41 bits per byte · 12 prompt tokens`.
fn totals<'a>(state: &State, session: &Session, with_bits: bool) -> Line<'a> {
    let theme = state.theme();
    let count = |n: usize, what: &str| {
        Span::styled(format!("{} {what}{}", thousands(n), if n == 1 { "" } else { "s" }), theme.dim())
    };
    let prompt_tokens = count(session.path().prompt_len(), "prompt token");
    let path = session.path();
    let generated = state.cursor().map_or(path.generated(), |position| {
        (position + 1).saturating_sub(path.prompt_len()).min(path.generated())
    });
    match session.perplexity(generated).or_else(|| session.prompt_perplexity()) {
        None => Line::from(prompt_tokens),
        Some(found) if generated == 0 => {
            let mut spans = vec![
                Span::styled("perplexity ", theme.dim()),
                Span::styled(perplexity(found), theme.text()),
                Span::styled(" · ", theme.dim()),
            ];
            if let Some(bits) = session.prompt_bits_per_byte().filter(|_| with_bits) {
                spans.push(Span::styled(format!("{bits:.2}"), theme.text()));
                spans.push(Span::styled(" bits per byte · ", theme.dim()));
            }
            spans.push(prompt_tokens);
            Line::from(spans)
        }
        Some(found) => Line::from(vec![
            Span::styled("perplexity ", theme.dim()),
            Span::styled(perplexity(found), theme.text()),
            Span::styled(" · ", theme.dim()),
            count(generated, "token"),
        ]),
    }
}

/// A part of a caption; the ones of the largest `order` are left out first.
struct Part {
    order: u8,
    spans: Vec<(String, Style)>,
}

/// The token under the cursor or the last one, as much of it as there is room for:
/// `token 17 · ␣play · id 312 · p .412 → .551 · rank 1 · surprisal 1.29 bits`.
fn token<'a>(state: &State, session: &Session, room: usize) -> Line<'a> {
    let path = session.path();
    let Some(position) = state.cursor().or(path.tokens().len().checked_sub(1)) else {
        return Line::default();
    };
    let Some(&token) = path.tokens().get(position) else { return Line::default() };
    let theme = state.theme();
    let shown = state.transcript().tokens().get(position).map(|token| token.text.to_string());
    let part = |order, text: String, style| Part { order, spans: vec![(text, style)] };
    let mut parts = vec![
        part(0, format!("token {}", thousands(position + 1)), theme.dim()),
        part(0, elide(&shown.unwrap_or_default(), LONGEST_TOKEN), theme.strong()),
        part(5, format!("id {token}"), theme.dim()),
    ];
    match path.step_at(position) {
        None => parts.push(part(1, "prompt".to_owned(), theme.dim())),
        Some((step, origin)) => {
            match origin {
                Origin::Hand => {
                    parts.push(part(1, format!("{} picked by hand", Marks::BY_HAND), theme.chosen()));
                }
                Origin::Prompt => parts.push(part(1, "prompt".to_owned(), theme.dim())),
                Origin::Beam => parts.push(part(1, "beam search".to_owned(), theme.dim())),
                Origin::Expanded | Origin::Drafted | Origin::Sampled => {}
            }
            parts.push(probabilities(state, step, *origin));
            parts.push(part(3, format!("rank {}", ranked(step.rank)), theme.dim()));
            parts.push(part(4, format!("surprisal {} bits", bits(step.surprisal_bits)), theme.dim()));
            let rank = step.eog_rank.map(|rank| format!(", rank {}", ranked(rank))).unwrap_or_default();
            parts.push(part(6, format!("end {}{rank}", share(step.p_eog)), theme.dim()));
        }
    }
    let rolled = position.checked_sub(path.prompt_len()).map_or(0, |index| session.rolled(index));
    if rolled > 0 {
        parts.push(part(2, format!("rolled again ×{rolled}"), theme.dim()));
    }
    joined(parts, room, theme.dim())
}

/// `p .412 → .551`: before and after the chain, which no token of a prompt went through.
fn probabilities(state: &State, step: &Step, origin: Origin) -> Part {
    let theme = state.theme();
    let raw = token_style::ramp(theme, ColourBy::Probability, step);
    let mut spans = vec![("p ".to_owned(), theme.dim()), (probability(step.p_raw), raw)];
    if origin != Origin::Prompt {
        spans.push((" → ".to_owned(), theme.dim()));
        spans.push((probability(step.p_final), theme.text()));
    }
    Part { order: 1, spans }
}

/// The parts with dots between them; whole parts are left out until the rest fits.
fn joined<'a>(mut parts: Vec<Part>, room: usize, dot: Style) -> Line<'a> {
    let line = |parts: &[Part]| {
        let mut spans: Vec<Span<'a>> = Vec::new();
        for part in parts {
            if !spans.is_empty() {
                spans.push(Span::styled(" · ", dot));
            }
            spans.extend(part.spans.iter().map(|(text, style)| Span::styled(text.clone(), *style)));
        }
        Line::from(spans)
    };
    while line(&parts).width() > room {
        let Some(last) = parts.iter().map(|part| part.order).max().filter(|order| *order > 0) else { break };
        parts.retain(|part| part.order != last);
    }
    line(&parts)
}
