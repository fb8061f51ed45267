//! The script of a recording: a text file, one step a line.
//!
//! ```text
//! # Settings come first.
//! size 110x34
//! env NO_COLOR=1
//! run logitscope --prompt "Once upon a time"    the program built beside this tool, with a fresh home
//!
//! wait Next token          until this text is on the screen; nothing of the waiting is shown
//! gone loading             until this text is no longer on the screen
//! caption One step …       a line under the screen, from here on; alone it removes the line
//! key right                press a key, see the screen settle, show it for one beat
//! key right *5             the same five times
//! type Hello, world        as typed, one beat after each letter
//! click 12,3               column and row, from 0
//! drag 50,5 70,5           press, move cell by cell, let go
//! wheel up 50,5
//! beat 250                 from here on a beat takes so many milliseconds (400 at first)
//! pause 1500               show the screen as it is for so many milliseconds more
//! watch 4000               let the program run and show what it does, in real time
//! poster                   the screen to show where animation is off (the last one otherwise)
//! ```

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// A parsed script.
#[derive(Debug)]
pub struct Script {
    pub columns: u16,
    pub rows: u16,
    pub environment: Vec<(String, String)>,
    pub command: Vec<String>,
    pub steps: Vec<Step>,
}

/// One thing to do; see the module's text.
#[derive(Debug, PartialEq)]
pub enum Step {
    Wait(String),
    Gone(String),
    Caption(String),
    /// Bytes that are sent at once, and shown for one beat.
    Send(Vec<u8>),
    Beat(Duration),
    Pause(Duration),
    Watch(Duration),
    Poster,
}

impl Script {
    /// Read a script; an error names its line.
    pub fn parse(text: &str) -> Result<Self> {
        let mut script =
            Self { columns: 110, rows: 34, environment: Vec::new(), command: Vec::new(), steps: Vec::new() };
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                script.read_line(line).with_context(|| format!("line {}: {line}", index + 1))?;
            }
        }
        ensure!(!script.command.is_empty(), "no line says what to run");
        Ok(script)
    }

    fn read_line(&mut self, line: &str) -> Result<()> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "size" => (self.columns, self.rows) = pair(rest, 'x')?,
            "env" => {
                let (name, value) = rest.split_once('=').context("expected NAME=VALUE")?;
                self.environment.push((name.to_owned(), value.to_owned()));
            }
            "run" => self.command = words(rest)?,
            "key" => {
                let (name, times) = rest.split_once('*').unwrap_or((rest, "1"));
                let times: usize = times.trim().parse().context("expected a number after *")?;
                let bytes = key(name.trim())?;
                self.steps.extend((0..times).map(|_| Step::Send(bytes.clone())));
            }
            "type" => {
                let letters = rest.chars().map(|letter| Step::Send(letter.to_string().into_bytes()));
                self.steps.extend(letters);
            }
            "click" => {
                let at = pair(rest, ',')?;
                self.steps.push(Step::Send([mouse(0, at, 'M'), mouse(0, at, 'm')].concat()));
            }
            "drag" => self.read_drag(rest)?,
            "wheel" => {
                let (direction, at) = rest.split_once(' ').context("expected up X,Y or down X,Y")?;
                let button = match direction {
                    "up" => 64,
                    "down" => 65,
                    _ => bail!("expected up or down"),
                };
                self.steps.push(Step::Send(mouse(button, pair(at.trim(), ',')?, 'M')));
            }
            "wait" => self.steps.push(Step::Wait(rest.to_owned())),
            "gone" => self.steps.push(Step::Gone(rest.to_owned())),
            "caption" => self.steps.push(Step::Caption(rest.to_owned())),
            "beat" => self.steps.push(Step::Beat(milliseconds(rest)?)),
            "pause" => self.steps.push(Step::Pause(milliseconds(rest)?)),
            "watch" => self.steps.push(Step::Watch(milliseconds(rest)?)),
            "poster" => self.steps.push(Step::Poster),
            _ => bail!("no step is called {word}"),
        }
        Ok(())
    }

    /// Press at the first place, move to the second in steps of at most one cell, let go.
    fn read_drag(&mut self, rest: &str) -> Result<()> {
        let (from, to) = rest.split_once(' ').context("expected X1,Y1 X2,Y2")?;
        let (from, to) = (pair(from, ',')?, pair(to.trim(), ',')?);
        let moves = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        let between = |a: u16, b: u16, step: u16| {
            let (a, b) = (i32::from(a), i32::from(b));
            (a + (b - a) * i32::from(step) / i32::from(moves)) as u16
        };
        self.steps.push(Step::Send(mouse(0, from, 'M')));
        for step in 1..=moves {
            let at = (between(from.0, to.0, step), between(from.1, to.1, step));
            self.steps.push(Step::Send(mouse(32, at, 'M')));
        }
        self.steps.push(Step::Send(mouse(0, to, 'm')));
        Ok(())
    }
}

