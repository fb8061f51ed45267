//! A model in a list, with what its header says once that was read; sorting and searching.

use std::cmp::Reverse;

use super::{Card, FoundModel};

/// A model in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedModel {
    /// Where it is.
    pub found: FoundModel,
    /// What its header says, or why it cannot be run; None while that was not read.
    pub card: Option<Result<Card, String>>,
}

/// How a list of models is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelSort {
    /// What was loaded lately first, then by place and name.
    #[default]
    Recent,
    /// By name.
    Name,
    /// The largest file first.
    Size,
    /// Most parameters first.
    Parameters,
    /// The longest context first.
    Context,
}

impl ModelSort {
    /// All of them, in the order in which a key goes through them.
    pub const ALL: [Self; 5] = [Self::Recent, Self::Name, Self::Size, Self::Parameters, Self::Context];

    /// Its name, on the command line and on the screen.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Name => "name",
            Self::Size => "size",
            Self::Parameters => "parameters",
            Self::Context => "context",
        }
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// Sorts; what is equal keeps its order. Models whose header was not read, or that cannot be run, have no parameters and
    /// no context, and come last by those.
    pub fn sort(self, models: &mut [ListedModel]) {
        match self {
            // The order in which they were found is by place and name.
            Self::Recent => models.sort_by_cached_key(|model| {
                let FoundModel { place, name, path, recent, .. } = &model.found;
                let loaded = *place != super::Place::Loaded;
                (loaded, recent.unwrap_or(usize::MAX), *place, name.to_lowercase(), path.clone())
            }),
            Self::Name => models.sort_by_cached_key(|model| model.found.name.to_lowercase()),
            Self::Size => models.sort_by_key(|model| Reverse(model.found.size)),
            Self::Parameters => {
                models.sort_by_key(|model| Reverse(model.runs().map_or(0, |card| card.parameters)));
            }
            Self::Context => {
                models.sort_by_key(|model| Reverse(model.runs().map_or(0, |card| card.context_length)));
            }
        }
    }
}

impl ListedModel {
    /// Its card, if it was read and can be run.
    #[must_use]
    pub fn runs(&self) -> Option<&Card> {
        self.card.as_ref()?.as_ref().ok()
    }

    /// Whether it has every word of a search, whatever the case of the letters, in its name, its place, its architecture or
    /// its quantisation.
    #[must_use]
    pub fn matches(&self, search: &str) -> bool {
        let mut text = format!("{} {}", self.found.name, self.found.place.label());
        if let Some(card) = self.runs() {
            for more in [
                card.architecture.as_str(),
                card.quantisation.unwrap_or(""),
                card.name.as_deref().unwrap_or(""),
            ] {
                text.push(' ');
                text.push_str(more);
            }
        }
        let text = text.to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Place;

    fn model(name: &str, size: u64, place: Place, recent: Option<usize>) -> ListedModel {
        let found = FoundModel { name: name.into(), path: name.into(), size, place, recent };
        ListedModel { found, card: None }
    }

    fn names(sort: ModelSort) -> Vec<String> {
        let mut models = vec![
            model("loaded", 1, Place::Loaded, Some(2)),
            model("b", 5, Place::Beside, None),
            model("C", 7, Place::Ollama, Some(0)),
            model("a", 3, Place::Ollama, Some(1)),
        ];
        models[1].card = Some(Err("broken".into()));
        sort.sort(&mut models);
        models.into_iter().map(|model| model.found.name).collect()
    }

    #[test]
    fn sorted_in_every_way() {
        assert_eq!(names(ModelSort::Recent), ["loaded", "C", "a", "b"]);
        assert_eq!(names(ModelSort::Name), ["a", "b", "C", "loaded"]);
        assert_eq!(names(ModelSort::Size), ["C", "b", "a", "loaded"]);
        assert_eq!(names(ModelSort::Context), ["loaded", "b", "C", "a"], "nothing is known of any");
        let all = ModelSort::ALL.into_iter().scan(ModelSort::Recent, |sort, _| {
            *sort = sort.next();
            Some(*sort)
        });
        assert_eq!(all.last(), Some(ModelSort::Recent), "a key goes through all of them");
    }

    #[test]
    fn every_word_of_a_search_has_to_be_there() {
        let it = model("org/Qwen3-GGUF qwen3-0.6b.gguf", 1, Place::HuggingFace, None);
        for search in ["", "qwen", "QWEN3 gguf", "hugging 0.6b"] {
            assert!(it.matches(search), "{search}");
        }
        assert!(!it.matches("qwen 7b"));
    }
}
