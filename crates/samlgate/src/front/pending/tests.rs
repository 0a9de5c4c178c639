use std::collections::BTreeMap;

use http::header::{COOKIE, HeaderValue};
use serde_json::json;

use super::*;
use crate::front::signin::{Beginning, PendingRequest};
use crate::front::visit::tests::visit;

/// The cookies of a browser.
#[derive(Clone, Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Does what the lines of an answer say.
    fn take(&mut self, lines: &[String]) {
        for line in lines {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match line.contains("Max-Age=0;") {
                true => self.0.remove(name),
                false => self.0.insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    fn header(&self) -> String {
        let all: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        all.join("; ")
    }

    fn names(&self, start: &str) -> Vec<&String> {
        self.0.keys().filter(|name| name.starts_with(start)).collect()
    }

    fn requests(&self) -> usize {
        self.names("samlgate_request_").len()
    }
}

fn send(visit: &mut Visit, cookies: &str) {
    visit.headers.insert(COOKIE, HeaderValue::from_str(cookies).unwrap());
}

/// Begins a sign-in in a browser; gives the request.
fn begin(visit: &mut Visit, jar: &mut Jar, return_to: &str) -> PendingRequest {
    send(visit, &jar.header());
    let request = PendingRequest::new(visit, &visit.settings.idps["company"], beginning(return_to));
    jar.take(&request.cookies(visit));
    request
}

fn beginning(return_to: &str) -> Beginning<'static> {
    Beginning { return_to: return_to.to_owned(), ..Beginning::default() }
}

/// The request of this reference, as a browser with these cookies holds it.
fn held_by(visit: &mut Visit, cookies: &str, reference: &str) -> Option<PendingRequest> {
    send(visit, cookies);
    PendingRequest::named(visit, reference)
}

#[test]
fn a_path_or_an_address_is_no_reference() {
    let random = "0123456789abcdef0123456789abcdef";
    assert!(is_reference(random));
    let word = format!("test-{random}");
    for text in ["", "/browse/A-1", "https://jira.example.com/", &random[1..], &word] {
        assert!(!is_reference(text), "{text}");
    }
}

#[tokio::test]
async fn a_request_that_another_host_plants_opens_in_no_browser_but_its_own() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let (mut theirs, mut own) = (Jar::default(), Jar::default());
    let planted = begin(&mut visit, &mut theirs, "/browse/THEIRS-1");
    let honest = begin(&mut visit, &mut own, "/browse/OWN-1");
    let (reference, own_reference) = (planted.reference.as_str(), honest.reference.as_str());
    assert_eq!(held_by(&mut visit, &theirs.header(), reference).unwrap(), planted);

    let name = theirs.names("__Host-")[0].clone();
    let (id, cookie) =
        (theirs.0[&name].clone(), &theirs.0[&format!("samlgate_request_{reference}")]);
    let request = format!("samlgate_request_{reference}={cookie}");
    // What a host of the same domain, or plain http, can plant beside it: no name that a browser keeps
    // for us alone.
    let suffix = name.strip_prefix("__Host-").unwrap();
    for beside in [
        String::new(),
        format!("{suffix}={id}"),
        format!("__Secure-{suffix}={id}"),
        format!("__host-{suffix}={id}"),
        format!("__HOST-{suffix}={id}"),
        format!("={name}={id}"),
        format!("x={name}={id}"),
        format!("samlgate_browser_{reference}={id}"),
    ] {
        for cookies in [
            format!("{request}; {beside}"),
            format!("{beside}; {request}; {}", own.header()),
            format!("{}; {beside}; {request}", own.header()),
        ] {
            assert_eq!(held_by(&mut visit, &cookies, reference), None, "{cookies}");
        }
    }

    // Nor does a planted one of the same name hide the honest one, or take its room.
    let twin = format!("samlgate_request_{own_reference}={cookie}");
    for cookies in [format!("{twin}; {}", own.header()), format!("{}; {twin}", own.header())] {
        let found = held_by(&mut visit, &cookies, own_reference).unwrap();
        assert_eq!(found.return_to, "/browse/OWN-1");
    }
    let many: Vec<_> = (0..150).map(|n| format!("samlgate_request_{n:032x}={cookie}")).collect();
    send(&mut visit, &format!("{}; {}", own.header(), many.join("; ")));
    let another = PendingRequest::new(&visit, &visit.settings.idps["company"], beginning("/"));
    let lines = another.cookies(&visit);
    assert!(!lines.iter().any(|line| line.contains(own_reference)), "{lines:?}");
}

#[tokio::test]
async fn twenty_tabs_fit_and_keep_their_pages_and_a_twenty_first_takes_the_oldest() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let mut jar = Jar::default();
    let mut all = Vec::new();
    for n in 0..20 {
        all.push(begin(&mut visit, &mut jar, &format!("/browse/PROJECT-{n}")));
        visit.now += Duration::from_secs(1);
    }
    assert_eq!((jar.requests(), jar.names("__Host-").len()), (20, 1));
    assert!(jar.header().len() <= 7_000, "{}", jar.header().len());
    for request in &all {
        let found = held_by(&mut visit, &jar.header(), &request.reference).unwrap();
        assert_eq!(&found, request);
    }
    begin(&mut visit, &mut jar, "/");
    assert_eq!(jar.requests(), 20);
    assert_eq!(held_by(&mut visit, &jar.header(), &all[0].reference), None);
    assert!(held_by(&mut visit, &jar.header(), &all[1].reference).is_some());
}

