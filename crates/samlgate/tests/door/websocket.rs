//! WebSockets, as Confluence's Synchrony opens them, through the whole server.

use std::time::{Duration, Instant};

use testkit::http::{App, Client, app};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use crate::sessions;
use crate::site::Site;

const ASKS: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Agrees, greets in the same packet, and sends back whatever comes.
async fn synchrony() -> App {
    app(|mut caller| async move {
        let request = caller.request().await.unwrap();
        assert_eq!(request.line, "GET /synchrony/v1/bayeux-sync1?x=1 HTTP/1.1");
        assert_eq!(request.text("upgrade"), Some("websocket"));
        assert_eq!(request.text("sec-websocket-key"), Some("dGhlIHNhbXBsZSBub25jZQ=="));
        caller
            .send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello",
            )
            .await;
        loop {
            let bytes = caller.reader.some().await;
            if bytes.is_empty() {
                return;
            }
            caller.send(bytes).await;
        }
    })
    .await
}

/// Bytes that are no HTTP pass both ways, and the end of one side is the end of the other.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(mut client: Client<S>) {
    let answer = client.get("/synchrony/v1/bayeux-sync1?x=1", ASKS).await;
    assert_eq!(answer.status(), 101, "{answer:?}");
    assert_eq!(answer.text("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(client.reader.exactly(5).await, b"hello");
    let bytes: Vec<u8> = (0..=255).chain([b'\n', 0, b'\r']).cycle().take(300_000).collect();
    let Client { mut reader, mut writer, .. } = client;
    let sent = bytes.clone();
    let sending = tokio::spawn(async move {
        writer.write_all(&sent).await.unwrap();
        writer.flush().await.unwrap();
        writer
    });
    assert_eq!(reader.exactly(bytes.len()).await, bytes);
    sending.await.unwrap().shutdown().await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(5), reader.exactly(1)).await;
    assert_eq!(end.expect("the tunnel stays open"), b"");
}

#[tokio::test]
async fn a_websocket_carries_any_bytes_both_ways() {
    let site = Site::plain(synchrony().await.address).await;
    talk(site.client().await).await;
}

#[tokio::test]
async fn a_websocket_passes_through_tls_too() {
    let site = Site::with_tls(synchrony().await.address).await;
    talk(site.secure_client().await).await;
}

/// A browser with an open tunnel.
async fn tunnel(site: &Site, cookies: &str) -> Client {
    let mut client = site.client().await;
    let headers = format!("{ASKS}Cookie: {cookies}\r\n");
    let answer = client.get("/synchrony/v1/bayeux-sync1?x=1", &headers).await;
    assert_eq!(answer.status(), 101, "{answer:?}");
    assert_eq!(client.reader.exactly(5).await, b"hello");
    client
}

/// How long the tunnel stays open, at most three seconds.
async fn stays_open(client: &mut Client) -> Duration {
    let begun = Instant::now();
    let end = tokio::time::timeout(Duration::from_secs(3), client.reader.exactly(1)).await;
    assert!(end.is_err() || end.is_ok_and(|bytes| bytes.is_empty()), "nothing was sent");
    begun.elapsed()
}

async fn echoes(client: &mut Client) {
    client.send("x").await;
    assert_eq!(client.reader.exactly(1).await, b"x");
}

/// A site that looks after its tunnels, as a server does.
async fn watched() -> Site {
    let site = Site::plain(synchrony().await.address).await;
    let front = site.front.clone();
    tokio::spawn(async move {
        front.cookie_map.tunnels.watch(&front.installation, &front.uses).await;
    });
    site
}

const HOUR: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_millis(2500);

