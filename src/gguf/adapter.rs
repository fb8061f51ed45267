//! Files of LoRA adapters, looked at before llama.cpp sees them.

use std::path::Path;

use super::{Fault, GgufError, ModelFile, Refusal, error::quoted, read_header};

/// Checks that the file at `path` is a LoRA adapter for models of `model`'s architecture. That its tensors fit the model's is for
/// llama.cpp to say.
pub fn check_adapter(path: &Path, model: &ModelFile) -> Result<(), GgufError> {
    let header = read_header(path)?;
    let fault = |fault| GgufError::new(path, fault);
    let text = |key: &str| header.metadata.str(key).map_err(fault);
    if text("general.type")? != Some("adapter") {
        return Err(fault(Fault::Refused(Refusal::NoAdapter)));
    }
    if let Some(kind) = text("adapter.type")?.filter(|kind| *kind != "lora") {
        return Err(fault(Fault::Refused(Refusal::OtherAdapter(quoted(kind)))));
    }
    let architecture = text("general.architecture")?.unwrap_or_default();
    if architecture != model.architecture {
        let (own, models) = (quoted(architecture), quoted(&model.architecture));
        return Err(fault(Fault::Refused(Refusal::AdapterOf { own, models })));
    }
    Ok(())
}
