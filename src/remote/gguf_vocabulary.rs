//! A vocabulary that Ollama tells in JSON, written as a GGUF file that holds nothing else.

use serde_json::{Map, Value};

/// Keys that are kept, and what their values are.
const KEYS: &[(&str, Kind)] = &[
    ("tokenizer.ggml.model", Kind::Text),
    ("tokenizer.ggml.pre", Kind::Text),
    ("tokenizer.ggml.tokens", Kind::Texts),
    ("tokenizer.ggml.scores", Kind::Floats),
    ("tokenizer.ggml.token_type", Kind::Integers),
    ("tokenizer.ggml.merges", Kind::Texts),
    ("tokenizer.ggml.bos_token_id", Kind::Number),
    ("tokenizer.ggml.eos_token_id", Kind::Number),
    ("tokenizer.ggml.eot_token_id", Kind::Number),
    ("tokenizer.ggml.eom_token_id", Kind::Number),
    ("tokenizer.ggml.unknown_token_id", Kind::Number),
    ("tokenizer.ggml.padding_token_id", Kind::Number),
    ("tokenizer.ggml.seperator_token_id", Kind::Number),
    ("tokenizer.ggml.mask_token_id", Kind::Number),
    ("tokenizer.ggml.add_bos_token", Kind::Bool),
    ("tokenizer.ggml.add_eos_token", Kind::Bool),
    ("tokenizer.ggml.add_space_prefix", Kind::Bool),
    ("tokenizer.ggml.remove_extra_whitespaces", Kind::Bool),
    ("tokenizer.chat_template", Kind::Text),
];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Texts,
    Floats,
    Integers,
    Number,
    Bool,
}

/// Types of values in GGUF.
const UINT32: u32 = 4;
const INT32: u32 = 5;
const FLOAT32: u32 = 6;
const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// The file of what `/api/show` tells.
///
/// # Errors
///
/// What is wrong with it, to follow "answers with".
pub(super) fn write(info: &Map<String, Value>) -> Result<Vec<u8>, String> {
    if !info.get("tokenizer.ggml.tokens").is_some_and(Value::is_array) {
        return Err("no vocabulary for this model".into());
    }
    let mut entries = Vec::new();
    // The tokenizer does not depend on it, and Ollama has names of its own.
    let mut count: u64 = 1;
    string(&mut entries, "general.architecture");
    number(&mut entries, STRING);
    string(&mut entries, "llama");
    for &(key, kind) in KEYS {
        // What has no value is null there.
        let Some(value) = info.get(key).filter(|value| !value.is_null()) else { continue };
        string(&mut entries, key);
        entry(&mut entries, kind, value).ok_or_else(|| format!("something unexpected as {key}"))?;
        count += 1;
    }
    let mut file = b"GGUF".to_vec();
    number(&mut file, 3);
    // No tensors.
    file.extend(0_u64.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(entries);
    Ok(file)
}

fn entry(out: &mut Vec<u8>, kind: Kind, value: &Value) -> Option<()> {
    match kind {
        Kind::Text => {
            number(out, STRING);
            string(out, value.as_str()?);
        }
        Kind::Number => {
            number(out, UINT32);
            number(out, u32::try_from(value.as_u64()?).ok()?);
        }
        Kind::Bool => {
            number(out, BOOL);
            out.push(u8::from(value.as_bool()?));
        }
        Kind::Texts => {
            for item in array(out, STRING, value)? {
                string(out, item.as_str()?);
            }
        }
        Kind::Integers => {
            for item in array(out, INT32, value)? {
                out.extend(i32::try_from(item.as_i64()?).ok()?.to_le_bytes());
            }
        }
        Kind::Floats => {
            for item in array(out, FLOAT32, value)? {
                out.extend((item.as_f64()? as f32).to_le_bytes());
            }
        }
    }
    Some(())
}

fn array<'v>(out: &mut Vec<u8>, items: u32, value: &'v Value) -> Option<&'v [Value]> {
    let values = value.as_array()?;
    number(out, ARRAY);
    number(out, items);
    out.extend((values.len() as u64).to_le_bytes());
    Some(values)
}

fn number(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

fn string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn what_is_of_another_type_is_refused_and_what_is_null_left_out() {
        assert!(write(&object(json!({}))).expect_err("none").contains("no vocabulary"));
        let tokens = |others: Value| {
            let mut info = object(json!({ "tokenizer.ggml.tokens": ["a"] }));
            info.extend(object(others));
            write(&info)
        };
        assert!(tokens(json!({ "tokenizer.ggml.scores": null })).is_ok());
        for wrong in [
            json!({ "tokenizer.ggml.scores": ["x"] }),
            json!({ "tokenizer.ggml.token_type": [1e20] }),
            json!({ "tokenizer.ggml.bos_token_id": -1 }),
            json!({ "tokenizer.ggml.model": 3 }),
            json!({ "tokenizer.ggml.tokens": [1] }),
        ] {
            assert!(tokens(wrong.clone()).expect_err("wrong").contains("unexpected"), "{wrong}");
        }
    }

    #[test]
    fn a_file_begins_as_one_does() {
        let file = write(&object(json!({ "tokenizer.ggml.tokens": ["a", "b"] }))).expect("a file");
        assert_eq!((&file[..4], file[4], file[16]), (&b"GGUF"[..], 3, 2));
    }
}
