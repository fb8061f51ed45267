//! A hub on loopback with one repository, `a/b`, that holds one model.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

/// The commit that the branch main is at.
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// The model's file.
pub const FILE: &str = "story-Q8_0.gguf";

/// The server; it ends with its value.
pub struct Hub {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Hub {
    /// Serves `model`, whose SHA-256 is this.
    pub fn new(model: &'static [u8], sha256: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (ended, counted, sha256) = (Arc::clone(&stop), Arc::clone(&asked), sha256.to_owned());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                counted.fetch_add(1, Ordering::Relaxed);
                // A client that goes away in the middle is no failure of the server's.
                let _ = answer(stream, model, &sha256);
            }
        });
        Self { address, stop, asked, thread: Some(thread) }
    }

    /// Its address.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        self.thread.take().into_iter().for_each(|thread| drop(thread.join()));
    }
}

fn answer(mut stream: TcpStream, model: &[u8], sha256: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    // The rest of the request has to be read before the connection is closed.
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match path {
        "/api/models/a/b/refs" => {
            (200, format!(r#"{{"branches":[{{"name":"main","targetCommit":"{COMMIT}"}}]}}"#).into_bytes())
        }
        path if path == format!("/api/models/a/b/tree/{COMMIT}?recursive=true") => {
            let size = model.len();
            let entry = format!(
                r#"[{{"type":"file","path":"{FILE}","size":{size},"lfs":{{"oid":"{sha256}","size":{size}}}}}]"#
            );
            (200, entry.into_bytes())
        }
        path if path == format!("/a/b/resolve/{COMMIT}/{FILE}") => (200, model.to_vec()),
        path if path.starts_with("/api/models?search=") => (200, br#"[{"id":"a/b"}]"#.to_vec()),
        _ => (404, Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
