//! A terminal program in a pseudo-terminal, played by a script.

use std::{
    env,
    io::{Read, Write},
    iter,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use crate::{
    screen::{Film, Frame},
    script::{Script, Step},
};

/// A text that has not come by then never will.
const PATIENCE: Duration = Duration::from_mins(1);
/// The screen has settled when the program has written nothing for so long …
const QUIET: Duration = Duration::from_millis(150);
/// … or, for a program that always writes, after so long.
const RESTLESS: Duration = Duration::from_millis(1500);
/// What is written within so short a time is one picture to a user, and usually one to the program.
const ONE_PICTURE: Duration = Duration::from_millis(12);
/// How long a key press is shown at first.
const BEAT: Duration = Duration::from_millis(400);

/// The running program and what has been seen of it.
pub struct Session {
    parser: vt100::Parser,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// The pseudo-terminal closes when this is dropped.
    _terminal: Box<dyn MasterPty + Send>,
    /// The program's home goes when this is dropped.
    _home: TempDir,
    film: Film,
    poster: Option<usize>,
    caption: String,
    beat: Duration,
}

impl Session {
    /// Start the script's program.
    pub fn start(script: &Script) -> Result<Self> {
        let (rows, columns) = (script.rows, script.columns);
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(&script.command[0]);
        command.args(&script.command[1..]);
        command.cwd(env::current_dir()?);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        let home = tempfile::tempdir().context("cannot make a temporary folder")?;
        isolate(&mut command, home.path())?;
        for (name, value) in &script.environment {
            command.env(name, value);
        }
        let child = pair
            .slave
            .spawn_command(command)
            .with_context(|| format!("cannot start {}", script.command[0]))?;
        // The reader sees the end of the output only when nobody here holds the other side.
        drop(pair.slave);
        Ok(Self {
            parser: vt100::Parser::new(
                rows.try_into().context("a screen has at least one row")?,
                columns.try_into().context("a screen has at least one column")?,
                0,
            ),
            output: read_in_background(pair.master.try_clone_reader()?),
            input: pair.master.take_writer()?,
            child,
            _terminal: pair.master,
            _home: home,
            film: Film::default(),
            poster: None,
            caption: String::new(),
            beat: BEAT,
        })
    }

    /// Do all steps and return what was seen.
    pub fn play(mut self, steps: &[Step]) -> Result<Film> {
        for step in steps {
            self.perform(step)?;
        }
        self.show(Duration::ZERO);
        self.child.kill().ok();
        self.child.wait().ok();
        if let Some(poster) = self.poster {
            self.film.poster = poster;
        }
        Ok(self.film)
    }

    fn perform(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Wait(text) => self.wait_until(text, true)?,
            Step::Gone(text) => self.wait_until(text, false)?,
            Step::Caption(text) => self.caption.clone_from(text),
            Step::Send(bytes) => {
                self.send(bytes)?;
                self.settle();
                self.show(self.beat);
            }
            Step::Beat(time) => self.beat = *time,
            Step::Pause(time) => {
                self.settle();
                self.show(*time);
            }
            Step::Watch(time) => self.watch(*time),
            Step::Poster => {
                self.show(Duration::ZERO);
                self.poster = Some(self.film.poster);
            }
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.input.write_all(bytes).context("the program no longer reads")?;
        self.input.flush().context("the program no longer reads")
    }

    fn show(&mut self, time: Duration) {
        let frame = Frame::capture(self.parser.screen(), &self.caption);
        self.film.show(frame, time);
    }

    /// Take in what the program writes within some time; whether it wrote anything.
    fn take_in(&mut self, patience: Duration) -> bool {
        match self.output.recv_timeout(patience) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.answer(&bytes);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                // The program has ended; its last screen stays.
                thread::sleep(patience);
                false
            }
        }
    }

    /// Programs ask a terminal for its cursor and its kind, and some wait for the answer.
    fn answer(&mut self, bytes: &[u8]) {
        let asks = |question: &[u8]| bytes.windows(question.len()).any(|window| window == question);
        let (row, column) = self.parser.screen().cursor_position();
        let place = format!("\x1b[{};{}R", row + 1, column + 1);
        for (question, answer) in
            [("\x1b[6n", place.as_str()), ("\x1b[c", "\x1b[?62;22c"), ("\x1b[0c", "\x1b[?62;22c")]
        {
            if asks(question.as_bytes()) {
                // A program that is no longer there needs no answer.
                self.send(answer.as_bytes()).ok();
            }
        }
    }

    fn settle(&mut self) {
        let start = Instant::now();
        while start.elapsed() < RESTLESS && self.take_in(QUIET) {}
    }

    /// Wait until a text is, or no longer is, on the screen.
    fn wait_until(&mut self, text: &str, present: bool) -> Result<()> {
        let start = Instant::now();
        while self.parser.screen().contents().contains(text) != present {
            self.take_in(QUIET);
            if start.elapsed() > PATIENCE {
                let state = if present { "never came" } else { "never left" };
                bail!("{text:?} {state}; the screen at the end:\n{}", self.parser.screen().contents());
            }
        }
        self.settle();
        Ok(())
    }

    /// Show in real time what the program does by itself.
    fn watch(&mut self, time: Duration) {
        let start = Instant::now();
        let mut since = start;
        self.show(Duration::ZERO);
        loop {
            let left = time.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            if !self.take_in(left) {
                continue;
            }
            while self.take_in(ONE_PICTURE) && start.elapsed() < time {}
            // What was on the screen until now has been shown for so long.
            let now = Instant::now();
            self.film.lengthen(now - since);
            since = now;
            self.show(Duration::ZERO);
        }
        self.film.lengthen(since.elapsed());
    }
}

/// Show the program that was built with this tool, as somebody sees it who has just installed it: without the
/// settings and the history of whoever makes the recording.
fn isolate(command: &mut CommandBuilder, home: &Path) -> Result<()> {
    for folder in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, home);
    }
    let tool = env::current_exe()?;
    // This tool is in the folder `examples` beside the program.
    let built = tool.ancestors().nth(2).context("the recorder is not in cargo's target folder")?;
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = iter::once(built.to_owned()).chain(env::split_paths(&inherited));
    command.env("PATH", env::join_paths(folders)?);
    Ok(())
}

fn read_in_background(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}
