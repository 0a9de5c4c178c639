//! The form of an IdP: every field of the Microsoft plug-in's screen by its own name.

use axum::http::StatusCode;
use axum::response::Response;
use installation::choice::Choice as _;
use installation::settings::{App, Change, Preset};
use installation::trust;
use maud::{Markup, html};

use super::entered::Draft;
use super::resolved::Resolved;
use super::{keys, problem, users};
use crate::Console;
use crate::admin::Admin;
use crate::form::{Errors, Field, word};
use crate::frame::{self, Failure, Place, difference, tabs};

/// The page; `changes` are those of a *Resolve* that is not saved yet.
pub(super) async fn page(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    existing: Option<&str>,
    draft: &Draft,
    errors: &Errors,
    changes: Option<WasRead>,
) -> Result<Response, Failure> {
    let settings = console.installation.settings.current();
    let keys = keys::table(&console.installation.store, existing, &draft.settings).await?;
    let action = existing.map_or("/idps/new".to_owned(), |name| format!("/idps/{name}"));
    let resolved = draft.resolved.as_ref();
    let read = resolved.map(Resolved::offered).unwrap_or_default();
    let offered = trust::offered(&console.installation, existing, &read).await?;
    let users = users::question(&console.installation.store, existing).await?;
    let body = html! {
        (errors.summary())
        @if let Some(changes) = &changes { (was_read(changes)) }
        @if let Some(name) = existing { (tabs(name, "configuration")) }
        @if let Some(name) = existing { (keys::waiting(name, &draft.settings)) }
        (users)
        form method="post" action=(action) enctype="multipart/form-data" {
            input type="hidden" name="base" value=(draft.base);
            @if let Some(resolved) = resolved {
                input type="hidden" name="resolved" value=(resolved.seal(console, admin, existing));
            }
            @for dropped in &draft.dropped { input type="hidden" name="drop_certificate" value=(dropped); }
            @if existing.is_none() { (beginning(draft, errors)) }
            (metadata(draft, errors))
            (sign_in(draft, errors))
            fieldset { legend { "X.509 Certificates" } (keys)
                (Field::of("idp.certificates").value(&draft.typed).area(4).also("PEM blocks and line breaks are taken, too.").render(errors))
            }
            (user_id(draft, errors, &offered))
            (button_and_apps(draft, errors))
            details { summary { "More: requests, log-out, what is accepted" } (more(draft, errors)) }
            (save(draft))
        }
        @for app in settings.apps.values().filter(|app| serves(draft, app)) { (for_the_idp(app)) }
        @if let Some(name) = existing {
            form method="post" action={ "/idps/" (name) "/remove" } class="sheet"
                data-ask={ "Remove " (name) "? Nobody signs in by it any more." } {
                h2 { "Remove" }
                p { "Its users stay, and are its own again when it comes back under this name." }
                input type="hidden" name="base" value=(draft.base);
                p class="actions" { button class="plain danger" { "Remove " (name) } }
            }
        }
    };
    let title = existing.unwrap_or("Add an identity provider");
    Ok(frame::inside_with(status, admin, Place::Idps, title, body))
}

/// What a *Resolve* found.
pub(super) struct WasRead {
    /// What it changes.
    pub(super) change: Change,
    /// What to say of its certificates.
    pub(super) remarks: Vec<String>,
}

fn was_read(read: &WasRead) -> Markup {
    let lines = &read.change.lines;
    html! {
        section class="notice good" aria-labelledby="resolved" {
            h2 id="resolved" { "The metadata was read" }
            @if lines.is_empty() { p { "It says what is set already." } }
            @else {
                p { "This changes when you save:" }
                (difference(lines))
            }
            @for line in &read.remarks { p { (line) } }
        }
    }
}

