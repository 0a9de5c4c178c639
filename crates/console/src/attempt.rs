//! One sign-in as a timeline: request, response, each check with its clause, claims, plan, the
//! opener's dialogue, the end. Personal values are hidden until somebody asks for them, which is
//! noted in the history.

mod checks;
mod mask;
mod support;
mod xml;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use installation::attempt::{Messages, Step};
use installation::settings::Snapshot;
use maud::{Markup, html};
use saml::{Check, VerifiedAssertion};
use serde::Deserialize;
use store::AttemptRow;

use super::Console;
use super::admin::Admin;
use super::attempts::badge;
use super::frame::{self, Failure, Place, time};
use mask::Mask;

pub(super) use checks::list as check_list;
pub(super) use support::download;

/// What the page waits for, when the sign-in has not begun.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Waiting {
    app: String,
    guided: String,
}

/// `GET /attempts/{id}`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(id): Path<String>,
    Query(waiting): Query<Waiting>,
) -> Result<Response, Failure> {
    match Record::read(&console, &id).await? {
        Some(record) => {
            Ok(frame::inside(&admin, Place::Attempts, "One sign-in", record.view(false)))
        }
        None if !waiting.guided.is_empty() => Ok(wait(&console, &admin, &waiting)),
        None => Ok(frame::missing("There is no sign-in of this number, or it is too old.")),
    }
}

/// `POST /attempts/{id}/reveal`: the same with every value, and a line in the history.
pub(super) async fn reveal(
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
        .note(&by.author, store::Event::AttemptRevealed, &id, "", by.now)
        .await?;
    Ok(frame::inside(&admin, Place::Attempts, "One sign-in", record.view(true)))
}

/// A sign-in with everything that is known of it.
struct Record {
    attempt: AttemptRow,
    steps: Vec<Step>,
    messages: Option<Messages>,
    /// When the same answer was posted again, and what that was refused for.
    again: Vec<AttemptRow>,
    /// Nothing of it is stored.
    is_in_memory: bool,
    settings: Arc<Snapshot>,
}

impl Record {
    async fn read(console: &Console, id: &str) -> Result<Option<Self>, Failure> {
        let installation = &console.installation;
        let stored = installation.store.attempt(id).await?;
        let is_in_memory = stored.is_none();
        let Some(attempt) = stored.or_else(|| installation.unrecognised.find(id)) else {
            return Ok(None);
        };
        let messages =
            Messages::of(&installation.store, &installation.secrets, &attempt.id).await?;
        let mut again = installation.store.attempts_after(&attempt.id, AGAIN).await?;
        again.retain(|record| record.outcome == "posted_again");
        let (steps, settings) = (Step::all(&attempt), installation.settings.current());
        Ok(Some(Record { attempt, steps, messages, again, is_in_memory, settings }))
    }

    /// Every check, by the IdP as it is set now.
    fn checks(&self) -> Vec<Check> {
        let idp = self.attempt.idp.as_ref().and_then(|name| self.settings.idps.get(name));
        match (&self.messages, idp) {
            (Some(messages), Some(idp)) => messages.checks(idp, &self.settings.sp_keys),
            _ => Vec::new(),
        }
    }

    fn view(&self, revealed: bool) -> Markup {
        let attempt = &self.attempt;
        let mask = self.mask(revealed);
        let is_over = attempt.outcome != "signed_in";
        html! {
            p class="actions" {
                (badge(&attempt.outcome))
                span { (self.who(&mask)) " at " (attempt.app) }
                (time(attempt.started_at)) span class="quiet" { "UTC" }
            }
            @if self.is_in_memory {
                div class="notice warn" { p { "Nobody vouches for this post: it answers no request of its browser, and no identity provider's signature is on it. Nothing of it is stored, so it will be gone soon." } }
            }
            @if !attempt.code.is_empty() { (self.reason(&mask)) }
            (self.tools(revealed))
            ol class="steps" data-live[!is_over] {
                (self.asked())
                (self.answered(revealed))
                (self.checked(&mask))
                (self.claims(&mask))
                (self.part("plan", "What it changes", |text| mask.plan(text)))
                (self.part("shadow", "What it would change", |text| mask.plan(text)))
                (self.part("opener", "The app's own session", |text| mask.sentence(text)))
                li class=(if attempt.code.is_empty() { "good" } else { "bad" }) {
                    h2 { "The end" }
                    p { (badge(&attempt.outcome)) " " (time(attempt.updated_at)) }
                }
                @if !self.again.is_empty() { (self.posted_again()) }
            }
        }
    }

    /// The browser came again with the same request, by Reload or Back: nothing has changed by that.
    fn posted_again(&self) -> Markup {
        html! {
            li {
                h2 { "Posted again" }
                ul {
                    @for record in &self.again { li { (time(record.started_at)) " " code { (record.code) } } }
                }
            }
        }
    }

    /// The assertion, when there is one that verifies by the IdP as it is set now.
    fn assertion(&self) -> Option<VerifiedAssertion> {
        let idp = self.attempt.idp.as_ref().and_then(|name| self.settings.idps.get(name));
        let (messages, idp) = self.messages.as_ref().zip(idp)?;
        messages.verify(idp, &self.settings.sp_keys).ok()
    }

    fn mask(&self, revealed: bool) -> Mask {
        Mask::new(self.attempt.user_name.as_deref(), self.assertion().as_ref(), revealed)
    }

