//! Keys as people write them, as terminals send them, and as the footer shows them.

use std::fmt::Write as _;

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// The key of an event, in one form for all terminals; `None` when a key is released.
#[must_use]
pub fn key_of(event: KeyEvent) -> Option<KeyCombination> {
    (event.kind != KeyEventKind::Release).then(|| normalized(event.code, event.modifiers))
}

/// Reads a key as keymap.toml writes it: `n`, `N`, `shift-left`, `ctrl-r`, `?`, `pgup`.
///
/// Chords of several keys, which most terminals cannot tell from one key after the other, are not keys here.
#[must_use]
pub fn parse_key(text: &str) -> Option<KeyCombination> {
    let mut modifiers = KeyModifiers::empty();
    let mut name = text;
    while let Some((modifier, rest)) = split_modifier(name) {
        modifiers |= modifier;
        name = rest;
    }
    let mut chars = name.chars();
    if let (Some(char), None) = (chars.next(), chars.next()) {
        // Not by crokey, which takes letters in either case for the small one, and one byte only.
        return (!char.is_control()).then(|| normalized(KeyCode::Char(char), modifiers));
    }
    let name = match name.to_ascii_lowercase().as_str() {
        "pgup" | "page-up" => "pageup".to_owned(),
        "pgdn" | "pgdown" | "page-down" => "pagedown".to_owned(),
        "escape" => "esc".to_owned(),
        "return" => "enter".to_owned(),
        other => other.to_owned(),
    };
    match crokey::parse(&name).ok()?.codes {
        OneToThree::One(code) => Some(normalized(code, modifiers)),
        _ => None,
    }
}

fn split_modifier(text: &str) -> Option<(KeyModifiers, &str)> {
    let (word, rest) = text.split_once('-')?;
    let modifier = match word.to_ascii_lowercase().as_str() {
        "ctrl" => KeyModifiers::CONTROL,
        "alt" => KeyModifiers::ALT,
        "shift" => KeyModifiers::SHIFT,
        "cmd" => KeyModifiers::SUPER,
        _ => return None,
    };
    Some((modifier, rest))
}

/// One form for the many in which terminals send the same key.
///
/// - An ASCII letter with shift is the capital with SHIFT, whether the terminal sends `a` or `A`, with SHIFT or without.
/// - Any other character already is what shift made of it: terminals differ on whether they send SHIFT with a `?`.
/// - Shift-tab is backtab.
fn normalized(code: KeyCode, mut modifiers: KeyModifiers) -> KeyCombination {
    let code = match code {
        KeyCode::Char('\r' | '\n') => KeyCode::Enter,
        KeyCode::Char('\t') => KeyCode::Tab,
        other => other,
    };
    let code = match code {
        KeyCode::Char(char) if !char.is_ascii_alphabetic() => {
            modifiers.remove(KeyModifiers::SHIFT);
            code
        }
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        KeyCode::BackTab => {
            modifiers.insert(KeyModifiers::SHIFT);
            code
        }
        _ => code,
    };
    KeyCombination::one_key(code, modifiers).normalized()
}

/// A key in a few cells: `↵`, `space`, `→`, `^R`, `⇧←`, `R`.
#[must_use]
pub fn key_text(key: KeyCombination) -> String {
    let code = *key.codes.first();
    let mut text = String::new();
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        text.push('^');
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        text.push_str("alt-");
    }
    if key.modifiers.contains(KeyModifiers::SUPER) {
        text.push_str("cmd-");
    }
    let plain_capital = matches!(code, KeyCode::Char(_)) && key.modifiers == KeyModifiers::SHIFT;
    if key.modifiers.contains(KeyModifiers::SHIFT) && !plain_capital {
        text.push('⇧');
    }
    push_code(&mut text, code, key.modifiers);
    text
}

