use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;

fn inline(text: &str) -> String {
    Shown::inline(text).into()
}

fn token(text: &str) -> String {
    Shown::with_spaces(text, Spaces::Marked).into()
}

#[test]
fn plain_text_is_borrowed() {
    assert!(matches!(Shown::inline("Once upon a time").0, Cow::Borrowed(_)));
    assert!(matches!(Shown::with_spaces("upon a", Spaces::Marked).0, Cow::Borrowed(_)));
}

#[test]
fn control_characters_are_pictures() {
    assert_eq!(inline("\u{1B}]52;c;aGk=\u{7}"), "␛]52;c;aGk=␇");
    assert_eq!(inline("a\nb\tc\r\n\0\u{7F}"), "a⏎b⇥c␍⏎␀␡");
    assert_eq!(inline("\u{9B}31m"), "⟨U+009B⟩31m");
}

#[test]
fn hidden_characters_are_spelled() {
    assert_eq!(inline("file\u{202E}fdp.exe"), "file⟨U+202E⟩fdp.exe");
    assert_eq!(inline("a\u{200B}b\u{2028}c"), "a⟨U+200B⟩b⟨U+2028⟩c");
    assert_eq!(inline("🏴\u{E0067}\u{E007F}"), "🏴⟨U+E0067⟩⟨U+E007F⟩");
    assert_eq!(inline("\u{FEFF}\u{FFFF}"), "⟨U+FEFF⟩⟨U+FFFF⟩");
}

#[test]
fn marked_spaces_tell_tokens_apart() {
    assert_eq!(token(" in"), "␣in");
    assert_eq!(token("    "), "␣␣␣␣");
    assert_eq!(token(" a b "), "␣a b␣");
    assert_eq!(token("\u{A0}in"), "⟨U+00A0⟩in");
    assert_eq!(inline(" in"), " in");
}

#[test]
fn emoji_stay_whole() {
    for emoji in ["😀", "👩‍👩‍👧‍👦", "👍🏽", "❤️", "1️⃣", "🇫🇷", "👩🏽‍❤️‍💋‍👨🏽", "🏳️‍🌈"]
    {
        assert_eq!(inline(emoji), emoji);
    }
}

#[test]
fn parts_of_emoji_are_spelled_where_they_would_melt_into_their_neighbour() {
    assert_eq!(inline("🇫"), "⟨U+1F1EB⟩");
    assert_eq!(inline("👩\u{200D}"), "👩⟨U+200D⟩");
    assert_eq!(inline("\u{1F3FD}"), "⟨U+1F3FD⟩");
    assert_eq!(inline("\u{FE0F}"), "⟨U+FE0F⟩");
    assert_eq!(inline("😀\u{FE0F}\u{FE01}"), "😀\u{FE0F}⟨U+FE01⟩", "selectors can carry hidden bytes");
}

#[test]
fn piles_of_marks_are_cut() {
    let zalgo = format!("a{}", "\u{301}".repeat(50));
    assert_eq!(inline(&zalgo), "a\u{301}\u{301}\u{301}\u{301}…");
    let crowd = "👩\u{200D}".repeat(100) + "👩";
    let shown = Shown::inline(&crowd);
    assert!(shown.as_str().chars().count() <= 17, "{shown}");
    assert_eq!(inline("\u{301}"), "◌\u{301}");
}

#[test]
fn writing_with_marks_is_untouched() {
    for text in ["Tiếng Việt", "शिक्षा", "한국어", "שָׁלוֹם", "ไทย", "日本語ﾊﾞ"]
    {
        assert_eq!(inline(text), text);
    }
}

#[test]
fn invalid_bytes_are_shown_as_bytes() {
    assert_eq!(Shown::bytes(b"ok \xF0\x9F then \xFF").as_str(), "ok ⟨F0 9F⟩ then ⟨FF⟩");
    assert_eq!(Shown::bytes("né\n".as_bytes()).as_str(), "né⏎");
}

#[test]
fn prose_keeps_its_lines() {
    let lines: Vec<String> = Shown::lines("one\r\ntwo\u{1B}[2J\n").map(Into::into).collect();
    assert_eq!(lines, ["one", "two␛[2J", ""]);
}

#[test]
fn truncation_keeps_what_fits_and_says_so() {
    let shown = Shown::inline("你好 world");
    assert_eq!(shown.width(), 10);
    let cut = |columns| String::from(shown.truncate(columns));
    assert_eq!(cut(10), "你好 world");
    assert_eq!(cut(9), "你好 wor…");
    assert_eq!(cut(4), "你…");
    assert_eq!(cut(3), "你…");
    assert_eq!(cut(2), "…");
    assert_eq!(cut(0), "");
}

/// Text out of the characters that make trouble.
fn troublesome() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::char::range('\0', '\u{A0}'),
        prop::char::range('\u{300}', '\u{36F}'),
        prop::char::range('\u{900}', '\u{97F}'),
        prop::char::range('\u{1100}', '\u{11FF}'),
        prop::char::range('\u{2000}', '\u{206F}'),
        prop::char::range('\u{1F1E6}', '\u{1F1FF}'),
        prop::char::range('\u{1F3FB}', '\u{1F469}'),
        prop::sample::select(vec![
            '\u{200D}', '\u{FE0F}', '\u{20E3}', '1', '❤', '👩', 'ﾞ', 'ل', 'ا', '\u{600}', ' '
        ]),
        prop::char::range('\u{E0000}', '\u{E01EF}'),
    ];
    prop::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The columns that ratatui moves on by when it writes `text` into a buffer.
fn columns_in_ratatui(text: &str) -> usize {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 2000, 1));
    usize::from(buffer.set_stringn(0, 0, text, usize::MAX, Style::new()).0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_dangerous_is_ever_shown(text in troublesome(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for shown in [Shown::inline(&text), Shown::with_spaces(&text, Spaces::Marked), Shown::bytes(&bytes)] {
            prop_assert!(!shown.as_str().contains(is_dangerous), "{:?}", shown);
            prop_assert!(shown.graphemes().all(|(_, width)| width > 0), "{:?}", shown);
        }
    }

    #[test]
    fn the_width_is_what_ratatui_moves_on_by(text in troublesome()) {
        let shown = Shown::inline(&text);
        prop_assert_eq!(shown.width(), columns_in_ratatui(shown.as_str()), "{:?}", shown);
    }

    #[test]
    fn showing_twice_is_showing_once(text in troublesome()) {
        for spaces in [Spaces::Kept, Spaces::Marked] {
            let once = Shown::with_spaces(&text, spaces);
            prop_assert_eq!(&Shown::with_spaces(once.as_str(), spaces), &once);
        }
    }

    #[test]
    fn truncation_never_takes_more_than_promised(text in troublesome(), columns in 0..40_usize) {
        let shown = Shown::inline(&text);
        let cut = shown.truncate(columns);
        prop_assert!(cut.width() <= columns);
        prop_assert_eq!(cut == shown, shown.width() <= columns);
        prop_assert!(cut.graphemes().all(|(_, width)| width > 0));
    }
}
