//! The X-ray screen: which stage and which token of the step on view is looked at, and what is known of them.

mod actions;
mod panel;
#[cfg(test)]
mod tests;

pub use panel::{Arrangement, XrayPanel};

use super::{Desk, Explanation, Flow, Hit, PanelId, Room};
use crate::{
    keymap::{Action, Context},
    sampling::{AtTemperature, Beside, Fate, Kept, Off, STRIP, StageKind, StageXray, WalkStep, Xray},
    token::Token,
    tree::NodeId,
};

/// Candidates listed of what a stage left, and of what it cut.
const LISTED: usize = 200;
/// Candidates listed of what a stage moved by itself.
const MOVED: usize = 64;
/// Bars of the little pictures: the model's most likely tokens.
pub(crate) const BARS: u16 = 32;

/// What the X-ray screen shows. Row 0 of the stages is the model's own distribution, row `n` the stage `n − 1` of
/// [`Xray::stages`].
#[derive(Debug, Default)]
pub struct XrayView {
    /// The X-ray of the step on view; None where its logits are not at hand, or are no numbers.
    pub xray: Option<Xray>,
    /// What the same u draws at other temperatures.
    pub strip: Vec<AtTemperature>,
    /// For each row of the stages, the probabilities of the model's likeliest tokens there, 0 to 1; NaN for one that is cut.
    pub pictures: Vec<Vec<f64>>,
    /// The panel with the focus.
    pub panel: XrayPanel,
    /// The selected row of the stages.
    pub stage: usize,
    /// Whether the stages that are off stand in their places; otherwise one line stands for all of them.
    pub unfolded: bool,
    /// Whether that line is selected.
    pub on_fold: bool,
    /// The candidates that the selected stage moved for what they are, such as those that it penalised: those that it
    /// changed most. However far it pushed them, they are here.
    pub moved: Vec<Beside>,
    /// The other candidates that it left, the most likely of them.
    pub kept: Vec<Beside>,
    /// The candidates that it cut, the most likely of them.
    pub cut: Vec<Beside>,
    /// The token whose way is shown.
    pub token: Option<Token>,
    /// Its way: in the model's distribution, then after each stage.
    pub walk: Vec<WalkStep>,
    /// Whether a person chose the token; otherwise it is the one that is drawn.
    pub pinned: bool,
    /// The stage to be selected when the next X-ray is taken.
    follow: Option<StageKind>,
}

