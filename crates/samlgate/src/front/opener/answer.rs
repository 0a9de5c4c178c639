//! What the app's answer to a log-in means.

use http::{HeaderMap, StatusCode};

use super::asked::{Asked, Silence};
use crate::front::refusal::{Advice, Refusal};

/// Why the app's log-in did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The app asks for a CAPTCHA after too many wrong passwords.
    Captcha,
    /// The user is known, but may not use the app.
    NoAccess,
    /// The app took the password for wrong.
    WrongPassword,
    /// The app has no such log-in.
    NotThere(String),
    /// The app has this log-in, but it is switched off.
    LoginDisabled(String),
    /// It shows its log-in page again and does not say why.
    NoWord(String),
    /// It wants a second step; holds the names of what it asks for.
    SecondStep(String),
    /// It said yes and set a session cookie, but nobody is logged in to that session.
    Anonymous,
    /// It failed by itself.
    Broken(String),
    /// The app answered something else.
    Unexpected(String),
    /// It said yes, but gave no new session.
    NoSession,
    /// It opened a session for somebody else.
    OtherUser(String),
    /// It did not answer.
    Away(String),
}

/// Seraph's word on a log-in, as far as the headers tell.
pub(super) fn refusal_in(headers: &HeaderMap) -> Option<Failure> {
    let says = |name: &str, word: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.contains(word))
    };
    if says("x-authentication-denied-reason", "CAPTCHA_CHALLENGE")
        || says("x-seraph-loginreason", "AUTHENTICATION_DENIED")
    {
        return Some(Failure::Captcha);
    }
    if says("x-seraph-loginreason", "AUTHORISATION_FAILED") {
        return Some(Failure::NoAccess);
    }
    if says("x-seraph-loginreason", "AUTHENTICATED_FAILED") {
        return Some(Failure::WrongPassword);
    }
    None
}

impl Failure {
    /// Whether the app may not even have looked at the password, so that another log-in is worth a
    /// try.
    pub(super) fn says_nothing_of_the_password(&self) -> bool {
        matches!(self, Failure::NotThere(_) | Failure::LoginDisabled(_) | Failure::NoWord(_))
    }

    /// Whether it helps an operator more than another failure that says nothing of the password.
    pub(super) fn tells_more_than(&self, other: &Failure) -> bool {
        let rank = |failure: &Failure| match failure {
            Failure::NotThere(_) => 0,
            Failure::NoWord(_) => 1,
            _ => 2,
        };
        rank(self) > rank(other)
    }

