//! The vocabulary: what each token id stands for.

use std::{collections::HashMap, sync::Arc};

use llama_cpp_2::{model::LlamaModel, token_type::LlamaTokenAttr};

use super::Tokenizer;
use crate::{
    sampling::{ChainModel, Pieces},
    token::Token,
};

/// The bytes of every token, and which tokens are special. Shared by all threads.
pub struct Vocabulary {
    pieces: Arc<Pieces>,
    control: Vec<bool>,
    eog: Vec<Token>,
    suppressed: Vec<Token>,
    bos: Option<Token>,
    eos: Option<Token>,
    pad: Option<Token>,
    adds_bos: bool,
    adds_eos: bool,
    words: HashMap<Box<[u8]>, Token>,
    llama: Option<Arc<LlamaModel>>,
    elsewhere: Option<Arc<dyn Tokenizer>>,
}

impl Vocabulary {
    /// Reads the vocabulary of a loaded model.
    #[must_use]
    pub fn of_model(model: &Arc<LlamaModel>) -> Self {
        let llama = model.vocab();
        let n = usize::try_from(llama.n_tokens()).unwrap_or(0);
        let mut builder = VocabularyBuilder::with_capacity(n);
        let mut piece = Vec::new();
        for token in llama.tokens() {
            piece.clear();
            llama.token_to_piece_into(token, &mut piece, true, None);
            let attributes = llama.attr(token);
            let control =
                attributes.contains(LlamaTokenAttr::Control) || attributes.contains(LlamaTokenAttr::Unknown);
            builder.push(&piece, control, llama.is_eog(token));
        }
        let mut vocabulary = builder.build();
        vocabulary.bos = Token::from_llama(llama.bos().0);
        vocabulary.eos = Token::from_llama(llama.eos().0);
        vocabulary.pad = Token::from_llama(llama.pad().0);
        vocabulary.adds_bos = llama.should_add_bos();
        vocabulary.adds_eos = llama.should_add_eos();
        vocabulary.suppressed =
            llama.suppress_tokens().iter().filter_map(|token| Token::from_llama(token.0)).collect();
        vocabulary.llama = Some(Arc::clone(model));
        vocabulary
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are no tokens at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The bytes of a token, special tokens as their text (`<|im_end|>`). Bytes, not text: a
    /// character can span tokens. Empty for an id outside the vocabulary.
    #[must_use]
    pub fn piece(&self, token: Token) -> &[u8] {
        self.pieces.of(token)
    }

    /// Whether the token is a control token: written as nothing in ordinary output.
    #[must_use]
    pub fn is_control(&self, token: Token) -> bool {
        self.control.get(token.index()).copied().unwrap_or(false)
    }

    /// The tokens that end generation (EOG), ascending.
    #[must_use]
    pub fn eog(&self) -> &[Token] {
        &self.eog
    }

    /// Whether the token ends generation.
    #[must_use]
    pub fn is_eog(&self, token: Token) -> bool {
        self.eog.binary_search(&token).is_ok()
    }

    /// The token that fills up what is no text, if there is one.
    #[must_use]
    pub fn pad(&self) -> Option<Token> {
        self.pad
    }

    /// Whether a canvas holds no more text from this token on: it ends generation, or is padding.
    #[must_use]
    pub fn ends_text(&self, token: Token) -> bool {
        self.is_eog(token) || self.pad == Some(token)
    }

    /// The token a prompt begins with, if there is one.
    #[must_use]
    pub fn bos(&self) -> Option<Token> {
        self.bos
    }

    /// The text of the token a prompt begins with, empty if there is none.
    #[must_use]
    pub fn bos_text(&self) -> String {
        self.bos.map(|t| String::from_utf8_lossy(self.piece(t)).into_owned()).unwrap_or_default()
    }

    /// The text of the end token, empty if there is none.
    #[must_use]
    pub fn eos_text(&self) -> String {
        self.eos.map(|t| String::from_utf8_lossy(self.piece(t)).into_owned()).unwrap_or_default()
    }

    /// llama.cpp's model; None for a script.
    pub(super) fn llama(&self) -> Option<&LlamaModel> {
        self.llama.as_deref()
    }

    /// The end token, if there is one.
    #[must_use]
    pub fn eos(&self) -> Option<Token> {
        self.eos
    }

    /// Whether tokenizing puts the begin token first.
    #[must_use]
    pub fn adds_bos(&self) -> bool {
        self.adds_bos
    }

    /// Whether tokenizing puts the end token last.
    #[must_use]
    pub fn adds_eos(&self) -> bool {
        self.adds_eos
    }

    /// The tokens of a text that goes on from others: none are added at its ends, special ones in it are recognised.
    ///
    /// # Errors
    ///
    /// They are made on a server, which did not answer: why, in a sentence. The same holds for the others that can fail.
    pub fn tokenize_more(&self, text: &str) -> Result<Vec<Token>, String> {
        self.made(text, false, true)
    }

    /// The tokens of a text in the middle of others, in which special tokens are the letters they are written with.
    pub fn tokenize_part(&self, text: &str) -> Result<Vec<Token>, String> {
        self.made(text, false, false)
    }

    /// [`tokenize`](Self::tokenize), where it can fail.
    pub fn try_tokenize(&self, text: &str) -> Result<Vec<Token>, String> {
        self.whole(text, true)
    }

    /// [`tokenize_plain`](Self::tokenize_plain), where it can fail.
    pub fn try_tokenize_plain(&self, text: &str) -> Result<Vec<Token>, String> {
        self.whole(text, false)
    }

    /// Turns text into tokens as llama.cpp's tools do for a prompt: special tokens are added at
    /// the start if the model wants them, and recognised inside the text. A text of no token gets
    /// the model's begin token where there is one. For a vocabulary that is at hand; where a server's fails it is logged, and
    /// there are none.
    #[must_use]
    pub fn tokenize(&self, text: &str) -> Vec<Token> {
        logged(self.whole(text, true))
    }

    /// The same for a text that is not to be obeyed: special tokens in it are read as the letters they are written with,
    /// as `llama-perplexity` does.
    #[must_use]
    pub fn tokenize_plain(&self, text: &str) -> Vec<Token> {
        logged(self.whole(text, false))
    }

    fn whole(&self, text: &str, special: bool) -> Result<Vec<Token>, String> {
        let mut tokens = self.made(text, true, special)?;
        if tokens.is_empty() {
            tokens.extend(self.bos);
        }
        Ok(tokens)
    }

    fn made(&self, text: &str, add: bool, special: bool) -> Result<Vec<Token>, String> {
        if let Some(model) = &self.llama {
            let tokens = model.vocab().tokenize(text.as_bytes(), add, special);
            return Ok(tokens.into_iter().filter_map(|token| Token::from_llama(token.0)).collect());
        }
        match &self.elsewhere {
            Some(tokenizer) => {
                let tokens = tokenizer.tokens(text, add, special)?;
                match tokens.iter().find(|token| token.index() >= self.len()) {
                    None => Ok(tokens),
                    Some(odd) => Err(format!(
                        "the server makes token {} of it, and its vocabulary had {} tokens when it was asked for them: load the \
                         model again",
                        odd.0,
                        self.len()
                    )),
                }
            }
            None => Ok(self.longest_matches(text.as_bytes())),
        }
    }

    /// Tokenizes by the longest vocabulary entry that matches; bytes that match none are left out.
    fn longest_matches(&self, mut text: &[u8]) -> Vec<Token> {
        let mut tokens = Vec::new();
        while !text.is_empty() {
            let found = (1..=text.len()).rev().find_map(|n| Some((n, *self.words.get(&text[..n])?)));
            let (n, token) = found.map_or((1, None), |(n, token)| (n, Some(token)));
            tokens.extend(token);
            text = &text[n..];
        }
        tokens
    }

    /// What a sampler chain has to know.
    #[must_use]
    pub fn chain_model(&self, context_size: usize) -> ChainModel {
        ChainModel {
            n_vocab: self.len(),
            context_size,
            eog: self.eog.clone(),
            suppressed: self.suppressed.clone(),
            pieces: Some(Arc::clone(&self.pieces)),
            prompt_len: 0,
            llama: self.llama.clone(),
        }
    }
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary").field("len", &self.len()).field("eog", &self.eog).finish_non_exhaustive()
    }
}

