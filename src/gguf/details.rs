//! Everything that a header says, to be looked at: also of files that cannot be run.

use std::path::Path;

use super::{
    GgufError, ModelFile, check,
    header::Header,
    read_header,
    value::{Array, Items, Value},
};

/// Elements of a list that are told.
const TOLD: usize = 8;

/// What the header of a file says. All text in it is foreign.
#[derive(Debug, Clone)]
pub struct Details {
    /// GGUF version, 2 or 3.
    pub version: u32,
    /// Bytes of the file; of a model in parts, of this part.
    pub size: u64,
    /// All metadata, sorted by their keys.
    pub metadata: Vec<Entry>,
    /// The tensors by their types, the type that takes most bytes first.
    pub tensors: Vec<TensorType>,
    /// The model as it was checked, or why it cannot be run.
    pub checked: Result<ModelFile, GgufError>,
}

/// One pair of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The type, with ggml's name: `u32`, `str`, `arr[str]`.
    pub kind: String,
    /// The value.
    pub value: EntryValue,
}

/// A value of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryValue {
    /// A text.
    Text(String),
    /// A number, true or false, written out.
    Plain(String),
    /// A list: its length, and the first elements where they were kept.
    List {
        /// Elements in the file.
        length: u64,
        /// The first of them, written out; none where they were walked over.
        first: Vec<String>,
    },
}

/// The tensors of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorType {
    /// ggml's name of the type.
    pub name: &'static str,
    /// How many tensors have it.
    pub count: u64,
    /// Bytes of their data.
    pub bytes: u64,
}

/// Reads the header of the file at `path`, whatever it is a header of. The work is bounded as that of [`check`].
///
/// # Errors
///
/// The file cannot be read, or is no GGUF file.
pub fn details(path: &Path) -> Result<Details, GgufError> {
    let header = read_header(path)?;
    let mut metadata: Vec<Entry> = header.metadata.iter().map(|(key, value)| entry(key, value)).collect();
    metadata.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(Details {
        version: header.version,
        size: header.size,
        metadata,
        tensors: tensor_types(&header),
        checked: check(path),
    })
}

fn entry(key: &str, value: &Value) -> Entry {
    let plain = |number: &dyn ToString| EntryValue::Plain(number.to_string());
    let shown = match value {
        Value::U8(number) => plain(number),
        Value::I8(number) => plain(number),
        Value::U16(number) => plain(number),
        Value::I16(number) => plain(number),
        Value::U32(number) => plain(number),
        Value::I32(number) => plain(number),
        Value::F32(number) => plain(number),
        Value::Bool(flag) => plain(flag),
        Value::U64(number) => plain(number),
        Value::I64(number) => plain(number),
        Value::F64(number) => plain(number),
        Value::String(text) => EntryValue::Text(text.clone()),
        Value::Array(array) => EntryValue::List { length: array.len, first: first(array) },
    };
    Entry { key: key.to_owned(), kind: value.type_name(), value: shown }
}

fn first(array: &Array) -> Vec<String> {
    match &array.items {
        Items::Skipped => Vec::new(),
        Items::Integers(numbers) => numbers.iter().take(TOLD).map(ToString::to_string).collect(),
        Items::Strings(table) => {
            table.iter().take(TOLD).map(|text| String::from_utf8_lossy(text).into_owned()).collect()
        }
    }
}

fn tensor_types(header: &Header) -> Vec<TensorType> {
    let mut types: Vec<TensorType> = Vec::new();
    for tensor in &header.tensors {
        let bytes = tensor.bytes().unwrap_or(u64::MAX);
        match types.iter_mut().find(|it| it.name == tensor.kind.name) {
            Some(it) => (it.count, it.bytes) = (it.count + 1, it.bytes.saturating_add(bytes)),
            None => types.push(TensorType { name: tensor.kind.name, count: 1, bytes }),
        }
    }
    types.sort_by_key(|it| std::cmp::Reverse(it.bytes));
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_in_the_program_tells_all_it_has() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
        let details = details(Path::new(file)).expect("a header");
        let entry =
            |key: &str| details.metadata.iter().find(|entry| entry.key == key).expect("there").clone();
        let architecture = entry("general.architecture");
        assert_eq!(
            (architecture.kind.as_str(), architecture.value),
            ("str", EntryValue::Text("llama".into()))
        );
        let tokens = entry("tokenizer.ggml.tokens");
        let EntryValue::List { length, first } = tokens.value else { panic!("{tokens:?}") };
        let checked = details.checked.as_ref().expect("a model");
        assert_eq!((length, first.len()), (u64::from(checked.vocabulary_size), TOLD));
        assert_eq!(tokens.kind, "arr[str]");
        assert!(details.metadata.is_sorted_by(|one, other| one.key < other.key));
        let tensors: u64 = details.tensors.iter().map(|it| it.bytes).sum();
        assert!(details.tensors[0].name == "Q8_0" && tensors < details.size && tensors > details.size / 2);
    }
}
