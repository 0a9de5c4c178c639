//! What people met in similar products when names, groups and addresses were not what was expected,
//! rebuilt with keys of its own in `cases/`: the program explains what each would change.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with a database in which an app and an IdP are set up, and two people are known.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let site = Site(tempfile::tempdir().unwrap());
        std::fs::write(site.0.path().join("samlgate.toml"), "").unwrap();
        let upstream = ["--upstream", "http://127.0.0.1:8080"];
        let app =
            ["app", "add", "jira", "--kind", "jira", "--public-url", "https://jira.example.com"];
        site.run(&[&app[..], &upstream].concat());
        let metadata = case("idp-metadata.xml");
        let idp = ["idp", "add", "example", "--metadata", &metadata, "--create-users"];
        let places = ["--full-name", "displayName", "--email", "mail", "--groups", "groups"];
        site.run(&[&idp[..], &places].concat());
        for group in ["Sales, EMEA", "Sales", "EMEA"] {
            site.run(&["group", "add", group]);
        }
        for (name, full_name) in
            [("kim@example.com", "Kim Ost"), ("robin@example.com", "Robin Marsh")]
        {
            let user = ["user", "add", name, "--full-name", full_name];
            site.run(&[&user[..], &["--email", name, "--idp", "example"]].concat());
        }
        site
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samlgate"));
        command.args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    /// What a command prints that must end well.
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {text}{error}");
        text
    }

    /// Whether the person would be let in, and what is said.
    fn explain(&self, file: &str, more: &[&str]) -> (bool, String) {
        let arguments = ["provision", "explain", "--idp", "example", file];
        let output = self.output(&[&arguments[..], more].concat());
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn case(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/people/cases");
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_lone_value_with_a_comma_is_one_group() {
    let (let_in, text) = Site::new().explain(&case("claims-lone-comma-group.json"), &[]);
    assert!(let_in, "{text}");
    let added: Vec<_> = text.lines().filter(|line| line.contains("add to group")).collect();
    assert_eq!(added.len(), 1, "{text}");
    assert!(added[0].starts_with("+ add to group Sales, EMEA: "), "{text}");
}

#[test]
fn a_group_with_a_comma_is_one_among_several_on_the_command_line_too() {
    let site = Site::new();
    site.run(&["idp", "set", "example", "--user-groups", "\"Sales, EMEA\",Sales"]);
    let exported = site.run(&["export"]);
    let set = exported.lines().find(|line| line.starts_with("user_groups = ")).unwrap();
    assert_eq!(set.replace('\'', "\""), "user_groups = [\"Sales, EMEA\", \"Sales\"]");
}

#[test]
fn a_new_id_with_a_known_address_is_created_with_a_warning() {
    let site = Site::new();
    let (let_in, text) = site.explain(&case("claims-known-mail.json"), &[]);
    assert!(let_in, "{text}");
    assert!(text.contains("+ create user r.marsh@example.com"), "{text}");
    let warning = text.lines().find(|line| line.starts_with("* warn of a shared e-mail address"));
    let warning = warning.unwrap_or_else(|| panic!("{text}"));
    assert!(warning.contains("kim@example.com"), "{text}");
    assert!(warning.contains("provisioning.find_by"), "{text}");
    let (_, text) = site.explain(&case("claims-lone-comma-group.json"), &[]);
    assert!(!text.contains("warn of"), "an own address: {text}");
}

#[test]
fn a_user_id_with_an_invisible_character_is_refused_by_its_code_point() {
    let (let_in, text) = Site::new().explain(&case("claims-zero-width-space.json"), &[]);
    assert!(!let_in && text.contains("U+200B"), "{text}");
}

#[test]
fn nobody_is_created_from_a_transient_name_id() {
    let site = Site::new();
    let response = case("resp-transient-name.xml");
    let (let_in, text) = site.explain(&response, &[]);
    assert!(!let_in && text.contains("_5b0c7d1e9f2a4c6b8d0e"), "{text}");
    assert!(text.contains("transient_user_id: "), "{text}");
    assert!(text.contains("choose an attribute (`--user-id`) or another NameID format"), "{text}");
    let (_, json) = site.explain(&response, &["--json"]);
    assert!(json.contains("\"transient_user_id\""), "{json}");
    // The same from what `verify` prints of it.
    let verified = site.run(&[
        "verify",
        "--idp-metadata",
        &case("idp-metadata.xml"),
        "--sp-entity-id",
        "https://jira.example.com/",
        "--acs-url",
        "https://jira.example.com/plugins/servlet/saml/auth",
        "--request-id",
        "_a7c1f0de52",
        "--at",
        "2026-11-28T12:00:00Z",
        &response,
    ]);
    let (let_in, text) = site.explain(&site.write("verified.json", &verified), &[]);
    assert!(!let_in && text.contains("transient NameID"), "{text}");
    site.run(&["idp", "set", "example", "--user-id", "attribute:mail"]);
    let (let_in, text) = site.explain(&response, &[]);
    assert!(let_in && !text.contains("transient"), "{text}");
}

#[test]
fn the_last_group_ends_where_an_administrator_said_that_absent_means_none() {
    let site = Site::new();
    site.run(&["group", "add-user", "Sales", "robin@example.com"]);
    site.run(&["idp", "set", "example", "--managed-groups", "*"]);
    let exported = site.run(&["export"]).replace("manual_too = false", "manual_too = true");
    assert!(exported.contains("absent = \"keep\""), "{exported}");
    site.run(&["apply", &site.write("settings.toml", &exported)]);
    let said = r#"{"name_id": "robin@example.com", "attributes": {"mail": ["robin@example.com"]}}"#;
    let none = site.write("none.json", said);
    let (_, text) = site.explain(&none, &[]);
    assert!(text.contains("nothing is known") && !text.contains("remove from"), "{text}");
    site.run(&["idp", "set", "example", "--groups-absent", "none"]);
    let (let_in, text) = site.explain(&none, &[]);
    assert!(let_in && text.contains("- remove from group Sales: "), "{text}");
    for sign in [
        r#""attributes": {"memberOf": ["x"], "#,
        r#""attributes": {"http://schemas.microsoft.com/claims/groups.link": ["x"], "#,
        r#""unread_attributes": 1, "attributes": {"#,
    ] {
        let said = said.replace(r#""attributes": {"#, sign);
        let (let_in, text) = site.explain(&site.write("sign.json", &said), &[]);
        assert!(let_in && !text.contains("remove from"), "{sign}: {text}");
    }
}
