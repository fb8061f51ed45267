//! The draw: the random number, and the token it lands on.
//!
//! ```text
//! ╭ Draw ─────────────────────── token 6 ╮
//! │ u 0.6132  seed 42, draw 7            │
//! │ ├␣in─────────────┼␣with──┼␣outside┼┤ │
//! │                   ▲ landed in ␣with  │
//! ╰──────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Margin, Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use crate::{
    app::{Hit, PanelId, State},
    sampling::Mirostat,
    text::Shown,
    theme::Marks,
    token::Token,
    tree::Origin,
    ui::{
        frame,
        numbers::thousands,
        rows::{fitting_line, wrap_words},
        step_label,
        widgets::{Panel, Ruler, RulerStyles, Segment, elide},
    },
};

/// Cells of a token that is told of.
const TOKEN: usize = 24;

pub(in crate::ui) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = inner(area);
    if inner.is_empty() {
        return;
    }
    let Some(dice) = Dice::of(state) else {
        draw_nothing(state, inner, buf);
        return;
    };
    let places = Places::of(inner);
    dice.ruler(|ruler| ruler.render(places.ruler, buf));
    put(&fitting_line(dice.numbers(), places.number.width.into()), places.number, buf);
}

/// The frame, with the step that the draw belongs to.
fn panel<'a>(state: &State) -> Panel<'a> {
    let step = step_label::step(state).unwrap_or_default();
    Panel { top_right: Line::styled(step, state.theme().key_label()), ..frame::frame(state, PanelId::Draw) }
}

/// The draw in one line, for the frame of the panel that is shown in its place: from the longest wording to the shortest.
pub(in crate::ui) fn in_a_line<'a>(state: &State) -> Vec<Line<'a>> {
    let theme = state.theme();
    let step = step_label::suffix(state);
    let Some(dice) = Dice::of(state) else {
        return vec![Line::styled(format!("draw: {}", nothing_drawn(state)), theme.dim())];
    };
    if state.hides_draw() {
        return dice.numbers();
    }
    let Some(u) = state.frame().u else {
        let told = dice.notes().into_iter().map(|note| format!("draw: {note}{step}"));
        return told.map(|text| Line::styled(text, theme.pointer())).collect();
    };
    let head = Span::styled(format!("u {u:.4} "), theme.text());
    let told = dice.notes().into_iter().map(|note| format!("{note}{step}"));
    let short = told.map(|text| Line::from(vec![head.clone(), Span::styled(text, theme.pointer())]));
    let mut whole = dice.number();
    whole.push_span(Span::styled(format!("  {}{step}", dice.notes()[0]), theme.pointer()));
    let mut wordings: Vec<Line> = std::iter::once(whole).chain(short).collect();
    wordings.push(Line::from(head));
    wordings
}

pub(in crate::ui) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    let ruler = Places::of(inner(area)).ruler;
    let under = Dice::of(state).filter(|_| ruler.contains(at) && at.y == ruler.y).and_then(|dice| {
        let mut index = None;
        dice.ruler(|widget| index = widget.segment_under(ruler, at.x));
        state.frame().survivors.get(index?).and_then(|(token, _)| token.map(Hit::RulerToken))
    });
    Some(under.unwrap_or_else(|| frame::hit(&panel(state), PanelId::Draw, area, at)))
}

/// What the frame leaves, and a cell on either side that keeps the content off it.
fn inner(area: Rect) -> Rect {
    Panel::inner(area).inner(Margin::new(1, 0))
}

/// A sentence in place of a draw.
pub(in crate::ui) fn draw_nothing(state: &State, area: Rect, buf: &mut Buffer) {
    let lines = wrap_words(nothing_drawn(state), area.width.into());
    for (line, row) in lines.into_iter().zip(area.rows()) {
        put(&Line::styled(line, state.theme().dim()), row, buf);
    }
}

/// Why nothing was or will be drawn here.
fn nothing_drawn(state: &State) -> &'static str {
    let given = |session: &crate::decode::Session| state.frame().length < session.path().prompt_len();
    match state.session() {
        Some(session) if state.frame().node.is_some() && given(session) => "The prompt was given, not drawn.",
        Some(_) if state.cursor() == Some(0) => "The prompt was given, not drawn.",
        Some(_) if state.frame().in_tail => {
            "The number lands beyond the named candidates: no token can be told."
        }
        Some(_) if state.frame().node.is_some() => "No token is left: nothing can be drawn.",
        Some(_) if step_label::waits(state) => step_label::waiting(state),
        _ => "Nothing to draw from yet.",
    }
}

fn put(line: &Line, row: Rect, buf: &mut Buffer) {
    buf.set_line(row.x, row.y, line, row.width);
}

/// The rows of the panel.
struct Places {
    number: Rect,
    ruler: Rect,
}

impl Places {
    /// With one row only the number is there, with two or more the ruler; with room to spare a row between them.
    fn of(inner: Rect) -> Self {
        let row = |y: u16, height: u16| Rect { y: inner.y + y, height, ..inner }.intersection(inner);
        let gap = u16::from(inner.height >= 5);
        Self { number: row(0, 1), ruler: row(1 + gap, 2) }
    }
}

