//! The small parts of GBNF: blanks, names, characters, ranges, tokens, repetitions; and where a mistake is.

use super::{GrammarError, check::Item};

/// llama.cpp's bound on a repetition (`MAX_REPETITION_THRESHOLD`).
const MAX_REPEAT: u64 = 2000;

/// A place in the text of a grammar.
pub(super) struct Scanner<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub fn literal(&mut self) -> Result<Option<Item>, GrammarError> {
        let start = self.at;
        self.at += 1;
        let mut empty = true;
        while !self.take("\"") {
            self.character(start, "this text has no closing quote")?;
            empty = false;
        }
        Ok((!empty).then_some(Item { rule: None, optional: false }))
    }

    pub fn range(&mut self) -> Result<Option<Item>, GrammarError> {
        const OPEN: &str = "this range has no closing ]";
        let start = self.at;
        self.at += 1;
        let _ = self.take("^");
        let mut empty = true;
        while !self.take("]") {
            self.character(start, OPEN)?;
            empty = false;
            if self.peek() == Some('-') && !self.text[self.at + 1..].starts_with(']') {
                self.at += 1;
                self.character(start, OPEN)?;
            }
        }
        Ok((!empty).then_some(Item { rule: None, optional: false }))
    }

    pub fn character(&mut self, start: usize, open: &str) -> Result<(), GrammarError> {
        let at = self.at;
        let Some(c) = self.peek() else { return Err(self.wrong(start, open)) };
        self.at += c.len_utf8();
        if c != '\\' {
            return Ok(());
        }
        let Some(escape) = self.peek() else { return Err(self.wrong(start, open)) };
        self.at += escape.len_utf8();
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            't' | 'r' | 'n' | '\\' | '"' | '[' | ']' | '-' => 0,
            _ => return Err(self.wrong(at, &format!("there is no escape \\{escape}"))),
        };
        for _ in 0..digits {
            if !self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
                return Err(self.wrong(at, &format!("\\{escape} needs {digits} hexadecimal digits")));
            }
            self.at += 1;
        }
        Ok(())
    }

    pub fn token(&mut self) -> Result<Item, GrammarError> {
        let start = self.at;
        let _ = self.take("!");
        if !self.take("<") {
            return Err(self.wrong(start, "expected < after !"));
        }
        let Some(length) = self.text[self.at..].find('>') else {
            return Err(self.wrong(start, "this token has no closing >"));
        };
        let inside = &self.text[self.at..self.at + length];
        self.at += length + 1;
        if let Some(id) = inside.strip_prefix('[') {
            let id = id.strip_suffix(']').unwrap_or_default();
            if !id.bytes().all(|byte| byte.is_ascii_digit()) || id.parse::<u32>().is_err() {
                return Err(self.wrong(start, "expected a token's number, as in <[42]>"));
            }
        }
        Ok(Item { rule: None, optional: false })
    }

    pub fn repetition(&mut self) -> Result<bool, GrammarError> {
        let start = self.at;
        if self.take("*") || self.take("?") {
            return Ok(true);
        }
        if self.take("+") {
            return Ok(false);
        }
        self.at += 1;
        self.space(true)?;
        let least = self.number(start)?;
        self.space(true)?;
        let mut most = Some(least);
        if self.take(",") {
            self.space(true)?;
            most = self.maximum(start)?;
            self.space(true)?;
        }
        if !self.take("}") {
            return Err(self.wrong(start, "expected a repetition such as {2}, {2,} or {2,5}"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.wrong(start, "the maximum of this repetition is below its minimum"));
        }
        Ok(least == 0)
    }

    pub fn number(&mut self, start: usize) -> Result<u64, GrammarError> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += length;
        match rest[..length].parse() {
            Ok(number) if number <= MAX_REPEAT => Ok(number),
            Err(_) if length == 0 => {
                Err(self.wrong(start, "expected a repetition such as {2}, {2,} or {2,5}"))
            }
            _ => Err(self.wrong(start, &format!("more than {MAX_REPEAT} repetitions"))),
        }
    }

    /// The maximum of a repetition; None for none. llama.cpp takes a large one for none.
    fn maximum(&mut self, start: usize) -> Result<Option<u64>, GrammarError> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Ok(None);
        }
        self.at += length;
        rest[..length]
            .parse()
            .map(Some)
            .map_err(|_| self.wrong(start, "this number of repetitions is too large"))
    }

    pub fn space(&mut self, newlines: bool) -> Result<(), GrammarError> {
        loop {
            match self.peek() {
                Some(' ' | '\t') => self.at += 1,
                Some('\r' | '\n') if newlines => self.at += 1,
                Some('#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find(['\r', '\n']).unwrap_or(rest.len());
                }
                Some('\0') => return Err(self.wrong(self.at, "there is a NUL character")),
                _ => return Ok(()),
            }
        }
    }

    pub fn name(&mut self) -> Option<&'a str> {
        let name = self.name_at(self.at);
        self.at += name.len();
        (!name.is_empty()).then_some(name)
    }

    pub fn name_at(&self, at: usize) -> &'a str {
        let rest = &self.text[at..];
        &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
    }

    pub fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub fn take(&mut self, what: &str) -> bool {
        let found = self.text[self.at..].starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    pub fn wrong(&self, at: usize, what: &str) -> GrammarError {
        let before = &self.text[..at.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        GrammarError::Syntax {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: what.to_owned(),
        }
    }
}

/// Whether a name may hold it.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}
