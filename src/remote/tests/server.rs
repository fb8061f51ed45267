//! A small server on loopback: one request a connection, each on a thread of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use serde_json::Value;

/// What was asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub path: String,
    pub body: Value,
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
    /// The connection is closed after so many bytes of the body.
    pub cut: Option<usize>,
    /// Nothing comes, and the connection stays.
    pub hangs: bool,
    /// So long it takes.
    pub takes: Duration,
}

impl Reply {
    pub fn json(value: &Value) -> Self {
        Self { status: 200, body: value.to_string().into_bytes(), ..Self::default() }
    }

    pub fn text(status: u16, body: &str) -> Self {
        Self { status, body: body.as_bytes().to_vec(), ..Self::default() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn send(&self, stream: &mut TcpStream, stop: &AtomicBool) -> std::io::Result<()> {
        std::thread::sleep(self.takes);
        if self.hangs {
            let mut one = [0];
            stream.set_read_timeout(Some(Duration::from_millis(50)))?;
            // Until the other side has had enough.
            while !stop.load(Ordering::Relaxed) {
                match stream.read(&mut one) {
                    Ok(0) => return Ok(()),
                    Err(error)
                        if !matches!(
                            error.kind(),
                            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                        ) =>
                    {
                        return Ok(());
                    }
                    _ => {}
                }
            }
            return Ok(());
        }
        let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.extend(["content-length: ", &self.body.len().to_string(), "\r\n\r\n"]);
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body[..self.cut.unwrap_or(self.body.len()).min(self.body.len())])?;
        stream.flush()
    }
}

type Answer = dyn Fn(&Asked) -> Reply + Send + Sync;

pub(super) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        Self::on(listener, answer)
    }

    /// On a port where a server was before.
    pub fn again(address: SocketAddr, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let bound = (0..100).find_map(|_| {
            TcpListener::bind(address).map_err(|_| std::thread::sleep(Duration::from_millis(20))).ok()
        });
        Self::on(bound.expect("the port is free again"), answer)
    }

    fn on(listener: TcpListener, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let address = listener.local_addr().expect("an address");
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (known, ended, answer): (_, _, Arc<Answer>) =
            (Arc::clone(&asked), Arc::clone(&stop), Arc::new(answer));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (known, ended, answer) = (Arc::clone(&known), Arc::clone(&ended), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &known, &*answer, &ended));
            }
        });
        Self { address, asked, stop, thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic held it").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        self.thread.take().into_iter().for_each(|thread| drop(thread.join()));
    }
}

fn serve(mut stream: TcpStream, known: &Mutex<Vec<Asked>>, answer: &Answer, stop: &AtomicBool) {
    let Ok(half) = stream.try_clone() else { return };
    let mut reader = BufReader::new(half);
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let mut asked = Asked { path: line.split(' ').nth(1).unwrap_or_default().to_owned(), ..Asked::default() };
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.trim().split_once(": ").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "authorization" => asked.authorization = Some(value.to_owned()),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    asked.body = serde_json::from_slice(&body).unwrap_or_default();
    {
        let mut known = known.lock().expect("no panic held it");
        asked.before = known.iter().filter(|earlier| earlier.path == asked.path).count();
        known.push(asked.clone());
    }
    // A client that went away is what some tests are about.
    let _ = answer(&asked).send(&mut stream, stop);
}
