//! A template's text made ready for minijinja, line for line: what llama.cpp reads in another way, or Jinja does not know.

/// The tags that minijinja knows.
const KNOWN: [&str; 28] = [
    "for",
    "endfor",
    "if",
    "elif",
    "else",
    "endif",
    "set",
    "endset",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
    "break",
    "continue",
    "do",
    "with",
    "endwith",
    "autoescape",
    "endautoescape",
    "raw",
    "endraw",
    "block",
    "endblock",
    "include",
    "import",
    "from",
];

/// Marks a text that Hugging Face's transformers trains on; nothing is written for it.
const MARKS: [&str; 2] = ["generation", "endgeneration"];

/// A template's text, ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// The text, with as many lines as the original from `first_line` on.
    pub text: String,
    /// Names of tags that are passed over, each once.
    pub passed_over: Vec<String>,
    /// The line of the original that the text begins in, 1 or 2.
    pub first_line: usize,
}

impl Source {
    /// Prepares a template.
    pub fn of(template: &str) -> Self {
        let text = template.replace("\r\n", "\n").replace('\r', "\n");
        let text = without_refusals(&text);
        let rest = first_text(&text);
        let first_line = 1 + text[..text.len() - rest.len()].matches('\n').count();
        let mut reader = Reader { rest, out: String::with_capacity(text.len()), passed_over: vec![] };
        reader.read();
        Self { text: reader.out, passed_over: reader.passed_over, first_line }
    }
}

/// Without two checks of well-known templates that refuse what a conversation may hold; llama.cpp takes them out, too.
fn without_refusals(text: &str) -> String {
    let channels = "{%- if \"<|channel|>analysis<|message|>\" in message.content or \
                    \"<|channel|>final<|message|>\" in message.content %}";
    let empty = "{%- if (message['content'] is none or message['content'] == '' or message['content']|length == 0) and \
                 (message['tool_calls'] is not defined or message['tool_calls'] is none or \
                 message['tool_calls']|length == 0) %}";
    text.replace(channels, "{%- if false %}").replace(empty, "{%- if false %}")
}

/// Without a single character, and blanks after it, between the start and the first tag: llama.cpp takes that character
/// for a blank at the start of a line (`lexer::tokenize` in its common/jinja/lexer.cpp).
fn first_text(text: &str) -> &str {
    let before = text.find("{%").into_iter().chain(text.find("{#")).min().unwrap_or(0);
    let mut start = text[..before].chars();
    let one = start.next().is_some_and(|first| first.is_ascii() && first != '{');
    let blank = start.all(|c| matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}'));
    if one && blank { &text[before..] } else { text }
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
    passed_over: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(at) = self.rest.find('{') {
            self.copy(at);
            match self.rest.as_bytes().get(1) {
                Some(b'#') => {
                    let end = self.rest.find("#}").map_or(self.rest.len(), |at| at + 2);
                    self.copy(end);
                }
                Some(b'{') => {
                    let end = end_of(self.rest, "}}");
                    self.expression(end);
                }
                Some(b'%') => self.tag(),
                _ => self.copy(1),
            }
        }
        self.copy(self.rest.len());
    }

    fn copy(&mut self, length: usize) {
        let (now, rest) = self.rest.split_at(length);
        self.out.push_str(now);
        self.rest = rest;
    }

    fn tag(&mut self) {
        let end = end_of(self.rest, "%}");
        let name = name_of(&self.rest[..end]);
        if name == "raw" {
            let close = self.rest[end..].match_indices("{%").map(|(at, _)| end + at);
            let close = close.into_iter().find(|&at| name_of(&self.rest[at..]) == "endraw");
            self.copy(close.unwrap_or(self.rest.len()));
        } else if name.is_empty() || KNOWN.contains(&name) {
            self.expression(end);
        } else {
            if !MARKS.contains(&name) && !self.passed_over.iter().any(|other| other == name) {
                self.passed_over.push(name.to_owned());
            }
            self.blank(end);
        }
    }

    /// Turns a tag into a comment of the same length and lines, which treats the blanks around it as the tag would.
    fn blank(&mut self, end: usize) {
        let (tag, rest) = self.rest.split_at(end);
        let sign = |at: usize| tag.as_bytes().get(at).is_some_and(|byte| b"-+".contains(byte));
        for (at, c) in tag.char_indices() {
            let kept = at == 0 || at == end - 1 || c == '\n' || ((at == 2 || at == end - 3) && sign(at));
            self.out.push(if kept {
                c
            } else if at == 1 || at == end - 2 {
                '#'
            } else {
                ' '
            });
        }
        self.rest = rest;
    }

    /// Copies an expression or tag. Python's `"…" % values`, which minijinja has as a filter only, becomes that filter.
    fn expression(&mut self, end: usize) {
        let stop = self.rest.len() - end;
        while self.rest.len() > stop {
            let here = &self.rest[..self.rest.len() - stop];
            let Some(quote) = here.find(['\'', '"']) else { break };
            let after = quote + string_length(&here[quote..]);
            self.copy(after);
            self.percent(stop);
        }
        self.copy(self.rest.len() - stop);
    }

    fn percent(&mut self, stop: usize) {
        let here = &self.rest[..self.rest.len() - stop];
        let Some(operand) = here.trim_start().strip_prefix('%') else { return };
        if operand.starts_with('}') {
            return;
        }
        let operand = operand.trim_start();
        let length = operand_length(operand);
        if length == 0 {
            return;
        }
        let (operand, rest) = operand.split_at(length);
        let lines = here[..here.len() - operand.len() - rest.len()].matches('\n').count();
        let arguments =
            operand.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(operand);
        self.out.extend(["|python_percent(", arguments, ")"]);
        self.out.extend(std::iter::repeat_n('\n', lines));
        self.rest = &self.rest[self.rest.len() - stop - rest.len()..];
    }
}

