//! From a GGUF file to a model that is ready to decode.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use llama_cpp_2::{
    LlamaBackendDeviceType, list_llama_ggml_backend_devices,
    llama_backend::LlamaBackend,
    model::{LlamaModel, params::LlamaModelParams},
};

use super::{
    KvLayout, adapters, default_threads,
    embedded::{self, BytesOnLoan, Embedded},
    ffi::Adapter,
    links::Links,
    log,
};
use crate::{
    engine::{ChatFormat, ServerInfo, Vocabulary},
    gguf::{self, GgufError, ModelFile},
    sampling::{SamplingOverrides, SamplingSettings},
    settings::{GpuLayers, ModelSettings},
};

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is not a model this program can run; found before llama.cpp saw it.
    #[error(transparent)]
    Check(#[from] GgufError),
    /// llama.cpp refused it.
    #[error("llama.cpp could not load {name}: {cause}")]
    Llama {
        /// The file.
        name: String,
        /// The last errors of its log.
        cause: String,
    },
    /// llama.cpp refused an adapter.
    #[error("the LoRA adapter {name} does not fit the model: {cause}")]
    Adapter {
        /// The file.
        name: String,
        /// The last errors of its log.
        cause: String,
    },
    /// A diffusion model where one that chooses a token after the other is needed.
    #[error(
        "{name} is a diffusion model ({architecture}): it fills a whole canvas in place of choosing one token after the \
         other; it has a screen of its own, and `logitscope diffuse`"
    )]
    Diffusion {
        /// The file.
        name: String,
        /// Its architecture.
        architecture: String,
    },
    /// A model that chooses a token after the other where a diffusion model is needed.
    #[error(
        "{name} is no diffusion model ({architecture}): it chooses one token after the other and cannot fill masks; use it \
         on the other screens or without `diffuse`, or name a model of architecture llada, llada-moe, dream or rnd1"
    )]
    Causal {
        /// The file.
        name: String,
        /// Its architecture.
        architecture: String,
    },
    /// The path is no text, and a link with another name could not be made.
    #[error(
        "the path {0:?} is not valid UTF-8, and no link to it could be made; rename the file or link to it"
    )]
    Path(PathBuf),
    /// The embedded model could not be written anywhere.
    #[error("the built-in model could not be written to a temporary file: {0}")]
    Embedded(#[source] std::io::Error),
    /// The caller asked to stop.
    #[error("loading was cancelled")]
    Cancelled,
}

/// A loaded model.
pub struct LoadedModel {
    /// llama.cpp's model.
    pub model: Arc<LlamaModel>,
    /// The adapters that were loaded for it, as the settings name them.
    pub(super) adapters: Vec<Adapter>,
    /// What its header says.
    pub file: Arc<ModelFile>,
    /// Its vocabulary.
    pub vocabulary: Arc<Vocabulary>,
    /// What is shown about it.
    pub info: ModelInfo,
    /// Threads that decode.
    pub threads: u32,
}

/// What is shown about a model.
#[derive(Clone, Debug)]
pub struct ModelInfo {
    /// Its name for a title: the file's `general.name`, else the file name.
    pub title: String,
    /// The file, or what stands for it.
    pub name: String,
    /// The file, or the address of a server; None for the built-in model.
    pub path: Option<PathBuf>,
    /// What its header says; None for a model on a server.
    pub file: Option<Arc<ModelFile>>,
    /// What is known of the server; None for a model that runs here.
    pub server: Option<Arc<ServerInfo>>,
    /// Where it runs: `CPU, 1 thread`, or the GPU and how many layers are there.
    pub device: String,
    /// How its conversations are written; None where it has no chat template and none was given.
    pub chat: Option<Arc<ChatFormat>>,
    /// What a token costs in the KV cache.
    pub kv: KvLayout,
    /// The memory that a model can lie in on this machine.
    pub memory: Vec<super::Memory>,
    /// Time from opening the file until it was ready.
    pub load_time: Duration,
}

impl ModelInfo {
    /// Sampling settings that the model's file recommends.
    #[must_use]
    pub fn recommended(&self) -> SamplingOverrides {
        self.file
            .as_ref()
            .map_or_else(SamplingOverrides::default, |file| SamplingOverrides::from(&file.sampling))
    }

    /// Tokens of context that it was trained with; 0 where that is not known.
    #[must_use]
    pub fn trained_context(&self) -> usize {
        match (&self.file, &self.server) {
            (Some(file), _) => file.context_length as usize,
            (None, Some(server)) => server.trained_context,
            (None, None) => 0,
        }
    }

