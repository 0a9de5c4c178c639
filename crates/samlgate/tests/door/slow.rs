//! Clients that are slow, and clients that stall: the one are served to the end, the others hold up
//! nobody.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use gateway::listen::Limits;
use http::Request;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use testkit::http::{app, ok};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::client::TlsStream;

use crate::site::{HOST, Setup, Site};

const MEGABYTE: usize = 1 << 20;

/// A connection that is read at about a megabyte a second.
struct Slow {
    stream: TlsStream<TcpStream>,
    pause: Pin<Box<Sleep>>,
}

impl Slow {
    fn new(stream: TlsStream<TcpStream>) -> Self {
        Slow { stream, pause: Box::pin(tokio::time::sleep(Duration::ZERO)) }
    }
}

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        ready!(self.pause.as_mut().poll(context));
        let mut piece = [0; 4096];
        let room = piece.len().min(buffer.remaining());
        let mut some = ReadBuf::new(&mut piece[..room]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut some))?;
        buffer.put_slice(some.filled());
        self.pause.as_mut().reset(tokio::time::Instant::now() + Duration::from_millis(4));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Slow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

type Browser = SendRequest<BoxBody<Bytes, std::convert::Infallible>>;

/// A browser with windows as large as curl's.
async fn browser(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Browser {
    let opened = Builder::new(TokioExecutor::new())
        .initial_stream_window_size(10 << 20)
        .initial_connection_window_size(32 << 20)
        .handshake(TokioIo::new(stream));
    let (sender, connection) = opened.await.unwrap();
    tokio::spawn(connection);
    sender
}

fn get(path: &str) -> Request<BoxBody<Bytes, std::convert::Infallible>> {
    Request::get(format!("https://{HOST}{path}")).body(Empty::new().boxed()).unwrap()
}

fn post(path: &str, body: Vec<u8>) -> Request<BoxBody<Bytes, std::convert::Infallible>> {
    Request::post(format!("https://{HOST}{path}")).body(Full::from(body).boxed()).unwrap()
}

/// How many bytes of the answer came, and whether all did.
async fn length(mut body: Incoming) -> (usize, bool) {
    let mut came = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => came += frame.into_data().unwrap().len(),
            Err(_) => return (came, false),
        }
    }
    (came, true)
}

/// An app that gives so many megabytes as the path says.
async fn giving() -> SocketAddr {
    let app = app(|mut caller| async move {
        while let Some(request) = caller.request().await {
            let path = request.line.split(' ').nth(1).unwrap();
            let megabytes: usize = path.trim_start_matches('/').parse().unwrap();
            let length = megabytes * MEGABYTE;
            caller.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")).await;
            for _ in 0..megabytes {
                caller.send(vec![b'x'; MEGABYTE]).await;
            }
        }
    });
    app.await.address
}

