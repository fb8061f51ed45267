//! The stages of the chain, one a row, from the model to the draw.
//!
//! ```text
//! ╭ Stages ⁱ ─────────────────────────────── llama.cpp's order ╮
//! │ stage       setting      kept removed      bits            │
//! │ model                   4,096              2.90  ▇▃▂▁▁▁▁▁▁ │
//! │▸top-k       40        40/4,096   .018  2.90→2.71 ▇▃▂▁▁▁    │
//! │ 8 stages off: logit-bias, penalties, dry …                 │
//! ╰ cutoff at p 0.0465 ────────────────────────────────────────╯
//! ```

mod footer;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::Line,
    widgets::Widget,
};

use super::{bits, draw_sentence, panel, pen::Pen};
use crate::{
    app::{Hit, State, XrayPanel},
    distribution::Bounds,
    sampling::{Off, SamplerKind, StageXray, Xray},
    theme::Marks,
    ui::{
        numbers::{PROBABILITY_WIDTH, probability, thousands},
        rows::fitting,
        widgets::{Panel, Picture},
    },
};

/// Cells of the longest label, `temperature`.
const LABEL: u16 = 11;
/// Cells of two entropies, `2.90→2.71`.
const BITS: u16 = 9;
/// Cells of the setting and of the picture at least and at most.
const SETTING: (u16, u16) = (7, 30);
const PICTURE: (u16, u16) = (8, crate::app::XRAY_BARS);

pub(super) fn draw(state: &State, area: Rect, buf: &mut Buffer) {
    frame(state, area.width).render(area, buf);
    let inner = Panel::inner(area);
    let Some(xray) = state.xray().xray.as_ref().filter(|_| !inner.is_empty()) else {
        draw_sentence(state, super::inner(area), buf);
        return;
    };
    let columns = Columns::of(inner.width, xray.raw.len());
    if heads(inner) > 0 {
        columns.heads(state, Rect { height: 1, ..inner }, buf);
    }
    let painter = Painter { state, xray, columns };
    for (row, place) in rows(state, inner) {
        if row == state.xray().rows() {
            painter.folded(place, buf);
        } else {
            painter.row(row, place, buf);
        }
        if state.xray().is_selected(row) && state.xray().panel == XrayPanel::Stages {
            buf.set_style(place, state.theme().selected_row());
        }
    }
}

pub(super) fn hit(state: &State, area: Rect, at: Position) -> Option<Hit> {
    let inner = Panel::inner(area);
    let (row, _) = rows(state, inner).find(|(_, place)| place.contains(at))?;
    Some(Hit::Stage(row))
}

/// Rows of the heads: none in a low panel.
fn heads(inner: Rect) -> u16 {
    u16::from(inner.height >= 5)
}

/// The rows that are shown with their places, those around the selected one in a low panel.
fn rows(state: &State, inner: Rect) -> impl Iterator<Item = (usize, Rect)> + use<> {
    let top = heads(inner);
    let height = inner.height.saturating_sub(top);
    let visible = if inner.width == 0 { Vec::new() } else { state.xray().visible() };
    let first = (state.xray().selected_row() + 1).saturating_sub(height.into());
    visible
        .into_iter()
        .skip(first)
        .zip(0..height)
        .map(move |(row, y)| (row, Rect { y: inner.y + top + y, height: 1, ..inner }))
}

fn frame<'a>(state: &State, width: u16) -> Panel<'a> {
    let theme = state.theme();
    let soloed: Vec<&str> = state.sampling().soloed.iter().map(|kind| kind.label()).collect();
    // Between the corners and a space on either side.
    let facts = fitting(&footer::wordings(state), usize::from(width).saturating_sub(4)).to_owned();
    Panel {
        top_right: Line::styled(order(&state.sampling().samplers, state.sampling()), theme.key_label()),
        bottom_left: Line::styled(facts, theme.text()),
        bottom_right: if soloed.is_empty() {
            Line::default()
        } else {
            Line::styled(format!("only: {}", soloed.join(", ")), theme.warning())
        },
        ..panel(state, XrayPanel::Stages, XrayPanel::Stages.title())
    }
}

/// What the order of the samplers is called.
fn order(samplers: &[SamplerKind], settings: &crate::sampling::SamplingSettings) -> &'static str {
    if samplers == SamplerKind::ALL {
        "llama.cpp's order"
    } else if settings.is_temperature_first() {
        "temperature first"
    } else {
        "custom order"
    }
}

