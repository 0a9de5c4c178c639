//! The second opinion: Debian's nginx before the same app, and the reasons for which it may differ.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testkit::http::Message;
use tokio::net::{TcpListener, TcpStream};

use super::exchange::Exchange;
use super::passing;
use crate::front::is_own;

/// A running nginx; ended with the test.
pub(super) struct Nginx {
    pub(super) address: SocketAddr,
    process: Child,
    folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts nginx before the app at `app`, told to leave alone what it can leave alone.
    pub(super) async fn start(app: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().display();
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let configuration = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log info;
             events {{ worker_connections 256; }}
             http {{
               access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p;
               fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
               ignore_invalid_headers off; underscores_in_headers on; merge_slashes off;
               large_client_header_buffers 4 64k; proxy_buffer_size 64k; proxy_buffers 8 64k;
               client_max_body_size 0; proxy_request_buffering off; proxy_buffering off;
               proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host;
               proxy_pass_header Server; proxy_pass_header Date; proxy_redirect off;
               upstream app {{ server {app}; keepalive 16; }}
               server {{ listen {address}; location / {{ proxy_pass http://app; }} }}
             }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let process = Command::new("nginx")
            .args(["-e", "stderr", "-c"])
            .arg(&file)
            .stdout(Stdio::null())
            .spawn()
            .expect("Debian's nginx is installed");
        let nginx = Nginx { address, process, folder };
        for _ in 0..500 {
            if TcpStream::connect(address).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("nginx does not listen");
    }
}

impl Nginx {
    /// What it complained of in a request for this target.
    fn complaint(&self, target: &str) -> String {
        let log = std::fs::read(self.folder.path().join("error.log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        log.lines().rfind(|line| line.contains(target)).unwrap_or("nothing").to_owned()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Why nginx is known to answer an exchange in another way altogether, as far as the request or the
/// answer tell.
pub(super) fn excused(exchange: &Exchange) -> Option<&'static str> {
    let path = exchange.target.split('?').next().unwrap_or_default();
    if exchange.early_hints {
        return Some("this nginx takes an interim answer (103) for the answer itself");
    }
    if path.contains("%00") {
        return Some("nginx refuses a zero byte in a path");
    }
    if exchange.headers.iter().any(|(name, _)| super::is_claim(name)) {
        return Some("nginx passes on who a client says that it is");
    }
    for name in ["If-None-Match", "Authorization"] {
        if exchange.headers.iter().filter(|(n, _)| n == name).count() > 1 {
            return Some("nginx refuses a header twice that may stand once");
        }
    }
    let mut depth = 0;
    for piece in path.split('/').skip(1) {
        depth += match piece {
            ".." => -1,
            "." => 0,
            _ => 1,
        };
        if depth < 0 {
            return Some("nginx refuses a path above the root");
        }
    }
    None
}

/// What nginx passes on that an intermediary need not, or sets as it likes: not compared.
const NGINX_OWN: &[&str] = &[
    "host",
    "x-case",
    "date",
    "server",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-request-id",
    "forwarded",
    "x-real-ip",
    "expect",
    // It does not know that `Connection` may name it (RFC 9110 section 7.6.1).
    "x-dropped",
];

/// What both ends saw was the same through both proxies.
pub(super) fn compare(
    nginx: &Nginx,
    exchange: &Exchange,
    (seen, got): (&Message, &Message),
    (nginx_seen, nginx_got): &(Option<Message>, Message),
) {
    let Some(nginx_seen) = nginx_seen else {
        panic!("nginx did not ask the app: {}: {exchange:?}", nginx.complaint(&exchange.target))
    };
    assert_eq!(seen.line, nginx_seen.line);
    assert_eq!(seen.body, nginx_seen.body, "{exchange:?}");
    assert_eq!(
        passing(&seen.headers, NGINX_OWN),
        passing(&nginx_seen.headers, NGINX_OWN),
        "{exchange:?}"
    );
    assert_eq!(got.line, nginx_got.line, "{exchange:?}");
    assert_eq!(got.body, nginx_got.body, "{exchange:?}");
    let mut both = [passing(&got.headers, NGINX_OWN), passing(&nginx_got.headers, NGINX_OWN)];
    for headers in &mut both {
        // The gateway's own cookies are its own matter.
        let own = |cookie: &Vec<u8>| std::str::from_utf8(cookie).is_ok_and(|c| is_own(c.trim()));
        headers.entry("set-cookie".to_owned()).or_default().retain(|cookie| !own(cookie));
        for name in READ_BY_NGINX {
            let values = headers.entry((*name).to_owned()).or_default();
            values.drain(..values.len().saturating_sub(1));
            values.retain(|value| !value.is_empty());
        }
    }
    assert_eq!(both[0], both[1], "{exchange:?}");
}

/// Of several of these nginx passes the last one on, and none that is empty: it reads and writes
/// them itself.
const READ_BY_NGINX: &[&str] = &["content-type", "etag", "location", "content-encoding", "vary"];
