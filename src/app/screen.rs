//! The screens of the program, and what each owes it: a room.
//!
//! Every screen looks at the same tree from another side. What is its own (what it shows, what is selected there, what it
//! asks of the model) lies in its room, a folder of its own; what all share lies on the [`Desk`]. A room is handed the desk
//! and never sees another room: where something leads to another screen, the desk is told ([`Desk::show`],
//! [`Desk::go_to`]).

use std::{path::Path, time::Instant};

use crossterm::event::KeyEvent;

use super::{Desk, Hit, PanelId};
use crate::{
    engine::{
        EngineId, EvaluateError, Measured,
        worker::{Evaluated, Ticket},
    },
    keymap::{Action, Context},
    sampling::{SamplingSettings, StageTrace},
    token::Token,
    tree::{Evaluation, NodeId},
};

/// What came of handing something to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Flow {
    /// The room has done what was meant.
    Done,
    /// It means nothing special here: what it means everywhere counts.
    Pass,
}

/// What a screen owes the program. Whatever has no body here every screen has to answer; the rest is as on a screen that
/// shows the one path of the desk.
pub(crate) trait Room {
    /// The panels that are explained, in this order.
    fn panels(&self) -> &'static [PanelId];

    /// The panels that can have the focus, in tab order; the first has it when the screen is shown.
    fn focusable(&self) -> &'static [PanelId] {
        self.panels()
    }

    /// The keys that count now.
    fn context(&self, desk: &Desk) -> Context;

    /// Makes what the screen needs, if it is not there: called when it is shown and when there is another prompt.
    fn enter(&mut self, _desk: &mut Desk) {}

    /// Another screen is shown from now on.
    fn leave(&mut self) {}

    /// What an action means here, where that is more than it means everywhere.
    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow;

    /// What a click means here; `again` if the same place was clicked before, and nothing else since.
    fn press(&mut self, _hit: Hit, _again: bool, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// What it means that the mouse moves with the button down, or is held on a slider.
    fn drag(&mut self, _hit: Hit, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// The mouse's button is up again.
    fn release(&mut self) {}

    /// What the wheel means here, turned by so many rows, negative upwards.
    fn wheel(&mut self, _hit: Hit, _rows: isize, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// Takes a key for a text that is being typed in one of its panels.
    fn typed(&mut self, _key: KeyEvent, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// One step while it plays: a token of the path, of every lane, a round.
    fn step(&mut self, desk: &mut Desk) {
        desk.step();
    }

    /// The nodes whose distributions the screen needs next, at most `limit` of them.
    fn wants(&mut self, desk: &mut Desk, limit: usize) -> Vec<NodeId>;

    /// Takes in the distribution of a node that it wanted. An error is why generation cannot go on.
    fn absorb(&mut self, node: NodeId, evaluation: Evaluation, desk: &mut Desk) -> Result<(), String> {
        desk.store(node, evaluation);
        Ok(())
    }

    /// Takes an answer as it came to what the room asked an engine for itself; what it gives back is taken in node by node.
    fn brought(
        &mut self,
        _of: (EngineId, Ticket),
        _nodes: &[NodeId],
        evaluated: Evaluated,
        _desk: &mut Desk,
    ) -> Option<Evaluated> {
        Some(evaluated)
    }

    /// After all that an answer brought was taken in.
    fn answered(&mut self, _nodes: &[NodeId], _desk: &mut Desk) {}

    /// Takes in the tokens of a prompt that it asked for itself.
    fn tokenized(&mut self, _ticket: Ticket, _tokens: &Result<Vec<Token>, String>, _desk: &mut Desk) {}

    /// Takes in what it asked the model for by itself ([`Asker::Own`](super::desk::Asker)), or why there is no answer.
    fn own_answer(&mut self, _ticket: Ticket, _answer: Result<Evaluated, EvaluateError>, _desk: &mut Desk) {}

    /// Loads a model that was chosen here, where the screen has one of its own; None for the one in the program.
    fn load(&mut self, _file: Option<&Path>, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// Whether there is something to do without a path that the desk's model could go on with.
    fn stands_alone(&self) -> bool {
        false
    }

    /// Whether an answer is waited for, before which nothing goes on.
    fn waits(&self, desk: &Desk) -> bool {
        desk.evaluating()
    }

    /// Takes in what a measured pass that it asked for has told.
    fn measured(&mut self, _measured: Result<Measured, EvaluateError>, _desk: &mut Desk) {}

    /// Tokens of the prompt that a node goes on from, or is a part of.
    fn prompt_length(&self, node: NodeId, desk: &Desk) -> usize {
        desk.prompt_length(node)
    }

    /// Whether there is something to do for which nothing has to be evaluated: it is done by [`Room::wants`], a little at
    /// a time, so that keys are answered in between.
    fn is_busy(&self) -> bool {
        false
    }

    /// When something of it moves by itself next; None while all stands still.
    fn due(&self) -> Option<Instant> {
        None
    }

    /// It is that late.
    fn tick(&mut self, _now: Instant, _desk: &mut Desk) {}

    /// Brings what is shown in line with the tree and the settings, before a frame.
    fn prepare(&mut self, desk: &mut Desk);

    /// Asks for what goes on whatever is shown: called after every message, whether the screen is shown or not.
    fn background(&mut self, _desk: &mut Desk) {}

    /// The model is gone, or another one took its place.
    fn model_changed(&mut self) {}

    /// Takes back the steps that were asked for and not taken yet.
    fn pause(&mut self) {}

    /// Ends what the screen does for itself beside the text, such as a measurement; false where it does nothing.
    fn end_run(&mut self, _desk: &mut Desk) -> bool {
        false
    }

    /// Steps that were asked for here and are still to be taken, beside those of the desk's path.
    fn queued(&self) -> usize {
        0
    }

    /// Whether a letter is written into a text now, and is not a key.
    fn is_typing(&self, _desk: &Desk) -> bool {
        false
    }

    /// Takes a pasted line for a text that is being typed in one of its panels.
    fn pasted(&mut self, _line: &str, _desk: &mut Desk) -> Flow {
        Flow::Pass
    }

    /// Whether an action means nothing here though its key is one of everywhere: help leaves it out, and who presses it is
    /// told.
    fn ignores(&self, _action: Action) -> bool {
        false
    }

    /// Lets go of the tree; what was set stays.
    fn leave_tree(&mut self) {}

    /// Nodes that are in use here and may not be pruned.
    fn heads(&self) -> Vec<NodeId> {
        Vec::new()
    }

    /// Whether what the screen shows has come to its end.
    fn has_ended(&self, desk: &Desk) -> bool {
        desk.session().is_some_and(|session| session.stopped().is_some())
    }

    /// The sampling settings that sliders and presets change here; None for those of the step screen.
    fn settings(&self) -> Option<&SamplingSettings> {
        None
    }

    /// Changes the settings in hand: the bars follow at once, what is written stays.
    fn set_settings(&mut self, settings: SamplingSettings, desk: &mut Desk) {
        desk.set_sampling(settings);
    }

    /// The preset that the settings in hand are compared with, to be changed; None for that of the step screen.
    fn preset_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// The same, to be read.
    fn preset(&self) -> Option<usize> {
        None
    }

    /// What each stage of the chain kept at the choice on view; empty where there is no single one.
    fn stages<'a>(&'a self, desk: &'a Desk) -> &'a [StageTrace] {
        desk.frame().stages()
    }

    /// After the stop conditions of every text have changed; the desk has the new ones.
    fn stops_changed(&mut self, _desk: &mut Desk) {}

    /// What lessons see of it; None where there is nothing yet.
    fn glance(&self, _desk: &Desk) -> Option<minijinja::Value> {
        None
    }

    /// Brings a panel into the light: it is shown, and has the focus where it can have it.
    fn light(&mut self, panel: PanelId, desk: &mut Desk) {
        if self.focusable().contains(&panel) {
            desk.focus = panel;
        }
    }

    /// Whether nothing of it is under way: no answer is waited for, and no step is to be taken.
    fn rests(&self, desk: &Desk) -> bool {
        !self.waits(desk) && !self.is_busy() && self.queued() == 0 && self.due().is_none()
    }

    /// After the search among the candidates of the step on view has changed.
    fn searched(&mut self, _desk: &mut Desk) {}
}

/// Makes the list of screens: the enum that names them, and the struct with a room for each.
macro_rules! screens {
    ($($(#[$about:meta])* $name:ident, $title:literal, $action:ident => $field:ident: $room:ty;)*) => {
        /// What fills the space between header and footer.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Screen {
            #[default]
            $($(#[$about])* $name,)*
        }

        impl Screen {
            /// Every screen, in the order of their keys.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in the header.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// The action that shows it.
            #[must_use]
            pub const fn action(self) -> Action {
                match self {
                    $(Self::$name => Action::$action,)*
                }
            }
        }

        /// A room for each screen.
        #[derive(Default)]
        pub(crate) struct Rooms {
            $($(#[$about])* pub(crate) $field: $room,)*
        }

        impl Rooms {
            /// The room of a screen.
            pub(crate) fn of(&self, screen: Screen) -> &dyn Room {
                match screen {
                    $(Screen::$name => &self.$field,)*
                }
            }

            /// The room of a screen, to be changed.
            pub(crate) fn of_mut(&mut self, screen: Screen) -> &mut dyn Room {
                match screen {
                    $(Screen::$name => &mut self.$field,)*
                }
            }
        }
    };
}

screens! {
    /// One cursor, token by token.
    Step, "Step", ShowStep => step: super::StepRoom;
    /// One step of it, stage by stage through the sampler chain.
    Xray, "X-ray", ShowXray => xray: super::XrayView;
    /// Several cursors side by side.
    Compare, "Compare", ShowCompare => compare: super::Compare;
    /// All paths walked.
    Tree, "Tree", ShowTree => tree: super::TreeView;
    /// One setting, many seeds.
    Seeds, "Seeds", ShowSeeds => seeds: super::Seeds;
    /// Beam search, round by round.
    Beam, "Beam", ShowBeam => beam: super::Beam;
    /// A canvas that a diffusion model writes.
    Diffuse, "Diffuse", ShowDiffuse => diffuse: super::Diffuse;
    /// Drafts and their verification, round by round.
    Speculate, "Speculate", ShowSpeculate => speculate: super::Speculate;
    /// What a token costs.
    Cost, "Cost", ShowCost => cost: super::Cost;
    /// Lessons to be played.
    Learn, "Learn", ShowLearn => learn: super::Learn;
}

impl Screen {
    /// Whether its steps are those of the one path that the step screen shows.
    #[must_use]
    pub const fn follows_path(self) -> bool {
        matches!(self, Self::Step | Self::Xray | Self::Tree)
    }
}
