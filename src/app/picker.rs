//! Choosing a model: what is typed into the list, the details of one, and fetching one by its name.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent};

use super::{
    BUILT_IN, Effect, Fetching, ModelDetails, ModelList, ModelRow, Overlay, State,
    input::{LineKey, line_key},
    keys::PAGE,
};
use crate::{
    fetch::Progress,
    models::{Card, FoundModel, ModelName, complete},
    settings::ModelSettings,
};

impl State {
    /// What models are loaded with.
    #[must_use]
    pub fn model_settings(&self) -> &ModelSettings {
        &self.desk.settings.model
    }

    /// Has models looked for: in the known places, or in a folder.
    pub(super) fn find_models(&mut self, folder: Option<PathBuf>) {
        let (loaded, own) = (self.loaded_file(), self.desk.settings.model.folders.clone());
        self.desk.obtaining.reading = true;
        self.desk.ask(Effect::FindModels { loaded, folder, own });
    }

    /// Lists the models of a folder, below what lies over the screen already.
    pub(super) fn choose_from(&mut self, folder: PathBuf) {
        let list = ModelList { folder: Some(folder.clone()), ..ModelList::default() };
        self.desk.overlays.insert(0, Overlay::Models(list));
        self.find_models(Some(folder));
    }

    /// Whether keys are typed into the list of models.
    pub(super) fn searches_models(&self) -> bool {
        matches!(self.desk.overlays.last(), Some(Overlay::Models(list)) if list.path.is_some())
    }

