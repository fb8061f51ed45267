//! What a program wrote to its terminal.

use super::pty::Pty;

/// A control sequence (ECMA-48): ESC, `[`, parameters, a last character that says what it does.
#[derive(Debug)]
pub struct Control {
    /// What stands between `[` and the last character.
    pub parameters: String,
    /// What it does.
    pub action: char,
}

/// The control sequences that were written.
///
/// Fails where there is anything that logitscope itself never writes: another kind of escape sequence (window titles and
/// the clipboard begin with ESC `]`), a control character besides line ends, or a character that reorders or hides text.
pub fn controls(raw: &[u8]) -> Vec<Control> {
    let text = std::str::from_utf8(raw).expect("the output is UTF-8");
    let mut characters = text.char_indices();
    let mut controls = Vec::new();
    while let Some((at, character)) = characters.next() {
        let before = || &text[text.floor_char_boundary(at.saturating_sub(80))..at];
        if character == '\x1b' {
            let first = characters.next();
            assert!(first.is_some_and(|(_, c)| c == '['), "ESC {first:?} after {:?}", before());
            let mut parameters = String::new();
            let action = loop {
                match characters.next().expect("the sequence ends").1 {
                    action @ '@'..='~' => break action,
                    parameter => parameters.push(parameter),
                }
            };
            controls.push(Control { parameters, action });
        } else {
            assert!(!is_harmful(character), "{character:?} after {:?}", before());
        }
    }
    controls
}

/// Moves the cursor, hides or reorders text, or does who knows what.
fn is_harmful(character: char) -> bool {
    let is_line_end = matches!(character, '\r' | '\n');
    let is_format = matches!(
        character,
        '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'
    );
    (character.is_control() && !is_line_end) || is_format
}

/// Checks that the terminal is as it was before the program, whose line settings were `before`.
pub fn assert_given_back(pty: &Pty, before: &str) {
    let screen = pty.screen();
    assert!(!screen.alternate_screen(), "alternate screen left");
    assert!(!screen.hide_cursor(), "cursor shown");
    assert!(!screen.bracketed_paste(), "bracketed paste off");
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "mouse off");
    assert_eq!(pty.stty(), before, "line settings as they were");
    let raw = pty.raw();
    let written = String::from_utf8_lossy(&raw);
    assert_eq!(
        written.matches("\x1b[?2026h").count(),
        written.matches("\x1b[?2026l").count() - leavings(&written)
    );
    for mode in ["1049", "25", "1000", "1002", "1006", "2004"] {
        let (on, off) = (written.rfind(&format!("\x1b[?{mode}h")), written.rfind(&format!("\x1b[?{mode}l")));
        let is_last = if mode == "25" { on > off } else { off > on };
        assert!(is_last, "mode {mode} is left as it was found");
    }
}

/// How often the program gave the terminal back; each time it also ends a frame that may have been cut off.
fn leavings(written: &str) -> usize {
    written.matches("\x1b[?1049l").count()
}
