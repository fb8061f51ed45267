//! The model of the other screens beside the canvas: it writes after the same prompt, one token after the other, and says how
//! likely it finds both texts. It has a tree of its own here, so that the walked one stays as it is.

use std::{sync::Arc, time::Duration};

use super::super::{Desk, Screen, desk::Asker};
use super::{Diffuse, sweep::written};
use crate::{
    decode::{
        StopRules,
        diffusion::{Diffusion, Template},
        lanes::{LaneSetup, Lanes, Which},
    },
    engine::{
        EngineId, EvaluateError, Request, Rows,
        worker::{Command, Evaluated, Ready, Ticket},
    },
    sampling::SamplingSettings,
    settings::StopSettings,
    token::Token,
    tree::{Evaluation, NodeId, Tree},
};

/// A text, and what it cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JudgedText {
    /// The text after the prompt.
    pub text: String,
    /// Its tokens.
    pub tokens: usize,
    /// Passes through the model that wrote it.
    pub passes: usize,
    /// Time in that model.
    pub time: Duration,
    /// Its perplexity under the model of the other screens; None while it is not known, or where nothing counts.
    pub perplexity: Option<f64>,
}

/// What the model of the other screens says and does.
#[derive(Default)]
pub struct BesideCanvas {
    asked: Option<(Ticket, Question)>,
    /// The text of the canvas; None until all is written.
    canvas: Option<JudgedText>,
    canvas_asked: bool,
    /// Its own text after the same prompt; None where there is no prompt, or it was not begun.
    own: Option<Own>,
    /// Why it says nothing.
    trouble: Option<String>,
}

/// The text that it writes itself.
struct Own {
    /// What it goes on from, and how it draws.
    of: (Template, SamplingSettings),
    tree: Tree,
    lanes: Lanes,
    prompt: usize,
    text: JudgedText,
    is_over: bool,
    judged: bool,
}

/// What the model was asked.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    /// How likely the text of the canvas is; the first token that counts.
    Canvas(usize),
    /// How likely its own is.
    Own(usize),
    /// How likely that of a row of the sweep is.
    Row(usize, usize),
    /// What comes next in its own text.
    Next(Vec<NodeId>),
}

impl BesideCanvas {
    /// The text of the canvas, once all is written.
    #[must_use]
    pub fn canvas(&self) -> Option<&JudgedText> {
        self.canvas.as_ref()
    }

    /// Its own text, and whether it goes on.
    #[must_use]
    pub fn own(&self) -> Option<(&JudgedText, bool)> {
        self.own.as_ref().map(|own| (&own.text, own.is_over))
    }

    /// Why it says nothing.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Another text stands on the canvas; its own text stays while prompt and settings do.
    pub(super) fn text_changed(&mut self) {
        let own = self.own.take();
        *self = Self {
            own,
            asked: self
                .asked
                .take_if(|(_, question)| matches!(question, Question::Next(_) | Question::Own(_))),
            ..Self::default()
        };
    }
}

impl Own {
    fn new(canvas: &Diffusion, ready: &Ready) -> Result<Option<Self>, String> {
        let prompt = canvas.prompt_in(&ready.vocabulary);
        if prompt.is_empty() || !canvas.template().is_prompt_only() {
            return Ok(None);
        }
        let stop = StopSettings {
            predict: i32::try_from(canvas.template().gaps()).unwrap_or(i32::MAX),
            ..StopSettings::default()
        };
        let mut tree = Tree::new(0);
        let mut lanes = Lanes::new(Arc::clone(&ready.vocabulary), ready.context);
        let count = prompt.len();
        let settings = canvas.sampling().clone();
        let setup = LaneSetup { name: String::new(), prompt, settings, rules: StopRules::from(&stop) };
        lanes.add(&mut tree, setup).map_err(|error| error.to_string())?;
        lanes.ask(Which::All, ready.context);
        let of = (canvas.template().clone(), canvas.sampling().clone());
        Ok(Some(Self {
            of,
            tree,
            lanes,
            prompt: count,
            text: JudgedText::default(),
            is_over: false,
            judged: false,
        }))
    }

    /// Its tokens, without an end token.
    fn tokens(&self, ready: &Ready) -> Vec<Token> {
        let Some(lane) = self.lanes.lanes().first() else { return Vec::new() };
        let mut tokens = lane.cursor().path().tokens().to_vec();
        tokens.pop_if(|token| ready.vocabulary.is_eog(*token));
        tokens
    }

    fn note(&mut self, ready: &Ready) {
        let tokens = self.tokens(ready);
        let generated = tokens.get(self.prompt..).unwrap_or_default();
        let bytes: Vec<u8> =
            generated.iter().flat_map(|&token| ready.vocabulary.piece(token)).copied().collect();
        self.text.text = String::from_utf8_lossy(&bytes).into_owned();
        self.text.tokens = generated.len();
        self.is_over = !self.lanes.running();
    }
}

impl Diffuse {
    /// Asks the model of the other screens for what is not known yet, once the canvas is written.
    pub(super) fn judge(&mut self, desk: &mut Desk) {
        let waits = self.beside.asked.as_ref().is_some_and(|(ticket, _)| desk.engines.awaits(*ticket));
        let Some(ready) = desk.ready().cloned() else { return };
        if waits || self.beside.trouble.is_some() || desk.evaluating() {
            return;
        }
        self.beside.asked = None;
        let Some(question) = self.next_question(&ready) else { return };
        let (question, request) = question;
        let by = Asker::Own(Screen::Diffuse);
        let ticket = desk.engines.ask(EngineId::MAIN, by, Command::Evaluate(request));
        self.beside.asked = Some((ticket, question));
    }

