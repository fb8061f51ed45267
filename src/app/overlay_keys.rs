//! What each action does while something lies over the screen.

use super::{EXAMPLES, Editor, Effect, Flow, Overlay, Purpose, State, keys::PAGE};
use crate::{engine::PromptText, keymap::Action};

impl State {
    pub(super) fn overlay_action(&mut self, action: Action) {
        let rows = match action {
            Action::Up => -1,
            Action::Down => 1,
            Action::PageUp => -PAGE,
            Action::PageDown => PAGE,
            Action::First => isize::MIN / 2,
            Action::Last => isize::MAX / 2,
            Action::IncreaseCoarse | Action::DecreaseCoarse => {
                let by = if action == Action::DecreaseCoarse { -1 } else { 1 };
                self.desk.turn_bench(by, true);
                self.scale_adapter(by, true);
                return self.step_stop(10 * by);
            }
            Action::Confirm => return self.confirm(),
            Action::Cancel => {
                match self.desk.overlays.pop() {
                    Some(Overlay::Welcome) => self.desk.ask(Effect::WelcomeSeen),
                    Some(Overlay::Fetching(fetching)) => self.stop_fetch(&fetching),
                    _ => {}
                }
                return;
            }
            Action::Left | Action::Right => {
                let by = if action == Action::Left { -1 } else { 1 };
                return self.turn_overlay(by);
            }
            Action::SortModels => return self.sort_models(),
            Action::ModelDetails => return self.show_details(),
            Action::Search => {
                if let Some(Overlay::Models(list)) = self.desk.top_overlay() {
                    list.path = Some(String::new());
                }
                return;
            }
            _ => return,
        };
        self.scroll_overlay(rows);
    }

    /// What left and right change on top.
    fn turn_overlay(&mut self, by: isize) {
        match self.desk.top_overlay() {
            Some(Overlay::Lanes(chooser)) => chooser.change(by),
            Some(Overlay::Grow(growth)) => growth.change(by),
            Some(Overlay::Export(form)) => form.toggle(),
            Some(Overlay::Softmax(_)) => self.desk.turn_bench(by as i32, false),
            Some(Overlay::Copy { format, scroll }) => (*format, *scroll) = (format.next(by), 0),
            Some(Overlay::Explain { .. }) => self.explain_next(by),
            Some(Overlay::StopList(_)) => self.step_stop(by as i32),
            Some(Overlay::Adapters { .. }) => self.scale_adapter(by as i32, false),
            _ => {}
        }
    }

    /// Explains the next panel of the screen, or the one before.
    fn explain_next(&mut self, by: isize) {
        let panels = self.rooms.of(self.desk.screen).panels();
        if let Some(Overlay::Explain { panel, scroll }) = self.desk.top_overlay() {
            let at = panels.iter().position(|other| other == panel).unwrap_or(0) as isize;
            (*panel, *scroll) = (panels[(at + by).rem_euclid(panels.len() as isize) as usize], 0);
        }
    }

    /// Accepts what is selected on top.
    pub(super) fn confirm(&mut self) {
        if let Some(bench) = self.desk.bench() {
            bench.begin_typing();
            return;
        }
        match self.desk.overlays.last() {
            Some(Overlay::Stops { .. }) => self.desk.list_stops(None),
            Some(Overlay::StopList(_)) => self.begin_stop(),
            _ => self.confirm_choice(),
        }
    }

    /// Accepts what is selected on top, where that ends it.
    fn confirm_choice(&mut self) {
        if let Some(Overlay::Grow(growth)) = self.desk.overlays.last() {
            let growth = *growth;
            return self.rooms.tree.grow(growth, &mut self.desk);
        }
        if let Some(Overlay::Copy { format, .. }) = self.desk.overlays.last() {
            let format = *format;
            return self.copy(format);
        }
        match self.desk.overlays.pop() {
            Some(Overlay::Pasted(offer)) => self.take_offer(&offer),
            Some(Overlay::Welcome) => self.desk.ask(Effect::WelcomeSeen),
            Some(Overlay::Examples { selected }) => {
                let example = EXAMPLES[selected.min(EXAMPLES.len() - 1)];
                let system = self.desk.prompt.text.system.clone();
                self.desk.prompt.text = PromptText { text: example.text.into(), chat: example.chat, system };
                self.desk.play.pause();
                self.desk.begin();
            }
            Some(Overlay::Models(list)) => self.choose_model(list),
            Some(Overlay::Prompt(editor)) => self.submit(&editor),
            Some(Overlay::Surprises(list)) => self.desk.go_to_surprise(&list),
            Some(Overlay::Lanes(chooser)) => self.rooms.compare.choose_lanes(chooser, &mut self.desk),
            _ => {}
        }
    }

    /// Loads the model at `path`, or the one in the program.
    pub(super) fn load_path(&mut self, path: Option<std::path::PathBuf>) {
        if self.rooms.of_mut(self.desk.screen).load(path.as_deref(), &mut self.desk) == Flow::Done {
            return;
        }
        self.load_beneath(path);
    }

    /// The same for the model of the path, whatever the screen that is shown has a model of.
    pub(super) fn load_beneath(&mut self, path: Option<std::path::PathBuf>) {
        let present = self.desk.engines.main().loading.clone();
        // Adapters are made for one model.
        let lora = if path == present.path { present.lora.clone() } else { Vec::new() };
        let settings = crate::settings::ModelSettings { path, lora, ..present };
        self.desk.play.pause();
        self.load(settings);
    }

    /// Goes on with what the user says next; what cannot be used stays in the editor, beneath the reason.
    fn say_next(&mut self, said: &str) {
        let refused = match self.desk.next_turn(said) {
            Ok((tokens, turn)) => {
                let goes_on = self.go_on_with(Ok(tokens));
                if goes_on {
                    self.desk.take_turn(turn);
                }
                !goes_on
            }
            Err(why) => !self.go_on_with(Err(why)),
        };
        if refused {
            let mut editor = Editor::of_turn(&self.desk.prompt.text, &self.desk.prompt.history);
            editor.paste(said);
            let below_reason = self.desk.overlays.len().saturating_sub(1);
            self.desk.overlays.insert(below_reason, Overlay::Prompt(Box::new(editor)));
        }
    }

    fn submit(&mut self, editor: &Editor) {
        if let Purpose::Lane(lane) = editor.purpose {
            return self.rooms.compare.set_lane_prompt(lane, editor.prompt(), &mut self.desk);
        }
        if editor.purpose == Purpose::Turn {
            let said = editor.prompt().text;
            self.desk.remember(said.clone());
            self.desk.ask(Effect::RememberPrompt(said.clone()));
            return self.say_next(&said);
        }
        if editor.purpose == Purpose::Canvas
            && self.rooms.diffuse.take_text(&editor.prompt().text, &mut self.desk)
        {
            return;
        }
        self.desk.prompt.text = editor.prompt();
        self.desk.prompt.scored = editor.purpose == Purpose::Score || self.desk.settings.ui.score_prompt;
        let text = self.desk.prompt.text.text.clone();
        self.desk.remember(text.clone());
        self.desk.begin();
        if editor.purpose == Purpose::Canvas {
            // Whether the other model can use it or not.
            self.rooms.of_mut(self.desk.screen).enter(&mut self.desk);
        }
        self.desk.ask(Effect::RememberPrompt(text));
    }
}
