//! A hub that behaves: what is fetched, where it lies, and going on after a break.

use std::sync::atomic::Ordering;

use super::*;
use crate::fetch::Stage;

fn shelf() -> (Shelf, Vec<u8>) {
    let model = content(1, 300_000);
    let shelf =
        Shelf::default().with("README.md", b"x").with("m-Q8_0.gguf", b"other").with("m-Q4_K_M.gguf", &model);
    (shelf, model)
}

#[test]
fn a_model_lies_where_llama_cpp_and_the_picker_look_for_it() {
    let (shelf, model) = shelf();
    let desk = Desk::of(shelf);
    let path = desk.fetch("hf:a/b").expect("fetched");
    assert_eq!(path, desk.cache().join(format!("models--a--b/snapshots/{COMMIT}/m-Q4_K_M.gguf")));
    let names: Vec<String> = desk.files().into_iter().map(|(name, _)| name).collect();
    let blob = format!("models--a--b/blobs/{}", hash(&model));
    let snapshot = format!("models--a--b/snapshots/{COMMIT}/m-Q4_K_M.gguf");
    assert_eq!(names, [blob, "models--a--b/refs/main".to_owned(), snapshot]);
    assert_eq!(fs::read(&path).expect("there"), model);
    let link = fs::read_link(&path).expect("a link");
    assert_eq!(link, Path::new("../../blobs").join(hash(&model)));
    let places = Places { hugging_face: vec![desk.cache()], ..Places::default() };
    assert_eq!(locate(&ModelName::Hub(hub_name("hf:a/b")), &places), Ok(path), "found without a network");
}

#[test]
fn all_parts_come_each_once() {
    let (one, two) = (content(1, 70_000), content(2, 90_000));
    let shelf = Shelf::default()
        .with("UD/m-BF16-00001-of-00002.gguf", &one)
        .with("UD/m-BF16-00002-of-00002.gguf", &two);
    let desk = Desk::of(shelf);
    let mut last = String::new();
    let path = desk.fetch_until("hf:a/b:bf16", &mut |progress, _| last = progress.line()).expect("fetched");
    assert!(path.ends_with("UD/m-BF16-00001-of-00002.gguf"));
    assert_eq!(fs::read(path.with_file_name("m-BF16-00002-of-00002.gguf")).expect("there"), two);
    assert!(last.starts_with("156 KiB of 156 KiB (100 %)") && last.ends_with("part 2 of 2"), "{last}");
    desk.fetch("hf:a/b:BF16").expect("there already");
    assert_eq!(desk.server.ranges(), [None, None], "nothing is fetched twice");
}

#[test]
fn what_was_cancelled_goes_on_from_where_it_was() {
    let (shelf, model) = shelf();
    let desk = Desk::of(shelf);
    let cancelled = desk.fetch_until("hf:a/b", &mut |progress, cancel| {
        cancel.store(progress.stage == Stage::Fetching && progress.done > 100_000, Ordering::Relaxed);
    });
    assert!(matches!(cancelled, Err(FetchError::Cancelled)), "{cancelled:?}");
    desk.assert_nothing_wrong(&[]);
    let begun =
        fs::read(desk.cache().join(format!("models--a--b/blobs/{}.downloadInProgress", hash(&model))));
    let begun = begun.expect("a beginning is kept");
    assert!(begun.len() > 100_000 && begun == model[..begun.len()], "{}", begun.len());
    let mut checked = 0;
    let path = desk.fetch_until("hf:a/b", &mut |progress, _| {
        checked = checked.max(if progress.stage == Stage::Checking { progress.done } else { 0 });
    });
    assert_eq!(fs::read(path.expect("fetched")).expect("there"), model);
    assert_eq!(checked, begun.len() as u64, "what is there is read for its hash, not fetched");
    assert_eq!(desk.server.ranges(), [None, Some(begun.len())]);
    desk.assert_nothing_wrong(&[&model, COMMIT.as_bytes()]);
}

#[test]
fn a_broken_connection_is_gone_on_with() {
    let (shelf, model) = shelf();
    let desk = Desk::new(move |asked| {
        let reply = shelf.answer(asked);
        if asked.path.contains("/resolve/") && asked.before < 4 { reply.cut(50_000) } else { reply }
    });
    let path = desk.fetch("hf:a/b").expect("every attempt brings something");
    assert_eq!(fs::read(path).expect("there"), model);
    assert_eq!(desk.server.ranges(), [None, Some(50_000), Some(100_000), Some(150_000), Some(200_000)]);
}

#[test]
fn a_server_without_ranges_sends_it_all_again() {
    let (shelf, model) = shelf();
    let desk = Desk::new(move |asked| {
        let whole = Asked { range: None, ..asked.clone() };
        let reply = shelf.answer(&whole);
        if asked.path.contains("/resolve/") && asked.before == 0 { reply.cut(50_000) } else { reply }
    });
    assert_eq!(fs::read(desk.fetch("hf:a/b").expect("fetched")).expect("there"), model);
}

#[test]
fn redirects_are_followed_and_the_token_stays_with_the_hub() {
    let (shelf, model) = shelf();
    let bytes = model.clone();
    let elsewhere = Server::new(move |asked| Reply::file(&bytes, asked.range));
    let to = format!("{}/cdn?signature=1", elsewhere.address());
    let mut desk = Desk::new(move |asked| match asked.path.as_str() {
        // The repository was renamed.
        "/api/models/a/b/refs" if asked.before == 0 => Reply::redirect("/api/models/a/b/refs"),
        path if path.contains("/resolve/") => Reply::redirect(&to),
        _ => shelf.answer(asked),
    });
    desk.token = Secret::new(TOKEN);
    assert_eq!(fs::read(desk.fetch("hf:a/b").expect("fetched")).expect("there"), model);
    let sent: Vec<_> = desk.server.asked().into_iter().map(|asked| asked.authorization).collect();
    assert_eq!(sent, vec![Some(format!("Bearer {TOKEN}")); 4]);
    let elsewhere: Vec<_> = elsewhere.asked().into_iter().map(|asked| asked.authorization).collect();
    assert_eq!(elsewhere, [None], "another port is somebody else");
}

#[test]
fn a_long_list_of_files_comes_in_pages() {
    let (shelf, model) = shelf();
    let desk = Desk::new(move |asked| {
        let page = |path: &str| Asked { path: path.to_owned(), ..asked.clone() };
        let tree = format!("/api/models/a/b/tree/{COMMIT}?recursive=true");
        if asked.path == tree {
            // The first page has no model, and leads to the next.
            let empty = Reply::json("[]");
            let host = asked.host.clone();
            return empty.header("link", &format!("<http://{host}/page2>; rel=\"next\""));
        }
        if asked.path == "/page2" { shelf.answer(&page(&tree)) } else { shelf.answer(asked) }
    });
    assert_eq!(fs::read(desk.fetch("hf:a/b").expect("fetched")).expect("there"), model);
}
