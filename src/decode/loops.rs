//! Finds where the generated text repeats itself.

use serde::Serialize;

use crate::token::Token;

/// Tokens of the longest repeated part that is looked for.
const LONGEST: usize = 512;

/// What counts as a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopRule {
    /// Tokens of an n-gram that is repeated, 1 and up. A shorter repeated part counts as often as it takes to be as long:
    /// one token twelve times is four tokens three times.
    pub tokens: usize,
    /// Repetitions in a row that end generation; None lets it loop.
    pub stop_at: Option<usize>,
}

impl Default for LoopRule {
    fn default() -> Self {
        Self { tokens: Self::TOKENS, stop_at: None }
    }
}

impl LoopRule {
    /// Tokens of an n-gram, unless something else is set: fewer are common in lists and laughter.
    pub const TOKENS: usize = 4;
    /// Repetitions in a row that are marked as a loop.
    const FOUND_AT: usize = 3;

    /// Tokens that count as one repetition where `period` tokens are repeated: the smallest multiple of it that is not
    /// shorter than an n-gram.
    #[must_use]
    pub fn unit(self, period: usize) -> usize {
        self.tokens.max(1).div_ceil(period.max(1)) * period.max(1)
    }

    /// Tokens of a repetition from which on it is a loop.
    fn least(self, period: usize) -> usize {
        self.times() * self.unit(period)
    }

    /// Repetitions from which on it is a loop: those marked, or fewer where fewer end generation.
    fn times(self) -> usize {
        self.stop_at.map_or(Self::FOUND_AT, |times| times.clamp(2, Self::FOUND_AT))
    }
}

/// A stretch of the generated tokens in which every token is the same as the one `period` tokens before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Repetition {
    /// The first token of the stretch, 0 the first generated one.
    pub start: usize,
    /// The token after its last.
    pub end: usize,
    /// Tokens that are repeated; the smallest number for this stretch.
    pub period: usize,
}

impl Repetition {
    /// Tokens of the whole stretch.
    #[must_use]
    pub const fn tokens(&self) -> usize {
        self.end - self.start
    }

    /// How often the repeated part stands there in full.
    #[must_use]
    pub const fn times(&self) -> usize {
        self.tokens() / self.period
    }
}

/// The loops of a sequence of tokens that grows, and now and then shrinks, at its end.
///
/// For each period up to 512 it counts how many tokens at the end are the same as the one that many before, so
/// a token costs one comparison a period, however long the text is. A stretch is found once it is long enough and then
/// grows with the text. All of it is a function of the tokens alone: going back gives what was there before.
#[derive(Clone, Debug, Default)]
pub struct Loops {
    rule: LoopRule,
    /// For period i + 1 the tokens at the end that repeat the one so many before.
    matching: Vec<u32>,
    found: Vec<Repetition>,
    /// Tokens so far.
    length: usize,
}

impl Loops {
    /// No tokens yet.
    #[must_use]
    pub fn new(rule: LoopRule) -> Self {
        Self { rule, ..Self::default() }
    }

    /// The loops of all tokens so far, finished ones included, in the order they were found.
    #[must_use]
    pub fn found(&self) -> &[Repetition] {
        &self.found
    }

    /// Whether a token, 0 the first, is part of a loop.
    #[must_use]
    pub fn contain(&self, token: usize) -> bool {
        self.found.iter().any(|run| (run.start..run.end).contains(&token))
    }

