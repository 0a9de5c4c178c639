//! What a person is told after a refusal. The words are in [`crate::front::page`].

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// What the person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Begin again at the app.
    StartAgain,
    /// The browser sent no cookie of the sign-in.
    NoCookie,
    /// It goes round: the browser does not keep the session's cookie.
    CookieLost,
    /// It goes round: each session is over at once.
    SessionOver,
    /// It goes round: the app asks again although there is a session.
    AskedAgain,
    /// The company account has no user here.
    UserNotFound,
    /// The user is switched off.
    Inactive,
    /// The app wants a CAPTCHA solved first.
    Captcha,
    /// The user may not use this app.
    NoAccess,
    /// The app asks for a second step of its own.
    SecondStep,
    /// Something is set up wrongly; only an administrator can help.
    Administrator,
    /// The app or the database is away for the moment.
    TryLater,
    /// The link itself is wrong.
    BadLink,
    /// The IdP does not know the person and may not ask: the app's own log-in page is next.
    LogInAtApp,
}

impl Advice {
    const NAMES: [(Self, &'static str); 14] = [
        (Advice::StartAgain, "start_again"),
        (Advice::NoCookie, "no_cookie"),
        (Advice::CookieLost, "cookie_lost"),
        (Advice::SessionOver, "session_over"),
        (Advice::AskedAgain, "asked_again"),
        (Advice::UserNotFound, "user_not_found"),
        (Advice::Inactive, "inactive"),
        (Advice::Captcha, "captcha"),
        (Advice::NoAccess, "no_access"),
        (Advice::SecondStep, "second_step"),
        (Advice::Administrator, "administrator"),
        (Advice::TryLater, "try_later"),
        (Advice::BadLink, "bad_link"),
        (Advice::LogInAtApp, "log_in_at_app"),
    ];

    /// The stable name in the database.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(advice, _)| *advice == self).map_or("", |(_, name)| name)
    }

    /// The advice of that stable name; of an unknown one the most general.
    pub fn named(name: &str) -> Self {
        let known = Self::NAMES.iter().find(|(_, known)| *known == name);
        known.map_or(Advice::StartAgain, |(advice, _)| *advice)
    }

    /// The status of a page that only repeats it.
    pub fn status(self) -> StatusCode {
        match self {
            Advice::TryLater => StatusCode::SERVICE_UNAVAILABLE,
            Advice::NoCookie | Advice::BadLink => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// Whether another account may be the way.
    pub fn may_be_the_account(self) -> bool {
        !matches!(self, Advice::TryLater | Advice::BadLink | Advice::LogInAtApp)
    }
}

/// What is told of a refused sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The attempt's ID, to be given to whoever helps.
    #[serde(rename = "n")]
    pub number: String,
    /// The stable name of the advice.
    #[serde(rename = "a")]
    pub told: String,
    /// The IdP, where it is known: "Start again" leads there again.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub idp: Option<String>,
    /// The page that was wanted, where it is known.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// Who is signed in, where that matters.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Whoever has a session is led to the app instead.
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    pub unless_signed_in: bool,
}

impl Ended {
    /// What the person can do.
    pub fn advice(&self) -> Advice {
        Advice::named(&self.told)
    }
}
