//! The Authentication Tracker: the latest sign-ins, with filters, renewed while one looks.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use installation::settings::Snapshot;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use store::{AttemptFilter, AttemptRow, Newest};

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, borrowed};
use super::frame::{self, Failure, Place, time};

/// What to show.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    outcome: String,
    app: String,
    idp: String,
    user: String,
    code: String,
    /// Only attempts before the one of this number.
    before: Option<String>,
}

/// `GET /attempts`: the newest attempts that fit.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let like = AttemptFilter {
        outcome: filter.outcome.clone(),
        app: filter.app.clone(),
        idp: filter.idp.clone(),
        user_name: filter.user.trim().to_owned(),
        code: filter.code.trim().to_owned(),
    };
    // A number in the search leads straight to its sign-in: it is what people are told to name.
    if let Some(found) = console
        .installation
        .store
        .attempt(&like.user_name)
        .await?
        .or_else(|| console.installation.unrecognised.find(&like.user_name))
    {
        return Ok(frame::see_other(&format!("/attempts/{}", found.id)));
    }
    let newest = Newest { limit: SHOWN + 1, before: filter.before.clone() };
    let attempts = console.installation.store.attempts_like(&like, &newest).await?;
    let mut body = view(&attempts, &filter, &console.installation.settings.current());
    if filter.is_empty() && filter.before.is_none() {
        body = html! { (body) (unrecognised(&console)) };
    }
    Ok(frame::inside(&admin, Place::Attempts, "Sign-ins", body))
}

fn view(attempts: &[AttemptRow], filter: &Filter, settings: &Snapshot) -> Markup {
    let shown = attempts.get(..SHOWN as usize).unwrap_or(attempts);
    let more = attempts.len() > shown.len();
    html! {
        p {
            "Every sign-in from its start to success or refusal. A person who could not get in was "
            "shown a number: put it into " em { "User or number" } "."
        }
        (form(filter, settings))
        p class="actions" {
            a class="plain" href="/test" { "Test sign-in" }
            a class="plain" href="/record" { "Link that records one sign-in" }
            button class="plain" type="button" data-pause hidden aria-pressed="false" { "Pause" }
            span class="quiet" role="status" data-said {}
        }
        div data-live {
            @if shown.is_empty() {
                div class="sheet" { p { "No sign-in " (if filter.is_empty() { "yet." } else { "fits." }) } }
            } @else {
                (table(shown))
            }
        }
        @if let Some(last) = shown.last().filter(|_| more) {
            p { a href=(filter.older(&last.id)) { "Older sign-ins" } }
        }
    }
}

/// What nobody vouches for: how many came, and the newest.
fn unrecognised(console: &Console) -> Markup {
    let newest = console.installation.unrecognised.newest();
    let counts = console.installation.unrecognised.counts();
    let posts: u64 = counts.iter().map(|count| count.posts).sum();
    html! {
        @if !newest.is_empty() {
            details class="sheet" {
                summary { "Unrecognized posts: " (posts) " in the last hour" }
                p class="quiet" {
                    "They answer no request of their browser, and no identity provider's signature is on them. "
                    "This node counts them and keeps the newest in memory; nothing is stored."
                }
                (table(&newest))
                table {
                    caption { "By minute, cause and network" }
                    thead { tr { @for head in ["Minute (UTC)", "Code", "Network", "Posts"] { th scope="col" { (head) } } } }
                    tbody {
                        @for count in counts.iter().take(SHOWN as usize) {
                            tr { td { (time(count.minute)) } td { code { (count.code) } } td { (count.network) } td { (count.posts) } }
                        }
                    }
                }
            }
        }
    }
}

fn form(filter: &Filter, settings: &Snapshot) -> Markup {
    let none = Errors::default();
    let of = |names: Vec<&String>| -> Vec<(String, String)> {
        let all = ("".to_owned(), "all".to_owned());
        std::iter::once(all).chain(names.into_iter().map(|n| (n.clone(), n.clone()))).collect()
    };
    let apps = of(settings.apps.keys().collect());
    let idps = of(settings.idps.keys().collect());
    let choices = |pairs: &'static [(&str, &str)]| pairs;
    html! {
        form method="get" action="/attempts" class="filters" role="search" aria-label="Filter sign-ins" {
            (Field::new("outcome", "Outcome").value(&filter.outcome).choice(choices(OUTCOMES)).render(&none))
            (Field::new("app", "App").value(&filter.app).choice(&borrowed(&apps)).render(&none))
            (Field::new("idp", "Identity provider").value(&filter.idp).choice(&borrowed(&idps)).render(&none))
            (Field::new("user", "User or number").value(&filter.user).render(&none))
            (Field::new("code", "Code").value(&filter.code).render(&none))
            div { button class="button" { "Show" } }
        }
    }
}

/// Sign-ins as rows, for every page that lists some.
pub(super) fn table(attempts: &[AttemptRow]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Sign-ins" {
            table {
                caption { "The newest first" }
                thead {
                    tr {
                        @for head in ["Time (UTC)", "Outcome", "App", "IdP", "User", "Reason"] {
                            th scope="col" { (head) }
                        }
                    }
                }
                tbody { @for attempt in attempts { (row(attempt)) } }
            }
        }
    }
}

fn row(attempt: &AttemptRow) -> Markup {
    html! {
        tr data-key=(attempt.id) {
            td { a href={ "/attempts/" (attempt.id) } { (time(attempt.started_at)) } }
            td { (badge(&attempt.outcome)) }
            td { (attempt.app) }
            td { (attempt.idp.as_deref().unwrap_or("–")) }
            td { (attempt.user_name.as_deref().unwrap_or("–")) }
            td { @if !attempt.code.is_empty() { code { (attempt.code) } } }
        }
    }
}

/// The outcome in words and colour; colour is never alone.
pub(super) fn badge(outcome: &str) -> Markup {
    let tone = match outcome {
        "refused" | "open_failed" | "test_failed" => "badge bad",
        "opened" | "tested" => "badge good",
        _ => "badge",
    };
    html! { span class=(tone) { (word(outcome)) } }
}

/// The outcome in words.
pub(super) fn word(outcome: &str) -> &str {
    let known = OUTCOMES.iter().find(|(value, _)| *value == outcome);
    known.map_or(outcome, |(_, text)| *text)
}

impl Filter {
    fn is_empty(&self) -> bool {
        [&self.outcome, &self.app, &self.idp, &self.user, &self.code].iter().all(|t| t.is_empty())
    }

    fn older(&self, last: &str) -> String {
        let pairs = [
            ("outcome", self.outcome.as_str()),
            ("app", &self.app),
            ("idp", &self.idp),
            ("user", &self.user),
            ("code", &self.code),
            ("before", last),
        ];
        let pairs = pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
            format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
        });
        format!("/attempts?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}

const OUTCOMES: &[(&str, &str)] = &[
    ("", "all"),
    ("opened", "signed in"),
    ("signed_in", "signed in, app not open yet"),
    ("open_failed", "signed in, app did not open"),
    ("refused", "refused"),
    ("tested", "test passed"),
    ("test_failed", "test failed"),
];

/// Rows on the page.
const SHOWN: u32 = 50;
