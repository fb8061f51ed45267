//! llama.cpp.
