//! What a lane has of its own besides its sampling settings: a prompt, and stop conditions.

use super::{
    super::{Desk, Editor, Effect, Overlay, Screen},
    Compare,
};
use crate::{
    decode::{StopRules, lanes::LaneError},
    engine::{PromptText, worker::Ticket},
    settings::StopSettings,
    token::Token,
};

/// What a lane has of its own; what is None is as for all lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    /// The prompt that it writes on from.
    pub prompt: Option<PromptText>,
    /// When it ends.
    pub stop: Option<StopSettings>,
    /// The own prompt that its text begins with; another one's tokens have to be asked for first. None where its text
    /// begins with the prompt of all lanes.
    stands_on: Option<PromptText>,
}

impl Own {
    /// The same for a lane that is to be made anew.
    pub(super) fn anew(&self) -> Self {
        Self { stands_on: None, ..self.clone() }
    }

    /// The prompt of its own that it does not stand on yet.
    fn awaited(&self) -> Option<&PromptText> {
        self.prompt.as_ref().filter(|&prompt| self.stands_on.as_ref() != Some(prompt))
    }
}

impl Compare {
    /// What the lane in focus has of its own.
    pub(super) fn own_of_focus(&self) -> Own {
        self.own(self.focus()).map(Own::anew).unwrap_or_default()
    }

    /// The stop conditions of a lane.
    pub(super) fn rules_of(own: &Own, desk: &Desk) -> StopRules {
        own.stop.as_ref().map_or_else(|| desk.rules(), StopRules::from)
    }

    /// Gives a lane these stop conditions, its own where they are not those of all.
    pub(in crate::app) fn set_own_stops(&mut self, lane: usize, stop: StopSettings, desk: &mut Desk) {
        let rules = StopRules::from(&stop);
        let Some(own) = self.own.get_mut(lane) else { return };
        own.stop = (stop != desk.settings.stop).then_some(stop);
        if let Some(lanes) = &mut self.lanes {
            lanes.set_rules(lane, rules);
        }
    }

    /// Gives these stop conditions to every lane that has none of its own.
    pub(in crate::app) fn share_stops(&mut self, stop: &StopSettings) {
        for (lane, own) in self.own.iter_mut().enumerate() {
            own.stop.take_if(|own| own == stop);
            if let (None, Some(lanes)) = (&own.stop, &mut self.lanes) {
                lanes.set_rules(lane, StopRules::from(stop));
            }
        }
    }

    /// Opens the editor for the prompt of the lane in focus.
    pub(super) fn edit_lane_prompt(&mut self, desk: &mut Desk) {
        let lane = self.focus();
        let Some(own) = self.own(lane) else { return };
        let editor =
            Editor::of_lane(lane, own.prompt.as_ref().unwrap_or(&desk.prompt.text), &desk.prompt.history);
        self.pause_lanes(desk);
        desk.overlays.push(Overlay::Prompt(Box::new(editor)));
    }

    /// Gives a lane a prompt of its own; an empty one, or that of all lanes, takes it away. The one that it has already
    /// changes nothing.
    pub(in crate::app) fn set_lane_prompt(&mut self, lane: usize, prompt: PromptText, desk: &mut Desk) {
        let Some(own) = self.own.get_mut(lane) else { return };
        if own.prompt.as_ref() == Some(&prompt) {
            return;
        }
        if prompt.text.is_empty() || prompt == desk.prompt.text {
            let had = own.prompt.take().is_some();
            if had {
                self.share_prompt(lane, desk);
            }
            return;
        }
        desk.ask(Effect::RememberPrompt(prompt.text.clone()));
        desk.remember(prompt.text.clone());
        if let Some(own) = self.own.get_mut(lane) {
            own.prompt = Some(prompt);
        }
    }

