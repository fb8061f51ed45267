//! What keys and the mouse do on the speculate screen.

use super::{
    super::{
        Desk, Flow, Hit, PanelId,
        keys::{PAGE, after},
    },
    DraftKnob, PANELS, Speculate, Stride,
};
use crate::{
    decode::speculative::{LookupSettings, Sources, Speculation, SpeculativeSettings},
    keymap::{Action, Context},
};

impl Speculate {
    /// What an action means here, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        let sliders = desk.focus == PanelId::DraftSettings;
        match action {
            Action::Step => self.stride(Stride::Token, desk),
            Action::NextRound => self.stride(Stride::Round, desk),
            Action::Back => self.back(desk),
            Action::Restart => {
                if self.shown == 0 {
                    desk.say("Nothing is written yet: this is the end of the prompt.");
                }
                self.start_over(desk);
            }
            Action::PlayPause => self.play(desk),
            Action::Reroll => self.roll(desk),
            Action::Left => self.look_at_round(-1, desk),
            Action::Right => self.look_at_round(1, desk),
            Action::Up if sliders => self.select_knob(-1),
            Action::Down if sliders => self.select_knob(1),
            Action::PageUp | Action::First if sliders => self.knob = DraftKnob::ALL[0],
            Action::PageDown | Action::Last if sliders => {
                self.knob = DraftKnob::ALL[DraftKnob::ALL.len() - 1];
            }
            Action::Increase => self.turn(1, false, desk),
            Action::Decrease => self.turn(-1, false, desk),
            Action::IncreaseCoarse => self.turn(1, true, desk),
            Action::DecreaseCoarse => self.turn(-1, true, desk),
            Action::ResetSlider => {
                let default = SpeculativeSettings { lookup: super::LOOKUP, ..SpeculativeSettings::default() };
                self.set_knob(self.knob, self.knob.value(&default), desk);
            }
            Action::Up => self.select(-1, desk),
            Action::Down => self.select(1, desk),
            Action::PageUp => self.select(-PAGE, desk),
            Action::PageDown => self.select(PAGE, desk),
            Action::First => self.select(isize::MIN / 2, desk),
            Action::Last => self.select(isize::MAX / 2, desk),
            Action::NextPanel | Action::ShowPanel => desk.focus = after(&PANELS, desk.focus, 1),
            Action::PreviousPanel => desk.focus = after(&PANELS, desk.focus, -1),
            Action::GoOnHere if desk.focus == PanelId::Place => self.take_selected(desk),
            Action::GoOnHere => self.go_on(desk),
            Action::OtherRule => self.other_rule(desk),
            Action::DraftSource => self.next_source(desk),
            Action::LongerDraft => self.set_knob(DraftKnob::Gamma, self.settings().n_max as f64 + 1.0, desk),
            Action::ShorterDraft => self.set_knob(DraftKnob::Gamma, self.settings().n_max as f64 - 1.0, desk),
            Action::SweepDrafts => {
                desk.focus = PanelId::DraftSweep;
                self.begin_sweep(desk);
            }
            Action::TrySeeds => {
                desk.focus = PanelId::Shares;
                self.begin_seeds(desk);
            }
            Action::Cancel if self.closes(desk) => {}
            // There is no single step whose candidates are searched, and the sliders of sampling are the step screen's.
            Action::TakeCandidate
            | Action::Search
            | Action::SameSeed
            | Action::FocusText
            | Action::FocusCandidates
            | Action::FocusSampling => {}
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    /// A token, or a round, more.
    pub(super) fn stride(&mut self, stride: Stride, desk: &mut Desk) {
        self.runs.end();
        self.at = None;
        let Some(walk) = &mut self.walk else { return };
        let there = walk.arrivals().len();
        desk.stale = true;
        if self.shown < there {
            self.shown = if stride == Stride::Token { self.shown + 1 } else { there };
            self.place = usize::MAX;
            if walk.cursor().stopped().is_some() && self.shown >= there {
                desk.play.pause();
            }
            return;
        }
        if let Some(reason) = walk.cursor().stopped() {
            desk.play.pause();
            let detail = reason.detail(walk.cursor().vocabulary());
            let detail = crate::text::Shown::inline(&detail).to_string();
            let ways = desk.chrome.keymap.spell(Context::Speculate, "{back} goes back.");
            return desk.say(format!("The text has ended: {detail}. {ways}"));
        }
        // One that is under way is the one that was asked for.
        self.stride = Some(stride);
        if !walk.is_due() {
            walk.ask(1);
        }
        if !self.drafter_is_there(desk) {
            desk.play.pause();
            desk.say("The draft model is being loaded: the round begins when it is there.");
        }
    }

    /// A token back. A round of which nothing is left is done again, the same way, when it goes on.
    fn back(&mut self, desk: &mut Desk) {
        desk.play.pause();
        self.runs.end();
        (self.at, self.stride) = (None, None);
        let Some(walk) = &mut self.walk else { return };
        let Some(shown) = self.shown.checked_sub(1) else {
            return desk.say("Nothing is written yet: this is the end of the prompt.");
        };
        self.shown = shown;
        // What is shown of a round stays; a token that no round brought goes at once.
        let begins = walk.rounds().last().filter(|round| round.begin + round.tokens.len() > shown);
        let to = begins
            .map_or(shown, |round| if round.begin < shown { walk.arrivals().len() } else { round.begin });
        if to < walk.arrivals().len() {
            walk.back_to(to);
            self.plain.iter_mut().for_each(|plain| plain.back_to(to));
            self.since = self.since.min(walk.rounds().len());
        }
        self.place = usize::MAX;
    }

    fn play(&mut self, desk: &mut Desk) {
        if desk.play.playing() {
            return desk.pause_all();
        }
        if self.is_over() {
            return self.stride(Stride::Token, desk);
        }
        self.runs.end();
        self.at = None;
        desk.play.start();
    }

    /// Draws the newest token that is shown again.
    fn roll(&mut self, desk: &mut Desk) {
        let Some(walk) = &mut self.walk else { return };
        if self.shown == 0 {
            return desk.say("Nothing is written yet that could be drawn again.");
        }
        walk.back_to(self.shown);
        walk.roll_again();
        self.shown -= 1;
        self.stride = Some(Stride::Token);
        self.plain.iter_mut().for_each(|plain| plain.back_to(self.shown));
        desk.say("The target draws this token again, alone, with a new random number.");
    }

    fn look_at_round(&mut self, by: isize, desk: &mut Desk) {
        desk.play.pause();
        let Some(walk) = &self.walk else { return desk.say_no_path() };
        let there = walk.rounds().iter().filter(|round| round.begin <= self.shown).count();
        let Some(last) = there.checked_sub(1) else { return desk.say("No round has been done yet.") };
        let at = self.at.unwrap_or(last);
        let to = at.saturating_add_signed(by).min(last);
        if to == at {
            return desk.say(if by < 0 { "This is the first round." } else { "This is the newest round." });
        }
        self.at = (to < last).then_some(to);
        self.place = 0;
    }

    fn select(&mut self, by: isize, desk: &mut Desk) {
        let at = self.selected(desk.focus).saturating_add_signed(by);
        match desk.focus {
            PanelId::Draft => self.place = at.min(self.view.places().saturating_sub(1)),
            PanelId::Place => self.token = at.min(self.view.likely.len().saturating_sub(1)),
            _ => self.scrolled = at.min(self.rows(desk.focus).saturating_sub(1)),
        }
    }

    /// Rows of a panel that scrolls.
    fn rows(&self, panel: PanelId) -> usize {
        match panel {
            PanelId::Shares => self.tried().map_or(0, |tried| tried.shares.len()),
            PanelId::DraftSweep => self.swept().map_or(0, |swept| swept.points.len()),
            _ => 0,
        }
    }

    /// Takes the selected token by hand in the selected place.
    fn take_selected(&mut self, desk: &mut Desk) {
        let selected = self.view.round.as_ref().zip(self.view.likely.get(self.selected(PanelId::Place)));
        let Some((round, likely)) = selected else {
            return desk.say("There is no token to take here: select a drafted token whose row was read.");
        };
        if likely.p.is_none() {
            return desk.say("What the model says of this place was not looked at yet.");
        }
        let (to, token, text) = (round.round.begin + self.place, likely.token, likely.text.clone());
        let (Some(walk), Some(session)) = (&mut self.walk, &mut desk.walk.session) else { return };
        walk.back_to(to);
        match walk.take(session.tree_mut(), token) {
            Ok(true) => {
                self.shown = to + 1;
                (self.at, self.stride, self.place) = (None, None, 0);
                self.since = self.since.min(walk.rounds().len());
                self.plain.iter_mut().for_each(|plain| plain.back_to(to));
                desk.say(format!("{text} was taken by hand; the next round goes on from there."));
            }
            Ok(false) => {
                desk.say("What was known of this place is no longer kept: step on from here instead.");
            }
            Err(error) => desk.say(error.to_string()),
        }
    }

    /// Goes on from the selected place on the step screen.
    fn go_on(&mut self, desk: &mut Desk) {
        let Some(walk) = &self.walk else { return desk.say_no_path() };
        let path = walk.cursor().path();
        let place = match (desk.focus, &self.view.round) {
            (PanelId::Draft, Some(round)) => (round.round.begin + self.place + 1).min(self.shown),
            _ => self.shown,
        };
        let node = path.nodes().get(path.prompt_len() + place - usize::from(path.prompt_len() + place > 0));
        match node.copied() {
            Some(node) => desk.go_to(node),
            None => desk.say("There is nothing to go to yet."),
        }
    }

    fn other_rule(&mut self, desk: &mut Desk) {
        let rule = self.settings().rule.other();
        self.change(|settings| settings.rule = rule);
        self.start_over(desk);
        let why = self.walk.as_ref().and_then(Speculation::why_match);
        desk.say(why.map_or_else(
            || format!("Drafts are verified by the {} rule: the text starts over.", rule.name()),
            |why| format!("{}{}.", why[..1].to_uppercase(), &why[1..]),
        ));
    }

    fn next_source(&mut self, desk: &mut Desk) {
        let present = self.settings().sources;
        let at = Sources::ALL.iter().position(|(sources, _)| *sources == present).unwrap_or(0);
        let (sources, name) = Sources::ALL[(at + 1) % Sources::ALL.len()];
        self.change(|settings| settings.sources = sources);
        self.measure_anew();
        desk.say(format!("Drafts from now on: {name}."));
        if let Some(trouble) = self.trouble(desk) {
            desk.say(trouble);
        }
    }

    /// Changes the settings, from the next round on.
    fn change(&mut self, change: impl Fn(&mut SpeculativeSettings)) {
        let mut settings = *self.settings();
        change(&mut settings);
        self.setup.sources = Some(settings.sources);
        self.settings = settings;
        self.walk.iter_mut().for_each(|walk| walk.set_settings(settings));
    }

    /// What was measured belongs to the settings before.
    fn measure_anew(&mut self) {
        self.since = self.walk.as_ref().map_or(0, |walk| walk.rounds().len());
    }

    fn select_knob(&mut self, by: isize) {
        let at = self.knob as usize;
        self.knob = DraftKnob::ALL[at.saturating_add_signed(by).min(DraftKnob::ALL.len() - 1)];
    }

    fn turn(&mut self, steps: i32, coarse: bool, desk: &mut Desk) {
        let value = self.knob.value(self.settings());
        self.set_knob(self.knob, self.knob.moved(value, steps, coarse), desk);
    }

    pub(super) fn set_knob(&mut self, knob: DraftKnob, value: f64, desk: &mut Desk) {
        self.knob = knob;
        let before = *self.settings();
        self.change(|settings| knob.set(settings, value));
        if *self.settings() == before {
            return desk.say(format!("{} stays at {}.", knob.label(), knob.text(knob.value(&before))));
        }
        self.measure_anew();
        desk.say(format!(
            "{} {}, from the next round on.",
            knob.label(),
            knob.text(knob.value(self.settings()))
        ));
        debug_assert!(self.settings().lookup.length <= LookupSettings::MOST);
    }

    /// What Escape closes here; false if there is nothing.
    fn closes(&mut self, desk: &mut Desk) -> bool {
        self.at.take().is_some() || desk.return_to(PanelId::Draft)
    }

    /// What a click means here.
    pub(super) fn pressed(&mut self, hit: Hit, again: bool, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Row(panel @ (PanelId::Draft | PanelId::Place), row) => {
                desk.focus = panel;
                if panel == PanelId::Draft {
                    self.place = row;
                } else {
                    self.token = row;
                }
                if again {
                    return self.action(Action::GoOnHere, desk);
                }
            }
            Hit::Slider(index, fraction) => {
                let Some(&knob) = DraftKnob::ALL.get(index) else { return Flow::Pass };
                desk.focus = PanelId::DraftSettings;
                self.knob = knob;
                if let Some(fraction) = fraction {
                    self.set_knob(knob, knob.value_at(fraction), desk);
                }
            }
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }

    /// What the wheel means here.
    pub(super) fn turned(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Slider(index, _) => {
                let Some(&knob) = DraftKnob::ALL.get(index) else { return Flow::Pass };
                let value = knob.moved(knob.value(self.settings()), -rows as i32, false);
                self.set_knob(knob, value, desk);
            }
            Hit::Row(panel, _) | Hit::Panel(panel) if PANELS.contains(&panel) => {
                let focus = std::mem::replace(&mut desk.focus, panel);
                self.select(rows, desk);
                desk.focus = focus;
            }
            _ => return Flow::Pass,
        }
        desk.stale = true;
        Flow::Done
    }
}
