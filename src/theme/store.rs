//! Where themes come from: the four built-in ones, and the user's folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::Theme;
use super::depth::ColourDepth;
use super::error::ThemeError;
use super::file::ThemeFile;
use super::palette::Palette;
use crate::toml_source::TomlSource;

/// The built-in themes: name and text.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("monochrome", include_str!("../../themes/monochrome.toml")),
];

/// All themes there are.
#[derive(Clone, Debug, Default)]
pub struct ThemeStore {
    folder: Option<PathBuf>,
}

impl ThemeStore {
    /// The built-in themes and every `NAME.toml` in a folder, which need not exist. A user's theme takes the
    /// place of a built-in one of the same name, and may inherit from it.
    #[must_use]
    pub const fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The names of all themes: the built-in ones first, then the user's in alphabetical order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let built_in = BUILT_IN.map(|(name, _)| name.to_owned());
        let mut users = self.users_themes();
        users.retain(|name| !built_in.contains(name));
        users.sort();
        built_in.into_iter().chain(users).collect()
    }

    /// The theme that follows `name` in [`names`](Self::names), round and round; the first one if there is no
    /// `name`.
    #[must_use]
    pub fn after(&self, name: &str) -> String {
        let mut names = self.names();
        let next = names.iter().position(|other| other == name).map_or(0, |index| (index + 1) % names.len());
        names.swap_remove(next)
    }

    /// Loads a theme for a terminal of the given depth. Without colours, every theme is monochrome, but still
    /// checked.
    pub fn load(&self, name: &str, depth: ColourDepth) -> Result<Theme, ThemeError> {
        let (file, source) = self.read(name, "the setting `theme`")?;
        let theme = self.resolve(name, &file, &source)?;
        if theme.colours == Some(false) {
            return Ok(Theme::monochrome(name));
        }
        let palette = Palette::try_new(|role| theme.palette[role as usize])
            .map_err(|role| ThemeError::MissingColour { file, key: role.name() })?;
        Ok(Theme::new(name, &palette, depth))
    }

    /// Follows `inherits` up to a theme without a parent and lays the files over one another.
    fn resolve(&self, name: &str, file: &str, text: &str) -> Result<ThemeFile, ThemeError> {
        let mut theme = ThemeFile::parse(&TomlSource { file, text })?;
        let mut chain = vec![name.to_owned()];
        let mut child = (file.to_owned(), theme.inherits.clone());
        while let (child_file, Some((parent, line))) = child {
            let from_itself = chain.last() == Some(&parent) && !is_built_in_file(&child_file);
            let (parent_file, parent_text) = match built_in(&parent).filter(|_| from_itself) {
                Some(shadowed) => shadowed,
                None if chain.contains(&parent) => {
                    return Err(circle(child_file, line, chain, &parent));
                }
                None => self.read(&parent, &format!("{child_file}, line {line}"))?,
            };
            let parsed = ThemeFile::parse(&TomlSource { file: &parent_file, text: &parent_text })?;
            theme = theme.over(&parsed);
            chain.push(parent);
            child = (parent_file, parsed.inherits);
        }
        Ok(theme)
    }

    /// A theme's file name for errors and its text; the user's before the built-in one.
    fn read(&self, name: &str, wanted_by: &str) -> Result<(String, String), ThemeError> {
        if let Some(path) = self.users_file(name) {
            return match fs::read_to_string(&path) {
                Ok(text) => Ok((path.display().to_string(), text)),
                Err(source) => Err(ThemeError::Unreadable { path, source }),
            };
        }
        built_in(name).ok_or_else(|| ThemeError::UnknownTheme {
            wanted_by: wanted_by.to_owned(),
            name: name.to_owned(),
            known: self.names().join(", "),
        })
    }

    /// The user's file of that name. Only names found in the folder count, so that no name leads out of it.
    fn users_file(&self, name: &str) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        self.users_themes().contains(&name.to_owned()).then(|| folder.join(format!("{name}.toml")))
    }

    fn users_themes(&self) -> Vec<String> {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        entries.into_iter().flatten().flatten().filter_map(|entry| theme_name(&entry.path())).collect()
    }
}

fn theme_name(path: &Path) -> Option<String> {
    (path.extension()? == "toml").then(|| path.file_stem()?.to_str().map(str::to_owned))?
}

fn built_in(name: &str) -> Option<(String, String)> {
    let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    Some((built_in_file(name), (*text).to_owned()))
}

/// What errors call a built-in theme's file.
fn built_in_file(name: &str) -> String {
    format!("built-in theme {name}")
}

fn is_built_in_file(file: &str) -> bool {
    BUILT_IN.iter().any(|(name, _)| built_in_file(name) == file)
}

fn circle(file: String, line: usize, mut chain: Vec<String>, parent: &str) -> ThemeError {
    chain.push(parent.to_owned());
    ThemeError::Circle { file, line, chain: chain.join(" → ") }
}
