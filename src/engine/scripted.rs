//! An evaluator that follows a script: a small table of logits, no model. For tests and lessons.

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::{
    Bench, Cost, EvaluateError, Evaluator, KvUse, Pass, Progress, Request, Row, RowId, Vocabulary,
    VocabularyBuilder,
};
use crate::{distribution::cut, token::Token};

/// What comes next is looked up by the longest known ending of the prefix.
#[derive(Clone)]
pub struct Scripted {
    vocabulary: Arc<Vocabulary>,
    context: usize,
    /// Logits after a prefix that ends with these tokens.
    rules: HashMap<Vec<Token>, Vec<f32>>,
    otherwise: Vec<f32>,
    cached: Vec<Token>,
    /// Prefixes evaluated so far.
    pub evaluations: usize,
    /// Candidates that it names, as a server does; None for all.
    candidates: Option<usize>,
    /// It names so many at most, whatever is asked for.
    most: usize,
    /// Scripts that are measured, each with what its cache holds.
    benches: Vec<(Bench, Scripted)>,
}

impl Scripted {
    /// A script over these words (their position is the token id); the words in `eog` end generation.
    #[must_use]
    pub fn new(words: &[&str], eog: &[&str], context: usize) -> Self {
        let mut builder = VocabularyBuilder::with_capacity(words.len());
        for word in words {
            let ends = eog.contains(word);
            builder.push(word.as_bytes(), ends, ends);
        }
        Self {
            vocabulary: Arc::new(builder.build_scripted()),
            context,
            rules: HashMap::new(),
            otherwise: vec![0.0; words.len()],
            cached: Vec::new(),
            evaluations: 0,
            candidates: None,
            most: usize::MAX,
            benches: Vec::new(),
        }
    }

    /// After a prefix that ends with the tokens of `ending`, the next token has these probabilities
    /// (word, probability); the rest of the vocabulary shares what is left.
    #[must_use]
    pub fn rule(mut self, ending: &str, next: &[(&str, f32)]) -> Self {
        let given: f32 = next.iter().map(|(_, p)| p).sum();
        let others = self.vocabulary.len() - next.len();
        let rest = if others == 0 { 0.0 } else { (1.0 - given).max(0.0) / others as f32 };
        let mut logits = vec![rest.max(1e-9).ln(); self.vocabulary.len()];
        for (word, p) in next {
            let token = self.vocabulary.tokenize(word)[0];
            logits[token.index()] = p.ln();
        }
        let ending = if ending.is_empty() { Vec::new() } else { self.vocabulary.tokenize(ending) };
        self.rules.insert(ending, logits);
        self
    }

    /// Only the `candidates` likeliest tokens after a prefix have a logit, and of the others the mass is known: as a server
    /// answers. Where a request wants more, as many as that, but never more than `most`.
    #[must_use]
    pub fn naming(mut self, candidates: usize, most: usize) -> Self {
        (self.candidates, self.most) = (Some(candidates), most);
        self
    }

    /// The script's vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.vocabulary)
    }

    fn logits(&self, path: &[Token]) -> &[f32] {
        (0..=path.len()).find_map(|from| self.rules.get(&path[from..])).unwrap_or(&self.otherwise)
    }
}

impl Evaluator for Scripted {
    fn context_size(&self) -> usize {
        self.context
    }

    fn evaluate(
        &mut self,
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<Cost, EvaluateError> {
        request.check(self.context)?;
        if request.fresh {
            self.cached.clear();
        }
        let mut cost = Cost { time: Duration::from_micros(100), ..Cost::default() };
        let total = request.tokens();
        let mut before = 0;
        for (path, rows) in request.rows.iter().enumerate() {
            let tokens = &rows.tokens[..];
            let reused = self.cached.iter().zip(tokens).take_while(|(a, b)| a == b).count().min(rows.from);
            for position in rows.from..tokens.len() {
                if !proceed(Progress { done: before + position, total }) {
                    return Err(EvaluateError::Cancelled);
                }
                let logits = self.logits(&tokens[..=position]);
                let named = self.candidates.map(|k| k.max(request.candidates.unwrap_or(0).min(self.most)));
                match named.filter(|&k| k < logits.len()) {
                    Some(k) => {
                        let (known, tail) = cut(logits, k);
                        sink(RowId { path, position }, Row { logits: &known, tail: Some(tail) });
                    }
                    None => sink(RowId { path, position }, Row::full(logits)),
                }
            }
            cost.reused += reused;
            cost.decoded += tokens.len() - reused;
            before += tokens.len();
            self.cached = tokens.to_vec();
            self.evaluations += 1;
        }
        Ok(cost)
    }

    fn kv_use(&self) -> KvUse {
        let cells = self.cached.len();
        KvUse { caches: 1, cells, room: self.context, sequences: 1, newest: cells, ..KvUse::default() }
    }

    fn measure(
        &mut self,
        pass: &Pass,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(&[f32]),
    ) -> Result<(Cost, KvUse), EvaluateError> {
        let Some(&bench) = pass.benches.get(pass.bench) else { return Err(EvaluateError::Empty) };
        self.benches.retain(|(there, _)| pass.benches.contains(there));
        let place = self.benches.iter().position(|(there, _)| *there == bench).unwrap_or_else(|| {
            let other =
                Self { cached: Vec::new(), context: bench.cells, benches: Vec::new(), ..self.clone() };
            self.benches.push((bench, other));
            self.benches.len() - 1
        });
        let script = &mut self.benches[place].1;
        let mut last = Vec::new();
        let cost = script.evaluate(&pass.request, proceed, &mut |_, row| last = row.logits.to_vec())?;
        sink(&last);
        // As if every token took as long.
        let time = Duration::from_micros(100) * cost.decoded as u32;
        Ok((Cost { time, ..cost }, script.kv_use()))
    }

    fn end_measuring(&mut self) {
        self.benches.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_ending_decides() {
        let mut script = Scripted::new(&["a", "b", "c"], &["c"], 8)
            .rule("", &[("a", 0.5)])
            .rule("b", &[("c", 1.0)])
            .rule("ab", &[("b", 1.0)]);
        let mut best = |text: &str| {
            let path = script.vocabulary().tokenize(text);
            let mut best = Token(9);
            script
                .evaluate(&Request::after([path.into()], None), &mut |_| true, &mut |_, row| {
                    best = (0..3)
                        .map(Token)
                        .max_by(|a, b| row.logits[a.index()].total_cmp(&row.logits[b.index()]))
                        .unwrap();
                })
                .unwrap();
            best.0
        };
        assert_eq!((best("c"), best("cb"), best("ab")), (0, 2, 1));
    }
}
