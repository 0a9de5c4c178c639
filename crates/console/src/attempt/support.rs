//! One file about one sign-in, for whoever helps: no secrets, no personal values.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use installation::moment;
use serde_json::{Value, json};

use super::{Record, header, xml};
use crate::Console;
use crate::admin::Admin;
use crate::frame::{self, Failure};

/// `GET /attempts/{id}/support`.
pub(crate) async fn download(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let Some(record) = Record::read(&console, &id).await? else {
        return Ok(frame::missing("There is no sign-in of this number, or it is too old."));
    };
    let by = admin.by();
    console
        .installation
        .store
        .note(&by.author, store::Event::AttemptDownloaded, &id, "", by.now)
        .await?;
    let text = serde_json::to_string_pretty(&file(&record)).unwrap_or_default();
    let name = format!("attachment; filename=\"samlgate-{id}.json\"");
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], text)
        .into_response())
}

fn file(record: &Record) -> Value {
    let attempt = &record.attempt;
    let mask = record.mask(false);
    let checks: Vec<_> = record
        .checks()
        .iter()
        .map(|check| {
            json!({
                "name": check.name,
                "rule": check.rule,
                "measured": mask.sentence(&check.measured),
                "fails_with": check.rejection().map(|rejection| rejection.code()),
            })
        })
        .collect();
    let steps: Vec<_> = record
        .steps
        .iter()
        .map(|step| {
            let text = match step.step.as_ref() {
                "plan" | "shadow" => mask.plan(&step.text),
                _ => mask.sentence(&step.text),
            };
            json!({ "step": step.step, "text": text })
        })
        .collect();
    let messages = record.messages.as_ref();
    let headers = messages.map(|messages| {
        let shown = |(name, value): &(String, String)| {
            (name.clone(), header(name, value, false).to_owned())
        };
        messages.headers.iter().map(shown).collect::<Vec<_>>()
    });
    let idp = attempt.idp.as_ref().and_then(|name| record.settings.idps.get(name));
    let app = record.settings.apps.get(&attempt.app);
    json!({
        "samlgate": env!("CARGO_PKG_VERSION"),
        "attempt": attempt.id,
        "started_at": moment::milliseconds(attempt.started_at),
        "ended_at": moment::milliseconds(attempt.updated_at),
        "outcome": attempt.outcome,
        "code": attempt.code,
        "rule": attempt.rule,
        "detail": mask.sentence(&attempt.detail),
        "steps": steps,
        "checks": checks,
        "request": messages.and_then(|m| m.request.as_deref()).map(xml::masked),
        "response": messages.and_then(|m| m.response.as_deref()).map(xml::masked),
        "headers": headers,
        "app": app.map(|app| &app.settings),
        "idp": idp.map(|idp| &idp.settings),
    })
}
