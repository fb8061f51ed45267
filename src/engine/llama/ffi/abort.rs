//! What llama.cpp calls when it is about to end the process.

use std::ffi::{CStr, c_char};

use crate::engine::llama::abort;

/// Lets [`abort`] hear of every broken invariant before llama.cpp ends the process. Holds for the whole process.
pub(in crate::engine::llama) fn catch_aborts() {
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
    if !abort::tell(&message) {
        eprintln!("logitscope: llama.cpp failed and cannot go on: {message}");
        std::process::exit(1);
    }
    loop {
        std::thread::park();
    }
}