fn push_code(text: &mut String, code: KeyCode, modifiers: KeyModifiers) {
    let name = match code {
        // ^R, as everyone writes it, for a key that is pressed without shift.
        KeyCode::Char(' ') => "space",
        KeyCode::Char(char) if modifiers.contains(KeyModifiers::CONTROL) => {
            return text.push(char.to_ascii_uppercase());
        }
        KeyCode::Char(char) => return text.push(char),
        KeyCode::F(number) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "f{number}");
            return;
        }
        KeyCode::Enter => "↵",
        KeyCode::Left => "←",
        KeyCode::Right => "→",
        KeyCode::Up => "↑",
        KeyCode::Down => "↓",
        KeyCode::Backspace => "⌫",
        KeyCode::Delete => "del",
        KeyCode::Insert => "ins",
        KeyCode::PageUp => "pgup",
        KeyCode::PageDown => "pgdn",
        KeyCode::Tab | KeyCode::BackTab => "tab",
        KeyCode::Esc => "esc",
        other => return text.push_str(&other.to_string().to_lowercase()),
    };
    text.push_str(name);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<KeyCombination> {
        key_of(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn what_is_written_is_what_terminals_send() {
        let (none, shift, ctrl) = (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::CONTROL);
        let cases: [(&str, &[(KeyCode, KeyModifiers)]); 16] = [
            ("n", &[(KeyCode::Char('n'), none)]),
            // Without kitty's protocol some terminals leave out SHIFT, with it some send the small letter.
            ("R", &[(KeyCode::Char('R'), none), (KeyCode::Char('R'), shift), (KeyCode::Char('r'), shift)]),
            ("shift-r", &[(KeyCode::Char('R'), none), (KeyCode::Char('r'), shift)]),
            ("?", &[(KeyCode::Char('?'), none), (KeyCode::Char('?'), shift)]),
            ("+", &[(KeyCode::Char('+'), none), (KeyCode::Char('+'), shift)]),
            ("-", &[(KeyCode::Char('-'), none)]),
            ("minus", &[(KeyCode::Char('-'), none)]),
            ("ctrl--", &[(KeyCode::Char('-'), ctrl)]),
            ("É", &[(KeyCode::Char('É'), none), (KeyCode::Char('É'), shift)]),
            ("space", &[(KeyCode::Char(' '), none)]),
            ("ctrl-c", &[(KeyCode::Char('c'), ctrl)]),
            ("shift-left", &[(KeyCode::Left, shift)]),
            ("backtab", &[(KeyCode::BackTab, shift), (KeyCode::BackTab, none), (KeyCode::Tab, shift)]),
            ("shift-tab", &[(KeyCode::BackTab, shift)]),
            ("PgUp", &[(KeyCode::PageUp, none)]),
            ("return", &[(KeyCode::Enter, none), (KeyCode::Char('\r'), none)]),
        ];
        for (written, sent) in cases {
            let key = parse_key(written);
            assert!(key.is_some(), "{written}");
            for (code, modifiers) in sent {
                assert_eq!(press(*code, *modifiers), key, "{written}: {code:?} {modifiers:?}");
            }
        }
        assert_ne!(parse_key("r"), parse_key("R"));
    }

    #[test]
    fn releases_are_not_keys_and_repeats_are() {
        let event = |kind| KeyEvent::new_with_kind(KeyCode::Char('n'), KeyModifiers::NONE, kind);
        assert_eq!(key_of(event(KeyEventKind::Release)), None);
        assert_eq!(key_of(event(KeyEventKind::Repeat)), parse_key("n"));
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        for wrong in ["", "nope", "a-b", "ctrl-", "hyper-x", "f99", "\u{1b}", "ctrl", "left-right"] {
            assert_eq!(parse_key(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn keys_are_shown_short() {
        let cases = [
            ("enter", "↵"),
            ("space", "space"),
            ("right", "→"),
            ("ctrl-r", "^R"),
            ("ctrl-shift-r", "^⇧R"),
            ("shift-left", "⇧←"),
            ("tab", "tab"),
            ("backtab", "⇧tab"),
            ("R", "R"),
            ("r", "r"),
            ("?", "?"),
            ("alt-x", "alt-x"),
            ("alt-X", "alt-⇧X"),
            ("f1", "f1"),
            ("pageup", "pgup"),
            ("home", "home"),
            ("backspace", "⌫"),
            ("delete", "del"),
        ];
        for (written, shown) in cases {
            assert_eq!(parse_key(written).map(key_text).as_deref(), Some(shown), "{written}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "((ctrl|alt|shift|cmd)-){0,3}\\PC{0,6}") {
            if let Some(key) = parse_key(&text) {
                prop_assert!(!key_text(key).is_empty());
            }
        }
    }
}
