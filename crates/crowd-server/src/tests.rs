//! The API as a client sees it: requests into the router, on a temporary SQLite.

mod admission;
mod authentication;
mod directory;
mod guesses;
mod synchronisation;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::directory::{Group, MembershipSource, User};
use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crowd::entity::error::ErrorBody;
use crowd::xml::Element;
use crowd::{Format, Reason};
use installation::Installation;
use installation::config::Config;
use installation::proxies::Peer;
use installation::runtime::Clock;
use installation::settings::{AppKind, AppSettings, ApplicationSettings, OpenerKind, ReplyPath};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

const BASE: &str = "https://sso.example.test/crowd/rest/usermanagement/1";
/// The application's password: what comes after the first colon is all of it.
const PASSWORD: &str = "jira:pässword";

/// A server with Camilla, Gonzo and Zoë, two groups, one group within the other.
struct Api {
    installation: Arc<Installation>,
    router: Router,
    clock: Clock,
    _folder: TempDir,
}

impl Api {
    async fn new() -> Self {
        Api::with("").await
    }

    /// A server with this start-up file.
    async fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(now());
        let file = folder.path().join("samlgate.toml");
        let config = Config::parse(&file, text, std::iter::empty()).unwrap();
        let installation = Installation::open(&config, clock.clone()).await.unwrap();
        let router = super::router(installation.clone(), BASE);
        let api = Self { installation, router, clock, _folder: folder };
        api.application("jira", &[]).await;
        api.people().await;
        api
    }

    async fn application(&self, name: &str, allow: &[&str]) {
        let allow = allow.iter().map(|&text| text.to_owned()).collect();
        let settings = ApplicationSettings { password_hash: phc(PASSWORD), allow };
        self.put_setting("application", name, &serde_json::to_string(&settings).unwrap()).await;
    }

    async fn app(&self, name: &str, upstream: &str, applications: &[&str]) {
        let settings = AppSettings {
            kind: AppKind::Jira,
            public_url: format!("https://{name}.example.test"),
            upstream: upstream.to_owned(),
            applications: applications.iter().map(|&text| text.to_owned()).collect(),
            entity_id: None,
            opener: OpenerKind::OneTimePassword,
            reply_path: ReplyPath::Auth,
            display_name: None,
            contact_email: None,
            pass_headers: Vec::new(),
            hsts_seconds: None,
            session: Default::default(),
        };
        self.put_setting("app", name, &serde_json::to_string(&settings).unwrap()).await;
    }

    async fn put_setting(&self, kind: &str, name: &str, document: &str) {
        self.put_setting_elsewhere(kind, name, document).await;
        self.installation
            .settings
            .refresh(&self.installation.store, &self.installation.secrets)
            .await
            .unwrap();
    }

    /// As another process does, which this server has not noticed yet.
    async fn put_setting_elsewhere(&self, kind: &str, name: &str, document: &str) {
        let mut tx = self.installation.store.begin().await.unwrap();
        tx.put_setting(kind, name, document, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn people(&self) {
        let mut tx = self.installation.store.begin().await.unwrap();
        let gonzo = User { active: false, ..user("u-2", "gonzo", "Gonzo") };
        for user in
            [user("u-1", "Camilla", "Camilla the Chicken"), gonzo, user("u-3", "zoë", "Zoë Å")]
        {
            tx.create_user(&user).await.unwrap();
        }
        let (users, devs) = (group("g-1", "jira-users"), group("g-2", "devs & co"));
        tx.create_group(&users).await.unwrap();
        tx.create_group(&devs).await.unwrap();
        tx.add_child_group(&users, &devs).await.unwrap();
        for (user, group) in [("u-1", "g-1"), ("u-2", "g-1"), ("u-3", "g-2")] {
            tx.add_membership(user, group, MembershipSource::Manual, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let headers = parts.headers;
        assert!(headers.contains_key("x-embedded-crowd-version"), "not on {}", parts.status);
        Answer { status: parts.status, headers, body: String::from_utf8(body.into()).unwrap() }
    }

    async fn get(&self, resource: &str, format: Format) -> Answer {
        self.send(ask(Method::GET, resource, format).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, resource: &str, format: Format, body: &str) -> Answer {
        let request = ask(Method::POST, resource, format);
        let request =
            request.header(CONTENT_TYPE, format!("{}; charset=UTF-8", format.content_type()));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.headers[CONTENT_TYPE], "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    #[track_caller]
    fn xml(&self) -> Element {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.headers[CONTENT_TYPE], "application/xml");
        Element::parse(self.body.as_bytes()).unwrap()
    }

    /// The names in a JSON list.
    #[track_caller]
    fn names(&self, list: &str) -> Vec<String> {
        let members = self.json()[list].as_array().unwrap().clone();
        members.iter().map(|member| member["name"].as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn refused(&self, status: StatusCode, reason: Reason) {
        let format = match self.headers[CONTENT_TYPE].to_str().unwrap() {
            "application/json" => Format::Json,
            _ => Format::Xml,
        };
        let error = ErrorBody::parse(self.body.as_bytes(), format);
        assert_eq!((self.status, error.map(|error| error.reason)), (status, Ok(reason)));
    }
}

/// A request of the application jira from loopback.
fn ask(method: Method, resource: &str, format: Format) -> axum::http::request::Builder {
    let credentials = STANDARD.encode(format!("jira:{PASSWORD}"));
    Request::builder()
        .method(method)
        .uri(format!("/rest/usermanagement/1/{resource}"))
        .header(AUTHORIZATION, format!("Basic {credentials}"))
        .header(ACCEPT, format.content_type())
        .extension(peer("127.0.0.1"))
}

fn peer(address: &str) -> Peer {
    Peer { address: SocketAddr::new(address.parse().unwrap(), 40_000), tls: false }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn user(id: &str, name: &str, full_name: &str) -> User {
    User {
        id: id.to_owned(),
        name: name.to_owned(),
        full_name: full_name.to_owned(),
        email: format!("{}@example.test", name.to_lowercase()),
        active: true,
        idp: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn group(id: &str, name: &str) -> Group {
    Group {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::from("a group"),
        active: true,
        created_at: now(),
        updated_at: now(),
    }
}

/// Argon2id at its cheapest: what is under test is not its cost.
fn phc(password: &str) -> String {
    let cheap = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
    hasher.hash_password_with_salt(password.as_bytes(), &[7; 16]).unwrap().to_string()
}
