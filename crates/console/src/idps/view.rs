//! The form of an IdP: every field of the Microsoft plug-in's screen by its own name.

use axum::http::StatusCode;
use axum::response::Response;
use installation::choice::Choice as _;
use installation::settings::{App, Change, Preset};
use installation::trust;
use maud::{Markup, html};

use super::entered::Draft;
use super::{keys, problem, users};
use crate::Console;
use crate::admin::{Admin, CONFIRMATION};
use crate::apps::word;
use crate::form::{Errors, Field};
use crate::frame::{self, Failure, Place};
use crate::history::difference;
use crate::provisioning;

/// The page; `changes` are those of a *Resolve* that is not saved yet.
pub(super) async fn page(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    existing: Option<&str>,
    draft: &Draft,
    errors: &Errors,
    changes: Option<Vec<Change>>,
) -> Result<Response, Failure> {
    let settings = console.installation.settings.current();
    let keys = keys::table(&console.installation.store, existing, &draft.settings).await?;
    let action = existing.map_or("/idps/new".to_owned(), |name| format!("/idps/{name}"));
    let carried = serde_json::to_string(&draft.settings).unwrap_or_default();
    let offered = provisioning::offered(console, existing, &draft.offered).await?;
    let users = users::question(&console.installation.store, existing, admin, errors).await?;
    let body = html! {
        (errors.summary())
        @if let Some(changes) = &changes { (resolved(changes)) }
        @if let Some(name) = existing { (tabs(name, "configuration")) }
        @if let Some(name) = existing { (keys::waiting(name, &draft.settings, admin, errors)) }
        (users)
        form method="post" action=(action) enctype="multipart/form-data" {
            input type="hidden" name="base" value=(draft.base);
            input type="hidden" name="carried" value=(carried);
            input type="hidden" name="offered" value=(trust::offered_to_text(&draft.offered));
            @if existing.is_none() { (beginning(draft, errors)) }
            (metadata(draft, errors))
            (sign_in(draft, errors))
            fieldset { legend { "X.509 Certificates" } (keys)
                (Field::new("certificates", "Further certificates").value(&draft.typed).area(4)
                    .help("PEM blocks, or base64 with or without line breaks. They are trusted beside those of the metadata.").render(errors))
            }
            (user_id(draft, errors, &offered))
            (button_and_apps(draft, errors))
            details { summary { "More: requests, log-out, what is accepted" } (more(draft, errors)) }
            // Asked for only when the entity ID was changed.
            @if errors.of(CONFIRMATION).is_some() { (frame::confirmation(admin, errors)) }
            (save(draft))
        }
        @for app in settings.apps.values().filter(|app| serves(draft, app)) { (for_the_idp(app)) }
        @if let Some(name) = existing {
            form method="post" action={ "/idps/" (name) "/remove" } class="sheet"
                data-ask={ "Remove " (name) "? Nobody signs in by it any more." } {
                h2 { "Remove" }
                p { "Its users stay, and are its own again when it comes back under this name." }
                input type="hidden" name="base" value=(draft.base);
                (frame::confirmation(admin, errors))
                p class="actions" { button class="plain danger" { "Remove " (name) } }
            }
        }
    };
    let title = existing.unwrap_or("Add an identity provider");
    Ok(frame::inside_with(status, admin, Place::Idps, title, body))
}

/// The two pages of one IdP.
pub(crate) fn tabs(name: &str, here: &str) -> Markup {
    html! {
        nav class="actions" aria-label={ "Pages of " (name) } {
            @for (page, title, address) in [
                ("configuration", "Configuration", format!("/idps/{name}")),
                ("provisioning", "Provisioning", format!("/idps/{name}/provisioning")),
            ] {
                a class="plain" href=(address) aria-current=[(page == here).then_some("page")] { (title) }
            }
            a class="plain" href={ "/test?idp=" (name) } { "Test sign-in" }
        }
    }
}

