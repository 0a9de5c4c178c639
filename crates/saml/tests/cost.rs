//! What messages cost, counted and not timed: instructions by valgrind, and requests for memory.
//! Both are the same on every machine and under every load; `benches/accept.rs` shows the times.
//!
//! A ceiling that a change breaks is raised only with a reason; one that it undercuts is lowered.

#[path = "../benches/stage/mod.rs"]
mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use stage::{Cipher, Stage, post, response};

/// Accepted: the case, how many instructions it may take beyond what the crypto library takes by
/// itself for the same bytes, and how often it may ask for memory.
const ACCEPTED: [(&str, &str, u64, u64); 5] = [
    ("plain", "floor", 330_000, 40),
    ("groups-2000", "floor-2000", 3_500_000, 45),
    ("groups-8000", "floor-8000", 14_000_000, 45),
    ("encrypted-gcm", "floor-encrypted", 600_000, 70),
    ("encrypted-cbc", "floor-encrypted", 650_000, 70),
];

/// Refused, with the same bytes as `plain`.
const REFUSED: [&str; 4] = ["tampered", "unclosed", "expired", "wrong-issuer"];

/// Refused because they cannot be decrypted, each for another reason.
const UNREADABLE: [&str; 11] = [
    "changed-key-gcm",
    "changed-start-gcm",
    "changed-middle-gcm",
    "changed-end-gcm",
    "no-xml-gcm",
    "changed-key-cbc",
    "changed-start-cbc",
    "changed-middle-cbc",
    "changed-end-cbc",
    "no-xml-cbc",
    "unclosed-cbc",
];

/// The cases in their order, the library's own share among them.
fn cases() -> impl Iterator<Item = &'static str> {
    let accepted = ACCEPTED.into_iter().flat_map(|(case, floor, ..)| [floor, case]);
    accepted.chain(REFUSED).chain(UNREADABLE)
}

#[test]
fn messages_are_taken_or_refused_and_ask_for_little_memory() {
    let stage = Stage::new();
    for case in cases() {
        let mut work = work(&stage, case);
        // Once for what is made at the first use only.
        work();
        let asked = allocation_counter::measure(&mut work).count_total;
        let known = ACCEPTED.into_iter().find(|(accepted, ..)| *accepted == case);
        let ceiling = known.map_or(60, |(.., ceiling)| ceiling);
        assert!(
            asked <= ceiling,
            "{case} asks {asked} times for memory, {ceiling} are its ceiling"
        );
        // Twice: now and then the library draws new random numbers for its key.
        measured(&mut work);
        measured(&mut work);
    }
}

#[test]
fn instructions_stay_below_their_ceilings() {
    for (case, floor, ceiling, _) in ACCEPTED {
        let own = INSTRUCTIONS[case].saturating_sub(INSTRUCTIONS[floor]);
        println!("{case}: {own} instructions beyond the crypto library's {}", INSTRUCTIONS[floor]);
        assert!(own <= ceiling, "{case} takes {own} instructions, {ceiling} are its ceiling");
    }
}

#[test]
fn cost_grows_as_the_message_does_and_not_faster() {
    let (some, more) = (INSTRUCTIONS["groups-2000"], INSTRUCTIONS["groups-8000"]);
    assert!(10 * more <= 42 * some, "2,000 groups take {some}, 8,000 take {more} instructions");
}

#[test]
fn refusing_is_never_dearer_than_accepting() {
    for case in REFUSED {
        let (refused, accepted) = (INSTRUCTIONS[case], INSTRUCTIONS["plain"]);
        assert!(refused <= accepted, "{case} takes {refused} instructions, accepting {accepted}");
    }
}

/// Whoever could tell by the time how far a decryption came could decrypt by asking (Vaudenay,
/// Bleichenbacher).
#[test]
fn decryption_costs_the_same_whatever_is_wrong() {
    let costs = UNREADABLE.map(|case| (INSTRUCTIONS[case], case));
    let (least, most) = (costs.iter().min().expect("some"), costs.iter().max().expect("some"));
    assert!(100 * most.0 <= 105 * least.0, "from {least:?} to {most:?}");
    assert!(most.0 <= INSTRUCTIONS["encrypted-cbc"], "{most:?} is dearer than accepting");
}

