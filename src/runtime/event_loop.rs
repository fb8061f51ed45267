//! Connects the state to the world: events become messages, effects are done, frames are drawn.
//!
//! All messages that wait are handled before one frame is drawn; nothing is drawn when nothing
//! changed, and never more than sixty frames a second.

use std::{
    future::poll_fn,
    io,
    sync::Arc,
    task::Poll,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crossterm::event::{Event as Input, EventStream, MouseButton, MouseEvent, MouseEventKind};
use futures_util::StreamExt as _;
use ratatui::layout::{Position, Rect};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    engines::{Engines, Teller},
    memory::Memory,
    models::ModelReader,
    signals::{Signal, Signals},
    terminal::{TerminalError, TerminalGuard},
};
use crate::{
    app::{self, Effect, Message, MouseMove, Setup, State, TreeExport},
    ui,
};

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(16);

/// Messages handled between two frames at most, so that a flood of them never stops the screen.
const BATCH: usize = 4096;

/// Runs the program on the terminal until it is left. The exit status.
pub fn run(setup: Setup, memory: Memory, mouse: bool) -> Result<u8, TerminalError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the terminal is taken, so that no signal finds it taken and nobody listening.
        let signals = Signals::listen()?;
        let mut guard = TerminalGuard::enter(setup.log_file.as_deref())?;
        if !mouse {
            crossterm::execute!(io::stdout(), crossterm::event::DisableMouseCapture)?;
        }
        let size = guard.size()?;
        let (state, effects) = app::start(Setup { size: (size.width, size.height), ..setup });
        let (sender, messages) = unbounded_channel();
        let mut program = Program {
            state,
            engines: Engines::new(teller(&sender)),
            models: ModelReader::new(sender.clone()),
            sender,
            memory,
            status: None,
            suspend: false,
            copy: None,
            export: None,
            resized: false,
        };
        program.perform(effects);
        let result = program.run(&mut guard, messages, signals).await;
        drop(guard);
        // What is being written is written to its end.
        program.export.into_iter().for_each(|export| drop(export.join()));
        result
    })
}

/// Has messages wait for the loop.
fn teller(sender: &UnboundedSender<Message>) -> Teller {
    let sender = sender.clone();
    // The receiver is gone only when the program is leaving.
    Arc::new(move |message| drop(sender.send(message)))
}

struct Program {
    state: State,
    engines: Engines,
    sender: UnboundedSender<Message>,
    models: ModelReader,
    memory: Memory,
    /// The exit status, once the program is to be left.
    status: Option<u8>,
    suspend: bool,
    /// A text for the clipboard.
    copy: Option<String>,
    /// The thread that writes files, or has written them: the next begins when it has told so.
    export: Option<JoinHandle<()>>,
    /// The terminal's size was changed since the last frame.
    resized: bool,
}

/// What the loop waited for.
enum Woken {
    Input(Option<io::Result<Input>>),
    Message(Option<Message>),
    Signal(Signal),
    Time,
    Lost(TerminalError),
}

impl Program {
    async fn run(
        &mut self,
        guard: &mut TerminalGuard,
        mut messages: UnboundedReceiver<Message>,
        mut signals: Signals,
    ) -> Result<u8, TerminalError> {
        let mut inputs = EventStream::new();
        let mut drawn = 0;
        let mut next_frame = Instant::now();
        loop {
            if let Some(status) = self.status {
                return Ok(status);
            }
            if let Some(text) = self.copy.take() {
                guard.copy(&text)?;
            }
            if self.suspend {
                self.suspend = false;
                guard.suspend()?;
                drawn = 0;
                self.resized(guard)?;
            }
            let now = Instant::now();
            if self.state.revision() != drawn && now >= next_frame {
                if std::mem::take(&mut self.resized) {
                    guard.forget();
                }
                self.state.prepare_frame();
                let (width, height) = self.state.size();
                if let Some(bounds) = ui::scroll_bounds(&self.state, Rect::new(0, 0, width, height)) {
                    self.state.bound_scroll(&bounds);
                }
                drawn = self.state.revision();
                for (panel, end) in ui::panel_ends(&self.state, Rect::new(0, 0, width, height)) {
                    self.state.bound_panel(panel, end);
                }
                let started = Instant::now();
                guard.draw(|frame| ui::draw(&self.state, frame.area(), frame.buffer_mut()))?;
                self.state.note_frame(started.elapsed());
                next_frame = Instant::now() + FRAME;
            }
            let frame = (self.state.revision() != drawn).then_some(next_frame);
            let wake = [frame, self.state.next_tick()].into_iter().flatten().min();
            let woken = tokio::select! {
                biased;
                signal = signals.next() => Woken::Signal(signal),
                lost = guard.lost() => Woken::Lost(lost),
                input = inputs.next() => Woken::Input(input),
                message = messages.recv() => Woken::Message(message),
                () = sleep_until(wake) => Woken::Time,
            };
            match woken {
                Woken::Signal(Signal::Continue) => {
                    guard.resume()?;
                    drawn = 0;
                    self.resized(guard)?;
                }
                Woken::Signal(signal) => self.status = signal.exit_status(),
                Woken::Lost(error) => return Err(error),
                // The terminal was closed.
                Woken::Input(None) => return Ok(0),
                Woken::Input(Some(input)) => self.input(input?),
                Woken::Message(message) => message.into_iter().for_each(|message| self.take(message)),
                Woken::Time => self.take(Message::Tick(Instant::now())),
            }
            self.drain(&mut inputs, &mut messages).await?;
        }
    }

