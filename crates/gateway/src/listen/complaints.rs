//! The log's lines about clients that cannot speak with us, at a bounded rate.
//!
//! Whoever can connect can cause them, so there are a few lines a minute at one listener for each
//! cause, and one for each client, which keeps a noisy one from hiding the others. The rest is counted.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Why a client and we did not come to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// Plain HTTP at a port that speaks TLS.
    TextAtTls,
    /// TLS at a port that speaks plain HTTP.
    TlsAtText,
    /// The client does not accept our certificate.
    Certificate,
}

/// What one listener has complained about.
#[derive(Default)]
pub(super) struct Complaints {
    minutes: Mutex<HashMap<Cause, Minute>>,
}

/// A minute in which a cause occurred.
struct Minute {
    begun: Instant,
    /// The clients that have a line.
    named: Vec<IpAddr>,
    left_out: u64,
}

/// Whether a line is written, and how many were left out since the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Say {
    line: bool,
    left_out: u64,
}

impl Complaints {
    /// Logs that the client at `client` and our listener at `listener` do not speak the same.
    pub(super) fn about(&self, cause: Cause, client: SocketAddr, listener: Option<SocketAddr>) {
        let say = self.count(cause, client.ip().to_canonical(), Instant::now());
        let listener = listener.map(|address| address.to_string()).unwrap_or_default();
        if say.left_out > 0 {
            tracing::warn!(listener, connections = say.left_out, "{}", cause.more());
        }
        if say.line {
            tracing::warn!(%client, listener, "{}", cause.words());
        }
    }

    fn count(&self, cause: Cause, client: IpAddr, now: Instant) -> Say {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Minute { begun: now, named: Vec::new(), left_out: 0 };
        let minute = minutes.entry(cause).or_insert_with(fresh);
        let mut left_out = 0;
        if now.duration_since(minute.begun) >= MINUTE {
            left_out = std::mem::replace(minute, fresh()).left_out;
        }
        let line = minute.named.len() < LINES && !minute.named.contains(&client);
        if line {
            minute.named.push(client);
        } else {
            minute.left_out += 1;
        }
        Say { line, left_out }
    }
}

impl Cause {
    fn words(self) -> &'static str {
        match self {
            Cause::TextAtTls => {
                "a client spoke plain HTTP, but this port speaks TLS: its URL must begin with https://"
            }
            Cause::TlsAtText => {
                "a client spoke TLS, but this port speaks plain HTTP: its URL must begin with \
                 http://, or set [tls] loopback = true when this is the console or the Crowd API"
            }
            Cause::Certificate => {
                "a client does not accept our TLS certificate: it must trust the certificate's \
                 authority, and its URL must have a name that is in the certificate"
            }
        }
    }

    fn more(self) -> &'static str {
        match self {
            Cause::TextAtTls => "more connections with plain HTTP at this TLS port were not logged",
            Cause::TlsAtText => "more connections with TLS at this plain HTTP port were not logged",
            Cause::Certificate => "more refusals of our TLS certificate were not logged",
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// Lines a minute for each cause at one listener.
const LINES: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, number])
    }

    #[test]
    fn one_client_has_one_line_a_minute_and_the_rest_is_counted() {
        let (complaints, begun) = (Complaints::default(), Instant::now());
        let say = |after: u64| {
            complaints.count(Cause::TextAtTls, client(1), begun + Duration::from_secs(after))
        };
        assert_eq!(say(0), Say { line: true, left_out: 0 });
        for second in 1..60 {
            assert_eq!(say(second), Say { line: false, left_out: 0 }, "second {second}");
        }
        assert_eq!(say(60), Say { line: true, left_out: 59 });
        assert_eq!(say(120), Say { line: true, left_out: 0 }, "said once");
    }

    #[test]
    fn many_clients_together_have_five_lines_a_minute_for_each_cause() {
        let (complaints, now) = (Complaints::default(), Instant::now());
        let lines = |cause| {
            let all = (0..200).map(|number| complaints.count(cause, client(number), now));
            all.filter(|say| say.line).count()
        };
        for cause in [Cause::TextAtTls, Cause::TlsAtText, Cause::Certificate] {
            assert_eq!(lines(cause), 5, "{cause:?}");
        }
    }

    #[test]
    fn a_noisy_client_does_not_hide_another() {
        let (complaints, now) = (Complaints::default(), Instant::now());
        for _ in 0..1000 {
            complaints.count(Cause::TlsAtText, client(1), now);
        }
        assert!(complaints.count(Cause::TlsAtText, client(2), now).line);
    }
}
