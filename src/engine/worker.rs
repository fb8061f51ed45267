//! The engine's thread.
