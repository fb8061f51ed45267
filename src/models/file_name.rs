//! What a GGUF file's name says: a model of its own, a part of one, or something that goes with one.

use std::{fs, path::Path};

/// The size in bytes of the model that begins with the file at `path`; None for a file that is not a model to list: not a
/// GGUF file by its name, a part after the first, a model with a part missing, or something that goes with a model.
pub(super) fn model_size(path: &Path) -> Option<u64> {
    path.extension().filter(|extension| extension.eq_ignore_ascii_case("gguf"))?;
    let stem = path.file_stem()?.to_string_lossy();
    if goes_with_a_model(&stem) {
        return None;
    }
    match part(&stem) {
        None => file_size(path),
        Some((name, 1, count)) => {
            let other = |number| path.with_file_name(format!("{name}-{number:05}-of-{count:05}.gguf"));
            // The first that is missing ends the sum, so that a name cannot ask for much work.
            (2..=count)
                .try_fold(file_size(path)?, |size, number| size.checked_add(file_size(&other(number))?))
        }
        Some(_) => None,
    }
}

/// Whether a path, by its name, is a model to choose: the first part of one, if it comes in parts.
pub(super) fn is_model_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let first = part(stem).is_none_or(|(_, number, _)| number == 1);
    ending.eq_ignore_ascii_case("gguf") && !stem.is_empty() && first && !goes_with_a_model(stem)
}

/// The paths of all parts of the model that begins with `first`: itself alone where it comes in one piece. At most `most`
/// parts; None if its name speaks of more.
#[must_use]
pub fn part_paths(first: &str, most: usize) -> Option<Vec<String>> {
    let (stem, ending) = first.rsplit_once('.')?;
    match part(stem) {
        None => Some(vec![first.to_owned()]),
        Some((_, _, count)) if count as usize > most => None,
        Some((name, _, count)) => {
            Some((1..=count).map(|number| format!("{name}-{number:05}-of-{count:05}.{ending}")).collect())
        }
    }
}

fn file_size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
}

/// Name, number and count of a part, as in `name-00001-of-00003` (`llama_split_path` in llama.cpp).
fn part(stem: &str) -> Option<(&str, u32, u32)> {
    let number = |digits: &str| {
        let all_digits = digits.len() >= 5 && digits.bytes().all(|b| b.is_ascii_digit());
        all_digits.then(|| digits.parse().ok()).flatten()
    };
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (name, index) = rest.rsplit_once('-')?;
    let (index, count) = (number(index)?, number(count)?);
    (1 <= index && index <= count).then_some((name, index, count))
}

/// Files that llama.cpp's tools take in addition to a model, or that only its makers need, by the names they commonly have.
fn goes_with_a_model(stem: &str) -> bool {
    let stem = stem.to_lowercase();
    let word = |word: &str| stem.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    let projector = stem.contains("mmproj");
    let adapter = (word("lora") || word("adapter")) && !word("merged");
    // Draft heads that run only inside their model (llama.cpp leaves the same ones out of its list).
    let draft = ["mtp-", "eagle3-", "dflash-", "dspark-"].iter().any(|start| stem.starts_with(start));
    let importance_matrix = stem.starts_with("imatrix") || stem.ends_with("imatrix");
    let vocabulary = stem.starts_with("ggml-vocab-");
    projector || adapter || draft || importance_matrix || vocabulary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        assert_eq!(part("big-q4-00001-of-00003"), Some(("big-q4", 1, 3)));
        assert_eq!(part("big-00003-of-00003"), Some(("big", 3, 3)));
        assert_eq!(part("a-of-b-00002-of-100000"), Some(("a-of-b", 2, 100_000)));
        for whole in
            ["big", "one-of-many", "x-1-of-3", "x-00004-of-00003", "x-00000-of-00003", "x-0000a-of-00003"]
        {
            assert_eq!(part(whole), None, "{whole}");
        }
        assert_eq!(part("x-00001-of-99999999999"), None, "more than can be counted");
    }

    #[test]
    fn all_parts_are_named() {
        assert_eq!(part_paths("a/b.gguf", 9), Some(vec!["a/b.gguf".into()]));
        let parts = ["Q8_0/b-00001-of-00002.gguf", "Q8_0/b-00002-of-00002.gguf"].map(str::to_owned).to_vec();
        assert_eq!(part_paths(&parts[0], 2), Some(parts.clone()));
        assert_eq!(part_paths("b-00001-of-99999.gguf", 2), None, "more than there are files");
    }

    #[test]
    fn what_goes_with_a_model() {
        for name in [
            "mmproj-F16",
            "gemma-3-mmproj-f16",
            "my-LoRA-f16",
            "ggml-adapter-model",
            "eagle3-llama",
            "imatrix_all",
            "Qwen-imatrix",
            "ggml-vocab-llama-bpe",
        ] {
            assert!(goes_with_a_model(name), "{name}");
        }
        for name in
            ["Lorax-7B", "explora-q4", "story-lora-merged-q8_0", "Qwen3-0.6B-Q8_0", "mistral-imatrix-q4_k_m"]
        {
            assert!(!goes_with_a_model(name), "{name}");
        }
    }
}
