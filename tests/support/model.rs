//! The built-in model as a file, whole or damaged.

use std::path::Path;

/// The bytes of the built-in model.
pub fn storyteller() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/storyteller-4.5m-q8_0.gguf");
    std::fs::read(path).expect("the model is in the repository")
}

/// Puts `new` in the place of the GGUF string `old`, which must be there and have the same length: so every offset stays
/// right. A string is its length in eight bytes, then its bytes.
pub fn replace_string(model: &mut [u8], old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len(), "another length would move everything after it");
    let written = [&(old.len() as u64).to_le_bytes(), old].concat();
    let at = model.windows(written.len()).position(|window| window == written).expect("the string is there");
    model[at + 8..][..new.len()].copy_from_slice(new);
}
