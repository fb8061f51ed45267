//! Ollama: a vocabulary from its list, texts both ways.

use serde_json::{Value, json};

use super::{
    after, open,
    server::{Asked, Reply, Server},
    settings,
};
use crate::{engine::Model as _, settings::ModelSettings, token::Token};

/// What `/api/show` tells of a small vocabulary of the kind that SentencePiece makes.
fn shown() -> Value {
    let mut tokens: Vec<String> = ["<unk>", "<s>", "</s>"].map(str::to_owned).to_vec();
    let mut types = vec![2, 3, 3];
    tokens.extend((0..256).map(|byte| format!("<0x{byte:02X}>")));
    types.extend([6; 256]);
    tokens.extend(["▁", "a", "b", "▁a", "ab", "é"].map(str::to_owned));
    types.extend([1; 6]);
    let scores: Vec<f32> = (0..tokens.len()).map(|place| -(place as f32)).collect();
    json!({ "model_info": {
        "general.architecture": "someones",
        "general.parameter_count": 77,
        "someones.context_length": 512,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": types,
        "tokenizer.ggml.scores": scores,
        "tokenizer.ggml.merges": null,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_bos_token": true,
        "tokenizer.ggml.add_space_prefix": false,
    } })
}

const A: u32 = 260;
const B: u32 = 261;
const AB: u32 = 263;

fn ollama(asked: &Asked) -> Reply {
    Reply::json(&match asked.path.as_str() {
        "/v1/models" => json!({ "data": [{ "id": "small:latest", "owned_by": "library" }] }),
        "/api/tags" => json!({ "models": [{ "name": "small:latest" }] }),
        "/api/show" => shown(),
        "/api/generate" => {
            let prompt = asked.body["prompt"].as_str().unwrap_or_default();
            let greedy = asked.body["options"]["temperature"] == 0.0;
            // After b it would draw the end, and tells nothing then.
            if greedy && prompt.ends_with('b') {
                return Reply::json(&json!({ "response": "", "done": true }));
            }
            json!({ "response": "a", "prompt_eval_duration": 2_000_000, "logprobs": [{
                "token": "a", "logprob": -0.5, "bytes": [97],
                "top_logprobs": [
                    { "token": "a", "logprob": -0.5, "bytes": [97] },
                    { "token": "\u{fffd}", "logprob": -1.5, "bytes": null },
                    { "token": "ab", "logprob": -3.0, "bytes": [97, 98] },
                ],
            }] })
        }
        _ => return Reply::text(404, "404 page not found"),
    })
}

#[test]
fn its_vocabulary_is_llama_cpps_and_its_candidates_are_looked_up_in_it() {
    let server = Server::new(ollama);
    let model = open(&settings(&server.url())).expect("it opens");
    let vocabulary = model.vocabulary();
    assert_eq!((vocabulary.len(), vocabulary.eog()), (265, &[Token(2)][..]));
    assert_eq!(vocabulary.try_tokenize("ab").expect("tokens"), [Token(1), Token(AB)]);
    let about = model.info().server.clone().expect("a server");
    assert_eq!((about.kind, about.candidates, about.parameters), ("Ollama", 20, Some(77)));
    assert_eq!((about.trained_context, model.context(&ModelSettings::default())), (512, 512));
    let rows = after(&model, &[&[1, AB, A]]).expect("a row");
    let (logits, tail) = &rows[0];
    assert!((logits[A as usize] + 0.5).abs() < 1e-6 && (logits[AB as usize] + 3.0).abs() < 1e-6);
    let tail = tail.expect("the others");
    assert_eq!(tail.known, 2);
    assert!((tail.bound - (-1.5_f64).exp()).abs() < 1e-6, "half a character is likelier than what is known");
    let body = server.asked().pop().expect("a request").body;
    assert_eq!(
        (&body["prompt"], &body["raw"]),
        (&json!("aba"), &json!(true)),
        "the begin token is put there by it"
    );
}

#[test]
fn where_it_would_end_it_is_made_to_draw_something_else() {
    let server = Server::new(ollama);
    let model = open(&settings(&server.url())).expect("it opens");
    let before = server.asked().len();
    assert!(after(&model, &[&[1, B]]).is_ok());
    assert_eq!(server.asked().len() - before, 2);
}

#[test]
fn other_tokens_than_those_of_the_path_are_noticed() {
    use crate::engine::{Evaluator as _, Request};
    let server = Server::new(ollama);
    let model = open(&settings(&server.url())).expect("it opens");
    let mut evaluator = model.remote_evaluator();
    let mut ask = |ids: &[u32]| {
        let request = Request::after([super::path(ids)], None);
        evaluator.evaluate(&request, &mut |_| true, &mut |_, _| ()).expect("a row").retokenised
    };
    assert!(!ask(&[1, AB]));
    assert!(ask(&[1, A, B]), "ab is one token");
}

#[test]
fn half_a_character_cannot_be_sent() {
    let server = Server::new(ollama);
    let model = open(&settings(&server.url())).expect("it opens");
    let half = 3 + 0xc3;
    let error = after(&model, &[&[1, half]]).expect_err("no text").to_string();
    assert!(error.contains("middle of a character"), "{error}");
}

#[test]
fn a_vocabulary_that_is_wrong_is_refused_before_llama_cpp_sees_it() {
    let server = Server::new(|asked| {
        let mut reply = ollama(asked);
        if asked.path == "/api/show" {
            let mut wrong = shown();
            wrong["model_info"]["tokenizer.ggml.token_type"] = json!([1, 2]);
            reply = Reply::json(&wrong);
        }
        reply
    });
    let error = open(&settings(&server.url())).err().expect("refused").to_string();
    assert!(error.contains("a vocabulary that cannot be used"), "{error}");
    let two = Server::new(|asked| match asked.path.as_str() {
        "/api/tags" => Reply::text(200, r#"{"models":[{"name":"a"},{"name":"b"}]}"#),
        _ => ollama(asked),
    });
    let error = open(&settings(&two.url())).err().expect("which?").to_string();
    assert!(error.contains("--remote-model: a, b"), "{error}");
}
