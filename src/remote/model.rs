//! A model on a server, opened.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Address, Patience, RemoteError, RemoteEvaluator,
    asking::Asking,
    client::Client,
    evaluator::Terms,
    find_out, key,
    kinds::{llama_server, ollama, openai, sglang, vllm},
    protocol::{Opened, Protocol},
};
use crate::{
    engine::{
        ChatFormat, Evaluator, Model, Vocabulary,
        llama::{CacheLayout, KvLayout, LoadError, ModelInfo},
    },
    models::ModelName,
    settings::{ModelSettings, RemoteKind},
};

/// A model on a server.
pub struct RemoteModel {
    client: Arc<Client>,
    protocol: Arc<dyn Protocol>,
    vocabulary: Arc<Vocabulary>,
    info: ModelInfo,
    context: usize,
}

/// The address that settings name in place of a file.
fn named(settings: &ModelSettings) -> Option<String> {
    match ModelName::parse(settings.path.as_deref()?.as_os_str()) {
        Ok(ModelName::Server(address)) => Some(address),
        _ => None,
    }
}

/// Whether settings name a server.
#[must_use]
pub fn is_named(settings: &ModelSettings) -> bool {
    named(settings).is_some()
}

/// Whether a model is on a server.
#[must_use]
pub fn is_remote(model: &dyn Model) -> bool {
    model.info().server.is_some()
}

impl RemoteModel {
    /// Opens the model on the server that `settings` name, with a key from variables that `get` looks up. Blocks; `proceed` is told
    /// how far it is, 0 to 1, and gives it up by false.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, wants a key, or cannot do what is needed; or it was given up.
    pub fn open(
        settings: &ModelSettings,
        get: &dyn Fn(&str) -> Option<String>,
        proceed: &mut dyn FnMut(f32) -> bool,
    ) -> Result<Self, RemoteError> {
        Self::open_with(settings, Patience::of(silence(settings)), get, proceed)
    }

    pub(super) fn open_with(
        settings: &ModelSettings,
        patience: Patience,
        get: &dyn Fn(&str) -> Option<String>,
        proceed: &mut dyn FnMut(f32) -> bool,
    ) -> Result<Self, RemoteError> {
        let started = Instant::now();
        let client = Arc::new(client(settings, patience, get)?);
        let mut asking = Asking::new(Arc::clone(&client), patience.silence, proceed);
        let kind = match settings.remote_kind {
            RemoteKind::Auto => find_out::kind(&mut asking)?,
            kind => kind,
        };
        let opened = match kind {
            RemoteKind::Vllm => vllm::open(&mut asking, settings)?,
            RemoteKind::Sglang => sglang::open(&mut asking, settings)?,
            RemoteKind::Ollama => ollama::open(&mut asking, settings)?,
            RemoteKind::OpenAi => openai::open(&mut asking, settings)?,
            RemoteKind::LlamaServer | RemoteKind::Auto => llama_server::open(&mut asking, settings)?,
        };
        Ok(Self::of(client, opened, settings, started.elapsed()))
    }

    fn of(client: Arc<Client>, opened: Opened, settings: &ModelSettings, load_time: Duration) -> Self {
        let Opened { protocol, vocabulary, chat, template, title, context, info } = opened;
        let chat = ChatFormat::served(settings, template.as_deref(), chat, &vocabulary).map(Arc::new);
        let address = client.address();
        let info = ModelInfo {
            title,
            name: address.to_string(),
            path: Some(PathBuf::from(address.as_str())),
            file: None,
            device: format!("{} at {}", info.kind, address.host()),
            chat,
            kv: KvLayout::default(),
            memory: Vec::new(),
            load_time,
            server: Some(Arc::new(info)),
        };
        Self { client, protocol, vocabulary, info, context }
    }

    /// What asks for distributions.
    #[must_use]
    pub fn remote_evaluator(&self) -> RemoteEvaluator {
        let (candidates, parallel) =
            self.info.server.as_ref().map_or((1, 1), |server| (server.candidates, server.parallel));
        let terms = Terms { n_vocab: self.vocabulary.len(), context: self.context, candidates, parallel };
        RemoteEvaluator::new(Arc::clone(&self.client), Arc::clone(&self.protocol), &terms)
    }
}

/// How long a server may be silent.
fn silence(settings: &ModelSettings) -> Duration {
    Duration::from_secs(settings.remote_timeout.into())
}

fn client(
    settings: &ModelSettings,
    patience: Patience,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<Client, RemoteError> {
    let address = Address::parse(&named(settings).unwrap_or_default())?;
    if settings.offline && !address.is_this_machine() {
        return Err(RemoteError::Offline { address: address.to_string() });
    }
    if !settings.lora.is_empty() {
        return Err(RemoteError::Adapters);
    }
    let bearer = key::bearer(settings.remote_kind, get)?;
    Ok(Client::new(address, bearer, patience))
}

/// Whether the server that `settings` name can be reached at all, without a look at its model.
///
/// # Errors
///
/// The address is none, or nobody answers.
pub(super) fn reach(settings: &ModelSettings) -> Result<(), RemoteError> {
    let get = |name: &str| std::env::var(name).ok();
    let client = client(settings, Patience::of(silence(settings)), &get)?;
    // On the engine's thread, which nobody can stop here: a server that is slow is not refused for it.
    match client.brief().get("/v1/models") {
        Err(
            error @ (RemoteError::Unreachable { .. }
            | RemoteError::Broken { .. }
            | RemoteError::Unauthorized { .. }),
        ) => Err(error),
        _ => Ok(()),
    }
}

impl Model for RemoteModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    fn context(&self, _settings: &ModelSettings) -> usize {
        self.context
    }

    fn evaluator<'m>(
        &'m self,
        _settings: &ModelSettings,
        _layout: Option<CacheLayout>,
    ) -> Result<Box<dyn Evaluator + 'm>, LoadError> {
        Ok(Box::new(self.remote_evaluator()))
    }
}
