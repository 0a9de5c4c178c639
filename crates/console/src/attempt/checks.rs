//! Checks as a green and red list, each with its clause, what was measured, and what to do.

use maud::{Markup, html};
use saml::{Check, Outcome};

/// The list; `shown` says how values in it are shown.
pub(crate) fn list(checks: &[Check], shown: &dyn Fn(&str) -> String) -> Markup {
    let passed = checks.iter().filter(|check| check.outcome == Outcome::Passed).count();
    html! {
        p { (passed) " of " (checks.len()) " hold." }
        ul class="checks" { @for check in checks { (item(check, shown)) } }
    }
}

fn item(check: &Check, shown: &dyn Fn(&str) -> String) -> Markup {
    let (class, sign, word) = match &check.outcome {
        Outcome::Passed => ("sign good", "✓", "holds"),
        Outcome::Failed(_) => ("sign bad", "✗", "fails"),
        Outcome::NotReached => ("sign quiet", "–", "not reached"),
    };
    html! {
        li {
            span class=(class) role="img" aria-label=(word) { (sign) }
            div {
                (check.name)
                @if let Some(rejection) = check.rejection() {
                    strong class="bad" { ": " (shown(&rejection.to_string())) }
                    p { (rejection.hint()) }
                }
                span class="quiet" {
                    @if !check.measured.is_empty() { (shown(&check.measured)) " · " } (check.rule)
                }
            }
        }
    }
}
