//! Answers that are none, and connections that break.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    after, agrees,
    model::{self, WORDS},
    open, path, patience,
    server::{Asked, Reply, Server},
    settings,
};
use crate::{
    engine::{EvaluateError, Evaluator as _, Request},
    remote::{Patience, RemoteModel},
};

/// A server that is well until its model was opened, and then answers steps so.
fn then(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (Server, RemoteModel, Arc<AtomicBool>) {
    let begun = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&begun);
    let server = Server::new(move |asked| {
        if flag.load(Ordering::Relaxed) && asked.path == "/completion" {
            answer(asked)
        } else {
            model::llama_server(asked)
        }
    });
    let model = open(&settings(&server.url())).expect("it opens");
    begun.store(true, Ordering::Relaxed);
    (server, model, begun)
}

/// What a step says against such an answer.
fn said(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> String {
    let (_server, model, _) = then(answer);
    match after(&model, &[&[0, 3]]) {
        Err(EvaluateError::Server(said)) => said,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_status_is_told_in_words_with_what_to_do() {
    let status = |status: u16| move |_: &Asked| Reply::text(status, r#"{"error":{"message":"so it is"}}"#);
    for (code, words) in [
        (401, "wants a key: put it into the environment variable LOGITSCOPE_API_KEY"),
        (403, "wants a key"),
        (404, "has no /completion"),
        (400, "refuses the request (400)"),
        (500, "failed (500)"),
    ] {
        let said = said(status(code));
        assert!(said.contains(words) && said.contains("so it is"), "{code}: {said}");
    }
    let busy = said(status(503));
    assert!(busy.contains("busy") && busy.contains("so it is"), "{busy}");
    let moved = said(|_| Reply::text(302, "").header("location", "https://elsewhere/x"));
    assert!(moved.contains("redirect to https://elsewhere/x"), "{moved}");
}

#[test]
fn a_server_that_was_asked_too_much_is_left_alone_as_long_as_it_says() {
    let (server, model, _) = then(|asked| {
        if asked.body["n_probs"] == 12 && asked.before < 5 {
            return Reply::text(429, r#"{"error":"slowly"}"#).header("retry-after", "0.3");
        }
        model::llama_server(asked)
    });
    let before = server.asked().len();
    let started = Instant::now();
    let rows = after(&model, &[&[0, 3]]).expect("in the end");
    agrees(&rows[0], &[0, 3], WORDS.len());
    let again = server.asked().len() - before - 1;
    assert!(again >= 1 && started.elapsed() >= Duration::from_millis(300) * again as u32);
    let long = said(|_| Reply::text(429, "").header("retry-after", "3600"));
    assert!(long.contains("left alone for 3600 s"), "{long}");
}

#[test]
fn what_cannot_be_read_is_said() {
    for (reply, words) in [
        (
            Reply { cut: Some(20), ..Reply::text(200, &"{\"completion_probabilities\":[]}".repeat(9)) },
            "broke off",
        ),
        (Reply::text(200, r#"{"completion_probabilities":[{"top_"#), "half a text of JSON"),
        (Reply::text(200, "<html>hello</html>"), "no JSON"),
        (Reply::text(200, ""), "half a text of JSON"),
        (Reply::text(200, r#"{"completion_probabilities":7}"#), "something unexpected"),
        (Reply::text(200, "{}"), "no probabilities"),
        (Reply::text(200, r#"{"completion_probabilities":null}"#), "no probabilities"),
        (Reply::text(200, r#"{"completion_probabilities":[{"top_logprobs":[]}]}"#), "no candidates"),
        (
            Reply::text(200, r#"{"completion_probabilities":[{"top_logprobs":[]},{"top_logprobs":[]}]}"#),
            "2 tokens",
        ),
        (
            Reply::text(200, r#"{"completion_probabilities":[{"top_logprobs":[{"id":1,"logprob":null}]}]}"#),
            "null as the log-probability of token 1",
        ),
        (
            Reply::text(200, r#"{"completion_probabilities":[{"top_logprobs":[{"id":70,"logprob":-1}]}]}"#),
            "token 70, but there are 12 tokens",
        ),
        (
            Reply::text(
                200,
                r#"{"completion_probabilities":[{"top_logprobs":[{"id":1,"logprob":-1},{"id":1,"logprob":-2}]}]}"#,
            ),
            "two log-probabilities for token 1",
        ),
    ] {
        let said = said(move |_| reply.clone());
        assert!(said.contains(words), "{words}: {said}");
        assert!(said.starts_with("http://127.0.0.1:"), "who: {said}");
    }
}

#[test]
fn silence_has_an_end_and_giving_up_is_at_once() {
    let (_server, model, _) = then(|_| Reply { hangs: true, ..Reply::default() });
    let request = Request::after([path(&[0, 3])], None);
    let (mut looks, started) = (0, Instant::now());
    let mut evaluator = model.remote_evaluator();
    let given_up = evaluator.evaluate(
        &request,
        &mut |_| {
            looks += 1;
            looks < 3
        },
        &mut |_, _| panic!("there is no row"),
    );
    assert_eq!(given_up.err(), Some(EvaluateError::Cancelled));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let quick = Patience { silence: Duration::from_millis(200), ..patience() };
    let hangs = Server::new(|asked| {
        let hangs = asked.path == "/completion" && asked.before > 2;
        if hangs { Reply { hangs, ..Reply::default() } } else { model::llama_server(asked) }
    });
    let model =
        RemoteModel::open_with(&settings(&hangs.url()), quick, &|_| None, &mut |_| true).expect("it opens");
    let started = Instant::now();
    let error = after(&model, &[&[0, 3]]).expect_err("silence").to_string();
    assert!(error.contains("did not answer within") && error.contains("--remote-timeout"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_server_that_goes_away_and_comes_back_goes_on() {
    let server = Server::new(model::llama_server);
    let address = server.address();
    let model = open(&settings(&server.url())).expect("it opens");
    let mut evaluator = model.remote_evaluator();
    let mut ask = |ids: &[u32]| {
        let mut found = None;
        let request = Request::after([path(ids)], None);
        evaluator
            .evaluate(&request, &mut |_| true, &mut |_, row| found = Some((row.logits.to_vec(), row.tail)))
            .map(|_| found.expect("a row"))
    };
    agrees(&ask(&[0, 3]).expect("a row"), &[0, 3], WORDS.len());
    drop(server);
    let error = ask(&[0, 3, 4]).expect_err("nobody is there").to_string();
    assert!(error.contains("cannot be reached") && error.contains("nothing answers there"), "{error}");
    let _back = Server::again(address, model::llama_server);
    agrees(&ask(&[0, 3, 4]).expect("a row"), &[0, 3, 4], WORDS.len());
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    let (server, model, _) = then(|asked| {
        let reply = model::llama_server(asked);
        if asked.before % 2 == 1 { Reply { cut: Some(9), ..reply } } else { reply }
    });
    let before = server.asked().len();
    for ids in [[0, 3], [0, 4]] {
        agrees(&after(&model, &[&ids]).expect("a row")[0], &ids, WORDS.len());
    }
    assert!(server.asked().len() > before + 2);
}

#[test]
fn no_more_requests_are_under_way_than_allowed_and_all_places_are_used() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (present, highest) = (Arc::clone(&now), Arc::clone(&most));
    let (_server, model, _) = then(move |asked| {
        highest.fetch_max(present.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(10));
        present.fetch_sub(1, Ordering::SeqCst);
        model::llama_server(asked)
    });
    let paths: Vec<Vec<u32>> = (0..24).map(|n| vec![0, 3 + n % 6, 3 + n / 6]).collect();
    let paths: Vec<&[u32]> = paths.iter().map(Vec::as_slice).collect();
    assert_eq!(after(&model, &paths).expect("rows").len(), 24);
    assert_eq!(most.load(Ordering::SeqCst), 3, "the server has three slots");
}

#[test]
fn what_is_no_server_and_what_cannot_be_used_is_said() {
    let closed = {
        let server = Server::new(model::llama_server);
        server.url()
    };
    let error = open(&settings(&closed)).err().expect("nobody").to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    let other = Server::new(|_| Reply::text(404, "nothing"));
    let error = open(&settings(&other.url())).err().expect("unknown").to_string();
    assert!(error.contains("none of llama-server, vLLM") && error.contains("--remote-kind"), "{error}");
    let tgi = Server::new(|asked| match asked.path.as_str() {
        "/info" => Reply::text(200, r#"{"model_id":"x","max_input_tokens":9}"#),
        _ => Reply::text(404, ""),
    });
    let error = open(&settings(&tgi.url())).err().expect("refused").to_string();
    assert!(error.contains("TGI") && error.contains("five candidates"), "{error}");
    let studio = Server::new(|asked| match asked.path.as_str() {
        "/v1/models" => Reply::text(200, r#"{"data":[{"id":"x","owned_by":"organization_owner"}]}"#),
        "/api/v0/models" => Reply::text(200, r#"{"data":[]}"#),
        _ => Reply::text(200, r#"{"error":"Unexpected endpoint"}"#),
    });
    let error = open(&settings(&studio.url())).err().expect("refused").to_string();
    assert!(error.contains("LM Studio") && error.contains("no log-probabilities"), "{error}");
}

#[test]
fn without_the_network_only_this_machine_is_asked() {
    let server = Server::new(model::llama_server);
    let here = crate::settings::ModelSettings { offline: true, ..settings(&server.url()) };
    assert!(open(&here).is_ok());
    let there = crate::settings::ModelSettings { offline: true, ..settings("http://192.0.2.1:1") };
    let error = open(&there).err().expect("refused").to_string();
    assert!(error.contains("--offline"), "{error}");
}

#[test]
fn adapters_are_the_servers_affair() {
    let server = Server::new(model::llama_server);
    let lora = vec![crate::settings::LoraAdapter::given("tuned.gguf".as_ref())];
    let adapted = crate::settings::ModelSettings { lora, ..settings(&server.url()) };
    let error = open(&adapted).err().expect("refused").to_string();
    assert!(error.contains("start the server with them"), "{error}");
}
