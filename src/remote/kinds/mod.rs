//! The kinds of servers: how each is found out about and asked.

pub(super) mod completions;
pub(super) mod llama_server;
pub(super) mod ollama;
pub(super) mod openai;
pub(super) mod sglang;
pub(super) mod vllm;

use super::RemoteError;
use crate::{
    engine::{
        ServerInfo, Vocabulary,
        llama::{OnlyVocabulary, load_vocabulary},
    },
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};

/// A vocabulary of up to so many tokens is asked for whole, where nothing else was set.
const SMALL: usize = 4096;
/// Candidates that are asked for otherwise.
const USUAL: usize = 100;

/// How many candidates to ask for, of a vocabulary of `n_vocab` and a server that gives `limit` at most.
fn candidates(wanted: RemoteCandidates, n_vocab: usize, limit: Option<usize>) -> usize {
    let wanted = match wanted {
        RemoteCandidates::Auto if n_vocab <= SMALL => n_vocab,
        RemoteCandidates::Auto => USUAL,
        RemoteCandidates::All => n_vocab,
        RemoteCandidates::Count(count) => count as usize,
    };
    wanted.min(limit.unwrap_or(usize::MAX)).clamp(1, n_vocab.max(1))
}

/// Says so where fewer candidates come than were asked for.
fn note_candidates(info: &mut ServerInfo, settings: &ModelSettings, n_vocab: usize) {
    let wanted = candidates(settings.remote_candidates, n_vocab, None);
    if info.candidates < wanted && settings.remote_candidates != RemoteCandidates::Auto {
        info.notes
            .push(format!("It gives at most {} of the {wanted} candidates asked for.", info.candidates));
    }
}

/// The ids of a path, as they are sent.
fn ids(path: &[Token]) -> Vec<u32> {
    path.iter().map(|token| token.0).collect()
}

/// The vocabulary of the file that settings name, for a server that does not tell its own.
fn given(settings: &ModelSettings, address: &str) -> Result<Option<OnlyVocabulary>, RemoteError> {
    let Some(path) = &settings.remote_vocabulary else { return Ok(None) };
    load_vocabulary(path).map(Some).map_err(|error| RemoteError::Setting {
        address: address.to_owned(),
        why: format!("the vocabulary that was named (--remote-vocabulary) cannot be used: {error}"),
    })
}

/// A path as text, without the token that the server puts first itself, and whether other tokens come of it.
fn text_of(path: &[Token], vocabulary: &Vocabulary, address: &str) -> Result<(String, bool), RemoteError> {
    let first =
        path.first().copied().filter(|first| vocabulary.adds_bos() && vocabulary.bos() == Some(*first));
    let rest = &path[usize::from(first.is_some())..];
    let bytes: Vec<u8> = rest.iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
    let text = String::from_utf8(bytes).map_err(|_| RemoteError::Setting {
        address: address.to_owned(),
        why: "this path ends in the middle of a character, and the server takes texts alone: go on from another token".to_owned(),
    })?;
    let again = vocabulary.try_tokenize(&text).unwrap_or_default();
    Ok((text, again != path))
}

/// The context that paths get: what was set, as far as the server goes; 0 for as much as it has.
fn context(settings: &ModelSettings, server: usize) -> usize {
    match settings.ctx_size as usize {
        0 => server,
        set => set.min(server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_bounded_by_vocabulary_and_server() {
        use RemoteCandidates::{All, Auto, Count};
        assert_eq!(candidates(Auto, 4096, None), 4096);
        assert_eq!(candidates(Auto, 49_152, None), 100);
        assert_eq!(candidates(Auto, 49_152, Some(20)), 20);
        assert_eq!(candidates(All, 49_152, None), 49_152);
        assert_eq!(candidates(Count(7), 49_152, Some(20)), 7);
        assert_eq!(candidates(Count(9000), 300, None), 300);
        assert_eq!(candidates(Count(9), 0, Some(0)), 1);
    }
}
