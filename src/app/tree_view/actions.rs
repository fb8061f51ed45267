//! What keys do on the tree screen.

use crossterm::event::KeyEvent;

use super::{
    super::{
        Effect, Screen, State,
        input::{LineKey, line_key},
        keys::PAGE,
    },
    MATCHES, TreeExport, TreeInput,
    rows::MOST,
};
use crate::{
    keymap::Action,
    tree::{NodeId, Order, search},
};

impl State {
    /// What an action means on the tree screen, where that is more than it means everywhere.
    pub(in crate::app) fn tree_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::Up => self.move_row(-1),
            Action::Down => self.move_row(1),
            Action::PageUp => self.move_row(-PAGE),
            Action::PageDown => self.move_row(PAGE),
            Action::First => self.move_row(isize::MIN / 2),
            Action::Last => self.move_row(isize::MAX / 2),
            Action::PreviousToken => self.move_in_row(-1),
            Action::NextToken => self.move_in_row(1),
            Action::Left => self.fold(),
            Action::Right => self.unfold(),
            Action::GoOnHere => {
                return Some(self.rooms.tree.selected.map_or_else(Vec::new, |node| self.go_to(node)));
            }
            Action::Expand => {
                self.expand(self.rooms.tree.growth.breadth, 1);
            }
            Action::ExpandFar => self.ask_growth(),
            Action::Prune => self.prune(),
            Action::SortTree => self.sort_tree(),
            Action::NameNode => self.begin_name(),
            Action::ExportTree => return Some(self.export_tree()),
            Action::Search => self.rooms.tree.input = Some(TreeInput::Search(String::new())),
            Action::NextMatch => self.next_match(),
            Action::Cancel if self.rooms.tree.grows() => self.rooms.tree.expansion = None,
            Action::Cancel if self.rooms.tree.in_row => self.select_row(self.rooms.tree.selected()),
            Action::TakeCandidate | Action::NextPanel | Action::PreviousPanel | Action::ShowPanel => {}
            _ => return None,
        }
        self.desk.stale = true;
        Some(self.want())
    }

    fn move_row(&mut self, by: isize) {
        let last = self.rooms.tree.rows.len().saturating_sub(1);
        let row = self.rooms.tree.selected().saturating_add_signed(by);
        if row > last && self.rooms.tree.more {
            self.desk.notice = Some(format!("{} Fold some to see the rest.", too_many()));
        }
        self.select_row(row.min(last));
    }

    /// Selects a token of the selected row, so many after the one that is selected.
    fn move_in_row(&mut self, by: isize) {
        let view = &mut self.rooms.tree;
        let Some(row) = view.rows.get(view.selected()) else { return };
        let last = row.nodes.len().saturating_sub(1);
        let at = row.nodes.iter().position(|&node| view.selected == Some(node)).unwrap_or(last);
        view.selected = row.nodes.get(at.saturating_add_signed(by).min(last)).copied();
        view.in_row = true;
    }

    pub(in crate::app) fn select_row(&mut self, row: usize) {
        if let Some(row) = self.rooms.tree.rows.get(row) {
            self.rooms.tree.selected = row.nodes.last().copied();
            self.rooms.tree.in_row = false;
        }
        self.desk.stale = true;
    }

    /// Hides what is below the selected row; where that is done already, goes to the row above.
    fn fold(&mut self) {
        let view = &mut self.rooms.tree;
        let at = view.selected();
        let Some(row) = view.rows.get(at) else { return };
        if let (Some(&last), true) = (row.nodes.last(), row.children > 0 && !row.folded) {
            view.folded.insert(last);
            return;
        }
        let depth = row.depth;
        if let Some(above) = view.rows[..at].iter().rposition(|row| row.depth < depth) {
            self.select_row(above);
        }
    }

    fn unfold(&mut self) {
        let view = &mut self.rooms.tree;
        let Some(row) = view.rows.get(view.selected()) else { return };
        if let Some(last) = row.nodes.last() {
            view.folded.remove(last);
        }
    }

    /// Makes a node the end of the step screen's path, and shows it there.
    pub(in crate::app) fn go_to(&mut self, node: NodeId) -> Vec<Effect> {
        let Some(session) = &self.desk.walk.session else { return Vec::new() };
        let tree = session.tree();
        let up = |node: &NodeId| tree.get(*node).and_then(|node| node.parent);
        let mut way: Vec<NodeId> = std::iter::successors(Some(node), up).collect();
        way.reverse();
        // The root is no token.
        way.remove(0);
        let prompt = session.path().prompt_len();
        let nodes = session.path().nodes();
        let common = nodes.iter().zip(&way).take_while(|(a, b)| a == b).count();
        if common < prompt {
            self.desk.notice = Some("The prompt stays as it is; edit it to change it.".into());
            return Vec::new();
        }
        let mut effects = self.show_screen(Screen::Step);
        effects.extend(self.back_to(common - prompt));
        self.rooms.tree.way = way[common..].iter().copied().collect();
        self.walk_on();
        effects.extend(self.path_changed());
        effects
    }

    fn prune(&mut self) {
        let others =
            self.rooms.compare.heads().chain(self.rooms.seeds.heads()).chain(self.rooms.beam.heads());
        let others: Vec<NodeId> = others.collect();
        let (Some(session), Some(node)) = (&mut self.desk.walk.session, self.rooms.tree.selected) else {
            return;
        };
        if self.desk.engines.pending.is_some() {
            self.desk.notice = Some("The model is still at work; try again in a moment.".into());
            return;
        }
        // The whole row goes, its first node and all below; where a token of it is selected, that and all below.
        let view = &self.rooms.tree;
        let row = view.rows.get(view.selected()).filter(|_| !view.in_row);
        let first = row.and_then(|row| row.nodes.first()).copied().unwrap_or(node);
        let in_use: Vec<NodeId> = session.path().head().into_iter().chain(others).collect();
        self.desk.notice = Some(match session.tree_mut().prune(first, &in_use) {
            Ok(1) => "1 node was pruned.".to_owned(),
            Ok(nodes) => format!("{nodes} nodes were pruned."),
            Err(error) => error.to_string(),
        });
    }

    fn sort_tree(&mut self) {
        self.rooms.tree.order = match self.rooms.tree.order {
            Order::Made => Order::Probability,
            Order::Probability => Order::Made,
        };
    }

    fn begin_name(&mut self) {
        let (Some(session), Some(node)) = (&self.desk.walk.session, self.rooms.tree.selected) else { return };
        let name = session.tree().name(node).unwrap_or_default().to_owned();
        self.rooms.tree.input = Some(TreeInput::Name(name));
    }

    /// Takes a key for the text that is being typed.
    pub(in crate::app) fn type_in_tree(&mut self, key: KeyEvent) -> Vec<Effect> {
        let Some(mut input) = self.rooms.tree.input.take() else { return Vec::new() };
        let (TreeInput::Search(text) | TreeInput::Name(text)) = &mut input;
        match line_key(key) {
            LineKey::Type(c) => text.push(c),
            LineKey::Delete => drop(text.pop()),
            LineKey::GiveUp => {
                self.rooms.tree.set_matches(Vec::new());
                return Vec::new();
            }
            LineKey::Accept => {
                self.desk.stale = true;
                match input {
                    TreeInput::Search(text) => self.search_tree(&text),
                    TreeInput::Name(text) => self.name_node(&text),
                }
                return Vec::new();
            }
            LineKey::Other => {}
        }
        self.rooms.tree.input = Some(input);
        Vec::new()
    }

    /// Finds the nodes at which a text is complete, and goes to the first of them.
    fn search_tree(&mut self, text: &str) {
        let Some(session) = &self.desk.walk.session else { return };
        let (tree, vocabulary) = (session.tree(), session.vocabulary());
        let matches = search(tree, tree.root(), text, MATCHES, |token| vocabulary.piece(token));
        self.desk.notice = match matches.len() {
            _ if text.is_empty() => None,
            0 => Some(format!("No path has {text:?} in it.")),
            1 => Some("1 match".to_owned()),
            count => Some(format!("{count} matches")),
        };
        self.rooms.tree.set_matches(matches);
        if let Some(&first) = self.rooms.tree.matches.first() {
            self.go_to_match(first);
        }
    }

    fn next_match(&mut self) {
        let view = &mut self.rooms.tree;
        let at = view.selected.and_then(|node| view.matches.iter().position(|&found| found == node));
        let next = at.map_or(0, |at| (at + 1) % view.matches.len());
        if let Some(&node) = view.matches.get(next) {
            self.go_to_match(node);
        }
    }

    /// Selects the token with which a match ends, and unfolds what hides it. Where it is not among the rows that are listed,
    /// that is said, and nothing else is selected in its place.
    fn go_to_match(&mut self, node: NodeId) {
        let before = (self.rooms.tree.selected, self.rooms.tree.in_row);
        (self.rooms.tree.selected, self.rooms.tree.in_row) = (Some(node), true);
        self.show_selected();
        self.prepare_tree();
        if self.rooms.tree.selected != Some(node) {
            (self.rooms.tree.selected, self.rooms.tree.in_row) = before;
            self.desk.notice = Some(format!("{} The match is below them: fold some.", too_many()));
        }
    }

    /// Unfolds what hides the selected node.
    fn show_selected(&mut self) {
        let (Some(session), Some(node)) = (&self.desk.walk.session, self.rooms.tree.selected) else { return };
        let tree = session.tree();
        let parent = |node: &NodeId| tree.get(*node).and_then(|node| node.parent);
        for above in std::iter::successors(parent(&node), parent) {
            self.rooms.tree.folded.remove(&above);
        }
    }

    fn name_node(&mut self, name: &str) {
        if let (Some(session), Some(node)) = (&mut self.desk.walk.session, self.rooms.tree.selected) {
            session.tree_mut().set_name(node, name.trim());
        }
    }

    /// Has the tree written into files in the current folder, one copy at a time.
    fn export_tree(&mut self) -> Vec<Effect> {
        let Some(session) = &self.desk.walk.session else { return Vec::new() };
        if self.rooms.tree.writing {
            self.desk.notice = Some("The tree is still being written.".into());
            return Vec::new();
        }
        self.rooms.tree.writing = true;
        self.desk.notice = Some("The tree is being written…".into());
        let export = TreeExport::of(session.tree(), session.vocabulary());
        vec![Effect::Export("logitscope-tree".to_owned(), export)]
    }

    /// The tree was written, or could not be.
    pub(in crate::app) fn exported(&mut self, result: Result<String, String>) {
        self.rooms.tree.writing = false;
        match result {
            Ok(places) => self.desk.notice = Some(format!("Written: {places}")),
            Err(why) => self.fail("The tree could not be written", why),
        }
    }
}

/// That there are more rows than are listed.
fn too_many() -> String {
    format!("The tree has more than the {MOST} rows that are listed.")
}
