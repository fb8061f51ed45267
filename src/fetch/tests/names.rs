//! Names that the hub does not have, or does not give out.

use super::*;

const SIMILAR: &str = r#"[{"id":"a/bb"},{"id":"somebody/else"},{"id":"a/b-GGUF"},{"id":"\u001b[31m/x"}]"#;

/// A hub that answers questions about `a/b` like this, and knows other repositories.
fn refusing(status: u16, code: Option<&'static str>) -> Desk {
    Desk::new(move |asked| {
        if asked.path.starts_with("/api/models?search=") {
            return Reply::json(SIMILAR);
        }
        let reply = Reply::status(status);
        if let Some(code) = code { reply.header("X-Error-Code", code) } else { reply }
    })
}

#[test]
fn a_repository_that_is_not_there_is_told_with_the_nearest() {
    let desk = refusing(404, None);
    assert_eq!(desk.refusal("hf:a/b"), "127.0.0.1 has no repository a/b; did you mean a/bb or a/b-GGUF?");
    let asked: Vec<String> = desk.server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked, ["/api/models/a/b/refs", "/api/models?search=b&limit=50"]);
}

#[test]
fn a_gated_repository_says_where_to_accept() {
    for status in [401, 403] {
        let mut desk = refusing(status, Some("GatedRepo"));
        let page = format!("{}/a/b", desk.server.address());
        let error = desk.refusal("hf:a/b");
        assert!(error.contains(&format!("accept its conditions at {page} in a browser")), "{error}");
        assert!(error.ends_with("give your token with HF_TOKEN or -hft"), "{error}");
        desk.token = Secret::new(TOKEN);
        let error = desk.refusal("hf:a/b");
        assert!(error.ends_with("check that your token (HF_TOKEN or -hft) may read it"), "{error}");
        assert!(!error.contains(TOKEN) && !format!("{:?}", desk.source()).contains(TOKEN));
    }
}

#[test]
fn who_is_not_let_in_is_told_what_that_can_mean() {
    let error = refusing(401, Some("RepoNotFound")).refusal("hf:a/b");
    assert!(error.contains("(401): it is private, gated, or not there; did you mean a/bb"), "{error}");
    let mut desk = refusing(401, Some("RepoNotFound"));
    desk.token = Secret::new(TOKEN);
    assert!(desk.refusal("hf:a/b").starts_with("127.0.0.1 has no repository a/b"));
}

#[test]
fn a_tag_that_is_not_there_is_told_with_those_that_are() {
    let shelf = Shelf::default()
        .with("m-Q4_K_M.gguf", b"1")
        .with("m-IQ2_XS.gguf", b"2")
        .with("big-BF16-00001-of-00002.gguf", b"3");
    let desk = Desk::of(shelf);
    assert_eq!(desk.refusal("hf:a/b:Q9_9"), "a/b has no Q9_9; it has Q4_K_M, IQ2_XS, BF16");
    let error = desk.refusal("hf:a/b/m-Q4_K_S.gguf");
    assert!(error.starts_with("a/b has no file m-Q4_K_S.gguf; did you mean m-Q4_K_M.gguf"), "{error}");
    let error = desk.refusal("hf:a/b:BF16");
    assert_eq!(error, "a/b is incomplete: big-BF16-00002-of-00002.gguf is missing");
    assert_eq!(desk.server.ranges(), []);
}

#[test]
fn without_a_network_it_says_so_and_what_needs_none() {
    let desk = Desk::of(Shelf::default());
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address")
    };
    let source =
        Source { endpoint: Endpoint::new(&format!("http://{closed}")).expect("an address"), ..desk.source() };
    let cancelled = AtomicBool::new(false);
    let error =
        fetch(&hub_name("hf:a/b"), &source, &mut |_| {}, &cancelled).expect_err("nobody there").to_string();
    assert!(error.starts_with("127.0.0.1 cannot be reached: "), "{error}");
    assert!(error.contains("is there a network?") && error.contains("--offline"), "{error}");
    let source = Source { token: Secret::new("two words"), ..source };
    let error =
        fetch(&hub_name("hf:a/b"), &source, &mut |_| {}, &cancelled).expect_err("no token").to_string();
    assert!(error.contains("HF_TOKEN") && !error.contains("two words"), "{error}");
}

#[test]
fn a_gated_repository_may_show_its_list_and_refuse_its_files() {
    let shelf = Shelf::default().with("m.gguf", b"1");
    let desk = Desk::new(move |asked| {
        if asked.path.contains("/resolve/") {
            Reply::status(403).header("X-Error-Code", "GatedRepo")
        } else {
            shelf.answer(asked)
        }
    });
    assert!(desk.refusal("hf:a/b").contains("is gated: accept its conditions at "));
    assert_eq!(desk.server.ranges(), [None], "asked once");
    desk.assert_nothing_wrong(&[]);
}

#[test]
fn an_address_that_has_run_out_is_asked_for_again() {
    let model = b"a model";
    let elsewhere =
        Server::new(
            move |asked| if asked.before == 0 { Reply::status(403) } else { Reply::file(model, None) },
        );
    let (shelf, to) = (Shelf::default().with("m.gguf", model), format!("{}/signed", elsewhere.address()));
    let desk =
        Desk::new(
            move |asked| {
                if asked.path.contains("/resolve/") { Reply::redirect(&to) } else { shelf.answer(asked) }
            },
        );
    assert_eq!(fs::read(desk.fetch("hf:a/b").expect("fetched")).expect("there"), model);
}
