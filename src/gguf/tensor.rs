//! What a header says about one tensor.

use std::io::{Read, Seek};

use super::{
    error::{Fault, quoted},
    ggml_type::GgmlType,
    source::Source,
};

/// ggml's `GGML_MAX_NAME`, which counts the closing zero.
const LONGEST_NAME: usize = 63;
/// ggml's `GGML_MAX_DIMS`.
const MOST_DIMENSIONS: u32 = 4;

/// One tensor: its name, shape, type and place.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    pub(super) name: String,
    /// Elements along each dimension, a row first; all are at least 1.
    pub(super) shape: Vec<u64>,
    pub(super) kind: GgmlType,
    /// Bytes from the start of the data.
    pub(super) offset: u64,
}

impl Tensor {
    /// Reads the description of tensor number `index`.
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, index: u64) -> Result<Self, Fault> {
        let name = read_name(source, index)?;
        let shape = read_shape(source, &name)?;
        let id = source.u32(&name)?;
        let kind =
            GgmlType::from_id(id).ok_or_else(|| Fault::UnknownTensorType { name: name.clone(), id })?;
        if shape[0] % kind.block != 0 {
            return Err(Fault::RowLength { name, row: shape[0], block: kind.block, kind: kind.name });
        }
        let offset = source.u64(&name)?;
        Ok(Self { name, shape, kind, offset })
    }

    /// Number of elements. [`Tensor::read`] made sure that it fits in 63 bits.
    pub(super) fn elements(&self) -> u64 {
        self.shape.iter().product()
    }

    /// Bytes of data; `None` when that does not fit in 64 bits.
    pub(super) fn bytes(&self) -> Option<u64> {
        (self.elements() / self.kind.block).checked_mul(self.kind.bytes)
    }
}

fn read_name<R: Read + Seek>(source: &mut Source<R>, index: u64) -> Result<String, Fault> {
    let what = format!("the name of tensor {index}");
    let length = source.u64(&what)?;
    source.require(length, &what)?;
    if length == 0 || length > LONGEST_NAME as u64 {
        return Err(Fault::BadTensorName { name: format!("a name of {length} bytes") });
    }
    let bytes = source.bytes(length, &what)?;
    match String::from_utf8(bytes) {
        Ok(name) if !name.chars().any(char::is_control) => Ok(name),
        Ok(name) => Err(Fault::BadTensorName { name: quoted(&name) }),
        Err(error) => Err(Fault::BadTensorName { name: quoted(&String::from_utf8_lossy(error.as_bytes())) }),
    }
}

fn read_shape<R: Read + Seek>(source: &mut Source<R>, name: &str) -> Result<Vec<u64>, Fault> {
    let bad = |what: String| Fault::BadShape { name: name.to_owned(), what };
    let dimensions = source.u32(name)?;
    if dimensions == 0 || dimensions > MOST_DIMENSIONS {
        return Err(bad(format!("{dimensions} dimensions instead of 1 to {MOST_DIMENSIONS}")));
    }
    let mut shape = Vec::with_capacity(dimensions as usize);
    for _ in 0..dimensions {
        shape.push(source.u64(name)?);
    }
    let elements = shape.iter().try_fold(1_u64, |product, &length| product.checked_mul(length));
    match elements {
        Some(0) => Err(bad("a dimension of length 0".into())),
        Some(elements) if i64::try_from(elements).is_ok() => Ok(shape),
        _ => Err(bad(format!("an impossible shape, {shape:?}"))),
    }
}
