//! Reading what a step sets up.

use serde::de::DeserializeOwned;

use super::{
    ModelWanted, SetUp,
    reader::{Table, plain},
};
use crate::{
    keymap::Action,
    sampling::{SamplingOverrides, SamplingSettings},
    settings::{StopOverrides, StopSettings},
    toml_source::closest,
};

/// The screens by name, and the action that shows each.
pub const SCREENS: [(&str, Action); 9] = [
    ("step", Action::ShowStep),
    ("xray", Action::ShowXray),
    ("compare", Action::ShowCompare),
    ("tree", Action::ShowTree),
    ("seeds", Action::ShowSeeds),
    ("beam", Action::ShowBeam),
    ("diffuse", Action::ShowDiffuse),
    ("speculate", Action::ShowSpeculate),
    ("cost", Action::ShowCost),
];

/// The panels by name.
#[rustfmt::skip]
pub const PANELS: [&str; 38] = [
    "text", "candidates", "sampling", "draw", "cache", "stop", "lanes", "beside", "tree", "seeds", "forks", "endings",
    "beam", "round", "finished", "winner", "drafted", "draft", "place", "gains", "draft-sweep", "shares", "draft-settings",
    "present", "canvas", "scores", "schedule", "position", "canvas-settings", "left-to-right", "neighbours", "step-sweep",
    "cache-on-off", "batches", "vocabulary", "memory", "cache-types", "one-token",
];

const KEYS: [&str; 11] =
    ["model", "screen", "panel", "prompt", "seed", "reset", "sampling", "stop", "do", "text", "show_answers"];

const MODELS: [(&str, ModelWanted); 2] =
    [("present", ModelWanted::Present), ("built-in", ModelWanted::BuiltIn)];

/// Names of settings by which one may be called as well.
const ALSO: [(&str, &str); 1] = [("max_tokens", "predict")];

/// What the table `set` of another one says; nothing where there is none.
pub(super) fn read(outer: &Table<'_, '_, '_, '_>) -> SetUp {
    let Some((table, line)) = outer.sub("set") else { return SetUp::default() };
    let table = outer.reader.table("`set`", line, table, &KEYS);
    let panels = PANELS.map(|name| (name, ()));
    let mut sampling: SamplingOverrides = layer(
        &table,
        "sampling",
        SamplingOverrides::FIELDS,
        |overrides: &SamplingOverrides| {
            let mut settings = SamplingSettings::default();
            overrides.apply(&mut settings);
            settings.validate().map_err(|invalid| invalid.to_string())
        },
        SamplingOverrides::over,
    )
    .unwrap_or_default();
    if let Some(seed) = table.whole("seed", 0..=u32::MAX) {
        sampling.seed = Some(Some(seed));
    }
    let stop = layer(
        &table,
        "stop",
        StopOverrides::FIELDS,
        |overrides: &StopOverrides| {
            let mut settings = StopSettings::default();
            overrides.apply(&mut settings);
            settings.validate().map_err(|invalid| invalid.to_string())
        },
        StopOverrides::over,
    );
    let actions = table.actions("do");
    if table.has("text") && actions.is_empty() {
        table.reader.fault(table.line, "`text` is typed into what `do` has opened, and there is no `do`");
    }
    SetUp {
        line,
        model: table.one_of("model", &MODELS).map(|(_, model)| model).unwrap_or_default(),
        screen: table.one_of("screen", &SCREENS).map(|(_, action)| action),
        panel: table.one_of("panel", &panels).map(|(name, ())| name),
        prompt: table.text("prompt").map(|(text, _)| text),
        reset: table.flag("reset"),
        sampling,
        stop,
        actions,
        text: table.text("text").map(|(text, _)| text),
    }
}

/// A layer of settings; each is read and looked at by itself, so that a mistake has its line.
fn layer<T: DeserializeOwned + Default>(
    outer: &Table<'_, '_, '_, '_>,
    key: &'static str,
    fields: &[&str],
    check: impl Fn(&T) -> Result<(), String>,
    over: impl Fn(T, T) -> T,
) -> Option<T> {
    let (table, _) = outer.sub(key)?;
    let mut all = T::default();
    for (written, line, value) in outer.reader.source.entries(table) {
        let name = written.replace('-', "_");
        let name = ALSO.iter().find(|(also, _)| *also == name).map_or(name.as_str(), |(_, name)| name);
        if !fields.contains(&name) {
            let expected = match closest(name, fields.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "they are named as in config.toml".to_owned(),
            };
            outer.reader.fault(line, format!("`{key}` has no setting `{written}`; {expected}"));
            continue;
        }
        let one = plain(value.get_ref()).map(|value| toml::Table::from_iter([(name.to_owned(), value)]));
        let read = one.ok_or_else(|| "it cannot be read".to_owned()).and_then(|one| {
            T::deserialize(toml::Value::Table(one))
                .map_err(|error| error.message().trim().replace('\n', ", "))
        });
        match read.and_then(|layer| check(&layer).map(|()| layer)) {
            Ok(layer) => all = over(layer, all),
            Err(why) => outer.reader.fault(line, format!("`{key}.{written}`: {why}")),
        }
    }
    Some(all)
}
