//! LoRA adapters of a model.

use std::{ffi::CString, path::Path, ptr::NonNull};

use llama_cpp_2::model::LlamaModel;
use llama_cpp_sys_2::{self as sys, llama_adapter_lora};

use super::context::model_pointer;

/// An adapter that was loaded for a model; it is freed with that.
#[derive(Debug)]
pub(in crate::engine::llama) struct Adapter(pub(super) NonNull<llama_adapter_lora>);

// SAFETY: nothing of an adapter changes once it is loaded; llama.cpp lets any number of contexts read it.
unsafe impl Send for Adapter {}
// SAFETY: as above.
unsafe impl Sync for Adapter {}

impl Adapter {
    /// Loads the adapter in a file. None where llama.cpp cannot: its log says why.
    pub fn load(model: &LlamaModel, path: &Path) -> Option<Self> {
        let path = CString::new(path.to_str()?).ok()?;
        // SAFETY: the model is valid, and the path ends with a zero.
        let raw = unsafe { sys::llama_adapter_lora_init(model_pointer(model).as_ptr(), path.as_ptr()) };
        NonNull::new(raw).map(Self)
    }
}