    /// Puts a lane at the end of the prompt of all lanes.
    fn share_prompt(&mut self, lane: usize, desk: &mut Desk) {
        let shared = desk.walk.session.as_ref().map(|session| session.path().prompt_tokens().to_vec());
        let placed = shared.map_or(Ok(()), |tokens| self.place_lane(lane, tokens, desk));
        let own = &mut self.own[lane];
        desk.notice = Some(match placed {
            Ok(()) => {
                own.stands_on = None;
                format!("Lane {} uses the shared prompt.", lane + 1)
            }
            Err(error) => {
                own.prompt.clone_from(&own.stands_on);
                error.to_string()
            }
        });
        self.lane_moved(desk);
    }

    fn place_lane(&mut self, lane: usize, prompt: Vec<Token>, desk: &mut Desk) -> Result<(), LaneError> {
        match (&mut desk.walk.session, &mut self.lanes) {
            (Some(session), Some(lanes)) => lanes.set_prompt(session.tree_mut(), lane, prompt),
            _ => Ok(()),
        }
    }

    fn lane_moved(&mut self, desk: &mut Desk) {
        self.forget_sight();
        self.settings_changed(desk);
    }

    /// Asks for the tokens of a prompt that a lane has and does not stand on yet.
    pub(super) fn ask_lane_prompt(&mut self, desk: &mut Desk) {
        if self.asked.is_some() || self.lanes.is_none() {
            return;
        }
        if let Some(prompt) = self.own.iter().find_map(Own::awaited).cloned() {
            let ticket = desk.tokenize(prompt.clone(), Screen::Compare);
            self.asked = Some((ticket, prompt));
        }
    }

    /// Takes in the tokens of a lane's prompt: every lane that waits for them begins there, or keeps the prompt that it
    /// stands on if it cannot.
    pub(super) fn lane_prompt_ready(
        &mut self,
        ticket: Ticket,
        tokens: &Result<Vec<Token>, String>,
        desk: &mut Desk,
    ) {
        let Some((_, prompt)) = self.asked.take_if(|(asked, _)| *asked == ticket) else { return };
        let mut failed = None;
        for lane in 0..self.own.len() {
            if self.own[lane].awaited() != Some(&prompt) {
                continue;
            }
            let placed = tokens
                .clone()
                .and_then(|tokens| self.place_lane(lane, tokens, desk).map_err(|error| error.to_string()));
            let own = &mut self.own[lane];
            match placed {
                Ok(()) => own.stands_on = Some(prompt.clone()),
                Err(why) => {
                    own.prompt.clone_from(&own.stands_on);
                    failed = Some(why);
                }
            }
        }
        if let Some(why) = failed {
            let text = format!("{why}. The lane keeps its present prompt.");
            desk.fail("This prompt cannot be used", text);
        }
        self.lane_moved(desk);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{Effect, Message, Overlay, fixture::Fixture},
        token::Token,
    };

    const OTHER: &str = "Once upon a time, there was a little";

    /// The compare screen with this prompt for the lane in focus alone, which is the second.
    fn fixture(prompt: &str) -> Fixture {
        let mut f = Fixture::new();
        f.keys(&["3", "tab"]);
        give(&mut f, prompt);
        f
    }

    /// Writes the prompt of the lane in focus.
    fn give(f: &mut Fixture, prompt: &str) {
        f.keys(&["O", "ctrl-a", "ctrl-k"]);
        f.send(Message::Paste(prompt.into()));
        f.keys(&["enter"]);
    }

    fn prompts(f: &Fixture) -> Vec<usize> {
        f.state.rooms.compare.lanes().iter().map(|lane| lane.cursor().path().prompt_len()).collect()
    }

    fn own_prompt(f: &Fixture) -> Option<&str> {
        f.state.rooms.compare.own(1).and_then(|own| own.prompt.as_ref()).map(|prompt| &prompt.text[..])
    }

    fn tokens(f: &Fixture, lane: usize) -> Vec<Token> {
        f.state.rooms.compare.lanes()[lane].cursor().path().generated_tokens().to_vec()
    }

