//! Which paths the KV cache holds, and what its memory comes to. Pure bookkeeping.

use crate::{settings::CacheType, token::Token};

/// How a wanted path is brought into the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The sequence that will hold the path.
    pub sequence: usize,
    /// Copy this many tokens from that sequence first.
    pub copy: Option<(usize, usize)>,
    /// Tokens of the path that are in the cache then; the rest is to be decoded.
    pub keep: usize,
    /// The sequence has to be cut to `keep` tokens first.
    pub cut: bool,
}

/// A path that is to be brought into the cache, and what it may take from there.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The path, at least one token.
    pub path: &'a [Token],
    /// Tokens that may come from the cache at most: only decoding gives logits.
    pub most: usize,
    /// A shared part of fewer tokens than this counts only as far as it was read in whole chunks, as this path's is.
    pub least: usize,
    /// A sequence's tail of at most so many tokens is given up rather than left behind in a copy.
    pub spare: usize,
}

/// The token paths that the sequences of a context hold.
#[derive(Clone, Debug)]
pub struct SequenceCache {
    paths: Vec<Vec<Token>>,
    /// Where a path's reading can be taken up again: its first tokens up to there went through the model in whole chunks.
    marks: Vec<Vec<usize>>,
    last_use: Vec<u64>,
    clock: u64,
}

impl SequenceCache {
    /// `sequences` empty ones, at least one.
    #[must_use]
    pub fn new(sequences: usize) -> Self {
        let n = sequences.max(1);
        Self { paths: vec![Vec::new(); n], marks: vec![Vec::new(); n], last_use: vec![0; n], clock: 0 }
    }

    /// Number of sequences, those that hold nothing included.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Plans how `wanted` comes into the cache. A path that goes on from a sequence's end extends it; one that leaves a
    /// sequence earlier gets a copy of the shared part, so that the old path stays, instead of the longest unused sequence.
    /// `pinned` sequences are in use by this batch. None when all sequences are pinned.
    #[must_use]
    pub fn place(&self, wanted: &Wanted<'_>, pinned: &[usize]) -> Option<Placement> {
        let shared = |s: usize| {
            let common = common(&self.paths[s], wanted.path).min(wanted.most);
            if common >= wanted.least { common } else { self.last_mark(s, common) }
        };
        let best = (0..self.paths.len()).max_by_key(|&s| (shared(s), self.last_use[s]))?;
        let keep = shared(best);
        let lost = self.paths[best].len() - keep;
        if lost == 0 && !pinned.contains(&best) {
            return Some(Placement { sequence: best, copy: None, keep, cut: false });
        }
        let in_place = Placement { sequence: best, copy: None, keep, cut: true };
        if keep > 0 && lost <= wanted.spare && !pinned.contains(&best) {
            return Some(in_place);
        }
        let free = |s: &usize| !pinned.contains(s) && (*s != best || self.paths.len() == 1);
        let sequence =
            (0..self.paths.len()).filter(free).min_by_key(|&s| (!self.paths[s].is_empty(), self.last_use[s]));
        let Some(sequence) = sequence else {
            // Only the best one is free: its own tail has to go.
            return (!pinned.contains(&best)).then_some(in_place);
        };
        if sequence == best {
            return Some(in_place);
        }
        let copy = (keep > 0).then_some((best, keep));
        Some(Placement { sequence, copy, keep, cut: true })
    }

    /// The last mark of a sequence up to token `at`; 0 if there is none.
    fn last_mark(&self, sequence: usize, at: usize) -> usize {
        self.marks[sequence].iter().rev().copied().find(|&mark| mark <= at).unwrap_or(0)
    }

    /// Notes that the tokens `from .. to` of a sequence went through the model as a whole chunk.
    pub fn mark(&mut self, sequence: usize, from: usize, to: usize) {
        if self.last_mark(sequence, from) == from {
            self.marks[sequence].push(to);
        }
    }