    fn who<'a>(&'a self, mask: &Mask) -> &'a str {
        let nobody =
            if self.attempt.outcome.starts_with("test") { "a test" } else { "user not known yet" };
        self.attempt.user_name.as_deref().map_or(nobody, |name| mask.value(name))
    }

    fn reason(&self, mask: &Mask) -> Markup {
        let attempt = &self.attempt;
        html! {
            div class="notice bad" {
                h2 { (mask.sentence(&attempt.detail)) }
                @if !attempt.hint.is_empty() { p { strong { "What to do: " } (attempt.hint) } }
                p class="quiet" { code { (attempt.code) } " – " (attempt.rule) }
            }
        }
    }

    fn tools(&self, revealed: bool) -> Markup {
        let id = &self.attempt.id;
        html! {
            dl {
                dt { "Number" } dd { code data-copy="the number" { (id) } }
                dt { "Address" } dd { (self.attempt.address) }
            }
            div class="actions tools" {
                @if !revealed {
                    form method="post" action={ "/attempts/" (id) "/reveal" } {
                        button class="plain" { "Show personal values" }
                    }
                }
                a class="plain" href={ "/attempts/" (id) "/support" } download { "File for support" }
            }
            p class="quiet" {
                "Names, e-mail addresses and groups are hidden until you ask for them; that you did stands "
                "in the history. The file for support hides them too, and holds no secrets."
            }
        }
    }

    fn asked(&self) -> Markup {
        let request = self.messages.as_ref().and_then(|messages| messages.request.as_deref());
        html! {
            @for step in self.steps.iter().filter(|step| step.step == "request") {
                li class="good" {
                    h2 { "Request" }
                    p { (step.text) }
                    @if let Some(request) = request {
                        details { summary { "AuthnRequest" } (xml::shown(request, true)) }
                    }
                }
            }
        }
    }

    fn answered(&self, revealed: bool) -> Markup {
        let Some(messages) = &self.messages else { return html! {} };
        html! {
            li class="good" {
                h2 { "Response" }
                p { "Came " (time(messages.received_at())) " to " code { (messages.acs_url) } "." }
                @if let Some(response) = &messages.response {
                    details { summary { "Response, decoded" } (xml::shown(response, revealed)) }
                }
                @if !messages.headers.is_empty() {
                    details {
                        summary { "The browser's headers" }
                        dl { @for (name, value) in &messages.headers { dt { (name) } dd { (header(name, value, revealed)) } } }
                    }
                }
            }
        }
    }

    fn checked(&self, mask: &Mask) -> Markup {
        let checks = self.checks();
        if checks.is_empty() {
            return html! {
                @for step in self.steps.iter().filter(|step| step.step == "verified") {
                    li class="good" { h2 { "Verified" } p { (step.text) } }
                }
            };
        }
        let fails = checks.iter().any(|check| check.rejection().is_some());
        html! {
            li class=(if fails { "bad" } else { "good" }) {
                h2 { "Checks" }
                p class="quiet" { "Made with the identity provider's settings of today, at the moment the response came." }
                (check_list(&checks, &|text| mask.sentence(text)))
            }
        }
    }

    /// The attributes of the response, when it verifies.
    fn claims(&self, mask: &Mask) -> Markup {
        let Some(assertion) = self.assertion() else { return html! {} };
        html! {
            li class="good" {
                h2 { "Claims" }
                dl {
                    @if let Some(name) = assertion.name_id() {
                        dt { "NameID" } dd { (mask.value(name.value)) }
                    }
                    @for attribute in assertion.attributes() {
                        dt { code { (attribute.name) } }
                        dd {
                            @for (n, value) in attribute.values().enumerate() {
                                @if n > 0 { ", " } (mask.value(value))
                            }
                        }
                    }
                }
            }
        }
    }

    fn part(&self, name: &str, title: &str, text: impl Fn(&str) -> String) -> Markup {
        let steps: Vec<_> = self.steps.iter().filter(|step| step.step == name).collect();
        html! {
            @if !steps.is_empty() {
                li class="good" {
                    h2 { (title) }
                    ul { @for step in steps { li class=[warns(step).then_some("warn")] { (text(&step.text)) } } }
                }
            }
        }
    }
}

/// Whether a line of a plan asks an administrator to look.
fn warns(step: &Step) -> bool {
    step.text.starts_with("warn of ")
}

/// A header of the browser; those that tell where somebody is are hidden like other values.
fn header<'a>(name: &str, value: &'a str, revealed: bool) -> &'a str {
    let tells = ["forwarded", "x-forwarded-for", "x-real-ip", "referer"].contains(&name);
    if tells && !revealed { HIDDEN } else { value }
}

/// The page before a test or a recording has begun: the link, and a look every few seconds.
fn wait(console: &Console, admin: &Admin, waiting: &Waiting) -> Response {
    let settings = console.installation.settings.current();
    let Some(app) = settings.apps.get(&waiting.app) else {
        return frame::missing("There is no such app any more.");
    };
    let link = format!("{}?guided={}", app.acs_url, waiting.guided);
    let body = html! {
        div class="sheet" {
            p { "Open this link, or send it to the person who cannot get in:" }
            p { a class="button" href=(link) target="_blank" rel="noopener" { "Open the sign-in" } }
            details { summary { "The link itself" } p { code data-copy="the link" { (link) } } }
        }
        div data-live {
            p class="quiet" role="status" { "Waiting for the sign-in. This page shows it when it is over." }
        }
        p { a href="" { "Look again" } }
    };
    frame::inside(admin, Place::Attempts, "Waiting for a sign-in", body)
}

/// What came after one sign-in is shown up to this number.
const AGAIN: u32 = 100;

/// Stands for a value that is not shown.
pub(super) const HIDDEN: &str = "•••";
