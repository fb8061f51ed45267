//! Opt-in tests against a real llama-server: `make test-remote` builds one and runs these.
//!
//! `LLAMA_SERVER` is the program; models are the one in the program's assets and, where they are, those of `make real-models` (in
//! `target/real-models`, or where `LOGITSCOPE_REAL_MODELS` says).

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use logitscope::{
    chat::Message,
    engine::{
        EvaluateError, Model, Request, Tail, Vocabulary,
        llama::{LoadedModel, load, log},
    },
    headless::{self, Job},
    remote::RemoteModel,
    sampling::SamplingOverrides,
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};
use serde_json::{Value, json};

/// How far log-probabilities may be apart where all are told, and are normalised here once more.
const PRECISION: f64 = 1e-4;

/// The same where some are told: the server adds up tens of thousands of probabilities in 32 bits, smallest and largest as they
/// come.
const COARSE: f64 = 1e-3;

const PROMPTS: [&str; 3] =
    ["Once upon a time, there was a little girl who", "The capital of France is", "Ein é 日本 "];

/// A running server; it ends with this.
struct Server {
    child: Child,
    port: u16,
    model: PathBuf,
}

impl Server {
    fn start(model: &Path, slots: u32) -> Self {
        let program =
            std::env::var_os("LLAMA_SERVER").expect("LLAMA_SERVER is a llama-server (make test-remote)");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let child = Command::new(program)
            .arg("-m")
            .arg(model)
            .args(["--host", "127.0.0.1", "--port", &port.to_string(), "-t", "1", "-c"])
            .args([(1024 * slots).to_string(), "-np".into(), slots.to_string()])
            // Where layers look back on a window only, the server reads a prompt in other pieces unless it keeps all of them.
            .arg("--swa-full")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let server = Self { child, port, model: model.to_owned() };
        let until = Instant::now() + Duration::from_secs(60);
        // Its model is loaded while it already listens: that is waited for by whoever asks.
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the server does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn settings(&self) -> ModelSettings {
        let address = format!("http://127.0.0.1:{}", self.port);
        ModelSettings { path: Some(address.into()), ..ModelSettings::default() }
    }

    fn open(&self, candidates: RemoteCandidates) -> RemoteModel {
        let settings = ModelSettings { remote_candidates: candidates, ..self.settings() };
        RemoteModel::open(&settings, &|_| None, &mut |_| true).expect("the server is found out about")
    }

    /// The same file, loaded here.
    fn here(&self) -> LoadedModel {
        let settings =
            ModelSettings { path: Some(self.model.clone()), threads: Some(1), ..ModelSettings::default() };
        load(&settings, |_| true).expect("the file loads")
    }

    /// What the server itself writes with greedy decoding.
    fn greedy(&self, prompt: &str, tokens: usize) -> String {
        let body = json!({ "prompt": prompt, "n_predict": tokens, "temperature": 0, "samplers": ["top_k"], "top_k": 1 });
        let response = ureq::post(format!("http://127.0.0.1:{}/completion", self.port))
            .send(body.to_string().as_bytes())
            .expect("it answers");
        let text = response.into_body().read_to_string().expect("text");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        value["content"].as_str().expect("a text").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The models to test with.
fn models() -> Vec<PathBuf> {
    log::start(None).expect("nothing to write to");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("LOGITSCOPE_REAL_MODELS")
        .map_or_else(|| root.join("target/real-models"), PathBuf::from);
    let mut models = vec![root.join("assets/models/storyteller-4.5m-q8_0.gguf")];
    let real = ["SmolLM2-135M-Instruct.Q4_1.gguf", "gemma-3-270m-q4_k_m.gguf"].map(|name| folder.join(name));
    models.extend(real.into_iter().filter(|path| path.exists()));
    for model in &models {
        eprintln!("with {}", model.display());
    }
    models
}

/// The rows after each token of a path from `from` on.
fn rows(
    model: &dyn Model,
    path: &[Token],
    from: usize,
) -> Result<Vec<(Vec<f32>, Option<Tail>)>, EvaluateError> {
    let settings = ModelSettings { sequences: 1, ctx_size: 1024, ..ModelSettings::default() };
    let mut evaluator = model.evaluator(&settings, None).expect("an evaluator");
    let mut found = Vec::new();
    // One after the other, as they come to the server: what goes through a model together gives other last bits.
    for end in from + 1..=path.len() {
        let request = Request::after([path[..end].into()], None);
        evaluator.evaluate(&request, &mut |_| true, &mut |_, row| {
            found.push((row.logits.to_vec(), row.tail));
        })?;
    }
    Ok(found)
}

fn log_probabilities(logits: &[f32]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - most).exp()).sum();
    logits.iter().map(|logit| f64::from(logit - most) - sum.ln()).collect()
}

fn same_vocabulary(there: &Vocabulary, here: &Vocabulary) {
    assert_eq!(there.len(), here.len());
    for id in (0..here.len() as u32).map(Token) {
        let bytes = (there.piece(id), here.piece(id));
        assert_eq!(bytes.0, bytes.1, "token {}: {:?}", id.0, String::from_utf8_lossy(bytes.1));
        if !here.is_eog(id) {
            assert_eq!(there.is_control(id), here.is_control(id), "token {}", id.0);
        }
    }
    assert_eq!(there.eog(), here.eog());
    assert_eq!(
        (there.adds_bos(), there.adds_eos(), there.eos()),
        (here.adds_bos(), here.adds_eos(), here.eos())
    );
    assert!(!here.adds_bos() || there.bos() == here.bos());
    assert_eq!(there.chain_model(8).suppressed, here.chain_model(8).suppressed);
    for text in PROMPTS.into_iter().chain(["a <|im_end|> b", " two  blanks\n\n", ""]) {
        assert_eq!(there.try_tokenize(text).expect("tokens"), here.tokenize(text), "{text:?}");
        assert_eq!(there.try_tokenize_plain(text).expect("tokens"), here.tokenize_plain(text), "{text:?}");
    }
}

#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn a_server_and_the_same_file_here_say_the_same() {
    for path in models() {
        let server = Server::start(&path, 2);
        let (here, all) = (server.here(), server.open(RemoteCandidates::All));
        same_vocabulary(all.vocabulary(), &here.vocabulary);
        let few = server.open(RemoteCandidates::Count(20));
        for prompt in PROMPTS {
            let tokens = here.vocabulary.tokenize(prompt);
            let from = tokens.len().saturating_sub(3);
            let expected = rows(&here, &tokens, from).expect("rows");
            let whole = rows(&all, &tokens, from).expect("rows");
            let part = rows(&few, &tokens, from).expect("rows");
            let mut apart = 0.0_f64;
            for (place, (logits, tail)) in expected.iter().enumerate() {
                assert_eq!((*tail, whole[place].1), (None, None));
                let (known, told) = (log_probabilities(logits), log_probabilities(&whole[place].0));
                // Below e^-80 there is nothing left of a probability in 32 bits.
                for (a, b) in known.iter().zip(&told).filter(|(a, _)| **a > -80.0) {
                    apart = apart.max((a - b).abs());
                }
                assert!(apart < PRECISION, "{prompt:?}, {place}: {apart} apart in ln p");
                let tail = part[place].1.expect("most are unknown");
                assert_eq!(tail.known, 20);
                let mut best: Vec<usize> = (0..known.len()).collect();
                best.sort_by(|&a, &b| known[b].total_cmp(&known[a]));
                let mass: f64 = best[20..].iter().map(|&id| known[id].exp()).sum();
                assert!((tail.mass - mass).abs() < COARSE, "{} and {mass}", tail.mass);
                for &id in &best[..19] {
                    let told = f64::from(part[place].0[id]);
                    assert!((told - known[id]).abs() < COARSE, "token {id}: {told} and {}", known[id]);
                }
            }
            eprintln!("{prompt:?}: at most {apart:.1e} apart in ln p");
        }
    }
}

