//! Removals beyond an IdP's limit wait here for an administrator's word.

use std::process::ExitCode;

use installation::config::Config;
use installation::moment;
use installation::people::{self, RemovalDecision};
use serde_json::json;

use crate::cli::database::Database;
use crate::cli::print;

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
    let store = Database::open(config).await?.store;
    let waiting = store.memberships_awaiting_removal(AT_MOST).await?;
    let since = |moment: Option<_>| moment.map(moment::seconds).unwrap_or_default();
    if json {
        let all = waiting.iter().map(|one| {
            json!({ "user": one.user, "group": one.group, "source": one.source.as_str(),
                    "detail": one.detail, "held_at": since(one.awaits_removal_since) })
        });
        print::json(&all.collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<_> = waiting
        .into_iter()
        .map(|one| vec![one.user, one.group, since(one.awaits_removal_since), one.detail])
        .collect();
    let head = ["USER", "GROUP", "WAITS SINCE", "WAS NAMED BY"];
    print::table(&head, &rows, "nothing waits for approval")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn approve(which: &Which, config: &Config) -> anyhow::Result<ExitCode> {
    which.decide(RemovalDecision::Approve, "removed from", config).await
}

pub(super) async fn discard(which: &Which, config: &Config) -> anyhow::Result<ExitCode> {
    which.decide(RemovalDecision::Discard, "kept in", config).await
}

impl Which {
    async fn decide(
        &self,
        decision: RemovalDecision,
        what: &str,
        config: &Config,
    ) -> anyhow::Result<ExitCode> {
        let database = Database::open(config).await?;
        let whose = (self.user.as_str(), self.group.as_deref());
        let count = people::decide(&database.store, whose, decision, database.by()).await?;
        let groups = if count == 1 { "group" } else { "groups" };
        print::line(&format!("{} is {what} {count} {groups}", self.user))?;
        Ok(ExitCode::SUCCESS)
    }
}
