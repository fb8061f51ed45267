//! Opt-in tests on two real models: `make test-real` fetches them and runs these.
//!
//! The folder with the models is `target/real-models`, or what `LOGITSCOPE_REAL_MODELS` says.

use std::{path::PathBuf, sync::Arc, time::Instant};

use logitscope::{
    engine::{
        Cost, EvaluateError, Evaluator, Progress, Request, Rows,
        llama::{CacheLayout, LlamaEvaluator, LoadedModel, load, log},
    },
    settings::ModelSettings,
    token::Token,
};

/// A chat model with full attention, and one whose layers mostly look back 512 tokens only, over a large vocabulary.
const MODELS: [&str; 2] = ["SmolLM2-135M-Instruct.Q4_1.gguf", "gemma-3-270m-q4_k_m.gguf"];

const TEXT: &str = "The lighthouse stood at the end of the long stone pier, and every evening its keeper climbed the \
    stairs to light the lamp. Ships far out at sea looked for it. ";

fn model(name: &str, threads: u32) -> LoadedModel {
    log::start(None).expect("nothing to write to");
    let folder = std::env::var_os("LOGITSCOPE_REAL_MODELS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/real-models")),
        PathBuf::from,
    );
    let settings =
        ModelSettings { path: Some(folder.join(name)), threads: Some(threads), ..ModelSettings::default() };
    load(&settings, |_| true).unwrap_or_else(|error| panic!("{error} (make real-models)"))
}

/// The first `tokens` tokens of a text that goes on and on.
fn tokens(model: &LoadedModel, tokens: usize) -> Vec<Token> {
    let mut found = model.vocabulary.tokenize(&TEXT.repeat(1 + tokens / 20));
    found.truncate(tokens);
    assert_eq!(found.len(), tokens);
    found
}

fn evaluator(model: &LoadedModel, ctx_size: u32, sequences: u32) -> LlamaEvaluator<'_> {
    let settings = ModelSettings { ctx_size, sequences, ..ModelSettings::default() };
    LlamaEvaluator::with_layout(model, &settings, CacheLayout::Apart).expect("a context")
}

/// The logits after a path whose first `prompt` tokens are a prompt.
fn evaluate(evaluator: &mut LlamaEvaluator<'_>, path: &[Token], prompt: usize) -> (Vec<f32>, Cost) {
    let mut found = Vec::new();
    let request = Request::after([path.into()], Some(prompt));
    let cost = evaluator
        .evaluate(&request, &mut |_| true, &mut |_, row| found = row.logits.to_vec())
        .expect("it fits the context");
    (found, cost)
}

fn best(logits: &[f32]) -> Token {
    let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).expect("a vocabulary");
    Token(best as u32)
}

