//! What tests of the drawing set up without keys: the insides of the desk are the business of `app` alone.

use super::{Overlay, PanelId, Screen, State};
use crate::{
    decode::Session,
    engine::{Cost, KvUse, Progress},
    sampling::SamplingSettings,
    settings::{ColourBy, EndChart},
    theme::Theme,
};

impl State {
    /// What lies over the screen, the last on top.
    pub(crate) fn overlays_mut(&mut self) -> &mut Vec<Overlay> {
        &mut self.desk.overlays
    }

    /// The footer's sentence.
    pub(crate) fn notice_mut(&mut self) -> &mut Option<String> {
        &mut self.desk.notice
    }

    /// How far the main engine has come with what it was asked.
    pub(crate) fn progress_mut(&mut self) -> &mut Option<Progress> {
        &mut self.desk.engines.main_mut().progress
    }

    /// What reading the prompt has cost.
    pub(crate) fn prefill_mut(&mut self) -> &mut Option<Cost> {
        &mut self.desk.engines.main_mut().prefill
    }

    /// What the main engine's KV cache holds.
    pub(crate) fn kv_mut(&mut self) -> &mut KvUse {
        &mut self.desk.engines.main_mut().kv
    }

    /// The path through the tree.
    pub(crate) fn session_mut(&mut self) -> Option<&mut Session> {
        self.desk.walk.session.as_mut()
    }

    /// The sampling settings of the step screen.
    pub(crate) fn sampling_mut(&mut self) -> &mut SamplingSettings {
        &mut self.desk.hand.sampling
    }

    /// Plays.
    pub(crate) fn start_playing(&mut self) {
        self.desk.play.start();
    }

    /// Shows a screen without entering its room.
    pub(crate) fn look_at(&mut self, screen: Screen) {
        self.desk.screen = screen;
    }

    /// Makes what is shown anew before the next frame.
    pub(crate) fn make_stale(&mut self) {
        self.desk.stale = true;
    }

    /// Gives a panel the focus.
    pub(crate) fn focus_on(&mut self, panel: PanelId) {
        self.desk.focus = panel;
    }

    /// Puts the text cursor on a token.
    pub(crate) fn put_cursor(&mut self, position: usize) {
        self.desk.walk.cursor = Some(position);
    }

    /// Selects a candidate.
    pub(crate) fn select_candidate(&mut self, row: usize) {
        self.desk.walk.frame.candidates.select(row);
    }

    /// Colours the text by something.
    pub(crate) fn set_colour_by(&mut self, by: ColourBy) {
        self.desk.chrome.colour_by = by;
    }

    /// Draws with a theme.
    pub(crate) fn draw_with(&mut self, theme: Theme) {
        self.desk.chrome.theme = theme;
    }

    /// Shows the chart of the end token, or not.
    pub(crate) fn show_end_chart(&mut self, chart: EndChart) {
        self.desk.chrome.end_chart = chart;
    }
}