/// A draw that was made or is about to be.
pub(in crate::ui) struct Dice<'a> {
    state: &'a State,
    /// The token that the present settings draw.
    drawn: Token,
    /// The candidates as shown, in the order in which the draw passes them.
    labels: Vec<Shown<'static>>,
}

impl<'a> Dice<'a> {
    pub(in crate::ui) fn of(state: &'a State) -> Option<Self> {
        let session = state.session()?;
        let view = state.frame();
        let drawn = view.drawn?;
        let shown = |(token, _): &(Option<Token>, f64)| match token {
            Some(token) => state.transcript().peek(view.length, *token, session.vocabulary()),
            None => Shown::default(),
        };
        Some(Self { state, drawn, labels: view.survivors.iter().map(shown).collect() })
    }

    fn shown(&self, token: Token) -> String {
        let session = self.state.session();
        session.map_or_else(String::new, |session| {
            self.state.transcript().peek(self.state.frame().length, token, session.vocabulary()).to_string()
        })
    }

    /// The ruler, for drawing and for the mouse.
    pub(in crate::ui) fn ruler(&self, mut with: impl FnMut(&Ruler)) {
        let (view, theme) = (self.state.frame(), self.state.theme());
        let segments: Vec<Segment> = self
            .labels
            .iter()
            .zip(&view.survivors)
            .map(|(label, (_, mass))| Segment { label: label.as_str(), mass: *mass })
            .collect();
        with(&Ruler {
            segments: &segments,
            draw: view.u.filter(|_| !self.state.hides_draw()),
            landed: view
                .survivors
                .iter()
                .position(|(token, _)| token.is_some() && *token == self.state.landing()),
            notes: &self.notes(),
            styles: RulerStyles {
                line: theme.ruler(),
                label: theme.text(),
                chosen: theme.chosen(),
                pointer: theme.pointer(),
            },
        });
    }

    /// Where it landed; and what was taken, if that is another token. From the longest wording to the shortest.
    fn notes(&self) -> Vec<String> {
        let view = self.state.frame();
        if self.state.hides_draw() {
            return vec![
                "where it lands is what the lesson asks".to_owned(),
                "asked in the lesson".to_owned(),
            ];
        }
        let drawn = elide(&self.shown(self.drawn), TOKEN);
        let shown = |token| elide(&self.shown(token), TOKEN);
        let mut wordings = match (view.taken.filter(|taken| *taken != self.drawn), &view.step) {
            (Some(taken), Some((_, Origin::Hand))) => vec![
                format!("would be {drawn}; {} {} by hand", Marks::BY_HAND, shown(taken)),
                format!("would be {drawn}"),
            ],
            (Some(taken), _) => {
                vec![format!("now lands in {drawn}; {} was taken", shown(taken)), format!("now {drawn}")]
            }
            (None, Some((_, Origin::Hand))) => vec![format!("{drawn}, and picked by hand")],
            (None, Some(_)) => vec![format!("landed in {drawn}")],
            (None, None) => vec![format!("lands in {drawn}")],
        };
        wordings.push(drawn);
        wordings
    }

    /// What could differ, were every token named.
    fn doubt(&self) -> Option<(String, Style)> {
        let doubt = self.state.frame().unnamed?.doubt?;
        let why = doubt.wordings().pop().unwrap_or_default();
        Some((format!("not exact: {why}"), self.state.theme().warning()))
    }

