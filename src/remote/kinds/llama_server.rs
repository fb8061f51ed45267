//! llama.cpp's llama-server.
//!
//! `/completion` takes token ids and gives as many candidates as are asked for, all of the vocabulary if that is wanted, as the
//! softmax of the raw logits: before biases and samplers. That makes more known than its interface says: the bytes of every token
//! come from one step with all candidates, and the tokens that end a text from one in which it is told to ignore them.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{candidates, context, given, ids};
use crate::{
    chat::Message,
    engine::{ServedFormat, ServerInfo, TextEnds, Tokenizer, Vocabulary},
    remote::{
        RemoteError,
        asking::Asking,
        client::Client,
        protocol::{Candidate, Opened, Protocol, Step},
        vocabulary::{Names, Pieces},
    },
    settings::ModelSettings,
    token::Token,
};

/// More than any vocabulary has.
const ALL: usize = 4 << 20;
/// What makes the server draw a token that is sure to be whole text: where it draws a part of a character it leaves all
/// probabilities out.
const FORCED: f64 = 1000.0;
/// Slots that are taken note of at most.
const MOST_SLOTS: usize = 256;

/// How a llama-server is asked.
struct LlamaServer {
    /// Which model, for one that has several.
    model: Option<String>,
    /// A token that is plain text.
    plain: Token,
}

#[derive(Deserialize)]
struct Completion<T> {
    completion_probabilities: Option<Vec<Told<T>>>,
    timings: Option<Timings>,
}

#[derive(Deserialize)]
struct Told<T> {
    #[serde(alias = "top_probs")]
    top_logprobs: Vec<T>,
}

#[derive(Deserialize)]
struct Named {
    id: i64,
    logprob: Option<f64>,
}

#[derive(Deserialize)]
struct Spelled {
    id: i64,
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
struct OnlyId {
    id: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Timings {
    cache_n: usize,
    prompt_n: usize,
    prompt_ms: f64,
    predicted_ms: f64,
}

impl LlamaServer {
    fn body(&self, path: &[Token], candidates: usize) -> Value {
        json!({
            "prompt": ids(path),
            "n_predict": 1,
            "n_probs": candidates,
            "post_sampling_probs": false,
            "cache_prompt": true,
            "samplers": ["top_k"],
            "top_k": 1,
            "temperature": 0,
            "logit_bias": [[self.plain.0, FORCED]],
            "response_fields": ["completion_probabilities", "timings"],
            "model": self.model,
        })
    }

