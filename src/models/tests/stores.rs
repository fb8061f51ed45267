use super::*;

#[test]
fn the_current_folder_and_models_in_it() {
    let disk = Disk::new();
    disk.file("b.GGUF", 3).file("A.gguf", 2).file("models/c.gguf", 4);
    disk.file("models/deeper/d.gguf", 1).file("other/e.gguf", 1).file("notes.txt", 1);
    let expected = [("A.gguf", 2), ("b.GGUF", 3), ("models/c.gguf", 4)];
    assert_eq!(listed(&disk.current()), expected.map(|(name, size)| (name.to_owned(), size)));
    let first = &find(&disk.current())[0];
    assert_eq!((first.path.clone(), first.place), (disk.path("A.gguf"), Place::CurrentFolder));
}

#[test]
fn a_model_in_parts_is_listed_once_with_the_size_of_all() {
    let disk = Disk::new();
    for (number, size) in [(1, 10), (2, 20), (3, 3)] {
        disk.file(&format!("big-0000{number}-of-00003.gguf"), size);
    }
    disk.file("half-00001-of-00002.gguf", 1).file("tail-00002-of-00002.gguf", 1);
    assert_eq!(listed(&disk.current()), [("big-00001-of-00003.gguf".to_owned(), 33)]);
}

#[test]
fn files_that_go_with_a_model_are_left_out() {
    let disk = Disk::new();
    disk.file("mmproj-model-f16.gguf", 1).file("style-lora.gguf", 1).file("m.gguf", 1);
    assert_eq!(names(&disk.current()), ["m.gguf"]);
}

#[test]
fn llama_cpps_own_cache() {
    let disk = Disk::new();
    disk.file("org_repo_m.gguf", 5).file("org_repo_m.gguf.json", 1).file("manifest=org=repo=latest.json", 1);
    let places = Places { llama_cpp: vec![disk.path("")], ..Places::default() };
    assert_eq!(listed(&places), [("org_repo_m.gguf".to_owned(), 5)]);
    assert_eq!(find(&places)[0].place, Place::LlamaCpp);
}

#[test]
fn lm_studio_names_publisher_and_model() {
    let disk = Disk::new();
    disk.file("org/repo-GGUF/m-Q8_0.gguf", 7).file("org/repo-GGUF/mmproj-m.gguf", 1);
    disk.file("org/two/IQ4/m.gguf", 8).file("loose.gguf", 9).file("a/b/c/d/too-deep.gguf", 1);
    let places = Places { lm_studio: vec![disk.path("")], ..Places::default() };
    let expected = [("loose.gguf", 9), ("org/repo-GGUF m-Q8_0.gguf", 7), ("org/two/IQ4 m.gguf", 8)];
    assert_eq!(listed(&places), expected.map(|(name, size)| (name.to_owned(), size)));
}

#[cfg(unix)]
#[test]
fn the_hub_cache_follows_its_links() {
    let disk = Disk::new();
    disk.file("models--org--repo/blobs/aa", 11).file("models--org--repo/blobs/bb", 5);
    disk.link("models--org--repo/snapshots/1234/m-Q4.gguf", "../../blobs/aa");
    disk.link("models--org--repo/snapshots/1234/Q8/m-Q8.gguf", "../../../blobs/bb");
    disk.link("models--org--repo/snapshots/1234/README.md", "../../blobs/bb");
    disk.file("datasets--org--data/snapshots/1/d.gguf", 1).file("models--org--bert/snapshots/1/model.bin", 1);
    let places = Places { hugging_face: vec![disk.path("")], ..Places::default() };
    let expected = [("org/repo m-Q4.gguf", 11), ("org/repo Q8/m-Q8.gguf", 5)];
    assert_eq!(listed(&places), expected.map(|(name, size)| (name.to_owned(), size)));
    // The link, not the blob: the parts of a model are found by their names.
    let path = disk.path("models--org--repo/snapshots/1234/m-Q4.gguf");
    assert_eq!(find(&places)[0].path, path);
}

