//! What a comparison found, as plain data: the text, the JSON and the page are written from it.

use serde::Serialize;

use crate::{
    decode::{
        Cursor, Path, Repetition, StopReason,
        lanes::{Choice, Divergence, Lane, Statistics, divergence},
    },
    distribution::{Bounds, Rank},
    engine::Vocabulary,
    text::Utf8Stream,
    token::Token,
};

/// A generated token.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TokenReport {
    /// Its id.
    pub id: Token,
    /// The characters it completes; empty while one is still in pieces.
    pub text: String,
    /// Softmax of the logits, 0 to 1.
    pub p_raw: f64,
    /// Probability after the sampler chain, 0 to 1.
    pub p_final: f64,
    /// 1 for the most likely one.
    pub rank: Rank,
    /// Entropy of the distribution it came from, in bits.
    pub entropy_bits: Bounds,
    /// The random number of the draw.
    pub u: Option<f64>,
}

/// Why a text ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StopReport {
    /// The reason's name.
    pub reason: &'static str,
    /// The details in plain words.
    pub detail: String,
}

impl StopReport {
    /// Of a text that may have been interrupted.
    pub(in crate::headless) fn of(stopped: Option<&StopReason>, vocabulary: &Vocabulary) -> Self {
        let stopped = stopped.unwrap_or(&StopReason::Interrupted);
        Self { reason: stopped.name(), detail: stopped.detail(vocabulary) }
    }
}

/// A token chosen where two lanes diverge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChoiceReport {
    /// Its id.
    pub id: Token,
    /// Its text.
    pub text: String,
    /// Softmax of the logits.
    pub p_raw: f64,
    /// Probability after the chooser's own chain.
    pub p_final: f64,
}

/// A stretch of a text that repeats itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LoopReport {
    /// The generated token with which it begins, 0 the first.
    pub start: usize,
    /// The token after its last.
    pub end: usize,
    /// Tokens that are repeated.
    pub period: usize,
    /// How often they occur in full.
    pub times: usize,
}

impl From<&Repetition> for LoopReport {
    fn from(run: &Repetition) -> Self {
        Self { start: run.start, end: run.end, period: run.period, times: run.times() }
    }
}

/// Where a lane first diverges from the first one on its prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DivergenceReport {
    /// Which generated token.
    pub index: usize,
    /// The name of that first lane.
    pub from: String,
    /// What the first lane chose there.
    pub reference: ChoiceReport,
    /// What this lane chose instead.
    pub lane: ChoiceReport,
}

/// One lane on one prompt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LaneReport {
    /// Which prompt, 0 the first; None where the lane has one of its own.
    pub prompt: Option<usize>,
    /// Which lane, 0 the first.
    pub lane: usize,
    /// The lane's name.
    pub name: String,
    /// Its seed.
    pub seed: Option<u32>,
    /// The text, without a stop text and without control tokens.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<TokenReport>,
    /// The sums.
    pub statistics: Statistics,
    /// The loop that takes the most of its tokens; none where it does not loop.
    #[serde(rename = "loop")]
    pub looped: Option<LoopReport>,
    /// Why it ended.
    pub stop: StopReport,
    /// Where it diverges from the first lane on its prompt; none for that one, and where the two never differ.
    pub diverges: Option<DivergenceReport>,
    /// Evaluations made for this lane.
    pub evaluations: usize,
    /// Steps that used a distribution evaluated before.
    pub shared: usize,
}

impl LaneReport {
    /// Of a lane, compared with the first one.
    pub(super) fn of(prompt: Option<usize>, index: usize, lane: &Lane, first: &Lane, special: bool) -> Self {
        let cursor = lane.cursor();
        let vocabulary = cursor.vocabulary();
        let diverges = divergence(first.cursor().path(), cursor.path());
        Self {
            prompt,
            lane: index,
            name: lane.name().to_owned(),
            seed: cursor.settings().seed,
            text: text(cursor.path().generated_tokens(), cursor.stopped(), vocabulary, special),
            tokens: tokens(cursor),
            statistics: lane.statistics(),
            looped: cursor.path().loops().longest().map(LoopReport::from),
            stop: StopReport::of(cursor.stopped(), vocabulary),
            diverges: diverges.map(|at| divergence_report(&at, first, vocabulary)),
            evaluations: lane.paid(),
            shared: lane.shared(),
        }
    }
}

