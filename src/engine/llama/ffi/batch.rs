//! The tokens of one call, laid out as llama.cpp reads them.

use llama_cpp_sys_2::llama_batch;

use crate::token::Token;

/// Tokens that go through the model in one call.
#[derive(Debug, Default)]
pub(in crate::engine::llama) struct Batch {
    tokens: Vec<i32>,
    positions: Vec<i32>,
    sequences: Vec<i32>,
    /// Sequences a token belongs to: one each.
    counts: Vec<i32>,
    /// Where the sequences of each token are listed; set anew for each call.
    lists: Vec<*mut i32>,
    logits: Vec<i8>,
}

impl Batch {
    /// Takes all tokens out.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.positions.clear();
        self.sequences.clear();
        self.counts.clear();
        self.logits.clear();
    }

    /// Adds a token at a position of a sequence; with `logits` what comes after it is computed.
    pub fn add(&mut self, token: Token, position: usize, sequence: usize, logits: bool) {
        self.tokens.push(token.to_llama());
        self.positions.push(position as i32);
        self.sequences.push(sequence as i32);
        self.counts.push(1);
        self.logits.push(i8::from(logits));
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The same for C: it points into this batch and is valid until the batch changes.
    pub(super) fn raw(&mut self) -> llama_batch {
        self.lists.clear();
        self.lists.extend(self.sequences.iter_mut().map(std::ptr::from_mut));
        llama_batch {
            n_tokens: self.tokens.len() as i32,
            token: self.tokens.as_mut_ptr(),
            embd: std::ptr::null_mut(),
            pos: self.positions.as_mut_ptr(),
            n_seq_id: self.counts.as_mut_ptr(),
            seq_id: self.lists.as_mut_ptr(),
            logits: self.logits.as_mut_ptr(),
        }
    }
}
