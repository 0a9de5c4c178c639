//! What the settings of the form would do, tried before they are saved: with a sign-in that came
//! before, and with one value through the steps.

use directory::provision::{Lookup, Mark, NoMatch, Origin, Reading, plan};
use installation::attempt::Messages;
use installation::settings::Idp;
use maud::{Markup, html};

use crate::Console;
use crate::form::Fields;
use crate::frame::Failure;

/// What a sign-in that came before would change with these settings; nothing is changed.
pub(super) async fn sign_in(
    console: &Console,
    idp: &Idp,
    attempt: &str,
    origin: Origin,
) -> Result<Markup, Failure> {
    let (installation, settings) = (&console.installation, console.installation.settings.current());
    let messages = Messages::of(&installation.store, &installation.secrets, attempt).await?;
    let verified = messages.and_then(|m| m.verify(idp, &settings.sp_keys).ok());
    let Some(assertion) = verified else {
        return Ok(
            html! { div class="notice warn" { p { "There is no response of this sign-in that still verifies." } } },
        );
    };
    let claims = match idp.provisioning.claims(&assertion) {
        Ok(claims) => claims,
        Err(refusal) => {
            return Ok(
                html! { section class="notice bad" { h2 { "Refused: " (refusal) } p { (refusal.hint()) } } },
            );
        }
    };
    let rules = &idp.provisioning.rules;
    let mut tx = installation.store.begin().await?;
    let existing = tx.existing(&Lookup::of(&claims, origin, rules)).await?;
    drop(tx);
    let plan = plan(&claims, origin, rules, &existing);
    Ok(html! {
        section class="sheet" aria-labelledby="tried" {
            h2 id="tried" { "What this sign-in would change" }
            p class="quiet" { "With what is entered below. Nothing was changed." }
            @if let Some(separator) = plan.joined_with {
                p {
                    "This IdP seems to join several groups in one value. "
                    button class="plain" form="provisioning" name="use_separator" value=(separator) {
                        "Try with the separator “" (separator) "”"
                    }
                }
            }
            @if plan.lines.is_empty() { p { "Nothing: everything is as the response says." } }
            div class="mono" {
                @for line in &plan.lines {
                    @let text = format!("{} {}: {}", line.mark, line.what, line.reason);
                    @match line.mark {
                        Mark::Added => ins { (text) },
                        Mark::Removed | Mark::Refused => del { (text) },
                        Mark::Warning => div class="warn" { (text) },
                        Mark::Changed | Mark::Kept | Mark::Waits => div { (text) },
                    }
                }
            }
        }
    })
}

/// One value on its way through the steps, each with what it made of it.
pub(super) fn steps(reading: &Reading, fields: &Fields) -> Markup {
    let steps = match fields.text("steps_of") {
        "user_id" => &reading.user_id.steps,
        "idp_id" => &reading.idp_id.steps,
        "full_name" => &reading.full_name.steps,
        "email" => &reading.email.steps,
        _ => &reading.groups.steps,
    };
    let mut value = fields.text("steps_value").to_owned();
    let mut lines = Vec::new();
    for step in steps {
        let (text, ends) = match step.take(&value) {
            Ok(next) => {
                value.clone_from(&next);
                (next, false)
            }
            Err(NoMatch::Keep) => (format!("{value} (does not fit, goes on as it is)"), false),
            Err(NoMatch::Ignore) => ("does not fit: counts as not sent".to_owned(), true),
            Err(NoMatch::Clear) => ("does not fit: what is stored is cleared".to_owned(), true),
            Err(NoMatch::Refuse) => ("does not fit: the person is not let in".to_owned(), true),
        };
        lines.push((step.transformation.to_string(), text));
        if ends {
            break;
        }
    }
    html! {
        section class="sheet" aria-labelledby="tried" {
            h2 id="tried" { "What the steps make of it" }
            p class="quiet" { "With what is entered below. Nothing was changed or saved." }
            p { "Sent: " code { (fields.text("steps_value")) } }
            @if lines.is_empty() { p { "There are no steps for this value: it is used as it is." } }
            ol { @for (step, text) in &lines { li { (step) ": " code { (text) } } } }
        }
    }
}