    fn next_question(&mut self, ready: &Ready) -> Option<(Question, Request)> {
        let whole = |(tokens, counted): (Vec<Token>, usize), question: fn(usize) -> Question| {
            (tokens.len() > counted.max(1) && tokens.len() <= ready.context).then(|| {
                let rows = vec![Rows { tokens: tokens.into(), from: 0 }];
                (question(counted), Request { rows, ..Request::default() })
            })
        };
        if let Some(canvas) = self.canvas.as_ref().filter(|canvas| canvas.is_over()) {
            let (passes, time) = canvas.spent();
            self.beside.canvas.get_or_insert_with(|| JudgedText {
                text: written(canvas),
                tokens: canvas.order().opened.len(),
                passes,
                time,
                perplexity: None,
            });
            if !std::mem::replace(&mut self.beside.canvas_asked, true)
                && let Some(asked) = whole(canvas.text_in(&ready.vocabulary), Question::Canvas)
            {
                return Some(asked);
            }
        }
        if let Some(sweep) = &mut self.sweep
            && let Some((row, canvas)) = sweep.unjudged()
        {
            let asked = whole(canvas.text_in(&ready.vocabulary), Question::Canvas);
            sweep.row_mut(row)?.judged = true;
            if let Some((Question::Canvas(counted), request)) = asked {
                return Some((Question::Row(row, counted), request));
            }
        }
        self.own_question(ready)
    }

    fn own_question(&mut self, ready: &Ready) -> Option<(Question, Request)> {
        let canvas = self.canvas.as_ref().filter(|canvas| canvas.is_over())?;
        let stays = |own: &mut Own| own.of.0 == *canvas.template() && own.of.1 == *canvas.sampling();
        if self.beside.own.as_mut().is_some_and(|own| !stays(own)) {
            self.beside.own = None;
        }
        if self.beside.own.is_none() {
            match Own::new(canvas, ready) {
                Ok(own) => self.beside.own = own,
                Err(why) => self.beside.trouble = Some(why),
            }
        }
        let own = self.beside.own.as_mut()?;
        if !own.is_over {
            match own.lanes.wanted(&mut own.tree, 1) {
                Ok(nodes) if nodes.is_empty() => own.note(ready),
                Ok(nodes) => {
                    let paths = nodes.iter().map(|&node| Arc::from(own.tree.prefix(node)));
                    let request = Request::after(paths, Some(own.prompt));
                    return Some((Question::Next(nodes), request));
                }
                Err(error) => {
                    self.beside.trouble = Some(error.to_string());
                    return None;
                }
            }
        }
        if !own.is_over || std::mem::replace(&mut own.judged, true) {
            return None;
        }
        let (tokens, counted) = (own.tokens(ready), own.prompt);
        (tokens.len() > counted && tokens.len() <= ready.context).then(|| {
            let rows = vec![Rows { tokens: tokens.into(), from: 0 }];
            (Question::Own(counted), Request { rows, ..Request::default() })
        })
    }

    /// Takes in what the model of the other screens has answered.
    pub(super) fn judged(
        &mut self,
        ticket: Ticket,
        answer: Result<Evaluated, EvaluateError>,
        desk: &mut Desk,
    ) {
        desk.stale = true;
        let Some((_, question)) = self.beside.asked.take_if(|(asked, _)| *asked == ticket) else { return };
        match answer {
            Ok(evaluated) => self.take_answer(&question, evaluated, desk),
            Err(EvaluateError::Cancelled) => {}
            Err(error) => self.beside.trouble = Some(error.to_string()),
        }
        self.go_on(desk);
    }

    fn take_answer(&mut self, question: &Question, evaluated: Evaluated, desk: &Desk) {
        match question {
            Question::Canvas(counted) => {
                if let Some(canvas) = &mut self.beside.canvas {
                    canvas.perplexity = perplexity(&evaluated, *counted);
                }
            }
            Question::Own(counted) => {
                if let Some(own) = &mut self.beside.own {
                    own.text.perplexity = perplexity(&evaluated, *counted);
                }
            }
            Question::Row(row, counted) => {
                if let Some(row) = self.sweep.as_mut().and_then(|sweep| sweep.row_mut(*row)) {
                    row.perplexity = perplexity(&evaluated, *counted);
                }
            }
            Question::Next(nodes) => {
                if let (Some(own), Some(ready)) = (&mut self.beside.own, desk.ready())
                    && let Err(why) = own.take_in(nodes, evaluated, ready)
                {
                    self.beside.trouble = Some(why);
                }
            }
        }
    }
}

impl Own {
    fn take_in(&mut self, nodes: &[NodeId], evaluated: Evaluated, ready: &Ready) -> Result<(), String> {
        self.text.passes += nodes.len();
        self.text.time += evaluated.cost.time;
        let share = evaluated.cost.time / nodes.len().max(1) as u32;
        let distributions = evaluated.rows.into_iter().filter_map(|row| row.distribution);
        for (&node, distribution) in nodes.iter().zip(distributions) {
            let evaluation =
                Evaluation { summary: distribution.summary, logits: Some(distribution.logits), time: share };
            self.lanes.absorb(&mut self.tree, node, evaluation).map_err(|error| error.to_string())?;
        }
        self.note(ready);
        Ok(())
    }
}

/// 2 to the mean surprisal of the tokens from `counted` on; None where there are none.
fn perplexity(evaluated: &Evaluated, counted: usize) -> Option<f64> {
    let steps = evaluated.rows.iter().filter(|row| row.id.position + 1 >= counted.max(1));
    let bits: Vec<f64> = steps.filter_map(|row| row.next.map(|step| step.surprisal_bits)).collect();
    (!bits.is_empty()).then(|| (bits.iter().sum::<f64>() / bits.len() as f64).exp2())
}