    /// The random number and where it comes from, in the fullest words.
    pub(in crate::ui) fn number(&self) -> Line<'static> {
        self.numbers().swap_remove(0)
    }

    /// The same from the longest wording to the shortest.
    pub(in crate::ui) fn numbers(&self) -> Vec<Line<'static>> {
        let (view, theme, sampling) = (self.state.frame(), self.state.theme(), self.state.sampling());
        if self.state.hides_number() {
            return ["u is what the lesson asks", "u ?"].map(|text| Line::styled(text, theme.dim())).to_vec();
        }
        let Some(u) = view.u else {
            let version = if sampling.mirostat == Mirostat::V1 { "1" } else { "2" };
            let kept = elide(&self.shown(self.drawn), TOKEN);
            let wordings = [
                format!("mirostat {version} kept only {kept}: no number was drawn"),
                format!("mirostat {version} kept only {kept}"),
                format!("only {kept} left"),
            ];
            return wordings.map(|text| Line::styled(text, theme.text())).to_vec();
        };
        let head = [Span::styled("u ", theme.dim()), Span::styled(format!("{u:.4}"), theme.strong())];
        let with = |parts: &[(String, Style)]| {
            let told = parts.iter().map(|(text, style)| Span::styled(format!("  {text}"), *style));
            Line::from(head.iter().cloned().chain(told).collect::<Vec<_>>())
        };
        let unnamed = view.unnamed.filter(|unnamed| unnamed.p > 0.0);
        if view.survivor_count == 1 && unnamed.is_none() {
            let why =
                if sampling.temperature <= 0.0 { "greedy: the likeliest" } else { "only one candidate left" };
            let short = if sampling.temperature <= 0.0 { "greedy" } else { "one left" };
            // That it is not exact says more than why one is left.
            return match self.doubt() {
                None => vec![
                    with(&[(why.into(), theme.text())]),
                    with(&[(short.into(), theme.text())]),
                    with(&[]),
                ],
                Some(doubt) => {
                    let brief = ("not exact".to_owned(), theme.warning());
                    vec![
                        with(&[(why.into(), theme.text()), doubt]),
                        with(&[(short.into(), theme.text()), brief.clone()]),
                        with(&[brief]),
                        with(&[]),
                    ]
                }
            };
        }
        let mut parts = Vec::new();
        if let Some(seed) = sampling.seed {
            let prompt = self.state.session().map_or(0, |session| session.path().prompt_len());
            let draw = thousands(view.length + 1 - prompt.min(view.length));
            // What was rolled again comes from the next seed.
            let again = if view.rolled > 0 { format!("+{}", view.rolled) } else { String::new() };
            parts.push((format!("seed {seed}{again}, draw {draw}"), theme.dim()));
        }
        parts.extend(self.doubt());
        if view.rolled > 0 {
            parts.push((format!("rolled again ×{}", view.rolled), theme.warning()));
        }
        (0..=parts.len()).rev().map(|count| with(&parts[..count])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::fixture::Fixture,
        ui::testing::{drawn, never_panics, rows},
    };

    const AREA: Rect = Rect { x: 0, y: 0, width: 40, height: 7 };

    fn text(state: &State) -> Vec<String> {
        rows(&drawn(AREA.width, AREA.height, |area, buf| draw(state, area, buf)))
    }

    #[test]
    fn the_number_and_where_it_lands() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n", "n", "n", "n"]);
        let state = &fixture.state;
        let rows = text(state);
        let u = state.frame().u.unwrap();
        assert!(rows[1].starts_with(&format!("│ u {u:.4}  seed 42, draw 5 ")), "{rows:?}");
        let session = state.session().unwrap();
        let landed =
            state.transcript().peek(state.frame().length, state.frame().drawn.unwrap(), session.vocabulary());
        assert!(rows[0].ends_with(" next token ╮"), "{rows:?}");
        assert!(rows[4].contains(&format!("lands in {landed}")), "{rows:?}");
        let pointer = rows[4].chars().position(|c| c == '▲').unwrap() as u16;
        let under = hit(state, AREA, Position::new(pointer, 3));
        assert_eq!(under, state.frame().drawn.map(Hit::RulerToken));
    }

    #[test]
    fn a_click_on_the_ruler_takes_the_token_that_is_drawn_there() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n"]);
        let rows = text(&fixture.state);
        let session = fixture.state.session().unwrap();
        let column = rows[3].split("␣there").next().unwrap().chars().count() as u16;
        let Some(Hit::RulerToken(token)) = hit(&fixture.state, AREA, Position::new(column, 3)) else {
            panic!("no token under {column}: {rows:?}");
        };
        assert_eq!(session.vocabulary().piece(token), b" there");
        assert_eq!(hit(&fixture.state, AREA, Position::new(column, 1)), Some(Hit::Panel(PanelId::Draw)));
    }

    #[test]
    fn it_says_where_the_number_does_not_decide() {
        let greedy = Fixture::with(|setup| setup.given.temperature = Some(0.0)).state;
        assert!(text(&greedy)[1].contains("greedy: the likeliest"), "{:?}", text(&greedy));
        let mirostat = Fixture::with(|setup| setup.given.mirostat = Some(Mirostat::V2)).state;
        assert!(text(&mirostat)[1].starts_with("│ u 0."), "{:?}", text(&mirostat));
        let one = Fixture::with(|setup| setup.given.top_k = Some(1)).state;
        assert!(text(&one)[1].contains("only one candidate left"), "{:?}", text(&one));
        let mut prompt = Fixture::new();
        prompt.keys(&["f2", "home", "L", "L"]);
        assert_eq!(text(&prompt.state)[1], "│ The prompt was given, not drawn.     │");
    }

    #[test]
    fn rolling_again_is_told_with_the_seed_it_comes_from() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n", "r", "r", "f2", "H"]);
        assert!(text(&fixture.state)[1].contains("seed 42+2, draw 1  "), "{:?}", text(&fixture.state));
        let wide = rows(&drawn(60, 7, |area, buf| draw(&fixture.state, area, buf)));
        assert!(wide[1].contains("seed 42+2, draw 1  rolled again ×2"), "{wide:?}");
    }

    #[test]
    fn a_token_picked_by_hand_stands_beside_the_one_drawn() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n", "down", "down", "enter", "f2", "H"]);
        let rows = rows(&drawn(60, 7, |area, buf| draw(&fixture.state, area, buf)));
        assert!(rows[4].contains("would be ␣there; ✎ ␣in by hand"), "{rows:?}");
    }

    #[test]
    fn no_size_is_too_small() {
        never_panics(0..90, 0..9, draw, hit);
    }
}
