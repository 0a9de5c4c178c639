//! Apps that are away, slow or broken, and clients that go: each phase has its own end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gateway::Timeouts;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::front::{HOST, client_of, front};
use testkit::http::{Client, app, ok, showing};

const SHORT: Duration = Duration::from_millis(150);

#[tokio::test]
async fn an_app_that_is_away_is_said_to_be() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut client = client_of(closed).await;
    let answer = client.get("/", "").await;
    assert_eq!(answer.status(), 502);
    let said = String::from_utf8(answer.body).unwrap();
    assert!(said.contains(&closed.to_string()) && said.contains("refused"), "{said}");
}

#[tokio::test]
async fn an_app_that_thinks_too_long_is_not_waited_for() {
    let silent = app(|mut caller| async move {
        caller.request().await.unwrap();
        caller.request().await;
    });
    let timeouts = Timeouts { response_head: SHORT, ..Timeouts::default() };
    let gateway = front(silent.await.address, timeouts).await;
    for method in ["GET", "POST"] {
        let mut client = Client::connect(gateway, HOST).await;
        client.send(format!("{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).await;
        let answer = client.reader.response(method).await.unwrap();
        assert_eq!(answer.status(), 504, "{method}: {answer:?}");
        assert!(String::from_utf8(answer.body).unwrap().contains("ResponseHead"));
    }
}

#[tokio::test]
async fn a_slow_upload_is_not_the_app_thinking() {
    let timeouts = Timeouts { response_head: SHORT, ..Timeouts::default() };
    let mut client = Client::connect(front(showing().await.address, timeouts).await, HOST).await;
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n").await;
    for _ in 0..8 {
        tokio::time::sleep(SHORT / 3).await;
        client.send("x").await;
    }
    assert_eq!(client.reader.response("POST").await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_client_that_stops_in_its_body_is_not_waited_for() {
    let (ended, mut saw) = mpsc::channel(1);
    let app = app(move |mut caller| {
        let ended = ended.clone();
        async move {
            let whole = caller.request().await.unwrap().whole;
            ended.send(whole).await.unwrap();
        }
    });
    let timeouts = Timeouts { request_idle: SHORT, ..Timeouts::default() };
    let mut client = Client::connect(front(app.await.address, timeouts).await, HOST).await;
    client
        .send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        .await;
    let answer = client.reader.response("POST").await.unwrap();
    assert_eq!(answer.status(), 400, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(saw.recv().await, Some(false), "the app must not take it for a whole body");
}

#[tokio::test]
async fn an_app_that_stops_in_its_answer_ends_it_unmistakably() {
    for head in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let part = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n3\r\nabc\r\n");
        for closes in [true, false] {
            let part = part.clone();
            let stopping = app(move |mut caller| {
                let part = part.clone();
                async move {
                    caller.request().await.unwrap();
                    caller.send(part).await;
                    if !closes {
                        caller.request().await;
                    }
                }
            });
            let timeouts = Timeouts { response_idle: SHORT, ..Timeouts::default() };
            let mut client =
                Client::connect(front(stopping.await.address, timeouts).await, HOST).await;
            let answer = client.get("/", "").await;
            assert_eq!((answer.status(), answer.whole), (200, false), "{head}, closes: {closes}");
        }
    }
}

#[tokio::test]
async fn a_client_that_goes_is_gone_for_the_app_too() {
    let (gone, mut saw) = mpsc::channel(1);
    let app = app(move |mut caller| {
        let gone = gone.clone();
        async move {
            let request = caller.request().await.unwrap();
            if request.line.contains("/half") {
                caller.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc").await;
            }
            assert!(caller.request().await.is_none());
            gone.send(()).await.unwrap();
        }
    });
    let gateway = front(app.await.address, Timeouts::default()).await;
    for request in ["GET /wait", "GET /half", "POST /wait", "POST /half"] {
        let mut client = Client::connect(gateway, HOST).await;
        client.send(format!("{request} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(client);
        let told = tokio::time::timeout(Duration::from_secs(5), saw.recv()).await;
        assert_eq!(told.expect("the app was not told"), Some(()), "{request}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_the_body_was_read_reaches_the_client() {
    let early = app(|mut caller| async move {
        caller.reader.head().await.unwrap();
        caller.send(ok(b"too large for me")).await;
        caller.reader.exactly(1 << 20).await;
    });
    let mut client = client_of(early.await.address).await;
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc").await;
    assert_eq!(client.reader.response("POST").await.unwrap().body, b"too large for me");
}

#[tokio::test]
async fn answers_that_nobody_may_read_in_two_ways_are_refused() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc",
        "nonsense\r\n\r\n",
    ] {
        let broken = testkit::http::answering(move |_| answer.as_bytes().to_vec());
        let mut client = client_of(broken.await.address).await;
        assert_eq!(client.get("/", "").await.status(), 502, "{answer:?}");
    }
}

#[tokio::test]
async fn connections_are_kept_and_a_closed_one_is_never_used() {
    let closed = Arc::new(AtomicUsize::new(0));
    let count = closed.clone();
    let app = app(move |mut caller| {
        let count = count.clone();
        async move {
            for _ in 0..3 {
                let Some(_) = caller.request().await else { return };
                caller.send(ok(b"x")).await;
            }
            drop(caller);
            count.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await;
    let mut client = client_of(app.address).await;
    for sent in 1..=60 {
        // Both ways over a connection: without a body, and with one.
        let answer = if sent % 2 == 0 {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi").await;
            client.reader.response("POST").await.unwrap()
        } else {
            client.get("/", "").await
        };
        assert_eq!(answer.status(), 200);
        while closed.load(Ordering::Relaxed) < sent / 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert_eq!(app.connections.load(Ordering::Relaxed), 20);
}

#[tokio::test]
async fn what_meets_a_connection_that_is_just_closing_is_asked_again_when_that_is_safe() {
    // The app takes the second request of a connection, and closes it without an answer.
    let app = app(|mut caller| async move {
        caller.request().await.unwrap();
        caller.send(ok(b"x")).await;
        caller.request().await;
    })
    .await;
    let mut client = client_of(app.address).await;
    let length = "Host: a\r\nContent-Length: ";
    for (request, status) in [
        ("GET /first HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        ("GET /again HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        ("OPTIONS /again HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        (format!("POST /once HTTP/1.1\r\n{length}0\r\n\r\n"), 502),
        ("GET /first HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        (format!("GET /again HTTP/1.1\r\n{length}2\r\n\r\nhi"), 200),
        ("DELETE /again HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        (format!("DELETE /again HTTP/1.1\r\n{length}0\r\n\r\n"), 200),
        (format!("PUT /again HTTP/1.1\r\n{length}2\r\n\r\nhi"), 200),
        (format!("PATCH /once HTTP/1.1\r\n{length}2\r\n\r\nhi"), 502),
        ("GET /first HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        // It would have to be kept whole.
        (format!("PUT /once HTTP/1.1\r\n{length}20000\r\n\r\n{}", "x".repeat(20000)), 502),
    ] {
        client.send(&request).await;
        let method = request.split(' ').next().unwrap();
        let answer = client.reader.response(method).await.unwrap();
        assert_eq!(answer.status(), status, "{request}: {answer:?}");
        if answer.text("connection").is_some_and(|said| said == "close") {
            client = client_of(app.address).await;
        }
    }
}

#[tokio::test]
async fn what_an_app_has_begun_to_answer_is_not_asked_again() {
    for beginning in ["H", "HTTP/1.1 200 OK\r\nContent-", "nonsense\r\n\r\n"] {
        let app = app(move |mut caller| async move {
            caller.request().await.unwrap();
            caller.send(ok(b"x")).await;
            caller.request().await.unwrap();
            caller.send(beginning).await;
        })
        .await;
        let mut client = client_of(app.address).await;
        assert_eq!(client.get("/", "").await.status(), 200);
        client.send("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        let answer = client.reader.response("DELETE").await.unwrap();
        assert_eq!(answer.status(), 502, "{beginning:?}");
        assert_eq!(app.connections.load(Ordering::Relaxed), 1, "{beginning:?}");
    }
}

#[tokio::test]
async fn an_app_that_never_answers_is_asked_twice_at_most() {
    let app = app(|mut caller| async move {
        if caller.request().await.unwrap().line.contains("first") {
            caller.send(ok(b"x")).await;
            caller.request().await;
        }
    })
    .await;
    let mut client = client_of(app.address).await;
    assert_eq!(client.get("/first", "").await.status(), 200);
    assert_eq!(client.get("/", "").await.status(), 502);
    assert_eq!(app.connections.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_connection_is_given_up_before_the_app_gives_it_up() {
    let app = app(|mut caller| async move {
        while caller.request().await.is_some() {
            caller
                .send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n")
                .await;
        }
    })
    .await;
    let mut client = client_of(app.address).await;
    for (asked, method) in ["GET", "POST", "PUT", "DELETE", "GET"].into_iter().enumerate() {
        client.send(format!("{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")).await;
        assert_eq!(client.reader.response(method).await.unwrap().status(), 200);
        // Kept for a second less than a second, whatever was asked; the next would meet it.
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(app.connections.load(Ordering::Relaxed), asked + 1, "{method}");
    }
}

#[tokio::test]
async fn an_app_of_http_1_0_is_none_of_the_client_s_business() {
    let old = app(|mut caller| async move {
        caller.request().await.unwrap();
        caller.send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold but whole").await;
    });
    let mut client = client_of(old.await.address).await;
    for _ in 0..2 {
        let answer = client.get("/", "").await;
        assert_eq!(answer.line, "HTTP/1.1 200 OK");
        assert_eq!((answer.body.as_slice(), answer.whole), (&b"old but whole"[..], true));
        assert_eq!(answer.text("connection"), None, "the client's connection is kept");
    }
}
