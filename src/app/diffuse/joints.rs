//! Neighbours that opened in one step, drawn independently: what opening one first would have given.

use std::{collections::BTreeMap, sync::Arc};

use super::super::Desk;
use super::{CanvasAsk, Diffuse, Wish};
use crate::{
    decode::diffusion::{Answer, Diffusion, Joint},
    text::{Shown, Spaces, TokenText},
    token::Token,
};

/// Pairs that are measured of a canvas at most.
const MOST: usize = 256;

/// Neighbours that opened together.
#[derive(Clone, Debug)]
pub struct JointRow {
    /// What was measured.
    pub joint: Joint,
    /// The two tokens as shown.
    pub tokens: [Shown<'static>; 2],
    /// The likeliest token at the second position, once the first is written, as shown; with its probability.
    pub instead: Option<(Shown<'static>, f64)>,
}

impl JointRow {
    /// How many times likelier the two are together than they were drawn: below 1, one after the other would have been less
    /// likely to give them.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.joint.p_given / self.joint.second.p
    }
}

/// What was measured, by step and first position.
#[derive(Default)]
pub(super) struct Joints {
    known: BTreeMap<(usize, usize), Joint>,
    rows: Vec<JointRow>,
}

impl Joints {
    pub(super) fn rows(&self) -> &[JointRow] {
        &self.rows
    }

    /// Forgets the steps from this one on.
    pub(super) fn forget_from(&mut self, step: usize) {
        self.known.split_off(&(step, 0));
    }

    pub(super) fn take_in(&mut self, canvas: &Diffusion, step: usize, position: usize, answer: &Answer) {
        if let Some(joint) = canvas.joint(step, position, answer) {
            self.known.insert((step, position), joint);
        }
    }

    /// The next pair to be measured: of the newest step taken first, then, when all is written, of the others.
    fn missing(&self, canvas: &Diffusion) -> Option<(usize, usize)> {
        if self.known.len() >= MOST {
            return None;
        }
        let newest = canvas.at().checked_sub(1)?;
        let others = if canvas.is_over() { newest } else { 0 };
        let steps = std::iter::once(newest).chain((0..others).rev());
        let mut pairs =
            steps.flat_map(|step| canvas.neighbours(step).into_iter().map(move |position| (step, position)));
        pairs.find(|pair| !self.known.contains_key(pair))
    }

    /// Makes the rows: those of the newest step taken first, each step's with the most harm first.
    pub(super) fn show(&mut self, canvas: &Diffusion) {
        let newest = canvas.at().wrapping_sub(1);
        let taken = self.known.iter().filter(|((step, _), _)| *step < canvas.at());
        self.rows = taken.map(|(_, joint)| row(canvas, joint.clone())).collect();
        self.rows.sort_by(|a, b| {
            let earlier = |row: &JointRow| row.joint.step != newest;
            earlier(a).cmp(&earlier(b)).then(a.ratio().total_cmp(&b.ratio()))
        });
    }
}

fn row(canvas: &Diffusion, joint: Joint) -> JointRow {
    let shown = |token: Token| TokenText::new().push(canvas.vocabulary().piece(token), Spaces::Marked);
    JointRow {
        tokens: [shown(joint.first.token), shown(joint.second.token)],
        instead: joint.given.first().map(|guess| (shown(guess.token), guess.p)),
        joint,
    }
}

impl Diffuse {
    /// Asks for one more pass where neighbours have opened together, unless the canvas is being written.
    pub(super) fn measure_neighbours(&mut self, desk: &mut Desk) {
        if self.engine.is_asked() || desk.play.playing() {
            return;
        }
        let Some(canvas) =
            self.canvas.as_ref().filter(|canvas| canvas.at() >= self.target || canvas.is_over())
        else {
            return;
        };
        let Some((step, position)) = self.joints.missing(canvas) else { return };
        let Some(pass) = canvas.joint_pass(step, position) else { return };
        let vocabulary = Arc::clone(canvas.vocabulary());
        let ask = CanvasAsk::Read { vocabulary, pass: Box::new(pass) };
        self.engine.ask(Wish::Joint(step, position), ask, desk);
    }
}
