//! Expressions over the live state, and texts with such in them. Both are minijinja's.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value,
    value::{Enumerator, Kwargs, Object},
};

use crate::{
    text::{Shown, Spaces},
    toml_source::closest,
};

/// What an expression can name: each is worked out from the live state, and only where it is named.
pub const NAMES: &[&str] = &[
    "screen",
    "model",
    "temperature",
    "top_k",
    "top_p",
    "min_p",
    "seed",
    "settings",
    "tokens",
    "text",
    "prompt_tokens",
    "generated",
    "step",
    "last",
    "stop",
    "stages",
    "time",
    "kv",
    "compare",
    "seeds",
    "beam",
    "tree",
    "speculate",
    "diffuse",
    "cost",
    "score",
    "probability_of",
    "rank_of",
];

/// What only a text after a prediction can name.
const OF_ANSWER: [&str; 3] = ["answer", "right", "correct"];
/// Functions that need no state.
const PURE: [&str; 2] = ["softmax", "range"];
/// Instructions that an expression may take: a hundred times what a lesson needs.
const FUEL: u64 = 500_000;

/// The values of names, for one evaluation.
pub type Scope = BTreeMap<&'static str, Value>;

/// Why an expression or a text cannot be worked out, to follow the file and its line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{source_text}`: {why}")]
pub struct Mistake {
    source_text: String,
    why: String,
}

/// An expression over the live state.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    source: String,
    line: usize,
    names: BTreeSet<&'static str>,
}

/// A text, which can hold `{{ expressions }}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    source: String,
    line: usize,
    names: BTreeSet<&'static str>,
}

impl Expression {
    /// Reads an expression; an error is what is wrong with it.
    pub(super) fn parse(source: &str, line: usize) -> Result<Self, Mistake> {
        let mistake = |why| Mistake { source_text: source.to_owned(), why };
        let compiled = environment().compile_expression(source).map_err(|error| mistake(said(&error)))?;
        let found = compiled.undeclared_variables(false).into_iter().chain(sliced(source));
        let names = known(found, &[]).map_err(mistake)?;
        Ok(Self { source: source.to_owned(), line, names })
    }

    /// The names that it needs values of.
    #[must_use]
    pub fn names(&self) -> &BTreeSet<&'static str> {
        &self.names
    }

    /// The line on which it stands.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Works it out. A name without a value, and a result that is none, are errors.
    pub fn value(&self, scope: &Scope) -> Result<Value, Mistake> {
        let mistake = |why| Mistake { source_text: self.source.clone(), why };
        lacks(&self.names, scope).map_err(mistake)?;
        let compiled =
            environment().compile_expression(&self.source).map_err(|error| mistake(said(&error)))?;
        let value = compiled.eval(Value::from_object(Names(scope.clone()))).map_err(|e| mistake(said(&e)))?;
        if value.is_undefined() {
            return Err(mistake("it names something that is not there".to_owned()));
        }
        Ok(value)
    }

    /// Whether it holds.
    pub fn holds(&self, scope: &Scope) -> Result<bool, Mistake> {
        self.value(scope).map(|value| value.is_true())
    }

    /// Says what of it is wrong.
    #[must_use]
    pub fn mistake(&self, why: impl Into<String>) -> Mistake {
        Mistake { source_text: self.source.clone(), why: why.into() }
    }
}

impl Prose {
    /// Reads a text; an error is what is wrong with an expression in it.
    pub(super) fn parse(source: &str, line: usize, after_answer: bool) -> Result<Self, Mistake> {
        let mistake = |why| Mistake { source_text: source.to_owned(), why };
        let template = environment().template_from_str(source).map_err(|error| mistake(said(&error)))?;
        let extra: &[&'static str] = if after_answer { &OF_ANSWER } else { &[] };
        let code = code_of(source);
        let found = template.undeclared_variables(false).into_iter().chain(sliced(&code));
        let names = known(found, extra).map_err(mistake)?;
        Ok(Self { source: source.to_owned(), line, names })
    }

    /// The names that it needs values of.
    #[must_use]
    pub fn names(&self) -> &BTreeSet<&'static str> {
        &self.names
    }

    /// The line on which it stands.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// As it is written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The text with its expressions worked out.
    pub fn render(&self, scope: &Scope) -> Result<String, Mistake> {
        if !self.source.contains("{{") && !self.source.contains("{%") {
            return Ok(self.source.clone());
        }
        let mistake = |why| Mistake { source_text: self.source.clone(), why };
        lacks(&self.names, scope).map_err(mistake)?;
        let context = Value::from_object(Names(scope.clone()));
        environment().render_str(&self.source, context).map_err(|error| mistake(said(&error)))
    }
}

