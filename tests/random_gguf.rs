//! The benchmarks' models are models: they pass the same check as any other file.

#[path = "../benches/support/random_gguf.rs"]
mod random_gguf;

use std::{fs, io::ErrorKind};

use logitscope::gguf::check;
use random_gguf::{Architecture, Shape, write};

const SMALL: Shape = Shape {
    architecture: Architecture::Llama,
    blocks: 2,
    width: 64,
    heads: 4,
    kv_heads: 2,
    feed_forward: 96,
    vocabulary: 300,
    context: 128,
};

#[test]
fn a_random_model_is_a_valid_file_of_its_shape() {
    let folder = tempfile::tempdir().unwrap();
    for architecture in [Architecture::Llama, Architecture::Qwen2] {
        let shape = Shape { architecture, ..SMALL };
        let path = folder.path().join("random.gguf");
        let written = write(&path, &shape, 1).unwrap();
        let model = check(&path).unwrap();
        assert_eq!((model.size, model.parameters), (written, shape.parameters()));
        assert_eq!((model.block_count, model.embedding_length, model.context_length), (2, 64, 128));
        assert_eq!((model.head_count, model.head_count_kv), (vec![4; 2], vec![2; 2]));
        assert_eq!((model.vocabulary_size, model.quantisation), (300, Some("Q8_0")));
    }
}

#[test]
fn a_seed_decides_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let bytes_of = |seed| {
        let path = folder.path().join("random.gguf");
        write(&path, &SMALL, seed).unwrap();
        fs::read(path).unwrap()
    };
    assert!(bytes_of(0) == bytes_of(0));
    assert!(bytes_of(0) != bytes_of(1));
}

#[test]
fn impossible_shapes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("random.gguf");
    for shape in [
        Shape { blocks: 0, ..SMALL },
        Shape { width: 96, heads: 5, ..SMALL },
        Shape { width: 48, ..SMALL },
        Shape { kv_heads: 3, ..SMALL },
        Shape { feed_forward: 100, ..SMALL },
        Shape { vocabulary: 259, ..SMALL },
    ] {
        assert_eq!(write(&path, &shape, 0).unwrap_err().kind(), ErrorKind::InvalidInput, "{shape:?}");
        assert!(!path.exists());
    }
}
