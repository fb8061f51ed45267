//! The end token's probability or rank along the text: one sees the model come to its end.
//!
//! ```text
//! end token p 1 ⢀⠔⠢⡀              ⢀⠔
//!          1e-6 ⠁  ⠈⠒⠤⠤⠔⠒⠤⠤⠤⠒⠉⠑⠢⠔⠁
//! ```

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::Widget,
};

use crate::{
    app::State,
    decode::Session,
    distribution::Rank,
    settings::EndChart,
    tree::Step,
    ui::{numbers::thousands, widgets::LineChart},
};

/// The exponent of ten at the bottom of the chart of probabilities; the top is 1.
const FLOOR: f64 = -6.0;
/// Cells of the scale before the chart.
const SCALE: u16 = 14;
/// Rows of text that stay, and rows that are enough for a chart of two and of three rows, by [`EndChart::Auto`].
const ENOUGH: [u16; 2] = [7, 10];

/// Rows that the chart takes of `height`, which it shares with the text.
pub(super) fn rows(state: &State, height: u16) -> u16 {
    let path = state.session().map(|session| session.path());
    if path.is_none_or(|path| path.generated() == 0 && !path.is_scored()) {
        return 0;
    }
    let roomy = 2 * u16::from(height >= ENOUGH[0]) + u16::from(height >= ENOUGH[1]);
    match state.end_chart() {
        EndChart::Off => 0,
        EndChart::Auto => roomy,
        EndChart::On | EndChart::Rank => roomy.max(u16::from(height >= 2)),
    }
}

pub(super) fn draw(state: &State, session: &Session, area: Rect, buf: &mut Buffer) {
    if area.is_empty() || area.width <= SCALE {
        return;
    }
    let theme = state.theme();
    let measure = Measure::of(state, session);
    for (row, text) in measure.scale(area.height) {
        buf.set_stringn(area.x, area.y + row, text, SCALE.into(), theme.dim());
    }
    let chart = plot(area);
    let series = Series::of(session, measure, LineChart::capacity(chart), state.cursor());
    let stretch = series.stretch(chart);
    let values: Vec<f64> =
        series.heights.iter().flat_map(|&height| std::iter::repeat_n(height, stretch)).collect();
    let marked =
        state.cursor().and_then(|cursor| cursor.checked_sub(series.first)).map(|value| value * stretch);
    (&LineChart {
        values: &values,
        style: theme.sparkline(),
        marked: marked.map(|value| (value, theme.cursor())),
    })
        .render(chart, buf);
}

/// The position of the token that is charted at a place of the chart's area.
pub(super) fn token_at(state: &State, session: &Session, area: Rect, at: Position) -> Option<usize> {
    if area.width <= SCALE || !plot(area).contains(at) {
        return None;
    }
    let chart = plot(area);
    let series = Series::of(session, Measure::of(state, session), LineChart::capacity(chart), state.cursor());
    let value = LineChart::value_at(chart, at) / series.stretch(chart);
    (value < series.heights.len()).then_some(series.first + value)
}

/// The area without the scale.
fn plot(area: Rect) -> Rect {
    Rect { x: area.x + SCALE, width: area.width - SCALE, ..area }
}

/// What of the end token is charted. Both by their logarithms: a line of the values themselves would lie on the floor until
/// the very end.
#[derive(Clone, Copy)]
enum Measure {
    /// The probability of all end tokens together, from 10^[`FLOOR`] to 1.
    Probability,
    /// The rank of the likeliest, from the last of so many tokens to 1.
    Rank(usize),
}

impl Measure {
    fn of(state: &State, session: &Session) -> Self {
        match state.end_chart() {
            EndChart::Rank => Self::Rank(session.vocabulary().len()),
            EndChart::Auto | EndChart::On | EndChart::Off => Self::Probability,
        }
    }

    /// The rows of the scale and what stands there: what the top means, and in a chart of more rows the bottom.
    fn scale(self, height: u16) -> Vec<(u16, String)> {
        let (name, ends) = match self {
            Self::Probability => ("end token p", ["1".to_owned(), "1e-6".to_owned()]),
            Self::Rank(tokens) => ("end token", ["#1".to_owned(), format!("#{}", thousands(tokens))]),
        };
        // The ends of the scale stand below one another, beside the chart.
        let width = usize::from(SCALE) - 1;
        match height {
            ..=1 => vec![(0, name.to_owned())],
            height => {
                let top = format!("{name}{:>1$}", ends[0], width - name.len());
                vec![(0, top), (height - 1, format!("{:>width$}", ends[1]))]
            }
        }
    }

    /// Where a step lies between bottom (0) and top (1); NaN where it is not known.
    fn height(self, step: &Step) -> f64 {
        match (self, step.eog_rank) {
            (Self::Probability, _) => {
                step.p_eog.exact().map_or(f64::NAN, |p| 1.0 - p.log10().clamp(FLOOR, 0.0) / FLOOR)
            }
            (Self::Rank(tokens), Some(Rank::At(rank))) => {
                1.0 - (rank as f64).ln() / (tokens.max(2) as f64).ln()
            }
            (Self::Rank(_), None | Some(Rank::Beyond(_))) => f64::NAN,
        }
    }
}

