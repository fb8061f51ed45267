//! vLLM, `SGLang`, and servers with OpenAI's interface.

use std::path::PathBuf;

use serde_json::json;

use super::{
    after, agrees, count,
    model::{self, BOS, CONTEXT, END, EOS, Vllm, WORDS},
    open,
    server::{Asked, Reply, Server},
    settings,
};
use crate::{
    engine::Model as _,
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};

const STORYTELLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");

fn vllm(limit: usize) -> Server {
    Server::new(move |asked| model::vllm(asked, Vllm { limit, raw_logits: false }))
}

#[test]
fn vllm_tells_its_vocabulary_and_its_limit() {
    let server = vllm(5);
    let model = open(&settings(&server.url())).expect("it opens");
    let vocabulary = model.vocabulary();
    assert_eq!(vocabulary.len(), WORDS.len(), "the first id that it refuses");
    assert_eq!(vocabulary.piece(Token(3)), b"a");
    assert_eq!(vocabulary.eog(), [Token(EOS as u32), Token(END as u32)]);
    assert_eq!((vocabulary.bos(), vocabulary.adds_bos()), (Some(Token(BOS as u32)), true));
    let about = model.info().server.clone().expect("a server");
    assert_eq!((about.kind, about.candidates, about.model.as_deref()), ("vLLM", 5, Some("org/small")));
    assert!(about.notes.iter().any(|note| note.contains("--max-logprobs")), "{:?}", about.notes);
    assert_eq!(model.context(&ModelSettings::default()), CONTEXT);
    let rows = after(&model, &[&[0, 3], &[0, 9, 4]]).expect("rows");
    agrees(&rows[0], &[0, 3], 5);
    agrees(&rows[1], &[0, 9, 4], 5);
}

#[test]
fn vllm_gives_the_whole_vocabulary_where_it_may() {
    let server = vllm(1000);
    let all = ModelSettings { remote_candidates: RemoteCandidates::All, ..settings(&server.url()) };
    let model = open(&all).expect("it opens");
    agrees(&after(&model, &[&[0, 3]]).expect("a row")[0], &[0, 3], WORDS.len());
    let body = server.asked().pop().expect("a request").body;
    assert_eq!(body["logprobs"], 12, "as a number, not -1");
    assert_eq!(
        (&body["return_tokens_as_token_ids"], &body["add_special_tokens"]),
        (&json!(true), &json!(false))
    );
    let chat = model.info().chat.clone().expect("it writes conversations");
    let prompt = chat.render(&crate::chat::Message::opening(None, "ab")).expect("a prompt");
    assert_eq!(prompt.text, "ab", "the begin token is put there when it becomes tokens");
}

#[test]
fn raw_logits_are_noticed() {
    let server = Server::new(move |asked| model::vllm(asked, Vllm { limit: 20, raw_logits: true }));
    let error = open(&settings(&server.url())).err().map(|error| error.to_string());
    let error = error.or_else(|| {
        let model = open(&settings(&server.url())).expect("it opens");
        after(&model, &[&[0, 3]]).err().map(|error| error.to_string())
    });
    let error = error.expect("they are no log-probabilities");
    assert!(error.contains("raw_logprobs") || error.contains("cannot be one"), "{error}");
}

#[test]
fn a_model_that_is_not_there_is_named_with_those_that_are() {
    let server = vllm(5);
    let wrong = ModelSettings { remote_model: Some("other".into()), ..settings(&server.url()) };
    let error = open(&wrong).err().expect("no such model").to_string();
    assert!(error.contains("other") && error.contains("org/small"), "{error}");
}

#[test]
fn sglang_needs_a_vocabulary_and_then_gives_ids() {
    let server = Server::new(model::sglang);
    let error = open(&settings(&server.url())).err().expect("no vocabulary").to_string();
    assert!(error.contains("--remote-vocabulary"), "{error}");
    let set = ModelSettings {
        remote_vocabulary: Some(PathBuf::from(STORYTELLER)),
        remote_candidates: count(4),
        ..settings(&server.url())
    };
    let model = open(&set).expect("it opens");
    let rows = after(&model, &[&[0, 3]]).expect("a row");
    let all = model::sorted(&[0, 3]);
    for &(id, lp) in &all[..4] {
        assert!((f64::from(rows[0].0[id]) - lp).abs() < 1e-5);
    }
    assert_eq!(rows[0].1.map(|tail| tail.known), Some(4));
    let body = server.asked().pop().expect("a request").body;
    let sampling = &body["sampling_params"];
    assert_eq!(
        (&sampling["temperature"], &sampling["top_k"], &sampling["min_p"]),
        (&json!(1), &json!(-1), &json!(0))
    );
}

/// A server that tells texts; with `takes_ids` it takes token ids.
fn openai(takes_ids: bool, tables: &'static str) -> Server {
    Server::new(move |asked: &Asked| match asked.path.as_str() {
        "/v1/models" => Reply::text(200, r#"{"data":[{"id":"gpt","owned_by":"someone"}]}"#),
        "/v1/completions" if !takes_ids && !asked.body["prompt"].is_string() => {
            Reply::text(400, r#"{"error":{"message":"prompt must be a string"}}"#)
        }
        "/v1/completions" if asked.body["logprobs"].as_u64() > Some(20) => {
            Reply::text(400, r#"{"error":{"message":"logprobs must be 20 or less"}}"#)
        }
        "/v1/completions" => Reply::text(200, &format!(r#"{{"choices":[{{"logprobs":{tables}}}]}}"#)),
        _ => Reply::text(404, "{}"),
    })
}

fn with_vocabulary(server: &Server) -> ModelSettings {
    ModelSettings { remote_vocabulary: Some(PathBuf::from(STORYTELLER)), ..settings(&server.url()) }
}

#[test]
fn texts_become_tokens_and_what_is_no_token_is_unknown() {
    const TABLES: &str = r#"{"top_logprobs":[{" the":-1.0,"nonsense of no token":-0.9,"z\u0000z":-3.0}]}"#;
    for takes_ids in [true, false] {
        let server = openai(takes_ids, TABLES);
        let model = open(&with_vocabulary(&server)).expect("it opens");
        let the = model.vocabulary().tokenize_part(" the").expect("tokens");
        let rows = after(&model, &[&[1, the[0].0]]).expect("a row");
        let row = &rows[0];
        let known = row.0.iter().filter(|logit| logit.is_finite()).count();
        let tail = row.1.expect("most are unknown");
        assert_eq!((known, tail.known), (1, 1));
        assert!((tail.bound - (-0.9_f64).exp()).abs() < 1e-6, "the unknown one is likelier: {tail:?}");
        let notes = &model.info().server.as_ref().expect("a server").notes;
        assert_eq!(notes.iter().any(|note| note.contains("takes texts")), !takes_ids);
        assert_eq!(model.info().server.as_ref().map(|server| server.candidates), Some(20));
    }
}

#[test]
fn silent_nulls_are_said() {
    for tables in ["null", r#"{"top_logprobs":null}"#, r#"{"top_logprobs":[null]}"#, r#"{"top_logprobs":[]}"#]
    {
        let server = openai(true, tables);
        let error = open(&with_vocabulary(&server)).err().expect(tables).to_string();
        assert!(error.contains("log-probabilities"), "{error}");
    }
}
