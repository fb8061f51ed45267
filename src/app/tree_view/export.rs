//! The tree as files, made wherever there is time for it.

use std::sync::Arc;

use crate::{
    engine::Vocabulary,
    tree::{Tree, to_dot, to_json, to_markdown},
};

/// A copy of the tree that is to be written into files: making their texts takes longer than a frame where the tree is large.
#[derive(Clone)]
pub struct TreeExport {
    tree: Arc<Tree>,
    vocabulary: Arc<Vocabulary>,
}

impl TreeExport {
    /// Of the tree as it is now.
    #[must_use]
    pub fn of(tree: &Tree, vocabulary: &Arc<Vocabulary>) -> Self {
        Self { tree: Arc::new(tree.bare()), vocabulary: Arc::clone(vocabulary) }
    }

    /// The texts, each with its file's extension: Markdown, DOT and JSON.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let (tree, root) = (&self.tree, self.tree.root());
        let piece = |token| self.vocabulary.piece(token);
        vec![
            ("md", to_markdown(tree, root, piece)),
            ("dot", to_dot(tree, root, piece)),
            ("json", to_json(tree, root, piece)),
        ]
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
