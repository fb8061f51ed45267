//! What the keys do on the X-ray screen.

use super::{Arrangement, XrayPanel};
use crate::{
    app::{Effect, Explanation, Overlay, State, keys::PAGE},
    keymap::Action,
    sampling::{Off, SamplingSettings, StageKind},
};

impl State {
    /// What an action means on the X-ray screen, where that is more than it means everywhere.
    pub(in crate::app) fn xray_action(&mut self, action: Action) -> Option<Vec<Effect>> {
        match action {
            Action::Up => self.move_in_xray(-1),
            Action::Down => self.move_in_xray(1),
            Action::PageUp => self.move_in_xray(-PAGE),
            Action::PageDown => self.move_in_xray(PAGE),
            Action::First => self.move_in_xray(isize::MIN / 2),
            Action::Last => self.move_in_xray(isize::MAX / 2),
            Action::NextPanel | Action::ShowPanel => self.move_xray_focus(1),
            Action::PreviousPanel => self.move_xray_focus(-1),
            Action::FocusText => self.rooms.xray.panel = XrayPanel::Stages,
            Action::FocusCandidates => self.rooms.xray.panel = XrayPanel::Candidates,
            Action::FocusSampling => self.rooms.xray.panel = XrayPanel::Way,
            Action::Search => {
                self.rooms.xray.panel = XrayPanel::Candidates;
                self.desk.searching = true;
            }
            Action::ExplainPanel => self.explain(Explanation::of_panel(self.rooms.xray.panel)),
            Action::Formula => self.explain_stage(),
            Action::Mute => return Some(self.switch_stage(true)),
            Action::Solo => return Some(self.switch_stage(false)),
            Action::MoveEarlier => return Some(self.move_stage(-1)),
            Action::MoveLater => return Some(self.move_stage(1)),
            Action::SwapOrder => return Some(self.swap_order()),
            Action::Cancel if self.rooms.xray.pinned && !self.desk.searching && self.query().is_empty() => {
                self.rooms.xray.pinned = false;
                self.desk.stale = true;
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    pub(in crate::app) fn explain(&mut self, explanation: Explanation) {
        self.desk.overlays.push(Overlay::Formula { explanation, scroll: 0 });
    }

    fn query(&self) -> &str {
        self.desk.walk.frame.candidates.query()
    }

    /// Moves the selection of the list with the focus; the other panels move through the stages.
    fn move_in_xray(&mut self, rows: isize) {
        if self.rooms.xray.panel != XrayPanel::Candidates {
            self.rooms.xray.select_stage(self.rooms.xray.stage.saturating_add_signed(rows));
            return;
        }
        if !self.query().is_empty() {
            self.desk.walk.frame.candidates.move_by(rows);
            self.trace_match();
            return;
        }
        let last = self.rooms.xray.listed().count().saturating_sub(1);
        let at = self.rooms.xray.traced().map_or(0, |at| at.saturating_add_signed(rows).min(last));
        let token = self.rooms.xray.listed().nth(at).map(|row| row.before.token);
        if let Some(token) = token {
            self.rooms.xray.trace(token);
        }
    }

    /// Traces the selected match of a search.
    pub(in crate::app) fn trace_match(&mut self) {
        if let Some(token) = self.desk.walk.frame.candidates.selected_row().map(|row| row.token) {
            self.rooms.xray.trace(token);
        }
    }

    /// Traces a token that was clicked.
    pub(in crate::app) fn trace(&mut self, token: crate::token::Token) {
        self.rooms.xray.trace(token);
    }

    /// Selects a row of the stages; a second time explains it.
    pub(in crate::app) fn press_stage(&mut self, row: usize) {
        if self.rooms.xray.panel == XrayPanel::Stages && self.rooms.xray.stage == row {
            self.explain_stage();
        }
        self.rooms.xray.panel = XrayPanel::Stages;
        self.rooms.xray.select_stage(row);
    }

    /// The wheel over a panel moves its list.
    pub(in crate::app) fn wheel_xray(&mut self, panel: XrayPanel, rows: isize) {
        let focus = std::mem::replace(&mut self.rooms.xray.panel, panel);
        self.move_in_xray(rows);
        self.rooms.xray.panel = focus;
    }

    fn move_xray_focus(&mut self, by: isize) {
        let panels = Arrangement::of(self.desk.chrome.size).panels();
        let at = panels.iter().position(|panel| *panel == self.rooms.xray.panel).unwrap_or(0);
        self.rooms.xray.panel = panels[(at as isize + by).rem_euclid(panels.len() as isize) as usize];
    }

    fn explain_stage(&mut self) {
        let explanation = match self.rooms.xray.selected() {
            Some(stage) => Explanation::of_stage(stage.kind, &self.desk.hand.sampling),
            None => Explanation::of_softmax(),
        };
        self.explain(explanation);
    }

    /// The selected stage's kind; a notice where the model's own distribution is selected.
    fn stage_to_change(&mut self, what: &str) -> Option<StageKind> {
        let kind = self.rooms.xray.selected().map(|stage| stage.kind);
        if kind.is_none() {
            self.desk.notice = Some(format!("This row is the model itself: select a stage to {what} it."));
        }
        kind
    }

    /// Mutes the selected stage, or solos it; or takes that back.
    fn switch_stage(&mut self, mute: bool) -> Vec<Effect> {
        let what = if mute { "mute" } else { "solo" };
        let Some(kind) = self.stage_to_change(what) else { return Vec::new() };
        if kind == StageKind::Mirostat {
            self.desk.notice =
                Some("Mirostat makes the draw: set it to 0 (--mirostat 0) to be without it.".into());
            return Vec::new();
        }
        if let Some(why) = self.out_of_reach(what) {
            self.desk.notice = Some(why);
            return Vec::new();
        }
        let mut settings = self.desk.hand.sampling.clone();
        if mute {
            settings.toggle_mute(kind);
        } else {
            settings.toggle_solo(kind);
        }
        let (was, is) = (self.desk.hand.sampling.switched_off(kind), settings.switched_off(kind));
        self.desk.notice = Some(switched(kind, mute, &settings, was, is));
        self.set_sampling(settings)
    }

    /// Why muting or soloing the selected stage would do nothing. What was switched before it came to be so can be
    /// switched back.
    fn out_of_reach(&self, what: &str) -> Option<String> {
        let stage = self.rooms.xray.selected()?;
        let (kind, label) = (stage.kind, stage.label());
        if self.desk.hand.sampling.muted.contains(&kind) || self.desk.hand.sampling.soloed.contains(&kind) {
            return None;
        }
        match stage.off? {
            Off::NotInChain => Some(format!(
                "{label} is not in the chain, so there is nothing to {what}; --samplers puts it in."
            )),
            Off::Mirostat => Some(format!("Mirostat takes {label}'s place, so there is nothing to {what}.")),
            _ => None,
        }
    }

    fn move_stage(&mut self, by: isize) -> Vec<Effect> {
        let Some(kind) = self.stage_to_change("move") else { return Vec::new() };
        let index = self.rooms.xray.selected().and_then(|stage| stage.sampler_index);
        let (Some(index), StageKind::Sampler(_)) = (index, kind) else {
            self.desk.notice =
                Some(format!("{} has no place in the list of samplers to be moved from.", kind.label()));
            return Vec::new();
        };
        let mut settings = self.desk.hand.sampling.clone();
        if settings.move_sampler(index, by) == index {
            let end = if by < 0 { "first" } else { "last" };
            self.desk.notice = Some(format!("{} is the {end} of the samplers already.", kind.label()));
            return Vec::new();
        }
        self.desk.notice = Some(format!("samplers: {}", order(&settings)));
        self.rooms.xray.follow = Some(kind);
        self.set_sampling(settings)
    }

    /// Goes from llama.cpp's order to the textbook's, and back.
    fn swap_order(&mut self) -> Vec<Effect> {
        let mut settings = self.desk.hand.sampling.clone();
        if !settings.swap_temperature() {
            self.desk.notice = Some("Temperature is not in the chain, so it has no place to change.".into());
            return Vec::new();
        }
        let name = if settings.is_temperature_first() {
            "Temperature first, as in textbooks"
        } else {
            "Temperature last, as in llama.cpp"
        };
        self.desk.notice = Some(format!("{name}: {}", order(&settings)));
        self.rooms.xray.follow = self.rooms.xray.selected().map(|stage| stage.kind);
        self.set_sampling(settings)
    }
}

fn switched(
    kind: StageKind,
    mute: bool,
    settings: &SamplingSettings,
    was: Option<Off>,
    is: Option<Off>,
) -> String {
    let label = kind.label();
    match (mute, is, was) {
        (true, Some(Off::Muted), _) => format!("{label} is muted: its setting stays, it is passed over."),
        (true, ..) => format!("{label} is no longer muted."),
        (false, ..) if settings.soloed.contains(&kind) => {
            let alone: Vec<_> = settings.soloed.iter().map(|kind| kind.label()).collect();
            format!("Alone now: {}; all other stages are passed over.", alone.join(", "))
        }
        (false, ..) if settings.soloed.is_empty() => "All stages act again.".to_owned(),
        (false, ..) => format!("{label} is passed over: others act alone."),
    }
}

/// `top-k → top-p → temperature`.
fn order(settings: &SamplingSettings) -> String {
    settings.samplers.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(" → ")
}
