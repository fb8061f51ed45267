//! Which of flags, environment, config file, preset and model wins.

use super::*;
use crate::settings::{CacheType, FlashAttention};

#[test]
fn flags_beat_environment_beats_config_beats_defaults() {
    let config =
        "[sampling]\ntop_k = 1\ntop_p = 0.1\nmin_p = 0.1\n[stop]\nstrings = [\"a\"]\n[ui]\ntheme = \"light\"";
    let variables = [("LLAMA_ARG_TOP_K", "2"), ("LLAMA_ARG_TOP_P", "0.2"), ("LLAMA_ARG_MODEL", "")];
    let line = ["--top-k", "3", "--stop", "b"];
    let Resolved { settings, given } = resolved_with(&line, &variables, config).expect("valid");
    assert_eq!((settings.sampling.top_k, settings.sampling.top_p, settings.sampling.min_p), (3, 0.2, 0.1));
    assert_eq!(settings.sampling.temperature, 0.8);
    assert_eq!(settings.stop.strings, ["b"]);
    assert_eq!(settings.ui.theme, "light");
    assert_eq!(settings.model.path, None, "an empty variable says nothing");
    assert_eq!(given.given(), ["top_k", "top_p", "min_p"]);
}

#[test]
fn a_preset_lies_between_flags_and_environment() {
    let config = "[sampling]\ntemperature = 0.1\n[presets.poet]\ntemperature = 1.2\n";
    let variables = [("LLAMA_ARG_TEMPERATURE", "0.2"), ("LLAMA_ARG_TOP_K", "7")];
    let sampling = |line: &[&str]| resolved_with(line, &variables, config).expect("valid").settings.sampling;
    assert_eq!(sampling(&[]).temperature, 0.2);
    assert_eq!(sampling(&["--preset", "poet"]).temperature, 1.2);
    assert_eq!(
        sampling(&["--preset", "poet"]).top_k,
        40,
        "what the preset does not set is llama.cpp's default"
    );
    assert_eq!(sampling(&["--preset", "poet", "--temp", "0.9"]).temperature, 0.9);
    assert_eq!(
        refused(&["--preset", "nobody"]),
        "--preset nobody: there is no such preset; there are llama.cpp, greedy, precise, balanced, creative, chaos"
    );
}

#[test]
fn a_preset_gives_what_a_model_could_recommend_otherwise_but_no_seed_ban_or_grammar() {
    let config = "[sampling]\nseed = 4\nbanned_strings = [\"x\"]\n[presets.poet]\ntop_k = 9\n";
    let Resolved { given, .. } = resolved_with(&["--preset", "poet"], &[], config).expect("valid");
    assert_eq!((given.temperature, given.top_p, given.top_k), (Some(0.8), Some(0.95), Some(9)));
    assert_eq!((given.seed, given.banned_strings), (Some(Some(4)), Some(vec!["x".to_owned()])));
    assert_eq!((given.grammar, given.logit_bias), (None, None));
}

#[test]
fn a_prompt_flag_takes_the_place_of_the_configs_file() {
    let config = "[prompt]\nfile = \"p.txt\"\nescape = false\n";
    let prompt = resolved_with(&["-p", r"a\n"], &[], config).expect("valid").settings.prompt;
    assert_eq!((prompt.file, prompt.text.as_deref()), (None, Some(r"a\n")));
}

#[test]
fn environment_variables_are_llama_cpps() {
    let variables = [
        ("LLAMA_ARG_MODEL", "e.gguf"),
        ("LLAMA_ARG_CTX_SIZE", "128"),
        ("LLAMA_ARG_N_GPU_LAYERS", "-1"),
        ("LLAMA_ARG_THREADS", "3"),
        ("LLAMA_ARG_BATCH", "32"),
        ("LLAMA_ARG_UBATCH", "16"),
        ("LLAMA_ARG_CACHE_TYPE_K", "q4_0"),
        ("LLAMA_ARG_CACHE_TYPE_V", "q4_1"),
        ("LLAMA_ARG_FLASH_ATTN", "1"),
        ("LLAMA_ARG_LOAD_MODE", "none"),
        ("LLAMA_ARG_N_PREDICT", "-2"),
        ("LLAMA_ARG_TEMPERATURE", "0.3"),
        ("LLAMA_ARG_TOP_K", "4"),
        ("LLAMA_ARG_TOP_P", "0.5"),
        ("LLAMA_ARG_MIN_P", "0.6"),
        ("LLAMA_ARG_REPEAT_PENALTY", "1.2"),
        ("LLAMA_ARG_PRESENCE_PENALTY", "-0.1"),
        ("LLAMA_ARG_FREQUENCY_PENALTY", "0.7"),
        ("LLAMA_ARG_CHAT_TEMPLATE", "chatml"),
        ("LLAMA_ARG_CHAT_TEMPLATE_FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/rustfmt.toml")),
        ("LLAMA_ARG_CHAT_TEMPLATE_KWARGS", "{\"a\": 1}"),
        ("LLAMA_ARG_REASONING", "on"),
        ("LLAMA_ARG_THINK_BUDGET", "0"),
    ];
    let settings = resolved_with(&[], &variables, "").expect("valid").settings;
    let model = settings.model;
    assert_eq!(model.path, Some("e.gguf".into()));
    assert_eq!((model.ctx_size, model.threads, model.batch_size, model.ubatch_size), (128, Some(3), 32, 16));
    assert_eq!((model.cache_type_k, model.cache_type_v), (CacheType::Q4_0, CacheType::Q4_1));
    assert_eq!((model.flash_attn, model.mmap), (FlashAttention::On, false));
    assert_eq!(settings.stop.predict, -2);
    // Of two variables that say the same the later one counts.
    assert!(model.chat_template.as_ref().is_some_and(|template| template.file.is_some()));
    let told = model.chat_variables();
    assert_eq!((&told["a"], &told["enable_thinking"]), (&1.into(), &false.into()));
    let sampling = settings.sampling;
    assert_eq!((sampling.temperature, sampling.top_k, sampling.top_p, sampling.min_p), (0.3, 4, 0.5, 0.6));
    assert_eq!((sampling.repeat_penalty, sampling.presence_penalty), (1.2, -0.1));
    assert_eq!(sampling.frequency_penalty, 0.7);
    // Every variable the help names is in the list above, or only says where the log goes.
    let command = Cli::command();
    for name in command.get_arguments().filter_map(clap::Arg::get_env) {
        let tested = variables.iter().any(|(known, _)| name == *known)
            || OF_MODELS_BY_NAME.iter().any(|known| name == *known);
        assert!(tested || name == "LLAMA_ARG_LOG_FILE", "{}", name.display());
    }
}

