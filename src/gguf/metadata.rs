//! The key-value pairs of a header, and reading them with the types llama.cpp insists on.

use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use super::{
    error::{Fault, quoted},
    source::Source,
    value::{Array, Items, StringTable, Value, ValueType},
};

/// Keys are at most this long in GGUF's specification.
const LONGEST_KEY: u64 = u16::MAX as u64;
/// Longer than any chat template or tokenizer file.
const LONGEST_STRING: u64 = 64 << 20;
/// Several times the largest vocabulary and its merges.
const MOST_STRINGS: u64 = 1 << 24;
/// ggml's `GGUF_MAX_ARRAY_ELEMENTS`.
const MOST_ELEMENTS: u64 = 1 << 30;
/// Integer arrays up to this length (per-layer settings) are kept.
const KEPT_INTEGERS: u64 = 1024;

/// The token texts.
pub(super) const TOKENS: &str = "tokenizer.ggml.tokens";
/// The token types.
pub(super) const TOKEN_TYPES: &str = "tokenizer.ggml.token_type";

/// All key-value pairs of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata {
    values: HashMap<String, Value>,
}

impl Metadata {
    /// Reads `count` pairs.
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, count: u64) -> Result<Self, Fault> {
        let mut values = HashMap::new();
        for index in 0..count {
            let key = read_key(source, index)?;
            let value = read_value(source, &key)?;
            if values.insert(key.clone(), value).is_some() {
                return Err(Fault::DuplicateKey { key: quoted(&key) });
            }
        }
        Ok(Self { values })
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// All keys with their values, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub(super) fn u16(&self, key: &str) -> Result<Option<u16>, Fault> {
        self.typed(key, ValueType::U16.name(), |value| match value {
            Value::U16(number) => Some(*number),
            _ => None,
        })
    }

    pub(super) fn u32(&self, key: &str) -> Result<Option<u32>, Fault> {
        self.typed(key, ValueType::U32.name(), |value| match value {
            Value::U32(number) => Some(*number),
            _ => None,
        })
    }

    pub(super) fn i32(&self, key: &str) -> Result<Option<i32>, Fault> {
        self.typed(key, ValueType::I32.name(), |value| match value {
            Value::I32(number) => Some(*number),
            _ => None,
        })
    }

    pub(super) fn f32(&self, key: &str) -> Result<Option<f32>, Fault> {
        self.typed(key, ValueType::F32.name(), |value| match value {
            Value::F32(number) => Some(*number),
            _ => None,
        })
    }

    pub(super) fn bool(&self, key: &str) -> Result<Option<bool>, Fault> {
        self.typed(key, ValueType::Bool.name(), |value| match value {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    pub(super) fn str(&self, key: &str) -> Result<Option<&str>, Fault> {
        self.typed(key, ValueType::String.name(), |value| match value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// An array, whatever its elements.
    pub(super) fn array(&self, key: &str) -> Result<Option<&Array>, Fault> {
        self.typed(key, ValueType::Array.name(), |value| match value {
            Value::Array(array) => Some(array),
            _ => None,
        })
    }

    /// An array of flags, or of numbers that stand for them; None where there is none, or something else.
    pub(super) fn flags(&self, key: &str) -> Option<Vec<bool>> {
        match self.get(key) {
            Some(Value::Array(Array { items: Items::Integers(numbers), .. })) => {
                Some(numbers.iter().map(|&number| number != 0).collect())
            }
            _ => None,
        }
    }

    /// A number for each of `layers` layers: one for all, or an array of exactly that length.
    pub(super) fn per_layer(&self, key: &str, layers: u32) -> Result<Option<Vec<u32>>, Fault> {
        let Some(Value::Array(array)) = self.get(key) else {
            return Ok(self.u32(key)?.map(|number| vec![number; layers as usize]));
        };
        if array.len != u64::from(layers) {
            return Err(Fault::BadValue {
                key: key.to_owned(),
                found: format!("an array of {} numbers", array.len),
                expected: format!("one number or {layers}, one for each block"),
            });
        }
        let numbers = match &array.items {
            Items::Integers(numbers) if array.element != ValueType::Bool => numbers,
            _ => return Err(self.wrong_type(key, "u32 or arr[u32]")),
        };
        let in_range = |&number: &i64| {
            u32::try_from(number).map_err(|_| Fault::BadValue {
                key: key.to_owned(),
                found: number.to_string(),
                expected: "0 or more".into(),
            })
        };
        numbers.iter().map(in_range).collect::<Result<_, _>>().map(Some)
    }

    /// The fault of `key` not being `expected`.
    pub(super) fn wrong_type(&self, key: &str, expected: &str) -> Fault {
        let found = self.get(key).map_or_else(|| "missing".into(), Value::type_name);
        Fault::WrongType { key: key.to_owned(), found, expected: expected.to_owned() }
    }

    /// What `pick` finds under `key`; a fault when the key is there and `pick` finds nothing.
    fn typed<'a, T>(
        &'a self,
        key: &str,
        expected: &str,
        pick: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        pick(value).map(Some).ok_or_else(|| self.wrong_type(key, expected))
    }
}

fn read_key<R: Read + Seek>(source: &mut Source<R>, index: u64) -> Result<String, Fault> {
    let key = read_text(source, &format!("metadata key {index}"), LONGEST_KEY)?;
    // llama.cpp looks keys up as C strings: a zero in one would make two keys out of what it takes for one.
    match String::from_utf8(key) {
        Ok(key) if !key.is_empty() && !key.chars().any(char::is_control) => Ok(key),
        Ok(key) => Err(Fault::BadKey { key: quoted(&key) }),
        Err(error) => Err(Fault::BadKey { key: quoted(&String::from_utf8_lossy(error.as_bytes())) }),
    }
}

fn read_text<R: Read + Seek>(source: &mut Source<R>, what: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let length = source.u64(what)?;
    source.require(length, what)?;
    within(&format!("the length of {what}"), length, limit)?;
    source.bytes(length, what)
}

fn read_type<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<ValueType, Fault> {
    let id = source.u32(key)?;
    ValueType::from_id(id).ok_or_else(|| Fault::UnknownValueType { key: quoted(key), id })
}

fn read_value<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<Value, Fault> {
    Ok(match read_type(source, key)? {
        ValueType::U8 => Value::U8(source.u8(key)?),
        ValueType::I8 => Value::I8(source.u8(key)?.cast_signed()),
        ValueType::U16 => Value::U16(source.u16(key)?),
        ValueType::I16 => Value::I16(source.u16(key)?.cast_signed()),
        ValueType::U32 => Value::U32(source.u32(key)?),
        ValueType::I32 => Value::I32(source.u32(key)?.cast_signed()),
        ValueType::F32 => Value::F32(f32::from_bits(source.u32(key)?)),
        ValueType::Bool => Value::Bool(source.u8(key)? != 0),
        ValueType::U64 => Value::U64(source.u64(key)?),
        ValueType::I64 => Value::I64(source.u64(key)?.cast_signed()),
        ValueType::F64 => Value::F64(f64::from_bits(source.u64(key)?)),
        ValueType::String => {
            let bytes = read_text(source, key, LONGEST_STRING)?;
            Value::String(String::from_utf8_lossy(&bytes).into_owned())
        }
        ValueType::Array => Value::Array(read_array(source, key)?),
    })
}

fn read_array<R: Read + Seek>(source: &mut Source<R>, key: &str) -> Result<Array, Fault> {
    let element = read_type(source, key)?;
    let len = source.u64(key)?;
    let items = match element {
        ValueType::Array => return Err(Fault::NestedArray { key: quoted(key) }),
        ValueType::String => read_strings(source, key, len)?,
        ValueType::U32 | ValueType::I32 if len <= KEPT_INTEGERS || key == TOKEN_TYPES => {
            Items::Integers(read_integers(source, key, element, len)?)
        }
        ValueType::Bool if len <= KEPT_INTEGERS => {
            let bytes = source.bytes(len, key)?;
            Items::Integers(bytes.into_iter().map(i64::from).collect())
        }
        _ => {
            let size = element.size().unwrap_or(1);
            within(&format!("the length of {key}"), len, MOST_ELEMENTS)?;
            source.skip(len * size, key)?;
            Items::Skipped
        }
    };
    Ok(Array { element, len, items })
}

fn read_strings<R: Read + Seek>(source: &mut Source<R>, key: &str, len: u64) -> Result<Items, Fault> {
    const LENGTH_FIELD: u64 = 8;
    // Each string has at least its length in the file, so this bounds the loop before it starts.
    source.require(len.saturating_mul(LENGTH_FIELD), key)?;
    within(&format!("the length of {key}"), len, MOST_STRINGS)?;
    if key != TOKENS {
        for _ in 0..len {
            let length = source.u64(key)?;
            source.skip(length, key)?;
        }
        return Ok(Items::Skipped);
    }
    let mut table = StringTable::default();
    for _ in 0..len {
        source.keep(size_of::<usize>() as u64)?;
        table.push(&read_text(source, key, LONGEST_STRING)?);
    }
    Ok(Items::Strings(table))
}

fn read_integers<R: Read + Seek>(
    source: &mut Source<R>,
    key: &str,
    element: ValueType,
    len: u64,
) -> Result<Vec<i64>, Fault> {
    const ELEMENT: u64 = 4;
    source.require(len.saturating_mul(ELEMENT), key)?;
    within(&format!("the length of {key}"), len, MOST_STRINGS)?;
    let mut numbers = Vec::with_capacity(len as usize);
    for _ in 0..len {
        let bits = source.u32(key)?;
        numbers.push(if element == ValueType::U32 { i64::from(bits) } else { i64::from(bits.cast_signed()) });
    }
    Ok(numbers)
}

/// Refuses a `found` above `limit`.
fn within(what: &str, found: u64, limit: u64) -> Result<(), Fault> {
    if found <= limit {
        return Ok(());
    }
    Err(Fault::Unbelievable { what: what.to_owned(), found, limit })
}
