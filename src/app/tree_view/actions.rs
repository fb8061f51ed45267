//! What keys do on the tree screen.

use crossterm::event::KeyEvent;

use super::{
    super::{
        Desk, Effect, Flow, Overlay,
        input::{LineKey, line_key, take_place},
        keys::PAGE,
    },
    ExportForm, MATCHES, TreeExport, TreeInput, TreeView,
    rows::MOST,
};
use crate::{
    keymap::Action,
    tree::{NodeId, Order, search},
};

impl TreeView {
    /// What an action means on the tree screen, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Up => self.move_row(-1, desk),
            Action::Down => self.move_row(1, desk),
            Action::PageUp => self.move_row(-PAGE, desk),
            Action::PageDown => self.move_row(PAGE, desk),
            Action::First => self.move_row(isize::MIN / 2, desk),
            Action::Last => self.move_row(isize::MAX / 2, desk),
            Action::PreviousToken => self.move_in_row(-1),
            Action::NextToken => self.move_in_row(1),
            Action::Left => self.fold(desk),
            Action::Right => self.unfold(desk),
            Action::GoOnHere => {
                if let Some(node) = self.selected {
                    desk.go_to(node);
                }
            }
            Action::Expand => {
                self.expand(self.growth.breadth, 1, desk);
            }
            Action::ExpandFar => self.ask_growth(desk),
            Action::Prune => self.prune(desk),
            Action::SortTree => self.sort_tree(),
            Action::NameNode => self.begin_name(desk),
            Action::ExportTree => self.ask_export(desk),
            Action::Search => self.input = Some(TreeInput::Search(String::new())),
            Action::NextMatch => self.next_match(desk),
            Action::Cancel if self.grows() => self.expansion = None,
            Action::Cancel if self.in_row => self.select_row(self.selected(), desk),
            Action::TakeCandidate | Action::NextPanel | Action::PreviousPanel | Action::ShowPanel => {}
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    fn move_row(&mut self, by: isize, desk: &mut Desk) {
        let last = self.rows.len().saturating_sub(1);
        let row = self.selected().saturating_add_signed(by);
        if row > last && self.more {
            desk.say(format!("{} Fold some rows to see the rest.", too_many()));
        }
        self.select_row(row.min(last), desk);
    }

    /// Selects a token of the selected row, so many after the one that is selected.
    fn move_in_row(&mut self, by: isize) {
        let Some(row) = self.rows.get(self.selected()) else { return };
        let last = row.nodes.len().saturating_sub(1);
        let at = row.nodes.iter().position(|&node| self.selected == Some(node)).unwrap_or(last);
        self.selected = row.nodes.get(at.saturating_add_signed(by).min(last)).copied();
        self.in_row = true;
    }

    pub(in crate::app) fn select_row(&mut self, row: usize, desk: &mut Desk) {
        if let Some(row) = self.rows.get(row) {
            self.selected = row.nodes.last().copied();
            self.in_row = false;
        }
        desk.stale = true;
    }

    /// Hides what is below the selected row; where that is done already, goes to the row above.
    fn fold(&mut self, desk: &mut Desk) {
        let at = self.selected();
        let Some(row) = self.rows.get(at) else { return };
        if let (Some(&last), true) = (row.nodes.last(), row.children > 0 && !row.folded) {
            self.folded.insert(last);
            return;
        }
        let depth = row.depth;
        if let Some(above) = self.rows[..at].iter().rposition(|row| row.depth < depth) {
            self.select_row(above, desk);
        } else {
            desk.say("There is nothing to fold here.");
        }
    }

    fn unfold(&mut self, desk: &mut Desk) {
        let Some(row) = self.rows.get(self.selected()) else { return };
        let unfolded = row.nodes.last().is_some_and(|last| self.folded.remove(last));
        if !unfolded {
            desk.say("There is nothing to unfold here.");
        }
    }

    /// Prunes the whole row, its first node and all below; where a token of it is selected, that and all below.
    fn prune(&self, desk: &mut Desk) {
        let Some(node) = self.selected else { return };
        if desk.evaluating() {
            desk.say("The model is still working; try again in a moment.");
            return;
        }
        let row = self.rows.get(self.selected()).filter(|_| !self.in_row);
        desk.prune(row.and_then(|row| row.nodes.first()).copied().unwrap_or(node));
    }

    fn sort_tree(&mut self) {
        self.order = match self.order {
            Order::Made => Order::Probability,
            Order::Probability => Order::Made,
        };
    }

    fn begin_name(&mut self, desk: &mut Desk) {
        let (Some(session), Some(node)) = (&desk.walk.session, self.selected) else { return };
        let name = session.tree().name(node).unwrap_or_default().to_owned();
        self.input = Some(TreeInput::Name(name));
    }

    /// Takes a key for the text that is being typed.
    pub(in crate::app) fn type_in_tree(&mut self, key: KeyEvent, desk: &mut Desk) {
        let Some(mut input) = self.input.take() else { return };
        let (TreeInput::Search(text) | TreeInput::Name(text)) = &mut input;
        match line_key(key) {
            LineKey::Type(c) => text.push(c),
            LineKey::Delete => drop(text.pop()),
            LineKey::Clear => text.clear(),
            LineKey::GiveUp => {
                if matches!(input, TreeInput::Search(_)) {
                    self.set_matches(Vec::new());
                }
                return;
            }
            LineKey::Accept => {
                desk.stale = true;
                match input {
                    TreeInput::Search(text) => self.search_tree(&text, desk),
                    TreeInput::Name(text) => self.name_node(&text, desk),
                }
                return;
            }
            LineKey::Other => {}
        }
        self.input = Some(input);
    }

