//! The picker of models, the details of one, and a fetch, at every size.

use std::path::PathBuf;

use crate::{
    app::{Effect, Hit, Message, ModelRow, MouseMove, Overlay, fixture::Fixture},
    fetch::Progress,
    models::{Card, FoundModel, Place},
    ui::testing::screen,
};

fn found(name: &str, size: u64, place: Place, recent: Option<usize>) -> FoundModel {
    FoundModel { name: name.into(), path: format!("/models/{name}").into(), size, place, recent }
}

fn card(architecture: &str, parameters: u64, quantisation: &'static str, context_length: u32) -> Card {
    Card {
        architecture: architecture.into(),
        name: None,
        parameters,
        quantisation: Some(quantisation),
        context_length,
        chat_template: context_length > 10_000,
        diffusion: architecture == "llada",
        size: parameters / 2,
        kv_elements: [16_384, 16_384],
    }
}

/// The picker with models of every kind.
fn picker(width: u16, height: u16) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["m"]);
    let all = vec![
        found("ggml-org/gemma-3-270m-GGUF gemma-3-270m-Q4_K_M.gguf", 241 << 20, Place::HuggingFace, Some(0)),
        found(
            "unsloth/Llama-3.3-70B-Instruct-GGUF Llama-3.3-70B-Instruct-Q4_K_M.gguf",
            40 << 30,
            Place::HuggingFace,
            None,
        ),
        found("qwen3:4b", 2_500_000_000, Place::Ollama, None),
        found("llada-8b-q4_k_m.gguf", 5_100_000_000, Place::CurrentFolder, None),
        found("nomic-embed-text\u{1b}[31m.gguf", 262 << 20, Place::CurrentFolder, None),
        found("late.gguf", 1 << 30, Place::LmStudio, None),
    ];
    let path = |at: usize| -> PathBuf { all[at].path.clone() };
    let cards = vec![
        (path(0), Ok(card("gemma3", 268_000_000, "Q4_K_M", 32_768))),
        (path(1), Ok(card("llama", 70_600_000_000, "Q4_K_M", 131_072))),
        (path(2), Ok(card("qwen3", 4_020_000_000, "Q4_K_M", 262_144))),
        (path(3), Ok(card("llada", 8_020_000_000, "Q4_K_M", 4096))),
        (path(4), Err("the architecture nomic-bert embeds texts and does not generate any".to_owned())),
    ];
    fixture.send(Message::ModelsFound { folder: None, found: all.clone() });
    fixture.send(Message::CardsRead { folder: None, cards, free: Some(12 << 30) });
    fixture
}

