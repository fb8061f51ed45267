//! A llama.cpp context: a model's KV cache and what it computes with.

use std::{ffi::c_void, marker::PhantomData, ptr::NonNull, thread::ThreadId};

use llama_cpp_2::model::LlamaModel;
use llama_cpp_sys_2::{self as sys, llama_context, llama_memory_t, llama_model};

use super::{Adapter, Batch, thread_pool::ThreadPools};
use crate::settings::{CacheType, FlashAttention, ModelSettings};

/// How much a context holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::llama) struct ContextSize {
    /// Cells of all its caches together; 0: as many as the model was trained with.
    pub cells: u32,
    /// Sequences it can hold, at least one.
    pub sequences: u32,
    /// Whether all sequences lie in one cache.
    pub unified: bool,
}

/// Why a batch was not decoded. The KV cache holds nothing of it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::llama) enum DecodeError {
    /// There are not enough cells in a row.
    NoSlot,
    /// The caller asked to stop.
    Stopped,
    /// llama.cpp's status.
    Failed(i32),
}

/// A context of a model.
#[derive(Debug)]
pub(in crate::engine::llama) struct Context<'model> {
    raw: NonNull<llama_context>,
    memory: llama_memory_t,
    n_vocab: usize,
    n_batch: usize,
    /// Positions that the attention of some layers looks back; 0: all of them do without such a window.
    window: usize,
    /// What computes with more than one thread; they go after the context.
    pools: ThreadPools,
    model: PhantomData<&'model LlamaModel>,
}

/// The binding's model is a transparent wrapper of this pointer.
const _: () = assert!(size_of::<LlamaModel>() == size_of::<NonNull<llama_model>>());

pub(super) fn model_pointer(model: &LlamaModel) -> NonNull<llama_model> {
    // SAFETY: `LlamaModel` is `repr(transparent)` over a `repr(transparent)` wrapper of a `NonNull<llama_model>`.
    unsafe { *std::ptr::from_ref(model).cast::<NonNull<llama_model>>() }
}

impl<'model> Context<'model> {
    /// A context of `size` that computes as the settings say, with these threads for one token and for many. None where
    /// llama.cpp cannot make one: its log says why.
    pub fn new(
        model: &'model LlamaModel,
        size: ContextSize,
        settings: &ModelSettings,
        (threads, batch_threads): (u32, u32),
    ) -> Option<Self> {
        // SAFETY: it only fills in a struct.
        let mut params = unsafe { sys::llama_context_default_params() };
        params.n_ctx = size.cells;
        params.n_batch = settings.batch_size;
        params.n_ubatch = settings.ubatch_size.min(settings.batch_size);
        params.n_seq_max = size.sequences;
        params.kv_unified = size.unified;
        params.n_threads = threads as i32;
        params.n_threads_batch = batch_threads as i32;
        params.type_k = ggml_type(settings.cache_type_k);
        params.type_v = ggml_type(settings.cache_type_v);
        params.flash_attn_type = flash(settings.flash_attn);
        params.no_perf = true;
        let model = model_pointer(model).as_ptr();
        // SAFETY: the model lives as long as `'model`, and the parameters are llama.cpp's own with plain numbers changed.
        let raw = NonNull::new(unsafe { sys::llama_init_from_model(model, params) })?;
        let mut pools = ThreadPools::default();
        // SAFETY: the context is valid and has no pool; it goes before these.
        unsafe { pools.compute_with(threads.max(batch_threads), raw) };
        // SAFETY: the context and the model are valid; these calls read numbers.
        unsafe {
            let vocabulary = sys::llama_model_get_vocab(model);
            Some(Self {
                raw,
                memory: sys::llama_get_memory(raw.as_ptr()),
                n_vocab: sys::llama_vocab_n_tokens(vocabulary).max(0) as usize,
                n_batch: sys::llama_n_batch(raw.as_ptr()) as usize,
                window: sys::llama_model_n_swa(model).max(0) as usize,
                pools,
                model: PhantomData,
            })
        }
    }

    /// Cells of all caches together.
    pub fn cells(&self) -> usize {
        // SAFETY: the context is valid.
        unsafe { sys::llama_n_ctx(self.raw.as_ptr()) as usize }
    }

