use std::fs;

use super::*;

const STORYTELLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");

/// A folder with a model, a broken one, and one whose name is meant to do harm.
fn places() -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(STORYTELLER, folder.path().join("story.gguf")).expect("copied");
    fs::write(folder.path().join("broken.gguf"), "no model").expect("written");
    fs::write(folder.path().join("x\u{1b}[31m.gguf"), "").expect("written");
    let places = Places { current: Some(folder.path().to_owned()), ..Places::default() };
    (folder, places)
}

fn listed(job: &ModelsJob) -> Result<String, String> {
    let (_folder, places) = places();
    let mut out = Vec::new();
    list(job, &places, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("text"))
}

#[test]
fn a_table_with_what_cannot_be_run_and_why() {
    let table = listed(&ModelsJob::default()).expect("listed");
    let row = table.lines().find(|line| line.starts_with("story.gguf")).expect("a row");
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words[..8], ["story.gguf", "llama", "4.5M", "Q8_0", "4.7", "MiB", "512", "yes"], "{row}");
    assert!(row.ends_with("current folder"), "{row}");
    let mut lines = table.lines().skip_while(|line| !line.starts_with("broken.gguf"));
    assert!(
        lines.next().is_some() && lines.next().is_some_and(|why| why.starts_with("  cannot be run: ")),
        "{table}"
    );
    assert!(table.contains("x␛[31m.gguf") && !table.contains('\u{1b}'), "{table}");
}

#[test]
fn a_search_that_one_model_has_shows_all_of_it() {
    let page = listed(&ModelsJob { search: "STORY".into(), ..ModelsJob::default() }).expect("listed");
    for line in ["GGUF version 3, ", "  general.architecture (str): llama", "  Q8_0: ", "memory: "] {
        assert!(page.contains(line), "{line} in {page}");
    }
    let error = listed(&ModelsJob { search: "brokn.gguf".into(), ..ModelsJob::default() }).expect_err("none");
    assert_eq!(error, "no model here has \"brokn.gguf\" in its name; did you mean broken.gguf?");
    let error =
        listed(&ModelsJob { search: "broken".into(), ..ModelsJob::default() }).expect_err("no header");
    assert!(error.contains("broken.gguf: "), "{error}");
    let error = listed(&ModelsJob { search: "hf:a/b".into(), ..ModelsJob::default() }).expect_err("not here");
    assert_eq!(error, "hf:a/b is not in the cache on this machine");
}

#[test]
fn json_has_the_same_for_programs() {
    let text = listed(&ModelsJob { json: true, ..ModelsJob::default() }).expect("listed");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let story = lines.iter().find(|line| line["name"] == "story.gguf").expect("listed");
    assert_eq!(story["architecture"], "llama");
    assert_eq!(story["memory"]["context"], 512);
    assert_eq!(story["refused"], serde_json::Value::Null);
    let broken = lines.iter().find(|line| line["name"] == "broken.gguf").expect("listed");
    assert!(broken["refused"].is_string() && broken["architecture"].is_null());
    let one = ModelsJob { json: true, search: STORYTELLER.into(), ..ModelsJob::default() };
    let one: serde_json::Value = serde_json::from_str(&listed(&one).expect("one")).expect("one line");
    assert_eq!(one["metadata"]["llama.context_length"], 512);
    assert_eq!(one["metadata"]["general.architecture"], "llama");
}
