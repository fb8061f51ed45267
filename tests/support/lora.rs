//! LoRA adapters as GGUF files.

/// A string of GGUF: its length in eight bytes, then its bytes.
fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// An adapter of rank 2 for models of that architecture which changes what the first block's attention asks for: a matrix of
/// `width` × `width`. Its numbers look like chance and are always the same.
pub fn adapter(kind: &str, architecture: &str, width: u64) -> Vec<u8> {
    const RANK: u64 = 2;
    const ALIGNMENT: usize = 32;
    let pair = |key: &str, value: &str| [string(key), 8_u32.to_le_bytes().to_vec(), string(value)].concat();
    let tensor = |name: &str, shape: [u64; 2], offset: u64| {
        let shape: Vec<u8> = shape.iter().flat_map(|length| length.to_le_bytes()).collect();
        let f32_at = [&0_u32.to_le_bytes()[..], &offset.to_le_bytes()].concat();
        [string(name), 2_u32.to_le_bytes().to_vec(), shape, f32_at].concat()
    };
    let numbers = 2 * RANK * width;
    let mut file = [
        b"GGUF".to_vec(),
        3_u32.to_le_bytes().to_vec(),
        2_u64.to_le_bytes().to_vec(),
        4_u64.to_le_bytes().to_vec(),
        pair("general.type", kind),
        pair("adapter.type", "lora"),
        pair("general.architecture", architecture),
        [string("adapter.lora.alpha"), 6_u32.to_le_bytes().to_vec(), 2_f32.to_le_bytes().to_vec()].concat(),
        tensor("blk.0.attn_q.weight.lora_a", [width, RANK], 0),
        tensor("blk.0.attn_q.weight.lora_b", [RANK, width], 4 * RANK * width),
    ]
    .concat();
    file.resize(file.len().next_multiple_of(ALIGNMENT), 0);
    let mut state = 1_u32;
    for _ in 0..numbers {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let number = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
        file.extend(number.to_le_bytes());
    }
    file
}
