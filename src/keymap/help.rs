//! Footer and help, derived from the bindings.

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