/// Variables that have a test of their own.
const OF_MODELS_BY_NAME: [&str; 5] =
    ["LLAMA_ARG_HF_REPO", "LLAMA_ARG_HF_FILE", "HF_TOKEN", "LLAMA_ARG_OFFLINE", "LLAMA_ARG_MODELS_DIR"];

#[test]
fn models_by_name() {
    let [repo, file, token, offline, folder] = OF_MODELS_BY_NAME;
    let model = |line: &[&str], variables: &[(&str, &str)]| {
        resolved_with(line, variables, "").map(|resolved| resolved.settings.model)
    };
    let path = |line: &[&str], variables: &[(&str, &str)]| {
        model(line, variables).map(|model| model.path.unwrap_or_default().display().to_string())
    };
    let named = |name: &str| Ok(name.to_owned());
    for line in
        [&["-hf", "a/b:Q8_0"][..], &["-hfr=a/b:Q8_0"], &["--hf-repo", "hf:a/b:Q8_0"], &["-m", "hf:a/b:Q8_0"]]
    {
        assert_eq!(path(line, &[]), named("hf:a/b:Q8_0"), "{line:?}");
    }
    assert_eq!(path(&["-hf", "a/b", "-hff", "c.gguf"], &[]), named("hf:a/b/c.gguf"));
    assert_eq!(path(&["-hff", "c.gguf"], &[(repo, "a/b")]), named("hf:a/b/c.gguf"));
    assert_eq!(path(&[], &[(repo, "a/b"), (file, "c.gguf")]), named("hf:a/b/c.gguf"));
    assert_eq!(path(&["-m", "d.gguf"], &[(repo, "a/b"), (file, "c.gguf")]), named("d.gguf"));
    assert_eq!(path(&["-hf", "a/b"], &[("LLAMA_ARG_MODEL", "d.gguf")]), named("hf:a/b"));
    assert_eq!(path(&["-hf", "a/b", "-m", "d.gguf"], &[]), named("d.gguf"), "the later one counts");
    assert!(path(&["-hff", "c.gguf"], &[]).is_err_and(|error| error.contains("-hf USER/REPO")));
    assert!(path(&["-hf", "a/b", "-hff", "../c.gguf"], &[]).is_err_and(|error| error.contains("--hf-file")));
    assert!(path(&["-hf", "nobody"], &[]).is_err_and(|error| error.contains("expected user/repo")));

    let is_offline = |line: &[&str], value: &str| model(line, &[(offline, value)]).map(|model| model.offline);
    assert_eq!(is_offline(&[], "1"), Ok(true));
    assert_eq!(is_offline(&["--offline=off"], "1"), Ok(false));
    assert_eq!(is_offline(&["--offline", "-n", "5"], "0"), Ok(true));
    assert!(is_offline(&[], "perhaps").is_err_and(|error| error.contains("LLAMA_ARG_OFFLINE")));
    let folders = model(&[], &[(folder, "/data")]).expect("valid").folders;
    assert_eq!(folders, [Path::new("/data")]);

    let secret = "hf_topsecret";
    let given = |line: &[&str], variable: Option<&str>| {
        let argv = std::iter::once("logitscope").chain(line.iter().copied()).map(OsString::from);
        let action = parse(argv, |name| variable.filter(|_| name == token).map(OsString::from));
        let Ok(Action::Interactive(invocation)) = action else { panic!("{line:?}") };
        assert!(!format!("{invocation:?}").contains(secret), "it is never shown");
        invocation.hf_token()
    };
    assert_eq!(given(&[], Some(secret)), crate::fetch::Secret::new(secret));
    assert_eq!(given(&["-hft", secret], Some("other")), crate::fetch::Secret::new(secret));
    assert_eq!(given(&[], None), None);
}

#[test]
fn wrong_variables_are_blamed_by_name() {
    let refused = |name, value| resolved_with(&[], &[(name, value)], "").expect_err("refused");
    let error = refused("LLAMA_ARG_TOP_K", "many");
    assert!(error.contains("the environment variable LLAMA_ARG_TOP_K: invalid value 'many'"), "{error}");
    assert_eq!(
        refused("LLAMA_ARG_TOP_P", "2"),
        "the environment variable LLAMA_ARG_TOP_P: found 2, expected a number from 0 to 1"
    );
}
