//! `samlgate user set`, `disable` and `enable`.

use anyhow::bail;
use installation::people;
use installation::settings::By;
use store::StoreError;

use super::check_text;
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
        let store = &database.store;
        let mut user = people::find(store, &self.name).await?;
        if let Some(name) = &self.rename {
            directory::check_user_name(name)?;
            user.name.clone_from(name);
        }
        for (what, field, text) in [
            ("full name", &mut user.full_name, &self.full_name),
            ("e-mail address", &mut user.email, &self.email),
        ] {
            if let Some(text) = text {
                check_text(what, text)?;
                field.clone_from(text);
            }
        }
        let moves = self.idp.as_ref().is_some_and(|idp| user.idp.as_ref() != Some(idp));
        if let Some(idp) = &self.idp {
            if !idp.is_empty() {
                people::idp_of(store, idp).await?;
            }
            user.idp = Some(idp.clone()).filter(|idp| !idp.is_empty());
            people::check_binding(store, &user, user.idp.as_deref()).await?;
        }
        user.updated_at = database.clock.now();
        let by = By::command_line(user.updated_at);
        let mut tx = store.begin().await?;
        tx.author(by.author);
        // Another IdP's id means nothing to the new one.
        if self.forget_idp_id || moves {
            tx.set_idp_id(&user.id, None).await?;
        }
        match tx.update_user(&user).await {
            Err(StoreError::Conflict(_)) => bail!("there is already a user {}", user.name),
            other => other?,
        }
        tx.note(store::Event::UserChanged, &format!("user {}", user.name), &self.said(), by.now)
            .await?;
        tx.commit().await?;
        Ok(print::line(&format!("changed user {}", user.name))?)
    }
}

impl Set {
    /// Which parts change, for the history; personal values do not stand there.
    fn said(&self) -> String {
        let rename = self.rename.as_ref().map(|_| format!("renamed, before {}", self.name));
        let tag = self.idp.as_ref().map(|idp| format!("tag {idp:?}"));
        let parts = [
            rename,
            self.full_name.as_ref().map(|_| "full name".to_owned()),
            self.email.as_ref().map(|_| "e-mail address".to_owned()),
            tag,
            self.forget_idp_id.then(|| "IdP id forgotten".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Switches a user on or off. Who is off has no session any more, at no app.
pub(super) async fn switch(database: &Database, name: &str, active: bool) -> anyhow::Result<()> {
    let changed =
        people::switch(&database.store, name, active, By::command_line(database.clock.now()))
            .await?;
    let word = if active { "active" } else { "inactive" };
    let when = if changed { "now" } else { "already" };
    Ok(print::line(&format!("user {name} is {word} {when}"))?)
}
