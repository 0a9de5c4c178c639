//! The gateway beside Debian's nginx and haproxy, in one run: CPU of each server for one request,
//! throughput and latency. The peers come with their own access logs switched off, as ours is.
//!
//! Each server runs alone on the first core, one worker each; load (`wrk`) and app (nginx with
//! files) share the second. The rounds take turns, so that a busy machine is busy for all. What
//! counts are the ratios to nginx; bare times mean little.
//!
//! `cargo bench -p samlgate --bench proxy` (needs Debian's nginx, haproxy, wrk and taskset)

#[path = "proxy/load.rs"]
mod load;
#[path = "proxy/program.rs"]
mod program;
#[path = "proxy/site.rs"]
mod site;

use std::time::Duration;

use load::{Load, Seen};
use site::{Proxy, Site};

const ROUNDS: usize = 5;

/// What is measured.
struct Task {
    title: &'static str,
    load: Load,
    /// What a value is called, and how it comes from what was seen.
    columns: &'static [Column],
    /// Which of the columns is compared with nginx, how far it may go, and whether less is better.
    goal: Goal,
    /// Measured with the log-in page's line put in: by `sub_filter` at nginx, not at haproxy.
    rewritten: bool,
}

type Column = (&'static str, fn(&Seen) -> f64);

struct Goal {
    column: usize,
    at_most: f64,
    /// Larger values are better ones.
    inverse: bool,
}

const TASKS: &[Task] = &[
    Task {
        title: "10 kB page, 32 connections",
        load: Load { path: "/page.html", connections: 32 },
        columns: &[("CPU us/request", cpu_us), ("requests/s", rate), ("p50 ms", p50)],
        goal: Goal { column: 0, at_most: 1.5, inverse: false },
        rewritten: false,
    },
    Task {
        title: "log-in page with the button, 32 connections",
        load: Load { path: "/login.jsp", connections: 32 },
        columns: &[("CPU us/request", cpu_us), ("requests/s", rate), ("p50 ms", p50)],
        goal: Goal { column: 0, at_most: 1.0, inverse: false },
        rewritten: true,
    },
    Task {
        title: "10 MB download, 4 connections",
        load: Load { path: "/large.bin", connections: 4 },
        columns: &[("CPU ms/file", |seen| cpu_us(seen) / 1e3), ("MB/s", |seen| rate(seen) * 10.0)],
        goal: Goal { column: 1, at_most: 1.0, inverse: true },
        rewritten: false,
    },
    Task {
        title: "10 kB page, one connection",
        load: Load { path: "/page.html", connections: 1 },
        columns: &[("p50 ms", p50), ("p99 ms", |seen| seen.p99.as_secs_f64() * 1e3)],
        goal: Goal { column: 0, at_most: 1.0, inverse: false },
        rewritten: false,
    },
];

fn cpu_us(seen: &Seen) -> f64 {
    seen.cpu.as_secs_f64() * 1e6 / seen.requests as f64
}

fn rate(seen: &Seen) -> f64 {
    seen.requests as f64 / seen.took.as_secs_f64()
}

fn p50(seen: &Seen) -> f64 {
    seen.p50.as_secs_f64() * 1e3
}

fn main() {
    let site = Site::open();
    let wanted = std::env::args().nth(1).filter(|word| !word.starts_with('-'));
    for task in TASKS {
        if wanted.as_ref().is_none_or(|word| task.title.contains(word.as_str())) {
            measure(&site, task);
        }
    }
    println!("\nmemory after all of it (PSS):");
    for proxy in site.proxies() {
        println!("  {:<20} {:>7.1} MiB", proxy.name, proxy.program.pss_mib());
    }
}

fn measure(site: &Site, task: &Task) {
    println!("\n{}", task.title);
    let fits = |proxy: &&Proxy| !task.rewritten || proxy.rewrites || proxy.name == "nginx";
    let proxies: Vec<_> = site.proxies().iter().filter(fits).collect();
    let mut seen: Vec<Vec<Seen>> = proxies.iter().map(|_| Vec::new()).collect();
    for round in 0..=ROUNDS {
        for (proxy, seen) in proxies.iter().zip(&mut seen) {
            // The first round warms caches and connections.
            let length = Duration::from_secs(if round == 0 { 1 } else { 2 });
            let one = task.load.run(proxy, length);
            if round > 0 {
                seen.push(one);
            }
        }
    }
    let value = |column: usize, seen: &[Seen]| median(seen.iter().map(task.columns[column].1));
    let against = if task.rewritten { "nginx sub_filter" } else { "nginx" };
    let goal = &task.goal;
    let base = proxies.iter().position(|proxy| proxy.name == against);
    let base = value(goal.column, &seen[base.expect("nginx is there")]);
    let heads: Vec<_> = task.columns.iter().map(|(name, _)| format!("{name:>16}")).collect();
    println!("  {:<20}{}{:>12}", "", heads.concat(), "to nginx");
    for (proxy, seen) in proxies.iter().zip(&seen) {
        let values = (0..task.columns.len()).map(|column| value(column, seen));
        let values: String = values.map(|value| format!("{value:>16.3}")).collect();
        let ratio = value(goal.column, seen) / base;
        let verdict = match (proxy.name, goal.inverse) {
            ("samlgate", true) if ratio >= goal.at_most => "reached",
            ("samlgate", false) if ratio <= goal.at_most => "reached",
            ("samlgate", _) => "NOT reached",
            _ => "",
        };
        println!("  {:<20}{values}{ratio:>12.2}  {verdict}", proxy.name);
    }
    let word = if goal.inverse { "at least" } else { "at most" };
    println!("  goal: {word} {:.2} of {against} in {}", goal.at_most, task.columns[goal.column].0);
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
