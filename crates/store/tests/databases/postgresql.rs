//! A real PostgreSQL that this program starts in a temporary folder, on a Unix socket only.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The address of a new, empty database.
pub(crate) fn database() -> String {
    /// The folder of the server's socket.
    static SERVER: OnceLock<PathBuf> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = SERVER.get_or_init(start).display();
    let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let socket = ["-h", &folder.to_string(), "-U", "samlgate"].map(str::to_owned);
    run(program("createdb").args(socket).arg(&name));
    format!("postgres://samlgate@localhost/{name}?host={folder}")
}

fn start() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("samlgate-pg-").tempdir_in("/tmp");
    let folder = folder.expect("a temporary folder").keep();
    let data = folder.join("data");
    // PostgreSQL refuses to run as root: then it runs as Debian's user for it.
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(&folder));
    }
    run(as_postgres("initdb").args(["--auth=trust", "--username=samlgate", "-D"]).arg(&data));
    let mut server = as_postgres("postgres");
    server.arg("-D").arg(&data).args(["-c", "listen_addresses=", "-c", "fsync=off", "-k"]);
    let child = server.arg(&folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("PostgreSQL starts");
    wait_for(&folder.join(".s.PGSQL.5432"));
    // Nothing runs the destructors of statics, so another process watches for our end.
    end_with_us(&child, &folder);
    std::thread::spawn(move || child.wait());
    folder
}

/// A watcher that stops the server and removes its folder when this process has ended.
fn end_with_us(child: &Child, folder: &Path) {
    let script = "while kill -0 \"$1\" 2>/dev/null; do sleep 0.2; done; kill \"$2\"; sleep 0.5; \
                  rm -rf \"$3\"";
    let us = std::process::id().to_string();
    let mut watcher = Command::new("sh")
        .args(["-c", script, "sh", &us, &child.id().to_string()])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell starts");
    std::thread::spawn(move || watcher.wait());
}

fn wait_for(socket: &Path) {
    for _ in 0..600 {
        if socket.exists() {
            let folder = socket.parent().expect("a folder");
            let ready = program("pg_isready").arg("-q").arg("-h").arg(folder).status();
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("PostgreSQL did not start within 30 s");
}

fn as_postgres(name: &str) -> Command {
    if !is_root() {
        return program(name);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(path_of(name));
    command
}

fn program(name: &str) -> Command {
    Command::new(path_of(name))
}

fn path_of(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.path().join("bin").join(name))
        .filter(|p| p.exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is missing: apt-get install postgresql")
}

fn run(command: &mut Command) {
    let done = command.current_dir("/tmp").output().expect("the program starts");
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {complaint}");
}

fn is_root() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .is_ok_and(|status| status.lines().any(|line| line.starts_with("Uid:\t0\t")))
}
