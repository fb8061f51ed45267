//! What is wrong with a JSON schema, in llama.cpp's words.
//!
//! Its converter says it in an exception whose text does not get through the binding. So where it fails, the schema is
//! walked here as `common_chat_schema_builder` in its common/json-schema.cpp does.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Values of a schema that are visited at most; a schema's references may lead in circles.
const MAX_VISITS: usize = 100_000;

/// The first thing that is wrong with a schema; None where nothing is found. `converts` tries whether llama.cpp takes
/// another schema.
pub(super) fn find(schema: &Value, converts: impl Fn(&Value) -> bool) -> Option<String> {
    let mut walk = Walk { root: schema, refs: HashSet::new(), patterns: Vec::new(), visits: 0 };
    if let Err(fault) = walk.node(schema, "#") {
        return Some(fault);
    }
    let wrong = |pattern: &&String| !converts(&serde_json::json!({"type": "string", "pattern": pattern}));
    walk.patterns.iter().find(wrong).map(|pattern| format!("Invalid pattern {pattern}"))
}

struct Walk<'a> {
    root: &'a Value,
    /// References that were followed.
    refs: HashSet<&'a str>,
    patterns: Vec<String>,
    visits: usize,
}

type Checked = Result<(), String>;

impl<'a> Walk<'a> {
    fn node(&mut self, schema: &'a Value, path: &str) -> Checked {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Ok(());
        }
        let object = schema.as_object().ok_or_else(|| fault(path, "schema must be an object"))?;
        if let Some(reference) = object.get("$ref") {
            return self.reference(reference, path);
        }
        if let Some(key) = ["oneOf", "anyOf"].into_iter().find(|key| object.contains_key(*key)) {
            return self.alternatives(&object[key], &format!("{path}/{key}"));
        }
        match object.get("type") {
            Some(Value::Array(types)) if types.is_empty() => Err(fault(path, "type must not be empty")),
            Some(Value::Array(types)) => types.iter().enumerate().try_for_each(|(index, kind)| {
                self.typed(object, Some(kind), &format!("{path}/type/{index}"))
            }),
            kind => self.typed(object, kind, path),
        }
    }

    fn typed(&mut self, object: &'a Map<String, Value>, kind: Option<&Value>, path: &str) -> Checked {
        if object.contains_key("const") {
            return Ok(());
        }
        if let Some(values) = object.get("enum") {
            let some = values.as_array().is_some_and(|values| !values.is_empty());
            return if some { Ok(()) } else { Err(fault(path, "enum must be a non-empty array")) };
        }
        let kind = match kind {
            None | Some(Value::Null) => "",
            Some(Value::String(kind)) => kind.as_str(),
            Some(_) => return Err(fault(path, "type must be a string or an array of strings")),
        };
        let additional = object.get("additionalProperties").is_some_and(|value| *value != Value::Bool(true));
        let properties = object.contains_key("properties") || additional;
        let all_of = object.get("allOf");
        match kind {
            "" | "object" if properties => self.object(object, path),
            "" | "object" | "string" if all_of.is_some() => {
                self.alternatives(all_of.unwrap_or(&Value::Null), &format!("{path}/allOf"))
            }
            "object" => self.object(object, path),
            "array" => self.array(object, path),
            "" if object.contains_key("items") || object.contains_key("prefixItems") => {
                self.array(object, path)
            }
            "" | "string" => self.string(object, path),
            "integer" => ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"]
                .into_iter()
                .try_for_each(|key| {
                    let number = object.get(key).is_none_or(Value::is_number);
                    if number { Ok(()) } else { Err(fault(path, &format!("{key} must be a number"))) }
                }),
            "number" | "boolean" | "null" => Ok(()),
            other => Err(fault(path, &format!("unrecognized type {other}"))),
        }
    }

    fn reference(&mut self, value: &'a Value, path: &str) -> Checked {
        let reference = value.as_str().ok_or_else(|| fault(path, "$ref must be a string"))?;
        if !reference.starts_with("#/") {
            let what =
                format!("unsupported $ref {reference}, only references into the same document are supported");
            return Err(fault(path, &what));
        }
        if !self.refs.insert(reference) {
            return Ok(());
        }
        let mut target = self.root;
        for step in reference[2..].split('/') {
            let wrong = |how: &str| fault(path, &format!("cannot resolve $ref {reference}, {step} {how}"));
            target = match target {
                Value::Object(map) => map.get(step).ok_or_else(|| wrong("not found"))?,
                Value::Array(items) => {
                    let item = step.parse::<usize>().ok().and_then(|index| items.get(index));
                    item.ok_or_else(|| wrong("is out of range"))?
                }
                _ => return Err(wrong("not found")),
            };
        }
        self.node(target, reference)
    }

    fn alternatives(&mut self, value: &'a Value, path: &str) -> Checked {
        let all = value.as_array().ok_or_else(|| fault(path, "must be an array of schemas"))?;
        if all.is_empty() {
            return Err(fault(path, "must not be empty"));
        }
        all.iter().enumerate().try_for_each(|(index, schema)| self.node(schema, &format!("{path}/{index}")))
    }

    fn object(&mut self, object: &'a Map<String, Value>, path: &str) -> Checked {
        if let Some(properties) = object.get("properties") {
            let properties =
                properties.as_object().ok_or_else(|| fault(path, "properties must be an object"))?;
            for (name, schema) in properties {
                self.node(schema, &format!("{path}/properties/{name}"))?;
            }
        }
        match object.get("additionalProperties") {
            None | Some(Value::Bool(_)) => Ok(()),
            Some(schema) if schema.is_object() => self.node(schema, &format!("{path}/additionalProperties")),
            Some(_) => Err(fault(path, "additionalProperties must be a boolean or a schema")),
        }
    }

    fn array(&mut self, object: &'a Map<String, Value>, path: &str) -> Checked {
        let key = ["items", "prefixItems"].into_iter().find(|key| object.contains_key(*key));
        match key.map(|key| (key, &object[key])) {
            Some((key, Value::Array(items))) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.node(item, &format!("{path}/{key}/{index}"))),
            Some((key, schema)) => {
                self.node(schema, &format!("{path}/{key}"))?;
                counts(object, ["minItems", "maxItems"], path)
            }
            None => counts(object, ["minItems", "maxItems"], path),
        }
    }

    fn string(&mut self, object: &Map<String, Value>, path: &str) -> Checked {
        if let Some(pattern) = object.get("pattern") {
            let pattern = pattern.as_str().ok_or_else(|| fault(path, "pattern must be a string"))?;
            self.patterns.push(pattern.to_owned());
        }
        if object.get("format").is_some_and(|format| !format.is_string()) {
            return Err(fault(path, "format must be a string"));
        }
        counts(object, ["minLength", "maxLength"], path)
    }
}

