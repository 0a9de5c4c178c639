//! Both databases, for tests that need no address.

use store::Store;

/// A fresh, empty store on each database, with its name for messages.
pub(crate) async fn both() -> Vec<(&'static str, Store)> {
    let fresh = super::databases::fresh().await.into_iter();
    fresh.map(|(database, _, store)| (database, store)).collect()
}
