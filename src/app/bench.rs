//! The softmax bench: logits, and the temperature to divide them by, so that one row can be followed by hand.

use std::sync::Arc;

use super::{Desk, Knob, Overlay};
use crate::{
    distribution::{Softmax, TypedLogit},
    text::Shown,
};

/// Candidates that are listed.
const LISTED: usize = 32;
/// What is there without a model.
const EXAMPLE: &str = "3.8 cat, 2.1 dog, 0.5 fish, -1 stone";

/// Where a bench's logits come from.
#[derive(Clone, Debug, PartialEq)]
pub enum BenchSource {
    /// The candidates of the step on view: all its logits.
    Step(Arc<[f64]>),
    /// They were typed.
    Typed,
}

/// Logits between which and their probabilities every number is shown.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Where the logits come from.
    pub source: BenchSource,
    /// The words of the rows, as shown.
    pub words: Vec<Shown<'static>>,
    /// The numbers of the rows.
    pub softmax: Softmax,
    /// The selected row.
    pub selected: usize,
    /// Logits being typed.
    pub typing: Option<String>,
    /// Tokens whose logits nobody has told: they count as if all were as likely, which is right at temperature 1.
    pub unnamed: usize,
    /// Why what was typed is no list of logits.
    pub refused: Option<String>,
    /// The list that was typed last, to be changed.
    typed: String,
}

impl Bench {
    /// Bytes of a typed list at most.
    pub(super) const LONGEST: usize = 2000;

    /// The logits of a list that was typed.
    fn typed(list: &[TypedLogit], temperature: f64) -> Self {
        let logits: Vec<f64> = list.iter().map(|typed| typed.logit).collect();
        let word = |(typed, number): (&TypedLogit, usize)| {
            let word = if typed.word.is_empty() { format!("#{number}") } else { typed.word.clone() };
            Shown::inline(&word).into_owned()
        };
        Self {
            source: BenchSource::Typed,
            words: list.iter().zip(1..).map(word).collect(),
            softmax: Softmax::alone(&logits, temperature),
            selected: 0,
            typing: None,
            unnamed: 0,
            refused: None,
            typed: TypedLogit::write(list),
        }
    }

    /// An example, for where there is no model.
    fn example(temperature: f64) -> Self {
        Self::typed(&TypedLogit::parse(EXAMPLE).unwrap_or_default(), temperature)
    }

    /// How many logits have no row.
    #[must_use]
    pub fn left_out(&self) -> usize {
        match &self.source {
            BenchSource::Step(logits) => logits.len() - self.softmax.rows.len(),
            BenchSource::Typed => 0,
        }
    }

    /// Works the numbers out anew at another temperature.
    pub fn set_temperature(&mut self, temperature: f64) {
        let shown: Vec<f64> = self.softmax.rows.iter().map(|row| row.logit).collect();
        self.softmax = match &self.source {
            BenchSource::Step(logits) => Softmax::of(&shown, logits, temperature),
            BenchSource::Typed => Softmax::alone(&shown, temperature),
        };
    }

    /// Begins to type logits: from those that are there, if they were typed.
    pub(super) fn begin_typing(&mut self) {
        let text = if self.source == BenchSource::Typed { self.typed.clone() } else { String::new() };
        (self.typing, self.refused) = (Some(text), None);
    }
}

impl Desk {
    /// Opens the bench: on the candidates of the step on view, or on an example where there are none.
    pub(super) fn open_bench(&mut self) {
        let temperature = Knob::Temperature.value(&self.hand.sampling);
        let bench = self.bench_of_step(temperature).unwrap_or_else(|| Bench::example(temperature));
        self.overlays.push(Overlay::Softmax(Box::new(bench)));
    }

    fn bench_of_step(&mut self, temperature: f64) -> Option<Bench> {
        self.walk.frame.node?;
        let session = self.walk.session.as_mut()?;
        let logits = session.logits(self.walk.frame.length)?;
        let rows = self.walk.frame.candidates.ranked().iter().take(LISTED);
        let (words, shown): (Vec<_>, Vec<_>) = rows
            .map(|row| {
                let word = self.walk.transcript.peek(self.walk.frame.length, row.token, session.vocabulary());
                (word, f64::from(row.logit))
            })
            .unzip();
        let (unnamed, tail) = (self.walk.frame.candidates.unnamed(), self.walk.frame.candidates.tail());
        let even = tail.map_or(f64::NEG_INFINITY, |tail| (tail.mass / unnamed.max(1) as f64).ln());
        let logit = |&logit: &f32| if logit > f32::NEG_INFINITY { f64::from(logit) } else { even };
        let logits: Arc<[f64]> = logits.iter().map(logit).collect();
        let softmax = Softmax::of(&shown, &logits, temperature);
        // Logits that are no numbers have no softmax.
        (softmax.sum.is_finite() && !shown.is_empty()).then_some(Bench {
            source: BenchSource::Step(logits),
            words,
            softmax,
            selected: 0,
            typing: None,
            unnamed,
            refused: None,
            typed: String::new(),
        })
    }

