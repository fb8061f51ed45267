//! minijinja set up as llama.cpp's renderer (`common/jinja` in its sources): what it has, in its reading.

use jiff::ZonedDateTime;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::{clock, filters, print::Printer};

/// Instructions a template may take; real ones use some hundreds a message.
const FUEL: u64 = 1_000_000;

/// Nesting a template may reach, well within a thread's stack.
const RECURSION: usize = 100;

/// Begins the detail of an error that the template itself raised, to tell it from others.
pub(super) const RAISED: &str = "raised: ";

/// An environment whose templates print at most `room` bytes, with `now` as the time that `strftime_now` tells.
pub(super) fn environment(now: &ZonedDateTime, room: usize) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default delimiters are valid"));
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let printer = Printer::new(room);
    environment.set_formatter(move |out, _, value| printer.print(out, value));
    environment.set_unknown_method_callback(filters::method);
    filters::install(&mut environment);
    environment.add_function("raise_exception", |text: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, format!("{RAISED}{text}")))
    });
    let now = now.clone();
    environment.add_function("strftime_now", move |format: String| clock::strftime(&format, &now));
    environment
}