impl XrayView {
    /// Rows of the stages, the model's own distribution included; 0 without an X-ray.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.xray.as_ref().map_or(0, |xray| xray.stages.len() + 1)
    }

    /// The stages that are off and that nobody has switched off on this screen, as rows: one line stands for them.
    #[must_use]
    pub fn foldable(&self) -> Vec<usize> {
        let stages = self.xray.iter().flat_map(|xray| &xray.stages).zip(1..);
        let off = |stage: &StageXray| !matches!(stage.off, None | Some(Off::Muted | Off::NotSoloed));
        let rows: Vec<usize> = stages.filter(|(stage, _)| off(stage)).map(|(_, row)| row).collect();
        // One line for a single one would save nothing.
        if rows.len() > 1 { rows } else { Vec::new() }
    }

    /// The rows that are shown, from the top: those of the stages, and at last that which folds and unfolds those that are
    /// off, whose number is [`Self::rows`].
    #[must_use]
    pub fn visible(&self) -> Vec<usize> {
        let foldable = self.foldable();
        let shown = |row: &usize| self.unfolded || !foldable.contains(row);
        let mut visible: Vec<usize> = (0..self.rows()).filter(shown).collect();
        if !foldable.is_empty() {
            visible.push(self.rows());
        }
        visible
    }

    /// The selected one of the rows that are shown, an index into [`Self::visible`].
    #[must_use]
    pub fn selected_row(&self) -> usize {
        let visible = self.visible();
        let at = visible.iter().position(|&row| row == self.stage).filter(|_| !self.on_fold);
        at.unwrap_or(visible.len().saturating_sub(1))
    }

    /// Whether a row of the stages is the one that is selected.
    #[must_use]
    pub fn is_selected(&self, row: usize) -> bool {
        self.visible().get(self.selected_row()) == Some(&row)
    }

    /// The selected stage; None for the model's own distribution.
    #[must_use]
    pub fn selected(&self) -> Option<&StageXray> {
        self.xray.as_ref()?.stages.get(self.stage.checked_sub(1)?)
    }

    /// The listed candidates: those that the stage moved, the others that it kept, then those that it cut.
    pub fn listed(&self) -> impl Iterator<Item = &Beside> {
        self.moved.iter().chain(&self.kept).chain(&self.cut)
    }

    /// The index of the traced token among the listed candidates.
    #[must_use]
    pub fn traced(&self) -> Option<usize> {
        let token = self.token?;
        self.listed().position(|row| row.before.token == token)
    }

    /// Takes over a new X-ray, `counts` the token that was taken or is drawn; the same row, or the followed stage, stays
    /// selected.
    fn develop(&mut self, xray: Xray, strip: Vec<AtTemperature>, counts: Option<Token>) {
        if let Some(kind) = self.follow.take() {
            let row = xray.stages.iter().position(|stage| stage.kind == kind);
            self.stage = row.map_or(self.stage, |row| row + 1);
            self.on_fold = false;
        }
        self.stage = self.stage.min(xray.stages.len());
        self.pictures = pictures(&xray);
        if !self.pinned || self.token.is_none() {
            // Where nothing can be drawn, the model's favourite shows best what took all away.
            let favourite = || xray.raw.top(1).first().map(|kept| kept.token);
            self.token = counts.or_else(favourite);
        }
        self.xray = Some(xray);
        self.strip = strip;
        self.list();
        self.follow_token();
    }

    fn forget(&mut self) {
        let Self { panel, stage, unfolded, on_fold, token, pinned, .. } = *self;
        *self = Self { panel, stage, unfolded, on_fold, token, pinned, ..Self::default() };
    }

    /// Lists the candidates of the selected stage.
    fn list(&mut self) {
        let Some(xray) = &self.xray else { return };
        (self.kept, self.cut) = match self.stage.checked_sub(1) {
            Some(index) => xray.beside(index, LISTED),
            None => (xray.raw.top(LISTED).into_iter().zip(1..).map(unchanged).collect(), Vec::new()),
        };
        self.moved = self.stage.checked_sub(1).map_or_else(Vec::new, |index| xray.moved(index, MOVED));
        let moved = &self.moved;
        self.kept.retain(|row| moved.iter().all(|moved| moved.before.token != row.before.token));
    }

    /// Works out the way of the traced token.
    fn follow_token(&mut self) {
        self.walk = match (&self.xray, self.token) {
            (Some(xray), Some(token)) => xray.walk(token),
            _ => Vec::new(),
        };
    }

    /// Selects a row of the stages, or that which folds those that are off.
    fn select_stage(&mut self, row: usize) {
        self.on_fold = row == self.rows() && !self.foldable().is_empty();
        if !self.on_fold {
            self.stage = row.min(self.rows().saturating_sub(1));
        }
        self.list();
    }

    /// Moves the selection through the rows that are shown.
    fn move_stage_by(&mut self, rows: isize) {
        let visible = self.visible();
        let at = self.selected_row().saturating_add_signed(rows).min(visible.len().saturating_sub(1));
        if let Some(&row) = visible.get(at) {
            self.select_stage(row);
        }
    }

    /// Whether the row that folds is selected, or one that is folded.
    #[must_use]
    pub fn is_on_fold(&self) -> bool {
        self.visible().get(self.selected_row()) == Some(&self.rows())
    }

    /// Traces a token, chosen or not.
    fn trace(&mut self, token: Token) {
        (self.token, self.pinned) = (Some(token), true);
        self.follow_token();
    }
}

