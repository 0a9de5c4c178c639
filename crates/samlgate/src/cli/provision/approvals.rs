//! Removals beyond an IdP's limit wait here for an administrator's word.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde_json::json;

use crate::cli::installation::Installation;
use crate::cli::print;
use crate::config::Config;
use crate::moment;

/// Whose removals, and from which group.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Which {
    /// The user's name
    user: String,
    /// The group's name; else all groups for which a removal of the user waits
    group: Option<String>,
}

/// So many are listed; the others come when these are decided.
const AT_MOST: u32 = 10_000;

pub(super) async fn list(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let held = Installation::open(config).await?.store.held_memberships(AT_MOST).await?;
    let since = |moment: Option<_>| moment.map(moment::seconds).unwrap_or_default();
    if json {
        let all = held.iter().map(|one| {
            json!({ "user": one.user, "group": one.group, "source": one.source.as_str(),
                    "detail": one.detail, "held_at": since(one.held_at) })
        });
        print::json(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<_> = held
        .into_iter()
        .map(|one| vec![one.user, one.group, since(one.held_at), one.detail])
        .collect();
    let head = ["USER", "GROUP", "WAITS SINCE", "WAS NAMED BY"];
    print::table(&head, &rows, "nothing waits for approval")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn approve(which: &Which, config: &Config) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(config).await?;
    let (user, group) = which.find(&installation).await?;
    let mut tx = installation.store.begin().await?;
    let count = tx.approve_removals(&user, group.as_deref()).await?;
    tx.commit().await?;
    which.done(count, "removed from")
}

pub(super) async fn discard(which: &Which, config: &Config) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(config).await?;
    let (user, group) = which.find(&installation).await?;
    let mut tx = installation.store.begin().await?;
    let count = tx.discard_removals(&user, group.as_deref(), installation.clock.now()).await?;
    tx.commit().await?;
    which.done(count, "kept in")
}

impl Which {
    async fn find(&self, installation: &Installation) -> anyhow::Result<(String, Option<String>)> {
        let store = &installation.store;
        let user = store.user(&self.user).await?;
        let user = user.with_context(|| format!("there is no user {}", self.user))?;
        let Some(name) = &self.group else { return Ok((user.id, None)) };
        let group = store.group(name).await?;
        let group = group.with_context(|| format!("there is no group {name}"))?;
        Ok((user.id, Some(group.id)))
    }

    fn done(&self, count: u64, what: &str) -> anyhow::Result<ExitCode> {
        if count == 0 {
            bail!("no removal of {} waits there; see samlgate provision approvals", self.user);
        }
        let groups = if count == 1 { "group" } else { "groups" };
        print::line(&format!("{} is {what} {count} {groups}", self.user))?;
        Ok(ExitCode::SUCCESS)
    }
}
