//! The bytes of a model's files by what they are for.

use crate::gguf::{ModelFile, TensorInfo};

/// What tensors are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// From tokens to vectors; where it is tied also the output projection.
    Embedding,
    /// From the last vector to logits.
    Output,
    /// Queries, keys, values and what mixes them.
    Attention,
    /// The feed-forward part of every block.
    FeedForward,
    /// The same where a few of many are used for a token.
    Experts,
    /// Recurrent blocks.
    Recurrent,
    /// Scales of norms.
    Norms,
    /// Everything else, such as tables of positions.
    Other,
}

impl Kind {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Embedding => "token embedding",
            Self::Output => "output projection",
            Self::Attention => "attention",
            Self::FeedForward => "feed-forward",
            Self::Experts => "experts",
            Self::Recurrent => "recurrent",
            Self::Norms => "norms",
            Self::Other => "other",
        }
    }

    /// By llama.cpp's names of tensors.
    fn of(name: &str) -> Self {
        let local =
            name.strip_prefix("blk.").and_then(|rest| rest.split_once('.')).map_or(name, |(_, rest)| rest);
        let is = |part: &str| local.contains(part);
        if local.starts_with("token_embd.") || local.starts_with("per_layer_token_embd") {
            return Self::Embedding;
        }
        if local.starts_with("output.") {
            return Self::Output;
        }
        if is("norm") {
            return Self::Norms;
        }
        if is("_exps") || is("_shexp") || is("ffn_gate_inp") || is("exp_probs") {
            return Self::Experts;
        }
        if local.starts_with("ssm_") || is("time_mix") || is("channel_mix") || is("shortconv") {
            return Self::Recurrent;
        }
        if local.starts_with("attn_") {
            return Self::Attention;
        }
        if local.starts_with("ffn_") { Self::FeedForward } else { Self::Other }
    }
}

/// The tensors of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are for.
    pub kind: Kind,
    /// How many there are.
    pub tensors: usize,
    /// Their elements.
    pub elements: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How they are stored, that with the most bytes first.
    pub stored: Vec<&'static str>,
}

/// The tensors of a model by kind, in the order of [`Kind`].
#[must_use]
pub fn groups(file: &ModelFile) -> Vec<Group> {
    let mut groups: Vec<(Group, Vec<(&'static str, u64)>)> = Vec::new();
    for tensor in &file.weights.tensors {
        add(&mut groups, tensor);
    }
    groups.sort_by_key(|(group, _)| group.kind);
    groups
        .into_iter()
        .map(|(group, mut stored)| {
            stored.sort_by_key(|&(_, bytes)| std::cmp::Reverse(bytes));
            Group { stored: stored.into_iter().map(|(name, _)| name).collect(), ..group }
        })
        .collect()
}

fn add(groups: &mut Vec<(Group, Vec<(&'static str, u64)>)>, tensor: &TensorInfo) {
    let kind = Kind::of(&tensor.name);
    let at = groups.iter().position(|(group, _)| group.kind == kind).unwrap_or_else(|| {
        let group = Group { kind, tensors: 0, elements: 0, bytes: 0, stored: Vec::new() };
        groups.push((group, Vec::new()));
        groups.len() - 1
    });
    let (group, stored) = &mut groups[at];
    group.tensors += 1;
    group.elements += tensor.elements();
    group.bytes += tensor.bytes;
    match stored.iter_mut().find(|(name, _)| *name == tensor.kind) {
        Some((_, bytes)) => *bytes += tensor.bytes,
        None => stored.push((tensor.kind, tensor.bytes)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::gguf;

    #[test]
    fn names_of_tensors_have_their_kind() {
        for (name, kind) in [
            ("token_embd.weight", Kind::Embedding),
            ("output.weight", Kind::Output),
            ("output_norm.weight", Kind::Norms),
            ("blk.0.attn_q.weight", Kind::Attention),
            ("blk.12.attn_q_norm.weight", Kind::Norms),
            ("blk.3.ffn_down.weight", Kind::FeedForward),
            ("blk.3.ffn_down_exps.weight", Kind::Experts),
            ("blk.3.ssm_in.weight", Kind::Recurrent),
            ("rope_freqs.weight", Kind::Other),
        ] {
            assert_eq!(Kind::of(name), kind, "{name}");
        }
    }

    #[test]
    fn bytes_of_kinds_header_and_padding_are_the_files_size() {
        for name in [
            "storyteller-4.5m-q8_0.gguf",
            "storyteller-draft-0.6m-q8_0.gguf",
            "storyteller-diffusion-4.5m-q5_0.gguf",
        ] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models").join(name);
            let file = gguf::check(&path).unwrap();
            let groups = groups(&file);
            let bytes: u64 = groups.iter().map(|group| group.bytes).sum();
            assert_eq!(bytes + file.weights.header + file.weights.padding, file.size, "{name}");
            assert_eq!(file.size, std::fs::metadata(&path).unwrap().len(), "{name}");
            let elements: u64 = groups.iter().map(|group| group.elements).sum();
            assert_eq!(elements, file.parameters, "{name}");
            // Tensors begin at multiples of 32 bytes: less than that lies before each.
            assert!(file.weights.padding < 32 * file.weights.tensors.len() as u64, "{name}");
        }
    }
}
