//! How a grammar is written in the config file: a text of GBNF, or a table that says what else it is.

use std::{fmt, path::PathBuf};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{GrammarError, GrammarSource};

/// The table; exactly one of its keys is given.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Table {
    #[serde(skip_serializing)]
    file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<String>,
    #[serde(skip_serializing)]
    json_schema_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<String>>,
}

impl Table {
    fn source(self) -> Option<Result<GrammarSource, GrammarError>> {
        match (self.file, self.json_schema, self.json_schema_file, self.choices) {
            (Some(path), None, None, None) => Some(GrammarSource::gbnf_file(&path)),
            (None, Some(schema), None, None) => Some(GrammarSource::json_schema(&schema)),
            (None, None, Some(path), None) => Some(GrammarSource::json_schema_file(&path)),
            (None, None, None, Some(choices)) => Some(GrammarSource::choices(choices)),
            _ => None,
        }
    }
}

impl Serialize for GrammarSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json_schema = self.as_json_schema().map(str::to_owned);
        let choices = self.as_choices().map(<[String]>::to_vec);
        if json_schema.is_none() && choices.is_none() {
            return serializer.serialize_str(self.as_gbnf().unwrap_or_default());
        }
        Table { json_schema, choices, ..Table::default() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GrammarSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = GrammarSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a grammar in quotes, or one of { file = … }, { json_schema = … }, { json_schema_file = … } and { choices = [ … ] }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        GrammarSource::gbnf(text).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let table = Table::deserialize(MapAccessDeserializer::new(map))?;
        let source = table.source().ok_or_else(|| {
            A::Error::custom("expected exactly one of file, json_schema, json_schema_file and choices")
        })?;
        source.map_err(A::Error::custom)
    }
}
