//! The program without a terminal: arguments in, exit status and output out.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The program with a home folder of its own.
pub struct Program {
    home: TempDir,
}

/// How a run ended and what it wrote.
pub struct Ran {
    /// The exit status; None after a signal.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
}

impl Program {
    /// With an empty home folder.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes the file `name` into the home folder, where the program runs.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the home folder")).expect("its folder");
        std::fs::write(path, content).expect("the file can be written");
    }

    /// The program with these arguments, nothing on its standard input, and both outputs piped.
    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(super::LOGITSCOPE);
        command.args(args).env_clear().envs(super::environment(self.home())).current_dir(self.home());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with these arguments to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        self.command(args).output().expect("the program starts").into()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

impl Ran {
    /// Standard output as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is UTF-8")
    }

    /// The one line on standard error after the program's name, of a run that ended with `status` and wrote nothing.
    pub fn complaint(&self, status: i32) -> &str {
        assert_eq!(self.status, Some(status), "{}", self.stderr);
        assert!(self.stdout.is_empty(), "{:?}", self.stdout);
        let line = self.stderr.strip_prefix("logitscope: ").and_then(|text| text.strip_suffix('\n'));
        line.filter(|line| !line.contains(char::is_control))
            .unwrap_or_else(|| panic!("not one harmless line: {:?}", self.stderr))
    }
}