    /// The list of models of a folder, or of the known places, if it is still open.
    fn model_list(&mut self, folder: Option<&Path>) -> Option<&mut ModelList> {
        self.desk.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Models(list) if list.folder.as_deref() == folder => Some(list),
            _ => None,
        })
    }

    /// A model is loaded while the list is open: it is listed first, as if the list were opened now.
    pub(super) fn list_loaded_first(&mut self) {
        let file = self.loaded_file().is_some();
        let open = self.desk.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Models(list) => Some(list),
            _ => None,
        });
        if let Some(list) = open {
            list.loaded(file);
            let folder = list.folder.clone();
            self.find_models(folder);
        }
    }

    /// Shows the models found in a folder, or in the known places, if that is what is still listed.
    pub(super) fn models_found(&mut self, folder: Option<&Path>, found: Vec<FoundModel>) {
        if let Some(list) = self.model_list(folder) {
            list.set_found(found);
        }
    }

    /// Shows what the headers of some say.
    pub(super) fn cards_read(
        &mut self,
        folder: Option<&Path>,
        cards: Vec<(PathBuf, Result<Card, String>)>,
        free: Option<u64>,
    ) {
        if let Some(list) = self.model_list(folder) {
            list.free = free;
            list.set_cards(cards);
        }
    }

    /// Nobody waits for headers once the list is closed.
    pub(super) fn stop_reading_unseen(&mut self) {
        let listed = self.desk.overlays.iter().any(|overlay| matches!(overlay, Overlay::Models(_)));
        if self.desk.obtaining.reading && !listed {
            self.desk.obtaining.reading = false;
            self.desk.ask(Effect::StopReading);
        }
    }

    /// Loads what is selected in the list, which was closed for it.
    pub(super) fn choose_model(&mut self, list: ModelList) {
        // The rows move when the models are found: what is selected before may be another one then.
        if list.found.is_none() && list.file_loaded {
            self.desk.overlays.push(Overlay::Models(list));
            return self.desk.say("Models are still being looked for.");
        }
        let path = match list.rows().get(list.selected) {
            Some(ModelRow::Found(model)) => match &model.card {
                Some(Err(why)) => {
                    let why = format!("This file cannot be run: {why}");
                    self.desk.overlays.push(Overlay::Models(list));
                    return self.desk.say(why);
                }
                _ => Some(model.found.path.clone()),
            },
            Some(ModelRow::BuiltIn) | None => None,
        };
        self.load_path(path);
    }

    /// Sorts the list of models in the next way.
    pub(super) fn sort_models(&mut self) {
        if let Some(Overlay::Models(list)) = self.desk.top_overlay() {
            list.sort_next();
        }
    }

    /// Shows all that the selected model's file says.
    pub(super) fn show_details(&mut self) {
        let Some(Overlay::Models(list)) = self.desk.top_overlay() else { return };
        let rows = list.rows();
        let Some(ModelRow::Found(model)) = rows.get(list.selected) else {
            let said = format!("There is no file of {BUILT_IN} to look into.");
            return self.desk.say(said);
        };
        let (name, path) = (model.found.name.clone(), model.found.path.clone());
        let details = ModelDetails { name, path: path.clone(), lines: None, scroll: 0 };
        self.desk.overlays.push(Overlay::ModelDetails(details));
        let settings = self.desk.settings.model.clone();
        self.desk.ask(Effect::ReadDetails(path, Box::new(settings)));
    }

    /// What a model's file says has come.
    pub(super) fn details_read(&mut self, path: &Path, lines: Result<Vec<String>, String>) {
        for overlay in &mut self.desk.overlays {
            if let Overlay::ModelDetails(details) = overlay
                && details.path == path
            {
                let lines =
                    lines.unwrap_or_else(|why| vec![crate::text::Shown::inline(&why).as_str().to_owned()]);
                details.lines = Some(lines);
                return;
            }
        }
    }

    /// A key for what is typed into the list of models.
    pub(super) fn type_path(&mut self, key: KeyEvent) {
        let Some(Overlay::Models(list)) = self.desk.overlays.last_mut() else { return };
        let Some(text) = &mut list.path else { return };
        let rows = match key.code {
            KeyCode::Up => -1,
            KeyCode::Down => 1,
            KeyCode::PageUp => -PAGE,
            KeyCode::PageDown => PAGE,
            _ => 0,
        };
        match line_key(key) {
            LineKey::Type(c) => text.push(c),
            LineKey::Delete => drop(text.pop()),
            LineKey::Clear => text.clear(),
            LineKey::GiveUp => list.path = None,
            LineKey::Accept if text.trim().is_empty() => list.path = None,
            LineKey::Accept => return self.accept_typed(),
            LineKey::Other if key.code == KeyCode::Tab => {
                let done = complete(text, std::env::home_dir().as_deref());
                (*text, list.names) = (done.text, done.names);
                list.selected = 0;
                return;
            }
            LineKey::Other if rows != 0 => return self.scroll_overlay(rows),
            LineKey::Other => return,
        }
        list.typed();
    }

    /// What is typed is meant: a name, a path, or the row that is left and selected.
    fn accept_typed(&mut self) {
        let Some(Overlay::Models(list)) = self.desk.overlays.last() else { return };
        let text = list.path.clone().unwrap_or_default();
        if ModelName::is_meant(text.trim()) {
            return match ModelName::parse(text.trim().as_ref()) {
                Ok(name) => self.fetch_model(name),
                Err(why) => self.desk.say(why.to_string()),
            };
        }
        let path = typed_path(text.trim());
        let word = !list.search().is_empty() && !path.exists();
        if word && list.found.is_some() && !list.is_empty() {
            return self.confirm();
        }
        if path.is_dir() {
            let file_loaded = list.file_loaded;
            let sort = list.sort;
            self.desk.overlays.pop();
            let list = ModelList { folder: Some(path.clone()), file_loaded, sort, ..ModelList::default() };
            self.desk.overlays.push(Overlay::Models(list));
            self.find_models(Some(path));
        } else {
            self.desk.overlays.pop();
            self.load_path(Some(path));
        }
    }

    /// Looks a model up by its name, and fetches it if it is not on this machine.
    fn fetch_model(&mut self, name: ModelName) {
        self.desk.obtaining.fetches += 1;
        let number = self.desk.obtaining.fetches;
        let fetching = Fetching { number, name: name.to_string(), progress: None };
        self.desk.overlays.push(Overlay::Fetching(Box::new(fetching)));
        let reach = self.desk.obtaining.reach.clone();
        self.desk.ask(Effect::Fetch(number, Box::new(name), reach));
    }

    /// Gives a fetch up whose overlay was closed.
    pub(super) fn stop_fetch(&mut self, fetching: &Fetching) {
        self.desk.ask(Effect::StopFetch);
        let begun = fetching.progress.as_ref().is_some_and(|progress| progress.done > 0);
        self.desk.say(if begun {
            "Fetching was stopped; asked for again, it goes on from where it was."
        } else {
            "Fetching was stopped."
        });
    }

    /// A fetch has come further.
    pub(super) fn fetching(&mut self, number: u64, progress: Progress) {
        for overlay in &mut self.desk.overlays {
            if let Overlay::Fetching(fetching) = overlay
                && fetching.number == number
            {
                fetching.progress = Some(progress);
                return;
            }
        }
    }

    /// A fetch has come to its end. One that was given up has none.
    pub(super) fn fetched(&mut self, number: u64, result: Result<PathBuf, String>) {
        let of =
            |overlay: &Overlay| matches!(overlay, Overlay::Fetching(fetching) if fetching.number == number);
        let Some(at) = self.desk.overlays.iter().position(of) else { return };
        self.desk.overlays.remove(at);
        match result {
            Ok(path) => {
                // The list it was typed into has done its work.
                self.desk.overlays.retain(|overlay| !matches!(overlay, Overlay::Models(_)));
                self.load_path(Some(path));
            }
            Err(why) => self.desk.fail("The model could not be fetched", why),
        }
    }
}

/// The file that is meant: `~/x` is `x` in the home folder, as in a shell.
fn typed_path(path: &str) -> PathBuf {
    if let (Some(rest), Some(home)) = (path.strip_prefix("~/"), std::env::home_dir()) {
        return home.join(rest);
    }
    // The key that opens the field may have been meant as the first letter of a whole path.
    let whole = Path::new("/").join(path);
    let has_folder =
        |path: &Path| path.parent().is_some_and(|folder| folder.as_os_str().is_empty() || folder.exists());
    let is_whole = whole.exists() || (!has_folder(Path::new(path)) && has_folder(&whole));
    if !Path::new(path).exists() && is_whole { whole } else { path.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_whose_first_letter_opened_the_field_is_found_all_the_same() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let whole = file.path();
        let text = whole.to_str().expect("UTF-8");
        assert_eq!(typed_path(text), whole);
        assert_eq!(typed_path(text.strip_prefix('/').expect("a whole path")), whole);
        assert_eq!(typed_path("no/such/file.gguf"), Path::new("no/such/file.gguf"));
        assert!(typed_path("~/x").ends_with("x") && typed_path("~/x") != Path::new("~/x"));
    }
}
