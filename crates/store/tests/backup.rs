//! A backup is whole, is readable by one system user, and takes the place of a database that nobody
//! uses; whatever is refused leaves everything as it was.

#[path = "databases/postgresql.rs"]
mod postgresql;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use directory::User;
use store::{AttemptRow, ConsoleSession, LetIn, Restoring, Session, SessionTimes, Store};

fn user(name: &str) -> User {
    User {
        id: format!("id of {name}"),
        name: name.to_owned(),
        full_name: name.to_owned(),
        email: String::new(),
        active: true,
        idp: None,
        created_at: UNIX_EPOCH,
        updated_at: UNIX_EPOCH,
    }
}

async fn add(store: &Store, name: &str) {
    let mut tx = store.begin().await.unwrap();
    tx.create_user(&user(name)).await.unwrap();
    tx.commit().await.unwrap();
}

/// Camilla's session, and one of an administrator; both by the hash `token`.
async fn open_sessions(store: &Store) {
    let session = Session {
        token_hash: "token".to_owned(),
        user_id: user("camilla").id,
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: "01".to_owned(),
        times: SessionTimes::opened(UNIX_EPOCH),
        expires_at: UNIX_EPOCH + Duration::from_secs(60),
    };
    let record = AttemptRow {
        id: "01".to_owned(),
        started_at: UNIX_EPOCH,
        updated_at: UNIX_EPOCH,
        app: "jira".to_owned(),
        idp: None,
        user_name: None,
        outcome: "signed_in".to_owned(),
        code: String::new(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: String::new(),
        timeline: "[]".to_owned(),
        told: String::new(),
        follows: None,
    };
    let all = LetIn { session, replaces: None, record: &record, messages: None };
    store.begin().await.unwrap().let_in(all).await.unwrap();
    let administrator = ConsoleSession {
        token_hash: "token".to_owned(),
        author: "admin".to_owned(),
        begun_at: UNIX_EPOCH,
        seen_at: UNIX_EPOCH,
        confirmed_at: UNIX_EPOCH,
    };
    store.open_console_session(&administrator, UNIX_EPOCH).await.unwrap();
    assert!(store.session("token").await.unwrap().is_some());
    assert!(store.console_session("token").await.unwrap().is_some());
}

async fn has(store: &Store, name: &str) -> bool {
    store.user_by_id(&user(name).id).await.unwrap().is_some()
}

/// A folder with a database that has Camilla, and how it is opened.
async fn camillas() -> (tempfile::TempDir, String, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("samlgate.db").display());
    let store = Store::open(&url).await.unwrap();
    add(&store, "camilla").await;
    (folder, url, store)
}

/// Puts the backup in place as soon as nobody uses the database, whose connections close in a thread.
async fn restored(url: &str, backup: &Path) -> Option<PathBuf> {
    for _ in 0..500 {
        match Restoring::prepare(url, backup).await.unwrap().put_in_place("before").await {
            Ok(kept) => return kept,
            Err(error) => assert!(error.to_string().contains("is in use"), "{error}"),
        }
    }
    panic!("the database is still open");
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names.into_iter().map(|name| name.into_string().unwrap()).collect()
}

#[tokio::test]
async fn what_was_there_comes_back_and_what_came_later_is_kept_beside_it() {
    let (folder, url, store) = camillas().await;
    open_sessions(&store).await;
    let backup = folder.path().join("backup");
    store.back_up(&backup).await.unwrap();
    assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    add(&store, "gonzo").await;

    let restoring = Restoring::prepare(&url, &backup).await.unwrap();
    let refused = restoring.put_in_place("before").await.unwrap_err().to_string();
    assert!(refused.contains("is in use; stop samlgate"), "{refused}");
    assert!(has(&store, "gonzo").await, "nothing has changed");

    drop(store);
    let database = folder.path().join("samlgate.db");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o640)).unwrap();
    let kept = restored(&url, &backup).await.unwrap();
    assert_eq!(names(folder.path()), ["backup", "samlgate.db", "samlgate.db.before"]);
    let mode = std::fs::metadata(&database).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640, "as the operator wanted it");
    let store = Store::open(&url).await.unwrap();
    assert!(has(&store, "camilla").await && !has(&store, "gonzo").await);
    assert_eq!(store.session("token").await.unwrap(), None, "it has ended");
    assert_eq!(store.console_session("token").await.unwrap(), None, "it has ended");
    add(&store, "rowlf").await;
    let before = Store::open(&format!("sqlite:{}", kept.display())).await.unwrap();
    assert!(has(&before, "gonzo").await && !has(&before, "rowlf").await);
}

