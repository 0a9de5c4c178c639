//! A tiny Crowd server for these tests. It is written from the same notes as the client it tests,
//! and by the same hand; what real clients and servers say stands elsewhere.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo::{AppOptions, CrowdSettings};
use http::{HeaderValue, StatusCode};

/// What the server holds and how it behaves.
#[derive(Default)]
pub(crate) struct Stub {
    pub(crate) users: BTreeMap<String, StubUser>,
    pub(crate) groups: Vec<String>,
    /// Every request: `POST /authentication`.
    pub(crate) asked: Vec<String>,
    /// What was sent in `Accept`, for each of them.
    pub(crate) accepted: Vec<String>,
    /// Leaves out `X-Embedded-Crowd-Version`.
    pub(crate) hides_version: bool,
    /// Leaves `<active>` out of users.
    pub(crate) omits_active: bool,
    /// Does not know `/group/membership`.
    pub(crate) is_old: bool,
    /// Answers 503 to everything.
    pub(crate) is_away: bool,
}

#[derive(Clone, Default)]
pub(crate) struct StubUser {
    pub(crate) key: String,
    pub(crate) password: String,
    pub(crate) email: String,
    pub(crate) inactive: bool,
    pub(crate) groups: Vec<String>,
}

pub(crate) type Shared = Arc<Mutex<Stub>>;

/// A running stub with Gonzo in it, whose password is `cannonball` and who is in `groups`.
pub(crate) async fn with_gonzo(groups: &[&str]) -> Crowd {
    let mut stub = Stub::default();
    let groups: Vec<String> = groups.iter().map(|name| (*name).to_owned()).collect();
    stub.groups.clone_from(&groups);
    stub.users.insert(
        "gonzo".to_owned(),
        StubUser {
            key: "k-gonzo".to_owned(),
            password: "cannonball".to_owned(),
            email: "gonzo@muppets.com".to_owned(),
            groups,
            ..StubUser::default()
        },
    );
    start(stub).await
}

pub(crate) struct Crowd {
    pub(crate) address: SocketAddr,
    shared: Shared,
}

impl Crowd {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Stub> {
        self.shared.lock().unwrap()
    }

    /// Options of an app that has this server as its second directory.
    pub(crate) fn options(&self) -> AppOptions {
        AppOptions {
            public_url: "http://jira.localhost:9080".to_owned(),
            crowd: Some(CrowdSettings {
                url: format!("http://{}/crowd/", self.address),
                name: "jira".to_owned(),
                password: "se:cret".to_owned(),
            }),
            ..AppOptions::default()
        }
    }

    pub(crate) fn count(&self, request: &str) -> usize {
        self.lock().asked.iter().filter(|asked| *asked == request).count()
    }
}

async fn start(stub: Stub) -> Crowd {
    let shared = Arc::new(Mutex::new(stub));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Crowd { address, shared }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let mut stub = shared.lock().unwrap();
    let path = head.uri.path().strip_prefix("/crowd/rest/usermanagement/1").unwrap_or("?");
    stub.asked.push(format!("{} {path}", head.method));
    let header = |name: &str| head.headers.get(name).map_or("", |value| value.to_str().unwrap());
    stub.accepted.push(header("accept").to_owned());
    let expected = format!("Basic {}", STANDARD.encode("jira:se:cret"));
    let mut response = if stub.is_away {
        (StatusCode::SERVICE_UNAVAILABLE, "starting").into_response()
    } else if header("authorization") != expected {
        (StatusCode::UNAUTHORIZED, "wrong application name or password").into_response()
    } else {
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(head.uri.query().unwrap_or("").as_bytes())
                .into_owned()
                .collect();
        let (status, body) = stub.resource(path, &query, &body);
        (StatusCode::from_u16(status).unwrap(), [("content-type", "application/xml")], body)
            .into_response()
    };
    if !stub.hides_version {
        let version = HeaderValue::from_static("Stub/1");
        response.headers_mut().insert("x-embedded-crowd-version", version);
    }
    response
}

impl Stub {
    fn resource(&self, path: &str, query: &BTreeMap<String, String>, body: &str) -> (u16, String) {
        let user = query.get("username").map(|name| name.to_lowercase());
        let known = user.as_ref().and_then(|name| self.users.get(name).map(|user| (name, user)));
        match (path, known) {
            ("/authentication" | "/user/group/direct", None) => {
                (if path == "/authentication" { 400 } else { 404 }, error("USER_NOT_FOUND"))
            }
            ("/authentication", Some((name, user))) => {
                if !body.contains(&format!("<value>{}</value>", user.password)) {
                    (400, error("INVALID_USER_AUTHENTICATION"))
                } else if user.inactive {
                    (400, error("INACTIVE_ACCOUNT"))
                } else {
                    (200, self.user(name, user))
                }
            }
            ("/user/group/direct", Some((_, user))) => {
                let groups = user
                    .groups
                    .iter()
                    .map(|name| format!(r#"<group name="{name}"><link/></group>"#));
                (200, format!("<groups expand=\"group\">{}</groups>", groups.collect::<String>()))
            }
            ("/group", _) => {
                match self.groups.iter().find(|name| query.get("groupname") == Some(name)) {
                    Some(name) => (200, group(name)),
                    None => (404, error("GROUP_NOT_FOUND")),
                }
            }
            ("/search", _) if query["entity-type"] == "user" && body.contains("NULL") => {
                (200, "<users expand=\"user\"/>".to_owned())
            }
            ("/search", _) if query["entity-type"] == "user" => {
                let users = self.users.iter().map(|(name, user)| self.user(name, user));
                (200, format!("<users expand=\"user\">{}</users>", users.collect::<String>()))
            }
            ("/search", _) => {
                let groups = self.groups.iter().map(|name| group(name)).collect::<String>();
                (200, format!("<groups expand=\"group\">{groups}</groups>"))
            }
            ("/group/membership", _) if !self.is_old => (200, self.memberships()),
            ("/group/user/direct", _) => {
                let users = self.members(&query["groupname"]);
                (200, format!("<users expand=\"user\">{users}</users>"))
            }
            ("/group/child-group/direct", _) => (200, "<groups expand=\"group\"/>".to_owned()),
            _ => (404, "nothing here".to_owned()),
        }
    }

    fn user(&self, name: &str, user: &StubUser) -> String {
        let active = if self.omits_active { "" } else { "<active>true</active>" };
        let StubUser { key, email, .. } = user;
        format!(
            r#"<user expand="attributes" name="{name}"><display-name>{name} &amp; Co</display-name><email>{email}</email><key>{key}</key>{active}</user>"#
        )
    }

    fn memberships(&self) -> String {
        let one = |name: &String| {
            let members = self.members(name);
            format!(r#"<membership group="{name}"><users>{members}</users><groups/></membership>"#)
        };
        format!("<memberships>{}</memberships>", self.groups.iter().map(one).collect::<String>())
    }

    fn members(&self, group: &str) -> String {
        let inside =
            self.users.iter().filter(|(_, user)| user.groups.iter().any(|name| name == group));
        inside.map(|(name, _)| format!(r#"<user name="{name}"/>"#)).collect()
    }
}

fn group(name: &str) -> String {
    format!(r#"<group name="{name}"><link/><type>GROUP</type><active>true</active></group>"#)
}

fn error(reason: &str) -> String {
    format!("<error><reason>{reason}</reason><message>said the stub</message></error>")
}
