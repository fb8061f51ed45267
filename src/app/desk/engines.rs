//! The model behind the screen, and what it is asked.

use std::{collections::VecDeque, sync::Arc};

use super::super::Screen;
use crate::{
    engine::{
        Cost, KvUse, Progress,
        worker::{Ready, Ticket},
    },
    settings::ModelSettings,
    tree::NodeId,
};

/// The model behind the screen.
#[derive(Debug)]
pub enum ModelState {
    /// It is being loaded; 0 to 1.
    Loading(f32),
    /// It is ready.
    Ready(Arc<Ready>),
    /// There is none, and why.
    Missing(String),
}

/// An evaluation under way.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) ticket: Ticket,
    /// The nodes whose distributions it brings, in this order.
    pub(crate) nodes: Vec<NodeId>,
    /// The screen that it is made for.
    pub(crate) screen: Screen,
}

/// The model, and what it is asked.
pub(crate) struct Engines {
    /// The model.
    pub(crate) model: ModelState,
    /// The file of the model that is loaded or being loaded.
    pub(crate) loading: ModelSettings,
    /// What the KV cache holds.
    pub(crate) kv: KvUse,
    /// What the prompt's evaluation cost.
    pub(crate) prefill: Option<Cost>,
    /// How far an evaluation of many tokens has come.
    pub(crate) progress: Option<Progress>,
    /// Milliseconds of the last decodes of one token, newest last.
    pub(crate) decode_ms: VecDeque<f64>,
    /// What is asked and not answered yet.
    pub(crate) pending: Option<Pending>,
    /// The length of the prompt that the engine evaluates for, in tokens.
    pub(crate) prompt_told: Option<usize>,
    pub(crate) last_ticket: Ticket,
    /// Whether it was said that the paths of this model share a cache.
    pub(crate) told_of_shared_cache: bool,
}
