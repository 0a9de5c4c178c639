//! What a sign-in costs the database: statements and rows, counted. They grow with what changes,
//! never with the directory. What a stranger's request may cost: one statement.
//!
//! A program of its own, because statements are counted for the whole process.

mod databases;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use databases::fresh;
use directory::provision::{
    Claims, GroupClaim, GroupRules, Lookup, NamePattern, Origin, Removal, Rules, plan,
};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use store::{AttemptRow, Claim, LetIn, Session, SessionTimes, Store};
use tokio::sync::{Mutex, MutexGuard};
use tracing::field::{Field, Visit};
use tracing::span;

/// Groups in the directory, and values in the claim; the bench has ten times as many.
const GROUPS: usize = 5_000;
const VALUES: usize = 2_000;

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Counts the events by which sqlx tells of each statement.
struct Counter;

impl tracing::Subscriber for Counter {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Statement);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// Counts a statement by its summary, but for those that only set up a new connection.
struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" && !value.starts_with("PRAGMA") {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn claims(values: std::ops::Range<usize>) -> Claims {
    Claims {
        user_id: "camilla".to_owned(),
        full_name: Some("Camilla the Chicken".to_owned()),
        email: Some("camilla@muppets.com".to_owned()),
        groups: GroupClaim::named("role", values.map(|n| format!("group-{n}"))),
        ..Claims::default()
    }
}

fn rules() -> Rules {
    let removal = Removal { managed: vec![NamePattern::new("*")], ..Removal::default() };
    Rules {
        idp: "company".to_owned(),
        create_or_update: true,
        groups: GroupRules { removal, ..GroupRules::default() },
        ..Rules::default()
    }
}

/// One whole sign-in, as the server makes it.
async fn sign_in(store: &Store, claims: &Claims, number: usize) {
    let rules = rules();
    let mut tx = store.begin_sign_in().await.unwrap();
    let id = format!("_{number}");
    let claim = Claim { idp: "company", id: &id, request_id: None, until: now() };
    let lookup = Lookup::of(claims, Origin::App, &rules);
    let existing = tx.claim_and_look_up(&claim, &lookup).await.unwrap().unwrap();
    let plan = plan(claims, Origin::App, &rules, &existing);
    let user = tx.apply(&plan, || "camilla's".to_owned(), now()).await.unwrap();
    let (session, record) = (session(&user.id, number), &attempt(number));
    let all = LetIn { session, replaces: None, record, messages: None };
    tx.let_in(all).await.unwrap();
}

/// The database itself, beside the store.
enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Raw {
    async fn open(url: &str) -> Self {
        match url.starts_with("sqlite") {
            true => Raw::Sqlite(SqlitePool::connect(url).await.unwrap()),
            false => Raw::Postgres(PgPool::connect(url).await.unwrap()),
        }
    }

    async fn run(&self, sql: impl Into<String>) {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        match self {
            Raw::Sqlite(pool) => drop(query.execute(pool).await.unwrap()),
            Raw::Postgres(pool) => drop(query.execute(pool).await.unwrap()),
        }
    }

    async fn names(&self, sql: &'static str) -> Vec<String> {
        match self {
            Raw::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
            Raw::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        }
    }
}

/// Statements, and rows written by table.
async fn cost(store: &Store, raw: &Raw, claims: &Claims, n: usize) -> (usize, Vec<String>) {
    raw.run("DELETE FROM written").await;
    let before = STATEMENTS.load(Ordering::SeqCst);
    sign_in(store, claims, n).await;
    let statements = STATEMENTS.load(Ordering::SeqCst) - before;
    let mut tables: BTreeMap<String, usize> = BTreeMap::new();
    for name in raw.names("SELECT name FROM written").await {
        *tables.entry(name).or_default() += 1;
    }
    (statements, tables.into_iter().map(|(table, rows)| format!("{table} {rows}")).collect())
}

/// Counts for one test at a time.
async fn counting() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    let alone = ALONE.lock().await;
    // The second test finds it set.
    let _ = tracing::subscriber::set_global_default(Counter);
    alone
}

#[tokio::test]
async fn eight_names_are_looked_up_in_one_statement() {
    let _alone = counting().await;
    for (database, _, store) in fresh().await {
        for count in 0..=8 {
            let names: Vec<String> = (0..count).map(|n| format!("name {n}")).collect();
            let before = STATEMENTS.load(Ordering::SeqCst);
            assert_eq!(store.managed_among(&names).await.unwrap(), None, "{database}");
            let statements = STATEMENTS.load(Ordering::SeqCst) - before;
            assert_eq!(statements, usize::from(count > 0), "{database}: {count} names");
        }
    }
}

