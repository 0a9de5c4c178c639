//! What a hostile message costs: instructions that grow with its length and no faster, no stack,
//! no panic, and memory in proportion. Counted, not timed.
//!
//! Instructions are counted by valgrind, in this very program started anew for one message.

mod hostile;
#[path = "../scene/mod.rs"]
mod scene;

use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use hostile::{CASES, Case};
use saml::{Expected, RawResponse};
use scene::{SP, trusting};
use testkit::Key;

/// Says to the program that is started anew which message lies where.
const CHILD: &str = "SAMLGATE_TEST_WORK";

/// The code of the refusal, or "accepted".
fn outcome(case: &Case, n: usize, xml: String) -> &'static str {
    let mut idp = trusting(&[Key::Rsa2048]);
    if case.keys {
        idp = trusting(&vec![Key::Attacker; n]);
    }
    let raw = match RawResponse::from_xml(xml.into_bytes()) {
        Ok(raw) => raw,
        Err(rejection) => return rejection.code(),
    };
    let expected = Expected::Request(scene::REQUEST);
    let outcome = saml::accept(&raw, &idp, &SP, expected, scene::now(), scene::SKEW);
    outcome.map_or_else(|rejection| rejection.code(), |_| "accepted")
}

/// The instructions of one run.
fn instructions(case: &Case, n: usize) -> Result<u64> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), (case.message)(n))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--exact", "instructions_grow_with_the_length_and_no_faster", "--test-threads=1"])
        .env(CHILD, format!("{}|{n}|{}", case.name, file.path().display()))
        .output()
        .context("valgrind cannot be run; install the package valgrind")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} {n}: {told}", case.name);
    let count = told.lines().find_map(|line| line.split_once("Collected : "));
    let count = count.with_context(|| format!("{}: valgrind said {told}", case.name))?.1;
    Ok(count.trim().parse()?)
}

fn child(told: &str) -> Result<()> {
    let parts: Vec<_> = told.split('|').collect();
    let [name, n, path] = parts[..] else { bail!("{told}") };
    let case = CASES.iter().find(|case| case.name == name).context("a case")?;
    assert_eq!(outcome(case, n.parse()?, std::fs::read_to_string(path)?), case.code);
    Ok(())
}

/// What is linear costs as much again; half a million is the noise of start and end.
fn check_growth(case: &Case) -> Result<()> {
    let [least, once, twice] =
        [0, 1, 2].map(|times| instructions(case, case.least + times * case.n));
    let (least, once, twice) = (least?, once?, twice?);
    let (first, second) = (once.saturating_sub(least), twice.saturating_sub(once));
    println!("{}: {first} instructions for {}, then {second}", case.name, case.n);
    let bound = first + first / 3 + 500_000;
    ensure!(second <= bound, "{}: {first} instructions, then {second}", case.name);
    Ok(())
}

#[test]
fn instructions_grow_with_the_length_and_no_faster() -> Result<()> {
    if let Ok(told) = std::env::var(CHILD) {
        return child(&told);
    }
    std::thread::scope(|scope| {
        let halves = CASES.chunks(CASES.len().div_ceil(2));
        let threads = halves.map(|half| scope.spawn(|| half.iter().try_for_each(check_growth)));
        let threads: Vec<_> = threads.collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
    })
}

#[test]
fn the_largest_of_each_kind_needs_neither_stack_nor_much_memory() -> Result<()> {
    for case in CASES {
        let most = case.most;
        let child = move || {
            let message = (case.message)(most);
            let length = message.len();
            let mut code = "";
            let memory = allocation_counter::measure(|| code = outcome(case, most, message));
            assert_eq!(code, case.code, "{}", case.name);
            // The text, the tree and the values read; keys are not of the message.
            let keys = if case.keys { 200_000 * most } else { 0 };
            let bound = (1_000_000 + 48 * length + keys) as u64;
            assert!(memory.bytes_max < bound, "{}: {} bytes", case.name, memory.bytes_max);
        };
        // A tenth of what a thread of the server has.
        let thread = std::thread::Builder::new().stack_size(200 * 1024).spawn(child)?;
        assert!(thread.join().is_ok(), "{} needs more", case.name);
    }
    Ok(())
}

#[test]
fn what_is_refused_allocates_no_more_than_what_is_accepted() -> Result<()> {
    let signed = scene::response().signed()?;
    let forged = signed.replace("camilla", "mallory");
    let count = |xml: &str| {
        let xml = xml.to_owned();
        let idp = trusting(&[Key::Rsa2048]);
        let raw = RawResponse::from_xml(xml.into_bytes()).expect("a small message");
        let expected = Expected::Request(scene::REQUEST);
        allocation_counter::measure(|| {
            let _ = saml::accept(&raw, &idp, &SP, expected, scene::now(), scene::SKEW);
        })
        .count_total
    };
    let (accepted, refused) = (count(&signed), count(&forged));
    assert!(refused <= accepted, "{refused} allocations to refuse, {accepted} to accept");
    assert!(scene::outcome(signed).is_ok());
    assert!(scene::outcome(forged).is_err());
    Ok(())
}
