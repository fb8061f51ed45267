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

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, time::Duration};

    use llama_cpp_2::{sampling::LlamaSampler, token::data_array::LlamaTokenDataArray};

    use super::*;

    #[test]
    fn a_failed_assertion_is_reported_and_parks_its_thread() {
        let (sender, receiver) = channel();
        on_abort(AbortPolicy::Park(Box::new(move |message| drop(sender.send(message)))));
        let failing = std::thread::spawn(|| {
            // llama.cpp asserts that a softmax has candidates.
            LlamaTokenDataArray::new(Vec::new(), false).apply_sampler(&mut LlamaSampler::top_p(0.5, 0));
        });
        let message = receiver.recv_timeout(Duration::from_mins(1)).expect("the assertion is told");
        assert!(message.contains("GGML_ASSERT"), "{message}");
        assert!(!failing.is_finished(), "the thread is parked, the process lives");
    }
}
