//! Many at once: of one client, and of all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gateway::listen::{Limits, Proxies};
use testkit::http::{Client, app, ok, showing};
use tokio::net::{TcpSocket, TcpStream};

use crate::site::{HOST, Setup, Site};

/// A connection from another address of loopback.
async fn from(site: &Site, number: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, number], 0).into()).unwrap();
    socket.connect(site.address).await.unwrap()
}

/// Whether a request over the connection is answered, within the time that a busy machine takes.
async fn answered(stream: TcpStream) -> bool {
    let mut client = Client::over(stream, HOST);
    client.send(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n")).await;
    let answer = tokio::time::timeout(Duration::from_secs(5), client.reader.response("GET")).await;
    answer.ok().flatten().is_some_and(|answer| answer.status() == 200)
}

#[tokio::test]
async fn whoever_opens_connections_and_says_nothing_takes_no_place_of_others() {
    let limits = Limits { connections: 60, from_one: 20, ..Limits::default() };
    let site = Site::open(showing().await.address, Setup { limits, ..Setup::default() }).await;
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(from(&site, 2).await);
    }
    assert!(answered(from(&site, 3).await).await, "another client waits for the silent ones");
    assert!(!answered(from(&site, 2).await).await, "it has what one may have");
    drop(silent);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(answered(from(&site, 2).await).await, "and gets it back");
}

#[tokio::test]
async fn a_trusted_proxy_brings_many_clients() {
    let proxies = Proxies::new(|address| address == std::net::IpAddr::from([127, 0, 0, 2]));
    let limits = Limits { connections: 60, from_one: 5, proxies, ..Limits::default() };
    let site = Site::open(showing().await.address, Setup { limits, ..Setup::default() }).await;
    let mut open = Vec::new();
    for _ in 0..40 {
        open.push(from(&site, 2).await);
    }
    assert!(answered(from(&site, 2).await).await);
}

#[tokio::test]
async fn a_process_stops_also_when_all_places_are_taken() {
    let limits = Limits { connections: 3, stop: Duration::from_millis(200), ..Limits::default() };
    let site = Site::open(showing().await.address, Setup { limits, ..Setup::default() }).await;
    let mut silent = Vec::new();
    for number in 2..8 {
        silent.push(from(&site, number).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    site.stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), site.serving).await.expect("it stops").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_client_a_hundred_requests_are_at_the_apps_and_the_next_wait_for_their_turn() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, highest) = (now.clone(), most.clone());
    let app = app(move |mut caller| {
        let (now, most) = (counted.clone(), highest.clone());
        async move {
            while caller.request().await.is_some() {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(500)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                caller.send(ok(b"here")).await;
            }
        }
    });
    let site = Arc::new(Site::plain(app.await.address).await);
    let asked: Vec<_> = (0..250)
        .map(|_| {
            let site = site.clone();
            tokio::spawn(async move { answered(from(&site, 2).await).await })
        })
        .collect();
    for asked in asked {
        assert!(asked.await.unwrap(), "a request that waited was not answered");
    }
    let most = most.load(Ordering::SeqCst);
    assert!((90..=100).contains(&most), "{most} at once");
}
