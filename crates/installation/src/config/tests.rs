use std::net::SocketAddr;

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
redirect = ""                    # plain HTTP that sends people to https; off when empty
[tls]                            # absent: behind a TLS proxy, or loopback
certificate_file = "tls.crt"
key_file = "tls.key"
loopback = false                 # true: console and crowd speak TLS on loopback, too
trusted_ca_file = ""             # for IdPs and upstreams with a company CA; else the system's store
[proxies]
trusted = []                     # whose X-Forwarded-* the public listener believes
console = []                     # the same for the console
crowd = []                       # the same for the Crowd API
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
    assert_eq!(config.listen.console, Some("127.0.0.1:9090".parse().unwrap()));
    assert_eq!(config.listen.crowd, Some("127.0.0.1:9095".parse().unwrap()));
    assert_eq!(config.listen.operations, None);
    assert_eq!(config.listen.redirect, None);
    assert_eq!(config.tls, Tls::default());
    assert_eq!(config.proxies, Proxies::default());
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
    let error = message("[listen]\npublic = \"\"");
    assert!(error.contains("listen.public: \"\" is not an address"), "never off: {error}");
    let error = message("[log]\nlevel = \"loud\"");
    assert!(error.contains("write one of error, warn, info, debug, trace"), "{error}");
    let error = message("[proxies]\ntrusted = [\"10.0.0.1\",\n \"proxy\"]");
    assert!(error.contains("proxies.trusted: \"proxy\" is not an IP address"), "{error}");
}

#[test]
fn each_listener_believes_proxies_of_its_own() {
    let text = "[proxies]\ntrusted = [\"10.0.0.1\"]\ncrowd = [\"10.0.0.2\", \"10.0.0.3\"]";
    let proxies = load(text).unwrap().proxies;
    let of = |listener| proxies.before(listener).len();
    assert_eq!(of(Listener::Public), 1);
    assert_eq!(of(Listener::Console), 0);
    assert_eq!(of(Listener::Crowd), 2);
    assert_eq!(of(Listener::Operations), 0);
    let error = message("[proxies]\nconsole = [\"proxy\"]");
    assert!(error.contains("proxies.console: \"proxy\" is not an IP address"), "{error}");
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

const CERTIFICATE: &str = "[tls]\ncertificate_file = \"a\"\nkey_file = \"b\"\n";

#[test]
fn an_empty_address_turns_console_crowd_and_operations_off() {
    for (text, environment) in [
        ("[listen]\nconsole = \"\"\ncrowd = \"\"\noperations = \"\"", &[][..]),
        ("[listen]\nconsole = \" \"\ncrowd = \"\\t\"\noperations = \" \"", &[][..]),
        (
            "[listen]\noperations = \"127.0.0.1:1\"",
            &[
                ("SAMLGATE__LISTEN__CONSOLE", ""),
                ("SAMLGATE__LISTEN__CROWD", ""),
                ("SAMLGATE__LISTEN__OPERATIONS", ""),
            ],
        ),
    ] {
        let listen = with(text, environment).unwrap().listen;
        assert_eq!((listen.console, listen.crowd, listen.operations), (None, None, None));
    }
    let taken = "[listen]\npublic = \"127.0.0.1:9095\"\ncrowd = \"\"";
    assert!(load(taken).is_ok(), "a listener that is off holds no port");
}

#[test]
fn console_and_crowd_speak_plain_http_on_loopback_unless_their_key_asks_for_tls() {
    let at = |text: &str| -> SocketAddr { text.parse().unwrap() };
    let speak = |config: &Config, address: &str| {
        [Listener::Public, Listener::Console, Listener::Crowd, Listener::Operations]
            .map(|listener| config.speaks_tls(listener, at(address)))
    };
    let none = load("").unwrap();
    let usual = load(CERTIFICATE).unwrap();
    let all = load(&format!("{CERTIFICATE}loopback = true")).unwrap();
    for loopback in ["127.0.0.1:1", "127.8.9.10:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        assert_eq!(speak(&none, loopback), [false; 4], "{loopback} without a certificate");
        assert_eq!(speak(&usual, loopback), [true, false, false, false], "{loopback}");
        assert_eq!(speak(&all, loopback), [true, true, true, false], "{loopback}, asked for");
    }
    for outside in ["0.0.0.0:1", "[::]:1", "10.0.0.5:1", "[2001:db8::1]:1", "[::ffff:10.0.0.5]:1"] {
        assert_eq!(speak(&usual, outside), [true, true, true, false], "{outside}");
        assert_eq!(speak(&all, outside), [true, true, true, false], "{outside}, asked for");
    }
}

#[test]
fn each_listener_has_the_url_that_a_person_enters() {
    let config = load(CERTIFICATE).unwrap();
    let url = |listener, address: &str| config.url(listener, address.parse().unwrap());
    assert_eq!(url(Listener::Console, "127.0.0.1:9090"), "http://127.0.0.1:9090/");
    assert_eq!(url(Listener::Crowd, "127.0.0.1:9095"), "http://127.0.0.1:9095/crowd");
    assert_eq!(url(Listener::Crowd, "[::1]:9095"), "http://[::1]:9095/crowd");
    assert_eq!(url(Listener::Crowd, "10.0.0.5:9095"), "https://10.0.0.5:9095/crowd");
    assert_eq!(url(Listener::Crowd, "0.0.0.0:9095"), "https://HOST:9095/crowd");
    assert_eq!(url(Listener::Console, "[::]:9090"), "https://HOST:9090/");
    let chosen = |url: &str| host_to_choose(url).map(|host| host.contains("certificate"));
    assert_eq!(chosen("https://HOST:9095/crowd"), Some(true));
    assert_eq!(chosen("http://HOST:443/"), Some(false), "nobody checks a name in clear");
    for own in ["http://127.0.0.1:9095/crowd", "https://[::1]:9090/", "https://HOST.example:1/"] {
        assert_eq!(chosen(own), None, "{own}");
    }
}

#[test]
fn tls_on_loopback_is_true_or_false_and_needs_a_certificate() {
    let set = |value: &str| with(CERTIFICATE, &[("SAMLGATE__TLS__LOOPBACK", value)]);
    assert!(set("true").unwrap().tls.loopback);
    assert!(!set("false").unwrap().tls.loopback);
    assert!(!set("").unwrap().tls.loopback, "an empty variable is not set");
    for wrong in ["yes", "1", "True", " true"] {
        let error = set(wrong).unwrap_err().to_string();
        assert!(error.contains("tls.loopback: true or false is needed here, not"), "{error}");
        assert!(error.ends_with("set it to true or false"), "{error}");
    }
    for wrong in ["\"true\"", "1", "[true]", "[]", "2026-11-28"] {
        let error = message(&format!("{CERTIFICATE}loopback = {wrong}"));
        assert!(error.contains(":4: tls.loopback: true or false is needed here, not"), "{error}");
        assert!(error.ends_with("write loopback = true or loopback = false, without quotes"));
    }
    let error = message("[tls]\nloopback = true");
    assert!(error.contains(":2: tls.loopback: TLS needs a certificate"), "{error}");
    assert!(load("[tls]\nloopback = false").is_ok());
    let error = message("[listen]\nconsole = false");
    assert!(error.contains("text is needed here, not true or false"), "{error}");
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
