//! A command line, read: of one of llama.cpp's tools, or of this program.

use super::{MAX_PASTE, PasteError, Pasted, Tokens, curl, fields::FIELDS, shell, value_flags::values_of};
use crate::{
    sampling::{
        GrammarSource, LogitBias, Mirostat, Preset, SamplerKind, SamplingOverrides, seed_from_number,
    },
    settings::unescape,
    token::Token,
};

/// Reads a command line of one of llama.cpp's tools, of this program, or of curl with a body for llama.cpp's server.
pub fn from_command_line(text: &str) -> Result<Pasted, PasteError> {
    read_command_line(text, None)
}

pub(super) fn read_command_line(text: &str, tokens: Option<Tokens<'_>>) -> Result<Pasted, PasteError> {
    if text.len() > MAX_PASTE {
        return Err(PasteError::TooLong(text.len()));
    }
    let words = shell::words(text)?;
    if let Some(read) = curl::read(&words, tokens) {
        return read;
    }
    let escape = !words.iter().any(|word| word == "--no-escape");
    let mut reader = Reader { words: words.into_iter(), escape, ..Reader::default() };
    reader.read()?;
    // Every other flag wins over a preset, wherever it stands.
    Pasted::new(reader.given.over(reader.preset), reader.left_out, Vec::new())
}

#[derive(Default)]
struct Reader {
    words: std::vec::IntoIter<String>,
    escape: bool,
    given: SamplingOverrides,
    preset: SamplingOverrides,
    /// Texts of `--choice`, until another kind of grammar takes their place.
    choices: Vec<String>,
    left_out: Vec<String>,
}

impl Reader {
    fn read(&mut self) -> Result<(), PasteError> {
        while let Some(word) = self.words.next() {
            if !word.starts_with('-') || word.parse::<f64>().is_ok() {
                // The program's name, a command, or a value of a flag that is not known.
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            let name = if name.starts_with("--") { name.replace('_', "-") } else { name };
            self.flag(&name, value)?;
        }
        Ok(())
    }

    fn flag(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        if let Some(field) = FIELDS.iter().find(|field| field.flags.contains(&name)) {
            let text = self.value(name, value)?;
            return field.set(&mut self.given, &text).map_err(|what| wrong(name, &text, what));
        }
        match name {
            "--samplers" => self.text(name, value, |given, text| {
                given.samplers = Some(SamplerKind::parse_names(text)?);
                Ok(())
            }),
            "--sampling-seq" | "--sampler-seq" => self.text(name, value, |given, text| {
                given.samplers = Some(SamplerKind::parse_letters(text)?);
                Ok(())
            }),
            "--mirostat" => self.text(name, value, |given, text| {
                let version = text.parse().ok().and_then(Mirostat::from_number);
                given.mirostat = Some(version.ok_or("expected 0 (off), 1 or 2")?);
                Ok(())
            }),
            "-s" | "--seed" => self.text(name, value, |given, text| {
                let seed = text.parse().ok().and_then(seed_from_number);
                given.seed = Some(seed.ok_or("expected a whole number from 0 to 4294967295, or -1")?);
                Ok(())
            }),
            "-l" | "--logit-bias" => self.text(name, value, |given, text| {
                given.logit_bias.get_or_insert_default().push(LogitBias::parse(text)?);
                Ok(())
            }),
            "--ignore-eos" => {
                self.given.ignore_eos = Some(true);
                Ok(())
            }
            "--dry-sequence-breaker" => self.breaker(name, value),
            "--ban-token" => self.text(name, value, |given, text| {
                let token = text.parse().map_err(|_| "expected a token id")?;
                let ban = LogitBias { token: Token(token), bias: f32::NEG_INFINITY };
                given.logit_bias.get_or_insert_default().push(ban);
                Ok(())
            }),
            "--ban-string" => {
                let escape = self.escape;
                self.text(name, value, |given, text| {
                    given.banned_strings.get_or_insert_default().push(unescaped(text, escape)?);
                    Ok(())
                })
            }
            _ => self.grammar_or_left_out(name, value),
        }
    }

    fn grammar_or_left_out(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        let source: fn(&str) -> _ = match name {
            "--choice" => return self.choice(name, value),
            "--grammar" => GrammarSource::gbnf,
            "-j" | "--json-schema" => GrammarSource::json_schema,
            "--grammar-file" => |path| GrammarSource::gbnf_file(path.as_ref()),
            "-jf" | "--json-schema-file" => |path| GrammarSource::json_schema_file(path.as_ref()),
            _ => {
                self.leave_out(name, value);
                return Ok(());
            }
        };
        self.choices.clear();
        self.text(name, value, |given, text| {
            given.grammar = Some(source(text).map_err(|error| error.to_string())?);
            Ok(())
        })
    }

    /// All choices together are the grammar.
    fn choice(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        let (escape, mut choices) = (self.escape, std::mem::take(&mut self.choices));
        self.text(name, value, |given, text| {
            choices.push(unescaped(text, escape)?);
            given.grammar = Some(GrammarSource::choices(choices.clone()).map_err(|error| error.to_string())?);
            Ok(())
        })?;
        self.choices = choices;
        Ok(())
    }

    /// Names a flag that is not about sampling and passes over its value, which may look like a flag itself.
    fn leave_out(&mut self, name: &str, value: Option<String>) {
        let value = value.or_else(|| (values_of(name) > 0).then(|| self.words.next()).flatten());
        for _ in 1..values_of(name) {
            self.words.next();
        }
        let built_in = |preset: &Preset| name == "--preset" && Some(&preset.name) == value.as_ref();
        if let Some(preset) = Preset::built_in().into_iter().find(built_in) {
            self.preset = preset.layer();
        } else if !self.left_out.iter().any(|other| other == name) {
            self.left_out.push(name.to_owned());
        }
    }

    /// The first one given takes the place of the defaults; `none` takes all away.
    fn breaker(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        let escape = self.escape;
        self.text(name, value, |given, text| {
            let breakers = given.dry_sequence_breakers.get_or_insert_default();
            if text == "none" {
                breakers.clear();
            } else {
                breakers.push(unescaped(text, escape)?);
            }
            Ok(())
        })
    }

    fn text(
        &mut self,
        name: &str,
        value: Option<String>,
        set: impl FnOnce(&mut SamplingOverrides, &str) -> Result<(), String>,
    ) -> Result<(), PasteError> {
        let text = self.value(name, value)?;
        set(&mut self.given, &text).map_err(|what| wrong(name, &text, &what))
    }

    fn value(&mut self, name: &str, value: Option<String>) -> Result<String, PasteError> {
        value.or_else(|| self.words.next()).ok_or_else(|| PasteError::NoValue(name.to_owned()))
    }
}

/// A text with its escapes processed, unless they are switched off.
fn unescaped(text: &str, escape: bool) -> Result<String, String> {
    if escape { unescape(text).map_err(|error| error.to_string()) } else { Ok(text.to_owned()) }
}

/// A sentence about a value; long ones are cut short.
fn wrong(name: &str, value: &str, what: &str) -> PasteError {
    let mut shown: String = value.chars().take(40).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    PasteError::Value { name: name.to_owned(), value: shown, what: what.to_owned() }
}
