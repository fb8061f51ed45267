//! Any server with OpenAI's `/v1/completions` and log-probabilities. It tells no vocabulary, so that of a GGUF file of the same model
//! is needed; texts of candidates are looked up in it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use super::{
    candidates,
    completions::{self, ByText, Model, Models},
    context, given, ids, note_candidates, text_of,
};
use crate::{
    engine::{ServerInfo, Vocabulary},
    remote::{
        RemoteError,
        asking::Asking,
        client::Client,
        protocol::{Opened, Protocol, Step},
    },
    settings::ModelSettings,
    token::Token,
};

/// Requests at a time where nothing was set.
const PARALLEL: usize = 8;
/// What OpenAI's interface gave at most.
const FEW: usize = 5;

struct OpenAi {
    model: String,
    vocabulary: Arc<Vocabulary>,
    texts: Arc<ByText>,
    limit: AtomicUsize,
    /// Whether prompts go as ids (0: not tried, 1: yes, 2: as text).
    form: AtomicU8,
}

const AS_TEXT: u8 = 2;

impl OpenAi {
    fn body(&self, prompt: Value, candidates: usize) -> Value {
        json!({
            "model": self.model,
            "prompt": prompt,
            "max_tokens": 1,
            "logprobs": candidates,
            "temperature": 1,
            "top_p": 1,
            "presence_penalty": 0,
            "frequency_penalty": 0,
            "stream": false,
        })
    }
}

impl Protocol for OpenAi {
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError> {
        let mut asked = candidates.min(self.limit.load(Ordering::Relaxed));
        loop {
            let as_text = self.form.load(Ordering::Relaxed) == AS_TEXT;
            let (prompt, retokenised) = if as_text {
                let (text, others) = text_of(path, &self.vocabulary, client.address().as_str())?;
                (json!(text), others)
            } else {
                (json!(ids(path)), false)
            };
            let answer = client.post("/v1/completions", &self.body(prompt, asked), cancelled);
            let refusal = answer.as_ref().err().and_then(RemoteError::refusal);
            if let Some(limit) = refusal.and_then(|said| completions::limit(said, asked)) {
                self.limit.fetch_min(limit, Ordering::Relaxed);
                asked = limit;
            } else if refusal.is_some() && self.form.load(Ordering::Relaxed) == 0 {
                // It may not take ids.
                self.form.store(AS_TEXT, Ordering::Relaxed);
            } else {
                let step = completions::step(answer?.read()?, client, Some(&self.texts))?;
                let _ = self.form.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
                return Ok(Step { read: path.len(), retokenised, ..step });
            }
        }
    }
}

/// Finds out about a server that is of no other kind.
pub(in crate::remote) fn open(
    asking: &mut Asking<'_>,
    settings: &ModelSettings,
) -> Result<Opened, RemoteError> {
    let address = asking.client.address().to_string();
    let models: Models = asking.get("/v1/models")?.read()?;
    let Model { id, max_model_len } = models.pick(settings.remote_model.as_ref(), &address)?;
    let given = given(settings, &address)?.ok_or_else(|| RemoteError::Setting {
        address: address.clone(),
        why: "/v1/completions tells texts and no tokens: name a GGUF file of the same model, of which only the vocabulary is read \
              (--remote-vocabulary FILE.gguf)"
            .to_owned(),
    })?;
    let vocabulary = given.vocabulary;
    let server = Arc::new(OpenAi {
        model: id.clone(),
        texts: Arc::new(ByText::of(&vocabulary)),
        vocabulary: Arc::clone(&vocabulary),
        limit: AtomicUsize::new(usize::MAX),
        form: AtomicU8::new(0),
    });
    let wanted = candidates(settings.remote_candidates, vocabulary.len(), None);
    let path: Vec<Token> = vocabulary.try_tokenize("a").unwrap_or_default();
    let probe = Arc::clone(&server);
    let first = path.clone();
    let mut answer = asking.ask(move |client, cancelled| probe.step(client, &first, wanted, cancelled));
    if let Err(RemoteError::Refused { .. } | RemoteError::Failed { .. }) = answer {
        // Some refuse large numbers without a number in what they say.
        server.limit.store(FEW, Ordering::Relaxed);
        let probe = Arc::clone(&server);
        answer = asking.ask(move |client, cancelled| probe.step(client, &path, wanted, cancelled));
    }
    answer?;
    let limit = server.limit.load(Ordering::Relaxed);
    let mut info = ServerInfo {
        kind: "an OpenAI-compatible server",
        address,
        model: Some(id.clone()),
        parallel: settings.remote_parallel.map_or(PARALLEL, |set| set as usize),
        candidates: candidates(settings.remote_candidates, vocabulary.len(), Some(limit)),
        ..ServerInfo::default()
    };
    note_candidates(&mut info, settings, vocabulary.len());
    if server.form.load(Ordering::Relaxed) == AS_TEXT {
        info.notes.push(
            "It takes texts and no tokens: a path that its text does not make again is said.".to_owned(),
        );
    }
    info.notes.push("A text that several tokens have is taken for the one that becomes of it.".to_owned());
    let title = id.rsplit('/').next().unwrap_or(&id).to_owned();
    let context = context(settings, max_model_len.unwrap_or(given.context));
    Ok(Opened { protocol: server, vocabulary, chat: None, template: given.template, title, context, info })
}
