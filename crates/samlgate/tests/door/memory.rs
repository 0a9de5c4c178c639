//! A gigabyte up and a gigabyte down through `samlgate serve`, in memory that does not grow.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testkit::http::{App, Client, app, ok};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::site::{HOST, Setup, front};

const PIECES: usize = 1024;
const PIECE: usize = 1 << 20;
/// Buffers of both sides and of the system's allocator; a hundredth of what passes.
const MOST: usize = 10 << 20;

fn piece() -> Vec<u8> {
    (0..=250).cycle().take(PIECE).collect()
}

/// The program itself; ended with the test.
struct Serving {
    process: Child,
    address: SocketAddr,
    #[expect(dead_code, reason = "it is removed at the end")]
    folder: tempfile::TempDir,
}

impl Serving {
    async fn start(upstream: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        drop(front(folder.path(), upstream, &Setup::default()).await);
        let file = folder.path().join("samlgate.toml");
        let text = format!(
            "[listen]\npublic = \"{address}\"\nconsole = \"127.0.0.1:0\"\ncrowd = \"127.0.0.1:0\"\n"
        );
        std::fs::write(&file, text).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_samlgate"))
            .args(["serve", "--config"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let serving = Serving { process, address, folder };
        for _ in 0..1000 {
            if TcpStream::connect(address).await.is_ok() {
                return serving;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("samlgate does not serve");
    }

    /// The most memory that the process ever had, in bytes.
    fn peak(&self) -> usize {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim_end_matches("kB").trim().parse::<usize>().unwrap() * 1024
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An app that takes what is put, counting its bytes, and gives a gigabyte for everything else but
/// what is small.
async fn weighing() -> App {
    app(|mut caller| async move {
        while let Some(head) = caller.reader.head().await {
            let piece = piece();
            if head.line.starts_with("PUT") {
                assert_eq!(head.text("transfer-encoding"), Some("chunked"));
                let mut came = 0;
                while let Some(chunk) =
                    caller.reader.chunk().await.filter(|chunk| !chunk.is_empty())
                {
                    let at = came % piece.len();
                    let end = (at + chunk.len()).min(piece.len());
                    let (first, rest) = chunk.split_at(end - at);
                    assert!(
                        first == &piece[at..end] && *rest == piece[..rest.len()],
                        "other bytes"
                    );
                    came += chunk.len();
                }
                caller.send(ok(came.to_string().as_bytes())).await;
            } else if head.line.contains("/small") {
                caller.send(ok(b"")).await;
            } else {
                let length = PIECES * PIECE;
                caller.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")).await;
                for _ in 0..PIECES {
                    caller.send(&piece).await;
                }
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gigabyte_passes_up_and_down_in_constant_memory() {
    let app = weighing().await;
    let serving = Serving::start(app.address).await;
    let mut client = Client::connect(serving.address, HOST).await;
    assert_eq!(client.get("/small", "").await.status(), 200);
    drop(client);
    let before = serving.peak();
    let piece = piece();

    let mut client = Client::connect(serving.address, HOST).await;
    let head = format!("PUT /big HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send(head).await;
    let chunk = [format!("{PIECE:x}\r\n").as_bytes(), &piece, b"\r\n"].concat();
    for _ in 0..PIECES {
        client.writer.write_all(&chunk).await.unwrap();
    }
    client.send("0\r\n\r\n").await;
    let answer = client.reader.response("PUT").await.unwrap();
    assert_eq!(answer.body, (PIECES * PIECE).to_string().as_bytes());
    let up = serving.peak() - before;
    assert!(up < MOST, "{up} bytes more after the upload");

    client.send(format!("GET /big HTTP/1.1\r\nHost: {HOST}\r\n\r\n")).await;
    assert_eq!(client.reader.head().await.unwrap().status(), 200);
    // Whoever reads slowly must not fill the gateway either.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let waiting = serving.peak() - before;
    assert!(waiting < MOST, "{waiting} bytes more while the client reads nothing");
    for _ in 0..PIECES {
        assert!(client.reader.exactly(PIECE).await == piece, "other bytes came");
    }
    let down = serving.peak() - before;
    assert!(down < MOST, "{down} bytes more after the download");
}
