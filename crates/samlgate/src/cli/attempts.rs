//! `samlgate attempts`: the tracker on the terminal.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use installation::config::Config;
use installation::moment;
use serde_json::{Value, json};
use store::{AttemptRow, Newest, Store, StoreError};

use super::database::Database;
use super::print;

/// Arguments of `attempts`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  samlgate attempts --follow
  samlgate attempts 01890a5d-ac96-774b-bcce-b302099a8057
  samlgate attempts --json --limit 1000 | jq 'select(.outcome == \"refused\")'")]
pub(super) struct Args {
    /// Show this attempt alone, with rule, hint and every step: the number on the person's page
    id: Option<String>,
    /// Go on with new ones as they come
    #[arg(long, conflicts_with = "id")]
    follow: bool,
    /// How many of the latest to show
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Print JSON, one object in a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let store = Database::open(config).await?.store;
    if let Some(id) = &args.id {
        let found = store.attempt(id).await?;
        let attempt = found.with_context(|| format!("there is no attempt {id}"))?;
        if args.json {
            print::json(&as_json(&attempt))?
        } else {
            show(&attempt)?
        }
        return Ok(());
    }
    let mut latest = store.attempts(&Newest { limit: args.limit, before: None }).await?;
    latest.reverse();
    if latest.is_empty() && !args.follow && !args.json {
        print::line("no attempt yet")?;
    }
    for attempt in &latest {
        print(attempt, args.json)?;
    }
    if args.follow { follow(&store, &latest, args.json).await } else { Ok(()) }
}

