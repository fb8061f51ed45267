//! Ends of sentences and lines, found byte by byte as tokens come.

/// The end of a sentence or of a line in the generated text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Bytes of the text up to the end: of a sentence with its end mark and closing quotes, of a line without its
    /// line break.
    pub at: usize,
    /// Bytes of the text that had to be read to know: a sentence's end shows by the white space after it.
    pub known: usize,
}

/// What a byte completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A sentence.
    Sentence(End),
    /// A line that holds more than white space.
    Line(End),
}

/// Where in a sentence the text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Among its words.
    #[default]
    Words,
    /// After its end mark at byte `at`; `certain` where the mark's script needs no white space after it.
    Marked { at: usize, certain: bool },
}

/// Reads the generated text byte by byte and tells where sentences and lines end.
///
/// A sentence ends with `.`, `!`, `?` or `…`, and any closing quotes or brackets, before white space; with `。`, `！` or
/// `？` wherever it stands. An end mark without a letter before it on its line (the `1.` of a list, a row of dots) ends
/// nothing. Abbreviations are not known: `Mr.` before a space ends a sentence. A line ends at its line break; blank
/// lines are no lines.
///
/// `Copy`, so that every token can keep the state after it for going back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scanner {
    place: Place,
    /// The sentence holds a letter on this line.
    letter: bool,
    /// The line holds more than white space.
    filled: bool,
    /// The bytes of a character that is not complete, and how many they are.
    part: [u8; 3],
    parts: u8,
}

/// What a character means to a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mark { certain: bool },
    Closing,
    Space,
    Newline,
    Letter,
    Other,
}

impl Scanner {
    /// Reads the byte that makes the text `read` bytes long, and hands on what it completed.
    pub fn push(&mut self, byte: u8, read: usize, mut found: impl FnMut(Found)) {
        let continues = byte & 0xC0 == 0x80;
        if self.parts > 0 && !continues {
            // The character before will never be complete.
            self.parts = 0;
            self.character(Kind::Other, read - 1, read, &mut found);
        }
        if byte < 0x80 {
            self.character(ascii(byte), read - 1, read, &mut found);
        } else if !continues && byte >= 0xC2 {
            self.part[0] = byte;
            self.parts = 1;
        } else if self.parts == 0 {
            self.character(Kind::Other, read - 1, read, &mut found);
        } else {
            self.go_on(byte, read, &mut found);
        }
    }

    /// A byte that continues a character.
    fn go_on(&mut self, byte: u8, read: usize, found: &mut impl FnMut(Found)) {
        let have = usize::from(self.parts);
        let length = match self.part[0] {
            ..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        if have + 1 < length {
            self.part[have] = byte;
            self.parts += 1;
            return;
        }
        let kind = wide(&self.part[..have], byte);
        self.parts = 0;
        self.character(kind, read - length, read, found);
    }

    /// A character of the bytes `start..end` of the text.
    fn character(&mut self, kind: Kind, start: usize, end: usize, found: &mut impl FnMut(Found)) {
        let space = matches!(kind, Kind::Space | Kind::Newline);
        match (self.place, kind) {
            (Place::Words, Kind::Mark { certain }) if self.letter => {
                self.place = Place::Marked { at: end, certain };
            }
            (Place::Words, _) => {}
            (Place::Marked { certain, .. }, Kind::Closing) => {
                self.place = Place::Marked { at: end, certain };
            }
            (Place::Marked { certain, .. }, Kind::Mark { certain: too }) => {
                self.place = Place::Marked { at: end, certain: certain || too };
            }
            (Place::Marked { at, certain }, _) => {
                if space || certain {
                    found(Found::Sentence(End { at, known: end }));
                    self.letter = false;
                }
                self.place = Place::Words;
            }
        }
        self.letter |= kind == Kind::Letter;
        if kind == Kind::Newline {
            self.letter = false;
            if std::mem::take(&mut self.filled) {
                found(Found::Line(End { at: start, known: end }));
            }
        }
        self.filled |= !space;
    }
}

fn ascii(byte: u8) -> Kind {
    match byte {
        b'.' | b'!' | b'?' => Kind::Mark { certain: false },
        b'"' | b'\'' | b')' | b']' | b'}' | b'*' | b'_' => Kind::Closing,
        b'\n' => Kind::Newline,
        b' ' | b'\t' | b'\r' | 0x0B | 0x0C => Kind::Space,
        _ if byte.is_ascii_alphabetic() => Kind::Letter,
        _ => Kind::Other,
    }
}

/// What a character of several bytes is, the last of them `last`. Whatever is not a mark counts as a letter where it is
/// one, in any script.
fn wide(first: &[u8], last: u8) -> Kind {
    let mut bytes = [0; 4];
    bytes[..first.len()].copy_from_slice(first);
    bytes[first.len()] = last;
    let text = std::str::from_utf8(&bytes[..=first.len()]).unwrap_or_default();
    match text.chars().next() {
        Some('…' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '।' | '۔') => Kind::Mark { certain: false },
        Some('。' | '！' | '？') => Kind::Mark { certain: true },
        Some('”' | '’' | '»' | '›' | '“' | '」' | '』' | '）' | '】') => Kind::Closing,
        Some(c) if c.is_whitespace() => Kind::Space,
        Some(c) if c.is_alphabetic() => Kind::Letter,
        _ => Kind::Other,
    }
}
