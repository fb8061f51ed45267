//! How the tree is to be grown: continuations of each node, and how far.

use super::{
    super::{Desk, Overlay},
    TreeView,
};
use crate::{decode::Breadth, tree::Tree};

/// Probability masses that can be chosen.
const MASSES: [f64; 7] = [0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99];
/// The farthest that one growth goes, in tokens.
const DEEPEST: usize = 16;

/// What a growth is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Continuations of each node.
    pub breadth: Breadth,
    /// Tokens far, 1 and above.
    pub depth: usize,
    /// The selected row of its list: 0 the continuations, 1 the depth.
    pub selected: usize,
}

impl Default for Growth {
    fn default() -> Self {
        Self { breadth: Breadth::Top(4), depth: 3, selected: 0 }
    }
}

impl Growth {
    /// Rows of its list.
    pub const ROWS: usize = 2;

    /// New nodes that it can come to.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.breadth.most_nodes(self.depth)
    }

    /// Distributions that it can need: those of all new nodes but the last ones, and of the node it begins with.
    #[must_use]
    pub fn evaluations(&self) -> usize {
        self.breadth.most_nodes(self.depth - 1).saturating_add(1)
    }

    /// Moves the value of the selected row by so many places.
    pub(in crate::app) fn change(&mut self, by: isize) {
        if self.selected > 0 {
            self.depth = self.depth.saturating_add_signed(by).clamp(1, DEEPEST);
            return;
        }
        let place = match self.breadth {
            Breadth::Top(n) => n.saturating_sub(1),
            Breadth::Nucleus(mass) => {
                Tree::KEPT_TOP + MASSES.iter().take_while(|&&other| other < mass).count()
            }
        };
        let place = place.saturating_add_signed(by).min(Tree::KEPT_TOP + MASSES.len() - 1);
        self.breadth = match place.checked_sub(Tree::KEPT_TOP) {
            None => Breadth::Top(place + 1),
            Some(mass) => Breadth::Nucleus(MASSES[mass]),
        };
    }
}

impl TreeView {
    /// Asks how the tree is to be grown.
    pub(super) fn ask_growth(&mut self, desk: &mut Desk) {
        if desk.walk.session.is_some() {
            desk.play.pause();
            desk.overlays.push(Overlay::Grow(self.growth));
        }
    }

    /// Grows the tree as it was asked for, and keeps that in mind. What has no room is said, and can be changed.
    pub(in crate::app) fn grow(&mut self, growth: Growth, desk: &mut Desk) {
        self.growth = growth;
        if self.expand(growth.breadth, growth.depth, desk) {
            desk.overlays.pop();
        }
        desk.stale = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Fixture;

    #[test]
    fn continuations_go_from_one_to_nearly_all() {
        let mut growth = Growth::default();
        growth.change(-9);
        assert_eq!(growth.breadth, Breadth::Top(1));
        let mut seen = vec![growth.breadth];
        for _ in 0..30 {
            growth.change(1);
            if seen.last() != Some(&growth.breadth) {
                seen.push(growth.breadth);
            }
        }
        assert_eq!(seen.len(), 16 + MASSES.len());
        assert_eq!(
            (seen[15], seen[16], seen[22]),
            (Breadth::Top(16), Breadth::Nucleus(0.25), Breadth::Nucleus(0.99))
        );
        growth.change(-1);
        assert_eq!(growth.breadth, Breadth::Nucleus(0.98));
    }

    #[test]
    fn what_it_comes_to_by_hand() {
        let growth = Growth { breadth: Breadth::Top(2), depth: 3, selected: 0 };
        // 2 + 4 + 8 nodes; the node it begins with, 2 and 4 of them are evaluated.
        assert_eq!((growth.nodes(), growth.evaluations()), (14, 7));
        let widest = Growth { breadth: Breadth::Nucleus(0.5), depth: 16, selected: 0 };
        assert_eq!(widest.nodes(), usize::MAX, "more than can be counted");
    }

    #[test]
    fn it_is_asked_for_done_and_kept_in_mind() {
        let mut f = Fixture::new();
        f.keys(&["4", "X", "left", "left", "down", "left", "enter"]);
        assert!(f.state.desk.overlays.is_empty());
        assert_eq!(f.state.desk.notice.as_deref(), Some("6 nodes were added."), "2 and 2 of each");
        let before = f.state.rooms.tree.usage().nodes;
        // The same breadth, one token far.
        f.keys(&["end", "x"]);
        assert_eq!(f.state.rooms.tree.usage().nodes, before + 2);
        f.keys(&["X"]);
        let Some(Overlay::Grow(growth)) = f.state.desk.overlays.last() else { panic!("it asks") };
        assert_eq!((growth.breadth, growth.depth), (Breadth::Top(2), 2));
        f.keys(&["esc"]);
    }

    #[test]
    fn what_has_no_room_is_said_and_can_be_changed() {
        let mut f = Fixture::with(|setup| setup.settings.model.tree_nodes = 300);
        f.keys(&["4", "X", "right", "right", "right", "right", "enter"]);
        assert!(f.state.desk.notice.as_deref().is_some_and(|notice| notice.contains("could make 584 nodes")));
        assert!(matches!(f.state.desk.overlays.last(), Some(Overlay::Grow(_))));
        f.keys(&["down", "left", "enter"]);
        assert_eq!(f.state.desk.notice.as_deref(), Some("72 nodes were added."), "8 and 8 of each");
    }

    #[test]
    fn without_a_prompt_there_is_nothing_to_grow() {
        let (mut f, _) = Fixture::loading(|_| {});
        f.keys(&["4", "X"]);
        assert!(f.state.desk.overlays.is_empty());
    }
}
