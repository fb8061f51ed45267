//! The flags of `speculate`.

use super::*;
use crate::decode::speculative::{LookupSettings, Rule, Sources, SpeculativeSettings};
use crate::settings::{CacheType, GpuLayers};

fn request(line: &[&str]) -> SpeculateRequest {
    match action(&[&["speculate"], line].concat()) {
        Ok(Action::Speculate(_, request)) => *request,
        other => panic!("{line:?}: {other:?}"),
    }
}

fn wrong(line: &[&str]) -> String {
    complaint(&action(&[&["speculate"], line].concat()).expect_err("wrong"))
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(request(&[]), SpeculateRequest::default());
}

#[test]
fn llama_cpps_flags() {
    let line = [
        "-md",
        "small.gguf",
        "--spec-type",
        "ngram-simple,draft-simple",
        "--spec-draft-n-max",
        "5",
        "--spec-draft-n-min",
        "2",
        "--spec-draft-p-min",
        "0.5",
        "--spec-draft-sampling",
        "probabilistic",
        "-ngld",
        "7",
        "-ctkd",
        "q8_0",
        "-ctvd",
        "q4_0",
        "-td",
        "3",
        "--spec-ngram-simple-size-n",
        "4",
        "--spec-ngram-simple-size-m",
        "9",
    ];
    let found = request(&line).setup;
    let expected = SpeculativeSettings {
        sources: Sources { model: true, lookup: true },
        lookup: LookupSettings { n: 4, length: 9 },
        n_max: 5,
        n_min: 2,
        p_min: 0.5,
        rule: Rule::Probabilistic,
    };
    assert_eq!(found.settings, expected);
    assert_eq!((found.draft.path, found.draft.gpu_layers), (Some("small.gguf".into()), GpuLayers::Count(7)));
    let types = (found.draft.cache_type_k, found.draft.cache_type_v, found.draft.threads);
    assert_eq!(types, (CacheType::Q8_0, CacheType::Q4_0, Some(3)));
    assert_eq!(found.notices, [""; 0]);
    assert_eq!(request(&["--spec-draft-sampling", "greedy"]).setup.settings.rule, Rule::Match);
}

#[test]
fn older_names_are_understood_with_a_notice() {
    for (line, n_max, n_min) in [
        (&["--draft-max", "7"][..], 7, 0),
        (&["--draft", "7"], 7, 0),
        (&["--draft-n", "7"], 7, 0),
        (&["--draft-min", "2"], 3, 2),
        (&["--draft-n-min", "2"], 3, 2),
    ] {
        let found = request(line).setup;
        assert_eq!((found.settings.n_max, found.settings.n_min), (n_max, n_min), "{line:?}");
        assert_eq!(found.notices.len(), 1, "{line:?}");
    }
    assert_eq!(request(&["--draft-p-min", "0.3"]).setup.notices.len(), 0);
}

#[test]
fn what_is_not_here_is_named() {
    assert!(wrong(&["--spec-type", "draft-mtp"]).contains("draft-mtp is not here"));
    assert!(wrong(&["--spec-type", "magic"]).contains("expected draft-simple"));
    assert!(wrong(&["--spec-draft-sampling", "exact"]).contains("expected match"));
    assert!(wrong(&["--against", "nothing"]).contains("plain"));
}

#[test]
fn the_screen_takes_them_too_and_other_commands_do_not() {
    match action(&["-md", "small.gguf", "--spec-draft-n-max", "4"]) {
        Ok(Action::Interactive(invocation)) => {
            let found = invocation.speculation();
            assert_eq!((found.settings.n_max, found.draft.path.clone()), (4, Some("small.gguf".into())));
        }
        other => panic!("{other:?}"),
    }
    assert!(action(&["run", "--spec-draft-n-max", "4"]).is_err());
    assert!(action(&["diffuse", "-md", "other.gguf"]).is_ok());
}
