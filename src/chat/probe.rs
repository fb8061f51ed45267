//! Values that remember whether a template has looked into them, by which it is found out what the template can take.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value, ValueKind};

/// What a template did with a [`Probe`].
#[derive(Debug, Default)]
pub(super) struct Seen {
    looked_into: AtomicBool,
    written: AtomicBool,
}

impl Seen {
    /// Whether the watched part was asked for, or the whole was written out as JSON.
    pub fn used(&self) -> bool {
        self.looked_into() || self.written.load(Ordering::Relaxed)
    }

    /// Whether the watched part was asked for by the template itself.
    pub fn looked_into(&self) -> bool {
        self.looked_into.load(Ordering::Relaxed)
    }
}

/// A map whose entry of one name is watched, or a list whose items all are.
#[derive(Debug)]
pub(super) struct Probe {
    inner: Value,
    watched: &'static str,
    seen: Arc<Seen>,
}

impl Probe {
    /// A map or list to hand to a template, and what it will have done with it. `watched` is the entry of a map that counts.
    pub fn watching(inner: Value, watched: &'static str) -> (Value, Arc<Seen>) {
        let seen = Arc::new(Seen::default());
        (Value::from_object(Self { inner, watched, seen: Arc::clone(&seen) }), seen)
    }

    /// The plain value, to be printed, which is no use of it.
    pub fn plain(&self) -> &Value {
        &self.inner
    }

    /// The plain value, to be written out.
    pub fn written(&self) -> &Value {
        self.seen.written.store(true, Ordering::Relaxed);
        &self.inner
    }

    fn is_list(&self) -> bool {
        matches!(self.inner.kind(), ValueKind::Seq | ValueKind::Iterable)
    }

    fn note(&self, watched: bool) {
        if watched {
            self.seen.looked_into.store(true, Ordering::Relaxed);
        }
    }
}

impl Object for Probe {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        if self.is_list() { ObjectRepr::Seq } else { ObjectRepr::Map }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.note(self.is_list() || key.as_str() == Some(self.watched));
        self.inner.get_item(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.note(self.is_list());
        Enumerator::Values(self.inner.try_iter().map(Iterator::collect).unwrap_or_default())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.written(), f)
    }
}