    /// Tokens that llama.cpp computes at a time, at least one.
    pub fn micro_batch(&self) -> usize {
        // SAFETY: the context is valid.
        unsafe { sys::llama_n_ubatch(self.raw.as_ptr()) as usize }.clamp(1, self.n_batch.max(1))
    }

    /// Computes with these threads from now on: for one token, and for many.
    pub fn set_threads(&mut self, threads: u32, batch_threads: u32) {
        // SAFETY: the context is valid and computes nothing now; its pools go after it.
        unsafe {
            sys::llama_set_n_threads(self.raw.as_ptr(), threads as i32, batch_threads as i32);
            self.pools.compute_with(threads.max(batch_threads), self.raw);
        }
    }

    /// Adds adapters of its model to the weights from now on, each times its scale, in place of those before; false where
    /// llama.cpp cannot. What the cache holds is of the weights before.
    pub fn adapt(&mut self, adapters: &'model [Adapter], scales: &[f32]) -> bool {
        let mut scales = scales.to_vec();
        let mut raw: Vec<_> = adapters.iter().map(|adapter| adapter.0.as_ptr()).collect();
        let count = raw.len().min(scales.len());
        // SAFETY: the context is valid; the adapters live as long as the model; both arrays have so many entries and are copied.
        unsafe {
            sys::llama_set_adapters_lora(self.raw.as_ptr(), raw.as_mut_ptr(), count, scales.as_mut_ptr()) == 0
        }
    }

    /// The state of a sequence, for [`Context::restore`]; None where llama.cpp gives none.
    pub fn save(&mut self, sequence: usize) -> Option<Vec<u8>> {
        let mut state = vec![0; self.state_bytes(sequence)];
        // SAFETY: the context is valid, and the buffer is as long as is said.
        let written = unsafe {
            sys::llama_state_seq_get_data_ext(
                self.raw.as_ptr(),
                state.as_mut_ptr(),
                state.len(),
                sequence as i32,
                0,
            )
        };
        (written > 0 && written == state.len()).then_some(state)
    }

    /// Puts what another context of the same model has saved into a sequence; false where it does not fit.
    pub fn restore(&mut self, sequence: usize, state: &[u8]) -> bool {
        // SAFETY: the context is valid, and the buffer is as long as is said.
        let read = unsafe {
            sys::llama_state_seq_set_data_ext(
                self.raw.as_ptr(),
                state.as_ptr(),
                state.len(),
                sequence as i32,
                0,
            )
        };
        read > 0
    }

    /// Decodes a batch. `on_node` is called on this thread after each node of the graph that is computed, where the backend
    /// allows it (the CPU does), and stops by `false`.
    pub fn decode(
        &mut self,
        batch: &mut Batch,
        on_node: Option<&mut dyn FnMut() -> bool>,
    ) -> Result<(), DecodeError> {
        // llama.cpp asserts it.
        if batch.len() > self.n_batch {
            return Err(DecodeError::Failed(-1));
        }
        let mut watch = on_node.map(|on_node| Watch { on_node, thread: std::thread::current().id() });
        if let Some(watch) = &mut watch {
            let data = std::ptr::from_mut(watch).cast::<c_void>();
            // SAFETY: `watch` outlives the call below, after which it is taken out again.
            unsafe { sys::llama_set_abort_callback(self.raw.as_ptr(), Some(node_done), data) };
        }
        // SAFETY: the batch's pointers are valid for the call, and its arrays are as long as it says.
        let status = unsafe { sys::llama_decode(self.raw.as_ptr(), batch.raw()) };
        if watch.is_some() {
            // SAFETY: the context is valid.
            unsafe { sys::llama_set_abort_callback(self.raw.as_ptr(), None, std::ptr::null_mut()) };
        }
        match status {
            0 => Ok(()),
            1 => Err(DecodeError::NoSlot),
            2 => Err(DecodeError::Stopped),
            status => Err(DecodeError::Failed(status)),
        }
    }

