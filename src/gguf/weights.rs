//! Where the bytes of a model's files go: the header, each tensor, and what lies between them.

use super::{error::Fault, header::Header, tensor::Tensor};

/// One tensor of a model, as its header names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// How its elements are stored, such as `Q8_0`.
    pub kind: &'static str,
    /// Elements along each dimension, a row first.
    pub shape: Vec<u64>,
    /// Bytes in the file.
    pub bytes: u64,
}

impl TensorInfo {
    /// Number of elements.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.shape.iter().product()
    }
}

/// The tensors of all parts of a model, and the bytes that are none of theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weights {
    /// Every tensor, in the order of the files.
    pub tensors: Vec<TensorInfo>,
    /// Bytes before the first tensor: metadata with the vocabulary, names and shapes.
    pub header: u64,
    /// Bytes between tensors, which begin at multiples of the file's alignment, and after the last.
    pub padding: u64,
}

impl Weights {
    /// Of the headers of all parts.
    pub(super) fn read(headers: &[Header]) -> Result<Self, Fault> {
        let mut weights = Self::default();
        for header in headers {
            let tensors: Vec<_> = header.tensors.iter().map(describe).collect::<Result<_, _>>()?;
            let data: u64 = tensors.iter().map(|tensor| tensor.bytes).sum();
            weights.header += header.start;
            weights.padding += header.size.saturating_sub(header.start).saturating_sub(data);
            weights.tensors.extend(tensors);
        }
        Ok(weights)
    }

    /// Bytes of all tensors.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.bytes).sum()
    }

    /// The tensor of this name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }
}

fn describe(tensor: &Tensor) -> Result<TensorInfo, Fault> {
    // The header was held against the file's size, so there is none that overflows.
    let bytes = tensor.bytes().ok_or(Fault::CutShort { promised: u64::MAX, found: 0 })?;
    Ok(TensorInfo { name: tensor.name.clone(), kind: tensor.kind.name, shape: tensor.shape.clone(), bytes })
}