/// Goes on with the likeliest token `steps` times; the logits of the last place.
fn go_on(evaluator: &mut LlamaEvaluator<'_>, path: &mut Vec<Token>, prompt: usize, steps: usize) -> Vec<f32> {
    let mut logits = evaluate(evaluator, path, prompt).0;
    for _ in 0..steps {
        path.push(best(&logits));
        logits = evaluate(evaluator, path, prompt).0;
    }
    logits
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Up to 256 tokens, and while many are read at once: there the program changes the number of threads in the middle of a text.
#[test]
#[ignore = "needs the real models"]
fn where_threads_are_changed_their_number_changes_no_bit() {
    for name in MODELS {
        let run = |threads, prompt: usize, steps| {
            let model = model(name, threads);
            let mut evaluator = evaluator(&model, 1024, 1);
            let mut path = tokens(&model, prompt);
            let logits = go_on(&mut evaluator, &mut path, prompt, steps);
            (path, logits)
        };
        for (prompt, steps) in [(240, 16), (700, 0)] {
            assert!(run(1, prompt, steps) == run(2, prompt, steps), "{name}, a prompt of {prompt}");
        }
    }
}

#[test]
#[ignore = "needs the real models"]
fn reading_a_prompt_can_be_given_up_at_any_time_and_goes_on() {
    for name in MODELS {
        let model = model(name, 1);
        let path: Arc<[Token]> = tokens(&model, 1500).into();
        let request = Request::after([Arc::clone(&path)], Some(path.len()));
        let mut read = Vec::new();
        let mut reader = evaluator(&model, 2048, 2);
        let mut told = Vec::new();
        let mut proceed = |progress: Progress| {
            told.push(progress.done);
            true
        };
        reader.evaluate(&request, &mut proceed, &mut |_, row| read = row.logits.to_vec()).expect("it fits");
        assert!(told.windows(2).all(|pair| pair[0] <= pair[1]), "{name}: {told:?}");
        // Within chunks of 512 tokens, too, and once in the middle of the second and the third.
        assert!(told.len() > 6, "{name}: {told:?}");
        let mut reader = evaluator(&model, 2048, 2);
        for stop in [700, 1200] {
            let mut asked = None;
            let mut proceed = |progress: Progress| {
                let go_on = progress.done < stop;
                if !go_on {
                    asked = asked.or(Some(Instant::now()));
                }
                go_on
            };
            let result = reader.evaluate(&request, &mut proceed, &mut |_, _| panic!("nothing is read"));
            let patience = asked.expect("it was asked").elapsed().as_millis();
            assert_eq!(result, Err(EvaluateError::Cancelled));
            eprintln!("{name}: given up after {stop} tokens within {patience} ms");
        }
        let mut again = Vec::new();
        let cost = reader
            .evaluate(&request, &mut |_| true, &mut |_, row| again = row.logits.to_vec())
            .expect("it fits");
        assert_eq!((cost.reused, cost.decoded), (1024, 476), "{name}: what was read stays read");
        assert!(again == read, "{name}: the logits are those of one reading, to the bit");
    }
}

#[test]
#[ignore = "needs the real models"]
fn lanes_in_caches_of_their_own_have_the_logits_of_each_alone() {
    for name in MODELS {
        let model = model(name, 1);
        let prompt = tokens(&model, 60);
        let mut together = evaluator(&model, 256, 4);
        let lanes: Vec<Vec<Token>> =
            (0..4).map(|lane| [&prompt[..], &[Token(300 + lane)]].concat()).collect();
        for length in 1..4 {
            for lane in &lanes {
                let path = [&lane[..], &tokens(&model, 20)[10..10 + length]].concat();
                let (found, cost) = evaluate(&mut together, &path, prompt.len());
                let mut alone = evaluator(&model, 256, 1);
                let expected =
                    (prompt.len()..=path.len()).map(|end| evaluate(&mut alone, &path[..end], 60).0);
                assert!(expected.last().expect("the last") == found, "{name}, length {length}");
                assert!(length == 1 || cost.decoded == 1, "{name}: {cost:?}");
            }
        }
        assert_eq!(together.kv_use().sequences, 4, "{name}");
    }
}

#[test]
#[ignore = "needs the real models"]
fn steps_back_within_the_window_are_not_read_again() {
    for name in MODELS {
        let model = model(name, 1);
        for sequences in [1, 3] {
            let mut back = evaluator(&model, 2048, sequences);
            let mut path = tokens(&model, 1300);
            go_on(&mut back, &mut path, 1300, 12);
            // Eight steps back, and another way from there.
            let other = [&path[..path.len() - 8], &[Token(400), Token(401)]].concat();
            let (_, first) = evaluate(&mut back, &other[..other.len() - 1], 1300);
            let (found, second) = evaluate(&mut back, &other, 1300);
            assert_eq!((first.decoded, second.decoded), (1, 1), "{name}, {sequences} paths");
            assert!(!first.replayed, "{name}");
            let mut alone = evaluator(&model, 2048, 1);
            let expected = (1300..=other.len()).map(|end| evaluate(&mut alone, &other[..end], 1300).0);
            let distance = distance(&found, &expected.last().expect("the last"));
            eprintln!("{name}, {sequences} paths: a logit differs by {distance} at most after steps back");
            assert!(distance < 0.05, "{name}: {distance}");
        }
    }
}

#[test]
#[ignore = "needs the real models"]
fn proposed_tokens_are_verified_in_one_batch() {
    for name in MODELS {
        let model = model(name, 1);
        let mut evaluator = evaluator(&model, 512, 4);
        let mut path = tokens(&model, 100);
        let mut alone = Vec::new();
        for _ in 0..4 {
            let logits = evaluate(&mut evaluator, &path, 100).0;
            path.push(best(&logits));
            alone.push(logits);
        }
        // From an empty cache, with the prompt read before.
        let rows = |from: usize, fresh| Request {
            prompt: None,
            rows: vec![Rows { tokens: path[..].into(), from }],
            fresh,
            candidates: None,
        };
        let mut verify = |request: &Request| {
            let mut found = Vec::new();
            let cost = evaluator
                .evaluate(request, &mut |_| true, &mut |id, row| {
                    found.push((id.position, row.logits.to_vec()));
                })
                .expect("it fits");
            (found, cost)
        };
        verify(&rows(path.len(), true));
        let (found, cost) = verify(&rows(99, false));
        assert_eq!((found.len(), cost.decoded), (5, 5), "{name}");
        for ((position, logits), alone) in found.iter().zip(&alone) {
            assert_eq!(best(logits), best(alone), "{name}, after {position}");
        }
    }
}

/// The likeliest continuations, as llama.cpp's `llama-completion --temp 0` writes them.
#[test]
#[ignore = "needs the real models"]
fn the_likeliest_text_is_that_of_llama_cpp() {
    let prompts = ["The capital of France is", "Once upon a time"];
    for name in MODELS {
        let model = model(name, 1);
        for prompt in prompts {
            let mut evaluator = evaluator(&model, 512, 1);
            let mut path = model.vocabulary.tokenize(prompt);
            let length = path.len();
            go_on(&mut evaluator, &mut path, length, 24);
            let text: Vec<u8> =
                path[length..].iter().flat_map(|&token| model.vocabulary.piece(token).to_vec()).collect();
            let text = String::from_utf8_lossy(&text).into_owned();
            if let Some(program) = std::env::var_os("LLAMA_COMPLETION") {
                assert_eq!(text.trim_end(), reference(&program, name, prompt), "{name}, {prompt}");
            } else {
                eprintln!("{name}: {prompt} →{text} (set LLAMA_COMPLETION to compare with llama.cpp's)");
                assert!(
                    !prompt.ends_with(" is") || name != MODELS[0] || text.contains("Paris"),
                    "{name}: {text}"
                );
            }
        }
    }
}

/// What `llama-completion` writes after the prompt.
fn reference(program: &std::ffi::OsStr, name: &str, prompt: &str) -> String {
    let folder = std::env::var("LOGITSCOPE_REAL_MODELS").unwrap_or_else(|_| "target/real-models".into());
    let output = std::process::Command::new(program)
        .args([
            "-m",
            &format!("{folder}/{name}"),
            "-p",
            prompt,
            "-n",
            "24",
            "--temp",
            "0",
            "-c",
            "512",
            "-t",
            "2",
        ])
        .args(["-no-cnv", "--no-display-prompt", "--ignore-eos"])
        .stdin(std::process::Stdio::null())
        .output()
        .expect("llama-completion runs");
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