    /// The logits after the token at `row` of the last batch, one a vocabulary entry.
    ///
    /// # Panics
    ///
    /// When none were asked for there.
    pub fn logits(&mut self, row: usize) -> &[f32] {
        // SAFETY: the context is valid; it waits until they are computed.
        let data = unsafe { sys::llama_get_logits_ith(self.raw.as_ptr(), row as i32) };
        assert!(!data.is_null(), "no logits were asked for at row {row}");
        // SAFETY: a row has one number a vocabulary entry and stays until the context is used again.
        unsafe { std::slice::from_raw_parts(data, self.n_vocab) }
    }

    /// Takes the tokens of a sequence from position `from` on out of the cache; false where a part cannot be taken out.
    pub fn remove_from(&mut self, sequence: usize, from: usize) -> bool {
        // SAFETY: the context is valid; the sequence is one of it.
        unsafe { sys::llama_memory_seq_rm(self.memory, sequence as i32, from as i32, -1) }
    }

    /// Copies the first `length` tokens of a sequence to an empty one, or with None all of them: between caches llama.cpp
    /// copies whole sequences only.
    pub fn copy(&mut self, source: usize, target: usize, length: Option<usize>) {
        let (from, to) = length.map_or((-1, -1), |length| (0, length as i32));
        // SAFETY: the context is valid; the sequences are two of it.
        unsafe { sys::llama_memory_seq_cp(self.memory, source as i32, target as i32, from, to) };
    }

    /// Whether the cache holds all of a sequence's tokens that one at position `from` looks back at: a window of attention
    /// may have dropped some.
    pub fn holds_before(&self, sequence: usize, from: usize) -> bool {
        // SAFETY: the context is valid; the sequence is one of it.
        let first = unsafe { sys::llama_memory_seq_pos_min(self.memory, sequence as i32) };
        // llama.cpp keeps all positions from the first one that it has on.
        first <= 0 || (self.window > 0 && first as usize + self.window <= from)
    }

    /// Bytes of the state of a sequence, as llama.cpp would save it.
    pub fn state_bytes(&self, sequence: usize) -> usize {
        // SAFETY: the context is valid; the sequence is one of it.
        unsafe { sys::llama_state_seq_get_size_ext(self.raw.as_ptr(), sequence as i32, 0) }
    }
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        // SAFETY: the context is valid and not used afterwards.
        unsafe { sys::llama_free(self.raw.as_ptr()) };
    }
}

struct Watch<'a> {
    on_node: &'a mut dyn FnMut() -> bool,
    thread: ThreadId,
}

/// Called by ggml after each node; true stops the computation.
unsafe extern "C" fn node_done(data: *mut c_void) -> bool {
    // SAFETY: it is the `Watch` that lives while the batch is decoded.
    let watch = unsafe { &mut *data.cast::<Watch<'_>>() };
    // The CPU backend calls on the thread that decodes. Should another one do otherwise, it is not asked.
    watch.thread == std::thread::current().id() && !(watch.on_node)()
}

fn ggml_type(cache: CacheType) -> sys::ggml_type {
    match cache {
        CacheType::F32 => sys::GGML_TYPE_F32,
        CacheType::F16 => sys::GGML_TYPE_F16,
        CacheType::Bf16 => sys::GGML_TYPE_BF16,
        CacheType::Q8_0 => sys::GGML_TYPE_Q8_0,
        CacheType::Q4_0 => sys::GGML_TYPE_Q4_0,
        CacheType::Q4_1 => sys::GGML_TYPE_Q4_1,
        CacheType::Iq4Nl => sys::GGML_TYPE_IQ4_NL,
        CacheType::Q5_0 => sys::GGML_TYPE_Q5_0,
        CacheType::Q5_1 => sys::GGML_TYPE_Q5_1,
    }
}

pub(in crate::engine::llama) fn flash(policy: FlashAttention) -> sys::llama_flash_attn_type {
    match policy {
        FlashAttention::Auto => sys::LLAMA_FLASH_ATTN_TYPE_AUTO,
        FlashAttention::On => sys::LLAMA_FLASH_ATTN_TYPE_ENABLED,
        FlashAttention::Off => sys::LLAMA_FLASH_ATTN_TYPE_DISABLED,
    }
}
