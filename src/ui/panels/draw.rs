//! The draw: the random number, and the token it lands on.
//!
//! ```text
//! ╭ Draw ⁱ ──────────────────────────────╮
//! │ u 0.6132  seed 42, draw 7            │
//! │ ├␣in─────────────┼␣with──┼␣outside┼┤ │
//! │                   ▲ landed in ␣with  │
//! │                                      │
//! │ top-k 40 → top-p 9 → min-p 6 → temp… │
//! ╰──────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Margin, Position, Rect},
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
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
        widgets::{Panel, Ruler, RulerStyles, Segment, elide_line},
    },
};

/// From this width on the chain has room beside the random number.
const WIDE: u16 = 72;

pub(in crate::ui) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    frame::frame(state, PanelId::Draw).render(area, buf);
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
    let mut number = dice.number();
    if places.chain.height > 0 {
        let lines = dice.chain(places.chain.width);
        // At the bottom, away from the ruler, as long as it is one line.
        let unused = usize::from(places.chain.height).saturating_sub(lines.len());
        for (row, line) in places.chain.rows().skip(unused).zip(&lines) {
            put(line, row, buf);
        }
    } else if inner.width >= WIDE {
        number.push_span("   ");
        number.spans.extend(dice.chain(u16::MAX).into_iter().flat_map(|line| line.spans));
    }
    put(&number, places.number, buf);
}

pub(in crate::ui) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    if !area.contains(at) {
        return None;
    }
    let ruler = Places::of(inner(area)).ruler;
    let under = Dice::of(state).filter(|_| ruler.contains(at) && at.y == ruler.y).and_then(|dice| {
        let mut index = None;
        dice.ruler(|widget| index = widget.segment_under(ruler, at.x));
        state.frame().survivors.get(index?).map(|(token, _)| Hit::RulerToken(*token))
    });
    Some(under.unwrap_or_else(|| frame::hit(&frame::frame(state, PanelId::Draw), PanelId::Draw, area, at)))
}

/// What the frame leaves, and a cell on either side that keeps the content off it.
fn inner(area: Rect) -> Rect {
    Panel::inner(area).inner(Margin::new(1, 0))
}

/// A sentence in place of a draw.
pub(in crate::ui) fn draw_nothing(state: &State, area: Rect, buf: &mut Buffer) {
    let text = Paragraph::new(nothing_drawn(state)).style(state.theme().dim()).wrap(Wrap { trim: true });
    text.render(area, buf);
}

/// Why nothing was or will be drawn here.
fn nothing_drawn(state: &State) -> &'static str {
    let given = |session: &crate::decode::Session| state.frame().length < session.path().prompt_len();
    match state.session() {
        Some(session) if state.frame().node.is_some() && given(session) => "The prompt was given, not drawn.",
        Some(_) if state.cursor() == Some(0) => "The prompt was given, not drawn.",
        Some(_) if state.frame().node.is_some() => "No token is left: nothing can be drawn.",
        _ => "Nothing to draw from yet.",
    }
}

fn put(line: &Line, row: Rect, buf: &mut Buffer) {
    buf.set_line(row.x, row.y, &elide_line(line, usize::from(row.width)), row.width);
}

/// The rows of the panel.
struct Places {
    number: Rect,
    ruler: Rect,
    chain: Rect,
}

