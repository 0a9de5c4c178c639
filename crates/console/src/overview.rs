//! The first page: what runs, how sign-ins go, and what needs attention now, each with the way to
//! mend it.

mod attention;
mod chart;
mod tallies;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use store::{AttemptFilter, Newest, Tally};

use super::Console;
use super::admin::Admin;
use super::attempts;
use super::frame::{self, Failure, Place, time};

pub(super) use tallies::Tallies;

/// `GET /`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    let (installation, now) = (&console.installation, admin.now());
    let settings = installation.settings.current();
    let tallies = tallies::latest(&console, now).await?;
    let newest = Newest { limit: 5, before: None };
    let latest = installation.store.attempts_like(&AttemptFilter::default(), &newest).await?;
    let concerns = attention::concerns(&installation.store, &settings, &tallies, now).await?;
    let body = html! {
        @if settings.apps.is_empty() || settings.idps.is_empty() {
            div class="notice" {
                h2 { "Welcome" }
                p { "Nothing is set up yet. The guide leads from here to the first sign-in." }
                p { a class="button" href="/guide" { "Begin" } }
            }
        }
        @for concern in &concerns { (concern.view()) }
        div class="grid" { (numbers(&tallies)) (causes(&tallies)) }
        div class="card" { h2 { "Sign-ins of the last 24 hours" } (chart::view(&tallies, hour_of(now))) }
        h2 { "The latest sign-ins" }
        @if latest.is_empty() { p class="quiet" { "None yet." } } @else { (attempts::table(&latest)) }
        div class="grid" { (apps(&settings)) (idps(&settings, now)) }
    };
    Ok(frame::inside(&admin, Place::Overview, "Overview", body))
}

fn numbers(tallies: &[Tally]) -> Markup {
    let sum = |fits: &dyn Fn(&str) -> bool| -> i64 {
        tallies.iter().filter(|tally| fits(&tally.outcome)).map(|tally| tally.count).sum()
    };
    let (good, bad) =
        (sum(&|outcome| chart::is_good(outcome)), sum(&|outcome| chart::is_bad(outcome)));
    html! {
        div class="card" {
            h2 { "Within a day" }
            p { span class="big good" { (good) } " signed in" }
            p { span class="big bad" { (bad) } " refused or not opened" }
        }
    }
}

fn causes(tallies: &[Tally]) -> Markup {
    let mut causes: BTreeMap<&str, i64> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| !tally.code.is_empty()) {
        *causes.entry(&tally.code).or_default() += tally.count;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    html! {
        div class="card" {
            h2 { "Failures by cause" }
            @if causes.is_empty() { p class="quiet" { "None within a day." } }
            @else {
                ul {
                    @for (code, count) in causes.iter().take(6) {
                        li { a href={ "/attempts?code=" (code) } { code { (code) } } " – " (count) }
                    }
                }
            }
        }
    }
}

fn apps(settings: &installation::settings::Snapshot) -> Markup {
    html! {
        div class="card" {
            h2 { "Apps" }
            ul {
                @for app in settings.apps.values() {
                    li { a href={ "/apps/" (app.name) } { (app.name) } " " span class="quiet" { (app.settings.public_url) } }
                }
            }
            p { a href="/apps" { "All apps" } }
        }
    }
}

fn idps(settings: &installation::settings::Snapshot, now: SystemTime) -> Markup {
    html! {
        div class="card" {
            h2 { "Identity providers" }
            ul {
                @for idp in settings.idps.values() {
                    li {
                        a href={ "/idps/" (idp.name) } { (idp.name) } " "
                        @if let Some(end) = attention::last_certificate_end(idp) {
                            span class=(if end < now + attention::SOON { "warn" } else { "quiet" }) {
                                "certificate until " (time(end))
                            }
                        }
                    }
                }
            }
            p { a href="/idps" { "All identity providers" } }
        }
    }
}

fn hour_of(now: SystemTime) -> i64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs() / 3600).unwrap_or_default()
}