fn resolved(changes: &[Change]) -> Markup {
    let lines: Vec<String> = changes.iter().flat_map(|change| change.lines.clone()).collect();
    html! {
        section class="notice good" aria-labelledby="resolved" {
            h2 id="resolved" { "The metadata was read" }
            @if lines.is_empty() { p { "It says what is set already." } }
            @else {
                p { "This changes when you save:" }
                (difference(&lines))
            }
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
            (Field::new("metadata_url", "Metadata URL").address().value(url)
                .help("The address of the IdP's federation metadata, with its whole query. Resolve reads it and fills in what stands below; you see every change before it is saved.").render(errors))
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
            (Field::new("entity_id", "IdP Entity ID").value(&idp.entity_id)
                .help("Exactly as it stands in the Issuer of its messages.").render(errors))
            (Field::new("login_url", "Login URL").address().value(&idp.login_url)
                .help("Its single sign-on endpoint.").render(errors))
            (Field::new("logout_url", "Logout URL").address().value(idp.logout.url.as_deref().unwrap_or_default())
                .help("Its single log-out endpoint. Empty: signing out at the IdP is not possible.").render(errors))
            (Field::new("single_signout", "Enable Single Signout").check(idp.logout.single_signout)
                .help("Who logs out of an app is signed out at the IdP, too.").render(errors))
            (Field::new("home_realm_discovery", "Enable Home Realm Discovery").check(idp.request.home_realm_discovery)
                .help("Tells the IdP which company the person is from, so that it does not ask (whr). Microsoft advises against it for guests and security keys.").render(errors))
            div data-while="home_realm_discovery" {
                (Field::new("domain", "Domain Name").value(idp.request.domain.as_deref().unwrap_or_default())
                    .help("Needed for Home Realm Discovery: example.com").render(errors))
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
            (Field::new("button_label", "Login Button Name").value(idp.button_label.as_deref().unwrap_or_default())
                .help("The text of the button on the log-in page. Empty: Login with and this name.").render(errors))
            (Field::new("button_description", "Login Button Description").value(idp.button_description.as_deref().unwrap_or_default())
                .help("A sentence below the button, such as who should use it. Empty: none.").render(errors))
            (Field::new("at_once", "Send people to the IdP at once").check(idp.request.at_once)
                .help("They do not see the app's own log-in page. Administrators still reach it with ?nosso behind its address.").render(errors))
            (Field::new("apps", "Apps").value(&idp.apps.join(", "))
                .help("The apps that it serves, with commas. Empty: all.").render(errors))
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
    html! {
        fieldset {
            legend { "Requests" }
            (Field::new("binding", "Binding").value(&word(&request.binding)).choice(&[("redirect", "Redirect"), ("post", "POST")]).render(errors))
            (Field::new("post_url", "Address for posted requests").address().value(request.post_url.as_deref().unwrap_or_default())
                .help("When requests are posted and the IdP takes them elsewhere. Empty: the Login URL.").render(errors))
            (Field::new("sign", "Sign requests").value(sign).choice(&[("", "when the metadata asks for it"), ("always", "always"), ("never", "never")]).render(errors))
            (Field::new("force_authn", "ForceAuthn").check(request.force_authn).help("People must sign in anew each time.").render(errors))
            (Field::new("passive", "IsPassive").check(request.passive).help("The IdP may show nothing.").render(errors))
            (Field::new("login_hint", "Pass login_hint on").check(request.login_hint).render(errors))
            (Field::new("name_id_format", "NameID format").value(request.name_id_format.as_deref().unwrap_or_default())
                .help("Empty is best: Entra ID and AD FS fail when they are asked for one they do not send.").render(errors))
            (Field::new("authn_context", "Authentication context").value(request.authn_context.as_deref().unwrap_or_default())
                .help("A class that must be met exactly. Empty is best.").render(errors))
        }
        (metadata_and_keys(draft, errors))
        (logout(draft, errors))
        fieldset {
            legend { "What is accepted" }
            (Field::new("allow_unsolicited", "Take responses that nobody asked for").check(idp.allow_unsolicited)
                .help("For sign-ins that begin at the IdP's own portal.").render(errors))
            (Field::new("for_unbound_users", "For users not linked to an identity provider yet").check(idp.for_unbound_users)
                .help("With several identity providers: the first sign-in by this one links such a user to it, unless the user has a password or is in a protected group.").render(errors))
            (Field::new("allow_sha1", "Take SHA-1 signatures").check(idp.allow_sha1)
                .help("Dangerous: such signatures can be forged. For old IdPs only.").render(errors))
        }
    }
}

fn metadata_and_keys(draft: &Draft, errors: &Errors) -> Markup {
    let metadata = &draft.settings.metadata;
    html! {
        fieldset {
            legend { "Metadata and keys" }
            (Field::new("refresh_hours", "Read the metadata again, hours").number().value(&metadata.refresh_hours.to_string())
                .help("0: only by hand, and when a signature fails.").render(errors))
            (Field::new("approve_new_keys", "New keys wait for approval").check(metadata.approve_new_keys)
                .help("They stand on this page and on the overview until somebody has decided.").render(errors))
            (Field::new("metadata_signing_key", "Key that signs the metadata").area(3).value(metadata.signing_key.as_deref().unwrap_or_default())
                .help("A certificate or public key. With it, metadata without its signature is refused. Empty: TLS alone protects it.").render(errors))
            (Field::new("publish_encryption_key", "Publish an encryption key").check(metadata.publish_encryption_key)
                .help("AD FS, Shibboleth and others then encrypt assertions.").render(errors))
        }
    }
}

fn logout(draft: &Draft, errors: &Errors) -> Markup {
    let logout = &draft.settings.logout;
    html! {
        fieldset {
            legend { "Log-out" }
            (Field::new("logout_binding", "Log-out binding").value(&word(&logout.binding)).choice(&[("redirect", "Redirect"), ("post", "POST")]).render(errors))
            (Field::new("logout_response_url", "Logout response URL").address().value(logout.response_url.as_deref().unwrap_or_default())
                .help("Where our answers go. Empty: the Logout URL.").render(errors))
            (Field::new("answer_logout", "Answer the IdP's log-out requests").check(logout.answer).render(errors))
            (Field::new("issuer_aliases", "Other entity IDs in log-out messages").area(2).value(&logout.issuer_aliases.join("\n"))
                .help("One on each line. Entra ID's is known already.").render(errors))
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
