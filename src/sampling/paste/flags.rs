//! llama.cpp's command line, written and read.

use super::{MAX_PASTE, PasteError, Pasted, effective, fields::FIELDS, shell};
use crate::{
    sampling::{
        GrammarSource, LogitBias, Mirostat, SamplerKind, SamplingOverrides, SamplingSettings,
        seed_from_number,
    },
    settings::unescape,
};

/// The sampling flags of llama.cpp's tools that make these settings, with a space between; empty for its defaults.
/// `context` is the context size in tokens, which a window of −1 stands for.
///
/// Banned strings have no flag there and are left out.
#[must_use]
pub fn command_line(settings: &SamplingSettings, context: usize) -> String {
    let s = effective(settings);
    let mut words: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), shell::quote(value)]);
    if s.samplers != SamplingSettings::default().samplers {
        add("--samplers", &s.samplers.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(";"));
    }
    for field in &FIELDS {
        if let Some(value) = field.changed(&s, context) {
            add(field.flags[0], &value);
        }
    }
    if s.dry_sequence_breakers != SamplingSettings::default().dry_sequence_breakers {
        if s.dry_sequence_breakers.is_empty() {
            add("--dry-sequence-breaker", "none");
        }
        for breaker in &s.dry_sequence_breakers {
            add("--dry-sequence-breaker", &escaped(breaker));
        }
    }
    match s.mirostat {
        Mirostat::Off => {}
        Mirostat::V1 => add("--mirostat", "1"),
        Mirostat::V2 => add("--mirostat", "2"),
    }
    for bias in &s.logit_bias {
        add("--logit-bias", &format!("{}{:+}", bias.token, bias.bias));
    }
    if let Some(schema) = s.grammar.as_json_schema() {
        add("--json-schema", schema);
    } else if let Some(gbnf) = s.grammar.as_gbnf() {
        add("--grammar", gbnf);
    }
    if let Some(seed) = s.seed {
        add("--seed", &seed.to_string());
    }
    if s.ignore_eos {
        words.push("--ignore-eos".to_owned());
    }
    words.join(" ")
}

/// A DRY breaker in llama.cpp's escapes, which its tools process.
fn escaped(text: &str) -> String {
    if text == "none" {
        // The word itself takes all breakers away.
        return r"\x6eone".to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            c => out.push(c),
        }
    }
    out
}

/// Reads a command line of one of llama.cpp's tools, or of this program.
pub fn from_command_line(text: &str) -> Result<Pasted, PasteError> {
    if text.len() > MAX_PASTE {
        return Err(PasteError::TooLong(text.len()));
    }
    let words = shell::words(text)?;
    let escape = !words.iter().any(|word| word == "--no-escape");
    let mut reader = Reader { words: words.into_iter(), escape, ..Reader::default() };
    reader.read()?;
    Pasted::new(reader.given, reader.left_out)
}

#[derive(Default)]
struct Reader {
    words: std::vec::IntoIter<String>,
    escape: bool,
    given: SamplingOverrides,
    left_out: Vec<String>,
}

impl Reader {
    fn read(&mut self) -> Result<(), PasteError> {
        while let Some(word) = self.words.next() {
            if !word.starts_with('-') {
                // The program's name, or a value of a flag that is not known.
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
            _ => self.grammar_or_left_out(name, value),
        }
    }

    fn grammar_or_left_out(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        let source: fn(&str) -> _ = match name {
            "--grammar" => GrammarSource::gbnf,
            "-j" | "--json-schema" => GrammarSource::json_schema,
            "--grammar-file" => |path| GrammarSource::gbnf_file(path.as_ref()),
            "-jf" | "--json-schema-file" => |path| GrammarSource::json_schema_file(path.as_ref()),
            _ => {
                if !self.left_out.iter().any(|other| other == name) {
                    self.left_out.push(name.to_owned());
                }
                return Ok(());
            }
        };
        self.text(name, value, |given, text| {
            given.grammar = Some(source(text).map_err(|error| error.to_string())?);
            Ok(())
        })
    }

    /// The first one given takes the place of the defaults; `none` takes all away.
    fn breaker(&mut self, name: &str, value: Option<String>) -> Result<(), PasteError> {
        let escape = self.escape;
        self.text(name, value, |given, text| {
            let breakers = given.dry_sequence_breakers.get_or_insert_default();
            if text == "none" {
                breakers.clear();
            } else if escape {
                breakers.push(unescape(text).map_err(|error| error.to_string())?);
            } else {
                breakers.push(text.to_owned());
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

/// A sentence about a value; long ones are cut short.
fn wrong(name: &str, value: &str, what: &str) -> PasteError {
    let mut shown: String = value.chars().take(40).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    PasteError::Value { name: name.to_owned(), value: shown, what: what.to_owned() }
}
