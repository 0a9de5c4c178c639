//! Counting instructions: this very program, started anew under valgrind, takes a list of messages.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{DecryptionKey, Expected, RawResponse, ServiceProvider, TrustedIdp};
use testkit::{Encryption, Hash, Key};

use crate::scene::{self, SP, trusting};

/// Says to the program that is started anew in which folder its messages lie.
const CHILD: &str = "SAMLGATE_TEST_WORK";

/// The test that the program is started anew for.
const ENTRY: &str = "instructions_grow_with_the_length_and_no_faster";

/// A message to be counted.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    /// As it is posted.
    pub(crate) posted: String,
    /// How it must end: the code of the refusal, or "accepted".
    pub(crate) code: &'static str,
    /// How many keys of the IdP's there are, if not the one that signs.
    pub(crate) keys: Option<usize>,
}

/// What a browser posts of a message.
pub(crate) fn posted(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// Who takes the messages: the IdP's keys and two keys of our own, an old and a new one.
pub(crate) struct Taker {
    idp: TrustedIdp,
    own: Vec<DecryptionKey>,
}

impl Taker {
    pub(crate) fn new(keys: Option<usize>) -> Self {
        let private = |key: Key| {
            let pem = std::fs::read(key.private_path()).expect("the fixture's key");
            DecryptionKey::from_pem(&pem).expect("an RSA key")
        };
        let keys = keys.map_or(vec![Key::Rsa2048], |number| vec![Key::Attacker; number]);
        Taker { idp: trusting(&keys), own: vec![private(Key::Attacker), private(Key::Rsa2048)] }
    }

    /// The same behind the first messages: what is made at the first use of a key, and once in a
    /// thread, is no part of what a message costs.
    fn used(self) -> Result<Self> {
        for digest in [Hash::Sha1, Hash::Sha256] {
            for key in [Key::Attacker, Key::Rsa2048] {
                let encryption = Encryption { digest: Some(digest), ..Encryption::default() };
                let xml = encryption.encrypt_assertion(&scene::response().signed()?, key)?;
                self.take(&posted(&xml));
            }
        }
        Ok(self)
    }

    /// What is done with a message: it is accepted, or refused and asked who made it.
    pub(crate) fn take(&self, posted: &str) -> &'static str {
        let raw = match RawResponse::from_post_value(posted) {
            Ok(raw) => raw,
            Err(rejection) => return rejection.code(),
        };
        let sp = ServiceProvider { decryption_keys: &self.own, ..SP };
        let expected = Expected::Request(scene::REQUEST);
        let anyhow = saml::RequiredAuthn::default();
        let outcome =
            saml::judge(&raw, &self.idp, &sp, expected, anyhow, scene::now(), scene::SKEW);
        outcome.map_or_else(|refused| refused.rejection.code(), |_| "accepted")
    }
}

/// The part that is counted.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
    // Not a jump at the end: valgrind must see this function return.
    std::hint::black_box(());
}

/// Does the work of the program that was started anew, if this is it.
pub(crate) fn is_child() -> Result<bool> {
    let Ok(folder) = std::env::var(CHILD) else { return Ok(false) };
    let list = std::fs::read_to_string(Path::new(&folder).join("list"))?;
    let mut takers = BTreeMap::new();
    for (number, line) in list.lines().enumerate() {
        let (code, keys) = line.split_once(' ').context("a code and a number of keys")?;
        let posted = std::fs::read_to_string(Path::new(&folder).join(number.to_string()))?;
        let keys = keys.parse().ok();
        let taker = match takers.entry(keys) {
            Entry::Occupied(taker) => taker.into_mut(),
            Entry::Vacant(place) => place.insert(Taker::new(keys).used()?),
        };
        let mut outcome = "";
        measured(&mut || outcome = taker.take(&posted));
        ensure!(outcome == code, "message {number} ends with {outcome}, not {code}");
    }
    Ok(true)
}

/// The instructions that each message takes; two programs share the work.
pub(crate) fn instructions(jobs: &[Job]) -> Result<Vec<u64>> {
    // Here and not only there, where it takes long.
    let wrong = |job: &Job| {
        let outcome = Taker::new(job.keys).take(&job.posted);
        (outcome != job.code).then(|| format!("{}: {outcome}, not {}", job.name, job.code))
    };
    let wrong: Vec<_> = jobs.iter().filter_map(wrong).collect();
    ensure!(wrong.is_empty(), "these end otherwise: {wrong:#?}");
    // In turn, so that neither has all of the dear ones.
    let halves: [Vec<&Job>; 2] = [0, 1].map(|half| jobs.iter().skip(half).step_by(2).collect());
    let [even, odd] = std::thread::scope(|scope| {
        let threads = halves.each_ref().map(|half| scope.spawn(|| counted(half)));
        threads.map(|thread| thread.join().expect("no panic"))
    });
    let (even, mut odd) = (even?, odd?.into_iter());
    Ok(even.into_iter().flat_map(|count| std::iter::once(count).chain(odd.next())).collect())
}

fn counted(jobs: &[&Job]) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir()?;
    let mut list = String::new();
    for (number, job) in jobs.iter().enumerate() {
        std::fs::write(folder.path().join(number.to_string()), &job.posted)?;
        let keys = job.keys.map_or("usual".to_owned(), |keys| keys.to_string());
        list.push_str(&format!("{} {keys}\n", job.code));
    }
    std::fs::write(folder.path().join("list"), list)?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=work::count::measured"])
        .arg("--dump-after=work::count::measured")
        .arg(format!("--callgrind-out-file={}", folder.path().join("count").display()))
        .arg(std::env::current_exe()?)
        .args(["--exact", ENTRY, "--test-threads=1"])
        .env(CHILD, folder.path())
        .output()
        .context("valgrind cannot be run; install the package valgrind")?;
    if !output.status.success() {
        let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        bail!("{out}{err}");
    }
    let count = |number: usize| -> Result<u64> {
        let dump = std::fs::read_to_string(folder.path().join(format!("count.{number}")))?;
        let total = dump.lines().find_map(|line| line.strip_prefix("totals: "));
        Ok(total.context("a total")?.trim().parse()?)
    };
    (1..=jobs.len()).map(count).collect()
}
