//! Servers that lie, break off, stall or send something else: an error in plain words, and nothing wrong in the cache.

use super::*;

const LENGTH: usize = 200_000;

fn shelf() -> Shelf {
    Shelf::default().with("m-Q4_K_M.gguf", &content(1, LENGTH))
}

/// Fetches where the file's content is answered like this.
fn with_content(
    answer: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static,
) -> (Desk, Result<PathBuf, FetchError>) {
    let shelf = shelf();
    let desk = Desk::new(move |asked| {
        let reply = shelf.answer(asked);
        if asked.path.contains("/resolve/") { answer(asked, reply) } else { reply }
    });
    let result = desk.fetch("hf:a/b");
    desk.assert_nothing_wrong(&[&content(1, LENGTH)]);
    (desk, result)
}

fn attempts(desk: &Desk) -> usize {
    desk.server.ranges().len()
}

#[test]
fn wrong_bytes_are_thrown_away() {
    let (desk, result) = with_content(|asked, _| Reply::file(&content(2, LENGTH), asked.range));
    let error = result.expect_err("another content").to_string();
    assert!(error.starts_with("m-Q4_K_M.gguf: what came is not what the hub announced"), "{error}");
    let left: Vec<String> = desk.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, Vec::<String>::new(), "not even a beginning");
}

#[test]
fn a_beginning_that_is_wrong_is_fetched_anew() {
    let desk = Desk::of(shelf());
    let blobs = desk.cache().join("models--a--b/blobs");
    fs::create_dir_all(&blobs).expect("made");
    let partial = blobs.join(format!("{}.downloadInProgress", hash(&content(1, LENGTH))));
    for wrong in [vec![7; 1000], vec![7; LENGTH], vec![7; LENGTH + 1]] {
        fs::write(&partial, &wrong).expect("written");
        let path = desk.fetch("hf:a/b").expect("fetched");
        assert_eq!(fs::read(&path).expect("there"), content(1, LENGTH));
        fs::remove_file(blobs.join(hash(&content(1, LENGTH)))).expect("for the next round");
    }
}

#[test]
fn a_length_that_is_none_is_an_error_after_three_attempts() {
    let announced =
        |announced: usize| with_content(move |_, reply| Reply { announced: Some(announced), ..reply });
    for wrong in [LENGTH - 1, LENGTH + 1, 0, 5] {
        let (desk, result) = announced(wrong);
        let error = result.expect_err("a lie").to_string();
        assert!(error.contains("a length that the list of files does not have"), "{error}");
        assert_eq!(attempts(&desk), 3, "{wrong}");
    }
}

#[test]
fn a_body_that_ends_early_and_brings_nothing_new_is_given_up() {
    let (desk, result) = with_content(|_, reply| reply.cut(0));
    assert!(matches!(result, Err(FetchError::Broken { .. })), "{result:?}");
    assert_eq!(attempts(&desk), 3);
}

#[test]
fn a_range_that_is_another_is_not_taken() {
    let (_, result) = with_content(|asked, reply| match asked.range {
        None => reply.cut(50_000),
        // As if it went on, but from another place, and of another file.
        Some(_) => {
            Reply { status: 206, body: content(1, LENGTH)[..LENGTH - 50_000].to_vec(), ..Reply::default() }
                .header("content-range", &format!("bytes 0-{}/{LENGTH}", LENGTH - 50_001))
        }
    });
    assert!(result.is_err(), "{result:?}");
    let (_, without_range) = with_content(|asked, reply| match asked.range {
        None => reply.cut(50_000),
        Some(from) => Reply { status: 206, body: content(1, LENGTH)[from..].to_vec(), ..Reply::default() },
    });
    assert!(without_range.is_err(), "{without_range:?}");
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let (desk, result) = with_content(|_, reply| Reply { hangs: true, ..reply.cut(0) });
    let error = result.expect_err("nothing comes").to_string();
    assert!(error.contains("did not go on in time") && error.contains("goes on from there"), "{error}");
    assert_eq!(attempts(&desk), 3);
}