/// The part of the text that is charted.
struct Series {
    /// The first token's position in the path.
    first: usize,
    /// A height from 0 to 1 for each token from there on.
    heights: Vec<f64>,
}

impl Series {
    /// The last tokens that there is room for, or those from the cursor on, if that is before them. Tokens of a prompt
    /// that is not scored are left out.
    fn of(session: &Session, measure: Measure, room: usize, cursor: Option<usize>) -> Self {
        let path = session.path();
        let start = if path.is_scored() { 0 } else { path.prompt_len() };
        let newest = path.tokens().len().saturating_sub(room).max(start);
        let first = cursor.filter(|&cursor| cursor >= start).map_or(newest, |cursor| cursor.min(newest));
        let end = path.tokens().len().min(first + room);
        let height = |position| path.step_at(position).map_or(f64::NAN, |(step, _)| measure.height(step));
        Self { first, heights: (first..end).map(height).collect() }
    }

    /// Values of the chart that a token takes: a short text takes a cell a token, a longer one half a cell.
    fn stretch(&self, chart: Rect) -> usize {
        if self.heights.len() <= usize::from(chart.width) { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::fixture::Fixture,
        distribution::{Bounds, Summary},
        token::Token,
        ui::testing::{drawn, rows as text_rows},
    };

    fn step() -> Step {
        let logits = [0.0; 2];
        Step::of(Token(0), &Summary::of(&logits, 1), &logits, &[])
    }

    #[test]
    fn heights_by_hand() {
        let close = |measure: Measure, p_eog: f64, rank: usize, expected: f64| {
            let height = measure.height(&Step {
                p_eog: Bounds::exactly(p_eog),
                eog_rank: Some(Rank::At(rank)),
                ..step()
            });
            assert!((height - expected).abs() < 1e-12, "{p_eog}, {rank}: {height}");
        };
        for (p, expected) in [(1.0, 1.0), (1e-3, 0.5), (1e-6, 0.0), (0.0, 0.0), (1e-30, 0.0)] {
            close(Measure::Probability, p, 1, expected);
        }
        for (rank, expected) in [(1, 1.0), (64, 0.5), (4096, 0.0)] {
            close(Measure::Rank(4096), 1.0, rank, expected);
        }
        assert!(Measure::Rank(4096).height(&Step { eog_rank: None, ..step() }).is_nan());
        let scale = |measure: Measure, rows| {
            measure.scale(rows).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(scale(Measure::Rank(4096), 3), ["end token  #1", "       #4,096"]);
        assert_eq!(scale(Measure::Rank(151_936), 2), ["end token  #1", "     #151,936"]);
        assert_eq!(scale(Measure::Probability, 2), ["end token p 1", "         1e-6"]);
        assert_eq!(scale(Measure::Probability, 1), ["end token p"]);
    }

    #[test]
    fn the_chart_takes_rows_the_text_can_spare() {
        let mut fixture = Fixture::new();
        assert_eq!(rows(&fixture.state, 14), 0, "there is nothing to chart yet");
        fixture.keys(&["n"]);
        let mut state = fixture.state;
        let taken = |state: &State| [1, 2, 4, 6, 7, 9, 10, 14].map(|height| rows(state, height));
        assert_eq!(taken(&state), [0, 0, 0, 0, 2, 2, 3, 3]);
        state.show_end_chart(EndChart::On);
        assert_eq!(taken(&state), [0, 1, 1, 1, 2, 2, 3, 3]);
        state.show_end_chart(EndChart::Off);
        assert_eq!(taken(&state), [0; 8]);
    }

    #[test]
    fn the_end_token_rises_after_a_full_stop() {
        let mut fixture = Fixture::with(|setup| setup.given.temperature = Some(0.0));
        // , there was a little girl named Lily . She: the end token is likely after "." alone.
        fixture.keys(&["n"; 10]);
        let session = fixture.state.session().unwrap();
        let series = Series::of(session, Measure::Probability, 100, None);
        assert_eq!((series.first, series.heights.len()), (4, 10));
        let highest = series.heights.iter().copied().fold(0.0, f64::max);
        let expected = 1.0 - 0.06_f64.log10() / FLOOR;
        assert!((highest - expected).abs() < 1e-6 && highest.to_bits() == series.heights[9].to_bits());
        let buffer = drawn(30, 2, |area, buf| draw(&fixture.state, session, area, buf));
        let text = text_rows(&buffer);
        assert!(text[0].starts_with("end token p 1 ") && text[1].starts_with("         1e-6 "), "{text:?}");
        assert!(
            text.iter().all(|row| row.chars().any(|c| ('\u{2801}'..='\u{28FF}').contains(&c))),
            "{text:?}"
        );
    }

    #[test]
    fn the_cursor_stays_in_the_chart() {
        let mut fixture = Fixture::with(|setup| setup.given.temperature = Some(0.0));
        fixture.keys(&["n"; 30]);
        let session = fixture.state.session().unwrap();
        assert_eq!(Series::of(session, Measure::Probability, 10, None).first, 24);
        assert_eq!(Series::of(session, Measure::Probability, 10, Some(12)).first, 12);
        assert_eq!(Series::of(session, Measure::Probability, 10, Some(30)).first, 24);
        assert_eq!(
            Series::of(session, Measure::Probability, 10, Some(1)).first,
            24,
            "the prompt is not scored"
        );
    }
}
