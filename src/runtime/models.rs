//! Models looked for, read and fetched, each on a thread of its own: a network folder, thousands of files and a slow
//! connection take their time, and the screen goes on meanwhile.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime},
};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    app::Message,
    fetch::{Progress, Reach, Stage},
    gguf,
    models::{self, Card, FoundModel, ModelName, Places, fit, free_memory, page, read_card},
    settings::ModelSettings,
};

/// Between two portions of headers, and between two reports of a fetch.
const PORTION: Duration = Duration::from_millis(100);

/// What was read of a file, which is read again once its size or its time has changed.
type Cards = HashMap<PathBuf, (u64, Option<SystemTime>, Result<Card, String>)>;

/// Reads about models, and fetches them.
pub(super) struct ModelReader {
    sender: UnboundedSender<Message>,
    /// Counts the lists that were asked for: the headers of an earlier one are not wanted any more.
    list: Arc<AtomicU64>,
    cards: Arc<Mutex<Cards>>,
    /// The fetch under way, or the last one.
    fetch: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl ModelReader {
    pub fn new(sender: UnboundedSender<Message>) -> Self {
        Self { sender, list: Arc::default(), cards: Arc::default(), fetch: None }
    }

    /// Looks through the folders, tells what is there, and then what the headers say, in portions.
    pub fn find(
        &self,
        loaded: Option<PathBuf>,
        folder: Option<PathBuf>,
        own: Vec<PathBuf>,
        recent: Vec<PathBuf>,
    ) {
        let (sender, cards, list) = (self.sender.clone(), Arc::clone(&self.cards), Arc::clone(&self.list));
        let number = list.fetch_add(1, Ordering::Relaxed) + 1;
        std::thread::spawn(move || {
            let home = std::env::home_dir();
            let known = || Places::from_env(|name| std::env::var(name).ok(), home.as_deref());
            let places = match folder.clone() {
                Some(folder) => Places { named: Some(folder), recent, ..Places::default() },
                None => Places { loaded, recent, ..known() }.with_own(&own, home.as_deref()),
            };
            let found = models::find(&places);
            drop(sender.send(Message::ModelsFound { folder: folder.clone(), found: found.clone() }));
            let wanted = || list.load(Ordering::Relaxed) == number;
            read_cards(&found, &cards, wanted, |cards| {
                drop(sender.send(Message::CardsRead { folder: folder.clone(), cards, free: free_memory() }));
            });
        });
    }

    /// No more headers are wanted.
    pub fn stop_reading(&self) {
        self.list.fetch_add(1, Ordering::Relaxed);
    }

    /// Reads all that a file says.
    pub fn read_details(&self, path: PathBuf, settings: Box<ModelSettings>) {
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let lines = gguf::details(&path).map_err(|error| error.fault.to_string()).map(|details| {
                let card = details.checked.as_ref().ok().map(Card::from);
                let fit = card.map(|card| fit(&card, &settings, free_memory()));
                page(&path, &details, fit.as_ref())
            });
            drop(sender.send(Message::DetailsRead(path, lines)));
        });
    }

    /// Fetches a model, after the fetch before has ended: that may be the same file.
    pub fn fetch(&mut self, number: u64, name: ModelName, reach: Reach) {
        self.stop_fetch();
        let before = self.fetch.take();
        let (sender, cancelled) = (self.sender.clone(), Arc::new(AtomicBool::new(false)));
        let cancel = Arc::clone(&cancelled);
        let thread = std::thread::spawn(move || {
            if let Some((_, thread)) = before {
                drop(thread.join());
            }
            let mut told = Told { last: None };
            let result = reach.obtain(
                &name,
                &mut |progress| {
                    if told.is_due(progress) {
                        drop(sender.send(Message::Fetching(number, Box::new(progress.clone()))));
                    }
                },
                &cancelled,
            );
            drop(sender.send(Message::Fetched(number, result.map_err(|error| error.to_string()))));
        });
        self.fetch = Some((cancel, thread));
    }

    /// Gives the fetch up that is under way.
    pub fn stop_fetch(&self) {
        if let Some((cancelled, _)) = &self.fetch {
            cancelled.store(true, Ordering::Relaxed);
        }
    }
}

/// Reads headers as long as they are wanted, and tells them in portions.
fn read_cards(
    found: &[FoundModel],
    known: &Mutex<Cards>,
    wanted: impl Fn() -> bool,
    mut tell: impl FnMut(Vec<(PathBuf, Result<Card, String>)>),
) {
    let (mut portion, mut told) = (Vec::new(), Instant::now());
    for model in found {
        if !wanted() {
            return;
        }
        portion.push((model.path.clone(), card(&model.path, known)));
        if told.elapsed() >= PORTION {
            tell(std::mem::take(&mut portion));
            told = Instant::now();
        }
    }
    tell(portion);
}

/// What a file's header says, read once as long as the file is the same.
fn card(path: &Path, known: &Mutex<Cards>) -> Result<Card, String> {
    let about = fs::metadata(path).ok();
    let (size, time) = (about.as_ref().map_or(0, fs::Metadata::len), about.and_then(|it| it.modified().ok()));
    let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((its_size, its_time, card)) = known().get(path)
        && (*its_size, *its_time) == (size, time)
    {
        return card.clone();
    }
    let card = read_card(path);
    known().insert(path.to_owned(), (size, time, card.clone()));
    card
}

/// When a fetch was told of last.
struct Told {
    last: Option<(Instant, Stage)>,
}

impl Told {
    fn is_due(&mut self, progress: &Progress) -> bool {
        let due = self.last.is_none_or(|(at, stage)| at.elapsed() >= PORTION || stage != progress.stage);
        if due {
            self.last = Some((Instant::now(), progress.stage));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Place;

    const STORYTELLER: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/storyteller-4.5m-q8_0.gguf");

    fn found(path: &Path) -> FoundModel {
        FoundModel { name: "x".into(), path: path.to_owned(), size: 0, place: Place::Named, recent: None }
    }

    #[test]
    fn headers_come_in_portions_and_end_when_nobody_waits() {
        let models: Vec<FoundModel> =
            (0..500).map(|n| found(format!("/no/such/{n}.gguf").as_ref())).collect();
        let (known, mut read) = (Mutex::default(), 0);
        read_cards(&models, &known, || true, |cards| read += cards.len());
        assert_eq!(read, 500);
        let asked = AtomicU64::new(0);
        let mut portions = 0;
        read_cards(&models, &known, || asked.fetch_add(1, Ordering::Relaxed) < 3, |_| portions += 1);
        assert_eq!((portions, asked.into_inner()), (0, 4), "a list that was closed is not read on");
    }

    #[test]
    fn a_file_that_changed_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.gguf");
        let known = Mutex::default();
        fs::write(&path, "no model").expect("written");
        assert!(card(&path, &known).is_err());
        fs::copy(STORYTELLER, &path).expect("copied");
        assert_eq!(card(&path, &known).map(|card| card.architecture), Ok("llama".to_owned()));
    }
}