/// Limits that a slow client would break, if being slow broke them.
fn short() -> Limits {
    let (head, write) = (Duration::from_millis(300), Duration::from_secs(1));
    Limits { head, write, ..Limits::default() }
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_all_of_a_download() {
    let limits = short();
    let site = Site::open(giving().await, Setup { tls: true, limits, ..Setup::default() }).await;
    let mut over_http_2 = browser(Slow::new(site.secure(&["h2"]).await)).await;
    let downloads = async {
        let answer = over_http_2.send_request(get("/6")).await.unwrap();
        assert_eq!(length(answer.into_body()).await, (6 * MEGABYTE, true));
    };
    let over_http_1 = async {
        let mut client = Slow::new(site.secure(&["http/1.1"]).await);
        let request = format!("GET /6 HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        assert!(answer.len() > 6 * MEGABYTE, "{} bytes", answer.len());
    };
    tokio::join!(downloads, over_http_1);
}

#[tokio::test]
async fn downloads_end_in_a_process_that_stops_and_what_was_sent_last_arrives() {
    let limits = Limits { stop: Duration::from_secs(20), ..Limits::default() };
    let site = Site::open(giving().await, Setup { tls: true, limits, ..Setup::default() }).await;
    let mut downloads = Vec::new();
    for _ in 0..5 {
        let mut browser = browser(Slow::new(site.secure(&["h2"]).await)).await;
        let answer = browser.send_request(get("/3")).await.unwrap();
        downloads.push(tokio::spawn(length(answer.into_body())));
    }
    site.stop.send(true).unwrap();
    for download in downloads {
        assert_eq!(download.await.unwrap(), (3 * MEGABYTE, true));
    }
    tokio::time::timeout(Duration::from_secs(5), site.serving).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn a_client_that_takes_nothing_any_more_does_not_hold_the_stop_up() {
    let limits = Limits { stop: Duration::from_millis(300), ..Limits::default() };
    let site = Site::open(giving().await, Setup { tls: true, limits, ..Setup::default() }).await;
    let untaking = Builder::new(TokioExecutor::new())
        .initial_stream_window_size(0)
        .handshake(TokioIo::new(site.secure(&["h2"]).await));
    let (mut sender, connection): (Browser, _) = untaking.await.unwrap();
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(get("/1")).await.unwrap();
    site.stop.send(true).unwrap();
    assert_eq!(length(answer.into_body()).await, (0, false), "it is not taken for a whole one");
    let _ = connection.await;
    tokio::time::timeout(Duration::from_secs(10), site.serving).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn uploads_that_an_app_does_not_read_hold_up_no_other_of_their_connection() {
    let app = app(|mut caller| async move {
        let head = caller.reader.head().await.unwrap();
        if head.line.contains("/stalled") {
            std::future::pending::<()>().await;
        }
        let length = head.text("content-length").unwrap().parse().unwrap();
        let body = caller.reader.exactly(length).await;
        caller.send(ok(body.len().to_string().as_bytes())).await;
    });
    let site = Site::with_tls(app.await.address).await;
    let browser = browser(site.secure(&["h2"]).await).await;
    for _ in 0..50 {
        let mut stalled = browser.clone();
        tokio::spawn(async move {
            let _ = stalled.send_request(post("/stalled", vec![0; 8 * MEGABYTE])).await;
        });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut small = browser.clone();
    let sent = small.send_request(post("/small", vec![0; 300_000]));
    let answer = tokio::time::timeout(Duration::from_secs(20), sent).await;
    let body = answer.expect("it waits for the others").unwrap().into_body().collect().await;
    assert_eq!(body.unwrap().to_bytes(), "300000");
}

#[tokio::test]
async fn an_answer_that_an_http_2_client_gives_no_room_for_is_given_up() {
    let (limits, write) = (short(), short().write);
    let app = app(|mut caller| async move {
        caller.request().await.unwrap();
        caller.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await;
        caller.send(vec![b'x'; 1_000_000]).await;
        caller.request().await;
    });
    let site = Site::open(app.await.address, Setup { tls: true, limits, ..Setup::default() }).await;
    for window in [0, 1, 1000] {
        let untaking = Builder::new(TokioExecutor::new())
            .initial_stream_window_size(window)
            .handshake(TokioIo::new(site.secure(&["h2"]).await));
        let (mut sender, connection): (Browser, _) = untaking.await.unwrap();
        tokio::spawn(connection);
        // The head comes, and then nothing that would be taken: the body is not asked for.
        let answer = sender.send_request(get("/")).await.unwrap();
        let begun = std::time::Instant::now();
        let still = |sender: &mut Browser| sender.is_ready();
        tokio::time::sleep(write).await;
        assert!(still(&mut sender), "a slow client has its time");
        tokio::time::sleep(write * 3).await;
        let (came, whole) = length(answer.into_body()).await;
        assert!(!whole, "{came} bytes of a window of {window} after {:?}", begun.elapsed());
    }
}