    /// Notes that a sequence took the place of another one's copy.
    pub fn copy_marks(&mut self, source: usize, target: usize, length: usize) {
        self.marks[target] = self.marks[source].iter().copied().filter(|&mark| mark <= length).collect();
    }

    /// Notes that a sequence now holds `path`.
    pub fn set(&mut self, sequence: usize, path: &[Token]) {
        self.clock += 1;
        self.last_use[sequence] = self.clock;
        let keep = common(&self.paths[sequence], path);
        self.marks[sequence].retain(|&mark| mark <= keep);
        self.paths[sequence].truncate(keep);
        self.paths[sequence].extend_from_slice(&path[keep..]);
    }

    /// Notes that a sequence is empty.
    pub fn clear(&mut self, sequence: usize) {
        self.paths[sequence].clear();
        self.marks[sequence].clear();
    }

    /// The longest unused sequence that holds anything and is not pinned.
    #[must_use]
    pub fn oldest(&self, pinned: &[usize]) -> Option<usize> {
        (0..self.paths.len())
            .filter(|s| !pinned.contains(s) && !self.paths[*s].is_empty())
            .min_by_key(|&s| self.last_use[s])
    }

    /// The sequences that hold something, the one used last first.
    pub fn by_use(&self) -> impl Iterator<Item = usize> + use<> {
        let mut used: Vec<usize> = (0..self.paths.len()).filter(|&s| !self.paths[s].is_empty()).collect();
        used.sort_by_key(|&s| std::cmp::Reverse(self.last_use[s]));
        used.into_iter()
    }

    /// Notes that a sequence holds what `source` of another context did.
    pub fn take_over(&mut self, sequence: usize, other: &Self, source: usize) {
        self.paths[sequence].clone_from(&other.paths[source]);
        self.marks[sequence].clone_from(&other.marks[source]);
        self.last_use[sequence] = other.last_use[source];
        self.clock = self.clock.max(other.clock);
    }

    /// The sequence used last.
    #[must_use]
    pub fn newest(&self) -> Option<usize> {
        (0..self.paths.len()).filter(|&s| !self.paths[s].is_empty()).max_by_key(|&s| self.last_use[s])
    }

    /// Number of sequences that hold something.
    #[must_use]
    pub fn used(&self) -> usize {
        self.paths.iter().filter(|path| !path.is_empty()).count()
    }

    /// Tokens of the path that a sequence holds.
    #[must_use]
    pub fn tokens_of(&self, sequence: usize) -> usize {
        self.paths[sequence].len()
    }

    /// Tokens of all paths together: the cells in use where paths share none.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.paths.iter().map(Vec::len).sum()
    }

    /// Cells in use: every distinct prefix takes one, since shared parts are copied by reference.
    #[must_use]
    pub fn cells(&self) -> usize {
        let new = |s: usize| {
            let shared = self.paths[..s].iter().map(|other| common(other, &self.paths[s])).max();
            self.paths[s].len() - shared.unwrap_or(0)
        };
        (0..self.paths.len()).map(new).sum()
    }
}

fn common(a: &[Token], b: &[Token]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// What one token costs in the KV cache.
///
/// Bytes = Σ over layers of KV heads × (key size × bytes of a key element + value size × bytes of a
/// value element). A computed number: what llama.cpp allocates is this times the context, padded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KvLayout {
    /// KV heads of each layer; 0 for a layer without attention.
    pub heads_kv: Vec<u32>,
    /// Size of one head's key, in elements.
    pub key_length: u32,
    /// Size of one head's value, in elements.
    pub value_length: u32,
    /// Type of the keys.
    pub type_k: CacheType,
    /// Type of the values.
    pub type_v: CacheType,
}

impl KvLayout {
    /// Bytes one token takes in all layers together.
    #[must_use]
    pub fn bytes_per_token(&self) -> f64 {
        let heads: f64 = self.heads_kv.iter().map(|&h| f64::from(h)).sum();
        heads
            * (f64::from(self.key_length) * self.type_k.bytes_per_element()
                + f64::from(self.value_length) * self.type_v.bytes_per_element())
    }