fn beginning(draft: &Draft, errors: &Errors) -> Markup {
    let choices: Vec<(&str, &str)> =
        Preset::ALL.iter().map(|(_, name, title)| (*name, *title)).collect();
    html! {
        fieldset {
            legend { "Which one" }
            (Field::new("preset", "Kind").value(&draft.preset).choice(&choices)
                .help("Sets attribute names and what this kind of IdP needs; each can be changed later.").render(errors))
            input type="hidden" name="preset_was" value=(draft.preset);
            (Field::new("name", "Name").value(&draft.name)
                .help("Stands on the button, and tags the users it creates. Empty: the kind's.").render(errors))
        }
    }
}

fn metadata(draft: &Draft, errors: &Errors) -> Markup {
    let url = draft.settings.metadata.url.as_deref().unwrap_or_default();
    html! {
        fieldset {
            legend { "Metadata" }
            (Field::of("idp.metadata.url").named("metadata_url").address().value(url).also("Give it with its whole query. Resolve reads it and fills in what stands below; you see every change before it is saved.").render(errors))
            details open[!draft.metadata_text.is_empty() || errors.of("metadata_file").is_some()] {
                summary { "Or a file, or its text" }
                (Field::new("metadata_file", "Metadata file").file()
                    .help("At most 4 MB. Resolve reads it, and nothing is saved before you press Save.").render(errors))
                (Field::new("metadata_text", "Metadata as XML").value(&draft.metadata_text).area(6).render(errors))
            }
            p { button class="button" name="resolve" value="true" { "Resolve" } }
        }
    }
}

