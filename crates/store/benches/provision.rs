//! A sign-in with 2,000 group values against a small and a large directory, on SQLite: what it costs
//! must follow what changes, not the 50,000 groups and 1,000,000 memberships. It prints ratios of one
//! run; bare times mean little on shared machines.
//!
//! `cargo bench -p store --bench provision`

use std::time::{Duration, Instant, UNIX_EPOCH};

use directory::provision::{
    Claims, GroupClaim, GroupRules, Lookup, NamePattern, Origin, Removal, Rules, plan,
};
use sqlx::{AssertSqlSafe, SqlitePool};
use store::Store;

const VALUES: usize = 2_000;
const ROUNDS: usize = 15;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let small = Directory::filled(5_000, 20_000).await;
    let large = Directory::filled(50_000, 1_000_000).await;
    println!("{VALUES} group values; median of {ROUNDS}, planning and applying");
    println!("{:>8}  {:>12}  {:>12}  {:>6}", "changes", "small", "large", "ratio");
    let mut unchanged = 0.0;
    for changes in [0, 10, 100, 1_000] {
        let (few, many) = (small.sign_in(changes).await, large.sign_in(changes).await);
        println!(
            "{changes:>8}  {:>9} us  {:>9} us  {:>6.2}",
            few.as_micros(),
            many.as_micros(),
            many.as_secs_f64() / few.as_secs_f64()
        );
        if changes == 0 {
            unchanged = many.as_secs_f64();
        } else {
            let more = (many.as_secs_f64() / unchanged - 1.0) / changes as f64;
            println!("{:>8}  each change costs {:.4} of an unchanged sign-in", "", more);
        }
    }
}

struct Directory {
    store: Store,
    groups: usize,
    _folder: tempfile::TempDir,
}

impl Directory {
    async fn filled(groups: usize, memberships: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        let store = Store::open(&url).await.expect("SQLite opens");
        let raw = SqlitePool::connect(&url).await.expect("SQLite opens twice");
        let users = memberships / 20;
        for (count, sql) in [
            (
                groups,
                "INSERT INTO directory_groups (id, name, name_key, description, active, created_at, \
                 updated_at) SELECT 'g' || i, 'group-' || i, 'group-' || i, '', TRUE, 0, 0 FROM n"
                    .to_owned(),
            ),
            (
                users,
                "INSERT INTO users (id, name, name_key, full_name, email, email_key, active, \
                 created_at, updated_at) SELECT 'u' || i, 'user-' || i, 'user-' || i, 'x', 'x', 'x', \
                 TRUE, 0, 0 FROM n"
                    .to_owned(),
            ),
            (
                memberships,
                format!(
                    "INSERT INTO memberships (user_id, group_id, source, created_at) SELECT 'u' || \
                     (i / 20), 'g' || ((i * 7919) % {groups}), 'manual', 0 FROM n WHERE TRUE ON \
                     CONFLICT DO NOTHING"
                ),
            ),
        ] {
            let numbers = format!(
                "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {})",
                count - 1
            );
            let sql = sql.replacen(" SELECT ", &format!(" {numbers} SELECT "), 1);
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&raw).await.expect("the directory is filled");
        }
        let directory = Directory { store, groups, _folder: folder };
        directory.one(0).await;
        directory
    }

    /// The median time of a sign-in that leaves as many groups as it joins, `changes` in all.
    async fn sign_in(&self, changes: usize) -> Duration {
        self.one(0).await;
        let mut times = Vec::new();
        let mut start = 0;
        for _ in 0..ROUNDS {
            // To and fro, so that each sign-in has the same number of changes.
            start = if start == 0 { changes / 2 } else { 0 };
            times.push(self.one(start).await);
        }
        times.sort_unstable();
        times[ROUNDS / 2]
    }

    async fn one(&self, start: usize) -> Duration {
        let step = self.groups / (2 * VALUES);
        let names = (start..start + VALUES).map(|n| format!("group-{}", n * step));
        let claims = Claims {
            user_id: "camilla".to_owned(),
            email: Some("camilla@muppets.com".to_owned()),
            groups: GroupClaim::named("role", names),
            ..Claims::default()
        };
        let removal = Removal { managed: vec![NamePattern::new("*")], ..Removal::default() };
        let rules = Rules {
            idp: "company".to_owned(),
            create_or_update: true,
            groups: GroupRules { removal, ..GroupRules::default() },
            ..Rules::default()
        };
        let begun = Instant::now();
        let mut tx = self.store.begin().await.expect("a transaction");
        let lookup = Lookup::of(&claims, Origin::App, &rules);
        let existing = tx.existing(&lookup).await.expect("the directory is there");
        let plan = plan(&claims, Origin::App, &rules, &existing);
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        tx.apply(&plan, || "camilla's".to_owned(), now).await.expect("the plan fits");
        tx.commit().await.expect("it lasts");
        begun.elapsed()
    }
}
