//! What lessons see of a canvas.

use minijinja::Value;

use super::{
    super::lesson::{or_none, piece, text_of},
    Diffuse,
};
use crate::{
    decode::diffusion::{Diffusion, Pace},
    lesson::Part,
};

impl Diffuse {
    pub(super) fn glance_at_canvas(&self) -> Option<Value> {
        let canvas = self.canvas()?;
        let vocabulary = canvas.vocabulary();
        let opened = canvas.opened_at().into_iter().enumerate().filter_map(|(position, step)| {
            let step = step?;
            Some(Part::value(
                "an opened position",
                vec![
                    ("position", Value::from(position)),
                    ("text", piece(vocabulary, canvas.canvas()[position])),
                    ("step", Value::from(step + 1)),
                ],
            ))
        });
        let steps = match canvas.settings().pace {
            Pace::Steps { steps, .. } => Some(steps),
            Pace::Tokens(_) | Pace::Threshold(_) => None,
        };
        // What the step that comes next opens.
        let next = canvas.next().map_or_else(Vec::new, |step| {
            let open = step.changes.iter().filter(|change| change.after != canvas.mask());
            open.map(|change| Value::from(change.position)).collect()
        });
        let rows = self.sweep().map_or(&[][..], |sweep| sweep.rows());
        let sweep = rows.iter().map(|row| {
            Part::value(
                "a row",
                vec![
                    ("steps", Value::from(row.steps)),
                    ("passes", Value::from(row.passes)),
                    ("tokens", Value::from(row.tokens)),
                    ("perplexity", or_none(row.perplexity)),
                    ("text", Value::from(row.text.clone())),
                ],
            )
        });
        Some(Part::value(
            "diffuse",
            vec![
                ("step", Value::from(canvas.at())),
                ("steps", or_none(steps)),
                ("masks", Value::from(canvas.masked().count())),
                ("done", Value::from(canvas.is_over())),
                ("canvas", Value::from(canvas_text(canvas))),
                ("sweep", sweep.collect()),
                ("opened", opened.collect()),
                ("next", Value::from(next)),
            ],
        ))
    }
}

/// The text up to its end, with a gap for each mask.
fn canvas_text(canvas: &Diffusion) -> String {
    let written = canvas.canvas().iter().take(canvas.text_end());
    let words = written.map(|&token| match token {
        mask if mask == canvas.mask() => " ___".to_owned(),
        control if canvas.vocabulary().is_control(control) => String::new(),
        token => text_of(canvas.vocabulary(), &[token]),
    });
    words.collect()
}
