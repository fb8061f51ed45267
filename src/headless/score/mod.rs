//! `score` without a screen: coloured text, a table, or one JSON object a line.

mod json;
mod table;
mod text;

use std::{
    io::{self, IsTerminal as _, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::RunError;
use crate::{
    engine::{Model, PromptText, PromptTextError, Vocabulary},
    score::{ScoredToken, Scores, Windows, score},
    settings::{ModelSettings, Settings},
    token::Token,
};
use json::JsonOutput;
use table::TableOutput;
use text::ColouredOutput;

/// A text to be scored.
#[derive(Clone, Debug, Default)]
pub struct ScoreJob {
    /// Everything that can be set; the prompt is the text.
    pub settings: Settings,
    /// How the text is cut.
    pub windows: Windows,
    /// JSON lines.
    pub json: bool,
    /// Candidates in each JSON token, 1 and up.
    pub top: usize,
    /// Surprising tokens that are listed at most.
    pub surprises: usize,
    /// Special tokens in the text are recognised as such.
    pub special: bool,
}

/// Where scores go.
trait ScoreOutput {
    /// Before the first token; `tokens` are all of the text.
    fn start(&mut self, tokens: &[Token], vocabulary: &Vocabulary) -> io::Result<()>;
    /// After each token that is scored.
    fn token(&mut self, scored: &ScoredToken<'_>, vocabulary: &Vocabulary) -> io::Result<()>;
    /// After the last.
    fn finish(&mut self, scores: &Scores, vocabulary: &Vocabulary) -> io::Result<()>;
}

/// Scores a job's text to `out`. `interrupted` ends it after the present batch, with what was scored so far. A reader that
/// went away (broken pipe) ends it without an error.
pub fn run_score(job: &ScoreJob, out: &mut dyn Write, interrupted: &Arc<AtomicBool>) -> Result<(), RunError> {
    let text = job.settings.prompt.load()?.ok_or(RunError::NoPrompt)?;
    let model = super::load_model(&job.settings.model, interrupted)?;
    run_score_on(&*model, job, text, out, interrupted)
}

/// [`run_score`] of `text` on a model that is loaded already.
pub fn run_score_on(
    loaded: &dyn Model,
    job: &ScoreJob,
    text: String,
    out: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let tokens = tokens(loaded, job, text)?;
    let mut evaluator = loaded.evaluator(&model_settings(loaded, job, tokens.len()), None)?;
    let windows = job.windows.of(tokens.len(), evaluator.context_size())?;
    let terminal = io::stdout().is_terminal();
    let coloured = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut output: Box<dyn ScoreOutput + '_> = match (job.json, coloured) {
        (true, _) => Box::new(JsonOutput::new(out, loaded, job)),
        (false, true) => Box::new(ColouredOutput::new(out, job.settings.ui.colour_by)),
        (false, false) => Box::new(TableOutput::new(out)),
    };
    let vocabulary = &**loaded.vocabulary();
    let result = output.start(&tokens, vocabulary).map_err(RunError::Output).and_then(|()| {
        // An error of the output has to pass through the evaluator's callbacks.
        let mut failed = None;
        let result = score(
            &mut *evaluator,
            vocabulary,
            &tokens,
            &windows,
            (job.top, job.surprises),
            &mut |_| !interrupted.load(Ordering::Relaxed),
            &mut |scored| {
                output.token(scored, vocabulary).map_err(|error| {
                    let text = error.to_string();
                    failed = Some(error);
                    text
                })
            },
        );
        match (result, failed) {
            (_, Some(error)) => Err(RunError::Output(error)),
            (Ok(scores), None) => Ok(output.finish(&scores, vocabulary)?),
            (Err(error), None) => Err(error.into()),
        }
    });
    match result {
        Err(RunError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The tokens of the text; what it says is no command, unless asked for.
fn tokens(loaded: &dyn Model, job: &ScoreJob, text: String) -> Result<Vec<Token>, RunError> {
    let prompt = &job.settings.prompt;
    if !prompt.chat && !job.special {
        return Ok(loaded.vocabulary().try_tokenize_plain(&text).map_err(PromptTextError::Server)?);
    }
    let text = PromptText { text, chat: prompt.chat, system: prompt.system.clone() };
    Ok(super::tokens_of(&text, loaded)?)
}

/// A context no larger than what is needed, where none was asked for.
fn model_settings(loaded: &dyn Model, job: &ScoreJob, tokens: usize) -> ModelSettings {
    let mut settings = ModelSettings { sequences: 1, ..job.settings.model.clone() };
    if settings.ctx_size == 0 {
        let wanted = match job.windows {
            Windows::Whole => tokens,
            Windows::Chunks(chunk) => chunk,
        };
        let most = loaded.context(&settings);
        settings.ctx_size = wanted.clamp(1, most.max(1)).min(1 << 31) as u32;
    }
    settings
}
