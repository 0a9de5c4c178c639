use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::*;

/// Parses a line as a shell would, for words without quotes.
fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

fn refused(line: &str) -> (ErrorKind, String) {
    let error = parse(line).expect_err(line);
    assert_eq!(error.exit_code(), 2, "{line}");
    (error.kind(), error.to_string())
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn takes_every_command_of_the_manual() {
    for line in [
        "samlgate serve",
        "samlgate serve --config /etc/samlgate.toml",
        "samlgate --config /etc/samlgate.toml serve",
        "samlgate check --json",
        "samlgate verify --idp-metadata M --sp-entity-id S --acs-url A --request-id R FILE",
        "samlgate verify --idp-metadata M --sp-entity-id S --acs-url A --allow-unsolicited \
         --at 2026-11-24T12:00:00Z --allow-sha1 --base64 --repeat 5 FILE",
        "samlgate backup samlgate-backup.db",
        "samlgate restore samlgate-backup.db",
        "samlgate idp add entra --metadata https://idp.example.com/metadata --app jira --app wiki",
        "samlgate idp add adfs --entity-id E --login-url L --logout-url O --certificate a --certificate b",
        "samlgate idp set entra --preset entra --user-id nameid --full-name N --email M --groups G",
        "samlgate idp set entra --user-id attribute:urn:oid:0.9.2342.19200300.100.1.1",
        "samlgate idp set entra --create-users --update-existing --user-groups a,b --button-label X",
        "samlgate idp set entra --allow-unsolicited --single-signout",
        "samlgate idp set --create-users=false entra",
        "samlgate idp list --json",
        "samlgate idp show entra",
        "samlgate idp refresh entra --dry-run",
        "samlgate idp keys entra --json",
        "samlgate idp approve entra 3f9a0c",
        "samlgate idp presets",
        "samlgate idp set entra --metadata - --metadata-signing-key F --refresh-hours 6 --dry-run",
        "samlgate idp set entra --approve-new-keys --publish-encryption-key=false",
        "samlgate idp remove entra",
        "samlgate sp-key list --pem",
        "samlgate sp-key rotate --bits 3072",
        "samlgate app add jira --kind jira --public-url https://j --upstream http://u --application jira",
        "samlgate app set jira --entity-id E --opener one-time-password",
        "samlgate app list",
        "samlgate app show jira --json",
        "samlgate app remove jira",
        "samlgate application add jira --allow 10.0.0.5 --allow 10.1.0.0/16",
        "samlgate application add jira --allow 10.0.0.5 10.1.0.0/16",
        "samlgate application list",
        "samlgate application remove jira",
        "samlgate user add camilla --full-name N --email E --idp entra --password-stdin",
        "samlgate user list",
        "samlgate user show camilla",
        "samlgate group add jira-users --child developers",
        "samlgate group list",
        "samlgate group show jira-users",
        "samlgate group add-user jira-users camilla",
        "samlgate group remove jira-users",
        "samlgate export",
        "samlgate apply settings.toml --dry-run",
        "samlgate attempts",
        "samlgate attempts --follow --json",
    ] {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).unwrap_err());
    }
}

#[test]
fn wrong_usage_is_named_and_ends_with_2() {
    let (kind, _) = refused("samlgate verify --idp-metadata M --sp-entity-id S --acs-url A FILE");
    assert_eq!(kind, ErrorKind::MissingRequiredArgument, "neither request nor unsolicited");
    let (kind, _) = refused(
        "samlgate verify --idp-metadata M --sp-entity-id S --acs-url A --request-id R --allow-unsolicited FILE",
    );
    assert_eq!(kind, ErrorKind::ArgumentConflict, "both request and unsolicited");
    let (_, text) = refused(
        "samlgate verify --idp-metadata M --sp-entity-id S --acs-url A --allow-unsolicited --at noon FILE",
    );
    assert!(text.contains("2026-11-24T12:00:00Z"), "{text}");
    let (kind, _) = refused(
        "samlgate verify --idp-metadata M --sp-entity-id S --acs-url A --allow-unsolicited --repeat 0 FILE",
    );
    assert_eq!(kind, ErrorKind::ValueValidation);
    let (_, text) = refused("samlgate idp set entra --user-id mail");
    assert!(text.contains("attribute:NAME"), "{text}");
    let (kind, _) = refused("samlgate idp add x --metadata M --login-url L");
    assert_eq!(kind, ErrorKind::ArgumentConflict);
    let (_, text) = refused("samlgate app add jira --kind jirra");
    assert!(text.contains("confluence"), "the kinds are listed: {text}");
    let (_, text) = refused("samlgate application add jira --allow jira.example.com");
    assert!(text.contains("10.0.0.0/8"), "{text}");
    let (_, text) = refused("samlgate sevre");
    assert!(text.contains("serve"), "{text}");
}

#[test]
fn every_command_helps_with_an_example() {
    fn visit(command: &mut clap::Command, path: &str) {
        let path = format!("{path} {}", command.get_name());
        assert!(command.get_about().is_some(), "{path} says what it does");
        let leaf = command.get_subcommands().next().is_none();
        let help = command.render_long_help().to_string();
        assert!(!leaf || help.contains("Example"), "{path} shows an example");
        for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
            visit(sub, &path);
        }
    }
    visit(&mut Cli::command(), "");
}

#[test]
fn the_examples_in_the_help_are_taken() {
    fn collect(command: &clap::Command, lines: &mut Vec<String>) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let joined = help.replace("\\\n", " ");
        let examples = joined.lines().map(str::trim).filter(|line| line.starts_with("samlgate "));
        lines.extend(examples.filter(|line| !line.contains(['|', '\''])).map(str::to_owned));
        for sub in command.get_subcommands() {
            collect(sub, lines);
        }
    }
    let mut lines = Vec::new();
    collect(&Cli::command(), &mut lines);
    assert!(lines.len() > 20, "{lines:?}");
    for line in lines {
        for part in line.split("&&") {
            let part = part.split(' ').take_while(|word| !matches!(*word, "<" | ">"));
            let part = &part.collect::<Vec<_>>().join(" ");
            assert!(parse(part).is_ok(), "{part}: {}", parse(part).unwrap_err());
        }
    }
}

#[test]
fn the_start_up_file_has_a_default() {
    let command = Cli::command();
    let config = command.get_arguments().find(|argument| argument.get_id() == "config").unwrap();
    assert_eq!(config.get_default_values(), ["samlgate.toml"]);
    assert_eq!(config.get_env().unwrap(), "SAMLGATE_CONFIG");
}
