//! The terminal guard by itself: takes the terminal, draws one line for each key, and ends in every way a program can.
//!
//! `q` quits, `e` ends with an error, `p` panics, `t` panics on another thread, `s` gets stuck so that only a second
//! signal helps, Ctrl-Z suspends. `tests/terminal.rs` drives it; run it with `cargo run --example terminal_guard`.

use std::process::ExitCode;

use anyhow::bail;
use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt as _;
use logitscope::runtime::signals::{Signal, Signals};
use logitscope::runtime::terminal::{TerminalError, TerminalGuard};
use logitscope::runtime::tty::{NoTerminal, check_tty};
use ratatui::Frame;
use ratatui::widgets::Paragraph;

/// The line that says that no key will be answered any more.
const STUCK: &str = "stuck";

fn main() -> ExitCode {
    if let Err(missing) = check_tty() {
        eprintln!("terminal_guard: {missing}");
        return NoTerminal::EXIT_STATUS.into();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run())) {
        Ok(status) => status.into(),
        Err(error) if matches!(error.downcast_ref(), Some(TerminalError::Lost)) => {
            TerminalError::PANIC_EXIT_STATUS.into()
        }
        Err(error) => {
            eprintln!("terminal_guard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Draws and answers until something ends it; returns the exit status.
async fn run() -> anyhow::Result<u8> {
    let mut signals = Signals::listen()?;
    let mut guard = TerminalGuard::enter(Some("terminal_guard.log".as_ref()))?;
    let mut events = EventStream::new();
    let mut lines = vec!["ready".to_owned()];
    loop {
        guard.draw(|frame| draw(frame, &lines))?;
        if lines.last().is_some_and(|line| line == STUCK) {
            get_stuck();
        }
        tokio::select! {
            lost = guard.lost() => return Err(lost.into()),
            signal = signals.next() => match signal.exit_status() {
                Some(status) => return Ok(status),
                None => after_stop(&mut guard, signal)?,
            },
            event = events.next() => match event.transpose()? {
                None | Some(Event::Key(KeyEvent { code: KeyCode::Char('q'), .. })) => return Ok(0),
                Some(event) => lines.push(answer(&event, &mut guard)?),
            },
        }
    }
}

fn draw(frame: &mut Frame<'_>, lines: &[String]) {
    let visible = lines.len().saturating_sub(usize::from(frame.area().height));
    frame.render_widget(Paragraph::new(lines[visible..].join("\n")), frame.area());
}

fn after_stop(guard: &mut TerminalGuard, signal: Signal) -> anyhow::Result<()> {
    debug_assert_eq!(signal, Signal::Continue);
    Ok(guard.resume()?)
}

/// Does what the key asks for; returns the line that says so.
fn answer(event: &Event, guard: &mut TerminalGuard) -> anyhow::Result<String> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char('z'), modifiers: KeyModifiers::CONTROL, .. }) => {
            guard.suspend()?;
            Ok("welcome back".into())
        }
        Event::Key(KeyEvent { code: KeyCode::Char('s'), .. }) => Ok(STUCK.into()),
        Event::Key(KeyEvent { code: KeyCode::Char(key), .. }) => {
            end_or_stay(*key)?;
            Ok(format!("key {key}"))
        }
        Event::Mouse(mouse) => Ok(format!("mouse {:?} {} {}", mouse.kind, mouse.column, mouse.row)),
        Event::Paste(text) => Ok(format!("pasted {text}")),
        Event::Resize(columns, rows) => Ok(format!("size {columns} {rows}")),
        other => Ok(format!("{other:?}")),
    }
}

fn end_or_stay(key: char) -> anyhow::Result<()> {
    match key {
        'e' => bail!("the key e was pressed"),
        'p' => panic!("the key p was pressed"),
        't' => {
            drop(std::thread::Builder::new().name("worker".into()).spawn(|| panic!("said \u{1b}[31mred"))?);
        }
        _ => {}
    }
    Ok(())
}

/// Blocks the loop, as a fault would.
fn get_stuck() -> ! {
    loop {
        std::thread::park();
    }
}
