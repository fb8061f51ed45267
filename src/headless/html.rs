//! A report as one self-contained HTML page: no script, nothing loaded from elsewhere.

use std::{fmt::Write as _, path::Path};

use super::{RunError, compare::TokenReport};
use crate::text::Shown;

const STYLE: &str = "
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { max-width: 110rem; margin: 2rem auto; padding: 0 1rem; }
.text { font-family: ui-monospace, monospace; white-space: pre-wrap; line-height: 1.7; overflow-wrap: anywhere; }
.text span { border-radius: .2em; color: #111; }
.p9 { background: #b7e3c0; } .p7 { background: #d3ecb8; } .p5 { background: #f0efb0; }
.p3 { background: #fbdfa0; } .p1 { background: #fac49a; } .p0 { background: #f4a6a0; }
.text span.mark { outline: 2px solid #b00020; }
.cards { display: flex; flex-wrap: wrap; gap: 1rem; }
.cards section { flex: 1 1 18rem; min-width: 0; border: 1px solid #8884; border-radius: .5em; padding: 0 1rem; }
.note { opacity: .75; }
table { border-collapse: collapse; display: block; font-variant-numeric: tabular-nums; max-width: 100%; overflow-x: auto; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child, td.words, th.words { text-align: left; }
tr.picked { font-weight: bold; }
tr.title th { text-align: left; font-weight: normal; font-style: italic; padding-top: .8rem; }
tr.inner td:first-child { padding-left: 2rem; }
code { overflow-wrap: anywhere; }
";

/// How a row of a table looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Like most.
    Plain,
    /// It stands out.
    Picked,
    /// It belongs to the title above.
    Inner,
    /// Its first cell is the title of the rows below; it has no others.
    Title,
}

/// A page being written.
pub(super) struct Page(String);

impl Page {
    /// A page with this title, and what its colours say.
    pub fn new(title: &str) -> Self {
        let title = escaped(title);
        let mut page = Self(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        ));
        page.0.push_str("<p class=\"note text\">probability of each token under the model: ");
        for (class, words) in
            [("p9", ".9 and up"), ("p7", ".7"), ("p5", ".5"), ("p3", ".3"), ("p1", ".1"), ("p0", "below .1")]
        {
            let _ = write!(page.0, "<span class=\"{class}\"> {words} </span> ");
        }
        page.0.push_str("· hover over a token for its numbers</p>\n");
        page
    }

    /// A heading.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.0, "<h2>{}</h2>", escaped(text));
    }

    /// A smaller heading.
    pub fn subheading(&mut self, text: &str) {
        let _ = writeln!(self.0, "<h3>{}</h3>", escaped(text));
    }

    /// A line of explanation.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.0, "<p class=\"note\">{}</p>", escaped(text));
    }

    /// Something to copy.
    pub fn code(&mut self, text: &str) {
        let _ = writeln!(self.0, "<p><code>{}</code></p>", escaped(text));
    }

    /// A text in the colours of its tokens' probabilities; the token at `mark` is framed.
    pub fn tokens(&mut self, prompt: &str, tokens: &[TokenReport], mark: Option<usize>) {
        let _ = write!(self.0, "<p class=\"text\">{}", in_lines(prompt));
        for (index, token) in tokens.iter().enumerate() {
            let framed = if mark == Some(index) { " mark" } else { "" };
            let _ = write!(
                self.0,
                "<span class=\"{}{framed}\" title=\"p {}, after sampling {}, rank {}, {:.2} bits of entropy\">{}</span>",
                class(token.p_raw),
                four(token.p_raw),
                four(token.p_final),
                token.rank,
                token.entropy_bits,
                in_lines(&token.text)
            );
        }
        self.0.push_str("</p>\n");
    }

    /// A text in the colours of its tokens' probabilities, which are all that is known about them.
    pub fn plain_tokens<'t>(&mut self, prompt: &str, tokens: impl Iterator<Item = (&'t str, f64)>) {
        let _ = write!(self.0, "<p class=\"text\">{}", in_lines(prompt));
        for (text, p) in tokens {
            let _ = write!(
                self.0,
                "<span class=\"{}\" title=\"p {}\">{}</span>",
                class(p),
                four(p),
                in_lines(text)
            );
        }
        self.0.push_str("</p>\n");
    }

    /// Cards side by side, as many in a row as there is room for.
    pub fn side_by_side(&mut self, cards: impl FnOnce(&mut Self)) {
        self.0.push_str("<div class=\"cards\">\n");
        cards(self);
        self.0.push_str("</div>\n");
    }

    /// A card with its heading.
    pub fn card(&mut self, heading: &str, fill: impl FnOnce(&mut Self)) {
        self.0.push_str("<section>\n");
        self.subheading(heading);
        fill(self);
        self.0.push_str("</section>\n");
    }

    /// A table; the first column is words, and so is any cell that is not a number.
    pub fn table(&mut self, heads: &[&str], rows: &[(Look, Vec<String>)]) {
        self.0.push_str("<table>\n<tr>");
        for (column, head) in heads.iter().enumerate() {
            // A column is aligned as its first cell is.
            let words =
                rows.first().and_then(|(_, cells)| cells.get(column)).map_or("", |cell| class_of(cell));
            let _ = write!(self.0, "<th{words}>{}</th>", escaped(head));
        }
        self.0.push_str("</tr>\n");
        for (look, cells) in rows {
            self.row(*look, cells, heads.len());
        }
        self.0.push_str("</table>\n");
    }

    fn row(&mut self, look: Look, cells: &[String], columns: usize) {
        self.0.push_str(match look {
            Look::Plain => "<tr>",
            Look::Picked => "<tr class=\"picked\">",
            Look::Inner => "<tr class=\"inner\">",
            Look::Title => "<tr class=\"title\">",
        });
        if look == Look::Title {
            let title = cells.first().map_or("", String::as_str);
            let _ = write!(self.0, "<th colspan=\"{columns}\">{}</th>", escaped(title));
        } else {
            for cell in cells {
                let _ = write!(self.0, "<td{}>{}</td>", class_of(cell), escaped(cell));
            }
        }
        self.0.push_str("</tr>\n");
    }

    /// The whole page.
    pub fn finish(mut self) -> String {
        self.0.push_str("</body>\n</html>\n");
        self.0
    }
}

