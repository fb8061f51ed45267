//! What lessons see of a canvas.

use minijinja::Value;

use super::{
    super::lesson::{or_none, piece},
    Diffuse,
};
use crate::{decode::diffusion::Pace, lesson::Part};

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
        Some(Part::value(
            "diffuse",
            vec![
                ("step", Value::from(canvas.at())),
                ("steps", or_none(steps)),
                ("masks", Value::from(canvas.masked().count())),
                ("done", Value::from(canvas.is_over())),
                ("opened", Value::from_iter(opened)),
                ("next", Value::from(next)),
            ],
        ))
    }
}
