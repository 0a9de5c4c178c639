//! A process on one core, and what it costs.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running process; ended with the bench, also when it panics.
pub(crate) struct Program(Child);

impl Program {
    /// Starts `command` on `core` and waits until it listens at `port`.
    pub(crate) fn start(core: usize, command: &[&str], port: u16) -> Self {
        let child = Command::new("taskset")
            .args(["-c", &core.to_string()])
            .args(command)
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let program = Program(child);
        for _ in 0..1000 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return program;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{command:?} does not listen at {port}");
    }

    /// CPU time of all threads so far.
    pub(crate) fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id())).expect("it runs");
        let nanoseconds = tasks.filter_map(|task| {
            let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// Memory of its own, with its share of what others use too.
    pub(crate) fn pss_mib(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.0.id()));
        let text = text.unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0");
        let kib: f64 = line.split_whitespace().next().unwrap_or("0").parse().unwrap_or(0.0);
        kib / 1024.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
