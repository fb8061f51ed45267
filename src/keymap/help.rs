//! Footer and help, derived from the bindings.

use crokey::KeyCombination;

use super::{Action, Context, Group, Keymap, key_text};

/// A key and what it does, for the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The action, for a click on the hint.
    pub action: Action,
    /// Its first key, in a few cells.
    pub key: String,
    /// What it does, in a few words.
    pub label: &'static str,
}

/// An action in help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpRow {
    /// The action.
    pub action: Action,
    /// All its keys, in a few cells each.
    pub keys: Vec<String>,
    /// Where they work: `[Global]` for everywhere, otherwise the panels.
    pub contexts: Vec<Context>,
    /// What it does, in a few words.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
}

/// The actions of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpGroup {
    /// The group.
    pub group: Group,
    /// Its bound actions, in the order of [`Action::ALL`]; at least one.
    pub rows: Vec<HelpRow>,
}

impl Keymap {
    /// The footer: the first key of each of these actions in a context. Actions without a key are left out.
    #[must_use]
    pub fn hints(&self, context: Context, actions: &[Action]) -> Vec<Hint> {
        actions
            .iter()
            .filter_map(|action| {
                let key = *self.keys(context, *action).first()?;
                Some(Hint { action: *action, key: key_text(key), label: action.label() })
            })
            .collect()
    }

    /// A sentence in which `{restart}` stands for the key of the action of that name in a context; where there is none, for the
    /// action's name.
    ///
    /// # Panics
    /// Where there is no action of that name: such sentences are the program's own.
    #[must_use]
    pub fn spell(&self, context: Context, sentence: &str) -> String {
        let mut parts = sentence.split('{');
        let mut spelled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            let action = Action::from_name(name).unwrap_or_else(|| unreachable!("no action {name}"));
            let key = self.keys(context, action).first().map_or_else(|| action.name(), |key| key_text(*key));
            spelled.extend([key.as_str(), rest]);
        }
        spelled
    }

    /// Help: every action that has a key, by group.
    #[must_use]
    pub fn help_rows(&self) -> Vec<HelpGroup> {
        Group::ALL
            .into_iter()
            .map(|group| HelpGroup {
                group,
                rows: Action::ALL
                    .into_iter()
                    .filter(|action| action.group() == group)
                    .filter_map(|action| self.help_row(action))
                    .collect(),
            })
            .filter(|group| !group.rows.is_empty())
            .collect()
    }

    /// What works in a context: its own actions, or, for `None`, those that work everywhere but where `within` has
    /// another meaning for all of their keys. In the order of [`Action::ALL`], with the keys that do it there.
    #[must_use]
    pub fn rows_of(&self, context: Option<Context>, within: Context) -> Vec<HelpRow> {
        let bound = |action: Action, wanted: Context| {
            let mut keys: Vec<_> = self
                .bindings
                .iter()
                .filter(|binding| binding.context == wanted && binding.action == Some(action))
                .map(|binding| binding.key)
                .filter(|key| wanted != Context::Global || self.meaning(within, *key) == Some(action))
                .map(key_text)
                .collect();
            keys.dedup();
            keys
        };
        let row = |action: Action| {
            let wanted = context.unwrap_or(Context::Global);
            let keys = bound(action, wanted);
            let row = HelpRow {
                action,
                keys,
                contexts: vec![wanted],
                label: action.label(),
                about: action.about(),
            };
            (!row.keys.is_empty()).then_some(row)
        };
        Action::ALL.into_iter().filter_map(row).collect()
    }

    /// The keys that mean different things in different places, each with all of its meanings, in the order of the
    /// contexts. Moving about in a list is the same everywhere and left out, and so are lists and help.
    #[must_use]
    pub fn ambiguous(&self) -> Vec<(String, Vec<(Context, Action)>)> {
        let moves = |action: &Action| {
            use Action::{Confirm, Down, First, Last, PageDown, PageUp, Up};
            matches!(action, Up | Down | PageUp | PageDown | First | Last | Confirm)
        };
        let mut found: Vec<(KeyCombination, Vec<(Context, Action)>)> = Vec::new();
        for context in Context::ALL.into_iter().filter(|context| *context != Context::Overlay) {
            for binding in self.bindings.iter().filter(|binding| binding.context == context) {
                let Some(action) = binding.action.filter(|action| !moves(action)) else { continue };
                match found.iter_mut().find(|(key, _)| *key == binding.key) {
                    Some((_, meanings)) => meanings.push((context, action)),
                    None => found.push((binding.key, vec![(context, action)])),
                }
            }
        }
        found.retain(|(_, meanings)| meanings.iter().any(|(_, action)| *action != meanings[0].1));
        found.into_iter().map(|(key, meanings)| (key_text(key), meanings)).collect()
    }

    fn help_row(&self, action: Action) -> Option<HelpRow> {
        let bound = || self.bindings.iter().filter(|binding| binding.action == Some(action));
        let mut keys = Vec::new();
        for key in bound().map(|binding| key_text(binding.key)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let bound_in = |context: &Context| bound().any(|binding| binding.context == *context);
        let contexts = if bound_in(&Context::Global) {
            vec![Context::Global]
        } else {
            Context::ALL.into_iter().filter(bound_in).collect()
        };
        let row = HelpRow { action, keys, contexts, label: action.label(), about: action.about() };
        (!row.keys.is_empty()).then_some(row)
    }
}
