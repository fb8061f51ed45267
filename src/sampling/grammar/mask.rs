//! llama.cpp's grammar sampler, following one path.

use llama_cpp_2::{
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};

use super::{GrammarError, GrammarSource, quiet::quietly};
use crate::{sampling::ChainModel, token::Token};

/// A grammar and where in it the path has come.
pub struct Mask {
    fresh: LlamaSampler,
    sampler: LlamaSampler,
    /// The generated tokens it has been given.
    told: Vec<Token>,
    /// From this many tokens on the text does not fit any more, because a token was picked by hand or came before the
    /// grammar was set.
    broken_at: Option<usize>,
}

impl Mask {
    /// None for no grammar.
    pub fn new(source: &GrammarSource, model: &ChainModel) -> Result<Option<Self>, GrammarError> {
        let Some(gbnf) = source.as_gbnf() else { return Ok(None) };
        let llama = model.llama.as_ref().ok_or(GrammarError::NeedsVocabulary)?;
        let (sampler, said) = quietly(|| LlamaSampler::grammar(llama, gbnf, "root"));
        let fresh = sampler.map_err(|_| GrammarError::Refused(complaint(&said)))?;
        Ok(Some(Self { sampler: fresh.clone(), fresh, told: Vec::new(), broken_at: None }))
    }

    /// Follows the path: only what is new where it goes on from the last one, from the start otherwise.
    pub fn follow(&mut self, generated: &[Token]) {
        if !generated.starts_with(&self.told) {
            self.sampler = self.fresh.clone();
            self.told.clear();
            self.broken_at = None;
        }
        for &token in &generated[self.told.len()..] {
            // A token that does not fit must not reach llama.cpp: for an end token it would end the process.
            if self.broken_at.is_none() && self.fits(token) {
                self.sampler.accept(LlamaToken(token.to_llama()));
            } else {
                self.broken_at.get_or_insert(self.told.len());
            }
            self.told.push(token);
        }
    }

    /// Whether the text so far fits. Where it does not, nothing is masked any more.
    pub fn intact(&self) -> bool {
        self.broken_at.is_none()
    }

    /// Whether a token may come next.
    pub fn fits(&mut self, token: Token) -> bool {
        if !self.intact() {
            return true;
        }
        let one = vec![LlamaTokenData::new(LlamaToken(token.to_llama()), 1.0, 0.0)];
        let mut array = LlamaTokenDataArray::new(one, false);
        array.apply_sampler(&mut self.sampler);
        array.data[0].logit() > f32::NEG_INFINITY
    }

    /// Masks what may not come next.
    pub fn apply(&mut self, array: &mut LlamaTokenDataArray) {
        if self.intact() {
            array.apply_sampler(&mut self.sampler);
        }
    }
}

/// What llama.cpp's parser printed: "function: error parsing grammar: what", an empty line, and the whole grammar.
fn complaint(said: &str) -> String {
    let first = said.lines().next().unwrap_or_default();
    match first.split_once("error parsing grammar: ") {
        Some((_, what)) => what.trim().to_owned(),
        // It parsed, and there is a root: one check is left.
        None => "a rule is left-recursive, or repeats without end something that can be empty".to_owned(),
    }
}
