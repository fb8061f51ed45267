//! What a beam search found, as text, as JSON lines and as a page.

use std::io::{self, Write};

use serde::Serialize;

use super::{Run, Spent, StopReport, TokenReport};
use crate::{
    decode::{
        beam::{BeamCandidate, Fate},
        lanes::Statistics,
    },
    engine::Vocabulary,
    headless::{
        compare::piece,
        html::{Look, Page},
        json::{ModelLine, write_line},
    },
    text::Shown,
    token::Token,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    Start {
        model: ModelLine,
        context: usize,
        width: usize,
        candidates: usize,
        length_penalty: f64,
        prompt_tokens: &'a [Token],
    },
    Round {
        round: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        named_too_few: Option<usize>,
        candidates: Vec<CandidateReport>,
    },
    Beam(&'a BeamReport),
    Baseline(&'a BaselineReport),
    Spent(&'a Spent),
}

/// A continuation that was considered.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CandidateReport {
    pub(super) beam: usize,
    pub(super) id: Token,
    pub(super) text: String,
    pub(super) p: f64,
    pub(super) log_probability: f64,
    pub(super) score: f64,
    pub(super) fate: &'static str,
}

/// A beam at the end of the search.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BeamReport {
    /// 0 the best.
    pub(super) place: usize,
    pub(super) score: f64,
    pub(super) log_probability: f64,
    pub(super) stop: StopReport,
    pub(super) text: String,
    pub(super) tokens: Vec<BeamToken>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct BeamToken {
    pub(super) id: Token,
    pub(super) text: String,
    pub(super) p_raw: f64,
}

/// Greedy decoding or a sample, to compare the best beam with.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BaselineReport {
    pub(super) name: String,
    /// The seed of its draws; greedy decoding draws nothing.
    pub(super) seed: Option<u32>,
    /// By the formula of the beams.
    pub(super) score: f64,
    pub(super) text: String,
    pub(super) statistics: Statistics,
    pub(super) stop: StopReport,
    /// Where it and the best text diverge, in a sentence.
    pub(super) contrast: Option<String>,
    pub(super) tokens: Vec<TokenReport>,
}

/// What is said instead where there is no contrast.
const NO_CONTRAST: &str = "the same text as the best beam, as far as both go";

impl BeamReport {
    fn name(&self) -> String {
        format!("beam {}", self.place + 1)
    }
}

impl BaselineReport {
    /// Where it and the best text diverge, or that they do not.
    fn contrast(&self) -> &str {
        self.contrast.as_deref().unwrap_or(NO_CONTRAST)
    }

    /// Its figures in a line, `stop` telling why it ended.
    fn figures(&self, stop: &str) -> String {
        let s = &self.statistics;
        let figures =
            format!("score {:.3} · ln P {:.2} · {} tokens · {stop}", self.score, s.log_probability, s.tokens);
        // A greedy text is the same whatever the seed.
        match self.seed.filter(|_| self.name != "greedy") {
            Some(seed) => format!("{figures} · seed {seed}"),
            None => figures,
        }
    }
}

impl Run<'_> {
    pub(super) fn write_end(
        &self,
        out: &mut dyn Write,
        beams: &[BeamReport],
        beside: &[BaselineReport],
        spent: &Spent,
    ) -> io::Result<()> {
        if self.job.json {
            beams.iter().try_for_each(|beam| write_line(out, &Line::Beam(beam)))?;
            beside.iter().try_for_each(|baseline| write_line(out, &Line::Baseline(baseline)))?;
            return write_line(out, &Line::Spent(spent));
        }
        for beam in beams {
            writeln!(out, "── {} ──", beam.name())?;
            Shown::lines(&beam.text).try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(
                out,
                "   score {:.3} · ln P {:.2} · {} tokens · {}\n",
                beam.score,
                beam.log_probability,
                beam.tokens.len(),
                beam.stop.reason
            )?;
        }
        for beside in beside {
            writeln!(out, "── {} ──", Shown::inline(&beside.name))?;
            Shown::lines(&beside.text).try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(out, "   {}", beside.figures(beside.stop.reason))?;
            writeln!(out, "   {}\n", Shown::inline(beside.contrast()))?;
        }
        writeln!(
            out,
            "{} evaluations · {} tokens through the model, {} from the KV cache · {:.0} ms in the model",
            spent.evaluations, spent.decoded_tokens, spent.reused_tokens, spent.model_ms
        )
    }

    pub(super) fn page(
        &self,
        title: &str,
        prompt: &str,
        beams: &[BeamReport],
        beside: &[BaselineReport],
        spent: &Spent,
    ) -> String {
        let mut page = Page::new(&format!("logitscope beam · {title}"));
        let (width, alpha) = (self.job.beam.width, self.job.beam.length_penalty);
        page.note(&format!("{width} beams, score = ln P ÷ ((5 + tokens) ÷ 6)^{alpha}"));
        sums(&mut page, beams, beside);
        page.heading("Prompt");
        page.tokens(prompt, &[], None);
        page.side_by_side(|page| {
            for beam in beams {
                page.card(&beam.name(), |page| {
                    page.plain_tokens("", beam.tokens.iter().map(|token| (token.text.as_str(), token.p_raw)));
                    page.note(&format!("stopped: {}", beam.stop.detail));
                });
            }
            for beside in beside {
                page.card(&beside.name, |page| {
                    page.tokens("", &beside.tokens, None);
                    page.note(beside.contrast());
                    page.note(&beside.figures(&beside.stop.detail));
                });
            }
        });
        page.note(&format!(
            "{} evaluations, {} tokens through the model, {} from the KV cache",
            spent.evaluations, spent.decoded_tokens, spent.reused_tokens
        ));
        page.finish()
    }
}

/// The table of the beams, and of what they are compared with.
fn sums(page: &mut Page, beams: &[BeamReport], beside: &[BaselineReport]) {
    let row = |name: &str, score: f64, ln_p: f64, tokens: usize, stop: &str| {
        vec![
            name.to_owned(),
            format!("{score:.3}"),
            format!("{ln_p:.2}"),
            tokens.to_string(),
            stop.to_owned(),
        ]
    };
    let beams = beams.iter().map(|beam| {
        let look = if beam.place == 0 { Look::Picked } else { Look::Plain };
        let stop = beam.stop.reason;
        (look, row(&beam.name(), beam.score, beam.log_probability, beam.tokens.len(), stop))
    });
    let baselines = beside.iter().map(|beside| {
        let s = &beside.statistics;
        (Look::Plain, row(&beside.name, beside.score, s.log_probability, s.tokens, beside.stop.reason))
    });
    let rows: Vec<_> = beams.chain(baselines).collect();
    page.table(&["text", "score", "ln P", "tokens", "stopped by"], &rows);
}

/// A continuation, as it is written.
pub(super) fn candidate(candidate: &BeamCandidate, vocabulary: &Vocabulary) -> CandidateReport {
    CandidateReport {
        beam: candidate.beam,
        id: candidate.token,
        text: piece(vocabulary, candidate.token),
        p: candidate.p,
        log_probability: candidate.log_probability,
        score: candidate.score,
        fate: match candidate.fate {
            Fate::Kept(_) => "kept",
            Fate::Finished(_) => "finished",
            Fate::Pruned => "pruned",
        },
    }
}
