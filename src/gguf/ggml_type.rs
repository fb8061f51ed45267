//! ggml's tensor types: their names and how many bytes a block of elements takes.

/// How a tensor's elements are stored (`ggml_type` in ggml.h, sizes from the blocks in ggml-common.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GgmlType {
    id: u32,
    /// Name as people know it.
    pub(super) name: &'static str,
    /// Elements in a block.
    pub(super) block: u64,
    /// Bytes in a block.
    pub(super) bytes: u64,
}

/// 32-bit floats, which llama.cpp insists on for a few tensors.
pub(super) const F32_NAME: &str = "F32";

const fn kind(id: u32, name: &'static str, block: u64, bytes: u64) -> GgmlType {
    GgmlType { id, name, block, bytes }
}

/// Every type that can be in a file; the numbers between were given up by ggml.
const TYPES: [GgmlType; 35] = [
    kind(0, F32_NAME, 1, 4),
    kind(1, "F16", 1, 2),
    kind(2, "Q4_0", 32, 18),
    kind(3, "Q4_1", 32, 20),
    kind(6, "Q5_0", 32, 22),
    kind(7, "Q5_1", 32, 24),
    kind(8, "Q8_0", 32, 34),
    kind(9, "Q8_1", 32, 36),
    kind(10, "Q2_K", 256, 84),
    kind(11, "Q3_K", 256, 110),
    kind(12, "Q4_K", 256, 144),
    kind(13, "Q5_K", 256, 176),
    kind(14, "Q6_K", 256, 210),
    kind(15, "Q8_K", 256, 292),
    kind(16, "IQ2_XXS", 256, 66),
    kind(17, "IQ2_XS", 256, 74),
    kind(18, "IQ3_XXS", 256, 98),
    kind(19, "IQ1_S", 256, 50),
    kind(20, "IQ4_NL", 32, 18),
    kind(21, "IQ3_S", 256, 110),
    kind(22, "IQ2_S", 256, 82),
    kind(23, "IQ4_XS", 256, 136),
    kind(24, "I8", 1, 1),
    kind(25, "I16", 1, 2),
    kind(26, "I32", 1, 4),
    kind(27, "I64", 1, 8),
    kind(28, "F64", 1, 8),
    kind(29, "IQ1_M", 256, 56),
    kind(30, "BF16", 1, 2),
    kind(34, "TQ1_0", 256, 54),
    kind(35, "TQ2_0", 256, 66),
    kind(39, "MXFP4", 32, 17),
    kind(40, "NVFP4", 64, 36),
    kind(41, "Q1_0", 128, 18),
    kind(42, "Q2_0", 64, 18),
];

impl GgmlType {
    pub(super) fn from_id(id: u32) -> Option<Self> {
        TYPES.into_iter().find(|kind| kind.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_blocks() {
        // A half-precision scale and 32 bytes; a half, 16 scales and 256 times 6 bits; 4 one-byte scales and 64 nibbles.
        for (id, name, block, bytes) in
            [(8, "Q8_0", 32, 2 + 32), (14, "Q6_K", 256, 2 + 16 + 192), (40, "NVFP4", 64, 4 + 32)]
        {
            assert_eq!(GgmlType::from_id(id), Some(GgmlType { id, name, block, bytes }));
        }
    }

    #[test]
    fn numbers_are_unique_and_removed_types_unknown() {
        for (index, kind) in TYPES.iter().enumerate() {
            assert!(TYPES[index + 1..].iter().all(|other| other.id != kind.id && other.name != kind.name));
        }
        for removed in [4, 5, 31, 32, 33, 36, 37, 38, 43, u32::MAX] {
            assert_eq!(GgmlType::from_id(removed), None);
        }
    }
}