impl Places {
    /// With one row only the number is there, with two or more the ruler, with four or more the chain, where two take it.
    fn of(inner: Rect) -> Self {
        let row = |y: u16, height: u16| Rect { y: inner.y + y, height, ..inner }.intersection(inner);
        let number = row(0, 1);
        let ruler = row(1, 2);
        Self { number, ruler, chain: row(3, 2) }
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
        let shown =
            |(token, _): &(Token, f64)| state.transcript().peek(view.length, *token, session.vocabulary());
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
            draw: view.u,
            landed: view.survivors.iter().position(|(token, _)| *token == self.drawn),
            note: &self.note(),
            styles: RulerStyles {
                line: theme.ruler(),
                label: theme.text(),
                chosen: theme.chosen(),
                pointer: theme.pointer(),
            },
        });
    }

    /// Where it landed; and what was taken, if that is another token.
    fn note(&self) -> String {
        let view = self.state.frame();
        let drawn = self.shown(self.drawn);
        match (view.taken.filter(|taken| *taken != self.drawn), &view.step) {
            (Some(taken), Some((_, Origin::Hand))) => {
                format!("would be {drawn}; {} {} by hand", Marks::BY_HAND, self.shown(taken))
            }
            (Some(taken), _) => format!("now lands in {drawn}; {} was taken", self.shown(taken)),
            (None, Some((_, Origin::Hand))) => format!("{drawn}, and picked by hand"),
            (None, Some(_)) => format!("landed in {drawn}"),
            (None, None) => format!("lands in {drawn}"),
        }
    }

    /// The random number and where it comes from.
    pub(in crate::ui) fn number(&self) -> Line<'static> {
        let (view, theme, sampling) = (self.state.frame(), self.state.theme(), self.state.sampling());
        let Some(u) = view.u else {
            let version = if sampling.mirostat == Mirostat::V1 { "1" } else { "2" };
            let text = format!(
                "mirostat {version} left one token, so no number was drawn: {}",
                self.shown(self.drawn)
            );
            return Line::styled(text, theme.text());
        };
        let mut spans =
            vec![Span::styled("u ", theme.dim()), Span::styled(format!("{u:.4}"), theme.strong())];
        if view.survivor_count == 1 {
            let why = if sampling.temperature <= 0.0 { "greedy" } else { "one token left" };
            spans.push(Span::styled(format!("  {why}: any u lands here"), theme.text()));
            return Line::from(spans);
        }
        if let Some(seed) = sampling.seed {
            let prompt = self.state.session().map_or(0, |session| session.path().prompt_len());
            let draw = thousands(view.length + 1 - prompt.min(view.length));
            // What was rolled again comes from the next seed.
            let again = if view.rolled > 0 { format!("+{}", view.rolled) } else { String::new() };
            spans.push(Span::styled(format!("  seed {seed}{again}, draw {draw}"), theme.dim()));
        }
        if view.rolled > 0 {
            spans.push(Span::styled(format!("  rolled again ×{}", view.rolled), theme.warning()));
        }
        Line::from(spans)
    }

    /// `top-k 40 → top-p 9 → min-p 6 → temperature`: the stages, and what is left after those that cut, in
    /// lines of at most `width` cells where a stage fits into one.
    fn chain(&self, width: u16) -> Vec<Line<'static>> {
        let (view, theme) = (self.state.frame(), self.state.theme());
        let passed_over = self.passed_over();
        if view.stages().is_empty() {
            let mut line = Line::styled("empty chain: drawn as the model says", theme.dim());
            line.spans.extend(passed_over);
            return vec![line];
        }
        let mut left = view.candidates.n_vocab();
        let mut lines = vec![Line::default()];
        for (index, stage) in view.stages().iter().enumerate() {
            let mut spans = vec![Span::styled(stage.label, theme.dim())];
            if stage.kept != left {
                spans.push(Span::styled(format!(" {}", thousands(stage.kept)), theme.text()));
                left = stage.kept;
            }
            if index + 1 < view.stages().len() {
                spans.push(Span::styled(" → ", theme.dim()));
            }
            let stage = Line::from(spans);
            let line = lines.last_mut().expect("there is one from the start");
            if line.width() > 0 && line.width() + stage.width() > usize::from(width) {
                lines.push(stage);
            } else {
                line.spans.extend(stage.spans);
            }
        }
        if let Some(text) = passed_over {
            let last = lines.last_mut().expect("there is one from the start");
            if last.width() + text.width() > usize::from(width) {
                lines.push(Line::from(text));
            } else {
                last.spans.push(text);
            }
        }
        lines
    }

    /// `  muted: top-k`: the stages that a person has switched off, or those that act alone.
    fn passed_over(&self) -> Option<Span<'static>> {
        let s = self.state.sampling();
        let (word, stages) = if s.soloed.is_empty() { ("muted", &s.muted) } else { ("alone", &s.soloed) };
        let labels: Vec<_> = stages.iter().map(|stage| stage.label()).collect();
        let text = || format!("  {word}: {}", labels.join(", "));
        (!labels.is_empty()).then(|| Span::styled(text(), self.state.theme().warning()))
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
        assert!(rows[3].contains(&format!("lands in {landed}")), "{rows:?}");
        assert!(rows[4].starts_with("│ top-k 40 → top-p 5 → min-p → "), "{rows:?}");
        assert!(rows[5].starts_with("│ temperature "), "{rows:?}");
        let pointer = rows[3].chars().position(|c| c == '▲').unwrap() as u16;
        let under = hit(state, AREA, Position::new(pointer, 2));
        assert_eq!(under, state.frame().drawn.map(Hit::RulerToken));
    }

    #[test]
    fn a_click_on_the_ruler_takes_the_token_that_is_drawn_there() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n"]);
        let rows = text(&fixture.state);
        let session = fixture.state.session().unwrap();
        let column = rows[2].split("␣there").next().unwrap().chars().count() as u16;
        let Some(Hit::RulerToken(token)) = hit(&fixture.state, AREA, Position::new(column, 2)) else {
            panic!("no token under {column}: {rows:?}");
        };
        assert_eq!(session.vocabulary().piece(token), b" there");
        assert_eq!(hit(&fixture.state, AREA, Position::new(column, 1)), Some(Hit::Panel(PanelId::Draw)));
    }

    #[test]
    fn it_says_where_the_number_does_not_decide() {
        let greedy = Fixture::with(|setup| setup.given.temperature = Some(0.0)).state;
        assert!(text(&greedy)[1].contains("greedy: any u lands here"), "{:?}", text(&greedy));
        let mirostat = Fixture::with(|setup| setup.given.mirostat = Some(Mirostat::V2)).state;
        assert!(text(&mirostat)[1].starts_with("│ u 0."), "{:?}", text(&mirostat));
        let mut prompt = Fixture::new();
        prompt.keys(&["f2", "home", "L", "L"]);
        assert_eq!(text(&prompt.state)[1], "│ The prompt was given, not drawn.     │");
    }

    #[test]
    fn rolling_again_is_told_with_the_seed_it_comes_from() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n", "r", "r", "f2", "H"]);
        let rows = text(&fixture.state);
        assert!(rows[1].contains("seed 42+2, draw 1  rolled"), "{rows:?}");
    }

    #[test]
    fn a_token_picked_by_hand_stands_beside_the_one_drawn() {
        let mut fixture = Fixture::new();
        fixture.keys(&["n", "down", "down", "enter", "f2", "H"]);
        let rows = rows(&drawn(60, 7, |area, buf| draw(&fixture.state, area, buf)));
        assert!(rows[3].contains("would be ␣there; ✎ ␣in by hand"), "{rows:?}");
    }

    #[test]
    fn the_chain_tells_its_order_and_what_is_muted() {
        use crate::sampling::SamplerKind::{MinP, Temperature, TopK, TopP};
        let mut fixture = Fixture::with(|setup| {
            setup.given.samplers = Some(vec![Temperature, TopP, TopK, MinP]);
            setup.given.muted = Some(vec![TopK.into()]);
        });
        let chain = |state: &State| text(state)[4..6].concat().replace(['│', ' '], "");
        assert_eq!(chain(&fixture.state), "temperature→top-p1→min-pmuted:top-k");
        fixture.keys(&["2"]);
        while fixture.state.xray().selected().is_none_or(|stage| stage.label() != "top-p") {
            fixture.keys(&["down"]);
        }
        fixture.keys(&["A", "1"]);
        assert_eq!(chain(&fixture.state), "top-p2alone:top-p");
    }

    #[test]
    fn a_chain_of_one_line_stands_at_the_bottom() {
        let fixture = Fixture::with(|setup| setup.given.min_p = Some(0.0));
        let rows = text(&fixture.state);
        assert_eq!(
            rows[4..6],
            [format!("│{}│", " ".repeat(38)), "│ top-k 40 → top-p 2 → temperature     │".into()]
        );
    }

    #[test]
    fn no_size_is_too_small() {
        never_panics(0..90, 0..9, draw, hit);
    }
}
