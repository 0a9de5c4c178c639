//! What a sign-in costs the whole server, from the POST of the response to the redirect, without the
//! opener: on SQLite and on PostgreSQL, CPU of Samlgate's own process. Printed as a ratio to the
//! floor of the same run: one RSA-2048 verification and SHA-256 of the signed bytes. Also the start
//! with 100,000 users stored, and memory.
//!
//! `cargo bench -p samlgate --bench signin`

#[path = "signin/client.rs"]
mod client;
#[path = "signin/idp.rs"]
mod idp;
#[path = "../../store/tests/databases/postgresql.rs"]
mod postgresql;

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use store::Store;

use client::Client;
use idp::{Idp, Post};

const SIGN_INS: usize = 2000;
const CONNECTIONS: usize = 16;
const USERS: usize = 100_000;
const PORT: u16 = 19_480;
const AUTHORITY: &str = "jira.localhost:19480";

fn main() {
    let sqlite = on("SQLite", |folder| format!("sqlite:{}", folder.join("samlgate.db").display()));
    let postgresql = on("PostgreSQL", |_| postgresql::database());
    println!("PostgreSQL to SQLite: {:.2} (goal: at most 2)", postgresql / sqlite);
}

/// Measures on one database; gives the CPU time of a sign-in in floors.
fn on(name: &str, database: impl Fn(&Path) -> String) -> f64 {
    println!("{name}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let idp = Idp::new(AUTHORITY);
    let url = database(folder.path());
    set_up(folder.path(), &idp, &url);
    fill(&url);
    // The very first start makes the service provider's key, once for good.
    let first = Server(start(folder.path()));
    wait_until_ready();
    drop(first);
    let begun = Instant::now();
    let mut server = Server(start(folder.path()));
    wait_until_ready();
    println!("  start with {USERS} users: {} ms (goal: 100)", begun.elapsed().as_millis());
    std::thread::sleep(Duration::from_secs(2));
    println!("  idle memory (PSS): {:.1} MiB (goal: 25)", server.pss_mib());

    let mut client = Client::connect(PORT, AUTHORITY);
    let posts: Vec<_> = (0..SIGN_INS)
        .map(|_| {
            let start = client.get("/plugins/servlet/saml/auth?os_destination=%2Fbrowse%2FKEY-1");
            idp.answer(&start)
        })
        .collect();
    let floor = idp.floor();
    let before = server.cpu();
    std::thread::scope(|scope| {
        for posts in posts.chunks(SIGN_INS / CONNECTIONS) {
            scope.spawn(|| sign_in_all(posts));
        }
    });
    let each = (server.cpu() - before) / SIGN_INS as u32;
    let floor = (floor + idp.floor()) / 2;
    let ratio = each.as_secs_f64() / floor.as_secs_f64();
    let microseconds = |time: Duration| time.as_secs_f64() * 1e6;
    println!("  floor: {:.1} us", microseconds(floor));
    println!("  sign-in: {:.1} us, {ratio:.1} floors (goal: 17)", microseconds(each));
    println!("  memory after {SIGN_INS} sign-ins (PSS): {:.1} MiB", server.pss_mib());
    server.0.kill().expect("the server is running");
    ratio
}

/// Stores many users, as a company has them.
fn fill(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = Store::open(url).await.expect("the database is there");
        let mut tx = store.begin().await.expect("the database is there");
        for number in 0..USERS {
            let user = directory::User {
                id: format!("id-{number}"),
                name: format!("user-{number}"),
                full_name: format!("User {number}"),
                email: format!("user-{number}@example.com"),
                active: true,
                idp: None,
                created_at: UNIX_EPOCH,
                updated_at: UNIX_EPOCH,
            };
            tx.create_user(&user).await.expect("a new user");
        }
        tx.commit().await.expect("the database is there");
    });
    // SQLite tidies up as its last connection closes, in a thread: that is no part of a start.
    if let Some(file) = url.strip_prefix("sqlite:") {
        let open = || Path::new(&format!("{file}-wal")).exists();
        for _ in (0..1000).take_while(|_| open()) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn sign_in_all(posts: &[Post]) {
    let mut client = Client::connect(PORT, AUTHORITY);
    for post in posts {
        let answer = client.post("/plugins/servlet/saml/auth", &post.cookie, &post.form);
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.header("location").is_some_and(|to| to.contains("/open?")));
    }
}

/// The server; ended with the bench, also when it panics.
struct Server(Child);

impl Server {
    /// CPU time of all threads so far.
    fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id())).expect("it runs");
        let nanoseconds = tasks.filter_map(|task| {
            let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    fn pss_mib(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.0.id()));
        let text = text.unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0");
        let kib: f64 = line.split_whitespace().next().unwrap_or("0").parse().unwrap_or(0.0);
        kib / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn set_up(folder: &Path, idp: &Idp, database: &str) {
    let config = format!(
        "[listen]\npublic = \"127.0.0.1:{PORT}\"\nconsole = \"127.0.0.1:{}\"\ncrowd = \
         \"127.0.0.1:{}\"\n[log]\nlevel = \"warn\"\n[database]\nurl = \"{database}\"\n",
        PORT + 1,
        PORT + 2
    );
    std::fs::write(folder.join("samlgate.toml"), config).expect("the folder can be written");
    std::fs::write(folder.join("idp.pem"), idp.certificate_pem()).expect("as above");
    let url = format!("http://{AUTHORITY}");
    run(
        folder,
        &[
            "app",
            "add",
            "jira",
            "--kind",
            "jira",
            "--public-url",
            &url,
            "--upstream",
            "http://127.0.0.1:9",
        ],
    );
    let certificate = folder.join("idp.pem");
    run(
        folder,
        &[
            "idp",
            "add",
            "bench",
            "--entity-id",
            idp::ENTITY_ID,
            "--login-url",
            "http://idp.localhost:1/sso",
            "--certificate",
            certificate.to_str().expect("UTF-8"),
            "--user-id",
            "attribute:uid",
            "--full-name",
            "cn",
            "--email",
            "mail",
            "--groups",
            "groups",
            "--create-users",
        ],
    );
    for group in 0..idp::GROUPS {
        run(folder, &["group", "add", &format!("group-{group}")]);
    }
}

fn run(folder: &Path, arguments: &[&str]) {
    let done = command(folder, arguments).output().expect("the program starts");
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "samlgate {arguments:?}: {complaint}");
}

fn start(folder: &Path) -> Child {
    command(folder, &["serve"]).stdout(Stdio::null()).spawn().expect("the program starts")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlgate"));
    command.args(arguments).arg("--config").arg(folder.join("samlgate.toml"));
    command
}

fn wait_until_ready() {
    for _ in 0..2000 {
        if std::net::TcpStream::connect(("127.0.0.1", PORT)).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = std::io::stderr().write_all(b"the server did not start\n");
    std::process::exit(1);
}
