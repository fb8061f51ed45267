//! The list of candidates: ranked, scrolled to any token of the vocabulary, searched.

use std::sync::Arc;

use crate::{
    distribution::{Candidate, Summary, Tail, by_rank},
    engine::Vocabulary,
    token::Token,
};

/// One row of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Rank by logit, 1 the most likely.
    pub rank: usize,
    /// The token.
    pub token: Token,
    /// Its logit.
    pub logit: f32,
    /// Probabilities of this and all likelier tokens together, 0 to 1.
    pub cumulative: f64,
}

/// The candidates of one distribution in rank order. The most likely are there at once; the whole
/// vocabulary is sorted only when somebody goes beyond them or searches.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    rows: Vec<Row>,
    logits: Option<Arc<[f32]>>,
    log_sum_exp: f64,
    n_vocab: usize,
    tail: Option<Tail>,
    /// Rows that match the search, None without one.
    matches: Option<Vec<u32>>,
    query: String,
    /// The selected row of the list as shown.
    selected: usize,
}

impl Candidates {
    /// The candidates of a distribution. Without the logits only the summary's top is known.
    #[must_use]
    pub fn new(summary: &Summary, logits: Option<Arc<[f32]>>) -> Self {
        let mut list = Self {
            rows: Vec::new(),
            logits,
            log_sum_exp: summary.log_sum_exp,
            n_vocab: summary.n_vocab,
            tail: summary.tail,
            ..Self::default()
        };
        list.fill(&summary.top);
        list
    }

    fn fill(&mut self, ranked: &[Candidate]) {
        let mut cumulative = 0.0;
        self.rows = ranked
            .iter()
            .zip(1..)
            .map(|(c, rank)| {
                cumulative += (f64::from(c.logit) - self.log_sum_exp).exp();
                Row { rank, token: c.token, logit: c.logit, cumulative: cumulative.min(1.0) }
            })
            .collect();
    }

    /// Sorts the whole vocabulary, if its logits are at hand and it is not done.
    fn complete(&mut self) {
        let Some(logits) = self.logits.clone() else { return };
        if self.rows.len() == self.ranked_tokens() {
            return;
        }
        let ranks = |c: &Candidate| self.tail.is_none_or(|tail| tail.ranks(c.logit));
        let all = (0..).zip(logits.iter()).map(|(id, &logit)| Candidate { token: Token(id), logit });
        let mut all: Vec<Candidate> = all.filter(ranks).collect();
        all.sort_unstable_by(by_rank);
        self.fill(&all);
    }

    /// Number of rows in the list as shown: the matches of a search, else the vocabulary (or what
    /// of it is known).
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.matches {
            Some(matches) => matches.len(),
            None if self.logits.is_some() => self.ranked_tokens(),
            None => self.rows.len(),
        }
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tokens that have a rank: those of the vocabulary, of a distribution with a tail those that were named.
    #[must_use]
    pub fn ranked_tokens(&self) -> usize {
        match (self.tail, &self.logits) {
            (None, _) => self.n_vocab,
            (Some(tail), Some(logits)) => logits.iter().filter(|&&logit| tail.ranks(logit)).count(),
            (Some(tail), None) => tail.known,
        }
    }

    /// What is known of the tokens that were not named; None where all were.
    #[must_use]
    pub fn tail(&self) -> Option<Tail> {
        self.tail
    }

    /// How many tokens have no rank because they were not named.
    #[must_use]
    pub fn unnamed(&self) -> usize {
        self.n_vocab - self.ranked_tokens()
    }

    /// Tokens of the vocabulary.
    #[must_use]
    pub fn n_vocab(&self) -> usize {
        self.n_vocab
    }