#[test]
fn of_a_files_revisions_the_one_of_main_is_listed() {
    let disk = Disk::new();
    disk.file("models--o--r/snapshots/aaa/m.gguf", 1).file("models--o--r/snapshots/bbb/m.gguf", 2);
    disk.file("models--o--r/snapshots/aaa/old.gguf", 3).write("models--o--r/refs/main", b"bbb\n");
    let places = Places { hugging_face: vec![disk.path("")], ..Places::default() };
    let expected = [("o/r m.gguf", 2), ("o/r old.gguf", 3)];
    assert_eq!(listed(&places), expected.map(|(name, size)| (name.to_owned(), size)));
}

/// A manifest with a model layer among others.
fn manifest(digest: &str) -> Vec<u8> {
    let layers = serde_json::json!([
        {"mediaType": "application/vnd.ollama.image.template", "digest": format!("sha256:{:064}", 1), "size": 3},
        {"mediaType": "application/vnd.ollama.image.model", "digest": digest, "size": 999},
    ]);
    serde_json::json!({"schemaVersion": 2, "config": {}, "layers": layers}).to_string().into_bytes()
}

fn ollama(disk: &Disk) -> Places {
    Places { ollama: vec![disk.path("")], ..Places::default() }
}

#[test]
fn ollama_names_models_as_it_prints_them() {
    let disk = Disk::new();
    let hash = |n: u8| format!("{n:064x}");
    for (name, n) in [
        ("registry.ollama.ai/library/llama3/8b", 0xa1),
        ("registry.ollama.ai/ada/story/latest", 0xa2),
        ("hf.co/org/repo-GGUF/Q4_K_M", 0xa3),
    ] {
        disk.write(&format!("manifests/{name}"), &manifest(&format!("sha256:{}", hash(n))));
        disk.file(&format!("blobs/sha256-{}", hash(n)), usize::from(n));
    }
    // The same model under a second name.
    let second = manifest(&format!("sha256:{}", hash(0xa1)));
    disk.write("manifests/registry.ollama.ai/library/llama3/latest", &second);
    let expected = [("ada/story:latest", 0xa2), ("hf.co/org/repo-GGUF:Q4_K_M", 0xa3), ("llama3:8b", 0xa1)];
    assert_eq!(listed(&ollama(&disk)), expected.map(|(name, size)| (name.to_owned(), size)));
    assert_eq!(find(&ollama(&disk))[2].path, disk.path(&format!("blobs/sha256-{}", hash(0xa1))));
}

#[test]
fn manifests_that_say_nothing_of_use_are_passed_over() {
    let disk = Disk::new();
    let hash = format!("{:064}", 7);
    disk.file(&format!("blobs/sha256-{hash}"), 1).file("secret", 1);
    for (tag, content) in [
        ("not-json", b"{".to_vec()),
        ("not-utf8", vec![0xff, 0xfe]),
        ("no-layers", b"{}".to_vec()),
        ("wrong-types", br#"{"layers": [{"mediaType": 1, "digest": []}]}"#.to_vec()),
        ("no-blob", manifest(&format!("sha256:{:064}", 8))),
        ("no-digest", manifest("")),
        ("short", manifest("sha256:abc")),
        ("path", manifest("sha256:../../secret")),
        ("long-path", manifest(&format!("sha256:/../..{}", "/".repeat(50) + "secret"))),
        ("huge", [manifest(&format!("sha256:{hash}")), vec![b' '; 2 << 20]].concat()),
    ] {
        disk.write(&format!("manifests/registry.ollama.ai/library/bad/{tag}"), &content);
    }
    disk.write("manifests/too/short", &manifest(&format!("sha256:{hash}")));
    assert_eq!(names(&ollama(&disk)), Vec::<String>::new());
}
