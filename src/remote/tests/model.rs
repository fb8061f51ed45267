//! A small model behind the interfaces of the servers, as their sources and documentation describe them.

use serde_json::{Value, json};

use super::server::{Asked, Reply};

/// Words of the vocabulary; their place is the id. The first begins a text, the second and third end it, the last is never drawn.
pub(super) const WORDS: [&str; 12] =
    ["<s>", "</s>", "<|end|>", "a", "b", "\n", "c", "é", "d", "e", "f", "<pad>"];
pub(super) const BOS: usize = 0;
pub(super) const EOS: usize = 1;
pub(super) const END: usize = 2;
pub(super) const PAD: usize = 11;
/// Half of an é, in place of the whole one.
pub(super) const HALF: usize = 7;
const SPECIAL: [usize; 4] = [BOS, EOS, END, PAD];
/// Tokens of context.
pub(super) const CONTEXT: usize = 64;

/// The logits after a path: a function of all of it.
pub(super) fn logits(path: &[u64]) -> Vec<f32> {
    let sum: u64 = path.iter().enumerate().map(|(place, id)| (place as u64 + 1) * (id + 3)).sum();
    (0..WORDS.len() as u64).map(|id| ((sum * 7 + id * id * 5 + id) % 23) as f32 / 4.0).collect()
}