    /// Handles what else is waiting, so that a burst costs one frame.
    ///
    /// The input is asked with the loop's own waker: crossterm's stream keeps the waker of the first
    /// poll that found nothing, and one that wakes nobody would lose the next key.
    async fn drain(
        &mut self,
        inputs: &mut EventStream,
        messages: &mut UnboundedReceiver<Message>,
    ) -> Result<(), TerminalError> {
        for _ in 0..BATCH {
            if self.status.is_some() || self.suspend {
                break;
            }
            let input = poll_fn(|context| Poll::Ready(inputs.poll_next_unpin(context))).await;
            if let Poll::Ready(Some(input)) = input {
                self.input(input?);
            } else if let Ok(message) = messages.try_recv() {
                self.take(message);
            } else {
                break;
            }
        }
        Ok(())
    }

    fn resized(&mut self, guard: &TerminalGuard) -> Result<(), TerminalError> {
        let size = guard.size()?;
        self.take(Message::Resize(size.width, size.height));
        Ok(())
    }

    fn take(&mut self, message: Message) {
        let effects = app::update(&mut self.state, message);
        self.perform(effects);
    }

    fn input(&mut self, input: Input) {
        match input {
            Input::Key(key) => self.take(Message::Key(key)),
            Input::Paste(text) => self.take(Message::Paste(text)),
            Input::Resize(columns, rows) => {
                self.resized = true;
                self.take(Message::Resize(columns, rows));
            }
            Input::Mouse(mouse) => self.mouse(mouse),
            Input::FocusGained | Input::FocusLost => {}
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) {
        let action = match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => MouseMove::Press,
            MouseEventKind::Drag(MouseButton::Left) => MouseMove::Drag,
            MouseEventKind::Up(MouseButton::Left) => MouseMove::Release,
            MouseEventKind::ScrollUp => MouseMove::WheelUp,
            MouseEventKind::ScrollDown => MouseMove::WheelDown,
            _ => return,
        };
        // What lies under the mouse depends on what is shown.
        self.state.prepare_frame();
        let (columns, rows) = self.state.size();
        let screen = Rect::new(0, 0, columns, rows);
        let at = Position::new(mouse.column, mouse.row);
        let hit = match action {
            MouseMove::Drag => ui::hit_while_dragging(&self.state, screen, at),
            _ => ui::hit(&self.state, screen, at),
        };
        self.take(Message::Mouse(action, hit));
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Some(effect) = self.engines.perform(effect) else { continue };
            match effect {
                Effect::FindModels { loaded, folder, own } => {
                    self.models.find(loaded, folder, own, self.memory.models());
                }
                Effect::StopReading => self.models.stop_reading(),
                Effect::ReadDetails(path, settings) => self.models.read_details(path, settings),
                Effect::Fetch(number, name, reach) => self.models.fetch(number, *name, reach),
                Effect::StopFetch => self.models.stop_fetch(),
                Effect::RememberModel(path) => self.memory.remember_model(&path),
                Effect::RememberPrompt(prompt) => self.memory.remember_prompt(&prompt),
                Effect::WelcomeSeen => self.memory.mark_started(),
                Effect::SavePreset(name, settings) => {
                    let saved = self.memory.save_preset(&name, &settings);
                    drop(self.sender.send(Message::PresetSaved(saved)));
                }
                Effect::Copy(text) => self.copy = Some(text),
                Effect::Export(name, tree) => self.export(name, tree),
                Effect::Suspend => self.suspend = true,
                Effect::KeepProgress(text) => self.memory.keep_progress(&text),
                Effect::Quit => self.status = Some(0),
                // The engines have done it.
                Effect::Engine(..)
                | Effect::Cancel(..)
                | Effect::RestartEngine(_)
                | Effect::Canvas(..)
                | Effect::CancelCanvas(_)
                | Effect::RestartCanvas => {}
            }
        }
    }

    /// Writes a tree into files, on a thread of its own: a large one takes its time.
    fn export(&mut self, name: String, tree: TreeExport) {
        let sender = self.sender.clone();
        self.export = Some(std::thread::spawn(move || {
            // Where it is, for who asks where the files went.
            let folder = std::env::current_dir().unwrap_or_else(|_| ".".into());
            let result = super::export::export(&folder, &name, &tree.files());
            let result = result.map(|files| format!("{files} in {}", crate::text::Shown::path(&folder)));
            drop(sender.send(Message::Exported(result)));
        }));
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
