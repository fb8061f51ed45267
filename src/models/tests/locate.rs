//! From names to files, without a network.

use std::path::PathBuf;

use super::Disk;
use crate::models::{ModelName, NotHere, Places, locate};

fn look(disk: &Disk, name: &str) -> Result<PathBuf, NotHere> {
    let places = Places {
        hugging_face: vec![disk.path("empty"), disk.path("hub")],
        ollama: vec![disk.path("ollama")],
        ..Places::default()
    };
    locate(&ModelName::parse(name.as_ref()).expect(name), &places)
}

fn refusal(disk: &Disk, name: &str) -> String {
    look(disk, name).expect_err(name).to_string()
}

const MAIN: &str = "hub/models--a--b/snapshots/1111111111111111111111111111111111111111";
const OLD: &str = "hub/models--a--b/snapshots/0000000000000000000000000000000000000000";

fn hub() -> Disk {
    let disk = Disk::new();
    disk.write("hub/models--a--b/refs/main", b"1111111111111111111111111111111111111111\n");
    for file in ["m-Q8_0.gguf", "m-IQ2_M.gguf", "mmproj-m.gguf", "big-BF16-00001-of-00002.gguf"] {
        disk.file(&format!("{MAIN}/{file}"), 10);
    }
    disk.file(&format!("{OLD}/m-Q2_K.gguf"), 10);
    disk
}

#[test]
fn a_repository_in_the_cache_needs_no_network() {
    let disk = hub();
    assert_eq!(look(&disk, "hf:a/b"), Ok(disk.path(MAIN).join("m-Q8_0.gguf")));
    assert_eq!(look(&disk, "hf:a/b:iq2_m"), Ok(disk.path(MAIN).join("m-IQ2_M.gguf")));
    assert_eq!(look(&disk, "hf:a/b:Q2_K"), Ok(disk.path(OLD).join("m-Q2_K.gguf")), "of an older state");
    assert_eq!(look(&disk, "hf:a/b/m-Q2_K.gguf"), Ok(disk.path(OLD).join("m-Q2_K.gguf")));
    let half = refusal(&disk, "hf:a/b:BF16");
    assert!(half.ends_with("; of this repository it has IQ2_M, Q2_K, Q8_0"), "a part is missing: {half}");
    assert_eq!(refusal(&disk, "hf:a/c"), "hf:a/c is not in the cache on this machine");
}

#[test]
fn a_model_of_ollama_is_its_blob() {
    let disk = Disk::new();
    let blob = format!("sha256-{}", "ab".repeat(32));
    let manifest = format!(
        r#"{{"layers":[{{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:{}"}}]}}"#,
        "ab".repeat(32)
    );
    for name in ["library/llama3/8b", "me/story/latest"] {
        disk.write(&format!("ollama/manifests/registry.ollama.ai/{name}"), manifest.as_bytes());
    }
    let lost = refusal(&disk, "ollama:llama3:8b");
    assert!(lost.contains("`ollama pull llama3:8b`"), "{lost}");
    disk.file(&format!("ollama/blobs/{blob}"), 10);
    for name in ["ollama:llama3:8b", "ollama:me/story"] {
        assert_eq!(look(&disk, name), Ok(disk.path(&format!("ollama/blobs/{blob}"))), "{name}");
    }
    assert_eq!(
        refusal(&disk, "ollama:llama3"),
        "ollama:llama3:latest: Ollama has no such model here; it has llama3:8b, me/story:latest"
    );
    assert!(refusal(&disk, "ollama:llama3:7b").contains("; did you mean llama3:8b?"));
}

#[test]
fn a_folder_with_one_model_is_that_model() {
    let disk = Disk::new();
    let folder = |name: &str| disk.path(name).display().to_string();
    disk.file("one/a.gguf", 1).file("one/mmproj.gguf", 1).file("one/readme.txt", 1);
    disk.file("two/a.gguf", 1).file("two/b.gguf", 1).file("none/readme.txt", 1);
    assert_eq!(look(&disk, &folder("one")), Ok(disk.path("one/a.gguf")));
    assert!(
        refusal(&disk, &folder("two"))
            .ends_with("this folder has 2 models; name one of them: a.gguf, b.gguf")
    );
    assert!(refusal(&disk, &folder("none")).ends_with("there is no GGUF model in this folder"));
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_nearest() {
    let disk = Disk::new();
    disk.file("gemma-3-270m.gguf", 1).file("other.gguf", 1);
    let wrong = refusal(&disk, &disk.path("gemma-3-270.gguf").display().to_string());
    assert!(wrong.ends_with("there is no such file; did you mean gemma-3-270m.gguf?"), "{wrong}");
    let forgotten = refusal(&disk, "org/some-model-GGUF");
    assert!(
        forgotten.ends_with("; for a repository of the Hugging Face hub write hf:org/some-model-GGUF"),
        "{forgotten}"
    );
    assert_eq!(look(&disk, &disk.path("other.gguf").display().to_string()), Ok(disk.path("other.gguf")));
}

#[test]
fn a_server_stands_for_itself() {
    assert_eq!(look(&Disk::new(), "http://localhost:8080"), Ok("http://localhost:8080".into()));
}
