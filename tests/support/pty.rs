//! A program in a pseudo-terminal: keys and mouse in, screen out.
//!
//! Nothing here sleeps: tests wait for what they want to see, with a deadline that only a hung program reaches.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

/// How long anything may take before the program counts as hung.
const DEADLINE: Duration = Duration::from_mins(1);

/// How long a program that waits for keys has to write nothing before its frame counts as whole.
const QUIET: Duration = Duration::from_millis(300);

/// How a frame begins that is to be shown all at once (mode 2026).
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
/// How it ends.
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Ctrl-C, as a terminal sends it.
pub const CTRL_C: &str = "\x03";
/// Ctrl-Z.
pub const CTRL_Z: &str = "\x1a";
/// The Escape key.
pub const ESCAPE: &str = "\x1b";
/// The Enter key.
pub const ENTER: &str = "\r";
/// The arrow keys.
pub const UP: &str = "\x1b[A";
/// See [`UP`].
pub const DOWN: &str = "\x1b[B";
/// See [`UP`].
pub const RIGHT: &str = "\x1b[C";
/// See [`UP`].
pub const LEFT: &str = "\x1b[D";
/// The Delete key.
pub const DELETE: &str = "\x1b[3~";
/// To the first, to the last.
pub const HOME: &str = "\x1b[H";
/// See [`HOME`].
pub const END: &str = "\x1b[F";
/// The function keys that focus text, candidates and sliders.
pub const F2: &str = "\x1bOQ";
/// See [`F2`].
pub const F3: &str = "\x1bOR";
/// See [`F2`].
pub const F4: &str = "\x1bOS";

/// A running program and the terminal it believes to be in.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Arc<Output>,
    exit: mpsc::Receiver<ExitStatus>,
    child: Pid,
    exited: bool,
    device: PathBuf,
    home: Rc<TempDir>,
}

/// What the program has written so far.
struct Output {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    /// Every byte.
    raw: Vec<u8>,
    /// How many of them the terminal shows.
    shown: usize,
    closed: bool,
}

impl Pty {
    /// Starts `command` (program, then arguments) in a terminal of `(columns, rows)`, with a home folder of its own, in
    /// it, and an environment of `PATH`, `HOME`, the XDG folders, `TERM`, `LANG` and what `env` adds or replaces.
    pub fn spawn<S: AsRef<OsStr>>(command: &[S], size: (u16, u16), env: &[(&str, &str)]) -> Self {
        Self::spawn_in(Rc::new(tempfile::tempdir().expect("a temporary folder")), command, size, env)
    }

    /// [`spawn`](Self::spawn) with a home folder that is there already.
    pub fn spawn_in<S: AsRef<OsStr>>(
        home: Rc<TempDir>,
        command: &[S],
        size: (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).expect("a pseudo-terminal");
        let mut reader = pair.master.try_clone_reader().expect("the terminal's output");
        let keyboard = pair.master.take_writer().expect("the terminal's input");
        let device = pair.master.tty_name().expect("the terminal's name");
        let mut child =
            pair.slave.spawn_command(builder(command, home.path(), env)).expect("the program starts");
        // Only the program holds the terminal now, so that its end can be seen.
        drop(pair.slave);

        let (columns, rows) = cells(size);
        let state =
            State { parser: vt100::Parser::new(rows, columns, 0), raw: Vec::new(), shown: 0, closed: false };
        let output = Arc::new(Output { state: Mutex::new(state), changed: Condvar::new() });
        let sink = Arc::clone(&output);
        std::thread::spawn(move || sink.fill_from(&mut *reader));

        let pid = child.process_id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("a process id");
        let (sender, exit) = mpsc::channel();
        std::thread::spawn(move || child.wait().map(|status| sender.send(status)));
        Self { master: pair.master, keyboard, output, exit, child: pid, exited: false, device, home }
    }

    /// The program's home folder; its XDG folders are in it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The home folder, for another program to start in.
    pub fn shared_home(&self) -> Rc<TempDir> {
        Rc::clone(&self.home)
    }

    /// The program's process id.
    pub fn id(&self) -> u32 {
        self.child.as_raw_nonzero().get().cast_unsigned()
    }

