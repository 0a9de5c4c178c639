//! Records of sign-ins: what has ended stands, what comes later is a row of its own, and what anybody
//! can make takes no more room than a ring has. On SQLite and PostgreSQL.

#[path = "databases/both.rs"]
mod both;
mod databases;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use both::both;
use store::{AttemptFilter, AttemptRow, LongestSession, Newest, SealedMessages, Store, StoreError};

/// As apps are by default.
const LONGEST: LongestSession =
    LongestSession { unused: Duration::from_secs(8 * 3600), open: Duration::from_secs(24 * 3600) };

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_800_000_000_123)
}

fn attempt(id: &str, outcome: &str, follows: Option<&str>) -> AttemptRow {
    AttemptRow {
        id: id.to_owned(),
        started_at: now(),
        updated_at: now(),
        app: "jira".to_owned(),
        idp: Some("company".to_owned()),
        user_name: Some("camilla".to_owned()),
        outcome: outcome.to_owned(),
        code: if outcome.ends_with("ed") { "" } else { "code" }.to_owned(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: "192.0.2.1".to_owned(),
        timeline: format!(r#"[{{"step":"{outcome}","text":"{id}"}}]"#),
        told: String::new(),
        follows: follows.map(str::to_owned),
    }
}

fn messages(id: &str, bytes: usize) -> SealedMessages {
    SealedMessages {
        attempt_id: id.to_owned(),
        sealed: "x".repeat(bytes),
        let_in: false,
        kept_until: now() + Duration::from_secs(3600),
    }
}

async fn listed(store: &Store, outcome: &str) -> Vec<String> {
    let filter = AttemptFilter { outcome: outcome.to_owned(), ..AttemptFilter::default() };
    let all = Newest { limit: 10_000, before: None };
    let found = store.attempts_like(&filter, &all).await.unwrap();
    found.into_iter().map(|attempt| attempt.id).collect()
}

#[tokio::test]
async fn a_finished_record_is_never_rewritten() {
    for (database, store) in both().await {
        store.record_attempt(&attempt("01", "refused", None)).await.unwrap();
        for outcome in ["refused", "signed_in", "opened"] {
            let again = store.record_attempt(&attempt("01", outcome, None)).await;
            assert!(matches!(again, Err(StoreError::Conflict(_))), "{database}: {again:?}");
        }
        let in_ring = store.record_in_ring(&attempt("01", "signed_in", None), None).await;
        assert!(matches!(in_ring, Err(StoreError::Conflict(_))), "{database}: {in_ring:?}");
        assert_eq!(store.attempt("01").await.unwrap().unwrap().outcome, "refused", "{database}");
    }
}

#[tokio::test]
async fn openings_are_rows_of_their_own_and_the_attempt_shows_the_latest() {
    for (database, store) in both().await {
        store.record_attempt(&attempt("01", "signed_in", Some("request"))).await.unwrap();
        store.record_attempt(&attempt("02", "refused", None)).await.unwrap();
        assert_eq!(listed(&store, "signed_in").await, ["01"], "{database}");
        for (id, outcome) in [("03", "open_failed"), ("04", "opened")] {
            store.record_attempt(&attempt(id, outcome, Some("01"))).await.unwrap();
            let found = store.attempt("01").await.unwrap().unwrap();
            assert_eq!(found.outcome, outcome, "{database}");
            let both = format!(
                r#"[{{"step":"signed_in","text":"01"}},{{"step":"{outcome}","text":"{id}"}}]"#
            );
            assert_eq!(found.timeline, both, "{database}");
            assert_eq!(listed(&store, outcome).await, ["01"], "{database}");
        }
        let again =
            AttemptRow { code: "replay".into(), ..attempt("05", "posted_again", Some("01")) };
        store.record_in_ring(&again, None).await.unwrap();
        assert_eq!(listed(&store, "").await, ["02", "01"], "openings are no attempts, {database}");
        let by_request = store.attempt("request").await.unwrap().unwrap();
        assert_eq!((by_request.id.as_str(), by_request.outcome.as_str()), ("01", "opened"));
        let after: Vec<_> =
            store.attempts_after("01", 10).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(after, ["03", "04", "05"], "{database}");
        let tallies = store.tally_attempts(UNIX_EPOCH).await.unwrap();
        let counts: Vec<_> = tallies.iter().map(|t| (t.outcome.as_str(), t.count)).collect();
        assert_eq!(counts, [("open_failed", 1), ("refused", 1), ("signed_in", 1)], "{database}");
    }
}

#[tokio::test]
async fn what_happened_is_followed_oldest_first_and_openings_under_their_attempt() {
    for (database, store) in both().await {
        let later = |record: AttemptRow, millis| {
            let updated_at = now() + Duration::from_millis(millis);
            AttemptRow { updated_at, ..record }
        };
        store.record_attempt(&attempt("01", "signed_in", Some("request"))).await.unwrap();
        store.record_attempt(&attempt("02", "refused", None)).await.unwrap();
        store.record_attempt(&later(attempt("03", "opened", Some("01")), 5)).await.unwrap();
        let since = store.attempts_since(now(), "02", 10).await.unwrap();
        let since: Vec<_> =
            since.iter().map(|one| (one.id.as_str(), one.outcome.as_str())).collect();
        assert_eq!(since, [("01", "opened")], "{database}");
        let all = store.attempts_since(UNIX_EPOCH, "", 10).await.unwrap();
        let all: Vec<_> = all.iter().map(|one| one.outcome.as_str()).collect();
        assert_eq!(all, ["signed_in", "refused", "opened"], "{database}");
    }
}

#[tokio::test]
async fn a_ring_holds_a_thousand_records_and_pushes_out_nothing_else() {
    for (database, store) in both().await {
        store.record_attempt(&attempt("00000", "refused", None)).await.unwrap();
        store.keep_messages(&messages("00000", 100)).await.unwrap();
        for n in 1..=1100 {
            let id = format!("{n:05}");
            let record = attempt(&id, "refused", None);
            store.record_in_ring(&record, Some(&messages(&id, 10))).await.unwrap();
        }
        let kept = listed(&store, "").await;
        assert_eq!(kept.len(), 1001, "{database}");
        assert_eq!(kept.last().unwrap(), "00000", "what is not in the ring stays, {database}");
        assert_eq!(kept[999], "00101", "{database}");
        for (id, is_kept) in [("00000", true), ("00100", false), ("00101", true)] {
            assert_eq!(store.messages(id).await.unwrap().is_some(), is_kept, "{database}: {id}");
        }
    }
}

#[tokio::test]
async fn a_ring_takes_less_than_five_megabytes_and_keeps_the_newest() {
    for (database, store) in both().await {
        for n in 0..30 {
            let id = format!("{n:02}");
            let large = messages(&id, 350_000);
            store.record_in_ring(&attempt(&id, "refused", None), Some(&large)).await.unwrap();
        }
        let kept = listed(&store, "").await;
        assert_eq!(kept.len(), 11, "350 kB each, {database}");
        assert_eq!(kept[0], "29", "{database}");
    }
}

/// Pages that are free are given back, in a file of an older version, too.
#[tokio::test]
async fn a_file_becomes_small_again_after_a_flood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.db");
    let url = format!("sqlite:{}", file.display());
    let size = || std::fs::metadata(&file).unwrap().len();
    let made = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let old = sqlx::SqlitePool::connect_with(made).await.unwrap();
    sqlx::raw_sql("CREATE TABLE of_an_older_version (id TEXT)").execute(&old).await.unwrap();
    old.close().await;
    let store = Store::open(&url).await.unwrap();
    for n in 0..100 {
        store.keep_messages(&messages(&format!("{n:02}"), 200_000)).await.unwrap();
    }
    // What is written lies in the log until a checkpoint.
    let checkpoint = async || {
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await.unwrap();
        pool.close().await;
    };
    checkpoint().await;
    let large = size();
    assert!(large > 19_000_000, "{large} bytes");
    for _ in 0..5 {
        store.sweep(now() + Duration::from_secs(7200), LONGEST).await.unwrap();
    }
    checkpoint().await;
    assert!(size() < 1_000_000, "{} bytes", size());
}
