use super::*;

fn load(text: &str) -> Result<Config, ConfigError> {
    with(text, &[])
}

fn with(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Config::parse(Path::new("/etc/samlgate/samlgate.toml"), text, environment)
}

fn message(text: &str) -> String {
    load(text).unwrap_err().to_string()
}

/// The sample of the manual, whole.
const SAMPLE: &str = r#"
[listen]
public = "127.0.0.1:9080"        # the apps' own origins
console = "127.0.0.1:9090"       # console and crowd outside loopback need TLS
crowd = "127.0.0.1:9095"
operations = ""                  # off when empty
[tls]                            # absent: behind a TLS proxy, or loopback
certificate_file = "tls.crt"
key_file = "tls.key"
trusted_ca_file = ""             # for IdPs and upstreams with a company CA; else the system's store
[proxies]
trusted = []                     # whose X-Forwarded-* is believed
[database]
url = "sqlite:samlgate.db"       # or postgres://...
[secrets]
key_file = "samlgate.key"        # made at first start
[log]
level = "info"
format = "auto"                  # text on a terminal, JSON otherwise
"#;

#[test]
fn an_empty_file_means_every_default() {
    let config = load("").unwrap();
    assert_eq!(config.listen.public, "127.0.0.1:9080".parse().unwrap());
    assert_eq!(config.listen.console, "127.0.0.1:9090".parse().unwrap());
    assert_eq!(config.listen.crowd, "127.0.0.1:9095".parse().unwrap());
    assert_eq!(config.listen.operations, None);
    assert_eq!(config.tls, Tls::default());
    assert_eq!(config.proxies.trusted, []);
    assert_eq!(config.database.url, "sqlite:/etc/samlgate/samlgate.db");
    assert_eq!(config.secrets.key_file, Path::new("/etc/samlgate/samlgate.key"));
    assert_eq!(config.log, Log { level: Level::Info, format: Format::Auto });
}

