//! vLLM: `/v1/completions` with token ids both ways.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    candidates,
    completions::{self, Completion, Model, Models},
    context, given, ids, note_candidates,
};
use crate::{
    chat::Message,
    engine::{ServedFormat, ServerInfo, TextEnds, Tokenizer, Vocabulary},
    remote::{
        RemoteError,
        asking::Asking,
        client::Client,
        protocol::{Opened, Protocol, Step},
        vocabulary::{LIKE_ENDS, Pieces},
    },
    settings::ModelSettings,
    token::Token,
};

/// Tokens whose texts are asked for in one question.
const TOGETHER: usize = 512;
/// Stands between them: a sign that no text of a vocabulary is likely to hold.
const BETWEEN: &str = "\u{241e}";
/// Questions at a time while the vocabulary is read.
const READERS: usize = 8;
/// Requests at a time where nothing was set: vLLM makes batches of them.
const PARALLEL: usize = 64;
/// No vocabulary is larger.
const LARGEST: u32 = 1 << 22;

struct Vllm {
    model: String,
    /// The most candidates it gives, once it has said so.
    limit: AtomicUsize,
}

impl Vllm {
    fn body(&self, path: &[Token], candidates: usize) -> Value {
        json!({
            "model": self.model,
            "prompt": ids(path),
            "max_tokens": 1,
            "logprobs": candidates,
            "return_tokens_as_token_ids": true,
            "add_special_tokens": false,
            "temperature": 1,
            "top_p": 1,
            "min_p": 0,
            "repetition_penalty": 1,
            "presence_penalty": 0,
            "frequency_penalty": 0,
            "stream": false,
        })
    }
}

