//! Where the likeliest candidates decide what a chain does, so that it need not look at a whole vocabulary.

use llama_cpp_2::token::data::LlamaTokenData;

use super::{ChainModel, SamplerKind, SamplingSettings, StageKind, bias, stage::Stage};
use crate::{distribution::Candidate, token::Token};

/// A chain whose top-k comes first, or after stages that change the logits of few tokens and lower those of all others at
/// most: biases, penalties, DRY.
pub(super) struct Shortcut {
    /// As many candidates as top-k keeps.
    pub k: usize,
    /// Stages before it.
    pub stages: usize,
    /// Tokens that have a bias.
    biased: Vec<Token>,
    /// As many of the last tokens are penalised, or favoured.
    window: usize,
    /// Whether a stage before top-k changes anything at all.
    changes: bool,
}

impl Shortcut {
    /// Of these stages; None where they need the whole vocabulary.
    pub fn of(stages: &[Stage], settings: &SamplingSettings, model: &ChainModel) -> Option<Self> {
        let is_on = |stage: &&Stage| stage.off().is_none();
        let top_k = StageKind::Sampler(SamplerKind::TopK);
        let at = stages.iter().position(|stage| stage.kind == top_k && stage.off().is_none())?;
        let (mut biased, mut window, mut changes) = (Vec::new(), 0, false);
        for stage in stages[..at].iter().filter(is_on) {
            changes = true;
            match stage.kind {
                StageKind::LogitBias => biased.extend(bias::all(settings, model).map(|bias| bias.token)),
                StageKind::Sampler(SamplerKind::Penalties) => window = model.window(settings.repeat_last_n),
                StageKind::Sampler(SamplerKind::Dry) if settings.dry_multiplier > 0.0 => {}
                _ => return None,
            }
        }
        Some(Self { k: usize::try_from(settings.top_k).ok()?, stages: at, biased, window, changes })
    }

    /// Whether any logit can be another one before top-k.
    pub fn touches(&self, history: &[Token]) -> bool {
        self.changes && !(self.biased.is_empty() && history.is_empty())
    }

    /// The tokens whose logits can rise, each once.
    pub fn touched(&self, history: &[Token]) -> Vec<Token> {
        let mut tokens = self.biased.clone();
        tokens.extend_from_slice(&history[history.len().saturating_sub(self.window)..]);
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }
}

/// The first `k` of the most likely candidates, if they are known and no two logits among them and the next are equal:
/// the order of equals is the sampler's own.
pub(super) fn distinct_top(top: &[Candidate], k: usize) -> Option<&[Candidate]> {
    let one_more = top.get(..k.checked_add(1)?)?;
    one_more.windows(2).all(|pair| pair[0].logit > pair[1].logit).then(|| &one_more[..k])
}

/// Whether the `k` most likely of these are those of the whole vocabulary, of which no other logit is above `bound`, in an
/// order that no two equal ones leave to the sampler.
pub(super) fn decides(data: &[LlamaTokenData], k: usize, bound: f32) -> bool {
    let mut logits: Vec<f32> = data.iter().map(LlamaTokenData::logit).collect();
    if k == 0 || k >= logits.len() {
        return false;
    }
    let descending = |a: &f32, b: &f32| b.total_cmp(a);
    logits.select_nth_unstable_by(k, descending);
    let first = &mut logits[..=k];
    first.sort_unstable_by(descending);
    first.windows(2).all(|pair| pair[0] > pair[1]) && first[k - 1] > bound
}
