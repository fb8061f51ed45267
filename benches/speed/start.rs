//! From starting the program in a terminal to its first frame and to a model that is ready; then, idling.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use logitscope::{config::Paths, runtime::memory::Memory};
use tempfile::TempDir;

use crate::{
    models::Models,
    pty_support::pty::Pty,
    table::{Quantity, Table},
    timing::sample,
};

const ROUNDS: usize = 10;
/// Milliseconds to the first frame, and to the first token's bars.
const FIRST_FRAME: f64 = 100.0;
const READY: f64 = 500.0;
/// How long it idles, and the ticks of the clock (a hundredth of a second) that it may use.
const IDLE: Duration = Duration::from_secs(2);
const TICKS: f64 = 1.0;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    let state = started_before()?;
    let (mut frames, mut ready) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let program = spawn(&state);
        program.wait_for("a first frame", |screen| {
            screen.alternate_screen() && !screen.contents().trim().is_empty()
        });
        frames.push(start.elapsed().as_secs_f64() * 1e3);
        wait_until_ready(&program);
        ready.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let (frames, ready) = (sample(frames), sample(ready));
    table.bounded("start to first frame", Quantity::ms(frames.best), FIRST_FRAME, frames.note());
    table.bounded("start to first bars of the embedded model", Quantity::ms(ready.best), READY, ready.note());
    Ok(())
}

/// Processor time that the program uses while nothing happens.
pub fn idle(table: &mut Table, _: &Models) -> Result<()> {
    let state = started_before()?;
    let program = spawn(&state);
    wait_until_ready(&program);
    // What start leaves to be done, such as the last frame, is done by then.
    thread::sleep(Duration::from_millis(500));
    let Some(before) = ticks(program.id()) else {
        table.left_out("idling", "there is no /proc to read it from");
        return Ok(());
    };
    thread::sleep(IDLE);
    let after = ticks(program.id()).context("the program has ended")?;
    let used = Quantity { value: (after - before) as f64, unit: "ticks" };
    table.bounded("processor time of 2 s idling (1 tick = 10 ms)", used, TICKS, String::new());
    Ok(())
}

/// A state folder that knows of an earlier start, so that no welcome lies over the bars.
fn started_before() -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    Memory::new(&Paths::under(folder.path(), folder.path())).mark_started();
    Ok(folder)
}

fn spawn(state: &TempDir) -> Pty {
    let state = state.path().to_str().expect("temporary folders have plain names");
    Pty::spawn(&[env!("CARGO_BIN_EXE_logitscope")], (120, 36), &[("XDG_STATE_HOME", state)])
}

fn wait_until_ready(program: &Pty) {
    program.wait_for("the bars of the first token", |screen| {
        let (_, columns) = screen.size();
        screen.rows(0, columns.get()).any(|row| row.contains("entropy") && row.contains("bits"))
    });
}

/// User and system time of a process: fields 14 and 15 of /proc/PID/stat (`proc_pid_stat(5)`).
fn ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, field 2, is in parentheses and can hold anything.
    let after_name = &stat[stat.rfind(')')? + 1..];
    let mut fields = after_name.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}
