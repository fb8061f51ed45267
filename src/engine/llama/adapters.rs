//! Loads the LoRA adapters of a model.

use std::path::Path;

use llama_cpp_2::model::LlamaModel;

use super::{
    ffi::Adapter,
    links::Links,
    load::{LoadError, cause},
    log,
};
use crate::{
    gguf::{ModelFile, check_adapter},
    settings::ModelSettings,
};

/// Looks at the adapters that `settings` name for the model in `file`.
pub(super) fn check(settings: &ModelSettings, file: &ModelFile) -> Result<(), LoadError> {
    Ok(settings.lora.iter().try_for_each(|adapter| check_adapter(&adapter.path, file))?)
}

/// Checks and loads them, in their order.
pub(super) fn load(
    settings: &ModelSettings,
    file: &ModelFile,
    model: &LlamaModel,
) -> Result<Vec<Adapter>, LoadError> {
    check(settings, file)?;
    settings.lora.iter().map(|adapter| load_one(&adapter.path, model)).collect()
}

fn load_one(path: &Path, model: &LlamaModel) -> Result<Adapter, LoadError> {
    // As for the model's own file.
    let links = match path.to_str() {
        Some(_) => None,
        None => Some(Links::to(path, 1).map_err(|_| LoadError::Path(path.to_owned()))?),
    };
    let _ = log::take_errors();
    Adapter::load(model, links.as_ref().map_or(path, Links::first)).ok_or_else(|| LoadError::Adapter {
        name: path.display().to_string(),
        cause: cause("it gives no reason"),
    })
}