/// A candidate of the model's own distribution.
fn unchanged((kept, rank): (Kept, usize)) -> Beside {
    Beside { before: kept, after: Some(kept), rank, was: None, fate: Fate::Kept }
}

/// The little pictures, the model's own first. All have the same tokens in the same places, so that one sees what goes.
fn pictures(xray: &Xray) -> Vec<Vec<f64>> {
    let tokens: Vec<Token> = xray.raw.top(BARS.into()).iter().map(|kept| kept.token).collect();
    let picture = |snapshot: &crate::sampling::Snapshot| -> Vec<f64> {
        let p = |token: &Token| snapshot.logit(*token).map_or(f64::NAN, |logit| snapshot.probability(logit));
        tokens.iter().map(p).collect()
    };
    let mut pictures = vec![picture(&xray.raw)];
    for (index, stage) in xray.stages.iter().enumerate() {
        let same = std::sync::Arc::ptr_eq(&stage.after, xray.before(index));
        pictures.push(if same { pictures[index].clone() } else { picture(&stage.after) });
    }
    pictures
}

impl XrayView {
    /// Takes the X-ray of the step on view.
    fn take(&mut self, desk: &mut Desk) {
        let walk = &mut desk.walk;
        let taken = match &mut walk.session {
            Some(session) if walk.frame.node.is_some() => session.xray(walk.frame.length, &STRIP),
            _ => None,
        };
        match taken {
            Some((xray, strip)) => {
                let frame = &walk.frame;
                // What a lesson asks is not told.
                let counts = frame.taken.or(frame.drawn.filter(|_| !walk.hides_draw));
                self.develop(xray, strip, counts);
            }
            None => self.forget(),
        }
    }
}

impl Room for XrayView {
    fn panels(&self) -> &'static [PanelId] {
        // Its own are explained where they are, with their formulas.
        &[PanelId::Candidates]
    }

    fn context(&self, _desk: &Desk) -> Context {
        Context::Xray
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Flow {
        self.action(action, desk)
    }

    fn press(&mut self, hit: Hit, _again: bool, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Candidate(row) => {
                self.panel = XrayPanel::Candidates;
                desk.walk.frame.candidates.select(row);
                self.trace_match(desk);
            }
            Hit::Stage(row) => self.press_stage(row, desk),
            Hit::Trace(token) => {
                self.panel = XrayPanel::Candidates;
                self.trace(token);
            }
            Hit::ExplainXray(panel) => desk.explain(Explanation::of_panel(panel)),
            Hit::XrayPanel(panel) => self.panel = panel,
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn wheel(&mut self, hit: Hit, rows: isize, desk: &mut Desk) -> Flow {
        match hit {
            Hit::Stage(_) => self.wheel_xray(XrayPanel::Stages, rows, desk),
            Hit::Trace(_) | Hit::Candidate(_) => self.wheel_xray(XrayPanel::Candidates, 3 * rows, desk),
            Hit::XrayPanel(panel) => self.wheel_xray(panel, rows, desk),
            _ => return Flow::Pass,
        }
        Flow::Done
    }

    fn wants(&mut self, desk: &mut Desk, _limit: usize) -> Vec<NodeId> {
        desk.wanted_by_path().into_iter().collect()
    }

    fn prepare(&mut self, desk: &mut Desk) {
        let had = self.xray.is_some();
        desk.prepare_step();
        self.take(desk);
        // What was searched for while the distribution was still to come is found now.
        if !had && self.xray.is_some() {
            self.searched(desk);
        }
    }

    /// What was kept of the step is large: it is not kept for a screen that is not looked at.
    fn leave(&mut self) {
        self.forget();
    }

    fn leave_tree(&mut self) {
        self.forget();
    }

    fn searched(&mut self, desk: &mut Desk) {
        if !desk.frame().candidates.query().is_empty() {
            self.trace_match(desk);
        }
    }
}
