//! The values of GGUF's metadata, with the exact types that llama.cpp insists on.

/// The type of a metadata value (`gguf_type` in ggml's gguf.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    String,
    Array,
    U64,
    I64,
    F64,
}

impl ValueType {
    /// In the order of their numbers in the file.
    const ALL: [Self; 13] = [
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::U32,
        Self::I32,
        Self::F32,
        Self::Bool,
        Self::String,
        Self::Array,
        Self::U64,
        Self::I64,
        Self::F64,
    ];

    pub(super) fn from_id(id: u32) -> Option<Self> {
        Self::ALL.get(id as usize).copied()
    }

    /// Bytes of one value in the file; `None` for strings and arrays.
    pub(super) const fn size(self) -> Option<u64> {
        match self {
            Self::U8 | Self::I8 | Self::Bool => Some(1),
            Self::U16 | Self::I16 => Some(2),
            Self::U32 | Self::I32 | Self::F32 => Some(4),
            Self::U64 | Self::I64 | Self::F64 => Some(8),
            Self::String | Self::Array => None,
        }
    }

    /// ggml's name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::Bool => "bool",
            Self::String => "str",
            Self::Array => "arr",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F64 => "f64",
        }
    }
}

/// One metadata value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    U8(u8),
    I8(i8),
    U16(u16),
    I16(i16),
    U32(u32),
    I32(i32),
    F32(f32),
    Bool(bool),
    /// Text; what is not UTF-8 was replaced.
    String(String),
    Array(Array),
    U64(u64),
    I64(i64),
    F64(f64),
}

impl Value {
    /// The type as messages show it: `u32`, `arr[str]`.
    pub(super) fn type_name(&self) -> String {
        match self {
            Self::U8(_) => ValueType::U8.name().into(),
            Self::I8(_) => ValueType::I8.name().into(),
            Self::U16(_) => ValueType::U16.name().into(),
            Self::I16(_) => ValueType::I16.name().into(),
            Self::U32(_) => ValueType::U32.name().into(),
            Self::I32(_) => ValueType::I32.name().into(),
            Self::F32(_) => ValueType::F32.name().into(),
            Self::Bool(_) => ValueType::Bool.name().into(),
            Self::String(_) => ValueType::String.name().into(),
            Self::Array(array) => format!("arr[{}]", array.element.name()),
            Self::U64(_) => ValueType::U64.name().into(),
            Self::I64(_) => ValueType::I64.name().into(),
            Self::F64(_) => ValueType::F64.name().into(),
        }
    }
}

/// An array of plain values. Only what a check needs is kept; the rest was walked over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) element: ValueType,
    /// Number of elements in the file, kept or not.
    pub(super) len: u64,
    pub(super) items: Items,
}

/// The kept elements of an array.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Items {
    /// Not kept.
    Skipped,
    /// `u32` and `i32` elements.
    Integers(Vec<i64>),
    Strings(StringTable),
}

/// Many short byte strings in one allocation: a vocabulary has hundreds of thousands of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct StringTable {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl StringTable {
    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end])
    }
}
