//! Both databases for every test: a SQLite file, and a database of its own in a real PostgreSQL.

mod postgresql;

use store::Store;

/// A fresh, empty store on each database, with its name for messages and its address.
pub(crate) async fn fresh() -> Vec<(&'static str, String, Store)> {
    let folder = Box::leak(Box::new(tempfile::tempdir().expect("a temporary folder")));
    let sqlite = format!("sqlite:{}", folder.path().join("test.db").display());
    let postgres = postgresql::database();
    let on_sqlite = Store::open(&sqlite).await.expect("SQLite opens");
    let on_postgres = Store::open(&postgres).await.expect("PostgreSQL opens");
    vec![("SQLite", sqlite, on_sqlite), ("PostgreSQL", postgres, on_postgres)]
}
