//! The output projection: what the size of the vocabulary costs.

use super::lines::{Lines, percent};
use crate::{
    app::State,
    cost::known,
    text::amounts::short_count,
    ui::{
        format::{bytes, milliseconds},
        numbers::thousands,
    },
};

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    let Some(shape) = state.cost().shape() else { return };
    let (projection, theme) = (&shape.projection, lines.theme());
    let (width, vocabulary) =
        (thousands(projection.width as usize), thousands(projection.vocabulary as usize));
    let tied = if projection.tied { "the token embedding, used again" } else { "a matrix of its own" };
    lines.row(
        "shape",
        &[format!("{width} × {vocabulary}, {tied}"), format!("{width} × {vocabulary}")],
        theme.text(),
    );
    let size = projection.bytes.map_or(String::new(), |size| format!(", {}", bytes(size as f64)));
    let (parameters, part) = (short_count(projection.elements()), percent(projection.share()));
    lines.row(
        "weights",
        &[
            format!("{parameters}{size}: {part} of the model's parameters"),
            format!("{parameters}{size}, {part} of all"),
            part.clone(),
        ],
        theme.computed(),
    );
    let multiply_adds = short_count(projection.multiply_adds());
    lines.row(
        "work",
        &[format!("{multiply_adds} multiply-adds for a row of logits"), format!("{multiply_adds} a row")],
        theme.computed(),
    );
    measured(state, lines);
    lines.head("well-known models, computed from their published shapes:");
    let name = known::MODELS.iter().map(|model| model.name.len()).max().unwrap_or(0);
    for model in &known::MODELS {
        let projection = model.projection();
        let text = format!("{:>5} {:>6}", short_count(projection.elements()), percent(projection.share()));
        let style = lines.theme().bar_final();
        // A tenth of the parameters fills the bar.
        lines.bar((model.name, name), projection.share() * 10.0, &text, style);
    }
}

fn measured(state: &State, lines: &mut Lines<'_, '_>) {
    let style = lines.theme().text();
    let costs = state.cost().costs();
    let Some((batches, (row, share))) =
        costs.and_then(|costs| Some((costs.batches(), costs.batches().projection()?)))
    else {
        let words = if state.cost().is_running() { "not yet" } else { "not yet: space measures" };
        return lines.row("measured", &[words.to_owned(), "not yet".to_owned()], lines.theme().dim());
    };
    let (row, share, rows) = (milliseconds(row), percent(share), batches.rows);
    lines.row(
        "measured",
        &[
            format!("{row} a row, {share} of a pass of {rows} rows, with copying the logits"),
            format!("{row} a row, {share} of a pass of {rows} rows"),
            format!("{row} a row, {share}"),
        ],
        style,
    );
}
