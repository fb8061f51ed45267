//! Each condition, alone and with others.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    decode::Loops,
    distribution::Summary,
    engine::scripted::Scripted,
    settings::{StopPattern, StopSettings},
    token::Token,
};

fn text(pieces: &[&str]) -> GeneratedText {
    let mut text = GeneratedText::default();
    for piece in pieces {
        text.push(piece.as_bytes());
    }
    text
}

/// The loops of a text whose tokens are distinguished by their first byte.
fn loops(text: &GeneratedText, rules: &StopRules) -> Loops {
    let mut loops = Loops::new(rules.loops);
    let tokens: Vec<Token> = (0..text.tokens())
        .map(|i| Token(text.bytes()[text.range(i)].first().copied().unwrap_or(0).into()))
        .collect();
    (1..=tokens.len()).for_each(|end| loops.push(&tokens[..end]));
    loops
}

fn check(rules: &StopRules, text: &GeneratedText, last: u32, spent: u64) -> Option<&'static str> {
    let vocabulary = Scripted::new(&["a", "</s>"], &["</s>"], 8).vocabulary();
    let input = StopInput {
        text,
        known: text.newest().unwrap_or(0),
        last: Some(Token(last)),
        path_len: text.tokens() + 1,
        context: 8,
        spent: Duration::from_secs(spent),
        loops: &loops(text, rules),
    };
    rules.check(&input, &vocabulary).map(|reason| reason.name())
}

#[test]
fn each_condition_alone() {
    let none = StopRules::default();
    assert_eq!(check(&none, &text(&["a", "b"]), 0, 0), None);
    assert_eq!(check(&none, &text(&["a"]), 1, 0), Some("eog"));
    assert_eq!(check(&none, &text(&["a"; 7]), 0, 0), Some("context-full"));
    let limit = StopRules { max_tokens: Some(2), ..StopRules::default() };
    assert_eq!(check(&limit, &text(&["a"]), 0, 0), None);
    assert_eq!(check(&limit, &text(&["a", "b"]), 0, 0), Some("max-tokens"));
    let time = StopRules { max_time: Some(Duration::from_secs(3)), ..StopRules::default() };
    assert_eq!(check(&time, &text(&["a"]), 0, 2), None);
    assert_eq!(check(&time, &text(&["a"]), 0, 3), Some("time"));
}

#[test]
fn the_first_of_several_wins() {
    let rules = StopRules {
        max_tokens: Some(1),
        stop_strings: vec!["a".into()],
        max_time: Some(Duration::ZERO),
        ..StopRules::default()
    };
    assert_eq!(check(&rules, &text(&["a"]), 1, 0), Some("eog"));
    assert_eq!(check(&rules, &text(&["a"]), 0, 0), Some("stop-string"));
    assert_eq!(check(&rules, &text(&["b"]), 0, 0), Some("max-tokens"));
}

#[test]
fn a_stop_string_can_span_tokens_and_end_inside_one() {
    fn find<'a>(text: &GeneratedText, stops: &'a [String]) -> Option<(&'a str, usize)> {
        text.find_stop(stops, text.newest().expect("it has tokens"))
    }
    let stops = vec!["\n6.".to_owned(), "zz".to_owned()];
    assert_eq!(find(&text(&["5", ". x\n", "6", ". y"]), &stops), Some(("\n6.", 4)));
    assert_eq!(find(&text(&["5", ". x\n", "6"]), &stops), None);
    // Completed by an earlier token: not found again.
    assert_eq!(find(&text(&["\n6.", "a"]), &stops), None);
}

#[test]
fn what_may_begin_a_stop_string_is_withheld() {
    let rules = StopRules { stop_strings: vec!["\n6.".into(), "END".into()], ..StopRules::default() };
    let withheld = |pieces: &[&str]| rules.withheld(&text(pieces)).map(|(n, _)| n);
    assert_eq!(withheld(&["a"]), None);
    assert_eq!(withheld(&["a\n"]), Some(1));
    assert_eq!(withheld(&["a\n", "6"]), Some(2));
    assert_eq!(withheld(&["EN"]), Some(2));
    assert_eq!(withheld(&["\n6", "7"]), None);
}

