//! Running the program and llama-bench, and reading what they say.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::models::Model;

/// What the program itself is told besides model and lengths: the same cache for both, no end before the limit.
const PROMPT: &str = "Once upon a time";

/// A run that has ended.
pub struct Run {
    /// Tokens of the prompt.
    pub prompt: u64,
    /// Tokens that went through the model one by one.
    pub decoded: u64,
    /// Those, a second.
    pub tokens_per_second: f64,
    /// The most memory it had at any time, in bytes; None where /proc does not tell.
    pub peak_bytes: Option<u64>,
}

/// What the program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The text.
    Text,
    /// One JSON object a token with its statistics.
    Json,
}

/// `logitscope run`, built with this benchmark.
pub fn logitscope(model: &Model, tokens: u32, form: Form) -> Result<Run> {
    logitscope_with(model, tokens, form, Some(model.threads))
}

/// The same with so many threads, or with those that it finds by itself.
pub fn logitscope_with(model: &Model, tokens: u32, form: Form, threads: Option<u32>) -> Result<Run> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logitscope"));
    command.arg("run").arg("-m").arg(&model.path);
    let numbers = [("-n", tokens), ("-c", cells(tokens)), ("-s", 1)];
    for (flag, number) in numbers.into_iter().chain(threads.map(|threads| ("-t", threads))) {
        command.args([flag, &number.to_string()]);
    }
    command.args(["--ignore-eos", "-p", PROMPT]);
    if form == Form::Json {
        command.arg("--json");
    }
    let ended = run(command)?;
    match form {
        Form::Json => from_json(&ended),
        Form::Text => from_report(&ended),
    }
}

/// Cells of the KV cache, as llama-bench makes them for a short prompt and so many tokens.
fn cells(tokens: u32) -> u32 {
    (tokens + 32).next_multiple_of(256)
}

fn from_json(ended: &Ended) -> Result<Run> {
    let lines: Vec<&str> = ended.output.lines().collect();
    let [start, .., stop] = lines.as_slice() else { anyhow::bail!("no JSON lines") };
    let (start, stop): (Value, Value) = (serde_json::from_str(start)?, serde_json::from_str(stop)?);
    let rate = stop["timings"]["decode_tokens_per_second"].as_f64().context("decode_tokens_per_second")?;
    Ok(Run {
        prompt: start["prompt_tokens"].as_array().context("prompt_tokens")?.len() as u64,
        decoded: stop["tokens"].as_u64().context("tokens")? - 1,
        tokens_per_second: rate,
        peak_bytes: ended.peak_bytes,
    })
}

/// Reads `… prefill 5 tokens in 1.2 ms (…) · decode 127 tokens in 92.2 ms (…)`.
fn from_report(ended: &Ended) -> Result<Run> {
    let numbers_after = |word: &str| -> Result<(u64, f64)> {
        let (_, rest) =
            ended.report.split_once(word).with_context(|| format!("no {word:?} in the report"))?;
        let mut words = rest.split_whitespace();
        let tokens = words.next().context("a number of tokens")?.parse()?;
        let ms = words.nth(2).context("a number of milliseconds")?.parse()?;
        Ok((tokens, ms))
    };
    let (prompt, _) = numbers_after("prefill ")?;
    let (decoded, ms) = numbers_after("decode ")?;
    let tokens_per_second = decoded as f64 / ms * 1e3;
    Ok(Run { prompt, decoded, tokens_per_second, peak_bytes: ended.peak_bytes })
}

/// llama.cpp's own measuring tool.
pub struct LlamaBench(PathBuf);

impl LlamaBench {
    /// The one that the environment variable `LLAMA_BENCH` names, or why there is none.
    pub fn from_environment() -> Result<Self, &'static str> {
        match std::env::var_os("LLAMA_BENCH") {
            Some(path) => Ok(Self(path.into())),
            None => Err("set LLAMA_BENCH to the path of llama.cpp's llama-bench"),
        }
    }

    /// The same work as `run` did: as many tokens, after as many of a prompt, on as many threads.
    pub fn same_as(&self, model: &Model, run: &Run) -> Result<Run> {
        let mut command = Command::new(&self.0);
        command.arg("-m").arg(&model.path).args(["-p", "0", "-r", "1", "-o", "jsonl"]);
        let numbers = [("-n", run.decoded), ("-d", run.prompt), ("-t", u64::from(model.threads))];
        for (flag, number) in numbers {
            command.args([flag, &number.to_string()]);
        }
        let ended = self::run(command)?;
        let line = ended.output.lines().find(|line| line.starts_with('{')).context("llama-bench's line")?;
        let result: Value = serde_json::from_str(line)?;
        Ok(Run {
            prompt: run.prompt,
            decoded: run.decoded,
            tokens_per_second: result["avg_ts"].as_f64().context("llama-bench's avg_ts")?,
            peak_bytes: ended.peak_bytes,
        })
    }
}