#[tokio::test]
async fn a_backup_is_whole_while_others_write() {
    let (folder, _, store) = camillas().await;
    let writing = tokio::spawn({
        let store = store.clone();
        async move {
            for number in 0..200 {
                add(&store, &format!("user-{number}")).await;
            }
        }
    });
    for number in 0..5 {
        let file = folder.path().join(format!("backup-{number}"));
        store.back_up(&file).await.unwrap();
        let elsewhere = format!("sqlite:{}", folder.path().join(format!("{number}.db")).display());
        let restoring = Restoring::prepare(&elsewhere, &file).await.unwrap();
        assert_eq!(restoring.put_in_place("before").await.unwrap(), None, "none was there");
        let restored = Store::open(&elsewhere).await.unwrap();
        assert!(has(&restored, "camilla").await);
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn a_damaged_database_gives_way_and_its_log_goes_with_it() {
    let (from, _, store) = camillas().await;
    let backup = from.path().join("backup");
    store.back_up(&backup).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("samlgate.db"), "no database").unwrap();
    std::fs::write(file("samlgate.db-wal"), "no log").unwrap();
    let url = format!("sqlite:{}", file("samlgate.db").display());
    let restoring = Restoring::prepare(&url, &backup).await.unwrap();
    restoring.put_in_place("before").await.unwrap();
    assert!(!file("samlgate.db-wal").exists());
    assert_eq!(std::fs::read(file("samlgate.db.before")).unwrap(), b"no database");
    assert!(has(&Store::open(&url).await.unwrap(), "camilla").await);
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_nothing_is_left() {
    let (folder, url, store) = camillas().await;
    let backup = folder.path().join("backup");
    store.back_up(&backup).await.unwrap();
    let again = store.back_up(&backup).await.unwrap_err().to_string();
    assert!(again.contains("File exists"), "{again}");
    let nowhere = store.back_up(Path::new("/nowhere/backup")).await.unwrap_err().to_string();
    assert!(nowhere.starts_with("cannot write /nowhere/backup: No such file"), "{nowhere}");

    let whole = std::fs::read(&backup).unwrap();
    let mut damaged = whole.clone();
    damaged[4096..8192].fill(0x55);
    let foreign = folder.path().join("foreign");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&foreign);
    let pool = sqlx::SqlitePool::connect_with(options.create_if_missing(true)).await.unwrap();
    sqlx::query("CREATE TABLE theirs (x)").execute(&pool).await.unwrap();
    pool.close().await;
    let put = |name: &str, bytes: &[u8]| -> PathBuf {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let cut = put("cut", &whole[..whole.len() / 2]);
    for file in [cut, put("damaged", &damaged), put("empty", b""), put("text", b"text"), foreign] {
        let refused = Restoring::prepare(&url, &file).await.unwrap_err().to_string();
        let expected = format!("{} is no whole backup of Samlgate: ", file.display());
        assert!(refused.starts_with(&expected), "{refused}");
    }
    let refused = Restoring::prepare(&url, Path::new("/nowhere/backup")).await.unwrap_err();
    assert!(refused.to_string().starts_with("cannot copy /nowhere/backup"), "{refused}");
    let left = names(folder.path());
    assert!(!left.iter().any(|name| name.contains("restoring")), "{left:?}");
    assert!(has(&store, "camilla").await);
}

#[tokio::test]
async fn postgresql_has_tools_of_its_own() {
    let url = postgresql::database();
    let store = Store::open(&url).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let refused = store.back_up(&file).await.unwrap_err().to_string();
    assert!(refused.contains("pg_dump"), "{refused}");
    let refused = Restoring::prepare(&url, &file).await.unwrap_err().to_string();
    assert!(refused.contains("pg_restore"), "{refused}");
    assert!(names(folder.path()).is_empty());
}