#[test]
fn the_sample_reads_as_the_defaults_with_a_certificate() {
    let config = load(SAMPLE).unwrap();
    let defaults = Config::defaults_in(Path::new("/etc/samlgate"));
    assert_eq!(config.listen, defaults.listen);
    assert_eq!(config.database, defaults.database);
    assert_eq!(config.log, defaults.log);
    let identity = config.tls.identity.unwrap();
    assert_eq!(identity.certificate_file, Path::new("/etc/samlgate/tls.crt"));
    assert_eq!(identity.key_file, Path::new("/etc/samlgate/tls.key"));
    assert_eq!(config.tls.trusted_ca_file, None);
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_nearest_key() {
    assert_eq!(
        message("[listen]\npublic = \"127.0.0.1:1\"\nconsol = \"127.0.0.1:2\"\n"),
        "/etc/samlgate/samlgate.toml:3: listen.consol: unknown key; did you mean listen.console?"
    );
    assert_eq!(
        message("[tls]\nurl = \"x\""),
        "/etc/samlgate/samlgate.toml:2: tls.url: unknown key; did you mean database.url?"
    );
    assert_eq!(
        message("\n[log]\ncolour = \"red\""),
        "/etc/samlgate/samlgate.toml:3: log.colour: unknown key; known in [log] are level, format"
    );
}

#[test]
fn an_unknown_section_is_named_with_the_nearest() {
    let error = load("[log]\n\n[databse]\nurl = \"sqlite:x\"").unwrap_err();
    assert_eq!(error.place, Place::Line("/etc/samlgate/samlgate.toml".into(), 3));
    assert_eq!(error.key, "databse");
    assert_eq!(error.cure, "did you mean [database]?");
    assert!(message("public = \"127.0.0.1:1\"").ends_with("did you mean public below [listen]?"));
    assert!(message("[weather]").contains("known are [listen], [tls]"));
    assert!(message("log = \"info\"").contains("this is a section, not a key"));
}

#[test]
fn broken_toml_is_named_with_its_line() {
    let error = load("[listen]\npublic = \"127.0.0.1:1\"\npublic = \"127.0.0.1:2\"").unwrap_err();
    assert!(matches!(error.place, Place::Line(_, 3)), "{error}");
    let error = load("[listen]\npublic = 127.0.0.1:9080\n").unwrap_err();
    assert!(matches!(error.place, Place::Line(_, 2)), "{error}");
    assert!(error.problem.starts_with("this is not TOML"), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    let error = message("[listen]\npublic = 9080");
    assert!(error.contains(":2: listen.public: text is needed here, not a number"), "{error}");
    let error = message("[proxies]\ntrusted = \"10.0.0.1\"");
    assert!(error.contains("write trusted = [\"...\", \"...\"]"), "{error}");
    let error = message("[listen]\npublic = \"localhost:9080\"");
    assert!(error.contains("\"localhost:9080\" is not an address with a port"), "{error}");
    let error = message("[listen]\ncrowd = \"\"");
    assert!(error.contains("listen.crowd"), "only operations may be off: {error}");
    let error = message("[log]\nlevel = \"loud\"");
    assert!(error.contains("write one of error, warn, info, debug, trace"), "{error}");
    let error = message("[proxies]\ntrusted = [\"10.0.0.1\",\n \"proxy\"]");
    assert!(error.contains("proxies.trusted: \"proxy\" is not an IP address"), "{error}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = with(
        "[listen]\npublic = \"127.0.0.1:1\"",
        &[
            ("SAMLGATE__LISTEN__PUBLIC", "0.0.0.0:80"),
            ("SAMLGATE__LISTEN__OPERATIONS", "127.0.0.1:9099"),
            ("SAMLGATE__PROXIES__TRUSTED", "10.0.0.0/8, ::1"),
            ("SAMLGATE__DATABASE__URL", "postgres://gate:secret@db/samlgate"),
            ("SAMLGATE_CONFIG", "elsewhere.toml"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.public, "0.0.0.0:80".parse().unwrap());
    assert_eq!(config.listen.operations, Some("127.0.0.1:9099".parse().unwrap()));
    assert_eq!(config.proxies.trusted.len(), 2);
    assert_eq!(config.database.url, "postgres://gate:secret@db/samlgate");
}

#[test]
fn a_mistyped_variable_is_named() {
    let error = with("", &[("SAMLGATE__LISTEN__PUBLICK", "x")]).unwrap_err().to_string();
    assert_eq!(
        error,
        "environment variable SAMLGATE__LISTEN__PUBLICK: listen.publick: unknown key; did you mean \
         listen.public?"
    );
    let error = with("", &[("SAMLGATE__LISTEN_PUBLIC", "x")]).unwrap_err().to_string();
    assert!(error.contains("SAMLGATE__SECTION__KEY"), "{error}");
    let error = with("", &[("SAMLGATE__LOG__LEVEL", "loud")]).unwrap_err().to_string();
    assert!(error.starts_with("environment variable SAMLGATE__LOG__LEVEL"), "{error}");
}

#[test]
fn console_and_crowd_outside_loopback_need_tls() {
    for key in ["console", "crowd"] {
        let text = format!("[listen]\n{key} = \"0.0.0.0:7000\"\n");
        let error = message(&text);
        assert!(error.contains(&format!(":2: listen.{key}: 0.0.0.0:7000 is reachable")), "{error}");
        let text = format!("{text}[tls]\ncertificate_file = \"a\"\nkey_file = \"b\"");
        assert!(load(&text).is_ok(), "{key} with a certificate");
        assert!(load(&format!("[listen]\n{key} = \"[::1]:7000\"\n")).is_ok());
    }
    assert!(load("[listen]\npublic = \"0.0.0.0:80\"").is_ok(), "a TLS proxy stands before it");
}

#[test]
fn the_listeners_are_never_the_same() {
    let error = message("[listen]\npublic = \"127.0.0.1:9095\"");
    assert!(error.contains("listen.crowd: 127.0.0.1:9095 is taken by listen.public"), "{error}");
    let any =
        "[listen]\npublic = \"127.0.0.1:0\"\nconsole = \"127.0.0.1:0\"\ncrowd = \"127.0.0.1:0\"";
    assert!(load(any).is_ok(), "port 0 is a fresh one each time");
}

#[test]
fn a_certificate_needs_its_key() {
    let error = message("[tls]\ncertificate_file = \"a\"");
    assert!(error.contains("tls.key_file is not set; set both or none"), "{error}");
}

#[test]
fn the_database_address_may_come_from_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("samlgate.toml");
    std::fs::write(folder.path().join("db"), "postgres://gate:secret@db/samlgate\n").unwrap();
    std::fs::write(&file, "[database]\nurl_file = \"db\"\n").unwrap();
    let config = Config::load(&file, []).unwrap();
    assert_eq!(config.database.url, "postgres://gate:secret@db/samlgate");
    std::fs::write(&file, "[database]\nurl_file = \"db\"\nurl = \"sqlite:x\"").unwrap();
    let error = Config::load(&file, []).unwrap_err();
    assert!(error.to_string().contains("keep one of the two"), "{error}");
    std::fs::write(&file, "[database]\nurl_file = \"gone\"\n").unwrap();
    let error = Config::load(&file, []).unwrap_err();
    assert!(error.to_string().contains("gone cannot be read"), "{error}");
}

#[test]
fn sqlite_paths_are_relative_to_the_file_and_other_databases_are_refused() {
    let url = |text: &str| load(&format!("[database]\nurl = \"{text}\"")).map(|c| c.database.url);
    assert_eq!(url("sqlite:data/x.db").unwrap(), "sqlite:/etc/samlgate/data/x.db");
    assert_eq!(url("sqlite:///var/x.db").unwrap(), "sqlite:/var/x.db");
    assert_eq!(url("sqlite:/var/x.db").unwrap(), "sqlite:/var/x.db");
    let error = url("mysql://db/x").unwrap_err().to_string();
    assert!(error.contains(":2: database.url: this is no database that Samlgate knows"), "{error}");
}

#[test]
fn the_password_of_the_database_is_not_shown() {
    let database =
        Database { url: "postgres://gate:s%40cret@db:5432/samlgate?sslmode=require".into() };
    assert_eq!(database.shown(), "postgres://db:5432/samlgate");
    assert!(!format!("{database:?}").contains("cret"));
}

#[test]
fn a_missing_file_is_an_error_with_its_cure() {
    let error = Config::load(Path::new("/nowhere/samlgate.toml"), []).unwrap_err().to_string();
    assert!(
        error.starts_with("/nowhere/samlgate.toml: the configuration cannot be read"),
        "{error}"
    );
    assert!(error.contains("--config"), "{error}");
}

#[test]
fn the_reference_names_every_key() {
    let named: Vec<(&str, Vec<&str>)> = REFERENCE
        .iter()
        .map(|(section, keys)| (*section, keys.iter().map(|key| key.path).collect()))
        .collect();
    let known: Vec<(&str, Vec<&str>)> =
        SECTIONS.iter().map(|(section, keys)| (*section, keys.to_vec())).collect();
    assert_eq!(named, known);
}
