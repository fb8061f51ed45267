//! Threads that wait for the next token: without them llama.cpp starts new ones for each.

use std::ptr::NonNull;

use llama_cpp_sys_2::{self as sys, ggml_threadpool, llama_context};

/// How long a thread looks for work before it sleeps, on ggml's scale of 0 to 100. A step of it is a millisecond or a few: enough
/// from one token to the next at full speed, and nothing that a person who takes a token a second would hear the fan for.
const POLL: u32 = 1;

/// The threads of one context, in a pool for each number that it ever computed with: in a larger one, those that have nothing to
/// do would look for work, too. llama.cpp lets a pool sleep that is no longer the present one, so that it has to be there until the
/// context is gone.
#[derive(Debug, Default)]
pub(super) struct ThreadPools(Vec<Pool>);

#[derive(Debug)]
struct Pool {
    raw: NonNull<ggml_threadpool>,
    threads: u32,
}

impl ThreadPools {
    /// Has a context compute with so many threads, the caller's own among them. A single one needs no others; where none can be
    /// started llama.cpp starts them for each token.
    ///
    /// # Safety
    /// The context is valid, computes nothing now, has no other pools, and is freed before these are dropped.
    pub unsafe fn compute_with(&mut self, threads: u32, context: NonNull<llama_context>) {
        if threads > 1 && !self.0.iter().any(|pool| pool.threads == threads) {
            self.0.extend(Pool::new(threads));
        }
        let pool = self.0.iter().find(|pool| pool.threads == threads);
        // SAFETY: the context is valid, and by the caller's promise the pool lives longer.
        unsafe {
            match pool {
                Some(Pool { raw, .. }) => {
                    sys::llama_attach_threadpool(context.as_ptr(), raw.as_ptr(), raw.as_ptr());
                }
                None => sys::llama_detach_threadpool(context.as_ptr()),
            }
        }
    }
}

impl Pool {
    fn new(threads: u32) -> Option<Self> {
        let number = i32::try_from(threads).ok()?;
        // SAFETY: it fills in a struct, of which a pool is made that keeps nothing of it.
        let raw = unsafe {
            let mut params = sys::ggml_threadpool_params_default(number);
            params.poll = POLL;
            sys::ggml_threadpool_new(&raw mut params)
        };
        NonNull::new(raw).map(|raw| Self { raw, threads })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // SAFETY: it is valid, and the context that had it is gone.
        unsafe { sys::ggml_threadpool_free(self.raw.as_ptr()) };
    }
}