fn logged(tokens: Result<Vec<Token>, String>) -> Vec<Token> {
    tokens.unwrap_or_else(|why| {
        tracing::warn!("no tokens could be made: {why}");
        Vec::new()
    })
}

/// What stands at the ends of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextEnds {
    /// The token a prompt begins with, if there is one.
    pub bos: Option<Token>,
    /// The end token, if there is one.
    pub eos: Option<Token>,
    /// Whether tokenizing puts the begin token first.
    pub adds_bos: bool,
    /// Whether tokenizing puts the end token last.
    pub adds_eos: bool,
}

/// Builds a vocabulary token by token, ids ascending from 0.
#[derive(Default)]
pub struct VocabularyBuilder {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    control: Vec<bool>,
    eog: Vec<Token>,
}

impl VocabularyBuilder {
    /// A builder with room for `n` tokens.
    #[must_use]
    pub fn with_capacity(n: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(8 * n),
            ends: Vec::with_capacity(n),
            control: Vec::with_capacity(n),
            eog: Vec::new(),
        }
    }

    /// Adds the next token.
    pub fn push(&mut self, piece: &[u8], control: bool, ends_generation: bool) {
        if ends_generation {
            self.eog.push(Token(self.ends.len() as u32));
        }
        self.bytes.extend_from_slice(piece);
        self.ends.push(self.bytes.len() as u32);
        self.control.push(control);
    }

    /// The vocabulary; text is tokenized by its longest matching entry.
    #[must_use]
    pub fn build(self) -> Vocabulary {
        Vocabulary {
            pieces: Arc::new(Pieces::new(self.bytes, self.ends)),
            control: self.control,
            eog: self.eog,
            suppressed: Vec::new(),
            bos: None,
            eos: None,
            pad: None,
            adds_bos: false,
            adds_eos: false,
            words: HashMap::new(),
            llama: None,
            elsewhere: None,
        }
    }

    /// The same with what a server tells: the ends of texts, the tokens that are never drawn, and who makes tokens.
    #[must_use]
    pub fn build_served(
        self,
        ends: TextEnds,
        suppressed: Vec<Token>,
        tokenizer: Arc<dyn Tokenizer>,
    ) -> Vocabulary {
        let TextEnds { bos, eos, adds_bos, adds_eos } = ends;
        let elsewhere = Some(tokenizer);
        Vocabulary { suppressed, bos, eos, adds_bos, adds_eos, elsewhere, ..self.build() }
    }

    /// The same with a table of whole entries, for a vocabulary that has no model behind it.
    #[must_use]
    pub fn build_scripted(self) -> Vocabulary {
        let mut vocabulary = self.build();
        let ids = 0..vocabulary.len() as u32;
        vocabulary.words = ids.map(|id| (vocabulary.piece(Token(id)).into(), Token(id))).collect();
        vocabulary
    }
}
