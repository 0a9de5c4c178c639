use std::time::UNIX_EPOCH;

use serde_json::json;

use super::*;

/// A folder with a configuration, and what `check` finds there.
struct Place {
    folder: tempfile::TempDir,
    text: String,
}

impl Place {
    fn new() -> Self {
        Place { folder: tempfile::tempdir().unwrap(), text: String::new() }
    }

    fn config(&self) -> Config {
        let file = self.folder.path().join("samlgate.toml");
        Config::parse(&file, &self.text, []).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn store(&self) -> Store {
        Store::open(&self.config().database.url).await.unwrap()
    }

    async fn findings(&self, now: SystemTime) -> Vec<Finding> {
        let mut findings = Findings(Vec::new());
        findings.look_at(&self.config(), now).await;
        findings.0
    }

    /// The verdict and text about `what`.
    async fn about(&self, what: &str) -> (Verdict, String) {
        let all = self.findings(noon()).await;
        let Some(found) = all.iter().find(|finding| finding.what == what) else {
            panic!("nothing about {what}: {all:?}");
        };
        (found.verdict, found.text.clone())
    }

    /// Stores a document as it is, checked by nobody.
    async fn put(&self, kind: &str, name: &str, document: serde_json::Value) {
        let mut tx = self.store().await.begin().await.unwrap();
        tx.put_setting(kind, name, &document.to_string(), noon()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A certificate for TLS that ends at `year`.
    fn certificate(&mut self, year: i32) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
        let certificate = parameters.self_signed(&key).unwrap();
        std::fs::write(self.path("tls.crt"), certificate.pem()).unwrap();
        std::fs::write(self.path("tls.key"), key.serialize_pem()).unwrap();
        self.text = "[tls]\ncertificate_file = \"tls.crt\"\nkey_file = \"tls.key\"".to_owned();
    }
}

fn noon() -> SystemTime {
    UNIX_EPOCH + std::time::Duration::from_secs(1_795_521_600)
}

#[tokio::test]
async fn a_database_in_a_folder_that_is_not_there_is_wrong_before_the_first_start() {
    let mut place = Place::new();
    let folder = place.path("gone");
    place.text = format!("[database]\nurl = \"sqlite:{}/samlgate.db\"", folder.display());
    let (verdict, text) = place.about("database").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("make it, or change database.url"), "{text}");
    assert!(!folder.exists());
}

#[tokio::test]
async fn before_the_first_start_nothing_is_wrong_and_nothing_is_made() {
    let place = Place::new();
    let findings = place.findings(noon()).await;
    assert!(findings.iter().all(|finding| finding.verdict != Verdict::Wrong), "{findings:?}");
    assert!(!place.path("samlgate.db").exists() && !place.path("samlgate.key").exists());
}

#[tokio::test]
async fn a_key_that_others_can_read_is_wrong() {
    let place = Place::new();
    let file = place.path("samlgate.key");
    Secrets::open_or_create(&file, Random).unwrap();
    assert_eq!(place.about("key").await.0, Verdict::Ok);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let (verdict, text) = place.about("key").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("mode 640") && text.contains("chmod 600"), "{text}");
}

#[tokio::test]
async fn a_key_that_is_not_the_databases_or_is_gone_is_wrong() {
    let place = Place::new();
    let mut tx = place.store().await.begin().await.unwrap();
    tx.put_property("secrets.key_id", "0011223344556677").await.unwrap();
    tx.commit().await.unwrap();
    let (verdict, text) = place.about("key of database").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("which is not here"), "{text}");
    Secrets::open_or_create(&place.path("samlgate.key"), Random).unwrap();
    let (verdict, text) = place.about("key of database").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("made with key 0011223344556677"), "{text}");
}

