//! A strict check of a GBNF grammar before llama.cpp sees it.
//!
//! llama.cpp writes what is wrong with a grammar to standard error, over the screen, and some texts make it recurse or
//! loop without end: deep nesting, a repetition whose end is before its start, a rule that leads to itself by way of rules
//! that can be empty. The syntax is that of `llama_grammar_parser` in its src/llama-grammar.cpp.

use std::collections::HashMap;

use super::{
    GrammarError, rules,
    scanner::{Scanner, is_word},
};

/// The longest grammar, in bytes.
pub const MAX_GRAMMAR: usize = 256 * 1024;

/// How deep groups may be nested.
const MAX_NESTING: usize = 100;

/// The most rules, groups included.
const MAX_RULES: usize = 4096;

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
    let mut parser = Parser { scan: Scanner::new(text), ids: HashMap::new(), rules: Vec::new(), depth: 0 };
    parser.grammar()
}

struct Rule {
    /// Where it is first named.
    named_at: usize,
    alternatives: Option<Alternatives>,
}

struct Parser<'a> {
    scan: Scanner<'a>,
    ids: HashMap<&'a str, usize>,
    rules: Vec<Rule>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn grammar(&mut self) -> Result<(), GrammarError> {
        self.scan.space(true)?;
        while self.scan.at < self.scan.text.len() {
            self.rule()?;
        }
        if !self.ids.contains_key("root") {
            return Err(self.scan.wrong(0, "there is no rule named root"));
        }
        for rule in &self.rules {
            if rule.alternatives.is_none() {
                let name = self.scan.name_at(rule.named_at);
                return Err(self.scan.wrong(rule.named_at, &format!("there is no rule named {name}")));
            }
        }
        let alternatives: Vec<&Alternatives> =
            self.rules.iter().filter_map(|rule| rule.alternatives.as_ref()).collect();
        rules::check(&alternatives).map_err(|(rule, what)| self.scan.wrong(self.rules[rule].named_at, what))
    }

    fn rule(&mut self) -> Result<(), GrammarError> {
        let start = self.scan.at;
        let name = self.scan.name().ok_or_else(|| self.scan.wrong(start, "expected the name of a rule"))?;
        let id = self.id(name, start)?;
        self.scan.space(false)?;
        if !self.scan.take("::=") {
            return Err(self.scan.wrong(self.scan.at, &format!("expected ::= after the name {name}")));
        }
        self.scan.space(true)?;
        let alternatives = self.alternatives(false)?;
        self.rules[id].alternatives = Some(alternatives);
        if !self.scan.take("\r\n")
            && !self.scan.take("\n")
            && !self.scan.take("\r")
            && self.scan.at < self.scan.text.len()
        {
            return Err(self.scan.wrong(self.scan.at, "expected the end of the line"));
        }
        self.scan.space(true)
    }

    fn alternatives(&mut self, nested: bool) -> Result<Alternatives, GrammarError> {
        let mut alternatives = vec![self.sequence(nested)?];
        while self.scan.take("|") {
            self.scan.space(true)?;
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
            let start = self.scan.at;
            match self.scan.peek() {
                Some('"') => items.extend(self.scan.literal()?),
                Some('[') => items.extend(self.scan.range()?),
                Some('<' | '!') => items.push(self.scan.token()?),
                Some('.') => {
                    self.scan.at += 1;
                    items.push(Item { rule: None, optional: false });
                }
                Some('(') => items.push(self.group()?),
                Some(c) if is_word(c) => {
                    let name = self.scan.name().unwrap_or_default();
                    let rule = Some(self.id(name, start)?);
                    items.push(Item { rule, optional: false });
                }
                Some('*' | '+' | '?' | '{') => {
                    let optional = self.scan.repetition()?;
                    let Some(from) = last.filter(|from| *from < items.len()) else {
                        return Err(self.scan.wrong(start, "there is nothing before this to repeat"));
                    };
                    for item in &mut items[from..] {
                        item.optional |= optional;
                    }
                    self.scan.space(nested)?;
                    continue;
                }
                _ => return Ok(items),
            }
            last = Some(before);
            self.scan.space(nested)?;
        }
    }

    fn group(&mut self) -> Result<Item, GrammarError> {
        let start = self.scan.at;
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.scan.wrong(start, &format!("groups are nested deeper than {MAX_NESTING}")));
        }
        self.scan.at += 1;
        self.scan.space(true)?;
        let id = self.new_rule(start)?;
        let alternatives = self.alternatives(true)?;
        self.rules[id].alternatives = Some(alternatives);
        if !self.scan.take(")") {
            return Err(self.scan.wrong(start, "this group has no closing )"));
        }
        self.depth -= 1;
        Ok(Item { rule: Some(id), optional: false })
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
            return Err(self.scan.wrong(named_at, &format!("more than {MAX_RULES} rules and groups")));
        }
        self.rules.push(Rule { named_at, alternatives: None });
        Ok(self.rules.len() - 1)
    }
}
