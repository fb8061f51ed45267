//! What it gains, or why it does not.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    cells::{count, left, ms},
    say, waiting,
};
use crate::{
    app::{PanelId, State},
    decode::speculative::Gains,
    ui::{
        frame,
        numbers::thousands,
        rows::{draw_rows, fitting, wrap_words},
        widgets::Panel,
    },
};

/// Cells of the names.
const NAME: usize = 12;

pub(super) fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let rounds = state.speculate().gains().rounds;
    let measured =
        if rounds == 0 { String::new() } else { count(rounds, "measured round", "measured rounds") };
    Panel { top_right: Line::styled(measured, theme.key_label()), ..frame::frame(state, PanelId::Gains) }
}

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if let Some(sentence) = waiting(state) {
        return say(state, &sentence, inner, buf);
    }
    if state.speculate().gains().rounds == 0 {
        let sentence = "What was accepted, what a round cost, and how fast it is against plain decoding of the same text, as soon \
                        as a round is done.";
        return say(state, sentence, inner, buf);
    }
    draw_rows(inner, &lines(state, inner.width.into()), buf);
}

fn lines<'a>(state: &State, width: usize) -> Vec<Line<'a>> {
    let theme = state.theme();
    let gains = state.speculate().gains();
    let room = width.saturating_sub(NAME);
    let mut lines = Vec::new();
    let mut add = |name: &str, wordings: Vec<String>, style: Style| {
        let text = fitting(&wordings, room).to_owned();
        if !text.is_empty() {
            lines.push(Line::from(vec![left(name, NAME, theme.dim()), Span::styled(text, style)]));
        }
    };
    let speed = speed(state);
    let (strong, text) = (theme.strong(), theme.text());
    add("speed", speed, strong);
    add("accepted", accepted(gains), text);
    add("by place", by_place(gains, room), text);
    add("tokens/pass", per_pass(gains), text);
    add("measured", price(state), text);
    add("passes", passes(gains), text);
    add("rolled back", rolled_back(gains), text);
    if let Some(why) = why(state) {
        let style = if why.starts_with("a loss") { theme.warning() } else { theme.dim() };
        let lines_of = wrap_words(&why, width).into_iter().map(|line| Line::styled(line.to_owned(), style));
        let at = lines.len().min(1);
        lines.splice(at..at, lines_of);
    }
    lines
}

/// Why it is faster or slower.
fn why(state: &State) -> Option<String> {
    let speculate = state.speculate();
    Some(speculate.price()?.why(speculate.ratio()?, speculate.gains()))
}

fn speed(state: &State) -> Vec<String> {
    let speculate = state.speculate();
    let Some(ratio) = speculate.ratio() else {
        return vec!["plain decoding is not measured yet".into(), "not measured yet".into()];
    };
    let expected = speculate.price().and_then(|price| price.expected(speculate.gains()));
    let expected = expected.map_or_else(String::new, |expected| format!(" · formula {expected:.2}"));
    vec![
        format!("{ratio:.2} × plain decoding (measured in turn){expected}"),
        format!("{ratio:.2} × plain decoding{expected}"),
        format!("{ratio:.2} × plain{expected}"),
        format!("{ratio:.2} × plain"),
    ]
}

fn accepted(gains: &Gains) -> Vec<String> {
    let Some(alpha) = gains.acceptance() else { return vec!["nothing was drafted".into()] };
    let share = format!("{:.1} %", 100.0 * alpha);
    let (accepted, looked, drafted) =
        (thousands(gains.accepted), thousands(gains.looked_at), thousands(gains.drafted));
    vec![
        format!("{share}: {accepted} of {looked} decided on, {drafted} drafted"),
        format!("{share}: {accepted} of {looked}, {drafted} drafted"),
        format!("{share}: {accepted} of {looked}"),
        share,
    ]
}

fn by_place(gains: &Gains, room: usize) -> Vec<String> {
    let places = gains.by_position.iter().filter(|(looked_at, _)| *looked_at > 0);
    let mut line = String::new();
    for (looked_at, accepted) in places {
        let share = format!("{:.0} %", 100.0 * *accepted as f64 / *looked_at as f64);
        if line.len() + share.len() + 3 > room {
            break;
        }
        line = if line.is_empty() { share } else { format!("{line}, {share}") };
    }
    vec![line]
}

fn per_pass(gains: &Gains) -> Vec<String> {
    let Some(observed) = gains.tokens_a_pass() else { return Vec::new() };
    let Some(expected) = gains.expected_tokens() else { return vec![format!("{observed:.2} observed")] };
    vec![
        format!("{observed:.2} observed, {expected:.2} by the formula for this acceptance"),
        format!("{observed:.2} observed, {expected:.2} by formula"),
        format!("{observed:.2}, formula {expected:.2}"),
    ]
}

fn price(state: &State) -> Vec<String> {
    let speculate = state.speculate();
    let Some(price) = speculate.price() else { return Vec::new() };
    let v = format!("{} rows {} (v {:.1})", price.rows, ms(price.one.mul_f64(price.v)), price.v);
    let one = format!("1 row {}", ms(price.one));
    let draft =
        speculate.gains().draft_pass().map(|time| format!("draft pass {} (c {:.2})", ms(time), price.c));
    let draft = draft.map_or_else(String::new, |draft| format!(" · {draft}"));
    vec![
        format!("{one} · {v}{draft}"),
        format!("c {:.2} · v {:.1} for {} rows", price.c, price.v, price.rows),
        format!("c {:.2} · v {:.1}", price.c, price.v),
    ]
}

fn passes(gains: &Gains) -> Vec<String> {
    let target = count(gains.target_passes, "target pass", "target passes");
    let draft = count(gains.draft_passes, "draft pass", "draft passes");
    let rows = |rows: usize| count(rows, "row", "rows");
    let replays = if gains.replays > 0 {
        format!(" · {} read all again", thousands(gains.replays))
    } else {
        String::new()
    };
    vec![
        format!(
            "{target} over {}, {draft} over {}{replays}",
            rows(gains.target_rows),
            rows(gains.draft_rows)
        ),
        format!("{target}, {draft}{replays}"),
        format!("{} target, {} draft{replays}", gains.target_passes, gains.draft_passes),
    ]
}

fn rolled_back(gains: &Gains) -> Vec<String> {
    let target = count(gains.target_back, "row", "rows");
    vec![
        format!("{target} of the target's cache, {} of the draft's", thousands(gains.draft_back)),
        format!("target {}, draft {}", thousands(gains.target_back), thousands(gains.draft_back)),
    ]
}