fn sign_in(draft: &Draft, errors: &Errors) -> Markup {
    let idp = &draft.settings;
    html! {
        fieldset {
            legend { "The identity provider" }
            (Field::of("idp.entity_id").value(&idp.entity_id).render(errors))
            (Field::of("idp.login_url").address().value(&idp.login_url).render(errors))
            (Field::of("idp.logout.url").named("logout_url").address().value(idp.logout.url.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.logout.single_signout").check(idp.logout.single_signout).render(errors))
            (Field::of("idp.request.home_realm_discovery").check(idp.request.home_realm_discovery).render(errors))
            div data-while="home_realm_discovery" {
                (Field::of("idp.request.domain").value(idp.request.domain.as_deref().unwrap_or_default()).render(errors))
            }
        }
    }
}

fn user_id(draft: &Draft, errors: &Errors, offered: &[String]) -> Markup {
    let sources = &draft.settings.provisioning.attributes.user_id;
    let (location, attribute) = match sources.as_slice() {
        [one] if one.eq_ignore_ascii_case("nameid") => ("nameid", ""),
        [one] if !one.contains('{') => ("attribute", one.strip_prefix("attribute:").unwrap_or(one)),
        _ => ("other", ""),
    };
    let mut choices = vec![
        ("nameid", "User ID is in the NameIdentifier element of the Subject statement"),
        ("attribute", "User ID is in an Attribute element"),
    ];
    if location == "other" {
        choices.push(("other", "Several places or a template, as set under Provisioning"));
    }
    html! {
        fieldset {
            legend { "User ID" }
            (Field::new("user_id_location", "SAML User ID Locations").value(location).choice(&choices)
                .help("Only this place is read: the other is never taken in its stead.").render(errors))
            div data-while="user_id_location=attribute" {
                (Field::new("attribute_name", "Attribute Name").value(attribute).hints(offered)
                    .help("The Name of the attribute, letter by letter.").render(errors))
            }
        }
    }
}

fn button_and_apps(draft: &Draft, errors: &Errors) -> Markup {
    let idp = &draft.settings;
    html! {
        fieldset {
            legend { "Where it serves" }
            (Field::of("idp.button_label").value(idp.button_label.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.button_description").value(idp.button_description.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.request.at_once").check(idp.request.at_once).render(errors))
            (Field::of("idp.apps").value(&idp.apps.join(", ")).also("Several with commas.").render(errors))
        }
    }
}

fn more(draft: &Draft, errors: &Errors) -> Markup {
    let idp = &draft.settings;
    let request = &idp.request;
    let sign = match request.sign {
        Some(true) => "always",
        Some(false) => "never",
        None => "",
    };
    let max_age = request.max_authn_age_minutes.map(|age| age.to_string()).unwrap_or_default();
    html! {
        fieldset {
            legend { "Requests" }
            (Field::of("idp.request.binding").value(&word(&request.binding)).choice(&[("redirect", "Redirect"), ("post", "POST")]).render(errors))
            (Field::of("idp.request.post_url").address().value(request.post_url.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.request.sign").value(sign).choice(&[("", "when the metadata asks for it"), ("always", "always"), ("never", "never")]).render(errors))
            (Field::of("idp.request.force_authn").check(request.force_authn).render(errors))
            (Field::of("idp.request.max_authn_age_minutes").number().value(&max_age).render(errors))
            (Field::of("idp.request.passive").check(request.passive).render(errors))
            (Field::of("idp.request.login_hint").check(request.login_hint).render(errors))
            (Field::of("idp.request.name_id_format").value(request.name_id_format.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.request.authn_context").value(request.authn_context.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.request.authn_context_comparison").value(&word(&request.authn_context_comparison)).choice(&[("exact", "exact"), ("minimum", "minimum")]).render(errors))
            (Field::of("idp.request.authn_context_order").area(3).value(&request.authn_context_order.join("\n")).also("One on each line.").render(errors))
        }
        (metadata_and_keys(draft, errors))
        (logout(draft, errors))
        fieldset {
            legend { "What is accepted" }
            (Field::of("idp.allow_unsolicited").check(idp.allow_unsolicited).render(errors))
            (Field::of("idp.for_unbound_users").check(idp.for_unbound_users).render(errors))
            (Field::of("idp.allow_sha1").check(idp.allow_sha1).render(errors))
            (Field::of("idp.times.clock_skew_minutes").number().value(&idp.times.clock_skew_minutes.to_string()).render(errors))
            (Field::of("idp.times.obey_session_end").check(idp.times.obey_session_end).render(errors))
        }
    }
}

fn metadata_and_keys(draft: &Draft, errors: &Errors) -> Markup {
    let metadata = &draft.settings.metadata;
    html! {
        fieldset {
            legend { "Metadata and keys" }
            (Field::of("idp.metadata.refresh_hours").number().value(&metadata.refresh_hours.to_string()).render(errors))
            (Field::of("idp.metadata.approve_new_keys").check(metadata.approve_new_keys).render(errors))
            (Field::of("idp.metadata.signing_key").named("metadata_signing_key").area(3).value(metadata.signing_key.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.metadata.publish_encryption_key").check(metadata.publish_encryption_key).render(errors))
        }
    }
}

fn logout(draft: &Draft, errors: &Errors) -> Markup {
    let logout = &draft.settings.logout;
    html! {
        fieldset {
            legend { "Log-out" }
            (Field::of("idp.logout.binding").named("logout_binding").value(&word(&logout.binding)).choice(&[("redirect", "Redirect"), ("post", "POST")]).render(errors))
            (Field::of("idp.logout.response_url").named("logout_response_url").address().value(logout.response_url.as_deref().unwrap_or_default()).render(errors))
            (Field::of("idp.logout.answer").named("answer_logout").check(logout.answer).render(errors))
            (Field::of("idp.logout.issuer_aliases").area(2).value(&logout.issuer_aliases.join("\n")).also("One on each line.").render(errors))
        }
    }
}

/// *Save* is never grey: what is missing stands beside it.
fn save(draft: &Draft) -> Markup {
    html! {
        p class="actions" {
            button class="button" { "Save" }
            a href="/idps" { "Back to all identity providers" }
            @if let Some(problem) = problem(&draft.settings) {
                span class="warn" { "Before it can be saved: " (problem.text) "." }
            }
        }
    }
}

fn serves(draft: &Draft, app: &App) -> bool {
    draft.settings.apps.is_empty() || draft.settings.apps.contains(&app.name)
}

fn for_the_idp(app: &App) -> Markup {
    html! { h2 { "For " (app.name) } (crate::apps::for_the_idp(app)) }
}
