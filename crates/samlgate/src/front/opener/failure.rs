//! Why a log-in at the app did not work: plain for the person, precise for the operator.

use http::StatusCode;

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

    /// The refusal. `asked` is how the app's Crowd directory took part in the log-in.
    pub(super) fn refusal(self, user: &str, asked: Asked) -> Refusal {
        let Kind { status, advice, code, hint } = self.kind(asked.checks);
        let detail = self.detail(user, asked.checks);
        match asked.silence.filter(|_| code == DIRECTORY_ORDER.code) {
            Some(Silence { finding, cure }) => {
                Refusal::opener(status, advice, code, cure, format!("{detail}: {finding}"))
            }
            None => Refusal::opener(status, advice, code, hint, detail),
        }
    }

    /// An app that refuses a user without having asked Samlgate looked for the user elsewhere, or
    /// nowhere.
    fn kind(&self, checks: u32) -> Kind {
        match self {
            Failure::WrongPassword | Failure::NoWord(_) | Failure::Anonymous if checks == 0 => {
                DIRECTORY_ORDER
            }
            Failure::Captcha => CAPTCHA,
            Failure::NoAccess => NO_ACCESS,
            Failure::Anonymous => ANONYMOUS,
            Failure::WrongPassword | Failure::NoWord(_) => REFUSED,
            Failure::SecondStep(_) => SECOND_STEP,
            Failure::Broken(_) => ERROR,
            Failure::LoginDisabled(_) | Failure::NotThere(_) => LOGIN_DISABLED,
            Failure::NoSession => NO_SESSION,
            Failure::OtherUser(_) => OTHER_USER,
            Failure::Unexpected(_) => UNEXPECTED,
            Failure::Away(_) => AWAY,
        }
    }

    /// What was measured.
    fn detail(self, user: &str, checks: u32) -> String {
        match self {
            Failure::WrongPassword | Failure::NoWord(_) | Failure::Anonymous if checks == 0 => {
                format!("the app refused the log-in of {user} without asking Samlgate")
            }
            Failure::Captcha => format!("the app asks for a CAPTCHA for {user}"),
            Failure::NoAccess => {
                format!("the app knows {user}, but grants no application access")
            }
            Failure::Anonymous => {
                format!("the app's new session is not {user}'s but anonymous")
            }
            Failure::WrongPassword | Failure::NoWord(_) => {
                format!("the app refused the log-in of {user} after asking Samlgate {checks} times")
            }
            Failure::SecondStep(fields) => {
                format!("the app wants a second step from {user} (its answer has: {fields})")
            }
            Failure::NoSession => "the app opened no new session".to_owned(),
            Failure::OtherUser(name) => {
                format!("the app opened a session for {name:?} instead of {user:?}")
            }
            Failure::Broken(detail)
            | Failure::LoginDisabled(detail)
            | Failure::NotThere(detail)
            | Failure::Unexpected(detail)
            | Failure::Away(detail) => detail,
        }
    }
}

/// What is always the same of a failure.
struct Kind {
    status: StatusCode,
    advice: Advice,
    code: &'static str,
    hint: &'static str,
}

const CAPTCHA: Kind = Kind {
    status: StatusCode::FORBIDDEN,
    advice: Advice::Captcha,
    code: "app_captcha",
    hint: "Reset the failed log-ins of this user in the app's user management. Samlgate \
        refuses passwords typed for managed names; check that nobody reaches the app's own \
        port.",
};
const NO_ACCESS: Kind = Kind {
    status: StatusCode::FORBIDDEN,
    advice: Advice::NoAccess,
    code: "app_no_access",
    hint: "Give the user a group with access to the application (User Groups or the group \
        attribute), and check that the group has the same name in the app.",
};
const ANONYMOUS: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_anonymous",
    hint: "The app asked Samlgate, was told yes and opened a session, but nobody is logged in \
        to it. Behind a balancer its affinity cookie may be missing: see the app's log and the \
        attempt's steps.",
};
const REFUSED: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_refused",
    hint: "The app asked Samlgate and was told yes, or its application may not ask for this \
        app's users: see `app show` (--application) and the app's own log.",
};
const SECOND_STEP: Kind = Kind {
    status: StatusCode::FORBIDDEN,
    advice: Advice::SecondStep,
    code: "app_second_step",
    hint: "The app asks this user for its own second step after the password, which Samlgate \
        cannot take. Let the user's two-step verification be reset in the app; the IdP \
        asks for the second factor.",
};
const ERROR: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::TryLater,
    code: "app_error",
    hint: "The app failed while it logged the person in: see its own log.",
};
const LOGIN_DISABLED: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_login_disabled",
    hint: "The app's log-in form is switched off (authentication methods) or is not where this \
        kind of app has it: switch it on, and compare `app show` (kind, public URL and \
        upstream) with the app.",
};
const NO_SESSION: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_no_session",
    hint: "The app answered well but set no session cookie: see whether a proxy between it and Samlgate \
        drops Set-Cookie, and compare the upstream in `app show` with the app.",
};
const OTHER_USER: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_other_user",
    hint: "The app's session belongs to somebody else; it was logged out again. Look for a \
        rename or an alias of this user in the app.",
};
const UNEXPECTED: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_unexpected",
    hint: "The app's log-in answered in a way that is not known; see the attempt's steps.",
};
const AWAY: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::TryLater,
    code: "app_away",
    hint: "The app's upstream address does not answer; see `app show` and the app itself.",
};
const DIRECTORY_ORDER: Kind = Kind {
    status: StatusCode::BAD_GATEWAY,
    advice: Advice::Administrator,
    code: "app_directory_order",
    hint: "The app never asked Samlgate for this user. In its User Directories the Crowd directory \
        of Samlgate must be active, and above any directory that has the same user.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_says_of_each_failure_what_is_said_here() {
        let kinds = [
            CAPTCHA,
            NO_ACCESS,
            ANONYMOUS,
            REFUSED,
            SECOND_STEP,
            ERROR,
            LOGIN_DISABLED,
            NO_SESSION,
            OTHER_USER,
            UNEXPECTED,
            AWAY,
            DIRECTORY_ORDER,
        ];
        let there = include_str!("failure.rs").matches(": Kind = Kind {").count();
        assert_eq!(kinds.len(), there - 1, "one of each kind is looked at");
        testkit::refusals::assert_in_manual(kinds.iter().map(|kind| (kind.code, kind.hint)));
    }

    #[test]
    fn a_session_of_nobody_and_an_app_that_is_away_are_told_apart() {
        let asked = || Asked { checks: 1, silence: None };
        let refused = |failure: Failure| failure.refusal("camilla", asked());
        let anonymous = refused(Failure::Anonymous);
        assert_eq!((anonymous.code, anonymous.advice), ("app_anonymous", Advice::Administrator));
        let away = refused(Failure::Away("connection refused".to_owned()));
        assert_eq!((away.code, away.advice), ("app_away", Advice::TryLater));
        assert_eq!(away.detail, "connection refused");
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
