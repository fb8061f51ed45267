//! The text to standard output as its rounds bring it, what they came to to standard error.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{End, SpeculateOutput};
use crate::{
    decode::speculative::{Gains, Rule, Speculation},
    headless::output::{TextOutput as Writer, counted},
    text::Shown,
};

pub(super) struct TextOutput<'a> {
    writer: Writer<'a>,
}

impl<'a> TextOutput<'a> {
    pub(super) fn new(out: &'a mut dyn Write, report: &'a mut dyn Write, special: bool) -> Self {
        Self { writer: Writer::new(out, report, special) }
    }
}

impl SpeculateOutput for TextOutput<'_> {
    fn start(&mut self, _: &Speculation) -> io::Result<()> {
        Ok(())
    }

    fn round(&mut self, walk: &Speculation) -> io::Result<()> {
        self.writer.write_new(walk.cursor())
    }

    fn stop(&mut self, walk: &Speculation, end: &End<'_>) -> io::Result<()> {
        self.writer.write_rest(walk.cursor())?;
        let report = self.writer.report();
        let detail = Shown::inline(&end.detail);
        writeln!(report, "\nstopped: {} — {}", end.reason.name(), detail.as_str())?;
        for line in sums(walk, end) {
            writeln!(report, "{line}")?;
        }
        Ok(())
    }
}

fn sums(walk: &Speculation, end: &End<'_>) -> Vec<String> {
    let gains = &end.gains;
    let seed = walk.cursor().settings().seed.unwrap_or_default();
    let text = counted(walk.cursor().path().generated(), "token");
    let rule = walk.rule().name();
    let mut lines =
        vec![format!("seed {seed} · {text} in {} · {rule}", count(gains.rounds, "round", "rounds"))];
    lines.extend(acceptance(gains));
    lines.push(format!(
        "passes: {} of the target over {} and {} of the draft model over {} · given up {} of the target's cache and {} of the draft's",
        gains.target_passes,
        rows(gains.target_rows),
        gains.draft_passes,
        rows(gains.draft_rows),
        rows(gains.target_back),
        rows(gains.draft_back),
    ));
    if gains.replays > 0 {
        lines.push(format!(
            "{} read the whole text again: the model cannot rewind",
            count(gains.replays, "pass", "passes")
        ));
    }
    lines.extend(measured(end));
    lines.extend(against(walk, end));
    lines
}

fn acceptance(gains: &Gains) -> Option<String> {
    let alpha = gains.acceptance()?;
    let places = gains.by_position.iter().filter(|(looked_at, _)| *looked_at > 0);
    let places: Vec<String> = places
        .map(|(looked_at, accepted)| format!("{:.0}", percent(*accepted, *looked_at)))
        .take(8)
        .collect();
    let line = format!(
        "drafted {}, decided on {}, accepted {} ({:.1} %; by place {} %)",
        gains.drafted,
        gains.looked_at,
        gains.accepted,
        100.0 * alpha,
        places.join(", "),
    );
    let passes = gains.tokens_a_pass().zip(gains.expected_tokens());
    let passes = passes.map_or_else(String::new, |(observed, expected)| {
        format!(" · {observed:.2} tokens a target pass observed, {expected:.2} expected for this acceptance and these lengths")
    });
    Some(format!("{line}{passes}"))
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

fn measured(end: &End<'_>) -> Option<String> {
    let price = end.price?;
    let draft = end
        .gains
        .draft_pass()
        .map_or_else(String::new, |time| format!("a draft pass {:.2} ms (c = {:.2}), ", ms(time), price.c));
    Some(format!(
        "measured: {draft}a target pass of 1 row {:.2} ms, of {} {:.2} ms (v = {:.2})",
        ms(price.one),
        rows(price.rows),
        ms(price.one) * price.v,
        price.v,
    ))
}

fn against(walk: &Speculation, end: &End<'_>) -> Vec<String> {
    let Some(against) = &end.against else { return Vec::new() };
    let plain = against.plain;
    let mut lines = Vec::new();
    if let Some(ratio) = end.ratio() {
        let expected = end.price.and_then(|price| price.expected(&end.gains));
        let expected =
            expected.map_or_else(String::new, |expected| format!("; the formula expects {expected:.2}"));
        lines.push(format!(
            "against plain decoding, in turn: {} in {:.1} ms, plainly in {:.1} ms: {ratio:.2} times as fast (measured{expected})",
            counted(against.tokens, "token"),
            ms(end.time),
            ms(against.time),
        ));
        lines.extend(end.why());
    }
    lines.push(match (walk.rule(), plain.difference()) {
        (Rule::Match, Some(difference)) => difference.sentence(plain.largest_difference()),
        (Rule::Match, None) => format!(
            "the same {} as plain decoding; logits of the same place differ by {:.1e} at most",
            counted(plain.same(), "token"),
            plain.largest_difference(),
        ),
        (Rule::Probabilistic, _) => {
            "the tokens are not those of plain decoding with this seed: the rule keeps the distribution, not the draws".to_owned()
        }
    });
    lines
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn rows(count: usize) -> String {
    self::count(count, "row", "rows")
}

fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
