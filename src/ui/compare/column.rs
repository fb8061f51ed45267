//! A lane in a column, or in the whole width below the table.
//!
//! ```text
//! ╭ 2 llama.cpp ⁱ ─────────────── running ╮
//! │ temperature 0.8                       │
//! │                                       │
//! │ …,␣there␣was␣a◆␣big▏                  │
//! │                                       │
//! │ ◆ diverges from lane 1 at token 5     │
//! │ ␣big .210 → .190                      │
//! │ instead of ␣little .440 → 1.00        │
//! │                                       │
//! │ tokens         12   ln P        −14.2 │
//! │ entropy 2.10 bits   perplexity    3.2 │
//! ╰───────────────────────────────────────╯
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Paragraph, Widget, Wrap},
};
use unicode_width::UnicodeWidthStr;

use super::{figures, text::LaneText};
use crate::{
    app::{Hit, PanelId, State},
    decode::lanes::Lane,
    ui::{
        frame,
        rows::{draw_rows, flow},
        widgets::Panel,
    },
};

/// Cells of a figure: its label, its value, and what sets it off from the next.
const FIGURE: usize = 18;
/// Figures of a lane beside others, and the rows for them.
const FOLDED_FIGURES: usize = 4;
const FOLDED_ROWS: usize = 2;
/// Rows of text that are kept before anything is told of it.
const LEAST_TEXT: usize = 2;

pub(super) fn draw(state: &State, lane: usize, columns: bool, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    panel(state, lane, columns, area.width).render(area, buf);
    let inner = frame::inner(area);
    if inner.is_empty() {
        return;
    }
    let Some(parts) = Parts::of(state, lane, columns, area) else {
        let waiting = Paragraph::new(frame::waiting(state, "Lanes start"))
            .style(state.theme().dim())
            .wrap(Wrap { trim: true });
        waiting.render(inner, buf);
        return;
    };
    draw_rows(parts.head, &parts.settings, buf);
    if let Some(text) = LaneText::of(state, lane, parts.text, columns) {
        text.draw(buf);
    }
    draw_rows(parts.foot, &parts.told, buf);
}

pub(super) fn hit(state: &State, lane: usize, columns: bool, area: Rect, at: Position) -> Hit {
    let panel = panel(state, lane, columns, area.width);
    if panel.hint_area(area).is_some_and(|hint| hint.contains(at)) {
        return Hit::Explain(PanelId::Lanes);
    }
    if state.compare().lanes().get(lane).is_none() {
        return Hit::Panel(PanelId::Lanes);
    }
    let text = Parts::of(state, lane, columns, area).map(|parts| parts.text);
    let text =
        text.filter(|text| text.contains(at)).and_then(|area| LaneText::of(state, lane, area, columns));
    Hit::Lane(lane, text.and_then(|text| text.token_under(at)))
}

/// The frame of a lane. Where lanes are `columns`, what is told of all of them stands below the first and the last.
fn panel<'a>(state: &State, index: usize, columns: bool, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let focused = index == state.compare().focus() && state.focus() == PanelId::Lanes;
    let Some(lane) = state.compare().lanes().get(index) else {
        return frame::frame(state, PanelId::Lanes);
    };
    let (status, style) = figures::status(state, index, lane);
    let head = Head::of(state, index, &status, width);
    let mut title = vec![Span::styled(head.title, theme.title(focused))];
    if figures::is_alone(state, index) {
        title.push(Span::styled(ALONE, theme.warning()));
    }
    let room = usize::from(width.saturating_sub(4));
    let bottom = |at: bool, wordings: &[String]| {
        let text = if at { whole(wordings, room) } else { "" };
        Line::styled(text.to_owned(), theme.dim())
    };
    let last = index + 1 == state.compare().lanes().len();
    Panel {
        bottom_left: bottom(columns && index == 0, &figures::numbers_from(state)),
        bottom_right: bottom(columns && last && index > 0, &figures::passes(state)),
        title: Line::from(title),
        top_right: Line::styled(if head.with_status { status } else { String::new() }, style),
        border: theme.border(focused),
        border_type: theme.border_type(focused),
        ..frame::framed(state, focused, "")
    }
}

