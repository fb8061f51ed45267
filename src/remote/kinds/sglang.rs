//! `SGLang`: `/generate` with token ids both ways. It tells no vocabulary, so that of a GGUF file of the same model is needed.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    candidates,
    completions::{Model, Models},
    context, given, ids,
};
use crate::{
    engine::ServerInfo,
    remote::{
        RemoteError,
        asking::Asking,
        client::Client,
        protocol::{Candidate, Opened, Protocol, Step},
    },
    settings::ModelSettings,
    token::Token,
};

/// Requests at a time where nothing was set: it makes batches of them.
const PARALLEL: usize = 64;

struct Sglang;

#[derive(Deserialize)]
struct Generated {
    meta_info: Meta,
}

#[derive(Deserialize)]
struct Meta {
    output_top_logprobs: Option<Vec<Option<Vec<(Option<f64>, i64, Value)>>>>,
    #[serde(default)]
    cached_tokens: usize,
    e2e_latency: Option<f64>,
}

impl Protocol for Sglang {
    fn step(
        &self,
        client: &Client,
        path: &[Token],
        candidates: usize,
        cancelled: &AtomicBool,
    ) -> Result<Step, RemoteError> {
        // Everything is set: a model can bring other defaults.
        let body = json!({
            "input_ids": ids(path),
            "sampling_params": {
                "max_new_tokens": 1, "temperature": 1, "top_p": 1, "top_k": -1, "min_p": 0,
                "presence_penalty": 0, "frequency_penalty": 0, "repetition_penalty": 1,
            },
            "return_logprob": true,
            "top_logprobs_num": candidates,
            "logprob_start_len": -1,
        });
        let meta = client.post("/generate", &body, cancelled)?.read::<Generated>()?.meta_info;
        let wrong =
            |what: &str| RemoteError::Answer { address: client.address().to_string(), what: what.to_owned() };
        let told = meta.output_top_logprobs.unwrap_or_default();
        let [Some(told)] =
            <[_; 1]>::try_from(told).map_err(|_| wrong("no log-probabilities of the one token asked for"))?
        else {
            return Err(wrong("null where log-probabilities belong"));
        };
        let candidate = |(log_probability, id, _): (Option<f64>, i64, Value)| {
            let log_probability = log_probability.ok_or_else(|| wrong("null as a log-probability"))?;
            Ok(Candidate { id, log_probability })
        };
        let reused = meta.cached_tokens.min(path.len());
        Ok(Step {
            candidates: told.into_iter().map(candidate).collect::<Result<_, RemoteError>>()?,
            model: meta.e2e_latency.and_then(|time| Duration::try_from_secs_f64(time).ok()),
            read: path.len() - reused,
            reused,
            ..Step::default()
        })
    }
}

/// Finds out about a server of `SGLang`'s.
pub(in crate::remote) fn open(
    asking: &mut Asking<'_>,
    settings: &ModelSettings,
) -> Result<Opened, RemoteError> {
    let address = asking.client.address().to_string();
    let models: Models = asking.get("/v1/models")?.read()?;
    let Model { id, max_model_len } = models.pick(settings.remote_model.as_ref(), &address)?;
    let given = given(settings, &address)?.ok_or_else(|| RemoteError::Setting {
        address: address.clone(),
        why: "SGLang does not tell the texts of its tokens: name a GGUF file of the same model, of which only the vocabulary is \
              read (--remote-vocabulary FILE.gguf)"
            .to_owned(),
    })?;
    let vocabulary = given.vocabulary;
    let info = ServerInfo {
        kind: "SGLang",
        address,
        model: Some(id.clone()),
        parallel: settings.remote_parallel.map_or(PARALLEL, |set| set as usize),
        candidates: candidates(settings.remote_candidates, vocabulary.len(), None),
        tells_time: true,
        ..ServerInfo::default()
    };
    let title = id.rsplit('/').next().unwrap_or(&id).to_owned();
    let context = context(settings, max_model_len.unwrap_or(2048));
    Ok(Opened {
        protocol: Arc::new(Sglang),
        vocabulary,
        chat: None,
        template: given.template,
        title,
        context,
        info,
    })
}