/// The cells of the columns; 0 for one that has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    setting: u16,
    kept: u16,
    /// Whether the candidates before a stage are told too.
    of: bool,
    bits: u16,
    picture: u16,
}

impl Columns {
    /// What has no room is given up in this order: the candidates before, entropy, setting.
    fn of(width: u16, n_vocab: usize) -> Self {
        let count = thousands(n_vocab).len() as u16;
        let mut room = width.saturating_sub(1 + LABEL + 1 + PROBABILITY_WIDTH + 1);
        let mut take = |cells: u16| {
            let taken = if room > cells { cells } else { 0 };
            room -= if taken > 0 { taken + 1 } else { 0 };
            taken
        };
        let (picture, kept) = (take(PICTURE.0), take(count));
        let (setting, bits) = (take(SETTING.0), take(BITS));
        let of = bits > 0 && take(count) > 0;
        let more_setting = if setting > 0 { (room / 2).min(SETTING.1 - SETTING.0) } else { 0 };
        let more_picture = if picture > 0 { (room - more_setting).min(PICTURE.1 - PICTURE.0) } else { 0 };
        Self {
            setting: setting + more_setting,
            kept: if of { 2 * count + 1 } else { kept },
            of,
            bits,
            picture: picture + more_picture,
        }
    }

    fn heads(self, state: &State, row: Rect, buf: &mut Buffer) {
        let dim = state.theme().dim();
        let mut pen = Pen::new(Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row }, buf);
        pen.left(LABEL, "stage", dim);
        pen.left(self.setting, "setting", dim);
        let kept = ["kept/of", "kept"].map(str::to_owned);
        pen.right(self.kept, fitting(&kept[usize::from(!self.of)..], self.kept.into()), dim);
        pen.right(PROBABILITY_WIDTH, "cut", dim);
        pen.right(self.bits, "bits", dim);
        pen.left(self.picture, "after", dim);
    }
}

struct Painter<'a> {
    state: &'a State,
    xray: &'a Xray,
    columns: Columns,
}