/// After the title of the lane that keys move, where they move no other.
const ALONE: &str = " on its own";

/// The first of several wordings that fits whole; nothing if none does.
fn whole(wordings: &[String], room: usize) -> &str {
    wordings.iter().find(|wording| wording.width() <= room).map_or("", String::as_str)
}

/// The title of a lane in a frame of some width.
struct Head {
    title: String,
    /// Whether the title has the lane's name; otherwise it is told with the settings.
    named: bool,
    /// Whether there is room for the lane's status.
    with_status: bool,
}

impl Head {
    /// The lane's name gives way to its status, and the status to its number.
    fn of(state: &State, index: usize, status: &str, width: u16) -> Self {
        // Between the corners and a space on either side.
        let room = usize::from(width.saturating_sub(4));
        let alone = if figures::is_alone(state, index) { ALONE.width() } else { 0 };
        let (full, short) = (figures::title(state, index), figures::number(state, index));
        // Between two titles of a frame a cell of it stays in sight, and the spaces beside them.
        let beside = |title: &str| title.width() + alone + 3 + status.width() <= room;
        if beside(&full) {
            Self { title: full, named: true, with_status: true }
        } else {
            Self { with_status: beside(&short), title: short, named: false }
        }
    }
}

/// What stands where in a lane.
struct Parts<'a> {
    head: Rect,
    settings: Vec<Line<'a>>,
    text: Rect,
    foot: Rect,
    told: Vec<Line<'a>>,
}

impl Parts<'_> {
    /// The text gets the rows that are left; what has no room is left out from the end.
    fn of(state: &State, index: usize, columns: bool, area: Rect) -> Option<Self> {
        let inner = frame::inner(area);
        let lane = state.compare().lanes().get(index)?;
        let (width, height) = (usize::from(inner.width), usize::from(inner.height));
        let mut spare = height.saturating_sub(LEAST_TEXT);
        let settings = settings(state, index, (width, area.width));
        let blank = usize::from(height >= 16);
        let head = take(&mut spare, settings.len());
        let gap = take(&mut spare, if head > 0 { blank } else { 0 });
        // Half of the rows at most, and those that no text needs: as many in all lanes, where they stand side by side.
        let wanted = |lane: usize| LaneText::lines(state, lane, width, columns);
        let lanes = state.compare().lanes().len();
        let text = if columns { (0..lanes).map(wanted).max().unwrap_or(0) } else { wanted(index) };
        let free = height.saturating_sub(head + gap + text);
        let told = told(state, index, lane, width, (spare.min(free.max(height / 2)), blank > 0, columns));
        let foot = told.len();
        let text = height.saturating_sub(head + gap + foot);
        let rows = |y: usize, height: usize| Rect { y: inner.y + y as u16, height: height as u16, ..inner };
        Some(Self {
            head: rows(0, head),
            settings,
            text: rows(head + gap, text),
            foot: rows(head + gap + text, foot),
            told,
        })
    }
}

/// As many of the rows that are wanted as are there.
fn take(spare: &mut usize, wanted: usize) -> usize {
    let taken = wanted.min(*spare);
    *spare -= taken;
    taken
}

