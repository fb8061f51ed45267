//! The embedded diffusion model writes what llama.cpp's own tool writes with it, and `logitscope diffuse` as a program.
//!
//! `reference/llama-diffusion-runs.jsonl` holds what `llama-diffusion-cli` wrote for 4 prompts with 12 sets of flags each
//! (its chat template taken out of the file, so that it completes the prompt as it is): confidence and margin, with steps of
//! time and with blocks, greedy by top-k 1 and sampled. Left out is what its example does in another way than the methods it
//! names (see `decode::diffusion`): entropy, random, alg-temp, guidance, steps that open nothing, and texts in which it draws
//! its own mask. `canvas` and `opened_at` are those of this program together with that very text.
//!
//! On a processor that computes the very logits of the recording every step has to be the recorded one. Elsewhere logits
//! differ by noise: there each run is followed along its recording, and most of what opens has to be the same.
#![cfg(unix)]

mod support;

use std::{ffi::OsString, fmt::Write as _, time::Duration};

use logitscope::{
    cli::{self, Action},
    config::Config,
    decode::diffusion::{Diffusion, Reader, Template},
    engine::{
        CanvasError, CanvasEvaluator, CanvasShape,
        llama::{LlamaCanvas, LoadedModel, load_diffusion, log},
    },
    settings::ModelSettings,
    token::Token,
};
use serde::Deserialize;
use serde_json::Value;
use support::{json_lines, program::Program};

const RUNS: &str = include_str!("reference/llama-diffusion-runs.jsonl");

/// Flags that make this program do as the tool does.
const LIKE_LLAMA: [&str; 5] =
    ["diffuse", "--min-p", "0", "--diffusion-score-after-chain", "--diffusion-fill-after-end"];

/// [`fingerprint`] on the processor of the recording (x86-64 with AVX-512 and VNNI).
const RECORDED_ON: u64 = 0x03ba_c71b_fd97_ea6e;

/// The largest change of a logit that counts as noise between processors.
const NOISE: f32 = 0.1;

/// The part of what opens along the recordings that has to be as recorded where logits differ by noise.
const SAME_AT_LEAST: f64 = 0.75;

/// A run of llama.cpp's tool.
#[derive(Deserialize)]
struct Recording {
    args: Vec<String>,
    text: String,
    canvas: Vec<Token>,
    opened_at: Vec<Option<usize>>,
}

impl Recording {
    /// The canvas before its first step.
    fn diffusion(&self, model: &LoadedModel, shape: CanvasShape) -> Diffusion {
        let argv = LIKE_LLAMA.into_iter().chain(self.args.iter().map(String::as_str));
        let argv = std::iter::once("logitscope").chain(argv).map(OsString::from);
        let action = cli::parse(argv, |_| None).expect("the tool's flags are this program's");
        let Action::Diffuse(invocation, request) = action else { panic!("a canvas was asked for") };
        let resolved = cli::resolve(&invocation, &Config::default()).expect("the values are allowed");
        let prompt = resolved.settings.prompt.text.expect("recorded with a prompt");
        let length = request.length.expect("-ub says how long it is");
        let tokens = model.vocabulary.tokenize(&prompt);
        let template = Template::after_prompt(&tokens, length, shape.mask).expect("it leaves room");
        let sampling = model.info.sampling(&resolved.given);
        Diffusion::new(model.vocabulary.clone(), shape, template, request.diffusion, sampling)
            .expect("it can begin")
    }

    /// What opened in a step.
    fn opened(&self, step: usize) -> Vec<(usize, Token)> {
        let at = self.opened_at.iter().enumerate().filter(|(_, at)| **at == Some(step));
        at.map(|(position, _)| (position, self.canvas[position])).collect()
    }
}

/// How a walk along a recording went.
#[derive(Clone, Copy, Debug, Default)]
struct Walked {
    opened: usize,
    same: usize,
}

impl Walked {
    fn share(self) -> f64 {
        self.same as f64 / self.opened.max(1) as f64
    }

    fn add(&mut self, other: Self) {
        self.opened += other.opened;
        self.same += other.same;
    }
}

