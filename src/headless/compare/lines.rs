//! A comparison as JSON lines, and the choice between them and text. docs/json.md documents them.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Comparison, ForestReport, Found, LaneReport, Ready, Row,
    pick::{Pick, PickedFor},
    rows, text,
};
use crate::{
    headless::json::{ModelLine, write_line},
    sampling::SamplingSettings,
    settings::StopSettings,
    token::Token,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Start {
        model: ModelLine,
        context: usize,
        lanes: Vec<LaneLine<'a>>,
        differs: Vec<Differs<'a>>,
        prompts: Vec<PromptLine<'a>>,
    },
    Lane(&'a LaneReport),
    Forest(&'a ForestReport),
    Row(&'a Row),
    Pick {
        by: PickedFor,
        lane: usize,
        name: &'a str,
        command: &'a str,
        left_out: &'a [String],
    },
    Spent(&'a crate::headless::Spent),
}

#[derive(Serialize)]
struct LaneLine<'a> {
    name: &'a str,
    /// A prompt of its own.
    prompt: Option<&'a str>,
    sampling: &'a SamplingSettings,
    stop: &'a StopSettings,
}

#[derive(Serialize)]
struct Differs<'a> {
    setting: &'a str,
    values: &'a [String],
}

#[derive(Serialize)]
struct PromptLine<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Comparison<'_> {
    pub(super) fn write_start(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.job.json {
            return text::start(out, self);
        }
        let lanes = self.lanes.iter();
        let line = Line::Start {
            model: ModelLine::of(self.loaded),
            context: self.context,
            lanes: lanes.enumerate().map(|(index, lane)| self.lane_line(index, lane)).collect(),
            differs: self.differing.iter().map(|d| Differs { setting: d.field, values: &d.values }).collect(),
            prompts: self.prompts.iter().map(|(text, tokens)| PromptLine { text, tokens }).collect(),
        };
        write_line(out, &line)
    }

    fn lane_line<'c>(&'c self, index: usize, lane: &'c Ready) -> LaneLine<'c> {
        let prompt = self.own_prompt(index);
        LaneLine { name: &lane.name, prompt, sampling: &lane.sampling, stop: &lane.stop }
    }

    /// The lanes on a prompt, or where that is none, those with prompts of their own.
    pub(super) fn write_lanes(
        &self,
        out: &mut dyn Write,
        prompt: Option<usize>,
        reports: &[LaneReport],
    ) -> io::Result<()> {
        if self.job.json {
            return reports.iter().try_for_each(|report| write_line(out, &Line::Lane(report)));
        }
        text::lanes(out, self, prompt, reports)
    }

    pub(super) fn write_forest(&self, out: &mut dyn Write, report: &ForestReport) -> io::Result<()> {
        if self.job.json {
            return write_line(out, &Line::Forest(report));
        }
        text::forest(out, &self.prompts[report.prompt].0, report)
    }

    pub(super) fn write_end(&self, out: &mut dyn Write, found: &Found) -> io::Result<()> {
        let rows = rows(&found.lanes);
        let pick = Pick::of(&rows).and_then(|pick| Some((pick, self.command(pick.row)?)));
        if !self.job.json {
            return text::end(out, self, &rows, pick.as_ref(), &found.spent);
        }
        rows.iter().try_for_each(|row| write_line(out, &Line::Row(row)))?;
        if let Some((Pick { row, by, .. }, command)) = &pick {
            let (command, left_out) = (&command.line, &command.left_out);
            write_line(out, &Line::Pick { by: *by, lane: row.lane, name: &row.name, command, left_out })?;
        }
        write_line(out, &Line::Spent(&found.spent))
    }
}
