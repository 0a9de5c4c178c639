//! `idp list` and `idp show`.

use std::time::SystemTime;

use installation::moment;
use installation::settings::{self, Document as _, IdpSettings, ProvisioningSettings};
use installation::trust;
use saml::IdpKey;
use serde_json::{Value, json};
use store::{MetadataLook, Store};

use crate::cli::print;

pub(super) fn list(idps: Vec<(String, IdpSettings)>, json: bool) -> anyhow::Result<()> {
    if json {
        let all = idps.iter().map(|(name, idp)| as_json(name, idp));
        return Ok(print::json(&all.collect::<Result<Vec<_>, _>>()?)?);
    }
    let rows: Vec<_> = idps
        .into_iter()
        .map(|(name, idp)| {
            let users =
                if idp.provisioning.create_users { "created and updated" } else { "must exist" };
            vec![name, apps(&idp), users.to_owned(), keys(&idp), idp.entity_id]
        })
        .collect();
    let head = ["NAME", "APPS", "USERS", "CERTIFICATES", "ENTITY ID"];
    Ok(print::table(
        &head,
        &rows,
        "no IdP yet; add one with `samlgate idp add NAME --metadata URL`",
    )?)
}

/// Shows one IdP, what was observed of it, and what expires soon.
pub(super) async fn one(
    store: &Store,
    name: &str,
    json: bool,
    now: SystemTime,
) -> anyhow::Result<()> {
    let idp: IdpSettings = settings::show(store, name).await?;
    if json {
        return Ok(print::json(&as_json(name, &idp)?)?);
    }
    let looks = store.metadata_looks().await?;
    let look = looks.iter().find(|look| look.idp == name);
    show(name, &idp, look)?;
    match idp.compile(name) {
        Ok(idp) => super::keys::warn(&idp, look, now),
        Err(problem) => Ok(print::line(&format!("warning: it does not work: {problem}"))?),
    }
}

fn show(name: &str, idp: &IdpSettings, look: Option<&MetadataLook>) -> std::io::Result<()> {
    let provisioning = &idp.provisioning;
    let or = |value: &Option<String>, otherwise: &str| {
        value.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
    print::fields(&[
        ("name", name.to_owned()),
        ("entity ID", idp.entity_id.clone()),
        ("login URL", idp.login_url.clone()),
        ("logout URL", or(&idp.logout.url, "-")),
        ("metadata", or(&idp.metadata.url, "set by hand or from a file")),
        ("metadata read", read_at(look)),
        ("metadata valid until", or(&idp.metadata.valid_until, "-")),
        ("new keys", new_keys(idp, look)),
        ("certificates", keys(idp)),
        ("apps", apps(idp)),
        ("button", or(&idp.button_label, &format!("Login with {name}"))),
        ("below the button", or(&idp.button_description, "-")),
        ("user id from", sources(&provisioning.attributes.user_id)),
        ("full name from", sources(&provisioning.attributes.full_name)),
        ("email from", sources(&provisioning.attributes.email)),
        ("groups from", groups(provisioning)),
        ("create users", yes(provisioning.create_users)),
        ("update existing", yes(provisioning.update_existing)),
        ("user groups", sources(&provisioning.user_groups)),
        ("customer groups", sources(&provisioning.customer_groups)),
        ("managed groups", sources(&provisioning.groups.managed)),
        ("shadow mode", yes(provisioning.shadow)),
        ("unsolicited", yes(idp.allow_unsolicited)),
        ("requests", super::request::shown(&idp.request)),
        ("single signout", super::logout::shown(&idp.logout)),
        ("times", super::times::shown(&idp.times)),
        (
            "SHA-1",
            if idp.allow_sha1 { "ALLOWED: ask the IdP for SHA-256" } else { "refused" }.to_owned(),
        ),
    ])
}

fn sources(list: &[String]) -> String {
    if list.is_empty() { "-".to_owned() } else { list.join(", ") }
}

fn groups(provisioning: &ProvisioningSettings) -> String {
    let path = if provisioning.steps.strip_group_path() { ", without their path" } else { "" };
    format!("{}{path}", sources(&provisioning.attributes.groups))
}

fn as_json(name: &str, idp: &IdpSettings) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(idp)?;
    value["name"] = json!(name);
    Ok(value)
}

fn apps(idp: &IdpSettings) -> String {
    if idp.apps.is_empty() { "all".to_owned() } else { idp.apps.join(", ") }
}

/// When the metadata last came, and what was wrong since.
fn read_at(look: Option<&MetadataLook>) -> String {
    let Some(look) = look else { return "-".to_owned() };
    let came = look.fetched_at.map_or_else(|| "never".to_owned(), moment::seconds);
    match look.problem.as_str() {
        "" => came,
        problem => format!("{came}; at {} it failed: {problem}", moment::seconds(look.tried_at)),
    }
}

/// What becomes of new keys, and the interval that is in force.
fn new_keys(idp: &IdpSettings, look: Option<&MetadataLook>) -> String {
    let table = &idp.metadata;
    let how = if table.approve_new_keys { "wait for approval" } else { "are taken over" };
    match (&table.url, trust::interval(table, look)) {
        (None, _) => "by hand".to_owned(),
        (Some(_), None) => format!("{how}; read again when a signature fails"),
        (Some(_), Some(interval)) => {
            let every = trust::in_words(interval);
            format!("{how}; read again every {every} and when a signature fails")
        }
    }
}

/// How many trusted keys there are, and how long the certificate that lasts longest is valid.
fn keys(idp: &IdpSettings) -> String {
    let all: Vec<_> = idp.certificates.iter().chain(&idp.metadata.keys).collect();
    let keys = all.iter().filter_map(|text| IdpKey::from_base64(text).ok());
    let last = keys.filter_map(|key| Some(key.certificate()?.not_after())).max();
    match last {
        Some(last) => format!("{} (to {})", all.len(), &moment::seconds(last)[..10]),
        None => all.len().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_interval_in_force_is_told() {
        let mut idp = IdpSettings::default();
        assert_eq!(new_keys(&idp, None), "by hand");
        idp.metadata.url = Some("https://idp.example.com/metadata".to_owned());
        assert!(new_keys(&idp, None).contains("read again every 24 hours and when"));
        let look = MetadataLook {
            idp: "company".to_owned(),
            tried_at: UNIX_EPOCH,
            fetched_at: Some(UNIX_EPOCH),
            refresh_by: None,
            problem: String::new(),
            offered: "[]".to_owned(),
        };
        idp.metadata.valid_until = Some("1970-01-01T01:00:00Z".to_owned());
        let told = new_keys(&idp, Some(&look));
        assert_eq!(told, "are taken over; read again every 30 minutes and when a signature fails");
        idp.metadata.refresh_hours = 0;
        let told = new_keys(&idp, Some(&look));
        assert_eq!(told, "are taken over; read again when a signature fails");
    }
}