impl Protocol for Vllm {
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError> {
        let mut asked = candidates.min(self.limit.load(Ordering::Relaxed));
        loop {
            let answer = client.post("/v1/completions", &self.body(path, asked), cancelled);
            // Each time fewer, so this ends.
            match answer
                .as_ref()
                .err()
                .and_then(RemoteError::refusal)
                .and_then(|said| completions::limit(said, asked))
            {
                Some(limit) => {
                    self.limit.fetch_min(limit, Ordering::Relaxed);
                    asked = limit;
                }
                None => {
                    let step = completions::step(answer?.read()?, client, None)?;
                    return Ok(Step { read: path.len(), ..step });
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<u32>,
}

#[derive(Deserialize)]
struct Prompt {
    prompt: String,
}

/// Tokens and conversations, by `/tokenize`.
struct Texts {
    client: Client,
    model: String,
    adds_bos: bool,
    variables: Value,
}

impl Texts {
    fn ask<T: serde::de::DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, String> {
        let answer = self.client.post(path, body, &AtomicBool::new(false)).and_then(|answer| answer.read());
        answer.map_err(|error| error.to_string())
    }
}

fn tokenize(model: &str, text: &str, add: bool) -> Value {
    json!({ "model": model, "prompt": text, "add_special_tokens": add })
}

impl Tokenizer for Texts {
    /// Special tokens that a text spells are always recognised: the server has no way to say otherwise.
    fn tokens(&self, text: &str, add: bool, _special: bool) -> Result<Vec<Token>, String> {
        let tokens: Tokens = self.ask("/tokenize", &tokenize(&self.model, text, add))?;
        Ok(tokens.tokens.into_iter().map(Token).collect())
    }
}

impl ServedFormat for Texts {
    fn render(&self, messages: &[Message]) -> Result<String, String> {
        let message = |message: &Message| json!({ "role": message.role, "content": message.content.text() });
        let messages: Vec<Value> = messages.iter().map(message).collect();
        let mut body = json!({ "model": self.model, "messages": messages, "add_generation_prompt": true });
        if self.variables.as_object().is_some_and(|variables| !variables.is_empty()) {
            body["chat_template_kwargs"] = self.variables.clone();
        }
        let mut tokens = self.ask::<Tokens>("/tokenize", &body)?.tokens;
        // It is put there again when the text becomes tokens.
        if self.adds_bos {
            let bare: Tokens = self.ask("/tokenize", &tokenize(&self.model, "", true))?;
            let common = tokens.iter().zip(&bare.tokens).take_while(|(a, b)| a == b).count();
            tokens.drain(..common);
        }
        let body = json!({ "model": self.model, "tokens": tokens });
        Ok(self.ask::<Prompt>("/detokenize", &body)?.prompt)
    }
}

/// Finds out about a vLLM server.
pub(in crate::remote) fn open(
    asking: &mut Asking<'_>,
    settings: &ModelSettings,
) -> Result<Opened, RemoteError> {
    let address = asking.client.address().to_string();
    let models: Models = asking.get("/v1/models")?.read()?;
    let Model { id, max_model_len } = models.pick(settings.remote_model.as_ref(), &address)?;
    asking.at(0.1);
    let server = Arc::new(Vllm { model: id.clone(), limit: AtomicUsize::new(usize::MAX) });
    let ends = ends(asking, &id)?;
    let texts = Texts {
        client: asking.client.brief(),
        model: id.clone(),
        adds_bos: ends.adds_bos,
        variables: settings.chat_variables().into(),
    };
    let texts = Arc::new(texts);
    let mut notes = Vec::new();
    let (vocabulary, template) = if let Some(given) = given(settings, &address)? {
        (given.vocabulary, given.template)
    } else {
        notes.push(
            "Texts of tokens come from the server one by one: bytes that are part of a character are not told."
                .to_owned(),
        );
        (Arc::new(vocabulary(asking, &server, ends, &texts)?), None)
    };
    asking.at(0.95);
    // The first step tells how many candidates it gives.
    let wanted = candidates(settings.remote_candidates, vocabulary.len(), None);
    let (probe, path) = (Arc::clone(&server), [ends.bos.unwrap_or(Token(0))]);
    asking.ask(move |client, cancelled| probe.step(client, &path, wanted, cancelled))?;
    let limit = server.limit.load(Ordering::Relaxed);
    let mut info = ServerInfo {
        kind: "vLLM",
        address,
        model: Some(id.clone()),
        parallel: settings.remote_parallel.map_or(PARALLEL, |set| set as usize),
        candidates: candidates(settings.remote_candidates, vocabulary.len(), Some(limit)),
        notes,
        ..ServerInfo::default()
    };
    if limit < wanted {
        info.notes
            .push(format!("It gives at most {limit} candidates: start it with --max-logprobs for more."));
    } else {
        note_candidates(&mut info, settings, vocabulary.len());
    }
    let title = id.rsplit('/').next().unwrap_or(&id).to_owned();
    let context = context(settings, max_model_len.unwrap_or(2048));
    Ok(Opened { protocol: server, vocabulary, chat: Some(texts), template, title, context, info })
}

/// The tokens at the ends of a text.
fn ends(asking: &mut Asking<'_>, model: &str) -> Result<TextEnds, RemoteError> {
    let mut tokens = |add| -> Result<Vec<u32>, RemoteError> {
        Ok(asking.post::<Tokens>("/tokenize", tokenize(model, "a", add))?.tokens)
    };
    let (bare, whole) = (tokens(false)?, tokens(true)?);
    let at = whole.windows(bare.len().max(1)).position(|window| window == bare).unwrap_or(0);
    let before = whole.first().copied().map(Token).filter(|_| at > 0);
    let after = whole.last().copied().map(Token).filter(|_| at + bare.len() < whole.len());
    Ok(TextEnds { bos: before, eos: after, adds_bos: before.is_some(), adds_eos: after.is_some() })
}

/// Number of tokens: the first id that it refuses.
fn size(asking: &mut Asking<'_>, server: &Arc<Vllm>) -> Result<u32, RemoteError> {
    // Every id below `low` is taken, `high` is not.
    let (mut low, mut high) = (1, LARGEST);
    while low < high {
        let middle = low + (high - low) / 2;
        let body = server.body(&[Token(middle)], 1);
        match asking.ask(move |client, cancelled| client.post("/v1/completions", &body, cancelled)) {
            Ok(_) => low = middle + 1,
            Err(RemoteError::Refused { .. }) => high = middle,
            Err(error) => return Err(error),
        }
    }
    Ok(low)
}

/// The texts of all tokens, and which end a text.
fn vocabulary(
    asking: &mut Asking<'_>,
    server: &Arc<Vllm>,
    ends: TextEnds,
    texts: &Arc<Texts>,
) -> Result<Vocabulary, RemoteError> {
    let size = size(asking, server)?;
    asking.at(0.2);
    let model = server.model.clone();
    let between = asking.post::<Tokens>("/tokenize", tokenize(&model, BETWEEN, false))?.tokens;
    let groups: Vec<Vec<u32>> = (0..size).collect::<Vec<_>>().chunks(TOGETHER).map(<[u32]>::to_vec).collect();
    let found = asking.ask_each(groups, READERS, move |client, group: &Vec<u32>, cancelled| {
        texts_of(client, &model, group, &between, cancelled)
    })?;
    let told = found.into_iter().flatten().enumerate().map(|(id, text)| (id as i64, text.into_bytes()));
    let mut pieces = Pieces::of(told, asking.client.address())?;
    asking.at(0.8);
    let (likely, server) = (pieces.like(&LIKE_ENDS), Arc::clone(server));
    let asked = likely.clone();
    let path = [ends.bos.unwrap_or(Token(0))];
    let end = asking.ask_each(asked, READERS, move |client, token: &Token, cancelled| {
        let mut body = server.body(&path, 1);
        body["temperature"] = json!(0);
        body["logit_bias"] = json!({ token.0.to_string(): 100 });
        let completion: Completion = client.post("/v1/completions", &body, cancelled)?.read()?;
        Ok(completion.choices.first().is_some_and(|choice| choice.finish_reason.as_deref() == Some("stop")))
    })?;
    let ending = likely.into_iter().zip(end).filter(|(_, ends)| *ends).map(|(token, _)| token);
    pieces.set_ends(ending.chain(ends.eos).collect());
    let tokenizer: Arc<Texts> = Arc::clone(texts);
    pieces.build(ends, tokenizer)
}

/// The texts of some tokens, told apart by a sign between them; where that does not work each is asked for by itself.
fn texts_of(
    client: &Client,
    model: &str,
    group: &[u32],
    between: &[u32],
    cancelled: &AtomicBool,
) -> Result<Vec<String>, RemoteError> {
    let mut tokens = Vec::with_capacity(group.len() * (between.len() + 1));
    for token in group {
        // Before the first, too: what begins a text can lose its blank.
        tokens.extend_from_slice(between);
        tokens.push(*token);
    }
    tokens.extend_from_slice(between);
    let body = json!({ "model": model, "tokens": tokens });
    let whole = client.post("/detokenize", &body, cancelled)?.read::<Prompt>()?.prompt;
    let parts: Vec<&str> = whole.split(BETWEEN).collect();
    if parts.len() == group.len() + 2 {
        return Ok(parts[1..=group.len()].iter().map(|&part| part.to_owned()).collect());
    }
    match group {
        // The sign itself, or part of it.
        [_] => Ok(vec!["\u{fffd}".to_owned()]),
        _ => {
            let (left, right) = group.split_at(group.len() / 2);
            let mut found = texts_of(client, model, left, between, cancelled)?;
            found.extend(texts_of(client, model, right, between, cancelled)?);
            Ok(found)
        }
    }
}
