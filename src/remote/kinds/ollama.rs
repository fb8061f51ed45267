//! Ollama: `/api/generate` takes texts and tells texts. Its vocabulary is told whole (`/api/show`), so llama.cpp makes tokens here of
//! the same vocabulary, and a path whose text it would read as other tokens is noticed.

use std::sync::{Arc, atomic::AtomicBool};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{candidates, completions::ByText, context, note_candidates, text_of};
use crate::{
    engine::{ServerInfo, Vocabulary, llama::load_vocabulary_bytes},
    remote::{
        RemoteError,
        asking::Asking,
        client::Client,
        gguf_vocabulary,
        protocol::{Candidate, Opened, Protocol, Step},
    },
    settings::ModelSettings,
    token::Token,
};

/// Its limit.
const MOST_CANDIDATES: usize = 20;
/// Requests at a time where nothing was set: more wait in its queue.
const PARALLEL: usize = 4;
/// Where it would draw an end it tells nothing: then it is made to draw something else.
const OTHER_DRAWS: u32 = 6;
/// Tokens of context where nothing was set: its own usual size.
const CONTEXT: usize = 4096;

struct Ollama {
    model: String,
    context: usize,
    vocabulary: Arc<Vocabulary>,
    texts: ByText,
}

#[derive(Deserialize)]
struct Generated {
    logprobs: Option<Vec<Told>>,
    #[serde(default)]
    prompt_eval_duration: u64,
    #[serde(default)]
    eval_duration: u64,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    top_logprobs: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    token: String,
    logprob: Option<f64>,
    bytes: Option<Vec<u8>>,
}

impl Ollama {
    /// Draws the likeliest, or with a `seed` any.
    fn body(&self, text: &str, candidates: usize, seed: Option<u32>) -> Value {
        json!({
            "model": self.model,
            "prompt": text,
            "raw": true,
            "stream": false,
            "logprobs": true,
            "top_logprobs": candidates.min(MOST_CANDIDATES),
            "options": {
                "num_predict": 1,
                "num_ctx": self.context,
                "temperature": if seed.is_some() { 4.0 } else { 0.0 },
                "seed": seed.unwrap_or(0),
                "top_k": 0, "top_p": 1, "min_p": 0, "typical_p": 1,
                "repeat_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0,
            },
        })
    }

    fn read(&self, told: Told, client: &Client) -> Result<Step, RemoteError> {
        let mut step = Step::default();
        for Named { token, logprob, bytes } in told.top_logprobs {
            let log_probability = logprob.ok_or_else(|| RemoteError::Answer {
                address: client.address().to_string(),
                what: "null as a log-probability".into(),
            })?;
            let found = self.texts.token(bytes.as_deref().unwrap_or(token.as_bytes()));
            // Two tokens can have one text: the likelier is told first.
            let known = |id: &u32| !step.candidates.iter().any(|other| other.id == i64::from(*id));
            match found.filter(known) {
                Some(id) => step.candidates.push(Candidate { id: i64::from(id), log_probability }),
                None => step.unnamed = step.unnamed.max(log_probability.exp()),
            }
        }
        Ok(step)
    }
}

impl Protocol for Ollama {
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError> {
        let (text, retokenised) = text_of(path, &self.vocabulary, client.address().as_str())?;
        for seed in std::iter::once(None).chain((1..=OTHER_DRAWS).map(Some)) {
            let body = self.body(&text, candidates, seed);
            let generated: Generated = client.post("/api/generate", &body, cancelled)?.read()?;
            let time = generated.prompt_eval_duration.saturating_add(generated.eval_duration);
            if let Some(told) = generated.logprobs.and_then(|told| told.into_iter().next()) {
                let step = self.read(told, client)?;
                let model = Some(std::time::Duration::from_nanos(time));
                return Ok(Step { model, read: path.len(), retokenised, ..step });
            }
        }
        let what = "no log-probabilities: it is older than 0.12.11, or every token it drew was an end or part of a character";
        Err(RemoteError::Answer { address: client.address().to_string(), what: what.to_owned() })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tags {
    models: Vec<Tag>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tag {
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    model_info: Map<String, Value>,
}

/// Finds out about an Ollama server.
pub(in crate::remote) fn open(
    asking: &mut Asking<'_>,
    settings: &ModelSettings,
) -> Result<Opened, RemoteError> {
    let address = asking.client.address().to_string();
    let model = match &settings.remote_model {
        Some(name) => name.clone(),
        None => first(asking.get("/api/tags")?.read()?, &address)?,
    };
    asking.at(0.1);
    let shown: Shown = asking.post("/api/show", json!({ "model": model, "verbose": true }))?;
    asking.at(0.5);
    let info = &shown.model_info;
    let wrong = |what: String| RemoteError::Answer { address: address.clone(), what };
    let bytes = gguf_vocabulary::write(info).map_err(wrong)?;
    let found = load_vocabulary_bytes(&bytes)
        .map_err(|error| wrong(format!("a vocabulary that cannot be used: {error}")))?;
    let trained = info.iter().find(|(key, _)| key.ends_with(".context_length"));
    let trained = trained.and_then(|(_, value)| value.as_u64()).map_or(0, |tokens| tokens as usize);
    let most = if trained == 0 { CONTEXT } else { trained };
    let context = if settings.ctx_size == 0 { CONTEXT.min(most) } else { context(settings, most) };
    let vocabulary = found.vocabulary;
    let server = Ollama {
        model: model.clone(),
        context,
        texts: ByText::of(&vocabulary),
        vocabulary: Arc::clone(&vocabulary),
    };
    let mut about = ServerInfo {
        kind: "Ollama",
        address,
        model: Some(model.clone()),
        trained_context: trained,
        parameters: info.get("general.parameter_count").and_then(Value::as_u64),
        parallel: settings.remote_parallel.map_or(PARALLEL, |set| set as usize),
        candidates: candidates(settings.remote_candidates, vocabulary.len(), Some(MOST_CANDIDATES)),
        tells_time: true,
        notes: Vec::new(),
    };
    note_candidates(&mut about, settings, vocabulary.len());
    about
        .notes
        .push("It takes texts and no tokens: a path that its text does not make again is said.".to_owned());
    about.notes.push(format!("ollama:{model} opens its file here, with all candidates."));
    Ok(Opened {
        protocol: Arc::new(server),
        vocabulary,
        chat: None,
        template: found.template,
        title: model,
        context,
        info: about,
    })
}

fn first(tags: Tags, address: &str) -> Result<String, RemoteError> {
    let names: Vec<String> = tags.models.into_iter().map(|tag| tag.name).collect();
    match <[String; 1]>::try_from(names) {
        Ok([only]) => Ok(only),
        Err(names) => Err(RemoteError::Setting {
            address: address.to_owned(),
            why: if names.is_empty() {
                "it has no model: `ollama pull NAME` fetches one".to_owned()
            } else {
                format!("name one of its models with --remote-model: {}", names.join(", "))
            },
        }),
    }
}
