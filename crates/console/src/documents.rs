//! One stored settings document of whatever kind, for the page that shows it: opened, or removed.

use installation::settings::{self, Document};

use super::Console;
use super::admin::Admin;
use super::frame::{self, Failure};

/// The document `name` and its fingerprint.
///
/// # Errors
/// A page that says that there is none; or when the database is away.
pub(super) async fn stored<D: Document>(
    console: &Console,
    name: &str,
) -> Result<(D, String), Failure> {
    let found = settings::open::<D>(&console.installation.store, name).await?;
    let kind = if D::KIND == "idp" { "identity provider" } else { D::KIND };
    found.ok_or_else(|| Failure::from(frame::missing(&format!("There is no such {kind}."))))
}

/// Removes the document `name`.
///
/// # Errors
/// When there is none, or the database is away.
pub(super) async fn removal<D: Document>(
    console: &Console,
    admin: &Admin,
    name: &str,
) -> Result<(), Failure> {
    settings::remove::<D>(&console.installation.store, name, admin.by()).await?;
    console.refresh().await;
    Ok(())
}