    /// Types `keys`.
    pub fn send_keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.keyboard.flush().expect("the terminal takes keys");
    }

    /// Pastes `text`, as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) {
        self.send_keys(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Clicks with the left button on column `x`, row `y`, both from 0.
    pub fn click(&mut self, x: u16, y: u16) {
        self.mouse(0, x, y, 'M');
        self.mouse(0, x, y, 'm');
    }

    /// Drags with the left button from one cell to another, by way of the cells between.
    pub fn drag(&mut self, from: (u16, u16), to: (u16, u16)) {
        self.mouse(0, from.0, from.1, 'M');
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        for step in 1..=steps {
            let between = |a: u16, b: u16| {
                let way = (i32::from(b) - i32::from(a)) * i32::from(step) / i32::from(steps);
                u16::try_from(i32::from(a) + way).expect("between two cells")
            };
            self.mouse(32, between(from.0, to.0), between(from.1, to.1), 'M');
        }
        self.mouse(0, to.0, to.1, 'm');
    }

    /// Turns the wheel over a cell: up for positive `notches`, down for negative ones.
    pub fn wheel(&mut self, x: u16, y: u16, notches: i32) {
        for _ in 0..notches.abs() {
            self.mouse(if notches > 0 { 64 } else { 65 }, x, y, 'M');
        }
    }

    /// One report in xterm's SGR form (1006), which counts cells from 1.
    fn mouse(&mut self, button: u8, x: u16, y: u16, kind: char) {
        self.send_keys(&format!("\x1b[<{button};{};{}{kind}", x + 1, y + 1));
    }

    /// Changes the size of the terminal; the program gets SIGWINCH.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let (width, height) = cells((columns, rows));
        self.output.state().parser.set_size(height, width);
        self.master.resize(pty_size((columns, rows))).expect("the terminal takes a size");
    }

    /// Sends `signal` to the program that was started.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.child, signal).expect("the program runs");
    }

    /// Sends `signal` to the job in the foreground, where the program that was started is a shell.
    pub fn signal_foreground(&self, signal: Signal) {
        let group =
            self.master.process_group_leader().and_then(Pid::from_raw).expect("a job in the foreground");
        kill_process_group(group, signal).expect("the job runs");
    }

    /// Waits until the screen is as `wanted`; `what` says in words what that is.
    pub fn wait_for(&self, what: &str, mut wanted: impl FnMut(&vt100::Screen) -> bool) {
        self.wait_for_state(what, |state| wanted(state.parser.screen()));
    }

    /// Waits until `text` is on the screen, within one row.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("the text {text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits until the program, which has nothing left to do, writes no more: what is seen before can be a part of a
    /// frame.
    pub fn wait_until_quiet(&self) {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.output.state();
        loop {
            let written = state.raw.len();
            state = self.output.changed.wait_timeout(state, QUIET).unwrap_or_else(PoisonError::into_inner).0;
            if state.raw.len() == written {
                return;
            }
            assert!(Instant::now() < deadline, "the program never stops writing");
        }
    }

    /// Where `text` begins on the screen: column and row from 0.
    pub fn find(&self, text: &str) -> Option<(u16, u16)> {
        let state = self.output.state();
        let screen = state.parser.screen();
        let (_, columns) = screen.size();
        screen.rows(0, columns.get()).zip(0..).find_map(|(row, y)| {
            let before = &row[..row.find(text)?];
            Some((u16::try_from(unicode_width::UnicodeWidthStr::width(before)).ok()?, y))
        })
    }

    /// The rows of the screen, without trailing spaces.
    pub fn screen_text(&self) -> String {
        self.output.state().parser.screen().contents()
    }

    /// A copy of the screen with its colours and modes.
    pub fn screen(&self) -> vt100::Screen {
        self.output.state().parser.screen().clone()
    }

    /// Every byte the program has written.
    pub fn raw(&self) -> Vec<u8> {
        self.output.state().raw.clone()
    }

    /// Waits until the program has ended and everything it wrote has arrived.
    pub fn wait_exit(&mut self) -> ExitStatus {
        let Ok(status) = self.exit.recv_timeout(DEADLINE) else {
            panic!("the program did not end; its screen:\n{}", self.screen_text());
        };
        self.exited = true;
        self.wait_for_state("the end of the output", |state| state.closed);
        status
    }

    /// The settings of the terminal line now, as `stty -g` prints them: also before the program has changed them and
    /// after it has ended.
    pub fn stty(&self) -> String {
        // Must not become the terminal of the test itself.
        let no_control = rustix::fs::OFlags::NOCTTY.bits().cast_signed();
        let line =
            OpenOptions::new().read(true).custom_flags(no_control).open(&self.device).expect("the line");
        let output = Command::new("stty").arg("-g").stdin(line).output().expect("stty runs");
        assert!(output.status.success(), "stty: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("stty prints ASCII").trim().to_owned()
    }

    fn wait_for_state(&self, what: &str, mut wanted: impl FnMut(&State) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.output.state();
        while !wanted(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            let reason = if state.closed { "the program has ended" } else { "nothing came in time" };
            assert!(!state.closed && !left.is_zero(), "no {what}: {reason}; the screen:\n{}", state.show());
            state = self.output.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if !self.exited {
            // The program leads its own session and group; a test that failed must not leave it behind.
            let _ = kill_process_group(self.child, Signal::KILL);
        }
    }
}

impl Output {
    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked while it looked has changed nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fill_from(&self, reader: &mut dyn Read) {
        let mut buffer = [0; 4096];
        loop {
            let count = reader.read(&mut buffer).unwrap_or(0);
            let mut state = self.state();
            state.raw.extend_from_slice(&buffer[..count]);
            state.closed = count == 0;
            state.show_new();
            self.changed.notify_all();
            if state.closed {
                return;
            }
        }
    }
}

impl State {
    /// Shows what has come, as a terminal with synchronized updates does: a frame all at once, when its end is there. In
    /// half a frame, text of the one before stands beside that of the next, and a test would take one for the other.
    fn show_new(&mut self) {
        // Either mark can have come in two pieces.
        let fresh = &self.raw[self.shown.saturating_sub(BEGIN_FRAME.len())..];
        let last = |mark: &[u8]| fresh.windows(mark.len()).rposition(|bytes| bytes == mark);
        let begin = last(BEGIN_FRAME).filter(|&begin| last(END_FRAME).is_none_or(|end| end < begin));
        let whole = begin.filter(|_| !self.closed).unwrap_or(fresh.len());
        let until = (self.raw.len() - fresh.len() + whole).max(self.shown);
        self.parser.process(&self.raw[self.shown..until]);
        self.shown = until;
    }

    fn show(&self) -> String {
        self.parser.screen().contents()
    }
}

fn builder<S: AsRef<OsStr>>(command: &[S], home: &Path, env: &[(&str, &str)]) -> CommandBuilder {
    let mut builder =
        CommandBuilder::from_argv(command.iter().map(|part| part.as_ref().to_owned()).collect());
    builder.env_clear();
    builder.cwd(home);
    for (name, value) in super::environment(home) {
        builder.env(name, value);
    }
    builder.env("TERM", "xterm-256color");
    for (name, value) in env {
        builder.env(name, value);
    }
    builder
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let cells = |count| NonZeroU16::new(count).expect("at least one cell");
    (cells(columns), cells(rows))
}
