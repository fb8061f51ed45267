//! The tree as files, made wherever there is time for it.

use std::sync::Arc;

use crate::{
    engine::Vocabulary,
    tree::{Tree, to_dot, to_json, to_markdown},
};

/// What a tree can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeFormat {
    /// A nested list to be read.
    Markdown,
    /// A graph for Graphviz.
    Dot,
    /// Everything, for programs.
    Json,
}

impl TreeFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Dot, Self::Json];

    /// What it is called, and what it is for.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown, a list to read",
            Self::Dot => "DOT, a graph for Graphviz",
            Self::Json => "JSON, everything, for programs",
        }
    }

    /// The extension of its files.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Dot => "dot",
            Self::Json => "json",
        }
    }
}

/// The question as what and under which name the tree is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportForm {
    /// The files' name, without an extension.
    pub name: String,
    /// Whether the next character takes the place of the name.
    pub fresh: bool,
    /// Which of [`TreeFormat::ALL`] are wanted.
    pub formats: [bool; 3],
    /// The selected row: 0 the name, then the formats.
    pub selected: usize,
}

impl Default for ExportForm {
    fn default() -> Self {
        Self { name: "logitscope-tree".to_owned(), fresh: true, formats: [true; 3], selected: 0 }
    }
}

impl ExportForm {
    /// Rows of the question.
    pub const ROWS: usize = 1 + TreeFormat::ALL.len();
    /// Characters of a name that can be typed.
    pub(super) const LONGEST: usize = 100;

    /// The wanted formats.
    #[must_use]
    pub fn wanted(&self) -> Vec<TreeFormat> {
        let all = TreeFormat::ALL.into_iter().zip(self.formats);
        all.filter_map(|(format, wanted)| wanted.then_some(format)).collect()
    }

    /// Wants the format of the selected row, or no longer; nothing in the row of the name.
    pub(in crate::app) fn toggle(&mut self) {
        if let Some(wanted) = self.selected.checked_sub(1).and_then(|at| self.formats.get_mut(at)) {
            *wanted = !*wanted;
        }
    }
}

/// A copy of the tree that is to be written into files: making their texts takes longer than a frame where the tree is large.
#[derive(Clone)]
pub struct TreeExport {
    tree: Arc<Tree>,
    vocabulary: Arc<Vocabulary>,
    formats: Vec<TreeFormat>,
}

impl TreeExport {
    /// Of the tree as it is now, in these formats.
    #[must_use]
    pub fn of(tree: &Tree, vocabulary: &Arc<Vocabulary>, formats: Vec<TreeFormat>) -> Self {
        Self { tree: Arc::new(tree.bare()), vocabulary: Arc::clone(vocabulary), formats }
    }

    /// The texts, each with its file's extension.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let (tree, root) = (&self.tree, self.tree.root());
        let piece = |token| self.vocabulary.piece(token);
        let text = |format: &TreeFormat| match format {
            TreeFormat::Markdown => to_markdown(tree, root, piece),
            TreeFormat::Dot => to_dot(tree, root, piece),
            TreeFormat::Json => to_json(tree, root, piece),
        };
        self.formats.iter().map(|format| (format.extension(), text(format))).collect()
    }
}

impl std::fmt::Debug for TreeExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TreeExport").field("nodes", &self.tree.len()).finish_non_exhaustive()
    }
}

/// Whether it is the same copy.
impl PartialEq for TreeExport {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree)
    }
}
