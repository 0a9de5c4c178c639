//! Whose users an IdP's are: of an entry that is pointed at another entity they are refused until
//! somebody confirms that they are the same people.

use installation::counted;
use installation::settings::{self, IdpSettings};
use maud::{Markup, html};
use store::{Store, StoreError};

/// Asks the question while it is open.
pub(super) async fn question(store: &Store, name: Option<&str>) -> Result<Markup, StoreError> {
    let Some(name) = name else { return Ok(html! {}) };
    let Ok(stored) = settings::show::<IdpSettings>(store, name).await else { return Ok(html! {}) };
    let count = store.users_of_other_entity(name, &stored.entity_id).await?;
    Ok(html! {
        @if count > 0 {
            form method="post" action={ "/idps/" (name) "/users" } class="notice warn"
                data-ask={ "Keep the users of " (name) "? Whoever " (stored.entity_id) " says they are signs in as them." } {
                h2 { "Are its users the same people?" }
                p {
                    (counted(count, "user", "users")) " signed in by another entity under this name, and "
                    (if count == 1 { "is" } else { "are" }) " refused until you "
                    "confirm that " code { (stored.entity_id) } " means the same people by the same names."
                }
                p class="actions" { button class="plain" { "Keep its users" } }
            }
        }
    })
}
