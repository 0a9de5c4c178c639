//! `samlgate user set`, `disable` and `enable`.

use installation::people::{self, UserChange};

use crate::cli::database::Database;
use crate::cli::print;

/// What changes about a user; what is not named stays.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Set {
    /// The user's name
    name: String,
    /// The new name; apps follow the rename, since the user's key stays
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    /// The name to show
    #[arg(long, value_name = "N")]
    full_name: Option<String>,
    /// The e-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// The IdP that the user belongs to; "" for none
    #[arg(long, value_name = "NAME")]
    idp: Option<String>,
    /// Forget the id that the IdP never changes; the next sign-in stores it anew
    #[arg(long)]
    forget_idp_id: bool,
}

impl Set {
    pub(super) async fn apply(&self, database: &Database) -> anyhow::Result<()> {
        let change = UserChange {
            rename: self.rename.clone(),
            full_name: self.full_name.clone(),
            email: self.email.clone(),
            idp: self.idp.clone(),
            forget_idp_id: self.forget_idp_id,
        };
        let by = database.by();
        let user = people::change_user(&database.store, &self.name, &change, by).await?;
        print::line(&format!("changed user {}", user.name))?;
        super::warn_of_name(&user.name)
    }
}

/// Switches a user on or off. Who is off has no session any more, at no app.
pub(super) async fn switch(database: &Database, name: &str, active: bool) -> anyhow::Result<()> {
    let changed = people::switch(&database.store, name, active, database.by()).await?;
    let word = if active { "active" } else { "inactive" };
    let when = if changed { "now" } else { "already" };
    Ok(print::line(&format!("user {name} is {word} {when}"))?)
}