#[tokio::test]
async fn settings_that_name_what_is_not_there_are_wrong() {
    let place = Place::new();
    let app = json!({
        "kind": "jira", "public_url": "https://jira.example.com", "upstream": "http://10.0.0.5:8080"
    });
    place.put("app", "jira", app.clone()).await;
    let (verdict, text) = place.about("app jira").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("no IdP serves it"), "{text}");
    let mut naming = app;
    naming["applications"] = json!(["crowd-jira"]);
    place.put("app", "jira", naming).await;
    let (verdict, text) = place.about("app jira").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("samlgate application add crowd-jira"), "{text}");
}

/// An IdP that compiles.
fn company() -> serde_json::Value {
    let example: toml::Value =
        toml::from_str(include_str!("../../../../installation/src/settings/tests/settings.toml"))
            .unwrap();
    json!({
        "entity_id": "https://idp.example.com/", "login_url": "https://idp.example.com/sso",
        "certificates": example["idp"]["entra"]["certificates"],
    })
}

#[tokio::test]
async fn metadata_from_a_file_that_is_over_is_wrong_and_the_cure_gives_a_file() {
    let place = Place::new();
    let mut idp = company();
    idp["metadata"] = json!({ "valid_until": "1970-01-01T00:00:00Z" });
    place.put("idp", "company", idp).await;
    let all = place.findings(noon()).await;
    let found = all.iter().find(|finding| finding.text.contains("the metadata of the IdP company"));
    let found = found.expect("it is over");
    assert_eq!(found.verdict, Verdict::Wrong);
    assert!(found.text.ends_with("samlgate idp set company --metadata FILE"), "{}", found.text);
}

#[tokio::test]
async fn users_without_an_idp_are_named_unless_the_only_one_binds_them() {
    let place = Place::new();
    let idp = company();
    let mut tx = place.store().await.begin().await.unwrap();
    let user = directory::User {
        id: "1".to_owned(),
        name: "gonzo".to_owned(),
        full_name: String::new(),
        email: String::new(),
        active: true,
        idp: None,
        created_at: noon(),
        updated_at: noon(),
    };
    tx.create_user(&user).await.unwrap();
    tx.commit().await.unwrap();
    let unlinked = async |place: &Place| {
        let said = place.findings(noon()).await.into_iter();
        said.filter(|found| found.what == "users").map(|found| found.text).collect::<Vec<_>>()
    };
    place.put("idp", "company", idp).await;
    assert!(unlinked(&place).await.is_empty(), "the first sign-in binds them");
    // One that does not compile is an IdP all the same.
    place.put("idp", "partner", json!({ "entity_id": "" })).await;
    let said = unlinked(&place).await;
    assert!(
        matches!(&said[..], [text] if text.starts_with("1 are linked to no IdP: gonzo.")),
        "{said:?}"
    );
}

#[tokio::test]
async fn an_app_that_names_none_of_several_applications_is_wrong() {
    let place = Place::new();
    installation::settings::upgrade(&place.store().await, noon()).await.unwrap();
    let app = json!({
        "kind": "jira", "public_url": "https://jira.example.com", "upstream": "http://10.0.0.5:8080"
    });
    place.put("app", "jira", app).await;
    let about = async |place: &Place| {
        let said = place.findings(noon()).await.into_iter();
        let said = said.filter(|found| found.what == "app jira" && found.text.contains("Crowd"));
        said.map(|found| (found.verdict, found.text)).collect::<Vec<_>>()
    };
    let none = about(&place).await;
    assert!(
        matches!(&none[..], [(Verdict::Note, text)] if text.contains("application add")),
        "{none:?}"
    );
    let client =
        json!({ "password_hash": installation::password::hash("secret", Random).unwrap() });
    place.put("application", "jira", client.clone()).await;
    assert!(about(&place).await.is_empty(), "the only one is meant");
    place.put("application", "wiki", client).await;
    let several = about(&place).await;
    assert!(
        matches!(&several[..], [(Verdict::Wrong, text)] if text.contains("--application")),
        "{several:?}"
    );
}