#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn a_greedy_run_writes_what_the_server_writes_itself() {
    for path in models() {
        let server = Server::start(&path, 1);
        for prompt in PROMPTS {
            for candidates in [RemoteCandidates::Auto, RemoteCandidates::Count(1)] {
                let mut job = Job { top: 1, ..Job::default() };
                job.settings.model = ModelSettings { remote_candidates: candidates, ..server.settings() };
                job.settings.prompt.text = Some(prompt.into());
                job.settings.stop.predict = 48;
                job.given = SamplingOverrides { temperature: Some(0.0), ..SamplingOverrides::default() };
                let (mut out, mut report) = (Vec::new(), Vec::new());
                headless::run(&job, &mut out, &mut report, &Arc::new(AtomicBool::new(false)))
                    .expect("it runs");
                let text = String::from_utf8_lossy(&out).into_owned();
                let own = server.greedy(prompt, 48);
                assert!(
                    text.trim_end_matches('\n') == own.trim_end_matches('\n'),
                    "{prompt:?}: {text:?} and {own:?}"
                );
            }
        }
    }
}

#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn parts_of_characters_are_stepped_over_like_all_else() {
    for path in models() {
        let server = Server::start(&path, 1);
        let (here, there) = (server.here(), server.open(RemoteCandidates::Count(50)));
        // Whatever token comes last, also half of a character: there is always a distribution.
        let parts: Vec<Token> = (0..here.vocabulary.len() as u32)
            .map(Token)
            .filter(|&id| std::str::from_utf8(here.vocabulary.piece(id)).is_err())
            .take(12)
            .collect();
        eprintln!("{} tokens that are part of a character", parts.len());
        for part in parts {
            let mut tokens = here.vocabulary.tokenize("a ");
            tokens.push(part);
            let found = rows(&there, &tokens, tokens.len() - 1).expect("a row");
            assert_eq!(found[0].1.map(|tail| tail.known), Some(50));
        }
    }
}