    /// The refusal: plain for the person, precise for the operator. `asked` is how the app's
    /// Crowd directory took part in the log-in.
    pub(super) fn refusal(self, user: &str, asked: Asked) -> Refusal {
        let checks = asked.checks;
        let refuse = |advice, code, hint, detail| {
            Refusal::opener(StatusCode::BAD_GATEWAY, advice, code, hint, detail)
        };
        let forbid = |advice, code, hint, detail| {
            Refusal::opener(StatusCode::FORBIDDEN, advice, code, hint, detail)
        };
        match self {
            Failure::Captcha => forbid(
                Advice::Captcha,
                "app_captcha",
                "Reset the failed log-ins of this user in the app's user management. Samlgate \
                 refuses passwords typed for managed names; check that nobody reaches the app's own \
                 port.",
                format!("the app asks for a CAPTCHA for {user}"),
            ),
            Failure::NoAccess => forbid(
                Advice::NoAccess,
                "app_no_access",
                "Give the user a group with access to the application (User Groups or the group \
                 attribute), and check that the group has the same name in the app.",
                format!("the app knows {user}, but grants no application access"),
            ),
            Failure::WrongPassword | Failure::NoWord(_) | Failure::Anonymous if checks == 0 => {
                directory_order(user, asked.silence)
            }
            Failure::Anonymous => refuse(
                Advice::Administrator,
                "app_anonymous",
                "The app asked Samlgate, was told yes and opened a session, but nobody is logged in \
                 to it. Behind a balancer its affinity cookie may be missing; else see the app's log.",
                format!("the app's new session is not {user}'s but anonymous"),
            ),
            Failure::WrongPassword | Failure::NoWord(_) => refuse(
                Advice::Administrator,
                "app_refused",
                "The app asked Samlgate and was told yes, or its application may not ask for this \
                 app's users: see `app show` (--application) and the app's own log.",
                format!(
                    "the app refused the log-in of {user} after asking Samlgate {checks} times"
                ),
            ),
            Failure::SecondStep(fields) => forbid(
                Advice::SecondStep,
                "app_second_step",
                "The app asks this user for its own second step after the password, which Samlgate \
                 cannot take. Let the user's two-step verification be reset in the app; the IdP \
                 asks for the second factor.",
                format!("the app wants a second step from {user} (its answer has: {fields})"),
            ),
            Failure::Broken(detail) => refuse(
                Advice::TryLater,
                "app_error",
                "The app failed while it logged the person in: see its own log.",
                detail,
            ),
            Failure::LoginDisabled(detail) | Failure::NotThere(detail) => refuse(
                Advice::Administrator,
                "app_login_disabled",
                "The app's log-in form is switched off (authentication methods) or is not where this \
                 kind of app has it: switch it on, and compare `app show` (kind, public URL and \
                 upstream) with the app.",
                detail,
            ),
            Failure::NoSession => refuse(
                Advice::Administrator,
                "app_no_session",
                "The app answered well but set no session cookie; a proxy between may drop it.",
                "the app opened no new session".to_owned(),
            ),
            Failure::OtherUser(name) => refuse(
                Advice::Administrator,
                "app_other_user",
                "The app's session belongs to somebody else; it was logged out again. Look for a \
                 rename or an alias of this user in the app.",
                format!("the app opened a session for {name:?} instead of {user:?}"),
            ),
            Failure::Unexpected(detail) => refuse(
                Advice::Administrator,
                "app_unexpected",
                "The app's log-in answered in a way that is not known; see the attempt's steps.",
                detail,
            ),
            Failure::Away(detail) => refuse(
                Advice::TryLater,
                "app_away",
                "The app's upstream address does not answer; see `app show` and the app itself.",
                detail,
            ),
        }
    }
}

/// The app looked for the user elsewhere, or nowhere.
fn directory_order(user: &str, silence: Option<Silence>) -> Refusal {
    let detail = format!("the app refused the log-in of {user} without asking Samlgate");
    let (hint, detail) = match silence {
        Some(Silence { finding, cure }) => (cure, format!("{detail}: {finding}")),
        None => (
            "The app never asked Samlgate for this user. In its User Directories the Crowd directory \
             of Samlgate must be active, and above any directory that has the same user."
                .to_owned(),
            detail,
        ),
    };
    let code = "app_directory_order";
    Refusal::opener(StatusCode::BAD_GATEWAY, Advice::Administrator, code, hint, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn seraphs_words_are_understood() {
        let captcha = headers(&[
            ("x-seraph-loginreason", "AUTHENTICATION_DENIED"),
            ("x-authentication-denied-reason", "CAPTCHA_CHALLENGE; login-url=http://x/login.jsp"),
        ]);
        assert_eq!(refusal_in(&captcha), Some(Failure::Captcha));
        let reason = |word| headers(&[("x-seraph-loginreason", word)]);
        assert_eq!(refusal_in(&reason("AUTHORISATION_FAILED")), Some(Failure::NoAccess));
        assert_eq!(refusal_in(&reason("AUTHENTICATED_FAILED")), Some(Failure::WrongPassword));
        assert_eq!(refusal_in(&reason("OK")), None);
    }

    #[test]
    fn an_app_that_never_asked_has_its_directories_in_the_wrong_order() {
        let refusal =
            |checks, silence| Failure::WrongPassword.refusal("camilla", Asked { checks, silence });
        assert_eq!(refusal(1, None).code, "app_refused");
        assert_eq!(refusal(0, None).code, "app_directory_order");
        let never = Silence { finding: "jira has never connected".into(), cure: "Add it.".into() };
        let never = refusal(0, Some(never));
        assert_eq!(never.code, "app_directory_order");
        assert!(never.detail.ends_with("asking Samlgate: jira has never connected"));
        assert_eq!(never.hint, "Add it.");
    }
}