    #[test]
    fn a_lane_goes_on_from_its_own_prompt_as_from_anybodys() {
        let mut f = fixture(OTHER);
        assert_eq!(prompts(&f), [4, 9, 4]);
        assert!(f.other.iter().any(|effect| *effect == Effect::RememberPrompt(OTHER.into())));
        f.keys(&["right"; 7]);
        let mut alone = Fixture::with(|setup| setup.prompt.text = OTHER.into());
        alone.keys(&["right"; 7]);
        let path = alone.state.session().expect("a session").path();
        assert_eq!(tokens(&f, 1), path.generated_tokens(), "the settings are those of the step screen");
        f.keys(&["R"]);
        assert_eq!((prompts(&f), tokens(&f, 1).len()), (vec![4, 9, 4], 0), "it is kept");
        let restarted = |f: &mut Fixture| {
            f.keys(&["right"; 7]);
            tokens(f, 1)
        };
        assert_eq!(restarted(&mut f), path.generated_tokens());
    }

    #[test]
    fn lanes_on_other_prompts_have_nothing_to_part_in() {
        let mut f = fixture(OTHER);
        f.keys(&["right"; 12]);
        let told = |f: &Fixture, lane: usize| {
            let view = f.state.rooms.compare.view(lane).expect("it is shown");
            (view.reference, view.parts.is_some())
        };
        assert_eq!((told(&f, 1), told(&f, 2)), ((None, false), (Some(0), true)));
        let beside = f.state.rooms.compare.beside().expect("a choice");
        assert_eq!((beside.lane, beside.other, beside.overlap, beside.taken_by_other), (1, None, None, None));
        assert_eq!(beside.index, 11, "its last choice");
        // At its first choice too, where both have generated nothing.
        f.keys(&["home"]);
        let beside = f.state.rooms.compare.beside().expect("a choice");
        assert_eq!((beside.index, beside.other, beside.taken_by_other), (0, None, None));
        // A lane that has the same prompt is one to compare with.
        f.keys(&["d", "o"]);
        assert_eq!(prompts(&f), [4, 9, 9, 4]);
        f.keys(&["o"; 2]);
        f.keys(&["end"]);
        assert!(!f.state.rooms.compare.prompts_differ(1, 2));
        while f.state.rooms.compare.other() != Some(1) {
            f.keys(&["o"]);
        }
        assert_eq!(f.state.rooms.compare.beside().map(|beside| beside.other), Some(Some(1)));
    }

    #[test]
    fn lanes_part_from_the_first_one_on_their_prompt() {
        let mut f = fixture(OTHER);
        f.keys(&["shift-tab"]);
        give(&mut f, OTHER);
        f.keys(&["right"; 12]);
        let references = |f: &Fixture| -> Vec<Option<usize>> {
            let view = |lane| f.state.rooms.compare.view(lane).expect("it is shown").reference;
            (0..f.state.rooms.compare.lanes().len()).map(view).collect()
        };
        assert_eq!(references(&f), [None, Some(0), None]);
        // A copy of the last lane writes what that does until its settings are others.
        f.keys(&["tab", "tab", "d", "f4", "L", "L", "L", "L", "esc", "R"]);
        f.keys(&["right"; 12]);
        assert_eq!(references(&f), [None, Some(0), None, Some(2)]);
    }

    #[test]
    fn what_other_settings_would_have_said_is_walked_on_its_own_prompt() {
        let mut f = fixture(OTHER);
        f.keys(&["right"; 20]);
        let before = tokens(&f, 1);
        f.keys(&["f4", "L", "L", "L", "L", "L"]);
        let Some(crate::decode::lanes::Verdict::Leaves { index, path, .. }) =
            f.state.rooms.compare.what_if().map(crate::app::WhatIf::verdict)
        else {
            panic!("20 tokens at 2.0 are others");
        };
        assert_eq!(before[index], path.token);
        f.keys(&["f2", "enter"]);
        assert_eq!((tokens(&f, 1).len(), prompts(&f)[1]), (index + 1, 9));
    }

    #[test]
    fn it_is_kept_on_another_prompt_and_carried_by_copies_and_sweeps() {
        let mut f = fixture(OTHER);
        f.keys(&["e", "backspace", "backspace", "backspace", "backspace", "backspace", "enter"]);
        assert_eq!(prompts(&f), [3, 9, 3], "only the others have the new one");
        f.keys(&["S", "left", "left", "enter"]);
        assert_eq!(prompts(&f), [9; 4]);
        f.keys(&["a"]);
        assert_eq!(prompts(&f)[4], 3, "a new lane is as all are");
    }

