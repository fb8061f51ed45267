//! Answers of a real llama-server (b1-0c1e570, with the built-in story model), as they came.

use std::path::PathBuf;

use super::{
    after, count, open,
    server::{Asked, Reply, Server},
    settings,
};
use crate::{
    engine::Model as _,
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};

const STORYTELLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");

fn replay(asked: &Asked) -> Reply {
    Reply::text(
        200,
        match asked.path.as_str() {
            "/v1/models" => include_str!("recorded/models.json"),
            "/props" => include_str!("recorded/props.json"),
            "/tokenize" if asked.body["content"] == "Once upon" => include_str!("recorded/tokenize.json"),
            "/tokenize" if asked.body["content"] == "<|endoftext|>" => r#"{"tokens":[0]}"#,
            "/tokenize" if asked.body["add_special"] == true => r#"{"tokens":[0,69]}"#,
            "/tokenize" => r#"{"tokens":[69]}"#,
            "/completion" => include_str!("recorded/completion.json"),
            _ => return Reply::text(404, include_str!("recorded/not_found.json")),
        },
    )
}

/// With the vocabulary of the file, which is not recorded: it is long.
fn with_vocabulary(server: &Server, candidates: RemoteCandidates) -> ModelSettings {
    ModelSettings {
        remote_vocabulary: Some(PathBuf::from(STORYTELLER)),
        remote_candidates: candidates,
        ..settings(&server.url())
    }
}

#[test]
fn a_step_is_read_to_the_last_bit() {
    let server = Server::new(replay);
    let model = open(&with_vocabulary(&server, count(5))).expect("it opens");
    let info = model.info();
    assert_eq!((info.title.as_str(), model.vocabulary().len()), ("storyteller-4.5m-q8_0", 4096));
    assert_eq!((info.trained_context(), info.parameters()), (512, Some(4_492_032)));
    assert_eq!(model.context(&ModelSettings::default()), 256);
    let rows = after(&model, &[&[1, 300, 301]]).expect("a row");
    let (logits, tail) = &rows[0];
    assert_eq!(logits[73], -0.252_120_85);
    assert_eq!(logits[340], -2.153_325);
    let tail = tail.expect("the others");
    assert_eq!(tail.known, 5);
    assert!(logits.iter().filter(|logit| logit.is_finite()).count() == 5 && tail.mass < 0.05, "{tail:?}");
    // The tokenizer of llama.cpp is at hand, and grammars with it.
    assert!(model.vocabulary().chain_model(256).llama.is_some());
    assert_eq!(
        model.vocabulary().try_tokenize("Once upon").expect("tokens"),
        [Token(0), Token(577), Token(567)]
    );
}

#[test]
fn a_vocabulary_of_another_model_is_refused() {
    let server = Server::new(|asked| {
        let reply = replay(asked);
        if asked.path == "/v1/models" {
            return Reply::text(200, &include_str!("recorded/models.json").replace("4096", "151936"));
        }
        reply
    });
    let error = open(&with_vocabulary(&server, count(5))).err().expect("another model").to_string();
    assert!(error.contains("151936") && error.contains("has 4096"), "{error}");
}

#[test]
fn what_it_says_against_a_request_is_passed_on() {
    for (status, body, words) in [
        (400, include_str!("recorded/too_long.json"), "exceeds the available context size (256 tokens)"),
        (401, include_str!("recorded/unauthorized.json"), "Invalid API Key"),
        (404, include_str!("recorded/not_found.json"), "File Not Found"),
    ] {
        let server = Server::new(move |asked| match asked.path.as_str() {
            "/completion" => Reply::text(status, body),
            _ => replay(asked),
        });
        let model = open(&with_vocabulary(&server, count(5))).expect("it opens");
        let error = after(&model, &[&[1, 300, 301]]).expect_err("refused").to_string();
        assert!(error.contains(words), "{error}");
    }
}