    /// The tokens with which loops begin to say the same thing, the first time included; ascending within each loop.
    pub fn beginnings(&self) -> impl Iterator<Item = usize> + '_ {
        self.found.iter().flat_map(|run| (run.start..run.end).step_by(run.period))
    }

    /// The loop that the tokens end with: of several the one that repeats the shortest part.
    #[must_use]
    pub fn at_end(&self) -> Option<&Repetition> {
        self.found.iter().filter(|run| run.end == self.length).min_by_key(|run| run.period)
    }

    /// The loop that takes the most tokens; of several as long the one that was found first.
    #[must_use]
    pub fn longest(&self) -> Option<&Repetition> {
        // The last of several that are equal is taken.
        self.found.iter().rev().max_by_key(|run| run.tokens())
    }

    /// What counts as a loop.
    #[must_use]
    pub fn rule(&self) -> LoopRule {
        self.rule
    }

    /// Takes in the last of `tokens`, which are all so far.
    pub fn push(&mut self, tokens: &[Token]) {
        let Some((last, before)) = tokens.split_last() else { return };
        self.length = tokens.len();
        if self.matching.len() < LONGEST && !before.is_empty() {
            self.matching.push(0);
        }
        let mut longest = 0;
        for (count, earlier) in self.matching.iter_mut().zip(before.iter().rev()) {
            *count = if earlier == last { *count + 1 } else { 0 };
            longest = longest.max(*count);
        }
        // Shorter ones are no loop whatever their period is.
        if longest as usize >= (self.rule.times() - 1) * self.rule.tokens {
            self.find();
        }
    }

    /// Notes the loops that the tokens end with.
    fn find(&mut self) {
        let end = self.length;
        let mut starts: Vec<usize> = Vec::new();
        for (period, &count) in (1..).zip(&self.matching) {
            let length = count as usize + period;
            let start = end - length;
            // The multiples of a period are periods of the same stretch.
            if count == 0 || length < self.rule.least(period) || starts.contains(&start) {
                continue;
            }
            starts.push(start);
            let known =
                |run: &&mut Repetition| run.end + 1 == end && run.period == period && run.start == start;
            match self.found.iter_mut().rev().find(known) {
                Some(run) => run.end = end,
                None => self.found.push(Repetition { start, end, period }),
            }
        }
    }

    /// Goes back to `tokens`, which are the first of those so far.
    pub fn truncate(&mut self, tokens: &[Token]) {
        let length = tokens.len();
        self.length = length;
        self.matching.truncate(length.saturating_sub(1));
        for (period, count) in (1..).zip(&mut self.matching) {
            let pairs = tokens.iter().rev().zip(tokens[..length - period].iter().rev());
            *count = pairs.take_while(|(token, earlier)| token == earlier).count() as u32;
        }
        let rule = self.rule;
        self.found.retain_mut(|run| {
            run.end = run.end.min(length);
            run.start + rule.least(run.period) <= length
        });
    }

    /// Changes what counts as a loop in `tokens`, which are all so far.
    pub fn set_rule(&mut self, rule: LoopRule, tokens: &[Token]) {
        if rule != self.rule {
            *self = Self::new(rule);
            (1..=tokens.len()).for_each(|length| self.push(&tokens[..length]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        text.bytes().map(|byte| Token(byte.into())).collect()
    }

    fn loops(text: &str, rule: LoopRule) -> Loops {
        let mut loops = Loops::default();
        loops.set_rule(rule, &[]);
        let tokens = tokens(text);
        (1..=tokens.len()).for_each(|length| loops.push(&tokens[..length]));
        loops
    }

    /// What is repeated, how often, and whether it is at the end.
    fn found(text: &str) -> Vec<(&str, usize, bool)> {
        let loops = loops(text, LoopRule::default());
        let run = |run: &Repetition| (&text[run.start..][..run.period], run.times(), run.end == text.len());
        loops.found().iter().map(run).collect()
    }

    #[test]
    fn loops_by_hand() {
        assert_eq!(found("once upon a time"), []);
        assert_eq!(found("the cat. the cat. "), [], "twice is a figure of speech");
        assert_eq!(found("so, the cat. the cat. the cat. "), [(" the cat.", 3, true)]);
        assert_eq!(
            found("so, the cat. the cat. the cat. the"),
            [(" the cat.", 3, true)],
            "and a part of one"
        );
        assert_eq!(found("abcabcabcabcabc, abc"), [], "six tokens are the least part: not three times");
        assert_eq!(found("abcabcabcabcabcabc, abc"), [("abc", 6, false)]);
        assert_eq!(found("abcdabcdabcd!"), [("abcd", 3, false)]);
    }

    #[test]
    fn short_parts_count_as_often_as_a_longer_one() {
        assert_eq!(found("aaaaaaaaaaa"), []);
        assert_eq!(found("aaaaaaaaaaaa"), [("a", 12, true)], "four of them three times");
        assert_eq!(found("hahahahahaha"), [("ha", 6, true)]);
        assert_eq!(LoopRule::default().unit(3), 6);
        assert_eq!(LoopRule { tokens: 1, stop_at: None }.unit(3), 3);
    }

    #[test]
    fn a_loop_inside_a_loop() {
        let block = "x-------------y";
        let text = block.repeat(3);
        let loops = loops(&text, LoopRule::default());
        let periods: Vec<_> = loops.found().iter().map(|run| (run.period, run.tokens())).collect();
        assert_eq!(periods, [(1, 13), (1, 13), (1, 13), (15, 45)]);
        assert_eq!(loops.at_end().map(|run| run.period), Some(15));
    }

    #[test]
    fn the_longest_part_has_512_tokens() {
        let part = |length: u32| (0..3).flat_map(|_| (0..length).map(Token)).collect::<Vec<_>>();
        for (length, expected) in [(512, 1), (513, 0)] {
            let mut loops = Loops::default();
            let tokens = part(length);
            (1..=tokens.len()).for_each(|end| loops.push(&tokens[..end]));
            assert_eq!(loops.found().len(), expected, "{length}");
        }
    }

    /// Every maximal stretch by its definition.
    fn naive(tokens: &[Token], rule: LoopRule) -> Vec<Repetition> {
        let mut all: Vec<Repetition> = Vec::new();
        for period in 1..=tokens.len() / 2 {
            let same = |i: usize| tokens[i] == tokens[i - period];
            let mut i = period;
            while i < tokens.len() {
                let from = i;
                while i < tokens.len() && same(i) {
                    i += 1;
                }
                let run = Repetition { start: from - period, end: i, period };
                let least = rule.times() * rule.unit(period);
                let multiple = all.iter().any(|other| other.start == run.start && other.end == run.end);
                if i > from && run.tokens() >= least && !multiple {
                    all.push(run);
                }
                i = i.max(from + 1);
            }
        }
        all.sort_by_key(|run| (run.start, run.period));
        all
    }

    fn sorted(loops: &Loops) -> Vec<Repetition> {
        let mut all = loops.found().to_vec();
        all.sort_by_key(|run| (run.start, run.period));
        all
    }

    fn rules() -> impl Strategy<Value = LoopRule> {
        (1_usize..6, prop::option::of(2_usize..6)).prop_map(|(tokens, stop_at)| LoopRule { tokens, stop_at })
    }

    proptest! {
        #[test]
        fn it_finds_what_a_search_of_everything_finds(
            parts in prop::collection::vec(("[ab]{1,5}|[a-d]{1,8}", 1_usize..6), 1..6),
            rule in rules(),
        ) {
            let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
            let all = tokens(&text);
            let mut loops = Loops::new(rule);
            for end in 1..=all.len() {
                loops.push(&all[..end]);
                prop_assert_eq!(sorted(&loops), naive(&all[..end], rule), "{}", &text[..end]);
                let at_end = naive(&all[..end], rule).into_iter().filter(|run| run.end == end);
                prop_assert_eq!(loops.at_end().copied(), at_end.min_by_key(|run| run.period));
            }
        }

        #[test]
        fn going_back_gives_what_was_there(
            text in "[ab]{0,40}|(abc|aab|d){0,20}",
            cuts in prop::collection::vec((0_usize..60, "[ab]{0,9}"), 0..4),
            rule in rules(),
        ) {
            let mut now = tokens(&text);
            let mut walked = loops(&text, rule);
            for (cut, more) in cuts {
                now.truncate(cut);
                walked.truncate(&now);
                for token in tokens(&more) {
                    now.push(token);
                    walked.push(&now);
                }
                let mut straight = Loops::default();
                straight.set_rule(rule, &now);
                if rule == LoopRule::default() {
                    (1..=now.len()).for_each(|end| straight.push(&now[..end]));
                }
                prop_assert_eq!(sorted(&walked), sorted(&straight));
                prop_assert_eq!(&walked.matching, &straight.matching);
            }
        }
    }
}
