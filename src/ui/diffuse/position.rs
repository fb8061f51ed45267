//! One position: what could stand there, why it opens or waits, and what was guessed step by step.
//!
//! ```text
//! ╭ Position 23  i explains ──────────────────── step 6 comes next ╮
//! │   # token            id     p  0                            1  │
//! │ ▸ 1 ␣girl           312  .471  █████████████▍                  │
//! │ it opens: its score is number 2 for 3 places                   │
//! │ step 1 ␣the .102 ██▋                                           │
//! ╰ entropy 2.31 bits ─────────────────────── drawn at u 0.4592 ───╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};
use unicode_width::UnicodeWidthStr as _;

use super::{canvas::draw_line, draw_words, say, step_on_view, waiting};
use crate::{
    app::{CellKind, Hit, OnCanvas, PanelId, State},
    decode::diffusion::{Drawn, Guess, Look, Reading},
    text::{Shown, Spaces, TokenText},
    theme::Marks,
    token::Token,
    ui::{
        frame,
        numbers::{PROBABILITY_WIDTH, probability},
        rows::{page, wrap_words},
        widgets::{Bar, Panel, Shorter, elide, scale_head},
    },
};

/// Rows of candidates where there is room for more below them.
const CANDIDATES: u16 = 9;
/// Insides of at least so many rows have the history below the candidates.
const ROOM_FOR_HISTORY: u16 = 13;

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    panel(state).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() || waiting(state).is_some() {
        return;
    }
    let parts = Parts::of(state, inner);
    if state.diffuse().look().is_none() {
        say(state, &nothing_read(state), inner, buf);
        return;
    }
    let columns = Columns::of(inner);
    if let Some(head) = parts.head {
        columns.head(state, head, buf);
    }
    for (index, place) in candidate_rows(state, parts.candidates) {
        let Some(guess) = state.diffuse().view().candidates().get(index) else { continue };
        columns.candidate(state, index, *guess, place, buf);
    }
    draw_words(&parts.why, state.theme().text(), parts.below, buf);
    if let Some(history) = parts.history {
        draw_history(state, history, buf);
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Hit {
    let parts = Parts::of(state, frame::inner(area));
    let mut rows = candidate_rows(state, parts.candidates);
    let found = rows.find(|(_, place)| place.contains(at)).filter(|_| state.diffuse().look().is_some());
    found.map_or_else(
        || frame::hit(&panel(state), PanelId::Position, area, at),
        |(row, _)| Hit::Row(PanelId::Position, row),
    )
}

fn candidate_rows(state: &State, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
    let diffuse = state.diffuse();
    page(diffuse.view().candidates().len(), diffuse.candidate(), area)
}

/// What stands where.
struct Parts {
    head: Option<Rect>,
    candidates: Rect,
    why: String,
    below: Rect,
    history: Option<Rect>,
}

impl Parts {
    fn of(state: &State, inner: Rect) -> Self {
        let why = why(state);
        let head = (inner.height >= 4).then_some(Rect { height: 1, ..inner });
        let top = u16::from(head.is_some());
        let with_history = inner.height >= ROOM_FOR_HISTORY;
        let lines =
            (wrap_words(&why, inner.width.into()).len() as u16).min(inner.height.saturating_sub(top + 1));
        let known = (state.diffuse().view().candidates().len() as u16).max(1);
        let candidates = (inner.height - top - lines).min(if with_history { CANDIDATES } else { known });
        let below = Rect { y: inner.y + top + candidates, height: lines, ..inner };
        let used = top + candidates + lines + 1;
        let history = with_history.then(|| Rect {
            y: inner.y + used,
            height: inner.height.saturating_sub(used),
            ..inner
        });
        Self {
            head,
            candidates: Rect { y: inner.y + top, height: candidates, ..inner },
            why,
            below,
            history: history.filter(|area| area.height > 1),
        }
    }
}

/// Where the columns begin.
struct Columns {
    token: u16,
    token_width: u16,
    id: Option<u16>,
    p: u16,
    bar: u16,
    bar_width: u16,
}

impl Columns {
    fn of(inner: Rect) -> Self {
        let with_id = inner.width >= 46;
        let token_width = (inner.width / 4).clamp(8, 20);
        let id = with_id.then_some(4 + token_width + 1);
        let p = id.map_or(4 + token_width, |id| id + 6) + 1;
        let bar = p + PROBABILITY_WIDTH + 1;
        Self { token: 4, token_width, id, p, bar, bar_width: inner.width.saturating_sub(bar) }
    }

    fn head(&self, state: &State, row: Rect, buf: &mut Buffer) {
        let style = state.theme().dim();
        let mut put = |x: u16, text: &str| {
            buf.set_stringn(row.x + x, row.y, text, usize::from(row.width.saturating_sub(x)), style);
        };
        put(2, "#");
        put(self.token, "token");
        if let Some(id) = self.id {
            put(id + 4, "id");
        }
        put(self.p + PROBABILITY_WIDTH - 1, "p");
        put(self.bar, &scale_head(self.bar_width));
    }

    fn candidate(&self, state: &State, index: usize, guess: Guess, row: Rect, buf: &mut Buffer) {
        let theme = state.theme();
        let drawn = state.diffuse().look().and_then(|(look, _)| look.reading.drawn).map(|drawn| drawn.token);
        let stands = written(state);
        let chosen = stands.or(drawn) == Some(guess.token);
        let style = if chosen { theme.chosen() } else { theme.text() };
        let mark = if chosen { Marks::CHOSEN } else { " " };
        let mut put = |x: u16, text: &str, style: Style| {
            buf.set_stringn(row.x + x, row.y, text, usize::from(row.width.saturating_sub(x)), style);
        };
        put(0, mark, theme.chosen());
        // One that was drawn further down has no number here.
        let number = if index < Reading::TOP { (index + 1).to_string() } else { "–".to_owned() };
        put(2, &number, theme.dim());
        put(self.token, &elide(shown(state, guess.token).as_str(), self.token_width.into()), style);
        if let Some(id) = self.id {
            put(id, &format!("{:>6}", guess.token), theme.dim());
        }
        put(self.p, &format!("{:>5}", probability(guess.p)), theme.strong());
        let bar = Rect { x: row.x + self.bar, width: self.bar_width, ..row }.intersection(row);
        draw_bar(bar, guess.p, if chosen { theme.bar_final() } else { theme.bar_raw() }, buf);
        if state.focus() == PanelId::Position && index == state.diffuse().candidate() {
            buf.set_style(row, theme.selected_row());
        }
    }
}

/// No bar for what is less than half an eighth of a cell.
fn draw_bar(area: Rect, p: f64, style: Style, buf: &mut Buffer) {
    if p * f64::from(area.width) * 16.0 >= 1.0 {
        (&Bar { fraction: p, style }).render(area, buf);
    }
}

fn shown(state: &State, token: Token) -> Shown<'static> {
    let piece = state.diffuse().canvas().map_or(&[][..], |canvas| canvas.vocabulary().piece(token));
    TokenText::new().push(piece, Spaces::Marked)
}

