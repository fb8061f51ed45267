//! The names that are nearest to one that is not there.

use crate::toml_source::edit_distance;

/// Names that are told at most.
const TOLD: usize = 3;
/// Longer ones are not compared: the work grows with the product of the lengths.
const LONGEST: usize = 200;

/// The names nearest to `typed`, the nearest first, whatever the case of their letters: those that hold it, and those of
/// which at most a third would have to change. At most three.
#[must_use]
pub fn nearest(typed: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    if typed.is_empty() || length > LONGEST {
        return Vec::new();
    }
    let limit = (length / 3).max(2);
    let mut near: Vec<(usize, String)> = names
        .into_iter()
        .filter(|name| name.chars().count() <= LONGEST)
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let distance = edit_distance(&typed, &lower);
            let holds = lower.contains(&typed);
            (holds || distance <= limit && distance < length).then_some((distance, name))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(TOLD).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_strangers_not_at_all() {
        let names = ["llama3:8b", "llama3.1:8b", "qwen3:4b", "LLAMA2:7b"].map(str::to_owned);
        assert_eq!(nearest("llama3:8B", names.clone()), ["llama3:8b", "LLAMA2:7b", "llama3.1:8b"]);
        assert_eq!(nearest("qwen", names.clone()), ["qwen3:4b"], "it begins so");
        assert_eq!(nearest("mistral", names.clone()), Vec::<String>::new());
        assert_eq!(nearest("", names), Vec::<String>::new());
    }
}