/// Follows a recording step by step: what opens otherwise is counted and set right by hand. The text at the end.
fn walk(
    recording: &Recording,
    along: &Recording,
    model: &LoadedModel,
    evaluator: &mut dyn CanvasEvaluator,
) -> (Walked, String) {
    let mut diffusion = recording.diffusion(model, evaluator.shape());
    let mut reader = Reader::new(&model.vocabulary, evaluator.shape().longest);
    let mut walked = Walked::default();
    for step in 0..=along.opened_at.iter().flatten().copied().max().unwrap_or(0) {
        let Some(pass) = diffusion.wanted() else { break };
        diffusion.absorb(reader.answer(&pass, evaluator).expect("a distribution"));
        let expected = along.opened(step);
        let changes = diffusion.next().expect("it was answered").changes.clone();
        diffusion.forward();
        walked.opened += expected.len();
        for change in &changes {
            if expected.contains(&(change.position, change.after)) {
                walked.same += 1;
            } else {
                diffusion.mask_again(change.position).expect("it was masked");
            }
        }
        for (position, token) in expected {
            // Another recording's prompt may be longer.
            let _ = diffusion.open(position, token);
        }
    }
    let prompt = diffusion.template().prompt_len();
    let control = |token: &&Token| !model.vocabulary.is_control(**token);
    let written = diffusion.canvas()[prompt..].iter().filter(control);
    let bytes: Vec<u8> = written.flat_map(|&token| model.vocabulary.piece(token)).copied().collect();
    (walked, String::from_utf8_lossy(&bytes).into_owned())
}

/// An evaluator on another processor: its logits differ by noise.
struct Elsewhere<'a> {
    inner: &'a mut dyn CanvasEvaluator,
    noise: u64,
}

