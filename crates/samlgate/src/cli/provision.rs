//! `samlgate provision`: what a sign-in would change and why, and the removals that wait for a word.

mod approvals;
mod said;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use directory::provision::{Claims, Lookup, Origin, Plan, Refusal, Rules, plan};
use installation::config::Config;
use installation::secrets::Secrets;
use installation::settings::{Draft, Idp, Settings, Snapshot};
use installation::sp_keys::SpKeys;
use serde_json::{Value, json};
use store::Store;

use super::database::Database;
use super::print;
use said::Said;

/// What can be asked about provisioning.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what a response would change in the directory, with a reason for each line
    #[command(after_help = "Examples:
  samlgate provision explain --idp entra response.xml
  samlgate provision explain --idp entra --attempt 01890a5d-ac96-774b-bcce-b302099a8057
  samlgate provision explain --idp entra response.xml --settings draft.toml

FILE is a response as XML, or as it was posted (base64, percent-encoded or not, or the whole form
body), or what `samlgate verify` prints of one:
  {\"name_id\": \"camilla\", \"attributes\": {\"groups\": [\"jira-users\"]}}

Nothing is changed. Exit code 1 when the person would not be let in.")]
    Explain(Explain),
    /// List the removals from groups that wait for approval
    #[command(after_help = "Example:\n  samlgate provision approvals")]
    Approvals {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a user from the groups for which that waits
    #[command(after_help = "Examples:
  samlgate provision approve camilla
  samlgate provision approve camilla jira-developers")]
    Approve(approvals::Which),
    /// Keep a user in the groups for which a removal waits; the next sign-in leaves them alone
    #[command(after_help = "Example:\n  samlgate provision discard camilla jira-developers")]
    Discard(approvals::Which),
}

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The IdP whose settings are used
    #[arg(long, value_name = "NAME")]
    idp: String,
    /// The response; "-" for standard input
    #[arg(required_unless_present = "attempt", conflicts_with = "attempt")]
    file: Option<PathBuf>,
    /// The response of this attempt, as long as it is kept
    #[arg(long, value_name = "ID")]
    attempt: Option<String>,
    /// Draft settings, as `apply` takes them, in place of the current ones
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The sign-in began at a service desk's portal
    #[arg(long)]
    portal: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Explain(args) => explain(&args, config).await,
        Command::Approvals { json } => approvals::list(config, json).await,
        Command::Approve(which) => approvals::approve(&which, config).await,
        Command::Discard(which) => approvals::discard(&which, config).await,
    }
}

async fn explain(args: &Explain, config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    let secrets = database.secrets(config).await?;
    let settings = snapshot(&database, &secrets, args.settings.as_deref()).await?;
    let idp = settings.idps.get(&args.idp);
    let idp =
        idp.with_context(|| match settings.problems.iter().find(|p| p.contains(&args.idp)) {
            Some(problem) => problem.clone(),
            None => format!("there is no IdP {}", args.idp),
        })?;
    let said = match (&args.file, &args.attempt) {
        (Some(file), _) => Said::read(file, &settings, idp)?,
        (None, id) => {
            let id = id.as_deref().unwrap_or_default();
            Said::of_attempt(&database.store, &secrets, id, &settings, idp).await?
        }
    };
    let origin = if args.portal || said.portal { Origin::Portal } else { Origin::App };
    let claims = match said.claims(&idp.provisioning.reading) {
        Ok(claims) => claims,
        Err(refusal) => return unreadable(&refusal, args.json),
    };
    let plan = planned(&database.store, &claims, origin, &idp.provisioning.rules).await?;
    show(&plan, &claims, idp, args.json)?;
    Ok(if plan.refusal().is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The person is refused before there is a plan.
fn unreadable(refusal: &Refusal, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        let detail = refusal.to_string();
        print::json(&json!({ "let_in": false, "code": refusal.code(), "detail": detail }))?;
    } else {
        print::line(&format!("! refuse: {refusal}"))?;
        print::line(&cure(refusal))?;
    }
    Ok(ExitCode::FAILURE)
}

/// The plan, made in a transaction that is dropped.
async fn planned(
    store: &Store,
    claims: &Claims,
    origin: Origin,
    rules: &Rules,
) -> anyhow::Result<Plan> {
    let mut tx = store.begin().await?;
    let existing = tx.existing(&Lookup::of(claims, origin, rules)).await?;
    Ok(plan(claims, origin, rules, &existing))
}

fn show(plan: &Plan, claims: &Claims, idp: &Idp, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(print::json(&as_json(plan, claims, idp))?);
    }
    print::line(&format!("user id {}", claims.user_id))?;
    for (what, value) in
        [("IdP id", &claims.idp_id), ("full name", &claims.full_name), ("e-mail", &claims.email)]
    {
        print::line(&format!("{what} {}", value.as_deref().unwrap_or("was not sent")))?;
    }
    print::line(&format!("groups named: {}", claims.groups.groups().len()))?;
    for line in plan.to_string().lines() {
        print::line(line)?;
    }
    if idp.provisioning.shadow {
        print::line("shadow mode is on: a sign-in records this and changes nothing")?;
    }
    if let Some(refusal) = plan.refusal() {
        print::line(&cure(refusal))?;
    }
    Ok(())
}

/// The code of a refusal, and what to do.
fn cure(refusal: &Refusal) -> String {
    format!("  {}: {}", refusal.code(), refusal.hint())
}

fn as_json(plan: &Plan, claims: &Claims, idp: &Idp) -> Value {
    let lines = plan.lines.iter().map(
        |line| json!({ "mark": line.mark.to_string(), "what": line.what, "reason": line.reason }),
    );
    json!({
        "let_in": plan.refusal().is_none(),
        "code": plan.refusal().map(|refusal| refusal.code()),
        "shadow": idp.provisioning.shadow,
        "user_id": claims.user_id,
        "changes": !plan.changes_nothing(),
        "lines": lines.collect::<Vec<_>>(),
    })
}

/// The settings as they are, or as a draft would make them.
async fn snapshot(
    database: &Database,
    secrets: &Secrets,
    draft: Option<&Path>,
) -> anyhow::Result<Arc<Snapshot>> {
    let Database { store, clock, random } = database;
    let sp_keys = SpKeys::open(store, secrets, clock.now(), *random).await?;
    let Some(file) = draft else {
        return Ok(Settings::load(store, secrets, None).await?.current());
    };
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let draft = Draft::read(store, &text, folder, *random).await;
    let draft = draft.with_context(|| format!("{shown} could not be applied"))?;
    Ok(Arc::new(draft.snapshot(sp_keys)))
}