    /// Its parameters; None where a server does not tell.
    #[must_use]
    pub fn parameters(&self) -> Option<u64> {
        let told = self.server.as_ref().and_then(|server| server.parameters);
        self.file.as_ref().map(|file| file.parameters).or(told)
    }

    /// Whether going back a token is more than cutting the KV cache here.
    #[must_use]
    pub fn is_recurrent(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.is_recurrent())
    }

    /// Sampling settings for this model: llama.cpp's defaults, over them those that the model's file
    /// brings (`general.sampling.*`), over both what a user has `given`.
    #[must_use]
    pub fn sampling(&self, given: &SamplingOverrides) -> SamplingSettings {
        let mut settings = SamplingSettings::default();
        self.recommended().apply(&mut settings);
        // A file can bring any number; what no person may set does not count from there either.
        if let Err(invalid) = settings.validate() {
            tracing::warn!("the model file's sampling defaults are ignored: {invalid}");
            settings = SamplingSettings::default();
        }
        given.apply(&mut settings);
        settings
    }

    /// What to say of a context of so many tokens, where that is more than the model was trained on; None where it is not.
    #[must_use]
    pub fn beyond_training(&self, context: usize) -> Option<String> {
        let trained = self.trained_context();
        // llama.cpp rounds contexts up to such a multiple, also the model's own.
        (trained > 0 && context > trained.next_multiple_of(256)).then(|| {
            format!(
                "the context of {context} tokens is larger than the {trained} the model was trained on: beyond them its \
                 text may fall apart"
            )
        })
    }
}

/// llama.cpp's process-wide state, made once and kept.
pub(super) fn backend() -> &'static LlamaBackend {
    static BACKEND: OnceLock<LlamaBackend> = OnceLock::new();
    BACKEND.get_or_init(|| {
        #[cfg(feature = "dynamic-backends")]
        llama_cpp_2::llama_backend::load_backends();
        LlamaBackend::init().expect("only this function starts the backend, and only once")
    })
}

/// How a model writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One token after the other.
    Causal,
    /// All masked positions of a canvas together.
    Diffusion,
}

impl Kind {
    /// Fails for a model of the other kind.
    fn check(self, file: &ModelFile, name: &str) -> Result<(), LoadError> {
        let (name, architecture) = (name.to_owned(), file.architecture.clone());
        match (self, file.masking) {
            (Self::Causal, Some(_)) => Err(LoadError::Diffusion { name, architecture }),
            (Self::Diffusion, None) => Err(LoadError::Causal { name, architecture }),
            _ => Ok(()),
        }
    }
}

/// Checks the file of a model that chooses one token after the other.
pub fn check(path: &Path) -> Result<ModelFile, LoadError> {
    let file = gguf::check(path)?;
    Kind::Causal.check(&file, &path.display().to_string())?;
    Ok(file)
}

/// Checks the file of a diffusion model.
pub fn check_diffusion(path: &Path) -> Result<ModelFile, LoadError> {
    let file = gguf::check(path)?;
    Kind::Diffusion.check(&file, &path.display().to_string())?;
    Ok(file)
}

/// Checks and loads the model that `settings` name, which chooses one token after the other. `proceed` gets the progress,
/// 0 to 1, and cancels by `false`.
pub fn load(
    settings: &ModelSettings,
    proceed: impl FnMut(f32) -> bool + 'static,
) -> Result<LoadedModel, LoadError> {
    load_kind(Kind::Causal, &embedded::STORYTELLER, settings, proceed)
}

/// [`load`] for a model that drafts; where `settings` name none, the small one in the program.
pub fn load_draft(
    settings: &ModelSettings,
    proceed: impl FnMut(f32) -> bool + 'static,
) -> Result<LoadedModel, LoadError> {
    load_kind(Kind::Causal, &embedded::STORYTELLER_DRAFT, settings, proceed)
}

/// [`load`] for a diffusion model; where `settings` name none, the one in the program.
pub fn load_diffusion(
    settings: &ModelSettings,
    proceed: impl FnMut(f32) -> bool + 'static,
) -> Result<LoadedModel, LoadError> {
    load_kind(Kind::Diffusion, &embedded::STORYTELLER_DIFFUSION, settings, proceed)
}

