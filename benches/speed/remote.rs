//! What a model on a server costs besides the server's own time. `LLAMA_SERVER` is the path of llama.cpp's `llama-server`.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use logitscope::{
    engine::{Model, Request},
    remote::RemoteModel,
    settings::{ModelSettings, RemoteCandidates},
    token::Token,
};

use crate::{
    models::Models,
    table::{Quantity, Table},
    timing::median,
};

const STORYTELLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");
/// Milliseconds that a step may take besides the server.
const STEP: f64 = 2.0;
const STEPS: usize = 100;
const SEEDS: usize = 64;
const SLOTS: usize = 4;

struct Server(Child, u16);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(program: &std::ffi::OsStr, slots: usize) -> Result<Server> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let child = Command::new(program)
        .args(["-m", STORYTELLER, "--host", "127.0.0.1", "--port", &port.to_string(), "-t", "1"])
        .args(["-np", &slots.to_string(), "-c", &(512 * slots).to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("llama-server does not start")?;
    let server = Server(child, port);
    let until = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(Instant::now() < until, "llama-server does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

fn open(server: &Server) -> Result<RemoteModel> {
    let settings = ModelSettings {
        path: Some(format!("http://127.0.0.1:{}", server.1).into()),
        remote_candidates: RemoteCandidates::Count(100),
        ..ModelSettings::default()
    };
    Ok(RemoteModel::open(&settings, &|_| None, &mut |_| true)?)
}

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let Some(program) = std::env::var_os("LLAMA_SERVER") else {
        table.left_out("remote: a step on llama-server", "LLAMA_SERVER names none");
        return Ok(());
    };
    steps(table, &open(&start(&program, 1)?)?)?;
    seeds(table, &program)
}

/// Greedy decoding at 100 candidates: each step's time without what the server says its model took.
fn steps(table: &mut Table, model: &RemoteModel) -> Result<()> {
    let mut evaluator = model.evaluator(&ModelSettings::default(), None)?;
    let mut path = model.vocabulary().try_tokenize("Once upon a time").map_err(anyhow::Error::msg)?;
    let (mut more, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..STEPS {
        let mut best = Token(0);
        let request = Request::after([path.as_slice().into()], None);
        let cost = evaluator.evaluate(&request, &mut |_| true, &mut |_, row| {
            let most = (0..row.logits.len()).max_by(|&a, &b| row.logits[a].total_cmp(&row.logits[b]));
            best = Token(most.unwrap_or(0) as u32);
        })?;
        path.push(best);
        let model = cost.on_server.unwrap_or_default();
        more.push(cost.time.saturating_sub(model).as_secs_f64());
        whole.push(cost.time.as_secs_f64());
    }
    let note = format!("of {:.2} ms in all, 100 candidates", median(whole) * 1e3);
    table.bounded("remote: a step besides the model's time", Quantity::ms(median(more) * 1e3), STEP, note);
    Ok(())
}

/// 64 paths at a time against the same one after the other: with all slots busy it takes less.
fn seeds(table: &mut Table, program: &std::ffi::OsStr) -> Result<()> {
    let time = |slots: usize| -> Result<f64> {
        let server = start(program, slots)?;
        let model = open(&server)?;
        let mut evaluator = model.evaluator(&ModelSettings::default(), None)?;
        let prompt =
            model.vocabulary().try_tokenize("Once upon a time there was").map_err(anyhow::Error::msg)?;
        let path = |seed: usize| {
            let mut path = prompt.clone();
            path.extend((0..4).map(|place| Token((300 + seed * 7 + place * 31) as u32)));
            path.into()
        };
        let mut times = Vec::new();
        for _ in 0..5 {
            let request = Request::after((0..SEEDS).map(path), None);
            times.push(evaluator.evaluate(&request, &mut |_| true, &mut |_, _| ())?.time.as_secs_f64());
        }
        Ok(median(times))
    };
    let (one, all) = (time(1)?, time(SLOTS)?);
    let note = format!("with {SLOTS} slots; with one {:.0} ms", one * 1e3);
    table.bounded("remote: 64 seeds in flight", Quantity::ms(all * 1e3), one * 1e3, note);
    Ok(())
}