/// The token that stands at the selected position; None for a mask.
fn written(state: &State) -> Option<Token> {
    let canvas = state.diffuse().canvas()?;
    canvas.canvas().get(state.diffuse().position()).copied().filter(|&token| token != canvas.mask())
}

fn kind(state: &State) -> Option<CellKind> {
    state.diffuse().view().cells.get(state.diffuse().position()).map(|cell| cell.kind)
}

/// Why the selected position opens or waits, or opened when it did.
fn why(state: &State) -> String {
    let Some((look, open)) = state.diffuse().look() else { return String::new() };
    let step = state.diffuse().view().read_in.map_or(0, |step| step + 1);
    let told = look.fate.sentence(look.rank, open);
    match kind(state) {
        Some(CellKind::Open { read: Some(_), .. }) => {
            let told = told.replacen("it opens", "it opened", 1);
            format!("Step {step}: {told}.")
        }
        Some(CellKind::Open { read: None, .. }) => {
            format!("You wrote it; the candidates are those of step {step}.")
        }
        _ => match (state.diffuse().view().on, look.reading.drawn) {
            (OnCanvas::Next(_), Some(drawn)) => {
                format!("Step {step}: {told}. Drawn: {}.", shown(state, drawn.token).as_str())
            }
            _ => format!("Step {step}: {told}."),
        },
    }
}