#[tokio::test]
async fn tabs_that_begin_at_once_in_a_new_browser_all_come_back() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let mut jar = Jar::default();
    let mut all = Vec::new();
    for n in 0..20 {
        // None of them has an answer yet when the next is sent.
        let mut fresh = Jar::default();
        all.push(begin(&mut visit, &mut fresh, &format!("/browse/A-{n}")));
        jar.0.extend(fresh.0);
    }
    assert!(jar.header().len() <= 7_000, "{}", jar.header().len());
    for request in &all {
        let found = held_by(&mut visit, &jar.header(), &request.reference).unwrap();
        assert_eq!(&found, request);
    }
}

#[tokio::test]
async fn the_longest_return_addresses_go_first_and_the_oldest_requests_after_them() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let mut jar = Jar::default();
    let long = begin(&mut visit, &mut jar, &format!("/issues/?jql={}", "x".repeat(2400)));
    let portal = format!("/servicedesk/customer/portal/1?q={}", "y".repeat(2300));
    let portal = begin(&mut visit, &mut jar, &portal);
    assert!(jar.0.iter().all(|(name, value)| name.len() + value.len() <= 3_800));
    let short = begin(&mut visit, &mut jar, "/browse/A-1");
    let page = |visit: &mut Visit, jar: &Jar, request: &PendingRequest| {
        let found = held_by(visit, &jar.header(), &request.reference).unwrap();
        (found.return_to, found.shortened)
    };
    assert_eq!(page(&mut visit, &jar, &long), ("/".to_owned(), true), "the longest");
    assert!(!page(&mut visit, &jar, &portal).1);
    let other = begin(&mut visit, &mut jar, &format!("/x?{}", "z".repeat(2350)));
    let kept = page(&mut visit, &jar, &portal);
    assert!(kept.1 || page(&mut visit, &jar, &other).1, "two of them are too long together");
    let third = begin(&mut visit, &mut jar, &format!("/x?{}", "z".repeat(2290)));
    let kept = page(&mut visit, &jar, &portal);
    assert_eq!(kept, ("/servicedesk/customer/portals".to_owned(), true), "it stays a portal");
    assert!(!page(&mut visit, &jar, &third).1);
    assert_eq!(page(&mut visit, &jar, &short), ("/browse/A-1".to_owned(), false));
    assert!(jar.header().len() <= 7_000, "{}", jar.header().len());
    let alone = begin(&mut visit, &mut Jar::default(), &format!("/x?{}", "z".repeat(4000)));
    assert!(alone.cookies(&visit).iter().all(|line| line.len() < 4_096));
}

#[tokio::test]
async fn a_request_is_answered_within_eight_hours_or_ten_minutes_where_it_must_be_fresh() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let began = visit.now;
    let mut settings = visit.settings.idps["company"].settings.clone();
    for (forced, seconds) in [(false, 8 * 3600), (true, 600)] {
        settings.request.force_authn = forced;
        let idp = installation::settings::Document::compile(&settings, "company").unwrap();
        visit.now = began;
        send(&mut visit, "");
        let request = PendingRequest::new(&visit, &idp, beginning("/"));
        let lines = request.cookies(&visit);
        // The browser keeps it for longer: what is too late is begun anew.
        assert!(lines[0].contains("; Max-Age=86400;"), "{lines:?}");
        let mut jar = Jar::default();
        jar.take(&lines);
        visit.now = began + Duration::from_secs(seconds);
        let held = held_by(&mut visit, &jar.header(), &request.reference).unwrap();
        assert!(!expired(&visit, &held));
        visit.now += Duration::from_millis(1);
        let held = held_by(&mut visit, &jar.header(), &request.reference).unwrap();
        assert!(expired(&visit, &held));
    }
}

#[tokio::test]
async fn what_is_too_late_goes_before_what_is_in_time_is_shortened() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let mut jar = Jar::default();
    let page = |letter: &str| format!("/issues/?jql={}", letter.repeat(2400));
    let late = begin(&mut visit, &mut jar, &page("x"));
    visit.now += LONG + Duration::from_secs(1);
    let first = begin(&mut visit, &mut jar, "/browse/A-1");
    assert!(held_by(&mut visit, &jar.header(), &late.reference).is_some(), "there is room");
    let second = begin(&mut visit, &mut jar, &page("y"));
    assert_eq!(held_by(&mut visit, &jar.header(), &late.reference), None);
    for request in [first, second] {
        let held = held_by(&mut visit, &jar.header(), &request.reference);
        assert_eq!(held, Some(request));
    }
}

#[tokio::test]
async fn what_was_begun_before_the_update_is_ended_after_it_and_for_ten_minutes_only() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let reference = reference(&visit);
    let until = expiry(&visit, SHORT);
    let text = json!({ "nonce": "n", "app": "jira", "idp": "company", "return_to": "/browse/A-1",
                       "attempt": "0190", "purpose": null, "expires_at": until });
    let installation = visit.installation();
    let sealed = installation.secrets.seal(
        &format!("pending request {reference}"),
        text.to_string().as_bytes(),
        installation.random,
    );
    let parts = ["n", "jira", "company", &until.to_string()];
    let id = format!("_{}", installation.secrets.keyed_hash("request id", &parts));
    let cookies = format!("samlgate_request_{reference}={sealed}");
    let found = held_by(&mut visit, &cookies, &reference).unwrap();
    assert_eq!((found.return_to.as_str(), found.request_id(&visit)), ("/browse/A-1", id));
    visit.now += SHORT + Duration::from_millis(1);
    let held = held_by(&mut visit, &cookies, &reference).unwrap();
    assert!(expired(&visit, &held));
}