#[tokio::test]
async fn what_gave_rights_by_an_old_default_is_worth_a_look() {
    let place = Place::new();
    let mut idp = company();
    idp["provisioning"] = json!({ "create_users": true });
    let about = async |place: &Place| -> Vec<String> {
        let said = place.findings(noon()).await.into_iter();
        let said =
            said.filter(|found| found.what == "IdP company" && found.verdict == Verdict::Note);
        said.map(|found| found.text).filter(|text| text.contains("provisioning.groups")).collect()
    };
    place.put("idp", "company", idp.clone()).await;
    let old = about(&place).await;
    assert!(old.iter().any(|text| text.contains("separator = \"auto\"")), "{old:?}");
    assert!(old.iter().any(|text| text.contains("protect_additions = false")), "{old:?}");
    idp["provisioning"]["groups"] = json!({ "separator": "none", "protect_additions": true });
    place.put("idp", "company", idp.clone()).await;
    assert!(about(&place).await.is_empty());
    installation::settings::upgrade(&place.store().await, noon()).await.unwrap();
    idp["provisioning"]["groups"] = json!({});
    place.put("idp", "company", idp).await;
    assert!(about(&place).await.is_empty(), "what is new has the new defaults");
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_is_named() {
    let place = Place::new();
    place.put("application", "jira", json!({ "password_hash": "plain" })).await;
    let (verdict, text) = place.about("setting").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.starts_with("application jira: "), "{text}");
}

#[tokio::test]
async fn a_certificate_is_looked_at_with_its_key_and_its_end() {
    let mut place = Place::new();
    place.certificate(2040);
    let (verdict, text) = place.about("TLS").await;
    assert_eq!(verdict, Verdict::Ok, "{text}");
    assert!(text.contains("valid to 2040-01-01T00:00:00Z"), "{text}");
    place.certificate(2020);
    let (verdict, text) = place.about("TLS").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("it has expired"), "{text}");
    let other = rcgen::KeyPair::generate().unwrap();
    std::fs::write(place.path("tls.key"), other.serialize_pem()).unwrap();
    let (verdict, text) = place.about("TLS").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("certificate and key do not fit"), "{text}");
}

#[tokio::test]
async fn authorities_without_a_certificate_are_wrong() {
    let mut place = Place::new();
    place.text = "[tls]\ntrusted_ca_file = \"ca.pem\"".to_owned();
    std::fs::write(place.path("ca.pem"), "nothing").unwrap();
    let (verdict, text) = place.about("authorities").await;
    assert_eq!(verdict, Verdict::Wrong);
    assert!(text.contains("ca.pem holds no certificate"), "{text}");
}

#[tokio::test]
async fn every_listener_stands_with_the_url_that_people_enter() {
    let mut place = Place::new();
    place.certificate(2027);
    place.text += "\n[listen]\npublic = \"0.0.0.0:443\"\noperations = \"127.0.0.1:9100\"";
    assert_eq!(
        place.about("Apps").await,
        (
            Verdict::Ok,
            "https://HOST:443/  (HOST: a name of this machine that is in its certificate)"
                .to_owned()
        )
    );
    assert_eq!(place.about("Console").await.1, "http://127.0.0.1:9090/");
    let (_, crowd) = place.about("Crowd API").await;
    assert!(crowd.starts_with("http://127.0.0.1:9095/crowd  (server URL"), "{crowd}");
    assert_eq!(place.about("Operations").await.1, "http://127.0.0.1:9100/");
    place.text = place.text.replace("tls.key\"", "tls.key\"\nloopback = true");
    assert_eq!(place.about("Console").await.1, "https://127.0.0.1:9090/");
    place.text += "\nconsole = \"\"\ncrowd = \"\"";
    for (title, key) in [("Console", "console"), ("Crowd API", "crowd")] {
        let (verdict, text) = place.about(title).await;
        assert_eq!((verdict, text), (Verdict::Note, format!("off, because listen.{key} is empty")));
    }
}