#[test]
fn a_server_in_trouble_is_asked_three_times() {
    for status in [500, 503, 429] {
        let (desk, result) = with_content(move |_, _| Reply::status(status).header("retry-after", "0"));
        assert!(
            matches!(result, Err(FetchError::Status { status: told, .. }) if told == status),
            "{result:?}"
        );
        assert_eq!(attempts(&desk), 3);
        let (_, mended) =
            with_content(move |asked, reply| if asked.before < 2 { Reply::status(status) } else { reply });
        assert!(mended.is_ok(), "{mended:?}");
    }
}

#[test]
fn answers_that_are_none_are_errors() {
    let shelf = shelf();
    for (wrong, what) in [
        ("<html>", "no list in JSON"),
        ("{\"branches\":[]}", "no commit"),
        ("{\"branches\":[{\"name\":\"main\",\"targetCommit\":\"../../../../etc\"}]}", "no commit"),
        ("[1]", "no list in JSON"),
    ] {
        let shelf = shelf.clone();
        let desk =
            Desk::new(
                move |asked| {
                    if asked.path.ends_with("/refs") { Reply::json(wrong) } else { shelf.answer(asked) }
                },
            );
        let error = desk.refusal("hf:a/b");
        assert!(error.contains(what), "{error}");
        assert_eq!(desk.files(), []);
    }
    let endless = Desk::new(|_| Reply::json(&" ".repeat((16 << 20) + 2)));
    assert!(endless.refusal("hf:a/b").contains("more than 16 MiB"));
}

#[test]
fn paths_that_lead_elsewhere_are_no_files() {
    let desk =
        Desk::of(Shelf::default().with("../../../x-Q4_K_M.gguf", b"evil").with("/etc/x.gguf", b"evil"));
    assert_eq!(desk.refusal("hf:a/b").split(';').next(), Some("a/b has no GGUF model"));
    assert_eq!(desk.files(), []);
}

#[test]
fn a_file_whose_hash_nobody_tells_is_not_fetched() {
    let desk = Desk::new(|asked| {
        if asked.path.ends_with("/refs") {
            Shelf::default().answer(asked)
        } else {
            Reply::json(r#"[{"type":"file","path":"m.gguf","size":5,"oid":"1"}]"#)
        }
    });
    assert!(desk.refusal("hf:a/b").contains("no SHA-256"));
    assert_eq!(desk.server.ranges(), []);
}

#[test]
fn circles_and_odd_redirects_end() {
    let circle = Desk::new(|asked| Reply::redirect(&asked.path));
    assert!(circle.refusal("hf:a/b").contains("more than 8 redirects"));
    for to in ["file:///etc/passwd", "", "x"] {
        let odd = Desk::new(move |_| Reply::redirect(to));
        assert!(odd.refusal("hf:a/b").contains("an address that is none"));
    }
}

#[test]
fn a_file_that_somebody_else_fetches_is_left_alone() {
    let desk = Desk::of(shelf());
    let blobs = desk.cache().join("models--a--b/blobs");
    fs::create_dir_all(&blobs).expect("made");
    let partial = blobs.join(format!("{}.downloadInProgress", hash(&content(1, LENGTH))));
    let held = fs::File::create(&partial).expect("made");
    held.lock().expect("locked");
    assert!(desk.refusal("hf:a/b").contains("another program is fetching"));
    held.unlock().expect("unlocked");
    desk.fetch("hf:a/b").expect("fetched");
}

#[test]
fn a_disk_that_is_too_small_is_told_before_anything_is_fetched() {
    let desk = Desk::new(|asked| {
        if asked.path.ends_with("/refs") {
            Shelf::default().answer(asked)
        } else {
            Reply::json(&format!(
                r#"[{{"type":"file","path":"m.gguf","size":5,"lfs":{{"oid":"{}","size":1152921504606846976}}}}]"#,
                "0".repeat(64)
            ))
        }
    });
    let error = desk.refusal("hf:a/b");
    assert!(error.contains("more are needed in"), "{error}");
    assert_eq!(desk.server.ranges(), []);
}