/// The name of a tag that `text` begins with; empty where there is none.
fn name_of(text: &str) -> &str {
    let inside = text[2..].trim_start_matches(['-', '+']).trim_start();
    &inside[..inside.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inside.len())]
}

/// Where a tag or expression that `text` begins with ends, behind its `close`; texts in quotes and maps in it may hold
/// that, too.
fn end_of(text: &str, close: &str) -> usize {
    let mut at = 2;
    let mut depth = 0_usize;
    while at < text.len() {
        let rest = &text[at..];
        if depth == 0 && rest.starts_with(close) {
            return at + close.len();
        }
        match rest.as_bytes()[0] {
            b'\'' | b'"' => at += string_length(rest),
            byte => {
                depth = match byte {
                    b'{' => depth + 1,
                    b'}' => depth.saturating_sub(1),
                    _ => depth,
                };
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }
    text.len()
}

/// The length of the text in quotes that `text` begins with.
fn string_length(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the operand that `text` begins with: a name, number, text or group, and what is looked up in it, called
/// or filtered.
fn operand_length(text: &str) -> usize {
    let mut length = match text.as_bytes().first() {
        Some(b'(') => group_length(text),
        Some(b'\'' | b'"') => string_length(text),
        _ => word_length(text),
    };
    while length > 0 && !text.starts_with('(') {
        let rest = &text[length..];
        let more = match rest.as_bytes().first() {
            Some(b'[' | b'(') => group_length(rest),
            Some(b'.' | b'|') => 1 + word_length(&rest[1..]),
            _ => break,
        };
        length += more;
    }
    length
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The length of the group in brackets that `text` begins with.
fn group_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        let rest = &text[at..];
        match rest.as_bytes()[0] {
            b'\'' | b'"' => {
                at += string_length(rest);
                continue;
            }
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prepared(template: &str) -> String {
        Source::of(template).text
    }

    #[test]
    fn tags_that_are_not_known_become_comments_of_the_same_shape() {
        let source = Source::of("ab{%- generation -%}b{% trans\n'%}' %}c{%+ endtrans%}{% trans %}");
        assert_eq!(source.text, "ab{#-            -#}b{#      \n     #}c{#+         #}{#       #}");
        assert_eq!(source.passed_over, ["trans", "endtrans"]);
    }

    #[test]
    fn what_is_raw_or_a_comment_stays() {
        for text in
            ["{% raw %}{% x %}{% endraw %}", "{# {% x %} #}", "a { b }", "{{ '{% x %}' }}", "{{ {'a': {}} }}"]
        {
            assert_eq!(prepared(text), text);
        }
    }

    #[test]
    fn percent_becomes_a_filter() {
        for (text, expected) in [
            ("{{ '%s!' % name }}", "{{ '%s!'|python_percent(name) }}"),
            ("{{ \"%d%%\" % (a, b.c(1)) ~ x }}", "{{ \"%d%%\"|python_percent(a, b.c(1)) ~ x }}"),
            ("{% if '%s' % m['x'].y|upper == 'A' %}", "{% if '%s'|python_percent(m['x'].y|upper) == 'A' %}"),
            ("{% set a = 'x' %}", "{% set a = 'x' %}"),
            ("{{ a % 2 }}", "{{ a % 2 }}"),
        ] {
            assert_eq!(prepared(text), expected);
        }
    }

    #[test]
    fn a_lone_first_character_is_a_blank_to_llama_cpp() {
        assert_eq!(prepared("A {% if x %}"), "{% if x %}");
        assert_eq!(prepared("\n{# c #}"), "{# c #}");
        for text in ["AB{% if x %}", "é{% if x %}", "A{{ x }}{% if x %}", "A"] {
            assert_eq!(prepared(text), text);
        }
        assert_eq!(prepared("a\r\nb\rc"), "a\nb\nc");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_lines_stay(text in r#"(\{\{|\}\}|\{%|%\}|\{#|#\}|raw|endraw|x|'|"|%|\(|\)|\[|\n|é| |-|\\){0,30}"#) {
            let source = Source::of(&text);
            let lines = source.text.matches('\n').count() + source.first_line - 1;
            prop_assert_eq!(text.matches('\n').count(), lines, "{:?}", source.text);
        }
    }
}
