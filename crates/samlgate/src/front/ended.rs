//! The end of a refused sign-in, by an address of its own: what a page says is sealed into its address,
//! so that it can be shown again, and so that nobody can make us say something.
//!
//! An answer of the IdP is posted from another site, and with such a post no browser sends the session's
//! cookie (`SameSite=Lax`). Whether somebody is signed in already shows only at the next step, which is
//! why a page may lead on to itself, here.

use gateway::Body;
use http::{Response, StatusCode};

use crate::front::answer;
use crate::front::page;
use crate::front::refusal::Ended;
use crate::front::session;
use crate::front::visit::Visit;

/// The address of the page of `ended`.
pub fn url(visit: &Visit, ended: &Ended) -> String {
    let text = serde_json::to_vec(ended).unwrap_or_default();
    let installation = visit.installation();
    let sealed = installation.secrets.seal(&purpose(visit), &text, installation.random);
    answer::with(format!("{}/ended", visit.app.prefix), PARAMETER, &sealed)
}

fn open(visit: &Visit) -> Option<Ended> {
    let sealed = visit.query(PARAMETER)?;
    let text = visit.installation().secrets.unseal(&purpose(visit), &sealed)?;
    serde_json::from_slice(&text).ok()
}

const PARAMETER: &str = "this";

fn purpose(visit: &Visit) -> String {
    format!("end of a sign-in at {}", visit.app.name)
}

/// Answers GET `<prefix>/ended`.
pub async fn answer(visit: &Visit) -> Response<Body> {
    let Some(ended) = open(visit) else {
        return answer::text(StatusCode::NOT_FOUND, "There is no such page.");
    };
    let signed_in = || async { session::current(visit).await.is_ok_and(|found| found.is_some()) };
    if ended.unless_signed_in && signed_in().await {
        return answer::see_other(&session::open_url(&visit.app, ended.return_to.as_deref()));
    }
    page::refused(visit, ended.advice().status(), &ended)
}
