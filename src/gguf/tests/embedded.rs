//! The models that come with the program.

use std::path::Path;

use crate::gguf::{Masking, Memory, ModelFile, check};

fn model(name: &str) -> ModelFile {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models").join(name)).unwrap()
}

#[test]
fn the_storyteller() {
    let model = model("storyteller-4.5m-q8_0.gguf");
    assert_eq!(model.size, 4_912_160);
    assert_eq!((model.version, model.parts), (3, 1));
    assert_eq!(model.architecture, "llama");
    assert_eq!(model.name.as_deref(), Some("Storyteller 4.5M"));
    assert_eq!(model.quantisation, Some("Q8_0"));
    assert_eq!((model.block_count, model.context_length, model.embedding_length), (5, 512, 256));
    assert_eq!(model.head_count, [8; 5]);
    assert_eq!(model.head_count_kv, [4; 5]);
    assert_eq!((model.key_length, model.value_length), (32, 32));
    assert_eq!(model.vocabulary_size, 4096);
    // Embedding, final norm, and for each block two norms, four attention matrices and three of the feed-forward.
    let block = 2 * 256 + 2 * 256 * 256 + 2 * 256 * 128 + 3 * 256 * 640;
    assert_eq!(model.parameters, 4096 * 256 + 256 + 5 * block);
    // In f16: 2,560 bytes a token.
    assert_eq!(model.kv_elements_per_token() * 2, 2560);
    assert!(model.chat_template().is_some_and(|template| template.contains("<|im_start|>")));
    assert!(model.sampling.is_empty());
    assert_eq!((model.sliding_window, model.memory), (None, Memory::Attention));
}

#[test]
fn the_draft() {
    let model = model("storyteller-draft-0.6m-q8_0.gguf");
    assert_eq!(model.size, 784_192);
    assert_eq!((model.block_count, model.embedding_length), (2, 96));
    assert_eq!((model.head_count, model.head_count_kv), (vec![3; 2], vec![3; 2]));
    assert_eq!(model.parameters, 614_880);
    assert_eq!(model.vocabulary_size, 4096);
}

#[test]
fn the_diffusion_model() {
    let model = model("storyteller-diffusion-4.5m-q5_0.gguf");
    assert_eq!(model.size, 3_228_768);
    assert_eq!((model.architecture.as_str(), model.quantisation), ("llada", Some("Q5_0")));
    assert_eq!(model.masking, Some(Masking { mask_token: 3, shift_logits: true }));
    assert_eq!((model.memory, model.vocabulary_size), (Memory::None, 4096));
    assert!(model.context_length >= 128, "{}", model.context_length);
}
