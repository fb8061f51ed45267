//! What the keys do on the X-ray screen.

use super::{Arrangement, XrayPanel, XrayView};
use crate::{
    app::{
        Desk, Explanation, Flow,
        keys::{PAGE, after},
    },
    keymap::Action,
    sampling::{Off, SamplingSettings, StageKind},
};

impl XrayView {
    /// What an action means on the X-ray screen, where that is more than it means everywhere.
    pub(super) fn action(&mut self, action: Action, desk: &mut Desk) -> Flow {
        match action {
            Action::Up => self.move_in_xray(-1, desk),
            Action::Down => self.move_in_xray(1, desk),
            Action::PageUp => self.move_in_xray(-PAGE, desk),
            Action::PageDown => self.move_in_xray(PAGE, desk),
            Action::First => self.move_in_xray(isize::MIN / 2, desk),
            Action::Last => self.move_in_xray(isize::MAX / 2, desk),
            Action::NextPanel | Action::ShowPanel => self.move_xray_focus(1, desk),
            Action::PreviousPanel => self.move_xray_focus(-1, desk),
            Action::FocusText => self.panel = XrayPanel::Stages,
            Action::FocusCandidates => self.panel = XrayPanel::Candidates,
            Action::FocusSampling => self.panel = XrayPanel::Way,
            Action::Search => {
                self.panel = XrayPanel::Candidates;
                desk.searching = true;
            }
            Action::ExplainPanel => desk.explain(Explanation::of_panel(self.panel)),
            Action::Formula if self.panel == XrayPanel::Stages && self.is_on_fold() => self.fold_stages(),
            Action::Formula => self.explain_stage(desk),
            Action::Mute => self.switch_stage(true, desk),
            Action::Solo => self.switch_stage(false, desk),
            Action::MoveEarlier => self.move_stage(-1, desk),
            Action::MoveLater => self.move_stage(1, desk),
            Action::SwapOrder => self.swap_order(desk),
            Action::Cancel if self.pinned && !desk.searching && Self::query(desk).is_empty() => {
                self.pinned = false;
                desk.stale = true;
            }
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn query(desk: &Desk) -> &str {
        desk.frame().candidates.query()
    }

    /// Moves the selection of the list with the focus; the other panels move through the stages.
    fn move_in_xray(&mut self, rows: isize, desk: &mut Desk) {
        if self.panel != XrayPanel::Candidates {
            self.move_stage_by(rows);
            return;
        }
        if !Self::query(desk).is_empty() {
            desk.walk.frame.candidates.move_by(rows);
            self.trace_match(desk);
            return;
        }
        let last = self.listed().count().saturating_sub(1);
        let at = self.traced().map_or(0, |at| at.saturating_add_signed(rows).min(last));
        let token = self.listed().nth(at).map(|row| row.before.token);
        if let Some(token) = token {
            self.trace(token);
        }
    }

    /// Traces the selected match of a search.
    pub(in crate::app) fn trace_match(&mut self, desk: &mut Desk) {
        if let Some(token) = desk.walk.frame.candidates.selected_row().map(|row| row.token) {
            self.trace(token);
        }
    }

    /// Selects a row of the stages; a second time explains it.
    pub(in crate::app) fn press_stage(&mut self, row: usize, desk: &mut Desk) {
        let again = self.panel == XrayPanel::Stages && self.is_selected(row);
        self.panel = XrayPanel::Stages;
        self.select_stage(row);
        if self.is_on_fold() {
            self.fold_stages();
        } else if again {
            self.explain_stage(desk);
        }
    }

    /// Shows the stages that are off in their places, or one line in their stead.
    fn fold_stages(&mut self) {
        self.unfolded = !self.unfolded;
        self.select_stage(self.rows());
    }

    /// The wheel over a panel moves its list.
    pub(in crate::app) fn wheel_xray(&mut self, panel: XrayPanel, rows: isize, desk: &mut Desk) {
        let focus = std::mem::replace(&mut self.panel, panel);
        self.move_in_xray(rows, desk);
        self.panel = focus;
    }

    fn move_xray_focus(&mut self, by: isize, desk: &mut Desk) {
        let panels = Arrangement::of(desk.chrome.size).panels();
        self.panel = after(panels, self.panel, by);
    }

    fn explain_stage(&mut self, desk: &mut Desk) {
        let explanation = match self.selected() {
            Some(stage) => Explanation::of_stage(stage.kind, &desk.hand.sampling),
            None => Explanation::of_softmax(),
        };
        desk.explain(explanation);
    }

    /// The selected stage's kind; a notice where the model's own distribution is selected.
    fn stage_to_change(&mut self, what: &str, desk: &mut Desk) -> Option<StageKind> {
        let kind = self.selected().map(|stage| stage.kind);
        if kind.is_none() {
            desk.say(format!("This row is the model itself: select a stage to {what}."));
        }
        kind
    }

    /// Mutes the selected stage, or solos it; or takes that back.
    fn switch_stage(&mut self, mute: bool, desk: &mut Desk) {
        let what = if mute { "mute" } else { "solo" };
        let Some(kind) = self.stage_to_change(what, desk) else { return };
        if kind == StageKind::Mirostat {
            desk.notice = Some("Mirostat makes the draw: use --mirostat 0 to turn it off.".into());
            return;
        }
        if let Some(why) = self.out_of_reach(what, desk) {
            desk.notice = Some(why);
            return;
        }
        let mut settings = desk.hand.sampling.clone();
        if mute {
            settings.toggle_mute(kind);
        } else {
            settings.toggle_solo(kind);
        }
        let (was, is) = (desk.hand.sampling.switched_off(kind), settings.switched_off(kind));
        desk.notice = Some(switched(kind, mute, &settings, was, is));
        desk.set_sampling(settings);
    }

    /// Why muting or soloing the selected stage would do nothing. What was switched before it came to be so can be
    /// switched back.
    fn out_of_reach(&self, what: &str, desk: &Desk) -> Option<String> {
        let stage = self.selected()?;
        let (kind, label) = (stage.kind, stage.label());
        if desk.hand.sampling.muted.contains(&kind) || desk.hand.sampling.soloed.contains(&kind) {
            return None;
        }
        match stage.off? {
            Off::NotInChain => Some(format!(
                "{label} is not in the chain, so there is nothing to {what}; --samplers adds it."
            )),
            Off::Mirostat => Some(format!("Mirostat replaces {label}, so there is nothing to {what}.")),
            _ => None,
        }
    }

    fn move_stage(&mut self, by: isize, desk: &mut Desk) {
        let Some(kind) = self.stage_to_change("move", desk) else { return };
        let index = self.selected().and_then(|stage| stage.sampler_index);
        let (Some(index), StageKind::Sampler(_)) = (index, kind) else {
            desk.notice = Some(format!("{} is not one of the samplers and cannot be moved.", kind.label()));
            return;
        };
        let mut settings = desk.hand.sampling.clone();
        if settings.move_sampler(index, by) == index {
            let end = if by < 0 { "first" } else { "last" };
            desk.say(format!("{} is already the {end} sampler.", kind.label()));
            return;
        }
        desk.say(format!("samplers: {}", order(&settings)));
        self.follow = Some(kind);
        desk.set_sampling(settings);
    }

    /// Goes from llama.cpp's order to the textbook's, and back.
    fn swap_order(&mut self, desk: &mut Desk) {
        let mut settings = desk.hand.sampling.clone();
        if !settings.swap_temperature() {
            desk.say("Temperature is not in the chain, so it cannot be moved.");
            return;
        }
        let name = if settings.is_temperature_first() {
            "Temperature first, as in textbooks"
        } else {
            "Temperature last, as in llama.cpp"
        };
        desk.say(format!("{name}: {}", order(&settings)));
        self.follow = self.selected().map(|stage| stage.kind);
        desk.set_sampling(settings);
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
        (true, Some(Off::Muted), _) => format!("{label} is skipped; its setting is kept."),
        (true, ..) => format!("{label} is used again."),
        (false, ..) if settings.soloed.contains(&kind) => {
            let alone: Vec<_> = settings.soloed.iter().map(|kind| kind.label()).collect();
            format!("Only these stages are used: {}.", alone.join(", "))
        }
        (false, ..) if settings.soloed.is_empty() => "All stages are used again.".to_owned(),
        (false, ..) => format!("{label} is skipped: other stages are soloed."),
    }
}

/// `top-k → top-p → temperature`.
fn order(settings: &SamplingSettings) -> String {
    settings.samplers.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(" → ")
}
