//! The round on view: a drafted token a row, with q and p, the rule's draw, and the verdict.
//!
//! ```text
//! ╭ Round 3 of 3 ──────────────────────── draft model · match · 1 of 3 accepted ╮
//! │▸␣little      q .387 ███▊          ├████████───────────────┤  ✓ accepted     │
//! │              p .442 ████▍ Σ .892     ▲ u .128                               │
//! │ ␣boy         q .405 ████          ├────────────██████─────┤  ✗ refused      │
//! │              p .309 ███   Σ .838                         ▲    → ␣rabbit     │
//! ╰ rolled back: 2 rows of the target's cache, 1 of the draft's ── 4 rows 1.2 ms ╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::Widget,
};

use super::{
    cells::{count, left, ms},
    of_frame,
    row::{Row, draw as draw_token},
    say, text, waiting,
};
use crate::{
    app::{Hit, PanelId, RoundView, State},
    decode::speculative::{Arrival, DraftEnd, DraftSource},
    theme::Marks,
    ui::{
        frame,
        numbers::{probability, thousands},
        rows::{draw_row, page},
        widgets::{Panel, Shorter},
    },
};

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = Panel::inner(area);
    if inner.is_empty() {
        return;
    }
    if let Some(sentence) = waiting(state) {
        return say(state, &sentence, frame::inner(area), buf);
    }
    let Some(round) = state.speculate().round() else {
        let sentence = state.speculate().why_no_draft().map_or_else(|| first_words(state), str::to_owned);
        return say(state, &sentence, frame::inner(area), buf);
    };
    for (place, area) in places(round, state, inner) {
        match round.rows.get(place) {
            Some(row) => {
                let selected = state.speculate().selected(PanelId::Draft) == place;
                draw_token(state, &Row { row, selected }, area, buf);
            }
            None => draw_row(area, 0, &bonus(state, round, place), buf),
        }
        if state.focus() == PanelId::Draft && state.speculate().selected(PanelId::Draft) == place {
            buf.set_style(Rect { height: 1, ..area }, state.theme().selected_row());
        }
    }
    if round.rows.is_empty() && round.bonus.is_none() {
        say(state, "Nothing was drafted: the next step draws a token.", frame::inner(area), buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let inner = Panel::inner(area);
    let found = state.speculate().round().and_then(|round| {
        places(round, state, inner).find(|(_, place)| place.contains(at)).map(|(place, _)| place)
    });
    found.map_or_else(
        || of_frame(|| panel(state), PanelId::Draft, area, at),
        |place| Hit::Row(PanelId::Draft, place),
    )
}

/// The places of a round and their rows: two each where all have room, else one, a page of them.
fn places(round: &RoundView, state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> + use<> {
    let rows = round.rows.len();
    let all = rows + usize::from(round.bonus.is_some());
    let two = 2 * rows + usize::from(round.bonus.is_some()) <= usize::from(inner.height);
    let selected = state.speculate().selected(PanelId::Draft);
    let each = u16::from(two) + 1;
    let wide: Vec<(usize, Rect)> = if two {
        (0..all)
            .map(|place| {
                (place, Rect { y: inner.y + each * place as u16, height: each.min(inner.height), ..inner })
            })
            .collect()
    } else {
        page(all, selected, inner).collect()
    };
    wide.into_iter().map(move |(place, area)| (place, area.intersection(inner)))
}

fn first_words(state: &State) -> String {
    let settings = state.speculate().settings();
    format!(
        "Each round drafts up to {} tokens ({}), has the model read them in one batch, and keeps those that it would have said. \
         A step shows one token more.",
        settings.n_max,
        settings.sources.name(),
    )
}

/// The token on top of a draft, or without one.
fn bonus<'a>(state: &State, round: &RoundView, place: usize) -> Line<'a> {
    let Some(bonus) = &round.bonus else { return Line::default() };
    let theme = state.theme();
    let selected = state.speculate().selected(PanelId::Draft) == place;
    let about = match (bonus.how, round.round.end) {
        (Arrival::Bonus, _) => "bonus: all were accepted, and the pass gives one more".to_owned(),
        (_, DraftEnd::Unsure(share)) => {
            format!("plain: the draft's likeliest had {} of its ten, below p-min", probability(share))
        }
        (_, DraftEnd::NoRoom) => "plain: there is no room for a draft before the end".to_owned(),
        _ if round.round.thrown_away > 0 => {
            format!(
                "plain: {} thrown away, fewer than n-min",
                count(round.round.thrown_away, "drafted token", "drafted tokens")
            )
        }
        _ => "plain: nothing was drafted".to_owned(),
    };
    Line::from(vec![
        Span::styled(if selected { Marks::CHOSEN } else { " " }, theme.pointer()),
        left(&bonus.text, 14, text::style_of(theme, bonus.how)),
        Span::raw(" "),
        Span::styled(about, theme.dim()),
    ])
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let Some(round) = state.speculate().round() else {
        return frame::frame(state, PanelId::Draft);
    };
    let title = format!("Round {} of {}", thousands(round.number), thousands(round.of));
    let source = match round.round.source {
        DraftSource::Model => "draft model".to_owned(),
        DraftSource::Lookup(copied) => format!("copied from token {}", copied.from + 1),
        DraftSource::Nothing => "no draft".to_owned(),
    };
    let rule = state.speculate().rule().name();
    let accepted = round.rows.iter().take_while(|row| {
        row.decided && row.drafted.verdict == crate::decode::speculative::Verdict::Accepted
    });
    let verdicts = format!("{} of {} accepted", accepted.count(), round.rows.len());
    let verdicts = if round.rows.is_empty() { String::new() } else { format!(" · {verdicts}") };
    let right = [format!("{source} · {rule}{verdicts}"), format!("{rule}{verdicts}")];
    let back = if round.whole { rolled_back(round) } else { Default::default() };
    let [cost, short] = passes(round);
    let line = |text: &String| Line::styled(text.clone(), theme.key_label());
    Panel {
        top_right: line(&right[0]),
        bottom_left: line(&back[0]),
        bottom_right: line(&cost),
        shorter: Shorter {
            title: vec![Line::styled(
                format!("Round {}", thousands(round.number)),
                theme.title(state.focus() == PanelId::Draft),
            )],
            top_right: vec![line(&right[1])],
            bottom_left: vec![line(&back[1])],
            bottom_right: vec![line(&short)],
        },
        ..frame::titled(state, PanelId::Draft, title)
    }
}

/// What both caches gave up.
fn rolled_back(round: &RoundView) -> [String; 2] {
    let (target, draft) = (round.round.target_back, round.round.draft_back);
    if target + draft == 0 {
        return ["nothing rolled back".into(), String::new()];
    }
    [
        format!(
            "rolled back: {} of the target's cache, {} of the draft's",
            count(target, "row", "rows"),
            thousands(draft)
        ),
        format!("rolled back: {target} and {draft}"),
    ]
}

/// What the round took.
fn passes(round: &RoundView) -> [String; 2] {
    let draft: std::time::Duration = round.round.draft_passes.iter().map(|pass| pass.time).sum();
    let target: std::time::Duration = round.round.target_passes.iter().map(|pass| pass.time).sum();
    let read: usize = round.round.target_passes.iter().map(|pass| pass.rows).sum();
    if round.round.target_passes.is_empty() {
        return ["every row was known".into(), String::new()];
    }
    let rows = count(read, "row", "rows");
    // What other screens, or an earlier round, have read of the draft already is not read again.
    let known = match (round.round.drafted.len() + 1).saturating_sub(read) {
        0 => String::new(),
        known => format!(", {known} known before"),
    };
    let replayed =
        if round.round.target_passes.iter().any(|pass| pass.replayed) { ", all read again" } else { "" };
    let verified = format!("{rows} verified in {}{replayed}{known}", ms(target));
    let passes = round.round.draft_passes.len();
    if passes == 0 {
        return [verified.clone(), verified];
    }
    [
        format!("{} {} · {verified}", count(passes, "draft pass", "draft passes"), ms(draft)),
        format!("{rows} {}", ms(target)),
    ]
}
