//! The end of a refused attempt: where its record is kept, and what the person is shown.
//!
//! What anybody can make fills nothing. A response that answers no request of this browser and that
//! no IdP signed leaves a trace in memory only ([`Unrecognised`](installation::attempt::Unrecognised)). One that
//! answers a request without a valid signature, and whatever was posted before, goes into a ring of
//! fixed size. A refusal of what an IdP signed is kept like a sign-in, once for each assertion.

use std::time::Duration;

use gateway::Body;
use http::{HeaderValue, Response, StatusCode};
use installation::attempt::Outcome;
use store::{Claim, StoreError};

use super::{Attempt, Origin};
use crate::front::access::Person;
use crate::front::answer;
use crate::front::ended;
use crate::front::page;
use crate::front::refusal::{Advice, BUSY, Ended, Refusal};
use crate::front::session;
use crate::front::visit::Visit;

/// Ends an attempt: keeps its record with code, clause and hint, and answers with a neutral page. An
/// answer that was posted before is answered as it was then.
pub async fn refuse(visit: &Visit, mut attempt: Attempt, refusal: Refusal) -> Response<Body> {
    let record = attempt.refused(&refusal, visit.installation().clock.now());
    let mut response = match keep(visit, &attempt, &record).await {
        Ok(Kept::New) => told(visit, &attempt, &record, &refusal),
        Ok(Kept::Again(first)) => as_before(visit, &attempt, &first),
        Err(StoreError::Unavailable(error)) => {
            tracing::error!(error, attempt.id = record.id, "the attempt could not be recorded");
            return page::database_away(visit);
        }
        Err(error) => {
            tracing::error!(error = %error, attempt.id = record.id, "the attempt could not be recorded");
            told(visit, &attempt, &record, &refusal)
        }
    };
    if let Some(name) = record.user_name {
        response.extensions_mut().insert(Person(name));
    }
    response
}

/// What became of a record.
enum Kept {
    New,
    /// This request was answered before, as this record says.
    Again(Box<store::AttemptRow>),
}

async fn keep(
    visit: &Visit,
    attempt: &Attempt,
    record: &store::AttemptRow,
) -> Result<Kept, StoreError> {
    if record.code == BUSY || is_stranger(attempt) {
        if visit.installation().unrecognised.add(record, visit.client) {
            note(visit, record);
        }
        return Ok(Kept::New);
    }
    if let Some(first) = first_answer(visit, attempt).await? {
        again(visit, record, &first).await?;
        return Ok(Kept::Again(Box::new(first)));
    }
    note(visit, record);
    write(visit, attempt, record).await?;
    Ok(Kept::New)
}

/// Whether nothing ties it to anybody: no request of this browser, no session, no IdP's signature.
fn is_stranger(attempt: &Attempt) -> bool {
    attempt.record.follows.is_none() && attempt.origin == Origin::Unknown
}

/// How the request that this answers was answered before.
async fn first_answer(
    visit: &Visit,
    attempt: &Attempt,
) -> Result<Option<store::AttemptRow>, StoreError> {
    match attempt.record.follows.as_deref().filter(|_| !attempt.opens()) {
        Some(request) => visit.installation().store.attempt(request).await,
        None => Ok(None),
    }
}

/// A row of its own says that the same request was answered again.
async fn again(
    visit: &Visit,
    record: &store::AttemptRow,
    first: &store::AttemptRow,
) -> Result<(), StoreError> {
    let again = store::AttemptRow {
        outcome: Outcome::PostedAgain.name().to_owned(),
        follows: Some(first.id.clone()),
        ..record.clone()
    };
    note(visit, &again);
    visit.installation().store.record_in_ring(&again, None).await
}

/// The page that the first answer to a request led to. After a good sign-in that is the app: `open`
/// looks for the session itself.
fn as_before(visit: &Visit, attempt: &Attempt, first: &store::AttemptRow) -> Response<Body> {
    match Outcome::of(first) {
        Some(Outcome::Tested | Outcome::TestFailed) => page::tested(visit, first),
        Some(Outcome::SignedIn | Outcome::Opened | Outcome::OpenFailed) => {
            answer::see_other(&session::open_url(&visit.app, attempt.return_to.as_deref()))
        }
        Some(Outcome::Refused | Outcome::PostedAgain) | None => {
            let advice = Advice::named(&first.told);
            shown(visit, advice.status(), &attempt.ended(&first.id, advice))
        }
    }
}

