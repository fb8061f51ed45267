//! How a text is cut for a context that may be shorter than it.

/// How a text is cut into windows, each of which starts over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Windows {
    /// The whole text where it fits the context. A longer one goes through it in windows that overlap by half, so that
    /// every token is scored once, and after half a context at least but for the first tokens of the text.
    #[default]
    Whole,
    /// As llama.cpp's `llama-perplexity`: chunks of so many tokens, of which the second half counts. What is left at the
    /// end of the text is not scored.
    Chunks(usize),
}

/// Tokens that go through the model together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
    /// The first token that is scored here; those before are context.
    pub scored: usize,
    /// The first token that counts.
    pub counted: usize,
}

/// Why a text cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowsError {
    /// A model says nothing about the first token.
    #[error(
        "there are too few tokens to score ({tokens}): nothing comes before the first one, so at least two are needed"
    )]
    TooShort {
        /// Tokens of the text.
        tokens: usize,
    },
    /// Not one chunk is full.
    #[error("the text has {tokens} tokens, fewer than a chunk of {chunk}; give a smaller --chunk, or none")]
    NoChunk {
        /// Tokens of the text.
        tokens: usize,
        /// Tokens of a chunk.
        chunk: usize,
    },
    /// The context is too small for a chunk.
    #[error("a chunk of {chunk} tokens does not fit into a context of {context}; give a larger context (-c)")]
    ChunkTooLong {
        /// Tokens of a chunk.
        chunk: usize,
        /// Context size in tokens.
        context: usize,
    },
}

impl Windows {
    /// The smallest chunk: its second half then has a token that counts.
    pub const LEAST_CHUNK: usize = 4;

    /// The windows of a text of so many tokens in a context of so many.
    pub fn of(self, tokens: usize, context: usize) -> Result<Vec<Window>, WindowsError> {
        match self {
            Self::Whole if tokens < 2 || context < 2 => Err(WindowsError::TooShort { tokens }),
            Self::Whole => Ok(overlapping(tokens, context)),
            Self::Chunks(chunk) if chunk > context => Err(WindowsError::ChunkTooLong { chunk, context }),
            Self::Chunks(chunk) if tokens < chunk => Err(WindowsError::NoChunk { tokens, chunk }),
            Self::Chunks(chunk) => {
                let chunk = chunk.max(Self::LEAST_CHUNK);
                let window = |index: usize| {
                    let start = index * chunk;
                    // The logits after the token in the middle are the first that count: they score the one behind it.
                    Window { start, end: start + chunk, scored: start + 1, counted: start + chunk / 2 + 1 }
                };
                Ok((0..tokens / chunk).map(window).collect())
            }
        }
    }
}

fn overlapping(tokens: usize, context: usize) -> Vec<Window> {
    let mut windows = vec![Window { start: 0, end: tokens.min(context), scored: 1, counted: 1 }];
    while let Some(last) = windows.last().filter(|last| last.end < tokens).copied() {
        let end = tokens.min(last.end + (context / 2).max(1));
        windows.push(Window { start: end - context, end, scored: last.end, counted: last.end });
    }
    windows
}
