//! The key that a server asks for, from the environment.

use super::RemoteError;
use crate::{fetch::Secret, settings::RemoteKind};

/// This program's own variable, which goes before all others.
pub(super) const OWN: &str = "LOGITSCOPE_API_KEY";

/// The variables that are looked into, for a kind of server: this program's, the server's own, and what clients of OpenAI's
/// interface read.
pub(super) fn variables(kind: RemoteKind) -> Vec<&'static str> {
    let own: &[&str] = match kind {
        RemoteKind::LlamaServer => &["LLAMA_API_KEY"],
        RemoteKind::Vllm => &["VLLM_API_KEY"],
        RemoteKind::Sglang => &["SGLANG_API_KEY"],
        RemoteKind::Ollama => &["OLLAMA_API_KEY"],
        RemoteKind::OpenAi => &[],
        RemoteKind::Auto => &["LLAMA_API_KEY", "VLLM_API_KEY", "SGLANG_API_KEY", "OLLAMA_API_KEY"],
    };
    [&[OWN], own, &["OPENAI_API_KEY"]].concat()
}

/// The first key there is, as a header's value.
///
/// # Errors
///
/// It holds what no header can.
pub(super) fn bearer(
    kind: RemoteKind,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, RemoteError> {
    for variable in variables(kind) {
        if let Some(secret) = get(variable).as_deref().and_then(Secret::new) {
            return secret.bearer().map(Some).ok_or(RemoteError::Key { variable });
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_variable_goes_first_and_an_odd_key_is_named_but_not_shown() {
        let get = |name: &str| match name {
            "VLLM_API_KEY" => Some(" v \n".to_owned()),
            "OPENAI_API_KEY" => Some("o".to_owned()),
            _ => None,
        };
        assert_eq!(bearer(RemoteKind::Vllm, &get).ok(), Some(Some("Bearer v".into())));
        assert_eq!(bearer(RemoteKind::LlamaServer, &get).ok(), Some(Some("Bearer o".into())));
        let both = |name: &str| if name == OWN { Some("a".into()) } else { get(name) };
        assert_eq!(bearer(RemoteKind::Auto, &both).ok(), Some(Some("Bearer a".into())));
        assert_eq!(bearer(RemoteKind::Auto, &|_| None).ok(), Some(None));
        let odd = |name: &str| (name == OWN).then(|| "s3\r\ncret".to_owned());
        let error = bearer(RemoteKind::Auto, &odd).expect_err("two headers").to_string();
        assert!(error.contains(OWN) && !error.contains("s3"), "{error}");
    }
}