    /// A row of the list as shown; None past its end or where it is not sorted yet.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&Row> {
        match &self.matches {
            Some(matches) => self.rows.get(*matches.get(index)? as usize),
            None => self.rows.get(index),
        }
    }

    /// The rows in rank order, without regard to a search; the whole vocabulary only once it is sorted.
    #[must_use]
    pub fn ranked(&self) -> &[Row] {
        &self.rows
    }

    /// A row's probability (softmax of the logits), 0 to 1.
    #[must_use]
    pub fn probability(&self, row: &Row) -> f64 {
        (f64::from(row.logit) - self.log_sum_exp).exp()
    }

    /// The row of a token, wherever it ranks and whether or not a search shows it. None where its logit is not at hand.
    #[must_use]
    pub fn row_of(&self, token: Token) -> Option<Row> {
        if let Some(row) = self.rows.iter().find(|row| row.token == token) {
            return Some(*row);
        }
        let logits = self.logits.as_deref()?;
        let own = Candidate { token, logit: *logits.get(token.index())? };
        if self.tail.is_some_and(|tail| !tail.ranks(own.logit)) {
            return None;
        }
        let before = (0..).zip(logits).map(|(id, &logit)| Candidate { token: Token(id), logit });
        let before = before.filter(|other| by_rank(other, &own).is_lt());
        let (rank, sum) = before.fold((1, 0.0), |(rank, sum), other| {
            (rank + 1, sum + (f64::from(other.logit) - self.log_sum_exp).exp())
        });
        let cumulative = sum + (f64::from(own.logit) - self.log_sum_exp).exp();
        Some(Row { rank, token, logit: own.logit, cumulative: cumulative.min(1.0) })
    }

    /// The selected row's index.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<&Row> {
        self.row(self.selected)
    }

    /// Selects a row, the last one if there are fewer.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.len().saturating_sub(1));
        // A screen's height of rows after the selected one has to be there too.
        if self.matches.is_none() && self.selected + 100 >= self.rows.len() {
            self.complete();
        }
    }

    /// Selects a token's row, if it is listed.
    pub fn select_token(&mut self, token: Token) {
        let listed = |&index: &usize| self.row(index).is_some_and(|row| row.token == token);
        if let Some(index) = (0..self.len()).find(listed) {
            self.select(index);
        }
    }

    /// Moves the selection.
    pub fn move_by(&mut self, rows: isize) {
        self.select(self.selected.saturating_add_signed(rows));
    }

    /// The search text, empty without a search.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Shows only tokens whose text contains `query` (letters of either case) or whose id it is;
    /// an empty query shows all again.
    pub fn search(&mut self, query: &str, vocabulary: &Vocabulary) {
        query.clone_into(&mut self.query);
        self.selected = 0;
        if query.is_empty() {
            self.matches = None;
            return;
        }
        self.complete();
        let id: Option<u32> = query.parse().ok();
        let needle = query.to_lowercase();
        let matches = |row: &Row| {
            let piece = String::from_utf8_lossy(vocabulary.piece(row.token));
            id == Some(row.token.0) || piece.to_lowercase().contains(&needle)
        };
        self.matches = Some((0..).zip(&self.rows).filter(|(_, row)| matches(row)).map(|(i, _)| i).collect());
    }

    /// Takes over the search and, without one, nothing, from the list of another distribution.
    pub fn inherit(&mut self, other: &Self, vocabulary: &Vocabulary) {
        if !other.query.is_empty() {
            self.search(&other.query.clone(), vocabulary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scripted::Scripted;

    fn list(top: usize) -> Candidates {
        let logits: Arc<[f32]> = vec![0.0, 3.0, 1.0, 2.0].into();
        Candidates::new(&Summary::of(&logits, top), Some(logits))
    }

    #[test]
    fn a_row_is_the_same_whether_it_is_looked_up_or_listed() {
        let (short, mut whole) = (list(1), list(1));
        whole.select(3);
        for index in 0..4 {
            let listed = *whole.row(index).expect("the whole vocabulary is sorted");
            let found = short.row_of(listed.token).expect("its logit is at hand");
            assert_eq!((found.rank, found.logit.to_bits()), (listed.rank, listed.logit.to_bits()));
            assert!((found.cumulative - listed.cumulative).abs() < 1e-12);
        }
        assert_eq!(short.row_of(Token(4)), None);
    }

    fn ids(list: &Candidates) -> Vec<u32> {
        (0..list.len()).filter_map(|i| Some(list.row(i)?.token.0)).collect()
    }

    #[test]
    fn the_whole_vocabulary_is_there_once_one_goes_beyond_the_top() {
        let mut list = list(2);
        assert_eq!((ids(&list), list.len()), (vec![1, 3], 4));
        list.select(3);
        assert_eq!(ids(&list), [1, 3, 2, 0]);
        assert_eq!(list.row(3).unwrap().rank, 4);
        assert!((list.row(3).unwrap().cumulative - 1.0).abs() < 1e-6);
    }

    #[test]
    fn searching_by_text_and_by_id_keeps_ranks() {
        let vocabulary = Scripted::new(&["a", "Ba", "c", "bb"], &[], 8).vocabulary();
        let mut list = list(1);
        list.search("b", &vocabulary);
        assert_eq!(ids(&list), [1, 3]);
        assert_eq!(list.row(1).unwrap().rank, 2);
        list.search("2", &vocabulary);
        assert_eq!(ids(&list), [2]);
        list.search("zzz", &vocabulary);
        assert!(list.is_empty() && list.selected_row().is_none());
        list.search("", &vocabulary);
        assert_eq!(list.len(), 4);
    }
}
