//! Load from `wrk`, a process of its own, and what it saw.

use std::process::Command;
use std::time::Duration;

use crate::site::{AUTHORITY, Proxy};

/// Requests of one kind.
pub(crate) struct Load {
    /// The target.
    pub(crate) path: &'static str,
    /// Connections at once, each with one request at a time.
    pub(crate) connections: usize,
}

/// One measurement.
pub(crate) struct Seen {
    /// Complete answers.
    pub(crate) requests: u64,
    /// From first to last.
    pub(crate) took: Duration,
    /// CPU time of the proxy.
    pub(crate) cpu: Duration,
    /// Half of the answers took no longer.
    pub(crate) p50: Duration,
    /// All but one in a hundred took no longer.
    pub(crate) p99: Duration,
}

impl Load {
    /// Puts the load on `proxy` for `length`.
    pub(crate) fn run(&self, proxy: &Proxy, length: Duration) -> Seen {
        let before = proxy.program.cpu();
        let output = Command::new("taskset")
            .args(["-c", "1", "wrk", "-t1", "--latency"])
            .args([format!("-c{}", self.connections), format!("-d{}s", length.as_secs())])
            .args(["-H", &format!("Host: {AUTHORITY}")])
            .arg(format!("http://127.0.0.1:{}{}", proxy.port, self.path))
            .output()
            .expect("wrk and taskset are installed");
        let cpu = proxy.program.cpu() - before;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            !text.contains("Non-2xx") && !text.contains("Socket errors"),
            "{}: {text}",
            proxy.name
        );
        let line = text.lines().find(|line| line.contains(" requests in ")).unwrap_or_else(|| {
            panic!("{}: {text}{}", proxy.name, String::from_utf8_lossy(&output.stderr))
        });
        let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let after = |mark: &str| {
            let line = text.lines().find(|line| line.trim_start().starts_with(mark));
            duration(line.and_then(|line| line.split_whitespace().last()).unwrap_or("0s"))
        };
        Seen {
            requests: words[0].parse().expect("a number"),
            took: duration(words[3]),
            cpu,
            p50: after("50%"),
            p99: after("99%"),
        }
    }
}

/// `1.50ms`, `97.00us`, `2.00s`.
fn duration(text: &str) -> Duration {
    let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
    let scale = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "m" => 60.0,
        _ => 1.0,
    };
    Duration::from_secs_f64(number.parse::<f64>().expect("a number") * scale)
}
