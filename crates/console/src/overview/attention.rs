//! What needs attention now, and the way to mend it.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use installation::counted;
use installation::settings::{Idp, Snapshot};
use installation::trust;
use maud::{Markup, html};
use saml::Certificate;
use store::{MetadataLook, Store, StoreError, Tally};

use crate::frame::time;
use crate::password::PASSWORD;

/// One thing.
pub(super) struct Concern {
    severe: bool,
    title: String,
    text: Markup,
}

impl Concern {
    /// As a notice.
    pub(super) fn view(&self) -> Markup {
        html! {
            div class=(if self.severe { "notice bad" } else { "notice warn" }) {
                h2 { (self.title) }
                p { (self.text) }
            }
        }
    }
}

/// All of them, the severe first.
///
/// # Errors
/// When the database is away.
pub(super) async fn concerns(
    store: &Store,
    settings: &Snapshot,
    tallies: &[Tally],
    now: SystemTime,
) -> Result<Vec<Concern>, StoreError> {
    let mut concerns = Vec::new();
    let mut add = |severe, title: String, text| concerns.push(Concern { severe, title, text });
    for problem in &settings.problems {
        let text = html! { "Until that is mended it is left out, or works in part. Mend it in the command line or under " a href="/history" { "History" } "." };
        add(true, format!("A setting cannot be used: {problem}"), text);
    }
    let looks = store.metadata_looks().await?;
    for idp in settings.idps.values() {
        certificate(idp, now, &mut add);
        metadata(idp, looks.iter().find(|look| look.idp == idp.name), now, &mut add);
        let waiting = idp.settings.metadata.waiting_keys.len();
        if waiting > 0 {
            let text = html! { "Compare and decide at " a href={ "/idps/" (idp.name) } { (idp.name) } "; until then nothing is verified with them." };
            let wait = counted(waiting, "new key waits", "new keys wait");
            add(true, format!("{wait} for approval at {}", idp.name), text);
        }
        if idp.settings.allow_sha1 {
            let text = html! { "Choose SHA-256 at the IdP, then switch it off at " a href={ "/idps/" (idp.name) } { (idp.name) } "." };
            add(false, format!("{} may sign with SHA-1, which can be forged", idp.name), text);
        }
    }
    let invalid: i64 =
        tallies.iter().filter(|tally| tally.code == "signature_invalid").map(|t| t.count).sum();
    if invalid > 2 {
        let text = html! { "The IdP may sign with a new certificate: open it under " a href="/idps" { "Identity providers" } " and press Resolve. " a href="/attempts?code=signature_invalid" { "See them" } "." };
        add(true, format!("{invalid} signatures did not verify within a day"), text);
    }
    if !store.memberships_awaiting_removal(1).await?.is_empty() {
        let text = html! { "Sign-ins would remove more people from groups than they may. " a href="/removals" { "Decide about each" } "." };
        add(false, "Removals from groups wait for approval".to_owned(), text);
    }
    if store.property(PASSWORD).await?.is_none() {
        let text = html! { "Until there is one, only the link of a start leads in. " a href="/welcome" { "Choose a password" } "." };
        add(false, "The administrator has no password".to_owned(), text);
    }
    if settings.console.is_detailed(now) {
        let text = html! { "Responses with personal values stand in the log. See " a href="/settings" { "Settings" } "." };
        add(false, "Detailed logging is on".to_owned(), text);
    }
    concerns.sort_by_key(|concern| !concern.severe);
    Ok(concerns)
}

fn certificate(idp: &Idp, now: SystemTime, add: &mut impl FnMut(bool, String, Markup)) {
    let Some(end) = last_certificate_end(idp).filter(|end| *end < now + SOON) else { return };
    let text = html! {
        "Until " (time(end)) ". It goes on working here, since its key is what is trusted; the IdP may "
        "change it. Press Resolve at " a href={ "/idps/" (idp.name) } { (idp.name) } "."
    };
    let what = if end < now { "has expired" } else { "ends soon" };
    add(end < now, format!("The certificate of {} {what}", idp.name), text);
}

/// Metadata that ends soon and is not renewed by itself.
fn metadata(
    idp: &Idp,
    look: Option<&MetadataLook>,
    now: SystemTime,
    add: &mut impl FnMut(bool, String, Markup),
) {
    let ends = trust::warnings(idp, look, now).into_iter().find(|one| one.subject == "metadata");
    let Some(warning) = ends else { return };
    let text = html! { "Warning: " (warning.text) ". Here: Resolve at " a href={ "/idps/" (idp.name) } { (idp.name) } ", then Save." };
    let what = if warning.within_days == 0 { "is over: nobody signs in" } else { "ends soon" };
    add(warning.within_days <= 1, format!("The metadata of {} {what}", idp.name), text);
}

/// When the last of an IdP's certificates ends.
pub(super) fn last_certificate_end(idp: &Idp) -> Option<SystemTime> {
    let ends = idp.settings.certificates.iter().filter_map(|text| {
        let der = STANDARD.decode(text).ok()?;
        Some(Certificate::from_pem_or_der(&der).ok()?.not_after())
    });
    ends.max()
}

/// A certificate that ends within this time needs attention.
pub(super) const SOON: Duration = Duration::from_secs(30 * 86_400);