#[tokio::test]
async fn a_tunnel_closes_with_the_session_that_opened_it_however_that_ends() {
    let site = watched().await;
    let (front, store) = (&site.front, &site.front.installation.store);
    let mut local = tunnel(&site, "JSESSIONID=local").await;
    let mut stale = tunnel(&site, "__Host-samlgate_session=stale; JSESSIONID=local").await;
    for name in ["ended", "inactive", "other"] {
        sessions::open(front, name, name, HOUR).await;
        sessions::give(front, name, &format!("JSESSIONID={name}")).await;
    }
    let mut ended = tunnel(&site, "a=b; JSESSIONID=\"ended\"").await;
    let mut second = tunnel(&site, "JSESSIONID=ended").await;
    let mut by_ours = tunnel(&site, "__Host-samlgate_session=ended").await;
    let mut inactive = tunnel(&site, "a=b, JSESSIONID=inactive").await;
    let mut other = tunnel(&site, "JSESSIONID=other").await;
    // As another node does: nothing tells this one.
    store.end_session(&installation::runtime::token_hash("ended")).await.unwrap();
    for tunnel in [&mut ended, &mut second, &mut by_ours] {
        assert!(stays_open(tunnel).await < SOON, "the session has ended");
    }
    sessions::deactivate(front, "inactive").await;
    assert!(stays_open(&mut inactive).await < SOON, "the user is inactive");
    sessions::open(front, "late", "late", Duration::from_secs(1)).await;
    sessions::give(front, "late", "crowd.token_key=late").await;
    let mut late = tunnel(&site, "crowd.token_key=late").await;
    assert!(stays_open(&mut late).await < SOON, "the session's time is over");
    for tunnel in [&mut local, &mut stale, &mut other] {
        echoes(tunnel).await;
    }
}

#[tokio::test]
async fn a_limit_that_is_lowered_closes_open_tunnels() {
    let site = watched().await;
    sessions::open(&site.front, "camilla", "token", HOUR).await;
    sessions::give(&site.front, "token", "JSESSIONID=A").await;
    let mut tunnel = tunnel(&site, "JSESSIONID=A").await;
    echoes(&mut tunnel).await;
    // Nobody writes down here that it is used.
    sessions::end_when_idle(&site.front, 60).await;
    assert!(stays_open(&mut tunnel).await < SOON, "it was not used for seven hours");
}

#[tokio::test]
async fn what_comes_from_the_browser_in_a_tunnel_is_a_use_of_its_session() {
    let site = watched().await;
    let front = &site.front;
    let (installation, settings) = (&front.installation, &front.installation.settings);
    sessions::end_when_idle(front, 1).await;
    for name in ["talks", "listens"] {
        sessions::open(front, name, name, 8 * HOUR).await;
        sessions::give(front, name, &format!("JSESSIONID={name}")).await;
    }
    let mut talks = tunnel(&site, "JSESSIONID=talks").await;
    let mut listens = tunnel(&site, "JSESSIONID=listens").await;
    front.uses.write_down(installation, &settings.current()).await.unwrap();
    // A use is written down when the one before is a sixteenth of the minute ago.
    tokio::time::sleep(Duration::from_millis(4500)).await;
    echoes(&mut talks).await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    front.uses.write_down(installation, &settings.current()).await.unwrap();
    let used = async |token: &str| {
        let hash = installation::runtime::token_hash(token);
        let found = installation.store.known_sessions(&[&hash]).await.unwrap();
        found[0].times.used_at.duration_since(found[0].times.created_at).unwrap()
    };
    assert!(used("talks").await > Duration::from_secs(4), "{:?}", used("talks").await);
    assert!(used("listens").await < Duration::from_secs(3), "{:?}", used("listens").await);
    echoes(&mut listens).await;
}

#[tokio::test]
async fn a_tunnel_closes_at_once_where_its_session_was_ended() {
    let site = watched().await;
    let front = &site.front;
    sessions::open(front, "camilla", "token", HOUR).await;
    sessions::give(front, "token", "JSESSIONID=A").await;
    // Whatever the phase of the look that comes once a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let mut tunnel = tunnel(&site, "JSESSIONID=A").await;
    let store = &front.installation.store;
    store.end_session(&installation::runtime::token_hash("token")).await.unwrap();
    front.cookie_map.session_ended(front.installation.clock.now());
    assert!(stays_open(&mut tunnel).await < Duration::from_millis(700));
}