    /// Finds the nodes at which a text is complete, and goes to the first of them.
    fn search_tree(&mut self, text: &str, desk: &mut Desk) {
        let Some(session) = &desk.walk.session else { return };
        let (tree, vocabulary) = (session.tree(), session.vocabulary());
        let matches = search(tree, tree.root(), text, MATCHES, |token| vocabulary.piece(token));
        desk.notice = match matches.len() {
            _ if text.is_empty() => None,
            0 => Some(format!("No path contains {text:?}.")),
            1 => Some("1 match".to_owned()),
            count => Some(format!("{count} matches")),
        };
        self.set_matches(matches);
        if let Some(&first) = self.matches.first() {
            self.go_to_match(first, desk);
        }
    }

    fn next_match(&mut self, desk: &mut Desk) {
        if self.matches.is_empty() {
            return desk.say("Nothing is found: search for a text first.");
        }
        let at = self.selected.and_then(|node| self.matches.iter().position(|&found| found == node));
        let next = at.map_or(0, |at| (at + 1) % self.matches.len());
        if let Some(&node) = self.matches.get(next) {
            self.go_to_match(node, desk);
        }
    }

    /// Selects the token with which a match ends, and unfolds what hides it. Where it is not among the rows that are listed,
    /// that is said, and nothing else is selected in its place.
    fn go_to_match(&mut self, node: NodeId, desk: &mut Desk) {
        let before = (self.selected, self.in_row);
        (self.selected, self.in_row) = (Some(node), true);
        self.show_selected(desk);
        self.prepare_tree(desk);
        if self.selected != Some(node) {
            (self.selected, self.in_row) = before;
            desk.say(format!("{} The match is below these: fold some rows.", too_many()));
        }
    }

    /// Unfolds what hides the selected node.
    fn show_selected(&mut self, desk: &mut Desk) {
        let (Some(session), Some(node)) = (&desk.walk.session, self.selected) else { return };
        let tree = session.tree();
        let parent = |node: &NodeId| tree.get(*node).and_then(|node| node.parent);
        for above in std::iter::successors(parent(&node), parent) {
            self.folded.remove(&above);
        }
    }

    fn name_node(&mut self, name: &str, desk: &mut Desk) {
        if let (Some(session), Some(node)) = (&mut desk.walk.session, self.selected) {
            session.tree_mut().set_name(node, name.trim());
        }
    }

    /// Asks for the name and the formats of the files that the tree is to be written into, as they were answered last.
    fn ask_export(&self, desk: &mut Desk) {
        if desk.session().is_none() {
            return;
        }
        if self.writing {
            desk.say("The tree is still being saved.");
            return;
        }
        let form = ExportForm { selected: 0, fresh: true, ..self.export.clone() };
        desk.overlays.push(Overlay::Export(form));
    }

    /// Takes a key for that question, where it is not one that moves the selection.
    pub(in crate::app) fn type_export(&mut self, key: KeyEvent, desk: &mut Desk) -> Flow {
        let Some(Overlay::Export(form)) = desk.overlays.last_mut() else { return Flow::Pass };
        let on_name = form.selected == 0;
        match line_key(key) {
            LineKey::GiveUp => drop(desk.overlays.pop()),
            LineKey::Accept => self.export_tree(desk),
            LineKey::Type(c) if on_name => {
                take_place(&mut form.name, &mut form.fresh);
                if form.name.chars().count() < ExportForm::LONGEST {
                    form.name.push(c);
                }
            }
            LineKey::Delete if on_name => {
                form.fresh = false;
                form.name.pop();
            }
            LineKey::Clear if on_name => {
                form.fresh = false;
                form.name.clear();
            }
            LineKey::Type(' ') => form.toggle(),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    /// Has the tree written as the question was answered, one copy at a time.
    fn export_tree(&mut self, desk: &mut Desk) {
        let (Some(Overlay::Export(form)), Some(session)) = (desk.overlays.last(), &desk.walk.session) else {
            return;
        };
        let (name, formats) = (form.name.trim().to_owned(), form.wanted());
        if name.contains(['/', '\\']) {
            return desk
                .say("A name cannot have / in it: the files go into the folder the program was started in.");
        }
        if name.is_empty() || formats.is_empty() {
            return desk.say("Enter a name and choose at least one format.");
        }
        let export = TreeExport::of(session.tree(), session.vocabulary(), formats);
        self.export = ExportForm { name: name.clone(), ..form.clone() };
        self.writing = true;
        desk.overlays.pop();
        desk.say("Saving the tree…");
        desk.ask(Effect::Export(name, export));
    }

    /// The tree was written, or could not be.
    pub(in crate::app) fn exported(&mut self, result: Result<String, String>, desk: &mut Desk) {
        self.writing = false;
        match result {
            Ok(places) => desk.notice = Some(format!("Saved: {places}")),
            Err(why) => desk.fail("The tree could not be saved", why),
        }
    }
}

/// That there are more rows than are listed.
fn too_many() -> String {
    format!("The tree has more rows than the {MOST} listed.")
}
