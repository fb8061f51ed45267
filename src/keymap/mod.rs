//! Which key does what. The footer and help are derived from it, so they always tell the truth.

mod action;
mod context;
mod error;
mod file;
mod group;
mod help;
mod key;
mod words;

use std::fs;
use std::path::Path;

use crokey::KeyCombination;
use crossterm::event::KeyEvent;

pub use action::Action;
pub use context::Context;
pub use error::{BoundKey, KeymapError};
pub use group::Group;
pub use help::{HelpGroup, HelpRow, Hint};
pub use key::{key_of, key_text, parse_key};

use crate::toml_source::TomlSource;
use file::Binding;

/// The default keymap, commented: what a keymap of one's own is laid over, and an example for it.
pub const DEFAULT_KEYMAP: &str = include_str!("../../assets/keymap.toml");

/// The bindings of all contexts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// The user's before the default ones, each in the order of its file; one for each key of a context.
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        let source = TomlSource { file: "the default keymap", text: DEFAULT_KEYMAP };
        Self { bindings: file::parse(&source).expect("a test reads the default keymap") }
    }
}

impl Keymap {
    /// The default keymap with a user's file laid over it.
    pub fn load(path: &Path) -> Result<Self, KeymapError> {
        let text = fs::read_to_string(path)
            .map_err(|source| KeymapError::Unreadable { path: path.to_owned(), source })?;
        Self::default().overlaid(&path.display().to_string(), &text)
    }

    /// This keymap with the bindings of a TOML text laid over it; `file` is what errors call the text.
    pub fn overlaid(self, file: &str, text: &str) -> Result<Self, KeymapError> {
        let mut bindings = file::parse(&TomlSource { file, text })?;
        let replaced =
            |old: &Binding| bindings.iter().any(|new| (new.context, new.key) == (old.context, old.key));
        let kept: Vec<_> = self.bindings.into_iter().filter(|old| !replaced(old)).collect();
        bindings.extend(kept);
        Ok(Self { bindings })
    }

    /// What a key event means in a context: the context's own binding, or else the global one. A key bound to
    /// "none" in the context does nothing, whatever it does elsewhere. Overlays see only those global actions
    /// that leave what lies beneath as it is ([`Action::reaches_through_overlays`]).
    #[must_use]
    pub fn action(&self, context: Context, event: KeyEvent) -> Option<Action> {
        self.meaning(context, key_of(event)?)
    }

    /// The keys that trigger an action in a context, the context's own first, each kind in the order of the
    /// file.
    #[must_use]
    pub fn keys(&self, context: Context, action: Action) -> Vec<KeyCombination> {
        let bound_in = |wanted| {
            self.bindings
                .iter()
                .filter(move |binding| binding.context == wanted && binding.action == Some(action))
                .map(|binding| binding.key)
        };
        let mut keys: Vec<_> = bound_in(context).collect();
        if context != Context::Global {
            keys.extend(bound_in(Context::Global).filter(|key| self.meaning(context, *key) == Some(action)));
        }
        let mut seen = Vec::new();
        keys.retain(|key| {
            !seen.contains(key) && {
                seen.push(*key);
                true
            }
        });
        keys
    }

    fn meaning(&self, context: Context, key: KeyCombination) -> Option<Action> {
        if let Some(own) = self.binding(context, key) {
            return own.action;
        }
        let reaches = |action: &Action| context != Context::Overlay || action.reaches_through_overlays();
        self.binding(Context::Global, key)?.action.filter(reaches)
    }

    fn binding(&self, context: Context, key: KeyCombination) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.context == context && binding.key == key)
    }
}

#[cfg(test)]
mod tests;