#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn conversations_are_written_as_here() {
    for path in models() {
        let server = Server::start(&path, 1);
        let (here, there) = (server.here(), server.open(RemoteCandidates::Auto));
        let Some(own) = &here.info.chat else { continue };
        let chat = there.info().chat.as_ref().expect("the server has it, too");
        let messages = Message::opening(Some("Be brief."), "What is the capital of France?");
        let (ours, theirs) =
            (own.render(&messages).expect("a prompt"), chat.render(&messages).expect("a prompt"));
        let tokens = |model: &dyn Model, text: &str| model.vocabulary().try_tokenize(text).expect("tokens");
        assert_eq!(
            tokens(&there, &theirs.text),
            tokens(&here, &ours.text),
            "{:?} and {:?}",
            theirs.text,
            ours.text
        );
    }
}

#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn a_server_that_was_killed_and_started_again_goes_on() {
    let path = models().remove(0);
    let mut server = Server::start(&path, 1);
    let there = server.open(RemoteCandidates::All);
    let tokens = there.vocabulary().try_tokenize(PROMPTS[0]).expect("tokens");
    let before = rows(&there, &tokens, tokens.len() - 1).expect("a row");
    let port = server.port;
    server.child.kill().expect("it is there");
    server.child.wait().expect("it ends");
    let error = rows(&there, &tokens, tokens.len() - 1).expect_err("nobody is there").to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    let program = std::env::var_os("LLAMA_SERVER").expect("a program");
    server.child = Command::new(program)
        .arg("-m")
        .arg(&path)
        .args(["--host", "127.0.0.1", "--port", &port.to_string(), "-t", "1", "-c", "1024", "-np", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts again");
    let until = Instant::now() + Duration::from_secs(30);
    let after = loop {
        match rows(&there, &tokens, tokens.len() - 1) {
            Ok(rows) => break rows,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
    };
    assert_eq!(before, after);
}

/// Greedy decoding of a step takes the server's own time and little more.
#[test]
#[ignore = "needs a llama-server: make test-remote"]
fn a_step_costs_the_servers_time_and_little_more() {
    let server = Server::start(&models()[0], 1);
    let there = server.open(RemoteCandidates::Count(100));
    let mut tokens = there.vocabulary().try_tokenize(PROMPTS[0]).expect("tokens");
    let mut evaluator = there.evaluator(&ModelSettings::default(), None).expect("an evaluator");
    let mut more = Vec::new();
    for _ in 0..60 {
        let mut best = Token(0);
        let request = Request::after([tokens.as_slice().into()], None);
        let cost = evaluator
            .evaluate(&request, &mut |_| true, &mut |_, row| {
                let most = (0..row.logits.len()).max_by(|&a, &b| row.logits[a].total_cmp(&row.logits[b]));
                best = Token(most.unwrap_or(0) as u32);
            })
            .expect("a row");
        tokens.push(best);
        more.push((cost.time - cost.on_server.expect("it tells").min(cost.time)).as_secs_f64() * 1e3);
    }
    more.sort_by(f64::total_cmp);
    let median = more[more.len() / 2];
    eprintln!("a step takes {median:.2} ms more than the model");
    assert!(median < 25.0, "{median} ms");
}
