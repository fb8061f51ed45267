//! Which characters may not reach the screen as themselves, and what stands for them.
//!
//! The code points are those of the Unicode Character Database: `General_Category` Cc, Cf, Zl, Zp, Co, Cn
//! (noncharacters) and the property `Default_Ignorable_Code_Point`, less what only looks odd.

/// What becomes of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Printed as it is.
    Kept,
    /// A control character with a picture of its own: ESC is `␛`, a newline `⏎`.
    Pictured(char),
    /// No picture and no safe form: its code point is spelled, `⟨U+202E⟩`.
    Spelled,
}

/// What becomes of `c` wherever it stands. Joiners and variation selectors are spelled here; inside an emoji the
/// [writer](super::writer) keeps them.
pub(super) fn fate(c: char) -> Fate {
    match c {
        '\n' => Fate::Pictured('⏎'),
        '\t' => Fate::Pictured('⇥'),
        // U+2400 to U+241F are pictures of the 32 control characters, in their order.
        '\0'..='\u{1F}' => Fate::Pictured(char::from_u32(0x2400 + u32::from(c)).unwrap_or('␦')),
        '\u{7F}' => Fate::Pictured('␡'),
        _ if is_unprintable(c) => Fate::Spelled,
        _ => Fate::Kept,
    }
}

/// Steers a terminal, reorders or hides text, or has no agreed form.
fn is_unprintable(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || is_invisible(c) || is_unassigned_for_good(c)
}

/// Changes the direction of the text around it (Unicode Annex 9).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Takes no space and shows nothing: joiners, fillers, separators, variation selectors, tags and annotations.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2028}'..='\u{2029}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Private use and noncharacters: every font and terminal decides for itself what to draw and how wide.
fn is_unassigned_for_good(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The zero-width joiner that makes one emoji of several.
pub(super) const JOINER: char = '\u{200D}';

/// Asks for the text or the emoji form of the character before it.
pub(super) fn is_emoji_selector(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// Half of a flag: two of them side by side are drawn as one.
pub(super) fn is_regional_indicator(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// A skin tone, which melts into the emoji before it, also across cells.
pub(super) fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// In the blocks that hold the emoji, and a character of its own right. Coarser than `Extended_Pictographic`; no letter of any script is among them, which
/// is what matters: a joiner between letters is not an emoji's.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(
        c,
        '©' | '®'
            | '\u{203C}'
            | '\u{2049}'
            | '\u{2122}'
            | '\u{2139}'
            | '\u{2190}'..='\u{21FF}'
            | '\u{2300}'..='\u{23FF}'
            | '\u{2460}'..='\u{27BF}'
            | '\u{2900}'..='\u{297F}'
            | '\u{2B00}'..='\u{2BFF}'
            | '\u{3030}'
            | '\u{303D}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1F000}'..='\u{1F1E5}'
            | '\u{1F200}'..='\u{1F3FA}'
            | '\u{1F400}'..='\u{1FAFF}'
    )
}

/// May be drawn as a key: the base of `1️⃣`.
pub(super) fn is_keycap_base(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_character_is_replaced() {
        for c in (0..=0x9F_u32).filter_map(char::from_u32).filter(|c| c.is_control()) {
            assert_ne!(fate(c), Fate::Kept, "{:04X}", u32::from(c));
        }
        assert_eq!(fate('\u{1B}'), Fate::Pictured('␛'));
        assert_eq!(fate('\0'), Fate::Pictured('␀'));
        assert_eq!(fate('\r'), Fate::Pictured('␍'));
        assert_eq!(fate('\u{7F}'), Fate::Pictured('␡'));
        assert_eq!(fate('\u{9B}'), Fate::Spelled, "the one-byte CSI has no picture");
    }

    #[test]
    fn hidden_and_reordering_characters_are_spelled() {
        for c in [
            '\u{202E}',
            '\u{2066}',
            '\u{200B}',
            '\u{200D}',
            '\u{FEFF}',
            '\u{2028}',
            '\u{2029}',
            '\u{FFF9}',
            '\u{E0041}',
            '\u{FE0F}',
            '\u{E0100}',
            '\u{FDD0}',
            '\u{1FFFE}',
            '\u{10FFFF}',
            '\u{E000}',
            '\u{F0000}',
            '\u{AD}',
        ] {
            assert_eq!(fate(c), Fate::Spelled, "{:04X}", u32::from(c));
        }
    }

    #[test]
    fn writing_of_every_script_is_kept() {
        for c in "aé ßЖعא你ありक한ไ€😀\u{FFFD}\u{301}".chars() {
            assert_eq!(fate(c), Fate::Kept, "{c}");
        }
    }
}