    /// The same step, with the probabilities that are left when every token is as good as equally likely: those that are
    /// missing are never drawn.
    fn flat(&self, path: &[Token], ignore_end: bool) -> Value {
        let mut body = self.body(path, ALL);
        body["post_sampling_probs"] = json!(true);
        body["samplers"] = json!(["temperature"]);
        body["temperature"] = json!(100);
        body["logit_bias"] = json!([[self.plain.0, 5.0 * FORCED]]);
        body["ignore_eos"] = json!(ignore_end);
        body
    }
}

/// The candidates of the one token that was asked for.
fn only<T>(completion: Completion<T>, client: &Client) -> Result<(Vec<T>, Option<Timings>), RemoteError> {
    let wrong = |what: String| RemoteError::Answer { address: client.address().to_string(), what };
    let told = completion.completion_probabilities.unwrap_or_default();
    match <[Told<T>; 1]>::try_from(told) {
        Ok([one]) => Ok((one.top_logprobs, completion.timings)),
        Err(other) if other.is_empty() => Err(wrong(
            "no probabilities: it may run with a draft model that leaves them out (start it without), or be too old".into(),
        )),
        Err(other) => Err(wrong(format!("probabilities of {} tokens where one was asked for", other.len()))),
    }
}

impl Protocol for LlamaServer {
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError> {
        let completion: Completion<Named> =
            client.post("/completion", &self.body(path, candidates), cancelled)?.read()?;
        let (named, timings) = only(completion, client)?;
        let candidate = |named: Named| {
            let log_probability = named.logprob.ok_or_else(|| RemoteError::Answer {
                address: client.address().to_string(),
                what: format!("null as the log-probability of token {}", named.id),
            })?;
            Ok(Candidate { id: named.id, log_probability })
        };
        let candidates = named.into_iter().map(candidate).collect::<Result<_, RemoteError>>()?;
        let model = timings.as_ref().map(|timings| milliseconds(timings.prompt_ms + timings.predicted_ms));
        let (read, reused) = timings.map_or((path.len(), 0), |timings| (timings.prompt_n, timings.cache_n));
        Ok(Step { candidates, model, read, reused, ..Step::default() })
    }
}

fn milliseconds(time: f64) -> Duration {
    Duration::try_from_secs_f64(time / 1e3).unwrap_or_default()
}

/// Tokens from `/tokenize`, and conversations from `/apply-template`.
struct Texts {
    client: Client,
    model: Option<String>,
    /// Variables for the template.
    variables: Value,
}

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<u32>,
}

#[derive(Deserialize)]
struct Content {
    content: String,
}

#[derive(Deserialize)]
struct Prompt {
    prompt: String,
}

fn tokenize(text: &str, add: bool, special: bool, model: Option<&String>) -> Value {
    json!({ "content": text, "add_special": add, "parse_special": special, "model": model })
}

impl Tokenizer for Texts {
    fn tokens(&self, text: &str, add: bool, special: bool) -> Result<Vec<Token>, String> {
        let body = tokenize(text, add, special, self.model.as_ref());
        let answer = self.client.post("/tokenize", &body, &AtomicBool::new(false));
        let tokens: Result<Tokens, RemoteError> = answer.and_then(|answer| answer.read());
        Ok(tokens.map_err(|error| error.to_string())?.tokens.into_iter().map(Token).collect())
    }
}

impl ServedFormat for Texts {
    fn render(&self, messages: &[Message]) -> Result<String, String> {
        let message = |message: &Message| json!({ "role": message.role, "content": message.content.text() });
        let messages: Vec<Value> = messages.iter().map(message).collect();
        let mut body = json!({ "messages": messages, "model": self.model });
        if self.variables.as_object().is_some_and(|variables| !variables.is_empty()) {
            body["chat_template_kwargs"] = self.variables.clone();
        }
        let answer = self.client.post("/apply-template", &body, &AtomicBool::new(false));
        let prompt: Result<Prompt, RemoteError> = answer.and_then(|answer| answer.read());
        prompt.map(|prompt| prompt.prompt).map_err(|error| error.to_string())
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Props {
    default_generation_settings: Generation,
    total_slots: usize,
    model_alias: String,
    model_path: String,
    chat_template: String,
    bos_token: String,
    eos_token: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Generation {
    n_ctx: usize,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Models {
    data: Vec<Model>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Model {
    id: String,
    meta: Option<Meta>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Meta {
    n_vocab: Option<usize>,
    n_ctx_train: usize,
    n_params: Option<u64>,
}

/// Finds out about a llama-server.
///
/// # Errors
///
/// It does not answer, or is none.
pub(in crate::remote) fn open(
    asking: &mut Asking<'_>,
    settings: &ModelSettings,
) -> Result<Opened, RemoteError> {
    let props: Props = asking.get("/props")?.read()?;
    let models: Models = asking.get("/v1/models").and_then(|answer| answer.read()).unwrap_or_default();
    let model = settings.remote_model.clone();
    let found = models.data.into_iter().find(|found| model.as_ref().is_none_or(|name| *name == found.id));
    let (id, meta) = found.map(|found| (found.id, found.meta.unwrap_or_default())).unwrap_or_default();
    asking.at(0.1);
    let texts = Texts {
        client: asking.client.brief(),
        model: model.clone(),
        variables: settings.chat_variables().into(),
    };
    let texts = Arc::new(texts);
    let ends = ends(asking, &props, model.as_ref())?;
    let mut tokens = |text: &str, add| -> Result<Vec<u32>, RemoteError> {
        let body = tokenize(text, add, false, model.as_ref());
        Ok(asking.post::<Tokens>("/tokenize", body)?.tokens)
    };
    let plain = tokens("a", false)?.pop().map(Token);
    let plain = plain.ok_or_else(|| RemoteError::Answer {
        address: asking.client.address().to_string(),
        what: "no token for the letter a".into(),
    })?;
    let server = Arc::new(LlamaServer { model: model.clone(), plain });
    asking.at(0.2);
    // With llama.cpp's own vocabulary at hand grammars and DRY work, too.
    let vocabulary = match given(settings, asking.client.address().as_str())? {
        Some(given) => fitting(given.vocabulary, &meta, asking.client.address().as_str())?,
        None => Arc::new(vocabulary(asking, &server, ends)?.build(ends, texts.clone())?),
    };
    asking.at(0.9);
    let parallel =
        settings.remote_parallel.map_or(props.total_slots, |set| set as usize).clamp(1, MOST_SLOTS);
    let title = title(&props, &id);
    let info = ServerInfo {
        kind: "llama-server",
        address: asking.client.address().to_string(),
        model,
        trained_context: meta.n_ctx_train,
        parameters: meta.n_params,
        parallel,
        candidates: candidates(settings.remote_candidates, vocabulary.len(), None),
        tells_time: true,
        notes: Vec::new(),
    };
    let size = props.default_generation_settings.n_ctx;
    let chat: Option<Arc<dyn ServedFormat>> = if props.chat_template.is_empty() { None } else { Some(texts) };
    Ok(Opened {
        protocol: server,
        vocabulary,
        chat,
        template: None,
        title,
        context: context(settings, if size == 0 { meta.n_ctx_train.max(512) } else { size }),
        info,
    })
}

/// A vocabulary that was named, if it can be that of the server's model.
fn fitting(vocabulary: Arc<Vocabulary>, meta: &Meta, address: &str) -> Result<Arc<Vocabulary>, RemoteError> {
    match meta.n_vocab {
        Some(there) if there != vocabulary.len() => Err(RemoteError::Setting {
            address: address.to_owned(),
            why: format!(
                "its model has {there} tokens, and the file that was named (--remote-vocabulary) has {}: name a file of the same model",
                vocabulary.len()
            ),
        }),
        _ => Ok(vocabulary),
    }
}

/// What the server's model is called: its alias if it has one, else its file.
fn title(props: &Props, id: &str) -> String {
    let names = [props.model_alias.as_str(), props.model_path.as_str(), id];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or("a model");
    let file = name.rsplit(['/', '\\']).next().filter(|file| !file.is_empty()).unwrap_or(name);
    file.strip_suffix(".gguf").unwrap_or(file).to_owned()
}

/// The tokens at the ends of a text, and whether they are put there.
fn ends(asking: &mut Asking<'_>, props: &Props, model: Option<&String>) -> Result<TextEnds, RemoteError> {
    let mut tokens = |text: &str, add| -> Result<Vec<u32>, RemoteError> {
        let body = tokenize(text, add, true, model);
        Ok(asking.post::<Tokens>("/tokenize", body)?.tokens)
    };
    let mut only = |text: &str| -> Result<Option<Token>, RemoteError> {
        let tokens = if text.is_empty() { Vec::new() } else { tokens(text, false)? };
        Ok(<[u32; 1]>::try_from(tokens).ok().map(|[id]| Token(id)))
    };
    let (bos, eos) = (only(&props.bos_token)?, only(&props.eos_token)?);
    let (bare, whole) = (tokens("a", false)?, tokens("a", true)?);
    let at = whole.windows(bare.len().max(1)).position(|window| window == bare);
    let added =
        |before: bool| at.is_some_and(|at| if before { at > 0 } else { at + bare.len() < whole.len() });
    let first = whole.first().copied().map(Token).filter(|_| added(true));
    Ok(TextEnds { bos: first.or(bos), eos, adds_bos: added(true), adds_eos: added(false) })
}

/// The bytes of all tokens, which are special, and which are never drawn.
fn vocabulary(
    asking: &mut Asking<'_>,
    server: &Arc<LlamaServer>,
    ends: TextEnds,
) -> Result<Pieces, RemoteError> {
    let path = [ends.bos.unwrap_or(server.plain)];
    let all = |asking: &mut Asking<'_>, body: Value| {
        asking.ask(move |client, cancelled| {
            let completion: Completion<OnlyId> = client.post("/completion", &body, cancelled)?.read()?;
            Ok(only(completion, client)?.0.into_iter().map(|told| told.id).collect::<Vec<_>>())
        })
    };
    let body = server.body(&path, ALL);
    let spelled = asking.ask(move |client, cancelled| {
        let completion: Completion<Spelled> = client.post("/completion", &body, cancelled)?.read()?;
        Ok(only(completion, client)?.0)
    })?;
    let mut pieces =
        Pieces::of(spelled.into_iter().map(|told| (told.id, told.bytes)), asking.client.address())?;
    asking.at(0.5);
    let drawn = all(asking, server.flat(&path, false))?;
    asking.at(0.6);
    let not_ends = all(asking, server.flat(&path, true))?;
    pieces.never_drawn(&drawn, &not_ends, ends.eos);
    asking.at(0.7);
    // Special tokens are written as nothing in answers; their names come from a text that they are made into.
    let names = Names::of(&pieces);
    let model = server.model.clone();
    let texts = asking.ask_each(names.questions(), 4, move |client, tokens: &Vec<u32>, cancelled| {
        let body = json!({ "tokens": tokens, "model": model });
        Ok(client.post("/detokenize", &body, cancelled)?.read::<Content>()?.content)
    })?;
    names.take(&texts, &mut pieces);
    Ok(pieces)
}
