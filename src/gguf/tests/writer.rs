//! A small writer of GGUF files that lets everything be wrong.

/// A value as it is written.
pub(super) enum Val {
    U16(u16),
    U32(u32),
    I32(i32),
    F32(f32),
    Bool(bool),
    Str(&'static str),
    Strs(Vec<Vec<u8>>),
    U32s(Vec<u32>),
    I32s(Vec<i32>),
    /// Type number and bytes.
    Raw(u32, Vec<u8>),
}

impl Val {
    fn bytes(&self) -> Vec<u8> {
        fn plain(kind: u32, bytes: &[u8]) -> Vec<u8> {
            [&kind.to_le_bytes(), bytes].concat()
        }
        fn array(kind: u32, len: usize, items: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
            [plain(9, &kind.to_le_bytes()), (len as u64).to_le_bytes().to_vec(), items.flatten().collect()]
                .concat()
        }
        match self {
            Self::U16(value) => plain(2, &value.to_le_bytes()),
            Self::U32(value) => plain(4, &value.to_le_bytes()),
            Self::I32(value) => plain(5, &value.to_le_bytes()),
            Self::F32(value) => plain(6, &value.to_le_bytes()),
            Self::Bool(value) => plain(7, &[u8::from(*value)]),
            Self::Str(value) => plain(8, &string(value.as_bytes())),
            Self::Strs(values) => array(8, values.len(), values.iter().map(|text| string(text))),
            Self::U32s(values) => array(4, values.len(), values.iter().map(|n| n.to_le_bytes().to_vec())),
            Self::I32s(values) => array(5, values.len(), values.iter().map(|n| n.to_le_bytes().to_vec())),
            Self::Raw(kind, bytes) => plain(*kind, bytes),
        }
    }
}

fn string(text: &[u8]) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text].concat()
}

/// One tensor's description; its data is written as zeros.
#[derive(Clone)]
pub(super) struct TensorInfo {
    pub(super) name: Vec<u8>,
    pub(super) shape: Vec<u64>,
    pub(super) kind: u32,
    pub(super) offset: u64,
    /// Bytes of data.
    pub(super) bytes: u64,
}

/// A file in the making. Pairs are written in the order they were set.
pub(super) struct Gguf {
    pub(super) magic: [u8; 4],
    pub(super) version: u32,
    pairs: Vec<(Vec<u8>, Val)>,
    pub(super) tensors: Vec<TensorInfo>,
    /// Written instead of the real numbers of tensors and pairs.
    pub(super) counts: Option<(u64, u64)>,
    pub(super) alignment: u64,
}

/// Width of the minimal model.
pub(super) const WIDTH: u64 = 32;
/// Tokens of the minimal model.
pub(super) const VOCABULARY: u64 = 3;

impl Gguf {
    /// A llama of one block, width 32, two heads and three tokens, with nothing but its embedding: 96 parameters.
    pub(super) fn minimal() -> Self {
        let mut file = Self {
            magic: *b"GGUF",
            version: 3,
            pairs: Vec::new(),
            tensors: Vec::new(),
            counts: None,
            alignment: 32,
        };
        file.set("general.architecture", Val::Str("llama"));
        file.set("llama.block_count", Val::U32(1));
        file.set("llama.context_length", Val::U32(64));
        file.set("llama.embedding_length", Val::U32(WIDTH as u32));
        file.set("llama.attention.head_count", Val::U32(2));
        file.set("tokenizer.ggml.model", Val::Str("gpt2"));
        file.set("tokenizer.ggml.merges", Val::Strs(Vec::new()));
        file.set("tokenizer.ggml.tokens", Val::Strs([b"a", b"b", b"c"].map(|text| text.to_vec()).to_vec()));
        file.tensor("token_embd.weight", &[WIDTH, VOCABULARY], 0, WIDTH * VOCABULARY * 4);
        file
    }

    /// Sets a pair, replacing one of the same key.
    pub(super) fn set(&mut self, key: &str, value: Val) {
        match self.pairs.iter_mut().find(|(existing, _)| existing == key.as_bytes()) {
            Some(pair) => pair.1 = value,
            None => self.add(key.as_bytes(), value),
        }
    }

    /// Adds a pair whatever is there.
    pub(super) fn add(&mut self, key: &[u8], value: Val) {
        self.pairs.push((key.to_vec(), value));
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.pairs.retain(|(existing, _)| existing != key.as_bytes());
    }

    /// Renames every key of one architecture to another's, and the architecture itself.
    pub(super) fn architecture(&mut self, name: &'static str) {
        for (key, _) in &mut self.pairs {
            if let Some(rest) = key.strip_prefix(b"llama") {
                *key = [name.as_bytes(), rest].concat();
            }
        }
        self.set("general.architecture", Val::Str(name));
    }

    /// Adds a tensor after the others.
    pub(super) fn tensor(&mut self, name: &str, shape: &[u64], kind: u32, bytes: u64) {
        let offset =
            self.tensors.last().map_or(0, |last| (last.offset + last.bytes).next_multiple_of(self.alignment));
        self.tensors.push(TensorInfo { name: name.into(), shape: shape.to_vec(), kind, offset, bytes });
    }

    /// The header, up to where the padding before the data begins.
    pub(super) fn header(&self) -> Vec<u8> {
        let (tensors, pairs) = self.counts.unwrap_or((self.tensors.len() as u64, self.pairs.len() as u64));
        let mut bytes = self.magic.to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(tensors.to_le_bytes());
        bytes.extend(pairs.to_le_bytes());
        for (key, value) in &self.pairs {
            bytes.extend(string(key));
            bytes.extend(value.bytes());
        }
        for tensor in &self.tensors {
            bytes.extend(string(&tensor.name));
            bytes.extend((tensor.shape.len() as u32).to_le_bytes());
            bytes.extend(tensor.shape.iter().flat_map(|length| length.to_le_bytes()));
            bytes.extend(tensor.kind.to_le_bytes());
            bytes.extend(tensor.offset.to_le_bytes());
        }
        bytes
    }

    /// The whole file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header();
        let data = bytes.len().next_multiple_of(self.alignment as usize);
        let end = self.tensors.last().map_or(0, |last| last.offset + last.bytes);
        bytes.resize(data + end as usize, 0);
        bytes
    }
}
