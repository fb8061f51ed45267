//! What differs between the settings of lanes, and only that.

use crate::sampling::{Preset, SamplingOverrides, SamplingSettings, diff};

/// A setting that is not the same in all lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The setting's name, as the config file writes it.
    pub field: &'static str,
    /// Its value in each lane, as text, in the order of the lanes.
    pub values: Vec<String>,
}

/// The settings in which `lanes` differ, in the order of the settings; the seed counts as one.
#[must_use]
pub fn differing(lanes: &[&SamplingSettings]) -> Vec<Differing> {
    // Each is told by how it differs from llama.cpp's defaults; where it says nothing, it is as they are.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_with_every_value() {
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