/// The page of a new refusal.
fn told(
    visit: &Visit,
    attempt: &Attempt,
    record: &store::AttemptRow,
    refusal: &Refusal,
) -> Response<Body> {
    let mut ended = attempt.ended(number(record), refusal.advice);
    if refusal.goes_round() {
        // By an address of its own: a reload begins no further round and leaves no second record.
        return answer::see_other(&ended::url(visit, &ended));
    }
    let mut response = shown(visit, refusal.status, &ended);
    if refusal.may_be_from_before() {
        ended.unless_signed_in = true;
        let there = format!("0; url={}", ended::url(visit, &ended));
        if let Ok(there) = HeaderValue::from_str(&there) {
            response.headers_mut().insert("refresh", there);
        }
    }
    response
}

fn shown(visit: &Visit, status: StatusCode, ended: &Ended) -> Response<Body> {
    match ended.advice() {
        Advice::LogInAtApp => {
            let path = visit.app.settings.kind.login_page();
            answer::see_other(&format!("{}{path}?nosso", visit.app.context_path))
        }
        _ => page::refused(visit, status, ended),
    }
}

/// The number under which an attempt is found: that of its sign-in, when it opens the app.
fn number(record: &store::AttemptRow) -> &str {
    let opens = matches!(Outcome::of(record), Some(Outcome::Opened | Outcome::OpenFailed));
    record.follows.as_deref().filter(|_| opens).unwrap_or(&record.id)
}

/// Writes a record that nobody was let in with, and its messages: for good when an IdP vouches for
/// its origin and it is the first of its assertion, else into the ring.
///
/// # Errors
/// When the database is away.
pub async fn write(
    visit: &Visit,
    attempt: &Attempt,
    record: &store::AttemptRow,
) -> Result<(), StoreError> {
    let store = &visit.installation().store;
    let messages = attempt.sealed(visit, false);
    let stays = match &attempt.origin {
        Origin::Unknown => false,
        Origin::Claimed => true,
        Origin::Signed { idp, assertion } => {
            // A name that no assertion has: xs:ID knows no blanks.
            let id = format!("refused {assertion}");
            let until = visit.now + ONE_RECORD_WITHIN;
            let mut tx = store.begin().await?;
            let first = tx.claim(&Claim { idp, id: &id, request_id: None, until }).await?;
            if first {
                tx.commit().await?;
            }
            first
        }
    };
    if !stays {
        return store.record_in_ring(record, messages.as_ref()).await;
    }
    store.record_attempt(record).await?;
    match messages {
        Some(messages) => store.keep_messages(&messages).await,
        None => Ok(()),
    }
}

/// Who posts the same signed response again and again leaves one lasting record within this time.
const ONE_RECORD_WITHIN: Duration = Duration::from_secs(30 * 86_400);

/// Says in the log what came of an attempt.
pub fn note(visit: &Visit, record: &store::AttemptRow) {
    macro_rules! say {
        ($level:ident, $message:literal) => {
            tracing::$level!(
                attempt.id = number(record),
                attempt.outcome = record.outcome,
                attempt.code = Some(&record.code).filter(|code| !code.is_empty()),
                attempt.detail = Some(&record.detail).filter(|detail| !detail.is_empty()),
                request.id = visit.request_id,
                client = %visit.client,
                app = record.app,
                idp = record.idp,
                user.name = record.user_name,
                $message
            )
        };
    }
    match Outcome::of(record) {
        Some(Outcome::SignedIn) => say!(info, "signed in"),
        Some(Outcome::Opened) => say!(info, "the app's session is open"),
        Some(Outcome::PostedAgain) => say!(info, "an answer was posted again"),
        Some(Outcome::Tested) => say!(info, "a test sign-in passed"),
        Some(Outcome::TestFailed) => say!(warn, "a test sign-in failed"),
        Some(Outcome::Refused | Outcome::OpenFailed) | None => say!(warn, "sign-in refused"),
    }
}
