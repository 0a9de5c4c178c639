//! How the app learns who it is: the opener `one-time-password`.
//!
//! Samlgate is the app's Crowd directory. It mints a random single-use password, posts it to the
//! app's own log-in, the app asks Samlgate "is this right?", Samlgate says yes, and the app's own
//! cookies go to the browser. It is a fresh client without any cookie of the browser; the app must
//! open a new session and name the same user, or nothing is handed over.
//!
//! No transaction is open here, and the page may be repeated: after a reload, a crash, or when the
//! app's own session has ended.

mod answer;
mod asked;
mod dialogue;
mod failure;

use std::time::Duration;

use gateway::Body;
use http::{Response, StatusCode};
use installation::runtime::token_hash;
use installation::settings::NobodyAsks;
use store::{LivingSession, OneTimePassword, Session, StoreError};

use crate::front::access::Person;
use crate::front::answer as respond;
use crate::front::cookie_map;
use crate::front::page;
use crate::front::refusal::{Advice, Refusal};
use crate::front::session;
use crate::front::signin::{self, Rounds};
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;
use asked::Asked;
use dialogue::Dialogue;

pub(crate) use dialogue::who_am_i;

/// The password lives no longer, and the whole dialogue takes no longer.
const LIFETIME: Duration = Duration::from_secs(30);

/// Some apps ask twice for one log-in: once for the user, once for the session.
const CHECKS: u32 = 2;

/// Answers GET `<prefix>/open`.
pub async fn open(visit: &Visit) -> Response<Body> {
    let asked = visit.query("os_destination");
    let return_to = match asked.as_deref().map(|path| signin::return_path(&visit.app, path)) {
        None => signin::start_page(&visit.app),
        Some(Some(path)) => path,
        Some(None) => {
            let refusal = Refusal::return_path(asked.as_deref().unwrap_or_default());
            return tracker::refuse(visit, Attempt::begin(visit), refusal).await;
        }
    };
    let living = match session::current(visit).await {
        Ok(Some(found)) => found,
        // No session, or no longer: the way to one is a sign-in.
        Ok(None) => {
            let mut start = page::start_url(&visit.app, None, Some(&return_to));
            if let Some(rounds) = visit.query(signin::ROUND) {
                start = respond::with(start, signin::ROUND, &rounds);
            }
            return respond::see_other(&start);
        }
        Err(error) => {
            return tracker::refuse(visit, Attempt::begin(visit), error.into()).await;
        }
    };
    let mut attempt = Attempt::opening(visit, &living, &return_to);
    let portal = visit.app.is_portal(&return_to);
    match log_in(visit, &living, portal, &mut attempt).await {
        Ok(dialogue) => hand_over(visit, &living.session, dialogue, attempt, &return_to).await,
        Err(refusal) => tracker::refuse(visit, attempt, refusal).await,
    }
}

/// Mints the password, speaks with the app (at its customer portal if `portal` is set), and takes the
/// password back whatever happened.
async fn log_in<'a>(
    visit: &'a Visit,
    LivingSession { session, user }: &'a LivingSession,
    portal: bool,
    attempt: &mut Attempt,
) -> Result<Dialogue<'a>, Refusal> {
    let store = &visit.installation().store;
    let applications = visit.settings.asked_by(&visit.app).map_err(unasked)?;
    let password = visit.installation().random.token();
    let hash = token_hash(&password);
    let one_time = OneTimePassword {
        hash: hash.clone(),
        user_id: user.id.clone(),
        attempt_id: session.attempt_id.clone(),
        applications,
        expires_at: visit.installation().clock.now() + LIFETIME,
        checks_left: CHECKS,
    };
    store.mint_one_time_password(&one_time).await?;
    let mut dialogue = Dialogue::new(visit, &user.name, portal);
    let spoken = tokio::time::timeout(LIFETIME, dialogue.log_in(&password)).await;
    let checks = store.revoke_one_time_password(&hash).await;
    for line in dialogue.lines() {
        attempt.opener(line);
    }
    let checks = checks?;
    attempt.opener(format!("the app asked for the password {checks} times"));
    match spoken.map_err(|_| timed_out())? {
        Ok(()) => Ok(dialogue),
        Err(failure) => {
            let asked = Asked::after(visit.installation(), &one_time.applications, checks).await;
            Err(failure.refusal(&user.name, asked))
        }
    }
}

/// The app's Crowd directory has no name under which it may ask.
fn unasked(why: NobodyAsks) -> Refusal {
    Refusal::opener(
        StatusCode::BAD_GATEWAY,
        Advice::Administrator,
        "app_application_unnamed",
        "Name the Crowd application of this app: `samlgate app set NAME --application APPLICATION`. Only \
         those that an app names may ask for its users' one-time passwords; an app that names none is \
         answered by the only one there is.",
        why.to_string(),
    )
}

/// Gives the app's cookies to the browser, once it is remembered whose they are: from then on they
/// end with the session.
async fn hand_over(
    visit: &Visit,
    session: &Session,
    mut dialogue: Dialogue<'_>,
    mut attempt: Attempt,
    return_to: &str,
) -> Response<Body> {
    let record = attempt.opened(visit.installation().clock.now());
    match remember(visit, session, dialogue.cookies(), &record).await {
        Ok(true) => {
            tracker::note(visit, &record);
            let rounds = Rounds::travelled(visit, return_to)
                .unwrap_or_else(|| Rounds::and_one(None, &session.attempt_id, visit.now));
            rounds.keep(visit, session, return_to);
            let mut response = respond::see_other(return_to);
            if let Some(name) = record.user_name {
                response.extensions_mut().insert(Person(name));
            }
            for cookie in dialogue.cookies() {
                respond::add_cookie(&mut response, cookie);
            }
            response
        }
        // The session ended while the app was asked: with a newer one this works, else by a sign-in.
        Ok(false) => {
            dialogue.log_out().await;
            respond::see_other(&session::open_url(&visit.app, Some(return_to)))
        }
        Err(error) => {
            dialogue.log_out().await;
            tracker::refuse(visit, attempt, error.into()).await
        }
    }
}

/// Keeps the app's session cookies with Samlgate's session, and the attempt. Says whether the
/// session still lives.
async fn remember(
    visit: &Visit,
    session: &Session,
    cookies: &[String],
    record: &store::AttemptRow,
) -> Result<bool, StoreError> {
    let mut tx = visit.installation().store.begin().await?;
    for cookie in cookie_map::kept(cookies) {
        if !tx
            .keep_app_cookie(&cookie, &session.token_hash, visit.installation().clock.now())
            .await?
        {
            return Ok(false);
        }
    }
    tx.record_attempt(record).await?;
    tx.commit().await?;
    Ok(true)
}

fn timed_out() -> Refusal {
    Refusal::opener(
        StatusCode::BAD_GATEWAY,
        Advice::TryLater,
        "app_slow",
        "The app's own log-in took more than 30 s: see its log and its user directories.",
        "the app did not finish the log-in within 30 s".to_owned(),
    )
}