#[test]
fn going_back_takes_the_bytes_along() {
    let mut text = text(&["ab", "c", "de"]);
    text.truncate(1);
    assert_eq!((text.bytes(), text.tokens()), (&b"ab"[..], 1));
    text.truncate(0);
    assert_eq!(text.bytes(), b"");
}

fn rules(change: impl FnOnce(&mut StopSettings)) -> StopRules {
    let mut settings = StopSettings::default();
    change(&mut settings);
    StopRules::from(&settings)
}

#[test]
fn sentences_end_before_white_space() {
    let ends = |pieces: &[&str]| {
        let text = text(pieces);
        text.sentences()
            .iter()
            .map(|end| text.bytes()[..end.at].escape_ascii().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(&["She ran", "."]), [""; 0], "3.14 begins like this");
    assert_eq!(ends(&["She ran", ".", " He"]), ["She ran."]);
    assert_eq!(ends(&["Why?!", "\" he said", ". So"]), ["Why?!\\\"", "Why?!\\\" he said."]);
    assert_eq!(ends(&["3.14 is pi.\n"]), ["3.14 is pi."]);
    assert_eq!(ends(&["1. Rust\n2. C\n..."]), [""; 0], "numbers of a list and dots alone are no sentences");
    assert_eq!(text(&["好。", "对"]).sentences(), [End { at: 6, known: 9 }]);
    // A quote and an end mark of several bytes that span tokens.
    let mut spanning = GeneratedText::default();
    for byte in "Oh…” x".bytes() {
        spanning.push(&[byte]);
    }
    assert_eq!(spanning.sentences(), [End { at: 8, known: 9 }]);
}

#[test]
fn lines_that_are_not_blank_count() {
    let text = text(&["\n\na", "b\n \n", "c\nd"]);
    let ends: Vec<_> = text.lines().iter().map(|end| (end.at, end.known)).collect();
    assert_eq!(ends, [(4, 5), (8, 9)]);
    assert_eq!(text.token_at(ends[1].1 - 1), 2);
}

#[test]
fn custom_conditions_alone() {
    let sentences = rules(|stop| stop.sentences = 2);
    assert_eq!(check(&sentences, &text(&["A.", " B."]), 0, 0), None);
    assert_eq!(check(&sentences, &text(&["A.", " B.", " C"]), 0, 0), Some("sentences"));
    let lines = rules(|stop| stop.lines = 1);
    assert_eq!(check(&lines, &text(&["\n", "a"]), 0, 0), None);
    assert_eq!(check(&lines, &text(&["\n", "a\n"]), 0, 0), Some("lines"));
    let pattern = rules(|stop| stop.regex = vec![StopPattern::new("[0-9]{3}").expect("valid")]);
    assert_eq!(check(&pattern, &text(&["a 1", "2"]), 0, 0), None);
    assert_eq!(check(&pattern, &text(&["a 1", "23"]), 0, 0), Some("regex"));
    let looping = rules(|stop| (stop.loop_times, stop.loop_tokens) = (3, 2));
    assert_eq!(check(&looping, &text(&["a", "b", "a", "b", "a"]), 0, 0), None);
    assert_eq!(check(&looping, &text(&["a", "b", "a", "b", "a", "b"]), 0, 0), Some("loop"));
    assert_eq!(check(&rules(|_| {}), &text(&["a"; 6]), 0, 0), None, "all off");
}

#[test]
fn the_output_ends_with_the_last_sentence_line_or_before_the_match() {
    let vocabulary = Scripted::new(&["a"], &[], 99).vocabulary();
    let cut = |rules: StopRules, pieces: &[&str]| {
        let text = text(pieces);
        let input = StopInput {
            text: &text,
            known: text.newest().unwrap_or(0),
            last: Some(Token(0)),
            path_len: 1,
            context: 99,
            spent: Duration::ZERO,
            loops: &Loops::default(),
        };
        let reason = rules.check(&input, &vocabulary).expect("it stops");
        let end = reason.output_end().expect("inside the text");
        String::from_utf8_lossy(&text.bytes()[..end]).into_owned()
    };
    assert_eq!(cut(rules(|stop| stop.sentences = 1), &["Hi.\" ", "So"]), "Hi.\"");
    assert_eq!(cut(rules(|stop| stop.lines = 2), &["a\n\n", "b\nc"]), "a\n\nb");
    let two = ["z", "b+"].map(|source| StopPattern::new(source).expect("valid")).to_vec();
    assert_eq!(cut(rules(|stop| stop.regex = two), &["a", "bbz"]), "a", "of several the leftmost");
}

#[test]
fn llama_cpps_conditions_come_first() {
    let all = rules(|stop| {
        stop.regex = vec![StopPattern::new("a").expect("valid")];
        stop.sentences = 1;
        stop.predict = 2;
    });
    assert_eq!(check(&all, &text(&["a", ". b"]), 0, 0), Some("max-tokens"));
    let ours = StopRules { max_tokens: None, ..all };
    assert_eq!(
        check(&ours, &text(&["a", ". b"]), 0, 0),
        Some("sentences"),
        "the match was there a token ago"
    );
    assert_eq!(check(&ours, &text(&["a. b"]), 0, 0), Some("regex"));
}

#[test]
fn distributions_beyond_a_limit() {
    // Four equal logits: 2 bits, and a quarter for each.
    let summary = Summary::of(&[1.0; 4], 4);
    let reason = |change: fn(&mut StopSettings)| {
        rules(change)
            .check_distribution(&summary)
            .map(|reason| (reason.name(), reason.detail(&Scripted::new(&["a"], &[], 9).vocabulary())))
    };
    assert_eq!(reason(|_| {}), None);
    assert_eq!(reason(|stop| stop.entropy_above = 2.5), None);
    let (name, detail) = reason(|stop| stop.entropy_above = 1.5).expect("above");
    assert_eq!(name, "entropy-above");
    assert_eq!(detail, "the next token's entropy, 2.00 bits, is above 1.5 (--stop-entropy-above 1.5)");
    assert_eq!(reason(|stop| stop.entropy_below = 2.5).expect("below").0, "entropy-below");
    assert_eq!(reason(|stop| stop.top_prob_above = 0.2).expect("above").0, "top-prob-above");
    let (name, detail) = reason(|stop| stop.top_prob_below = 0.3).expect("below");
    assert_eq!(name, "top-prob-below");
    assert_eq!(
        detail,
        "the probability of the likeliest next token, 0.250, is below 0.3 (--stop-top-prob-below 0.3)"
    );
}

#[test]
fn every_stop_string_says_how_much_of_it_is_there() {
    let rules =
        StopRules { stop_strings: vec!["\n6.".into(), "\n".repeat(3), "x".into()], ..StopRules::default() };
    let text = text(&["a\n"]);
    assert_eq!(rules.matched(&text).map(|(_, bytes)| bytes).collect::<Vec<_>>(), [1, 1, 0]);
}

proptest! {
    #[test]
    fn ends_do_not_depend_on_tokens_and_go_back_with_them(
        text in "([A-Za-z]{1,3}|[.!?…。”\")]| |\n|1|é|😀){0,30}",
        cuts in prop::collection::vec(0_usize..200, 0..30),
        back in 0_usize..30,
    ) {
        let bytes = text.as_bytes();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
        at.sort_unstable();
        let of = |bytes: &[u8]| {
            let mut whole = GeneratedText::default();
            whole.push(bytes);
            (whole.sentences().to_vec(), whole.lines().to_vec())
        };
        let mut pieces = GeneratedText::default();
        at.windows(2).for_each(|pair| pieces.push(&bytes[pair[0]..pair[1]]));
        prop_assert_eq!((pieces.sentences().to_vec(), pieces.lines().to_vec()), of(bytes));
        pieces.truncate(back);
        prop_assert_eq!((pieces.sentences().to_vec(), pieces.lines().to_vec()), of(pieces.bytes()));
        let rest = &bytes[pieces.bytes().len()..];
        pieces.push(rest);
        prop_assert_eq!((pieces.sentences().to_vec(), pieces.lines().to_vec()), of(bytes));
    }

    #[test]
    fn any_bytes_can_be_read(pieces in prop::collection::vec(any::<Vec<u8>>(), 0..6)) {
        let mut text = GeneratedText::default();
        for piece in &pieces {
            text.push(piece);
        }
        for end in text.sentences().iter().chain(text.lines()) {
            prop_assert!(end.at < end.known && end.known <= text.bytes().len());
        }
    }
}
