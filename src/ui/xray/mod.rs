//! The X-ray screen: the stages of the chain, what the selected one left, one token's way, the draw.

mod candidates;
mod draw;
mod pen;
mod stages;
#[cfg(test)]
mod tests;
mod way;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::{Paragraph, Widget, Wrap},
};

use super::face::{Face, PATH, then};
use super::{candidates::instead_of_a_list, frame, numbers::thousands, text, widgets::Panel};
use crate::{
    app::{Arrangement, Hit, State, XrayPanel},
    keymap::Action,
};

/// Rows of the draw: number, ruler with its pointer, strip, and the frame.
const DRAW_ROWS: u16 = 6;
/// Rows of the stages' panel besides the stages: frame and heads.
const BESIDE_STAGES: u16 = 3;

pub(super) struct XrayFace;

impl Face for XrayFace {
    fn draw(&self, state: &State, places: &crate::ui::Places, buf: &mut Buffer) {
        draw(state, places.body, buf);
    }

    fn hit(&self, state: &State, places: &crate::ui::Places, at: Position) -> Option<Hit> {
        hit(state, places.body, at)
    }

    fn hints(&self, state: &State) -> Vec<Action> {
        use Action as A;
        if state.play().playing() {
            let actions = vec![A::PlayPause, A::Faster, A::Slower, A::Back, A::NextPanel];
            return then(actions, &PATH);
        }
        let ended = state.has_ended();
        let mut actions =
            if ended { vec![A::Back, A::Restart] } else { vec![A::PlayPause, A::Step, A::Back] };
        if on_fold(state) {
            actions.push(A::Formula);
        }
        actions.extend([A::NextPanel, A::Search]);
        if state.xray().panel == XrayPanel::Candidates {
            actions.extend([A::Formula, A::Mute]);
        } else {
            actions.extend([A::Mute, A::Solo, A::MoveEarlier, A::MoveLater, A::SwapOrder, A::Formula]);
        }
        then(actions, &PATH)
    }

    fn label(&self, state: &State, action: Action) -> Option<&'static str> {
        match action {
            Action::Formula if on_fold(state) => Some(if state.xray().unfolded { "fold" } else { "unfold" }),
            Action::FocusText => Some("stages"),
            Action::FocusSampling => Some("the token's way"),
            _ => None,
        }
    }
}

/// Whether the row that stands for the stages that are off has the keys.
fn on_fold(state: &State) -> bool {
    state.xray().panel == XrayPanel::Stages && state.xray().is_on_fold()
}

pub(super) fn draw(state: &State, body: Rect, buf: &mut Buffer) {
    let (context, body) = split(state, body);
    text::draw_context(state, context, buf);
    for (panel, area) in places(state, body) {
        match panel {
            XrayPanel::Stages => stages::draw(state, area, buf),
            XrayPanel::Candidates => candidates::draw(state, area, buf),
            XrayPanel::Way => way::draw(state, area, buf),
            XrayPanel::Draw => draw::draw(state, area, buf),
        }
    }
}

pub(super) fn hit(state: &State, body: Rect, at: Position) -> Option<Hit> {
    let (_, body) = split(state, body);
    let (panel, area) = places(state, body).into_iter().find(|(_, area)| area.contains(at))?;
    let inside = match panel {
        XrayPanel::Stages => stages::hit(state, area, at),
        XrayPanel::Candidates => candidates::hit(state, area, at),
        XrayPanel::Way => None,
        XrayPanel::Draw => draw::hit(state, area, at),
    };
    let title = self::panel(state, panel, panel.title()).title_area(area);
    Some(inside.unwrap_or(match title {
        Some(title) if title.contains(at) => Hit::ExplainXray(panel),
        _ => Hit::XrayPanel(panel),
    }))
}

/// A row for the text before the step, where all stages fit besides, and the rest.
fn split(state: &State, body: Rect) -> (Rect, Rect) {
    let stages = state.xray().visible().len().max(8) as u16 + BESIDE_STAGES;
    let rows = u16::from(body.height > stages + DRAW_ROWS);
    let margin = body.width.min(1);
    let context = Rect { x: body.x + margin, width: body.width - margin, height: rows, ..body };
    (context, Rect { y: body.y + rows, height: body.height - rows, ..body })
}

/// Where the panels lie.
///
/// ```text
/// wide                         narrow               tiny
/// ┌────────┬────────────┐      ┌──────────────┐     ┌─────────────┐
/// │ stages │            │      │ one of three │     │ one of four │
/// ├────────┤ candidates │      ├──────────────┤     └─────────────┘
/// │  way   │            │      │     draw     │
/// ├────────┴────────────┤      └──────────────┘
/// │        draw         │
/// └─────────────────────┘
/// ```
fn places(state: &State, body: Rect) -> Vec<(XrayPanel, Rect)> {
    let focus = state.xray().panel;
    let lower = DRAW_ROWS.min(body.height);
    let upper = Rect { height: body.height - lower, ..body };
    let draw = Rect { y: upper.bottom(), height: lower, ..body };
    match Arrangement::of(state.size()) {
        Arrangement::Wide => {
            let left = Rect { width: upper.width / 2, ..upper };
            let right = Rect { x: left.right(), width: upper.width - left.width, ..upper };
            let rows = (state.xray().visible().len() as u16 + BESIDE_STAGES).clamp(BESIDE_STAGES + 6, 24);
            let stages = Rect { height: rows.min(left.height * 2 / 3), ..left };
            let way = Rect { y: stages.bottom(), height: left.height - stages.height, ..left };
            vec![
                (XrayPanel::Stages, stages),
                (XrayPanel::Way, way),
                (XrayPanel::Candidates, right),
                (XrayPanel::Draw, draw),
            ]
        }
        Arrangement::Narrow => {
            let main = if focus == XrayPanel::Draw { XrayPanel::Stages } else { focus };
            vec![(main, upper), (XrayPanel::Draw, draw)]
        }
        Arrangement::Tiny => vec![(focus, body)],
    }
}

/// A panel's frame.
fn panel<'a>(state: &State, panel: XrayPanel, title: impl Into<String>) -> Panel<'a> {
    frame::framed(state, state.xray().panel == panel, title)
}

/// A sentence in place of what there is nothing of.
fn draw_sentence(state: &State, inner: Rect, buf: &mut Buffer) {
    let why = instead_of_a_list(state).unwrap_or(
        "The logits of this step are not available, or are not numbers: there is nothing to show.",
    );
    Paragraph::new(why).style(state.theme().dim()).wrap(Wrap { trim: true }).render(inner, buf);
}

/// The inside of a frame, with a cell of space on either side where there is room.
fn inner(area: Rect) -> Rect {
    frame::inner(area)
}

/// An entropy in at most four cells: `2.90`, `17.2`.
fn bits(entropy: f64) -> String {
    if entropy < 9.995 { format!("{entropy:.2}") } else { format!("{entropy:.1}") }
}

/// How a stage changed a token's rank: `#1 → #4,096`.
fn ranks(was: usize, is: usize) -> String {
    if was == is {
        format!("still #{}", thousands(is))
    } else {
        format!("#{} → #{}", thousands(was), thousands(is))
    }
}

/// A token as it would be shown at the step on view.
fn shown(state: &State, token: crate::token::Token) -> crate::text::Shown<'static> {
    state.session().map_or_else(crate::text::Shown::default, |session| {
        state.transcript().peek(state.frame().length, token, session.vocabulary())
    })
}