fn counts(object: &Map<String, Value>, keys: [&str; 2], path: &str) -> Checked {
    keys.into_iter().try_for_each(|key| {
        let count = object.get(key).is_none_or(Value::is_u64);
        if count { Ok(()) } else { Err(fault(path, &format!("{key} must be a non-negative integer"))) }
    })
}

fn fault(path: &str, what: &str) -> String {
    format!("JSON schema error at {path}: {what}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_are_reported_as_llama_cpp_tells_them() {
        for (schema, expected) in [
            (
                json!({"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {}}),
                "JSON schema error at #/properties/a: cannot resolve $ref #/$defs/x, x not found",
            ),
            (
                json!({"$ref": "https://example.com/x"}),
                "JSON schema error at #: unsupported $ref https://example.com/x, only references into the same document \
                 are supported",
            ),
            (json!({"type": "nonsense"}), "JSON schema error at #: unrecognized type nonsense"),
            (json!({"items": {"enum": []}}), "JSON schema error at #/items: enum must be a non-empty array"),
            (json!({"anyOf": []}), "JSON schema error at #/anyOf: must not be empty"),
            (json!({"type": ["string", "x"]}), "JSON schema error at #/type/1: unrecognized type x"),
            (
                json!({"type": "string", "minLength": -1}),
                "JSON schema error at #: minLength must be a non-negative integer",
            ),
            (json!(true), "JSON schema error at #: schema must be an object"),
            (json!({"prefixItems": [{"pattern": "^(a$"}]}), "Invalid pattern ^(a$"),
        ] {
            let converts = |schema: &Value| schema["pattern"] != "^(a$";
            assert_eq!(find(&schema, converts).as_deref(), Some(expected), "{schema}");
        }
    }

    #[test]
    fn references_in_a_circle_end() {
        let schema = json!({"$ref": "#/a", "a": {"properties": {"b": {"$ref": "#/a"}}}});
        assert_eq!(find(&schema, |_| true), None);
    }
}