#[tokio::test]
async fn a_sign_in_writes_what_changes_and_its_claim_attempt_and_session() {
    let _alone = counting().await;
    for (database, url, store) in fresh().await {
        let raw = Raw::open(&url).await;
        fill(&raw).await;
        watch(&raw, database).await;

        let first = cost(&store, &raw, &claims(0..VALUES), 0).await;
        assert_eq!(
            first.1,
            ["attempts 1", "claims 1", "memberships 2000", "sessions 1", "users 1"],
            "{database}"
        );
        let unchanged = cost(&store, &raw, &claims(0..VALUES), 1).await;
        assert_eq!(
            unchanged.1,
            ["attempts 1", "claims 1", "sessions 1"],
            "{database}: nothing else"
        );
        let one = cost(&store, &raw, &claims(1..VALUES + 1), 2).await;
        assert_eq!(one.1, ["attempts 1", "claims 1", "memberships 2", "sessions 1"], "{database}");
        let ten = cost(&store, &raw, &claims(11..VALUES + 11), 3).await;
        assert_eq!(ten.1, ["attempts 1", "claims 1", "memberships 20", "sessions 1"], "{database}");
        // BEGIN, the claim with the lookup, and what is left behind with COMMIT.
        assert!(unchanged.0 <= 3, "{database}: {} statements", unchanged.0);
        assert_eq!(ten.0, one.0, "{database}: many changes are one statement of each kind");
        // The groups that are new to the user are looked up, joined, and others left.
        assert!(one.0 <= unchanged.0 + 3, "{database}: {} statements", one.0);
    }
}

/// A directory of many groups, each with twenty members.
async fn fill(raw: &Raw) {
    let numbers = |count: usize| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)"
        )
    };
    for sql in [
        format!(
            "INSERT INTO directory_groups (id, name, name_key, description, active, created_at, \
             updated_at) {} SELECT 'g' || i, 'group-' || i, 'group-' || i, '', TRUE, 0, 0 FROM n",
            numbers(GROUPS)
        ),
        format!(
            "INSERT INTO users (id, name, name_key, full_name, email, email_key, active, \
             created_at, updated_at) {} SELECT 'u' || i, 'user-' || i, 'user-' || i, 'x', 'x', 'x', \
             TRUE, 0, 0 FROM n",
            numbers(GROUPS / 10)
        ),
        format!(
            "INSERT INTO memberships (user_id, group_id, source, created_at) {} SELECT 'u' || (i % \
             {}), 'g' || (i % {GROUPS}), 'manual', 0 FROM n WHERE TRUE ON CONFLICT DO NOTHING",
            numbers(GROUPS * 20),
            GROUPS / 10 - 1
        ),
    ] {
        raw.run(sql).await;
    }
}

/// Every row that is written to any table leaves a note.
async fn watch(raw: &Raw, database: &str) {
    raw.run("CREATE TABLE written (name TEXT NOT NULL)").await;
    let tables = match database {
        "SQLite" => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'written' AND \
                     name NOT LIKE 'sqlite%'"
        }
        _ => {
            raw.run(
                "CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN INSERT INTO written VALUES \
                 (TG_TABLE_NAME); RETURN NULL; END $$ LANGUAGE plpgsql",
            )
            .await;
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename \
             <> 'written'"
        }
    };
    for table in raw.names(tables).await {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            let head = format!("CREATE TRIGGER note_{table}_{event} AFTER {event} ON {table}");
            let sql = match database {
                "SQLite" => format!("{head} BEGIN INSERT INTO written VALUES ('{table}'); END"),
                _ => format!("{head} FOR EACH ROW EXECUTE FUNCTION note()"),
            };
            raw.run(sql).await;
        }
    }
}

fn session(user_id: &str, number: usize) -> Session {
    Session {
        token_hash: format!("token {number}"),
        user_id: user_id.to_owned(),
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: format!("attempt {number}"),
        times: SessionTimes::opened(now()),
        expires_at: now() + Duration::from_secs(60),
    }
}

fn attempt(number: usize) -> AttemptRow {
    AttemptRow {
        id: format!("attempt {number}"),
        started_at: now(),
        updated_at: now(),
        app: "jira".to_owned(),
        idp: Some("company".to_owned()),
        user_name: Some("camilla".to_owned()),
        outcome: "signed_in".to_owned(),
        code: String::new(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: String::new(),
        timeline: "[]".to_owned(),
        told: String::new(),
        follows: None,
    }
}
