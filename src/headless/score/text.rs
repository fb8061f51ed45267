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
    let bits = |bits: f64| 7_usize.saturating_sub(bits as usize);
    match by {
        ColourBy::Probability => ((step.p_raw * 8.0) as usize).min(7),
        ColourBy::Entropy => bits(step.entropy_bits),
        ColourBy::Surprisal => bits(step.surprisal_bits),
        ColourBy::Rank => bits((step.rank.max(1) as f64).log2().ceil()),
    }
}

impl ScoreOutput for ColouredOutput<'_> {
    fn start(&mut self, tokens: &[Token], vocabulary: &Vocabulary) -> io::Result<()> {
        writeln!(self.out, "colour: {}, from unlikely \x1b[{}m to \x1b[0m likely", self.by.name(), RAMP[0])?;
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
