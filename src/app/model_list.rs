//! What the picker of models shows: its rows, and what is typed into it.

use std::path::{Path, PathBuf};

use crate::{
    fetch::Progress,
    models::{Card, FoundModel, ListedModel, ModelName, ModelSort},
};

/// The list of models to load.
#[derive(Debug, Default)]
pub struct ModelList {
    /// The models found, sorted; None while they are looked for.
    pub found: Option<Vec<ListedModel>>,
    /// How they are sorted.
    pub sort: ModelSort,
    /// The selected row.
    pub selected: usize,
    /// What is typed, None while the list has the keys: words to look for, a path, or a name.
    pub path: Option<String>,
    /// Names that a typed path can go on with.
    pub names: Vec<String>,
    /// The folder that is listed in place of the known places.
    pub folder: Option<PathBuf>,
    /// Whether a model in a file is loaded, not the one in the program.
    pub file_loaded: bool,
    /// Bytes of memory that are free; None where nobody says, or before the first header was read.
    pub free: Option<u64>,
}

/// What the row of the model in the program is called.
pub const BUILT_IN: &str = "the small built-in model";

/// A row of the list of models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ModelRow<'a> {
    /// The model in the program.
    BuiltIn,
    /// A model that was found.
    Found(&'a ListedModel),
}

impl ModelRow<'_> {
    fn path(&self) -> Option<&Path> {
        match self {
            Self::BuiltIn => None,
            Self::Found(model) => Some(&model.found.path),
        }
    }
}

impl ModelList {
    /// The rows that what is typed leaves: the models as they are sorted, and the model in the program, which is first
    /// where it is the one that is loaded, else last.
    #[must_use]
    pub fn rows(&self) -> Vec<ModelRow<'_>> {
        let search = self.search();
        let found = self.found.iter().flatten().filter(|model| model.matches(search));
        let mut rows: Vec<ModelRow> = found.map(ModelRow::Found).collect();
        let words = search.to_lowercase();
        if words.split_whitespace().all(|word| BUILT_IN.contains(word)) {
            rows.insert(if self.file_loaded { rows.len() } else { 0 }, ModelRow::BuiltIn);
        }
        rows
    }

    /// The words to look for; nothing where a path or a name is typed.
    #[must_use]
    pub fn search(&self) -> &str {
        let typed = self.path.as_deref().unwrap_or_default().trim();
        let path = ['/', '~', '.'].iter().any(|start| typed.starts_with(*start));
        if path || ModelName::is_meant(typed) { "" } else { typed }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows().len()
    }

    /// Whether a search leaves none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Models whose headers were not read yet.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.found.iter().flatten().filter(|model| model.card.is_none()).count()
    }

    /// After something was typed: the first row that is left is selected.
    pub(super) fn typed(&mut self) {
        self.names.clear();
        self.selected = 0;
    }

    /// Takes in what was found.
    pub(super) fn set_found(&mut self, found: Vec<FoundModel>) {
        self.found = Some(found.into_iter().map(|found| ListedModel { found, card: None }).collect());
        self.resort(|_| {});
    }

    /// Another model is loaded now, a file or the one in the program: its row is the first.
    pub(super) fn loaded(&mut self, file: bool) {
        self.resort(|list| list.file_loaded = file);
    }

    /// Takes in what headers say. What is selected stays selected.
    pub(super) fn set_cards(&mut self, cards: Vec<(PathBuf, Result<Card, String>)>) {
        let mut cards: std::collections::HashMap<PathBuf, Result<Card, String>> = cards.into_iter().collect();
        self.resort(|list| {
            for model in list.found.iter_mut().flatten() {
                if let Some(card) = cards.remove(&model.found.path) {
                    model.card = Some(card);
                }
            }
        });
    }

    /// Sorts in the next way. What is selected stays selected.
    pub(super) fn sort_next(&mut self) {
        self.resort(|list| list.sort = list.sort.next());
    }

    /// Changes the list, sorts it, and selects what was selected.
    fn resort(&mut self, change: impl FnOnce(&mut Self)) {
        let selected = self.rows().get(self.selected).map(|row| row.path().map(Path::to_owned));
        change(self);
        let sort = self.sort;
        if let Some(found) = &mut self.found {
            sort.sort(found);
        }
        let at = selected.and_then(|path| self.rows().iter().position(|row| row.path() == path.as_deref()));
        // Before anything was found the first row is one's own choice only where it stays the first.
        self.selected = at.filter(|_| self.selected > 0 || !self.file_loaded).unwrap_or(self.selected);
    }
}

/// All that the file of a model says.
#[derive(Debug)]
pub struct ModelDetails {
    /// The model's name in the list: foreign text.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// What is shown, harmless, line by line; None while it is read.
    pub lines: Option<Vec<String>>,
    /// Rows scrolled past.
    pub scroll: usize,
}

/// A model that is being looked up or fetched.
#[derive(Debug)]
pub struct Fetching {
    /// The fetch's number.
    pub number: u64,
    /// The model's name, as it was typed: foreign text.
    pub name: String,
    /// How far it is; None before it has begun.
    pub progress: Option<Progress>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Place;

    fn list(names: &[&str]) -> ModelList {
        let found = |name: &&str| FoundModel {
            name: (*name).into(),
            path: (*name).into(),
            size: name.len() as u64,
            place: Place::CurrentFolder,
            recent: None,
        };
        let mut list = ModelList::default();
        list.set_found(names.iter().map(found).collect());
        list
    }

    fn shown(list: &ModelList) -> Vec<&str> {
        let name = |row: ModelRow<'_>| match row {
            ModelRow::BuiltIn => BUILT_IN,
            ModelRow::Found(model) => {
                list.found.iter().flatten().find(|it| *it == model).map_or("", |it| &it.found.name)
            }
        };
        list.rows().into_iter().map(name).collect()
    }

    #[test]
    fn words_narrow_the_list_and_paths_and_names_do_not() {
        let mut list = list(&["a/qwen.gguf", "gemma.gguf"]);
        for (typed, left) in
            [("QWEN", 1), ("gguf", 2), ("built", 1), ("nothing", 0), ("/qwen", 3), ("~/x", 3), ("hf:a/b", 3)]
        {
            list.path = Some(typed.into());
            list.typed();
            assert_eq!(list.len(), left, "{typed}");
        }
    }

    #[test]
    fn what_is_selected_stays_selected() {
        let mut list = list(&["bb", "a", "ccc"]);
        assert_eq!(shown(&list), [BUILT_IN, "a", "bb", "ccc"]);
        list.selected = 2;
        list.sort_next();
        list.sort_next();
        assert_eq!((list.sort, shown(&list)), (ModelSort::Size, vec![BUILT_IN, "ccc", "bb", "a"]));
        assert_eq!(list.selected, 2);
        list.set_cards(vec![("a".into(), Err("broken".into()))]);
        assert_eq!((list.unread(), list.selected), (2, 2));
        list.loaded(true);
        assert_eq!((shown(&list), list.selected), (vec!["ccc", "bb", "a", BUILT_IN], 1));
        list.loaded(false);
        assert_eq!((shown(&list), list.selected), (vec![BUILT_IN, "ccc", "bb", "a"], 2));
        list.selected = 3;
        list.sort_next();
        list.sort_next();
        list.sort_next();
        assert_eq!(shown(&list)[list.selected], "a");
    }
}
