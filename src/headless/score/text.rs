//! Scores as the text itself in colours, for a terminal.

use std::io::{self, Write};

use super::{ScoreOutput, table::totals};
use crate::{
    engine::Vocabulary,
    score::{ScoredToken, Scores},
    settings::ColourBy,
    text::{Shown, Utf8Stream},
    token::Token,
    tree::Step,
};

/// Eight steps from unlikely to likely, as SGR parameters: orange to blue, which eyes that confuse red and green tell
/// apart, and the least likely are underlined too.
const RAMP: [&str; 8] =
    ["1;4;38;5;202", "4;38;5;208", "38;5;214", "38;5;179", "38;5;150", "38;5;110", "38;5;74", "38;5;67"];
/// A token that does not count, or that nothing is known of.
const DIM: &str = "2";

pub(super) struct ColouredOutput<'a> {
    out: &'a mut dyn Write,
    by: ColourBy,
    stream: Utf8Stream,
}

impl<'a> ColouredOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, by: ColourBy) -> Self {
        Self { out, by, stream: Utf8Stream::new() }
    }

    /// Writes the text that a token completes, made harmless, in a colour that ends with each line.
    fn write(&mut self, piece: &[u8], sgr: &str) -> io::Result<()> {
        let text = self.stream.push(piece);
        for (i, line) in Shown::lines(&text).enumerate() {
            if i > 0 {
                self.out.write_all(b"\n")?;
            }
            if !line.is_empty() {
                write!(self.out, "\x1b[{sgr}m{}\x1b[0m", line.as_str())?;
            }
        }
        Ok(())
    }
}

/// The step of the ramp, 0 unlikely to 7 likely; the same scales as on the screen.
fn ramp(by: ColourBy, step: &Step) -> usize {
    // Bits that nobody has told count as many.
    let bits = |bits: f64| 7_usize.saturating_sub(if bits.is_nan() { 7 } else { bits as usize });
    match by {
        ColourBy::Probability => ((step.p_raw * 8.0) as usize).min(7),
        ColourBy::Entropy => bits(step.entropy_bits.middle()),
        ColourBy::Surprisal => bits(step.surprisal_bits),
        ColourBy::Rank => bits(step.rank.at().map_or(f64::NAN, |rank| (rank as f64).log2().ceil())),
    }
}

impl ScoreOutput for ColouredOutput<'_> {
    fn start(&mut self, tokens: &[Token], vocabulary: &Vocabulary) -> io::Result<()> {
        write!(self.out, "{}: unlikely ", self.by.name())?;
        for (sgr, bar) in RAMP.iter().zip(["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]) {
            write!(self.out, "\x1b[{sgr}m{bar}\x1b[0m")?;
        }
        writeln!(self.out, " likely\n")?;
        match tokens.first() {
            Some(&first) if !vocabulary.is_control(first) => self.write(vocabulary.piece(first), DIM),
            _ => Ok(()),
        }
    }

    fn token(&mut self, scored: &ScoredToken<'_>, vocabulary: &Vocabulary) -> io::Result<()> {
        let sgr = if scored.counted { RAMP[ramp(self.by, &scored.step)] } else { DIM };
        self.write(vocabulary.piece(scored.token), sgr)?;
        self.out.flush()
    }

    fn finish(&mut self, scores: &Scores, vocabulary: &Vocabulary) -> io::Result<()> {
        writeln!(self.out)?;
        totals(self.out, scores, vocabulary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{distribution::Summary, engine::scripted::Scripted, score::Totals};

    /// The text of these tokens after a distribution in which the first has a probability of .9.
    fn coloured(by: ColourBy, words: &[&str], counted: bool) -> String {
        let vocabulary = Scripted::new(&["a", "b", "\n", "\u{1b}[2J"], &[], 8).vocabulary();
        let logits = [0.9_f32, 0.05, 0.03, 0.02].map(f32::ln);
        let summary = Summary::with_end(&logits, 4, vocabulary.eog());
        let mut out = Vec::new();
        let mut output = ColouredOutput::new(&mut out, by);
        for (index, word) in words.iter().enumerate() {
            let token = vocabulary.tokenize(word)[0];
            let step = Step::of(token, &summary, &logits, vocabulary.eog());
            let scored = ScoredToken { index, token, step, counted, summary: &summary };
            output.token(&scored, &vocabulary).expect("a vector takes everything");
        }
        output.finish(&Scores { totals: Totals::new(0), complete: false }, &vocabulary).expect("likewise");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn likely_and_unlikely_tokens_differ_by_more_than_colour() {
        let text = coloured(ColourBy::Probability, &["a", "b"], true);
        assert!(text.starts_with("\u{1b}[38;5;67ma\u{1b}[0m\u{1b}[1;4;38;5;202mb\u{1b}[0m\n"), "{text:?}");
        assert!(text.contains("interrupted") && text.contains("perplexity – ± –"), "{text:?}");
    }

    #[test]
    fn each_scale_has_its_steps() {
        let first = |by| coloured(by, &["b"], true).split('m').next().unwrap_or_default().to_owned();
        // .05 is in the lowest eighth; 4.3 bits are four steps down, rank 2 is one.
        assert_eq!(first(ColourBy::Probability), "\u{1b}[1;4;38;5;202");
        assert_eq!(first(ColourBy::Surprisal), "\u{1b}[38;5;179");
        assert_eq!(first(ColourBy::Rank), "\u{1b}[38;5;74");
        assert!(
            coloured(ColourBy::Rank, &["a"], false).starts_with("\u{1b}[2ma"),
            "what does not count is dim"
        );
    }

    #[test]
    fn the_text_itself_sends_nothing_to_the_terminal() {
        let text = coloured(ColourBy::Probability, &["\u{1b}[2J", "\n", "a"], true);
        assert!(text.contains("␛[2J\u{1b}[0m\n\u{1b}[38;5;67ma"), "{text:?}");
        assert!(!text.contains("\u{1b}[2J"), "{text:?}");
    }
}