/// What is said of a position that was never read.
fn nothing_read(state: &State) -> String {
    match kind(state) {
        Some(CellKind::Given) => {
            "This word is given: it is read in every pass and never changes. Shift with ← and → goes to the positions that \
             are written."
                .to_owned()
        }
        Some(CellKind::Beyond) => "The text has ended before this position: nothing is written here.".to_owned(),
        Some(CellKind::Open { read: None, .. }) => "You wrote this token before the model had read the position.".to_owned(),
        _ => "What could stand here is known as soon as the model has read the canvas.".to_owned(),
    }
}

/// The best guess of every step, the newest at the end; those before it are left out where there is no room.
fn draw_history(state: &State, area: Rect, buf: &mut Buffer) {
    let diffuse = state.diffuse();
    let Some(canvas) = diffuse.canvas() else { return };
    let until = diffuse.view().read_in.unwrap_or(0);
    let known: Vec<(usize, &Look)> =
        canvas.history(diffuse.position()).take_while(|(step, _)| *step <= until).collect();
    let theme = state.theme();
    let rows = usize::from(area.height - 1);
    let told = if known.len() > rows {
        "Likeliest token of the last steps"
    } else {
        "Likeliest token of every step"
    };
    draw_line(area, 0, told, theme.dim(), buf);
    let token_width = (area.width / 4).clamp(8, 20);
    for (row, (step, look)) in known.iter().skip(known.len().saturating_sub(rows)).enumerate() {
        let Some(best) = look.reading.best() else { continue };
        let place = Rect { y: area.y + 1 + row as u16, height: 1, ..area };
        let changed = canvas.changed_its_mind(*step, diffuse.position());
        let text = elide(shown(state, best.token).as_str(), token_width.into());
        let pad = usize::from(token_width).saturating_sub(text.width());
        let spans = vec![
            Span::styled(format!("{:>4} ", step + 1), theme.dim()),
            Span::styled(if changed { "≠" } else { " " }, theme.warning()),
            Span::styled(
                format!("{text}{}", " ".repeat(pad)),
                if changed { theme.strong() } else { theme.text() },
            ),
            Span::styled(format!(" {:>5} ", probability(best.p)), theme.text()),
        ];
        let line = Line::from(spans);
        let used = line.width() as u16;
        buf.set_line(place.x, place.y, &line, place.width);
        let bar =
            Rect { x: place.x + used, width: place.width.saturating_sub(used), ..place }.intersection(place);
        draw_bar(bar, best.p, theme.bar_raw(), buf);
    }
}

/// How the drawn token came out of the sampler chain, in two wordings.
fn drawn_text(drawn: Drawn) -> [String; 2] {
    let u = format!("drawn at u {:.4}", drawn.u);
    [format!("final p {} · {u}", probability(drawn.p_final)), u]
}

fn panel<'a>(state: &State) -> Panel<'a> {
    let theme = state.theme();
    let diffuse = state.diffuse();
    let line = |text: &String| Line::styled(text.clone(), theme.key_label());
    let steps = match kind(state) {
        Some(CellKind::Given) => vec!["given".to_owned()],
        Some(CellKind::Open { step, read: Some(_), .. }) => vec![format!("opened in step {}", step + 1)],
        Some(CellKind::Open { read: None, .. }) => vec!["written by hand".to_owned()],
        Some(CellKind::Beyond) => vec!["behind the end".to_owned()],
        Some(CellKind::Masked { .. }) => step_on_view(state),
        None => Vec::new(),
    };
    let look = diffuse.look().map(|(look, _)| look);
    let entropy = look.map(|look| format!("entropy {:.2} bits", look.reading.sure.entropy_bits));
    let u = look.and_then(|look| look.reading.drawn).map(drawn_text);
    let [u, short] = u.unwrap_or_default();
    let title = if diffuse.canvas().is_some() {
        format!("Position {}", diffuse.position() + 1)
    } else {
        PanelId::Position.title().to_owned()
    };
    Panel {
        top_right: steps.first().map(line).unwrap_or_default(),
        bottom_left: entropy.as_ref().map(line).unwrap_or_default(),
        bottom_right: line(&u),
        shorter: Shorter {
            top_right: steps.iter().skip(1).map(line).collect(),
            bottom_right: vec![line(&short)],
            ..Shorter::default()
        },
        ..frame::titled(state, PanelId::Position, title)
    }
}
