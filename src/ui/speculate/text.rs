//! The text, coloured by how its tokens came.
//!
//! ```text
//! ╭ Drafted text ───────────────────────────────── 14 tokens in 6 rounds ╮
//! │ Once␣upon␣a␣time,␣there␣was␣a␣little␣girl▏                           │
//! ╰ drafted corrected bonus plain ─── the same 14 as plain decoding ─────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::{cells::count, say, waiting};
use crate::{
    app::{PanelId, State, wrap},
    decode::speculative::{Arrival, Rule},
    theme::{Marks, Theme},
    ui::{
        frame,
        rows::draw_row,
        widgets::{Panel, Shorter},
    },
};

pub(super) fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let speculate = state.speculate();
    let rounds = speculate
        .walk()
        .map_or(0, |walk| walk.rounds().iter().filter(|round| round.begin < speculate.shown()).count());
    let tokens = count(speculate.shown(), "token", "tokens");
    let legend = [Arrival::Drafted, Arrival::Corrected, Arrival::Bonus, Arrival::Plain];
    let legend: Vec<Span> = legend
        .into_iter()
        .flat_map(|how| [Span::styled(how.name(), style_of(theme, how)), Span::raw(" ")])
        .collect();
    let [long, short] = compared(state);
    let style = if long.starts_with("token") { theme.warning() } else { theme.key_label() };
    Panel {
        top_right: Line::styled(
            format!("{tokens} in {}", count(rounds, "round", "rounds")),
            theme.key_label(),
        ),
        bottom_left: Line::from(legend),
        bottom_right: Line::styled(long, style),
        shorter: Shorter { bottom_right: vec![Line::styled(short, style)], ..Shorter::default() },
        ..frame::frame(state, PanelId::Drafted)
    }
}

/// What is said of plain decoding beside it, at length and in few words.
fn compared(state: &State) -> [String; 2] {
    let speculate = state.speculate();
    let Some(plain) = speculate.plain().filter(|_| speculate.shown() > 0) else { return Default::default() };
    if speculate.rule() == Rule::Probabilistic {
        return [
            "another text than plain decoding's, from the same distribution".into(),
            "same distribution".into(),
        ];
    }
    let Some(difference) = plain.difference() else {
        let same = plain.same().min(speculate.shown());
        return [
            format!("the same {} as plain decoding", count(same, "token", "tokens")),
            format!("same as plain: {same}"),
        ];
    };
    let number = difference.index + 1;
    let margin =
        difference.margin.map_or_else(String::new, |margin| format!(", a draw {margin:.0e} from an edge"));
    [
        format!("token {number} differs from plain decoding: last bits of logits{margin}"),
        format!("token {number} differs: last bits"),
    ]
}

/// How a token looks that came this way.
pub(super) fn style_of(theme: &Theme, how: Arrival) -> Style {
    match how {
        Arrival::Drafted => theme.drafted(),
        Arrival::Corrected => theme.corrected(),
        Arrival::Bonus => theme.bonus(),
        Arrival::Plain => theme.text(),
        Arrival::Hand => theme.pointer(),
    }
}

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() {
        return;
    }
    if let Some(sentence) = waiting(state) {
        return say(state, &sentence, inner, buf);
    }
    let speculate = state.speculate();
    let Some(walk) = speculate.walk() else { return };
    let prompt = walk.cursor().path().prompt_len();
    let until = (prompt + speculate.shown()).min(speculate.tokens().len());
    let tokens = &speculate.tokens()[..until];
    // A cell for the mark of the end.
    let lines = wrap(tokens, usize::from(inner.width).saturating_sub(1).max(1));
    let first = lines.len().saturating_sub(inner.height.into());
    let copied = speculate.copied().unwrap_or_default();
    for (row, range) in lines.iter().skip(first).enumerate() {
        let mut spans = Vec::new();
        for at in range.clone() {
            let alternate = at % 2 == 1;
            let mut style = match at.checked_sub(prompt).and_then(|index| walk.arrivals().get(index)) {
                None => state.theme().prompt_token(alternate),
                Some(&how) => state.theme().generated_token(alternate).patch(style_of(state.theme(), how)),
            };
            if copied.contains(&at) {
                style = style.patch(state.theme().search_match());
            }
            let token = &tokens[at];
            if token.by_hand {
                spans.push(Span::styled(Marks::BY_HAND, state.theme().pointer()));
            }
            if token.repeats {
                spans.push(Span::styled(Marks::LOOP, state.theme().dim()));
            }
            spans.push(Span::styled(token.text.as_str(), style));
        }
        if first + row + 1 == lines.len() {
            let (mark, style) = if speculate.is_over() {
                (Marks::STOPPED, state.theme().stop_reason())
            } else {
                (Marks::CARET, state.theme().pointer())
            };
            spans.push(Span::styled(mark, style));
        }
        draw_row(inner, row, &Line::from(spans), buf);
    }
}
