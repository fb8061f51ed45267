#![expect(clippy::float_cmp, reason = "what was read is what was written, to the bit")]

use proptest::prelude::*;

use super::*;
use crate::settings::GpuLayers;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("config.toml"))
}

/// What is said about `text`.
fn refused(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

#[test]
fn the_default_text_says_nothing() {
    let config = parse(DEFAULT_TEXT).expect("valid");
    assert_eq!(config.overrides, Overrides::default());
    assert_eq!(config.presets, []);
}

#[test]
fn the_default_text_uncommented_is_the_defaults_and_names_every_key() {
    let uncommented: String = DEFAULT_TEXT
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = parse(&uncommented).expect("valid");
    let mut settings = Settings::default();
    // Something else first, so that a key that says nothing would show.
    settings.model.threads = Some(7);
    settings.sampling.seed = Some(7);
    settings.stop.max_time = Some(std::time::Duration::from_secs(7));
    config.overrides.apply(&mut settings);
    assert_eq!(settings, Settings::default());
    assert_eq!(config.overrides.model.given(), ModelOverrides::FIELDS);
    assert_eq!(config.overrides.prompt.given(), PromptOverrides::FIELDS);
    assert_eq!(config.overrides.sampling.given(), SamplingOverrides::FIELDS);
    assert_eq!(config.overrides.stop.given(), StopOverrides::FIELDS);
    assert_eq!(config.overrides.ui.given(), UiOverrides::FIELDS);
}

#[test]
fn values_arrive() {
    let config = parse(
        "[model]\npath = \"m.gguf\"\ngpu_layers = 12\n[sampling]\ntemperature = 1\nseed = 5\n\
         [stop]\nstrings = [\"\\n\\n\"]\n[presets.poet]\ntemperature = 1.2\n",
    )
    .expect("valid");
    let mut settings = Settings::default();
    config.overrides.apply(&mut settings);
    assert_eq!(settings.model.path, Some("m.gguf".into()));
    assert_eq!(settings.model.gpu_layers, GpuLayers::Count(12));
    assert_eq!((settings.sampling.temperature, settings.sampling.seed), (1.0, Some(5)));
    assert_eq!(settings.stop.strings, ["\n\n"]);
    assert_eq!(config.preset("poet").expect("its own").settings().temperature, 1.2);
    assert_eq!(config.preset("greedy").expect("built in").settings().temperature, 0.0);
    assert_eq!(config.preset("nobody"), None);
}

#[test]
fn an_own_preset_takes_the_place_of_a_built_in_one() {
    let config = parse("[presets.greedy]\ntop_k = 1\n").expect("valid");
    let named = config.all_presets().iter().filter(|preset| preset.name == "greedy").count();
    assert_eq!(named, 1);
    assert_eq!(config.preset("greedy").expect("its own").sampling.top_k, Some(1));
}

/// One invalid file each, with what is said about it.
#[test]
fn errors_name_place_key_found_and_expected() {
    for (text, message) in [
        (
            "[sampling]\ntemprature = 1.0\n",
            "config.toml, line 2, column 1: sampling.temprature: there is no such key; did you mean temperature?",
        ),
        (
            "[samplign]\n",
            "config.toml, line 1, column 2: samplign: there is no such section; did you mean sampling?",
        ),
        (
            "[stop]\n\nzzz = 1\n",
            "config.toml, line 3, column 1: stop.zzz: there is no such key; the keys are predict, strings, max_time, \
             regex, sentences, lines, loop_times, loop_tokens, entropy_above, entropy_below, top_prob_above, \
             top_prob_below",
        ),
        (
            "temperature = 1.0\n",
            "config.toml, line 1, column 1: temperature: there is no such section; the sections are model, prompt, \
             sampling, stop, ui, presets",
        ),
        (
            "sampling = 3\n",
            "config.toml, line 1, column 12: sampling: expected a section, written [sampling]",
        ),
        (
            "[presets]\npoet = 3\n",
            "config.toml, line 2, column 8: presets.poet: expected a section, written [presets.poet]",
        ),
        (
            "[sampling]\n# é\ntemperature = \"hot\"\n",
            "config.toml, line 3, column 15: sampling.temperature: found the text \"hot\", expected a number",
        ),
        (
            "[sampling]\ntop_k = 1.5\n",
            "config.toml, line 2, column 9: sampling.top_k: found the number 1.5, expected a whole number from \
             -2147483648 to 2147483647",
        ),
        (
            "[model]\nctx_size = -5\n",
            "config.toml, line 2, column 12: model.ctx_size: found the number -5, expected a whole number from 0 \
             to 4294967295",
        ),
        (
            "[model]\nmmap = 1\n",
            "config.toml, line 2, column 8: model.mmap: found the number 1, expected true or false",
        ),
        (
            "[model]\nthreads = \"many\"\n",
            "config.toml, line 2, column 11: model.threads: found the text \"many\", expected \"auto\" or a whole number",
        ),
        (
            "[ui]\ncolour_by = \"size\"\n",
            "config.toml, line 2, column 13: ui.colour_by: found size, expected one of probability, entropy, rank, surprisal",
        ),
        (
            "[stop]\nstrings = \"end\"\n",
            "config.toml, line 2, column 11: stop.strings: found the text \"end\", expected a list in [ ]",
        ),
        (
            "[sampling]\ntop_p = 1.5\n",
            "config.toml, line 2, column 9: sampling.top_p: found 1.5, expected a number from 0 to 1",
        ),
        (
            "[presets.\"a.b\"]\nmin_p = -1.0\n",
            "config.toml, line 2, column 9: presets.a.b.min_p: found -1, expected a number from 0 to 1",
        ),
        (
            "[presets.poet]\ntopp = 1.0\n",
            "config.toml, line 2, column 1: presets.poet.topp: there is no such key; did you mean top_p?",
        ),
        (
            "[stop]\nregex = [\"ok\", \"a(\"]\n",
            "config.toml, line 2, column 9: stop.regex: found the text \"a(\", expected a regular expression; unclosed \
             group",
        ),
        (
            "[stop]\nentropy_above = 40.0\n",
            "config.toml, line 2, column 17: stop.entropy_above: found 40, expected a number of bits from 0 (no limit) \
             to 32",
        ),
        (
            "[prompt]\ntext = \"a\"\nfile = \"b\"\n",
            "config.toml, line 3, column 8: prompt.file: found b, expected one prompt: a text or a file, not both",
        ),
    ] {
        assert_eq!(refused(text), message);
    }
}

#[test]
fn what_is_not_toml_is_reported_with_its_place() {
    let error = refused("[sampling]\ntop_k = \n");
    assert!(error.starts_with("config.toml, line 2, column "), "{error}");
    assert!(error.contains("not valid TOML"), "{error}");
    let error = refused("[sampling]\ntop_k = 1\ntop_k = 2\n");
    assert!(error.starts_with("config.toml, line 3, column 1: not valid TOML: duplicate key"), "{error}");
}

#[test]
fn a_missing_file_is_the_defaults_unless_it_was_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths = Paths::under(folder.path(), folder.path());
    assert_eq!(Config::load(None, &paths).expect("no file"), Config::default());
    let asked = folder.path().join("mine.toml");
    let error = Config::load(Some(&asked), &paths).expect_err("asked for").to_string();
    assert!(error.starts_with(&format!("the config file {} cannot be read:", asked.display())), "{error}");
    std::fs::write(&asked, "[ui]\ntheme = \"light\"\n").expect("written");
    let config = Config::load(Some(&asked), &paths).expect("valid");
    assert_eq!((config.overrides.ui.theme.as_deref(), config.file), (Some("light"), Some(asked)));
}

proptest! {
    #[test]
    fn no_text_panics(text in r#"(\[|\]|sampling|presets|\.|=|top_p|"|'|\n|#|-?[0-9.]{1,3}|nan|é| ){0,24}"#) {
        let _ = parse(&text);
    }
}