/// Their log-probabilities, the likeliest first, with their ids.
pub(super) fn sorted(path: &[u64]) -> Vec<(usize, f64)> {
    let logits = logits(path);
    let sum: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum();
    let mut all: Vec<_> =
        logits.iter().enumerate().map(|(id, logit)| (id, f64::from(*logit) - sum.ln())).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

pub(super) fn path(body: &Value, key: &str) -> Vec<u64> {
    body[key].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

/// The bytes of a token: one is half of a character.
pub(super) fn bytes(id: usize) -> Vec<u8> {
    if id == HALF { vec![0xc3] } else { WORDS[id].as_bytes().to_vec() }
}

pub(super) fn tokens(text: &str, add: bool, special: bool) -> Vec<usize> {
    let mut found = if add { vec![BOS] } else { Vec::new() };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = WORDS.iter().enumerate().position(|(id, word)| {
            rest.starts_with(word) && id != HALF && (special || !SPECIAL.contains(&id))
        });
        found.extend(word);
        rest = &rest[word.map_or(first.len_utf8(), |word| WORDS[word].len())..];
    }
    found
}

fn not_found() -> Reply {
    Reply::text(404, r#"{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"#)
}

/// llama-server.
pub(super) fn llama_server(asked: &Asked) -> Reply {
    let body = &asked.body;
    Reply::json(&match asked.path.as_str() {
        "/v1/models" => json!({ "object": "list", "data": [{
            "id": "small", "owned_by": "llamacpp",
            "meta": { "n_vocab": WORDS.len(), "n_ctx_train": 128, "n_params": 1234 },
        }] }),
        "/props" => json!({
            "default_generation_settings": { "n_ctx": CONTEXT },
            "total_slots": 3,
            "model_alias": "",
            "model_path": "/models/small-q8_0.gguf",
            "chat_template": "{{ messages }}",
            "bos_token": WORDS[BOS],
            "eos_token": WORDS[EOS],
        }),
        "/tokenize" => {
            let flag = |name: &str, otherwise| body[name].as_bool().unwrap_or(otherwise);
            let text = body["content"].as_str().unwrap_or_default();
            json!({ "tokens": tokens(text, flag("add_special", false), flag("parse_special", true)) })
        }
        "/detokenize" => {
            let text: String = path(body, "tokens").iter().map(|id| WORDS[*id as usize]).collect();
            json!({ "content": text })
        }
        "/apply-template" => {
            let said = |message: &Value| {
                format!(
                    "{}:{}\n",
                    message["role"].as_str().unwrap_or_default(),
                    message["content"].as_str().unwrap_or_default()
                )
            };
            let text: String = body["messages"].as_array().into_iter().flatten().map(said).collect();
            json!({ "prompt": text })
        }
        "/completion" => completion(body),
        _ => return not_found(),
    })
}

fn completion(body: &Value) -> Value {
    let path = path(body, "prompt");
    let wanted = body["n_probs"].as_u64().unwrap_or(0) as usize;
    let spelled = |id: usize| if SPECIAL.contains(&id) { Vec::new() } else { bytes(id) };
    let after = body["post_sampling_probs"] == true;
    let ignored =
        |id: usize| after && (id == PAD || (body["ignore_eos"] == true && [EOS, END].contains(&id)));
    let named = |&(id, lp): &(usize, f64)| {
        let mut named =
            json!({ "id": id, "token": String::from_utf8_lossy(&spelled(id)), "bytes": spelled(id) });
        named[if after { "prob" } else { "logprob" }] = json!(if after { lp.exp() } else { lp });
        named
    };
    let all: Vec<_> = sorted(&path).into_iter().filter(|(id, _)| !ignored(*id)).collect();
    // What it draws itself: without the bias it would be the likeliest, and half a character has no probabilities.
    let forced = body["logit_bias"][0][0].as_u64().map(|id| id as usize);
    let drawn = forced.unwrap_or(all[0].0);
    let told: Vec<Value> = all.iter().take(wanted).map(named).collect();
    let mut answer = json!({
        "timings": { "cache_n": path.len() - 1, "prompt_n": 1, "prompt_ms": 1.5, "predicted_ms": 0.25 },
    });
    if drawn != HALF && body["n_predict"] == 1 {
        let key = if after { "top_probs" } else { "top_logprobs" };
        answer["completion_probabilities"] = json!([{ "id": drawn, "bytes": spelled(drawn), key: told }]);
    }
    answer
}

/// What a server of vLLM's is set up with.
#[derive(Clone, Copy)]
pub(super) struct Vllm {
    /// `--max-logprobs`.
    pub limit: usize,
    /// Raw logits in place of log-probabilities.
    pub raw_logits: bool,
}

/// vLLM.
pub(super) fn vllm(asked: &Asked, set: Vllm) -> Reply {
    let body = &asked.body;
    Reply::json(&match asked.path.as_str() {
        "/v1/models" => {
            json!({ "data": [{ "id": "org/small", "owned_by": "vllm", "max_model_len": CONTEXT }] })
        }
        "/tokenize" => {
            let add = body["add_special_tokens"].as_bool().unwrap_or(true);
            let text = body["prompt"].as_str().map_or_else(
                || {
                    body["messages"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|m| m["content"].as_str().unwrap_or_default().to_owned())
                        .collect()
                },
                str::to_owned,
            );
            let mut found: Vec<i64> = tokens(&text, add, true).into_iter().map(|id| id as i64).collect();
            // The sign between tokens is of none of the words.
            if text == "\u{241e}" {
                found = vec![-1];
            }
            // Not in the vocabulary of twelve: an id that only the way back knows.
            json!({ "tokens": found.into_iter().map(|id| if id < 0 { 99 } else { id }).collect::<Vec<_>>(), "count": 1 })
        }
        "/detokenize" => {
            let word = |id: &u64| match *id as usize {
                99 => "\u{241e}".to_owned(),
                HALF => "\u{fffd}".to_owned(),
                id => WORDS[id].to_owned(),
            };
            json!({ "prompt": path(body, "tokens").iter().map(word).collect::<String>() })
        }
        "/v1/completions" => return vllm_completion(body, set),
        _ => return Reply::text(404, r#"{"detail":"Not Found"}"#),
    })
}

fn vllm_completion(body: &Value, set: Vllm) -> Reply {
    let path = path(body, "prompt");
    if path.iter().any(|id| *id as usize >= WORDS.len()) {
        let said = json!({ "error": { "message": "Token id 13 is out of vocabulary", "code": 400 } });
        return Reply::text(400, &said.to_string());
    }
    let wanted = body["logprobs"].as_u64().unwrap_or(0) as usize;
    if wanted > set.limit {
        let said = format!(
            "Requested sample logprobs of {wanted}, which is greater than max allowed: {}",
            set.limit
        );
        return Reply::text(400, &json!({ "error": { "message": said, "code": 400 } }).to_string());
    }
    let forced =
        body["logit_bias"].as_object().and_then(|biases| biases.keys().next()?.parse::<usize>().ok());
    let ends = forced.is_some_and(|id| [EOS, END].contains(&id));
    let raw = logits(&path);
    let value = |id: usize, lp: f64| if set.raw_logits { f64::from(raw[id]) } else { lp };
    let table: serde_json::Map<String, Value> = sorted(&path)
        .into_iter()
        .take(wanted)
        .map(|(id, lp)| (format!("token_id:{id}"), json!(value(id, lp))))
        .collect();
    Reply::json(&json!({ "choices": [{
        "text": "",
        "logprobs": { "tokens": ["token_id:3"], "token_logprobs": [-1.0], "top_logprobs": [table] },
        "finish_reason": if ends { "stop" } else { "length" },
        "stop_reason": null,
    }] }))
}

/// `SGLang`.
pub(super) fn sglang(asked: &Asked) -> Reply {
    let body = &asked.body;
    Reply::json(&match asked.path.as_str() {
        "/v1/models" => {
            json!({ "data": [{ "id": "small", "owned_by": "sglang", "max_model_len": CONTEXT }] })
        }
        "/generate" => {
            let wanted = body["top_logprobs_num"].as_u64().unwrap_or(0) as usize;
            let told: Vec<Value> = sorted(&path(body, "input_ids"))
                .into_iter()
                .take(wanted)
                .map(|(id, lp)| json!([lp, id, null]))
                .collect();
            json!({ "text": "", "meta_info": {
                "output_top_logprobs": [told], "cached_tokens": 1, "e2e_latency": 0.002,
            } })
        }
        _ => return Reply::text(404, r#"{"detail":"Not Found"}"#),
    })
}
