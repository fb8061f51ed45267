//! Grammars: only what fits may be generated.
//!
//! [`GrammarSource`] is what a user gives, checked before llama.cpp sees it. [`Mask`] is llama.cpp's grammar sampler
//! following one path: it is given the generated tokens, as in llama.cpp's tools (the prompt need not match).

mod check;
#[cfg(test)]
mod check_tests;
mod mask;
mod quiet;
mod rules;
mod scanner;
mod schema_fault;
mod source;
#[cfg(test)]
mod tests;
mod written;

pub use source::GrammarSource;

pub(super) use mask::Mask;

/// Why a grammar cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrammarError {
    /// A mistake in GBNF.
    #[error("the grammar, line {line}, column {column}: {what}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Character within the line, from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// There is nothing in it.
    #[error("the {0} is empty{1}")]
    Empty(&'static str, &'static str),
    /// It is too long.
    #[error("the grammar has {length} bytes; at most {limit} are allowed")]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// A schema that is not even JSON.
    #[error("the JSON schema: {what}")]
    NoJson {
        /// What is wrong.
        what: String,
        /// The line, from 1; 0 where it is the whole.
        line: usize,
    },
    /// A schema that llama.cpp's converter refuses.
    #[error("llama.cpp cannot turn this JSON schema into a grammar: {}", .0.as_deref().unwrap_or(UNTOLD))]
    Schema(Option<String>),
    /// A choice of no character.
    #[error("a choice is empty: give a text of at least one character")]
    EmptyChoice,
    /// What stands in a file is wrong.
    #[error("{path}: {error}")]
    InFile {
        /// The file.
        path: String,
        /// What is wrong.
        error: Box<GrammarError>,
    },
    /// A file that cannot be read.
    #[error("{path} cannot be read: {what}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        what: String,
    },
    /// The check let it pass, but llama.cpp does not.
    #[error("llama.cpp does not accept the grammar: {0}")]
    Refused(String),
    /// There is no vocabulary of llama.cpp to mask.
    #[error("a grammar needs a model loaded by llama.cpp; leave grammar, JSON schema and choices out")]
    NeedsVocabulary,
}

/// What is said of a schema where nothing is found that is wrong with it.
const UNTOLD: &str = "it may use a keyword, a pattern or a reference that the converter does not know";

/// The most of a line that is shown, in characters.
const MAX_LINE: usize = 80;

impl GrammarError {
    /// The error about what stands in a file.
    fn in_file(self, path: &std::path::Path) -> Self {
        match self {
            Self::File { .. } => self,
            other => Self::InFile { path: path.display().to_string(), error: Box::new(other) },
        }
    }

    /// The error with the line of `text`, the grammar or schema, that it is about.
    #[must_use]
    pub fn in_full(&self, text: &str) -> String {
        let (line, column) = match self {
            Self::Syntax { line, column, .. } => (*line, *column),
            Self::NoJson { line, .. } if *line > 0 => (*line, 1),
            _ => return self.to_string(),
        };
        let line = text.split('\n').nth(line - 1).unwrap_or_default().trim_end();
        // A long line is shown around the place.
        let skipped = if line.chars().count() > MAX_LINE { column.saturating_sub(MAX_LINE / 2) } else { 0 };
        let shown: String = line.chars().skip(skipped).take(MAX_LINE).collect();
        let more = |more: bool| if more { "…" } else { "" };
        let after = line.chars().count() > skipped + MAX_LINE;
        format!("{self}\n  {}{shown}{}", more(skipped > 0), more(after))
    }
}