impl Painter<'_> {
    fn row(&self, row: usize, place: Rect, buf: &mut Buffer) {
        let mark = if self.state.xray().is_selected(row) { Marks::CHOSEN } else { " " };
        let mut pen = Pen::new(place, buf);
        pen.left(1, mark, self.state.theme().chosen());
        pen.close_up();
        match row.checked_sub(1).and_then(|index| self.xray.stages.get(index)) {
            None => self.model(&mut pen),
            Some(stage) => match stage.off {
                None => self.stage(stage, &mut pen),
                Some(off) => self.off(stage, off, &mut pen),
            },
        }
        if self.is_on(row) {
            let picture = pen.column(self.columns.picture);
            self.picture(row, picture, pen.buffer());
        }
    }

    /// The line that stands for the stages that are off, or, where they stand in their places, folds them.
    fn folded(&self, place: Rect, buf: &mut Buffer) {
        let (theme, xray) = (self.state.theme(), self.state.xray());
        let off = xray.foldable();
        let mut pen = Pen::new(place, buf);
        pen.left(1, if xray.is_selected(xray.rows()) { Marks::CHOSEN } else { " " }, theme.chosen());
        pen.close_up();
        let count = off.len();
        if xray.unfolded {
            pen.rest(&format!("fold the {count} stages that are off"), theme.dim());
            return;
        }
        let names: Vec<&str> =
            off.iter().filter_map(|row| Some(self.xray.stages.get(row - 1)?.label())).collect();
        let names = names.join(", ");
        let wordings = [format!("{count} stages off: {names}"), format!("{count} stages off")];
        pen.rest(fitting(&wordings, usize::from(place.width).saturating_sub(2)), theme.dim());
    }

    fn is_on(&self, row: usize) -> bool {
        row.checked_sub(1)
            .and_then(|index| self.xray.stages.get(index))
            .is_none_or(|stage| stage.off.is_none())
    }

    fn model(&self, pen: &mut Pen) {
        let (theme, c) = (self.state.theme(), self.columns);
        pen.left(LABEL, "model", theme.text());
        pen.left(c.setting, "", theme.text());
        pen.right(c.kept, &thousands(self.xray.raw.kept()), theme.text());
        pen.right(PROBABILITY_WIDTH, "", theme.text());
        pen.right(c.bits, &entropies(self.xray.raw.entropy_bits(), None), theme.text());
    }

    fn stage(&self, stage: &StageXray, pen: &mut Pen) {
        let (theme, c) = (self.state.theme(), self.columns);
        let (number, changed) = (theme.text(), if stage.changed() { theme.strong() } else { theme.dim() });
        let about = if stage.doubt.is_some() { Marks::ABOUT } else { "" };
        let label = if stage.doubt.is_some() { theme.warning() } else { theme.text() };
        pen.left(LABEL, stage.label(), label);
        pen.left(c.setting, &stage.setting, number);
        let cuts = stage.kept != stage.of || stage.cut_unnamed;
        let kept = if stage.kept != stage.of && c.of {
            format!("{about}{}/{}", thousands(stage.kept), thousands(stage.of))
        } else {
            format!("{about}{}", thousands(stage.kept))
        };
        pen.right(c.kept, &kept, if cuts { changed } else { theme.dim() });
        let removed = if cuts { probability(stage.removed_mass) } else { Marks::CUT.to_owned() };
        pen.right(PROBABILITY_WIDTH, &removed, if cuts { number } else { theme.dim() });
        let entropy = entropies(stage.entropy_after, Some(stage.entropy_before));
        pen.right(c.bits, &entropy, if before_differs(stage) { number } else { theme.dim() });
    }

    /// A stage that does nothing, and why.
    fn off(&self, stage: &StageXray, off: Off, pen: &mut Pen) {
        let theme = self.state.theme();
        pen.left(LABEL, stage.label(), theme.dim());
        let why = match off {
            Off::Neutral => off.to_string(),
            _ if stage.setting.is_empty() => off.to_string(),
            _ => format!("{off} ({})", stage.setting),
        };
        let style = if off == Off::Muted { theme.warning() } else { theme.dim() };
        pen.rest(&why, style);
    }

    fn picture(&self, row: usize, place: Rect, buf: &mut Buffer) {
        let Some(bars) = self.state.xray().pictures.get(row) else { return };
        let shown = &bars[..bars.len().min(place.width.into())];
        (&Picture { values: shown, largest: self.largest(), style: self.style(row) }).render(place, buf);
    }

    /// The largest probability of all pictures, so that they can be compared.
    fn largest(&self) -> f64 {
        self.state.xray().pictures.iter().flatten().copied().filter(|p| p.is_finite()).fold(0.0, f64::max)
    }

    fn style(&self, row: usize) -> Style {
        let theme = self.state.theme();
        if row == 0 { theme.bar_raw() } else { theme.bar_final() }
    }
}

/// `2.90→2.71`; with bounds, which take its place, the entropy afterwards: `3.1–3.4`.
fn entropies(after: Bounds, before: Option<Bounds>) -> String {
    let one = |entropy: Bounds| match entropy.exact() {
        Some(entropy) => bits(entropy),
        None => format!("{entropy:.1}").replace(" to ", "–"),
    };
    let text = one(after);
    match before.map(one).filter(|before| *before != text) {
        Some(before) if before.contains('–') || text.contains('–') => text,
        Some(before) => format!("{before}→{text}"),
        None => text,
    }
}

fn before_differs(stage: &StageXray) -> bool {
    entropies(stage.entropy_before, None) != entropies(stage.entropy_after, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_their_row_and_go_in_order() {
        for n_vocab in [2, 512, 4096, 151_936] {
            for width in 0..=200 {
                let c = Columns::of(width, n_vocab);
                let columns = [c.setting, c.kept, c.bits, c.picture];
                let gaps = columns.iter().filter(|column| **column > 0).count() as u16;
                let used = 1 + LABEL + 1 + PROBABILITY_WIDTH + columns.iter().sum::<u16>() + gaps;
                let fixed = 1 + LABEL + 1 + PROBABILITY_WIDTH;
                assert!(used <= width.max(fixed + 1), "{width}: {c:?}");
                assert!(c.bits == 0 || c.setting > 0, "{width}: {c:?}");
            }
        }
        assert!(Columns::of(58, 4096).of, "half of 120 columns tells everything");
        assert_eq!(Columns::of(38, 4096).kept, 5);
    }
}