/// Asks once a second for what has changed; a database that is away for a while is waited for.
async fn follow(store: &Store, shown: &[AttemptRow], json: bool) -> anyhow::Result<()> {
    let mut seen: BTreeSet<_> = shown.iter().map(mark).collect();
    let mut away = false;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        match changed(store, &seen).await {
            Ok(changed) => {
                for attempt in &changed {
                    print(attempt, json)?;
                }
                seen.extend(changed.iter().map(mark));
                let horizon = horizon(&seen);
                seen.retain(|(updated_at, _)| *updated_at >= horizon);
                away = false;
            }
            Err(StoreError::Unavailable(error)) => {
                if !away {
                    eprintln!("samlgate: the database is away, waiting for it: {error}");
                }
                away = true;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// What was written since the horizon and is not in `seen`.
async fn changed(store: &Store, seen: &BTreeSet<Mark>) -> Result<Vec<AttemptRow>, StoreError> {
    const PAGE: u32 = 1000;
    let mut cursor = (horizon(seen), String::new());
    let mut changed = Vec::new();
    loop {
        let page = store.attempts_since(cursor.0, &cursor.1, PAGE).await?;
        let last = page.len() < PAGE as usize;
        if let Some(attempt) = page.last() {
            cursor = mark(attempt);
        }
        changed.extend(page.into_iter().filter(|attempt| !seen.contains(&mark(attempt))));
        if last {
            return Ok(changed);
        }
    }
}

/// One version of one record.
type Mark = (SystemTime, String);

fn mark(attempt: &AttemptRow) -> Mark {
    (attempt.updated_at, attempt.id.clone())
}

/// Some seconds before the newest record: several nodes write at once, and what was dated first may
/// be committed last.
fn horizon(seen: &BTreeSet<Mark>) -> SystemTime {
    seen.last().map_or(UNIX_EPOCH, |(newest, _)| *newest - Duration::from_secs(5))
}

fn print(attempt: &AttemptRow, json: bool) -> std::io::Result<()> {
    if json { print::json(&as_json(attempt)) } else { print::line(&in_a_line(attempt)) }
}

/// Time, outcome, app, IdP, user, code and detail; the columns are as wide as most need.
fn in_a_line(attempt: &AttemptRow) -> String {
    let or = |text: Option<&str>| text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
    let line = format!(
        "{}  {:11}  {:10}  {:10}  {:12}  {:16}  {}",
        moment::seconds(attempt.updated_at),
        attempt.outcome,
        attempt.app,
        or(attempt.idp.as_deref()),
        or(attempt.user_name.as_deref()),
        or(Some(&attempt.code)),
        attempt.detail,
    );
    line.trim_end().to_owned()
}

fn show(attempt: &AttemptRow) -> std::io::Result<()> {
    let or = |text: Option<&str>| text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
    print::fields(&[
        ("attempt", attempt.id.clone()),
        ("started", moment::milliseconds(attempt.started_at)),
        ("updated", moment::milliseconds(attempt.updated_at)),
        ("outcome", attempt.outcome.clone()),
        ("app", attempt.app.clone()),
        ("idp", or(attempt.idp.as_deref())),
        ("user", or(attempt.user_name.as_deref())),
        ("address", attempt.address.clone()),
        ("code", or(Some(&attempt.code))),
        ("rule", or(Some(&attempt.rule))),
        ("detail", or(Some(&attempt.detail))),
        ("hint", or(Some(&attempt.hint))),
    ])?;
    for step in steps(attempt).as_array().into_iter().flatten() {
        let text = |key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        print::line(&format!("  {:10}  {}", text("step"), text("text")))?;
    }
    Ok(())
}

fn as_json(attempt: &AttemptRow) -> Value {
    json!({
        "id": attempt.id,
        "started_at": moment::milliseconds(attempt.started_at),
        "updated_at": moment::milliseconds(attempt.updated_at),
        "outcome": attempt.outcome,
        "app": attempt.app,
        "idp": attempt.idp,
        "user": attempt.user_name,
        "address": attempt.address,
        "code": attempt.code,
        "rule": attempt.rule,
        "detail": attempt.detail,
        "hint": attempt.hint,
        "timeline": steps(attempt),
    })
}

/// The steps as recorded; nothing when they cannot be read.
fn steps(attempt: &AttemptRow) -> Value {
    serde_json::from_str(&attempt.timeline).unwrap_or_else(|_| json!([]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(id: &str, second: u64) -> AttemptRow {
        let moment = UNIX_EPOCH + Duration::from_secs(1_795_521_600 + second);
        AttemptRow {
            id: id.to_owned(),
            started_at: moment,
            updated_at: moment,
            app: "jira".to_owned(),
            idp: Some("entra".to_owned()),
            user_name: None,
            outcome: "refused".to_owned(),
            code: "audience".to_owned(),
            rule: String::new(),
            hint: String::new(),
            detail: "audience is\nother".to_owned(),
            address: String::new(),
            timeline: "broken".to_owned(),
            told: String::new(),
            follows: None,
        }
    }

    #[test]
    fn one_attempt_is_one_line_in_fixed_columns() {
        assert_eq!(
            print::plain(&in_a_line(&attempt("a", 0))),
            "2026-11-24T12:00:00Z  refused      jira        entra       -             audience          \
             audience is\\nother"
        );
    }

    #[test]
    fn json_has_every_field_even_when_the_steps_cannot_be_read() {
        let value = as_json(&attempt("a", 0));
        assert_eq!(value["updated_at"], "2026-11-24T12:00:00.000Z");
        assert_eq!(value["user"], Value::Null);
        assert_eq!(value["timeline"], json!([]));
    }

    #[tokio::test]
    async fn following_shows_each_version_once_and_misses_no_late_commit() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = Store::open(&url).await.unwrap();
        store.record_attempt(&attempt("b", 10)).await.unwrap();
        let mut seen = BTreeSet::new();
        let first = changed(&store, &seen).await.unwrap();
        assert_eq!(first.len(), 1);
        seen.extend(first.iter().map(mark));
        assert_eq!(changed(&store, &seen).await.unwrap(), []);
        store.record_attempt(&attempt("a", 7)).await.unwrap();
        let opening = AttemptRow {
            outcome: "opened".to_owned(),
            follows: Some("b".to_owned()),
            ..attempt("c", 12)
        };
        store.record_attempt(&opening).await.unwrap();
        let ids: Vec<_> =
            changed(&store, &seen).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["a", "b"], "dated earlier but committed later, and what came after one");
    }
}
