use super::*;

fn places(variables: &[(&str, &str)]) -> Places {
    let get = |name: &str| {
        variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
    };
    Places::from_env(get, Some(Path::new("/home/ada")))
}

fn paths(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(PathBuf::from).collect()
}

#[test]
fn the_usual_folders_without_any_variable() {
    let places = places(&[]);
    assert_eq!(places.file, None);
    assert_eq!(places.current, Some(".".into()));
    assert_eq!(places.hugging_face, paths(&["/home/ada/.cache/huggingface/hub"]));
    assert_eq!(
        places.llama_cpp,
        paths(&["/home/ada/.cache/llama.cpp", "/home/ada/Library/Caches/llama.cpp"])
    );
    assert_eq!(places.ollama, paths(&["/home/ada/.ollama/models", "/usr/share/ollama/.ollama/models"]));
    assert_eq!(places.lm_studio, paths(&["/home/ada/.lmstudio/models", "/home/ada/.cache/lm-studio/models"]));
}

#[test]
fn variables_come_first() {
    let places = places(&[
        ("LLAMA_ARG_MODEL", "/m/x.gguf"),
        ("LLAMA_CACHE", "/llama"),
        ("HF_HUB_CACHE", "/hub"),
        ("HF_HOME", "/hf"),
        ("XDG_CACHE_HOME", "/xdg"),
        ("OLLAMA_MODELS", "/ollama"),
    ]);
    assert_eq!(places.file, Some("/m/x.gguf".into()));
    assert_eq!(
        places.hugging_face,
        paths(&["/llama", "/hub", "/hf/hub", "/xdg/huggingface/hub", "/home/ada/.cache/huggingface/hub"])
    );
    assert_eq!(places.llama_cpp[..2], paths(&["/llama", "/xdg/llama.cpp"]));
    assert_eq!(places.ollama[0], Path::new("/ollama"));
}

#[test]
fn an_empty_variable_is_not_set_and_a_folder_named_twice_is_one() {
    let places = places(&[("LLAMA_ARG_MODEL", ""), ("HF_HOME", "/home/ada/.cache/huggingface")]);
    assert_eq!(places.file, None);
    assert_eq!(places.hugging_face, paths(&["/home/ada/.cache/huggingface/hub"]));
}

#[test]
fn without_a_home_only_what_is_named() {
    let places = Places::from_env(|_| None, None);
    assert_eq!(places.hugging_face, paths(&[]));
    assert_eq!(places.lm_studio, paths(&[]));
}

#[test]
fn the_named_file_is_first_and_its_name_is_not_judged() {
    let disk = Disk::new();
    disk.file("a.gguf", 1).file("named.bin", 2);
    let places = Places { file: Some(disk.path("named.bin")), ..disk.current() };
    assert_eq!(listed(&places), [("named.bin".to_owned(), 2), ("a.gguf".to_owned(), 1)]);
    assert_eq!(find(&places)[0].place, Place::Environment);
    let missing = Places { file: Some(disk.path("missing.gguf")), ..Places::default() };
    assert_eq!(find(&missing), []);
}

#[test]
fn labels_tell_the_places_apart() {
    use Place::{CurrentFolder, Environment, HuggingFace, LlamaCpp, LmStudio, Ollama};
    let places = [Environment, CurrentFolder, HuggingFace, LlamaCpp, Ollama, LmStudio];
    assert!(places.is_sorted());
    let labels: std::collections::HashSet<_> = places.map(Place::label).into();
    assert_eq!(labels.len(), places.len());
}
