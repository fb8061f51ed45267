//! What differs between the settings of lanes, and only that.

use serde_json::Value;

use crate::{
    sampling::{Preset, SamplingOverrides, SamplingSettings, diff},
    settings::StopSettings,
};

/// The stop conditions, in the order of the config file's section `stop`.
const STOPS: [&str; 12] = [
    "stop.predict",
    "stop.strings",
    "stop.max_time",
    "stop.regex",
    "stop.sentences",
    "stop.lines",
    "stop.loop_times",
    "stop.loop_tokens",
    "stop.entropy_above",
    "stop.entropy_below",
    "stop.top_prob_above",
    "stop.top_prob_below",
];

/// A setting that is not the same in all lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The setting's name, as the config file writes it; of a stop condition with its section before it.
    pub field: &'static str,
    /// Its value in each lane, as text, in the order of the lanes.
    pub values: Vec<String>,
}

/// The settings in which `lanes` differ, in the order of the settings; the seed counts as one.
#[must_use]
pub fn differing(lanes: &[&SamplingSettings]) -> Vec<Differing> {
    // Each as its difference from llama.cpp's defaults; what is missing there has the default.
    let defaults = Preset {
        name: String::new(),
        about: String::new(),
        sampling: SamplingOverrides { seed: Some(None), ..SamplingOverrides::default() },
    };
    let differences: Vec<_> = lanes.iter().map(|settings| diff(settings, &defaults)).collect();
    let of = |field: &str| {
        let all = differences.iter().map(|list| list.iter().find(|difference| difference.field == field));
        let default = all.clone().flatten().next()?.preset.clone();
        let values = all.map(|found| found.map_or(default.clone(), |difference| difference.current.clone()));
        Some(values.collect::<Vec<_>>())
    };
    SamplingOverrides::FIELDS
        .iter()
        .filter_map(|&field| Some(Differing { field, values: of(field)? }))
        .filter(|differing| differing.values.windows(2).any(|pair| pair[0] != pair[1]))
        .collect()
}

/// The stop conditions in which `lanes` differ, in the order of the config file.
#[must_use]
pub fn differing_stops(lanes: &[&StopSettings]) -> Vec<Differing> {
    let lanes: Vec<Value> =
        lanes.iter().map(|stop| serde_json::to_value(stop).expect("plain data")).collect();
    let of = |field: &'static str| {
        let name = field.trim_start_matches("stop.");
        Differing { field, values: lanes.iter().map(|lane| shown(&lane[name])).collect() }
    };
    let differ = |differing: &Differing| differing.values.windows(2).any(|pair| pair[0] != pair[1]);
    STOPS.into_iter().map(of).filter(differ).collect()
}

/// A stop condition's value in one line; lists as JSON writes them.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::StopOverrides;

    #[test]
    fn stop_conditions_that_differ_are_reported_with_every_value() {
        let plain = StopSettings { predict: 128, ..StopSettings::default() };
        let texts = StopSettings { strings: vec!["a".into(), "b\n".into()], ..plain.clone() };
        let short = StopSettings { predict: 3, entropy_above: 0.5, ..plain.clone() };
        let told: Vec<(&str, String)> = differing_stops(&[&plain, &texts, &short])
            .into_iter()
            .map(|differing| (differing.field, differing.values.join(" | ")))
            .collect();
        assert_eq!(
            told,
            [
                ("stop.predict", "128 | 128 | 3".to_owned()),
                ("stop.strings", r#"none | ["a","b\n"] | none"#.to_owned()),
                ("stop.entropy_above", "0.0 | 0.0 | 0.5".to_owned()),
            ]
        );
        assert_eq!(differing_stops(&[&plain, &plain.clone()]), []);
    }

    #[test]
    fn every_stop_condition_can_differ() {
        let names: Vec<String> = StopOverrides::FIELDS.iter().map(|field| format!("stop.{field}")).collect();
        assert_eq!(STOPS.to_vec(), names);
    }

    #[test]
    fn only_what_differs_is_reported_with_every_value() {
        let plain = SamplingSettings { seed: Some(1), top_k: 5, ..SamplingSettings::default() };
        let warm = SamplingSettings { temperature: 1.5, ..plain.clone() };
        let other = SamplingSettings { seed: Some(2), ..plain.clone() };
        let told = |lanes: &[&SamplingSettings]| -> Vec<(&'static str, String)> {
            differing(lanes).into_iter().map(|d| (d.field, d.values.join(" "))).collect()
        };
        assert_eq!(
            told(&[&plain, &warm, &other]),
            [("temperature", "0.8 1.5 0.8".to_owned()), ("seed", "1 1 2".to_owned())]
        );
        assert_eq!(told(&[&plain, &plain.clone()]), []);
        assert_eq!(told(&[&plain]), []);
    }
}
