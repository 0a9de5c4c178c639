//! What people are told when a sign-in ends early: a title and a sentence or two, for each advice.

use installation::settings::App;

use crate::front::refusal::Advice;

/// Title and text. `person` is who is signed in, where that is known and matters.
pub(super) fn of(advice: Advice, app: &App, person: Option<&str>) -> (&'static str, String) {
    let name = &app.name;
    match advice {
        Advice::StartAgain | Advice::LogInAtApp => (
            "Signing in did not work",
            "Please start again from here. If it fails again, your administrator can see why."
                .into(),
        ),
        Advice::NoCookie => (
            "Signing in did not work",
            format!(
                "Your browser sent no cookie of this sign-in. Either it blocks cookies from {name}, or \
                 you opened a bookmark of the company account's sign-in page. Please start again from \
                 here."
            ),
        ),
        Advice::CookieLost | Advice::SessionOver | Advice::AskedAgain => {
            (GOING_ROUND, going_round(advice, name, person))
        }
        Advice::UserNotFound => (
            "User ID not found",
            format!(
                "You signed in with the company account, but {name} has no user of that name. \
                 Please ask your administrator to create it."
            ),
        ),
        Advice::Inactive => {
            ("Your account is inactive", "Please ask your administrator to activate it.".into())
        }
        Advice::Captcha => (
            "A CAPTCHA must be solved first",
            format!(
                "Somebody typed wrong passwords for your name, so {name} asks for a CAPTCHA. Please \
                 ask your administrator to reset the failed log-ins of your user."
            ),
        ),
        Advice::NoAccess => (
            "You may not use this app",
            format!("You are known, but have no access to {name}. Please ask your administrator."),
        ),
        Advice::SecondStep => (
            "The app asks for a second step",
            format!(
                "You enrolled for two-step verification at {name} itself, which the company account \
                 replaces. Please ask your administrator to reset it for your user."
            ),
        ),
        Advice::Administrator => (
            "Signing in did not work",
            "Something is set up wrongly. Your administrator can see what it is.".into(),
        ),
        Advice::TryLater => (
            "Please try again in a moment",
            "Signing in is not possible for the moment. Nothing was lost.".into(),
        ),
        Advice::BadLink => (
            "This link does not work",
            format!("It leads to a page outside {name}. Please go to the page itself."),
        ),
    }
}

/// The title where nothing but a stop ends it.
const GOING_ROUND: &str = "Signing in goes round in circles";

fn going_round(advice: Advice, name: &str, person: Option<&str>) -> String {
    match advice {
        Advice::CookieLost => format!(
            "You signed in three times within a minute, but your browser is not keeping the cookie \
             that says so. Please allow cookies from {name}, then start again."
        ),
        Advice::SessionOver => {
            "You signed in three times within a minute, and each time your session \
                                ended at once. Your administrator can see why."
                .to_owned()
        }
        _ => format!(
            "You are signed in{}, but {name} keeps asking you to sign in. This account may not be \
             allowed to see the page, or your browser is not keeping the cookie of {name}.",
            person.map(|person| format!(" as {person}")).unwrap_or_default()
        ),
    }
}