/// The lane's settings in the text's `width`, in a frame of some width.
fn settings<'a>(state: &State, lane: usize, (width, frame): (usize, u16)) -> Vec<Line<'a>> {
    let theme = state.theme();
    let mut settings = figures::settings(state, lane, false);
    // A name that has no room in the title stands here, unless it is one of the settings.
    let told = figures::settings(state, lane, true);
    if let Some(name) = unnamed(state, lane, frame).filter(|name| !told.contains(name)) {
        settings.insert(0, name);
    }
    if settings.is_empty() {
        let wordings = ["same settings in all lanes", "same settings", ""].map(str::to_owned);
        let text = if state.compare().lanes().len() > 1 { whole(&wordings, width) } else { "" };
        return vec![Line::styled(text.to_owned(), theme.dim())];
    }
    let lines = flow(&settings, " · ", width);
    // What is left out below leaves no separator behind.
    let whole = |line: String| line.trim_end_matches(" ·").to_owned();
    lines.into_iter().take(3).map(|line| Line::styled(whole(line), theme.slider_changed())).collect()
}

/// The lane's name, where the title of a frame of this width has no room for it.
fn unnamed(state: &State, index: usize, width: u16) -> Option<String> {
    let lane = state.compare().lanes().get(index)?;
    let (status, _) = figures::status(state, index, lane);
    let head = Head::of(state, index, &status, width);
    (!head.named).then(|| figures::name(state, index)).filter(|name| !name.is_empty())
}

/// What was found out about the lane: what changed settings would have said, where it parts, where it loops.
fn findings<'a>(state: &State, index: usize, width: usize) -> Vec<Vec<Line<'a>>> {
    let parting = figures::parting(state, index, width);
    let mut groups =
        vec![figures::what_if(state, index, width), parting, figures::looped(state, index, width)];
    groups.retain(|group| !group.is_empty());
    groups
}

/// Below the text, in `rows` rows: where the lane parts, what changed settings would have said, the sums.
fn told<'a>(
    state: &State,
    index: usize,
    lane: &Lane,
    width: usize,
    (rows, roomy, columns): (usize, bool, bool),
) -> Vec<Line<'a>> {
    let gap = usize::from(roomy);
    let mut groups = findings(state, index, width);
    // Side by side the sums stand in the same rows in all lanes, whatever is told above them.
    let above =
        |lane: usize| findings(state, lane, width).iter().map(|group| group.len() + gap).sum::<usize>();
    let most = if columns { (0..state.compare().lanes().len()).map(above).max() } else { None };
    // Side by side the figures are folded: the most telling ones, the others where the panel is explained.
    let mut sums = sums(state, index, lane, width, if columns { FOLDED_FIGURES } else { usize::MAX });
    if columns {
        sums.truncate(FOLDED_ROWS);
    }
    sums.truncate(rows.saturating_sub(most.unwrap_or_else(|| above(index)) + gap).max(1));
    groups.push(sums);
    let mut lines: Vec<Line> = Vec::new();
    for group in groups {
        let room = rows.saturating_sub(lines.len() + gap);
        if room == 0 {
            break;
        }
        lines.extend(std::iter::repeat_n(Line::default(), gap));
        lines.extend(group.into_iter().take(room));
    }
    lines
}

/// The first sums, at most so many, in as many columns as fit.
fn sums<'a>(state: &State, index: usize, lane: &Lane, width: usize, most: usize) -> Vec<Line<'a>> {
    let theme = state.theme();
    let Some(view) = state.compare().view(index) else { return Vec::new() };
    let mut sums = figures::sums(lane, view);
    sums.truncate(most);
    let columns = ((width + 2) / FIGURE).clamp(1, sums.len());
    let cell = (width + 2) / columns - 2;
    let figure = |(label, value): &(&'static str, String)| {
        let pad = cell.saturating_sub(label.width() + value.width()).max(1);
        [
            Span::styled(*label, theme.dim()),
            Span::raw(" ".repeat(pad)),
            Span::styled(value.clone(), theme.text()),
        ]
    };
    let row = |row: &[(&'static str, String)]| {
        let mut spans = Vec::new();
        for sum in row {
            if !spans.is_empty() {
                spans.push(Span::raw("  "));
            }
            spans.extend(figure(sum));
        }
        Line::from(spans)
    };
    sums.chunks(columns).map(row).collect()
}
