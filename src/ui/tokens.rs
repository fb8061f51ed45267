//! The text of some tokens in a row, cut between tokens.

use unicode_width::UnicodeWidthStr;

use super::widgets::elide;
use crate::text::{Shown, Spaces, TokenText};

/// What stands for the tokens that are left out.
const MORE: &str = "…";

/// The first of these tokens, as many as fit whole into `width` cells; `…` where there are more. The first one is cut if
/// it does not fit.
pub(super) fn beginning<'a>(pieces: impl Iterator<Item = &'a [u8]>, width: usize) -> String {
    let mut state = TokenText::new();
    let mut shown = String::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let token = state.push(piece, Spaces::Marked);
        let more = usize::from(pieces.peek().is_some());
        if shown.width() + token.width() + more > width {
            // The last token may take the cell that the sign would have.
            return if shown.is_empty() { elide(token.as_str(), width) } else { shown + MORE };
        }
        shown.push_str(token.as_str());
    }
    shown
}

/// The last of these tokens, as many as fit whole into `width` cells; `…` where there are more before them.
pub(super) fn ending<'a>(pieces: impl DoubleEndedIterator<Item = &'a [u8]>, width: usize) -> String {
    // Tokens without a cell are few.
    let mut last: Vec<&[u8]> = pieces.rev().take(width + 1).collect();
    last.reverse();
    let mut state = TokenText::new();
    let shown: Vec<_> = last.into_iter().map(|piece| state.push(piece, Spaces::Marked)).collect();
    let all: usize = shown.iter().map(Shown::width).sum();
    if all <= width {
        return shown.iter().map(Shown::as_str).collect();
    }
    let mut left = width.saturating_sub(1);
    let fits = |token: &&Shown<'_>| {
        let fits = token.width() <= left;
        left = left.saturating_sub(token.width());
        fits
    };
    let kept = shown.iter().rev().take_while(fits).count();
    let kept = shown[shown.len() - kept..].iter().map(Shown::as_str);
    if width == 0 { String::new() } else { std::iter::once(MORE).chain(kept).collect() }
}

/// These tokens, and where they do not fit the first and the last of them with `…` between. `before` tells whether the text
/// has tokens before them, which a `…` stands for.
pub(super) fn both_ends(pieces: &[&[u8]], before: bool, width: usize) -> String {
    let lead = if before { MORE } else { "" };
    let room = width.saturating_sub(lead.width());
    let whole = beginning(pieces.iter().copied(), room);
    if width == 0 || !whole.ends_with(MORE) || pieces.is_empty() {
        return if width == 0 { whole } else { format!("{lead}{whole}") };
    }
    let first = beginning(pieces.iter().copied(), room / 2);
    let first = first.trim_end_matches(MORE);
    let last = ending(pieces.iter().copied(), room.saturating_sub(first.width()));
    format!("{lead}{first}{last}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: [&[u8]; 4] = [b"Once", b" upon", b" a", b" time"];

    #[test]
    fn whole_tokens_are_kept() {
        let first = |width| beginning(TEXT.into_iter(), width);
        assert_eq!(first(16), "Once␣upon␣a␣time");
        assert_eq!(first(15), "Once␣upon␣a…");
        assert_eq!(first(10), "Once␣upon…");
        assert_eq!(first(9), "Once…");
        assert_eq!((first(3).as_str(), first(0).as_str()), ("On…", ""));
        let last = |width| ending(TEXT.into_iter(), width);
        assert_eq!(last(16), "Once␣upon␣a␣time");
        assert_eq!(last(15), "…␣upon␣a␣time");
        assert_eq!(last(8), "…␣a␣time");
        assert_eq!(last(7), "…␣time");
        assert_eq!((last(4).as_str(), last(0).as_str()), ("…", ""));
    }

    #[test]
    fn both_ends_are_kept_and_what_lies_between_is_left_out() {
        let ends = |before, width| both_ends(&TEXT, before, width);
        assert_eq!(ends(false, 16), "Once␣upon␣a␣time");
        assert_eq!(ends(true, 17), "…Once␣upon␣a␣time");
        assert_eq!(ends(true, 16), "…Once…␣a␣time");
        assert_eq!(ends(false, 12), "Once…␣a␣time");
        assert_eq!((ends(true, 1).as_str(), ends(true, 0).as_str()), ("…", ""));
        assert_eq!((both_ends(&[], true, 4).as_str(), both_ends(&[], false, 4).as_str()), ("…", ""));
    }

    proptest! {
        #[test]
        fn never_wider_than_asked(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..6), 0..12),
            width in 0_usize..40,
        ) {
            let pieces = || pieces.iter().map(Vec::as_slice);
            prop_assert!(beginning(pieces(), width).width() <= width);
            prop_assert!(ending(pieces(), width).width() <= width);
            let pieces: Vec<&[u8]> = pieces().collect();
            prop_assert!(both_ends(&pieces, true, width).width() <= width);
        }
    }
}