/// A mouse report in SGR encoding; places are counted from 0 here and from 1 on the wire.
fn mouse(button: u8, (column, row): (u16, u16), end: char) -> Vec<u8> {
    format!("\x1b[<{button};{};{}{end}", column + 1, row + 1).into_bytes()
}

fn milliseconds(text: &str) -> Result<Duration> {
    Ok(Duration::from_millis(text.parse().context("expected milliseconds")?))
}

fn pair(text: &str, separator: char) -> Result<(u16, u16)> {
    let expected = || format!("expected two numbers with {separator} between them");
    let (a, b) = text.split_once(separator).with_context(expected)?;
    Ok((a.parse().with_context(expected)?, b.parse().with_context(expected)?))
}

/// The words of a command; double quotes hold words together, `\n` in them is a line break.
fn words(text: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    for (index, part) in text.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.replace("\\n", "\n"));
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    ensure!(text.matches('"').count().is_multiple_of(2), "a quote is not closed");
    Ok(words)
}

/// What a terminal sends for a key: a single character, a name, or `ctrl-X` and `alt-X`.
fn key(name: &str) -> Result<Vec<u8>> {
    let bytes: &[u8] = match name {
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "shift-up" => b"\x1b[1;2A",
        "shift-down" => b"\x1b[1;2B",
        "shift-right" => b"\x1b[1;2C",
        "shift-left" => b"\x1b[1;2D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pageup" => b"\x1b[5~",
        "pagedown" => b"\x1b[6~",
        "delete" => b"\x1b[3~",
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "backtab" => b"\x1b[Z",
        "space" => b" ",
        "backspace" => b"\x7f",
        _ => return modified_key(name),
    };
    Ok(bytes.to_vec())
}

fn modified_key(name: &str) -> Result<Vec<u8>> {
    let (prefix, letter) =
        name.rsplit_once('-').filter(|(prefix, _)| !prefix.is_empty()).unwrap_or(("", name));
    let mut letters = letter.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        bail!("no key is called {name}");
    };
    match prefix {
        "" => Ok(letter.to_string().into_bytes()),
        "alt" => Ok(format!("\x1b{letter}").into_bytes()),
        "ctrl" if letter.is_ascii_alphabetic() => Ok(vec![letter.to_ascii_uppercase() as u8 & 0x1f]),
        _ => bail!("no key is called {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_settings_and_steps() {
        let script = Script::parse(
            "size 80x24\n# note\nrun prog -p \"a b\\nc\" -n 3\nkey right *2\ntype hé\npause 50\n",
        )
        .unwrap();
        assert_eq!((script.columns, script.rows), (80, 24));
        assert_eq!(script.command, ["prog", "-p", "a b\nc", "-n", "3"]);
        let right = || Step::Send(b"\x1b[C".to_vec());
        let expected = vec![
            right(),
            right(),
            Step::Send(b"h".to_vec()),
            Step::Send("é".into()),
            Step::Pause(Duration::from_millis(50)),
        ];
        assert_eq!(script.steps, expected);
    }

    #[test]
    fn a_drag_presses_moves_over_every_cell_and_lets_go() {
        let script = Script::parse("run x\ndrag 5,1 3,1").unwrap();
        let sent: Vec<String> = script
            .steps
            .iter()
            .map(|step| match step {
                Step::Send(bytes) => String::from_utf8_lossy(&bytes[1..]).into_owned(),
                other => panic!("unexpected {other:?}"),
            })
            .collect();
        assert_eq!(sent, ["[<0;6;2M", "[<32;5;2M", "[<32;4;2M", "[<0;4;2m"]);
    }

    #[test]
    fn keys_have_the_bytes_of_a_terminal() {
        assert_eq!(key("ctrl-c").unwrap(), b"\x03");
        assert_eq!(key("alt-x").unwrap(), b"\x1bx");
        assert_eq!(key("-").unwrap(), b"-");
        assert_eq!(key("?").unwrap(), b"?");
    }

    #[test]
    fn errors_name_the_line() {
        for (text, expected) in [
            ("run x\n\nkey hyper-q", "line 3: key hyper-q"),
            ("size 80", "line 1: size 80"),
            ("run x \"y", "line 1: run x \"y"),
            ("jump", "line 1: jump"),
            ("pause 1", "no line says what to run"),
        ] {
            let error = format!("{:#}", Script::parse(text).unwrap_err());
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
