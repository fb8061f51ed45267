//! `logitscope models`: what is on this machine, as a table or as JSON lines; one of them with all its metadata.

mod json;
mod table;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    gguf::{self, GgufError},
    models::{
        Fit, ListedModel, ModelName, ModelSort, NameError, NotHere, Places, find, fit, free_memory, locate,
        nearest, page, read_card,
    },
    settings::ModelSettings,
    text::Shown,
};

/// What is to be listed.
#[derive(Clone, Debug, Default)]
pub struct ModelsJob {
    /// The model that is set, beside which others may lie; the context and the types of the KV cache; folders of one's own.
    pub settings: ModelSettings,
    /// Words to look for, or the name of a model.
    pub search: String,
    /// The order.
    pub sort: ModelSort,
    /// JSON lines.
    pub json: bool,
    /// The models that were loaded lately, the last one first.
    pub recent: Vec<PathBuf>,
}

/// Why nothing was listed.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// No model has these words.
    #[error("no model here has {:?} in its name{}", Shown::inline(.search).as_str(), crate::models::did_you_mean(.near))]
    None {
        /// The words.
        search: String,
        /// Similar names.
        near: Vec<String>,
    },
    /// What looks like a name is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The model that was named is not here.
    #[error(transparent)]
    NotHere(#[from] NotHere),
    /// Its header cannot be read.
    #[error(transparent)]
    Header(#[from] GgufError),
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// A model of the list with what is worked out of it.
struct Row {
    model: ListedModel,
    /// None for what cannot be run.
    fit: Option<Fit>,
}

/// Lists the models in the known places of the process's environment. Asks no network. A search that only one model has,
/// or the path or name of one, shows that one with all its metadata.
///
/// # Errors
///
/// There is none of that name, its header cannot be read, or the output cannot be written.
pub fn models(job: &ModelsJob, out: &mut dyn Write) -> Result<(), ModelsError> {
    let home = std::env::home_dir();
    let known = Places::from_env(|name| std::env::var(name).ok(), home.as_deref());
    let places = Places { loaded: job.settings.path.clone(), recent: job.recent.clone(), ..known };
    let places = places.with_own(&job.settings.folders, home.as_deref());
    let written = list(job, &places, out).and_then(|()| Ok(out.flush()?));
    match written {
        // A reader that has seen enough.
        Err(ModelsError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn list(job: &ModelsJob, places: &Places, out: &mut dyn Write) -> Result<(), ModelsError> {
    if let Some(path) = named(&job.search, places)? {
        return one(job, &path, out);
    }
    let free = free_memory();
    let all: Vec<ListedModel> = find(places)
        .into_iter()
        .map(|found| ListedModel { card: Some(read_card(&found.path)), found })
        .collect();
    let names: Vec<String> = all.iter().map(|model| model.found.name.clone()).collect();
    let mut models: Vec<ListedModel> = all.into_iter().filter(|model| model.matches(&job.search)).collect();
    job.sort.sort(&mut models);
    match models.as_slice() {
        [] if !job.search.is_empty() => {
            let near = nearest(&job.search, names);
            return Err(ModelsError::None { search: job.search.clone(), near });
        }
        [model] if !job.search.is_empty() => return one(job, &model.found.path, out),
        _ => {}
    }
    let row = |model: ListedModel| {
        let fit = model.runs().map(|card| fit(card, &job.settings, free));
        Row { model, fit }
    };
    let rows: Vec<Row> = models.into_iter().map(row).collect();
    if job.json {
        json::list(&rows, out)?;
    } else {
        table::write(&rows, free, out)?;
    }
    Ok(())
}

/// The file that is meant, where it is named and not searched for.
fn named(search: &str, places: &Places) -> Result<Option<PathBuf>, ModelsError> {
    let path = PathBuf::from(search);
    if !ModelName::is_meant(search) && !path.is_file() {
        return Ok(None);
    }
    Ok(Some(locate(&ModelName::parse(search.as_ref())?, places)?))
}

fn one(job: &ModelsJob, path: &Path, out: &mut dyn Write) -> Result<(), ModelsError> {
    let details = gguf::details(path)?;
    let card = details.checked.as_ref().ok().map(crate::models::Card::from);
    let fit = card.as_ref().map(|card| fit(card, &job.settings, free_memory()));
    if job.json {
        json::one(path, &details, fit.as_ref(), out)?;
    } else {
        for line in page(path, &details, fit.as_ref()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
