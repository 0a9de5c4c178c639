//! `POST /authentication`: is this the person's password? The opener's one-time password comes here
//! first, then the person's own, if there is one.
//!
//! Does not open sessions. No password is logged, kept or answered.

use axum::http::StatusCode;
use axum::response::Response;
use crowd::Reason;
use crowd::entity::password::PasswordBody;
use directory::User;
use installation::password::Lane;
use installation::runtime::token_hash;
use zeroize::Zeroizing;

use super::answer::{self, Refusal};
use super::call::Call;
use super::{Rest, wire};

/// The full user when the password is right; else 400 with a reason.
pub(super) async fn check(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let user = active_user(rest, call, StatusCode::BAD_REQUEST).await?;
    let presented = PasswordBody::parse(&call.body, call.body_format)?.into_value();
    let presented = Zeroizing::new(presented.unwrap_or_default());
    let by = right_by(rest, call, &user, &presented).await?;
    tracing::info!(
        user.name,
        application.name = call.application.name,
        outcome = by.unwrap_or("wrong"),
        "an application asked for a password"
    );
    match by {
        Some(_) => Ok(answer::entity(&wire::user(&user, &rest.links), call.format)),
        None => Err(Refusal::reason(
            StatusCode::BAD_REQUEST,
            Reason::InvalidUserAuthentication,
            format!("The password of user <{}> is wrong", user.name),
        )),
    }
}

/// `POST /authentication/notify`: an application that accepted a session asks for the fresh user.
pub(super) async fn notify(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let user = active_user(rest, call, StatusCode::NOT_FOUND).await?;
    Ok(answer::entity(&wire::user(&user, &rest.links), call.format))
}

async fn active_user(rest: &Rest, call: &Call, unknown: StatusCode) -> Result<User, Refusal> {
    let name = call.required("username")?;
    let user = rest.installation.store.user(name).await?;
    let user = user.ok_or_else(|| Refusal::no_such_user(unknown, name))?;
    if !user.active {
        let message = format!("User <{}> is not active", user.name);
        return Err(Refusal::reason(StatusCode::BAD_REQUEST, Reason::InactiveAccount, message));
    }
    Ok(user)
}

/// Which kind of password it was; `None`: a wrong one.
async fn right_by(
    rest: &Rest,
    call: &Call,
    user: &User,
    presented: &str,
) -> Result<Option<&'static str>, Refusal> {
    if presented.is_empty() {
        return Ok(None);
    }
    let (installation, asker) = (&rest.installation, &call.application.name);
    let hash = token_hash(presented);
    if installation
        .store
        .check_one_time_password(&hash, &user.id, asker, installation.clock.now())
        .await?
    {
        return Ok(Some("right: one-time password"));
    }
    let Some(stored) = installation.store.password_hash(&user.id).await? else { return Ok(None) };
    let fits = installation.passwords.fits(Lane::People, &stored, presented).await;
    let fits = fits.map_err(|_| Refusal::busy())?;
    Ok(fits.then_some("right: own password"))
}
