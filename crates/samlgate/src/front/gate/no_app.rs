//! A request that no app has: its sender is told what was asked for, and the log what may be meant. A
//! proxy, a DNS entry or an app's public URL is wrong then, and only the log's reader knows which.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gateway::Body;
use http::{Response, StatusCode};
use installation::settings::{self, Snapshot, host_of};

use super::sender::Sender;
use crate::front::answer;

/// Why no app has a request.
pub(super) enum NoApp {
    /// None is known there.
    Unknown(settings::NoApp),
    /// It depends on who reads the path.
    Doubtful,
}

impl NoApp {
    /// The answer; a host that no app has stands in the log.
    pub(super) fn answer(
        &self,
        sender: &Sender,
        settings: &Snapshot,
        lines: &Lines,
        now: SystemTime,
    ) -> Response<Body> {
        match self {
            NoApp::Unknown(settings::NoApp::NoSuchPath) => {
                answer::text(StatusCode::NOT_FOUND, "No app has this path.")
            }
            NoApp::Doubtful => {
                let reason = "The path leads to another app when it is decoded.";
                answer::text(StatusCode::BAD_REQUEST, reason)
            }
            NoApp::Unknown(settings::NoApp::UnknownHost) => {
                let asked = shortened(&sender.authority);
                if let Some(left_out) = lines.next(now) {
                    log(sender, asked, settings, left_out);
                }
                answer::text(StatusCode::MISDIRECTED_REQUEST, &misdirected(asked))
            }
        }
    }
}

fn misdirected(asked: &str) -> String {
    let by_address = host_of(asked).trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    let cure = if by_address {
        "An app is asked for by its host name. A probe asks the listener that is set as \
         listen.operations: /live and /ready."
    } else {
        "The administrator sets the public URL of each app with `samlgate app set NAME \
         --public-url`."
    };
    format!("There is no app at {asked}. {cure}")
}

fn log(sender: &Sender, asked: &str, settings: &Snapshot, left_out: u64) {
    if left_out > 0 {
        tracing::warn!(requests = left_out, "more requests for no app were not logged");
    }
    let (request_id, client) = (&sender.request_id, sender.client);
    match settings.at_another_port(asked) {
        Some(app) => tracing::warn!(
            request.id = request_id,
            %client,
            "there is no app at {asked}; {} is at {}. A proxy in front must pass on Host with its \
             port, or be in proxies.trusted and send X-Forwarded-Port",
            app.name,
            app.origin(),
        ),
        None => tracing::warn!(request.id = request_id, %client, "there is no app at {asked}"),
    }
}

/// Anybody may ask for anything.
fn shortened(authority: &str) -> &str {
    let end = authority.char_indices().nth(LONGEST).map_or(authority.len(), |(at, _)| at);
    &authority[..end]
}

/// The lines that were written this minute.
#[derive(Default)]
pub struct Lines(Mutex<(u64, u64)>);

impl Lines {
    /// Whether there is room for a line: then how many were left out in the minute before it.
    fn next(&self, now: SystemTime) -> Option<u64> {
        let minute = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 60;
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, asked) = *lines;
        if begun == minute {
            lines.1 += 1;
            return (asked < MOST).then_some(0);
        }
        *lines = (minute, 1);
        Some(asked.saturating_sub(MOST))
    }
}

/// Lines in the log a minute.
const MOST: u64 = 10;
/// So much of a host's name is repeated: as long as one can be (RFC 1035 §2.3.4), with a port.
const LONGEST: usize = 261;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_names_the_host_and_who_asks_by_address_is_told_of_the_probes_listener() {
        let said = misdirected("jira.example.com:8443");
        assert!(said.starts_with("There is no app at jira.example.com:8443. The admin"), "{said}");
        for address in ["10.0.0.1", "10.0.0.1:9080", "[::1]", "[2001:db8::1]:443"] {
            let said = misdirected(address);
            assert!(said.contains(address) && said.contains("listen.operations"), "{said}");
        }
        assert_eq!(shortened(&"a".repeat(5000)).len(), LONGEST);
    }

    #[test]
    fn ten_lines_a_minute_are_written_and_the_others_are_told_as_a_number() {
        let (lines, begun) = (Lines::default(), UNIX_EPOCH + Duration::from_secs(60_000));
        let at = |second| begun + Duration::from_secs(second);
        assert_eq!(
            (0..50).filter_map(|second| lines.next(at(second))).collect::<Vec<_>>(),
            [0; 10]
        );
        assert_eq!(lines.next(at(60)), Some(40));
        assert_eq!(lines.next(at(61)), Some(0));
        assert_eq!(lines.next(at(180)), Some(0));
    }
}
