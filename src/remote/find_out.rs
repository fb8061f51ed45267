//! Which program a server is, found out by asking.

use serde::Deserialize;
use serde_json::Value;

use super::{RemoteError, asking::Asking};
use crate::settings::RemoteKind;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Models {
    data: Option<Vec<Model>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Model {
    owned_by: String,
}

/// The kind of the server that is asked. Programs name themselves in their list of models; where they do not, paths that only
/// they have tell.
///
/// # Errors
///
/// It does not answer, or is of no kind that can be used.
pub(super) fn kind(asking: &mut Asking<'_>) -> Result<RemoteKind, RemoteError> {
    let models: Option<Models> = optional(asking.get("/v1/models"))?.and_then(|answer| answer.read().ok());
    let first = models.as_ref().and_then(|models| models.data.as_ref()?.first());
    match first.map(|model| model.owned_by.as_str()) {
        Some("llamacpp") => return Ok(RemoteKind::LlamaServer),
        Some("vllm") => return Ok(RemoteKind::Vllm),
        Some("sglang") => return Ok(RemoteKind::Sglang),
        Some("library") => return Ok(RemoteKind::Ollama),
        _ => {}
    }
    let mut has = |path, field: &str| -> Result<bool, RemoteError> {
        let value: Option<Value> = optional(asking.get(path))?.and_then(|answer| answer.read().ok());
        Ok(value.is_some_and(|value| value.get(field).is_some()))
    };
    if has("/props", "default_generation_settings")? {
        return Ok(RemoteKind::LlamaServer);
    }
    if has("/api/tags", "models")? {
        return Ok(RemoteKind::Ollama);
    }
    if has("/get_model_info", "model_path")? {
        return Ok(RemoteKind::Sglang);
    }
    if has("/info", "model_id")? {
        return Err(cannot(
            asking,
            "text-generation-inference (TGI)",
            "it gives five candidates at most unless it was started otherwise, and no other program of this kind is kept up any more; \
             serve the model with llama-server or vLLM",
        ));
    }
    if has("/api/v0/models", "data")? {
        return Err(cannot(
            asking,
            "LM Studio",
            "it gives no log-probabilities for a text that goes on, so nothing can be stepped; serve the model with llama-server, or \
             open its file, which the model list finds",
        ));
    }
    if models.is_some_and(|models| models.data.is_some()) {
        return Ok(RemoteKind::OpenAi);
    }
    let why = "/v1/models, /props, /api/tags and /get_model_info are not there; name the kind with --remote-kind if it is \
               one of them behind another path";
    Err(RemoteError::UnknownKind { address: asking.client.address().to_string(), why: why.to_owned() })
}

/// What is not there is no failure here.
fn optional<T>(answer: Result<T, RemoteError>) -> Result<Option<T>, RemoteError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            RemoteError::NotFound { .. }
            | RemoteError::Refused { .. }
            | RemoteError::Failed { .. }
            | RemoteError::Answer { .. },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

fn cannot(asking: &Asking<'_>, kind: &'static str, why: &str) -> RemoteError {
    RemoteError::CannotStep { address: asking.client.address().to_string(), kind, why: why.to_owned() }
}
