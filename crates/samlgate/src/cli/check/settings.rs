//! What `check` says of apps, IdPs, Crowd applications and users.

use std::time::SystemTime;

use directory::provision::{GroupSeparator, Unbound};
use installation::counted;
use installation::people;
use installation::settings::{App, Idp, NobodyAsks, Snapshot};
use installation::trust;
use store::{MetadataLook, Store};

use super::Findings;

impl Findings {
    pub(super) fn settings(
        &mut self,
        settings: &Snapshot,
        looks: &[MetadataLook],
        now: SystemTime,
    ) {
        for problem in &settings.problems {
            self.wrong("setting", problem.clone());
        }
        if settings.apps.is_empty() {
            self.note("apps", "none; add one with `samlgate app add`");
        }
        if settings.idps.is_empty() {
            self.note("IdPs", "none; nobody can sign in; add one with `samlgate idp add`");
        }
        for (name, app) in &settings.apps {
            let what = format!("app {name}");
            let unknown = app.settings.applications.iter();
            let unknown = unknown.filter(|name| !settings.applications.contains_key(*name));
            let unknown: Vec<_> = unknown.map(String::as_str).collect();
            if !unknown.is_empty() {
                let cure = format!("samlgate application add {}", unknown[0]);
                self.wrong(
                    &what,
                    format!("there is no application {}; {cure}", unknown.join(", ")),
                );
            } else if settings.idps_of(app).next().is_none() {
                self.wrong(&what, "no IdP serves it; see `samlgate idp set NAME --app`");
            } else {
                self.ok(
                    &what,
                    format!("{} from {}", app.settings.public_url, app.settings.upstream),
                );
            }
            self.asked_by(&what, app, settings);
        }
        for (name, idp) in &settings.idps {
            let what = format!("IdP {name}");
            self.idp(&what, idp, settings);
            let look = looks.iter().find(|look| look.idp == *name);
            // Metadata that is over lets nobody in; a certificate's date is the IdP's own plan.
            for warning in trust::warnings(idp, look, now) {
                match idp.valid_until.is_some_and(|end| end <= now) && warning.subject == "metadata"
                {
                    true => self.wrong(&what, warning.text),
                    false => self.note(&what, warning.text),
                }
            }
        }
        for (name, application) in &settings.applications {
            let from: Vec<_> = application.allow.iter().map(ToString::to_string).collect();
            let own = "loopback and its app's own address";
            let from = if from.is_empty() { own.to_owned() } else { from.join(", ") };
            self.ok(&format!("application {name}"), format!("allowed from {from}"));
        }
    }

    /// Users whom nobody may sign in, and users of an entity that their IdP no longer is.
    pub(super) async fn users(&mut self, store: &Store, settings: &Snapshot) {
        let anybody = |idp: &Idp| idp.provisioning.rules.unbound == Unbound::Anybody;
        if !settings.idps.is_empty() && !settings.idps.values().any(|idp| anybody(idp)) {
            match store.unbound_users(10).await {
                Ok((0, _)) => {}
                Ok((count, names)) => self.note("users", unlinked(count, &names)),
                Err(error) => self.wrong("users", error.to_string()),
            }
        }
        for (name, idp) in &settings.idps {
            match store.users_of_other_entity(name, &idp.settings.entity_id).await {
                Ok(0) => {}
                Ok(count) => self.note(
                    &format!("IdP {name}"),
                    format!(
                        "{} {}",
                        counted(count, "user", "users"),
                        people::of_other_entity(count, name)
                    ),
                ),
                Err(error) => self.wrong("users", error.to_string()),
            }
        }
    }

    fn idp(&mut self, what: &str, idp: &Idp, settings: &Snapshot) {
        let unknown = idp.settings.apps.iter().find(|name| !settings.apps.contains_key(*name));
        if let Some(unknown) = unknown {
            return self.wrong(what, format!("it is to serve {unknown}, but there is no such app"));
        }
        let entity_id = &idp.settings.entity_id;
        match idp.settings.allow_sha1 {
            true => {
                self.note(what, format!("{entity_id}; SHA-1 is allowed: ask the IdP for SHA-256"));
            }
            false => self.ok(what, entity_id.clone()),
        }
        self.rights(what, idp);
    }

    /// Who may ask for the app's one-time passwords.
    fn asked_by(&mut self, what: &str, app: &App, settings: &Snapshot) {
        match settings.asked_by(app) {
            Ok(_) => {}
            Err(why @ NobodyAsks::ThereIsNone) => self.note(what, why.to_string()),
            Err(why @ NobodyAsks::Unnamed) => self.wrong(what, why.to_string()),
        }
    }

    /// What was the default once and gives more than it seems to.
    fn rights(&mut self, what: &str, idp: &Idp) {
        let provisioning = &idp.provisioning;
        if provisioning.reading.groups.separator == GroupSeparator::Auto {
            self.note(
                what,
                "a group value that is sent alone is split at its commas, so one value can become several \
                 groups (provisioning.groups.separator = \"auto\"); unless the IdP joins groups: samlgate idp \
                 set NAME --group-separator none",
            );
        }
        let groups = &provisioning.rules.groups;
        if provisioning.rules.create_or_update && !groups.protect_additions {
            self.note(
                what,
                "sign-ins add people to protected groups (provisioning.groups.protect_additions = false); \
                 turn it on, and name those that are meant: --add-to-protected",
            );
        }
    }
}

fn unlinked(count: u64, names: &[String]) -> String {
    let more = if count > names.len() as u64 { ", ..." } else { "" };
    format!(
        "{count} are linked to no IdP: {}{more}. With several IdPs a sign-in links them only where that \
         is allowed: samlgate user link NAME --idp IDP, or samlgate idp set IDP --for-unbound-users",
        names.join(", ")
    )
}
