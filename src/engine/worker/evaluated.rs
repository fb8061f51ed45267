//! What an evaluation brings.

use std::sync::Arc;

use crate::{
    distribution::Summary,
    engine::{Cost, EvaluateError, Evaluator, KvUse, Progress, Request, Row, RowId, Rows},
    token::Token,
    tree::Step,
};

/// Bytes of logits that one evaluation may bring.
const BUNCH_BYTES: usize = 32 << 20;

/// How many paths are evaluated together at most, 1 to 64, so that the logits under way take bounded memory however many
/// nodes are wanted.
#[must_use]
pub fn bunch(n_vocab: usize) -> usize {
    (BUNCH_BYTES / size_of::<f32>() / n_vocab.max(1)).clamp(1, 64)
}

/// What an evaluation brought.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The rows, path by path in the order of the request, those of a path in order.
    pub rows: Vec<EvaluatedRow>,
    /// What all of them cost.
    pub cost: Cost,
    /// What the KV cache holds now.
    pub kv: KvUse,
}

impl Evaluated {
    /// Evaluates `request`, of which `eog` end generation, with the statistics of each row. `proceed` is as in
    /// [`Evaluator::evaluate`].
    pub fn of(
        evaluator: &mut dyn Evaluator,
        request: &Request,
        eog: &[Token],
        proceed: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Self, EvaluateError> {
        let wanted: usize = request.rows.iter().map(Rows::count).sum();
        let mut rows = Vec::with_capacity(wanted);
        let mut sink = |id, row: Row<'_>| rows.push(EvaluatedRow::of(request, id, row, eog));
        let cost = evaluator.evaluate(request, proceed, &mut sink)?;
        if rows.len() != wanted {
            return Err(EvaluateError::Failed("it returned no logits".into()));
        }
        // Paths that are decoded together can come before others.
        rows.sort_by_key(|row| row.id);
        Ok(Self { rows, cost, kv: evaluator.kv_use() })
    }
}

/// What comes after one token of a path.
#[derive(Clone, Debug)]
pub struct EvaluatedRow {
    /// Which.
    pub id: RowId,
    /// How likely the token was that follows on the same path; None after the last.
    pub next: Option<Step>,
    /// The distribution. Of more rows than a [`bunch`] only the last of each path have one.
    pub distribution: Option<Distribution>,
}

impl EvaluatedRow {
    fn of(request: &Request, id: RowId, row: Row<'_>, eog: &[Token]) -> Self {
        let kept = (bunch(row.logits.len()) / request.rows.len().max(1)).max(1);
        let tokens = &request.rows[id.path].tokens;
        let summary = Summary::of_row(row, Summary::TOP, eog);
        let next = tokens.get(id.position + 1).map(|&token| Step::of(token, &summary, row.logits, eog));
        let keep = id.position + kept >= tokens.len();
        let distribution = keep.then(|| Distribution { summary, logits: Arc::from(row.logits) });
        Self { id, next, distribution }
    }
}

/// The distribution after a path.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Its statistics.
    pub summary: Summary,
    /// One logit a vocabulary entry.
    pub logits: Arc<[f32]>,
}

impl Distribution {
    /// Of these logits, with the top candidates that a screen shows and the rank of the likeliest of `eog`, the tokens
    /// that end generation.
    #[must_use]
    pub fn of(logits: &[f32], eog: &[Token]) -> Self {
        Self { summary: Summary::with_end(logits, Summary::TOP, eog), logits: Arc::from(logits) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bunch_is_bounded_by_memory_and_number() {
        // 32 MiB hold 55 times 151,936 logits of four bytes.
        assert_eq!(bunch(151_936), 55);
        assert_eq!(bunch(4096), 64);
        assert_eq!(bunch(1 << 24), 1);
        assert_eq!(bunch(0), 64);
    }
}
