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
    /// It is too long.
    #[error("the grammar has {length} bytes; at most {limit} are allowed")]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// A schema that is not even JSON.
    #[error("the JSON schema: {0}")]
    NoJson(String),
    /// A schema that llama.cpp's converter refuses.
    #[error(
        "llama.cpp cannot turn this JSON schema into a grammar: it may use a keyword, a pattern or a reference that the \
         converter does not know"
    )]
    Schema,
    /// A choice of no character.
    #[error("a choice is empty: give a text of at least one character")]
    EmptyChoice,
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
