//! Posts that nobody vouches for: they answer no request of their browser, and no IdP's signature is
//! on them. Nothing of them is stored. This node counts them, and keeps the newest few in memory, so
//! that an administrator who set a wrong key sees what came.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The newest posts, and how many there were.
#[derive(Default)]
pub struct Unrecognised {
    kept: Mutex<Kept>,
}

/// How many posts came of one cause from one network within one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// When the minute began.
    pub minute: SystemTime,
    /// The rule that refused, by its stable name.
    pub code: String,
    /// The network: an IPv4 address with 24 bits, or an IPv6 address with 64.
    pub network: String,
    /// How many.
    pub posts: u64,
}

#[derive(Default)]
struct Kept {
    newest: VecDeque<store::AttemptRow>,
    counts: BTreeMap<(u64, String, String), u64>,
    /// Of each cause: the minute that lines are counted in, and how many posts there were in it.
    logged: BTreeMap<String, (u64, u64)>,
}

impl Unrecognised {
    /// Counts a post that came from `client`, and keeps what it said for a while. Gives whether it is
    /// worth a line in the log: not when many of its kind came this minute.
    pub fn add(&self, record: &store::AttemptRow, client: IpAddr) -> bool {
        let minute = minute_of(record.updated_at);
        let mut kept = self.lock();
        kept.count(minute, &record.code, network(client));
        kept.newest.push_front(record.clone());
        kept.newest.truncate(NEWEST);
        let (left_out, say) = kept.may_log(minute, &record.code);
        drop(kept);
        if left_out > 0 {
            tracing::warn!(
                posts = left_out,
                attempt.code = record.code,
                "more posts that nobody vouches for were not logged"
            );
        }
        say
    }

    /// The newest posts, the newest first.
    pub fn newest(&self) -> Vec<store::AttemptRow> {
        self.lock().newest.iter().cloned().collect()
    }

    /// The post with this number, while it is among the newest.
    pub fn find(&self, id: &str) -> Option<store::AttemptRow> {
        self.lock().newest.iter().find(|record| record.id == id).cloned()
    }

    /// The counts of the last hour, the newest first.
    pub fn counts(&self) -> Vec<Count> {
        let kept = self.lock();
        let counts = kept.counts.iter().rev().map(|((minute, code, network), posts)| Count {
            minute: UNIX_EPOCH + Duration::from_secs(60 * minute),
            code: code.clone(),
            network: network.clone(),
            posts: *posts,
        });
        counts.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn count(&mut self, minute: u64, code: &str, network: String) {
        self.counts.retain(|(at, ..), _| *at + MINUTES > minute);
        let mut key = (minute, code.to_owned(), network);
        if self.counts.len() >= COUNTS && !self.counts.contains_key(&key) {
            key.2 = "elsewhere".to_owned();
        }
        *self.counts.entry(key).or_default() += 1;
    }

    /// How many lines of an earlier minute were left out, and whether this one is written. There are
    /// as many causes as rules.
    fn may_log(&mut self, minute: u64, code: &str) -> (u64, bool) {
        let (at, posts) = self.logged.get(code).copied().unwrap_or((minute, 0));
        let (left_out, posts) =
            if at == minute { (0, posts) } else { (posts.saturating_sub(LINES), 0) };
        self.logged.insert(code.to_owned(), (minute, posts + 1));
        (left_out, posts < LINES)
    }
}

fn minute_of(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 60
}

/// Whoever has one address of such a network has many.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Posts that can be read.
const NEWEST: usize = 50;
/// Counts are kept for so many minutes.
const MINUTES: u64 = 60;
/// So many different counts at once; networks beyond are counted together.
const COUNTS: usize = 1000;
/// Lines in the log a minute for each cause.
const LINES: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_bounded_in_number_and_age() {
        let mut kept = Kept::default();
        for n in 0..5000 {
            kept.count(100, "xml", format!("10.{}.{}.0/24", n / 250, n % 250));
        }
        assert_eq!(kept.counts.len(), COUNTS + 1);
        assert_eq!(kept.counts.values().sum::<u64>(), 5000, "each is counted");
        kept.count(100 + MINUTES, "xml", "10.0.0.0/24".to_owned());
        assert_eq!(kept.counts.len(), 1);
    }

    #[test]
    fn ten_lines_a_minute_are_logged_and_the_others_are_told_as_a_number() {
        let mut kept = Kept::default();
        let lines = (0..1000).filter(|_| kept.may_log(7, "xml").1).count();
        assert_eq!(lines, 10);
        assert_eq!(kept.may_log(7, "bad_form"), (0, true), "another cause");
        assert_eq!(kept.may_log(8, "xml"), (990, true));
        assert_eq!(kept.may_log(9, "xml"), (0, true));
    }

    #[test]
    fn addresses_count_by_their_network() {
        assert_eq!(network("198.51.100.77".parse().unwrap()), "198.51.100.0/24");
        assert_eq!(network("2001:db8:1:2:3::4".parse().unwrap()), "2001:db8:1:2::/64");
    }
}
