//! Style classes of a page, named as they come.

use std::{collections::HashMap, fmt::Write as _};

/// Style classes: those of all pictures on one page, which share them.
#[derive(Debug, Default)]
pub struct Classes {
    names: HashMap<String, String>,
    css: String,
}

impl Classes {
    /// The name of the class with these declarations.
    pub fn name(&mut self, declarations: String) -> &str {
        let next = self.names.len();
        let css = &mut self.css;
        self.names.entry(declarations).or_insert_with_key(|declarations| {
            let name = format!("c{next}");
            let _ = writeln!(css, ".{name}{{{declarations}}}");
            name
        })
    }

    /// The rules of all classes named so far.
    #[must_use]
    pub fn css(&self) -> &str {
        &self.css
    }
}
