//! A small server on loopback: one request a connection.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

/// What was asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub path: String,
    /// Whom the client thinks it talks to.
    pub host: String,
    /// The first byte asked for.
    pub range: Option<usize>,
    pub authorization: Option<String>,
    /// How many requests for this path came before.
    pub before: usize,
}

/// What is answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// What the header says of the length; None for the truth.
    pub announced: Option<usize>,
    /// The connection is closed after so many bytes of the body.
    pub cut: Option<usize>,
    /// After the body, or what there is of it, nothing more comes and the connection stays.
    pub hangs: bool,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn json(body: &str) -> Self {
        Self { status: 200, body: body.as_bytes().to_vec(), ..Self::default() }
    }

    /// A file, from byte `from` on where that is asked for.
    pub fn file(bytes: &[u8], from: Option<usize>) -> Self {
        match from {
            None => Self { status: 200, body: bytes.to_vec(), ..Self::default() },
            Some(from) if from >= bytes.len() => Self::status(416),
            Some(from) => Self { status: 206, body: bytes[from..].to_vec(), ..Self::default() }
                .header("content-range", &format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len())),
        }
    }

    pub fn redirect(to: &str) -> Self {
        Self::status(302).header("location", to)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn cut(self, after: usize) -> Self {
        Self { cut: Some(after), ..self }
    }

    fn send(&self, stream: &mut TcpStream, stop: &AtomicBool) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let length = self.announced.unwrap_or(self.body.len());
        head.extend(["content-length: ", &length.to_string(), "\r\n\r\n"]);
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body[..self.cut.unwrap_or(self.body.len()).min(self.body.len())])?;
        stream.flush()?;
        // Until the other side has had enough, which its time limit sees to.
        if self.hangs {
            let mut one = [0];
            let _ = stream.set_read_timeout(Some(std::time::Duration::from_secs(20)));
            while !stop.load(Ordering::Relaxed) && matches!(std::io::Read::read(stream, &mut one), Ok(1)) {}
        }
        Ok(())
    }
}

pub(super) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (known, ended) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                serve(stream, &known, &answer, &ended);
            }
        });
        Self { address, asked, stop, thread: Some(thread) }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic held it").clone()
    }

    /// The requests for files' contents: from which byte on.
    pub fn ranges(&self) -> Vec<Option<usize>> {
        let contents = |asked: &Asked| asked.path.contains("/resolve/").then_some(asked.range);
        self.asked().iter().filter_map(contents).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        self.thread.take().into_iter().for_each(|thread| drop(thread.join()));
    }
}

fn serve(
    mut stream: TcpStream,
    known: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked) -> Reply,
    stop: &AtomicBool,
) {
    let Ok(half) = stream.try_clone() else { return };
    let mut lines = BufReader::new(half).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let mut asked =
        Asked { path: first.split(' ').nth(1).unwrap_or_default().to_owned(), ..Asked::default() };
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "host" => value.clone_into(&mut asked.host),
            "authorization" => asked.authorization = Some(value.to_owned()),
            "range" => asked.range = value.trim_start_matches("bytes=").trim_end_matches('-').parse().ok(),
            _ => {}
        }
    }
    {
        let mut known = known.lock().expect("no panic held it");
        asked.before = known.iter().filter(|earlier| earlier.path == asked.path).count();
        known.push(asked.clone());
    }
    // A client that went away is what some tests are about.
    let _ = answer(&asked).send(&mut stream, stop);
}