/// The part that is counted.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
    // Not a jump at the end: valgrind must see this function return.
    std::hint::black_box(());
}

/// Instructions of each case: this very program run by valgrind, one test of it.
static INSTRUCTIONS: LazyLock<BTreeMap<&'static str, u64>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=cost::measured"])
        .arg("--dump-after=cost::measured")
        .arg(format!("--callgrind-out-file={}", folder.path().join("count").display()))
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "messages_are_taken_or_refused_and_ask_for_little_memory"])
        .output()
        .expect("valgrind cannot be run; install the package valgrind");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let count = |number: usize| -> u64 {
        let file = folder.path().join(format!("count.{number}"));
        let dump = fs::read_to_string(file).expect("a count for each case");
        let total = dump.lines().find_map(|line| line.strip_prefix("totals: "));
        total.and_then(|total| total.trim().parse().ok()).expect("a number")
    };
    cases().enumerate().map(|(n, case)| (case, count(2 * n + 1).min(count(2 * n + 2)))).collect()
});

fn work<'s>(stage: &'s Stage, case: &'static str) -> Box<dyn FnMut() + 's> {
    let groups = case.rsplit_once('-').and_then(|(_, groups)| groups.parse().ok()).unwrap_or(40);
    let signed = stage.signed(groups);
    if case == "floor-encrypted" {
        return Box::new(stage.floor_encrypted(&signed));
    }
    if case.starts_with("floor") {
        return Box::new(stage.floor(&signed));
    }
    let posted = post(&message(stage, &signed, case));
    let good = ACCEPTED.iter().any(|(accepted, ..)| *accepted == case);
    let expected = if UNREADABLE.contains(&case) { "decryption" } else { "" };
    Box::new(move || match stage.accept(&posted) {
        Ok(_) => assert!(good, "{case} was accepted"),
        Err(rejection) => {
            assert!(!good && rejection.code().contains(expected), "{case}: {rejection}");
        }
    })
}

fn message(stage: &Stage, signed: &str, case: &str) -> String {
    let other = |from: &str, to: &str| stage.sign(&response(40).replace(from, to));
    match case {
        "tampered" => signed.replace("group-7<", "group-9<"),
        "unclosed" => signed.replace("</samlp:Response>", ""),
        "expired" => other("2027-01-15T08:05", "2027-01-15T07:05"),
        "wrong-issuer" => other("https://idp.", "https://x."),
        _ => match case.rsplit_once('-') {
            Some((change, "gcm")) => encrypted(stage, signed, change, Cipher::Gcm),
            Some((change, "cbc")) => encrypted(stage, signed, change, Cipher::Cbc),
            _ => signed.to_owned(),
        },
    }
}

/// An encrypted message that is right, or wrong in one way.
fn encrypted(stage: &Stage, signed: &str, change: &str, cipher: Cipher) -> String {
    let good = stage.encrypted(signed, cipher);
    let value = |nth: usize| {
        let (start, tag) = good.match_indices("<e:CipherValue>").nth(nth).expect("a value");
        let start = start + tag.len();
        (start, start + good[start..].find('<').expect("its end"))
    };
    let changed = |at: usize| {
        let other = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{other}{}", &good[..at], &good[at + 1..])
    };
    let plain = stage::assertion_in(signed);
    match change {
        "changed-key" => changed(value(0).0 + 50),
        "changed-start" => changed(value(1).0 + 2),
        "changed-middle" => changed(value(1).0 + 2000),
        "changed-end" => changed(value(1).1 - 6),
        "no-xml" => stage.encrypted_with(signed, &"x".repeat(plain.len()), cipher),
        "unclosed" => {
            let unclosed = format!("{}/", &plain[..plain.len() - 1]);
            stage.encrypted_with(signed, &unclosed, cipher)
        }
        _ => good,
    }
}