/// What of a text is code: between `{{` and `}}`, and between `{%` and `%}`.
fn code_of(source: &str) -> String {
    let parts = source.split('{').filter_map(|part| {
        let inner = part.strip_prefix('%').unwrap_or(part);
        inner.split_once("}}").or_else(|| inner.split_once("%}")).map(|(code, _)| code)
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// The names of which something is taken, as in `tokens[1:]` and `text[:1]`: what minijinja lists as undeclared leaves out those
/// inside a cut.
fn sliced(source: &str) -> impl Iterator<Item = String> {
    let starts = |at: usize| {
        source[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '.'))
    };
    let goes_on = |at: usize| source[at..].starts_with(['[', '.']);
    let stands = move |name: &&&str| {
        source.match_indices(**name).any(|(at, _)| starts(at) && goes_on(at + name.len()))
    };
    let found = source.contains(':').then(|| NAMES.iter().filter(stands)).into_iter().flatten();
    found.map(|name| (*name).to_owned())
}

/// The names among these that are no functions, or which one nobody knows.
fn known(
    found: impl IntoIterator<Item = String>,
    extra: &[&'static str],
) -> Result<BTreeSet<&'static str>, String> {
    let mut names = BTreeSet::new();
    let mut unknown: Vec<String> = Vec::new();
    for name in found {
        let all = NAMES.iter().chain(extra);
        match all.copied().find(|known| *known == name) {
            Some(known) => drop(names.insert(known)),
            None if PURE.contains(&name.as_str()) => {}
            None => unknown.push(name),
        }
    }
    unknown.sort_unstable();
    let Some(name) = unknown.first() else { return Ok(names) };
    let near = closest(name, NAMES.iter().chain(extra).chain(&PURE).copied());
    Err(match near {
        Some(near) => format!("there is no `{name}`; did you mean `{near}`?"),
        None => format!("there is no `{name}`; the names are {}", NAMES.join(", ")),
    })
}

fn lacks(names: &BTreeSet<&'static str>, scope: &Scope) -> Result<(), String> {
    match names.iter().find(|name| !scope.contains_key(*name)) {
        Some(name) => Err(format!("there is no `{name}` now")),
        None => Ok(()),
    }
}

/// The names of one evaluation.
#[derive(Debug)]
struct Names(Scope);

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}

/// Named values; to name one that is not there is an error, not nothing.
#[derive(Debug)]
pub struct Part {
    name: &'static str,
    fields: Vec<(&'static str, Value)>,
}

impl Part {
    /// The value of a part of the live state, called `name` in errors.
    #[must_use]
    pub fn value(name: &'static str, fields: Vec<(&'static str, Value)>) -> Value {
        Value::from_object(Self { name, fields })
    }
}

impl Object for Part {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        if let Some((_, value)) = self.fields.iter().find(|(name, _)| *name == key) {
            return Some(value.clone());
        }
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        let message = match closest(key, names.iter().copied()) {
            Some(near) => format!("{} has no `{key}`; did you mean `{near}`?", self.name),
            None => format!("{} has no `{key}`, it has {}", self.name, names.join(", ")),
        };
        Some(Value::from(Error::new(ErrorKind::UndefinedError, message)))
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut minijinja::State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match self.fields.iter().find(|(name, _)| *name == method) {
            Some((_, value)) => value.call(state, args),
            None => Err(Error::new(ErrorKind::UnknownMethod, format!("{} has no `{method}`", self.name))),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.fields.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}

/// What minijinja says, in one line.
fn said(error: &Error) -> String {
    let text = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Shown::inline(text.trim()).as_str().to_owned()
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("pct", |share: f64| percent(share));
        environment.add_filter("shown", |text: String| {
            Shown::with_spaces(&text, Spaces::Marked).as_str().to_owned()
        });
        environment.add_filter("fixed", |number: f64, digits: Option<u32>| {
            let digits = digits.unwrap_or(2).min(12) as usize;
            format!("{number:.digits$}")
        });
        environment.add_function("softmax", softmax);
        environment
    })
}

/// A share as a percentage: "34 %", "0.4 %".
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent == 0.0 || percent.abs() >= 1.0 {
        format!("{percent:.0} %")
    } else if percent.abs() >= 0.05 {
        format!("{percent:.1} %")
    } else {
        "less than 0.1 %".to_owned()
    }
}

/// Probabilities of logits at temperature `t`.
#[expect(clippy::needless_pass_by_value, reason = "functions of expressions are handed values")]
fn softmax(logits: Vec<f64>, options: Kwargs) -> Result<Vec<f64>, Error> {
    let temperature = options.get::<Option<f64>>("t")?.unwrap_or(1.0);
    options.assert_all_used()?;
    if logits.is_empty() || logits.iter().any(|logit| !logit.is_finite()) {
        return Err(Error::new(ErrorKind::InvalidOperation, "softmax needs finite numbers"));
    }
    if !temperature.is_finite() || temperature <= 0.0 {
        return Err(Error::new(ErrorKind::InvalidOperation, "softmax needs a temperature above 0"));
    }
    let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| ((logit - greatest) / temperature).exp()).collect();
    let sum: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|weight| weight / sum).collect())
}
