//! A strict check of a GBNF grammar before llama.cpp sees it.
//!
//! llama.cpp writes what is wrong with a grammar to standard error, over the screen, and some texts make it recurse or
//! loop without end: deep nesting, a repetition whose end is before its start, a rule that leads to itself by way of rules
//! that can be empty. The syntax is that of `llama_grammar_parser` in its src/llama-grammar.cpp.

use std::collections::HashMap;

use super::{GrammarError, rules};

/// The longest grammar, in bytes.
pub const MAX_GRAMMAR: usize = 256 * 1024;

/// How deep groups may be nested.
const MAX_NESTING: usize = 100;

/// The most rules, groups included.
const MAX_RULES: usize = 4096;

/// llama.cpp's bound on a repetition (`MAX_REPETITION_THRESHOLD`).
const MAX_REPEAT: u64 = 2000;

/// A part of a sequence that takes text or leads to a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// The rule it leads to; None for characters and tokens.
    pub rule: Option<usize>,
    /// Whether it may be left out.
    pub optional: bool,
}

/// The alternatives of a rule, each a sequence.
pub(super) type Alternatives = Vec<Vec<Item>>;

/// Checks a grammar; the first mistake with its place.
pub(super) fn check(text: &str) -> Result<(), GrammarError> {
    if text.len() > MAX_GRAMMAR {
        return Err(GrammarError::TooLong { length: text.len(), limit: MAX_GRAMMAR });
    }
    let mut parser = Parser { text, at: 0, ids: HashMap::new(), rules: Vec::new(), depth: 0 };
    parser.grammar()
}

struct Rule {
    /// Where it is first named.
    named_at: usize,
    alternatives: Option<Alternatives>,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    ids: HashMap<&'a str, usize>,
    rules: Vec<Rule>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn grammar(&mut self) -> Result<(), GrammarError> {
        self.space(true)?;
        while self.at < self.text.len() {
            self.rule()?;
        }
        if !self.ids.contains_key("root") {
            return Err(self.wrong(0, "there is no rule named root"));
        }
        for rule in &self.rules {
            if rule.alternatives.is_none() {
                let name = self.name_at(rule.named_at);
                return Err(self.wrong(rule.named_at, &format!("there is no rule named {name}")));
            }
        }
        let alternatives: Vec<&Alternatives> =
            self.rules.iter().filter_map(|rule| rule.alternatives.as_ref()).collect();
        rules::check(&alternatives).map_err(|(rule, what)| self.wrong(self.rules[rule].named_at, what))
    }

    fn rule(&mut self) -> Result<(), GrammarError> {
        let start = self.at;
        let name = self.name().ok_or_else(|| self.wrong(start, "expected the name of a rule"))?;
        let id = self.id(name, start)?;
        self.space(false)?;
        if !self.take("::=") {
            return Err(self.wrong(self.at, &format!("expected ::= after the name {name}")));
        }
        self.space(true)?;
        let alternatives = self.alternatives(false)?;
        self.rules[id].alternatives = Some(alternatives);
        if !self.take("\r\n") && !self.take("\n") && !self.take("\r") && self.at < self.text.len() {
            return Err(self.wrong(self.at, "expected the end of the line"));
        }
        self.space(true)
    }

    fn alternatives(&mut self, nested: bool) -> Result<Alternatives, GrammarError> {
        let mut alternatives = vec![self.sequence(nested)?];
        while self.take("|") {
            self.space(true)?;
            alternatives.push(self.sequence(nested)?);
        }
        Ok(alternatives)
    }

