//! Transactions on SQLite take turns and share a commit: each is whole, lasting once it says so, and
//! undone alone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::SqlitePool;
use store::{Claim, Store, StoreError};

fn until() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(2_000_000_000)
}

fn claim(id: &str) -> Claim<'_> {
    Claim { idp: "idp", id, request_id: None, until: until() }
}

/// A database in a folder of its own, the store, and the database itself beside it.
async fn open() -> (tempfile::TempDir, Store, SqlitePool) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("samlgate.db").display());
    let store = Store::open(&url).await.unwrap();
    let beside = SqlitePool::connect(&url).await.unwrap();
    (folder, store, beside)
}

async fn claimed(beside: &SqlitePool, id: &str) -> bool {
    let sql = "SELECT COUNT(*) FROM claims WHERE id = $1";
    let id = format!("assertion {id}");
    let count: i64 = sqlx::query_scalar(sql).bind(id).fetch_one(beside).await.unwrap();
    count == 1
}

/// Of a hundred at once every third is given up, before or after it wrote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_at_once_is_lasting_when_it_says_so_or_leaves_nothing() {
    let (_folder, store, beside) = open().await;
    let at_once = (0..100).map(|n| {
        let (store, beside) = (store.clone(), beside.clone());
        tokio::spawn(async move {
            let id = format!("a-{n}");
            let mut tx = store.begin_sign_in().await.unwrap();
            if n % 6 == 0 {
                return;
            }
            assert!(tx.claim(&claim(&id)).await.unwrap(), "{id}");
            if n % 3 == 0 {
                return;
            }
            tx.commit().await.unwrap();
            assert!(claimed(&beside, &id).await, "{id} is not lasting");
        })
    });
    for task in at_once.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for n in 0..100 {
        assert_eq!(claimed(&beside, &format!("a-{n}")).await, n % 3 != 0, "a-{n}");
    }
}

/// A browser that goes away while its sign-in waits, or while a statement runs, blocks nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_given_up_in_between_holds_nobody_up() {
    let (_folder, store, beside) = open().await;
    for round in 0..40_u64 {
        let others = (0..4).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin_sign_in().await.unwrap();
                let id = format!("given up {round} {n}");
                tx.claim(&claim(&id)).await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        let others: Vec<_> = others.collect();
        tokio::time::sleep(Duration::from_micros(50 * round)).await;
        others.iter().for_each(|task| task.abort());
        let mut tx = store.begin_sign_in().await.unwrap();
        let id = format!("stays {round}");
        assert!(tx.claim(&claim(&id)).await.unwrap());
        tx.commit().await.unwrap();
        assert!(claimed(&beside, &id).await, "{id}");
    }
}

/// What others have not made lasting yet decides nothing for who may not share.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_settings_sees_only_what_is_lasting() {
    let (_folder, store, beside) = open().await;
    for round in 0..50 {
        let id = format!("{round}");
        let sign_ins = (0..3).map(|n| {
            let (store, id) = (store.clone(), format!("{round} {n}"));
            tokio::spawn(async move {
                let mut tx = store.begin_sign_in().await.unwrap();
                tx.claim(&claim(&id)).await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        let sign_ins: Vec<_> = sign_ins.collect();
        let changes = (0..3).map(|_| {
            let (store, id, beside) = (store.clone(), id.clone(), beside.clone());
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                if tx.claim(&claim(&id)).await.unwrap() {
                    tx.commit().await.unwrap();
                } else {
                    drop(tx);
                    assert!(claimed(&beside, &id).await, "what was there is lasting");
                }
            })
        });
        for task in sign_ins.into_iter().chain(changes.collect::<Vec<_>>()) {
            task.await.unwrap();
        }
    }
}

/// While another program writes, one waits for its patience and is told so; then all is well.
#[tokio::test]
async fn another_program_that_writes_for_long_is_no_harm() {
    let (_folder, store, beside) = open().await;
    let mut other = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("DELETE FROM claims").execute(&mut *other).await.unwrap();
    let mut tx = store.begin_sign_in().await.unwrap();
    let refused = tx.claim(&claim("a")).await;
    let Err(StoreError::Unavailable(reason)) = refused else { panic!("{refused:?}") };
    assert!(reason.starts_with("another program writes"), "{reason}");
    drop(tx);
    other.rollback().await.unwrap();
    let mut tx = store.begin_sign_in().await.unwrap();
    assert!(tx.claim(&claim("a")).await.unwrap());
    tx.commit().await.unwrap();
    assert!(claimed(&beside, "a").await);
}