/// Whether a page can be written there: asked before the work is done. What is there stays as it is.
pub(super) fn check(path: &Path) -> Result<(), RunError> {
    let there = std::fs::symlink_metadata(path).ok();
    // Opening a pipe or a device can do more than to look, and a link can lead to one, or to nothing yet.
    if there.as_ref().is_some_and(|there| !there.is_file() && !there.is_dir()) {
        return Ok(());
    }
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map_err(|source| RunError::Page { path: path.to_owned(), source })?;
    if there.is_none() {
        // Left empty, it would look like a page.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// Writes a page to a file.
pub(super) fn write(path: &Path, page: &str) -> Result<(), RunError> {
    std::fs::write(path, page).map_err(|source| RunError::Page { path: path.to_owned(), source })
}

/// The class of a table's cell: words, unless it is a number.
fn class_of(cell: &str) -> &'static str {
    if cell.parse::<f64>().is_ok() { "" } else { " class=\"words\"" }
}

/// A probability with four digits; `?` where nobody has told it.
fn four(p: f64) -> String {
    if p.is_nan() { "?".to_owned() } else { format!("{p:.4}") }
}

const fn class(p: f64) -> &'static str {
    match p {
        0.9.. => "p9",
        0.7.. => "p7",
        0.5.. => "p5",
        0.3.. => "p3",
        0.1.. => "p1",
        _ => "p0",
    }
}

/// Text in one line, harmless and without meaning to HTML.
fn escaped(text: &str) -> String {
    markup_escaped(Shown::inline(text).as_str())
}

/// The same, with the text's own line breaks behind their marks.
fn in_lines(text: &str) -> String {
    markup_escaped(Shown::inline(text).as_str()).replace('⏎', "⏎\n")
}

fn markup_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::distribution::{Bounds, Rank};
    use crate::token::Token;

    fn token(text: &str) -> TokenReport {
        TokenReport {
            id: Token(1),
            text: text.to_owned(),
            p_raw: 0.35,
            p_final: 0.5,
            rank: Rank::At(2),
            entropy_bits: Bounds::exactly(1.0),
            u: None,
        }
    }

    #[test]
    fn a_text_in_colours_with_its_numbers() {
        let mut page = Page::new("a & b");
        page.tokens("Once\n", &[token(" <b>")], Some(0));
        let html = page.finish();
        assert!(html.contains("<h1>a &amp; b</h1>"));
        assert!(html.contains(
            "<p class=\"text\">Once⏎\n<span class=\"p3 mark\" title=\"p 0.3500, after sampling 0.5000, rank 2, \
             1.00 bits of entropy\"> &lt;b&gt;</span></p>"
        ));
    }

    proptest! {
        #[test]
        fn foreign_text_never_becomes_markup(text in "(?s).{0,40}") {
            let tags = |html: &str| html.matches('<').count();
            let page = |text: &str| {
                let mut page = Page::new(text);
                page.heading(text);
                page.note(text);
                page.code(text);
                page.tokens(text, &[token(text)], None);
                let cells = || vec![text.to_owned()];
                page.side_by_side(|page| page.card(text, |page| page.note(text)));
                page.table(&[text], &[(Look::Inner, cells()), (Look::Title, cells())]);
                page.finish()
            };
            prop_assert_eq!(tags(&page(&text)), tags(&page("")));
            let escapes = page(&text).matches('\x1b').count();
            prop_assert_eq!(escapes, 0);
        }
    }
}
