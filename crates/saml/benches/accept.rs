//! What accepting a response costs, as a ratio to the floor of the same run: one RSA-2048
//! verification and SHA-256 of the canonical signed bytes, both with the crypto library alone;
//! when the assertion is encrypted, also one private-key operation and the content's decryption.
//! Refusing is measured against accepting.
//!
//! `cargo bench -p saml --bench accept`

mod stage;

use std::hint::black_box;
use std::time::{Duration, Instant};

use stage::{Cipher, Stage, post, response};

/// Each round measures everything once, in batches shorter than a scheduler's slice: so the median
/// is hardly touched by what else the machine does.
const ROUNDS: usize = 201;

fn main() {
    let stage = Stage::new();
    for groups in [40, 2000, 8000] {
        let signed = stage.signed(groups);
        let mut race = Race::new(if groups < 100 { 10 } else { 2 });
        race.add("floor", stage.floor(&signed));
        race.add("accept", accepting(&stage, post(&signed)));
        race.add("tampered", refusing(&stage, post(&signed.replace("group-7<", "group-9<"))));
        race.add("bad XML", refusing(&stage, post(&signed.replace("</samlp:Response>", ""))));
        race.run(&format!("{groups} groups, {} bytes", signed.len()));
    }
    let plain = response(40);
    let signed = stage.sign(&plain);
    let other = |from: &str, to: &str| post(&stage.sign(&plain.replace(from, to)));
    let mut race = Race::new(10);
    race.add("accept", accepting(&stage, post(&signed)));
    race.add("wrong issuer", refusing(&stage, other("https://idp.", "https://x.")));
    race.add("expired", refusing(&stage, other("2027-01-15T08:05", "2027-01-15T07:05")));
    race.add("oversized", refusing(&stage, post(&signed.repeat(200))));
    race.run("refusing");
    for (name, cipher) in [("AES-256-GCM", Cipher::Gcm), ("AES-128-CBC", Cipher::Cbc)] {
        let encrypted = stage.encrypted(&signed, cipher);
        let mut race = Race::new(2);
        race.add("floor", stage.floor_encrypted(&signed));
        race.add("accept", accepting(&stage, post(&encrypted)));
        race.run(&format!("encrypted, {name}, {} bytes", encrypted.len()));
    }
}

fn accepting(stage: &Stage, posted: String) -> impl FnMut() + use<'_> {
    move || {
        let accepted = stage.accept(black_box(&posted)).expect("it is accepted");
        black_box(accepted.attributes().flat_map(|a| a.values()).map(str::len).sum::<usize>());
    }
}

fn refusing(stage: &Stage, posted: String) -> impl FnMut() + use<'_> {
    move || drop(stage.accept(black_box(&posted)).expect_err("it is refused"))
}

/// Some pieces of work, measured in turns.
struct Race<'a> {
    times: usize,
    runners: Vec<Runner<'a>>,
}

struct Runner<'a> {
    name: &'static str,
    work: Box<dyn FnMut() + 'a>,
    taken: Vec<Duration>,
}

impl<'a> Race<'a> {
    fn new(times: usize) -> Self {
        Race { times, runners: Vec::new() }
    }

    fn add(&mut self, name: &'static str, work: impl FnMut() + 'a) {
        self.runners.push(Runner { name, work: Box::new(work), taken: Vec::new() });
    }

    /// Prints each one's median, and as a multiple of the first one's.
    fn run(mut self, title: &str) {
        for _ in 0..ROUNDS {
            for Runner { work, taken, .. } in &mut self.runners {
                let begun = Instant::now();
                (0..self.times).for_each(|_| work());
                taken.push(begun.elapsed() / self.times as u32);
            }
        }
        print!("{title}:");
        let mut first = None;
        for Runner { name, mut taken, .. } in self.runners {
            taken.sort_unstable();
            let median = taken[taken.len() / 2];
            let first = *first.get_or_insert(median);
            print!(" {name} {median:.1?} = {:.2};", median.as_secs_f64() / first.as_secs_f64());
        }
        println!();
    }
}