impl CanvasEvaluator for Elsewhere<'_> {
    fn shape(&self) -> CanvasShape {
        self.inner.shape()
    }

    fn evaluate(
        &mut self,
        canvas: &[Token],
        positions: &[usize],
        sink: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<Duration, CanvasError> {
        let noise = &mut self.noise;
        // Numbers from −1 to 1, the same on every machine (xorshift).
        let mut next = || {
            *noise ^= *noise << 13;
            *noise ^= *noise >> 7;
            *noise ^= *noise << 17;
            (*noise >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
        };
        self.inner.evaluate(canvas, positions, &mut |position, row| {
            let changed: Vec<f32> = row.iter().map(|logit| logit + NOISE * next()).collect();
            sink(position, &changed);
        })
    }
}

/// A number that two machines share only if they compute the same logits to the last bit: those of a whole masked canvas,
/// hashed (FNV-1a).
fn fingerprint(evaluator: &mut LlamaCanvas<'_>) -> u64 {
    let mask = evaluator.shape().mask;
    let canvas: Vec<Token> = std::iter::once(Token(0)).chain(std::iter::repeat_n(mask, 63)).collect();
    let positions: Vec<usize> = (0..64).collect();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut sink = |_, row: &[f32]| {
        for byte in row.iter().flat_map(|logit| logit.to_bits().to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    evaluator.evaluate(&canvas, &positions, &mut sink).expect("it fits");
    hash
}

fn settings() -> ModelSettings {
    ModelSettings { threads: Some(1), ..ModelSettings::default() }
}

fn model() -> LoadedModel {
    log::start(None).expect("nothing to open");
    load_diffusion(&settings(), |_| true).expect("the model in the program loads")
}

fn recordings() -> Vec<Recording> {
    RUNS.lines().map(|line| serde_json::from_str(line).expect("a recorded run")).collect()
}

#[test]
fn recorded_runs_of_llama_diffusion_cli_are_reproduced() {
    let model = model();
    let mut evaluator = LlamaCanvas::new(&model, &settings(), 64, false).expect("a context");
    let fingerprint = fingerprint(&mut evaluator);
    let recordings = recordings();
    assert_eq!(recordings.len(), 48);
    let (mut all, mut parted) = (Walked::default(), String::new());
    for recording in &recordings {
        let (walked, text) = walk(recording, recording, &model, &mut evaluator);
        all.add(walked);
        assert_eq!(text, recording.text, "at the end of {:?}", recording.args);
        if walked.same < walked.opened {
            writeln!(parted, "{:?}: {walked:?}", recording.args).expect("written to memory");
        }
    }
    println!("fingerprint {fingerprint:#x}, {all:?}\n{parted}");
    assert!(all.share() >= SAME_AT_LEAST, "{all:?}\n{parted}");
    assert!(fingerprint != RECORDED_ON || parted.is_empty(), "{parted}");
}

#[test]
fn noise_is_told_from_another_text() {
    let model = model();
    let mut evaluator = LlamaCanvas::new(&model, &settings(), 64, false).expect("a context");
    let recordings = recordings();
    let some: Vec<_> = recordings.iter().step_by(7).collect();
    let (mut noisy, mut others) = (Walked::default(), Walked::default());
    for pair in some.windows(2) {
        let mut elsewhere = Elsewhere { inner: &mut evaluator, noise: 1 };
        noisy.add(walk(pair[0], pair[0], &model, &mut elsewhere).0);
        others.add(walk(pair[0], pair[1], &model, &mut evaluator).0);
    }
    println!("noisy {noisy:?}, others {others:?}");
    assert!(noisy.same < noisy.opened && noisy.share() >= SAME_AT_LEAST, "{noisy:?}");
    assert!(others.share() < SAME_AT_LEAST, "{others:?}");
}

#[test]
fn a_canvas_that_cannot_be_is_refused_before_llama_cpp_sees_it() {
    let model = model();
    let refused = |positions, guided, budget| {
        let settings = ModelSettings { logits_budget_mib: budget, ..settings() };
        LlamaCanvas::new(&model, &settings, positions, guided).err().expect("refused").to_string()
    };
    assert!(refused(0, false, 256).starts_with("the canvas is empty"));
    assert!(refused(100_000, false, 256).contains("100000 positions and the context"));
    assert!(refused(128, false, 1).contains("gives 2 MiB of logits, more than the 1 MiB"));
    assert!(refused(64, true, 1).ends_with("lower --diffusion-length to 32, or raise --logits-budget-mib"));
    let mut evaluator = LlamaCanvas::new(&model, &settings(), 16, false).expect("a context");
    let mut nothing = |_, _: &[f32]| {};
    let long = evaluator.evaluate(&[Token(0); 17], &[0], &mut nothing).expect_err("too long");
    assert_eq!(long, CanvasError::TooLong { positions: 17, longest: 16 });
    assert_eq!(evaluator.evaluate(&[], &[], &mut nothing), Err(CanvasError::Empty));
}

const STORYTELLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
const DIFFUSION: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-diffusion-4.5m-q5_0.gguf");

#[test]
fn each_kind_of_model_is_refused_where_the_other_is_needed() {
    let program = Program::new();
    for command in
        [&["run", "-n", "4"][..], &["score"], &["compare", "--seeds", "2", "-n", "4"], &["beam", "-n", "4"]]
    {
        let ran = program.run(&[command, &["-m", DIFFUSION, "-p", "Once upon"]].concat());
        let complaint = ran.complaint(1);
        assert!(complaint.contains("is a diffusion model (llada)"), "{complaint}");
        assert!(complaint.contains("`logitscope diffuse`"), "{complaint}");
    }
    let ran = program.run(&["diffuse", "-m", STORYTELLER, "-p", "Once upon"]);
    assert!(ran.complaint(1).contains("is no diffusion model (llama)"), "{}", ran.stderr);
}

fn lines(program: &Program, args: &[&str]) -> Vec<Value> {
    json_lines::lines(program, &[&["diffuse", "--json"], args].concat())
}

fn texts<'a>(lines: &'a [Value], field: &str) -> Vec<&'a Value> {
    lines.iter().map(|line| &line[field]).collect()
}

#[test]
fn json_lines_tell_each_step() {
    let program = Program::new();
    let args = [
        "-p",
        "One day, a little",
        "--diffusion-length",
        "24",
        "--diffusion-steps",
        "6",
        "--seed",
        "3",
        "--joint",
    ];
    let found = lines(&program, &args);
    let kinds = texts(&found, "type");
    assert_eq!(kinds.first().and_then(|kind| kind.as_str()), Some("start"));
    assert_eq!(kinds.last().and_then(|kind| kind.as_str()), Some("stop"));
    let stop = &found[found.len() - 1];
    let opened: Vec<u64> = found
        .iter()
        .filter_map(|line| line["opened"].as_array())
        .flatten()
        .map(|look| look["position"].as_u64().expect("a position"))
        .collect();
    let mut sorted = opened.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (6..24).collect::<Vec<u64>>(), "each position opens once");
    assert_eq!(stop["tokens"], 18);
    assert_eq!(stop["passes"], 6);
    assert!(stop["measured"]["perplexity"].as_f64().is_some_and(|p| p > 1.0), "{stop}");
    assert!(stop["other"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{stop}");
    let joints = found.iter().filter_map(|line| line["joint"].as_array()).flatten().count();
    assert!(joints > 0, "three open in a step: some are neighbours");
    let without_time = |lines: Vec<Value>| {
        let last = lines.last().expect("a last line").clone();
        (last["text"].clone(), last["opened_at"].clone())
    };
    assert_eq!(without_time(found), without_time(lines(&program, &args)), "a seed reproduces");
}

#[test]
fn gaps_are_filled_between_given_words() {
    let program = Program::new();
    let ran = program.run(&["diffuse", "--infill", "The ___ sat on the ___.", "--temp", "0"]);
    let text = ran.text();
    let rest =
        text.strip_prefix("The ").and_then(|text| text.strip_suffix('.')).unwrap_or_else(|| panic!("{text}"));
    let (who, place) = rest.split_once(" sat on the ").unwrap_or_else(|| panic!("{text}"));
    assert!(!who.is_empty() && !place.is_empty(), "{text}");
    assert!(ran.stderr.contains("written: 2 tokens in 2 passes"), "{}", ran.stderr);
}

#[test]
fn a_sweep_writes_a_row_for_each_number_of_steps() {
    let program = Program::new();
    let args =
        ["-p", "One day, a little", "--diffusion-length", "24", "--seed", "3", "--sweep-steps", "1,4,18"];
    let found = lines(&program, &args);
    assert_eq!(texts(&found, "passes"), [1, 4, 18]);
    let table = program.run(&[&["diffuse"], &args[..]].concat());
    assert_eq!(table.text().lines().count(), 4, "{}", table.text());
    let perplexity = |line: &Value| line["measured"]["perplexity"].as_f64().expect("measured");
    assert!(perplexity(&found[0]) > perplexity(&found[2]), "one pass errs more: {found:?}");
}

#[test]
fn what_cannot_be_is_said() {
    let program = Program::new();
    let complaint = |args: &[&str], status| {
        let ran = program.run(&[&["diffuse"], args].concat());
        ran.complaint(status).to_owned()
    };
    let long = complaint(&["-p", "Once", "--diffusion-length", "9999"], 1);
    assert!(long.contains("the canvas has 9999 positions and the context"), "{long}");
    let memory = complaint(&["-p", "Once", "--diffusion-length", "128", "--logits-budget-mib", "1"], 1);
    assert!(memory.contains("lower --diffusion-length to 64"), "{memory}");
    let full = complaint(&["-p", "Once upon a time", "--diffusion-length", "3"], 1);
    assert!(full.contains("raise --diffusion-length"), "{full}");
    assert!(complaint(&["--infill", "no gap"], 1).contains("no masked position"));
    assert!(complaint(&[], 2).starts_with("no prompt"));
    let mirostat = complaint(&["-p", "Once", "--mirostat", "2"], 1);
    assert!(mirostat.contains("--mirostat follows a text from left to right"), "{mirostat}");
    let steps = complaint(&["-p", "Once", "--diffusion-steps", "0"], 2);
    assert!(steps.contains("--diffusion-steps 0: expected a whole number from 1"), "{steps}");
}