    fn sequence(&mut self, nested: bool) -> Result<Vec<Item>, GrammarError> {
        let mut items = Vec::new();
        // Where the part begins that a repetition would repeat; none where nothing came before it.
        let mut last = None;
        loop {
            let before = items.len();
            let start = self.at;
            match self.peek() {
                Some('"') => items.extend(self.literal()?),
                Some('[') => items.extend(self.range()?),
                Some('<' | '!') => items.push(self.token()?),
                Some('.') => {
                    self.at += 1;
                    items.push(Item { rule: None, optional: false });
                }
                Some('(') => items.push(self.group()?),
                Some(c) if is_word(c) => {
                    let name = self.name().unwrap_or_default();
                    let rule = Some(self.id(name, start)?);
                    items.push(Item { rule, optional: false });
                }
                Some('*' | '+' | '?' | '{') => {
                    let optional = self.repetition()?;
                    let Some(from) = last.filter(|from| *from < items.len()) else {
                        return Err(self.wrong(start, "there is nothing before this to repeat"));
                    };
                    for item in &mut items[from..] {
                        item.optional |= optional;
                    }
                    self.space(nested)?;
                    continue;
                }
                _ => return Ok(items),
            }
            last = Some(before);
            self.space(nested)?;
        }
    }

    /// A text in quotes: at most one item, for it matters only whether there is any text.
    fn literal(&mut self) -> Result<Option<Item>, GrammarError> {
        let start = self.at;
        self.at += 1;
        let mut empty = true;
        while !self.take("\"") {
            self.character(start, "this text has no closing quote")?;
            empty = false;
        }
        Ok((!empty).then_some(Item { rule: None, optional: false }))
    }

    fn range(&mut self) -> Result<Option<Item>, GrammarError> {
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

    /// One character, or an escape. `start` is where the text or range began that `open` complains about at the end.
    fn character(&mut self, start: usize, open: &str) -> Result<(), GrammarError> {
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
                return Err(self.wrong(at, &format!("\\{escape} wants {digits} hexadecimal digits")));
            }
            self.at += 1;
        }
        Ok(())
    }

    /// A token: `<[id]>` or `<text>`, with `!` before it for any other.
    fn token(&mut self) -> Result<Item, GrammarError> {
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

    fn group(&mut self) -> Result<Item, GrammarError> {
        let start = self.at;
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.wrong(start, &format!("groups are nested deeper than {MAX_NESTING}")));
        }
        self.at += 1;
        self.space(true)?;
        let id = self.new_rule(start)?;
        let alternatives = self.alternatives(true)?;
        self.rules[id].alternatives = Some(alternatives);
        if !self.take(")") {
            return Err(self.wrong(start, "this group has no closing )"));
        }
        self.depth -= 1;
        Ok(Item { rule: Some(id), optional: false })
    }

    /// Whether a repetition may come zero times.
    fn repetition(&mut self) -> Result<bool, GrammarError> {
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
            let bounded = self.peek().is_some_and(|c| c.is_ascii_digit());
            most = if bounded { Some(self.number(start)?) } else { None };
            self.space(true)?;
        }
        if !self.take("}") {
            return Err(self.wrong(start, "expected a repetition such as {2}, {2,} or {2,5}"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.wrong(start, "this repetition ends before it starts"));
        }
        Ok(least == 0)
    }

    fn number(&mut self, start: usize) -> Result<u64, GrammarError> {
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

    /// Skips blanks and comments, and line ends where they do not end the rule.
    fn space(&mut self, newlines: bool) -> Result<(), GrammarError> {
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

    fn name(&mut self) -> Option<&'a str> {
        let name = self.name_at(self.at);
        self.at += name.len();
        (!name.is_empty()).then_some(name)
    }

    fn name_at(&self, at: usize) -> &'a str {
        let rest = &self.text[at..];
        &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
    }

    fn id(&mut self, name: &'a str, at: usize) -> Result<usize, GrammarError> {
        if let Some(&id) = self.ids.get(name) {
            return Ok(id);
        }
        let id = self.new_rule(at)?;
        self.ids.insert(name, id);
        Ok(id)
    }

    fn new_rule(&mut self, named_at: usize) -> Result<usize, GrammarError> {
        if self.rules.len() == MAX_RULES {
            return Err(self.wrong(named_at, &format!("more than {MAX_RULES} rules and groups")));
        }
        self.rules.push(Rule { named_at, alternatives: None });
        Ok(self.rules.len() - 1)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, what: &str) -> bool {
        let found = self.text[self.at..].starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn wrong(&self, at: usize, what: &str) -> GrammarError {
        let before = &self.text[..at.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        GrammarError::Syntax {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: what.to_owned(),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}
