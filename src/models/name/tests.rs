use std::path::{Component, Path};

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<ModelName, NameError> {
    ModelName::parse(text.as_ref())
}

fn hub(text: &str) -> HubName {
    match parse(text) {
        Ok(ModelName::Hub(name)) => name,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_kind_of_name() {
    assert_eq!(parse("models/a.gguf"), Ok(ModelName::File("models/a.gguf".into())));
    assert_eq!(parse("./hf:a/b"), Ok(ModelName::File("./hf:a/b".into())), "a file of that name");
    assert_eq!(hub("hf:ggml-org/gemma-3-1b-it-GGUF").pick, Pick::Usual);
    assert_eq!(hub("hf:a/b:q4_k_m").pick, Pick::Tag("q4_k_m".into()));
    assert_eq!(hub("hf:a/b:latest").pick, Pick::Usual);
    assert_eq!(
        hub("hf:a/b/Q8_0/c-00001-of-00002.gguf").pick,
        Pick::File("Q8_0/c-00001-of-00002.gguf".into())
    );
    assert_eq!(hub("hf:a/b").repository.folder(), "models--a--b");
    let server = "http://localhost:8080/v1";
    assert_eq!(parse(server), Ok(ModelName::Server(server.into())));
    assert_eq!(parse("ollama:llama3").expect("a name").to_string(), "ollama:llama3:latest");
}

#[test]
fn pages_of_the_hub_are_repositories_and_files() {
    assert_eq!(hub("https://huggingface.co/a/b"), hub("hf:a/b"));
    assert_eq!(hub("https://huggingface.co/a/b/tree/main"), hub("hf:a/b"));
    for kind in ["blob", "resolve"] {
        let page = format!("https://huggingface.co/a/b/{kind}/main/x/c.gguf?download=true");
        assert_eq!(hub(&page), hub("hf:a/b/x/c.gguf"));
    }
    let other = parse("https://huggingface.co/a/b/blob/v2/c.gguf").expect_err("another state");
    assert!(other.to_string().contains("branch main"), "{other}");
}

#[test]
fn names_that_are_none_say_what_is_expected() {
    for text in
        ["hf:", "hf:a", "hf:a/", "hf:/b", "hf:../b", "hf:a/..", "hf:a/b--c", "hf:a b/c", "hf:-a/b", "hf:a/b."]
    {
        let error = parse(text).expect_err(text);
        assert!(matches!(error, NameError::Repository(_)), "{text}: {error:?}");
        assert!(error.to_string().contains("expected user/repo"), "{error}");
    }
    for text in ["hf:a/b:", "hf:a/b:../x", "hf:a/b:Q4 K", "hf:a/b:Q4:Q5"] {
        assert!(matches!(parse(text), Err(NameError::Tag(_))), "{text}");
    }
    for text in ["hf:a/b/c.bin", "hf:a/b/../c.gguf", "hf:a/b//c.gguf", "hf:a/b/.gguf", "hf:a/b/c\u{1b}.gguf"]
    {
        assert!(matches!(parse(text), Err(NameError::File(_))), "{text}");
    }
    for text in
        ["ollama:", "ollama:../x", "ollama:a:b:c", "ollama:a/../b", "ollama:x:y/a/b", "ollama:a/b/c/d"]
    {
        assert!(matches!(parse(text), Err(NameError::Ollama(_))), "{text}");
    }
    let error = parse("hf:\u{1b}[31m").expect_err("no repository").to_string();
    assert!(!error.contains('\u{1b}'), "{error}");
}

#[test]
fn manifests_lie_where_ollama_puts_them() {
    let manifest = |text: &str| OllamaName::parse(text).expect(text).manifest();
    assert_eq!(manifest("llama3"), Path::new("manifests/registry.ollama.ai/library/llama3/latest"));
    assert_eq!(manifest("me/story:7b"), Path::new("manifests/registry.ollama.ai/me/story/7b"));
    assert_eq!(manifest("hf.co/a/b:Q4_0"), Path::new("manifests/hf.co/a/b/Q4_0"));
    assert_eq!(manifest("localhost:5000/a/b"), Path::new("manifests/localhost:5000/a/b/latest"));
}

/// Names made of what could do harm, and of what names are made of.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("hf:".to_owned()),
        Just("ollama:".to_owned()),
        Just("https://huggingface.co/".to_owned()),
        Just("../".to_owned()),
        Just("/".to_owned()),
        Just(":".to_owned()),
        Just(".gguf".to_owned()),
        Just("blob/main/".to_owned()),
        "[a-zA-Z0-9._-]{1,8}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn stays_below(path: &Path) -> bool {
    path.components().all(|component| matches!(component, Component::Normal(_)))
}

proptest! {
    #[test]
    fn no_name_leads_out_of_its_folder(text in hostile()) {
        match parse(&text) {
            Ok(ModelName::Hub(name)) => {
                prop_assert!(stays_below(Path::new(&name.repository.folder())));
                prop_assert_eq!(Path::new(&name.repository.folder()).components().count(), 1);
                prop_assert!(name.repository.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                if let Pick::File(file) = &name.pick {
                    prop_assert!(stays_below(Path::new(file)), "{}", file);
                    prop_assert!(!file.chars().any(char::is_control));
                }
            }
            Ok(ModelName::Ollama(name)) => {
                prop_assert!(stays_below(&name.manifest()));
                prop_assert_eq!(name.manifest().components().count(), 5);
            }
            Ok(ModelName::File(path)) => prop_assert_eq!(path.as_os_str(), text.as_str()),
            Ok(ModelName::Server(_)) | Err(_) => {}
        }
    }

    #[test]
    fn a_name_that_is_written_out_reads_the_same(text in hostile()) {
        if let Ok(name @ (ModelName::Hub(_) | ModelName::Ollama(_))) = parse(&text) {
            prop_assert_eq!(parse(&name.to_string()), Ok(name));
        }
    }

    #[test]
    fn what_is_wrong_is_told_harmlessly(text in hostile()) {
        if let Err(error) = parse(&text) {
            prop_assert!(!error.to_string().chars().any(char::is_control));
        }
    }
}