    /// The formula with this model's numbers, shortest where all layers are alike and keys are like values.
    #[must_use]
    pub fn formula(&self) -> String {
        let layers = self.heads_kv.iter().filter(|&&h| h > 0).count();
        let first = self.heads_kv.iter().copied().find(|&h| h > 0).unwrap_or(0);
        let alike = self.heads_kv.iter().all(|&h| h == first || h == 0);
        let heads = if alike {
            format!("{layers} layers × {first} KV heads")
        } else {
            format!("{} KV heads in {layers} layers", self.heads_kv.iter().sum::<u32>())
        };
        let (k, v) = (self.type_k.bytes_per_element(), self.type_v.bytes_per_element());
        if self.key_length == self.value_length && self.type_k == self.type_v {
            format!("{heads} × {} × 2 (K, V) × {k} B", self.key_length)
        } else {
            format!("{heads} × ({} × {k} B + {} × {v} B)", self.key_length, self.value_length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        text.bytes().map(|b| Token(u32::from(b))).collect()
    }

    fn cache(paths: &[&str]) -> SequenceCache {
        let mut cache = SequenceCache::new(paths.len());
        for (s, path) in paths.iter().enumerate() {
            if !path.is_empty() {
                cache.set(s, &tokens(path));
            }
        }
        cache
    }

    /// What comes after a path's last token is wanted.
    fn last(path: &[Token], least: usize) -> Wanted<'_> {
        Wanted { path, most: path.len() - 1, least, spare: 0 }
    }

    fn plan(cache: &SequenceCache, wanted: Wanted<'_>) -> (usize, Option<(usize, usize)>, usize, bool) {
        let p = cache.place(&wanted, &[]).unwrap();
        (p.sequence, p.copy, p.keep, p.cut)
    }

    fn place(paths: &[&str], path: &str) -> (usize, Option<(usize, usize)>, usize, bool) {
        plan(&cache(paths), last(&tokens(path), 0))
    }

    #[test]
    fn what_rows_are_wanted_of_is_not_taken_from_the_cache() {
        let path = tokens("abcdef");
        let rows = |most| Wanted { most, ..last(&path, 0) };
        let cache = cache(&["abcde", ""]);
        assert_eq!(plan(&cache, rows(5)), (0, None, 5, false));
        assert_eq!(plan(&cache, rows(3)), (1, Some((0, 3)), 3, true));
        assert_eq!(plan(&cache, rows(0)), (1, None, 0, true));
    }

    #[test]
    fn a_short_tail_that_nobody_misses_is_cut_off() {
        let path = tokens("abcx");
        let spare = |spare| Wanted { spare, ..last(&path, 0) };
        let cache = cache(&["abcde", ""]);
        assert_eq!(plan(&cache, spare(1)), (1, Some((0, 3)), 3, true));
        assert_eq!(plan(&cache, spare(2)), (0, None, 3, true));
        // With nothing in common there is no tail of it.
        let other = tokens("q");
        assert_eq!(plan(&cache, Wanted { spare: 9, ..last(&other, 0) }), (1, None, 0, true));
    }

    #[test]
    fn the_next_token_extends_its_sequence() {
        assert_eq!(place(&["abc", "abx"], "abcd"), (0, None, 3, false));
    }

    #[test]
    fn a_branch_copies_the_shared_part_and_leaves_the_old_path() {
        assert_eq!(place(&["abc", ""], "abx"), (1, Some((0, 2)), 2, true));
    }

    #[test]
    fn looking_again_inside_a_path_does_not_cut_it() {
        assert_eq!(place(&["abcdef", ""], "abc"), (1, Some((0, 2)), 2, true));
    }

    #[test]
    fn a_new_path_takes_the_longest_unused_sequence() {
        assert_eq!(place(&["abc", "xyz"], "qr"), (0, None, 0, true));
    }

    #[test]
    fn a_single_sequence_is_cut() {
        assert_eq!(place(&["abc"], "abx"), (0, None, 2, true));
        assert_eq!(place(&["abc"], "abc"), (0, None, 2, true));
    }

    #[test]
    fn paths_of_one_batch_do_not_take_each_others_sequence() {
        let cache = cache(&["abc", "", ""]);
        let first = cache.place(&last(&tokens("abx"), 0), &[]).unwrap();
        let second = cache.place(&last(&tokens("aby"), 0), &[first.sequence]).unwrap();
        assert_ne!(first.sequence, second.sequence);
        assert_eq!(cache.place(&last(&tokens("q"), 0), &[0, 1, 2]), None);
    }

    #[test]
    fn too_short_a_shared_part_is_none() {
        let cache = cache(&["abc", "xyz", ""]);
        let place = |path: &str, least| plan(&cache, last(&tokens(path), least));
        assert_eq!(place("abx", 2), (2, Some((0, 2)), 2, true));
        // The prompt itself is evaluated as a whole.
        assert_eq!(place("abx", 3), (2, None, 0, true));
        assert_eq!(place("abcd", 3), (0, None, 3, false));
    }

    #[test]
    fn a_prompt_is_read_on_where_a_whole_chunk_of_it_ended() {
        // Chunks of two tokens: `abcde` was read as `ab`, `cd` and `e`.
        let mut cache = cache(&["abcde", ""]);
        for (from, to) in [(0, 2), (2, 4)] {
            cache.mark(0, from, to);
        }
        // Tokens that did not begin where a chunk ended are no whole chunk of a prompt.
        cache.mark(0, 5, 7);
        assert_eq!(plan(&cache, last(&tokens("abcdefgh"), 8)), (1, Some((0, 4)), 4, true));
        assert_eq!(plan(&cache, last(&tokens("abcx"), 4)), (1, Some((0, 2)), 2, true));
        assert_eq!(plan(&cache, last(&tokens("axxx"), 4)), (1, None, 0, true));
        cache.set(1, &tokens("abc"));
        cache.copy_marks(0, 1, 3);
        assert_eq!(cache.marks[1], [2]);
        cache.set(0, &tokens("abx"));
        assert_eq!(cache.marks[0], [2], "what was cut off is forgotten");
        cache.clear(0);
        assert!(cache.marks[0].is_empty());
    }

    #[test]
    fn many_paths_that_go_on_in_turn_each_keep_their_sequence() {
        let mut cache = cache(&["ab"; 1]);
        cache.paths.resize(9, Vec::new());
        cache.marks.resize(9, Vec::new());
        cache.last_use.resize(9, 0);
        let mut paths: Vec<String> = (0..9).map(|i| format!("ab{}", (b'd' + i) as char)).collect();
        for round in 0..5 {
            for path in &mut paths {
                let place = cache.place(&last(&tokens(path), 0), &[]).unwrap();
                assert!(place.keep + 1 == path.len(), "{path}, round {round}: only {} kept", place.keep);
                cache.set(place.sequence, &tokens(path));
                path.push('x');
            }
        }
        assert_eq!(cache.used(), 9);
    }

    #[test]
    fn shared_prefixes_count_once() {
        assert_eq!(cache(&["abcd", "abx", "ab", ""]).cells(), 5);
    }

    #[test]
    fn bytes_a_token_by_hand() {
        let mut layout = KvLayout {
            heads_kv: vec![4; 5],
            key_length: 32,
            value_length: 32,
            type_k: CacheType::F16,
            type_v: CacheType::F16,
        };
        assert!((layout.bytes_per_token() - 2560.0).abs() < 1e-9);
        assert_eq!(layout.formula(), "5 layers × 4 KV heads × 32 × 2 (K, V) × 2 B");
        layout.type_v = CacheType::Q8_0;
        assert!((layout.bytes_per_token() - 5.0 * 4.0 * (64.0 + 34.0)).abs() < 1e-9);
    }
}