#[test]
fn the_picker_at_120x36() {
    let mut fixture = picker(120, 36);
    fixture.keys(&["down", "down", "down", "down", "down"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_picker_at_80x24() {
    let mut fixture = picker(80, 24);
    fixture.keys(&["o", "o", "down"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn the_picker_at_200x60() {
    let mut fixture = picker(200, 60);
    fixture.keys(&["/", "q", "4"]);
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn a_fetch_at_80x24() {
    let mut fixture = picker(80, 24);
    fixture.keys(&["/"]);
    fixture.send(Message::Paste("hf:ggml-org/gemma-3-1b-it-GGUF:Q8_0".into()));
    fixture.keys(&["enter"]);
    let progress =
        Progress::sample("gemma-3-1b-it-Q8_0.gguf", 300 << 20, 1000 << 20, Some(12.5 * 1_048_576.0));
    fixture.send(Message::Fetching(1, Box::new(progress)));
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn details_at_80x24() {
    let mut fixture = picker(80, 24);
    fixture.keys(&["down", "i"]);
    let path = PathBuf::from("/models/ggml-org/gemma-3-270m-GGUF gemma-3-270m-Q4_K_M.gguf");
    assert!(screen(&fixture).join("\n").contains("Reading the file's header"));
    assert!(
        fixture.other.iter().any(|effect| matches!(effect, Effect::ReadDetails(read, _) if *read == path))
    );
    let lines = ["gemma-3-270m: gemma3, 268M parameters", "", "  general.architecture (str): gemma3"];
    fixture.send(Message::DetailsRead(path, Ok(lines.map(str::to_owned).to_vec())));
    insta::assert_snapshot!(screen(&fixture).join("\n"));
}

#[test]
fn names_are_harmless_and_rows_say_what_cannot_run() {
    let mut fixture = picker(120, 36);
    fixture.keys(&["/"]);
    fixture.send(Message::Paste("nomic".into()));
    let text = screen(&fixture).join("\n");
    assert!(text.contains("nomic-embed-text␛[31m.gguf") && text.contains("cannot run"), "{text}");
    fixture.keys(&["enter"]);
    let notice = fixture.state.notice().unwrap_or_default().to_owned();
    assert!(notice.starts_with("This file cannot be run: the architecture nomic-bert"), "{notice}");
    assert_eq!(fixture.state.overlays().len(), 1, "another can be chosen");
}

#[test]
fn what_is_typed_narrows_the_list_and_enter_loads_what_is_left() {
    let mut fixture = picker(120, 36);
    fixture.keys(&["/", "q", "w", "e", "n"]);
    let text = screen(&fixture).join("\n");
    assert!(text.contains("qwen3:4b") && !text.contains("late.gguf"), "{text}");
    fixture.keys(&["enter"]);
    assert_eq!(fixture.state.overlays().len(), 0);
    assert!(fixture.other.contains(&Effect::StopReading), "nobody waits for more headers");
}

#[test]
fn a_fetch_is_stopped_told_and_loaded() {
    let fetch = |number: u64| {
        let mut fixture = picker(80, 24);
        fixture.keys(&["/"]);
        fixture.send(Message::Paste("hf:a/b".into()));
        fixture.keys(&["enter"]);
        // What is typed is still there for another try.
        for _ in 1..number {
            fixture.keys(&["esc", "enter"]);
        }
        fixture
    };
    let mut stopped = fetch(2);
    assert!(stopped.other.contains(&Effect::StopFetch));
    stopped.keys(&["esc"]);
    assert!(stopped.state.notice().is_some_and(|notice| notice.starts_with("Fetching was stopped")));
    stopped.keys(&["enter"]);
    let before = stopped.state.overlays().len();
    stopped.send(Message::Fetched(1, Ok("/late.gguf".into())));
    assert_eq!(stopped.state.overlays().len(), before, "what was given up has no end");

    let mut failed = fetch(1);
    failed.send(Message::Fetched(1, Err("127.0.0.1 has no repository a/b".into())));
    let text = screen(&failed).join("\n");
    assert!(text.contains("The model could not be fetched") && text.contains("no repository a/b"), "{text}");

    let mut loaded = fetch(1);
    loaded.send(Message::Fetched(1, Ok("/models/b.gguf".into())));
    assert_eq!(loaded.state.overlays().len(), 0);
}

#[test]
fn a_model_that_is_loaded_while_the_list_is_open_becomes_its_first_row() {
    let mut fixture = picker(120, 36);
    let path = PathBuf::from("/models/late.gguf");
    fixture.model_loads(&path);
    let asked = Effect::FindModels { loaded: Some(path), folder: None, own: vec![] };
    assert!(fixture.other.contains(&asked), "{:?}", fixture.other);
    let Some(Overlay::Models(list)) = fixture.state.overlays().last() else { panic!("no list") };
    let rows = list.rows();
    assert!(matches!(rows[0], ModelRow::Found(_)) && rows.last() == Some(&ModelRow::BuiltIn), "{rows:?}");
    assert_eq!(list.selected, 0);
}

#[test]
fn a_wrong_name_is_told_before_anything_is_asked() {
    let mut fixture = picker(120, 36);
    fixture.keys(&["/"]);
    fixture.send(Message::Paste("hf:nobody".into()));
    fixture.keys(&["enter"]);
    let notice = fixture.state.notice().unwrap_or_default().to_owned();
    assert!(notice.contains("expected user/repo"), "{notice}");
    assert!(!fixture.other.iter().any(|effect| matches!(effect, Effect::Fetch(..))));
}

#[test]
fn thousands_of_models_are_searched_and_scrolled() {
    let mut fixture = Fixture::new();
    fixture.keys(&["m"]);
    let models =
        (0..5000).map(|n| found(&format!("model-{n:04}.gguf"), n, Place::CurrentFolder, None)).collect();
    fixture.send(Message::ModelsFound { folder: None, found: models });
    fixture.keys(&["end"]);
    assert!(screen(&fixture).join("\n").contains("▸ model-4999.gguf"));
    fixture.keys(&["/", "1", "2", "3", "4"]);
    let text = screen(&fixture).join("\n");
    assert!(text.contains("▸ model-1234.gguf") && !text.contains("model-1233"), "{text}");
    fixture.keys(&["esc"]);
    // A click chooses.
    fixture.send(Message::Mouse(MouseMove::Press, Some(Hit::OverlayRow(3))));
    assert!(!matches!(fixture.state.overlays().last(), Some(Overlay::Models(_))));
}

#[test]
fn a_click_beside_a_fetch_does_not_end_it() {
    let mut fixture = picker(80, 24);
    fixture.keys(&["/"]);
    fixture.send(Message::Paste("hf:a/b".into()));
    fixture.keys(&["enter"]);
    for hit in [None, Some(Hit::Overlay)] {
        fixture.send(Message::Mouse(MouseMove::Press, hit));
        assert!(matches!(fixture.state.overlays().last(), Some(Overlay::Fetching(_))));
    }
    fixture.send(Message::Mouse(MouseMove::Press, Some(Hit::Hint(crate::keymap::Action::Cancel))));
    assert!(fixture.other.contains(&Effect::StopFetch));
}

#[test]
fn a_folder_of_several_models_is_listed_at_the_start() {
    let fixture = Fixture::with(|setup| setup.folder = Some("/models".into()));
    assert!(screen(&fixture).join("\n").contains("Models in /models, recent first"));
    let asked = Effect::FindModels { loaded: None, folder: Some("/models".into()), own: vec![] };
    assert!(fixture.other.contains(&asked), "{:?}", fixture.other);
}