/// Tokens a second that llama.cpp's `llama-batched-bench` generates in `lanes` paths at once, `tokens` each after a prompt
/// that they share.
pub fn batched_bench(
    program: &OsStr,
    model: &Model,
    prompt: usize,
    tokens: usize,
    lanes: usize,
) -> Result<f64> {
    let mut command = Command::new(program);
    command.arg("-m").arg(&model.path).args(["-pps", "--kv-unified", "--output-format", "jsonl"]);
    let cells = (prompt + lanes * (tokens + 2)).next_multiple_of(256);
    let numbers = [("-c", cells), ("-npp", prompt), ("-ntg", tokens), ("-npl", lanes)];
    for (flag, number) in numbers {
        command.args([flag, &number.to_string()]);
    }
    for flag in ["-t", "-tb"] {
        command.args([flag, &model.threads.to_string()]);
    }
    let ended = run(command)?;
    let line = ended.output.lines().find(|line| line.starts_with('{'));
    let result: Value = serde_json::from_str(line.context("llama-batched-bench's line")?)?;
    result["speed_tg"].as_f64().context("llama-batched-bench's speed_tg")
}

/// Passes a second that llama.cpp's `llama-diffusion-cli` makes over a canvas of so many positions, sampling included.
pub fn diffusion_cli(
    program: &OsStr,
    model: &Path,
    prompt: &str,
    positions: usize,
    steps: usize,
) -> Result<f64> {
    let mut command = Command::new(program);
    command.arg("-m").arg(model).args(["-p", prompt, "-t", "1", "-s", "1", "--diffusion-eps", "0.001"]);
    command.args(["-ub", &positions.to_string(), "--diffusion-steps", &steps.to_string()]);
    let ended = run(command)?;
    let (_, rest) = ended.report.split_once("total time: ").context("llama-diffusion-cli's total time")?;
    let ms: f64 = rest.split("ms").next().context("milliseconds")?.parse()?;
    Ok(steps as f64 / ms * 1e3)
}

/// Tokens that llama.cpp's `llama-speculative-simple` drafts and accepts, greedily, with drafts of `gamma` tokens.
pub fn speculative_simple(
    program: &OsStr,
    [model, draft]: [&Path; 2],
    prompt: &str,
    tokens: usize,
    gamma: usize,
) -> Result<(u64, u64)> {
    let mut command = Command::new(program);
    command
        .arg("-m")
        .arg(model)
        .arg("-md")
        .arg(draft)
        .args(["-p", prompt, "--temp", "0", "-s", "1", "-t", "1"]);
    command.args([
        "--spec-type",
        "draft-simple",
        "-n",
        &tokens.to_string(),
        "--spec-draft-n-max",
        &gamma.to_string(),
    ]);
    let ended = run(command)?;
    let number = |name: &str| -> Result<u64> {
        let said = [&ended.report, &ended.output].into_iter().find_map(|text| text.split_once(name));
        let (_, rest) = said.with_context(|| format!("llama-speculative-simple says no {name}"))?;
        let digits: String =
            rest.trim_start_matches([' ', '=']).chars().take_while(char::is_ascii_digit).collect();
        digits.parse().with_context(|| format!("{name} is no number"))
    };
    Ok((number("n_drafted")?, number("n_accept")?))
}

struct Ended {
    output: String,
    report: String,
    peak_bytes: Option<u64>,
}

/// Runs a program to its end. It writes into files: the reader of a pipe would want the processor for every token.
fn run(mut command: Command) -> Result<Ended> {
    let name = command.get_program().to_owned();
    let (mut output, mut report) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(report.try_clone()?);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", name.display()))?;
    let peak_bytes = watch(&mut child)?;
    let status = child.wait()?;
    let (output, report) = (read_all(&mut output)?, read_all(&mut report)?);
    ensure!(status.success(), "{} failed: {report}", name.display());
    Ok(Ended { output, report, peak_bytes })
}

fn read_all(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    // What a random model writes need not be text.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Waits for the end and reads the peak of the resident memory on the way: it only ever grows, and
/// is gone with the process, so the last reading is what counts.
fn watch(child: &mut Child) -> Result<Option<u64>> {
    let mut peak = None;
    while child.try_wait()?.is_none() {
        peak = status_bytes(child.id(), "VmHWM:").or(peak);
        thread::sleep(Duration::from_millis(5));
    }
    Ok(peak)
}

/// A size in /proc/PID/status, in bytes.
pub fn status_bytes(pid: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
