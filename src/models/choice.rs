//! Which of a repository's files is the model that is meant, in llama.cpp's way (`common/download.cpp`).

use super::{file_name::is_model_name, name::Pick};

/// The quantisations that are taken where none is named, the first that is there.
const USUAL: [&str; 2] = ["Q4_K_M", "Q8_0"];

/// Why no file is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoChoice {
    /// There is no model at all.
    NoModel,
    /// None of that quantisation; those there are.
    NoTag {
        /// What was asked for.
        tag: String,
        /// The quantisations that the files name, or where they name none, the files.
        there: Vec<String>,
    },
    /// No such file; the models there are.
    NoFile {
        /// What was asked for.
        file: String,
        /// The models.
        there: Vec<String>,
    },
}

/// The file among `paths` (from the repository's folder on) that is meant; the first of a model in parts.
///
/// # Errors
///
/// None of them is it; what there is instead.
pub fn choose<'a>(paths: &[&'a str], pick: &Pick) -> Result<&'a str, NoChoice> {
    let models: Vec<&str> = paths.iter().copied().filter(|path| is_model_name(path)).collect();
    if let Pick::File(file) = pick {
        // Named by a person, whatever its name says.
        let named = paths.iter().find(|path| *path == file);
        let no_file = || NoChoice::NoFile {
            file: file.clone(),
            there: models.iter().map(ToString::to_string).collect(),
        };
        return named.copied().ok_or_else(no_file);
    }
    let first = *models.first().ok_or(NoChoice::NoModel)?;
    match pick {
        Pick::Tag(tag) => {
            with_tag(&models, tag).ok_or_else(|| NoChoice::NoTag { tag: tag.clone(), there: tags(&models) })
        }
        _ => Ok(USUAL.iter().find_map(|tag| with_tag(&models, tag)).unwrap_or(first)),
    }
}

/// The first model whose path has the tag before a dot or a hyphen; where one has it as a word of its own, that one.
fn with_tag<'a>(models: &[&'a str], tag: &str) -> Option<&'a str> {
    let has = |path: &str, whole: bool| {
        let (path, tag) = (path.to_ascii_lowercase(), tag.to_ascii_lowercase());
        path.match_indices(&tag).any(|(at, _)| {
            let before = path[..at].chars().next_back();
            let after = path[at + tag.len()..].chars().next();
            matches!(after, Some('.' | '-')) && !(whole && before.is_some_and(char::is_alphanumeric))
        })
    };
    let find = |whole| models.iter().copied().find(|path| has(path, whole));
    find(true).or_else(|| find(false))
}

/// The quantisations that paths name, each once, in their order; the paths where none names one.
fn tags(models: &[&str]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in models.iter().filter_map(|path| tag(path)) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.is_empty() { models.iter().map(ToString::to_string).collect() } else { tags }
}

/// The quantisation that a path names: its last word that looks like one.
fn tag(path: &str) -> Option<String> {
    let words = path.split(['-', '.', '/']).rev();
    words.map(str::to_ascii_uppercase).find(|word| {
        let float = matches!(word.as_str(), "F16" | "F32" | "BF16" | "MXFP4" | "NVFP4" | "MXFP4_MOE");
        let digits = ["IQ", "TQ", "Q"].iter().find_map(|start| word.strip_prefix(start));
        float || digits.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 8] = [
        "README.md",
        "gemma-IQ4_NL.gguf",
        "gemma-Q8_0.gguf",
        "gemma-UD-Q4_K_M-00001-of-00002.gguf",
        "gemma-UD-Q4_K_M-00002-of-00002.gguf",
        "imatrix_Q2_K.gguf",
        "mmproj-gemma-Q8_0.gguf",
        "BF16/gemma.bf16.gguf",
    ];

    fn tag(tag: &str) -> Pick {
        Pick::Tag(tag.to_owned())
    }

    #[test]
    fn a_tag_then_the_usual_ones_then_the_first() {
        assert_eq!(choose(&FILES, &Pick::Usual), Ok("gemma-UD-Q4_K_M-00001-of-00002.gguf"));
        assert_eq!(choose(&FILES[..3], &Pick::Usual), Ok("gemma-Q8_0.gguf"));
        assert_eq!(choose(&FILES[..2], &Pick::Usual), Ok("gemma-IQ4_NL.gguf"));
        assert_eq!(choose(&FILES, &tag("q8_0")), Ok("gemma-Q8_0.gguf"), "no projector");
        assert_eq!(choose(&FILES, &tag("bf16")), Ok("BF16/gemma.bf16.gguf"));
        assert_eq!(choose(&FILES, &tag("UD-Q4_K_M")), Ok("gemma-UD-Q4_K_M-00001-of-00002.gguf"));
    }

    #[test]
    fn a_tag_is_a_word_of_its_own_where_there_is_one() {
        let files = ["a-IQ4_K.gguf", "a-Q4_K.gguf"];
        assert_eq!(choose(&files, &tag("Q4_K")), Ok("a-Q4_K.gguf"));
        assert_eq!(choose(&files[..1], &tag("Q4_K")), Ok("a-IQ4_K.gguf"), "as llama.cpp finds it");
        let tied = choose(&files, &tag("Q4")).expect_err("Q4 stands before no dot or hyphen");
        assert_eq!(tied, NoChoice::NoTag { tag: "Q4".into(), there: vec!["IQ4_K".into(), "Q4_K".into()] });
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let there = ["IQ4_NL", "Q8_0", "Q4_K_M", "BF16"].map(str::to_owned).to_vec();
        assert_eq!(choose(&FILES, &tag("Q2_K")), Err(NoChoice::NoTag { tag: "Q2_K".into(), there }));
        assert_eq!(choose(&["README.md", "mmproj.gguf"], &Pick::Usual), Err(NoChoice::NoModel));
        let file = Pick::File("x.gguf".into());
        let there = vec!["gemma-Q8_0.gguf".to_owned()];
        assert_eq!(choose(&FILES[2..3], &file), Err(NoChoice::NoFile { file: "x.gguf".into(), there }));
        let named = Pick::File("mmproj-gemma-Q8_0.gguf".into());
        assert_eq!(choose(&FILES, &named), Ok("mmproj-gemma-Q8_0.gguf"), "a person has named it");
        let plain = choose(&["story.gguf"], &tag("Q8_0"));
        assert_eq!(plain, Err(NoChoice::NoTag { tag: "Q8_0".into(), there: vec!["story.gguf".into()] }));
    }
}