    #[test]
    fn an_empty_prompt_or_that_of_all_is_no_prompt_of_its_own() {
        for shared in ["", "Once upon a time"] {
            let mut f = fixture(OTHER);
            f.keys(&["right"]);
            give(&mut f, shared);
            assert_eq!((prompts(&f), tokens(&f, 1).len()), (vec![4; 3], 0), "{shared:?}");
            assert!(f.state.rooms.compare.own(1).is_some_and(|own| own.prompt.is_none()));
        }
    }

    #[test]
    fn a_prompt_that_does_not_fit_is_refused_and_the_lane_stays() {
        let mut f = fixture(&" time".repeat(300));
        assert!(matches!(f.state.desk.overlays.last(), Some(Overlay::Error { .. })));
        f.keys(&["esc"]);
        assert_eq!(prompts(&f), [4; 3]);
        assert!(f.state.rooms.compare.own(1).is_some_and(|own| own.prompt.is_none()));
        f.keys(&["right"]);
        assert_eq!(tokens(&f, 1).len(), 1);
    }

    #[test]
    fn a_lane_whose_next_prompt_is_refused_keeps_the_one_that_it_stands_on() {
        let mut f = fixture(OTHER);
        f.keys(&["right"; 3]);
        let before = tokens(&f, 1);
        give(&mut f, &" time".repeat(300));
        let Some(Overlay::Error { text, .. }) = f.state.desk.overlays.last() else {
            panic!("it was refused")
        };
        assert!(text.ends_with("The lane keeps its present prompt."), "{text}");
        f.keys(&["esc"]);
        assert_eq!((own_prompt(&f), prompts(&f)), (Some(OTHER), vec![4, 9, 4]));
        assert_eq!(tokens(&f, 1), before);
        // So it can be taken away.
        give(&mut f, "");
        assert_eq!((own_prompt(&f), prompts(&f)), (None, vec![4; 3]));
        // Refused now, it is on the prompt of all.
        give(&mut f, &" time".repeat(300));
        f.keys(&["esc"]);
        assert_eq!((own_prompt(&f), prompts(&f)), (None, vec![4; 3]));
    }

    #[test]
    fn a_prompt_that_is_left_as_it_was_leaves_the_text() {
        let mut f = fixture(OTHER);
        f.keys(&["right"; 3]);
        let before = (prompts(&f), tokens(&f, 1));
        assert_eq!(before.1.len(), 3);
        f.keys(&["O", "enter"]);
        assert!(f.state.desk.overlays.is_empty());
        assert_eq!((prompts(&f), tokens(&f, 1)), before);
        // Another one, and then the first again, is a new beginning.
        give(&mut f, "Once");
        give(&mut f, OTHER);
        assert_eq!((prompts(&f), tokens(&f, 1).len()), (before.0, 0));
    }

    #[test]
    fn paths_of_one_prompt_are_evaluated_at_a_time_and_its_length_is_told() {
        let mut f = fixture("Once there was a dog");
        f.evaluated.clear();
        f.keys(&["right"; 12]);
        let own = f.state.rooms.compare.lanes()[1].cursor().path().prompt_tokens().to_vec();
        let length = |path: &[Token]| if path.starts_with(&own) { own.len() } else { 4 };
        for (told, paths) in &f.evaluated {
            assert!(paths.iter().all(|path| length(path) == *told), "{told}: {paths:?}");
        }
        let told = |prompt: usize| f.evaluated.iter().filter(|(told, _)| *told == prompt).count();
        assert!(told(4) > 0 && told(own.len()) > 0);
    }

    #[test]
    fn who_looks_into_the_prompt_is_still_on_the_whole_of_it() {
        let mut f = Fixture::new();
        f.keys(&["f2", "home", "L", "L"]);
        let (told, paths) = f.evaluated.last().expect("a step inside the prompt was looked at");
        assert_eq!((*told, paths[0].len()), (4, 2));
    }
}