fn divergence_report(at: &Divergence, from: &Lane, vocabulary: &Vocabulary) -> DivergenceReport {
    let choice = |choice: &Choice| ChoiceReport {
        id: choice.token,
        text: piece(vocabulary, choice.token),
        p_raw: choice.p_raw,
        p_final: choice.p_final,
    };
    DivergenceReport {
        index: at.index,
        from: from.name().to_owned(),
        reference: choice(&at.reference),
        lane: choice(&at.lane),
    }
}

/// A token's text; bytes that are no text by themselves are replaced.
pub(in crate::headless) fn piece(vocabulary: &Vocabulary, token: Token) -> String {
    String::from_utf8_lossy(vocabulary.piece(token)).into_owned()
}

/// The generated tokens of a cursor.
pub(in crate::headless) fn tokens(cursor: &Cursor) -> Vec<TokenReport> {
    tokens_of(cursor.path(), cursor.vocabulary())
}

/// The generated tokens of a path.
pub(super) fn tokens_of(path: &Path, vocabulary: &Vocabulary) -> Vec<TokenReport> {
    let mut stream = Utf8Stream::new();
    path.generated_tokens()
        .iter()
        .zip(path.steps())
        .map(|(&id, (step, _))| TokenReport {
            id,
            text: stream.push(vocabulary.piece(id)),
            p_raw: step.p_raw,
            p_final: step.p_final,
            rank: step.rank,
            entropy_bits: step.entropy_bits,
            u: step.u,
        })
        .collect()
}

/// The generated text up to where its stop condition ends it, without control tokens unless they are asked for.
pub(in crate::headless) fn text(
    tokens: &[Token],
    stopped: Option<&StopReason>,
    vocabulary: &Vocabulary,
    special: bool,
) -> String {
    let end = stopped.and_then(StopReason::output_end).unwrap_or(usize::MAX);
    let (mut bytes, mut at) = (Vec::new(), 0);
    for &token in tokens {
        let piece = vocabulary.piece(token);
        let kept = end.saturating_sub(at).min(piece.len());
        if special || !vocabulary.is_control(token) {
            bytes.extend_from_slice(&piece[..kept]);
        }
        at += piece.len();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::VocabularyBuilder;

    #[test]
    fn every_condition_that_cuts_cuts_the_text() {
        let mut builder = VocabularyBuilder::default();
        for (piece, control) in [("One. ", false), ("<|x|>", true), ("Two. Th", false), ("ree", false)] {
            builder.push(piece.as_bytes(), control, false);
        }
        let (vocabulary, tokens) = (builder.build(), [0, 1, 2, 3].map(Token));
        let written =
            |reason: Option<StopReason>, special| text(&tokens, reason.as_ref(), &vocabulary, special);
        assert_eq!(written(None, false), "One. Two. Three");
        assert_eq!(written(Some(StopReason::Interrupted), true), "One. <|x|>Two. Three");
        // The control token's bytes count where they are not shown, too.
        let at = "One. <|x|>Two.".len();
        for reason in [
            StopReason::StopString { text: " Th".into(), at },
            StopReason::Pattern { source: " Th".into(), at },
            StopReason::Sentences { limit: 2, at },
            StopReason::Lines { limit: 2, at },
        ] {
            assert_eq!(written(Some(reason.clone()), false), "One. Two.", "{reason:?}");
            assert_eq!(written(Some(reason), true), "One. <|x|>Two.");
        }
        assert_eq!(written(Some(StopReason::Sentences { limit: 1, at: 4 }), true), "One.");
    }
}
