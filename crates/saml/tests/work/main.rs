//! What a hostile message costs: instructions that grow with its length and no faster, no stack,
//! no panic, and memory in proportion. Counted, not timed.
//!
//! Instructions are counted by valgrind, in this very program started anew for one message.

mod count;
mod hostile;
#[path = "../scene/mod.rs"]
mod scene;
mod shapes;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use count::{Job, Taker, posted};
use hostile::{CASES, Case};
use saml::{Expected, RawResponse};
use scene::{SP, trusting};
use testkit::Key;

/// What is linear costs as much again; half a million is the noise of start and end. A fiftieth of
/// the least message is that of its memory: by what came before it, the allocator moves a large
/// buffer that grows, or copies it.
fn check_growth(case: &Case, [least, once, twice]: [u64; 3]) -> Result<()> {
    let (first, second) = (once.saturating_sub(least), twice.saturating_sub(once));
    println!("{}: {least}, {first} instructions for {}, then {second}", case.name, case.n);
    let bound = first + first / 3 + least / 50 + 500_000;
    ensure!(second <= bound, "{}: {first} instructions, then {second}", case.name);
    Ok(())
}

#[test]
fn instructions_grow_with_the_length_and_no_faster() -> Result<()> {
    if count::is_child()? {
        return Ok(());
    }
    let job = |case: &Case, times: usize| {
        let n = case.least + times * case.n;
        Job {
            name: case.name,
            posted: posted(&(case.message)(n)),
            code: case.code,
            keys: case.keys.then_some(n),
        }
    };
    let jobs: Vec<_> =
        CASES.iter().flat_map(|case| [0, 1, 2].map(|times| job(case, times))).collect();
    let counts = count::instructions(&jobs)?;
    let (counts, _) = counts.as_chunks();
    CASES.iter().zip(counts).try_for_each(|(case, counts)| check_growth(case, *counts))
}

/// The most that a message may cost, in costs of an honest one of its size.
const TIMES: f64 = 8.0;

/// Bytes by which sizes are told apart.
const STEP: usize = 25_000;

/// What size of message that is, in steps.
fn step(posted: &str) -> usize {
    posted.len() / 4 * 3 / STEP
}

/// An accepted message of about this size, not larger: as many groups as fit.
fn honest(bytes: usize) -> Result<String> {
    let value = |n: usize| format!("<saml:AttributeValue>group-{n:06}</saml:AttributeValue>");
    let mut response = scene::response();
    let number = bytes.saturating_sub(response.signed()?.len()) / value(0).len();
    let values: String = (0..number).map(value).collect();
    response.attributes = format!("<saml:Attribute Name=\"groups\">{values}</saml:Attribute>");
    response.signed()
}

#[test]
fn no_message_costs_more_than_eight_honest_ones_of_its_size() -> Result<()> {
    let mut jobs = Vec::new();
    let mut sizes = BTreeMap::new();
    for shape in shapes::shapes() {
        let message = (shape.message)().with_context(|| shape.name)?;
        let posted = if shape.posted { message } else { posted(&message) };
        // Beside one that is smaller by a fortieth at most.
        sizes.entry(step(&posted)).or_insert(0);
        jobs.push(Job { name: shape.name, posted, code: shape.code, keys: None });
    }
    let number = jobs.len();
    for (size, at) in &mut sizes {
        *at = jobs.len();
        let posted = posted(&honest(size * STEP)?);
        jobs.push(Job { name: "honest", posted, code: "accepted", keys: None });
    }
    let counts = count::instructions(&jobs)?;
    let mut dear = Vec::new();
    for ((shape, job), count) in shapes::shapes().zip(&jobs).zip(&counts) {
        let honest = counts[sizes[&step(&job.posted)]];
        let times = *count as f64 / honest as f64;
        println!(
            "{:.2} times an honest one: {}, {} posted, {count} instructions",
            times,
            shape.name,
            job.posted.len()
        );
        dear.extend((times > TIMES).then(|| format!("{}: {times:.1}", shape.name)));
    }
    ensure!(dear.is_empty(), "of {number}, these cost more: {dear:#?}");
    Ok(())
}

#[test]
fn the_largest_of_each_kind_needs_neither_stack_nor_much_memory() -> Result<()> {
    for case in CASES {
        let most = case.most;
        let child = move || {
            let message = (case.message)(most);
            let length = message.len();
            let message = posted(&message);
            let mut code = "";
            let taker = || Taker::new(case.keys.then_some(most));
            let memory = allocation_counter::measure(|| code = taker().take(&message));
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
