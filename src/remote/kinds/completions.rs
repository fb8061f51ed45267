//! `OpenAI`'s `/v1/completions`, as several servers have it: candidates are a table from a text, or `token_id:N`, to a
//! log-probability.

use std::{collections::HashMap, fmt, marker::PhantomData, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{
    engine::Vocabulary,
    remote::{
        RemoteError,
        client::Client,
        protocol::{Candidate, Step},
    },
    token::Token,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Models {
    pub data: Vec<Model>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Model {
    pub id: String,
    pub max_model_len: Option<usize>,
}

impl Models {
    /// The model that was named, else the first.
    pub fn pick(self, name: Option<&String>, address: &str) -> Result<Model, RemoteError> {
        let there: Vec<String> = self.data.iter().map(|model| model.id.clone()).collect();
        let mut all = self.data.into_iter();
        let found = match name {
            Some(name) => all.find(|model| model.id == *name),
            None => all.next(),
        };
        found.ok_or_else(|| RemoteError::Setting {
            address: address.to_owned(),
            why: match name {
                Some(name) => {
                    format!("there is no model {name} (--remote-model); there are: {}", there.join(", "))
                }
                None => "it has no model".to_owned(),
            },
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Completion {
    #[serde(default)]
    pub choices: Vec<Choice>,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    pub logprobs: Option<LogProbabilities>,
    pub finish_reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct LogProbabilities {
    pub top_logprobs: Option<Vec<Option<Table>>>,
    /// Of the tokens that were drawn.
    pub token_logprobs: Option<Vec<Option<f64>>>,
}

/// A table as it was written: a text can be there twice.
pub(super) struct Table(Vec<(String, Option<f64>)>);

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs(PhantomData<()>);
        impl<'de> Visitor<'de> for Pairs {
            type Value = Table;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of log-probabilities")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table, A::Error> {
                let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(0));
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Table(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

/// Which tokens a text can be.
pub(super) struct ByText(HashMap<Vec<u8>, Option<u32>>);

impl ByText {
    /// A text that several tokens have is the one that becomes of it (of `a` and the byte 61 it is `a`), else none.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        let mut found: HashMap<Vec<u8>, Option<u32>> = HashMap::with_capacity(vocabulary.len());
        for id in 0..vocabulary.len() as u32 {
            let text = vocabulary.piece(Token(id)).to_vec();
            found.entry(text).and_modify(|one| *one = None).or_insert(Some(id));
        }
        for (text, token) in found.iter_mut().filter(|(_, token)| token.is_none()) {
            let tokens = std::str::from_utf8(text).ok().and_then(|text| vocabulary.tokenize_part(text).ok());
            *token = match tokens.as_deref() {
                Some(&[only]) if vocabulary.piece(only) == &text[..] => Some(only.0),
                _ => None,
            };
        }
        Self(found)
    }

    /// The one token of a text.
    pub fn token(&self, text: &[u8]) -> Option<u32> {
        self.0.get(text).copied().flatten()
    }
}

/// The candidates of the one token that was asked for. Texts, where they are no ids, are looked up in `texts`; what belongs to no
/// token, or to several, is among the others.
pub(super) fn step(
    completion: Completion,
    client: &Client,
    texts: Option<&Arc<ByText>>,
) -> Result<Step, RemoteError> {
    let wrong =
        |what: &str| RemoteError::Answer { address: client.address().to_string(), what: what.to_owned() };
    let choice = completion.choices.into_iter().next().ok_or_else(|| wrong("no choices"))?;
    let (tables, drawn) =
        choice.logprobs.map_or((None, None), |told| (told.top_logprobs, told.token_logprobs));
    let tables = tables.unwrap_or_default();
    let table = match <[Option<Table>; 1]>::try_from(tables) {
        Ok([Some(table)]) => table,
        Ok([None]) => {
            return Err(wrong("null where log-probabilities belong: it does not give them for this model"));
        }
        Err(none) if none.is_empty() => {
            return Err(wrong(
                "no log-probabilities, without a word about it: it does not give any for this model",
            ));
        }
        Err(_) => return Err(wrong("log-probabilities of several tokens where one was asked for")),
    };
    let drawn = drawn.and_then(|drawn| drawn.first().copied().flatten());
    let mut step = Step { drawn, ..Step::default() };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (text, log_probability) in table.0 {
        let log_probability = log_probability.ok_or_else(|| wrong("null as a log-probability"))?;
        let id = match text.strip_prefix("token_id:") {
            Some(id) => id.parse().ok(),
            None => texts.and_then(|texts| texts.token(text.as_bytes())),
        };
        let times = seen.entry(text).or_default();
        *times += 1;
        match id.filter(|_| *times == 1) {
            Some(id) => step.candidates.push(Candidate { id: i64::from(id), log_probability }),
            None => step.unnamed = step.unnamed.max(log_probability.exp()),
        }
    }
    Ok(step)
}

/// The largest number of candidates that a server gives, from what it says against `asked`: the largest number in its sentence
/// that is smaller.
pub(super) fn limit(said: &str, asked: usize) -> Option<usize> {
    let about = said.to_ascii_lowercase();
    if !about.contains("logprob") && !about.contains("top_n") {
        return None;
    }
    let numbers = said.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers.filter(|number| (1..asked).contains(number)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_from_what_a_server_says() {
        let vllm = "Requested sample logprobs of 100, which is greater than max allowed: 20";
        assert_eq!(limit(vllm, 100), Some(20));
        assert_eq!(limit("top_logprobs must be between 0 and 20", 50), Some(20));
        assert_eq!(limit("This model's maximum context length is 20 tokens", 100), None);
        assert_eq!(limit("logprobs is not allowed", 100), None);
        assert_eq!(limit(vllm, 20), None, "that is not what it objects to");
    }

    #[test]
    fn a_text_that_is_there_twice_is_seen_twice() {
        let table: Table = serde_json::from_str(r#"{"a": -1, "a": -2.5, "b": null}"#).expect("a table");
        assert_eq!(table.0, [("a".into(), Some(-1.0)), ("a".into(), Some(-2.5)), ("b".into(), None)]);
    }
}