fn load_kind(
    kind: Kind,
    embedded: &Embedded,
    settings: &ModelSettings,
    mut proceed: impl FnMut(f32) -> bool + 'static,
) -> Result<LoadedModel, LoadError> {
    let started = Instant::now();
    let (path, _loan, file) = if let Some(path) = &settings.path {
        (path.clone(), None, gguf::check(path)?)
    } else {
        let loan = BytesOnLoan::new(embedded.bytes).map_err(LoadError::Embedded)?;
        let file = gguf::check_bytes(embedded.name.as_ref(), embedded.bytes)?;
        (loan.path().to_owned(), Some(loan), file)
    };
    let shown = settings.path.as_ref().map_or(embedded.name.to_owned(), |p| p.display().to_string());
    kind.check(&file, &shown)?;
    // The binding takes text only; llama.cpp itself takes any name.
    let links = match path.to_str() {
        Some(_) => None,
        None => Some(Links::to(&path, file.parts).map_err(|_| LoadError::Path(path.clone()))?),
    };
    let path = links.as_ref().map_or(path.as_path(), Links::first);
    let cancelled = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let params = params(settings).with_progress_callback(move |progress| {
        let go_on = proceed(progress);
        flag.store(!go_on, std::sync::atomic::Ordering::Relaxed);
        go_on
    });
    let _ = log::take_errors();
    let model = LlamaModel::load_from_file(backend(), path, &params).map_err(|error| {
        if cancelled.load(std::sync::atomic::Ordering::Relaxed) {
            return LoadError::Cancelled;
        }
        LoadError::Llama { name: shown.clone(), cause: cause(&error.to_string()) }
    })?;
    let adapters = adapters::load(settings, &file, &model)?;
    let model = Arc::new(model);
    let vocabulary = Arc::new(Vocabulary::of_model(&model));
    let threads = settings.threads.unwrap_or_else(|| default_threads(file.parameters));
    let file = Arc::new(file);
    let info = ModelInfo {
        title: title(&file, settings),
        name: shown,
        path: settings.path.clone(),
        device: device(settings, threads, file.block_count),
        chat: ChatFormat::new(settings, file.chat_template(), &model, &vocabulary).map(Arc::new),
        kv: kv_layout(&file, settings),
        memory: super::memory(),
        file: Some(Arc::clone(&file)),
        server: None,
        load_time: started.elapsed(),
    };
    Ok(LoadedModel { model, adapters, file, vocabulary, info, threads })
}

/// What llama.cpp's log said, or the error itself when it said nothing.
pub(super) fn cause(error: &str) -> String {
    let errors = log::take_errors();
    if errors.is_empty() { error.to_owned() } else { errors.join("; ") }
}

fn params(settings: &ModelSettings) -> LlamaModelParams {
    let params = LlamaModelParams::default().with_use_mmap(settings.mmap).with_use_mlock(settings.mlock);
    match settings.gpu_layers {
        GpuLayers::Count(layers) => params.with_n_gpu_layers(layers),
        // llama.cpp's own default is every layer.
        GpuLayers::Auto | GpuLayers::All => params,
    }
}

fn title(file: &ModelFile, settings: &ModelSettings) -> String {
    let name = file.name.clone().or_else(|| {
        let path = settings.path.as_ref()?;
        Some(path.file_stem()?.to_string_lossy().into_owned())
    });
    let mut title = name.unwrap_or_else(|| file.architecture.clone());
    if let Some(quantisation) = file.quantisation.filter(|quantisation| !title.contains(quantisation)) {
        title = format!("{title} {quantisation}");
    }
    if settings.lora.is_empty() { title } else { format!("{title} + LoRA") }
}

/// The devices llama.cpp found besides the CPU, with the layers that go there.
fn device(settings: &ModelSettings, threads: u32, layers: u32) -> String {
    let cpu = if threads == 1 { "CPU, 1 thread".to_owned() } else { format!("CPU, {threads} threads") };
    let offloaded = match settings.gpu_layers {
        GpuLayers::Count(n) => n.min(layers + 1),
        GpuLayers::Auto | GpuLayers::All => layers + 1,
    };
    let gpu = list_llama_ggml_backend_devices().into_iter().find(|device| {
        matches!(device.device_type, LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu)
    });
    match gpu {
        // The output matrix counts as a layer in llama.cpp.
        Some(gpu) if offloaded > 0 => {
            format!("{} ({offloaded}/{} layers), {cpu}", gpu.description, layers + 1)
        }
        _ => cpu,
    }
}

fn kv_layout(file: &ModelFile, settings: &ModelSettings) -> KvLayout {
    KvLayout {
        heads_kv: file.head_count_kv.clone(),
        key_length: file.key_length,
        value_length: file.value_length,
        type_k: settings.cache_type_k,
        type_v: settings.cache_type_v,
    }
}
