//! The calls the binding does not offer. The only unsafe code of the program.
#![expect(unsafe_code, reason = "llama.cpp's abort callback is a C function pointer")]

use std::{
    ffi::{CStr, c_char},
    sync::Mutex,
};

/// What to do when llama.cpp finds a broken invariant and is about to abort the process.
pub enum AbortPolicy {
    /// Tell the receiver and park the failing thread for good, so that the rest of the program lives.
    Park(Box<dyn Fn(String) + Send>),
    /// Print the message and end the process with status 1.
    Exit,
}

static POLICY: Mutex<Option<AbortPolicy>> = Mutex::new(None);

/// Sets what happens instead of an abort of the process. Holds for the whole process.
pub fn on_abort(policy: AbortPolicy) {
    *POLICY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(policy);
    // SAFETY: the callback is a plain function that lives as long as the program.
    unsafe {
        llama_cpp_sys_2::ggml_set_abort_callback(Some(aborting));
    }
}

/// Called by ggml right before `abort()`; returning would end the process without a word to the user.
unsafe extern "C" fn aborting(message: *const c_char) {
    let message = if message.is_null() {
        String::from("unknown failure")
    } else {
        // SAFETY: ggml passes a NUL-terminated buffer that outlives the call.
        unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned()
    };
    tracing::error!("llama.cpp aborted: {message}");
    match &*POLICY.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(AbortPolicy::Park(tell)) => tell(message),
        Some(AbortPolicy::Exit) | None => {
            eprintln!("logitscope: llama.cpp failed and cannot go on: {message}");
            std::process::exit(1);
        }
    }
    loop {
        std::thread::park();
    }
}