    /// The bench on top.
    pub(super) fn bench(&mut self) -> Option<&mut Bench> {
        match self.overlays.last_mut() {
            Some(Overlay::Softmax(bench)) => Some(bench),
            _ => None,
        }
    }

    /// Turns the bench's temperature by fine or coarse steps.
    pub(super) fn turn_bench(&mut self, steps: i32, coarse: bool) {
        if let Some(bench) = self.bench() {
            let temperature = Knob::Temperature.moved(bench.softmax.temperature, steps, coarse);
            bench.set_temperature(temperature);
        }
    }

    /// Takes the logits that were typed; nothing typed brings the candidates of the step back.
    pub(super) fn accept_logits(&mut self) {
        let Some(bench) = self.bench() else { return };
        let text = bench.typing.take().unwrap_or_default();
        let temperature = bench.softmax.temperature;
        if text.trim().is_empty() {
            let bench = self.bench_of_step(temperature).unwrap_or_else(|| Bench::example(temperature));
            self.overlays.pop();
            self.overlays.push(Overlay::Softmax(Box::new(bench)));
            return;
        }
        match TypedLogit::parse(&text) {
            Ok(list) => *bench = Bench::typed(&list, temperature),
            Err(error) => (bench.typing, bench.refused) = (Some(text), Some(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Message, fixture::Fixture};

    fn bench(fixture: &mut Fixture) -> &mut Bench {
        fixture.state.desk.bench().expect("it is open")
    }

    #[test]
    fn it_opens_on_the_step_and_its_rows_are_the_candidates() {
        let mut fixture = Fixture::new();
        fixture.keys(&["X"]);
        let bench = bench(&mut fixture);
        assert_eq!((bench.words[0].as_str(), bench.words.len(), bench.left_out()), (",", 32, 480));
        bench.set_temperature(1.0);
        assert!((bench.softmax.rows[0].p - 0.93).abs() < 1e-6);
    }

    #[test]
    fn its_temperature_is_its_own() {
        let mut fixture = Fixture::new();
        fixture.keys(&["X", "right", "right", "L"]);
        assert!((bench(&mut fixture).softmax.temperature - 1.0).abs() < 1e-9);
        fixture.keys(&["left"]);
        assert!((bench(&mut fixture).softmax.temperature - 0.95).abs() < 1e-9);
        assert!((fixture.state.desk.hand.sampling.temperature - 0.8).abs() < 1e-6);
        for _ in 0..30 {
            fixture.keys(&["left"]);
        }
        assert_eq!(bench(&mut fixture).softmax.rows[0].p.to_string(), "1");
    }

    #[test]
    fn logits_can_be_typed_and_pasted() {
        let mut fixture = Fixture::new();
        fixture.keys(&["X", "enter", "2", "space", "a", ",", "o", "enter"]);
        assert!(bench(&mut fixture).refused.as_ref().unwrap().contains("\"o\" has no logit"));
        fixture.keys(&["backspace"]);
        fixture.send(Message::Paste("2 b".into()));
        fixture.keys(&["enter"]);
        let typed = bench(&mut fixture);
        assert_eq!(typed.words.iter().map(Shown::as_str).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(typed.softmax.rows[1].p.to_string(), "0.5");
        // An empty list is the step again.
        fixture.keys(&["enter"]);
        for _ in 0.."2 a, 2 b".len() {
            fixture.keys(&["backspace"]);
        }
        fixture.keys(&["enter"]);
        assert_eq!(bench(&mut fixture).words[0].as_str(), ",");
        fixture.keys(&["enter", "esc", "esc"]);
        assert!(fixture.state.desk.overlays.is_empty());
    }

    #[test]
    fn it_works_without_a_model() {
        let (mut fixture, _) = Fixture::loading(|_| {});
        fixture.keys(&["X", "down", "down"]);
        let bench = bench(&mut fixture);
        assert_eq!((bench.words[2].as_str(), bench.selected), ("fish", 2));
    }
}
